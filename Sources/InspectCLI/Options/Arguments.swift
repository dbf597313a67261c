import VirtioConformance
import VirtioPCI

/// What the command line asks for.
struct Arguments: Hashable, Sendable {
  /// What to do. Anything but `inspect` ends the parsing: what follows is not looked at.
  enum Action: Hashable, Sendable {
    case inspect, help, version, listRules
    case schema(JSONSchema.Topic)
    case explain(Topic)
    /// The values that an option knows.
    case list(CandidateKind)
    /// Nil for what no shell can be offered.
    case complete(CandidateKind?)
  }

  var action = Action.inspect
  /// What was named, each once, in the order given.
  var devices: [DeviceOperand] = []

  var slot: AddressPattern?
  var id: IDPattern?
  /// Any of these; any at all when there is none.
  var types: [DeviceType] = []
  /// The type that the functions named are taken for, whatever their IDs are.
  var assumedType: DeviceType?

  var access: AccessMethod?
  var libpciParameters: [LibPCIParameter] = []
  var dumps: [DumpFile] = []
  /// Another root than `/sys`.
  var sysfs: String?

  var registers = false
  var probe = false
  var force = false

  var check = false
  /// Whose refusals fail the check; nil for `DriverChoice.standard`.
  var drivers: DriverChoice?
  /// Whose findings have no share in the exit status.
  var ignored = IgnoredRules.none
  /// Lets warnings fail the check.
  var strict = false
  /// The files of expectations.
  var expectations: [String] = []
  /// What to compare with.
  var diff: String?
  /// How long to look again, in milliseconds.
  var wait: Int?
  var report: ReportFormat?

  /// Feature bits to name, in place of reading devices.
  var decode: DecodedFeatures?

  var json = false
  var jsonLines = false
  var columns: ColumnChoice?
  var showsHeadings = true
  /// Prints nothing but messages.
  var isQuiet = false
  var isVerbose = false
  var hex = false
  /// Shows each BAR as a map.
  var layout = false
  var color = ColorChoice.auto
  /// The folder to save what is read in.
  var capture: String?

  /// Whether the table with a row a function is asked for rather than each in full.
  var asksForList: Bool {
    columns != nil || devices.isEmpty && !isVerbose && !hex && !layout && !readsRegisters
  }

  /// Whether the structures behind the capabilities are asked for.
  var readsRegisters: Bool { registers || probe }
}
