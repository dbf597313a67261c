/// What `main` hands its arguments on to.
@c(virtio_pci_inspect)
public func main(
  count: Int32, arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  let words = (0..<Int(count)).compactMap { index in
    unsafe arguments[index].map { unsafe String(cString: $0) }
  }
  return Program.run(words)
}
