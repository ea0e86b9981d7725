// SPDX-License-Identifier: GPL-2.0-only
/* Cells that are tried twice, which forgives lateness alone: no lie, and no line of the kernel log. */
#include "nsc/json.h"
#include "load/yaml.h"
#include "report/judge.h"
#include "tap.h"
#include "trace/trace.h"

static const struct {
	const char *what, *first, *log, *own, *want_log, *want_own;
} cases[] = {
	{ "nothing logged", "{\"steps\": []}", NULL, NULL, "-", "-" },
	{ "the first try alone", "{\"log\": [\"a\"], \"own_log\": [\"b\"]}", NULL, NULL,
	  "[\"a\"]", "[\"b\"]" },
	{ "the second try alone", "{\"steps\": []}", "[\"c\"]", "[\"d\"]", "[\"c\"]", "[\"d\"]" },
	{ "both", "{\"log\": [\"a\", \"b\"], \"own_log\": [\"c\"]}", "[\"d\"]", "[\"e\"]",
	  "[\"a\", \"b\", \"d\"]", "[\"c\", \"e\"]" },
};

static const struct value *lines(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return text ? yaml_parse(pool, "log", text, strlen(text), &problems) : NULL;
}

static const char *show(struct pool *pool, const struct value *v)
{
	return v ? json_text(pool, v) : "-";
}

static void check_late(void)
{
	struct outcome waited = { .status = OUTCOME_DONE, .waited_out = true };
	const struct trace trace = { .outcomes = &waited, .n = 1 };
	const struct verdict wrong = { .kind = VERDICT_FAIL, .step = 0 };
	const struct trace prompt = { .outcomes = &(struct outcome){ .status = OUTCOME_DONE }, .n = 1 };
	const struct verdict clocks = { .kind = VERDICT_FAIL, .step = 0, .clocks = true };
	const struct verdict lie = { .kind = VERDICT_FAIL, .step = 0, .call = "setns(2)" };

	ok(judge_may_be_late(&trace, &wrong), "what was waited for in vain may be late");
	ok(!judge_may_be_late(&prompt, &wrong), "what was not waited for is not");
	ok(judge_may_be_late(&prompt, &clocks), "... but for a control in which clocks have gone on");
	ok(!judge_may_be_late(&trace, &lie), "a lie is not");
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	check_late();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct trace second = {
			.log = lines(&pool, cases[i].log), .own_log = lines(&pool, cases[i].own),
		};

		trace_keep_log(&pool, cases[i].first, &second);
		ok(!strcmp(show(&pool, second.log), cases[i].want_log), "%s: of whatever: %s",
		   cases[i].what, show(&pool, second.log));
		ok(!strcmp(show(&pool, second.own_log), cases[i].want_own), "%s: of the cell: %s",
		   cases[i].what, show(&pool, second.own_log));
	}
	return done();
}
