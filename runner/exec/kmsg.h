/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel logs while cells run: lines of warning level and worse, and changes of
 * its taint.  Read from /dev/kmsg where that is allowed; nothing is written to it.
 */
#ifndef NSC_KMSG_H
#define NSC_KMSG_H

#include <stdbool.h>

#include "nsc/value.h"

struct kmsg {
	int fd; /* -1: may not be read here */
	long taint;
};

/* From now on; what was logged before is passed over. */
void kmsg_open(struct kmsg *k);
void kmsg_close(struct kmsg *k);
/* The lines since the last call as a list of strings, NULL when there are none. */
struct value *kmsg_read(struct kmsg *k, struct pool *pool);
/* One record of /dev/kmsg: true and its TEXT when it is the kernel's own, a warning or worse. */
bool kmsg_parse(struct pool *pool, const char *record, const char **text);

#endif
