// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explanations of changes. Records say why a cell was skipped and by which known issue it failed;
 * the list of issues has the ranges; the suites, which are loaded where records do not say enough,
 * have releases from which on calls, rules and expectations hold.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "compare/explain.h"
#include "load/paths.h"
#include "load/release.h"
#include "machine/calls.h"
#include "plan/needs.h"
#include "plan/select.h"
#include "report/known.h"

struct place_of {
	const char *scenario;
	const struct scenario *s;
	struct plan plan;   /* its cells, once they are asked for */
	const char **names; /* of these */
	UT_hash_handle hh;
};

struct explainer {
	struct pool *pool;
	const struct comparison *c;
	struct known_list shipped; /* what comes with nsconform */
	struct known_list known;   /* these, and what the two runs knew beside them */
	int low, high;		   /* releases of the two kernels, the lower one first */
	struct selection selection; /* loaded when it is first asked for */
	struct place_of *scenarios;
	bool loaded;
};

/* What is said of one cell. */
struct facts {
	struct explainer *e;
	struct strs texts;
};

static int kernel_of(const struct ran *ran)
{
	const struct run_record *run = ran->n_runs ? &ran->runs[0] : NULL;

	return run && run->kernel ? release_of_kernel(run->kernel, run->kernel_version) : 0;
}

static const char *runtime_of(const struct ran *ran)
{
	return ran->n_runs ? ran->runs[0].runtime : NULL;
}

/* One that matters: one of the two kernels is before RELEASE, the other is not. */
static bool between(const struct explainer *e, int release)
{
	return release && e->low < release && release <= e->high;
}

static void add_fact(struct facts *f, const char *text)
{
	const char **v = pool_array(f->e->pool, const char *, f->texts.n + 1);

	for (size_t i = 0; i < f->texts.n; i++) {
		if (!strcmp(f->texts.v[i], text))
			return;
		v[i] = f->texts.v[i];
	}
	v[f->texts.n++] = text;
	f->texts.v = v;
}

static void range(struct facts *f, const char *what, int since, int until)
{
	struct pool *pool = f->e->pool;

	if (between(f->e, since))
		add_fact(f, pool_printf(pool, "%s is for Linux %s and later", what,
					release_text(pool, since)));
	if (between(f->e, until))
		add_fact(f, pool_printf(pool, "%s is for Linux before %s", what,
					release_text(pool, until)));
}

static void call_fact(void *context, const char *need)
{
	struct facts *f = context;
	static const char prefix[] = "syscall.";
	const struct call *call = strncmp(need, prefix, strlen(prefix)) ? NULL :
				  call_find(need + strlen(prefix));

	if (call && between(f->e, call->since))
		add_fact(f, pool_printf(f->e->pool, "%s(2) is there since Linux %s", call->name,
					release_text(f->e->pool, call->since)));
}

static const char *place(struct pool *pool, const struct mark *at)
{
	const char *slash = strrchr(at->file, '/');

	return pool_printf(pool, "%s:%d", slash ? slash + 1 : at->file, at->line);
}

/* The catalogue says it for people: "2.6.26 / 6.8". */
static void clause_facts(struct facts *f, const char *id)
{
	const struct clause *clause = clause_find(&f->e->selection.catalogue, id);
	const char *text = clause ? clause->since : "";

	for (size_t len; *text; text += len) {
		if (!isdigit((unsigned char)*text)) {
			len = strcspn(text, "0123456789");
			continue;
		}
		len = strspn(text, "0123456789.");
		int release = release_parse(text);

		if (between(f->e, release))
			add_fact(f, pool_printf(f->e->pool, "the rule %s is since Linux %s", id,
						release_text(f->e->pool, release)));
	}
}

