/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading what may be compressed, with gzip, xz, lzma or zstd: libarchive finds out by the first
 * bytes, and uses zlib, liblzma and libzstd.
 */
#ifndef NSC_DECOMPRESS_H
#define NSC_DECOMPRESS_H

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

#define COMPRESSIONS "gzip, xz, lzma or zstd"

/* The reader takes what is compressed in these ways for what it was before. */
void decompress_with(struct archive *a);
/*
 * What was compressed in the part, or is in it as it is: *LEN bytes, at most MAX.  NULL, with *WHY
 * in words; both are from the pool.
 */
char *decompress(struct pool *pool, const struct part *part, size_t max, size_t *len,
		 const char **why);

#endif
