// SPDX-License-Identifier: GPL-2.0-only
/*
 * KernelCI's submissions (KCIDB): version 5.3 of the schema in github.com/kernelci/kcidb-io. A cell
 * is a test, whose path is its name; known issues are issues, with an incident for each cell that
 * shows one or, against what is listed, does not.
 */
#include <stdlib.h>
#include <string.h>

#include "export/cells.h"
#include "export/export.h"
#include "nsc/json.h"
#include "nsc/sha256.h"
#include "nsc/text.h"

/* Characters that a log excerpt may have; here bytes, of which there are no fewer. */
enum { EXCERPT_MAX = 16384, ISSUE_VERSION = 1 };

const struct symbol kcidb_statuses[] = {
	{ "PASS", VERDICT_PASS, NULL },
	{ "FAIL", VERDICT_FAIL, NULL },
	{ "SKIP", VERDICT_SKIP, NULL },
	{ "FAIL", VERDICT_KNOWN, "with an issue, and an incident that says that it is present" },
	{ "PASS", VERDICT_XPASS, "with an incident that says that the issue is not" },
	{ "ERROR", VERDICT_BROKEN, NULL },
	{ "MISS", EXPORT_MISSED, NULL },
	{ 0 }
};

struct kcidb {
	FILE *out;
	struct pool *pool;
	const struct ran *ran;
	const char *origin;
	const char *build; /* that somebody else has described, or NULL */
	size_t objects;	   /* in the list that is being written */
};

/* What a variable says; an empty one is none. */
static const char *unless_empty(const char *text)
{
	return text && *text ? text : NULL;
}

static const char *given_origin(void)
{
	return unless_empty(getenv("KCIDB_ORIGIN"));
}

static const char *given_build(void)
{
	return unless_empty(getenv("KCIDB_BUILD_ID"));
}

/* Letters that the name of a CI may have. */
static size_t origin_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

const char *kcidb_unready(struct pool *pool)
{
	const char *origin = given_origin(), *build = given_build();
	size_t len = build ? origin_length(build) : 0;

	if (origin && origin[origin_length(origin)])
		return pool_printf(pool, "KCIDB_ORIGIN takes the name of a CI in small letters, "
				   "digits and _, not %s", origin);
	if (build && (!len || build[len] != ':'))
		return pool_printf(pool, "KCIDB_BUILD_ID takes the id of a build, such as maestro:1234, "
				   "not %s", build);
	return NULL;
}

/* A member after the first of an object; TEXT may be NULL. */
static void put(const struct kcidb *k, struct pool *pool, const char *key, const char *text)
{
	if (text)
		fprintf(k->out, ", \"%s\": %s", key, json_string(pool, text));
}

static void begin_object(struct kcidb *k, struct pool *pool, const char *id)
{
	fprintf(k->out, "%s\n  {\"id\": %s", k->objects++ ? "," : "", json_string(pool, id));
	put(k, pool, "origin", k->origin);
}

static void begin_list(struct kcidb *k, const char *name)
{
	fprintf(k->out, ",\n\"%s\": [", name);
	k->objects = 0;
}

static void end_list(struct kcidb *k)
{
	fputs("\n]", k->out);
}

/* The same for every run of one kernel. */
static const char *build_of(const struct kcidb *k, struct pool *pool, const struct run_record *run)
{
	const char *const parts[] = { run->kernel, run->kernel_version, run->machine,
				      run->image_sha256 };
	struct sha256 h;

	if (k->build)
		return k->build;
	sha256_begin(&h);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		sha256_add(&h, parts[i] ? parts[i] : "", parts[i] ? strlen(parts[i]) : 0);
		sha256_add(&h, "\n", 1);
	}
	return pool_printf(pool, "%s:kernel-%s", k->origin, sha256_end(pool, &h));
}

