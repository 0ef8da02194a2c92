/* merge THREADS [-n] [-r] [-u] FILE...: what `sort -m` writes of files in this order.

   The records of all files are divided into ranges by records picked from them, so that equal ones
   fall into one range. A thread merges a range at a time; ranges are written in order, by the
   thread whose turn it is as it merges, by others out of a buffer. Files are mapped: what is read
   twice, to find where ranges begin, is in memory then. */

#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RANGE = 4 << 20,   /* bytes of a range, about */
	RANGES = 1 << 14,  /* at most */
	PICKED = 8,        /* records for each range */
	BUFFER = 16 << 20, /* what a thread holds before it waits for its turn */
	THREADS = 64,
};

struct file {
	const uint8_t *begin, *end; /* PAD bytes behind the end can be read */
};

/* A record that is the next of a run, and what of the run is left behind it. */
struct head {
	uint64_t key;
	const uint8_t *at;
	size_t length;
	const uint8_t *next, *end;
	bool done;
};

struct job {
	struct order order;
	size_t files, ranges;
	struct file *file;
	const uint8_t **cuts; /* of each range, where it begins in each file; the ends, last */
	pthread_mutex_t lock;
	pthread_cond_t turned;
	size_t taken, turn;
};

static struct file mapped(const char *path, const char *scratch)
{
	int given = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (given < 0 || fstat(given, &status))
		fail(path);
	if (!S_ISREG(status.st_mode)) { /* a pipe, say: kept where it can be read again */
		FILE *copy = temporary(scratch);
		uint8_t *block = grown(NULL, RANGE);
		ssize_t got;
		while ((got = read(given, block, RANGE)) > 0 || (got < 0 && errno == EINTR))
			if (got > 0 && fwrite(block, 1, (size_t)got, copy) != (size_t)got)
				fail(scratch);
		if (got < 0)
			fail(path);
		if (fflush(copy))
			fail(scratch);
		free(block);
		close(given);
		given = fileno(copy);
		if (fstat(given, &status))
			fail(path);
	}
	if (!status.st_size)
		return (struct file){0};
	size_t size = (size_t)status.st_size, page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *at = mmap(NULL, size + page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED ||
	    mmap(at, size, PROT_READ, MAP_SHARED | MAP_FIXED, given, 0) == MAP_FAILED)
		fail(path);
	close(given);
	return (struct file){at, at + size};
}

/* The record at a place of a run. */
static struct head head_at(const struct order *order, const uint8_t *at, const uint8_t *end)
{
	if (at == end)
		return (struct head){.done = true};
	const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
	size_t length = (size_t)((newline ? newline : end) - at);
	struct line line = {0, at, length};
	uint64_t key = order->numeric ? number_key(&line) : line_key(&line);
	if (order->reverse)
		key = ~key;
	return (struct head){key, at, length, newline ? newline + 1 : end, end, false};
}

static int compare(const struct order *order, const struct head *a, const struct head *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	int found = order->numeric ? number_compare(a->at, a->length, b->at, b->length)
	                           : line_compare(a->at, a->length, b->at, b->length);
	return order->reverse ? -found : found;
}

/* Where the record begins that a place of a file is in. */
static const uint8_t *record_at(const struct file *file, const uint8_t *at)
{
	if (at == file->begin)
		return at;
	const uint8_t *newline = memrchr(file->begin, '\n', (size_t)(at - file->begin));
	return newline ? newline + 1 : file->begin;
}

/* The first record of a file that does not come before this one. */
static const uint8_t *cut_at(const struct job *job, const struct file *file, const struct head *record)
{
	const uint8_t *low = file->begin, *high = file->end;
	while (low < high) {
		const uint8_t *at = record_at(file, low + (high - low) / 2);
		struct head found = head_at(&job->order, at, file->end);
		if (compare(&job->order, &found, record) < 0)
			low = found.next;
		else
			high = at;
	}
	return low;
}

static const struct order *sorted_by; /* for qsort, which one thread calls */

static int compare_heads(const void *a, const void *b)
{
	return compare(sorted_by, a, b);
}

static void divide(struct job *job)
{
	size_t bytes = 0, picked = 0;
	for (size_t at = 0; at < job->files; at++)
		bytes += (size_t)(job->file[at].end - job->file[at].begin);
	size_t wanted = bytes / RANGE + 1 < RANGES ? bytes / RANGE + 1 : RANGES;
	size_t step = bytes / (wanted * PICKED) + 1;
	struct head *heads = grown(NULL, (wanted * PICKED + job->files) * sizeof *heads);
	for (size_t at = 0; wanted > 1 && at < job->files; at++) {
		const struct file *file = &job->file[at];
		size_t size = (size_t)(file->end - file->begin);
		for (size_t to = step / 2; to < size; to += step)
			heads[picked++] =
			    head_at(&job->order, record_at(file, file->begin + to), file->end);
	}
	sorted_by = &job->order;
	qsort(heads, picked, sizeof *heads, compare_heads);
	job->ranges = picked / PICKED + 1;
	job->cuts = grown(NULL, (job->ranges + 1) * job->files * sizeof *job->cuts);
	for (size_t range = 0; range <= job->ranges; range++)
		for (size_t at = 0; at < job->files; at++) {
			const struct file *file = &job->file[at];
			const uint8_t *cut = range == 0 ? file->begin : file->end;
			if (range && range < job->ranges)
				cut = cut_at(job, file, &heads[range * PICKED - 1]);
			job->cuts[range * job->files + at] = cut;
		}
	free(heads);
}

