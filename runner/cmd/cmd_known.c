// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform known: lists known issues, and lints them.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/known_plans.h"
#include "cmd/shared_options.h"
#include "nsc/json.h"

struct known_options {
	bool json, check;
	int release; /* of Linux, or 0 */
	struct narrowing narrowing;
};

/* "6.1 up to 6.1.190, 6.12.117 and 7.0" */
static const char *range_text(struct pool *pool, const struct known *k)
{
	const char *text = pool_printf(pool, "%s from %s on", k->runtime ? k->runtime : "Linux",
				       k->since_text);

	for (size_t i = 0; i < k->n_fixed; i++)
		text = pool_printf(pool, "%s%s %s", text, i ? "," : ", fixed in",
				   k->fixed_texts[i]);
	return text;
}

static void print_text(struct pool *pool, const struct known_list *list, const struct known *k)
{
	printf("%s\n", k->id);
	for (size_t i = 0; i < k->cells.n; i++)
		printf("  %-10s%s\n", i ? "" : "cells", k->cells.v[i]);
	printf("  %-10s%s\n", "range", range_text(pool, k));
	if (k->expires)
		printf("  %-10s%s%s\n", "expires", k->expires,
		       known_expired(list, k) ? " (it has)" : "");
	printf("  %-10s%s\n", "link", k->link ? k->link : "-");
	printf("  %-10s%s:%d\n", "at", k->at.file, k->at.line);
}

static void put_texts(struct pool *pool, struct value *map, const char *key, const char *const *v,
		      size_t n)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < n; i++)
		value_push(pool, list, value_str(pool, v[i]));
	value_put(pool, map, key, list);
}

static void put_text(struct pool *pool, struct value *map, const char *key, const char *text)
{
	if (text)
		value_put(pool, map, key, value_str(pool, text));
}

static struct value *describe(struct pool *pool, const struct known_list *list,
			      const struct known *k)
{
	struct value *map = value_map(pool);

	put_text(pool, map, "id", k->id);
	put_texts(pool, map, "cells", k->cells.v, k->cells.n);
	put_text(pool, map, "runtime", k->runtime);
	put_text(pool, map, "since", k->since_text);
	put_texts(pool, map, "fixed", k->fixed_texts, k->n_fixed);
	put_text(pool, map, "link", k->link);
	put_text(pool, map, "reference", k->reference);
	put_text(pool, map, "evidence", k->evidence);
	put_text(pool, map, "expires", k->expires);
	value_put(pool, map, "expired", value_bool(pool, known_expired(list, k)));
	put_text(pool, map, "at", pool_printf(pool, "%s:%d", k->at.file, k->at.line));
	return map;
}

/* RELEASE is 0, or the release that has those which are printed. */
static void print_all(struct pool *pool, const struct known_list *list, int release, bool json)
{
	struct value *all = value_list(pool);

	for (size_t i = 0; i < list->n; i++)
		if (release && !known_covers(&list->v[i], release, NULL))
			continue;
		else if (json)
			value_push(pool, all, describe(pool, list, &list->v[i]));
		else
			print_text(pool, list, &list->v[i]);
	if (json)
		puts(json_text(pool, all));
}

/* Why a release that is not before `since` has not got the issue: "repaired in 6.12.117". */
static const char *repair_text(struct pool *pool, const struct known *k, const struct version *v)
{
	for (size_t i = 0; i < k->n_fixed; i++)
		if (version_fixed(&k->fixed[i], 1, v))
			return pool_printf(pool, "repaired in %s", k->fixed_texts[i]);
	return "";
}

