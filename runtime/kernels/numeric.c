/* sort MEMORY SCRATCH -n [-r] [with FILE]: what sort does with these flags in the C locale.

   Most numbers are small: the lines of each such number are kept together as they come, and are
   looked at again only if they did not come in order, as what `uniq -c` prints does. Lines with
   other numbers are put in order by their keys. What is more than MEMORY goes to SCRATCH in runs. */

#include "kernel.h"

#include <stdlib.h>

enum {
	SMALL = 1 << 8,    /* whole numbers below this have a bucket */
	PIECE = 1 << 8,    /* bytes of a bucket's first piece; each is twice as large as the last, */
	LARGEST = 1 << 20, /* up to this */
	LINES = 1 << 12,
	MEMORY = 1 << 20,
};

struct piece {
	struct piece *before;
	size_t used, size;
	uint8_t bytes[];
};

/* Lines, each with its newline, that begin with one number. */
struct bucket {
	struct piece *last;
	struct line line; /* the last one */
	size_t lines;
	bool mixed; /* not all are in order */
};

struct numeric {
	struct sink sink;
	size_t memory, bytes; /* bytes: of all pieces */
	size_t mixed;         /* lines of the largest bucket that is, for they are put in order */
	struct bucket buckets[SMALL];
	struct line *lines; /* of other numbers */
	size_t count, room;
	struct arena text;
	struct runs runs; /* and the order of all */
};

static void keep(struct numeric *numeric, struct bucket *bucket, const struct line *line, bool mixed)
{
	struct piece *piece = bucket->last;
	if (!piece || piece->size - piece->used < line->length + 1) {
		size_t size = !piece ? PIECE : piece->size < LARGEST ? 2 * piece->size : LARGEST;
		size = size > line->length ? size : line->length + 1;
		piece = grown(NULL, sizeof *piece + size + PAD);
		*piece = (struct piece){.before = bucket->last, .size = size};
		bucket->last = piece;
		numeric->bytes += size;
	}
	uint8_t *at = piece->bytes + piece->used;
	memcpy(at, line->at, line->length);
	at[line->length] = '\n';
	bucket->mixed = mixed;
	bucket->line = (struct line){line->key, at, line->length};
	bucket->lines++;
	if (mixed && bucket->lines > numeric->mixed)
		numeric->mixed = bucket->lines;
	piece->used += line->length + 1;
}

static void write_in_order(const struct piece *piece, struct out *out)
{
	if (piece) {
		write_in_order(piece->before, out);
		out_bytes(out, piece->bytes, piece->used);
	}
}

static void write_reversed(const struct piece *piece, struct out *out)
{
	for (; piece; piece = piece->before)
		for (size_t end = piece->used, begin; end; end = begin) {
			const uint8_t *newline = memrchr(piece->bytes, '\n', end - 1);
			begin = newline ? (size_t)(newline - piece->bytes) + 1 : 0;
			out_bytes(out, piece->bytes + begin, end - begin);
		}
}

static void write_bucket(const struct bucket *bucket, struct out *out, bool reverse)
{
	if (!bucket->mixed && reverse) {
		write_reversed(bucket->last, out);
	} else if (!bucket->mixed) {
		write_in_order(bucket->last, out);
	} else {
		struct line *lines = grown(NULL, bucket->lines * sizeof *lines), *line = lines;
		for (const struct piece *piece = bucket->last; piece; piece = piece->before)
			for (const uint8_t *at = piece->bytes, *end = at + piece->used; at < end; line++) {
				const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
				*line = (struct line){0, at, (size_t)(newline - at)};
				at = newline + 1;
			}
		lines_sort(lines, bucket->lines);
		for (size_t at = 0; at < bucket->lines; at++) {
			line = &lines[reverse ? bucket->lines - 1 - at : at];
			out_line(out, line->at, line->length);
		}
		free(lines);
	}
}

static void empty(struct bucket *bucket)
{
	while (bucket->last) {
		struct piece *before = bucket->last->before;
		free(bucket->last);
		bucket->last = before;
	}
	*bucket = (struct bucket){0};
}

/* Each bucket takes the place of one line, which is nowhere; there is room for them. */
static void write_lines(struct sink *sink, struct out *out, bool run)
{
	(void)run;
	struct numeric *numeric = (struct numeric *)sink;
	bool reverse = numeric->runs.order.reverse;
	for (size_t number = 0; number < SMALL; number++)
		if (numeric->buckets[number].lines)
			numeric->lines[numeric->count++] = (struct line){key_of_whole(number), NULL, number};
	numbers_sort(numeric->lines, numeric->count);
	for (size_t at = 0; at < numeric->count; at++) {
		const struct line *line = &numeric->lines[reverse ? numeric->count - 1 - at : at];
		if (line->at) {
			out_line(out, line->at, line->length);
		} else {
			write_bucket(&numeric->buckets[line->length], out, reverse);
			empty(&numeric->buckets[line->length]);
		}
	}
	arena_clear(&numeric->text);
	numeric->bytes = numeric->mixed = numeric->count = 0;
}

/* Lines of other numbers need as much again while they are put in order; those of a bucket, only
   if they are mixed. */
static size_t bytes_with(const struct numeric *numeric, size_t room, size_t mixed)
{
	return numeric->bytes + numeric->text.bytes + (2 * room + mixed) * sizeof *numeric->lines;
}

static void add(struct numeric *numeric, struct line line)
{
	line.key = number_key(&line);
	size_t number = whole_of_key(line.key), most = numeric->mixed;
	struct bucket *bucket = number < SMALL ? &numeric->buckets[number] : NULL;
	bool mixed = bucket && bucket->lines &&
	             (bucket->mixed || lines_compare(&bucket->line, &line, 0) > 0);
	if (mixed && bucket->lines >= most)
		most = bucket->lines + 1;
	bool full = !bucket && numeric->count + SMALL == numeric->room;
	size_t bytes = bytes_with(numeric, numeric->room << full, most) + line.length + PAD;
	if (bytes > numeric->memory && (numeric->bytes || numeric->count)) {
		runs_add(&numeric->runs, &numeric->sink, write_lines);
		mixed = full = false;
	}
	if (bucket) {
		keep(numeric, bucket, &line, mixed);
		return;
	}
	if (full)
		numeric->lines = grown(numeric->lines, (numeric->room *= 2) * sizeof line);
	uint8_t *text = arena_take(&numeric->text, line.length + PAD);
	memcpy(text, line.at, line.length);
	memset(text + line.length, 0, PAD);
	line.at = text;
	numeric->lines[numeric->count++] = line;
}

static void numeric_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	for (const uint8_t *end = bytes + length, *newline; bytes < end; bytes = newline + 1) {
		newline = memchr(bytes, '\n', (size_t)(end - bytes));
		add((struct numeric *)sink, (struct line){0, bytes, (size_t)(newline - bytes)});
	}
}

static int numeric_end(struct sink *sink)
{
	struct numeric *numeric = (struct numeric *)sink;
	runs_end(&numeric->runs, sink, write_lines);
	free(numeric->lines);
	free(numeric);
	return 0;
}

struct sink *numeric_sink(size_t memory, const char *scratch, struct order order)
{
	struct numeric *numeric = cleared(sizeof *numeric);
	numeric->sink = (struct sink){numeric_take, numeric_end, true};
	numeric->memory = memory > MEMORY ? memory : MEMORY;
	numeric->runs.order = order;
	numeric->runs.scratch = scratch;
	numeric->room = LINES + SMALL;
	numeric->lines = grown(NULL, numeric->room * sizeof *numeric->lines);
	return &numeric->sink;
}
