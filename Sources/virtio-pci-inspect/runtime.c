// Two parts of Swift's runtime, replaced where it is linked statically. Before `main` the runtime's own set up
// a crash handler, which reads /proc and aborts where that is not mounted; the program has to run there, early
// in an initramfs. They are private to the runtime: `make hardening` fails where a Swift no longer has them.
// With a dynamic Swift nothing is replaced.

#include <stdbool.h>

/// The settings of the crash handler: with zeros it is off. They are shorter than this.
_Alignas(16) char _swift_backtraceSettings[512];

/// What else the runtime asks of the crash handler's file.
bool _swift_backtrace_isThunkFunction(const char *name) {
  (void)name;
  return false;
}
