/* The order of sort -n in the C locale: blanks, a minus, digits, a point and digits; whatever
   follows is not looked at, nothing is zero, and a number may be as long as it likes. */

#include "kernel.h"

#include <stdlib.h>

static const uint64_t MIDDLE = (uint64_t)1 << 63; /* the key of zero */
enum { WHOLE = 2000 };                            /* what lies between those of 0 and 1 */

/* Digits without zeros that do not count: before the point, and after it. */
struct number {
	bool negative;
	const uint8_t *whole, *part;
	size_t digits, places;
};

static struct number number_of(const uint8_t *at, const uint8_t *end)
{
	struct number number = {0};
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at < end && *at == '-') {
		number.negative = true;
		at++;
	}
	while (at < end && *at == '0')
		at++;
	number.whole = at;
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	number.digits = (size_t)(at - number.whole);
	if (at < end && *at == '.')
		at++;
	else
		end = at;
	number.part = at;
	for (; at < end && *at >= '0' && *at <= '9'; at++)
		if (*at != '0')
			number.places = (size_t)(at - number.part) + 1;
	number.negative &= number.digits || number.places;
	return number;
}

static int compare_numbers(const struct number *a, const struct number *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	int found = (a->digits > b->digits) - (a->digits < b->digits);
	if (!found)
		found = memcmp(a->whole, b->whole, a->digits);
	if (!found)
		found = line_compare(a->part, a->places, b->part, b->places);
	return a->negative ? -found : found;
}

/* Whether all lines with this key begin with the same number. */
static bool says_all(uint64_t key)
{
	return !(key & 1);
}

int number_compare(const struct line *a, const struct line *b, uint64_t key)
{
	int found = 0;
	if (!says_all(key)) {
		struct number first = number_of(a->at, a->at + a->length);
		struct number second = number_of(b->at, b->at + b->length);
		found = compare_numbers(&first, &second);
	}
	return found ? found : lines_compare(a, b, 0);
}

/* Fifteen digits and three places, all larger ones alike; odd if there is more to the number. */
uint64_t number_key(const struct line *line)
{
	struct number number = number_of(line->at, line->at + line->length);
	uint64_t size = 0;
	bool more = number.digits > 15 || number.places > 3;
	if (number.digits > 15) {
		size = 1000000000000000000U;
	} else {
		for (size_t at = 0; at < number.digits; at++)
			size = 10 * size + (number.whole[at] - (uint64_t)'0');
		for (size_t at = 0; at < 3; at++)
			size = 10 * size + (at < number.places ? number.part[at] - (uint64_t)'0' : 0);
	}
	size = 2 * size + more;
	return number.negative ? MIDDLE - size : MIDDLE + size;
}

uint64_t key_of_whole(size_t number)
{
	return MIDDLE + number * WHOLE;
}

size_t whole_of_key(uint64_t key)
{
	uint64_t size = key - MIDDLE;
	return key < MIDDLE || size % WHOLE ? SIZE_MAX : size / WHOLE;
}

static int compare_lines(const void *first, const void *second)
{
	const struct line *a = first;
	return number_compare(a, second, a->key);
}

static void sort_equal(struct line *lines, size_t count)
{
	if (count > 1 && says_all(lines->key))
		lines_sort(lines, count);
	else if (count > 1)
		qsort(lines, count, sizeof *lines, compare_lines);
}

/* By the bytes of keys in which some differ, from the last one. */
static void sort_by_key(struct line *lines, size_t count)
{
	uint64_t differs = 0;
	for (size_t at = 1; at < count; at++)
		differs |= lines[at].key ^ lines->key;
	struct line *from = lines, *other = grown(NULL, count * sizeof *lines + 1), *to = other;
	for (int shift = 0; shift < 64; shift += 8) {
		if (!(differs >> shift & 255))
			continue;
		size_t starts[257] = {0};
		for (size_t at = 0; at < count; at++)
			starts[(from[at].key >> shift & 255) + 1]++;
		for (size_t part = 0; part < 256; part++)
			starts[part + 1] += starts[part];
		for (size_t at = 0; at < count; at++)
			to[starts[from[at].key >> shift & 255]++] = from[at];
		struct line *done = to;
		to = from;
		from = done;
	}
	if (from != lines)
		memcpy(lines, from, count * sizeof *lines);
	free(other);
}

void numbers_sort(struct line *lines, size_t count)
{
	sort_by_key(lines, count);
	for (size_t first = 0, at = 1; at <= count; at++)
		if (at == count || lines[at].key != lines[first].key) {
			sort_equal(lines + first, at - first);
			first = at;
		}
}
