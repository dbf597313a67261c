/// What `--complete options` prints, from which the completions of the shells know the options: a line
/// for each, of fields that are divided by tabs and never empty, `-` for none.
///
/// 1. its spellings, divided by spaces: `--dump -F`
/// 2. `flag`, or the kind of its value: `text`, `file`, `directory`, `words` and these, or what to ask
///    for with `--complete`
/// 3. what its value is called: `FILE`
/// 4. what it is beside that, of `Option.Traits`, divided by spaces: `repeatable place`
/// 5. the spellings that are of no use after it, divided by spaces; `*` for all
/// 6. what it does
enum OptionLines {
  static func text(options: [Option] = Option.shown) -> String {
    options.map { line($0, among: options) + "\n" }.joined()
  }

  private static func line(_ option: Option, among options: [Option]) -> String {
    let fields: [String?] = [
      option.spellings.joined(separator: " "), kind(of: option.value), option.value?.placeholder,
      option.traits.names.joined(separator: " "),
      excluded(by: option, among: options).joined(separator: " "), option.summary,
    ]
    return fields.map { $0.flatMap { $0.isEmpty ? nil : $0 } ?? "-" }.joined(separator: "\t")
  }

  private static func kind(of value: Option.Value?) -> String {
    switch value?.kind {
    case nil: "flag"
    case .file: "file"
    case .directory: "directory"
    case .words(let words): (["words"] + words).joined(separator: " ")
    case .text: "text"
    case .address, .id, .deviceType, .column, .accessMethod, .topic, .driver, .rule:
      value?.kind.candidates?.rawValue ?? "text"
    }
  }

  private static func excluded(by option: Option, among options: [Option]) -> [String] {
    if option.traits.contains(.last) { return ["*"] }
    let own = option.traits.contains(.repeatable) ? [] : option.spellings
    return own + options.filter { $0.excludes(option) }.flatMap(\.spellings)
  }
}
