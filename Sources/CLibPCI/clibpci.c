#if defined LIBPCI && __has_include(<pci/pci.h>)

#include "clibpci.h"

#include <dlfcn.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// What is called of libpci. Its header gives the types; nothing here refers to the symbols, so that
// the program does not need the library to start.
#define FUNCTIONS(X) \
  X(pci_alloc) \
  X(pci_cleanup) \
  X(pci_fill_info) \
  X(pci_get_dev) \
  X(pci_get_method_name) \
  X(pci_get_param) \
  X(pci_get_string_property) \
  X(pci_init) \
  X(pci_lookup_method) \
  X(pci_read_block) \
  X(pci_scan_bus) \
  X(pci_set_param) \
  X(pci_write_block)

enum { MESSAGE_SIZE = 512, HEADER_SIZE = 64, CONFIG_SIZE = 256, MAXIMUM_CONFIG_SIZE = 4096 };

// Of <linux/ioport.h>, which libpci's header repeats in part: no address is assigned.
enum { IORESOURCE_UNSET = 0x20000000 };

struct libpci_access {
  void *library;
#define POINTER(name) __typeof__(name) *name;
  FUNCTIONS(POINTER)
#undef POINTER
  struct pci_access *pci;
  enum libpci_failure failure;
  jmp_buf escape;
  char message[MESSAGE_SIZE];
  char warning[MESSAGE_SIZE];
};

// Whose call into libpci is under way: its hooks are told nothing but the text.
static _Thread_local libpci_access *active;

