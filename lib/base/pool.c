// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bump allocation in blocks that double up to a limit.  The newest block is the largest,
 * so a pool that is reset and filled again and again settles on one block.
 *
 * Blocks of a pool that has become large are huge pages, where the kernel has them for who asks
 * (transparent_hugepage): a page that is touched for the first time costs more than what is
 * mostly done with it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "nsc/pool.h"

enum {
	FIRST_BLOCK = 4096, LARGEST_SMALL_BLOCK = 256 * 1024, HUGE_PAGE = 2 * 1024 * 1024,
	ALIGNMENT = 8,
};

/* AddressSanitizer sees the end of a block: each piece has one of its own. */
#ifndef __has_feature
#define __has_feature(name) 0 /* clang's */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define BLOCK_EACH 1
#else
#define BLOCK_EACH 0
#endif

struct pool_block {
	struct pool_block *next;
	size_t size, used;
	_Alignas(ALIGNMENT) unsigned char data[];
};

/* Whole huge pages with room for NEED bytes; *SIZE is all that they have room for. */
static struct pool_block *huge_block(size_t need, size_t *size)
{
	size_t all = (sizeof(struct pool_block) + need + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	struct pool_block *block = aligned_alloc(HUGE_PAGE, all);

	/* Where there are none it is memory like any other. */
	if (block)
		madvise(block, all, MADV_HUGEPAGE);
	*size = all - sizeof(*block);
	return block;
}

static void grow(struct pool *pool, size_t need)
{
	size_t size = pool->head ? pool->head->size * 2 : FIRST_BLOCK;
	struct pool_block *block;

	if (size < need || BLOCK_EACH)
		size = need;
	if (size > LARGEST_SMALL_BLOCK)
		block = huge_block(need, &size);
	else
		block = malloc(sizeof(*block) + size);
	if (!block)
		abort();
	block->next = pool->head;
	block->size = size;
	block->used = 0;
	pool->head = block;
}

static size_t aligned(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* Memory that the caller fills. */
static void *take(struct pool *pool, size_t size)
{
	size = BLOCK_EACH ? size : aligned(size);
	if (BLOCK_EACH || !pool->head || pool->head->size - pool->head->used < size)
		grow(pool, size);
	void *at = pool->head->data + pool->head->used;

	pool->head->used += size;
	return at;
}

void *pool_alloc(struct pool *pool, size_t size)
{
	return memset(take(pool, size), 0, size);
}

void *pool_grow(struct pool *pool, void *v, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return v;
	*room = n ? n * 2 : 16;
	void *grown = pool_alloc(pool, *room * size);

	return n ? memcpy(grown, v, n * size) : grown;
}

char *pool_strndup(struct pool *pool, const char *s, size_t len)
{
	char *copy = take(pool, len + 1);

	copy[len] = 0;
	return memcpy(copy, s, len);
}

char *pool_strdup(struct pool *pool, const char *s)
{
	return pool_strndup(pool, s, strlen(s));
}

/* Most texts fit in what is left of the block, and are formatted only once. */
char *pool_vprintf(struct pool *pool, const char *fmt, va_list ap)
{
	struct pool_block *block = pool->head;
	size_t room = block && !BLOCK_EACH ? block->size - block->used : 0;
	char *text = block ? (char *)block->data + block->used : NULL;
	va_list again;

	va_copy(again, ap);
	int len = vsnprintf(text, room, fmt, ap);

	if (len < 0)
		abort();
	text = take(pool, (size_t)len + 1);
	if ((size_t)len >= room)
		vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

char *pool_printf(struct pool *pool, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = pool_vprintf(pool, fmt, ap);

	va_end(ap);
	return text;
}

static void free_blocks(struct pool_block *block)
{
	while (block) {
		struct pool_block *next = block->next;

		free(block);
		block = next;
	}
}

void pool_reset(struct pool *pool)
{
	if (!pool->head)
		return;
	free_blocks(pool->head->next);
	pool->head->next = NULL;
	pool->head->used = 0;
}

void pool_free(struct pool *pool)
{
	free_blocks(pool->head);
	pool->head = NULL;
}
