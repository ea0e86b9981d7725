/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a verdict means for a runtime: a promise that it keeps, fails, or is known to fail;
 * something that it does not promise; something that it cannot do.
 */
#ifndef NSC_PROMISE_H
#define NSC_PROMISE_H

#include "report/judge.h"

enum promise {
	PROMISE_KEPT,
	PROMISE_FAILED,
	PROMISE_KNOWN,
	PROMISE_NONE,	/* a skip, as its file disclaims the clause */
	PROMISE_CANNOT, /* a skip, as its boxes do not have the feature */
	PROMISE_OTHER,	/* nothing of the runtime: the machine lacks something, or a cell broke */
	PROMISES,
};

extern const char *const promise_names[PROMISES];

/* What the plain cell's own verdict says; REASON is a skip's. */
enum promise promise_of(enum verdict_kind kind, const char *reason);
/*
 * The promise of a cell of which a control or twin ended as KIND. Controls and twins are no
 * promises themselves; they show whether the cell's verdict counts.
 */
enum promise promise_doubted(enum promise promise, enum verdict_kind kind);
/* Length of the plain cell's name in the name of a cell, which may be a control or twin. */
size_t promise_plain(const char *name);

#endif
