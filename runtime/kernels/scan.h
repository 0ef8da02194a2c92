/* Bytes looked at many at a time. */

#ifndef SCAN_H
#define SCAN_H

#include "kernel.h"

/* Sixteen bytes; what is true of one of them is 255 in its place. */
typedef uint8_t vector __attribute__((vector_size(16)));
enum { VECTOR = sizeof(vector) };

static inline vector vector_at(const uint8_t *at)
{
	vector found;
	memcpy(&found, at, sizeof found);
	return found;
}

static inline vector equals(vector bytes, uint8_t byte)
{
	return (vector)(bytes == (vector){0} + byte);
}

static inline size_t sum(vector numbers)
{
	size_t found = 0;
	for (int at = 0; at < VECTOR; at++)
		found += numbers[at];
	return found;
}

/* Truths are added up in bytes, so many of them at most. */
enum { SUMMED = 255 };

static inline size_t count_newlines(const uint8_t *at, size_t length)
{
	const uint8_t *end = at + length;
	size_t found = 0;
	while (end - at >= VECTOR) {
		vector counts = {0};
		for (int times = 0; times < SUMMED && end - at >= VECTOR; times++, at += VECTOR)
			counts -= equals(vector_at(at), '\n');
		found += sum(counts);
	}
	while (at < end)
		found += *at++ == '\n';
	return found;
}

/* Where the next of two bytes is; one of them must follow, and PAD readable bytes behind it. */
static inline const uint8_t *either(const uint8_t *at, uint8_t a, uint8_t b)
{
	static const uint64_t ones = 0x0101010101010101U;
	for (;; at += 8) {
		uint64_t word = word_at(at), one = word ^ ones * a, other = word ^ ones * b;
		uint64_t found = ((one - ones) & ~one) | ((other - ones) & ~other);
		if (found &= ones << 7) /* the lowest bit is sure */
			return at + __builtin_ctzll(found) / 8;
	}
}

/* Where the next space, tab or newline is; the same must hold. */
static inline const uint8_t *blank_or_newline(const uint8_t *at)
{
	static const uint64_t ones = 0x0101010101010101U;
	for (;; at += 8) {
		uint64_t word = word_at(at), space = word ^ ones * ' ';
		uint64_t tab = word ^ ones * '\t', newline = word ^ ones * '\n';
		uint64_t found = ((space - ones) & ~space) | ((tab - ones) & ~tab);
		found |= (newline - ones) & ~newline;
		if (found &= ones << 7)
			return at + __builtin_ctzll(found) / 8;
	}
}

static inline const uint8_t *line_end(const uint8_t *at, const uint8_t *end)
{
	return memchr(at, '\n', (size_t)(end - at));
}

/* Copy what has PAD readable bytes behind it to where as many can be written; the place after. */
static inline uint8_t *copied(uint8_t *to, const uint8_t *from, size_t length)
{
	if (length > 4 * PAD) {
		memcpy(to, from, length);
		return to + length;
	}
	for (size_t done = 0; done < length; done += PAD)
		memcpy(to + done, from + done, PAD);
	return to + length;
}

#endif
