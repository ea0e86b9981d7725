/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls that can be made without doing anything, to see who answers.
 */
#ifndef NSC_CALLS_H
#define NSC_CALLS_H

#include "nsc/pool.h"

enum call_flags {
	ESSENTIAL = 1,	/* without it nothing can be carried out */
	OURS = 2,	/* the runner makes it: an error costs cells, a kill the run */
	PRIVILEGED = 4, /* EPERM is the kernel's own answer without CAP_SYS_ADMIN */
	REFUSABLE = 8,  /* a sysctl, or the lack of another capability, may give EPERM */
};

struct call {
	const char *name;
	unsigned flags;
	int since; /* release_parse() form; 0: all kernels that this runs on have it */
	long args[3];
};

/* Ends with a row without a name. */
extern const struct call calls[];

const struct call *call_find(const char *name);
/* The system call that a manual page of section 2 or 3 is about; PAGE itself where names agree. */
const char *call_of_page(const char *page);
/*
 * Of a source such as `msgsnd(2), mq_send(3)`: the next system call of its pages of sections 2 and
 * 3, in POOL, or NULL behind the last.  *SOURCE goes on; it may be NULL.
 */
const char *call_next(struct pool *pool, const char **source);
/* Its number, or -1 where this architecture has no such call. */
long call_number(const char *name);

enum { CALL_KILLED = -1 };
/*
 * Make them in throw-away children: the errors they gave, by index, 0 also where that could not be
 * found out, or CALL_KILLED.  *N is how many there are.
 */
const int *calls_try(struct pool *pool, size_t *n);

#endif
