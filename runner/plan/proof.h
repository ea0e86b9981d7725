/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a scenario proves its clauses: by which of its expectations, and what shows that these can
 * fail.
 */
#ifndef NSC_PROOF_H
#define NSC_PROOF_H

#include "load/loader.h"

/* What shows that an expectation can fail, the stronger the later. */
enum proof {
	PROOF_NONE,
	PROOF_VALUE,
	PROOF_PAIR,
	PROOF_TWIN,
	PROOF_CONTROL,
	PROOFS,
};

/* Their names, with a sentence each. */
extern const struct symbol proof_symbols[];

/* The strongest of the expectations that prove the clause; PROOF_NONE: it is not the scenario's. */
enum proof proof_of(const struct scenario *s, const char *clause);
/* Report clauses that no expectation proves, of scenarios of several. */
void proof_check(struct loader *l, const struct scenario *s);

#endif
