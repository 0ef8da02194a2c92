/* count MEMORY SCRATCH: what `sort | uniq -c` prints in the C locale, by counting before sorting;
   distinct MEMORY SCRATCH: what `sort -u` prints.
   rows MEMORY SCRATCH: the counts of an awk array, for whoever adds them up.

   Lines are counted in a hash table. One that would outgrow MEMORY is written to SCRATCH as a run,
   in order, and a new one begun; in the end the runs are merged. Rows need no order, so they are
   written out at once. Where lines hardly come again but their words do, they are coded instead
   (coded.c); where neither does and nothing is to be counted, they are sorted. */

#include "hash.h"

#include <stdlib.h>
#include <sys/random.h>

enum {
	SLOTS = 1 << 12,  /* of an empty table */
	MEMORY = 1 << 20, /* at least, lest it do nothing but write runs */
	SEEN = 1 << 16,   /* lines until it is decided whether they come again */
};

/* A line in an arena: how often it was seen, then its bytes. A slot's key is its hash. */
struct count {
	struct sink sink;
	enum counted how;
	size_t memory;
	struct out *rows;
	struct line *slots;
	size_t size, used; /* slots, a power of two, and how many of them are taken */
	struct arena lines;
	struct runs runs;
	uint64_t seed;
	size_t seen; /* lines, until it is decided */
	struct sink *other; /* what takes the lines instead */
};

/* The hash and the length of the line that begins here; a newline must follow. */
static uint64_t hash_line(uint64_t hash, const uint8_t *at, size_t *length)
{
	static const uint64_t ones = 0x0101010101010101U;
	for (const uint8_t *from = at;; at += 8) {
		uint64_t word = word_at(at), differs = word ^ ones * '\n';
		uint64_t newline = (differs - ones) & ~differs & ones << 7; /* the lowest bit is sure */
		if (newline) {
			int bits = __builtin_ctzll(newline) - 7;
			*length = (size_t)(at - from) + (size_t)bits / 8;
			word = bits ? word << (64 - bits) : 0;
			return mixed(mixed(hash, word), *length);
		}
		hash = mixed(hash, word);
	}
}

static uint64_t *counter_of(const struct line *slot)
{
	return (uint64_t *)(uintptr_t)(slot->at - sizeof(uint64_t));
}

/* Where a line is, or where it belongs. */
static struct line *find(const struct count *count, uint64_t hash, const uint8_t *at, size_t length)
{
	size_t mask = count->size - 1, place = hash & mask;
	for (;; place = (place + 1) & mask) {
		struct line *slot = &count->slots[place];
		if (!slot->at)
			return slot;
		if (slot->key == hash && slot->length == length && !memcmp(slot->at, at, length))
			return slot;
	}
}

static void clear(struct count *count)
{
	arena_clear(&count->lines);
	free(count->slots);
	count->slots = cleared((count->size = SLOTS) * sizeof *count->slots);
	count->used = 0;
}

/* But for rows in the order of the lines. */
static void write_counts(struct sink *sink, struct out *out, bool run)
{
	struct count *count = (struct count *)sink;
	enum counted how = run ? COUNTS : count->how;
	size_t used = 0;
	for (size_t at = 0; at < count->size; at++)
		if (count->slots[at].at)
			count->slots[used++] = count->slots[at];
	if (how != ROWS)
		lines_sort(count->slots, used);
	for (size_t at = 0; at < used; at++) {
		const struct line *line = &count->slots[at];
		if (how == COUNTS) {
			out_count(out, *counter_of(line));
		} else if (how == ROWS) {
			out_number(out, *counter_of(line));
			out_bytes(out, (const uint8_t *)" 0 ", 3);
		}
		out_line(out, line->at, line->length);
	}
}

static void spill(struct count *count)
{
	if (count->how == ROWS)
		write_counts(&count->sink, count->rows, false);
	else
		runs_add(&count->runs, &count->sink, write_counts);
	clear(count);
}

