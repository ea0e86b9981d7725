// SPDX-License-Identifier: GPL-2.0-only
/* Saved traces: whatever stands in them is judged or refused, and what is judged is the same when it is saved
 * again. */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz.h"
#include "load/yaml.h"
#include "report/confined.h"
#include "report/known.h"
#include "report/report.h"
#include "report/traced.h"

static struct pool kept;
static struct catalogue catalogue = { .pool = &kept, .dir = "suites/clauses" };
static struct known_list known;
static FILE *nowhere;

static const struct value *parse(struct pool *pool, const char *text, struct problems *problems)
{
	return yaml_parse(pool, "input", text, strlen(text), problems);
}

static void judge_cell(struct pool *pool, const struct traced *t, const struct traced_cell *s, struct verdict *v)
{
	judge(pool, &s->script, &s->trace, v);
	confined_judge(pool, &t->confinement, &s->script, &s->trace, v);
	known_apply(pool, &known, t->release, &s->script, &s->trace, v);
	known_log(pool, &known, t->release, s->name, &s->trace, v);
	MUST(v->step >= -1 && v->step < (int)s->script.n_steps);
	MUST(v->kind == VERDICT_PASS || v->message || v->reason);
	MUST(v->n_also <= ALSO_MAX);
}

static void judge_line(struct traced *t, const char *text)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	const struct value *line = parse(&pool, text, &problems);
	struct traced_cell s, again;
	struct verdict v, w;

	if (!line || !traced_read(t, &pool, line, &s))
		return;
	judge_cell(&pool, t, &s, &v);
	for (enum report_format f = REPORT_TAP; f <= REPORT_KSELFTEST; f++)
		report_cell(nowhere, f, 1, s.name, &s.script, &s.trace, &v, &catalogue, false);
	line = parse(&pool, trace_line(&pool, s.name, &s.script, &s.trace), &problems);
	MUST(line && traced_read(t, &pool, line, &again));
	judge_cell(&pool, t, &again, &w);
	MUST(v.kind == w.kind && v.step == w.step && v.n_also == w.n_also);
}

static void judge_trace(struct pool *pool, char *text)
{
	struct problems problems = { .pool = pool };
	struct traced t = { .pool = pool, .catalogue = &catalogue, .problems = &problems };
	char *line = strsep(&text, "\n");
	const struct value *header = parse(pool, line, &problems);

	if (!header || !traced_begin(&t, header, "input")) {
		MUST(problems.n);
		return;
	}
	while ((line = strsep(&text, "\n")))
		judge_line(&t, line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct problems ignored = { .pool = &kept };
	AUTO_POOL pool = { 0 };

	if (!nowhere) {
		nowhere = fopen("/dev/null", "we");
		catalogue.problems = &ignored;
		known_load_shipped(&kept, &(struct strs){ 0 }, &known, &ignored);
	}
	judge_trace(&pool, pool_strndup(&pool, (const char *)data, len));
	return 0;
}
