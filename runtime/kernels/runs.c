/* Runs: what memory did not hold, in order and in files. Many of them are merged to one. */

#include "kernel.h"

static void clear(struct runs *runs)
{
	while (runs->count)
		unmapped(&runs->files[--runs->count]);
}

void runs_add(struct runs *runs, struct sink *sink, writes *write)
{
	int descriptor = temporary(runs->scratch);
	struct out *out = out_new(descriptor);
	write(sink, out, true);
	out_end(out);
	runs->files[runs->count++] = mapped(descriptor);
	if (runs->count < RUNS)
		return;
	int merged = temporary(runs->scratch);
	struct order order = runs->order;
	order.plain = false;
	merge(runs->files, runs->count, order, 1, 0, merged);
	clear(runs);
	runs->files[runs->count++] = mapped(merged);
}

void runs_end(struct runs *runs, struct sink *sink, writes *write)
{
	if (!runs->count) {
		struct out *out = out_new(1);
		write(sink, out, false);
		out_end(out);
		return;
	}
	runs_add(runs, sink, write);
	merge(runs->files, runs->count, runs->order, 1, 0, 1);
	clear(runs);
}
