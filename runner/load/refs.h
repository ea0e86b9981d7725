/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * References: $name.field, $row.column, $via, $as, $actor.pid; in longer text ${name.field}; $$ is
 * a dollar sign, and so is one that no letter, digit or brace follows.
 */
#ifndef NSC_REFS_H
#define NSC_REFS_H

#include "nsc/value.h"

/* NAME and FIELD ("" for $via) of one reference, cut from the text into the pool. */
struct ref {
	const char *name, *field;
	const char *wrong; /* what it would name, if this only looks like a reference; else NULL */
	struct mark at;
};

/* The value behind REF; NULL leaves the reference as it stands (or, in the last pass, fails). */
typedef const struct value *(*ref_lookup)(struct pool *pool, const struct ref *ref, void *context);

/* V with every reference replaced that LOOKUP knows; shares what holds none. */
const struct value *refs_replace(struct pool *pool, const struct value *v, ref_lookup lookup,
				 void *context);
/* Turn $$ into $: once, after the last replacement. */
const struct value *refs_unescape(struct pool *pool, const struct value *v);
/* Turn $ into $$: for what is put in place of a reference and was never written in YAML. */
const struct value *refs_escape(struct pool *pool, const struct value *v);
/* Call VISIT for every reference in V, and for what only looks like one. */
void refs_visit(struct pool *pool, const struct value *v,
		void (*visit)(const struct ref *ref, void *context), void *context);
bool refs_any(const struct value *v);
/* Whether NAME is what every variant has, row, via or as, and so no name for anything else. */
bool refs_variant(const char *name);

#endif