static void load_suites(struct explainer *e)
{
	char *const everything[] = { NULL };
	struct pool *pool = e->pool;

	if (e->loaded)
		return;
	e->loaded = true;
	/* Records can be compared where there are no suites. */
	if (access(paths_data(pool, "suites"), R_OK) < 0 ||
	    !select_load(&e->selection, pool, everything))
		return;
	for (size_t i = 0; i < e->selection.n_suites; i++)
		for (size_t k = 0; k < e->selection.suites[i]->n; k++) {
			struct place_of *p = pool_new(pool, struct place_of);

			p->s = &e->selection.suites[i]->scenarios[k];
			p->scenario = pool_printf(pool, "%s.%s", p->s->suite->prefix, p->s->id);
			HASH_ADD_KEYPTR(hh, e->scenarios, p->scenario, strlen(p->scenario), p);
		}
}

/* The cell of that name, or NULL when suites have changed and there is none. */
static const struct cell *find_cell(struct pool *pool, struct place_of *p, const char *name)
{
	if (!p->names) {
		p->plan.pool = pool;
		plan_add(&p->plan, p->s, true);
		p->names = pool_array(pool, const char *, p->plan.n + 1);
		for (size_t i = 0; i < p->plan.n; i++)
			p->names[i] = cell_name(pool, &p->plan.cells[i]);
	}
	for (size_t i = 0; i < p->plan.n; i++)
		if (!strcmp(p->names[i], name))
			return &p->plan.cells[i];
	return NULL;
}

static void script_facts(struct facts *f, const struct script *script, struct pool *scratch)
{
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct step *step = script->steps[i].step;

		if (step->since || step->until)
			range(f, pool_printf(scratch, "the step at %s", place(scratch, &step->at)),
			      step->since, step->until);
	}
	script_needs(scratch, script, call_fact, f);
}

static void suite_facts(struct facts *f, struct place_of *p, const char *name)
{
	AUTO_POOL scratch = { 0 };
	const struct scenario *s = p->s;
	const struct cell *cell = find_cell(f->e->pool, p, name);
	struct script script;

	range(f, "the scenario", s->since, s->until);
	if (cell && cell->row >= 0)
		range(f, "the row", s->rows[cell->row].since, s->rows[cell->row].until);
	if (cell) {
		script_make(&scratch, cell, RELEASE_ANY, &script);
		script_facts(f, &script, &scratch);
	}
	for (size_t i = 0; i < s->clauses.n; i++)
		clause_facts(f, s->clauses.v[i]);
}

static const char *from_suites(struct explainer *e, const struct difference *d)
{
	struct facts f = { .e = e };
	struct place_of *p;

	if (e->low == e->high || !e->low)
		return NULL;
	load_suites(e);
	HASH_FIND_STR(e->scenarios, d->scenario, p);
	if (p)
		suite_facts(&f, p, d->name);
	return f.texts.n ? strs_join(e->pool, &f.texts, "; ") : NULL;
}

/* With the range of releases where the list has the issue, and where it is described. */
static const char *issue_text(const struct explainer *e, const char *id, const char *reference)
{
	const struct known *k = known_find(&e->known, id);

	reference = k ? k->reference : reference;
	return pool_printf(e->pool, "%s%s%s%s%s", id, k ? ", " : "",
			   k ? known_range(e->pool, k) : "", reference ? ": " : "",
			   reference ? reference : "");
}

static const char *from_list(const struct explainer *e, const struct difference *d)
{
	const struct known *k = known_about(&e->known, d->name, runtime_of(e->c->new));

	return !k ? NULL : pool_printf(e->pool, "the known issue %s is %s", k->id,
				       known_range(e->pool, k));
}

static const char *why_issue(struct explainer *e, const struct difference *d)
{
	const struct record *r = d->new;

	return issue_text(e, record_why(r) ? record_why(r) : "?", r->reference);
}

/* Of a call that a kernel lacks it is known since when others have it. */
static const char *skip_text(const struct explainer *e, const char *reason)
{
	static const char lacks[] = "lacks ";
	const char *text = reason && !strncmp(reason, lacks, strlen(lacks)) ?
		reason + strlen(lacks) : "";
	const char *name = call_next(e->pool, &text);
	const struct call *call = name ? call_find(name) : NULL;

	return !call || !call->since ? reason :
		pool_printf(e->pool, "%s, which is there since Linux %s", reason,
			    release_text(e->pool, call->since));
}

