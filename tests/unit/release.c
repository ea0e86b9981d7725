// SPDX-License-Identifier: GPL-2.0-only
/* Releases, versions, and which of them have a repair. */
#include <string.h>

#include "load/release.h"
#include "tap.h"

static const struct {
	const char *fixed[4], *version;
	bool is_fixed;
} cases[] = {
	/* The example of docs/known.md. */
	{ { "6.1.190", "6.12.117", "7.0" }, "5.10.240", false },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.1.189", false },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.1.190", true },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.1.250-cloud-amd64", true },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.2.0", false },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.6.999", false },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.12.116", false },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.12.117", true },
	{ { "6.1.190", "6.12.117", "7.0" }, "6.18.44", false },
	{ { "6.1.190", "6.12.117", "7.0" }, "7.0.0-rc1", true },
	{ { "6.1.190", "6.12.117", "7.0" }, "7.0.3", true },
	{ { "6.1.190", "6.12.117", "7.0" }, "8.2.1", true },
	/* Repaired in a stable branch alone. */
	{ { "6.12.117" }, "6.12.117", true },
	{ { "6.12.117" }, "6.18.44", false },
	{ { "6.12.117" }, "7.0", false },
	/* Repaired before any stable release had it; a third number of 0 is the branch itself. */
	{ { "6.10" }, "6.9.12", false },
	{ { "6.10" }, "6.10.0", true },
	{ { "6.10" }, "6.18.44", true },
	{ { "6.10.0" }, "6.11.1", true },
	/* Never. */
	{ { NULL }, "9.9", false },
	/* Runtimes: their versions have other numbers of numbers. */
	{ { "1.2.8", "1.3.3", "1.4.0" }, "1.1.5", false },
	{ { "1.2.8", "1.3.3", "1.4.0" }, "1.3.2", false },
	{ { "1.2.8", "1.3.3", "1.4.0" }, "1.4.0-rc.3", true },
	{ { "1.8.4", "1.9" }, "1.8.1", false },
	{ { "1.8.4", "1.9" }, "1.14.3", true },
	{ { "253" }, "252.39-1", false },
	{ { "253" }, "254", true },
};

static size_t parse(const char *const *texts, struct version *v)
{
	size_t n = 0;

	for (; n < 4 && texts[n]; n++)
		version_parse(texts[n], &v[n]);
	return n;
}

#define DESCENDING "expected releases in ascending order"
#define SAME_BRANCH "stands for a branch that is listed already"
#define SAID "the release before it, as first of its branch, says so already"

static const struct {
	const char *fixed[4], *wrong;
	size_t at;
} lists[] = {
	{ { "6.1.190", "6.12.117", "7.0" }, NULL, 0 },
	{ { "6.12.117", "6.1.190" }, DESCENDING, 1 },
	{ { "6.12.117", "6.12.117" }, DESCENDING, 1 },
	{ { "6.12.117", "6.12.118" }, SAME_BRANCH, 1 },
	{ { "6.12.117", "6.12" }, DESCENDING, 1 },
	{ { "6.12", "6.18.44" }, SAID, 1 },
	{ { "6.12", "7.0" }, SAID, 1 },
	{ { "6.1.190", "6.12.117", "7.0", "7.1" }, SAID, 3 },
};

static const struct {
	const char *text;
	long n[3];
} versions[] = {
	{ "1.2.3", { 1, 2, 3 } }, { "1.2.3.4", { 1, 2, 3 } }, { "1.2", { 1, 2, 0 } }, { "1", { 1, 0, 0 } }, { "0.0.7", { 0, 0, 7 } },
	{ "1.x2", { 1, 0, 0 } }, { "1.2-rc3", { 1, 2, 0 } }, { "1.2~rc3", { 1, 2, 0 } }, { "1:2", { 1, 2, 0 } }, { "10.11.12-13", { 10, 11, 12 } },
};

static const struct {
	const char *text;
	int release;
} releases[] = {
	{ "6.1", RELEASE(6, 1, 0) }, { "6.1.5", RELEASE(6, 1, 5) }, { "6.100.5", RELEASE(6, 100, 5) }, { "6.999.998", RELEASE(6, 999, 998) },
	{ "6.1.999", RELEASE(6, 1, 999) }, { "6.1.1000", RELEASE(6, 1, 999) }, { "6.1000", 0 }, { "99.1.5", RELEASE(99, 1, 5) }, { "100.1.5", 0 },
	{ "", 0 }, { "six", 0 }, { "0", 0 }, { "0.1", RELEASE(0, 1, 0) },
};

