// SPDX-License-Identifier: GPL-2.0-only
/*
 * From what a box was asked for to what it must be like.
 */
#include <string.h>

#include "runtime/expect.h"
#include "nsc/ns.h"

static struct value *kind_names(struct pool *pool, unsigned kinds)
{
	struct value *list = value_list(pool);

	/* In the order in which flags are unbound: the symbols'. */
	for (const struct symbol *s = ns_symbols; s->name; s++)
		if (kinds & s->value)
			value_push(pool, list, value_str(pool, s->name));
	return list;
}

const struct value *expect_launch(const struct box_spec *spec)
{
	struct pool *pool = spec->pool;
	struct value *expect = value_map(pool);

	value_put(pool, expect, "state", value_str(pool, "started"));
	value_put(pool, expect, "foreign", value_bool(pool, spec->runtime->foreign));
	if (!spec->runtime->foreign && spec->actor->actor->exec_of < 0)
		value_put(pool, expect, "new", kind_names(pool, spec->kinds));
	value_put(pool, expect, "changes", value_list(pool));
	return expect;
}

enum how_seen { SAME, CONTAINED, MODE_FILTER, ROOT_ALONE, MACHINE };
enum { INSIDE = 1, OUTSIDE = 2 };

/* How a property shows in a reading, and from which side. */
static const struct {
	const char *property, *field;
	enum how_seen how;
	int sides;
} shown[] = {
	{ "hostname", "hostname", SAME, INSIDE | OUTSIDE },
	{ "domainname", "domainname", SAME, INSIDE | OUTSIDE },
	/* The path of the working directory differs when seen from outside, where the root is
	 * another. */
	{ "cwd", "cwd", SAME, INSIDE },
	/* An id map reads differently in each user namespace, so only the outside is compared. */
	{ "uid_map", "uid_map", SAME, OUTSIDE },
	{ "gid_map", "gid_map", SAME, OUTSIDE },
	{ "map", "uid_map", ROOT_ALONE, OUTSIDE },
	{ "map", "gid_map", ROOT_ALONE, OUTSIDE },
	{ "monotonic", "monotonic", SAME, INSIDE | OUTSIDE },
	{ "boottime", "boottime", SAME, INSIDE | OUTSIDE },
	{ "rlimits", "rlimits", CONTAINED, INSIDE | OUTSIDE },
	{ "personality", "machine", MACHINE, INSIDE },
	{ "env", "variables", CONTAINED, INSIDE | OUTSIDE },
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

/* A map of one line that maps root to root. */
static struct value *root_alone(struct pool *pool)
{
	struct value *list = value_list(pool);

	value_push(pool, list, value_str(pool, "0 0 1"));
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
	case MODE_FILTER:
		return value_int(pool, 2);
	case ROOT_ALONE:
		return root_alone(pool);
	case MACHINE:
		return value_is(v, "LINUX32") ? matcher(pool, "not", value_str(pool, "x86_64")) :
						value_str(pool, "x86_64");
	case SAME:
		break;
	}
	return (struct value *)v;
}

/*
 * Beside another property some launchers give a property another value: over execve(2) a user that
 * is not root keeps ambient capabilities alone, and a filter brings no_new_privs.  OCI runtimes are
 * told all of it.
 */
static bool is_unsaid(const struct box_spec *spec, const char *field)
{
	const struct value *uid = value_get(spec->asked, "uid");

	if (spec->runtime->generate == GENERATE_OCI)
		return false;
	return (!strcmp(field, "permitted") && uid && uid->i) ||
	       (!strcmp(field, "no_new_privs") && value_get(spec->asked, "seccomp"));
}

static enum how_seen how_seen(const struct box_spec *spec, size_t row)
{
	if (!strcmp(shown[row].property, "groups") &&
	    runtime_has_quirk(spec->runtime, "adds-groups"))
		return CONTAINED;
	return shown[row].how;
}

static const struct value *expect_side(const struct box_spec *spec, int side)
{
	struct pool *pool = spec->pool;
	struct value *expect = value_map(pool);

	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		const struct value *v = value_get(spec->asked, shown[i].property);

		if (!v || !(shown[i].sides & side) || is_unsaid(spec, shown[i].field))
			continue;
		value_put(pool, expect, shown[i].field, as_shown(pool, how_seen(spec, i), v));
	}
	return expect->list.n ? expect : NULL;
}

const struct value *expect_read(const struct box_spec *spec)
{
	return expect_side(spec, INSIDE);
}

const struct value *expect_seen(const struct box_spec *spec)
{
	return expect_side(spec, OUTSIDE);
}