static void put_build(struct kcidb *k, const struct run_record *run)
{
	AUTO_POOL pool = { 0 };
	const char *id = build_of(k, &pool, run);
	struct value *misc = value_map(&pool);

	begin_list(k, "checkouts");
	begin_object(k, &pool, id);
	put(k, &pool, "comment", run->kernel);
	fputc('}', k->out);
	end_list(k);
	begin_list(k, "builds");
	begin_object(k, &pool, id);
	put(k, &pool, "checkout_id", id);
	put(k, &pool, "comment", run->kernel_version);
	put(k, &pool, "architecture", run->machine);
	if (run->image_sha256)
		value_put(&pool, misc, "image_sha256", value_str(&pool, run->image_sha256));
	if (run->config_source)
		value_put(&pool, misc, "config_source", value_str(&pool, run->config_source));
	fprintf(k->out, ", \"misc\": %s}", json_text(&pool, misc));
	end_list(k);
}

/* RUN may be that of before there were ids. */
static const char *test_id(const struct kcidb *k, struct pool *pool, const char *run,
			   const char *cell)
{
	return pool_printf(pool, "%s:nsconform/%s/%s", k->origin, run ? run : k->ran->dir, cell);
}

static const char *or_unknown(const char *text)
{
	return text ? text : "?";
}

static void begin_test(struct kcidb *k, struct pool *pool, const struct run_record *run,
		       const char *run_id, const char *cell, int64_t verdict)
{
	static const struct run_record none;
	const struct run_record *r = run ? run : &none;

	begin_object(k, pool, test_id(k, pool, run_id, cell));
	put(k, pool, "build_id", build_of(k, pool, r));
	put(k, pool, "path", cell);
	put(k, pool, "status", symbol_of(kcidb_statuses, verdict)->name);
	fprintf(k->out, ", \"environment\": {\"comment\": %s}", json_string(pool, pool_printf(
		pool, "%s on %s%s%s%s%s%s", or_unknown(r->distribution), or_unknown(r->kernel),
		r->runtime ? ", " : "", r->runtime ? r->runtime : "",
		r->runtime_version ? " " : "", r->runtime_version ? r->runtime_version : "",
		r->image ? ", virtual machine" : "")));
}

static const char *excerpt(struct pool *pool, const struct record *c)
{
	const char *text = pool_printf(pool, "%s%s%s", cell_story(pool, c),
				       cell_attempts_text(pool, c), cell_log(pool, c));

	return pool_strndup(pool, text, strnlen(text, EXCERPT_MAX));
}

static const struct value *first_attempts(struct pool *pool, const struct value *all)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < all->list.n && i < ATTEMPTS_SHOWN; i++)
		value_push(pool, list, all->list.items[i]);
	return list;
}

static void put_misc(const struct kcidb *k, struct pool *pool, const struct record *c)
{
	static const char *const told[] = {
		"scenario", "kind", "clauses", "at", "reason", "remedy", "expected", "seen",
		"flaky", "again",
	};
	const struct value *map = record_value(pool, cell_record_fields, c);
	struct value *misc = value_map(pool);

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
		if (said(map, told[i]))
			value_put(pool, misc, told[i], (struct value *)said(map, told[i]));
	/* Of the others it is the only one. */
	if (c->attempts) {
		value_put(pool, misc, "attempts",
			  (struct value *)first_attempts(pool, c->attempts));
		value_put(pool, misc, "attempt", value_int(pool, c->attempt));
	}
	fprintf(k->out, ", \"misc\": %s", json_text(pool, misc));
}

static void put_test(struct kcidb *k, const struct record *c)
{
	AUTO_POOL pool = { 0 };
	const char *why = cell_why(&pool, c);

	begin_test(k, &pool, cell_run(k->ran, c), c->run, c->cell, c->verdict);
	put(k, &pool, "comment", *why ? why : NULL);
	put(k, &pool, "start_time", c->started);
	if (c->took_ns >= 0)
		fprintf(k->out, ", \"duration\": %s", cell_seconds(&pool, c->took_ns, 6));
	if ((c->verdict != VERDICT_PASS && c->verdict != VERDICT_SKIP) || c->flaky)
		put(k, &pool, "log_excerpt", excerpt(&pool, c));
	put_misc(k, &pool, c);
	fputc('}', k->out);
}

/* The run that the cells of a plan are missed in. */
static const struct run_record *unended(const struct ran *ran)
{
	for (size_t i = 0; i < ran->n_runs; i++)
		if (run_unended(&ran->runs[i]))
			return &ran->runs[i];
	return NULL;
}

