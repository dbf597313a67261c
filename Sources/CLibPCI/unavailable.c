// What stands in for clibpci.c where libpci's header is not installed, so that the package builds without
// it. Nothing but `libpci_is_built_in` is called.

#if defined LIBPCI && !__has_include(<pci/pci.h>)

#include "clibpci.h"

#include <stdlib.h>

bool libpci_is_built_in(void) { return false; }

libpci_access *libpci_open(const char *library, const char *method) { abort(); }
bool libpci_set(libpci_access *access, const char *parameter, const char *value) { abort(); }
bool libpci_start(libpci_access *access) { abort(); }
void libpci_close(libpci_access *access) { abort(); }
enum libpci_failure libpci_failure_kind(const libpci_access *access) { abort(); }
const char *libpci_message(const libpci_access *access) { abort(); }
const char *libpci_warning(const libpci_access *access) { abort(); }
bool libpci_scan(libpci_access *access) { abort(); }
libpci_device *libpci_first(const libpci_access *access) { abort(); }
libpci_device *libpci_next(const libpci_device *device) { abort(); }
libpci_device *libpci_get(libpci_access *access, struct libpci_address at) { abort(); }
struct libpci_address libpci_address_of(const libpci_device *device) { abort(); }
bool libpci_get_identity(
  libpci_access *access, libpci_device *device, struct libpci_identity *identity) { abort(); }
bool libpci_get_bar(
  libpci_access *access, libpci_device *device, int index, struct libpci_bar *bar) { abort(); }
bool libpci_get_kernel_facts(
  libpci_access *access, libpci_device *device, struct libpci_kernel_facts *facts) { abort(); }
size_t libpci_config_size(const libpci_access *access, const libpci_device *device) { abort(); }
bool libpci_read(
  libpci_access *access, libpci_device *device, size_t offset, size_t count, uint8_t *buffer,
  size_t *done) { abort(); }
bool libpci_write(
  libpci_access *access, libpci_device *device, size_t offset, size_t count,
  const uint8_t *bytes, bool *done) { abort(); }

#endif
