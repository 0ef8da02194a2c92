/* Memory, failures and output. */

#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

_Noreturn void fail(const char *what)
{
	fprintf(stderr, "leash-kernel: %s: %s\n", what, strerror(errno));
	exit(2);
}

void *grown(void *memory, size_t bytes)
{
	void *found = realloc(memory, bytes);
	if (!found)
		fail("memory");
	return found;
}

/* Tables are looked at all over, so they had better be in large pages, where a system has them.
   What grows had better not: such pages are moved piece by piece. */
void *cleared(size_t bytes)
{
	enum { PAGE = 2 << 20 };
	uint8_t *found = calloc(bytes, 1);
	if (!found)
		fail("memory");
	uint8_t *page = found + (PAGE - (uintptr_t)found % PAGE);
	if (bytes > 2 * PAGE)
		madvise(page, bytes - (size_t)(page - found), MADV_HUGEPAGE);
	return found;
}

uint8_t *room_for(struct room *room, size_t bytes)
{
	if (bytes + PAD > room->size) {
		free(room->bytes); /* what it held is done with */
		room->size = 2 * bytes + PAD;
		room->bytes = grown(NULL, 1 + room->size);
		*room->bytes = '\n';
	}
	return room->bytes + 1;
}

enum { CHUNK = 64 << 10, OUT = 128 << 10 };

struct chunk {
	struct chunk *before;
	size_t size;
	uint8_t bytes[];
};

uint8_t *arena_take(struct arena *arena, size_t bytes)
{
	bytes = (bytes + 7) & ~(size_t)7;
	if (bytes > arena->left) {
		size_t size = bytes > CHUNK ? bytes : CHUNK;
		struct chunk *chunk = grown(NULL, sizeof *chunk + size);
		*chunk = (struct chunk){.before = arena->chunks, .size = size};
		arena->chunks = chunk;
		arena->left = size;
		arena->bytes += size;
	}
	arena->left -= bytes;
	return arena->chunks->bytes + (arena->chunks->size - arena->left - bytes);
}

void arena_clear(struct arena *arena)
{
	while (arena->chunks) {
		struct chunk *before = arena->chunks->before;
		free(arena->chunks);
		arena->chunks = before;
	}
	*arena = (struct arena){0};
}

static bool written(int descriptor, const uint8_t *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(descriptor, bytes, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		length -= (size_t)done;
	}
	return true;
}

void write_all(int descriptor, const uint8_t *bytes, size_t length)
{
	if (!written(descriptor, bytes, length))
		fail("write error");
}

struct out {
	int descriptor;
	void (*wait)(const void *);
	const void *given;
	size_t used, size;
	uint8_t bytes[];
};

struct out *out_in_turn(int descriptor, size_t bytes, void (*wait)(const void *), const void *given)
{
	size_t size = bytes > OUT ? bytes : OUT;
	struct out *out = grown(NULL, sizeof *out + size);
	out->descriptor = descriptor;
	out->wait = wait;
	out->given = given;
	out->used = 0;
	out->size = size;
	return out;
}

struct out *out_new(int descriptor)
{
	return out_in_turn(descriptor, OUT, NULL, NULL);
}

static void out_write(struct out *out, const uint8_t *bytes, size_t length)
{
	if (out->wait && length)
		out->wait(out->given);
	write_all(out->descriptor, bytes, length);
}

void out_flush(struct out *out)
{
	out_write(out, out->bytes, out->used);
	out->used = 0;
}

void out_bytes(struct out *out, const uint8_t *bytes, size_t length)
{
	if (length > out->size - out->used) {
		out_flush(out);
		if (length > out->size) {
			out_write(out, bytes, length);
			return;
		}
	}
	memcpy(out->bytes + out->used, bytes, length);
	out->used += length;
}

void out_line(struct out *out, const uint8_t *line, size_t length)
{
	if (length >= out->size - out->used) {
		out_bytes(out, line, length);
		out_bytes(out, (const uint8_t *)"\n", 1);
		return;
	}
	memcpy(out->bytes + out->used, line, length);
	out->bytes[out->used + length] = '\n';
	out->used += length + 1;
}

enum { DIGITS = 20 };

/* The number in decimal and a space, at the end of `to`; how many digits. */
static size_t decimal(uint8_t to[DIGITS + 1], uint64_t number)
{
	size_t at = DIGITS;
	to[at] = ' ';
	do
		to[--at] = (uint8_t)('0' + number % 10);
	while (number /= 10);
	return DIGITS - at;
}

void out_number(struct out *out, uint64_t number)
{
	uint8_t text[DIGITS + 1];
	size_t digits = decimal(text, number);
	out_bytes(out, text + DIGITS - digits, digits);
}

void out_count(struct out *out, uint64_t count)
{
	enum { COLUMN = 7 };
	uint8_t text[DIGITS + 1];
	memset(text, ' ', sizeof text);
	size_t digits = decimal(text, count), width = digits < COLUMN ? COLUMN : digits;
	out_bytes(out, text + DIGITS - width, width + 1);
}

void out_end(struct out *out)
{
	out_flush(out);
	free(out);
}

/* Nothing waits: an idle stream has been passed on. What writes to where the shell's command would
   write fails as that does. */
static const char *writer;

static void write_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	(void)sink;
	if (!written(1, bytes, length)) {
		fprintf(stderr, "%s: write error: %s\n", writer, strerror(errno));
		exit(1);
	}
}

static int write_end(struct sink *sink)
{
	(void)sink;
	return 0;
}

struct sink *write_sink(const char *name)
{
	static struct sink sink = {write_take, write_end, false};
	writer = name;
	return &sink;
}
