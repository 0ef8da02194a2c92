/* Runs of lines, each in order, become one: a heap of their first records. */

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

struct run {
	FILE *file;
	char *record;
	size_t room;
	const uint8_t *line;
	size_t length;
	uint64_t count;
};

/* Go on to the next record; false at the end, where the file is closed. */
static bool next(struct run *run, const struct order *order)
{
	ssize_t length = getline(&run->record, &run->room, run->file);
	if (length < 0) {
		if (ferror(run->file))
			fail("read error");
		fclose(run->file);
		free(run->record);
		return false;
	}
	char *line = run->record, *end = run->record + length;
	if (order->counted) {
		run->count = strtoull(run->record, &line, 10);
		if (line++ == run->record || line[-1] != ' ') {
			errno = EINVAL;
			fail("a record without a count");
		}
	}
	run->line = (const uint8_t *)line;
	run->length = (size_t)(end - line) - (end[-1] == '\n');
	return true;
}

static int compare(const struct order *order, const struct run *a, const struct run *b)
{
	int found = order->numeric ? number_compare(a->line, a->length, b->line, b->length)
	                           : line_compare(a->line, a->length, b->line, b->length);
	return order->reverse ? -found : found;
}

/* Let the run at a place sink to where none below it comes before it. */
static void settle(const struct order *order, struct run *heap, size_t count, size_t at)
{
	for (size_t below; (below = 2 * at + 1) < count; at = below) {
		if (below + 1 < count && compare(order, &heap[below + 1], &heap[below]) < 0)
			below++;
		if (compare(order, &heap[at], &heap[below]) <= 0)
			return;
		struct run held = heap[at];
		heap[at] = heap[below];
		heap[below] = held;
	}
}

/* Write the first record, equal ones counted together, and go on in their runs. How many are left. */
static size_t write_first(const struct order *order, struct run *heap, size_t left, struct out *out)
{
	static uint8_t *line;
	static size_t room;
	size_t length = heap[0].length;
	if (length >= room)
		line = grown(line, room = 2 * length + 2);
	memcpy(line, heap[0].line, length);
	line[length] = '\n';
	uint64_t count = 0;
	do {
		count += heap[0].count;
		if (!next(&heap[0], order))
			heap[0] = heap[--left];
		settle(order, heap, left, 0);
	} while ((order->counted || order->unique) && left && !line_compare(line, length, heap[0].line, heap[0].length));
	if (order->counted && !order->plain)
		out_record(out, count, line, length);
	else
		out_bytes(out, line, length + 1);
	return left;
}

/* The files are read from their beginnings and closed. */
void merge(FILE *const files[], size_t count, const struct order *order, struct out *out)
{
	struct run *heap = grown(NULL, (count + 1) * sizeof *heap);
	size_t left = 0;
	for (size_t at = 0; at < count; at++) {
		struct run run = {.file = files[at]};
		if (next(&run, order))
			heap[left++] = run;
	}
	for (size_t at = left; at-- > 0;)
		settle(order, heap, left, at);
	while (left)
		left = write_first(order, heap, left, out);
	free(heap);
}

/* A file without a name, gone with the process; it is written by its descriptor, then read. */
FILE *temporary(const char *scratch)
{
	int made = open(scratch, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (made < 0) { /* not every file system has such */
		char path[4096];
		if ((size_t)snprintf(path, sizeof path, "%s/leash-XXXXXX", scratch) >= sizeof path)
			errno = ENAMETOOLONG;
		else if ((made = mkostemp(path, O_CLOEXEC)) >= 0)
			unlink(path);
	}
	FILE *file = made < 0 ? NULL : fdopen(made, "r+");
	if (!file)
		fail(scratch);
	return file;
}
