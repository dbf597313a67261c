/// The completion for fish 3 or later.
enum FishCompletion {
  static let file = "completions/\(Version.name).fish"

  static func text(options: [Option] = Option.table) -> String {
    """
    # Completion of \(Version.name) in fish, made from the program's table of options.

    \(functions(options))
    complete -c \(Version.name) -f
    complete -c \(Version.name) -n __virtio_pci_inspect_is_path -F
    complete -c \(Version.name) -k -a '(__virtio_pci_inspect_ask devices)'
    \(options.map(line).joined(separator: "\n"))

    """
  }

  /// `complete -c virtio-pci-inspect -l type -s t -x -a '...' -d 'only virtio devices of ...'`
  private static func line(_ option: Option) -> String {
    var words = ["complete", "-c", Version.name, "-l", option.long]
    if let short = option.short { words += ["-s", "\(short)"] }
    if let value = option.value { words += arguments(value.kind) }
    return (words + ["-d", quoted(option.summary)]).joined(separator: " ")
  }

  private static func arguments(_ kind: Option.Kind) -> [String] {
    switch kind {
    case .text: ["-x"]
    case .file: ["-r", "-F", "-a", quoted("(__virtio_pci_inspect_attached_file)")]
    case .directory: ["-x", "-a", quoted("(__virtio_pci_inspect_directories)")]
    case .words(let words): ["-x", "-a", quoted(words.joined(separator: " "))]
    case .address, .id, .deviceType, .column, .accessMethod, .rule:
      kind.candidates.map { kind in
        let function = kind.isList ? "__virtio_pci_inspect_list" : "__virtio_pci_inspect_ask"
        return ["-x", "-k", "-a", quoted("(\(function) \(kind.rawValue))")]
      } ?? ["-x"]
    }
  }

  /// `text` in single quotes, in which they and backslashes mean something.
  private static func quoted(_ text: String) -> String {
    "'\(text.escaping(#"\'"#))'"
  }

  private static func functions(_ options: [Option]) -> String {
    let flags = options.filter { $0.value == nil }.compactMap(\.short).map(String.init).joined()
    let valued = options.filter { $0.value != nil }.compactMap(\.short).map(String.init).joined()
    let passedOn = options.filter(\.choosesNames).flatMap(\.spellings).joined(separator: "|")
    return #"""
      function __virtio_pci_inspect_is_path
        string match -qr '/|^[.~]' -- (commandline -ct)
      end

      # The value that is being typed, without the option where it is attached to one.
      function __virtio_pci_inspect_value
        commandline -ct | string replace -r '^(--[^=]*=|-[\#(flags)]*[\#(valued)])' ''
      end

      # Asks the program, which prints a candidate a line, a tab, and what it means.
      function __virtio_pci_inspect_ask
        set -l words (commandline -opc | string replace -r '^~/' $HOME/)
        set -l program virtio-pci-inspect
        string match -q '*/*' -- $words[1]; and set program $words[1]
        set -l passed
        for i in (seq 2 (count $words))
          if string match -qr '^(\#(passedOn))$' -- $words[$i]
            set -a passed $words[$i] $words[(math $i + 1)]
          else if string match -qr '^(\#(passedOn))' -- $words[$i]
            set -a passed $words[$i]
          end
        end
        $program $passed --complete $argv[1] 2>/dev/null </dev/null
      end

      # The same where the value is a list: what is in it already stands before each candidate, and is
      # not offered again.
      function __virtio_pci_inspect_list
        set -l listed (__virtio_pci_inspect_value | string match -r '^[+]?(?:.*,)?')
        set -l items (string split , -- (string trim -lc + -- $listed))
        for line in (__virtio_pci_inspect_ask $argv[1])
          contains -- (string split -m1 \t -- $line)[1] $items; or printf '%s%s\n' "$listed" $line
        end
      end

      # Fish itself knows files but right behind a letter.
      function __virtio_pci_inspect_attached_file
        string match -qr '^-[^-]' -- (commandline -ct)
        and __fish_complete_path (__virtio_pci_inspect_value)
      end

      function __virtio_pci_inspect_directories
        __fish_complete_directories (__virtio_pci_inspect_value)
      end

      """#
  }
}
