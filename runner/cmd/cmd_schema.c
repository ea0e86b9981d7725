// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform schema: draft-07 JSON Schemas of suites, for editors, and of results, for who reads
 * them; out of the same tables that the loader reads and the runner writes. What only the loader
 * can know (references, controls) is left to it.
 */
#include <stdio.h>
#include <string.h>

#include "nsc/box.h"
#include "cmd/command.h"
#include "nsc/json.h"
#include "nsc/place.h"
#include "nsc/registry.h"
#include "cmd/reference.h"
#include "load/problems.h"
#include "load/properties.h"
#include "load/runtime.h"
#include "load/suite.h"
#include "report/known.h"
#include "vm/kernels.h"
#include "report/record.h"

static const char *symbol_names(struct pool *pool, const struct symbol *symbols)
{
	const char *names = "";

	for (const struct symbol *s = symbols; s && s->name; s++)
		names = pool_printf(pool, "%s%s%s", names, *names ? ", " : "",
				    json_string(pool, s->name));
	return names;
}

static void property(struct pool *pool, bool first, const char *name, const char *shape,
		     const char *doc)
{
	size_t len = strlen(shape);

	/* The shape is an object; the description goes into it. */
	printf("%s\n        %s: %.*s%s\"description\": %s}", first ? "" : ",",
	       json_string(pool, name),
	       (int)len - 1, shape, len > 2 ? ", " : "", json_string(pool, doc));
}

/* Of a key, which is no reference: its own, with the names of its symbols, or its type's. */
static const char *key_shape(struct pool *pool, const struct field *f)
{
	const char *shape = f->shape ? f->shape : field_kinds[f->type].schema;
	const char *at = strstr(shape, "%s");

	if (at)
		shape = pool_printf(pool, "%.*s%s%s", (int)(at - shape), shape,
				    symbol_names(pool, f->symbols), at + 2);
	/* A keyword of our own, which validators pass over. */
	return f->varies ? pool_printf(pool, "%.*s, \"x-varies\": true}", (int)strlen(shape) - 1,
				       shape) : shape;
}

static void keys_properties(struct pool *pool, const struct field *keys)
{
	for (const struct field *f = keys; f->type != FIELD_END; f++)
		property(pool, f == keys, f->name, key_shape(pool, f), f->doc);
}

static void required(struct pool *pool, const struct field *keys)
{
	bool first = true;

	for (const struct field *f = keys; f->type != FIELD_END; f++) {
		if (f->need != REQUIRED)
			continue;
		printf("%s%s", first ? ",\n      \"required\": [" : ", ",
		       json_string(pool, f->name));
		first = false;
	}
	if (!first)
		putchar(']');
}

static void keys_schema(struct pool *pool, const char *name, const struct field *keys, bool closed)
{
	printf("    %s: {\n      \"type\": \"object\",\n      \"properties\": {",
	       json_string(pool, name));
	keys_properties(pool, keys);
	printf("\n      }");
	required(pool, keys);
	printf(",\n      \"additionalProperties\": %s\n    }", closed ? "false" : "true");
}

/* A reference may stand for any value, so types of fields are advice in the description alone
 * where they are not strings. */
static const char *field_shape(struct pool *pool, const struct field *f)
{
	if (f->type != FIELD_ENUM)
		return f->type == FIELD_ANY ? "{}" :
		       pool_printf(pool,
			"{\"anyOf\": [%s, {\"type\": \"string\", \"pattern\": \"\\\\$\"}]}",
				   field_kinds[f->type].schema);
	return pool_printf(pool, "{\"anyOf\": [{\"enum\": [%s]}, {\"type\": \"string\", \"pattern\": \"\\\\$\"}]}",
			   symbol_names(pool, f->symbols));
}

static void fields_properties(struct pool *pool, const struct field *fields, bool first)
{
	for (const struct field *f = fields; f && f->type != FIELD_END; f++) {
		property(pool, first, f->name, field_shape(pool, f), f->doc);
		first = false;
	}
}

