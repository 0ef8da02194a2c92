/* top COUNT [-n] [-r]: the first lines of what sort would write, so many of them.

   A heap holds the best so far, the last of them on top; few lines are more than compared with it. */

#include "kernel.h"

#include <stdlib.h>

struct place {
	struct line line;
	uint8_t *text;
	size_t room;
};

struct top {
	struct sink sink;
	struct order order;
	size_t most, count;
	struct place *places;
};

static bool after(const struct top *top, const struct line *a, const struct line *b)
{
	return order_compare(&top->order, a, b) > 0;
}

static void exchange(struct place *a, struct place *b)
{
	struct place held = *a;
	*a = *b;
	*b = held;
}

static void sink_down(struct top *top, size_t count)
{
	struct place *places = top->places;
	for (size_t at = 0, below; (below = 2 * at + 1) < count; at = below) {
		if (below + 1 < count && after(top, &places[below + 1].line, &places[below].line))
			below++;
		if (!after(top, &places[below].line, &places[at].line))
			break;
		exchange(&places[at], &places[below]);
	}
}

static void rise(struct top *top, size_t at)
{
	struct place *places = top->places;
	for (; at && after(top, &places[at].line, &places[(at - 1) / 2].line); at = (at - 1) / 2)
		exchange(&places[at], &places[(at - 1) / 2]);
}

static void keep(struct place *place, const struct line *line)
{
	if (line->length + PAD > place->room)
		place->text = grown(place->text, place->room = 2 * line->length + PAD);
	memcpy(place->text, line->at, line->length);
	memset(place->text + line->length, 0, PAD);
	place->line = (struct line){line->key, place->text, line->length};
}

static void top_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct top *top = (struct top *)sink;
	for (const uint8_t *end = bytes + length, *newline; bytes < end; bytes = newline + 1) {
		newline = memchr(bytes, '\n', (size_t)(end - bytes));
		struct line line = {0, bytes, (size_t)(newline - bytes)};
		line.key = order_key(&top->order, &line);
		if (top->count < top->most) {
			keep(&top->places[top->count], &line);
			rise(top, top->count++);
		} else if (after(top, &top->places->line, &line)) {
			keep(top->places, &line);
			sink_down(top, top->count);
		}
	}
}

static int top_end(struct sink *sink)
{
	struct top *top = (struct top *)sink;
	for (size_t left = top->count; left > 1;) { /* the last one goes to the end */
		exchange(top->places, &top->places[--left]);
		sink_down(top, left);
	}
	struct out *out = out_new(1);
	for (size_t at = 0; at < top->count; at++)
		out_line(out, top->places[at].line.at, top->places[at].line.length);
	out_end(out);
	for (size_t at = 0; at < top->most; at++)
		free(top->places[at].text);
	free(top->places);
	free(top);
	return 0;
}

struct sink *top_sink(size_t most, struct order order)
{
	struct top *top = grown(NULL, sizeof *top);
	*top = (struct top){.sink = {top_take, top_end, true},
	                    .order = order,
	                    .most = most,
	                    .places = grown(NULL, most * sizeof *top->places)};
	memset(top->places, 0, most * sizeof *top->places);
	return &top->sink;
}
