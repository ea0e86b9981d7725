// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a suite: all that is loaded of it, its cells, and what is to be done in each.  A golden file
 * for each tests/golden/scripts/NAME.yaml.
 */
#include "golden.h"
#include "load/paths.h"
#include "load/release.h"
#include "load/runtime.h"
#include "load/seen.h"
#include "nsc/registry.h"
#include "nsc/text.h"
#include "plan/check.h"
#include "plan/needs.h"
#include "plan/proof.h"
#include "plan/shuffle.h"

static struct text out;

static void show_kinds(const char *what, unsigned mask)
{
	text_printf(&out, " %s", what);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (mask & NS_BIT(ns))
			text_printf(&out, " %s", ns_kinds[ns].name);
}

static void show_strs(const char *what, const struct strs *list)
{
	if (list->n)
		text_printf(&out, " %s", what);
	for (size_t i = 0; i < list->n; i++)
		text_printf(&out, " %s", list->v[i]);
}

static void show_ints(const char *what, const struct ints *list)
{
	if (list->n)
		text_printf(&out, " %s", what);
	for (size_t i = 0; i < list->n; i++)
		text_printf(&out, " %lld", (long long)list->v[i]);
}

static void show_number(const char *what, int64_t number, int64_t unless)
{
	if (number != unless)
		text_printf(&out, " %s %lld", what, (long long)number);
}

static void show_value(const char *what, const struct value *v)
{
	if (v)
		text_printf(&out, " %s %s", what, value_show(out.pool, v));
}

static void show_text(const char *what, const char *text)
{
	if (text)
		text_printf(&out, " %s %s", what, text);
}

static void show_flag(const char *what, bool flag)
{
	if (flag)
		text_printf(&out, " %s", what);
}

static void end_line(void)
{
	text_puts(&out, "\n");
}

static void show_step(const struct script *script, const struct script_step *s)
{
	const struct step *step = s->step;
	static const char *const kinds[] = { "", "finish ", "start ", "launch " };

	text_printf(&out, "    %d: %s%s.%s", step->at.line, kinds[step->kind],
		    s->actor < 0 ? "-" : script->actors[s->actor].actor->name,
		    step->op ? step->op->name : "-");
	show_value("with", s->with);
	show_value("expect", s->expect);
	show_value("not", s->contrary);
	show_flag("(number)", s->number);
	show_flag("(check)", s->check);
	show_flag("(trial)", step->trial);
	show_flag("(if started)", step->if_started);
	show_text("save", step->save);
	show_text("background", step->background);
	show_text("finishes", step->finishes);
	show_strs("proves", &step->proves);
	show_number("within", step->within_ns, 0);
	end_line();
}

static void show_actor(const struct script_actor *a)
{
	text_printf(&out, "    %s", a->actor->name);
	show_value("", a->place);
	show_value("box", a->box);
	show_number("in", a->actor->in, -1);
	show_number("thread of", a->actor->thread_of, -1);
	show_number("exec of", a->actor->exec_of, -1);
	show_number("joins", a->actor->join_of, -1);
	show_number("by", a->actor->join_by, 0);
	show_flag("(later)", a->actor->later);
	show_flag("(boxed)", a->boxed);
	show_kinds("owned", a->owned);
	end_line();
}

/* Each once. Not every architecture has mknod(2). */
static void take_need(void *context, const char *need)
{
	struct seen *seen = context;

	if (strcmp(need, "call.mknod") && !seen_before(out.pool, seen, need, need))
		text_printf(&out, " %s", need);
}

static void show_needs(const struct script *script)
{
	struct seen seen = { 0 };

	text_puts(&out, "    needs");
	script_needs(out.pool, script, take_need, &seen);
	seen_free(&seen);
	end_line();
}

/* What the arena had to be for steps that are no more is forgotten. */
static bool forgets(struct script *script, const struct cell *cell)
{
	struct script fresh;

	script_make(out.pool, cell, RELEASE_ANY, &fresh);
	script->n_steps = fresh.n_steps = 0;
	script_arena(script);
	script_arena(&fresh);
	return script->arena == fresh.arena && script->layout == fresh.layout && script->procfs == fresh.procfs &&
	       script->cgroups == fresh.cgroups && script->names_actors == fresh.names_actors &&
	       script->pids == fresh.pids;
}

static bool all_forget;

