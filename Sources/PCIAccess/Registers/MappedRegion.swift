internal import Platform
internal import SystemPackage

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The pages of a BAR that hold a structure, mapped until this goes away.
@safe
struct MappedRegion: ~Copyable {
  private let pages: UnsafeMutableRawPointer
  /// Where in the BAR the pages are.
  private let range: Range<Int>

  /// Maps the bytes `range` of `file`, the sysfs `resourceN` of the BAR, which has them. Without
  /// `writable` nothing can be stored: the processor itself refuses.
  init(_ file: borrowing File, _ range: Range<Int>, writable: Bool) throws(Errno) {
    let start = range.lowerBound - range.lowerBound % sysconf(Int32(_SC_PAGESIZE))
    let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
    let pages = unsafe mmap(
      nil, range.upperBound - start, protection, MAP_SHARED, file.descriptor.rawValue, start)
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED else {
      throw Errno(rawValue: errno)
    }
    unsafe self.pages = unsafe pages
    self.range = start..<range.upperBound
  }

  deinit { unsafe munmap(pages, range.count) }

  /// One load of the device, at the position in the BAR.
  func load<Value: RegisterWidth>(at position: Int) -> Value {
    precondition(range.contains(position) && Value.size <= range.upperBound - position)
    return unsafe Value.load(from: pages + (position - range.lowerBound))
  }

  /// One store to it.
  func store<Value: RegisterWidth>(_ value: Value, at position: Int) {
    precondition(range.contains(position) && Value.size <= range.upperBound - position)
    unsafe Value.store(value, to: pages + (position - range.lowerBound))
  }
}
