// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runtimes from their files.
 */
#include <regex.h>
#include <string.h>
#include <unistd.h>

#include "load/clauses.h"
#include "load/features.h"
#include "load/loader.h"
#include "nsc/box.h"
#include "load/paths.h"
#include "load/placeholders.h"
#include "load/yaml.h"

/* Lists of words. */

static void check_argv(struct loader *l, const struct value *v)
{
	bool good = v->type == VALUE_LIST && v->list.n;

	for (size_t i = 0; good && i < v->list.n; i++) {
		const struct value *word = v->list.items[i];

		if (value_text(word)) {
			placeholders_check(l, word);
			continue;
		}
		good = word->type != VALUE_LIST && word->type != VALUE_MAP;
		if (good)
			load_problem(l, word, "an argument is a text, and this is %s: put it in "
				     "quotes", value_type_name(word->type));
	}
	if (!good)
		load_problem(l, v, "expected a list of words, one argument each (never a shell's line)");
}

static void read_argv(struct loader *l, const struct field *f, const struct value *v, void *member)
{
	*(const struct value **)member = v;
	check_argv(l, v);
}

static void read_argvs(struct loader *l, const struct field *f, const struct value *v,
		       void *member)
{
	*(const struct value **)member = v;
	if (v->type != VALUE_LIST) {
		load_problem(l, v, "expected a list of commands, each a list of words");
		return;
	}
	for (size_t i = 0; i < v->list.n; i++)
		check_argv(l, v->list.items[i]);
}

/* An empty list is a way, too: the launcher needs no words for it. */
static struct way load_way(struct loader *l, const struct value *v)
{
	if (v->type != VALUE_LIST)
		return (struct way){
			(enum way_kind)load_symbol(l, v, way_symbols,
						   "how to ask, or a list of words"), NULL,
		};
	if (v->list.n)
		check_argv(l, v);
	return (struct way){ WAY_WORDS, v };
}

static READER(way, struct way, load_way(l, v))

#define K_WAY(key, s, m, need, doc) \
	KEY(key, s, m, struct way, need, doc, "{\"type\": [\"string\", \"array\"]}", read_way)
#define K_ARGV(key, s, m, need, doc) \
	KEY(key, s, m, const struct value *, need, doc, \
	    "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}", read_argv)
#define K_ARGVS(key, s, m, need, doc) \
	KEY(key, s, m, const struct value *, need, doc, \
	    "{\"type\": \"array\", \"items\": {\"type\": \"array\"}}", read_argvs)

static const struct field ns_fields[] = {
	K_WAY("new", struct runtime_ns, new, REQUIRED,
	      "A new namespace: always, never, config, or the launcher's words."),
	K_WAY("host", struct runtime_ns, host, REQUIRED, "The caller's namespace."),
	K_WAY("join", struct runtime_ns, join, OPTIONAL,
	      "Another box's namespace; ${ns.path}, ${ns.fd}, ${ns.pid}."),
	K_TEXT("since", struct runtime_ns, since, OPTIONAL,
	       "The version from which it can make new ones."),
	F_END
};

static void read_version(struct loader *l, const struct field *f, const struct value *v,
			 void *member)
{
	const struct value *argv = value_get(v, "argv"), *matches = value_get(v, "matches");
	regex_t re;

	*(const struct value **)member = v;
	if (!argv || !value_text(matches)) {
		load_problem(l, v, "expected {argv: [...], matches: 'expression (with one group)'}");
		return;
	}
	check_argv(l, argv);
	if (regcomp(&re, value_text(matches), REG_EXTENDED)) {
		load_problem(l, matches, "not an extended regular expression");
	} else {
		if (!re.re_nsub)
			load_problem(l, matches, "no group () that stands for the version");
		regfree(&re);
	}
}

static void read_daemons(struct loader *l, const struct field *f, const struct value *v,
			 void *member)
{
	*(const struct value **)member = v;
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		const struct value *d = v->list.items[i], *argv = value_get(d, "argv");

		if (!argv || !value_text(value_get(d, "ready")))
			load_problem(l, d, "expected {argv: [...], ready: SOCKET}");
		else
			check_argv(l, argv);
	}
	if (v->type != VALUE_LIST)
		load_problem(l, v, "expected a list of daemons");
}

