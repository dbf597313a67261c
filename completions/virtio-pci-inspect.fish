# Completion of virtio-pci-inspect in fish, made from the program's table of options.

function __virtio_pci_inspect_is_path
  string match -qr '/|^[.~]' -- (commandline -ct)
end

# The value that is being typed, without the option where it is attached to one.
function __virtio_pci_inspect_value
  commandline -ct | string replace -r '^(--[^=]*=|-[JvxhV]*[sdtAOFo])' ''
end

# Asks the program, which prints a candidate a line, a tab, and what it means.
function __virtio_pci_inspect_ask
  set -l words (commandline -opc | string replace -r '^~/' $HOME/)
  set -l program virtio-pci-inspect
  string match -q '*/*' -- $words[1]; and set program $words[1]
  set -l passed
  for i in (seq 2 (count $words))
    if string match -qr '^(--dump|-F|--sysfs)$' -- $words[$i]
      set -a passed $words[$i] $words[(math $i + 1)]
    else if string match -qr '^(--dump|-F|--sysfs)' -- $words[$i]
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

complete -c virtio-pci-inspect -f
complete -c virtio-pci-inspect -n __virtio_pci_inspect_is_path -F
complete -c virtio-pci-inspect -k -a '(__virtio_pci_inspect_ask devices)'
complete -c virtio-pci-inspect -l slot -s s -x -k -a '(__virtio_pci_inspect_ask addresses)' -d 'only functions at the PCI address SPEC'
complete -c virtio-pci-inspect -l id -s d -x -k -a '(__virtio_pci_inspect_ask ids)' -d 'only functions with the PCI IDs SPEC'
complete -c virtio-pci-inspect -l type -s t -x -k -a '(__virtio_pci_inspect_list types)' -d 'only virtio devices of these types'
complete -c virtio-pci-inspect -l access -s A -x -k -a '(__virtio_pci_inspect_ask access)' -d 'how to read config space: sysfs, libpci, libpci:NAME'
complete -c virtio-pci-inspect -l libpci-option -s O -x -d 'set the parameter P of libpci to V'
complete -c virtio-pci-inspect -l dump -s F -r -F -a '(__virtio_pci_inspect_attached_file)' -d 'read saved config space instead of this machine\'s'
complete -c virtio-pci-inspect -l sysfs -x -a '(__virtio_pci_inspect_directories)' -d 'read the sysfs tree at DIR instead of /sys'
complete -c virtio-pci-inspect -l registers -d 'read the structures behind the capabilities'
complete -c virtio-pci-inspect -l probe -d 'write selectors, to read every queue and feature'
complete -c virtio-pci-inspect -l force -d 'let --probe go on where a driver is bound'
complete -c virtio-pci-inspect -l check -d 'judge by the specification'
complete -c virtio-pci-inspect -l strict -d 'let warnings fail the check, too'
complete -c virtio-pci-inspect -l expect -r -F -a '(__virtio_pci_inspect_attached_file)' -d 'compare with a JSON expectation'
complete -c virtio-pci-inspect -l wait -x -d 'look again until all is well, or the time is over'
complete -c virtio-pci-inspect -l report -x -a 'text tap junit' -d 'how to answer: text (the default), tap, junit'
complete -c virtio-pci-inspect -l list-rules -d 'print the rules of --check'
complete -c virtio-pci-inspect -l explain -x -k -a '(__virtio_pci_inspect_ask rules)' -d 'print one rule of --check in full'
complete -c virtio-pci-inspect -l json -s J -d 'print one JSON object'
complete -c virtio-pci-inspect -l jsonl -d 'print one JSON object a line for each function'
complete -c virtio-pci-inspect -l schema -d 'print the JSON Schema of --json'
complete -c virtio-pci-inspect -l output -s o -x -k -a '(__virtio_pci_inspect_list columns)' -d 'columns of the list; +COL,... adds to the default'
complete -c virtio-pci-inspect -l noheadings -d 'print no heading lines'
complete -c virtio-pci-inspect -l verbose -s v -d 'show more of each function'
complete -c virtio-pci-inspect -l hex -s x -d 'add all of config space in the form of lspci -x'
complete -c virtio-pci-inspect -l capture -x -a '(__virtio_pci_inspect_directories)' -d 'also save what is read as a tree for --sysfs'
complete -c virtio-pci-inspect -l color -x -a 'auto always never' -d 'colors: auto (the default), always, never'
complete -c virtio-pci-inspect -l help -s h -d 'print this help'
complete -c virtio-pci-inspect -l version -s V -d 'print the version'