static void put_missed(struct kcidb *k)
{
	const struct run_record *run = unended(k->ran);

	for (size_t i = 0; i < k->ran->missed.n; i++) {
		AUTO_POOL pool = { 0 };

		begin_test(k, &pool, run, run ? run->run : NULL, k->ran->missed.v[i],
			   EXPORT_MISSED);
		put(k, &pool, "comment", pool_printf(&pool, "the run is not complete: %s",
						     or_unknown(ran_unended(k->ran))));
		fputc('}', k->out);
	}
}

static bool about_issue(const struct record *c)
{
	return c->verdict == VERDICT_KNOWN || c->verdict == VERDICT_XPASS;
}

static const char *issue_id(const struct kcidb *k, struct pool *pool, const struct record *c)
{
	return pool_printf(pool, "%s:nsconform-%s", k->origin, cell_issue(c));
}

/* Where it is described in the web, or NULL. */
static const char *report_url(struct pool *pool, const char *reference)
{
	const char *url = reference ? strstr(reference, "https://") : NULL;

	url = url || !reference ? url : strstr(reference, "http://");
	return url ? pool_strndup(pool, url, strcspn(url, " \t\n<>\"")) : NULL;
}

static void put_issue(struct kcidb *k, const struct record *c)
{
	AUTO_POOL pool = { 0 };

	begin_object(k, &pool, issue_id(k, &pool, c));
	fprintf(k->out, ", \"version\": %d", ISSUE_VERSION);
	put(k, &pool, "report_url", report_url(&pool, c->link ? c->link : c->reference));
	put(k, &pool, "report_subject", cell_issue(c));
	put(k, &pool, "comment", c->reference);
	fputs(", \"culprit\": {\"code\": true, \"tool\": false, \"harness\": false}}", k->out);
}

/* Each once, by the first of its cells. */
static void put_issues(struct kcidb *k, const struct record **cells)
{
	const char **seen = pool_array(k->pool, const char *, k->ran->n + 1);
	size_t n = 0;

	begin_list(k, "issues");
	for (size_t i = 0; i < k->ran->n; i++) {
		bool known = !about_issue(cells[i]);

		for (size_t s = 0; s < n && !known; s++)
			known = !strcmp(seen[s], cell_issue(cells[i]));
		if (known)
			continue;
		seen[n++] = cell_issue(cells[i]);
		put_issue(k, cells[i]);
	}
	end_list(k);
}

static void put_incident(struct kcidb *k, const struct record *c)
{
	AUTO_POOL pool = { 0 };
	const char *id = pool_printf(&pool, "%s/%s", test_id(k, &pool, c->run, c->cell),
				     cell_issue(c));

	begin_object(k, &pool, id);
	put(k, &pool, "issue_id", issue_id(k, &pool, c));
	fprintf(k->out, ", \"issue_version\": %d", ISSUE_VERSION);
	put(k, &pool, "test_id", test_id(k, &pool, c->run, c->cell));
	fprintf(k->out, ", \"present\": %s}", c->verdict == VERDICT_KNOWN ? "true" : "false");
}

void export_kcidb(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	const struct record **cells = ran_by_name(pool, runs);
	const char *origin = given_origin();
	struct kcidb k = {
		.out = out, .pool = pool, .ran = runs, .origin = origin ? origin : "nsconform",
		.build = given_build(),
	};

	(void)n;
	fputs("{\"version\": {\"major\": 5, \"minor\": 3}", out);
	/* The parts of a run are all of one kernel. */
	if (!k.build && runs->n_runs)
		put_build(&k, &runs->runs[0]);
	begin_list(&k, "tests");
	for (size_t i = 0; i < runs->n; i++)
		put_test(&k, cells[i]);
	put_missed(&k);
	end_list(&k);
	put_issues(&k, cells);
	begin_list(&k, "incidents");
	for (size_t i = 0; i < runs->n; i++)
		if (about_issue(cells[i]))
			put_incident(&k, cells[i]);
	end_list(&k);
	fputs("\n}\n", out);
}
