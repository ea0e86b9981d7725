/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A suite as it was written, with all names resolved and everything checked that can be
 * checked without a kernel.  Immutable once loaded; lives in the pool it was loaded into.
 */
#ifndef NSC_SUITE_H
#define NSC_SUITE_H

#include "load/clauses.h"
#include "nsc/op.h"
#include "nsc/place.h"
#include "load/problems.h"

enum step_kind {
	STEP_CALL,
	STEP_FINISH,
	STEP_START,  /* make a later actor */
	STEP_LAUNCH, /* have the runtime build the actor's box: implied, or instead of a start */
};
enum control_mode { CONTROL_KEEP, CONTROL_OMIT, CONTROL_ONLY };
enum as { AS_ROOT, AS_USER };

/* The step's call without the forbidden ingredient. */
struct twin {
	struct mark at;
	const struct value *with;   /* laid over the step's own, or NULL */
	const struct value *actors; /* map of actor to attributes laid over its own, or NULL */
	const struct value *expect; /* NULL: ok */
	struct strs without;	    /* ops: steps before it that are left out */
	int by;			    /* another actor, or -1 */
};

struct step {
	struct mark at;
	enum step_kind kind;
	int actor;
	const struct op *op;	    /* for a finish, that of the step it finishes */
	const struct value *with;   /* map, or NULL */
	const char *save;
	const struct value *expect; /* NULL: must succeed */
	unsigned isolates;	    /* NSM_* */
	const struct value *shared; /* what is seen without them; NULL: ok */
	const struct twin *twin;
	struct strs proves;	    /* clauses, of the scenario's */
	bool trial;
	bool if_started;	    /* left out when the actor's box was refused */
	const char *background;
	int64_t control; /* enum control_mode */
	int64_t within_ns;	    /* 0: the default */
	int since, until;	    /* release_parse() form, 0: any */
	const char *finishes;	    /* the background name that a finish waits for */
};

struct actor {
	struct mark at;
	const char *name;
	const struct value *place;  /* map of place_fields */
	int in, thread_of, join_of; /* actors, or -1 */
	unsigned join_types;
	int64_t join_by;
	bool later;
	const struct value *box; /* map of box_fields: what a runtime gives it, or NULL */
	int exec_of;		 /* it is a further process of that actor's box, or -1 */
};

struct row {
	struct mark at;
	const char *name;
	const struct value *values;
	int since, until;
	struct strs needs;
};

struct property;

struct scenario {
	const struct suite *suite;
	struct mark at;
	const char *id, *about;
	struct strs clauses, tags, needs;
	struct ints via, as; /* axes; .v is NULL when not in the matrix */
	struct row *rows;
	size_t n_rows;
	int since, until;
	struct actor *actors;
	size_t n_actors;
	struct step *steps;
	size_t n_steps;
	int64_t within_ns;
	int64_t asks; /* enum asks: its rows are made from the suite's properties */
};

struct suite {
	const char *file;   /* as given */
	const char *real;   /* as realpath(3) gives it; NULL: not loaded by select.c */
	const char *place;  /* what results call it, from wherever it was named; NULL: as .file */
	const char *name;   /* uts/hostname */
	const char *prefix; /* uts.hostname */
	const char *about;
	const char *source; /* the file's text */
	const char *again;  /* arguments that repeat it; NULL: the cell's name does */
	bool own;	    /* none that comes with nsconform: names are only found in its file */
	struct scenario *scenarios;
	size_t n;
	struct property *properties; /* load/properties.h */
	size_t n_properties;
};

struct loader;
/* What a later stage knows of suites, for problems to come out together and in order. */
struct suite_checks {
	/* NULL, or what is wrong with the word NEED. */
	const char *(*need)(struct pool *pool, const char *need);
	/* A scenario that has actors and steps, by its references, controls, twins, placement. */
	void (*scenario)(struct loader *l, struct scenario *s);
};

/* NULL when there were problems. The text lives as long as the suite; plan/check.h has CHECKS. */
struct suite *suite_read(struct pool *pool, const char *path, const struct suite_checks *checks,
			 struct catalogue *catalogue, struct problems *problems);
struct suite *suite_read_text(struct pool *pool, const char *path, const char *text, size_t len,
			      const struct suite_checks *checks, struct catalogue *catalogue,
			      struct problems *problems);

/*
 * The keys of suites; beside those of an actor stand place_fields, beside those of a row its
 * columns.
 */
extern const struct field suite_fields[], scenario_fields[], matrix_fields[], actor_fields[],
	join_fields[], row_fields[], link_fields[], step_fields[], twin_fields[];

/* What scenarios may be tagged with, for @TAG to select them. */
extern const struct symbol tag_symbols[];

enum {
	SCENARIOS_MAX = 10000, ROWS_MAX = 400, ACTORS_MAX = 48, STEPS_MAX = 200,
};
#define STEP_WITHIN_NS 5000000000ll
#define WITHIN_MAX_NS 60000000000ll

#endif
