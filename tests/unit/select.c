// SPDX-License-Identifier: GPL-2.0-only
/*
 * What selectors take, in a small tree of suites of its own: a golden file with what each command line selects, and
 * what is said of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
/* A suite that does not matter but for its name and that of its scenario. */
#define SMALL(name, id) SUITE(name) SCENARIO(id, "", "{a: {}}", "uts.gethostname")
#define FIVE(text) text text text text text
#define FIFTY_BYTES FIVE("0123456789")

/* The working directory is DIR/tree. */
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
	{ "skip-good", "\xef\xbb\xbfuts.one.beta.x\nmm:test\ncab:test\nclause:uts.names\r\n" },
	{ "skip-nothing", "uts.one.nothing # why\n" },
	/* Near to a selector's prefix, without a word, and no path; more than there is room for at first. */
	{ "skip-odd", "\nta:x\ntag:\n  no/such/path\n" },
	{ "skip-many", FIVE(FIVE(FIVE("uts.one.beta\n"))) },
	/* Paths that begin as others do, but are not below them. */
	{ "suites-more/five.yaml", SMALL("more/five", "zeta") },
	{ "../tree-more/nine.yaml", SMALL("more/nine", "iota") },
	/* A suite's place is the end of its path that its name says, unless that is longer than the path. */
	{ "deep/suites/uts/six.yaml", SMALL("uts/six", "eta") },
	{ "deep/notes.txt", "no suite" },
	{ "long.yaml", SMALL("long/" FIVE(FIFTY_BYTES) FIVE(FIFTY_BYTES), "theta") },
	/* Other data: of a family without clauses, a scenario of the same name may be anywhere. */
	{ "other/suites/mine/seven.yaml", SMALL("mine/seven", "kappa") },
	{ "other/suites/uts/eight.yaml", SMALL("uts/eight", "mine") },
	{ "hollow/suites/README", "no suite" },
	/* With a control. */
	{ "ten.yaml", SUITE("mine/ten") SCENARIO("nu", "", "{a: {new: [uts]}}", "uts.gethostname") "        isolates: uts\n" },
	/* That cannot be read, or not looked at. */
	{ "locked/one.yaml", SMALL("locked/one", "lambda") },
	{ "blind/one.yaml", SMALL("blind/one", "mu") },
};

static const struct {
	const char *path, *to; /* the latter below the top directory, or as it is */
} links[] = {
	{ "suites/clauses", "suites/clauses" }, { "fixtures", "fixtures" },
	{ "other/suites/clauses", "suites/clauses" }, { "other/fixtures", "fixtures" },
	{ "loop", NULL },
};

static const struct {
	const char *path;
	mode_t mode;
} modes[] = { { "locked", 0 }, { "blind", 0444 } };

enum { WORDS = 6, MANY = 70 };

