/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel logs while cells run: lines of warning level and worse, and changes of
 * its taint.  Read from /dev/kmsg where that is allowed; nothing is written to it.
 */
#ifndef NSC_KMSG_H
#define NSC_KMSG_H

#include <stdbool.h>
#include <sys/types.h>

#include "nsc/value.h"

struct kmsg {
	int fd; /* -1: may not be read here */
	int tainted; /* /proc/sys/kernel/tainted, or -1 */
	long taint;
};

struct kmsg_line {
	const char *text;
	pid_t pid; /* the process that it names, in the first PID namespace's numbers, or 0 */
	bool nsconform; /* the line says that the process is called nsconform */
};

/* How to tell whether a line is about a process of a cell. */
struct kmsg_owner {
	bool all; /* a virtual machine: all lines are the cells' */
	/* Of a line that names a process. */
	bool (*is_ours)(void *context, const struct kmsg_line *line);
	void *context;
};

/* Lists of lines, NULL when there are none. */
struct kmsg_news {
	struct value *own, *others;
};

/* Begin with the records that follow; earlier ones are skipped. */
void kmsg_open(struct kmsg *k);
void kmsg_close(struct kmsg *k);
/* The lines since the last call. */
struct kmsg_news kmsg_read(struct kmsg *k, struct pool *pool, const struct kmsg_owner *owner);
/* One record of /dev/kmsg: true and LINE when it is the kernel's own, a warning or worse. */
bool kmsg_parse(struct pool *pool, const char *record, struct kmsg_line *line);

#endif
