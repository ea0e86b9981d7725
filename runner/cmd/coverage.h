/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The catalogue as it stands: each clause with what proves it, and whether a run has judged it.
 */
#ifndef NSC_COVERAGE_H
#define NSC_COVERAGE_H

#include "plan/plan.h"
#include "plan/proof.h"
#include "plan/select.h"

struct coverage {
	struct pool *pool;
	struct selection selection;
	struct plan plan;
	const struct strs *results; /* runs: the first is of this machine, others of others */
	const char *only;	    /* a family, or NULL */
};

/* How many clauses of a family, or of several, are what. */
struct coverage_count {
	size_t clauses, covered, judged, elsewhere, waived;
	size_t proofs[PROOFS]; /* [PROOF_NONE]: those that are open */
};

struct coverage_count coverage_count(const struct family *f);
void coverage_add(struct coverage_count *all, const struct coverage_count *n);
/* "control", "twin", "pair", "value", "waived", "open". */
const char *coverage_status(const struct clause *c);

/* Each clause, of one family or all, with its statement, source and scenarios. */
void coverage_list(const struct coverage *c);
void coverage_list_json(const struct coverage *c);
/*
 * The requirements of the specification that c->only is about: suites/clauses/spec/FAMILY.tsv, a
 * line each, in its order. An exit status.
 */
int coverage_spec(struct coverage *c, bool json, bool markdown);
/* docs/clauses.md, or of a family docs/clauses/FAMILY.md. */
void coverage_page(const struct coverage *c);

#endif
