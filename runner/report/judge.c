// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge. The first step that does not meet its expectation decides, further ones are reported;
 * a control must fail exactly at its marked expectations.
 */
#include <string.h>

#include "report/judge.h"
#include "load/match.h"

#define NOT_THERE "%s is not there to compare with"

static const struct field errno_field = { .name = "errno", .type = FIELD_ERRNO };

const struct symbol verdict_symbols[] = {
	{ "pass", VERDICT_PASS, "everything is as expected" },
	{ "fail", VERDICT_FAIL, "an expectation was not met" },
	{ "skip", VERDICT_SKIP, "this machine lacks something that it needs" },
	{ "known", VERDICT_KNOWN, "it failed as a known issue says" },
	{ "xpass", VERDICT_XPASS, "a known issue says that it fails, and it passed" },
	{ "broken", VERDICT_BROKEN, "the harness could not carry it out: nothing is said about the kernel" },
	{ 0 }
};

const char *verdict_name(enum verdict_kind kind)
{
	return symbol_of(verdict_symbols, kind)->name;
}

static const char *error_text(struct pool *pool, int error)
{
	if (!error)
		return "success";
	return pool_printf(pool, "%s (%s)", errno_name(pool, error), strerror(error));
}

static void broken(struct pool *pool, struct verdict *v, int step, const char *message)
{
	(void)pool;
	/* A control passes over what is not as expected before; that explains nothing here. */
	*v = (struct verdict){ .kind = VERDICT_BROKEN, .step = step, .message = message };
}

static void lied(struct pool *pool, struct verdict *v, int step, struct lie lie)
{
	*v = (struct verdict){
		.kind = VERDICT_FAIL, .step = step, .call = lie.call, .clause = lie.clause,
		.message = pool_printf(pool, "the kernel does not do what it says: %s: %s, but %s",
				       lie.call, lie.claim, lie.seen),
		.expected = lie.claim, .seen = lie.seen,
	};
}

size_t judge_mismatches(struct pool *pool, const struct script_step *s, const struct outcome *o,
			const struct value *expect, const char *after, struct mismatch *list,
			size_t room)
{
	size_t n = 0;
	const struct value *want_errno = value_get(expect, "errno");
	const struct value *error = o->error ? value_str(pool, errno_name(pool, o->error)) :
					       value_int(pool, 0);
	bool passed = !after || !strcmp(after, "errno");

	/* Expected fields imply success, unless errno is expected, too. */
	if (!after && (want_errno ? !match(pool, &errno_field, error, want_errno) : o->error)) {
		list[0] = (struct mismatch){
			.what = "errno",
			.expected = want_errno ? value_show(pool, want_errno) : "success",
			.seen = error_text(pool, o->error),
		};
		return 1;
	}
	for (size_t i = 0; i < expect->list.n && n < room; i += 2) {
		const char *name = expect->list.items[i]->str.s;
		const struct field *f = field_find(s->step->op->out, name);
		const struct value *seen = o->out ? value_get(o->out, name) : NULL;

		if (!f || o->error || !passed) {
			passed |= after && !strcmp(name, after);
			continue;
		}
		if (!seen)
			seen = value_nil(pool);
		if (match(pool, f, seen, expect->list.items[i + 1]))
			continue;
		list[n++] = (struct mismatch){
			.what = name,
			.expected = value_show(pool, expect->list.items[i + 1]),
			.seen = value_show(pool, seen),
		};
	}
	return n;
}

/* Whether the outcome meets the expectation after the field AFTER; if not, V has the mismatch. */
static bool meets(struct pool *pool, const struct script_step *s, const struct outcome *o,
		  const struct value *expect, const char *after, struct verdict *v)
{
	struct mismatch first[1];

	if (!judge_mismatches(pool, s, o, expect, after, first, sizeof(first) / sizeof(*first)))
		return true;
	v->what = first->what;
	v->expected = first->expected;
	v->seen = first->seen;
	return false;
}

/*
 * Whether a control or a twin differs from its scenario in step I: as long as what the scenario
 * itself expects there is seen, it proves nothing.
 */
