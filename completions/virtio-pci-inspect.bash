# Completion of virtio-pci-inspect in bash 4.4 or later. It asks the program for all that it offers. The
# package bash-completion loads it, and is not needed.

# Runs the program, and prints nothing where it cannot.
_virtio_pci_inspect_ask() {
  "$program" "${passed[@]}" --complete "$1" 2>/dev/null </dev/null
}

# Fills the tables of options: of each spelling the kind of value, the meaning, and whether it says where
# to look.
_virtio_pci_inspect_read() {
  local spellings kind placeholder traits excluded summary spelling
  while IFS=$'\t' read -r spellings kind placeholder traits excluded summary; do
    for spelling in $spellings; do
      order+=("$spelling") meaning_of[$spelling]=$summary
      [[ $kind == flag ]] || kind_of[$spelling]=$kind
      [[ " $traits " == *' place '* ]] && place_of[$spelling]=1
    done
  done < <(_virtio_pci_inspect_ask options)
}

# Divides a word that begins with a hyphen: an option that takes a value, its kind, what stands before an
# attached value (--type=, -vt), and the value, if one is attached.
_virtio_pci_inspect_divide() {
  local i
  lead= value= attached= kind=
  if [[ $1 == --* ]]; then
    option=${1%%=*}
    kind=${kind_of[$option]}
    [[ $1 == *=* ]] && attached=1 lead=$option= value=${1#*=}
    return
  fi
  for ((i = 1; i < ${#1}; i++)); do
    option=-${1:i:1}
    kind=${kind_of[$option]}
    if [[ $kind ]]; then
      lead=${1:0:i+1} value=${1:i+1}
      attached=${value:+1}
      return
    fi
  done
}

# Prints a candidate a line, a tab, and what it means.
_virtio_pci_inspect_candidates() {
  local spelling
  case $kind in
    options)
      for spelling in "${order[@]}"; do printf '%s\t%s\n' "$spelling" "${meaning_of[$spelling]}"; done
      ;;
    words\ *) printf '%s\t\n' ${kind#words } ;;
    text) ;;
    *) _virtio_pci_inspect_ask "$kind" ;;
  esac
}

_virtio_pci_inspect() {
  local IFS=$' \t\n' program=virtio-pci-inspect
  local option= kind= lead= value= attached= takes_options=1
  local -a words=() passed=() names=() meanings=() order=()
  local -A kind_of=() meaning_of=() place_of=()
  local rest=${COMP_LINE:0:COMP_POINT} piece blanks word match i
  COMPREPLY=()
  [[ $1 == */* ]] && program=${1/#\~\//$HOME/}
  _virtio_pci_inspect_read

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
    [[ ${place_of[$option]} ]] && passed+=("$option" "${value/#\~\//$HOME/}")
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
