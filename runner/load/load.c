// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suites and scenarios from value trees.
 */

#include <ctype.h>

#include "load/loader.h"
#include "load/refs.h"
#include "load/yaml.h"

/* Whether NEED is a known requirement (runner/plan/require.c). */
static void load_needs(struct loader *l, const struct value *v, struct strs *needs)
{
	*needs = load_strs(l, v);
	for (size_t i = 0; i < needs->n; i++) {
		const struct value *at = v->type == VALUE_LIST ? v->list.items[i] : v;
		const char *wrong = *needs->v[i] ? l->checks->need(l->pool, needs->v[i]) : NULL;

		if (wrong)
			load_problem(l, at, "%s", wrong);
	}
}

/* Scenario words. */

static void take_id(struct loader *l, const struct value *v, void *object)
{
	struct scenario *s = object;

	s->id = load_id(l, v);
	s->at = v->at;
	for (const struct scenario *other = l->suite->scenarios; other < s; other++)
		if (other->id && *s->id && !strcmp(other->id, s->id))
			load_problem(l, v, "the id %s stands twice, first at line %d", s->id,
				     other->at.line);
}

static void take_about(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->about = load_text(l, v);
}

static void take_clauses(struct loader *l, const struct value *v, void *object)
{
	struct scenario *s = object;

	s->clauses = load_strs(l, v);
	if (!s->clauses.n)
		load_problem(l, v, "names no clause");
	for (size_t i = 0; i < s->clauses.n; i++) {
		const char *id = s->clauses.v[i];
		const struct value *at = v->type == VALUE_LIST ? v->list.items[i] : v;
		struct nearest n = { .word = id };
		const char *dot = strchr(id, '.');

		if (!*id || clause_find(l->catalogue, id))
			continue;
		struct family *f = dot ? catalogue_family(l->catalogue,
							  pool_strndup(l->pool, id,
								       (size_t)(dot - id))) : NULL;

		for (size_t k = 0; f && k < f->n; k++)
			nearest_offer(&n, f->v[k].id);
		load_problem(l, at, "no clause %s in the catalogue%s", id,
			     nearest_hint(l->pool, &n));
	}
}

static void take_tags(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->tags = load_strs(l, v);
}

static struct ints load_axis(struct loader *l, const struct value *v, const struct symbol *symbols,
			     const char *what)
{
	struct ints axis =
		{ .v = pool_array(l->pool, int64_t, v->type == VALUE_LIST ? v->list.n + 1 : 1) };

	if (v->type != VALUE_LIST || !v->list.n) {
		load_problem(l, v, "expected a list of %s", what);
		return axis;
	}
	for (size_t i = 0; i < v->list.n; i++) {
		axis.v[axis.n++] = load_symbol(l, v->list.items[i], symbols, what);
		for (size_t k = 0; k + 1 < axis.n; k++)
			if (axis.v[k] == axis.v[axis.n - 1])
				load_problem(l, v->list.items[i], "stands twice");
	}
	return axis;
}

static void take_matrix_via(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->via = load_axis(l, v, via_symbols, "ways to enter");
}

static const struct symbol as_symbols[] = {
	{ "root", AS_ROOT, NULL },
	{ "user", AS_USER, NULL },
	{ 0 }
};

static void take_matrix_as(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->as = load_axis(l, v, as_symbols, "credentials");
}

const struct word matrix_words[] = {
	{ "via", "How `new:` namespaces are entered, unless an actor says otherwise.",
	  "{\"type\": \"array\", \"items\": {\"enum\": [\"clone3\", \"unshare\", \"setns\"]}}",
	  false, take_matrix_via },
	{ "as", "With privilege in the initial user namespace (root), or from an unprivileged one (user).",
	  "{\"type\": \"array\", \"items\": {\"enum\": [\"root\", \"user\"]}}", false,
	  take_matrix_as },
	{ 0 }
};

static void take_matrix(struct loader *l, const struct value *v, void *object)
{
	load_words(l, matrix_words, v, object, "a matrix");
}

/* Row words stand beside the row's own columns. */

static void take_row_name(struct loader *l, const struct value *v, void *object)
{
	((struct row *)object)->name = load_id(l, v);
}

static void take_row_since(struct loader *l, const struct value *v, void *object)
{
	((struct row *)object)->since = load_release(l, v);
}

static void take_row_until(struct loader *l, const struct value *v, void *object)
{
	((struct row *)object)->until = load_release(l, v);
}

static void take_row_needs(struct loader *l, const struct value *v, void *object)
{
	load_needs(l, v, &((struct row *)object)->needs);
}

const struct word row_words[] = {
	{ "name", "The row's part of the cell's name.", "{\"type\": [\"string\", \"integer\"]}",
	  true, take_row_name },
	{ "since", "Only on kernels from this release.", "{\"type\": \"string\"}", false,
	  take_row_since },
	{ "until", "Only on kernels before this release.", "{\"type\": \"string\"}", false,
	  take_row_until },
	{ "needs", "What the machine must have for this row.",
	  "{\"type\": [\"array\", \"string\"]}", false, take_row_needs },
	{ 0 }
};

