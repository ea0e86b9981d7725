/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which verdicts fail a run beside `fail` and `broken`: --fail-on, for pipelines that have to
 * know that everything was looked at.
 */
#ifndef NSC_FAIL_ON_H
#define NSC_FAIL_ON_H

#include "report/judge.h"

enum { FAIL_ON_MAX = 32 };

struct fail_on {
	struct {
		enum verdict_kind kind;
		const char *reason; /* glob of the skip's reason or the id; NULL: any */
	} v[FAIL_ON_MAX];
	size_t n;
};

/* The verdicts that it may be about. */
enum { FAIL_ON_KINDS = 3 };
extern const enum verdict_kind fail_on_kinds[FAIL_ON_KINDS];

/*
 * Add WHAT, `skip`, `known` or `xpass`, or one of these with `:GLOB`: NULL, or what is wrong with
 * it (from POOL).
 */
const char *fail_on_add(struct pool *pool, struct fail_on *f, const char *what);
/* --strict: every skip and every unexpected pass. */
const char *fail_on_strict(struct pool *pool, struct fail_on *f);
/* Whether the verdict makes a `not ok`. F may be NULL; REASON is the verdict's, or NULL. */
bool fail_on_hits(const struct fail_on *f, enum verdict_kind kind, const char *reason);
/* What of F makes one of a verdict that is none by itself, as it was given (from POOL); or NULL. */
const char *fail_on_said(struct pool *pool, const struct fail_on *f, enum verdict_kind kind,
			 const char *reason);
/* All of F, as it was given (from POOL). */
struct strs fail_on_texts(struct pool *pool, const struct fail_on *f);

#endif
