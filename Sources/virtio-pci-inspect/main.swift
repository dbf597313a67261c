import Glibc
import InspectCLI

exit(Program.run(Array(CommandLine.arguments.dropFirst())))
