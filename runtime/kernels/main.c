/* leash-kernel STEP [WORD...] ['|' STEP [WORD...]]...: steps of a pipeline in one loop.

       leash-kernel tr 41-5a+61 '' '|' count 64M /tmp < text

   The first steps are maps, which rewrite a block while it is in the cache; the last may be a
   sink, or the result is written. Standard input to standard output, as a tool does it; of a
   file, `from BEGIN END` as the first step reads only those bytes, and `from BEGIN END text` ends
   with status 3 at a NUL among them.

   An executable rather than an extension module: what goes wrong in it stays in a child, whose
   status says so; it stands in a pipe between tools; threads, memory and the locale are its own;
   it knows no ABI of Python, so one file serves every version. It costs a millisecond to start.

   leashc gives it nothing but what its pass `place` has proved the step to mean, in words of the
   step's own, so there are no options here to be misread. Words that are not understood are an
   error of status 2, as is all that goes wrong but for a result that maps cannot write. */

#include "kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { UNFIT = 3 }; /* the status for data that are not as they have to be */
enum { BLOCK = 256 << 10, MOST = 64, MERGED = 16 << 20 /* bytes that a merge holds, at most */ };

static struct map *maps[MOST];
static const char *last_name; /* of the maps */
static size_t map_count;

/* What is read: standard input, or a range of the file that it is. */
static struct {
	off_t at, end;
	bool ranged, text;
} input;

static _Noreturn void misused(const char *word)
{
	fprintf(stderr, "leash-kernel: %s: not understood\n", word);
	exit(2);
}

