// A stand-in for a libpci before 3.8: no word of revision, programming interface and subsystem, and
// other things where later ones keep them. One function, whose config space counts 0, 1, 2, ... but
// for the last byte: there it gives up.
#include <pci/pci.h>
#include <stdlib.h>
#include <string.h>

struct pci_access *pci_alloc(void) {
#ifdef WITHOUT_ACCESS
  return NULL;
#else
  return calloc(1, sizeof(struct pci_access));
#endif
}

void pci_init(struct pci_access *access) { (void)access; }

void pci_cleanup(struct pci_access *access) {
  free(access->devices);
  free(access);
}

void pci_scan_bus(struct pci_access *access) {
  access->devices = calloc(1, sizeof *access->devices);
  access->devices->access = access;
}

struct pci_dev *pci_get_dev(struct pci_access *access, int domain, int bus, int dev, int func) {
  (void)access, (void)domain, (void)bus, (void)dev, (void)func;
  return NULL;
}

int pci_lookup_method(char *name) {
  return strcmp(name, "linux-proc") ? -1 : PCI_ACCESS_PROC_BUS_PCI;
}

char *pci_get_method_name(int index) { return index ? NULL : ""; }

char *pci_get_param(struct pci_access *access, char *name) {
  (void)access, (void)name;
  return "";
}

int pci_set_param(struct pci_access *access, char *name, char *value) {
  (void)access, (void)name, (void)value;
  return -1;
}

int pci_fill_info(struct pci_dev *device, int flags) {
  device->vendor_id = 0x1af4;
  device->device_id = 0x1041;
  device->device_class = 0x0200;
  memset(&device->prog_if, 0xee, 6);
  device->numa_node = 0xee;
  return flags & (PCI_FILL_IDENT | PCI_FILL_CLASS);
}

char *pci_get_string_property(struct pci_dev *device, u32 property) {
  (void)device, (void)property;
  return NULL;
}

int pci_read_block(struct pci_dev *device, int position, u8 *buffer, int count) {
  if (position + count > 255) device->access->error("no byte at %d", 255);
  for (int i = 0; i < count; i++) buffer[i] = (u8)(position + i);
  return 1;
}

int pci_write_block(struct pci_dev *device, int position, u8 *buffer, int count) {
  (void)device, (void)position, (void)buffer, (void)count;
  return 0;
}
