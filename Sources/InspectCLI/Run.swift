import PCIAccess
