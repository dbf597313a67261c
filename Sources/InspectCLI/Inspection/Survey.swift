import PCIAccess
import Platform
import SystemPackage
import VirtioConformance
import VirtioPCI

/// What was found where a function is, or should be.
struct Sighting {
  /// What is missing or could not be read.
  var errors: [AccessError] = []
  /// Nil where there is no function to show.
  var inspection: Inspection?
}

/// Reads the functions that were asked for, one at a time: origin by origin, each as far as the plan
/// says.
struct Survey {
  private let tree: SysfsTree
  private let origins: [Origin]
  private var selection: Selection
  private var plan: ReadPlan
  private let drivers: DriverChoice
  private let ignored: IgnoredRules
  private let capture: Capture?
  /// The origin that is read, and its functions that were not yet read.
  private var index = 0
  private var source: (any DeviceSource)?
  private var visit = Visit()
  private var hasEnded = false
  private var total = Visit()
  private var strangers = Strangers()
  /// Why the names of functions that nothing asked for are not all known.
  private var namesUnread = Limited<AccessError>()

  /// What came of one origin, or of all.
  private struct Visit {
    var functions = 0
    var errors = 0
    /// A function that was named and is not a virtio function.
    var other: Identity?
  }

  init(_ arguments: Arguments) throws(UsageError) {
    tree = SysfsTree(root: arguments.sysfsRoot ?? "/sys")
    let devices = arguments.devices.resolvingFolders(in: tree)
    origins = Origin.all(for: arguments, devices: devices, in: tree)
    selection = Selection(arguments, devices: devices)
    drivers = arguments.drivers ?? .standard
    ignored = arguments.ignored
    capture = arguments.capture.map { Capture(folder: $0) }
    plan = arguments.depth.union(selection.needsNames ? .nodes : [])
      .union(capture == nil ? [] : .json)
    guard let option = arguments.needsDevice else { return }
    for case .file(let path) in origins where SysfsTree.destination(of: path) != nil {
      throw .savedConfig(path, option)
    }
  }

  /// How the first of the functions are read.
  var access: JSONDocument.AccessName { origins.first?.access ?? .sysfs }

  /// Has what is in `needs` read, too.
  mutating func include(_ needs: ReadPlan) { plan.formUnion(needs) }

  /// The next function, or what hides one; nil at the end.
  mutating func next() -> Sighting? {
    while index < origins.count {
      if let sighting = nextHere() { return sighting }
    }
    guard !hasEnded else { return nil }
    hasEnded = true
    return rest()
  }

  /// The same of the origin that is read; nil where nothing is to be said, and at its end.
  private mutating func nextHere() -> Sighting? {
    let origin = origins[index]
    do throws(AccessError) {
      if source == nil { source = try origin.open(selection, capture: capture) }
    } catch {
      defer { leave() }
      return miss(error, in: origin)
    }
    do throws(AccessError) {
      guard let function = try source?.next() else { return end(of: origin) }
      return try look(at: function, in: origin)
    } catch {
      // Errors of functions outside the selection are not reported.
      guard origin.path != nil || error.address.map({ selection.admits($0) }) ?? true else {
        return nil
      }
      return miss(error, in: origin)
    }
  }

  /// Reads `function` if it was asked for.
  private mutating func look(
    at function: any PCIFunction, in origin: Origin
  ) throws(AccessError) -> Sighting? {
    let isNamed = origin.path != nil
    guard selection.admits(function.address, isNamed: isNamed) else { return nil }
    let identity = try function.identity()
    guard selection.takes(identity) else {
      selection.passOver(function.address, identity)
      strangers.add(identity, at: function.address)
      // Of the functions of a dump only one without a header was meant as such.
      if isNamed || function.address == nil { visit.other = identity }
      return nil
    }
    guard selection.admits(identity) else { return nil }
    let kernel = plan.kernelFacts(of: function)
    guard isNamed || selection.selects(function.address, kernel) else {
      for error in kernel.errors { namesUnread.append(error) }
      return nil
    }
    var errors = kernel.errors
    let inspector = Inspector(
      plan: plan, drivers: drivers, assumedType: selection.assumedType, ignored: ignored
    ) { errors.append($0) }
    let inspection = inspector.inspect(function, identity: identity, kernel: kernel)
    do throws(AccessError) {
      try capture?.save(inspection)
    } catch {
      errors.append(error)
    }
    visit.functions += 1
    visit.errors += errors.count
    return Sighting(errors: errors, inspection: inspection)
  }

  private mutating func miss(_ error: AccessError, in origin: Origin) -> Sighting {
    visit.errors += 1
    guard origin.path != nil else {
      selection.overlook(error.address)
      return Sighting(errors: [error])
    }
    // A device that was named by a path that does not exist is missing; anything else that cannot
    // be read is there.
    guard case .system(.noSuchFileOrDirectory) = error.reason else {
      return Sighting(errors: [error])
    }
    var absent = error
    absent.reason = .absent(message: error.description)
    return Sighting(errors: [absent])
  }

  private mutating func end(of origin: Origin) -> Sighting? {
    defer { leave() }
    guard origin.path != nil || visit.other != nil, visit.functions == 0, visit.errors == 0 else {
      return nil
    }
    visit.errors += 1
    return Sighting(errors: [Self.absent("\(origin)", selection.reason(visit.other))])
  }

  private mutating func leave() {
    total.functions += visit.functions
    total.errors += visit.errors
    visit = Visit()
    source = nil
    index += 1
  }

  /// What was asked for and found nowhere.
  private mutating func rest() -> Sighting {
    var errors: [AccessError] = []
    if selection.missesName {
      errors = namesUnread.all(rest: AccessError.more)
      for error in errors { selection.overlook(error.address) }
    }
    errors += selection.missing(in: tree).map { Self.absent("\($0.device)", $0.reason) }
    if total.functions == 0, total.errors == 0, errors.isEmpty {
      let reason = Origin.whyNothing(
        in: origins, isRestricted: selection.isRestricted, seen: strangers)
      errors.append(Self.absent("", reason))
    }
    return Sighting(errors: errors)
  }

  private static func absent(_ subject: String, _ reason: String) -> AccessError {
    AccessError(subject, .absent(message: reason))
  }
}

extension ReadPlan {
  /// What the kernel knows of `function`, as far as it is to be asked.
  fileprivate func kernelFacts(of function: any PCIFunction) -> KernelFacts {
    guard let parts = kernelParts else { return KernelFacts() }
    do throws(AccessError) {
      return try function.kernelFacts(parts)
    } catch {
      var nothing = KernelFacts()
      nothing.errors = [error]
      return nothing
    }
  }
}

extension Capture {
  /// Saves what was read for `inspection`, which was begun with last.
  fileprivate func save(_ inspection: Inspection) throws(AccessError) {
    guard let address = inspection.address else {
      throw AccessError(
        inspection.name, .unavailable(message: "is not captured: nothing says its address"))
    }
    try save(address)
  }
}

extension Arguments {
  /// What must be read beside what the output shows.
  fileprivate var depth: ReadPlan {
    let judged: ReadPlan = check ? .check : []
    if probe { return judged.union(force ? .probeDriven : .probe) }
    return registers ? judged.union(.registers) : judged
  }

  /// The option that saved config space cannot serve.
  fileprivate var needsDevice: String? {
    if probe { return "--probe" }
    if registers { return "--registers" }
    return capture == nil ? nil : "--capture"
  }
}
