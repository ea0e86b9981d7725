/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 (FIPS 180-4), so that what a run was given can be told apart with sha256sum(1).
 */
#ifndef NSC_SHA256_H
#define NSC_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "nsc/pool.h"

struct sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	unsigned char block[64];
};

void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t len);
/* The digest in hexadecimal (from POOL); H is used up. */
const char *sha256_end(struct pool *pool, struct sha256 *h);

#endif
