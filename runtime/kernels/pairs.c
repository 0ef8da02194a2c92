/* pairs LAST DELIMITER: records with the one behind each beside it, as `paste - <(tail -n +2)`
   makes them of one stream. The first record is paired with the second, and the last one, where
   LAST is 1, with nothing; else it is the first of the next partition.

   The delimiter is in hexadecimal. */

#include "scan.h"

#include <stdlib.h>

struct pairs {
	struct map map;
	struct room made, held; /* held: the record before this block, without its newline */
	size_t length;          /* of what is held */
	bool last, any;
	uint8_t delimiter;
};

static void hold(struct pairs *pairs, const uint8_t *at, size_t length)
{
	memcpy(room_for(&pairs->held, length), at, length);
	pairs->length = length;
	pairs->any = true;
}

static struct span pairs_apply(struct map *map, struct span span)
{
	struct pairs *pairs = (struct pairs *)map;
	uint8_t *begin = room_for(&pairs->made, pairs->length + 2 * span.length), *to = begin;
	const uint8_t *before = pairs->held.bytes + 1, *end = span.at + span.length;
	size_t length = pairs->length;
	bool any = pairs->any;
	for (const uint8_t *at = span.at, *newline; at < end; at = newline + 1) {
		newline = either(at, '\n', '\n');
		if (any) {
			to = copied(to, before, length);
			*to++ = pairs->delimiter;
			to = copied(to, at, (size_t)(newline + 1 - at));
		}
		any = true;
		before = at;
		length = (size_t)(newline - at);
	}
	hold(pairs, before, length);
	return (struct span){begin, (size_t)(to - begin)};
}

static struct span pairs_end(struct map *map)
{
	struct pairs *pairs = (struct pairs *)map;
	size_t length = pairs->last && pairs->any ? pairs->length + 2 : 0;
	uint8_t *made = room_for(&pairs->made, length);
	if (length) {
		memcpy(made, pairs->held.bytes + 1, pairs->length);
		made[pairs->length] = pairs->delimiter;
		made[pairs->length + 1] = '\n';
	}
	free(pairs->held.bytes);
	return (struct span){made, length};
}

struct map *pairs_new(char **words, size_t count)
{
	char *end;
	unsigned long delimiter = count == 3 ? strtoul(words[2], &end, 16) : 256;
	if (delimiter > 255 || *end || strlen(words[1]) != 1 || !strchr("01", *words[1]))
		return NULL;
	struct pairs *pairs = cleared(sizeof *pairs);
	pairs->map = (struct map){.apply = pairs_apply, .end = pairs_end, .records = true};
	pairs->last = *words[1] == '1';
	pairs->delimiter = (uint8_t)delimiter;
	room_for(&pairs->held, 0);
	return &pairs->map;
}
