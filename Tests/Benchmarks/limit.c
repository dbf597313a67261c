/*
 * The floor: what a run must cost. Reads what virtio-pci-inspect reads of sysfs, the same files and the
 * same bytes of config space, with as few system calls as that takes, and prints what they say with
 * printf: no options to speak of, no checks, no escapes, no column widths.
 *
 * Usage: limit [-J] [-r ROOT] [ADDRESS]
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum mode { LIST, DETAIL, JSON };

struct function {
	const char *address;
	char uevent[4096], virtio[32], driver[64], status[32], features[4096], nodes[256];
	char resource[4096], revision[16], numa_node[16], iommu_group[32];
};

static const char *const types[] = { "0", "common", "notify", "isr", "device", "pci", "6", "7", "shm",
				     "vendor" };

/* All of a small file, as a string. */
static char *slurp(int dir, const char *name, char *text, size_t size)
{
	ssize_t got = -1;
	int file = openat(dir, name, O_RDONLY | O_CLOEXEC);

	if (file >= 0) {
		got = read(file, text, size - 1);
		close(file);
	}
	text[got > 0 ? got : 0] = 0;
	return text;
}

/* The line that begins with `key`, without it. */
static const char *value(const char *text, const char *key)
{
	static char line[256];

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		if (!strncmp(text, key, strlen(key))) {
			snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
			return line + strlen(key);
		}
	return "";
}

static DIR *list(int dir, const char *name)
{
	int folder = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return folder < 0 ? NULL : fdopendir(folder);
}

static void node(struct function *f, const char *name)
{
	size_t length = strlen(f->nodes);

	snprintf(f->nodes + length, sizeof f->nodes - length, "%s%s", length ? " " : "", name);
}

/* What the driver made, at `name` in the folder `dir`. */
static void nodes(struct function *f, int dir, const char *name)
{
	struct dirent *entry;
	DIR *folder = list(dir, name);

	if (!folder)
		return;
	if (!faccessat(dirfd(folder), "uevent", F_OK, 0))
		node(f, name);
	else
		while ((entry = readdir(folder)))
			if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
				nodes(f, dirfd(folder), entry->d_name);
	closedir(folder);
}

static void virtio(struct function *f, DIR *function, enum mode mode)
{
	char uevent[4096];
	struct dirent *entry;
	DIR *folder;

	while ((entry = readdir(function)))
		if (!strncmp(entry->d_name, "virtio", 6))
			snprintf(f->virtio, sizeof f->virtio, "%.31s", entry->d_name);
	if (!*f->virtio || !(folder = list(dirfd(function), f->virtio)))
		return;
	slurp(dirfd(folder), "uevent", uevent, sizeof uevent);
	snprintf(f->driver, sizeof f->driver, "%s", value(uevent, "DRIVER="));
	slurp(dirfd(folder), "status", f->status, sizeof f->status);
	if (mode != LIST)
		slurp(dirfd(folder), "features", f->features, sizeof f->features);
	while ((entry = readdir(folder)))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' && strcmp(entry->d_name, "power"))
			nodes(f, dirfd(folder), entry->d_name);
	closedir(folder);
}

static void print_head(struct function *f, enum mode mode)
{
	char *line = f->resource;

	if (mode == LIST) {
		const char *id = value(f->uevent, "PCI_ID=");

		printf("%-13s %s %-12s %-27s %-8s %-6s %.10s", f->address, id,
		       id[7] < '4' ? "transitional" : "modern", f->driver, f->virtio, f->nodes, f->status);
		return;
	}
	printf(mode == JSON ? "{\"address\": \"%s\", \"id\": \"%s\"" : "%s %s", f->address,
	       value(f->uevent, "PCI_ID="));
	printf(mode == JSON ? ", \"subsystem\": \"%s\"" : " %s", value(f->uevent, "PCI_SUBSYS_ID="));
	printf(mode == JSON ? ", \"revision\": \"%.4s\", \"driver\": \"%s\", \"name\": \"%s\", \"status\":"
			      " \"%.10s\", \"nodes\": \"%s\", \"numa_node\": %d, \"bars\": [0"
			    : " %.4s\n  driver %s %s\n  status %.10s\n  nodes %s\n  numa %d\n",
	       f->revision, f->driver, f->virtio, f->status, f->nodes, atoi(f->numa_node));
	for (int bar = 0; bar < 6 && *line; bar++) {
		uint64_t start = strtoull(line, &line, 16), end = strtoull(line, &line, 16);
		uint64_t flags = strtoull(line, &line, 16);

		if (flags & 0x300)
			printf(mode == JSON ? ", {\"index\": %d, \"address\": \"%#llx\", \"size\": %llu}"
					    : "  BAR %d %#llx, %llu\n",
			       bar, (unsigned long long)start, (unsigned long long)(end - start + 1));
	}
	printf(mode == JSON ? "], \"features\": [0" : "  features");
	for (int bit = 0; f->features[bit] == '0' || f->features[bit] == '1'; bit++)
		if (f->features[bit] == '1')
			printf(mode == JSON ? ", %d" : " %d", bit);
	printf(mode == JSON ? "], \"capabilities\": [0" : "\n");
}

