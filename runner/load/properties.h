/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of properties: a suite's `properties:`, each one thing that a box can be asked for,
 * with values to try, and its scenarios with `asks:`, each of which stands for one scenario for
 * every property that can be asked in that way.  What comes of it are ordinary scenarios.
 */
#ifndef NSC_PROPERTIES_H
#define NSC_PROPERTIES_H

#include "load/suite.h"

enum asks {
	ASKS_NOTHING, /* an ordinary scenario */
	ASKS_ALONE,   /* each value by itself */
	ASKS_UNDER,   /* ... by a launcher that has another value */
	ASKS_SEVERAL, /* the elements of all values, of a list, at once */
	ASKS_EXEC,    /* what a further process has of it */
	ASKS_WITHOUT, /* without the namespace that it belongs to */
	ASKS_PAIRS,   /* with each value of each other property: load/pairs.c */
};

/* A value to try. */
struct trial {
	struct mark at;
	const char *name;
	const struct value *box; /* what is asked for */
	/* What box.read and box.seen show, box.read alone, box.seen alone; files: what file.look
	 * finds at PATHS. */
	const struct value *is, *inside, *outside, *files, *paths;
	const struct value *when; /* other property: what of `is` differs beside it */
	struct strs needs;
};

struct property {
	const struct value *map; /* its keys, as $property.KEY */
	const char *name, *title, *clause;
	const char *exec;	     /* the clause by which a further process has it, or NULL */
	const struct value *as;	     /* credentials, or NULL: root */
	const struct value *without; /* the outcome of a start without namespaces NS, or NULL */
	const char *absent;	     /* ... and the clause that says so */
	unsigned ns;		     /* NSM_*: those that it belongs to */
	struct strs launcher;	     /* circumstances in which the launcher has another value */
	struct strs except;	     /* properties that cannot be asked for beside it */
	struct strs needs;
	struct trial *trials;
	size_t n;
};

extern const struct symbol asks_symbols[];
extern const struct field property_fields[], trial_fields[];

/* Fill SUITE's properties from V, a list. */
void load_properties(struct loader *l, const struct value *v, struct suite *suite);
/* SCENARIOS, with those that ask in place of their templates; what is no list is returned as is. */
const struct value *properties_expand(struct loader *l, const struct value *scenarios,
				      const struct suite *suite);

#endif