/* References are replaced once: what a column's value names of its own row would stay as it is. */
static void check_column_ref(const struct ref *ref, void *context)
{
	static const char *const variant[] = { "row", "via", "as" };
	struct loader *l = context;

	for (size_t i = 0; !ref->wrong && i < sizeof(variant) / sizeof(*variant); i++)
		if (!strcmp(ref->name, variant[i]))
			problem_add(l->problems, ref->at, "a row's value cannot refer to $%s%s%s: "
				    "write it out", ref->name, *ref->field ? "." : "", ref->field);
}

static void load_row(struct loader *l, const struct value *v, struct scenario *s, struct row *row)
{
	row->at = v->at;
	row->values = v;
	if (v->type != VALUE_MAP) {
		load_problem(l, v, "a row must be a map, not %s", value_type_name(v->type));
		row->values = value_map(l->pool);
		return;
	}
	for (const struct word *w = row_words; w->name; w++) {
		const struct value *found = value_get(v, w->name);

		if (found)
			w->take(l, found, row);
		else if (w->required)
			load_problem(l, v, "a row lacks %s", w->name);
	}
	refs_visit(l->pool, v, check_column_ref, l);
	for (const struct row *other = s->rows; other < row; other++)
		if (other->name && row->name && !strcmp(other->name, row->name))
			load_problem(l, v, "the row name %s stands twice", row->name);
}

/* A row of a table of one column: its name is the value, in lower case. */
static struct value *row_of(struct loader *l, const struct value *column, const struct value *v)
{
	struct value *row = value_map(l->pool), *name;

