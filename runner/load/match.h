/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Matchers: how an expectation may speak of a result.  Pure.
 */
#ifndef NSC_MATCH_H
#define NSC_MATCH_H

#include "nsc/field.h"

enum matcher_takes { TAKES_SAME, TAKES_NUMBER, TAKES_ELEMENT, TAKES_LIST, TAKES_TEXT, TAKES_BOOL,
		     TAKES_TIME };

struct matcher {
	const char *name;
	const char *doc;
	const char *schema;
	enum matcher_takes takes;
	/* WANT is free of references; WITHIN is the tolerance in the result's unit. */
	bool (*test)(struct pool *pool, const struct field *f, const struct value *seen,
		     const struct value *want, int64_t within);
};

extern const struct matcher matchers[];

/* NULL, or what is wrong with an expectation WANT of a result described by F, and where.
 * References are passed over. */
const char *match_check(struct pool *pool, const struct field *f, const struct value *want,
			struct mark *at);
/* Whether SEEN is as WANT says; both without references. */
bool match(struct pool *pool, const struct field *f, const struct value *seen,
	   const struct value *want);

#endif
