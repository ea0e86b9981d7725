// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform runtime NAME --probe: the canary asks for one thing after another, through the
 * same plan, executor and judge as scenarios, and here it is told what came.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "runtime/canary.h"
#include "cmd/command.h"
#include "cmd/runtimes.h"
#include "cmd/time_factor.h"
#include "compile/compile.h"
#include "exec/exec.h"
#include "nsc/patience.h"
#include "load/paths.h"
#include "nsc/box.h"
#include "nsc/json.h"
#include "report/judge.h"
#include "report/report.h"

enum { CUT = 26 };

/* One thing that was asked for. */
struct answer {
	const char *name, *asked, *inside, *outside;
	const char *got; /* yes, NO, broken, or skip: not asked for */
	const char *why;
	int64_t took_ns;
};

struct probe {
	struct pool *pool; /* of the answers */
	struct runtime *runtime;
	struct plan plan;
	struct answer *answers;
	size_t started;
};

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct probe *p = context;

	while (p->started < p->plan.n) {
		*index = p->started++;
		*cell = &p->plan.cells[*index];
		if (!(*cell)->skip)
			return true;
	}
	return false;
}

/* What a step has seen of what it expected; of a list that was to contain something, that. */
static const char *seen_by(struct pool *pool, const struct script_step *s, const struct outcome *o,
			   bool failed, const char *what)
{
	const char *key = what && value_get(s->expect, what) ? what :
		s->expect->list.items[0]->str.s;
	const struct value *expected = value_get(s->expect, key);
	const struct value *contained = value_get(expected, "contains");

	if (o->status != OUTCOME_DONE)
		return "-";
	if (o->error)
		return errno_name(pool, o->error);
	if (!strcmp(s->step->op->name, "ns.id"))
		return value_text(value_get(o->out, "text"));
	if (contained && !failed)
		return value_show(pool, contained);
	const struct value *v = o->out ? value_get(o->out, key) : NULL;

	return v ? value_show(pool, v) : "success";
}

/* On which side the step has looked at what was asked for: NULL when on none. */
static const char **side_of(struct answer *a, const struct script_step *s, const struct outcome *o)
{
	bool kind = !strcmp(a->asked, "-");

	if (!s->expect || !s->expect->list.n || o->status == OUTCOME_NONE)
		return NULL;
	/* Kinds are compared by the launch, properties by box.seen. */
	if (s->step->kind == STEP_LAUNCH)
		return kind ? &a->outside : NULL;
	if (s->step->op->flags & OP_MOAT)
		return strcmp(s->step->op->name, "box.seen") ? NULL : &a->outside;
	/* That something may be done without the property is not what it is about. */
	const struct value *error = value_get(s->expect, "errno");

	return error && error->type == VALUE_INT && !error->i ? NULL : &a->inside;
}

/* The first step on each side tells, or the one that decided. */
static void look(struct probe *p, struct pool *pool, const struct script *script,
		 const struct trace *trace, const struct verdict *v, struct answer *a)
{
	for (size_t i = 0; i < script->n_steps; i++) {
		const struct script_step *s = &script->steps[i];
		const struct outcome *o = &trace->outcomes[i];
		bool launch = s->step->kind == STEP_LAUNCH, failed = (int)i == v->step;
		const char **side = side_of(a, s, o);

		if (launch && o->status == OUTCOME_DONE && !a->took_ns)
			a->took_ns = o->took_ns;
		if (!side || (strcmp(*side, "-") && !failed))
			continue;
		*side = pool_strdup(p->pool, launch && !failed && p->runtime->foreign ?
			"its own kernel" : seen_by(pool, s, o, failed, failed ? v->what :
						   launch ? "new" : a->name));
	}
}

