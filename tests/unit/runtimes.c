// SPDX-License-Identifier: GPL-2.0-only
/* What is loaded of a runtime's file (tests/golden/loaded/runtime.yaml), and what that answers. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "golden.h"
#include "load/box_paths.h"
#include "load/features.h"
#include "load/runtime.h"
#include "load/yaml.h"
#include "nsc/text.h"

static void show_strs(struct text *t, const char *name, const struct strs *list)
{
	text_puts(t, name);
	for (size_t i = 0; i < list->n; i++)
		text_printf(t, " [%s]", list->v[i]);
	text_puts(t, "\n");
}

static void show_value(struct text *t, const char *name, const struct value *v)
{
	text_printf(t, "%s %s\n", name, v ? value_show(t->pool, v) : "-");
}

static const char *way(struct pool *pool, struct way w)
{
	static const char *const kinds[] = { "never", "always", "config", "words" };

	return pool_printf(pool, "%s%s", kinds[w.kind], w.words ? value_show(pool, w.words) : "");
}

static const char *show(struct pool *pool, const struct runtime *r)
{
	struct text t = { .pool = pool };

	text_printf(&t, "%s %s: %s\nany_user %d foreign %d host_root %d first %d detaches %d generate %d within %lld\n",
		    r->file, r->name, r->about, r->any_user, r->foreign, r->host_root, r->first, r->detaches,
		    (int)r->generate, (long long)r->within_ns);
	show_strs(&t, "packages", &r->packages);
	show_strs(&t, "programs", &r->programs);
	show_strs(&t, "quirks", &r->quirks);
	show_strs(&t, "directories", &r->directories);
	show_strs(&t, "inherits", &r->inherits);
	show_value(&t, "withholds", runtime_value(pool, r, "withholds"));
	show_value(&t, "nothing", runtime_value(pool, r, "nothing"));
	show_strs(&t, "tolerates", &r->tolerates);
	show_strs(&t, "lacks", &r->lacks_features);
	show_strs(&t, "without", &r->without);
	show_value(&t, "version", r->version);
	show_value(&t, "daemons", r->daemons);
	show_value(&t, "prepare", r->prepare);
	show_value(&t, "launch", r->launch);
	show_value(&t, "exec", r->exec);
	show_value(&t, "cleanup", r->cleanup);
	show_value(&t, "disclaims", r->disclaims);
	show_value(&t, "environment", r->environment);
	for (int ns = 0; ns < NS_COUNT; ns++)
		text_printf(&t, "%s new %s host %s join %s since %s\n", ns_kinds[ns].name, way(pool, r->ns[ns].new),
			    way(pool, r->ns[ns].host), way(pool, r->ns[ns].join), r->ns[ns].since ? r->ns[ns].since : "-");
	for (const char *const *option = (const char *const[]){ "hostname", "domainname", "caps", "seccomp", NULL }; *option;
	     option++)
		text_printf(&t, "option %s: %s\n", *option, way(pool, runtime_option(r, *option)));
	for (const struct symbol *q = quirk_symbols; q->name; q++)
		text_printf(&t, "quirk %s %d\n", q->name, runtime_has_quirk(r, q->name));
	for (const struct box_feature *f = box_features; f->name; f++)
		/* That one is also about the machine. */
		if (strcmp(f->name, "all-capabilities"))
			text_printf(&t, "feature %s %d%s\n", f->name, box_feature_has(r, f),
				    box_feature_native(f) ? " native" : "");
	text_printf(&t, "feature nothing: %s\n", box_feature_find("nothing") ? "?" : "none");
	return t.s;
}

static const struct {
	const char *a, *b;
	bool reaches;
} versions[] = {
	{ "1.2", "1.2", true }, { "1.2", "1.3", false }, { "1.10", "1.9", true }, { "1.2", "1.2.1", false },
	{ "1.2.1", "1.2", true }, { "2", "1.9.9", true }, { "1.9.9", "2", false }, { "1.2.0", "1.2", true },
	{ "1.2", "1.2.0", true }, { "1.2-rc2", "1.2-rc1", true }, { "1.2-rc1", "1.2-rc2", false }, { "", "", true },
	{ "rc", "rc", true }, { "1.2.x", "1.2.x", true }, { "1.10.9", "1.10.10", false }, { "1.10", "1.10", true }, { "1.10.x", "1.10.y", false }, { "", "1", false }, { "249", "249.11", false }, { "1.1.15", "1.1.9", true },
};

