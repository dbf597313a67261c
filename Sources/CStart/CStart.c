#include "CStart.h"

#include <unistd.h>

/// Swift's runtime reads /proc before `main`: without it a static program aborts, and any other has
/// lost its command line, so that it would do something else than was asked for.
__attribute__((constructor(101))) static void requireProc(void) {
  static const char message[] =
      "virtio-pci-inspect: /proc is not mounted, so the command line cannot be read\n";
  if (access("/proc/self/cmdline", R_OK) == 0) return;
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written;
  _exit(2);
}
