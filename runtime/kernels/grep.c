/* grep FLAGS PATTERN...: lines in which pieces stand in order, anything between them.

   A pattern is its pieces in hexadecimal, with `^` before the first and `$` behind the last if they
   stand at the ends of the line: `^616263,6465$` is ^abc.*de$. One of several bytes is their ranges:
   `61[30-39,5f-5f]` is a[0-9_]; no piece is made of such alone. FLAGS are letters: c counts, v takes
   those that match no pattern, i ignores the case of ASCII letters, w wants no letter, digit or
   underscore beside the piece; `-` are none. The status is grep's: 1 if no line was selected.

   Lines are not told apart until a piece is found: the rarest bytes of a text are most of what is
   ever looked at. */

#include "kernel.h"
#include "scan.h"

#include <ctype.h>
#include <stdlib.h>

enum { PATTERNS = 8, PIECES = 8, FLAG_COUNT = 4 };

/* One byte of a line. If it can be looked for, it is `byte` once `bits` are set in it. */
struct place {
	uint32_t set[8]; /* those that match */
	uint8_t byte, bits;
	bool sought;
};

struct piece {
	struct place *places;
	size_t length;
	size_t rare, other; /* places to look for, the first at most the second */
};

struct pattern {
	struct piece pieces[PIECES];
	size_t count;
	const uint8_t *next; /* the first line that matches from where it was looked for, or the end */
};

struct grep {
	struct sink sink;
	bool counts, inverted, folds, words, any;
	struct pattern patterns[PATTERNS];
	size_t count;
	size_t lines; /* that were counted */
	struct out *out;
};

static bool is_word(uint8_t byte)
{
	return byte == '_' || (byte < 128 && isalnum(byte));
}

static bool stands(const struct grep *grep, const struct piece *piece, const uint8_t *at)
{
	for (size_t byte = 0; byte < piece->length; byte++)
		if (!(piece->places[byte].set[at[byte] / 32] >> at[byte] % 32 & 1))
			return false;
	return !grep->words || !(is_word(at[-1]) || is_word(at[piece->length]));
}

/* Where a piece is, or NULL. A newline stands before `at` and before `end`. */
static const uint8_t *find(const struct grep *grep, const struct piece *piece, const uint8_t *at,
                           const uint8_t *end)
{
	size_t rare = piece->rare, other = piece->other;
	vector rare_bits = (vector){0} + piece->places[rare].bits;
	vector other_bits = (vector){0} + piece->places[other].bits;
	uint8_t rare_byte = piece->places[rare].byte, other_byte = piece->places[other].byte;
	for (; end - at >= (ptrdiff_t)(other + VECTOR); at += VECTOR) {
		vector found = equals(vector_at(at + rare) | rare_bits, rare_byte) &
		               equals(vector_at(at + other) | other_bits, other_byte);
		uint64_t halves[2];
		memcpy(halves, &found, sizeof halves);
		for (int half = 0; half < 2; half++)
			for (uint64_t left = halves[half]; left;) {
				int byte = __builtin_ctzll(left) / 8;
				const uint8_t *place = at + 8 * half + byte;
				if (end - place >= (ptrdiff_t)piece->length && stands(grep, piece, place))
					return place;
				left &= ~(UINT64_C(255) << (8 * byte));
			}
	}
	for (; end - at >= (ptrdiff_t)piece->length; at++)
		if (stands(grep, piece, at))
			return at;
	return NULL;
}

/* Whether a piece begins with the newline before its line. */
static bool begins(const struct piece *piece)
{
	return piece->places->byte == '\n' && piece->places->sought;
}

/* The first line from `line` on, where one begins, that matches; the end if none does. */
static const uint8_t *match(const struct grep *grep, const struct pattern *pattern,
                            const uint8_t *line, const uint8_t *end)
{
	const struct piece *first = pattern->pieces, *last = first + pattern->count - 1;
	const uint8_t *at = line - begins(first);
	for (const struct piece *piece = first; piece <= last;) {
		const uint8_t *place = find(grep, piece, at, end);
		if (!place)
			return end; /* nor is it in any line that follows */
		const uint8_t *newline = memrchr(at, '\n', (size_t)(place + begins(piece) - at));
		if (newline)
			line = newline + 1;
		if (newline && piece > first) { /* no line before that one has them all */
			piece = first;
			at = line - begins(first);
		} else {
			at = place + piece->length;
			piece++;
		}
	}
	return line;
}

static void take_lines(struct grep *grep, const uint8_t *begin, const uint8_t *end)
{
	if (begin == end)
		return;
	grep->any = true;
	if (grep->counts)
		grep->lines += count_newlines(begin, (size_t)(end - begin));
	else
		out_bytes(grep->out, begin, (size_t)(end - begin));
}

static void grep_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct grep *grep = (struct grep *)sink;
	const uint8_t *line = bytes, *end = bytes + length;
	for (size_t at = 0; at < grep->count; at++)
		grep->patterns[at].next = NULL;
	while (line < end) {
		const uint8_t *next = end;
		for (size_t at = 0; at < grep->count; at++) {
			struct pattern *pattern = &grep->patterns[at];
			if (!pattern->next || pattern->next < line)
				pattern->next = match(grep, pattern, line, end);
			if (pattern->next < next)
				next = pattern->next;
		}
		const uint8_t *after = next < end ? line_end(next, end) + 1 : end;
		if (grep->inverted)
			take_lines(grep, line, next);
		else
			take_lines(grep, next, after);
		line = after;
	}
	if (!grep->counts)
		out_flush(grep->out); /* who waits for a line gets it */
}