// Paths and names in the text come from outside.
static void format(char *text, const char *template, va_list arguments) {
  vsnprintf(text, MESSAGE_SIZE, template, arguments);
  for (char *c = text; *c; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
}

__attribute__((format(printf, 3, 4)))
static bool fail(libpci_access *access, enum libpci_failure failure, const char *template, ...) {
  va_list arguments;
  va_start(arguments, template);
  format(access->message, template, arguments);
  va_end(arguments);
  access->failure = failure;
  return false;
}

// libpci goes on with broken pointers when this returns.
__attribute__((noreturn))
static void on_error(char *template, ...) {
  va_list arguments;
  va_start(arguments, template);
  format(active->message, template, arguments);
  va_end(arguments);
  active->failure = LIBPCI_GAVE_UP;
  longjmp(active->escape, 1);
}

static void on_warning(char *template, ...) {
  va_list arguments;
  va_start(arguments, template);
  format(active->warning, template, arguments);
  va_end(arguments);
}

// libpci's own handler writes to standard output.
static void on_debug(char *template, ...) { (void)template; }

// Each function below that calls into libpci begins with
//
//   if (!enter(access)) return false;
//   if (setjmp(access->escape)) return false;
//
// since setjmp must be called by a function that is still running when the hook jumps. No local
// variable is changed after it and read after the jump.
static bool enter(libpci_access *access) {
  if (access->failure) return false;
  access->warning[0] = 0;
  active = access;
  return true;
}

static bool load(libpci_access *access, const char *name) {
  access->library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!access->library)
    return fail(
      access, LIBPCI_NOT_LOADED,
      "%s; install libpci3 (Debian, Ubuntu) or pciutils-libs (Fedora)", dlerror());
#define RESOLVE(function) \
  *(void **)&access->function = dlsym(access->library, #function); \
  if (!access->function) return fail(access, LIBPCI_NOT_LOADED, "%s lacks " #function, name);
  FUNCTIONS(RESOLVE)
#undef RESOLVE
  return true;
}

static bool choose_method(libpci_access *access, const char *name) {
  // Left to itself libpci goes on from sysfs to port I/O and /dev/mem.
  int method = access->pci_lookup_method((char *)name);
  if (method > PCI_ACCESS_AUTO) {
    access->pci->method = (unsigned int)method;
    return true;
  }
  char known[MESSAGE_SIZE / 2] = "";
  size_t length = 0;
  const char *other;
  for (int i = 0; (other = access->pci_get_method_name(i)) && length < sizeof known; i++)
    if (*other && strcmp(other, "dump") != 0)  // which ours reads
      length += (size_t)snprintf(
        known + length, sizeof known - length, "%s%s", length ? ", " : "", other);
  return fail(access, LIBPCI_UNKNOWN_NAME, "no method '%.128s', only %s", name, known);
}

// What libpci_open gives when there is no memory for an access.
static libpci_access no_memory = {.failure = LIBPCI_NOT_LOADED, .message = "out of memory"};

bool libpci_is_built_in(void) { return true; }

libpci_access *libpci_open(const char *library, const char *method) {
  libpci_access *access = calloc(1, sizeof *access);
  if (!access) return &no_memory;
  if (!load(access, library)) return access;
  // Here alone libpci's own handler is in force: it ends the process when there is no memory.
  access->pci = access->pci_alloc();
  if (!access->pci) {
    fail(access, LIBPCI_NOT_LOADED, "%s gives no access to PCI: pci_alloc returns NULL", library);
    return access;
  }
  access->pci->error = on_error;
  access->pci->warning = on_warning;
  access->pci->debug = on_debug;
  choose_method(access, method);
  return access;
}

bool libpci_set(libpci_access *access, const char *parameter, const char *value) {
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  // Both are copied, whatever the prototype says.
  if (access->pci_set_param(access->pci, (char *)parameter, (char *)value) == 0) return true;
  return fail(
    access, LIBPCI_UNKNOWN_NAME, "no parameter '%.128s' (`lspci -O help` lists them)", parameter);
}

bool libpci_start(libpci_access *access) {
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  access->pci_init(access->pci);
  return true;
}

void libpci_close(libpci_access *access) {
  // An access that libpci gave up may be half made: cleaning it up is not safe. What libpci had
  // allocated and opened by then stays so.
  if (access->pci && access->failure != LIBPCI_GAVE_UP) {
    active = access;
    if (!setjmp(access->escape)) access->pci_cleanup(access->pci);
  }
  if (access->library) dlclose(access->library);
  if (access != &no_memory) free(access);
}

enum libpci_failure libpci_failure_kind(const libpci_access *access) { return access->failure; }

const char *libpci_message(const libpci_access *access) { return access->message; }

const char *libpci_warning(const libpci_access *access) { return access->warning; }

bool libpci_scan(libpci_access *access) {
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  access->pci_scan_bus(access->pci);
  return true;
}

libpci_device *libpci_first(const libpci_access *access) { return access->pci->devices; }

libpci_device *libpci_next(const libpci_device *device) { return device->next; }

struct libpci_address libpci_address_of(const libpci_device *device) {
  return (struct libpci_address){
    (uint32_t)device->domain, device->bus, device->dev, device->func};
}

// Asks the kernel about the file that libpci's linux-sysfs method opens under this name.
static bool stat_in_sysfs(
  const libpci_access *access, struct libpci_address at, const char *name, struct stat *status) {
  char path[1024];
  int length = snprintf(
    path, sizeof path, "%s/devices/%04x:%02x:%02x.%d/%s",
    access->pci_get_param(access->pci, "sysfs.path"), at.domain, at.bus, at.device, at.function,
    name);
  return length > 0 && (size_t)length < sizeof path && stat(path, status) == 0;
}

libpci_device *libpci_get(libpci_access *access, struct libpci_address at) {
  struct stat status;
  if (!enter(access)) return NULL;
  if (setjmp(access->escape)) return NULL;
  // pci_get_dev makes an object for whatever it is given.
  if (!stat_in_sysfs(access, at, "", &status)) return NULL;
  struct pci_dev *device =
    access->pci_get_dev(access->pci, (int)at.domain, at.bus, at.device, at.function);
  if (!device) return NULL;
  // In the list pci_cleanup frees it together with the scanned ones.
  device->next = access->pci->devices;
  access->pci->devices = device;
  return device;
}

bool libpci_get_identity(
  libpci_access *access, libpci_device *device, struct libpci_identity *identity) {
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  int known = access->pci_fill_info(
    device, PCI_FILL_IDENT | PCI_FILL_CLASS | PCI_FILL_CLASS_EXT | PCI_FILL_SUBSYS);
  *identity = (struct libpci_identity){
    .vendor_id = device->vendor_id,
    .device_id = device->device_id,
    .class_code = (uint32_t)device->device_class << 8,
  };
  // Before 3.8 libpci knows neither of the two below: there the fields are others'.
  uint8_t bytes[4] = {0};
  if (known & PCI_FILL_CLASS_EXT) {
    identity->class_code |= device->prog_if;
    identity->revision = device->rev_id;
  } else if (access->pci_read_block(device, PCI_REVISION_ID, bytes, 2)) {
    identity->revision = bytes[0];
    identity->class_code |= bytes[1];
  }
  // A file of sysfs that cannot be read counts as 0 for libpci (3.9).
  if (known & PCI_FILL_SUBSYS && device->subsys_vendor_id && device->subsys_id) {
    identity->subsystem_vendor_id = device->subsys_vendor_id;
    identity->subsystem_id = device->subsys_id;
  } else if (access->pci_read_block(device, PCI_SUBSYSTEM_VENDOR_ID, bytes, 4)) {
    identity->subsystem_vendor_id = (uint16_t)(bytes[0] | bytes[1] << 8);
    identity->subsystem_id = (uint16_t)(bytes[2] | bytes[3] << 8);
  }
  return true;
}

bool libpci_get_bar(
  libpci_access *access, libpci_device *device, int index, struct libpci_bar *bar) {
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  int known =
    access->pci_fill_info(device, PCI_FILL_BASES | PCI_FILL_SIZES | PCI_FILL_IO_FLAGS);
  pciaddr_t base = known & PCI_FILL_BASES ? device->base_addr[index] : 0;
  pciaddr_t flags = known & PCI_FILL_IO_FLAGS ? device->flags[index] : 0;
  // The kernel's word where there is one; the register's own bits otherwise.
  bar->is_implemented = flags ? flags & (PCI_IORESOURCE_IO | PCI_IORESOURCE_MEM) : base;
  bar->is_io = flags ? flags & PCI_IORESOURCE_IO : base & PCI_BASE_ADDRESS_SPACE_IO;
  bar->is_64bit = !bar->is_io
    && ((base & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64
        || flags & PCI_IORESOURCE_MEM_64);
  bar->is_prefetchable =
    !bar->is_io && (base & PCI_BASE_ADDRESS_MEM_PREFETCH || flags & PCI_IORESOURCE_PREFETCH);
  bar->address =
    flags & IORESOURCE_UNSET ? 0 : base & (bar->is_io ? PCI_ADDR_IO_MASK : PCI_ADDR_MEM_MASK);
  bar->size = known & PCI_FILL_SIZES ? device->size[index] : 0;
  return true;
}

bool libpci_get_kernel_facts(
  libpci_access *access, libpci_device *device, struct libpci_kernel_facts *facts) {
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  int known = access->pci_fill_info(
    device, PCI_FILL_DRIVER | PCI_FILL_NUMA_NODE | PCI_FILL_IOMMU_GROUP);
  facts->driver = access->pci_get_string_property(device, PCI_FILL_DRIVER);
  facts->iommu_group = access->pci_get_string_property(device, PCI_FILL_IOMMU_GROUP);
  facts->numa_node = known & PCI_FILL_NUMA_NODE ? device->numa_node : -1;
  return true;
}

size_t libpci_config_size(const libpci_access *access, const libpci_device *device) {
  if (access->pci->method != PCI_ACCESS_SYS_BUS_PCI) return CONFIG_SIZE;
  struct stat status;
  if (!stat_in_sysfs(access, libpci_address_of(device), "config", &status)) return 0;
  return status.st_size < MAXIMUM_CONFIG_SIZE ? (size_t)status.st_size : MAXIMUM_CONFIG_SIZE;
}

bool libpci_read(
  libpci_access *access, libpci_device *device, size_t offset, size_t count, uint8_t *buffer,
  size_t *done) {
  // Where config space may end: for the unprivileged, of conventional PCI, of PCI Express. libpci
  // reads a piece wholly or not at all.
  static const size_t ends[] = {HEADER_SIZE, CONFIG_SIZE, MAXIMUM_CONFIG_SIZE};
  *done = 0;
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  for (size_t i = 0; i < sizeof ends / sizeof *ends && *done < count; i++) {
    size_t position = offset + *done;
    if (position >= ends[i]) continue;
    size_t left = count - *done;
    size_t piece = left < ends[i] - position ? left : ends[i] - position;
    if (!access->pci_read_block(device, (int)position, buffer + *done, (int)piece)) break;
    *done += piece;
  }
  return true;
}

bool libpci_write(
  libpci_access *access, libpci_device *device, size_t offset, size_t count,
  const uint8_t *bytes, bool *done) {
  *done = false;
  if (!enter(access)) return false;
  if (setjmp(access->escape)) return false;
  *done = access->pci_write_block(device, (int)offset, (uint8_t *)bytes, (int)count);
  return true;
}

#endif
