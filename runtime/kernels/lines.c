/* The order of lines by their bytes: a radix sort from the front, in place.

   Eight bytes of each line are kept beside its place, so that most of the work never looks at the
   text. It is linear in the bytes that tell lines apart, whatever they are; no input makes it
   quadratic, and the stack is as deep as the logarithm of the number of lines. */

#include "kernel.h"

enum { FEW = 24 };

int line_compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	int found = memcmp(a, b, a_length < b_length ? a_length : b_length);
	return found ? found : (a_length > b_length) - (a_length < b_length);
}

/* The eight bytes from `depth` on; zeros stand for those that are not there. */
static uint64_t key_at(const struct line *line, size_t depth)
{
	size_t left = line->length > depth ? line->length - depth : 0;
	uint64_t word = left ? __builtin_bswap64(word_at(line->at + depth)) : 0;
	return left >= 8 || !left ? word : word & ~(UINT64_MAX >> (8 * left));
}

int lines_compare(const struct line *a, const struct line *b, size_t depth)
{
	for (size_t end = depth + 16; depth < end; depth += 8) {
		uint64_t first = key_at(a, depth), second = key_at(b, depth);
		if (first != second)
			return first < second ? -1 : 1;
		if (a->length <= depth + 8 || b->length <= depth + 8)
			return (a->length > b->length) - (a->length < b->length);
	}
	return line_compare(a->at + depth, a->length - depth, b->at + depth, b->length - depth);
}

static void swap(struct line *a, struct line *b)
{
	struct line held = *a;
	*a = *b;
	*b = held;
}

/* Both are equal up to `depth`, where their keys are from. */
static bool before(const struct line *a, const struct line *b, size_t depth)
{
	if (a->key != b->key)
		return a->key < b->key;
	return lines_compare(a, b, depth + 8) < 0;
}

static void sort_few(struct line *lines, size_t count, size_t depth)
{
	for (size_t at = 1; at < count; at++) {
		struct line line = lines[at];
		size_t to = at;
		for (; to; to--) {
			if (!before(&line, &lines[to - 1], depth))
				break;
			lines[to] = lines[to - 1];
		}
		lines[to] = line;
	}
}

/* Of lines with equal keys, bring those to the front that end within them, the shortest first.
   How many those are. */
static size_t sort_ended(struct line *lines, size_t count, size_t depth)
{
	size_t done = 0;
	for (size_t length = depth; length <= depth + 8; length++)
		for (size_t at = done; at < count; at++)
			if (lines[at].length == length)
				swap(&lines[at], &lines[done++]);
	return done;
}

/* Take keys from `depth` on. By how much they have to be shifted to the first byte in which some
   differ; less than 0 if none do. */
static int look_at(struct line *lines, size_t count, size_t depth)
{
	uint64_t differs = 0;
	for (size_t at = 0; at < count; at++) {
		lines[at].key = key_at(&lines[at], depth);
		differs |= lines[at].key ^ lines->key;
	}
	int shift = 56;
	while (shift >= 0 && !(differs >> shift))
		shift -= 8;
	return shift;
}

/* Exchange lines until each is in the part of its byte. starts: of the parts, and the end. */
static void deal(struct line *lines, const size_t *starts, int shift)
{
	size_t next[256];
	memcpy(next, starts, sizeof next);
	for (size_t part = 0; part < 256; part++)
		while (next[part] < starts[part + 1]) {
			size_t belongs = lines[next[part]].key >> shift & 255;
			if (belongs == part)
				next[part]++;
			else
				swap(&lines[next[part]], &lines[next[belongs]++]);
		}
}

/* They are equal in the bytes before `depth`, and in those of their keys above `shift`. */
static void sort_from(struct line *lines, size_t count, size_t depth, int shift)
{
	while (count > FEW) {
		if (shift < 0) {
			size_t ended = sort_ended(lines, count, depth);
			lines += ended;
			count -= ended;
			depth += 8;
			shift = look_at(lines, count, depth);
			continue;
		}
		size_t starts[257] = {0};
		for (size_t at = 0; at < count; at++)
			starts[(lines[at].key >> shift & 255) + 1]++;
		size_t largest = 0;
		for (size_t part = 0; part < 256; part++) {
			if (starts[part + 1] > starts[largest + 1] - starts[largest])
				largest = part;
			starts[part + 1] += starts[part];
		}
		shift -= 8;
		if (starts[largest + 1] - starts[largest] == count)
			continue;
		deal(lines, starts, shift + 8);
		for (size_t part = 0; part < 256; part++)
			if (part != largest)
				sort_from(lines + starts[part], starts[part + 1] - starts[part], depth, shift);
		lines += starts[largest];
		count = starts[largest + 1] - starts[largest];
	}
	sort_few(lines, count, depth);
}

uint64_t line_key(const struct line *line)
{
	return key_at(line, 0);
}

void lines_sort(struct line *lines, size_t count)
{
	sort_from(lines, count, 0, look_at(lines, count, 0));
}