/* What a thread has merged of its range and not written. */
struct buffer {
	struct job *job;
	size_t range, used;
	uint8_t *bytes;
};

static void wait_turn(struct job *job, size_t range)
{
	pthread_mutex_lock(&job->lock);
	while (job->turn != range)
		pthread_cond_wait(&job->turned, &job->lock);
	pthread_mutex_unlock(&job->lock);
}

static void flush(struct buffer *buffer)
{
	wait_turn(buffer->job, buffer->range);
	write_all(1, buffer->bytes, buffer->used);
	buffer->used = 0;
}

static void put(struct buffer *buffer, const uint8_t *bytes, size_t length)
{
	if (buffer->used + length > BUFFER)
		flush(buffer);
	if (length > BUFFER) {
		write_all(1, bytes, length);
		return;
	}
	memcpy(buffer->bytes + buffer->used, bytes, length);
	buffer->used += length;
}

/* The heads play against each other; each place of the tree keeps who lost there. */
static size_t play(const struct order *order, const struct head *heads, size_t *losers, size_t count,
                   size_t player)
{
	for (size_t at = (player + count) / 2; at; at /= 2) {
		size_t other = losers[at];
		if (other == SIZE_MAX) { /* as it is set up: who comes from the other side is awaited */
			losers[at] = player;
			return SIZE_MAX;
		}
		if (heads[player].done ||
		    (!heads[other].done && compare(order, &heads[other], &heads[player]) < 0)) {
			losers[at] = player;
			player = other;
		}
	}
	return player;
}

static void merge_range(struct job *job, struct buffer *buffer, struct head *heads, size_t *losers)
{
	const uint8_t **cuts = job->cuts + buffer->range * job->files;
	size_t count = job->files, winner = SIZE_MAX;
	for (size_t at = 0; at < count; at++) {
		heads[at] = head_at(&job->order, cuts[at], cuts[at + count]);
		losers[at] = SIZE_MAX;
	}
	for (size_t at = 0; at < count; at++)
		winner = play(&job->order, heads, losers, count, at);
	struct head last = {.done = true};
	while (!heads[winner].done) {
		struct head head = heads[winner];
		bool again = job->order.unique && !last.done && !compare(&job->order, &last, &head);
		if (!again) {
			bool ended = head.next[-1] == '\n';
			put(buffer, head.at, head.length + ended);
			if (!ended)
				put(buffer, (const uint8_t *)"\n", 1);
			last = head;
		}
		heads[winner] = head_at(&job->order, head.next, head.end);
		winner = play(&job->order, heads, losers, count, winner);
	}
}

static void *work(void *given)
{
	struct job *job = given;
	struct buffer buffer = {.job = job, .bytes = grown(NULL, BUFFER)};
	struct head *heads = grown(NULL, job->files * sizeof *heads);
	size_t *losers = grown(NULL, job->files * sizeof *losers);
	for (;;) {
		pthread_mutex_lock(&job->lock);
		buffer.range = job->taken++;
		pthread_mutex_unlock(&job->lock);
		if (buffer.range >= job->ranges)
			break;
		merge_range(job, &buffer, heads, losers);
		flush(&buffer);
		pthread_mutex_lock(&job->lock);
		job->turn++;
		pthread_cond_broadcast(&job->turned);
		pthread_mutex_unlock(&job->lock);
	}
	free(buffer.bytes);
	free(heads);
	free(losers);
	return NULL;
}

void merge_ranges(char **paths, size_t count, struct order order, size_t threads,
                  const char *scratch)
{
	struct job job = {.order = order,
	                  .file = grown(NULL, count * sizeof *job.file),
	                  .lock = PTHREAD_MUTEX_INITIALIZER,
	                  .turned = PTHREAD_COND_INITIALIZER};
	for (size_t at = 0; at < count; at++) {
		struct file file = mapped(paths[at], scratch);
		if (file.begin)
			job.file[job.files++] = file;
	}
	if (job.files)
		divide(&job);
	pthread_t started[THREADS];
	size_t more = threads < job.ranges ? threads : job.ranges, running = 0;
	while (running + 1 < more && running < THREADS &&
	       !pthread_create(&started[running], NULL, work, &job))
		running++;
	work(&job);
	while (running)
		pthread_join(started[--running], NULL);
	free(job.cuts);
	free(job.file);
}
