// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to value tree: the only file that knows libyaml.
 */
#include <errno.h>
#include <string.h>
#include <yaml.h>

#include "nsc/sys.h"
#include "load/yaml.h"

struct reading {
	yaml_parser_t parser;
	yaml_event_t event;
	struct pool *pool;
	struct problems *problems;
	const char *label;
	size_t nodes;
	/* Items of lists and maps that have not ended: how many one has is known at its end. */
	struct value **open;
	size_t n_open, room_open;
	struct pool scratch; /* of that list */
};

static void put(struct reading *r, struct value *item)
{
	r->open = pool_grow(&r->scratch, r->open, r->n_open, &r->room_open, sizeof(item));
	r->open[r->n_open++] = item;
}

/* The list or map of the items that were put since there were FROM. */
static struct value *collect(struct reading *r, enum value_type type, size_t from)
{
	size_t n = r->n_open - from;

	r->n_open = from;
	return value_of_items(r->pool, type, r->open + from, n);
}

static struct mark mark_of(const struct reading *r, const yaml_mark_t *m)
{
	return (struct mark){ r->label, (int)m->line + 1, (int)m->column + 1 };
}

static bool next(struct reading *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event))
		return true;
	problem_add(r->problems, mark_of(r, &r->parser.problem_mark), "not YAML: %s%s%s",
		    r->parser.problem ? r->parser.problem : "cannot be read",
		    r->parser.context ? " " : "", r->parser.context ? r->parser.context : "");
	return false;
}

/* Decimal, 0x, 0o, and 0755 as octal like every tool that takes file modes. */
static bool parse_int(const char *s, int64_t *i)
{
	const char *digits = s + (*s == '-' || *s == '+');
	bool octal_o = !strncmp(digits, "0o", 2);
	int base = 10;
	char *end;

	if (octal_o)
		digits += 2;
	if (*digits < '0' || *digits > '9')
		return false;
	if (octal_o || (digits[0] == '0' && digits[1]))
		base = !octal_o && digits[1] == 'x' ? 16 : 8;
	errno = 0;
	*i = strtoll(octal_o ? digits : s, &end, base);
	if (octal_o && *s == '-')
		*i = -*i;
	return !errno && !*end;
}

static struct value *scalar(struct reading *r)
{
	const char *s = (const char *)r->event.data.scalar.value;
	size_t len = r->event.data.scalar.length;
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct value *v;
	int64_t i;

	if (plain && (!len || !strcmp(s, "~") || !strcmp(s, "null")))
		v = value_nil(r->pool);
	else if (plain && (!strcmp(s, "true") || !strcmp(s, "false")))
		v = value_bool(r->pool, *s == 't');
	else if (plain && parse_int(s, &i))
		v = value_int(r->pool, i);
	else
		v = value_strn(r->pool, s, len);
	v->quoted = !plain;
	return v;
}

static struct value *node(struct reading *r, int depth);

static struct value *sequence(struct reading *r, int depth)
{
	size_t from = r->n_open;

	while (next(r)) {
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return collect(r, VALUE_LIST, from);
		struct value *item = node(r, depth + 1);

		if (!item)
			return NULL;
		put(r, item);
	}
	return NULL;
}

/* Whether that key stands among the N keys and values in MAP. */
static bool stands_in(struct value *const *map, size_t n, const struct value *key)
{
	for (size_t i = 0; i < n; i += 2)
		if (value_equal(map[i], key))
			return true;
	return false;
}

/* The next key of the map that began when FROM items were open. */
static struct value *key(struct reading *r, size_t from)
{
	struct mark at = mark_of(r, &r->event.start_mark);

	if (r->event.type != YAML_SCALAR_EVENT) {
		problem_add(r->problems, at, "a key must be a plain word");
		return NULL;
	}
	struct value *k = value_str(r->pool, (const char *)r->event.data.scalar.value);
	size_t n = r->n_open - from;

	k->at = at;
	if (n / 2 == YAML_KEYS_MAX) {
		problem_add(r->problems, at, "more than %d keys in one map", YAML_KEYS_MAX);
		return NULL;
	}
	if (stands_in(r->open + from, n, k))
		problem_add(r->problems, at, "the key %s stands twice", k->str.s);
	return k;
}

static struct value *mapping(struct reading *r, int depth)
{
	size_t from = r->n_open;

	while (next(r)) {
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return collect(r, VALUE_MAP, from);
		struct value *k = key(r, from);

		if (!k || !next(r))
			return NULL;
		put(r, k);
		struct value *v = node(r, depth + 1);

		if (!v)
			return NULL;
		put(r, v);
	}
	return NULL;
}

static bool is_decorated(const yaml_event_t *e)
{
	return (e->type == YAML_SCALAR_EVENT && (e->data.scalar.anchor || e->data.scalar.tag)) ||
	       (e->type == YAML_SEQUENCE_START_EVENT &&
		(e->data.sequence_start.anchor || e->data.sequence_start.tag)) ||
	       (e->type == YAML_MAPPING_START_EVENT &&
		(e->data.mapping_start.anchor || e->data.mapping_start.tag));
}

static struct value *node(struct reading *r, int depth)
{
	struct mark at = mark_of(r, &r->event.start_mark);
	struct value *v = NULL;
	const char *wrong = r->event.type == YAML_ALIAS_EVENT  ? "aliases are not allowed" :
			    is_decorated(&r->event)	       ?
				    "anchors and tags are not allowed" :
			    depth > YAML_DEPTH_MAX	       ? "nested too deeply" :
			    ++r->nodes > YAML_NODES_MAX	       ? "too many values in one file" :
								 NULL;

	if (wrong)
		problem_add(r->problems, at, "%s", wrong);
	else if (r->event.type == YAML_SCALAR_EVENT)
		v = scalar(r);
	else if (r->event.type == YAML_SEQUENCE_START_EVENT)
		v = sequence(r, depth);
	else
		v = mapping(r, depth);
	if (v)
		v->at = at;
	return v;
}

static struct value *document(struct reading *r)
{
	if (!next(r) || !next(r)) /* stream start, document start */
		return NULL;
	if (r->event.type == YAML_STREAM_END_EVENT) {
		problem_add(r->problems, (struct mark){ r->label, 1, 1 }, "the file is empty");
		return NULL;
	}
	struct value *v = next(r) ? node(r, 0) : NULL;

	if (!v || !next(r) || !next(r)) /* document end, stream end */
		return NULL;
	if (r->event.type != YAML_STREAM_END_EVENT)
		problem_add(r->problems, mark_of(r, &r->event.start_mark),
			    "only one document a file is allowed");
	return v;
}

struct value *yaml_parse(struct pool *pool, const char *label, const char *text, size_t len,
			 struct problems *problems)
{
	struct reading r = { .pool = pool, .problems = problems, .label = label };

	if (!yaml_parser_initialize(&r.parser))
		abort();
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	struct value *v = document(&r);

	pool_free(&r.scratch);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return v;
}

struct value *yaml_load(struct pool *pool, const char *path, struct problems *problems,
			const char **source)
{
	char *text;
	size_t len;
	int rc = sys_read_file(pool, path, YAML_BYTES_MAX + 1, &text, &len);

	if (rc < 0) {
		problem_add(problems, (struct mark){ .file = path }, "cannot be read: %s",
			    strerror(-rc));
		return NULL;
	}
	if (len > YAML_BYTES_MAX) {
		problem_add(problems, (struct mark){ .file = path }, "is larger than %d bytes",
			    YAML_BYTES_MAX);
		return NULL;
	}
	if (source)
		*source = text;
	return yaml_parse(pool, path, text, len, problems);
}