static void actor_schema(struct pool *pool)
{
	printf("    \"actor\": {\n      \"type\": [\"object\", \"null\"],\n      \"properties\": {");
	keys_properties(pool, actor_fields);
	fields_properties(pool, place_fields, false);
	printf("\n      },\n      \"additionalProperties\": false\n    }");
}

static void box_schema(struct pool *pool)
{
	printf("    \"box\": {\n      \"type\": \"object\",\n      \"properties\": {");
	fields_properties(pool, box_fields, true);
	printf("\n      },\n      \"additionalProperties\": false\n    }");
}

/* Whether a step may name the op without parameters. */
static bool stands_alone(const struct op *op)
{
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		if (f->need == REQUIRED)
			return false;
	return true;
}

static void op_names(struct pool *pool)
{
	const struct op *op;
	bool first = true;

	printf("    \"op\": {\"enum\": [");
	for (size_t i = 0; (op = op_registry[i]); i++) {
		if ((op->flags & OP_INTERNAL) || !stands_alone(op))
			continue;
		printf("%s%s", first ? "" : ", ", json_string(pool, op->name));
		first = false;
	}
	printf("]}");
}

/* A step's own keys, and one key that is an actor's name: an op, or an op with parameters. */
static void step_schema(struct pool *pool)
{
	const struct op *op;
	bool first = true;

	printf("    \"call\": {\n      \"type\": \"object\",\n      \"minProperties\": 1, \"maxProperties\": 1,\n"
	       "      \"additionalProperties\": false,\n      \"properties\": {");
	for (size_t i = 0; (op = op_registry[i]); i++) {
		if (op->flags & OP_INTERNAL)
			continue;
		printf("%s\n        %s: {\"type\": \"object\", \"minProperties\": 1, "
		       "\"description\": %s, \"additionalProperties\": false, \"properties\": {", first ? "" : ",",
		       json_string(pool, op->name), json_string(pool, op->doc));
		fields_properties(pool, op->in, true);
		putchar('}');
		if (!stands_alone(op))
			required(pool, op->in);
		putchar('}');
		first = false;
	}
	printf("\n      }\n    },\n    \"step\": {\n      \"type\": \"object\",\n      \"properties\": {");
	keys_properties(pool, step_fields);
	printf("\n      },\n      \"additionalProperties\": {\"anyOf\": [{\"$ref\": \"#/definitions/op\"}, "
	       "{\"$ref\": \"#/definitions/call\"}]}\n    }");
}

static void head(const char *title, const char *what)
{
	printf("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
	       "  \"title\": \"%s\",\n  %s,\n  \"definitions\": {\n", title, what);
}

static void suites_schema(struct pool *pool)
{
	static const struct {
		const char *name;
		const struct field *keys;
		bool closed;
	} parts[] = {
		{ "scenario", scenario_fields, true }, { "matrix", matrix_fields, true },
		{ "row", row_fields, false }, { "link", link_fields, true },
		{ "join", join_fields, true }, { "twin", twin_fields, true },
		{ "property", property_fields, true }, { "trial", trial_fields, true },
	};

	head("nsconform suite", "\"$ref\": \"#/definitions/suite\"");
	keys_schema(pool, "suite", suite_fields, true);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		printf(",\n");
		keys_schema(pool, parts[i].name, parts[i].keys, parts[i].closed);
	}
	printf(",\n");
	actor_schema(pool);
	printf(",\n");
	box_schema(pool);
	printf(",\n");
	op_names(pool);
	printf(",\n");
	step_schema(pool);
	printf("\n  }\n}\n");
}

/* A line of cells.jsonl, and the whole of run.json. */
static void results_schema(struct pool *pool)
{
	head("nsconform-results", "\"oneOf\": [{\"$ref\": \"#/definitions/cell\"}, "
	     "{\"$ref\": \"#/definitions/run\"}]");
	keys_schema(pool, "cell", cell_record_fields, false);
	printf(",\n");
	keys_schema(pool, "run", run_record_fields, false);
	printf("\n  }\n}\n");
}

