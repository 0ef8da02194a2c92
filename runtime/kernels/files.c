/* Files as memory: those that are given, and those without names for what memory does not hold. */

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 20 };

int temporary(const char *scratch)
{
	int made = open(scratch, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (made < 0) { /* not every file system has such */
		char path[4096];
		if ((size_t)snprintf(path, sizeof path, "%s/leash-XXXXXX", scratch) >= sizeof path)
			errno = ENAMETOOLONG;
		else if ((made = mkostemp(path, O_CLOEXEC)) >= 0)
			unlink(path);
	}
	if (made < 0)
		fail(scratch);
	return made;
}

struct file mapped(int descriptor)
{
	struct stat status;
	if (fstat(descriptor, &status))
		fail("fstat");
	struct file file = {0};
	size_t size = (size_t)status.st_size, page = (size_t)sysconf(_SC_PAGESIZE);
	if (size) {
		/* What is mapped around it can be read, too. */
		uint8_t *at = mmap(NULL, size + page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at == MAP_FAILED ||
		    mmap(at, size, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED)
			fail("mmap");
		file = (struct file){at, at + size};
	}
	close(descriptor);
	return file;
}

/* What can only be read on, where it can be mapped. */
static int copied(int pipe, const char *path, const char *scratch)
{
	int copy = temporary(scratch);
	uint8_t *block = grown(NULL, BLOCK);
	ssize_t got;
	while ((got = read(pipe, block, BLOCK)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			write_all(copy, block, (size_t)got);
	if (got < 0)
		fail(path);
	free(block);
	close(pipe);
	return copy;
}

struct file opened(const char *path, const char *scratch)
{
	int given = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (given < 0 || fstat(given, &status))
		fail(path);
	/* Of some files the size says nothing: 0. */
	bool plain = S_ISREG(status.st_mode) && status.st_size;
	return mapped(plain ? given : copied(given, path, scratch));
}

static uintptr_t page_of(const uint8_t *at)
{
	return (uintptr_t)at & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

void let_go(const uint8_t *begin, const uint8_t *end)
{
	madvise((void *)page_of(begin), page_of(end) - page_of(begin), MADV_DONTNEED);
}

void unmapped(const struct file *file)
{
	if (file->begin)
		munmap((void *)(uintptr_t)file->begin,
		       (size_t)(file->end - file->begin) + (size_t)sysconf(_SC_PAGESIZE));
}
