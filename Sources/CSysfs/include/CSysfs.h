/// Whether a file lies in a sysfs: what statfs says, which is not in Swift's module of the C library.
#ifndef CSYSFS_H
#define CSYSFS_H

#include <linux/magic.h>
#include <sys/vfs.h>

/// 1 or 0; -1 with errno when that is not known.
static inline int sysfs_holds(const char *path) {
  struct statfs status;
  return statfs(path, &status) < 0 ? -1 : status.f_type == SYSFS_MAGIC;
}

#endif
