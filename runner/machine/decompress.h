/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading what may be compressed, with gzip, bzip2, xz, lzma, zstd or lz4: libarchive finds out by
 * the first bytes, and uses zlib, libbz2, liblzma, libzstd and liblz4.
 */
#ifndef NSC_DECOMPRESS_H
#define NSC_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nsc/pool.h"

struct archive;

/* A file, or a part of one that holds several. */
struct part {
	const char *name; /* in messages; the path, where there is no descriptor */
	int fd;		  /* below 0: the whole file of that name */
	int64_t at, len;  /* in the descriptor's file */
};

#define COMPRESSIONS "gzip, bzip2, xz, lzma, zstd or lz4"

/* The reader takes what is compressed in these ways for what it was before. */
void decompress_with(struct archive *a);

/* Gets LEN more bytes; false: that is enough. */
typedef bool decompress_take(void *context, const char *data, size_t len);
/*
 * TAKE with what was compressed in the part, piece by piece. False when it does not come to its
 * end, after what TAKE has got, or when it is not compressed, with *WHY in words (from POOL).
 */
bool decompress_each(struct pool *pool, const struct part *part, decompress_take *take,
		     void *context, const char **why);
/*
 * What was compressed in the part, or is in it as it is: *LEN bytes, at most MAX.  NULL, with *WHY
 * in words; both are from the pool.
 */
char *decompress(struct pool *pool, const struct part *part, size_t max, size_t *len,
		 const char **why);

#endif
