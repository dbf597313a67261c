/// Whether a file is the kernel's, in a sysfs or procfs: what statfs says, which is not in Swift's
/// module of the C library.
#ifndef CSYSFS_H
#define CSYSFS_H

#include <linux/magic.h>
#include <sys/vfs.h>

/// 1 or 0; -1 with errno when that is not known.
static inline int kernel_holds(const char *path) {
  struct statfs status;
  if (statfs(path, &status) < 0) return -1;
  return status.f_type == SYSFS_MAGIC || status.f_type == PROC_SUPER_MAGIC;
}

#endif