static const char options[] = "{uid: config, gid: config, umask: config, env: config, groups: [--group, '${groups}'], caps: never}";

#define NO_WAY "demo has no way to be asked for it"
#define OTHER_IDS "it gives other ids only in a new user namespace"

static const struct {
	bool own_ids; /* without the quirk ids-need-user */
	bool host_root;
	const char *name, *value;
	unsigned kinds;
	const char *lack;
} asked[] = {
	{ false, false, "uid", "5", 0, OTHER_IDS }, { false, false, "gid", "5", 0, OTHER_IDS },
	{ false, false, "uid", "5", ~(unsigned)NSM_USER, OTHER_IDS }, { false, false, "uid", "5", NSM_USER, NULL },
	{ false, false, "gid", "5", NSM_USER, NULL }, { true, false, "uid", "5", 0, NULL }, { true, false, "gid", "5", 0, NULL },
	{ false, false, "umask", "5", 0, NULL }, { false, true, "umask", "5", 0, NULL },
	{ true, true, "image", "x", 0, "its boxes have their caller's root directory" }, { true, false, "image", "x", 0, NULL },
	{ true, true, "launcher", "{}", 0, NULL }, { true, false, "fault", "x", 0, NULL },
	{ true, false, "caps", "[KILL]", 0, NO_WAY }, { true, false, "hostname", "x", 0, NO_WAY },
	{ true, false, "groups", "[]", 0, NO_WAY }, { true, false, "groups", "[7]", 0, NULL }, { true, false, "groups", "0", 0, NULL },
	{ true, false, "env", "[]", 0, NULL }, { true, false, "env", "[A=b]", 0, NULL },
};

static void test_lacks(void)
{
	static const char *quirk[] = { "ids-need-user" };
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		const struct runtime r = {
			.name = "demo", .host_root = asked[i].host_root, .quirks = { quirk, !asked[i].own_ids },
			.options = yaml_parse(&pool, "options", options, strlen(options), &problems),
		};
		const struct value *v = yaml_parse(&pool, "value", asked[i].value, strlen(asked[i].value), &problems);
		const char *lack = runtime_lack(&pool, &r, asked[i].name, v, asked[i].kinds);

		ok(lack && asked[i].lack ? !strcmp(lack, asked[i].lack) : lack == asked[i].lack, "%s: %s: %s", asked[i].name,
		   asked[i].value, lack ? lack : "can be had");
	}
}

static void test_loaded(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	const struct runtime *r = runtime_load(&pool, path, &problems);

	problems_print(&problems, stdout);
	if (ok(r, "%s is loaded", path))
		golden(golden_path(&pool, path, ".txt"), show(&pool, r));
}

/* By its name, which is that of a file of fixtures/runtimes; or of none. */
static void test_names(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	const struct runtime *r = runtime_load(&pool, "crun", &problems);

	ok(r && !strcmp(r->name, "crun") && strstr(r->file, "fixtures/runtimes/crun.yaml"), "by its name");
	ok(r && runtime_option(r, "nothing").kind == WAY_NEVER, "... which knows no such property");
	ok(!runtime_load(&pool, "nothing", &problems) && problems.n == 1 &&
	   strstr(problems.v[0].at.file, "fixtures/runtimes/nothing.yaml") && strstr(problems.v[0].text, "is not there"),
	   "one that is not known");
	ok(!runtime_load(&pool, "./nothing.yaml", &problems) && problems.n == 2 && !strcmp(problems.v[1].at.file, "./nothing.yaml"),
	   "a file that is not there");
}

/* A file beside the program that has no slash in its name. */
static void test_bare_name(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };

	ok(!runtime_load(&pool, "README.md", &problems) && problems.n && !strcmp(problems.v[0].at.file, "README.md") &&
	   !strstr(problems.v[0].text, "is not there"), "a file that is here, by its name alone: %s", problems.n ? problems.v[0].text : "?");
}

/* Whether the feature is there for who has all capabilities but LACKS (-1: all) in the bounding set; -1: nobody can have them. */
static int ask_capabilities(const struct runtime *r, int lacks)
{
	fflush(NULL);
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (unshare(CLONE_NEWUSER) < 0 || (lacks >= 0 && prctl(PR_CAPBSET_DROP, lacks, 0, 0, 0) < 0))
			_exit(2);
		/* With what is done at an exit: coverage is counted then. */
		exit(box_feature_has(r, box_feature_find("all-capabilities")));
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) < 2 ? WEXITSTATUS(status) : -1;
}

