# Completion of virtio-pci-inspect in bash, made from the program's table of options.

# Sets kind to that of an option's value; to nothing for a flag, or what is no option.
_virtio_pci_inspect_kind() {
  case $1 in
    --slot | -s) kind=addresses ;;
    --id | -d) kind=ids ;;
    --type | -t) kind=types ;;
    --access | -A) kind=access ;;
    --libpci-option | -O) kind=text ;;
    --dump | -F) kind=file ;;
    --sysfs) kind=directory ;;
    --expect) kind=file ;;
    --wait) kind=text ;;
    --report) kind='words text tap junit' ;;
    --explain) kind=rules ;;
    --output | -o) kind=columns ;;
    --capture) kind=directory ;;
    --color) kind='words auto always never' ;;
    *) kind= ;;
  esac
}

# Prints each option, a tab, and what it does.
_virtio_pci_inspect_options() {
  printf '%s\t%s\n' \
    --slot 'only functions at the PCI address SPEC' \
    -s 'only functions at the PCI address SPEC' \
    --id 'only functions with the PCI IDs SPEC' \
    -d 'only functions with the PCI IDs SPEC' \
    --type 'only virtio devices of these types' \
    -t 'only virtio devices of these types' \
    --access 'how to read config space: sysfs, libpci, libpci:NAME' \
    -A 'how to read config space: sysfs, libpci, libpci:NAME' \
    --libpci-option 'set the parameter P of libpci to V' \
    -O 'set the parameter P of libpci to V' \
    --dump 'read saved config space instead of this machine'\''s' \
    -F 'read saved config space instead of this machine'\''s' \
    --sysfs 'read the sysfs tree at DIR instead of /sys' \
    --registers 'read the structures behind the capabilities' \
    --probe 'write selectors, to read every queue and feature' \
    --force 'let --probe go on where a driver is bound' \
    --check 'judge by the specification' \
    --strict 'let warnings fail the check, too' \
    --expect 'compare with a JSON expectation' \
    --wait 'look again until all is well, or the time is over' \
    --report 'how to answer: text (the default), tap, junit' \
    --list-rules 'print the rules of --check' \
    --explain 'print one rule of --check in full' \
    --json 'print one JSON object' \
    -J 'print one JSON object' \
    --jsonl 'print one JSON object a line for each function' \
    --schema 'print the JSON Schema of --json' \
    --output 'columns of the list; +COL,... adds to the default' \
    -o 'columns of the list; +COL,... adds to the default' \
    --noheadings 'print no heading lines' \
    --verbose 'show more of each function' \
    -v 'show more of each function' \
    --hex 'add all of config space in the form of lspci -x' \
    -x 'add all of config space in the form of lspci -x' \
    --capture 'also save what is read as a tree for --sysfs' \
    --color 'colors: auto (the default), always, never' \
    --help 'print this help' \
    -h 'print this help' \
    --version 'print the version' \
    -V 'print the version'
}

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
      --dump | -F | --sysfs) passed+=("$option" "${value/#\~\//$HOME/}") ;;
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
complete -F _virtio_pci_inspect virtio-pci-inspect
