import Glibc
import InspectCLI

exit(Program.run(CommandLine.arguments))