static void print_cap(const uint8_t *cap, int position, enum mode mode)
{
	uint32_t offset, length, multiplier;
	const char *type = cap[3] < 10 ? types[cap[3]] : "unknown";

	if (mode == LIST) {
		printf(" %s", type);
		return;
	}
	memcpy(&offset, cap + 8, 4);
	memcpy(&length, cap + 12, 4);
	memcpy(&multiplier, cap + 16, 4);
	printf(mode == JSON ? ", {\"position\": %d, \"cfg_type\": \"%s\", \"bar\": %d, \"offset\": %u, "
			      "\"length\": %u, \"multiplier\": %u}"
			    : "  %#x %s %d %#x %#x %u\n",
	       position, type, cap[4], offset, length, multiplier);
}

static void capabilities(int config, enum mode mode)
{
	uint8_t word[4], cap[256];
	int position, steps = 48;

	if (pread(config, word, 4, 0x04) != 4 || !(word[2] & 0x10) || pread(config, word, 4, 0x34) != 4)
		return;
	for (position = word[0] & ~3; position && steps--; position = cap[1] & ~3) {
		int size = 4;

		memset(cap, 0, sizeof cap);
		if (pread(config, cap, 4, position) != 4)
			return;
		if (cap[0] == 9)
			size = cap[3] == 2 ? 20 : cap[3] == 8 ? 24 : cap[3] == 9 ? cap[2] : 16;
		else if (cap[0] == 0x11 && mode == JSON)
			size = 12;
		if (size > 4 && pread(config, cap + 4, size - 4, position + 4) < 0)
			return;
		if (cap[0] == 9)
			print_cap(cap, position, mode);
	}
}

static void show(const char *address, enum mode mode)
{
	struct function f = { .address = address };
	const char *id;
	int dir, config;
	DIR *folder = list(AT_FDCWD, address);

	if (!folder)
		return;
	dir = dirfd(folder);
	slurp(dir, "uevent", f.uevent, sizeof f.uevent);
	id = value(f.uevent, "PCI_ID=");
	if (!strncmp(id, "1AF4:10", 7)) {
		virtio(&f, folder, mode);
		if (mode != LIST) {
			ssize_t length;

			slurp(dir, "resource", f.resource, sizeof f.resource);
			slurp(dir, "revision", f.revision, sizeof f.revision);
			slurp(dir, "numa_node", f.numa_node, sizeof f.numa_node);
			length = readlinkat(dir, "iommu_group", f.iommu_group, sizeof f.iommu_group - 1);
			f.iommu_group[length > 0 ? length : 0] = 0;
		}
		print_head(&f, mode);
		config = openat(dir, "config", O_RDONLY | O_CLOEXEC);
		capabilities(config, mode);
		close(config);
		puts(mode == JSON ? "]}" : "");
	}
	closedir(folder);
}

static int wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	char path[4096];
	const char *root = "/sys";
	enum mode mode = LIST;
	struct dirent **entries;
	int option, count;

	while ((option = getopt(argc, argv, "Jr:")) != -1)
		if (option == 'J')
			mode = JSON;
		else
			root = optarg;
	snprintf(path, sizeof path, "%s/bus/pci/devices", root);
	if (chdir(path))
		return 1;
	if (optind < argc) {
		show(argv[optind], mode == LIST ? DETAIL : mode);
		return 0;
	}
	count = scandir(".", &entries, wanted, alphasort);
	for (int i = 0; i < count; i++)
		show(entries[i]->d_name, mode);
	return 0;
}
