// SPDX-License-Identifier: GPL-2.0-only
/*
 * Versions and ranges of them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "load/release.h"

enum { PART_MAX = 999, MAJOR_MAX = 99 };

bool version_parse(const char *text, struct version *v)
{
	*v = (struct version){ 0 };
	for (int i = 0; i < 3 && isdigit((unsigned char)*text); i++) {
		char *end;

		v->n[i] = strtol(text, &end, 10);
		/* What follows a hyphen ("-rc3", "-cloud") is no number of the release. */
		text = *end && *end != '-' ? end + 1 : "";
	}
	return v->n[0] || v->n[1] || v->n[2];
}

bool release_is_exact(const char *text)
{
	for (int i = 0; i < 3; i++) {
		size_t digits = strspn(text, "0123456789");

		if (!digits || digits > 3)
			return false;
		text += digits;
		if (!*text)
			return true;
		if (*text++ != '.')
			return false;
	}
	return false;
}

int version_compare(const struct version *a, const struct version *b)
{
	for (int i = 0; i < 3; i++)
		if (a->n[i] != b->n[i])
			return a->n[i] < b->n[i] ? -1 : 1;
	return 0;
}

int release_parse(const char *text)
{
	struct version v;

	if (!version_parse(text, &v) || v.n[0] > MAJOR_MAX || v.n[1] > PART_MAX)
		return 0;
	return (int)RELEASE(v.n[0], v.n[1], v.n[2] < PART_MAX ? v.n[2] : PART_MAX);
}

int release_of_kernel(const char *release, const char *text)
{
	int named = release_parse(release);

	if (named % 1000)
		return named;
	while (text && *text) {
		int other = release_parse(text);

		if (other > named && other / 1000 == named / 1000)
			return other;
		text += strcspn(text, " \n");
		text += strspn(text, " \n");
	}
	return named;
}

struct version release_version(int release)
{
	return (struct version){ { release / 1000000, release / 1000 % 1000, release % 1000 } };
}

const char *version_text(struct pool *pool, const struct version *v)
{
	return pool_printf(pool, v->n[2] ? "%ld.%ld.%ld" : "%ld.%ld", v->n[0], v->n[1], v->n[2]);
}

const char *release_text(struct pool *pool, int release)
{
	struct version v = release_version(release);

	return version_text(pool, &v);
}

static bool same_branch(const struct version *a, const struct version *b)
{
	return a->n[0] == b->n[0] && a->n[1] == b->n[1];
}

bool version_fixed(const struct version *fixed, size_t n, const struct version *v)
{
	for (size_t i = 0; i < n; i++)
		if (version_compare(v, &fixed[i]) >= 0 &&
		    (!fixed[i].n[2] || same_branch(v, &fixed[i])))
			return true;
	return false;
}

const char *version_fixed_check(const struct version *fixed, size_t n, size_t *at)
{
	for (*at = 1; *at < n; ++*at) {
		const struct version *before = &fixed[*at - 1];

		if (version_compare(&fixed[*at], before) <= 0)
			return "expected releases in ascending order";
		if (same_branch(&fixed[*at], before))
			return "stands for a branch that is listed already";
		if (!before->n[2])
			return "the release before it, as first of its branch, says so already";
	}
	return NULL;
}