static const char *why_skipped(struct explainer *e, const struct difference *d)
{
	return skip_text(e, d->new->reason);
}

static const char *why_was_skipped(struct explainer *e, const struct difference *d)
{
	return skip_text(e, d->base->reason);
}

/* What makes less of the verdict that it had in BASE, or NULL. */
static const char *doubt(struct pool *pool, const struct record *base)
{
	if (!base)
		return NULL;
	if (base->flaky)
		return "its attempts differ in BASE";
	if (base->tried_again)
		return "in BASE it ended well only when it was tried again";
	return base->verdict != VERDICT_KNOWN || !record_why(base) ? NULL :
		pool_printf(pool, "in BASE it failed by the known issue %s", record_why(base));
}

static const char *both(struct pool *pool, const char *why, const char *more)
{
	return why && more ? pool_printf(pool, "%s; %s", why, more) : why ? why : more;
}

static const char *why_fixed(struct explainer *e, const struct difference *d)
{
	return d->base->verdict == VERDICT_KNOWN && record_why(d->base) ?
		issue_text(e, record_why(d->base), d->base->reference) :
		both(e->pool, d->base->flaky ? doubt(e->pool, d->base) : NULL, from_suites(e, d));
}

static const char *why_failing(struct explainer *e, const struct difference *d)
{
	const char *why = doubt(e->pool, d->base);

	why = why ? why : from_list(e, d);
	if (d->new->flaky)
		why = both(e->pool, "its attempts differ", why);
	return both(e->pool, why, from_suites(e, d));
}

static const char *why_flaky(struct explainer *e, const struct difference *d)
{
	if (d->new->flaky || d->base->flaky)
		return !d->new->flaky  ? "its attempts differ in BASE" :
		       !d->base->flaky ? "its attempts differ" : "its attempts differ in both";
	return pool_printf(e->pool, "first: %s", d->new->tried_again);
}

static const char *why_evidence(struct explainer *e, const struct difference *d)
{
	return d->new->verdict == VERDICT_SKIP ?
		pool_printf(e->pool, "%s, and now %s", d->base->reason, d->new->reason) :
		from_suites(e, d);
}

static const char *(*const reasons[CHANGES])(struct explainer *, const struct difference *) = {
	[CHANGE_FAILING] = why_failing, [CHANGE_BROKEN] = why_failing, [CHANGE_XPASS] = why_issue,
	[CHANGE_KNOWN] = why_issue, [CHANGE_LISTED] = why_issue, [CHANGE_SKIPPED] = why_skipped,
	[CHANGE_FLAKY] = why_flaky,
	[CHANGE_EVIDENCE] = why_evidence, [CHANGE_FIXED] = why_fixed,
	[CHANGE_JUDGED] = why_was_skipped,
};

static void explain_one(struct explainer *e, struct comparison *c)
{
	int base = kernel_of(c->base), new = kernel_of(c->new);

	e->c = c;
	e->low = base < new ? base : new;
	e->high = base < new ? new : base;
	e->known = e->shipped;
	e->known.room = e->known.n;
	ran_known(c->pool, c->base, &e->known);
	ran_known(c->pool, c->new, &e->known);
	for (size_t i = 0; i < c->n; i++)
		if (reasons[c->v[i].change])
			c->v[i].why = reasons[c->v[i].change](e, &c->v[i]);
}

void explain(struct comparison *v, size_t n)
{
	struct explainer *e;
	struct problems problems;

	if (!n)
		return;
	problems = (struct problems){ .pool = v->pool };
	e = pool_new(v->pool, struct explainer);
	e->pool = v->pool;
	known_load_shipped(v->pool, &(struct strs){ 0 }, &e->shipped, &problems);
	/* Whoever runs cells is told of mistakes in the list. */
	if (problems.n)
		e->shipped.n = 0;
	for (size_t i = 0; i < n; i++)
		explain_one(e, &v[i]);
	HASH_CLEAR(hh, e->scenarios);
	select_free(&e->selection);
}
