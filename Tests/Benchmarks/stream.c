/*
 * The floor of a dump: reads the output of lspci -xxxx as a stream, walks the capability list of each
 * virtio function, and prints the table that virtio-pci-inspect prints by default. It does no more than
 * that takes: what it reads is taken to be sound, and only the types and capabilities that a dump of
 * make-dump.py has are known by name.
 *
 * Usage: stream DUMP
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many rows wait until they are printed, since the widths of the columns come from them. */
#define MEASURED 16384
#define COLUMNS 8

static const char *const headings[COLUMNS] = { "ADDRESS", "TYPE", "INTERFACE", "DRIVER", "VIRTIO", "NODES",
					       "STATUS", "CAPABILITIES" };

struct row {
	/* The list has 48 entries at most. */
	char address[16], capabilities[48 * sizeof "shared_memory"];
	const char *type, *interface;
};

static const char *const types[64] = { [1] = "net", [2] = "blk",   [3] = "console", [4] = "rng",
				       [5] = "balloon", [8] = "scsi", [9] = "9p",  [16] = "gpu",
				       [18] = "input", [19] = "socket", [20] = "crypto", [26] = "fs" };
static const char *const capability_types[] = { "0", "common", "notify", "isr", "device", "pci", "6", "7",
						"shared_memory", "vendor" };

static int8_t digits[256];
static int widths[COLUMNS];
static struct row *held;
static int held_count, is_measuring = 1;

static const char *cell(const struct row *row, int column)
{
	switch (column) {
	case 0: return row->address;
	case 1: return row->type;
	case 2: return row->interface;
	case 7: return row->capabilities;
	default: return "-";
	}
}

static void print(const char *const texts[COLUMNS])
{
	for (int column = 0; column < COLUMNS; column++) {
		size_t length = strlen(texts[column]);

		fwrite_unlocked(texts[column], 1, length, stdout);
		if (column < COLUMNS - 1)
			for (int pad = widths[column] + 2 - (int)length; pad > 0; pad--)
				putchar_unlocked(' ');
	}
	putchar_unlocked('\n');
}

static void print_row(const struct row *row)
{
	const char *texts[COLUMNS];

	for (int column = 0; column < COLUMNS; column++)
		texts[column] = cell(row, column);
	print(texts);
}

static void release(void)
{
	is_measuring = 0;
	if (held_count)
		print(headings);
	for (int i = 0; i < held_count; i++)
		print_row(&held[i]);
	held_count = 0;
}

static void add(const struct row *row)
{
	if (!is_measuring) {
		print_row(row);
		return;
	}
	for (int column = 0; column < COLUMNS; column++) {
		int length = strlen(cell(row, column));

		if (length > widths[column])
			widths[column] = length;
	}
	held[held_count++] = *row;
	if (held_count == MEASURED)
		release();
}

static void show(const char *address, const uint8_t *config)
{
	struct row row;
	char *end = row.capabilities;
	unsigned device = config[2] | config[3] << 8;
	unsigned type = device >= 0x1040 ? device - 0x1040 : (unsigned)config[0x2e];
	int steps = 48;

	if ((config[0] | config[1] << 8) != 0x1af4 || device < 0x1000 || device > 0x107f)
		return;
	strcpy(row.address, address);
	row.type = type < 64 && types[type] ? types[type] : "?";
	row.interface = device >= 0x1040 ? "modern" : "transitional";
	if (config[6] & 0x10)
		for (int at = config[0x34] & ~3; at && steps--; at = config[at + 1] & ~3) {
			if (config[at] != 9)
				continue;
			if (end != row.capabilities)
				*end++ = ' ';
			end = stpcpy(end, capability_types[config[at + 3] % 10]);
		}
	if (end == row.capabilities)
		*end++ = '-';
	*end = 0;
	add(&row);
}

int main(int argc, char **argv)
{
	static char buffer[1 << 16];
	static uint8_t config[4096];
	char line[1024], address[16] = "";
	FILE *dump = argc == 2 ? fopen(argv[1], "r") : NULL;

	if (!dump)
		return 1;
	setvbuf(dump, buffer, _IOFBF, sizeof buffer);
	held = malloc(MEASURED * sizeof *held);
	memset(digits, -1, sizeof digits);
	for (int value = 0; value < 16; value++)
		digits[(int)"0123456789abcdef"[value]] = value;
	for (int column = 0; column < COLUMNS; column++)
		widths[column] = strlen(headings[column]);

	while (fgets_unlocked(line, sizeof line, dump)) {
		char *colon = strchr(line, ':');
		const uint8_t *text;
		unsigned offset = 0;

		if (*line == '\n' && *address) {
			show(address, config);
			*address = 0;
		} else if (colon && colon[1] == ' ') {
			for (char *digit = line; digit < colon; digit++)
				offset = offset << 4 | digits[(uint8_t)*digit];
			text = (const uint8_t *)colon + 1;
			for (; text[0] == ' ' && offset < sizeof config; text += 3)
				config[offset++] = digits[text[1]] << 4 | digits[text[2]];
		} else if (colon) {
			snprintf(address, sizeof address, "%.12s", line);
		}
	}
	if (*address)
		show(address, config);
	release();
	return 0;
}