/* A file that has nothing but a list of KEY, whose items have the keys. */
static void list_schema(struct pool *pool, const char *key, const struct field *keys)
{
	head(pool_printf(pool, "nsconform %s", key),
	     pool_printf(pool, "\"type\": \"object\", \"properties\": {\"%s\": "
			 "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/item\"}}}, \"required\": [\"%s\"],\n"
			 "  \"additionalProperties\": false", key, key));
	keys_schema(pool, "item", keys, true);
}

static void runtimes_schema(struct pool *pool)
{
	head("nsconform runtime", "\"$ref\": \"#/definitions/runtime\"");
	keys_schema(pool, "runtime", runtime_fields, true);
	printf("\n  }\n}\n");
}

static void kernels_schema(struct pool *pool)
{
	list_schema(pool, "kernels", kernel_fields);
	printf("\n  }\n}\n");
}

static void known_schema(struct pool *pool)
{
	list_schema(pool, "known", known_fields);
	printf(",\n");
	keys_schema(pool, "symptom", symptom_fields, true);
	printf("\n  }\n}\n");
}

enum { SCHEMA_SUITES, SCHEMA_RESULTS, SCHEMA_RUNTIMES, SCHEMA_KERNELS, SCHEMA_KNOWN };

const struct symbol schema_symbols[] = {
	{ "suites", SCHEMA_SUITES, "a file of scenarios; the default" },
	{ "results", SCHEMA_RESULTS, "a line of cells.jsonl, and run.json" },
	{ "runtimes", SCHEMA_RUNTIMES, "a file of fixtures/runtimes" },
	{ "kernels", SCHEMA_KERNELS, "a file of fixtures/kernels" },
	{ "known", SCHEMA_KNOWN, "a file of fixtures/known, and of --known" },
	{ 0 }
};

static const struct schema {
	void (*print)(struct pool *pool);
	void (*markdown)(struct pool *pool); /* NULL: its page is another command's */
} schemas[] = {
	[SCHEMA_SUITES] = { suites_schema, NULL },
	[SCHEMA_RESULTS] = { results_schema, reference_results },
	[SCHEMA_RUNTIMES] = { runtimes_schema, NULL },
	[SCHEMA_KERNELS] = { kernels_schema, NULL },
	[SCHEMA_KNOWN] = { known_schema, NULL },
};

static const struct schema *schema_find(struct pool *pool, const char *name)
{
	const struct symbol *found = symbol_find(schema_symbols, name);
	struct nearest n = { .word = name };
	const char *names = "";

	if (found)
		return &schemas[found->value];
	for (const struct symbol *s = schema_symbols; s->name; s++) {
		nearest_offer(&n, s->name);
		names = pool_printf(pool, "%s%s%s", names, *names ? ", " : "", s->name);
	}
	fprintf(stderr, "nsconform: no schema %s%s: there are %s\n", name, nearest_hint(pool, &n),
		names);
	return NULL;
}

struct options {
	bool markdown;
};

static int run(struct invocation *in)
{
	const struct options *o = in->options;
	const struct schema *s = in->n ? schema_find(in->pool, in->operands[0]) : &schemas[0];

	if (!s)
		return EXIT_USAGE;
	if (o->markdown && !s->markdown)
		return usage_error(&command_schema, "--markdown is about results; the page of "
				   "the others is that of `nsconform ops --markdown keys`");
	(o->markdown ? s->markdown : s->print)(in->pool);
	return EXIT_GOOD;
}

static const struct option_row rows[] = {
	{ .name = "markdown", OPTION_FLAG(struct options, markdown),
	  .help = "of results: print docs/results-format.md, which says the same in words" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = { { &group, 0 }, { 0 } };

static const struct example examples[] = {
	{ "schema results", "for a line of cells.jsonl, and for run.json" },
	{ 0 }
};

const struct command command_schema = {
	.name = "schema", .purpose = "Print the JSON Schema of what people or runs write",
	.operands = { ARGUMENT_SCHEMA, 0, 1, "of what: suites, which is the default, results, "
					     "runtimes, kernels or known" },
	.options = uses, .options_size = sizeof(struct options), .examples = examples,
	.statuses = plain_statuses, .run = run,
};
