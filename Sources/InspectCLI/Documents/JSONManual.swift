/// What the manual page of the JSON output says that is in no table of the program.
enum JSONManual {
  static let description = """
    virtio-pci-inspect --json prints one object. --jsonl prints each of its devices on a line.
    --expect compares a file of the same shape with what --json would print. --schema prints the JSON
    Schema of the object; $defs/device describes a line of --jsonl.

    Unknown is null, never 0 or an empty string. The types of values below are:
    """

  /// What `JSONType` and `JSONStringFormat` are called, beside the names of objects.
  static let types = [
    (
      "integer",
      "an exact integer from 0 to 18446744073709551615; jq before 1.7 rounds those above 2^53"
    ),
    ("boolean", "true or false"),
    ("string", "any text"),
    ("word", "one of the strings that are listed"),
    (
      "register",
      "a string of 0x and as many lower-case hexadecimal digits as the register is wide: 0x1af4"
    ),
    ("address", "a string of 0x and lower-case hexadecimal digits without padding: 0x4000180000"),
    ("bytes", "a string of two lower-case hexadecimal digits for each byte, in memory order"),
    (
      "PCI address",
      "a string of domain, bus, device and function, four to eight digits of domain: 0000:00:04.0"
    ),
    ("Ethernet address", "a string of six bytes with colons between them: 52:54:00:12:34:56"),
  ]

  static let guarantees = """
    Every key is always present, in the order given here. Within a schema version a key keeps its name,
    type and meaning; a later version of the program may add keys, and words if the specification or the
    kernel adds some.

    The output is UTF-8, ends with a line feed, and is the same for the same input, byte for byte.
    Devices are sorted by address; those of a dump keep its order.
    """

  static let expectations = """
    An expectation is the object of --json, reduced to what matters. Each key in it must match. Each
    element of a list must match a different element of the list in the output, in any order; the output
    may have more, so an empty list demands nothing. The unchanged output of --json holds; deleting keys
    and elements loosens it.

    A key, word or format that the output cannot have, and a condition for another type, are errors. They
    are found before any device is read, and the exit status is 2.

    Where equality is not enough, use an object of conditions in place of a value. All of them must hold.
    The conditions are:
    """

  static let conditions = """
    count, all, none and includes apply to lists, at_least and at_most to integers, matches to strings,
    absent to values that may be null, and one_of and not to any value. Conditions may be nested.
    """

  static let examples = [
    Manual.Example(
      purpose: "The network interfaces on virtio",
      command: """
        virtio-pci-inspect --json |
            jq -r '.devices[] | select(.type == "net") | .virtio.nodes[]'
        """),
    Manual.Example(
      purpose: "Where every structure is, as a table",
      command: """
        virtio-pci-inspect --jsonl |
            jq -r '.capabilities[] | [.cfg_type, .bar, .address] | @tsv'
        """),
    Manual.Example(
      purpose: "The sizes of the queues of a device without a driver",
      command: """
        virtio-pci-inspect --probe --json 04.0 |
            jq '.devices[].registers.queues[].size'
        """),
  ]

  static let expectationExamples = [
    (
      "At least two devices, one a network device that a driver runs, none that is legacy",
      """
      {
        "devices": {
          "count": {"at_least": 2},
          "includes": [
            {
              "type": "net",
              "virtio": {
                "driver": "virtio_net",
                "status": {"flags": ["DRIVER_OK"]}
              },
              "capabilities": [
                {"cfg_type": "notify", "length": {"at_least": 256}}
              ]
            }
          ],
          "none": {"interface": "legacy"}
        }
      }
      """
    ),
    (
      "Nothing is wrong with any device, and everything could be read",
      """
      {
        "devices": {"all": {"problems": {"count": 0}}},
        "errors": {"count": 0}
      }
      """
    ),
    (
      "A disk at this address, bound to one of two drivers, without shared memory",
      """
      {
        "devices": [
          {
            "address": {"matches": "*:00:02.0"},
            "type": "blk",
            "driver": {"one_of": ["virtio-pci", "vfio-pci"]},
            "numa_node": {"absent": true},
            "bars": {"all": {"size": {"at_most": 1048576}}},
            "capabilities": {"none": {"cfg_type": "shared_memory"}},
            "revision": {"not": "0x00"}
          }
        ]
      }
      """
    ),
  ]
}