static bool differs(struct pool *pool, const struct script *script, const struct trace *trace,
		    size_t i, struct verdict *v)
{
	const struct script_step *s = &script->steps[i];
	const struct outcome *o = &trace->outcomes[i];
	const struct cell *cell = script->cell;
	bool twin = cell->kind == CELL_TWIN;
	const char *missing;
	const struct value *contrary = trace_resolve(pool, script, trace, i, s->contrary, &missing);

	/* A twin may leave out what its scenario compares with. */
	if (!contrary && !twin)
		broken(pool, v, (int)i, pool_printf(pool, NOT_THERE, missing));
	if (!contrary || !meets(pool, s, o, contrary, NULL, v))
		return contrary || twin;
	v->kind = VERDICT_FAIL;
	v->what = NULL;
	v->message = twin ?
		"the expectation holds in the twin too: it proves nothing" :
		pool_printf(pool, "the expectation holds without the %s namespace too: it proves nothing",
			    ns_kinds[cell->ns].title);
	/* Clocks go on: on a busy machine for as long as an offset sets them. */
	v->clocks = !twin && cell->ns == NS_TIME;
	v->expected = pool_printf(pool, "not %s", value_show(pool, contrary));
	v->seen = o->out ? value_show(pool, o->out) : error_text(pool, o->error);
	return false;
}
/* Whether expectations may fail that are not marked: for the same reason as the marked one. */
static bool is_lenient(const struct cell *cell)
{
	return cell->kind == CELL_CONTROL ||
	       (cell->kind == CELL_TWIN && cell->scenario->steps[cell->step].twin->without.n);
}

/*
 * Whether what should have been done was refused. In a control that is no matter of what is seen:
 * what was not done may be why a marked expectation fails.
 */
static bool undone(const struct outcome *o, const struct value *expect)
{
	const struct value *want = value_get(expect, "errno");

	/* An errno that is a number is 0. */
	return o->error && (!want || want->type == VALUE_INT);
}

/* True to go on with the next step. */
static bool judge_step(struct pool *pool, const struct script *script, const struct trace *trace,
		       size_t i, const char *after, struct verdict *v)
{
	const struct script_step *s = &script->steps[i];
	const struct outcome *o = &trace->outcomes[i];
	bool lenient = is_lenient(script->cell);
	const char *missing;

	if (s->step->background && s->step->kind == STEP_CALL && o->status <= OUTCOME_DONE)
		return true;
	if (trace_left_out(script, trace, i))
		return true;
	if (o->status == OUTCOME_NONE) {
		broken(pool, v, (int)i, o->why ? o->why : "was not reached");
		return false;
	}
	if (o->status == OUTCOME_BROKEN) {
		broken(pool, v, (int)i, o->why);
		return false;
	}
	if (o->status == OUTCOME_LIED) {
		lied(pool, v, (int)i, lie_of(o->lie));
		return false;
	}
	/* Without its box a control shows nothing about the isolation. */
	if (o->status == OUTCOME_LOST && (lenient || s->contrary)) {
		broken(pool, v, (int)i, o->why);
		return false;
	}
	v->step = (int)i;
	if (o->status == OUTCOME_LOST) {
		v->kind = VERDICT_FAIL;
		v->message = o->why;
		return false;
	}
	if (!s->expect) {
		if (!o->error)
			return true;
		broken(pool, v, (int)i, pool_printf(pool, "the world could not be built: %s",
						    error_text(pool, o->error)));
		return false;
	}
	if (s->contrary && !differs(pool, script, trace, i, v))
		return false;
	const struct value *expect = trace_resolve(pool, script, trace, i, s->expect, &missing);

	if (!expect) {
		broken(pool, v, (int)i, pool_printf(pool, NOT_THERE, missing));
		return false;
	}
	/*
	 * A control is about its marked expectations, and without its box it shows nothing. What
	 * is seen in place of a marked one must be what sharing looks like: a call that is refused
	 * for another reason, or does not work, says nothing of the isolation.
	 */
	if (meets(pool, s, o, expect, after, v) ||
	    (lenient && !s->contrary && s->step->kind != STEP_LAUNCH && !undone(o, expect)))
		return true;
	v->kind = VERDICT_FAIL;
	v->message = JUDGE_NOT_MET;
	if (script->cell->kind == CELL_CONTROL)
		v->message = pool_printf(pool, s->contrary ?
			"without the %s namespace it fails in another way than by sharing: it proves nothing" :
			"without the %s namespace it is refused: what comes after it proves nothing",
			ns_kinds[script->cell->ns].title);
	return false;
}

