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
#include "load/paths.h"
#include "load/placeholders.h"
#include "load/yaml.h"

/* Lists of words. */

static const struct value *load_argv(struct loader *l, const struct value *v)
{
	bool good = v->type == VALUE_LIST && v->list.n;

	for (size_t i = 0; good && i < v->list.n; i++)
		good = value_text(v->list.items[i]) != NULL;
	for (size_t i = 0; good && i < v->list.n; i++)
		placeholders_check(l, v->list.items[i]);
	if (good)
		return v;
	load_problem(l, v, "expected a list of words, one argument each (never a shell's line)");
	return value_list(l->pool);
}

static const struct value *load_argvs(struct loader *l, const struct value *v)
{
	if (v->type != VALUE_LIST) {
		load_problem(l, v, "expected a list of commands, each a list of words");
		return value_list(l->pool);
	}
	for (size_t i = 0; i < v->list.n; i++)
		load_argv(l, v->list.items[i]);
	return v;
}

static struct way load_way(struct loader *l, const struct value *v)
{
	if (v->type == VALUE_LIST && !v->list.n)
		return (struct way){ WAY_WORDS, v };
	if (v->type == VALUE_LIST)
		return (struct way){ WAY_WORDS, load_argv(l, v) };
	int64_t kind = load_symbol(l, v, way_symbols, "how to ask, or a list of words");

	return (struct way){ kind < 0 ? WAY_NEVER : (enum way_kind)kind, NULL };
}

/* Words of one namespace kind. */

static void take_new(struct loader *l, const struct value *v, void *object)
{
	((struct runtime_ns *)object)->new = load_way(l, v);
}

static void take_host(struct loader *l, const struct value *v, void *object)
{
	((struct runtime_ns *)object)->host = load_way(l, v);
}

static void take_join(struct loader *l, const struct value *v, void *object)
{
	((struct runtime_ns *)object)->join = load_way(l, v);
}

static void take_ns_since(struct loader *l, const struct value *v, void *object)
{
	((struct runtime_ns *)object)->since = load_text(l, v);
}

#define WAY "{\"type\": [\"string\", \"array\"]}"
#define TEXT "{\"type\": \"string\"}"
#define NAMES "{\"type\": [\"array\", \"string\"], \"items\": {\"type\": \"string\"}}"
#define ARGV "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"
#define ARGVS "{\"type\": \"array\", \"items\": {\"type\": \"array\"}}"
#define MAP "{\"type\": \"object\"}"
#define BOOL "{\"type\": \"boolean\"}"

static const struct word ns_words[] = {
	{ "new", "A new namespace: always, never, config, or the launcher's words.", WAY, true,
	  take_new },
	{ "host", "The caller's namespace.", WAY, true, take_host },
	{ "join", "Another box's namespace; ${ns.path}, ${ns.fd}, ${ns.pid}.", WAY, false,
	  take_join },
	{ "since", "The version from which it can make new ones.", TEXT, false, take_ns_since },
	{ 0 }
};

/* Words of a runtime. */

#define TAKE_TEXT(member) \
	static void take_##member(struct loader *l, const struct value *v, void *object) \
	{ ((struct runtime *)object)->member = load_text(l, v); }
#define TAKE_STRS(member) \
	static void take_##member(struct loader *l, const struct value *v, void *object) \
	{ ((struct runtime *)object)->member = load_strs(l, v); }
#define TAKE_BOOL(member) \
	static void take_##member(struct loader *l, const struct value *v, void *object) \
	{ ((struct runtime *)object)->member = load_bool(l, v); }
#define TAKE_ARGV(member) \
	static void take_##member(struct loader *l, const struct value *v, void *object) \
	{ ((struct runtime *)object)->member = load_argv(l, v); }
#define TAKE_ARGVS(member) \
	static void take_##member(struct loader *l, const struct value *v, void *object) \
	{ ((struct runtime *)object)->member = load_argvs(l, v); }
#define TAKE_MAP(member) \
	static void take_##member(struct loader *l, const struct value *v, void *object) \
	{ ((struct runtime *)object)->member = load_map(l, v); }

TAKE_TEXT(name) TAKE_TEXT(about)
TAKE_STRS(packages) TAKE_STRS(programs) TAKE_STRS(directories)
TAKE_STRS(inherits) TAKE_STRS(tolerates)
TAKE_BOOL(first) TAKE_BOOL(detaches)
TAKE_ARGV(launch) TAKE_ARGV(exec)
TAKE_ARGVS(prepare) TAKE_ARGVS(cleanup)
TAKE_STRS(lacks_features) TAKE_STRS(without)
TAKE_MAP(environment)

