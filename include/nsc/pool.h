/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pool is a bump allocator: what is allocated from it lives until the pool is
 * reset or freed, and is never freed alone.  Suites, plans, messages and op results
 * live in pools.  Allocation never fails: out of memory aborts the process, which the
 * other side sees as a dead peer and reports as broken.
 */
#ifndef NSC_POOL_H
#define NSC_POOL_H

#include <stdarg.h>
#include <stddef.h>

struct pool_block;

struct pool {
	struct pool_block *head;
};

/* Zeroed memory, aligned for any type. */
void *pool_alloc(struct pool *pool, size_t size);
#define pool_new(pool, type) ((type *)pool_alloc(pool, sizeof(type)))
#define pool_array(pool, type, n) ((type *)pool_alloc(pool, sizeof(type) * (n)))

/*
 * An array of N pieces of SIZE bytes each, in which one more is to have a place: V, or where all of
 * *ROOM is taken a larger copy of it, which is zeroed behind the pieces. The first one is NULL, of
 * no room.
 */
void *pool_grow(struct pool *pool, void *v, size_t n, size_t *room, size_t size);

char *pool_strndup(struct pool *pool, const char *s, size_t len);
char *pool_strdup(struct pool *pool, const char *s);
char *pool_printf(struct pool *pool, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *pool_vprintf(struct pool *pool, const char *fmt, va_list ap);

/* Forget everything but keep the largest block for reuse. */
void pool_reset(struct pool *pool);
void pool_free(struct pool *pool);

#define AUTO_POOL __attribute__((cleanup(pool_free))) struct pool

#endif
