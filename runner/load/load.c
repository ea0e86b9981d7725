// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suites and scenarios from value trees.
 */

#include <ctype.h>

#include "load/loader.h"
#include "load/properties.h"
#include "load/refs.h"
#include "load/yaml.h"

/* One text or a list, each a requirement (runner/machine/require.c). */
static void read_needs(struct loader *l, const struct field *f, const struct value *v,
		       void *member)
{
	struct strs *needs = member;

	*needs = load_strs(l, v);
	for (size_t i = 0; i < needs->n; i++) {
		const struct value *at = v->type == VALUE_LIST ? v->list.items[i] : v;
		const char *wrong = *needs->v[i] ? l->checks->need(l->pool, needs->v[i]) : NULL;

		if (wrong)
			load_problem(l, at, "%s", wrong);
	}
}

#define K_NEEDS(s, m, doc) \
	KEY(#m, s, m, struct strs, OPTIONAL, doc, SHAPE_NAMES, read_needs)

static void read_id(struct loader *l, const struct field *f, const struct value *v, void *object)
{
	struct scenario *s = object;

	s->id = load_id(l, v);
	s->at = v->at;
	const struct scenario *first = *s->id ? seen_before(l->pool, &l->ids, s->id, s) : NULL;

	if (first)
		load_problem(l, v, "the id %s stands twice, first at line %d", s->id,
			     first->at.line);
}

static void read_clauses(struct loader *l, const struct field *f, const struct value *v,
			 void *member)
{
	struct strs *clauses = member;

	*clauses = load_strs(l, v);
	if (!clauses->n)
		load_problem(l, v, "names no clause");
	for (size_t i = 0; i < clauses->n; i++) {
		const char *id = clauses->v[i];
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

#define TAG_CVE "cve"

const struct symbol tag_symbols[] = {
	{ "smoke", 0, "one or two of each family, which say whether the kind is there at all, and the "
		     "walkthrough of net" },
	{ "slow", 0, "each of its cells takes a tenth of a second or more" },
	{ TAG_CVE, 0, "proves a clause whose source is a CVE, and has it by that" },
	{ 0 }
};

static const struct symbol as_symbols[] = {
	{ "root", AS_ROOT, NULL },
	{ "user", AS_USER, NULL },
	{ 0 }
};

const struct field matrix_fields[] = {
	K_AXIS("via", struct scenario, via, OPTIONAL, via_symbols, "ways to enter",
	       "How `new:` namespaces are entered, unless an actor says otherwise."),
	K_AXIS("as", struct scenario, as, OPTIONAL, as_symbols, "credentials",
	       "With privilege in the initial user namespace (root), or from an unprivileged one "
	       "(user)."),
	F_END
};

/* They stand beside the row's own columns. */
const struct field row_fields[] = {
	KEY("name", struct row, name, const char *, REQUIRED, "The row's part of the cell's name.",
	    "{\"type\": [\"string\", \"integer\"]}", read_name),
	K_RELEASE("since", struct row, since, OPTIONAL, "Only on kernels from this release."),
	K_RELEASE("until", struct row, until, OPTIONAL, "Only on kernels before this release."),
	K_NEEDS(struct row, needs, "What the machine must have for this row."),
	F_END
};

/* References are replaced once, so a value of a row that refers to its own row would stay
 * unreplaced. */
static void check_column_ref(const struct ref *ref, void *context)
{
	struct loader *l = context;

	if (!ref->wrong && refs_variant(ref->name))
		problem_add(l->problems, ref->at, "a row's value cannot refer to $%s%s%s: "
			    "write it out", ref->name, *ref->field ? "." : "", ref->field);
}

static void load_row(struct loader *l, const struct value *v, struct scenario *s, struct row *row)
{
	struct value *columns;

	row->at = v->at;
	row->values = v;
	if (v->type != VALUE_MAP) {
		load_problem(l, v, "a row must be a map, not %s", value_type_name(v->type));
		row->values = value_map(l->pool);
		return;
	}
	load_fields(l, row_fields, load_split(l, row_fields, v, &columns), row, "a row");
	for (size_t i = 0; i < columns->list.n; i += 2)
		load_id(l, columns->list.items[i]);
	refs_visit(l->pool, v, check_column_ref, l);
	for (const struct row *other = s->rows; row->name && *row->name && other < row; other++)
		if (other->name && !strcmp(other->name, row->name))
			load_problem(l, v, "the row name %s stands twice", row->name);
}

/* A row of a table of one column: its name is the value, in lower case. */
static struct value *row_of(struct loader *l, struct value *column, struct value *v)
{
	struct value *row = value_map(l->pool), *name;

	row->at = v->at;
	name = value_str(l->pool, pool_strdup(l->pool, v->type == VALUE_STR ? v->str.s :
					      value_show(l->pool, v)));
	name->at = v->at;
	for (char *c = (char *)name->str.s; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	value_put(l->pool, row, "name", name);
	if (!value_is(column, "name")) {
		value_push(l->pool, row, column);
		value_push(l->pool, row, v);
	}
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
		struct value *item = values->list.items[i];

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

static void read_rows(struct loader *l, const struct field *f, const struct value *v, void *object)
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

static void read_actors(struct loader *l, const struct field *f, const struct value *v,
			void *object)
{
	load_actors(l, v, object);
}

static void read_links(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	load_links(l, v);
}

static void read_steps(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	load_steps(l, v, object);
}

#define LIST_OF(what) "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/" what "\"}}"

const struct field scenario_fields[] = {
	K_SPECIAL("id", REQUIRED, read_id,
		  "The claim, in lower case with hyphens; unique in the suite and never renamed.",
		  SHAPE_TEXT),
	K_TEXT("about", struct scenario, about, REQUIRED, "One sentence for people."),
	KEY("clauses", struct scenario, clauses, struct strs, REQUIRED,
	    "The clauses of the catalogue that it proves.", SHAPE_NAMES, read_clauses),
	K_SYMBOLS("tags", struct scenario, tags, OPTIONAL, tag_symbols, "a tag",
		  "Words to select it by, as @TAG."),
	K_KEYS("matrix", OPTIONAL, matrix_fields, "a matrix",
	       "Variants: how namespaces are entered, and with which credentials.",
	       "{\"$ref\": \"#/definitions/matrix\"}"),
	K_SPECIAL("rows", OPTIONAL, read_rows,
		  "Cases of a table: one variant each, values as $row.column; "
		  "one column as {COLUMN: [VALUE, ...]}.",
		  "{\"anyOf\": [" LIST_OF("row") ", "
		  "{\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, "
		  "\"additionalProperties\": {\"type\": \"array\", "
		  "\"items\": {\"type\": [\"string\", \"integer\", \"boolean\"]}}}]}"),
	K_ENUM("asks", struct scenario, asks, OPTIONAL, asks_symbols, "a way to ask",
	       "It stands for a scenario for each of the suite's properties that can be asked for in "
	       "this way, with `$property.KEY` replaced and rows of the property's values: "
	       "`$row.box`, `$row.is`, `$row.seen`, `$row.paths`, `$row.files`."),
	K_NEEDS(struct scenario, needs,
		"What the machine must have; what is missing makes a skip."),
	K_RELEASE("since", struct scenario, since, OPTIONAL,
		  "Only on kernels from this release, quoted."),
	K_RELEASE("until", struct scenario, until, OPTIONAL,
		  "Only on kernels before this release, quoted."),
	K_WITHIN("within", struct scenario, within_ns, OPTIONAL,
		 "Deadline of the whole cell instead of 20 s."),
	K_SPECIAL("actors", REQUIRED, read_actors, "Who takes part, by name.",
		  "{\"type\": \"object\", "
		  "\"additionalProperties\": {\"$ref\": \"#/definitions/actor\"}}"),
	K_SPECIAL("links", OPTIONAL, read_links,
		  "Network devices that are made, addressed and up before the first step.",
		  LIST_OF("link")),
	K_SPECIAL("steps", REQUIRED, read_steps, "What they do, in order.", LIST_OF("step")),
	F_END
};

static void read_suite(struct loader *l, const struct field *f, const struct value *v,
		       void *object)
{
	struct suite *suite = object;
	const char *text = value_text(v) ? value_text(v) : "";
	size_t len = strlen(text);

	if (!len || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-/") != len || *text == '/' ||
	    text[len - 1] == '/')
		load_problem(l, v, "expected FAMILY/TOPIC in lower-case letters, digits and hyphens");
	suite->name = text;
	char *prefix = pool_strdup(l->pool, text);

	for (char *c = prefix; *c; c++)
		if (*c == '/')
			*c = '.';
	suite->prefix = prefix;
}

static void read_properties(struct loader *l, const struct field *f, const struct value *v,
			    void *object)
{
	load_properties(l, v, object);
}

/* What proves a clause whose source is a CVE has the tag cve, whoever wrote it. */
static void tag_cve(struct loader *l, struct scenario *s)
{
	const char **v = pool_array(l->pool, const char *, s->tags.n + 1);

	for (size_t i = 0; i < s->tags.n; i++)
		if (!strcmp(s->tags.v[i], TAG_CVE))
			return;
	for (size_t i = 0; i < s->clauses.n; i++) {
		const struct clause *c = clause_find(l->catalogue, s->clauses.v[i]);

		if (!c || !strstr(c->source, "CVE-"))
			continue;
		for (size_t k = 0; k < s->tags.n; k++)
			v[k] = s->tags.v[k];
		v[s->tags.n++] = TAG_CVE;
		s->tags.v = v;
		return;
	}
}

static void read_scenarios(struct loader *l, const struct field *f, const struct value *v,
			   void *object)
{
	struct suite *suite = object;

	v = properties_expand(l, v, suite);
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
		load_fields(l, scenario_fields, v->list.items[i], s, "a scenario");
		tag_cve(l, s);
		if (s->id && s->n_actors && s->n_steps)
			l->checks->scenario(l, s);
		suite->n++;
	}
	seen_free(&l->ids);
}

const struct field suite_fields[] = {
	K_SPECIAL("suite", REQUIRED, read_suite,
		  "FAMILY/TOPIC, as the file's path below suites/.", SHAPE_TEXT),
	K_TEXT("about", struct suite, about, REQUIRED, "One sentence for people."),
	K_SPECIAL("properties", OPTIONAL, read_properties,
		  "What a box can be asked for, with values to try, for scenarios with `asks`.",
		  LIST_OF("property")),
	K_SPECIAL("scenarios", REQUIRED, read_scenarios, "The stories.", LIST_OF("scenario")),
	F_END
};

static struct suite *bind(struct loader *l, const char *path, const char *text,
			  const struct value *tree)
{
	struct suite *suite = pool_new(l->pool, struct suite);

	suite->file = path;
	suite->source = text;
	/* A file of another kind is one problem, and not one for each of its keys. */
	if (tree->type == VALUE_MAP && !value_get(tree, "suite") && !value_get(tree, "scenarios"))
		load_problem(l, tree, "is no suite: it has neither suite nor scenarios");
	else
		load_fields(l, suite_fields, tree, suite, "a suite");
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
