// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling answers of a seccomp filter from answers of the kernel.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "report/confined.h"

/* Errors by which filters and security profiles refuse a call. */
static const struct {
	int error;
	const char *name;
} answers[] = {
	{ EPERM, "EPERM" }, { EACCES, "EACCES" }, { ENOSYS, "ENOSYS" },
};

static bool is_answer(int error)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (answers[i].error == error)
			return true;
	return false;
}

/* Look for such an error in what an agent reported of a step or of building the cell, and in
 * results. */
static bool tells_answer(const char *text)
{
	for (size_t i = 0; text && i < sizeof(answers) / sizeof(*answers); i++)
		if (strstr(text, answers[i].name) || strstr(text, strerror(answers[i].error)))
			return true;
	return false;
}

static bool tells_any(const char *text, const char *const words[])
{
	for (size_t i = 0; text && words[i]; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

/* SYS as a word of its own, as the signal is shown; not part of ENOSYS or CAP_SYS_ADMIN. */
static bool names_sigsys(const char *text)
{
	for (const char *s = text; s && (s = strstr(s, "SYS")); s += 3) {
		bool begins = s == text || !(isalnum(s[-1]) || s[-1] == '_');

		if (begins && !(isalnum(s[3]) || s[3] == '_'))
			return true;
	}
	return false;
}

/*
 * Where a filter kills for a call, any process that died may have made it. A filter that kills for
 * arguments cannot be found out beforehand: it shows by SIGSYS, or by an actor that died in a step,
 * which breaks the cell.
 */
static bool tells_death(const struct confinement *c, enum verdict_kind kind, const char *text)
{
	static const char *const words[] = {
		"died", "is dead", "is gone", "killed", "no answer", NULL,
	};

	return names_sigsys(text) ||
	       ((c->killing.n || kind == VERDICT_BROKEN) && tells_any(text, words));
}

static bool is_symptom(const struct confinement *c, enum verdict_kind kind, const char *text)
{
	return tells_answer(text) || (c->filtered && tells_death(c, kind, text));
}

static const struct outcome *outcome_at(const struct trace *trace, int step)
{
	return step >= 0 && (size_t)step < trace->n ? &trace->outcomes[step] : NULL;
}

/*
 * How a filter can have caused the verdict, or NULL. A broken cell is no verdict on the kernel
 * anyway; where calls are forbidden, these are taken for the cause.
 */
static const char *symptom(struct pool *pool, const struct confinement *c,
			   const struct trace *trace, const struct verdict *v)
{
	const struct outcome *o = outcome_at(trace, v->step);

	if (v->kind != VERDICT_FAIL && v->kind != VERDICT_BROKEN)
		return NULL;
	if (o && o->status == OUTCOME_DONE && is_answer(o->error))
		return pool_printf(pool, "seen: %s", strerror(o->error));
	if (v->kind == VERDICT_FAIL && is_symptom(c, v->kind, v->seen))
		return pool_printf(pool, "seen: %s", v->seen);
	if (v->kind == VERDICT_BROKEN &&
	    (is_symptom(c, v->kind, v->message) || c->forbidden.n || c->killing.n))
		return v->message;
	return o && is_symptom(c, v->kind, o->why) ? o->why : NULL;
}

/* A control that fails by the filter's answer shows nothing of the isolation. */
static const char *vacuous(struct pool *pool, const struct script *script,
			   const struct trace *trace, const struct verdict *v)
{
	for (size_t i = 0; v->kind == VERDICT_PASS && i < trace->n; i++)
		if (script->steps[i].contrary && is_answer(trace->outcomes[i].error))
			return pool_printf(pool, "the control failed by: %s",
					   strerror(trace->outcomes[i].error));
	return NULL;
}

static const char *calls_of(struct pool *pool, const struct confinement *c)
{
	const char *text = "";

	for (size_t i = 0; i < c->forbidden.n; i++)
		text = pool_printf(pool, "%s %s", text, c->forbidden.v[i]);
	for (size_t i = 0; i < c->killing.n; i++)
		text = pool_printf(pool, "%s %s (kills)", text, c->killing.v[i]);
	return *text ? text : " calls by their arguments";
}

void confined_judge(struct pool *pool, const struct confinement *c, const struct script *script,
		    const struct trace *trace, struct verdict *v)
{
	if (!c->filtered && !c->profile)
		return;
	const char *why = symptom(pool, c, trace, v);

	if (!why)
		why = vacuous(pool, script, trace, v);
	if (!why)
		return;
	*v = (struct verdict){
		.kind = VERDICT_SKIP, .step = v->step,
		.reason = c->filtered ? "cannot: a seccomp filter is in the way" :
					"cannot: a security module is in the way",
		.message = c->filtered ?
			pool_printf(pool, "%s; the filter forbids%s", why, calls_of(pool, c)) :
			pool_printf(pool, "%s; the profile is %s", why, c->profile),
		.resolution = c->filtered ? CONFINE_REMEDY :
			      "run unconfined (--security-opt apparmor=unconfined, label=disable)",
	};
}