static void grow(struct count *count)
{
	struct line *old = count->slots;
	size_t size = count->size;
	count->slots = cleared((count->size = 2 * size) * sizeof *count->slots);
	for (size_t at = 0; at < size; at++)
		if (old[at].at) {
			size_t place = old[at].key & (count->size - 1);
			while (count->slots[place].at)
				place = (place + 1) & (count->size - 1);
			count->slots[place] = old[at];
		}
	free(old);
}

static void add(struct count *count, uint64_t hash, const uint8_t *at, size_t length)
{
	struct line *slot = find(count, hash, at, length);
	if (!slot->at) {
		bool full = 2 * (count->used + 1) > count->size;
		size_t slots = (full ? 3 : 1) * count->size * sizeof *slot; /* both, while it grows */
		if (count->used && slots + count->lines.bytes + length > count->memory)
			spill(count);
		else if (full)
			grow(count);
		slot = find(count, hash, at, length);
		uint8_t *taken = arena_take(&count->lines, sizeof(uint64_t) + length + PAD);
		memset(taken, 0, sizeof(uint64_t));
		memcpy(taken + sizeof(uint64_t), at, length);
		memset(taken + sizeof(uint64_t) + length, 0, PAD);
		*slot = (struct line){hash, taken + sizeof(uint64_t), length};
		count->used++;
	}
	++*counter_of(slot);
}

/* Hand on to another sink what there is, as often as it was seen. */
static struct sink *given(const struct count *count, struct sink *to)
{
	for (size_t at = 0; at < count->size; at++) {
		const struct line *slot = &count->slots[at];
		for (uint64_t times = slot->at ? *counter_of(slot) : 0; times; times--) {
			/* A newline has room where the padding is. */
			*(uint8_t *)(uintptr_t)(slot->at + slot->length) = '\n';
			to->take(to, slot->at, slot->length + 1);
		}
	}
	return to;
}

/* See whether something else does better, as lines hardly come again. */
static void reconsider(struct count *count)
{
	const char *scratch = count->runs.scratch;
	struct sink *coded = coded_sink(count->memory, scratch, count->how, count->seed);
	if (4 * coded_words(given(count, coded)) < 3 * count->used) {
		count->other = coded;
	} else {
		coded_dropped(coded);
		if (count->how == DISTINCT && 4 * count->used > 3 * count->seen)
			count->other =
			    given(count, sort_sink(count->memory, scratch, (struct order){.unique = true}));
	}
	if (count->other)
		clear(count);
}

static void count_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct count *count = (struct count *)sink;
	if (count->other) {
		count->other->take(count->other, bytes, length);
		return;
	}
	size_t lines = 0;
	for (const uint8_t *end = bytes + length; bytes < end; lines++) {
		size_t line;
		uint64_t hash = hash_line(count->seed, bytes, &line);
		add(count, hash, bytes, line);
		bytes += line + 1;
	}
	if (count->how == ROWS || count->runs.count || count->seen >= SEEN)
		return;
	count->seen += lines;
	if (count->seen >= SEEN && 2 * count->used > count->seen)
		reconsider(count);
}

static int count_end(struct sink *sink)
{
	struct count *count = (struct count *)sink;
	if (count->other) {
		count->other->end(count->other);
	} else if (count->rows) {
		write_counts(sink, count->rows, false);
		out_end(count->rows);
	} else {
		runs_end(&count->runs, sink, write_counts);
	}
	arena_clear(&count->lines);
	free(count->slots);
	free(count);
	return 0;
}

struct sink *count_sink(size_t memory, const char *scratch, enum counted how)
{
	struct count *count = grown(NULL, sizeof *count);
	*count = (struct count){
	    .sink = {count_take, count_end, true},
	    .how = how,
	    .memory = memory > MEMORY ? memory : MEMORY,
	    .rows = how == ROWS ? out_new(1) : NULL,
	    .runs = {.order = {.counted = true, .plain = how == DISTINCT}, .scratch = scratch}};
	if (getrandom(&count->seed, sizeof count->seed, 0) != sizeof count->seed)
		fail("getrandom");
	clear(count);
	return &count->sink;
}
