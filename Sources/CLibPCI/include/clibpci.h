#ifndef CLIBPCI_H
#define CLIBPCI_H
#endif
