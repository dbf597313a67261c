// Runs the shim over libpci through each way that it can end, for valgrind-libpci.sh, which makes
// the sysfs trees: `valgrind-libpci orderly ROOT`, `valgrind-libpci fatal ROOT`.
#include "clibpci.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static int failures;

static void expect(bool holds, const char *what) {
  if (holds) return;
  failures++;
  fprintf(stderr, "not so: %s\n", what);
}

static libpci_access *open_tree(const char *root, const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", root, name);
  libpci_access *access = libpci_open("libpci.so.3", "linux-sysfs");
  libpci_set(access, "sysfs.path", path);
  libpci_start(access);
  return access;
}

/// Closes `access`, which must have failed like this.
static void expect_failure(libpci_access *access, enum libpci_failure kind, const char *part) {
  expect(libpci_failure_kind(access) == kind, part);
  expect(strstr(libpci_message(access), part), part);
  size_t done;
  uint8_t byte;
  expect(!libpci_scan(access), "a failed access stays failed");
  expect(!libpci_read(access, NULL, 0, 1, &byte, &done) && done == 0, "and reads nothing");
  libpci_close(access);
}

static void whole_walk(const char *root) {
  libpci_access *access = open_tree(root, "good");
  expect(libpci_scan(access), "a good tree is scanned");
  int count = 0;
  for (libpci_device *device = libpci_first(access); device; device = libpci_next(device)) {
    struct libpci_identity identity;
    struct libpci_bar bar;
    struct libpci_kernel_facts facts;
    uint8_t bytes[4096];
    size_t done = 0;
    expect(libpci_get_identity(access, device, &identity), "identity");
    expect(identity.vendor_id == 0x1af4, "vendor");
    for (int i = 0; i < 6; i++) expect(libpci_get_bar(access, device, i, &bar), "bar");
    expect(libpci_get_kernel_facts(access, device, &facts), "kernel facts");
    size_t size = libpci_config_size(access, device);
    expect(libpci_read(access, device, 0, size, bytes, &done) && done == size, "config space");
    count++;
  }
  expect(count == 2, "both functions are found");
  libpci_close(access);
}

static void one_function(const char *root) {
  struct libpci_address there = {0, 0, 4, 0}, nowhere = {0, 0, 9, 0};
  struct libpci_identity identity;
  libpci_access *access = open_tree(root, "good");
  libpci_device *device = libpci_get(access, there);
  expect(device && libpci_get_identity(access, device, &identity), "a function by address");
  expect(!libpci_get(access, nowhere), "none where there is none");
  expect(libpci_failure_kind(access) == LIBPCI_NO_FAILURE, "which is no failure");
  uint8_t bytes[] = {1, 2, 3, 4};
  bool done;
  expect(libpci_write(access, device, 64, sizeof bytes, bytes, &done) && done, "it is written");
  libpci_close(access);
}

static void broken_function(const char *root, const char *tree, const char *part) {
  struct libpci_identity identity;
  struct libpci_bar bar;
  libpci_access *access = open_tree(root, tree);
  libpci_device *device = libpci_get(access, (struct libpci_address){0, 0, 4, 0});
  expect(device, tree);
  expect(
    !libpci_get_identity(access, device, &identity) || !libpci_get_bar(access, device, 0, &bar),
    tree);
  expect_failure(access, LIBPCI_GAVE_UP, part);
}

static void old_library(const char *root) {
  char path[512];
  snprintf(path, sizeof path, "%s/old-libpci.so", root);
  struct libpci_identity identity;
  struct libpci_kernel_facts facts;
  libpci_access *access = libpci_open(path, "linux-proc");
  expect(libpci_start(access) && libpci_scan(access), "an old libpci is used");
  libpci_device *device = libpci_first(access);
  expect(libpci_get_identity(access, device, &identity), "and its identity");
  expect(identity.revision == 0x08 && identity.class_code == 0x020009, "from config space");
  expect(identity.subsystem_vendor_id == 0x2d2c && identity.subsystem_id == 0x2f2e, "as well");
  expect(libpci_get_kernel_facts(access, device, &facts), "kernel facts");
  expect(!facts.driver && !facts.iommu_group && facts.numa_node == -1, "of which it knows none");
  libpci_close(access);
}

