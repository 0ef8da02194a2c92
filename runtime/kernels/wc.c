/* wc COLUMNS: what wc prints of standard input in the C locale; COLUMNS are letters of `lmc`. */

#include "kernel.h"
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>

struct wc {
	struct sink sink;
	const char *columns;
	size_t lines, bytes;
};

static void wc_take(struct sink *sink, const uint8_t *bytes, size_t length)
{
	struct wc *wc = (struct wc *)sink;
	wc->bytes += length;
	if (*wc->columns == 'l')
		wc->lines += count_newlines(bytes, length);
}

static int wc_end(struct sink *sink)
{
	struct wc *wc = (struct wc *)sink;
	int width = wc->columns[1] ? 7 : 1;
	for (const char *column = wc->columns; *column; column++)
		printf("%s%*zu", column == wc->columns ? "" : " ", width,
		       *column == 'l' ? wc->lines : wc->bytes);
	putchar('\n');
	if (fflush(stdout))
		fail("write error");
	free(wc);
	return 0;
}

struct sink *wc_sink(const char *columns)
{
	if (!*columns || columns[strspn(columns, "lmc")])
		return NULL;
	struct wc *wc = grown(NULL, sizeof *wc);
	*wc = (struct wc){.sink = {wc_take, wc_end, false}, .columns = columns};
	return &wc->sink;
}