static void read_namespaces(struct loader *l, const struct field *f, const struct value *v,
			    void *object)
{
	struct runtime *r = object;
	const struct value *map = load_map(l, v);

	for (size_t i = 0; i < map->list.n; i += 2) {
		int64_t bit = load_symbol(l, map->list.items[i], ns_symbols, "a namespace kind");

		for (int ns = 0; ns < NS_COUNT; ns++)
			if (bit == NS_BIT(ns))
				load_fields(l, ns_fields, map->list.items[i + 1], &r->ns[ns],
					    "a namespace kind");
	}
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (!value_get(map, ns_kinds[ns].name))
			load_problem(l, v, "says nothing of %s", ns_kinds[ns].name);
}

static void read_options(struct loader *l, const struct field *f, const struct value *v,
			 void *member)
{
	const struct value *map = load_map(l, v);

	*(const struct value **)member = map;
	for (size_t i = 0; i < map->list.n; i += 2) {
		const char *name = map->list.items[i]->str.s;
		struct nearest n = { .word = name };
		const struct field *p;
		bool known = false;

		for (size_t k = 0; (p = property_at(k)); k++) {
			known |= !strcmp(p->name, name);
			nearest_offer(&n, p->name);
		}
		if (!known)
			load_problem(l, map->list.items[i], "a box has no property %s%s", name,
				     nearest_hint(l->pool, &n));
		load_way(l, map->list.items[i + 1]);
	}
}

static void read_lacks(struct loader *l, const struct field *f, const struct value *v,
		       void *member)
{
	struct strs *lacks = member;

	*lacks = load_strs(l, v);
	for (size_t i = 0; i < lacks->n; i++) {
		struct nearest n = { .word = lacks->v[i] };

		for (const struct box_feature *b = box_features; b->name; b++)
			nearest_offer(&n, b->name);
		if (*n.word && !box_feature_find(n.word))
			load_problem(l, v->type == VALUE_LIST ? v->list.items[i] : v,
				     "boxes have no feature %s%s", n.word,
				     nearest_hint(l->pool, &n));
	}
}

static void read_disclaims(struct loader *l, const struct field *f, const struct value *v,
			   void *member)
{
	const struct value *map = load_map(l, v);
	struct catalogue c = { .pool = l->pool, .problems = l->problems,
			       .dir = paths_data(l->pool, "suites/clauses") };

	*(const struct value **)member = map;
	for (size_t i = 0; i < map->list.n; i += 2) {
		if (!clause_find(&c, map->list.items[i]->str.s))
			load_problem(l, map->list.items[i], "no clause %s in the catalogue",
				     map->list.items[i]->str.s);
		load_text(l, map->list.items[i + 1]);
	}
	catalogue_free(&c);
}

static const struct symbol privilege_symbols[] = {
	{ "root", false, NULL }, { "any", true, NULL }, { 0 }
};

static const struct symbol kernel_symbols[] = {
	{ "shared", false, NULL }, { "guest", true, NULL }, { 0 }
};

static const struct symbol root_symbols[] = {
	{ "directory", false, NULL }, { "host", true, NULL }, { 0 }
};

static const struct symbol generator_symbols[] = {
	{ "oci", GENERATE_OCI, NULL }, { "lxc", GENERATE_LXC, NULL }, { 0 }
};