static const char *got_word(const struct verdict *v)
{
	return v->kind == VERDICT_PASS ? "yes" : v->kind == VERDICT_FAIL ? "NO" : "broken";
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct probe *p = context;
	struct answer *a = &p->answers[index];
	struct verdict v;

	judge(pool, script, trace, &v);
	look(p, pool, script, trace, &v, a);
	a->got = got_word(&v);
	if (v.kind == VERDICT_PASS)
		return;
	const struct outcome *o = canary_started(script, trace) ? NULL :
		canary_launch(script, trace);
	const struct value *said = o && o->out ? value_get(o->out, "said") : NULL;
	const char *op = v.step >= 0 && script->steps[v.step].step->op ?
		script->steps[v.step].step->op->name : "";

	a->why = pool_printf(p->pool, "%s%s%s%s%s%s%s%s%s", v.message, *op ? "; " : "", op,
			     v.expected ? ": expected " : "", v.expected ? v.expected : "",
			     v.seen ? ", seen " : "", v.seen ? v.seen : "",
			     said && value_text(said) && *value_text(said) ? "; it said: " : "",
			     said && value_text(said) ? value_text(said) : "");
}

/* The name of the thing: what follows `canary-`, or the canary itself. */
static const char *name_of(struct pool *pool, const struct cell *cell)
{
	char *id = pool_strdup(pool, cell->scenario->id);
	char *name = strchr(id, '-');

	if (!name)
		return "bare";
	for (char *c = ++name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

static void prepare(struct probe *p)
{
	p->answers = pool_array(p->pool, struct answer, p->plan.n);
	for (size_t i = 0; i < p->plan.n; i++) {
		const struct cell *cell = &p->plan.cells[i];
		struct answer *a = &p->answers[i];

		a->name = name_of(p->pool, cell);
		a->asked = canary_value(p->pool, a->name);
		a->inside = a->outside = "-";
		if (!a->asked)
			a->asked = "-";
		if (cell->skip) {
			a->got = "skip";
			a->why = pool_printf(p->pool, "%s: %s", cell->skip, cell->detail);
		}
	}
}

static const char *cut(struct pool *pool, const char *text)
{
	return strlen(text) <= CUT ? text : pool_printf(pool, "%.*s..", CUT - 2, text);
}

static size_t count(const struct probe *p, const char *got)
{
	size_t n = 0;

	for (size_t i = 0; i < p->plan.n; i++)
		n += p->answers[i].got && !strcmp(p->answers[i].got, got);
	return n;
}

static void print_table(const struct probe *p)
{
	struct pool *pool = p->pool;

	printf("  %-15s %-*s %-*s %-*s %6s  got\n", "asked for", CUT, "value", CUT, "inside", CUT,
	       "outside", "ms");
	for (size_t i = 0; i < p->plan.n; i++) {
		const struct answer *a = &p->answers[i];

		if (!strcmp(a->got, "skip"))
			continue;
		printf("%s %-15s %-*s %-*s %-*s %6.1f  %s\n", strcmp(a->got, "yes") ? "!" : " ",
		       a->name, CUT, cut(pool, a->asked), CUT, cut(pool, a->inside), CUT,
		       cut(pool, a->outside), (double)a->took_ns / 1e6, a->got);
	}
}

static void print_reasons(const struct probe *p, const char *title, const char *got)
{
	if (count(p, got))
		printf("\n%s\n", title);
	for (size_t i = 0; i < p->plan.n; i++)
		if (!strcmp(p->answers[i].got, got))
			printf("  %s: %s\n", p->answers[i].name, p->answers[i].why);
}

/* By the reason, which many may have in common. */
static void print_skipped(const struct probe *p)
{
	struct value *groups = value_list(p->pool);

	for (size_t i = 0; i < p->plan.n; i++)
		if (!strcmp(p->answers[i].got, "skip"))
			group_add(p->pool, groups, p->plan.cells[i].detail, NULL,
				  p->answers[i].name);
	groups_print(p->pool, groups, "\nnot asked for:");
}

static void print_text(const struct probe *p, const char *kernel)
{
	const struct runtime *r = p->runtime;

	printf("%s %s on Linux %s\n%s\n\n", r->name, r->installed ? r->installed : "(not here)",
	       kernel, r->about);
	print_table(p);
	print_reasons(p, "asked for and not got:", "NO");
	print_reasons(p, "could not be tried:", "broken");
	print_skipped(p);
	putchar('\n');
	runtime_print_cannot(p->pool, r);
	printf("\n%zu asked for: %zu got, %zu not, %zu broken; deadline of a launch %.1f s\n",
	       p->plan.n - count(p, "skip"), count(p, "yes"), count(p, "NO"), count(p, "broken"),
	       (double)r->within_ns / 1e9);
}

static void print_json(const struct probe *p, const char *kernel)
{
	struct pool *pool = p->pool;
	struct value *map = runtime_describe(pool, p->runtime), *list = value_list(pool);

	value_put(pool, map, "kernel_release", value_str(pool, kernel));
	value_put(pool, map, "within_ns", value_int(pool, p->runtime->within_ns));
	for (size_t i = 0; i < p->plan.n; i++) {
		const struct answer *a = &p->answers[i];
		struct value *one = value_map(pool);
		const char *const texts[][2] = {
			{ "asked_for", a->name }, { "value", a->asked }, { "inside", a->inside },
			{ "outside", a->outside }, { "got", a->got }, { "why", a->why },
		};

		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
			if (texts[k][1])
				value_put(pool, one, texts[k][0], value_str(pool, texts[k][1]));
		value_put(pool, one, "took_ns", value_int(pool, a->took_ns));
		value_push(pool, list, one);
	}
	value_put(pool, map, "answers", list);
	value_put(pool, map, "cannot", runtime_cannot(pool, p->runtime));
	puts(json_text(pool, map));
}

static int probe_status(const struct probe *p)
{
	const struct totals t = {
		.pass = count(p, "yes"), .fail = count(p, "NO"), .broken = count(p, "broken"),
		.bad = count(p, "NO") + count(p, "broken"),
	};
	int happened = totals_happened(&t);

	if (happened == HAPPENED_UNJUDGED)
		fprintf(stderr, "nsconform: nothing was judged: %s was asked for nothing: %s\n",
			p->runtime->name, p->answers[0].why ? p->answers[0].why : "?");
	return exit_status(EXIT_PROFILE_DEFAULT, happened);
}

int runtime_probe(struct pool *pool, struct runtime *r, bool json)
{
	struct problems problems = { .pool = pool };
	struct catalogue catalogue = { .pool = pool, .dir = paths_data(pool, "suites/clauses"),
				       .problems = &problems };
	struct probe p = { .pool = pool, .runtime = r };
	struct machine machine;
	struct utsname uts;

	if (r->lacks) {
		fprintf(stderr, "nsconform: nothing was judged: %s is not here: %s; %s\n",
			r->name, r->lacks, canary_install(pool, r));
		return EXIT_UNJUDGED;
	}
	machine_read(&machine);
	uname(&uts);
	bool good = canary_plan(pool, r, machine.root, true, &catalogue, &problems, &p.plan);

	problems_print(&problems, stderr);
	struct exec_config config = { .slots = 1, .release = machine.release, .root = machine.root,
				      .context = &p, .next = next, .done = done };

	int factor = !good ? 1 :
		time_factor_measure(pool, &config, false, &catalogue, &config.canary);

	catalogue_free(&catalogue);
	if (!good)
		return EXIT_BROKEN;
	if (factor < 0)
		return EXIT_SIGNAL - factor;
	patience_set(factor);
	plan_require(&p.plan, &machine, false);
	prepare(&p);
	int rc = exec_run(&config);

	if (rc)
		return rc > 0 ? EXIT_SIGNAL + rc : EXIT_BROKEN;
	if (strcmp(p.answers[0].got, "skip"))
		canary_measured(r, p.answers[0].took_ns);
	if (json)
		print_json(&p, uts.release);
	else
		print_text(&p, uts.release);
	return probe_status(&p);
}