static void no_config(const char *root) {
  uint8_t byte = 0;
  size_t done = 1;
  struct libpci_identity identity;
  libpci_access *access = open_tree(root, "no-config");
  libpci_device *device = libpci_get(access, (struct libpci_address){0, 0, 4, 0});
  bool written;
  expect(libpci_write(access, device, 0, 1, &byte, &written) && !written, "an absent file");
  expect(device && libpci_read(access, device, 0, 1, &byte, &done), "an absent file is no failure");
  expect(done == 0 && strstr(libpci_warning(access), "Cannot open"), "but nothing is read");
  expect(libpci_get_identity(access, device, &identity), "the rest is there");
  expect(!*libpci_warning(access), "and the warning is gone");
  libpci_close(access);
}

/// The limit on open files, lowered to `count`; returns the one before.
static rlim_t limit_files(rlim_t count) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = count;
  setrlimit(RLIMIT_NOFILE, &limit);
  return before;
}

static void too_many_files(const char *root) {
  struct libpci_identity identity;
  libpci_access *access = open_tree(root, "good"), *other = open_tree(root, "good");
  libpci_device *device = libpci_get(access, (struct libpci_address){0, 0, 4, 0});
  rlim_t before = limit_files(3);
  expect(!libpci_get_identity(access, device, &identity), "no file can be opened");
  expect(!libpci_scan(other), "nor a folder");
  limit_files(before);
  expect_failure(access, LIBPCI_GAVE_UP, "Too many open files");
  expect_failure(other, LIBPCI_GAVE_UP, "Cannot open");
}

/// A function that is unplugged after the scan has found it.
static void vanished(const char *root) {
  char path[512], away[512];
  snprintf(path, sizeof path, "%s/vanishing/devices/0000:00:04.0", root);
  snprintf(away, sizeof away, "%s/vanished", root);
  libpci_access *access = open_tree(root, "vanishing");
  expect(libpci_scan(access) && libpci_first(access), "the function is found");
  expect(rename(path, away) == 0, "the function is unplugged");
  libpci_device *device = libpci_first(access);
  uint8_t byte;
  size_t done;
  expect(libpci_read(access, device, 0, 1, &byte, &done) && done == 0, "nothing can be read");
  expect(libpci_config_size(access, device) == 0, "there is nothing to read");
  struct libpci_identity identity;
  expect(!libpci_get_identity(access, device, &identity), "who was it");
  expect_failure(access, LIBPCI_GAVE_UP, "vendor: No such file");
}

/// A scan of a tree that makes libpci give up.
static void broken_tree(const char *root, const char *tree, const char *part) {
  libpci_access *access = open_tree(root, tree);
  expect(!libpci_scan(access), tree);
  expect_failure(access, LIBPCI_GAVE_UP, part);
}

static void long_path(void) {
  char path[2048];
  memset(path, 'x', sizeof path - 1);
  path[sizeof path - 1] = 0;
  libpci_access *access = libpci_open("libpci.so.3", "linux-sysfs");
  libpci_set(access, "sysfs.path", path);
  expect(libpci_start(access) && !libpci_scan(access), "a path that is too long");
  expect_failure(access, LIBPCI_GAVE_UP, "too long");
}

static void broken_proc(const char *root, const char *folder, const char *part) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", root, folder);
  libpci_access *access = libpci_open("libpci.so.3", "linux-proc");
  libpci_set(access, "proc.path", path);
  expect(!libpci_start(access) || !libpci_scan(access), folder);
  expect_failure(access, LIBPCI_GAVE_UP, part);
}

