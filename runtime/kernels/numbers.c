/* The order of sort -n in the C locale: blanks, a minus, digits, a point and digits; whatever
   follows is not looked at, nothing is zero, and a number may be as long as it likes. */

#include "kernel.h"

#include <stdlib.h>

static const uint64_t MIDDLE = (uint64_t)1 << 63; /* the key of zero */

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

int number_compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length)
{
	struct number first = number_of(a, a + a_length), second = number_of(b, b + b_length);
	int found = compare_numbers(&first, &second);
	return found ? found : line_compare(a, a_length, b, b_length);
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

static int compare_lines(const void *first, const void *second)
{
	const struct line *a = first, *b = second;
	return number_compare(a->at, a->length, b->at, b->length);
}

static void sort_equal(struct line *lines, size_t count)
{
	if (lines->key & 1)
		qsort(lines, count, sizeof *lines, compare_lines);
	else
		lines_sort(lines, count);
}

void numbers_sort(struct line *lines, size_t count)
{
	for (size_t at = 0; at < count; at++)
		lines[at].key = number_key(&lines[at]);
	lines_sort_by_key(lines, count, sort_equal);
}
