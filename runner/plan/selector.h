/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Selectors: words that name cells.  Each kind is a row of one table, from which parsing, errors,
 * help and docs/selectors.md come.
 */
#ifndef NSC_SELECTOR_H
#define NSC_SELECTOR_H

#include "plan/script.h"
#include "load/problems.h"

struct selector_kind;

/* Whoever wants to know by which names something could be selected. */
struct name_taker {
	void (*take)(struct name_taker *t, const char *name);
};

struct selector {
	const struct selector_kind *kind;
	const char *text; /* as it was written */
	const char *what; /* without its prefix; of a path: as realpath(3) gives it */
	struct mark at;	  /* in a file of selectors; .file is NULL: on the command line */
	bool used;	  /* it has selected something */
};

/* What is selected or not. */
struct subject {
	const struct suite *suite;
	const struct cell *cell; /* NULL: the whole suite, for paths */
	const char *name;	 /* the cell's */
};

struct selector_kind {
	const char *prefix;   /* "" where there is none */
	const char *argument; /* what follows it, for help */
	const char *wanted;   /* that in words, for who wrote the prefix alone */
	const char *help;
	bool (*fits)(const char *what, const struct subject *subject);
	/* Tell T, in POOL, what the scenario could be selected by; NULL: .words say it. */
	void (*offer)(struct pool *pool, const struct scenario *s, const char *prefix,
		      struct name_taker *t);
	/* The file (from POOL) of the suites that come with nsconform that has all that WHAT can
	 * select from them, or NULL: any may. NULL for kinds of which nobody knows. */
	const char *(*home)(struct pool *pool, const char *what);
	bool path; /* of suites, which it selects as a whole */
	/* NULL, or the only words there are: others are an error even before anything is loaded. */
	const struct symbol *words;
};

/* Those without a prefix come last; ends with a row without .fits. */
extern const struct selector_kind selector_kinds[];

/*
 * Read TEXT; AT is where it stands in a file, .file NULL for the command line.  A problem when
 * there is no such kind, word or path.
 */
void selector_read(struct pool *pool, const char *text, struct mark at, struct selector *selector,
		   struct problems *problems);
/* PATH as realpath(3) gives it, from POOL; NULL with a problem when it leads to nothing. */
const char *selector_path(struct pool *pool, const char *path, struct mark at,
			  struct problems *problems);
/* TEXT has a prefix that no kind has; N is told all that there are. */
bool selector_alien(const char *text, struct nearest *n);
bool selector_fits(const struct selector *selector, const struct subject *subject);

#endif
