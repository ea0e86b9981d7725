// SPDX-License-Identifier: GPL-2.0-only
/*
 * The digest of a run.
 */
#include <stdlib.h>
#include <string.h>

#include "nsc/text.h"
#include "report/colour.h"
#include "report/digest.h"
#include "report/reason.h"

void digest_begin(struct digest *d, struct pool *pool)
{
	*d = (struct digest){
		.pool = pool, .skips.pool = pool, .known.pool = pool, .xpass.pool = pool,
		.missed.pool = pool,
	};
}

const char *digest_word(enum verdict_kind kind)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass  ", [VERDICT_FAIL] = "FAIL  ", [VERDICT_SKIP] = "SKIP  ",
		[VERDICT_KNOWN] = "KNOWN ", [VERDICT_XPASS] = "XPASS ", [VERDICT_BROKEN] = "BROKEN",
	};

	return words[kind];
}

static const char *with_reason(struct pool *pool, const struct record *r, const char *why)
{
	if (!record_why(r))
		return why;
	return *why ? pool_printf(pool, "%s: %s", record_why(r), why) : record_why(r);
}

const char *digest_why(struct pool *pool, const struct record *r)
{
	return report_one_line(pool, with_reason(pool, r, reason_text(pool, r)));
}

static void keep(struct digest *d, const struct record *r)
{
	AUTO_POOL pool = { 0 };

	d->v = pool_grow(d->pool, d->v, d->n, &d->room, sizeof(*d->v));
	d->v[d->n++] = (struct failure){
		pool_strdup(d->pool, r->cell), pool_strdup(d->pool, digest_why(&pool, r)),
		r->again ? pool_strdup(d->pool, r->again) : NULL, (enum verdict_kind)r->verdict,
	};
}

void digest_add(struct digest *d, const struct record *r, bool bad)
{
	const char *why = record_why(r) ? record_why(r) : "?";

	if (bad)
		keep(d, r);
	if (r->verdict == VERDICT_SKIP)
		unjudged_add(&d->skips, why, r->message, r->remedy);
	else if (r->verdict == VERDICT_KNOWN)
		unjudged_add(&d->known, why, NULL, NULL);
	else if (r->verdict == VERDICT_XPASS)
		unjudged_add(&d->xpass, why, NULL, NULL);
}

void digest_missed(struct digest *d, const struct strs *issues)
{
	for (size_t i = 0; i < issues->n; i++)
		unjudged_add(&d->missed, issues->v[i], NULL, NULL);
}

/* Of several parts of a run, one has seen it. */
static bool was_seen(const struct digest *d, const char *issue)
{
	for (size_t i = 0; i < d->known.n; i++)
		if (!strcmp(d->known.v[i].reason, issue))
			return true;
	return false;
}

static void print_missed(const struct digest *d, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < d->missed.n; i++) {
		if (was_seen(d, d->missed.v[i].reason))
			continue;
		fprintf(out, "%s %s", any ? "" : "Known issues that were not seen:",
			d->missed.v[i].reason);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static int most_first(const void *a, const void *b)
{
	const struct reason *x = a, *y = b;

	return x->n == y->n ? strcmp(x->reason, y->reason) : x->n < y->n ? 1 : -1;
}

static void print_sum(FILE *out, const char *what, const struct unjudged *u)
{
	AUTO_POOL pool = { 0 };
	struct reason *v = pool_array(&pool, struct reason, u->n + 1);

	if (!u->n)
		return;
	memcpy(v, u->v, u->n * sizeof(*v));
	qsort(v, u->n, sizeof(*v), most_first);
	fprintf(out, "%s: %zu cell%s\n", what, u->cells, text_plural(u->cells));
	for (size_t i = 0; i < u->n; i++)
		fprintf(out, "%6zu %s\n", v[i].n, report_one_line(&pool, v[i].reason));
}

void digest_print(const struct digest *d, FILE *out, bool colour)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct failure *f = &d->v[i];

		fprintf(out, "%s%s%s %s\n       %s\n", colour_verdict(colour, f->kind),
			digest_word(f->kind), colour_end(colour), f->name, f->why);
		if (f->again)
			fprintf(out, "       %s\n", f->again);
	}
	print_sum(out, "Known issues", &d->known);
	print_sum(out, "Passed, though listed as known issues", &d->xpass);
	print_sum(out, "Skipped", &d->skips);
	print_missed(d, out);
}