	row->at = v->at;
	name = value_str(l->pool, pool_strdup(l->pool, v->type == VALUE_STR ? v->str.s :
					      value_show(l->pool, v)));
	name->at = v->at;
	for (char *c = (char *)name->str.s; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	value_put(l->pool, row, "name", name);
	if (!value_is(column, "name"))
		value_put(l->pool, row, column->str.s, (struct value *)v);
	return row;
}

static bool is_scalar(const struct value *v)
{
	return v->type != VALUE_LIST && v->type != VALUE_MAP && v->type != VALUE_NIL;
}

/* {COLUMN: [VALUE, ...]} as the list of rows that it stands for; NULL, reported, if it is none. */
static const struct value *rows_of(struct loader *l, const struct value *v)
{
	const struct value *values = v->type == VALUE_MAP && v->list.n == 2 ?
		v->list.items[1] : NULL;
	struct value *rows = value_list(l->pool);

	if (v->type != VALUE_MAP)
		return v;
	rows->at = v->at;
	if (!values || values->type != VALUE_LIST) {
		load_problem(l, v, "a table that is a map has one column, {COLUMN: [VALUE, ...]}: "
			     "write more as a list of rows");
		return NULL;
	}
	for (size_t i = 0; i < values->list.n; i++) {
		const struct value *item = values->list.items[i];

		if (!is_scalar(item)) {
			load_problem(l, item, "the value of a single column names its row: "
				     "expected text or a number, not %s",
				     value_type_name(item->type));
			return NULL;
		}
		value_push(l->pool, rows, row_of(l, v->list.items[0], item));
	}
	return rows;
}

static void take_rows(struct loader *l, const struct value *v, void *object)
{
	struct scenario *s = object;

	v = rows_of(l, v);
	if (!v)
		return;
	if (v->type != VALUE_LIST || !v->list.n || v->list.n > ROWS_MAX) {
		load_problem(l, v, "expected a list of 1 to %d rows", ROWS_MAX);
		return;
	}
	s->n_rows = v->list.n;
	s->rows = pool_array(l->pool, struct row, s->n_rows);
	for (size_t i = 0; i < s->n_rows; i++)
		load_row(l, v->list.items[i], s, &s->rows[i]);
}

static void take_needs(struct loader *l, const struct value *v, void *object)
{
	load_needs(l, v, &((struct scenario *)object)->needs);
}

static void take_since(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->since = load_release(l, v);
}

static void take_until(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->until = load_release(l, v);
}

static void take_within(struct loader *l, const struct value *v, void *object)
{
	((struct scenario *)object)->within_ns = load_time(l, v);
}

static void take_actors(struct loader *l, const struct value *v, void *object)
{
	load_actors(l, v, object);
}

static void take_links(struct loader *l, const struct value *v, void *object)
{
	load_links(l, v);
}

static void take_steps(struct loader *l, const struct value *v, void *object)
{
	load_steps(l, v, object);
}

#define TEXT "{\"type\": \"string\"}"
#define NAMES "{\"type\": [\"array\", \"string\"], \"items\": {\"type\": \"string\"}}"

const struct word scenario_words[] = {
	{ "id", "The claim, in lower case with hyphens; unique in the suite and never renamed.", TEXT, true, take_id },
	{ "about", "One sentence for people.", TEXT, true, take_about },
	{ "clauses", "The clauses of the catalogue that it proves.", NAMES, true, take_clauses },
	{ "tags", "Words to select it by, as @TAG.", NAMES, false, take_tags },
	{ "matrix", "Variants: how namespaces are entered, and with which credentials.",
	  "{\"$ref\": \"#/definitions/matrix\"}", false, take_matrix },
	{ "rows", "Cases of a table: one variant each, values as $row.column; one column as {COLUMN: [VALUE, ...]}.",
	  "{\"anyOf\": [{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/row\"}}, "
	  "{\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, "
	  "\"additionalProperties\": {\"type\": \"array\", "
	  "\"items\": {\"type\": [\"string\", \"integer\", \"boolean\"]}}}]}", false, take_rows },
	{ "needs", "What the machine must have; what is missing makes a skip.", NAMES, false,
	  take_needs },
	{ "since", "Only on kernels from this release, quoted.", TEXT, false, take_since },
	{ "until", "Only on kernels before this release, quoted.", TEXT, false, take_until },
	{ "within", "Deadline of the whole cell instead of 20 s.", TEXT, false, take_within },
	{ "actors", "Who takes part, by name.",
	  "{\"type\": \"object\", \"additionalProperties\": {\"$ref\": \"#/definitions/actor\"}}", true, take_actors },
	{ "links", "Network devices that are made, addressed and up before the first step.",
	  "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/link\"}}", false,
	  take_links },
	{ "steps", "What they do, in order.",
	  "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/step\"}}", true,
	  take_steps },
	{ 0 }
};

static void take_suite(struct loader *l, const struct value *v, void *object)
{
	struct suite *suite = object;
	const char *text = value_text(v) ? value_text(v) : "";
	size_t len = strlen(text);

	if (!len || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-/") != len || *text == '/' ||
	    text[len - 1] == '/') {
		load_problem(l, v, "expected FAMILY/TOPIC in lower-case letters, digits and hyphens");
		return;
	}
	suite->name = text;
	char *prefix = pool_strdup(l->pool, text);

	for (char *c = prefix; *c; c++)
		if (*c == '/')
			*c = '.';
	suite->prefix = prefix;
}

static void take_suite_about(struct loader *l, const struct value *v, void *object)
{
	((struct suite *)object)->about = load_text(l, v);
}

static void take_scenarios(struct loader *l, const struct value *v, void *object)
{
	struct suite *suite = object;

	if (v->type != VALUE_LIST || !v->list.n || v->list.n > SCENARIOS_MAX) {
		load_problem(l, v, "expected a list of 1 to %d scenarios", SCENARIOS_MAX);
		return;
	}
	suite->scenarios = pool_array(l->pool, struct scenario, v->list.n);
	for (size_t i = 0; i < v->list.n; i++) {
		struct scenario *s = &suite->scenarios[i];

		l->scenario = s;
		l->problems_before = l->problems->n;
		s->suite = suite;
		s->at = v->list.items[i]->at;
		load_words(l, scenario_words, v->list.items[i], s, "a scenario");
		if (s->id && s->n_actors && s->n_steps)
			l->checks->scenario(l, s);
		suite->n++;
	}
}

const struct word suite_words[] = {
	{ "suite", "FAMILY/TOPIC, as the file's path below suites/.", TEXT, true, take_suite },
	{ "about", "One sentence for people.", TEXT, true, take_suite_about },
	{ "scenarios", "The stories.",
	  "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/scenario\"}}", true, take_scenarios },
	{ 0 }
};

static struct suite *bind(struct loader *l, const char *path, const char *text,
			  const struct value *tree)
{
	struct suite *suite = pool_new(l->pool, struct suite);

	l->suite = suite;
	suite->file = path;
	suite->source = text;
	suite->prefix = "";
	/* Each key of a known issue that is given for a suite would be a problem of its own. */
	if (tree->type == VALUE_MAP && !value_get(tree, "suite") && !value_get(tree, "scenarios"))
		load_problem(l, tree, "is no suite: it has neither suite nor scenarios");
	else
		load_words(l, suite_words, tree, suite, "a suite");
	return suite;
}

struct suite *suite_read_text(struct pool *pool, const char *path, const char *text, size_t len,
			      const struct suite_checks *checks, struct catalogue *catalogue,
			      struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems, .catalogue = catalogue,
			    .checks = checks };
	size_t before = problems->n;
	const struct value *tree = yaml_parse(pool, path, text, len, problems);
	struct suite *suite = tree ? bind(&l, path, text, tree) : NULL;

	return problems->n == before ? suite : NULL;
}

struct suite *suite_read(struct pool *pool, const char *path, const struct suite_checks *checks,
			 struct catalogue *catalogue, struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems, .catalogue = catalogue,
			    .checks = checks };
	const char *text = NULL;
	size_t before = problems->n;
	const struct value *tree = yaml_load(pool, path, problems, &text);
	struct suite *suite = tree ? bind(&l, path, text, tree) : NULL;

	return problems->n == before ? suite : NULL;
}
