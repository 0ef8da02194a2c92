/* Which of two lines comes first. */

#include "kernel.h"

uint64_t order_key(const struct order *order, const struct line *line)
{
	uint64_t key = order->numeric ? number_key(line) : line_key(line);
	return order->reverse ? ~key : key;
}

int order_compare(const struct order *order, const struct line *a, const struct line *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	int found = order->numeric ? number_compare(a, b, order->reverse ? ~a->key : a->key)
	                           : lines_compare(a, b, 8);
	return order->reverse ? -found : found;
}
