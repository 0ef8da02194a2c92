/* A small program. */
#include <stdio.h>
#include <stdlib.h>
#include "util.h"

#define MAX 10   // as many as fit
#define NAME "demo"

static int twice(int x)
{
	return 2 * x;   
}

/* TODO: read the size from argv
   and check it */
int main(int argc, char **argv)
{
	int i, sum = 0;
	for (i = 0; i < MAX; i++) {
		sum += twice(i);	// FIXME: overflow
		printf("%d\n", sum);
	}
	if (argc > 1)
		sum = atoi(argv[1]);

	return sum > 100 ? EXIT_FAILURE : EXIT_SUCCESS;
}
