// SPDX-License-Identifier: GPL-2.0-only
/*
 * What selectors take, in a small tree of suites of its own: a golden file with what each command line selects, and
 * what is said of it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "golden.h"
#include "load/runtime.h"
#include "nsc/text.h"
#include "plan/select.h"
#include "plan/shuffle.h"

#define SCENARIO(id, more, actors, op) \
	"  - id: " id "\n    about: A.\n    clauses: [uts.names.hostname-isolated]\n" more \
	"    actors: " actors "\n    steps:\n      - a: " op "\n        expect: {name: {not: \"\"}}\n"
#define SUITE(name) "suite: " name "\nabout: A.\nscenarios:\n"

static const struct {
	const char *path, *text;
} files[] = {
	{ "suites/uts/one.yaml", SUITE("uts/one") SCENARIO("alpha", "    tags: smoke\n", "{a: {}}", "uts.gethostname")
	  SCENARIO("beta", "    tags: [slow]\n    matrix: {via: [clone3, unshare]}\n    rows: {text: [x, y]}\n",
		   "{a: {new: [uts]}}", "uts.gethostname") },
	{ "suites/uts/two.yaml", SUITE("uts/two") SCENARIO("alpha", "", "{a: {}, b: {join: {of: a, ns: [uts]}}}", "uts.getdomainname") },
	{ "suites/ipc/three.yaml", SUITE("ipc/three") SCENARIO("gamma", "", "{a: {new: [ipc], via: unshare}}", "uts.gethostname") },
	{ "suites/uts/README", "no suite" },
	{ "own/uts/one.yaml", SUITE("uts/one") SCENARIO("delta", "", "{a: {}}", "uts.gethostname") },
	{ "own/four.yaml", SUITE("mine/four") SCENARIO("epsilon", "", "{a: {}}", "uts.gethostname") },
	{ "own/bad/no.yaml", "suite: 1\n" },
	{ "twice/uts/again.yaml", SUITE("uts/two") SCENARIO("alpha", "", "{a: {}}", "uts.gethostname") },
	{ "empty/none", "" },
	{ "skip", "# a comment\nuts.one.alpha\n\n  uts.two  the rest of a line\nnsconform:ipc.three.gamma\n"
	  "other:test\nnsconfrm:slip\r\n" },
	{ "skip-good", "\xef\xbb\xbfuts.one.beta.x\nmm:test\nclause:uts.names\r\n" },
	{ "skip-nothing", "uts.one.nothing # why\n" },
};

enum { WORDS = 6 };

static const struct {
	const char *args[WORDS], *suites[3], *exclude[3], *skip_files[2], *runtime;
	bool part, controls;
} lines[] = {
	{ .args = { NULL } },
	{ .args = { "uts" } }, { .args = { "uts.one" } }, { .args = { "uts.one.beta" } }, { .args = { "uts.one.beta.x" } },
	{ .args = { "uts.one.beta.*.unshare" } }, { .args = { "alpha" } }, { .args = { "*.alpha" } }, { .args = { "uts.t*" } },
	{ .args = { "uts.[ot]*" } }, { .args = { "ut" } }, { .args = { "uts.oen" } }, { .args = { "uts.on" } },
	{ .args = { "uts.one", "ipc.three" } }, { .args = { "gamma", "uts.two" } }, { .args = { "" } }, { .args = { "*" } },
	{ .args = { "@smoke" } }, { .args = { "tag:slow" } }, { .args = { "@smok" } }, { .args = { "tag:" } }, { .args = { "@" } },
	{ .args = { "@cve" } }, { .args = { "clause:uts.names.hostname-isolated" } }, { .args = { "clause:uts" } },
	{ .args = { "clause:uts.nams" } }, { .args = { "clause:*" } }, { .args = { "clause:" } },
	{ .args = { "call:uname" } }, { .args = { "call:setns" } }, { .args = { "call:unshare" } }, { .args = { "call:clone3" } },
	{ .args = { "call:get*" } }, { .args = { "call:uname2" } }, { .args = { "call:" } }, { .args = { "cal:uname" } },
	{ .args = { "clauses:x" } }, { .args = { "other:x" } },
	{ .args = { "suites/uts/one.yaml" } }, { .args = { "suites/uts" } }, { .args = { "suites" } }, { .args = { "suites/ipc", "alpha" } },
	{ .args = { "suites/uts/README" } }, { .args = { "nothing.yaml" } }, { .args = { "no/thing" } }, { .args = { "empty" } },
	{ .args = { "own" } }, { .args = { "own/bad" } }, { .args = { "own/four.yaml" } }, { .args = { "twice", "suites/uts/two.yaml" } },
	{ .args = { "suites/uts/one.yaml/x" } }, { .args = { "suites/uts/one.yaml", "suites/uts" } },
	{ .args = { "epsilon" }, .suites = { "own/four.yaml" } }, { .args = { "uts.one" }, .suites = { "own/uts" } },
	{ .args = { "uts.one" }, .suites = { "own/uts", "suites/uts" } }, { .args = { "own/uts", "uts.one" }, .suites = { "suites" } },
	{ .suites = { "own/uts" } }, { .suites = { "nothing" } }, { .suites = { "empty" } }, { .args = { "uts" }, .suites = { "empty" } },
	{ .exclude = { "uts" } }, { .args = { "uts" }, .exclude = { "uts.one.beta" } }, { .args = { "uts.one" }, .exclude = { "uts.*" } },
	{ .args = { "uts.one" }, .exclude = { "uts.*" }, .part = true }, { .args = { "uts.one" }, .exclude = { "uts.nothing" } },
	{ .exclude = { "suites/ipc", "@slow" } }, { .args = { "uts.one" }, .exclude = { "nothing/at/all" } },
	{ .args = { "ipc" }, .exclude = { "uts.one" } },
	{ .skip_files = { "skip" } }, { .skip_files = { "skip-good" } }, { .skip_files = { "skip-nothing" } }, { .skip_files = { "missing" } },
	{ .args = { "uts.one" }, .controls = true, .exclude = { "*.control.*" } },
	{ .args = { "uts.one" }, .runtime = "crun" }, { .args = { "uts.two" }, .runtime = "crun" },
	{ .args = { "uts.one.alpha" }, .runtime = "crun" }, { .exclude = { "uts.one.alpha" }, .runtime = "crun" },
	{ .args = { "uts.one.nothing" }, .runtime = "crun" },
};

static int said; /* what takes the place of stderr */

