/* merge THREADS MEMORY SCRATCH [-n] [-r] [-u] -- FILE...: what `sort -m` writes of files in order;
   with -c, of outputs of `sort | uniq -c` that of their inputs together.

   The records of all files are divided into ranges by records picked from them, so that equal ones
   fall into one range. A thread merges a range at a time; ranges are written in order, by the
   thread whose turn it is as it merges, by others when it comes. A buffer holds so much as MEMORY
   says; files are mapped, and what has been read of them is let go. */

#include "kernel.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum {
	RANGE = 4 << 20,  /* bytes of a range, about */
	RANGES = 1 << 14, /* at most */
	PICKED = 8,       /* records for each range */
	PREFIX = 256,     /* bytes of a picked record: it needs no more to divide others */
	AROUND = 64 << 10, /* bytes that a system maps around one that is looked at */
	THREADS = 64,
};

/* The next record of a run, and what is left behind it. */
struct head {
	struct line line;
	uint64_t count;
	const uint8_t *next, *end;
	bool done;
};

struct job {
	struct order order;
	int descriptor;
	size_t buffer; /* bytes */
	const struct file *files;
	size_t count, ranges;
	const uint8_t **cuts; /* of each range, where it begins in each file; the ends, last */
	pthread_mutex_t lock;
	pthread_cond_t turned;
	size_t taken, turn;
};

/* A range in the hands of a thread. */
struct hand {
	struct job *job;
	size_t range;
};

/* The line behind a count. */
static const uint8_t *counted(const uint8_t *at, const uint8_t *end, uint64_t *count)
{
	while (at < end && *at == ' ')
		at++;
	const uint8_t *digits = at;
	for (*count = 0; at < end && *at >= '0' && *at <= '9'; at++)
		*count = 10 * *count + (uint64_t)(*at - '0');
	if (at == digits || at == end || *at != ' ') {
		errno = EINVAL;
		fail("a record without a count");
	}
	return at + 1;
}

static struct head head_at(const struct order *order, const uint8_t *at, const uint8_t *end)
{
	if (at == end)
		return (struct head){.done = true};
	const uint8_t *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
	struct head head = {.next = newline ? newline + 1 : end, .end = end};
	if (order->counted)
		at = counted(at, stop, &head.count);
	head.line = (struct line){0, at, (size_t)(stop - at)};
	head.line.key = order_key(order, &head.line);
	return head;
}

/* Where the record begins that a place of a file is in. */
static const uint8_t *record_at(const struct file *file, const uint8_t *at)
{
	const uint8_t *newline = memrchr(file->begin, '\n', (size_t)(at - file->begin));
	return newline ? newline + 1 : file->begin;
}

/* The first record of a file that does not come before this one. */
static const uint8_t *cut_at(const struct job *job, const struct file *file, const struct line *line)
{
	const uint8_t *low = file->begin, *high = file->end;
	while (low < high) {
		const uint8_t *at = record_at(file, low + (high - low) / 2);
		struct head found = head_at(&job->order, at, file->end);
		if (order_compare(&job->order, &found.line, line) < 0)
			low = found.next;
		else
			high = at;
	}
	return low;
}

static const struct order *sorted_by; /* for qsort, which one thread calls */

static int compare_lines(const void *a, const void *b)
{
	return order_compare(sorted_by, a, b);
}

/* The beginning of a line, in memory that stays. */
static struct line prefix(const struct job *job, struct line line, struct arena *texts)
{
	line.length = line.length < PREFIX ? line.length : PREFIX;
	uint8_t *text = arena_take(texts, line.length + PAD);
	memcpy(text, line.at, line.length);
	memset(text + line.length, 0, PAD);
	line.at = text;
	line.key = order_key(&job->order, &line);
	return line;
}

/* Records from all files, evenly, in their order; how many, PICKED for each range but the last. */
static size_t pick(const struct job *job, struct line **lines, struct arena *texts)
{
	size_t bytes = 0, picked = 0;
	for (size_t at = 0; at < job->count; at++)
		bytes += (size_t)(job->files[at].end - job->files[at].begin);
	size_t wanted = bytes / RANGE < RANGES ? bytes / RANGE * PICKED : RANGES * PICKED;
	size_t step = wanted ? bytes / wanted + 1 : SIZE_MAX;
	*lines = grown(NULL, (wanted + job->count) * sizeof **lines);
	for (size_t at = 0; at < job->count; at++) {
		const struct file *file = &job->files[at];
		size_t size = (size_t)(file->end - file->begin);
		for (size_t to = step / 2; to < size; to += step) {
			const uint8_t *record = record_at(file, file->begin + to);
			(*lines)[picked++] = prefix(job, head_at(&job->order, record, file->end).line, texts);
		}
		let_go(file->begin, file->end);
	}
	sorted_by = &job->order;
	qsort(*lines, picked, sizeof **lines, compare_lines);
	return picked;
}

