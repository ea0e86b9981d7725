// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the record of a run to the cells that are run again.
 */
#include <string.h>
#include <sys/stat.h>

#include <uthash.h>

#include "cmd/rerun.h"
#include "report/records.h"

/* Where `make check` and tools leave a link to the last run. */
static const char LATEST[] = "results/latest";

struct wanted {
	const char *cell;
	UT_hash_handle hh;
};

struct rerun {
	struct pool *pool;
	unsigned verdicts; /* BIT() of each that counts, and of FLAKY */
	struct wanted *cells;
};

/* Of any verdict, with attempts that ended otherwise: a word in its place. */
enum { FLAKY = VERDICT_BROKEN + 1 };

enum { ALL = ~0u, FAILED = 1u << VERDICT_FAIL | 1u << VERDICT_BROKEN };

static const char *word(int verdict)
{
	return verdict == FLAKY ? "flaky" : verdict_name((enum verdict_kind)verdict);
}

static void take(const struct record *record, void *context)
{
	struct rerun *r = context;
	struct wanted *w;

	if (!(r->verdicts & (1u << record->verdict | (unsigned)record->flaky << FLAKY)))
		return;
	HASH_FIND_STR(r->cells, record->cell, w);
	if (w)
		return;
	w = pool_new(r->pool, struct wanted);
	w->cell = pool_strdup(r->pool, record->cell);
	HASH_ADD_KEYPTR(hh, r->cells, w->cell, strlen(w->cell), w);
}

/* DIR, or DIR:VERDICT where there is no such directory; false when there is no such verdict. */
static bool split(struct pool *pool, const char *text, const char **dir, unsigned *verdicts)
{
	const char *colon = strrchr(text, ':');
	struct nearest n = { .word = colon ? colon + 1 : "" };
	const char *all = "";
	struct stat st;

	*dir = text;
	if (!colon || stat(text, &st) == 0)
		return true;
	*dir = pool_strndup(pool, text, (size_t)(colon - text));
	for (int v = VERDICT_PASS; v <= FLAKY; v++) {
		if (!strcmp(word(v), n.word)) {
			*verdicts = 1u << v;
			return true;
		}
		nearest_offer(&n, word(v));
		all = pool_printf(pool, "%s%s%s", all, *all ? ", " : "", word(v));
	}
	fprintf(stderr, "nsconform: --rerun takes a verdict after %s:, one of %s, not %s%s\n", *dir, all,
		n.word, nearest_hint(pool, &n));
	return false;
}

static bool read_record(struct rerun *r, const struct run_options *o, const char **dir)
{
	struct problems problems = { .pool = r->pool };

	*dir = LATEST;
	r->verdicts = ALL;
	if (o->rerun && !split(r->pool, o->rerun, dir, &r->verdicts))
		return false;
	if (o->last_failed && r->verdicts != (unsigned)ALL) {
		fprintf(stderr, "nsconform: --last-failed does not go with a verdict, as --rerun %s "
			"has one\n", o->rerun);
		return false;
	}
	if (o->last_failed)
		r->verdicts = FAILED;
	records_read(*dir, take, r, &problems);
	problems_print(&problems, stderr);
	return !problems.n;
}

/*
 * There is no such cell. That nothing ended so is an answer: there is nothing to do. That a run has
 * none of the cells at all is a mistake: false, with a message.
 */
static bool explain(const struct rerun *r, struct plan *plan, const char *dir)
{
	struct problems problems = { .pool = r->pool };
	const char *what = "";

	if (r->verdicts == (unsigned)ALL) {
		fprintf(stderr, "nsconform: no cell of the selection is recorded in %s\n", dir);
		return false;
	}
	for (int v = VERDICT_PASS; v <= FLAKY; v++)
		if (r->verdicts & 1u << v)
			what = pool_printf(r->pool, "%s%s%s", what, *what ? " or " : "",
					   word(v));
	plan->empty = pool_printf(r->pool, "no cell of the selection has ended as %s in %s", what,
				  dir);
	/* What it did not come to may fail. */
	runs_tell_unended(dir, &problems);
	return true;
}

bool rerun_keep(struct plan *plan, const struct run_options *o)
{
	struct rerun r = { .pool = plan->pool };
	const char *dir;
	size_t kept = 0;

	if (!o->rerun && !o->last_failed)
		return true;
	bool good = read_record(&r, o, &dir);

	for (size_t i = 0; good && i < plan->n; i++) {
		AUTO_POOL pool = { 0 };
		const char *name = cell_name(&pool, &plan->cells[i]);
		struct wanted *w;

		HASH_FIND_STR(r.cells, name, w);
		if (w)
			plan->cells[kept++] = plan->cells[i];
	}
	plan->n = kept;
	HASH_CLEAR(hh, r.cells);
	return good && (kept || explain(&r, plan, dir));
}
