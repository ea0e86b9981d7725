/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All files below a directory of /proc, whatever they are.
 */
#ifndef NSC_OPS_SWEEP_TREE_H
#define NSC_OPS_SWEEP_TREE_H

#include <stdbool.h>

#include "nsc/op.h"

struct sweep_file {
	int dir;	  /* directory that it is in */
	const char *file; /* its name there */
	const char *name; /* and below the top; lives as long as the op's pool */
	unsigned mode;	  /* of stat(2), of a link itself */
};

/* 0 to go on, or what the walk is to return. */
typedef int sweep_visit(struct op_ctx *ctx, const struct sweep_file *file, void *context);

/*
 * Visit what is below DIR, in the order of names, a directory before what is in it; links are not
 * followed. What goes away meanwhile is left out. 0, what VISIT returned, or op_broken().
 */
int sweep_walk(struct op_ctx *ctx, int dir, sweep_visit *visit, void *context);

/* Results that list files: the first ones, and how many there are. */
enum { SWEEP_SHOWN = 40 };

struct sweep_found {
	struct strs *names;
	int64_t *count;
};

void sweep_add(struct op_ctx *ctx, const struct sweep_found *to, const char *text);

#endif