/* A line for each of the kernel's: whether that release has it, and by which row of its range. */
static void print_standing(struct pool *pool, const struct known_list *list, int release)
{
	struct version v = release_version(release);
	const char *text = release_text(pool, release);

	for (size_t i = 0; i < list->n; i++) {
		const struct known *k = &list->v[i];

		if (k->runtime)
			continue;
		if (version_compare(&v, &k->since) < 0)
			printf("%s: not in %s: only since %s\n", k->id, text, k->since_text);
		else if (known_covers(k, release, NULL))
			printf("%s: in %s: %s\n", k->id, text, known_range(pool, k));
		else
			printf("%s: not in %s: %s\n", k->id, text, repair_text(pool, k, &v));
	}
}

static int check(struct pool *pool, const struct known_list *list,
		 const struct narrowing *narrowing)
{
	AUTO_SELECTION selection = { 0 };
	struct problems problems = { .pool = pool };
	struct known_lint lint;

	if (!select_load_narrow(&selection, pool, (char *[]){ NULL }, narrowing))
		return EXIT_USAGE;
	known_lint_begin(&lint, pool, list, &problems);
	known_plans(&lint, &selection, true);
	known_lint_end(&lint);
	problems_print(&problems, stdout);
	return problems.n ? EXIT_FAILED : EXIT_GOOD;
}

static int run(struct invocation *in)
{
	const struct known_options *o = in->options;
	const struct strs paths = { (const char **)in->operands, (size_t)in->n };
	struct problems problems = { .pool = in->pool };
	struct known_list list = { 0 };

	if (in->n)
		known_load(in->pool, &paths, &list, &problems);
	else
		known_load_shipped(in->pool, &paths, &list, &problems);
	problems_print(&problems, stderr);
	if (problems.n)
		return EXIT_USAGE;
	if (o->check && o->release)
		print_standing(in->pool, &list, o->release);
	if (o->check)
		return check(in->pool, &list, &o->narrowing);
	print_all(in->pool, &list, o->release, o->json);
	return EXIT_GOOD;
}

static const char *take_release(struct pool *pool, void *target, const char *value)
{
	if (!release_is_exact(value))
		return pool_printf(pool, "--release takes %s, not %s",
				   argument_kinds[ARGUMENT_RELEASE].doc, value);
	*(int *)target = release_parse(value);
	return NULL;
}

static const struct option_row rows[] = {
	{ .name = "check", OPTION_FLAG(struct known_options, check), .not_with = "json",
	  .help = "list what is wrong with them instead: no scenario has such a cell, two cover the same "
		  "failure, it has expired, it has no link, it is not clear which expectation is meant" },
	{ .name = "release", .argument = ARGUMENT_RELEASE, .take = take_release,
	  .at = OPTION_AT(struct known_options, release, int),
	  .help = "only those that this release of Linux has; with --check a line for each of the kernel's, "
		  "which says whether it has it, and why" },
	{ .name = "suites", .argument = ARGUMENT_PATH, .take = option_text, .repeats = true,
	  .at = OPTION_AT(struct known_options, narrowing.suites, struct strs), .needs = "check",
	  .help = "of which suites the cells are, in place of those that come with nsconform; may be "
		  "repeated" },
	{ 0 }
};
static const struct option_group group = { "options", rows };

static const struct option_use uses[] = {
	{ &group, 0 }, { &json_options, offsetof(struct known_options, json) }, { 0 }
};

static const struct example examples[] = {
	{ "known", "id, cells, range, expiry and link of those that come with nsconform" },
	{ "known --check ours/known.yaml", "before it is given to run --known" },
	{ "known --check --release 6.12.117",
	  "which of them a kernel of that release has, and why" },
	{ 0 }
};

static const struct exit_meaning statuses[] = {
	{ "0", "success" },
	{ "1", "--check has found something" },
	STATUS_USAGE,
	STATUS_BROKEN,
	{ 0 }
};

const struct command command_known = {
	.name = "known", .purpose = "List known issues, or what is wrong with them",
	.operands = { ARGUMENT_PATH, 0, 0, "files of known issues, and directories of them; when none is "
					   "given, those that come with nsconform" },
	.options = uses, .options_size = sizeof(struct known_options), .examples = examples,
	.statuses = statuses, .run = run,
};
