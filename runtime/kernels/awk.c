/* awk SEPARATOR TEST ITEMS -- ARGV...: records that pass a test, as `print` prints some fields.

   SEPARATOR: a byte in hexadecimal, or `blank`. TEST: `9>=500`, a field and a number from 1 on, or
   `all`. ITEMS: `1,N,4:2:14`, fields and substr of them; 0 is the record, N the last field.
   ARGV is the command. Awks differ in what else is a blank and what else is a number; a block that
   has such is mapped by the awk that is here: records are mapped each on its own. */

#include "kernel.h"
#include "scan.h"

#include <stdlib.h>

enum { ITEMS = 16, FIELDS = 100, LAST = FIELDS, DIGITS = 15 };

struct item {
	size_t field, start, length; /* start: from 0 */
};

struct text {
	const uint8_t *begin, *end;
};

struct awk {
	struct map map;
	struct room room;
	char **argv;
	bool blanks;
	uint8_t separator;
	size_t tested; /* the field, 0 for none */
	const char *number;
	bool passes[3]; /* if it is less, equal, more */
	size_t count, fields; /* fields: so many are looked at */
	struct item items[ITEMS];
};

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static bool is_odd(const struct awk *awk, struct span span)
{
	const uint8_t *at = span.at, *end = at + span.length;
	vector found = {0};
	for (; end - at >= VECTOR; at += VECTOR) {
		vector bytes = vector_at(at);
		found |= equals(bytes, 0);
		if (awk->blanks)
			found |= (vector)(bytes - '\v' < (vector){0} + ('\r' - '\v' + 1));
	}
	bool odd = sum(found & 1);
	for (; at < end; at++)
		odd |= !*at || (awk->blanks && *at >= '\v' && *at <= '\r');
	return odd;
}

/* The fields of a record up to its newline; those that it lacks are empty. texts[0] is all. */
static void split(const struct awk *awk, struct text *texts)
{
	const uint8_t *at = texts[0].begin, *end = texts[0].end;
	size_t number = 1;
	if (awk->blanks) {
		for (; number <= awk->fields; number++) {
			while (is_blank(*at))
				at++;
			if (at == end)
				break;
			texts[number].begin = at;
			at = either(at, ' ', '\n');
			const uint8_t *tab = memchr(texts[number].begin, '\t', (size_t)(at - texts[number].begin));
			texts[number].end = at = tab ? tab : at;
		}
	} else if (at < end) {
		for (; number <= awk->fields && at <= end; number++) {
			texts[number].begin = at;
			texts[number].end = either(at, awk->separator, '\n');
			at = texts[number].end + 1;
		}
	}
	for (; number <= awk->fields; number++)
		texts[number] = (struct text){end, end};
}

static struct text last_field(const struct awk *awk, struct text all)
{
	const uint8_t *begin, *end = all.end;
	if (!awk->blanks) {
		begin = memrchr(all.begin, awk->separator, (size_t)(end - all.begin));
		return (struct text){begin ? begin + 1 : all.begin, end};
	}
	while (end > all.begin && is_blank(end[-1]))
		end--;
	if (end == all.begin)
		return all; /* $0, for there are no fields */
	begin = end;
	while (begin > all.begin && !is_blank(begin[-1]))
		begin--;
	return (struct text){begin, end};
}

/* How a field compares to the number: 0 to 2 for less, equal, more; -1 where awks may differ. */
static int compared(const char *number, struct text field)
{
	const uint8_t *at = field.begin;
	size_t length = (size_t)(field.end - at), digits = strlen(number);
	while (at < field.end && *at >= '0' && *at <= '9')
		at++;
	int found;
	if (at == field.end) { /* a number, or nothing, which is less as a number and as a text */
		at = field.begin;
		while (at < field.end && *at == '0')
			at++;
		if (length > DIGITS)
			return -1;
		length = (size_t)(field.end - at);
		found = length == digits ? memcmp(at, number, digits) : length < digits ? -1 : 1;
	} else {
		bool dash = length == 1 && *field.begin == '-';
		if (!dash && strchr("0123456789+-.iInN \t\v\f\r", *field.begin))
			return -1;
		found = line_compare(field.begin, length, (const uint8_t *)number, digits);
	}
	return 1 + (found > 0) - (found < 0);
}

