/// What the kernel says by statfs and capget, which are not in Swift's module of the C library.
#ifndef CSYSFS_H
#define CSYSFS_H

#include <linux/capability.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static inline bool is_of_kernel(const struct statfs *status) {
  return status->f_type == SYSFS_MAGIC || status->f_type == PROC_SUPER_MAGIC;
}

/// Whether a file is the kernel's, in a sysfs or procfs: 1 or 0; -1 with errno when that is not known.
static inline int kernel_holds(const char *path) {
  struct statfs status;
  return statfs(path, &status) < 0 ? -1 : is_of_kernel(&status);
}

/// The same of an open file.
static inline int kernel_holds_open(int file) {
  struct statfs status;
  return fstatfs(file, &status) < 0 ? -1 : is_of_kernel(&status);
}

/// Whether this process has CAP_SYS_ADMIN in its user namespace: 1 or 0; -1 with errno when that is not
/// known.
static inline int is_administrator(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, data) < 0) return -1;
  return (data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN)) != 0;
}

#endif
