// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime's file says of it.
 */
#include "cmd/runtimes.h"
#include "load/features.h"
#include "load/placeholders.h"

static void tell(struct pool *pool, struct value *list, const char *text)
{
	value_push(pool, list, value_str(pool, text));
}

static void tell_kind(struct pool *pool, const struct runtime *r, int ns, struct value *list)
{
	const struct runtime_ns *k = &r->ns[ns];
	const char *name = ns_kinds[ns].name;
	const struct {
		const char *what;
		const struct way *way;
	} ways[] = { { "make", &k->new }, { "keep the caller's", &k->host }, { "join", &k->join } };

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (ways[i].way->kind == WAY_NEVER)
			tell(pool, list, pool_printf(pool, "%s %s", ways[i].what, name));
	if (k->since && (!r->installed || !version_reaches(r->installed, k->since)))
		tell(pool, list, pool_printf(pool, "make %s before %s", name, k->since));
}

struct value *runtime_cannot(struct pool *pool, const struct runtime *r)
{
	struct value *list = value_list(pool);
	const struct field *f;

	for (int ns = 0; ns < NS_COUNT; ns++)
		tell_kind(pool, r, ns, list);
	for (size_t i = 0; (f = property_at(i)); i++)
		if (runtime_option(r, f->name).kind == WAY_NEVER)
			tell(pool, list, pool_printf(pool, "be asked for %s", f->name));
	if (!r->exec)
		tell(pool, list, "start a further process in a box");
	for (size_t i = 0; i < r->lacks_features.n; i++)
		tell(pool, list, pool_printf(pool, "give a box that has %s (%s)",
					     r->lacks_features.v[i],
					     box_feature_find(r->lacks_features.v[i])->doc));
	for (size_t i = 0; i < r->without.n; i++)
		tell(pool, list, pool_printf(pool, "do %s in a box", r->without.v[i]));
	for (size_t i = 0; r->disclaims && i < r->disclaims->list.n; i += 2)
		tell(pool, list, pool_printf(pool, "promise %s: %s",
					     r->disclaims->list.items[i]->str.s,
					     value_text(r->disclaims->list.items[i + 1])));
	return list;
}

struct value *runtime_describe(struct pool *pool, const struct runtime *r)
{
	struct value *map = value_map(pool), *packages = value_list(pool);

	for (size_t i = 0; i < r->packages.n; i++)
		tell(pool, packages, r->packages.v[i]);
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
