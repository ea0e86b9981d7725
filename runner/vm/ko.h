/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One kernel module: an ELF file, compressed or not.
 */
#ifndef NSC_KO_H
#define NSC_KO_H

#include "nsc/pool.h"
#include "machine/decompress.h"

/*
 * How long the module's name is in the name of its file, without .ko, .ko.gz, .ko.xz, .ko.zst or
 * what else it may be compressed with; 0 when FILE is no module by its name.
 */
size_t module_name_len(const char *file);
/*
 * The ELF file there, compressed or not, without its sections for debuggers: *LEN bytes, which are
 * at least an ELF header; NULL with a message on stderr.
 */
const void *module_read(struct pool *pool, const struct part *part, size_t *len);
/* The entry KEY= of its .modinfo, e.g. depends=a,b; NULL when it has none. */
const char *module_info(const void *data, size_t len, const char *key);

#endif
