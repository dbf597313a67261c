/// Whether a file is the kernel's, in a sysfs or procfs: what statfs says, which is not in Swift's
/// module of the C library.
#ifndef CSYSFS_H
#define CSYSFS_H

#include <linux/magic.h>
#include <stdbool.h>
#include <sys/vfs.h>

static inline bool is_of_kernel(const struct statfs *status) {
  return status->f_type == SYSFS_MAGIC || status->f_type == PROC_SUPER_MAGIC;
}

/// 1 or 0; -1 with errno when that is not known.
static inline int kernel_holds(const char *path) {
  struct statfs status;
  return statfs(path, &status) < 0 ? -1 : is_of_kernel(&status);
}

/// The same of an open file.
static inline int kernel_holds_open(int file) {
  struct statfs status;
  return fstatfs(file, &status) < 0 ? -1 : is_of_kernel(&status);
}

#endif
