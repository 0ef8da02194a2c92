/* Runs: what memory did not hold, in order and in files. Many of them are merged to one. */

#include "kernel.h"

struct out *run_begin(struct runs *runs)
{
	runs->descriptor = temporary(runs->scratch);
	return out_new(runs->descriptor);
}

static void clear(struct runs *runs)
{
	while (runs->count)
		unmapped(&runs->files[--runs->count]);
}

void run_end(struct runs *runs, struct out *out)
{
	out_end(out);
	runs->files[runs->count++] = mapped(runs->descriptor);
	if (runs->count < RUNS)
		return;
	int merged = temporary(runs->scratch);
	struct order order = runs->order;
	order.plain = false;
	merge(runs->files, runs->count, order, 1, 0, merged);
	clear(runs);
	runs->files[runs->count++] = mapped(merged);
}

void runs_write(struct runs *runs)
{
	merge(runs->files, runs->count, runs->order, 1, 0, 1);
	clear(runs);
}
