/* tr: each byte becomes another, or none; then runs of a byte become one.

   MAP says what bytes become that do not stay, in hexadecimal and separated by commas:
   `30-39:23` that all of a range become one byte, `41-5a+61` that they become a range which
   begins there, `0d-0d:` that they go. SQUEEZED are ranges: `20-20,61-7a`. */

#include "kernel.h"

#include <stdlib.h>

struct tr {
	struct map map;
	uint8_t becomes[256];
	bool kept[256];
	bool squeezed[256]; /* of what bytes become */
	bool deletes, squeezes;
	int last; /* the byte before, -1 before the first */
};

/* A byte in hexadecimal; the place after it, or NULL. */
static const char *byte_of(const char *at, unsigned *byte)
{
	char *end;
	unsigned long value = strtoul(at, &end, 16);
	*byte = (unsigned)value;
	return end != at && value < 256 ? end : NULL;
}

static const char *range_of(const char *at, unsigned *low, unsigned *high)
{
	at = byte_of(at, low);
	at = at && *at == '-' ? byte_of(at + 1, high) : NULL;
	return at && *low <= *high ? at : NULL;
}

static bool read_map(struct tr *tr, const char *at)
{
	while (*at) {
		unsigned low, high, to = 0;
		at = range_of(at, &low, &high);
		if (!at || (*at != ':' && *at != '+'))
			return false;
		bool shifts = *at++ == '+', gone = !shifts && (*at == ',' || !*at);
		if (!gone && (!(at = byte_of(at, &to)) || to + (shifts ? high - low : 0) > 255))
			return false;
		for (unsigned byte = low; byte <= high; byte++) {
			tr->becomes[byte] = (uint8_t)(to + (shifts ? byte - low : 0));
			tr->kept[byte] = !gone;
		}
		tr->deletes |= gone;
		if (*at && *at++ != ',')
			return false;
	}
	return true;
}

static bool read_squeezed(struct tr *tr, const char *at)
{
	while (*at) {
		unsigned low, high;
		if (!(at = range_of(at, &low, &high)))
			return false;
		for (unsigned byte = low; byte <= high; byte++)
			tr->squeezed[byte] = true;
		tr->squeezes = true;
		if (*at && *at++ != ',')
			return false;
	}
	return true;
}

static struct span tr_apply(struct map *map, struct span span)
{
	struct tr *tr = (struct tr *)map;
	uint8_t *bytes = span.at, *to = bytes;
	size_t length = span.length;
	int last = tr->last;
	if (!tr->deletes && !tr->squeezes) {
		for (size_t at = 0; at < length; at++)
			bytes[at] = tr->becomes[bytes[at]];
		return span;
	}
	if (!tr->deletes) {
		for (size_t at = 0; at < length; at++) {
			uint8_t byte = tr->becomes[bytes[at]];
			*to = byte;
			to += !(tr->squeezed[byte] & (byte == last));
			last = byte;
		}
	} else {
		for (size_t at = 0; at < length; at++) {
			uint8_t byte = tr->becomes[bytes[at]];
			bool kept = tr->kept[bytes[at]];
			*to = byte; /* at most where it was read */
			to += kept & !(tr->squeezed[byte] & (byte == last));
			last = kept ? byte : last;
		}
	}
	tr->last = last;
	return (struct span){bytes, (size_t)(to - bytes)};
}

/* Whether the first does now what both did: one table, where there is nothing to squeeze before. */
bool tr_joined(struct map *map, const struct map *following)
{
	struct tr *tr = (struct tr *)map;
	const struct tr *next = (const struct tr *)following;
	if (map->apply != tr_apply || following->apply != tr_apply || tr->squeezes)
		return false;
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t became = tr->becomes[byte];
		tr->becomes[byte] = next->becomes[became];
		tr->kept[byte] &= next->kept[became];
	}
	memcpy(tr->squeezed, next->squeezed, sizeof tr->squeezed);
	tr->deletes |= next->deletes;
	tr->squeezes = next->squeezes;
	return true;
}

struct map *tr_new(const char *map, const char *squeezed)
{
	struct tr *tr = grown(NULL, sizeof *tr);
	*tr = (struct tr){.map = {.apply = tr_apply}, .last = -1};
	for (unsigned byte = 0; byte < 256; byte++) {
		tr->becomes[byte] = (uint8_t)byte;
		tr->kept[byte] = true;
	}
	if (read_map(tr, map) && read_squeezed(tr, squeezed))
		return &tr->map;
	free(tr);
	return NULL;
}
