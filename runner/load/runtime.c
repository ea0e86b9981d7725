// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime's description says.
 */
#include <stdlib.h>
#include <string.h>

#include "load/placeholders.h"
#include "load/runtime.h"
#include "nsc/box.h"

/* Deviations from the configuration that the generators would write, one row each. */
const struct symbol quirk_symbols[] = {
	{ "user-needs-map", 0, "joining a user namespace by path wants its maps written too" },
	{ "time-needs-user", 0, "a new time namespace only together with a new user namespace" },
	{ "maps-zero", 0, "the maps of a user namespace must map 0" },
	{ "maps-want-root", 0, "explicit id maps only as real root" },
	{ "own-capabilities", 0, "boxes get what the kernel gives, not a list of capabilities" },
	{ "childless", 0, "actors cannot be made in a box: its kernel has no clone3(2)" },
	{ "one-range", 0, "id maps have one range" },
	{ "same-maps", 0, "one map for user and group ids" },
	{ "whole-seconds", 0, "clock offsets are whole seconds" },
	{ "allow-all-devices-only", 0, "no device rules but one that allows all" },
	{ "old-capabilities", 0, "only capabilities up to CAP_AUDIT_READ" },
	{ "absolute-root", 0, "the root directory by its whole path" },
	{ "ids-need-user", 0, "a user or group id only together with a new user namespace" },
	{ "adds-groups", 0, "groups asked for are added to those that its user has anyway" },
	{ "no-devices", 0, "no linux.resources at all" },
	{ "no-cgroup-mount", 0, "no cgroup file system in the box" },
	{ "no-cgroups-path", 0, "no cgroupsPath" },
	{ 0 }
};

const struct symbol way_symbols[] = {
	{ "never", WAY_NEVER, NULL }, { "always", WAY_ALWAYS, NULL },
	{ "config", WAY_CONFIG, NULL }, { 0 }
};

struct way runtime_option(const struct runtime *r, const char *name)
{
	const struct value *v = value_get(r->options, name);

	if (!v)
		return (struct way){ WAY_NEVER, NULL };
	if (v->type == VALUE_LIST)
		return (struct way){ WAY_WORDS, v };
	return (struct way){ (enum way_kind)symbol_find(way_symbols, value_text(v))->value, NULL };
}

const char *runtime_lack(struct pool *pool, const struct runtime *r, const char *name,
			 const struct value *v, unsigned kinds)
{
	if ((!strcmp(name, "uid") || !strcmp(name, "gid")) && !(kinds & NSM_USER) &&
	    runtime_has_quirk(r, "ids-need-user"))
		return "it gives other ids only in a new user namespace";
	if (!strcmp(name, "image") && r->host_root)
		return "its boxes have their caller's root directory";
	if (property_of_request(name))
		return NULL;
	struct way way = runtime_option(r, name);

	/* The launcher's words are added for each element, so that an empty list cannot be asked
	 * for. */
	if (way.kind == WAY_NEVER ||
	    (way.kind == WAY_WORDS && v->type == VALUE_LIST && !v->list.n))
		return pool_printf(pool, "%s has no way to be asked for it", r->name);
	return NULL;
}

static bool inherits(const struct runtime *r, const char *what)
{
	for (size_t i = 0; i < r->inherits.n; i++)
		if (!strcmp(r->inherits.v[i], what))
			return true;
	return false;
}

const struct value *runtime_value(struct pool *pool, const struct runtime *r, const char *key)
{
	struct value *list = value_list(pool);

	if (strcmp(key, "withholds"))
		return NULL;
	for (const struct symbol *s = inherited_symbols; s->name; s++)
		if (!inherits(r, s->name))
			value_push(pool, list, value_str(pool, s->name));
	return list;
}

bool runtime_has_quirk(const struct runtime *r, const char *quirk)
{
	for (size_t i = 0; i < r->quirks.n; i++)
		if (!strcmp(r->quirks.v[i], quirk))
			return true;
	return false;
}

bool version_reaches(const char *a, const char *b)
{
	while (*a || *b) {
		char *enda, *endb;
		unsigned long na = strtoul(a, &enda, 10), nb = strtoul(b, &endb, 10);

		if (na != nb)
			return na > nb;
		if (enda == a && endb == b)
			return strcmp(a, b) >= 0;
		a = enda + (*enda == '.');
		b = endb + (*endb == '.');
	}
	return true;
}
