/* What the parts of leash-kernel know of each other; main.c says what it is. */

#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are read as little-endian"
#endif

/* Words are read whole, so as many bytes must be readable after the last one that counts. */
enum { PAD = 8 };

/* What takes the bytes that come out of the maps. Those with `records` get whole records, each
   with its newline, the last one too, and a newline stands before them. The bytes are the sink's
   only until it returns. */
struct sink {
	void (*take)(struct sink *, const uint8_t *bytes, size_t length);
	int (*end)(struct sink *); /* the status of the last command */
	bool records;
};

/* What another step follows. It rewrites the bytes where they are, or says where in memory of its
   own they are now. Those with `records` get whole records, as sinks do, and give such. What comes
   after the last block, `end` gives, if it is there. */
struct span {
	uint8_t *at;
	size_t length;
};
struct map {
	struct span (*apply)(struct map *, struct span);
	bool records;
	struct span (*end)(struct map *);
};

/* A map is NULL if its words are not understood, and so is a sink of words. */
struct map *awk_new(char **words, size_t count);
struct map *cut_new(char **words, size_t count);
struct map *pairs_new(char **words, size_t count);
struct sink *wc_sink(const char *columns);
struct sink *grep_sink(char **words, size_t count);

/* Its name is that of the command whose output it is, for when it can't be written. */
struct sink *write_sink(const char *name);
/* What is printed of lines that were counted. */
enum counted {
	COUNTS,   /* as `uniq -c` does, in the order of the lines */
	DISTINCT, /* each line once, in order */
	ROWS,     /* `COUNT 0 LINE` in any order; a line may come again, with a count of its own */
};
struct sink *count_sink(size_t memory, const char *scratch, enum counted);

/* coded.c: the same of lines whose words come again and again; how many words it has seen. */
struct sink *coded_sink(size_t memory, const char *scratch, enum counted, uint64_t seed);
size_t coded_words(const struct sink *);
void coded_dropped(struct sink *);

/* tr.c: each byte becomes another, or none; runs of a byte become one. */
struct map *tr_new(const char *map, const char *squeezed);
bool tr_joined(struct map *, const struct map *following);

/* lines.c: lines in memory and their order by bytes. `at` has PAD readable bytes behind it. */
struct line {
	uint64_t key; /* what orders most of them: eight bytes, the first one highest, or a number */
	const uint8_t *at;
	size_t length;
};
void lines_sort(struct line *, size_t count);
uint64_t line_key(const struct line *); /* the first eight bytes; zeros for what is not there */
int line_compare(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length);
/* Of lines that are equal up to `depth`, or as far as they go. */
int lines_compare(const struct line *, const struct line *, size_t depth);

/* numbers.c: the same by the numbers that lines begin with, then by bytes. */
uint64_t number_key(const struct line *); /* orders numbers, but for what is equal by it */
int number_compare(const struct line *, const struct line *, uint64_t key); /* of both */
uint64_t key_of_whole(size_t number); /* of a small one */
size_t whole_of_key(uint64_t key);    /* SIZE_MAX if its number is not whole, or negative */
void numbers_sort(struct line *, size_t count); /* by keys; with memory for as many more */

/* How lines are ordered. unique: of equal ones one. counted: each has a count before it, as
   `uniq -c` prints it, and comes once; plain: such are merged to the lines alone. */
struct order {
	bool numeric, reverse, unique, counted, plain;
};
uint64_t order_key(const struct order *, const struct line *);
int order_compare(const struct order *, const struct line *, const struct line *); /* with keys */
struct sink *sort_sink(size_t memory, const char *scratch, struct order);
struct sink *numeric_sink(size_t memory, const char *scratch, struct order);
struct sink *top_sink(size_t most, struct order); /* the first so many lines */

/* Output by large writes. in_turn: `wait` is called before each write; bytes: how many are held
   until then, at least. */
struct out;
struct out *out_new(int descriptor);
struct out *out_in_turn(int descriptor, size_t bytes, void (*wait)(const void *), const void *given);
void out_bytes(struct out *, const uint8_t *bytes, size_t length);
void out_line(struct out *, const uint8_t *line, size_t length); /* and a newline */
void out_count(struct out *, uint64_t count);                    /* as `uniq -c` prints it */
void out_number(struct out *, uint64_t number);
void out_flush(struct out *);
void out_end(struct out *);
void write_all(int descriptor, const uint8_t *bytes, size_t length);

/* files.c: a file that is mapped; an empty one is nowhere. PAD bytes behind it can be read.
   What is let go is read again when it is looked at. */
struct file {
	const uint8_t *begin, *end;
};
struct file opened(const char *path, const char *scratch); /* a pipe is copied to scratch */
struct file mapped(int descriptor);                        /* which is closed */
void let_go(const uint8_t *begin, const uint8_t *end);
void unmapped(const struct file *);
int temporary(const char *scratch); /* gone with the process */

/* merge.c: files in this order to one. */
void merge(const struct file *, size_t count, struct order, size_t threads, size_t buffer,
           int descriptor);

/* runs.c: what a sink holds is written in order, as a run, or, in the end, as its output: from all
   runs and the rest, or from that alone. */
enum { RUNS = 32 }; /* as many are merged at once */
struct runs {
	struct order order;
	const char *scratch;
	struct file files[RUNS];
	size_t count;
};
typedef void writes(struct sink *, struct out *, bool run);
void runs_add(struct runs *, struct sink *, writes *);
void runs_end(struct runs *, struct sink *, writes *);

/* They end the process where there is no memory, or with the message of errno. */
void *grown(void *memory, size_t bytes);
void *cleared(size_t bytes);
_Noreturn void fail(const char *what);

/* Memory of a map for what it makes of a block: so many bytes, PAD more, and a newline before. */
struct room {
	uint8_t *bytes;
	size_t size;
};
uint8_t *room_for(struct room *, size_t bytes);

/* tool.c: what a command makes of a block, in such memory; one that fails ends the process. */
struct span by_tool(char **argv, struct span, struct room *);

/* Memory that is given back all at once; pieces begin at multiples of eight. */
struct arena {
	struct chunk *chunks;
	size_t left;  /* in the last chunk */
	size_t bytes; /* in all of them */
};
uint8_t *arena_take(struct arena *, size_t bytes);
void arena_clear(struct arena *);

static inline uint64_t word_at(const uint8_t *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
	return word;
}

#endif