static void show_script(const struct cell *cell, int release)
{
	struct script script, any;

	script_make(out.pool, cell, release, &script);
	script_make(out.pool, cell, RELEASE_ANY, &any);
	script_arena(&script);
	text_printf(&out, "  %s: %zu of %zu steps\n", cell_name(out.pool, cell), script.n_steps, any.n_steps);
	for (size_t i = 0; i < script.n_actors; i++)
		show_actor(&script.actors[i]);
	for (size_t i = 0; i < script.n_steps; i++)
		show_step(&script, &script.steps[i]);
	text_puts(&out, "    arena");
	show_kinds("", script.arena);
	show_kinds("initial", script_initial(cell));
	show_flag("layout", script.layout);
	show_flag("procfs", script.procfs);
	show_flag("cgroups", script.cgroups);
	show_flag("processors", script.processors);
	show_flag("names-actors", script.names_actors);
	show_flag("pids", script.pids);
	show_flag("user", script.user);
	show_flag("changes-machine", plan_changes_machine(&script));
	show_flag("spoils-machine", plan_spoils_machine(&script));
	show_number("hosted", script.hosted, -1);
	for (int i = 0; i < (int)script.n_actors; i++)
		show_number("home", script_home(&script, i), -1);
	end_line();
	show_needs(&script);
	all_forget &= forgets(&script, cell);
}

static void show_scenario(const struct scenario *s)
{
	text_printf(&out, "%s.%s at %d:%d: %s\n ", s->suite->prefix, s->id, s->at.line, s->at.column, s->about);
	for (size_t i = 0; i < s->clauses.n; i++)
		text_printf(&out, " %s (%s)", s->clauses.v[i],
			    symbol_of(proof_symbols, proof_of(s, s->clauses.v[i]))->name);
	show_strs("tags", &s->tags);
	show_strs("needs", &s->needs);
	show_ints("via", &s->via);
	show_ints("as", &s->as);
	show_number("since", s->since, 0);
	show_number("until", s->until, 0);
	show_number("within", s->within_ns, 0);
	end_line();
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct row *r = &s->rows[i];

		text_printf(&out, "  row %s at %d:%d", r->name, r->at.line, r->at.column);
		show_number("since", r->since, 0);
		show_number("until", r->until, 0);
		show_strs("needs", &r->needs);
		show_value("", r->values);
		end_line();
	}
}

static void show_names(const char *what, const struct plan *plan)
{
	text_puts(&out, what);
	for (size_t i = 0; i < plan->n; i++)
		text_printf(&out, "\n  %s", cell_name(out.pool, &plan->cells[i]));
	end_line();
}

static void plan_all(struct plan *plan, const struct suite *suite, bool controls)
{
	for (size_t i = 0; i < suite->n; i++)
		plan_add(plan, &suite->scenarios[i], controls);
}

/* The first N cells of PLAN, a part of which are no plain ones when these are left out, are thinned out. */
static void show_first(struct plan *plan, size_t n, bool plain)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->n; i++)
		if (i < n && (plain || plan->cells[i].kind != CELL_PLAIN))
			plan->cells[kept++] = plan->cells[i];
	plan->n = kept;
	plan_quick(plan);
	show_names(pool_printf(out.pool, "quick, of %s%zu", plain ? "" : "controls and twins of ", n), plan);
}

/* A choice of the cells; every third one skips. */
static void show_choices(const struct suite *suite)
{
	struct plan quick = { .pool = out.pool }, part = quick, mixed = quick, thin = quick;

	plan_all(&quick, suite, true);
	plan_quick(&quick);
	show_names("quick", &quick);
	text_printf(&out, "  left out: %zu\n", quick.left_out);
	plan_all(&thin, suite, true);
	for (size_t i = 0; i < thin.n; i += 3)
		thin.cells[i].skip = "skip";
	plan_quick(&thin);
	show_names("quick, where some skip", &thin);
	for (int i = 1; i <= 3; i++) {
		part = (struct plan){ .pool = out.pool };
		plan_all(&part, suite, false);
		plan_shard(&part, i, 3);
		show_names(pool_printf(out.pool, "part %d of %d", part.shard_index, part.shard_number), &part);
		text_printf(&out, "  of %zu\n", part.whole->n);
	}
	plan_all(&mixed, suite, false);
	plan_arrange(&mixed, true, 7);
	show_names("quick and shuffled", &mixed);
	for (size_t i = 0; i < mixed.n; i++)
		text_printf(&out, " %zu", plan_at(&mixed, i));
	end_line();
}

enum { GUARD = 1 << 16 };

/* Add many cells: those before stay what they are, and so does what stands behind them in memory. */
static bool grows(struct plan *plan, const struct scenario *s)
{
	char *guard = pool_alloc(out.pool, GUARD);
	size_t before = plan->n;
	bool good = true;

	memset(guard, 'x', GUARD);
	for (int i = 0; i < 200; i++)
		plan_add(plan, s, false);
	for (size_t i = 0; i < plan->n; i++)
		good &= plan->cells[i].scenario == s;
	for (size_t i = 0; i < GUARD; i++)
		good &= guard[i] == 'x';
	return good && (plan->n - before) % 200 == 0;
}

