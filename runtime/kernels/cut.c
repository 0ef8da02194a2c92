/* cut fields DELIMITER OUTPUT LIST [only]: the fields of LIST, joined by OUTPUT; both are bytes in
   hexadecimal. Lines without the delimiter stay, or go where `only` is given.
   cut bytes LIST: those bytes.

   LIST are ranges in order, none of which meets another, the last one perhaps without an end:
   `1-1,3-4,6-`. */

#include "kernel.h"
#include "scan.h"

#include <stdlib.h>

enum { RANGES = 64 };

struct range {
	size_t low, high;
};

struct cut {
	struct map map;
	struct room room;
	uint8_t delimiter, output;
	bool only;
	size_t count;
	struct range ranges[RANGES + 1]; /* one more, which nothing reaches */
};

/* The line without its newline. It is written to `to`, which comes back as the place after it. */
static uint8_t *fields(const struct cut *cut, const uint8_t **line, uint8_t *to)
{
	const uint8_t *at = *line, *end = either(at, cut->delimiter, '\n');
	uint8_t *begin = to;
	if (*end == '\n') {
		*line = end + 1;
		return cut->only ? to : copied(to, at, (size_t)(end + 1 - at));
	}
	const struct range *range = cut->ranges, *last = range + cut->count;
	for (size_t number = 1; range < last; number++) {
		if (number >= range->low) {
			if (to != begin)
				*to++ = cut->output;
			else
				begin = NULL; /* the first that is written may be empty */
			if (range->high == SIZE_MAX && cut->output == cut->delimiter)
				end = either(end, '\n', '\n');
			to = copied(to, at, (size_t)(end - at));
			range += number == range->high;
		}
		if (*end == '\n')
			break;
		at = end + 1;
		if (range < last)
			end = either(at, cut->delimiter, '\n');
	}
	*line = either(end, '\n', '\n') + 1;
	*to++ = '\n';
	return to;
}

static uint8_t *bytes_of(const struct cut *cut, const uint8_t **line, const uint8_t *end, uint8_t *to)
{
	const uint8_t *at = *line, *newline = line_end(at, end);
	size_t length = (size_t)(newline - at);
	for (const struct range *range = cut->ranges; range->low <= length; range++) {
		size_t high = range->high < length ? range->high : length;
		to = copied(to, at + range->low - 1, high - range->low + 1);
	}
	*to++ = '\n';
	*line = newline + 1;
	return to;
}

static struct span cut_fields(struct map *map, struct span span)
{
	struct cut *cut = (struct cut *)map;
	uint8_t *begin = room_for(&cut->room, span.length), *to = begin;
	for (const uint8_t *at = span.at, *end = at + span.length; at < end;)
		to = fields(cut, &at, to);
	return (struct span){begin, (size_t)(to - begin)};
}

static struct span cut_bytes(struct map *map, struct span span)
{
	struct cut *cut = (struct cut *)map;
	uint8_t *begin = room_for(&cut->room, span.length), *to = begin;
	for (const uint8_t *at = span.at, *end = at + span.length; at < end;)
		to = bytes_of(cut, &at, end, to);
	return (struct span){begin, (size_t)(to - begin)};
}

static bool read_list(struct cut *cut, const char *at)
{
	size_t before = 0;
	while (*at) {
		char *end;
		struct range range = {strtoull(at, &end, 10), SIZE_MAX};
		if (end == at || *end != '-' || range.low <= before || cut->count == RANGES)
			return false;
		at = end + 1;
		if (*at && *at != ',') {
			range.high = strtoull(at, &end, 10);
			if (end == at || range.high < range.low)
				return false;
			at = end;
		}
		before = range.high;
		cut->ranges[cut->count++] = range;
		if (*at && *at++ != ',')
			return false;
	}
	cut->ranges[cut->count] = (struct range){SIZE_MAX, SIZE_MAX};
	return true;
}

static bool read_byte(const char *word, uint8_t *byte)
{
	char *end;
	unsigned long value = strtoul(word, &end, 16);
	*byte = (uint8_t)value;
	return end != word && !*end && value < 256;
}

struct map *cut_new(char **words, size_t count)
{
	struct cut *cut = grown(NULL, sizeof *cut);
	*cut = (struct cut){.map = {.apply = cut_bytes, .records = true}};
	if (count == 3 && !strcmp(words[1], "bytes") && read_list(cut, words[2]))
		return &cut->map;
	cut->map.apply = cut_fields;
	cut->only = count == 6 && !strcmp(words[5], "only");
	if ((count == 5 || cut->only) && !strcmp(words[1], "fields") &&
	    read_byte(words[2], &cut->delimiter) && read_byte(words[3], &cut->output) &&
	    read_list(cut, words[4]))
		return &cut->map;
	free(cut);
	return NULL;
}
