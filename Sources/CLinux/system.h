/// Calls of the kernel, and values of its headers, that are not in Swift's module of the C library.
#ifndef CLINUX_SYSTEM_H
#define CLINUX_SYSTEM_H

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// Of the flags of open, glibc has only these names where a program does not ask for GNU's; musl has only
// the others.
#ifdef __O_PATH
enum { OPEN_PATH = __O_PATH, OPEN_DIRECT = __O_DIRECT };
#else
enum { OPEN_PATH = O_PATH, OPEN_DIRECT = O_DIRECT };
#endif

/// The file systems that may lead to a device.
enum {
  SYSFS_TYPE = SYSFS_MAGIC,
  PROCFS_TYPE = PROC_SUPER_MAGIC,
  FUSE_TYPE = FUSE_SUPER_MAGIC,  // virtiofs too
  PLAN9_TYPE = V9FS_MAGIC,
};

/// The type of the file system that an open file lies in; -1 with errno when that is not known.
static inline long file_system_type(int file) {
  struct statfs status;
  return fstatfs(file, &status) < 0 ? -1 : (long)(unsigned)status.f_type;
}

/// Fills `buffer` with entries of an open folder: how many bytes, 0 at the end, -1 with errno.
static inline long list_folder(int folder, void *buffer, size_t size) {
  return syscall(SYS_getdents64, folder, buffer, size);
}

/// Lets reads of an open file take just what they ask for, past the cache, or no longer. Whether that was
/// changed: not every file system can.
static inline bool set_direct(int file, bool is_direct) {
  int flags = fcntl(file, F_GETFL);
  int changed = is_direct ? flags | OPEN_DIRECT : flags & ~OPEN_DIRECT;
  return flags >= 0 && changed != flags && fcntl(file, F_SETFL, changed) == 0;
}

/// Opens what can be neither read nor written, and is there wherever a process runs; -1 with errno.
static inline int open_nothing(void) { return open("/", OPEN_PATH); }

/// Whether this process has CAP_SYS_ADMIN in its user namespace: 1 or 0; -1 with errno when that is not
/// known.
static inline int is_administrator(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, data) < 0) return -1;
  return (data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN)) != 0;
}

#endif
