/// PCI functions through libpci, made safe to call from Swift.
///
/// libpci is loaded when it is first asked for, so that a program runs where it is not installed.
/// It reports an error by calling a function that must not return; here that call ends as the
/// return value `false` or NULL of whatever was asked. The access is then of no further use:
/// `libpci_failure_kind` and `libpci_message` say why, and `libpci_close` remains to be called.
///
/// An access belongs to one thread at a time.
#ifndef CLIBPCI_H
#define CLIBPCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct libpci_access libpci_access;
/// A function of an access, which owns it.
typedef struct pci_dev libpci_device;

enum libpci_failure {
  LIBPCI_NO_FAILURE,
  /// libpci is not installed, or too old.
  LIBPCI_NOT_LOADED,
  /// libpci has no method or parameter of that name.
  LIBPCI_UNKNOWN_NAME,
  /// libpci called its error function.
  LIBPCI_GAVE_UP,
};

struct libpci_address {
  uint32_t domain;
  uint8_t bus, device, function;
};

struct libpci_identity {
  uint16_t vendor_id, device_id;
  uint8_t revision;
  /// Base class, subclass and programming interface.
  uint32_t class_code;
  uint16_t subsystem_vendor_id, subsystem_id;
};

struct libpci_bar {
  /// False for a register that is not there and for the upper half of a 64-bit one.
  bool is_implemented;
  bool is_io, is_64bit, is_prefetchable;
  /// 0 when none is assigned.
  uint64_t address;
  /// 0 when unknown.
  uint64_t size;
};

/// Strings are NULL when unknown; they live as long as the access.
struct libpci_kernel_facts {
  const char *driver;
  const char *iommu_group;
  /// Negative when there is none.
  int numa_node;
};

/// Whether libpci's header was there for the build. Else nothing below may be called.
bool libpci_is_built_in(void);

/// Loads `library` and makes an access by the method of that name; never NULL.
__attribute__((returns_nonnull))
libpci_access *libpci_open(const char *library, const char *method);
/// Sets a parameter of libpci; only before `libpci_start`.
bool libpci_set(libpci_access *, const char *parameter, const char *value);
/// Makes the access ready for everything below.
bool libpci_start(libpci_access *);
void libpci_close(libpci_access *);

enum libpci_failure libpci_failure_kind(const libpci_access *);
/// What failed, without control characters.
const char *libpci_message(const libpci_access *);
/// What libpci last warned of during the last call; empty when it did not.
const char *libpci_warning(const libpci_access *);

/// Finds all functions; `libpci_first` and `libpci_next` walk them, until NULL, in no order.
bool libpci_scan(libpci_access *);
libpci_device *libpci_first(const libpci_access *);
libpci_device *libpci_next(const libpci_device *);
/// One function without a scan; NULL when there is none. The method must be linux-sysfs: the
/// others cannot tell whether there is one.
libpci_device *libpci_get(libpci_access *, struct libpci_address);

struct libpci_address libpci_address_of(const libpci_device *);
bool libpci_get_identity(libpci_access *, libpci_device *, struct libpci_identity *);
/// `index` is 0 to 5. The method must be linux-sysfs: only there can the regions be relied on.
bool libpci_get_bar(libpci_access *, libpci_device *, int index, struct libpci_bar *);
/// The method must be linux-sysfs, for the same reason.
bool libpci_get_kernel_facts(libpci_access *, libpci_device *, struct libpci_kernel_facts *);

/// How many bytes of config space there are, as far as is known: the size of the file for
/// linux-sysfs, 256 otherwise, which every method reaches.
size_t libpci_config_size(const libpci_access *, const libpci_device *);
/// Reads up to `count` bytes of config space; `*done` is how many came. `buffer` has room for all.
bool libpci_read(
  libpci_access *, libpci_device *, size_t offset, size_t count, uint8_t *buffer, size_t *done);
/// Writes `count` bytes of config space in one access; `*done` is whether they were.
bool libpci_write(
  libpci_access *, libpci_device *, size_t offset, size_t count, const uint8_t *bytes, bool *done);

#endif
