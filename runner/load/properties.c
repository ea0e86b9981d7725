// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the table of properties to the scenarios that ask for them.
 */
#include <string.h>

#include "load/loader.h"
#include "load/pairs.h"
#include "load/properties.h"
#include "load/property_row.h"
#include "load/refs.h"

const struct symbol asks_symbols[] = {
	{ "alone", ASKS_ALONE, "each value by itself" },
	{ "under", ASKS_UNDER, "each value, by a launcher that has another one" },
	{ "several", ASKS_SEVERAL, "of a list, the elements of all values at once" },
	{ "exec", ASKS_EXEC, "each value, as a further process of the box has it" },
	{ "without", ASKS_WITHOUT, "each value, without the namespace that it belongs to" },
	{ "pairs", ASKS_PAIRS, "each value beside each value of the others" },
	{ 0 }
};

static read_key read_trials, read_list;

const struct field trial_fields[] = {
	K_NAME("name", struct trial, name, REQUIRED, "The row's part of the cell's name."),
	K_MAP("box", struct trial, box, REQUIRED,
	      "What the box is asked for, as in an actor's `box`."),
	K_MAP("is", struct trial, is, OPTIONAL,
	      "What box.read and box.seen show of it; by default the same as `box`."),
	K_MAP("inside", struct trial, inside, OPTIONAL, "What box.read alone shows of it."),
	K_MAP("outside", struct trial, outside, OPTIONAL, "What box.seen alone shows of it."),
	K_MAP("files", struct trial, files, OPTIONAL, "What file.look finds at `paths`."),
	KEY("paths", struct trial, paths, const struct value *, OPTIONAL,
	    "Files of the box that show it.", SHAPE_ARRAY, read_list),
	K_MAP("when", struct trial, when, OPTIONAL,
	      "Other properties, and what `is` differs in beside each: ~ where nothing is said."),
	K_STRS("needs", struct trial, needs, OPTIONAL,
	       "What the machine or the runtime must have."),
	F_END
};

const struct field property_fields[] = {
	K_NAME("name", struct property, name, REQUIRED, "Its part of the scenarios' ids."),
	K_TEXT("title", struct property, title, REQUIRED, "What it is, for people."),
	K_TEXT("clause", struct property, clause, REQUIRED, "The clause that says so."),
	K_TEXT("exec", struct property, exec, OPTIONAL,
	       "The clause by which a further process of the box has it, too."),
	KEY("as", struct property, as, const struct value *, OPTIONAL,
	    "With which credentials, as in a matrix; root where nothing is said.",
	    SHAPE_ARRAY, read_list),
	K_KINDS("ns", struct property, ns, OPTIONAL, "The namespaces that it belongs to."),
	K_TEXT("absent", struct property, absent, OPTIONAL,
	       "The clause that says what comes of it without those namespaces."),
	K_MAP("without", struct property, without, OPTIONAL,
	      "What comes of a start without those namespaces, as box.launch tells."),
	K_STRS("launcher", struct property, launcher, OPTIONAL,
	       "Circumstances (`launcher`) in which the launcher has another value of it."),
	K_STRS("except", struct property, except, OPTIONAL,
	       "Properties that are not asked for beside it."),
	K_STRS("needs", struct property, needs, OPTIONAL,
	       "What the machine or the runtime must have."),
	K_SPECIAL("values", REQUIRED, read_trials, "Values to try.",
		  "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/trial\"}}"),
	F_END
};

static void read_list(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	(void)f;
	if (v->type != VALUE_LIST)
		load_problem(l, v, "expected a list, not %s", value_type_name(v->type));
	else
		*(const struct value **)member = v;
}

static void read_trials(struct loader *l, const struct field *f, const struct value *v,
			void *object)
{
	struct property *p = object;

	(void)f;
	if (v->type != VALUE_LIST || !v->list.n) {
		load_problem(l, v, "expected a list of values");
		return;
	}
	p->n = v->list.n;
	p->trials = pool_array(l->pool, struct trial, p->n);
	for (size_t i = 0; i < p->n; i++) {
		p->trials[i].at = v->list.items[i]->at;
		load_fields(l, trial_fields, v->list.items[i], &p->trials[i], "a value");
	}
}

void load_properties(struct loader *l, const struct value *v, struct suite *suite)
{
	if (v->type != VALUE_LIST || !v->list.n) {
		load_problem(l, v, "expected a list of properties");
		return;
	}
	suite->n_properties = v->list.n;
	suite->properties = pool_array(l->pool, struct property, v->list.n);
	for (size_t i = 0; i < v->list.n; i++) {
		struct property *p = &suite->properties[i];

		p->map = v->list.items[i];
		load_fields(l, property_fields, v->list.items[i], p, "a property");
	}
}

/* Rows. */

static void put_strs(struct pool *pool, struct value *map, const char *key,
		     const struct strs *strs)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < strs->n; i++)
		value_push(pool, list, value_str(pool, strs->v[i]));
	if (strs->n)
		value_put(pool, map, key, list);
}

static struct value *named(struct pool *pool, const char *name, struct value *row)
{
	value_put(pool, row, "name", value_str(pool, name));
	return row;
}

static struct value *row_of(struct pool *pool, const struct property *p, const struct trial *t)
{
	return named(pool, t->name, properties_row(pool, &p, &t, 1));
}

static void each_alone(struct pool *pool, const struct property *p, struct value *rows)
{
	for (size_t i = 0; i < p->n; i++)
		value_push(pool, rows, row_of(pool, p, &p->trials[i]));
}

