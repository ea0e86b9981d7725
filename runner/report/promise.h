/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What verdicts say of a runtime: a promise kept, failed, or known to fail; something that it
 * does not promise; something that it cannot do.
 */
#ifndef NSC_PROMISE_H
#define NSC_PROMISE_H

#include "report/judge.h"

enum promise {
	PROMISE_KEPT,
	PROMISE_FAILED,
	PROMISE_KNOWN,
	PROMISE_NONE,	/* it does not promise that: a skip that says so */
	PROMISE_CANNOT, /* a skip for what its boxes do not have */
	PROMISE_OTHER,	/* nothing of the runtime: the machine lacks something, or a cell broke */
	PROMISES,
};

extern const char *const promise_names[PROMISES];

/* What the plain cell's own verdict says; REASON is a skip's. */
enum promise promise_of(enum verdict_kind kind, const char *reason);
/*
 * Controls and twins are no promises, they show that their cell's verdict counts: what becomes
 * of PROMISE where one of them ended as KIND.
 */
enum promise promise_doubted(enum promise promise, enum verdict_kind kind);
/* How much of a cell's name is its plain cell's. */
size_t promise_plain(const char *name);

#endif
