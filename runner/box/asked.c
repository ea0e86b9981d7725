// SPDX-License-Identifier: GPL-2.0-only
/*
 * From an actor to what its box must be like.
 */
#include <string.h>

#include "box/asked.h"
#include "nsc/box.h"

bool asked_box(const struct actor *a, const struct value *place)
{
	return (value_get(place, "new") || a->box || a->exec_of >= 0) && a->in < 0 &&
		a->thread_of < 0 && !value_get(a->place, "via");
}

static struct value *one_line(struct pool *pool, const char *text)
{
	struct value *list = value_list(pool);

	value_push(pool, list, value_str(pool, text));
	return list;
}

/* `map: root` and `map: same` are the same where the caller is root. */
static void ask_for_maps(struct pool *pool, const struct runtime *r, const struct script_actor *a,
			 const struct place *p, struct value *asked)
{
	static const char *const names[] = { "uid_map", "gid_map" };
	bool explicit = p->uid_map.v || p->gid_map.v;

	if (!(p->new & NSM_USER) || (!explicit && p->map == MAP_NONE))
		return;
	/* A word for the usual case, which wants less right than a map that is written out. */
	if (!explicit && runtime_option(r, "map").kind != WAY_NEVER) {
		value_put(pool, asked, "map", value_str(pool, "root"));
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		const struct value *given = value_get(a->place, names[i]);

		if (given && given->type == VALUE_STR)
			given = one_line(pool, given->str.s);
		if (given)
			value_put(pool, asked, names[i], (struct value *)given);
		else if (!explicit)
			value_put(pool, asked, names[i], one_line(pool, "0 0 1"));
	}
}

const struct value *asked_properties(struct pool *pool, const struct runtime *r,
				     const struct script_actor *a)
{
	static const char *const clocks[] = { "monotonic", "boottime" };
	struct value *asked = value_map(pool);
	struct place place = a->bound;

	/* Where a user namespace is made unasked, it is like one that is asked for. */
	place.new |= asked_kinds(pool, r, a) & NSM_USER & ~a->actor->join_types;
	ask_for_maps(pool, r, a, &place, asked);
	for (size_t i = 0; i < 2; i++)
		if (value_get(a->place, clocks[i]))
			value_put(pool, asked, clocks[i],
				  (struct value *)value_get(a->place, clocks[i]));
	for (size_t i = 0; a->box && i < a->box->list.n; i++)
		value_push(pool, asked, a->box->list.items[i]);
	return asked;
}

unsigned asked_kinds(struct pool *pool, const struct runtime *r, const struct script_actor *a)
{
	unsigned kinds = (unsigned)a->bound.new | a->actor->join_types;

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (r->ns[ns].host.kind == WAY_NEVER && r->ns[ns].new.kind != WAY_NEVER)
			kinds |= NS_BIT(ns);
	return kinds;
}

const struct value *asked_of_agent(struct pool *pool, const struct value *place)
{
	static const char *const kept[] = { "uid", "gid", "groups", "drop", "root", "proc",
					    "ignore", "subreaper" };
	struct value *made = value_map(pool);

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		const struct value *v = value_get(place, kept[i]);

		if (v)
			value_put(pool, made, kept[i], (struct value *)v);
	}
	return made;
}

static struct value *kind_names(struct pool *pool, unsigned kinds)
{
	struct value *list = value_list(pool);

	/* In the order in which flags are unbound: the symbols'. */
	for (const struct symbol *s = ns_symbols; s->name; s++)
		if (kinds & s->value)
			value_push(pool, list, value_str(pool, s->name));
	return list;
}

const struct value *expect_launch(struct pool *pool, const struct runtime *r,
				  const struct script_actor *a)
{
	struct value *expect = value_map(pool);

	value_put(pool, expect, "state", value_str(pool, "started"));
	value_put(pool, expect, "foreign", value_bool(pool, r->foreign));
	if (!r->foreign && a->actor->exec_of < 0)
		value_put(pool, expect, "new", kind_names(pool, asked_kinds(pool, r, a)));
	value_put(pool, expect, "changes", value_list(pool));
	return expect;
}

