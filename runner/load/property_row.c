// SPDX-License-Identifier: GPL-2.0-only
/*
 * From values of properties to a row of a scenario.
 */
#include "load/property_row.h"

static const struct value *or_empty(struct pool *pool, const struct value *v)
{
	return v ? v : value_map(pool);
}

/* An expectation of nothing in particular is that the op succeeds. */
static struct value *or_success(struct pool *pool, const struct value *expect)
{
	struct value *map = value_map(pool);

	if (expect->list.n)
		return (struct value *)expect;
	value_put(pool, map, "errno", value_int(pool, 0));
	return map;
}

static struct value *needs_of(struct pool *pool, const struct property *const *properties,
			      const struct trial *const *trials, size_t n)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < n; i++) {
		const struct strs *both[] = { &properties[i]->needs, &trials[i]->needs };

		for (size_t b = 0; b < 2; b++)
			for (size_t k = 0; k < both[b]->n; k++)
				value_push(pool, list, value_str(pool, both[b]->v[k]));
	}
	return list;
}

struct value *properties_row(struct pool *pool, const struct property *const *properties,
			     const struct trial *const *trials, size_t n)
{
	static const char *const sides[] = { "is", "seen" };
	const struct value *box = value_map(pool), *files = value_map(pool);
	const struct value *paths = value_list(pool), *needs;
	struct value *row = value_map(pool);

	for (size_t i = 0; i < n; i++) {
		box = value_merge(pool, box, trials[i]->box);
		files = value_merge(pool, files, or_empty(pool, trials[i]->files));
		if (trials[i]->paths)
			paths = value_merge(pool, paths, trials[i]->paths);
	}
	row->at = trials[0]->at;
	value_put(pool, row, "box", (struct value *)box);
	for (size_t side = 0; side < 2; side++) {
		const struct value *expect = value_map(pool);

		for (size_t i = 0; i < n; i++) {
			const struct trial *t = trials[i];

			expect = value_merge(pool, expect, t->is ? t->is : t->box);
			expect = value_merge(pool, expect, or_empty(pool, side ? t->outside :
								    t->inside));
		}
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n; k++)
				expect = value_lay_over(pool, expect, value_get(
					trials[i]->when, properties[k]->name));
		value_put(pool, row, sides[side], or_success(pool, expect));
	}
	value_put(pool, row, "files", or_success(pool, files));
	value_put(pool, row, "paths", (struct value *)paths);
	needs = needs_of(pool, properties, trials, n);
	if (needs->list.n)
		value_put(pool, row, "needs", (struct value *)needs);
	return row;
}