/*
 * The first mismatch decides; further fields of that step and of later steps are reported as well,
 * as they may show the cause.
 */
static void look_further(struct pool *pool, const struct script *script,
			 const struct trace *trace, struct verdict *v)
{
	for (size_t i = (size_t)v->step; i < trace->n && v->n_also < ALSO_MAX; i++) {
		struct mismatch list[ALSO_MAX];
		const struct script_step *s = &script->steps[i];
		const char *missing;

		if (trace->outcomes[i].status != OUTCOME_DONE || !s->expect ||
		    trace_left_out(script, trace, i))
			continue;
		const struct value *expect = trace_resolve(pool, script, trace, i, s->expect,
							   &missing);
		const char *after = (int)i == v->step ? v->what : NULL;
		size_t n = expect ? judge_mismatches(pool, s, &trace->outcomes[i], expect, after,
						     list, ALSO_MAX) : 0;

		for (size_t k = 0; k < n && v->n_also < ALSO_MAX; k++) {
			v->also[v->n_also] = list[k];
			v->also[v->n_also++].step = (int)i;
		}
	}
}

/*
 * A control is about the marked expectations alone: others may fail for the same lack of
 * isolation, and what comes after the last marked one does not matter.
 */
static size_t last_marked(const struct script *script)
{
	size_t last = 0;

	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].contrary)
			last = i + 1;
	return last;
}

bool judge_may_be_late(const struct trace *trace, const struct verdict *verdict)
{
	size_t end = verdict->step < 0 ? trace->n : (size_t)verdict->step + 1;
	/* A step that was done in time and is wrong is a failure, even when a later step was
	 * late. */
	bool in_time = verdict->kind == VERDICT_FAIL && verdict->step >= 0 &&
		trace->outcomes[verdict->step].status == OUTCOME_DONE;
	bool late = (trace->late && !in_time) || verdict->clocks;

	/* Whoever is late does not say what is not so. */
	if (verdict->call)
		return false;
	for (size_t i = 0; i < end; i++)
		late |= trace->outcomes[i].waited_out;
	return late && (verdict->kind == VERDICT_FAIL || verdict->kind == VERDICT_BROKEN);
}

static void judge_steps(struct pool *pool, const struct script *script, const struct trace *trace,
			size_t from, const char *after, struct verdict *verdict)
{
	bool control = script->cell->kind == CELL_CONTROL;
	size_t end = control ? last_marked(script) : script->n_steps;
	bool reached = true;

	*verdict = (struct verdict){ .kind = VERDICT_PASS, .step = -1 };
	for (size_t i = 0; i < trace->n; i++)
		reached &= i >= end || trace->outcomes[i].status == OUTCOME_DONE ||
			   (script->steps[i].step->background &&
			    script->steps[i].step->kind == STEP_CALL);
	if ((trace->broken || trace->lie) && !(control && reached && end)) {
		/* A verdict on the steps before the cell broke is worth more than that it broke. */
		for (size_t i = from; i < end && trace->outcomes[i].status == OUTCOME_DONE; i++)
			if (!judge_step(pool, script, trace, i, i == from ? after : NULL,
					verdict) &&
			    verdict->kind == VERDICT_FAIL)
				return;
		if (trace->lie) {
			lied(pool, verdict, -1, lie_of(trace->lie));
			return;
		}
		broken(pool, verdict, -1, trace->broken);
		return;
	}
	if (control && !end) {
		broken(pool, verdict, -1, "no step of this control is marked to fail");
		return;
	}
	for (size_t i = from; i < end; i++)
		if (!judge_step(pool, script, trace, i, i == from ? after : NULL, verdict))
			return;
	verdict->step = -1;
	verdict->what = verdict->expected = verdict->seen = NULL;
}

void judge_from(struct pool *pool, const struct script *script, const struct trace *trace,
		size_t from, const char *after, struct verdict *verdict)
{
	judge_steps(pool, script, trace, from, after, verdict);
	if (verdict->what && script->cell->kind != CELL_CONTROL)
		look_further(pool, script, trace, verdict);
}

void judge(struct pool *pool, const struct script *script, const struct trace *trace,
	   struct verdict *verdict)
{
	judge_from(pool, script, trace, 0, NULL, verdict);
}