/* One of two words. */
static bool load_either(struct loader *l, const struct value *v, const char *no, const char *yes)
{
	const struct symbol two[] = { { no, 0, NULL }, { yes, 1, NULL }, { 0 } };

	return load_symbol(l, v, two, "a word") == 1;
}

static void take_privilege(struct loader *l, const struct value *v, void *object)
{
	((struct runtime *)object)->any_user = load_either(l, v, "root", "any");
}

static void take_kernel(struct loader *l, const struct value *v, void *object)
{
	((struct runtime *)object)->foreign = load_either(l, v, "shared", "guest");
}

static void take_root(struct loader *l, const struct value *v, void *object)
{
	((struct runtime *)object)->host_root = load_either(l, v, "directory", "host");
}

static void take_generate(struct loader *l, const struct value *v, void *object)
{
	static const struct symbol kinds[] = {
		{ "oci", GENERATE_OCI, NULL }, { "lxc", GENERATE_LXC, NULL }, { 0 }
	};

	((struct runtime *)object)->generate = load_symbol(l, v, kinds, "a configuration");
}

static void take_quirks(struct loader *l, const struct value *v, void *object)
{
	struct runtime *r = object;

	r->quirks = load_strs(l, v);
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++)
		load_symbol(l, v->list.items[i], quirk_symbols, "a quirk");
}

static void take_version(struct loader *l, const struct value *v, void *object)
{
	const struct value *argv = value_get(v, "argv"), *matches = value_get(v, "matches");
	regex_t re;

	((struct runtime *)object)->version = v;
	if (!argv || !value_text(matches)) {
		load_problem(l, v, "expected {argv: [...], matches: 'expression (with one group)'}");
		return;
	}
	load_argv(l, argv);
	if (regcomp(&re, value_text(matches), REG_EXTENDED)) {
		load_problem(l, matches, "not an extended regular expression");
		return;
	}
	if (!re.re_nsub)
		load_problem(l, matches, "no group () that stands for the version");
	regfree(&re);
}

static void take_daemons(struct loader *l, const struct value *v, void *object)
{
	((struct runtime *)object)->daemons = v;
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		const struct value *d = v->list.items[i], *argv = value_get(d, "argv");

		if (!argv || !value_text(value_get(d, "ready")))
			load_problem(l, d, "expected {argv: [...], ready: SOCKET}");
		else
			load_argv(l, argv);
	}
	if (v->type != VALUE_LIST)
		load_problem(l, v, "expected a list of daemons");
}

static void take_namespaces(struct loader *l, const struct value *v, void *object)
{
	struct runtime *r = object;
	const struct value *map = load_map(l, v);

	for (size_t i = 0; i < map->list.n; i += 2) {
		int64_t bit = load_symbol(l, map->list.items[i], ns_symbols, "a namespace kind");

		for (int ns = 0; bit > 0 && ns < NS_COUNT; ns++)
			if (bit == NS_BIT(ns))
				load_words(l, ns_words, map->list.items[i + 1], &r->ns[ns],
					   "a namespace kind");
	}
	for (int ns = 0; ns < NS_COUNT; ns++)
		if (!value_get(map, ns_kinds[ns].name))
			load_problem(l, v, "says nothing of %s", ns_kinds[ns].name);
}

static void take_options(struct loader *l, const struct value *v, void *object)
{
	const struct value *map = load_map(l, v);

	((struct runtime *)object)->options = map;
	for (size_t i = 0; i < map->list.n; i += 2) {
		const char *name = map->list.items[i]->str.s;
		struct nearest n = { .word = name };
		const struct field *f;
		bool known = false;

		for (size_t k = 0; (f = property_at(k)); k++) {
			known |= !strcmp(f->name, name);
			nearest_offer(&n, f->name);
		}
		if (!known)
			load_problem(l, map->list.items[i], "a box has no property %s%s", name,
				     nearest_hint(l->pool, &n));
		load_way(l, map->list.items[i + 1]);
	}
}

static void take_lacks(struct loader *l, const struct value *v, void *object)
{
	struct nearest n;

	take_lacks_features(l, v, object);
	for (size_t i = 0; v->type == VALUE_LIST && i < v->list.n; i++) {
		const char *name = value_text(v->list.items[i]);

		n = (struct nearest){ .word = name ? name : "" };
		for (const struct box_feature *f = box_features; f->name; f++)
			nearest_offer(&n, f->name);
		if (name && !box_feature_find(name))
			load_problem(l, v->list.items[i], "boxes have no feature %s%s", name,
				     nearest_hint(l->pool, &n));
	}
}

