/*
 * Loaded before the C library: makes the SHORT_NUMBERth call of SHORT_CALL (read, pread, write) transfer no more
 * than SHORT_COUNT bytes, and writes what it was called on into the file SHORT_MARK.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int number;

static size_t cut(const char *call, int file, size_t count)
{
	const char *wanted = getenv("SHORT_CALL"), *least = getenv("SHORT_COUNT"), *mark = getenv("SHORT_MARK");
	char link[64], path[4096];
	ssize_t length;
	FILE *out;

	if (!wanted || !least || !mark || strcmp(call, wanted) || count <= (size_t)atoi(least) ||
	    ++number != atoi(getenv("SHORT_NUMBER")))
		return count;
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	length = readlink(link, path, sizeof path - 1);
	out = fopen(mark, "w");
	if (out) {
		fprintf(out, "%s(%d<%.*s>, %zu)", call, file, (int)(length > 0 ? length : 0), path, count);
		fclose(out);
	}
	return atoi(least);
}

ssize_t read(int file, void *buffer, size_t count)
{
	ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");

	return next(file, buffer, cut("read", file, count));
}

ssize_t pread(int file, void *buffer, size_t count, off_t offset)
{
	ssize_t (*next)(int, void *, size_t, off_t) = dlsym(RTLD_NEXT, "pread");

	return next(file, buffer, cut("pread", file, count), offset);
}

ssize_t pread64(int file, void *buffer, size_t count, off_t offset)
{
	return pread(file, buffer, count, offset);
}

ssize_t write(int file, const void *buffer, size_t count)
{
	ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");

	return next(file, buffer, cut("write", file, count));
}
