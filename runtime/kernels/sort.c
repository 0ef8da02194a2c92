/* sort MEMORY SCRATCH [-r] [-u] [with FILE]: what sort does with these flags in the C locale; -n: numeric.c.

   Lines are gathered up to MEMORY and put in order there; what is more goes to SCRATCH in runs
   which are merged in the end. Lines that compare as equal are the same bytes, so that no order
   among them could be seen. */

#include "kernel.h"

#include <stdlib.h>

enum { LINES = 1 << 12, MEMORY = 1 << 20 };

struct sort {
	struct sink sink;
	size_t memory;
	struct line *lines;
	size_t count, room;
	struct arena text;
	struct runs runs; /* and the order of all */
};

/* How many bytes there are with room for so many lines. */
static size_t bytes_with(const struct sort *sort, size_t room)
{
	return sort->text.bytes + room * sizeof *sort->lines;
}

static void write_lines(struct sink *sink, struct out *out, bool run)
{
	(void)run;
	struct sort *sort = (struct sort *)sink;
	lines_sort(sort->lines, sort->count);
	const struct line *last = NULL;
	for (size_t at = 0; at < sort->count; at++) {
		const struct line *line = sort->lines + (sort->runs.order.reverse ? sort->count - 1 - at : at);
		bool again = at && sort->runs.order.unique &&
		             !line_compare(line->at, line->length, last->at, last->length);
		if (!again)
			out_line(out, line->at, line->length);
		last = line;
	}
	sort->count = 0;
	arena_clear(&sort->text);
}

static void sort_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct sort *sort = (struct sort *)sink;
	size_t more = 0, room = sort->room;
	for (size_t at = 0; at < length; at++)
		more += bytes[at] == '\n';
	while (room < sort->count + more)
		room *= 2;
	if (sort->count && bytes_with(sort, room) + length + PAD > sort->memory)
		runs_add(&sort->runs, sink, write_lines);
	while (sort->room < sort->count + more)
		sort->lines = grown(sort->lines, (sort->room *= 2) * sizeof *sort->lines);
	uint8_t *text = arena_take(&sort->text, length + PAD);
	memcpy(text, bytes, length);
	memset(text + length, 0, PAD);
	for (const uint8_t *at = text, *end = text + length; at < end;) {
		const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
		sort->lines[sort->count++] = (struct line){0, at, (size_t)(newline - at)};
		at = newline + 1;
	}
}

static int sort_end(struct sink *sink)
{
	struct sort *sort = (struct sort *)sink;
	runs_end(&sort->runs, sink, write_lines);
	free(sort->lines);
	free(sort);
	return 0;
}

struct sink *sort_sink(size_t memory, const char *scratch, struct order order)
{
	struct sort *sort = grown(NULL, sizeof *sort);
	*sort = (struct sort){.sink = {sort_take, sort_end, true},
	                      .memory = memory > MEMORY ? memory : MEMORY,
	                      .runs = {.order = order, .scratch = scratch},
	                      .lines = grown(NULL, LINES * sizeof *sort->lines),
	                      .room = LINES};
	return &sort->sink;
}
