#include "CStart.h"

#include <features.h>
#include <stdbool.h>

#ifndef __GLIBC__
#error "no other C library passes the command line to a constructor"
#endif

// What a program that has Swift's runtime in it takes from here in place of two of its parts. Both read
// /proc before `main`, and abort where it is not mounted.

static int count;
static char **arguments;

__attribute__((constructor)) static void keepCommandLine(int argc, char **argv) {
  count = argc;
  arguments = argv;
}

/// The command line. The runtime looks for it on the stack, whose place /proc/self/maps tells.
char **_swift_stdlib_getUnsafeArgvArgc(int *argumentCount) {
  *argumentCount = count;
  return arguments;
}

/// The settings of the crash handler, which looks for a debugger beside the program: zero is off. The
/// runtime's are shorter.
_Alignas(16) char _swift_backtraceSettings[512];

/// What else is asked of the crash handler.
bool _swift_backtrace_isThunkFunction(const char *name) {
  (void)name;
  return false;
}
