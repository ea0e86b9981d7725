/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can stand in place of an argument, by its kind: shells complete words by it.
 */
#ifndef NSC_CANDIDATES_H
#define NSC_CANDIDATES_H

#include "cmd/command.h"

struct candidate {
	const char *name, *doc;
};

/* A word that is being typed, and how it may go on. */
struct unfinished {
	struct pool *pool;
	const struct command *const *commands;
	const struct option_row *row; /* whose argument it is; NULL: an operand */
	const char *before;	      /* what of the word is no part of it, as --suites= */
	const char *argument;	      /* as far as it is typed */
	struct candidate *v;
	size_t n, room;
	const char *paths;	      /* ":files", ":directories", or NULL: it is no path */
	const char *before_path;
};

/* Add what an argument of that kind can be. */
void candidates_add(struct unfinished *u, enum argument kind);
/* Add NAME, which the pool keeps, with its sentence or NULL, if the argument can become that. */
void candidate_offer(struct unfinished *u, const char *name, const char *doc);
/* Print them in order: a word and its sentence a line, with a tab between. Where the shell has to
 * look for paths there is a line more, .paths with the part of the word that stands before one. */
void candidates_print(const struct unfinished *u);

#endif
