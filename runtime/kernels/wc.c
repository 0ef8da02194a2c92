/* wc COLUMNS: what wc prints of standard input in the C locale; COLUMNS are letters of `lwmc`.

   To some versions of wc a word is whatever stands between blanks, to others it has something that
   is printed in it: both are counted, and where they differ the wc that is here is asked. */

#include "kernel.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>

struct wc {
	struct sink sink;
	const char *columns;
	bool counts_lines, counts_words;
	size_t lines, bytes;
	size_t runs, words; /* of what is no blank; those of them with something that is printed */
	bool in_run, in_word;
};

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_shown(uint8_t byte)
{
	return byte > ' ' && byte < 127;
}

static void count_slowly(struct wc *wc, const uint8_t *at, const uint8_t *end)
{
	for (; at < end; at++) {
		bool run = !is_blank(*at), word = run && (wc->in_word || is_shown(*at));
		wc->runs += run && !wc->in_run;
		wc->words += word && !wc->in_word;
		wc->in_run = run;
		wc->in_word = word;
	}
}

static vector all_shown(vector bytes)
{
	return (vector)(bytes - '!' < (vector){0} + (127 - '!'));
}

static vector all_blank(vector bytes)
{
	return equals(bytes, ' ') | (vector)(bytes - '\t' < (vector){0} + ('\r' - '\t' + 1));
}

static bool all_true(vector truths)
{
	uint64_t halves[2];
	memcpy(halves, &truths, sizeof halves);
	return (halves[0] & halves[1]) == UINT64_MAX;
}

/* Words begin where something shown is behind a blank, if there is nothing else: neither in the
   vectors nor in the byte before them, which may be unprintable and yet within a word. */
static void count_words(struct wc *wc, const uint8_t *at, const uint8_t *end)
{
	if (at == end)
		return;
	count_slowly(wc, at, at + 1);
	at++;
	while (end - at >= VECTOR) {
		vector begun = {0}, known = ~begun;
		const uint8_t *from = at;
		for (int times = 0; times < SUMMED && end - at >= VECTOR; times++, at += VECTOR) {
			vector before = all_shown(vector_at(at - 1)), bytes = vector_at(at);
			vector shown = all_shown(bytes);
			known &= shown | all_blank(bytes);
			begun -= shown & ~before;
		}
		bool plain = wc->in_run == wc->in_word && wc->in_word == is_shown(from[-1]);
		if (all_true(known) && plain) {
			wc->runs += sum(begun);
			wc->words += sum(begun);
			wc->in_run = wc->in_word = is_shown(at[-1]);
		} else {
			count_slowly(wc, from, at);
		}
	}
	count_slowly(wc, at, end);
}

static void wc_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct wc *wc = (struct wc *)sink;
	wc->bytes += length;
	if (wc->counts_lines)
		wc->lines += count_newlines(bytes, length);
	if (wc->counts_words)
		count_words(wc, bytes, bytes + length);
}

/* Whether what has nothing printed in it is a word to the wc of this machine. */
static bool counts_runs(void)
{
	char name[] = "wc", words[] = "-w", *argv[] = {name, words, NULL};
	uint8_t odd = 1;
	struct room room = {0};
	bool counts = *by_tool(argv, (struct span){&odd, 1}, &room).at == '1';
	free(room.bytes);
	return counts;
}

static int wc_end(struct sink *sink)
{
	struct wc *wc = (struct wc *)sink;
	if (wc->runs != wc->words && counts_runs())
		wc->words = wc->runs;
	int width = wc->columns[1] ? 7 : 1;
	for (const char *column = wc->columns; *column; column++)
		printf("%s%*zu", column == wc->columns ? "" : " ", width,
		       *column == 'l'   ? wc->lines
		       : *column == 'w' ? wc->words
		                        : wc->bytes);
	putchar('\n');
	if (fflush(stdout))
		fail("write error");
	free(wc);
	return 0;
}

struct sink *wc_sink(const char *columns)
{
	if (!*columns || columns[strspn(columns, "lwmc")])
		return NULL;
	struct wc *wc = grown(NULL, sizeof *wc);
	*wc = (struct wc){.sink = {wc_take, wc_end, false},
	                  .columns = columns,
	                  .counts_lines = strchr(columns, 'l'),
	                  .counts_words = strchr(columns, 'w')};
	return &wc->sink;
}