enum how_seen { SAME, CONTAINED, NAMES_CONTAINED, MODE_FILTER, ROOT_ALONE, MACHINE };
enum { INSIDE = 1, OUTSIDE = 2 };

/* How a property shows in a reading, and from which side. */
static const struct {
	const char *property, *field;
	enum how_seen how;
	int sides;
} shown[] = {
	{ "hostname", "hostname", SAME, INSIDE | OUTSIDE },
	{ "domainname", "domainname", SAME, INSIDE | OUTSIDE },
	/* Its root directory is another one seen from outside. */
	{ "cwd", "cwd", SAME, INSIDE },
	/* A map is relative to its reader's user namespace. */
	{ "uid_map", "uid_map", SAME, OUTSIDE },
	{ "gid_map", "gid_map", SAME, OUTSIDE },
	{ "map", "uid_map", ROOT_ALONE, OUTSIDE },
	{ "map", "gid_map", ROOT_ALONE, OUTSIDE },
	{ "monotonic", "monotonic", SAME, INSIDE | OUTSIDE },
	{ "boottime", "boottime", SAME, INSIDE | OUTSIDE },
	{ "rlimits", "rlimits", CONTAINED, INSIDE | OUTSIDE },
	{ "personality", "machine", MACHINE, INSIDE },
	{ "env", "env", NAMES_CONTAINED, INSIDE | OUTSIDE },
	{ "groups", "groups", SAME, INSIDE },
	{ "uid", "uid", SAME, INSIDE },
	{ "gid", "gid", SAME, INSIDE },
	{ "umask", "umask", SAME, INSIDE | OUTSIDE },
	{ "oom_score_adj", "oom_score_adj", SAME, INSIDE | OUTSIDE },
	{ "no_new_privs", "no_new_privs", SAME, INSIDE | OUTSIDE },
	{ "seccomp", "seccomp", MODE_FILTER, INSIDE | OUTSIDE },
	{ "capabilities", "bounding", SAME, INSIDE | OUTSIDE },
	{ "capabilities", "permitted", SAME, INSIDE | OUTSIDE },
};

static struct value *names_only(struct pool *pool, const struct value *v)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		const char *text = value_text(v->list.items[i]);

		if (text)
			value_push(pool, list, value_strn(pool, text, strcspn(text, "=")));
	}
	return list;
}

static struct value *matcher(struct pool *pool, const char *name, const struct value *v)
{
	struct value *map = value_map(pool);

	value_put(pool, map, name, (struct value *)v);
	return map;
}

static struct value *as_shown(struct pool *pool, enum how_seen how, const struct value *v)
{
	switch (how) {
	case CONTAINED:
		return matcher(pool, "contains", v);
	case NAMES_CONTAINED:
		return matcher(pool, "contains", names_only(pool, v));
	case MODE_FILTER:
		return value_int(pool, 2);
	case ROOT_ALONE:
		return one_line(pool, "0 0 1");
	case MACHINE:
		return value_is(v, "LINUX32") ? matcher(pool, "not", value_str(pool, "x86_64")) :
						value_str(pool, "x86_64");
	case SAME:
		break;
	}
	return (struct value *)v;
}

static const struct value *expect_side(struct pool *pool, const struct value *asked, int side)
{
	struct value *expect = value_map(pool);

	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		const struct value *v = value_get(asked, shown[i].property);

		if (v && (shown[i].sides & side))
			value_put(pool, expect, shown[i].field, as_shown(pool, shown[i].how, v));
	}
	return expect->list.n ? expect : NULL;
}

const struct value *expect_read(struct pool *pool, const struct value *asked)
{
	return expect_side(pool, asked, INSIDE);
}

const struct value *expect_seen(struct pool *pool, const struct value *asked)
{
	return expect_side(pool, asked, OUTSIDE);
}
