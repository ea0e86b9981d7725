// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps in words.
 */
#include "nsc/ns.h"
#include "report/story.h"

const char *story_namespaces(struct pool *pool, unsigned mask)
{
	const char *text = "";

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (mask & NS_BIT(ns))
			text = pool_printf(pool, "%s%s%s", text, *text ? ", " : "",
					   ns_kinds[ns].name);
	return *text ? text : "none";
}

static const char *who(const struct scenario *s, const struct step *step)
{
	return s->actors[step->actor].name;
}

static const char *call(struct pool *pool, const struct scenario *s, const struct step *step)
{
	if (step->kind == STEP_START)
		return pool_printf(pool, "start %s", who(s, step));
	if (step->kind == STEP_FINISH)
		return pool_printf(pool, "finish %s", step->finishes);
	if (step->with)
		return pool_printf(pool, "%s: {%s: %s}", who(s, step), step->op->name,
				   value_show(pool, step->with));
	return pool_printf(pool, "%s: %s", who(s, step), step->op->name);
}

const char *story_does(struct pool *pool, const struct scenario *s, const struct step *step)
{
	const char *text = call(pool, s, step);

	if (step->trial)
		text = pool_printf(pool, "%s (in a throw-away child)", text);
	if (step->background)
		text = pool_printf(pool, "%s (in the background as %s)", text, step->background);
	return step->save ? pool_printf(pool, "%s -> $%s", text, step->save) : text;
}

const char *story_must(struct pool *pool, const struct step *step)
{
	if (!step->expect)
		return NULL;
	const char *text = pool_printf(pool, "must see %s", value_show(pool, step->expect));

	if (!step->isolates)
		return text;
	text = pool_printf(pool, "%s; must fail without a %s namespace of its own", text,
			   story_namespaces(pool, step->isolates));
	return step->shared ? pool_printf(pool, "%s, and see %s", text,
					  value_show(pool, step->shared)) : text;
}

const char *story_twin(struct pool *pool, const struct scenario *s, const struct step *step)
{
	const struct twin *twin = step->twin;

	if (!twin)
		return NULL;
	const char *text = twin->expect ?
		pool_printf(pool, "twin: must see %s", value_show(pool, twin->expect)) :
		"twin: must succeed";

	if (twin->with)
		text = pool_printf(pool, "%s with %s", text, value_show(pool, twin->with));
	if (twin->actors)
		text = pool_printf(pool, "%s with %s", text, value_show(pool, twin->actors));
	if (twin->by >= 0)
		text = pool_printf(pool, "%s with %s doing it", text, s->actors[twin->by].name);
	for (size_t i = 0; i < twin->without.n; i++)
		text = pool_printf(pool, "%s%s%s", text, i ? ", " : " without ",
				   twin->without.v[i]);
	return text;
}
