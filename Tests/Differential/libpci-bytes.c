/* Prints what libpci reads of each function of a dump: its address and its bytes, a line each. */
#include <pci/pci.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct pci_access *access = pci_alloc();
	struct pci_dev *function;

	if (argc != 2)
		return 2;
	access->method = PCI_ACCESS_DUMP;
	pci_set_param(access, "dump.name", argv[1]);
	pci_init(access);
	pci_scan_bus(access);
	for (function = access->devices; function; function = function->next) {
		unsigned char config[4096];
		int size = pci_read_block(function, 0, config, 256) ? 256 : 0;

		/* All or nothing: a read that reaches beyond the end gives no byte at all. */
		while (size < 4096 && pci_read_block(function, size, config + size, 1))
			size++;
		printf("%04x:%02x:%02x.%d ", (unsigned)function->domain, function->bus, function->dev,
		       function->func);
		for (int i = 0; i < size; i++)
			printf("%02x", config[i]);
		putchar('\n');
	}
	pci_cleanup(access);
	return 0;
}
