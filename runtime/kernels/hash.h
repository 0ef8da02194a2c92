/* A hash with a seed of the process, so that nobody can make keys that all fall in one place. */

#ifndef HASH_H
#define HASH_H

#include "kernel.h"

__extension__ typedef unsigned __int128 wide;

static inline uint64_t mixed(uint64_t hash, uint64_t word)
{
	wide product = (wide)(hash ^ word) * 0x9E3779B97F4A7C15U;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Of so many bytes; PAD behind them can be read. */
static inline uint64_t hash_bytes(uint64_t hash, const uint8_t *at, size_t length)
{
	size_t left = length;
	for (; left > 8; at += 8, left -= 8)
		hash = mixed(hash, word_at(at));
	return mixed(mixed(hash, left ? word_at(at) << (64 - 8 * left) : 0), length);
}

#endif
