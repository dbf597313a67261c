# Completion of virtio-pci-inspect in fish 3 or later. It asks the program for all that it offers: for the
# options when it is loaded, for values as they are wanted.

# Runs the program as it was typed, with these arguments.
function __virtio_pci_inspect_run
  # There is no line yet where a file of settings loads this.
  set -l program (commandline -opc 2>/dev/null)[1]
  string match -q '*/*' -- $program; or set program virtio-pci-inspect
  set program (string replace -r '^~/' $HOME/ -- $program)
  type -q $program; and $program $argv 2>/dev/null </dev/null
end

function __virtio_pci_inspect_is_path
  string match -qr '/|^[.~]' -- (commandline -ct)
end

# The value that is being typed, without the option where it is attached to one.
function __virtio_pci_inspect_value
  set -l letters "^(--[^=]*=|-[$__virtio_pci_inspect_flags]*[$__virtio_pci_inspect_valued])"
  commandline -ct | string replace -r $letters ''
end

# Asks the program, which prints a candidate a line, a tab, and what it means. What the line says of where
# to look is passed on.
function __virtio_pci_inspect_ask
  set -l words (commandline -opc | string replace -r '^~/' $HOME/)
  set -l places (string join '|' -- $__virtio_pci_inspect_places)
  set -l passed
  for i in (seq 2 (count $words))
    if string match -qr "^($places)\$" -- $words[$i]
      # What is being typed is no place yet.
      test $i -lt (count $words); and set -a passed $words[$i] $words[(math $i + 1)]
    else if string match -qr "^($places)" -- $words[$i]
      set -a passed $words[$i]
    end
  end
  __virtio_pci_inspect_run $passed --complete $argv[1]
end

# The same where the value is a list: what is in it already stands before each candidate, and is not
# offered again.
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

complete -c virtio-pci-inspect -f
complete -c virtio-pci-inspect -n __virtio_pci_inspect_is_path -F
complete -c virtio-pci-inspect -k -a '(__virtio_pci_inspect_ask devices)'

set -g __virtio_pci_inspect_flags ''
set -g __virtio_pci_inspect_valued ''
set -g __virtio_pci_inspect_places
for line in (__virtio_pci_inspect_run --complete options)
  # Spellings, kind, placeholder, traits, what is excluded, summary.
  set -l fields (string split \t -- $line)
  set -l spellings (string split ' ' -- $fields[1])
  set -l words -l (string sub -s 3 -- $spellings[1]) -d $fields[6]
  set -l letter (string sub -s 2 -- "$spellings[2]")
  test -n "$letter"; and set -a words -s $letter
  contains place (string split ' ' -- $fields[4]); and set -a __virtio_pci_inspect_places $spellings
  if test $fields[2] = flag
    set __virtio_pci_inspect_flags $__virtio_pci_inspect_flags$letter
  else
    set __virtio_pci_inspect_valued $__virtio_pci_inspect_valued$letter
  end
  switch $fields[2]
    case flag
    case text
      set -a words -x
    case file
      set -a words -r -F -a '(__virtio_pci_inspect_attached_file)'
    case directory
      set -a words -x -a '(__virtio_pci_inspect_directories)'
    case 'words *'
      set -a words -x -a (string replace 'words ' '' -- $fields[2])
    case types columns
      set -a words -x -k -a "(__virtio_pci_inspect_list $fields[2])"
    case '*'
      set -a words -x -k -a "(__virtio_pci_inspect_ask $fields[2])"
  end
  complete -c virtio-pci-inspect $words
end
