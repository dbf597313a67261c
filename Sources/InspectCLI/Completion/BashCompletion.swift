/// The completion for bash 4.4 or later. The package bash-completion loads it, and is not needed.
enum BashCompletion {
  static let file = "completions/\(Version.name).bash"

  static func text(options: [Option] = Option.table) -> String {
    """
    # Completion of \(Version.name) in bash, made from the program's table of options.

    # Sets kind to that of an option's value; to nothing for a flag, or what is no option.
    _virtio_pci_inspect_kind() {
      case $1 in
    \(options.compactMap(kindRow).joined(separator: "\n"))
        *) kind= ;;
      esac
    }

    # Prints each option, a tab, and what it does.
    _virtio_pci_inspect_options() {
      printf '%s\\t%s\\n' \\
    \(options.flatMap(summaryRows).joined(separator: " \\\n"))
    }

    \(functions(passedOn: options.filter(\.choosesNames).flatMap(\.spellings)))
    complete -F _virtio_pci_inspect \(Version.name)

    """
  }

  /// `--type | -t) kind=types ;;`
  private static func kindRow(_ option: Option) -> String? {
    option.value.map { value in
      "    \(option.spellings.joined(separator: " | "))) kind=\(kind(value.kind)) ;;"
    }
  }

  /// The word by which the functions know what to offer.
  private static func kind(_ kind: Option.Kind) -> String {
    switch kind {
    case .file: "file"
    case .directory: "directory"
    case .words(let words): singleQuoted((["words"] + words).joined(separator: " "))
    case .text, .address, .id, .deviceType, .column, .accessMethod, .rule:
      kind.candidates?.rawValue ?? "text"
    }
  }

  private static func summaryRows(_ option: Option) -> [String] {
    option.spellings.map { "    \($0) \(singleQuoted(option.summary))" }
  }

  /// What does not depend on the options, but for those that are passed on to the program.
  private static func functions(passedOn: [String]) -> String {
    #"""
    # Divides a word that begins with a hyphen: an option that takes a value, its kind, what stands
    # before an attached value (--type=, -vt), and the value, if one is attached.
    _virtio_pci_inspect_divide() {
      local i
      lead= value= attached=
      if [[ $1 == --* ]]; then
        option=${1%%=*}
        _virtio_pci_inspect_kind "$option"
        [[ $1 == *=* ]] && attached=1 lead=$option= value=${1#*=}
        return
      fi
      for ((i = 1; i < ${#1}; i++)); do
        option=-${1:i:1}
        _virtio_pci_inspect_kind "$option"
        if [[ $kind ]]; then
          lead=${1:0:i+1} value=${1:i+1}
          attached=${value:+1}
          return
        fi
      done
    }

    # Asks the program, or knows: a candidate a line, a tab, and what it means.
    _virtio_pci_inspect_candidates() {
      case $kind in
        options) _virtio_pci_inspect_options ;;
        words\ *) printf '%s\t\n' ${kind#words } ;;
        text) ;;
        *) "$program" "${passed[@]}" --complete "$kind" 2>/dev/null </dev/null ;;
      esac
    }

    _virtio_pci_inspect() {
      local IFS=$' \t\n' program=virtio-pci-inspect
      local option= kind= lead= value= attached= takes_options=1
      local -a words=() passed=() names=() meanings=()
      local rest=${COMP_LINE:0:COMP_POINT} piece blanks word match i
      COMPREPLY=()
      [[ $1 == */* ]] && program=${1/#\~\//$HOME/}

      # The words up to the cursor. COMP_WORDS has pieces of them: for bash a word ends at : and =.
      for ((i = 0; i <= COMP_CWORD; i++)); do
        blanks=${rest%%[![:space:]]*}
        rest=${rest#"$blanks"}
        piece=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || piece=$rest
        rest=${rest#"$piece"}
        if [[ $i -eq 0 || $blanks ]]; then words+=("$piece"); else words[-1]+=$piece; fi
      done
      word=${words[-1]}
      # What bash replaces begins after this.
      [[ $piece == [:=]* ]] && piece=
      local kept=${word%"$piece"} quote=
      [[ $piece == [\"\']* ]] && quote=${piece:0:1}

      for word in "${words[@]:1:${#words[@]}-2}"; do
        word=${word//[\\\"\']/}
        if [[ $kind ]]; then
          value=$word kind=
        elif [[ ! $takes_options || $word != -?* ]]; then
          continue
        elif [[ $word == -- ]]; then
          takes_options=
          continue
        else
          _virtio_pci_inspect_divide "$word"
          [[ $attached ]] || continue
          kind=
        fi
        case $option in
          \#(passedOn.joined(separator: " | "))) passed+=("$option" "${value/#\~\//$HOME/}") ;;
        esac
      done

      word=${words[-1]//[\\\"\']/}
      if [[ ${words[-2]} == *[\<\>] || $word == *[\<\>]* ]]; then
        compopt -o default
        return
      elif [[ $kind ]]; then
        lead= value=$word
      elif [[ $takes_options && $word == -* ]]; then
        _virtio_pci_inspect_divide "$word"
        [[ $attached && $kind ]] || kind=options lead= value=$word
      else
        kind=devices lead= value=$word
        [[ $word == */* || $word == [.~]* ]] && kind=file
      fi

      case $kind in
        file | directory)
          # Bash is better at files, but for a value right behind its letter.
          if [[ $lead == "$kept"* && $lead != "$kept" ]]; then
            compopt -o filenames
            [[ $kind == file ]] && i=-f || i=-d
            while read -r match; do
              [[ -d $match ]] && match+=/ && compopt -o nospace
              COMPREPLY+=("${lead#"$kept"}$match")
            done < <(compgen "$i" -- "$value")
          elif [[ $kind == file ]]; then
            compopt -o default
          else
            compopt -o dirnames
          fi
          return
          ;;
        types | columns)
          compopt -o nospace
          [[ $kind == columns && $value == +* ]] && lead+=+ value=${value#+}
          local listed=${value%"${value##*,}"}
          lead+=$listed value=${value#"$listed"}
          ;;
      esac

      local name meaning width=0
      while IFS=$'\t' read -r name meaning; do
        match=$name
        case $kind in
          types | columns)
            [[ ,$listed == *,"$name",* ]] && continue
            [[ ${name,,} == "${value,,}"* ]] || continue
            ;;
          devices | addresses)
            # An address may be typed without its domain, and without its bus.
            for match in "$name" "${name#*:}" "${name##*:}" ''; do
              [[ $match == "$value"* ]] && break
            done
            [[ $match ]] || continue
            ;;
          *) [[ $name == "$value"* ]] || continue ;;
        esac
        # What is typed in quotes stays as it is, but for what would mean something there.
        if [[ ! $quote ]]; then
          printf -v match %q "$match"
        elif [[ $match == *[\\\"\'\`\$\!]* ]]; then
          continue
        fi
        names+=("$match") meanings+=("$meaning")
        ((${#match} > width)) && width=${#match}
      done < <(_virtio_pci_inspect_candidates)

      for i in "${!names[@]}"; do
        if [[ $COMP_TYPE -eq 63 && ${#names[@]} -gt 1 && ${meanings[i]} ]]; then
          # They are only to be shown.
          printf -v match '%-*s  %s' "$width" "${names[i]}" "${meanings[i]}"
          COMPREPLY+=("${match:0:${COLUMNS:-80}-1}")
        else
          match=$lead${names[i]}
          COMPREPLY+=("${match#"$kept"}")
        fi
      done
    }
    """#
  }
}
