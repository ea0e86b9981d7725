// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime's file says of it.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/runtimes.h"
#include "cmd/sheet.h"
#include "load/placeholders.h"

enum { LINE = 80 };

static struct value *group_of(struct pool *pool, struct value *groups, const char *what,
			      const char *why)
{
	for (size_t i = 0; i < groups->list.n; i++) {
		struct value *group = groups->list.items[i];
		const char *its = value_text(value_get(group, "why"));

		if (value_is(value_get(group, "what"), what) &&
		    !strcmp(its ? its : "", why ? why : ""))
			return group;
	}
	struct value *group = value_map(pool);

	value_put(pool, group, "what", value_str(pool, what));
	if (why)
		value_put(pool, group, "why", value_str(pool, why));
	value_put(pool, group, "names", value_list(pool));
	value_push(pool, groups, group);
	return group;
}

void group_add(struct pool *pool, struct value *groups, const char *what, const char *why,
	       const char *name)
{
	struct value *group = group_of(pool, groups, what, why);

	if (name)
		value_push(pool, (struct value *)value_get(group, "names"), value_str(pool, name));
}

static void print_group(struct pool *pool, const struct value *group)
{
	const struct value *names = value_get(group, "names");
	const char *why = value_text(value_get(group, "why"));
	const char *head = pool_printf(pool, "  %s%s%s", value_text(value_get(group, "what")),
				       why ? ", as " : "", why ? why : "");
	const char *text = "";

	if (!names->list.n) {
		puts(head);
		return;
	}
	for (size_t i = 0; i < names->list.n; i++)
		text = pool_printf(pool, "%s%s%s", text, i ? ", " : "",
				   value_text(names->list.items[i]));
	head = pool_printf(pool, "%s (%u):", head, names->list.n);
	bool beside = strlen(head) + 1 + strlen(text) <= LINE;

	printf("%s%s", head, beside ? " " : "\n      ");
	help_wrap(stdout, text, beside ? (int)strlen(head) + 1 : 6);
}

void groups_print(struct pool *pool, const struct value *groups, const char *title)
{
	if (groups->list.n)
		puts(title);
	for (size_t i = 0; i < groups->list.n; i++)
		print_group(pool, groups->list.items[i]);
}

static void tell_kinds(struct pool *pool, const struct runtime *r, struct value *groups)
{
	static const struct {
		const char *what;
		size_t way;
	} ways[] = {
		{ "make", offsetof(struct runtime_ns, new) },
		{ "keep the caller's", offsetof(struct runtime_ns, host) },
		{ "join", offsetof(struct runtime_ns, join) },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (int ns = 0; ns < NS_COUNT; ns++) {
			const struct way *way = (const void *)((const char *)&r->ns[ns] +
							       ways[i].way);

			if (way->kind == WAY_NEVER)
				group_add(pool, groups, ways[i].what, NULL, ns_kinds[ns].name);
		}
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *since = r->ns[ns].since;

		if (since && (!r->installed || !version_reaches(r->installed, since)))
			group_add(pool, groups, pool_printf(pool, "make before %s", since), NULL,
				  ns_kinds[ns].name);
	}
}

/* What stands for another property is no lack where that one can be asked for. */
static bool can_be_asked(const struct runtime *r, const char *name)
{
	return runtime_option(r, name).kind != WAY_NEVER ||
		(!strcmp(name, "map") && runtime_option(r, "uid_map").kind != WAY_NEVER);
}

struct value *runtime_cannot(struct pool *pool, const struct runtime *r)
{
	struct value *groups = value_list(pool);
	const struct field *f;

	tell_kinds(pool, r, groups);
	for (size_t i = 0; (f = property_at(i)); i++)
		if (!can_be_asked(r, f->name))
			group_add(pool, groups, "be asked for", NULL, f->name);
	if (!r->exec)
		group_add(pool, groups, "start a further process in a box", NULL, NULL);
	for (size_t i = 0; i < r->lacks_features.n; i++)
		group_add(pool, groups, "give a box that has", NULL, r->lacks_features.v[i]);
	for (size_t i = 0; i < r->without.n; i++)
		group_add(pool, groups, "do in a box", NULL, r->without.v[i]);
	for (size_t i = 0; r->disclaims && i < r->disclaims->list.n; i += 2)
		group_add(pool, groups, "promise",
			  value_text(r->disclaims->list.items[i + 1]),
			  r->disclaims->list.items[i]->str.s);
	return groups;
}

void runtime_print_cannot(struct pool *pool, const struct runtime *r)
{
	groups_print(pool, runtime_cannot(pool, r), pool_printf(pool, "cannot, by %s:", r->file));
}

struct value *runtime_describe(struct pool *pool, const struct runtime *r)
{
	struct value *map = value_map(pool), *packages = value_list(pool);

	for (size_t i = 0; i < r->packages.n; i++)
		value_push(pool, packages, value_str(pool, r->packages.v[i]));
	value_put(pool, map, "runtime", value_str(pool, r->name));
	value_put(pool, map, "about", value_str(pool, r->about));
	value_put(pool, map, "file", value_str(pool, r->file));
	value_put(pool, map, "version", r->installed ? value_str(pool, r->installed) :
						       value_nil(pool));
	value_put(pool, map, "lacks", r->lacks ? value_str(pool, r->lacks) : value_nil(pool));
	value_put(pool, map, "packages", packages);
	value_put(pool, map, "kernel", value_str(pool, r->foreign ? "guest" : "shared"));
	return map;
}
