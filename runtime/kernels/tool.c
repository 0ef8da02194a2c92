/* A block as the tool itself maps it, where a kernel does not know what the tool does. */

#include "kernel.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int in_memory(void)
{
	int made = memfd_create("leash", MFD_CLOEXEC);
	if (made < 0)
		fail("memfd_create");
	return made;
}

struct span by_tool(char **argv, struct span span, struct room *room)
{
	int input = in_memory(), output = in_memory(), status;
	write_all(input, span.at, span.length);
	if (lseek(input, 0, SEEK_SET))
		fail("lseek");
	setenv("LC_ALL", "C", 1); /* kernels stand for tools in no other locale */
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, 0);
	posix_spawn_file_actions_adddup2(&actions, output, 1);
	pid_t child;
	errno = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (errno)
		fail(argv[0]);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			fail(argv[0]);
	if (status)
		fail(argv[0]);
	struct stat made;
	if (fstat(output, &made))
		fail("fstat");
	size_t length = (size_t)made.st_size;
	struct span found = {room_for(room, length), length};
	for (size_t done = 0; done < length;) {
		ssize_t got = pread(output, found.at + done, length - done, (off_t)done);
		if (got <= 0)
			fail("pread");
		done += (size_t)got;
	}
	close(input);
	close(output);
	return found;
}
