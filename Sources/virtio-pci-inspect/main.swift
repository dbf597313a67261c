print("virtio-pci-inspect")
