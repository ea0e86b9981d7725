// SPDX-License-Identifier: GPL-2.0-only
/*
 * JUnit XML, as Surefire writes it and CIs read it. There is no standard: what is written here is
 * valid by junit-10.xsd of Jenkins' xunit plugin, but for file and line of a test case, which
 * GitLab and editors want and that schema does not know; junit-10 leaves them out.
 */
#include <stdlib.h>
#include <string.h>

#include "export/cells.h"
#include "export/export.h"
#include "nsc/json.h"
#include "nsc/text.h"

const struct symbol junit_statuses[] = {
	{ "", VERDICT_PASS, NULL },
	{ "failure", VERDICT_FAIL, NULL },
	{ "skipped", VERDICT_SKIP, NULL },
	{ "skipped", VERDICT_KNOWN, "JUnit has no expected failures" },
	{ "", VERDICT_XPASS, NULL },
	{ "error", VERDICT_BROKEN, NULL },
	{ "error", EXPORT_MISSED, "one for all of them" },
	{ 0 }
};

struct junit {
	FILE *out;
	bool places; /* file and line of each test case */
};

/* Cells from .begin to .end are of one suite. */
struct sums {
	size_t begin, end;
	size_t failures, errors, skipped;
	int64_t took_ns;
	const char *started;
};