const struct field runtime_fields[] = {
	K_TEXT("runtime", struct runtime, name, REQUIRED, "Its name, and its file's."),
	K_TEXT("about", struct runtime, about, REQUIRED, "One sentence for people."),
	K_TEXT("untried", struct runtime, untried, OPTIONAL,
	       "Why its boxes have never been built by who wrote this: each run warns of it."),
	K_STRS("packages", struct runtime, packages, OPTIONAL,
	       "Packages that bring it, as apt names them."),
	K_STRS("programs", struct runtime, programs, REQUIRED, "Programs that must be in PATH."),
	KEY("version", struct runtime, version, const struct value *, REQUIRED,
	    "How it tells its version: {argv: [...], matches: expression with one group}.",
	    SHAPE_MAP, read_version),
	K_EITHER("privilege", struct runtime, any_user, REQUIRED, privilege_symbols,
		 "root, or any where it also serves root of a user namespace."),
	K_EITHER("kernel", struct runtime, foreign, REQUIRED, kernel_symbols,
		 "shared, or guest where boxes have a kernel of their own."),
	K_EITHER("root", struct runtime, host_root, REQUIRED, root_symbols,
		 "directory: ${rootfs} is the box's root; host: the box sees its caller's."),
	K_STRS("directories", struct runtime, directories, OPTIONAL,
	       "Further directories that it wants in the root."),
	K_BOOL("first", struct runtime, first, REQUIRED,
	       "The actor is PID 1 of a new PID namespace."),
	K_BOOL("detaches", struct runtime, detaches, OPTIONAL,
	       "The launcher may end before the agent reports."),
	K_ENUM("generate", struct runtime, generate, OPTIONAL, generator_symbols, "a configuration",
	       "Configuration written to ${bundle}: oci (config.json) or lxc (config)."),
	K_SYMBOLS("quirks", struct runtime, quirks, OPTIONAL, quirk_symbols, "a quirk",
		  "Deviations of the generated configuration."),
	KEY("daemons", struct runtime, daemons, const struct value *, OPTIONAL,
	    "Started in the moat before: {argv: [...], ready: SOCKET}.",
	    SHAPE_ARRAY, read_daemons),
	K_ARGVS("prepare", struct runtime, prepare, OPTIONAL,
		"Commands that run before, each to its end."),
	K_ARGV("launch", struct runtime, launch, REQUIRED, "The command that builds a box."),
	K_ARGV("exec", struct runtime, exec, OPTIONAL,
	       "The command for a further process of a box."),
	K_ARGVS("cleanup", struct runtime, cleanup, OPTIONAL, "Commands that remove a box."),
	K_BOOL("removes", struct runtime, removes, OPTIONAL,
	       "A launcher that ends with status 0 has removed the box: `cleanup` is for others."),
	K_SPECIAL("namespaces", REQUIRED, read_namespaces,
		  "Each kind: {new, host, join, since}.", SHAPE_MAP),
	KEY("options", struct runtime, options, const struct value *, OPTIONAL,
	    "Properties of a box: config, or the launcher's words.",
	    SHAPE_MAP, read_options),
	K_SYMBOLS("inherits", struct runtime, inherits, OPTIONAL, inherited_symbols,
		  "something that is inherited",
		  "What it passes on from its caller; all else must not reach a box."),
	KEY("lacks", struct runtime, lacks_features, struct strs, OPTIONAL,
	    "Features of the kernel's own namespaces that its boxes do not have.",
	    SHAPE_NAMES, read_lacks),
	K_STRS("without", struct runtime, without, OPTIONAL,
	       "Ops (globs) that its guest kernel cannot do, or not with a parameter: OP PARAM=VALUE."),
	KEY("disclaims", struct runtime, disclaims, const struct value *, OPTIONAL,
	    "Clauses that it does not promise, each with the reason.",
	    SHAPE_MAP, read_disclaims),
	K_STRS("tolerates", struct runtime, tolerates, OPTIONAL,
	       "Paths of its caller that may stay behind."),
	K_WITHIN("within", struct runtime, within_ns, REQUIRED, "Deadline of a launch."),
	K_MAP("environment", struct runtime, environment, OPTIONAL,
	      "Variables of its environment."),
	F_END
};

/* Without `generate` no configuration is written, and properties that it should have would be
 * dropped silently. */
static void check_config(struct loader *l, const struct runtime *r, const struct value *tree)
{
	const struct value *kinds = value_get(tree, "namespaces");

	for (size_t i = 1; r->options && i < r->options->list.n; i += 2)
		if (value_is(r->options->list.items[i], "config"))
			load_problem(l, r->options->list.items[i], "config, without generate");
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (r->ns[ns].new.kind == WAY_CONFIG || r->ns[ns].host.kind == WAY_CONFIG ||
		    r->ns[ns].join.kind == WAY_CONFIG)
			load_problem(l, kinds, "%s: config, without generate", ns_kinds[ns].name);
}

struct runtime *runtime_load(struct pool *pool, const char *name_or_path,
			     struct problems *problems)
{
	struct loader l = { .pool = pool, .problems = problems };
	struct runtime *r = pool_new(pool, struct runtime);
	size_t before = problems->n;
	const char *path = name_or_path;

	if (!strchr(path, '/') && access(path, F_OK) < 0) {
		path = paths_data(pool, pool_printf(pool, "fixtures/runtimes/%s.yaml", path));
		if (access(path, F_OK) < 0) {
			problem_add(problems, (struct mark){ .file = path },
				    "is not there: `nsconform runtime` lists those that are known; "
				    "of another one, give the path of its file");
			return NULL;
		}
	}
	const struct value *tree = yaml_load(pool, path, problems, NULL);

	if (!tree)
		return NULL;
	r->file = path;
	load_fields(&l, runtime_fields, tree, r, "a runtime");
	if (problems->n == before && r->generate == GENERATE_NOTHING)
		check_config(&l, r, tree);
	return problems->n == before ? r : NULL;
}