static void divide(struct job *job)
{
	struct line *lines;
	struct arena texts = {0};
	job->ranges = pick(job, &lines, &texts) / PICKED + 1;
	job->cuts = grown(NULL, (job->ranges + 1) * job->count * sizeof *job->cuts);
	for (size_t at = 0; at < job->count; at++) {
		const struct file *file = &job->files[at];
		const uint8_t **cut = job->cuts + at;
		*cut = file->begin;
		for (size_t range = 1; range < job->ranges; range++)
			*(cut += job->count) = cut_at(job, file, &lines[range * PICKED - 1]);
		*(cut += job->count) = file->end;
		let_go(file->begin, file->end);
	}
	free(lines);
	arena_clear(&texts);
}

static void wait_turn(const void *given)
{
	const struct hand *hand = given;
	pthread_mutex_lock(&hand->job->lock);
	while (hand->job->turn != hand->range)
		pthread_cond_wait(&hand->job->turned, &hand->job->lock);
	pthread_mutex_unlock(&hand->job->lock);
}

static bool comes_before(const struct job *job, const struct head *a, const struct head *b)
{
	if (a->done || b->done)
		return !a->done;
	if (a->line.key != b->line.key)
		return a->line.key < b->line.key;
	return order_compare(&job->order, &a->line, &b->line) < 0;
}

/* The heads play against each other; each place of the tree keeps who lost there. */
static size_t play(const struct job *job, const struct head *heads, size_t *losers, size_t player)
{
	for (size_t at = (player + job->count) / 2; at; at /= 2) {
		size_t other = losers[at];
		if (other == SIZE_MAX) { /* as it is set up: who comes from the other side is awaited */
			losers[at] = player;
			return SIZE_MAX;
		}
		if (comes_before(job, &heads[other], &heads[player])) {
			losers[at] = player;
			player = other;
		}
	}
	return player;
}

static void merge_range(const struct hand *hand, struct head *heads, size_t *losers, struct out *out)
{
	const struct job *job = hand->job;
	const struct order *order = &job->order;
	const uint8_t **cuts = job->cuts + hand->range * job->count;
	size_t winner = SIZE_MAX;
	for (size_t at = 0; at < job->count; at++) {
		heads[at] = head_at(order, cuts[at], cuts[at + job->count]);
		losers[at] = SIZE_MAX;
	}
	for (size_t at = 0; at < job->count; at++)
		winner = play(job, heads, losers, at);
	while (!heads[winner].done) {
		struct line line = heads[winner].line;
		uint64_t count = 0;
		do {
			struct head *head = &heads[winner];
			count += head->count;
			*head = head_at(order, head->next, head->end);
			winner = play(job, heads, losers, winner);
		} while ((order->unique || order->counted) && !heads[winner].done &&
		         !order_compare(order, &line, &heads[winner].line));
		if (order->counted && !order->plain)
			out_count(out, count);
		out_line(out, line.at, line.length);
	}
	for (size_t at = 0; at < job->count; at++) {
		const uint8_t *begin = job->files[at].begin;
		let_go(cuts[at] - begin > AROUND ? cuts[at] - AROUND : begin, cuts[at + job->count]);
	}
}

static void *work(void *given)
{
	struct job *job = given;
	struct hand hand = {.job = job};
	struct out *out = out_in_turn(job->descriptor, job->buffer, wait_turn, &hand);
	struct head *heads = grown(NULL, job->count * sizeof *heads);
	size_t *losers = grown(NULL, job->count * sizeof *losers);
	for (;;) {
		pthread_mutex_lock(&job->lock);
		hand.range = job->taken++;
		pthread_mutex_unlock(&job->lock);
		if (hand.range >= job->ranges)
			break;
		merge_range(&hand, heads, losers, out);
		out_flush(out);
		wait_turn(&hand); /* a range may be empty, and nothing written */
		pthread_mutex_lock(&job->lock);
		job->turn++;
		pthread_cond_broadcast(&job->turned);
		pthread_mutex_unlock(&job->lock);
	}
	out_end(out);
	free(heads);
	free(losers);
	return NULL;
}

void merge(const struct file *files, size_t count, struct order order, size_t threads, size_t buffer,
           int descriptor)
{
	struct file *full = grown(NULL, count * sizeof *full + 1);
	size_t some = 0;
	for (size_t at = 0; at < count; at++)
		if (files[at].begin)
			full[some++] = files[at];
	struct job job = {.order = order,
	                  .descriptor = descriptor,
	                  .buffer = buffer,
	                  .files = full,
	                  .count = some,
	                  .lock = PTHREAD_MUTEX_INITIALIZER,
	                  .turned = PTHREAD_COND_INITIALIZER};
	if (some)
		divide(&job);
	pthread_t started[THREADS];
	size_t most = threads < job.ranges ? threads : job.ranges, running = 0;
	while (running + 1 < most && running < THREADS &&
	       !pthread_create(&started[running], NULL, work, &job))
		running++;
	work(&job);
	while (running)
		pthread_join(started[--running], NULL);
	free(job.cuts);
	free(full);
}
