/* grep FLAGS PATTERN...: lines in which pieces stand in order, anything between them.

   A pattern is its pieces in hexadecimal, with `^` before the first and `$` behind the last if they
   stand at the ends of the line: `^616263,6465$` is ^abc.*de$. FLAGS are letters: c counts, v takes
   those that match no pattern, i ignores the case of ASCII letters, w wants no letter, digit or
   underscore beside the piece; `-` are none. The status is grep's: 1 if no line was selected.

   Lines are not told apart until a piece is found: the rarest bytes of a text are most of what is
   ever looked at. */

#include "kernel.h"
#include "scan.h"

#include <ctype.h>
#include <stdlib.h>

enum { PATTERNS = 8, PIECES = 8, FLAG_COUNT = 4 };

struct piece {
	uint8_t *bytes, *bits; /* where a bit is set, it is so in every byte that matches */
	size_t length;
	size_t rare, other; /* places of its bytes to look for, the first at most the second */
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
		if ((at[byte] | piece->bits[byte]) != piece->bytes[byte])
			return false;
	return !grep->words || !(is_word(at[-1]) || is_word(at[piece->length]));
}

/* Where a piece is, or NULL. A newline stands before `at` and before `end`. */
static const uint8_t *find(const struct grep *grep, const struct piece *piece, const uint8_t *at,
                           const uint8_t *end)
{
	size_t rare = piece->rare, other = piece->other;
	vector rare_bits = (vector){0} + piece->bits[rare];
	vector other_bits = (vector){0} + piece->bits[other];
	uint8_t rare_byte = piece->bytes[rare], other_byte = piece->bytes[other];
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

/* The first line from `line` on, where one begins, that matches; the end if none does. */
static const uint8_t *match(const struct grep *grep, const struct pattern *pattern,
                            const uint8_t *line, const uint8_t *end)
{
	const struct piece *first = pattern->pieces, *last = first + pattern->count - 1;
	const uint8_t *at = line - (*first->bytes == '\n');
	for (const struct piece *piece = first; piece <= last;) {
		const uint8_t *place = find(grep, piece, at, end);
		if (!place)
			return end; /* nor is it in any line that follows */
		const uint8_t *newline = memrchr(at, '\n', (size_t)(place + (*piece->bytes == '\n') - at));
		if (newline)
			line = newline + 1;
		if (newline && piece > first) { /* no line before that one has them all */
			piece = first;
			at = line - (*first->bytes == '\n');
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
			free(grep->patterns[at].pieces[piece].bytes);
	free(grep);
}

static int grep_end(struct sink *sink)
{
	struct grep *grep = (struct grep *)sink;
	bool any = grep->any;
	if (grep->counts)
		out_number(grep->out, grep->lines);
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

/* The place of the rarest byte, but for that at `except`. */
static size_t rarest(const struct piece *piece, size_t except)
{
	size_t best = except ? 0 : piece->length - 1;
	for (size_t at = 0; at < piece->length; at++)
		if (at != except && frequency(piece->bytes[at]) < frequency(piece->bytes[best]))
			best = at;
	return best;
}

/* The bytes of a piece; the place after it, or NULL. */
static const char *read_piece(struct grep *grep, struct piece *piece, const char *at, bool first)
{
	static const char digits[] = "0123456789abcdef";
	piece->bytes = grown(NULL, strlen(at) + 4); /* twice half of it, and two newlines */
	piece->bits = piece->bytes + strlen(at) / 2 + 2;
	if (first && *at == '^' && at++)
		piece->bytes[piece->length++] = '\n';
	while (*at && *at != ',' && *at != '$') {
		const char *high = strchr(digits, at[0]), *low = at[1] ? strchr(digits, at[1]) : NULL;
		if (!high || !low)
			return NULL;
		piece->bytes[piece->length++] = (uint8_t)((high - digits) << 4 | (low - digits));
		at += 2;
	}
	if (*at == '$' && !at[1] && at++)
		piece->bytes[piece->length++] = '\n';
	for (size_t byte = 0; byte < piece->length; byte++) {
		bool letter = piece->bytes[byte] < 128 && isalpha(piece->bytes[byte]);
		piece->bits[byte] = grep->folds && letter ? 'a' ^ 'A' : 0;
		piece->bytes[byte] |= piece->bits[byte];
	}
	if (!piece->length)
		return NULL;
	size_t rare = rarest(piece, SIZE_MAX), other = rarest(piece, rare);
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
