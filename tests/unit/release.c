// SPDX-License-Identifier: GPL-2.0-only
/* Releases, versions, and which of them have a repair. */
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

static const struct {
	const char *fixed[4];
	bool good;
} lists[] = {
	{ { "6.1.190", "6.12.117", "7.0" }, true },
	{ { "6.12.117", "6.1.190" }, false },
	{ { "6.12.117", "6.12.118" }, false },
	{ { "6.12.117", "6.12" }, false },
	{ { "6.12", "6.18.44" }, false },
	{ { "6.12", "7.0" }, false },
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

		ok(!version_fixed_check(fixed, n, &at) == lists[i].good, "list %zu is %s", i,
		   lists[i].good ? "one" : "none");
	}
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
	return done();
}