/* A size as `sort -S` reads it: 64M. */
static size_t size_of(const char *word)
{
	static const char units[] = "KMGT";
	char *end;
	errno = 0;
	unsigned long long size = strtoull(word, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;
	int shift = unit ? 10 * (int)(unit - units + 1) : 0;
	if (errno || end == word || *word == '-' || (*end && (!unit || end[1])))
		misused(word);
	if (size > SIZE_MAX >> shift)
		misused(word);
	return (size_t)size << shift;
}

/* An offset in a file. */
static off_t offset_of(const char *word)
{
	char *end;
	errno = 0;
	long long offset = strtoll(word, &end, 10);
	if (errno || end == word || *end || offset < 0)
		misused(word);
	return (off_t)offset;
}

static void read_range(char **words, size_t count)
{
	if (count < 3 || count > 4 || (count == 4 && strcmp(words[3], "text")))
		misused(words[0]);
	input.at = offset_of(words[1]);
	input.end = offset_of(words[2]);
	input.ranged = true;
	input.text = count == 4;
}

/* Read some of the input; 0 at its end. */
static size_t read_some(uint8_t *to, size_t room)
{
	ssize_t got;
	if (input.ranged && (off_t)room > input.end - input.at)
		room = (size_t)(input.end - input.at);
	do
		got = input.ranged ? pread(0, to, room, input.at) : read(0, to, room);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		fail("read error");
	if (input.ranged && room && !got) {
		fputs("leash-kernel: the input became shorter while it was read\n", stderr);
		exit(2);
	}
	if (input.text && memchr(to, 0, (size_t)got))
		exit(UNFIT);
	input.at += got;
	return (size_t)got;
}

static struct order order_of(char **words, size_t count)
{
	struct order order = {0};
	for (size_t at = 0; at < count; at++)
		if (!strcmp(words[at], "-n"))
			order.numeric = true;
		else if (!strcmp(words[at], "-r"))
			order.reverse = true;
		else if (!strcmp(words[at], "-u"))
			order.unique = true;
		else if (!strcmp(words[at], "-c"))
			order.counted = true;
		else
			misused(words[at]);
	return order;
}

static struct map *map_of(char **words, size_t count)
{
	if (!strcmp(words[0], "tr") && count == 3)
		return tr_new(words[1], words[2]);
	if (!strcmp(words[0], "awk"))
		return awk_new(words, count);
	if (!strcmp(words[0], "cut"))
		return cut_new(words, count);
	if (!strcmp(words[0], "pairs"))
		return pairs_new(words, count);
	return NULL;
}

static struct sink *understood(struct sink *sink, const char *name)
{
	if (!sink)
		misused(name);
	return sink;
}

/* `with FILE`: its lines, too. */
static struct sink *sorting(char **words, size_t count)
{
	bool with = count >= 5 && !strcmp(words[count - 2], "with");
	struct order order = order_of(words + 3, count - 3 - 2 * with);
	struct sink *sink = (order.numeric ? numeric_sink : sort_sink)(size_of(words[1]), words[2], order);
	if (with) {
		struct file file = opened(words[count - 1], words[2]);
		if (file.begin)
			sink->take(sink, file.begin, (size_t)(file.end - file.begin));
		unmapped(&file);
	}
	return sink;
}

/* A map is added to the others and gives NULL, for something has to follow it. */
static struct sink *step(char **words, size_t count)
{
	const char *name = words[0];
	struct map *map = map_of(words, count);
	if (map && map_count < MOST) {
		last_name = name;
		if (map_count && tr_joined(maps[map_count - 1], map))
			free(map);
		else
			maps[map_count++] = map;
		return NULL;
	}
	if (!strcmp(name, "grep"))
		return understood(grep_sink(words, count), name);
	if (!strcmp(name, "wc") && count == 2)
		return understood(wc_sink(words[1]), name);
	static const char *const counted[] = {
	    [COUNTS] = "count", [DISTINCT] = "distinct", [ROWS] = "rows"};
	for (enum counted how = COUNTS; how <= ROWS && count == 3; how++)
		if (!strcmp(name, counted[how]))
			return count_sink(size_of(words[1]), words[2], how);
	if (!strcmp(name, "sort") && count >= 3)
		return sorting(words, count);
	if (!strcmp(name, "top") && count >= 2)
		return top_sink(size_of(words[1]), order_of(words + 2, count - 2));
	misused(name);
}

/* Apply maps to a block; whole records are so after the first that asks for them. */
static void pass(struct sink *sink, size_t first, uint8_t *bytes, size_t length)
{
	struct span span = {bytes, length};
	for (size_t at = first; at < map_count && span.length; at++)
		span = maps[at]->apply(maps[at], span);
	if (span.length)
		sink->take(sink, span.at, span.length);
}

static int run(struct sink *sink)
{
	size_t room = BLOCK, kept = 0; /* bytes of a record whose end was not read yet */
	size_t early = 0;              /* maps before anything needs whole records */
	while (early < map_count && !maps[early]->records)
		early++;
	bool records = early < map_count || sink->records;
	uint8_t *bytes = (uint8_t *)grown(NULL, 1 + room + PAD) + 1;
	bytes[-1] = '\n';
	for (;;) {
		if (room - kept < BLOCK / 2) {
			room *= 2;
			bytes = (uint8_t *)grown(bytes - 1, 1 + room + PAD) + 1;
		}
		struct span span = {bytes + kept, read_some(bytes + kept, room - kept)};
		if (!span.length)
			break;
		for (size_t at = 0; at < early; at++) /* they rewrite it where it is */
			span = maps[at]->apply(maps[at], span);
		if (!records) {
			sink->take(sink, bytes, span.length);
			continue;
		}
		const uint8_t *last = memrchr(span.at, '\n', span.length);
		size_t whole = last ? (size_t)(last - bytes) + 1 : 0;
		kept += span.length - whole;
		if (whole)
			pass(sink, early, bytes, whole);
		memmove(bytes, bytes + whole, kept);
	}
	if (kept) { /* there is room: half a block at least, or PAD */
		bytes[kept] = '\n';
		pass(sink, early, bytes, kept + 1);
	}
	free(bytes - 1);
	for (size_t at = early; at < map_count; at++)
		if (maps[at]->end) {
			struct span span = maps[at]->end(maps[at]);
			pass(sink, at + 1, span.at, span.length);
		}
	return sink->end(sink);
}

static void merge_files(char **words, size_t count)
{
	size_t flags = 3;
	while (flags < count && strcmp(words[flags], "--"))
		flags++;
	if (flags >= count)
		misused("merge");
	char **paths = words + flags + 1;
	size_t threads = size_of(words[0]), memory = size_of(words[1]), number = count - flags - 1;
	struct file *files = grown(NULL, number * sizeof *files + 1);
	for (size_t at = 0; at < number; at++)
		files[at] = opened(paths[at], words[2]);
	size_t buffer = memory < MERGED ? memory : MERGED;
	merge(files, number, order_of(words + 3, flags - 3), threads, buffer, 1);
	free(files);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		misused("no step");
	if (!strcmp(argv[1], "merge")) {
		merge_files(argv + 2, (size_t)argc - 2);
		return 0;
	}
	struct sink *sink = NULL;
	for (int first = 1, at = 1; at <= argc; at++)
		if (at == argc || !strcmp(argv[at], "|")) {
			if (at == first || sink)
				misused("|");
			if (first == 1 && !strcmp(argv[1], "from"))
				read_range(argv + 1, (size_t)at - 1);
			else
				sink = step(argv + first, (size_t)(at - first));
			first = at + 1;
		}
	return run(sink ? sink : write_sink(last_name));
}