static const struct {
	const char *args[WORDS], *suites[3], *exclude[3], *skip_files[2], *runtime, *data;
	bool part, controls, inside, bound;
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
	/* A file that is named twice, and many. */
	{ .args = { "suites/uts/one.yaml", "./suites/uts" } }, { .args = { "many" } },
	/* Whether more is loaded than what is named. */
	{ .args = { "suites/uts/two.yaml" }, .suites = { "own/four.yaml" } },
	{ .args = { "suites/uts/two.yaml" }, .exclude = { "gamma" } },
	{ .args = { "suites/uts/two.yaml" }, .exclude = { "gamma" }, .suites = { "suites/ipc" } },
	{ .args = { "twice", "uts.two" } }, { .args = { "mine" }, .data = "other" },
	/* Where suites are, and whose. */
	{ .args = { "suites-more", "suites/uts/two.yaml" }, .exclude = { "suites" } }, { .args = { "../tree-more" } },
	{ .args = { "deep" } }, { .args = { "long.yaml" } }, { .args = { "own/four.yaml" }, .data = "nowhere" },
	{ .data = "hollow" },
	/* Paths that lead nowhere. */
	{ .args = { "loop/x" } }, { .args = { "suites/uts/README/x" } }, { .suites = { "suites/uts/README/x" } },
	{ .args = { "locked" }, .bound = true }, { .args = { "blind" }, .bound = true }, { .args = { ".yaml" } }, { .args = { "x.yaml" } },
	{ .skip_files = { "skip-odd" } }, { .skip_files = { "skip-many" } }, { .skip_files = { "skip-nul" } },
	/* What was meant. */
	{ .args = { "uts.one.bta" } }, { .args = { "gama" } }, { .args = { "call:clnoe3" } },
	{ .args = { "clause:uts.names.hostname-isolatd" } },
	/* What exists, but not in this plan. */
	{ .args = { "suites/ipc" }, .runtime = "crun" }, { .args = { "uts.one" }, .exclude = { "suites/ipc" }, .runtime = "crun" },
	{ .args = { "suites/ipc" }, .exclude = { "ipc" }, .runtime = "crun" },
	{ .args = { "ten.yaml" }, .exclude = { "*.control.*" } },
	{ .args = { "uts.one" }, .inside = true }, { .args = { "uts.two" }, .inside = true },
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

/* With the capabilities by which root reads what it may not, if it has them, or without. */
static void bind_to_modes(bool bound)
{
	static const unsigned caps = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH;
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return;
	data[0].effective &= ~caps;
	data[0].effective |= bound ? 0 : data[0].permitted & caps;
	syscall(SYS_capset, &header, data);
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
	text_printf(t, "%s%s", lines[i].runtime ? " --runtime " : "", lines[i].runtime ? lines[i].runtime : "");
	text_printf(t, "%s%s%s\n", lines[i].inside ? " --inside" : "", lines[i].data ? " of " : "",
		    lines[i].data ? lines[i].data : "");
	setenv("NSCONFORM_DATA", lines[i].data ? lines[i].data : ".", 1);
	plan.inside = lines[i].inside;
	if (lines[i].runtime)
		plan.runtime = runtime_load(pool, lines[i].runtime, &problems);
	bind_to_modes(lines[i].bound);
	bool loaded = select_load_narrow(&s, pool, (char *const *)lines[i].args, &narrow);

	bind_to_modes(false);

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

static bool put_file(struct pool *pool, const char *dir, const char *name, const char *text, size_t len)
{
	char *path = pool_printf(pool, "%s/tree/%s", dir, name);

	for (char *c = path + strlen(dir) + 1; (c = strchr(c, '/')); *c++ = '/') {
		*c = '\0';
		mkdir(path, 0777);
	}
	FILE *f = fopen(path, "we");

	return f && fwrite(text, 1, len, f) == len && !fclose(f);
}

/* One of many, which are not made in their order. */
static const char *name_of_many(struct pool *pool, int i)
{
	return pool_printf(pool, "many/%02d.yaml", i * 37 % MANY);
}

static void put_files(struct pool *pool, const char *dir, const char *top)
{
	static const char nul[] = "uts.one\n\0uts.two\n";
	bool good = true;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		ok(put_file(pool, dir, files[i].path, files[i].text, strlen(files[i].text)), "%s", files[i].path);
	for (int i = 0; i < MANY; i++) {
		const char *text = pool_printf(pool, SMALL("many/n%d", "s"), i * 37 % MANY);

		good &= put_file(pool, dir, name_of_many(pool, i), text, strlen(text));
	}
	ok(good && put_file(pool, dir, "skip-nul", nul, sizeof(nul)), "many, and one with a NUL");
	good = !chdir(pool_printf(pool, "%s/tree", dir));
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		good &= !symlink(links[i].to ? pool_printf(pool, "%s/%s", top, links[i].to) : links[i].path, links[i].path);
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		good &= !chmod(modes[i].path, modes[i].mode);
	ok(good, "a tree of its own");
}

static void remove_file(struct pool *pool, const char *dir, const char *name)
{
	char *path = pool_printf(pool, "%s/tree/%s", dir, name);

	unlink(path);
	for (char *c; (c = strrchr(path, '/')) > path + strlen(dir);) {
		*c = '\0';
		rmdir(path);
	}
}

static void remove_files(struct pool *pool, const char *dir)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		chmod(pool_printf(pool, "%s/tree/%s", dir, modes[i].path), 0755);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		remove_file(pool, dir, links[i].path);
	for (int i = 0; i < MANY; i++)
		remove_file(pool, dir, name_of_many(pool, i));
	remove_file(pool, dir, "skip-nul");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		remove_file(pool, dir, files[i].path);
	ok(!rmdir(dir), "nothing is left of it");
}

/* A working directory that has been removed is none that a place could be told from. */
static void select_from_nowhere(struct pool *pool, struct text *t, const char *dir)
{
	char *args[] = { pool_printf(pool, "%s/tree/own/four.yaml", dir), NULL };
	AUTO_SELECTION s = { 0 };

	setenv("NSCONFORM_DATA", pool_printf(pool, "%s/tree", dir), 1);
	ok(!mkdir("gone", 0777) && !chdir("gone") && !rmdir("../gone"), "a directory that is gone");
	text_puts(t, "nowhere\n");
	if (select_load(&s, pool, args))
		show_suites(t, &s);
	show_said(pool, t);
}

/* TEXT with DIR as $DIR, as that is another one each time. */
static const char *without_dir(struct pool *pool, const char *text, const char *dir)
{
	struct text t = { .pool = pool };

	for (const char *at; (at = strstr(text, dir)); text = at + strlen(dir)) {
		text_add(&t, text, (size_t)(at - text));
		text_puts(&t, "$DIR");
	}
	text_puts(&t, text);
	return t.s;
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

	for (size_t i = 0; i < sizeof(seeds) / sizeof(*seeds); i++) {
		/* Whatever has failed before. */
		errno = ERANGE;
		ok(seed_read(seeds[i].text) == seeds[i].seed, "the seed '%s' is %d", seeds[i].text, seeds[i].seed);
	}
	ok(seed_read("random") >= 1, "a seed by chance is one");
	said = memfd_create("stderr", MFD_CLOEXEC);
	if (!getcwd(top, sizeof(top)) || !mkdtemp(root) || said < 0)
		return 1;
	root = realpath(root, NULL);
	put_files(&pool, root, top);
	dup2(said, STDERR_FILENO);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		select_line(&pool, &t, i);
		show_said(&pool, &t);
	}
	select_from_nowhere(&pool, &t, root);
	dup2(err, STDERR_FILENO);
	close(err);
	if (!chdir(top))
		golden("tests/golden/loaded/select.txt", without_dir(&pool, t.s, root));
	remove_files(&pool, root);
	free(root);
	return done();
}
