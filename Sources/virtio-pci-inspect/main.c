// Swift's runtime looks the command line up in /proc, which need not be mounted. So `main` is C's, and
// hands it on.
int virtio_pci_inspect(int count, char **arguments);

int main(int count, char **arguments) { return virtio_pci_inspect(count, arguments); }
