/* Loaded before the C library: says of every file that it lies in a sysfs. */
#define _GNU_SOURCE
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

int fstatfs(int file, struct statfs *status)
{
	(void)file;
	memset(status, 0, sizeof *status);
	status->f_type = SYSFS_MAGIC;
	return 0;
}