static struct value *circumstances(struct pool *pool, const struct property *p)
{
	struct value *box = value_map(pool);

	put_strs(pool, box, "launcher", &p->launcher);
	return box;
}

static void each_under(struct pool *pool, const struct property *p, struct value *rows)
{
	for (size_t i = 0; i < p->n && p->launcher.n; i++) {
		struct trial t = p->trials[i];

		t.is = t.is ? t.is : t.box;
		t.box = value_merge(pool, t.box, circumstances(pool, p));
		value_push(pool, rows, row_of(pool, p, &t));
	}
}

/* Whether the box is asked for a list. */
static bool is_list(const struct trial *t)
{
	bool list = t->box->list.n;

	for (size_t i = 1; i < t->box->list.n; i += 2)
		list &= t->box->list.items[i]->type == VALUE_LIST &&
			t->box->list.items[i]->list.n > 0;
	return list;
}

static void all_at_once(struct pool *pool, const struct property *p, struct value *rows)
{
	const struct property **same = pool_array(pool, const struct property *, p->n);
	const struct trial **trials = pool_array(pool, const struct trial *, p->n);
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (!is_list(&p->trials[i]))
			continue;
		same[n] = p;
		trials[n++] = &p->trials[i];
	}
	if (n > 1)
		value_push(pool, rows, named(pool, "all", properties_row(pool, same, trials, n)));
}

/* The launcher that adds the process has the other value, too. */
static void each_executed(struct pool *pool, const struct property *p, struct value *rows)
{
	for (size_t i = 0; i < p->n && p->exec; i++) {
		struct value *row = row_of(pool, p, &p->trials[i]);

		value_put(pool, row, "further", circumstances(pool, p));
		value_push(pool, rows, row);
	}
}

static void each_without(struct pool *pool, const struct property *p, struct value *rows)
{
	static const int usual[] = { NS_MNT, NS_PID, NS_NET, NS_IPC, NS_UTS };

	for (size_t i = 0; i < p->n && p->without; i++) {
		struct value *row = row_of(pool, p, &p->trials[i]), *kinds = value_list(pool);

		for (size_t k = 0; k < sizeof(usual) / sizeof(*usual); k++)
			if (!(p->ns & NS_BIT(usual[k])))
				value_push(pool, kinds,
					   value_str(pool, ns_kinds[usual[k]].name));
		value_put(pool, row, "new", kinds);
		value_put(pool, row, "outcome", (struct value *)p->without);
		value_push(pool, rows, row);
	}
}

static void (*const ways[])(struct pool *pool, const struct property *p, struct value *rows) = {
	[ASKS_ALONE] = each_alone, [ASKS_UNDER] = each_under, [ASKS_SEVERAL] = all_at_once,
	[ASKS_EXEC] = each_executed, [ASKS_WITHOUT] = each_without,
};

/* Scenarios. */

static const struct value *lookup(struct pool *pool, const struct ref *ref, void *context)
{
	const struct property *p = context;
	const struct value *v = value_get(p->map, ref->field);
	struct value *root = value_list(pool);

	if (strcmp(ref->name, "property"))
		return NULL;
	if (v || strcmp(ref->field, "as"))
		return v;
	value_push(pool, root, value_str(pool, "root"));
	return root;
}

/* The template with ROWS, as P has it. */
static struct value *instance(struct loader *l, const struct value *template,
			      const struct property *p, struct value *rows)
{
	struct value *made = value_map(l->pool);

	made->at = template->at;
	for (size_t i = 0; i < template->list.n; i += 2) {
		value_push(l->pool, made, template->list.items[i]);
		value_push(l->pool, made, (struct value *)(p ? refs_replace(
			l->pool, template->list.items[i + 1], lookup, (void *)p) :
			template->list.items[i + 1]));
	}
	rows->at = template->at;
	value_put(l->pool, made, "rows", rows);
	return made;
}

static void expand(struct loader *l, const struct value *template, const struct value *asks,
		   const struct suite *suite, struct value *list)
{
	int64_t how = load_symbol(l, asks, asks_symbols, "a way to ask");

	if (how < ASKS_ALONE)
		return;
	if (!suite->n_properties) {
		load_problem(l, asks, "the suite has no properties that could be asked for");
		return;
	}
	if (value_get(template, "rows")) {
		load_problem(l, template, "a scenario that asks has the table's rows, and none of "
			     "its own");
		return;
	}
	if (how == ASKS_PAIRS) {
		struct value *rows = pairs_rows(l->pool, suite, &(struct pairs_request){ 0 });

		value_push(l->pool, list, instance(l, template, NULL, rows));
		return;
	}
	for (size_t i = 0; i < suite->n_properties; i++) {
		struct value *rows = value_list(l->pool);

		ways[how](l->pool, &suite->properties[i], rows);
		if (rows->list.n)
			value_push(l->pool, list,
				   instance(l, template, &suite->properties[i], rows));
	}
}

const struct value *properties_expand(struct loader *l, const struct value *scenarios,
				      const struct suite *suite)
{
	struct value *list = value_list(l->pool);

	if (scenarios->type != VALUE_LIST)
		return scenarios;
	list->at = scenarios->at;
	for (size_t i = 0; i < scenarios->list.n; i++) {
		struct value *s = scenarios->list.items[i];
		const struct value *asks = value_get(s, "asks");

		if (asks)
			expand(l, s, asks, suite, list);
		else
			value_push(l->pool, list, s);
	}
	return list;
}