static void show_strs(struct text *t, const char *before, const char *const *words)
{
	for (; *words; words++)
		text_printf(t, "%s '%s'", before, *words);
}

static struct strs strs_of(const char *const *words)
{
	struct strs list = { .v = (const char **)words };

	while (words[list.n])
		list.n++;
	return list;
}

static void show_suites(struct text *t, const struct selection *s)
{
	for (size_t i = 0; i < s->n_suites; i++)
		text_printf(t, "  %s in %s%s\n", s->suites[i]->name, s->suites[i]->place, s->suites[i]->own ? " (own)" : "");
}

static void select_line(struct pool *pool, struct text *t, size_t i)
{
	AUTO_SELECTION s = { 0 };
	struct problems problems = { .pool = pool };
	const struct narrowing narrow = {
		.suites = strs_of(lines[i].suites), .exclude = strs_of(lines[i].exclude), .skip_files = strs_of(lines[i].skip_files),
	};
	struct plan plan = { .pool = pool };

	show_strs(t, "", lines[i].args);
	show_strs(t, " --suites", lines[i].suites);
	show_strs(t, " --exclude", lines[i].exclude);
	show_strs(t, " --skip-file", lines[i].skip_files);
	text_printf(t, "%s%s\n", lines[i].runtime ? " --runtime " : "", lines[i].runtime ? lines[i].runtime : "");
	if (lines[i].runtime)
		plan.runtime = runtime_load(pool, lines[i].runtime, &problems);
	bool loaded = select_load_narrow(&s, pool, (char *const *)lines[i].args, &narrow);

	s.part = lines[i].part;
	bool planned = loaded && select_plan(&s, &plan, lines[i].controls);

	show_suites(t, &s);
	text_printf(t, "  %s, %zu patterns\n", planned ? "planned" : loaded ? "loaded" : "refused", s.n_patterns);
	for (size_t k = 0; planned && k < plan.n; k++)
		text_printf(t, "  %s\n", cell_name(pool, &plan.cells[k]));
	if (planned && plan.empty)
		text_printf(t, "  none: %s\n", plan.empty);
}