/* Characters that XML 1.0 does not have, and those that hide, are \xHH. */
static void put_text(FILE *out, const char *s, bool attribute)
{
	static const struct {
		char c;
		const char *text;
	} entities[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
	};

	for (size_t left = strlen(s); left;) {
		uint32_t code = 0;
		size_t n = utf8_decode(s, left, &code), len = n ? n : 1;
		const char *entity = NULL;

		for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
			if (*s == entities[i].c)
				entity = entities[i].text;
		if (entity)
			fputs(entity, out);
		else if ((n && text_printable(code)) || (!attribute && (*s == '\n' || *s == '\t')))
			fwrite(s, 1, len, out);
		else
			for (size_t i = 0; i < len; i++)
				fprintf(out, "\\x%02X", (unsigned char)s[i]);
		s += len;
		left -= len;
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	if (!value)
		return;
	fprintf(out, " %s=\"", name);
	put_text(out, value, true);
	fputc('"', out);
}

static void put_element(FILE *out, const char *name, const char *text)
{
	if (!*text)
		return;
	fprintf(out, "<%s>", name);
	put_text(out, text, false);
	fprintf(out, "</%s>\n", name);
}

static const char *status_of(enum verdict_kind kind)
{
	return symbol_of(junit_statuses, kind)->name;
}

/* What fails a run by --fail-on fails it here, too: readers have no other word for that. */
static const char *cell_status(const struct record *c)
{
	return status_of(c->fail_on ? VERDICT_FAIL : c->verdict);
}

static void put_count(struct pool *pool, FILE *out, const char *name, size_t n)
{
	put_attribute(out, name, pool_printf(pool, "%zu", n));
}

/* Whether there is something that readers of a passing test want to know. */
static bool quiet(const struct record *c)
{
	return c->verdict == VERDICT_PASS && !c->tried_again && !c->attempts && !c->own_log.n &&
	       !c->log.n;
}

/*
 * What Surefire has for attempts that did not pass: flaky ones beside one that did, else further
 * ones. Where the test is skipped they have no element.
 */
static const char *attempt_element(const struct record *c, enum verdict_kind attempt)
{
	static const struct {
		const char *status, *flaky, *again;
	} elements[] = {
		{ "failure", "flakyFailure", "rerunFailure" },
		{ "error", "flakyError", "rerunError" },
	};
	const char *status = cell_status(c);

	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
		if (!strcmp(status_of(attempt), elements[i].status))
			return !*status ? elements[i].flaky :
			       strcmp(status, "skipped") ? elements[i].again : NULL;
	return NULL;
}

/* One for each attempt, of many the first ones: the text has their number. */
static void put_attempts(const struct junit *j, struct pool *pool, const struct record *c)
{
	size_t n, shown = 0;
	const struct cell_attempt *v = cell_attempts(pool, c, &n);

	for (size_t i = 0; i < n; i++) {
		const char *name = attempt_element(c, v[i].verdict);
		int64_t times = name ? v[i].times : 0;

		for (; times > 0 && shown < ATTEMPTS_SHOWN; times--, shown++) {
			fprintf(j->out, "<%s", name);
			put_attribute(j->out, "type", verdict_name(v[i].verdict));
			put_attribute(j->out, "message", v[i].message ? v[i].message : "");
			fprintf(j->out, "/>\n");
		}
	}
}

static void put_outcome(const struct junit *j, struct pool *pool, const struct record *c)
{
	const char *status = cell_status(c);

	if (*status) {
		fprintf(j->out, "<%s", status);
		put_attribute(j->out, "type", verdict_name((enum verdict_kind)c->verdict));
		put_attribute(j->out, "message", cell_why(pool, c));
		fputc('>', j->out);
		put_text(j->out, cell_story(pool, c), false);
		fprintf(j->out, "</%s>\n", status);
	}
	put_attempts(j, pool, c);
	put_element(j->out, "system-out",
		    pool_printf(pool, "%s%s%s%s\n", cell_attempts_text(pool, c),
				cell_log(pool, c), c->again ? "again: " : "",
				c->again ? c->again : ""));
}

static void put_case(const struct junit *j, const char *suite, const struct record *c)
{
	AUTO_POOL pool = { 0 };
	const char *colon = c->at ? strrchr(c->at, ':') : NULL;

	fputs("<testcase", j->out);
	put_attribute(j->out, "classname", suite);
	put_attribute(j->out, "name", c->cell);
	put_attribute(j->out, "time", cell_seconds(&pool, c->took_ns, 6));
	if (j->places && c->at)
		put_attribute(j->out, "file", colon ?
			      pool_strndup(&pool, c->at, (size_t)(colon - c->at)) : c->at);
	if (j->places && colon)
		put_attribute(j->out, "line", colon + 1);
	if (quiet(c)) {
		fputs("/>\n", j->out);
		return;
	}
	fputs(">\n", j->out);
	put_outcome(j, &pool, c);
	fputs("</testcase>\n", j->out);
}

/* All that the run's record says, but for what the suites say themselves. */
static void put_properties(FILE *out, struct pool *pool, const struct run_record *run)
{
	const struct value *map = run ? record_value(pool, run_record_fields, run) : NULL;

	if (!map)
		return;
	fputs("<properties>\n", out);
	for (const struct field *f = run_record_fields; f->type != FIELD_END; f++) {
		const struct value *v = said(map, f->name);

		if (!v || f->type == FIELD_ANY || (v->type == VALUE_LIST && !v->list.n))
			continue;
		fputs("<property", out);
		put_attribute(out, "name", f->name);
		put_attribute(out, "value", f->type == FIELD_STRS ?
			      strs_join(pool, (const struct strs *)((const char *)run + f->offset),
					" ") :
			      value_text(v) ? value_text(v) : json_text(pool, v));
		fputs("/>\n", out);
	}
	fputs("</properties>\n", out);
}

static void add(struct sums *s, const struct record *c)
{
	const char *status = cell_status(c);

	s->failures += !strcmp(status, "failure");
	s->errors += !strcmp(status, "error");
	s->skipped += !strcmp(status, "skipped");
	s->took_ns += c->took_ns > 0 ? c->took_ns : 0;
	if (c->started && (!s->started || strcmp(c->started, s->started) < 0))
		s->started = c->started;
	s->end++;
}

static struct sums sums_of(const struct record **cells, size_t begin, size_t end)
{
	struct sums s = { .begin = begin, .end = begin };

	while (s.end < end)
		add(&s, cells[s.end]);
	return s;
}

static void put_sums(FILE *out, struct pool *pool, const struct sums *s)
{
	put_count(pool, out, "tests", s->end - s->begin);
	put_count(pool, out, "failures", s->failures);
	put_count(pool, out, "errors", s->errors);
	put_attribute(out, "time", cell_seconds(pool, s->took_ns, 3));
}

static void put_suite(const struct junit *j, const struct ran *ran, const struct record **cells,
		      const struct sums *s, const char *name)
{
	AUTO_POOL pool = { 0 };
	const struct record *first = cells[s->begin];

	fputs("<testsuite", j->out);
	put_attribute(j->out, "name", name);
	put_sums(j->out, &pool, s);
	put_count(&pool, j->out, "skipped", s->skipped);
	put_attribute(j->out, "timestamp", s->started);
	if (first->at)
		put_attribute(j->out, "file",
			      pool_strndup(&pool, first->at, strcspn(first->at, ":")));
	fputs(">\n", j->out);
	put_properties(j->out, &pool, cell_run(ran, first));
	for (size_t i = s->begin; i < s->end; i++)
		put_case(j, name, cells[i]);
	fputs("</testsuite>\n", j->out);
}

/* A suite of its own says that cells are missing, where a reader would count what is there. */
static void put_incomplete(const struct junit *j, const struct ran *ran, const char *why)
{
	AUTO_POOL pool = { 0 };
	const struct sums one = { .end = 1, .errors = 1 };

	fputs("<testsuite name=\"nsconform\"", j->out);
	put_sums(j->out, &pool, &one);
	fputs(">\n", j->out);
	put_properties(j->out, &pool, ran->n_runs ? &ran->runs[0] : NULL);
	fputs("<testcase classname=\"nsconform\" name=\"nsconform.complete\" time=\"0.000000\">\n<error",
	      j->out);
	put_attribute(j->out, "type", "incomplete");
	put_attribute(j->out, "message", pool_printf(&pool, "the run is not complete: %s", why));
	fputc('>', j->out);
	put_text(j->out, strs_join(&pool, &ran->missed, "\n"), false);
	fputs("</error>\n</testcase>\n</testsuite>\n", j->out);
}

static size_t suite_end(const struct record **cells, size_t n, size_t begin, const char *suite)
{
	AUTO_POOL pool = { 0 };
	size_t end = begin;

	while (end < n && !strcmp(cell_suite(&pool, cells[end]), suite))
		end++;
	return end;
}

static void write_all(const struct junit *j, struct pool *pool, const struct ran *ran)
{
	const struct record **cells = ran_by_name(pool, ran);
	struct sums all = sums_of(cells, 0, ran->n);
	const char *incomplete = run_incomplete(pool, ran);

	all.errors += incomplete != NULL;
	all.end += incomplete != NULL;
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"nsconform\"", j->out);
	put_sums(j->out, pool, &all);
	fputs(">\n", j->out);
	if (incomplete)
		put_incomplete(j, ran, incomplete);
	for (size_t i = 0; i < ran->n;) {
		const char *suite = cell_suite(pool, cells[i]);
		struct sums s = sums_of(cells, i, suite_end(cells, ran->n, i, suite));

		put_suite(j, ran, cells, &s, suite);
		i = s.end;
	}
	fputs("</testsuites>\n", j->out);
}

void export_junit(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	(void)n;
	write_all(&(struct junit){ out, true }, pool, runs);
}

void export_junit_10(FILE *out, struct pool *pool, const struct ran *runs, size_t n)
{
	(void)n;
	write_all(&(struct junit){ out, false }, pool, runs);
}