static void test_capabilities(void)
{
	static const char *own[] = { "own-capabilities" };
	struct runtime r = { 0 };
	const int last = (int)cap_max_bits() - 1, lacking[] = { 0, 1, last };

	const struct runtime all = { .quirks = { own, 1 } };

	/* Here, too, where it depends on who runs the test. */
	ok(box_feature_has(&all, box_feature_find("all-capabilities")), "what the kernel gives%s",
	   box_feature_has(&r, box_feature_find("all-capabilities")) ? ", which is all" : "");
	if (ask_capabilities(&r, -1) < 0) {
		ok(true, "all capabilities # SKIP no user namespace can be made");
		return;
	}
	ok(ask_capabilities(&r, -1) == 1, "all capabilities");
	for (size_t i = 0; i < 3; i++)
		ok(ask_capabilities(&r, lacking[i]) == 0, "... but %d", lacking[i]);
	r.quirks = (struct strs){ own, 1 };
	ok(ask_capabilities(&r, last) == 1, "... which the runtime does not give");
}

/* What its launcher says that it knows, and what generates its configuration. */
static void test_specification(void)
{
	static const struct {
		const char *says, *feature;
		bool has;
	} rows[] = {
		{ NULL, "oci-1.1", false }, { "1.0.2", "oci-1.1", false }, { "1.1.0", "oci-1.1", true }, { "1.1.0", "oci-1.2", false },
		{ "1.2.0", "oci-1.2", true }, { "1.2.1", "oci-1.3", false }, { "1.3.0", "oci-1.3", true }, { "1.10.0", "oci-1.3", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct runtime r = { .specification = rows[i].says };

		ok(box_feature_has(&r, box_feature_find(rows[i].feature)) == rows[i].has, "%s with %s", rows[i].feature,
		   rows[i].says ? rows[i].says : "nothing");
	}
}

/* Those that come with nsconform. */
static void test_shipped(const char *path)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };

	ok(runtime_load(&pool, path, &problems), "%s is loaded", path);
	problems_print(&problems, stdout);
}

static void test_paths(void)
{
	AUTO_POOL pool = { 0 };
	struct value *place = value_map(&pool);
	struct actor actors[] = { { .name = "a" }, { .name = "b" }, { .name = "c" } };
	const struct scenario s = { .actors = actors, .n_actors = 3 };
	static const struct {
		const char *name, *field, *path;
	} rows[] = {
		{ "a", "work", "/b0" }, { "a", "rootfs", "/b0/bundle/rootfs" }, { "c", "work", "/b2" }, { "c", "rootfs", "/b2/bundle/rootfs" },
		{ "b", "work", NULL }, { "a", "pid", NULL }, { "d", "work", NULL },
	};

	value_put(&pool, place, "new", value_list(&pool));
	actors[0].place = actors[2].place = place;
	actors[1].place = value_map(&pool);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct ref ref = { .name = rows[i].name, .field = rows[i].field };
		const char *path = value_text(box_path(&pool, &s, &ref));

		ok(rows[i].path ? path && strlen(path) > strlen(rows[i].path) && !strcmp(path + strlen(path) - strlen(rows[i].path), rows[i].path) :
		   !path, "%s.%s is %s", rows[i].name, rows[i].field, path ? path : "no path of a box");
	}
	ok(!strcmp(box_id(&pool, 7), "b7"), "the id of a box");
}

int main(void)
{
	setenv("NSCONFORM_DATA", ".", 1);
	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++)
		ok(version_reaches(versions[i].a, versions[i].b) == versions[i].reaches, "%s is %sat least %s", versions[i].a,
		   versions[i].reaches ? "" : "not ", versions[i].b);
	test_lacks();
	golden_each("tests/golden/loaded/runtime.yaml", test_loaded);
	test_names();
	test_bare_name();
	test_capabilities();
	test_specification();
	golden_each("fixtures/runtimes/*.yaml", test_shipped);
	golden_each("tests/golden/loaded/bare.yaml", test_shipped);
	test_paths();
	return done();
}
