/* A kernel on whatever bytes, in this process, for libFuzzer; with -DREPLAY, on files.

   An input is a byte that picks a case of cases.h, a byte N, and data. The kernel's bytes and
   status have to be the same if the data come in reads of N + 1 bytes. `from` reads all but the
   first and the last N bytes, if there are so many. For `merge` N says into how
   many parts the data are cut, which a kernel puts in order first; two threads and a small
   buffer must make no difference. What ends the process is a finding, for the words are such as
   leashc gives. */

#include <stdlib.h>
#include <unistd.h>

#include "kernel.h"

static ssize_t read_given(int descriptor, void *to, size_t room);
static ssize_t pread_given(int descriptor, void *to, size_t room, off_t at);

static struct file opened_here(const char *path, const char *scratch);

#define main kernel_main
#define read read_given
#define pread pread_given
#define opened opened_here
#include "main.c"
#undef main
#undef read
#undef pread
#undef opened

#include <sys/mman.h>

enum { WORDS = 48, PARTS = 9 };

struct fuzz_case {
	char *words[WORDS], *sorts[WORDS]; /* sorts: what puts the parts of a merge in order */
};

#include "cases.h"

static struct {
	const uint8_t *at;
	size_t left, most;
} given;

static ssize_t read_given(int descriptor, void *to, size_t room)
{
	(void)descriptor;
	size_t got = given.left < room ? given.left : room;
	if (got > given.most)
		got = given.most;
	if (got)
		memcpy(to, given.at, got);
	given.at += got;
	given.left -= got;
	return (ssize_t)got;
}

static ssize_t pread_given(int descriptor, void *to, size_t room, off_t at)
{
	const uint8_t *begin = given.at;
	size_t left = given.left;
	given.at += at;
	given.left -= (size_t)at;
	ssize_t got = read_given(descriptor, to, room);
	given.at = begin;
	given.left = left;
	return got;
}

/* A hash without chance, so that what is in the order of a table is so again. */
ssize_t getrandom(void *to, size_t length, unsigned flags)
{
	(void)flags;
	memset(to, 'x', length);
	return (ssize_t)length;
}

struct text {
	uint8_t *bytes;
	size_t length;
	int status;
};

static int memory_file(void)
{
	int made = memfd_create("fuzz", 0);
	if (made < 0)
		fail("memfd_create");
	return made;
}

static struct file open_files[PARTS];
static size_t open_count;

static struct file opened_here(const char *path, const char *scratch)
{
	return open_files[open_count++] = opened(path, scratch);
}

/* What ends with a kernel's process would pile up here. Maps of whole records have room. */
static void let_all_go(void)
{
	struct roomy {
		struct map map;
		struct room room;
	};
	while (map_count) {
		struct map *map = maps[--map_count];
		if (map->records)
			free(((struct roomy *)map)->room.bytes);
		free(map);
	}
	while (open_count)
		unmapped(&open_files[--open_count]);
}

/* What a kernel writes, where standard output is a file in memory. */
static struct text output_of(char **words, const uint8_t *data, size_t length, size_t most)
{
	char *argv[WORDS + PARTS + 1] = {(char[]){"leash-kernel"}};
	int count = 1;
	for (; words[count - 1]; count++)
		argv[count] = words[count - 1];
	memset(&input, 0, sizeof input);
	given.at = data;
	given.left = length;
	given.most = most;
	if (ftruncate(1, 0) || lseek(1, 0, SEEK_SET))
		fail("output");
	struct text text = {.status = kernel_main(count, argv)};
	let_all_go();
	text.length = (size_t)lseek(1, 0, SEEK_END);
	text.bytes = grown(NULL, text.length + 1);
	if (pread(1, text.bytes, text.length, 0) != (ssize_t)text.length)
		fail("output");
	return text;
}

static void same(struct text a, struct text b)
{
	if (a.status != b.status || a.length != b.length || memcmp(a.bytes, b.bytes, a.length)) {
		fputs("the result depends on how the input is read\n", stderr);
		abort();
	}
	free(b.bytes);
}

/* The parts, each in order, merged. */
static struct text merged(struct fuzz_case *how, const uint8_t *data, size_t length, size_t parts)
{
	char *argv[WORDS + PARTS + 1], paths[PARTS][32];
	int files[PARTS], count = 0;
	for (; how->words[count]; count++)
		argv[count] = how->words[count];
	for (size_t at = 0; at < parts; at++) {
		size_t begin = length * at / parts, end = length * (at + 1) / parts;
		struct text part = output_of(how->sorts, data + begin, end - begin, SIZE_MAX);
		files[at] = memory_file();
		write_all(files[at], part.bytes, part.length);
		free(part.bytes);
		snprintf(paths[at], sizeof paths[at], "/proc/self/fd/%d", files[at]);
		argv[count++] = paths[at];
	}
	argv[count] = NULL;
	struct text text = output_of(argv, data, 0, 1);
	char two[] = "2", byte[] = "1";
	argv[1] = two;
	argv[2] = byte;
	same(text, output_of(argv, data, 0, 1));
	for (size_t at = 0; at < parts; at++)
		close(files[at]);
	return text;
}

static struct text result(const uint8_t *bytes, size_t length)
{
	struct fuzz_case *how = &cases[bytes[0] % (sizeof cases / sizeof *cases)];
	if (*how->sorts)
		return merged(how, bytes + 2, length - 2, bytes[1] % PARTS + 1);
	char begin[24], end[24];
	if (!strcmp(*how->words, "from")) {
		size_t most = length - 2, cut = 2 * (size_t)bytes[1] < most ? bytes[1] : most / 2;
		snprintf(begin, sizeof begin, "%zu", cut);
		snprintf(end, sizeof end, "%zu", most - cut);
		how->words[1] = begin;
		how->words[2] = end;
	}
	struct text text = output_of(how->words, bytes + 2, length - 2, SIZE_MAX);
	same(text, output_of(how->words, bytes + 2, length - 2, (size_t)bytes[1] + 1));
	return text;
}

#ifdef REPLAY

/* For each file `STATUS LENGTH` and the bytes. */
int main(int argc, char **argv)
{
	int output = dup(1);
	dup2(memory_file(), 1);
	for (int at = 1; at < argc; at++) {
		struct file file = opened(argv[at], "/tmp");
		fprintf(stderr, "%s\n", argv[at]);
		if (file.end - file.begin < 2)
			fail("an input is two bytes at least");
		/* Exactly so many bytes, lest what is read behind them be missed. */
		size_t length = (size_t)(file.end - file.begin);
		uint8_t *bytes = grown(NULL, length);
		memcpy(bytes, file.begin, length);
		struct text text = result(bytes, length);
		char head[64];
		int digits = snprintf(head, sizeof head, "%d %zu\n", text.status, text.length);
		write_all(output, (uint8_t *)head, (size_t)digits);
		write_all(output, text.bytes, text.length);
		free(text.bytes);
		free(bytes);
		unmapped(&file);
	}
	return 0;
}

#else

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return dup2(memory_file(), 1) < 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length >= 2)
		free(result(bytes, length).bytes);
	return 0;
}

#endif