int main(void)
{
	struct version v, fixed[4];
	size_t at;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = parse(cases[i].fixed, fixed);

		version_parse(cases[i].version, &v);
		ok(version_fixed(fixed, n, &v) == cases[i].is_fixed, "%s is %srepaired, %zu listed",
		   cases[i].version, cases[i].is_fixed ? "" : "not ", n);
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		size_t n = parse(lists[i].fixed, fixed);

		const char *wrong = version_fixed_check(fixed, n, &at);

		ok(lists[i].wrong ? wrong && !strcmp(wrong, lists[i].wrong) && at == lists[i].at : !wrong, "list %zu: %s", i,
		   wrong ? wrong : "fine");
	}
	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		struct { struct version v; long behind; } parsed = { .behind = -1 };

		ok(version_parse(versions[i].text, &parsed.v) && !memcmp(parsed.v.n, versions[i].n, sizeof(parsed.v.n)) &&
		   parsed.behind == -1, "%s: %ld %ld %ld", versions[i].text, parsed.v.n[0], parsed.v.n[1], parsed.v.n[2]);
	}
	for (size_t i = 0; i < sizeof(releases) / sizeof(*releases); i++)
		ok(release_parse(releases[i].text) == releases[i].release, "%s: %d", releases[i].text, release_parse(releases[i].text));
	const struct { struct version v; long behind; } one = { { { 1, 2, 3 } }, 1 }, same = { { { 1, 2, 3 } }, 2 },
		later = { { { 1, 3, 0 } }, 0 };

	ok(version_compare(&one.v, &same.v) == 0 && version_compare(&one.v, &later.v) < 0 && version_compare(&later.v, &one.v) > 0,
	   "three numbers are compared");
	AUTO_POOL pool = { 0 };

	ok(!strcmp(release_text(&pool, RELEASE(6, 12, 117)), "6.12.117") && !strcmp(release_text(&pool, RELEASE(6, 12, 0)), "6.12"),
	   "in words");
	ok(!version_parse("soon", &v) && !version_parse("", &v), "what is no version");
	ok(release_is_exact("6.12.117") && release_is_exact("7.0") && release_is_exact("7") &&
	   !release_is_exact("6.12.117.5") && !release_is_exact("6.12-rc3") && !release_is_exact("6..1") &&
	   !release_is_exact("6.12, 6.18") && !release_is_exact("6.") && !release_is_exact("") &&
	   !release_is_exact("6.1234"), "what is a release and nothing else");
	ok(version_parse("0.0~20221219.0", &v) && v.n[2] == 20221219, "gVisor's versions");
	ok(release_version(release_parse("6.12.117")).n[2] == 117, "a release keeps its patch level");
	ok(release_of_kernel("6.1.0-57-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-1 (2026-11-02)") ==
	   RELEASE(6, 1, 192), "Debian's releases");
	ok(release_of_kernel("5.15.0-91-generic", "Ubuntu 5.15.0-91.101-generic 5.15.131\n") ==
	   RELEASE(5, 15, 131), "Ubuntu's");
	ok(release_of_kernel("6.12.117+deb12-cloud-amd64", "Debian 6.12.118-1") == RELEASE(6, 12, 117) &&
	   release_of_kernel("7.0.0-rc3", "#1 SMP 6.1.5") == RELEASE(7, 0, 0) &&
	   release_of_kernel("6.1.0", NULL) == RELEASE(6, 1, 0), "and others'");
	ok(release_of_kernel("6.1.0", "6.2.5 6.1.7") == RELEASE(6, 1, 7) && release_of_kernel("6.1.0", "\n  x 6.1.8\n6.1.9") == RELEASE(6, 1, 8) &&
	   release_of_kernel("6.1.0", "6.1 (6.1.3)") == RELEASE(6, 1, 0) && release_of_kernel("6.1.0", "") == RELEASE(6, 1, 0),
	   "the first word that says more");
	return done();
}
