// SPDX-License-Identifier: GPL-2.0-only
/*
 * What became of the state that a run was started in, for needs and for the record.
 */
#include <string.h>

#include "nsc/begin.h"
#include "machine/start.h"

static const char *now(struct pool *pool, const struct begin_attribute *a,
		       const struct begin_record *r)
{
	if (r->now_error)
		return pool_printf(pool, "unknown: %s", strerror(r->now_error));
	if (r->set_error)
		return pool_printf(pool, "%s, and cannot be set: %s", begin_show(pool, a, r->now),
				   strerror(r->set_error));
	return begin_show(pool, a, r->now);
}

/* An attribute that cannot be read does not exist on this kernel, and fits. */
static bool fits(const struct begin_attribute *a, const struct begin_record *r)
{
	return r->now_error || begin_fits(a, r->now);
}

bool start_probe(struct pool *pool, const char *attribute, struct missing *m)
{
	const struct begin_attribute *a = begin_find(attribute);
	struct begin_record r = begin_recall(a);

	if (fits(a, &r))
		return true;
	return cannot(pool, m, a->wrong, pool_printf(pool, "%s: %s", a->name, now(pool, a, &r)),
		      a->remedy);
}

struct value *start_found(struct pool *pool)
{
	struct value *map = value_map(pool);

	for (const struct begin_attribute *a = begin_attributes; a->name; a++) {
		struct begin_record r = begin_recall(a);

		value_put(pool, map, a->name,
			  value_str(pool, r.found_error ? strerror(r.found_error) :
							  begin_show(pool, a, r.found)));
	}
	return map;
}

struct value *start_unset(struct pool *pool)
{
	struct value *map = value_map(pool);

	for (const struct begin_attribute *a = begin_attributes; a->name; a++) {
		struct begin_record r = begin_recall(a);

		if (!fits(a, &r) || (r.set_error && r.now != a->wanted))
			value_put(pool, map, a->name, value_str(pool, now(pool, a, &r)));
	}
	return map;
}