static void test_growth(const struct suite *suite)
{
	const struct scenario *s = &suite->scenarios[suite->n - 1];
	struct plan plan = { .pool = out.pool };

	plan_add(&plan, s, false);
	ok(grows(&plan, s), "a plan grows");
	plan_shard(&plan, 1, 1);
	ok(plan.n == 201 && plan.whole->n == 201 && plan.whole->cells != plan.cells, "all of it is a part");
	ok(grows(plan.whole, s) && plan.n == 201, "what it is a part of grows");
	plan_arrange(&plan, false, 0);
	ok(plan_at(&plan, 7) == 7, "and is in its order");
	plan_arrange(&plan, false, 5);
	ok(grows(&plan, s), "and one that is shuffled");
}

/* Of what has been left out before, something is still there behind the last cell. */
static void show_shortened(const struct suite *suite)
{
	struct plan none = { .pool = out.pool }, all = none;

	plan_all(&all, suite, true);
	plan_shard(&all, 2, 2);
	show_names("part 2 of 2", &all);
	show_names("of", all.whole);
	test_growth(suite);
	all = *all.whole;
	for (size_t n = all.n; n; n--)
		for (int plain = 0; plain < 2; plain++) {
			struct plan plan = none;

			plan_all(&plan, suite, true);
			show_first(&plan, n, plain);
		}
}

/* With a runtime, or inside of a box: the names alone tell which cells there are. */
static void show_boxes(const struct suite *suite, const char *runtime, bool inside)
{
	struct problems problems = { .pool = out.pool };
	struct plan plan = { .pool = out.pool, .inside = inside };

	if (runtime)
		plan.runtime = runtime_load(out.pool, runtime, &problems);
	plan_all(&plan, suite, true);
	text_printf(&out, "%s\n", runtime ? runtime : "inside");
	for (size_t i = 0; i < plan.n; i++) {
		struct script script;

		text_printf(&out, "  %s%s", cell_name(out.pool, &plan.cells[i]),
			    plan.cells[i].runtime ? "" : " (native)");
		script_make(out.pool, &plan.cells[i], RELEASE_ANY, &script);
		script_arena(&script);
		for (int k = 0; k < (int)script.n_actors; k++)
			show_number("home", script_home(&script, k), -1);
		end_line();
		for (size_t k = 0; k < script.n_actors; k++)
			show_actor(&script.actors[k]);
		show_needs(&script);
	}
}

static void test(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = {
		.pool = &pool, .dir = paths_data(&pool, "suites/clauses"), .problems = &problems,
	};
	const struct suite *suite = suite_load(&pool, path, &catalogue, &problems, strstr(path, "needs"));
	struct plan plan = { .pool = &pool };
	int release = release_parse("6.6");
	bool choices = strstr(path, "choices"), boxes = strstr(path, "boxes"), scripts = !choices && !boxes;

	all_forget = true;
	out = (struct text){ .pool = &pool };
	problems_print(&problems, stdout);
	if (ok(suite && suite->source && strstr(suite->source, "scenarios:"), "%s is loaded", path)) {
		text_printf(&out, "%s (%s): %s\n", suite->name, suite->prefix, suite->about);
		plan_all(&plan, suite, true);
		for (size_t i = 0, k = 0; i < suite->n; i++) {
			show_scenario(&suite->scenarios[i]);
			for (; scripts && k < plan.n && plan.cells[k].scenario == &suite->scenarios[i]; k++)
				show_script(&plan.cells[k], release);
		}
		ok(all_forget, "%s: steps that are no more", path);
		if (choices)
			show_choices(suite);
		if (strstr(path, "shortened"))
			show_shortened(suite);
		if (boxes) {
			show_boxes(suite, "crun", false);
			show_boxes(suite, "bwrap", false);
			show_boxes(suite, NULL, true);
		}
		golden(golden_path(&pool, path, ".txt"), out.s);
	}
	catalogue_free(&catalogue);
}

static unsigned touches(struct pool *pool, const char *op, const char *param, const char *value)
{
	struct value *with = value_map(pool);

	value_put(pool, with, param, value_str(pool, value));
	return script_touches(op_find(op_registry, op), with);
}

static void test_touches(void)
{
	AUTO_POOL pool = { 0 };

	ok(touches(&pool, "cap.try", "call", "reboot") == NSM_PID, "what an op touches for one value");
	ok(touches(&pool, "cap.try", "call", "adjtimex") == 0, "and not for others");
	ok(touches(&pool, "uts.sethostname", "name", "x") == NSM_UTS, "or always");
}

int main(void)
{
	test_touches();
	setenv("NSCONFORM_DATA", ".", 1);
	golden_each("tests/golden/scripts/*.yaml", test);
	return done();
}