static void grep_free(struct grep *grep)
{
	out_end(grep->out);
	for (size_t at = 0; at < grep->count; at++)
		for (size_t piece = 0; piece < grep->patterns[at].count; piece++)
			free(grep->patterns[at].pieces[piece].places);
	free(grep);
}

static int grep_end(struct sink *sink)
{
	struct grep *grep = (struct grep *)sink;
	bool any = grep->any;
	if (grep->counts) {
		out_number(grep->out, grep->lines);
		out_bytes(grep->out, (const uint8_t *)"\n", 1);
	}
	grep_free(grep);
	return !any;
}

/* How often a byte is met, roughly: what is not listed is rare. */
static size_t frequency(uint8_t byte)
{
	static const char often[] = "qzxj:/()'\"_-9876543,.021kvbywgpmfucdlhrsnioate\n ";
	const char *found = strchr(often, byte);
	return found && byte ? (size_t)(found - often) + 1 : 0;
}

/* The place of the rarest byte that can be looked for, but for that at `except`; else that. */
static size_t rarest(const struct piece *piece, size_t except)
{
	size_t best = except;
	for (size_t at = piece->length; at-- > 0;)
		if (at != except && piece->places[at].sought &&
		    (best == except ||
		     frequency(piece->places[at].byte) <= frequency(piece->places[best].byte)))
			best = at;
	return best;
}

static void add_byte(const struct grep *grep, struct place *place, unsigned byte)
{
	place->set[byte / 32] |= UINT32_C(1) << byte % 32;
	if (grep->folds && byte < 128 && isalpha((int)byte))
		place->set[(byte ^ 32) / 32] |= UINT32_C(1) << (byte ^ 32) % 32;
}

/* Add the one byte of a place that can be looked for. */
static void add_sought(const struct grep *grep, struct piece *piece, uint8_t byte)
{
	struct place *place = &piece->places[piece->length++];
	bool letter = byte < 128 && isalpha(byte);
	uint8_t bits = grep->folds && letter ? 'a' ^ 'A' : 0;
	*place = (struct place){.byte = byte | bits, .bits = bits, .sought = true};
	add_byte(grep, place, byte);
}

/* Two digits; the place after them, or NULL. */
static const char *read_byte(const char *at, unsigned *byte)
{
	static const char digits[] = "0123456789abcdef";
	const char *high = *at ? strchr(digits, at[0]) : NULL;
	const char *low = high && at[1] ? strchr(digits, at[1]) : NULL;
	if (!low)
		return NULL;
	*byte = (unsigned)((high - digits) << 4 | (low - digits));
	return at + 2;
}

/* Ranges behind a `[`; the place after their `]`, or NULL. */
static const char *read_set(const struct grep *grep, struct piece *piece, const char *at)
{
	struct place *place = &piece->places[piece->length++];
	*place = (struct place){0};
	for (;; at++) {
		unsigned first, last;
		if (!(at = read_byte(at, &first)) || *at != '-' || !(at = read_byte(at + 1, &last)))
			return NULL;
		for (; first <= last; first++)
			add_byte(grep, place, first);
		if (*at == ']')
			return at + 1;
		if (*at != ',')
			return NULL;
	}
}

/* The bytes of a piece; the place after it, or NULL. */
static const char *read_piece(struct grep *grep, struct piece *piece, const char *at, bool first)
{
	piece->places = grown(NULL, (strlen(at) / 2 + 2) * sizeof *piece->places);
	if (first && *at == '^' && at++)
		add_sought(grep, piece, '\n');
	while (at && *at && *at != ',' && *at != '$') {
		unsigned byte = 0;
		if (*at == '[')
			at = read_set(grep, piece, at + 1);
		else if ((at = read_byte(at, &byte)))
			add_sought(grep, piece, (uint8_t)byte);
	}
	if (!at)
		return NULL;
	if (*at == '$' && !at[1] && at++)
		add_sought(grep, piece, '\n');
	size_t rare = rarest(piece, SIZE_MAX), other = rarest(piece, rare);
	if (rare == SIZE_MAX) /* there is nothing to look for */
		return NULL;
	piece->rare = rare < other ? rare : other;
	piece->other = rare < other ? other : rare;
	return at;
}

static bool read_pattern(struct grep *grep, const char *at)
{
	if (grep->count == PATTERNS)
		return false;
	struct pattern *pattern = &grep->patterns[grep->count++];
	while (pattern->count < PIECES) {
		struct piece *piece = &pattern->pieces[pattern->count++];
		at = read_piece(grep, piece, at, pattern->count == 1);
		if (!at || !*at)
			return at;
		if (*at++ != ',')
			return false;
	}
	return false;
}

static bool read_flags(struct grep *grep, const char *flags)
{
	grep->counts = strchr(flags, 'c');
	grep->inverted = strchr(flags, 'v');
	grep->folds = strchr(flags, 'i');
	grep->words = strchr(flags, 'w');
	return !strcmp(flags, "-") || !flags[strspn(flags, "cviw")];
}

struct sink *grep_sink(char **words, size_t count)
{
	struct grep *grep = grown(NULL, sizeof *grep);
	*grep = (struct grep){.sink = {grep_take, grep_end, true}, .out = out_new(1)};
	bool understood = count >= 3 && read_flags(grep, words[1]);
	for (size_t at = 2; at < count && understood; at++)
		understood = read_pattern(grep, words[at]);
	if (understood)
		return &grep->sink;
	grep_free(grep);
	return NULL;
}
