/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a verdict says of a runtime: a promise kept, broken, or listed as broken; something
 * that it does not promise; something that it cannot do.
 */
#ifndef NSC_PROMISE_H
#define NSC_PROMISE_H

#include "report/judge.h"

enum promise {
	PROMISE_KEPT,
	PROMISE_BROKEN,
	PROMISE_KNOWN,
	PROMISE_NONE,	/* it does not promise that: a skip that says so */
	PROMISE_CANNOT, /* a skip for what its boxes do not have */
	PROMISE_OTHER,	/* nothing of the runtime: the machine lacks something, or a cell broke */
	PROMISES,
};

extern const char *const promise_names[PROMISES];

/*
 * REASON is a skip's. NAME is the cell's: controls and twins show that a verdict counts, and are
 * no promises; -1 for one that went well.
 */
int promise_of(enum verdict_kind kind, const char *reason, const char *name);

#endif
