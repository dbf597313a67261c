/// The completion for zsh: an autoloaded function, found by its first line.
enum ZshCompletion {
  static let file = "completions/_\(Version.name)"

  static func text(options: [Option] = Option.table) -> String {
    """
    #compdef \(Version.name)
    # Completion of \(Version.name) in zsh, made from the program's table of options.

    \(functions(passedOn: options.filter(\.choosesNames)))
    _virtio-pci-inspect() {
      local -a line
      local -A opt_args
      _arguments -s -S : \\
    \(options.map { "    \(specification($0, among: options)) \\" }.joined(separator: "\n"))
        \(singleQuoted("*:DEVICE: _virtio-pci-inspect_device"))
    }

    _virtio-pci-inspect "$@"

    """
  }

  /// What `_arguments` takes:
  /// `'(--type -t)'{--type=,-t+}'[only virtio devices of these types]:TYPE,...:...'`.
  private static func specification(_ option: Option, among options: [Option]) -> String {
    let names = option.spellings.map { spelling in
      spelling + (option.value == nil ? "" : spelling.hasPrefix("--") ? "=" : "+")
    }
    let before = excluded(by: option, among: options) + (option.isRepeatable ? "*" : "")
    let after =
      "[\(escaped(option.summary))]"
      + (option.value.map { ":\(escaped($0.placeholder)):\(action($0.kind))" } ?? "")
    guard names.count > 1 else { return singleQuoted(before + names.joined() + after) }
    return (before.isEmpty ? "" : singleQuoted(before)) + "{\(names.joined(separator: ","))}"
      + singleQuoted(after)
  }

  /// `(-t --type)`: what is not offered after the option; everything where it is the last that is
  /// looked at.
  private static func excluded(by option: Option, among options: [Option]) -> String {
    if option.endsParsing { return "(- *)" }
    let own = option.isRepeatable ? [] : option.spellings
    let others = options.filter { $0.excludes(option) }.flatMap(\.spellings)
    let all = own + others
    return all.isEmpty ? "" : "(\(all.joined(separator: " ")))"
  }

  /// Beginning with a space where `_arguments` must add no words of its own.
  private static func action(_ kind: Option.Kind) -> String {
    switch kind {
    case .file: "_files"
    case .directory: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .text, .address, .id, .deviceType, .column, .accessMethod, .rule:
      kind.candidates.map { " _virtio-pci-inspect_ask \($0.rawValue)" } ?? " "
    }
  }

  /// `text` inside a specification, where a bracket ends a summary and a colon a message.
  private static func escaped(_ text: String) -> String { text.escaping(#"\:[]"#) }

  /// What does not depend on the options, but for those that are passed on to the program.
  private static func functions(passedOn: [Option]) -> String {
    #"""
    # Offers what the program answers: a candidate a line, a tab, and what it means.
    _virtio-pci-inspect_offer() {
      local kind=$1 program=virtio-pci-inspect option value
      local -a passed lines
      shift
      [[ $words[1] == */* ]] && program=${${(Q)words[1]}/#\~\//$HOME/}
      for option in \#(passedOn.flatMap(\.spellings).joined(separator: " ")); do
        for value in ${(s.:.)opt_args[$option]}; do
          passed+=($option ${${(Q)value}/#\~\//$HOME/})
        done
      done
      lines=(${(f)"$(_call_program $kind ${(q)program} ${(q)passed} --complete $kind)"})
      # In what _describe takes, a colon ends the name.
      lines=(${${${lines//\\/\\\\}//:/\\:}/$'\t'/:})
      _describe -t $kind $kind lines "$@" && return
      # Where nothing begins so, it may be an address without its domain.
      [[ $kind == (devices|addresses) && -n $PREFIX ]] &&
        _describe -t $kind $kind lines "$@" -M 'l:|=*'
    }

    _virtio-pci-inspect_ask() {
      case $1 in
        types) _sequence _virtio-pci-inspect_offer types -M 'm:{A-Z}={a-z}' ;;
        columns)
          compset -P '+'
          _sequence _virtio-pci-inspect_offer columns -M 'm:{a-z}={A-Z}'
          ;;
        *) _virtio-pci-inspect_offer $1 ;;
      esac
    }

    _virtio-pci-inspect_device() {
      if [[ $PREFIX == (*/*|[.~]*) ]]; then
        _files
      else
        _virtio-pci-inspect_ask devices
      fi
    }

    """#
  }
}
