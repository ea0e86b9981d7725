/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with the input: collected, never printed one by one, so that a person
 * sees every problem of every file in one go.
 */
#ifndef NSC_PROBLEMS_H
#define NSC_PROBLEMS_H

#include <stdio.h>

#include "nsc/value.h"

struct problem {
	struct mark at;
	const char *text;
};

struct problems {
	struct pool *pool;
	struct problem *v; /* the first of them */
	size_t n, room;	   /* .n counts all */
};

void problem_add(struct problems *p, struct mark at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* As `file:line:column: message`, in order of file and place. */
void problems_print(const struct problems *p, FILE *out);

/* The name nearest to WORD, to suggest; NULL when none is near. Feed it every candidate. */
struct nearest {
	const char *word;
	const char *best;
	unsigned distance;
};

void nearest_offer(struct nearest *n, const char *candidate);
/* ", did you mean X?" or "" (from POOL). */
const char *nearest_hint(struct pool *pool, const struct nearest *n);

#endif