/// A dump that libpci refuses; NULL for none at all.
static void broken_dump(const char *root, const char *name, const char *part) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", root, name ? name : "");
  libpci_access *access = libpci_open("libpci.so.3", "dump");
  if (name) libpci_set(access, "dump.name", path);
  expect(!libpci_start(access), part);
  expect_failure(access, LIBPCI_GAVE_UP, part);
}

static void write_to_dump(const char *root) {
  char path[512];
  snprintf(path, sizeof path, "%s/good.txt", root);
  libpci_access *access = libpci_open("libpci.so.3", "dump");
  libpci_set(access, "dump.name", path);
  expect(libpci_start(access) && libpci_scan(access) && libpci_first(access), "a good dump");
  uint8_t byte = 0;
  size_t count;
  bool done;
  libpci_device *device = libpci_first(access);
  expect(libpci_read(access, device, 0, 1, &byte, &count) && byte == 0xf4, "it is read");
  expect(!libpci_write(access, device, 64, 1, &byte, &done) && !done, "it cannot be written");
  expect_failure(access, LIBPCI_GAVE_UP, "Writing to dump files is not supported");
}

/// The linker puts it in place of calloc in the shim and here.
void *__real_calloc(size_t count, size_t size);
static bool has_memory = true;

void *__wrap_calloc(size_t count, size_t size) {
  return has_memory ? __real_calloc(count, size) : NULL;
}

static void no_memory(void) {
  has_memory = false;
  libpci_access *access = libpci_open("libpci.so.3", "linux-sysfs");
  has_memory = true;
  expect(!libpci_set(access, "sysfs.path", "/sys/bus/pci"), "no access is set");
  expect(!libpci_start(access), "nor started");
  expect_failure(access, LIBPCI_NOT_LOADED, "out of memory");
}

/// Ways that leave libpci whole: nothing at all may be lost.
static void orderly(const char *root) {
  libpci_access *access;
  no_memory();
  expect_failure(
    libpci_open("libpci.so.none", "linux-sysfs"), LIBPCI_NOT_LOADED, "install libpci3");
  expect_failure(libpci_open("libc.so.6", "linux-sysfs"), LIBPCI_NOT_LOADED, "lacks pci_alloc");
  expect_failure(libpci_open("libpci.so.3", "nothing"), LIBPCI_UNKNOWN_NAME, "linux-sysfs");

  access = libpci_open("libpci.so.3", "linux-sysfs");
  expect(!libpci_set(access, "no.such", "1"), "an unknown parameter");
  expect_failure(access, LIBPCI_UNKNOWN_NAME, "no.such");

  whole_walk(root);
  one_function(root);
  old_library(root);
  no_config(root);
}

/// Ways that make libpci give up: what it held then is lost, but nothing of ours.
static void fatal(const char *root) {
  broken_dump(root, NULL, "Cannot open");
  broken_dump(root, "nowhere\n", "nowhere?");
  broken_dump(root, "malformed.txt", "Malformed line");
  broken_dump(root, "long-line.txt", "line too long");
  broken_dump(root, "large.txt", "At most 4096 bytes");
  write_to_dump(root);

  broken_tree(root, "nowhere", "Cannot open");
  broken_tree(root, "bad-name", "parse entry name");
  broken_tree(root, "bad-domain", "Invalid domain");
  long_path();
  vanished(root);
  broken_function(root, "no-vendor", "vendor: No such file");
  broken_function(root, "no-resource", "resource: No such file");
  broken_function(root, "bad-vendor", "Is a directory");
  broken_function(root, "bad-resource", "Syntax error");
  broken_function(root, "long-vendor", "too long");
  too_many_files(root);
  broken_proc(root, "nowhere", "Cannot open");
  broken_proc(root, "proc", "parse error");
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  if (strcmp(arguments[1], "orderly") == 0)
    orderly(arguments[2]);
  else
    fatal(arguments[2]);
  return failures ? 1 : 0;
}
