/* Lines of two words that come again and again, though the lines may not, as bi-grams do: what
   `sort | uniq -c` or `sort -u` prints of them in the C locale.

   A line is cut behind its first blank. Each half is a word with a number, so that a line is a
   code of 64 bits, and a radix sort of codes orders and counts the lines. No first half begins
   another but one that is a whole line, so lines are in the order of their first halves, then of
   their second ones. When words and codes would outgrow MEMORY, they are written as a run, and
   begun anew. */

#include "hash.h"
#include "scan.h"

#include <stdlib.h>

enum {
	WORDS = 1 << 12, /* slots of an empty dictionary, a power of two */
	CODES = 1 << 14, /* lines that there is room for at first */
	DIGIT = 12,      /* bits by which codes are dealt at a time */
};

/* Bytes, at most; so many hold fewer words than there are numbers. */
static const size_t MOST = (size_t)64 << 30;

/* What half a hash leads to: the number of a word, from 1; 0 is none. */
struct slot {
	uint32_t hash, word;
};

struct coded {
	struct sink sink;
	enum counted how;
	uint64_t seed;
	size_t memory;
	struct runs runs;
	struct slot *slots;
	size_t size;        /* of slots, a power of two */
	struct line *words; /* in an arena, each with its number before it, as eight bytes */
	uint32_t *follows;  /* which first half was last behind it as a second one, from 1, or 0 */
	struct arena texts;
	uint32_t used;
	uint64_t *codes; /* the number of the first half above that of the second */
	size_t count, room;
};

static void begin(struct coded *coded)
{
	coded->slots = cleared((coded->size = WORDS) * sizeof *coded->slots);
	coded->words = grown(NULL, WORDS / 2 * sizeof *coded->words);
	coded->follows = grown(NULL, WORDS / 2 * sizeof *coded->follows);
	coded->codes = grown(NULL, (coded->room = CODES) * sizeof *coded->codes);
	coded->used = 0;
	coded->count = 0;
}

static void forget(struct coded *coded)
{
	arena_clear(&coded->texts);
	free(coded->slots);
	free(coded->words);
	free(coded->follows);
	free(coded->codes);
}

/* Bytes with a dictionary of so many slots, half as many words, and room for so many codes. Words
   are put in order and ranked beside it, and codes are dealt from one place to another. */
static size_t bytes_with(const struct coded *coded, size_t size, size_t room)
{
	size_t word = sizeof *coded->slots + sizeof *coded->words + sizeof *coded->follows;
	return size * word + coded->texts.bytes + 2 * room * sizeof *coded->codes;
}

static void more_slots(struct coded *coded)
{
	struct slot *old = coded->slots;
	size_t size = coded->size;
	coded->slots = cleared((coded->size = 2 * size) * sizeof *coded->slots);
	coded->words = grown(coded->words, size * sizeof *coded->words);
	coded->follows = grown(coded->follows, size * sizeof *coded->follows);
	for (size_t at = 0; at < size; at++)
		if (old[at].word) {
			size_t place = old[at].hash & (coded->size - 1);
			while (coded->slots[place].word)
				place = (place + 1) & (coded->size - 1);
			coded->slots[place] = old[at];
		}
	free(old);
}

static bool same(const struct line *a, const struct line *b)
{
	return a->key == b->key && a->length == b->length &&
	       (a->length <= 8 || !memcmp(a->at + 8, b->at + 8, a->length - 8));
}

static uint64_t number_of(struct coded *coded, const struct line *word)
{
	uint32_t hash = (uint32_t)hash_bytes(coded->seed, word->at, word->length);
	size_t mask = coded->size - 1, place = hash & mask;
	for (const struct slot *slot; (slot = &coded->slots[place])->word; place = (place + 1) & mask)
		if (slot->hash == hash && same(&coded->words[slot->word - 1], word))
			return slot->word - 1;
	uint64_t number = coded->used++;
	uint8_t *text = arena_take(&coded->texts, sizeof number + word->length + PAD);
	memcpy(text, &number, sizeof number);
	memcpy(text + sizeof number, word->at, word->length);
	memset(text + sizeof number + word->length, 0, PAD);
	coded->words[number] = (struct line){word->key, text + sizeof number, word->length};
	coded->follows[number] = 0;
	coded->slots[place] = (struct slot){hash, coded->used};
	if (2 * ((size_t)coded->used + 1) > coded->size)
		more_slots(coded);
	return number;
}

/* The words in order; ranks: where each is there, by its number. */
static struct line *in_order(const struct coded *coded, uint32_t **ranks)
{
	struct line *words = grown(NULL, coded->used * sizeof *words + 1);
	*ranks = grown(NULL, coded->used * sizeof **ranks + 1);
	memcpy(words, coded->words, coded->used * sizeof *words);
	lines_sort(words, coded->used);
	for (uint32_t at = 0; at < coded->used; at++)
		(*ranks)[word_at(words[at].at - sizeof(uint64_t))] = at;
	return words;
}