static void take_disclaims(struct loader *l, const struct value *v, void *object)
{
	const struct value *map = load_map(l, v);
	struct catalogue c = { .pool = l->pool, .problems = l->problems,
			       .dir = paths_data(l->pool, "suites/clauses") };

	((struct runtime *)object)->disclaims = map;
	for (size_t i = 0; i < map->list.n; i += 2) {
		if (!clause_find(&c, map->list.items[i]->str.s))
			load_problem(l, map->list.items[i], "no clause %s in the catalogue",
				     map->list.items[i]->str.s);
		load_text(l, map->list.items[i + 1]);
	}
	catalogue_free(&c);
}

static void take_within(struct loader *l, const struct value *v, void *object)
{
	((struct runtime *)object)->within_ns = load_time(l, v);
}

const struct word runtime_words[] = {
	{ "runtime", "Its name, and its file's.", TEXT, true, take_name },
	{ "about", "One sentence for people.", TEXT, true, take_about },
	{ "packages", "Packages that bring it, as apt names them.", NAMES, false, take_packages },
	{ "programs", "Programs that must be in PATH.", NAMES, true, take_programs },
	{ "version", "How it tells its version: {argv: [...], matches: expression with one group}.",
	  MAP, true, take_version },
	{ "privilege", "root, or any where it also serves root of a user namespace.", TEXT, true,
	  take_privilege },
	{ "kernel", "shared, or guest where boxes have a kernel of their own.", TEXT, true,
	  take_kernel },
	{ "root", "directory: ${rootfs} is the box's root; host: the box sees its caller's.", TEXT,
	  true, take_root },
	{ "directories", "Further directories that it wants in the root.", NAMES, false,
	  take_directories },
	{ "first", "The actor is PID 1 of a new PID namespace.", BOOL, true, take_first },
	{ "detaches", "The launcher may end before the agent reports.", BOOL, false,
	  take_detaches },
	{ "generate", "Configuration written to ${bundle}: oci (config.json) or lxc (config).", TEXT,
	  false, take_generate },
	{ "quirks", "Deviations of the generated configuration.", NAMES, false, take_quirks },
	{ "daemons", "Started in the moat before: {argv: [...], ready: SOCKET}.",
	  "{\"type\": \"array\"}", false, take_daemons },
	{ "prepare", "Commands that run before, each to its end.", ARGVS, false, take_prepare },
	{ "launch", "The command that builds a box.", ARGV, true, take_launch },
	{ "exec", "The command for a further process of a box.", ARGV, false, take_exec },
	{ "cleanup", "Commands that remove a box.", ARGVS, false, take_cleanup },
	{ "namespaces", "Each kind: {new, host, join, since}.", MAP, true, take_namespaces },
	{ "options", "Properties of a box: config, or the launcher's words.", MAP, false,
	  take_options },
	{ "inherits", "What it says it passes on from its caller.", NAMES, false, take_inherits },
	{ "lacks", "Features of the kernel's own namespaces that its boxes do not have.", NAMES, false,
	  take_lacks },
	{ "without", "Ops (globs) that its guest kernel cannot do.", NAMES, false, take_without },
	{ "disclaims", "Clauses that it does not promise, each with the reason.", MAP, false,
	  take_disclaims },
	{ "tolerates", "Paths of its caller that may stay behind.", NAMES, false, take_tolerates },
	{ "within", "Deadline of a launch.", TEXT, true, take_within },
	{ "environment", "Variables of its environment.", MAP, false, take_environment },
	{ 0 }
};

/* What is asked for by a configuration that nobody writes would be dropped without a word. */
static void check_config(struct loader *l, const struct runtime *r, const struct value *tree)
{
	const struct value *kinds = value_get(tree, "namespaces");

	for (size_t i = 1; r->options && i < r->options->list.n; i += 2)
		if (value_is(r->options->list.items[i], "config"))
			load_problem(l, r->options->list.items[i], "config, without generate");
	for (int ns = 0; kinds && ns < NS_COUNT; ns++)
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
	load_words(&l, runtime_words, tree, r, "a runtime");
	if (problems->n == before && r->generate == GENERATE_NOTHING)
		check_config(&l, r, tree);
	return problems->n == before ? r : NULL;
}