static uint8_t *print(const struct awk *awk, const struct text *texts, uint8_t *to)
{
	for (size_t at = 0; at < awk->count; at++) {
		const struct item *item = &awk->items[at];
		struct text text =
		    item->field == LAST ? last_field(awk, texts[0]) : texts[item->field];
		size_t length = (size_t)(text.end - text.begin);
		size_t start = item->start < length ? item->start : length;
		length -= start;
		if (at)
			*to++ = ' ';
		to = copied(to, text.begin + start, item->length < length ? item->length : length);
	}
	*to++ = '\n';
	return to;
}

static struct span awk_apply(struct map *map, struct span span)
{
	struct awk *awk = (struct awk *)map;
	if (is_odd(awk, span))
		return by_tool(awk->argv, span, &awk->room);
	/* Each field and what is behind it is no longer than the record and its newline. */
	uint8_t *begin = room_for(&awk->room, span.length * awk->count), *to = begin;
	struct text texts[FIELDS];
	for (const uint8_t *at = span.at, *end = at + span.length; at < end;) {
		texts[0] = (struct text){at, line_end(at, end)};
		at = texts[0].end + 1;
		split(awk, texts);
		if (awk->tested) {
			int found = compared(awk->number, texts[awk->tested]);
			if (found < 0)
				return by_tool(awk->argv, span, &awk->room);
			if (!awk->passes[found])
				continue;
		}
		to = print(awk, texts, to);
	}
	return (struct span){begin, (size_t)(to - begin)};
}

static bool read_test(struct awk *awk, const char *word)
{
	if (!strcmp(word, "all"))
		return true;
	char *at;
	awk->tested = strtoul(word, &at, 10);
	size_t signs = strspn(at, "<=>!");
	awk->number = at + signs;
	size_t digits = strspn(awk->number, "0123456789");
	awk->passes[0] = *at == '<' || *at == '!';
	awk->passes[1] = signs == 2 && *at != '!';
	awk->passes[2] = *at == '>' || *at == '!';
	return awk->tested && awk->tested < FIELDS && signs && digits && digits <= DIGITS &&
	       *awk->number != '0' && !awk->number[digits];
}

static bool read_items(struct awk *awk, const char *at)
{
	for (;; at++) {
		char *end = (char *)(uintptr_t)at + 1;
		struct item item = {LAST, 0, SIZE_MAX};
		if (*at != 'N' && ((item.field = strtoul(at, &end, 10)) >= FIELDS || end == at))
			return false;
		if (*end == ':') {
			item.start = strtoul(end + 1, &end, 10) - 1;
			if (*end != ':')
				return false;
			item.length = strtoul(end + 1, &end, 10);
		}
		if (awk->count == ITEMS || (*end && *end != ','))
			return false;
		awk->items[awk->count++] = item;
		if (item.field < LAST && item.field > awk->fields)
			awk->fields = item.field;
		if (!*(at = end))
			return true;
	}
}

struct map *awk_new(char **words, size_t count)
{
	struct awk *awk = grown(NULL, sizeof *awk);
	*awk = (struct awk){.map = {.apply = awk_apply, .records = true}};
	if (count > 5 && !strcmp(words[4], "--") && read_test(awk, words[2]) &&
	    read_items(awk, words[3])) {
		char *end;
		awk->blanks = !strcmp(words[1], "blank");
		awk->separator = (uint8_t)strtoul(words[1], &end, 16);
		if (awk->tested > awk->fields)
			awk->fields = awk->tested;
		awk->argv = grown(NULL, (count - 4) * sizeof *awk->argv);
		memcpy(awk->argv, words + 5, (count - 5) * sizeof *awk->argv);
		awk->argv[count - 5] = NULL;
		return &awk->map;
	}
	free(awk);
	return NULL;
}