static void sort_codes(struct coded *coded, int bits)
{
	uint64_t *from = coded->codes, *to = grown(NULL, coded->room * sizeof *to);
	for (int shift = 0; shift < bits; shift += DIGIT) {
		size_t starts[(1 << DIGIT) + 1] = {0};
		const uint64_t digit = (1 << DIGIT) - 1;
		for (size_t at = 0; at < coded->count; at++)
			starts[(from[at] >> shift & digit) + 1]++;
		for (size_t part = 0; part < digit; part++)
			starts[part + 1] += starts[part];
		for (size_t at = 0; at < coded->count; at++)
			to[starts[from[at] >> shift & digit]++] = from[at];
		uint64_t *done = to;
		to = from;
		from = done;
	}
	coded->codes = from;
	free(to);
}

static void write_lines(struct sink *sink, struct out *out, bool run)
{
	struct coded *coded = (struct coded *)sink;
	uint32_t *ranks;
	struct line *words = in_order(coded, &ranks);
	int bits = 1;
	while (coded->used >> bits)
		bits++;
	uint64_t *codes = coded->codes;
	for (size_t at = 0; at < coded->count; at++)
		codes[at] = (uint64_t)ranks[codes[at] >> 32] << bits | ranks[(uint32_t)codes[at]];
	sort_codes(coded, 2 * bits);
	codes = coded->codes;
	for (size_t at = 0, next; at < coded->count; at = next) {
		for (next = at + 1; next < coded->count && codes[next] == codes[at];)
			next++;
		const struct line *first = &words[codes[at] >> bits];
		const struct line *second = &words[codes[at] & (((uint64_t)1 << bits) - 1)];
		if (run || coded->how == COUNTS)
			out_count(out, next - at);
		out_bytes(out, first->at, first->length);
		out_line(out, second->at, second->length);
	}
	free(words);
	free(ranks);
}

static void spill(struct coded *coded)
{
	runs_add(&coded->runs, &coded->sink, write_lines);
	forget(coded);
	begin(coded);
}

/* In pairs of neighbours the word that came second is the one that now comes first. */
static uint64_t first_number(struct coded *coded, const struct line *word)
{
	if (!coded->count)
		return number_of(coded, word);
	uint32_t last = (uint32_t)coded->codes[coded->count - 1], guess = coded->follows[last];
	if (guess && same(&coded->words[guess - 1], word))
		return guess - 1;
	uint64_t number = number_of(coded, word);
	coded->follows[last] = (uint32_t)number + 1;
	return number;
}

static void add(struct coded *coded, const uint8_t *at, size_t first, size_t second)
{
	bool fuller = 2 * ((size_t)coded->used + 3) > coded->size, full = coded->count == coded->room;
	if ((fuller || full) && coded->count &&
	    bytes_with(coded, coded->size << fuller, coded->room << full) > coded->memory) {
		spill(coded);
		full = false;
	}
	if (full)
		coded->codes = grown(coded->codes, (coded->room *= 2) * sizeof *coded->codes);
	struct line half = {0, at, first}, other = {0, at + first, second};
	half.key = line_key(&half);
	other.key = line_key(&other);
	uint64_t number = first_number(coded, &half);
	coded->codes[coded->count++] = number << 32 | number_of(coded, &other);
}

static void coded_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct coded *coded = (struct coded *)sink;
	if (coded->count && bytes_with(coded, coded->size, coded->room) + length > coded->memory)
		spill(coded);
	for (const uint8_t *end = bytes + length; bytes < end;) {
		const uint8_t *half = blank_or_newline(bytes);
		const uint8_t *newline = *half == '\n' ? half : either(half, '\n', '\n');
		half += half < newline;
		add(coded, bytes, (size_t)(half - bytes), (size_t)(newline - half));
		bytes = newline + 1;
	}
}

static int coded_end(struct sink *sink)
{
	struct coded *coded = (struct coded *)sink;
	runs_end(&coded->runs, sink, write_lines);
	forget(coded);
	free(coded);
	return 0;
}

size_t coded_words(const struct sink *sink)
{
	return ((const struct coded *)sink)->used;
}

void coded_dropped(struct sink *sink)
{
	forget((struct coded *)sink);
	free(sink);
}

struct sink *coded_sink(size_t memory, const char *scratch, enum counted how, uint64_t seed)
{
	struct coded *coded = grown(NULL, sizeof *coded);
	*coded = (struct coded){
	    .sink = {coded_take, coded_end, true},
	    .how = how,
	    .seed = seed,
	    .memory = memory < MOST ? memory : MOST,
	    .runs = {.order = {.counted = true, .plain = how == DISTINCT}, .scratch = scratch}};
	begin(coded);
	return &coded->sink;
}
