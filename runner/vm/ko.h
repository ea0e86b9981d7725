/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One kernel module: an ELF file, compressed or not.
 */
#ifndef NSC_KO_H
#define NSC_KO_H

#include "nsc/pool.h"

/*
 * The ELF file in PATH (.ko, .ko.gz, .ko.xz, .ko.zst) without its sections for debuggers, *LEN
 * bytes; NULL with a message on stderr.
 */
const void *module_read(struct pool *pool, const char *path, size_t *len);
/* The entry KEY= of its .modinfo, e.g. depends=a,b; NULL when it has none. */
const char *module_info(const void *data, size_t len, const char *key);

#endif