/* What has been said on stderr since. */
static void show_said(struct pool *pool, struct text *t)
{
	off_t len = lseek(said, 0, SEEK_CUR);
	char *text = pool_alloc(pool, (size_t)len + 1);

	if (pread(said, text, (size_t)len, 0) == len)
		text_puts(t, text);
	if (ftruncate(said, 0) < 0 || lseek(said, 0, SEEK_SET) < 0)
		text_puts(t, "?\n");
}

static void put_files(struct pool *pool, const char *dir)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = pool_printf(pool, "%s/%s", dir, files[i].path);

		for (char *c = path + strlen(dir) + 1; (c = strchr(c, '/')); *c++ = '/') {
			*c = '\0';
			mkdir(path, 0777);
		}
		FILE *f = fopen(path, "we");

		ok(f && fputs(files[i].text, f) >= 0 && !fclose(f), "%s", files[i].path);
	}
}

static void remove_files(struct pool *pool, const char *dir)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = pool_printf(pool, "%s/%s", dir, files[i].path);

		unlink(path);
		for (char *c; (c = strrchr(path, '/')) > path + strlen(dir);) {
			*c = '\0';
			rmdir(path);
		}
	}
	unlink(pool_printf(pool, "%s/suites/clauses", dir));
	unlink(pool_printf(pool, "%s/fixtures", dir));
	rmdir(pool_printf(pool, "%s/suites", dir));
	rmdir(dir);
}

static const struct {
	const char *text;
	int seed;
} seeds[] = {
	{ "1", 1 }, { "77", 77 }, { "2147483647", 2147483647 }, { "2147483648", 0 }, { "0", 0 }, { "-1", 0 }, { "", 0 }, { "1x", 0 },
	{ "x", 0 }, { "99999999999999999999999", 0 },
};

int main(void)
{
	AUTO_POOL pool = { 0 };
	char top[4096], dir[] = "/tmp/nsconform-select-XXXXXX";
	const char *tmp = getenv("TMPDIR");
	char *root = tmp ? pool_printf(&pool, "%s/select-XXXXXX", tmp) : dir;
	struct text t = { .pool = &pool };
	int err = dup(STDERR_FILENO);

	for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++)
		ok(seed_read(seeds[i].text) == seeds[i].seed, "the seed '%s' is %d", seeds[i].text, seeds[i].seed);
	ok(seed_read("random") >= 1, "a seed by chance is one");
	said = memfd_create("stderr", MFD_CLOEXEC);
	if (!getcwd(top, sizeof(top)) || !mkdtemp(root) || said < 0)
		return 1;
	put_files(&pool, root);
	ok(!symlink(pool_printf(&pool, "%s/suites/clauses", top), pool_printf(&pool, "%s/suites/clauses", root)) &&
	   !symlink(pool_printf(&pool, "%s/fixtures", top), pool_printf(&pool, "%s/fixtures", root)) && !chdir(root) &&
	   !setenv("NSCONFORM_DATA", ".", 1), "a tree of its own");
	dup2(said, STDERR_FILENO);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		select_line(&pool, &t, i);
		show_said(&pool, &t);
	}
	dup2(err, STDERR_FILENO);
	close(err);
	if (!chdir(top))
		golden("tests/golden/loaded/select.txt", t.s);
	remove_files(&pool, root);
	return done();
}
