/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell is a scenario in one variant, or the control or twin of one.  Its script is what
 * is to be done in it: actors and steps with the variant's values in place, and for a
 * control or twin what is different.  Pure; made anew whenever it is needed, so that a
 * plan of many cells stays small.
 *
 * A script is native at first: script_make(), script_arena(). For a runtime, or in a box that
 * somebody else has made, runtime/lower.h turns it into what is done there; compile/compile.h does
 * all that a cell needs.
 */
#ifndef NSC_SCRIPT_H
#define NSC_SCRIPT_H

#include "load/suite.h"

struct box_spec;
struct runtime;

enum cell_kind { CELL_PLAIN, CELL_CONTROL, CELL_TWIN };

struct cell {
	const struct scenario *scenario;
	int16_t row;	/* -1: the scenario has no rows */
	int8_t via, as; /* -1: not in the matrix */
	int8_t kind;	/* enum cell_kind */
	int8_t ns;	/* CELL_CONTROL: the namespace that is withheld */
	int16_t step;	/* CELL_TWIN: the step whose twin it is */
	bool boxes;	/* planned for a runtime, also where this cell is built without it */
	bool inside;	/* this process is in the box, which somebody else has made */
	const struct runtime *runtime; /* builds the boxes; NULL: the kernel is tested by itself */
	const char *again;	/* command that the name follows to repeat it, or NULL */
	const char *skip;	/* why it is not run, or NULL; constant text for its reason */
	const char *detail, *remedy;
};

struct script_actor {
	const struct actor *actor;
	const struct value *place;
	struct place bound; /* the same, bound: references that are open are not in it */
	const struct value *box; /* properties, or NULL */
	unsigned owned; /* NSM_*: kinds that it has new or joins, also where one is withheld */
	bool boxed;		 /* the cell's runtime builds it */
	const struct box_spec *spec; /* what that is asked for, in a lowered script; or NULL */
};

struct script_step {
	const struct step *step;
	int actor;
	const struct value *with;   /* a map */
	const struct value *expect; /* what must be seen: a map, or NULL */
	/* In a control or a twin: what the scenario itself expects, which must not be seen. */
	const struct value *contrary;
	bool number;		    /* reads the number of an actor: plan/numbers.h */
	bool check;		    /* an act that its op's own check looks at: plan/acts.h */
};

struct script {
	const struct cell *cell;
	struct script_actor *actors;
	size_t n_actors;
	struct script_step *steps;
	size_t n_steps, room;
	unsigned arena; /* NSM_*: what the arena owns */
	bool layout;	/* it has a root file system of its own */
	bool procfs;	/* ... in which /proc is that of its own PID namespace */
	bool cgroups;	/* it has cgroup directories of its own */
	bool processors; /* its actors may run on all that the run has */
	bool names_actors; /* an op names an actor: each has a credential socket */
	bool pids;	/* an op has to do with processes */
	bool user;	/* made without privilege */
	bool moat;	/* runtimes are launched in it */
	int hosted;	/* an actor that the arena's first process can be, or -1 */
};

/* RELEASE is the kernel's, in release_parse() form; RELEASE_ANY takes every step, for checking. */
#define RELEASE_ANY -1
void script_make(struct pool *pool, const struct cell *cell, int release, struct script *script);
/* What the arena of a native script has to be: from .arena to .hosted. */
void script_arena(struct script *script);

/*
 * Kinds of which the cell needs the initial namespace (NSM_*): that is looked at, and not changed.
 */
unsigned script_initial(const struct cell *cell);

/* Whether the cell, or its row, needs something of which the name begins so. */
bool script_needs_some(const struct cell *cell, const char *begin);

/* A further step, all zero; pointers to those before it are lost. */
struct script_step *script_append(struct pool *pool, struct script *script);

/* PREFIX.ID.ROW.VIA.AS[.control.NS|.twin[.STEP]] */
const char *cell_name(struct pool *pool, const struct cell *cell);

/* A runtime would build this actor: it wants new namespaces and does not say how to enter them. */
bool script_wants_box(const struct actor *a, const struct value *place);
/* Give the actor these attributes. */
void script_place(struct pool *pool, struct script_actor *a, const struct value *place);

/* The actor whose box, built by a runtime, ACTOR lives in; -1: in none. */
int script_home(const struct script *script, int actor);

/* The kinds of namespaces (NSM_*) that OP depends on or changes, with the parameters WITH. */
unsigned script_touches(const struct op *op, const struct value *with);

/* Whether a parameter among WITH is another actor. */
bool script_names_actor(const struct op *op, const struct value *with);

/* {errno: 0} for `ok`, so that every expectation is a map. */
const struct value *expect_normal(struct pool *pool, const struct value *expect);

#endif
