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

/* Steps about a box that was refused are left out, when they speak of a started one. */
static void check_left_out(struct pool *pool)
{
	const struct step launch = { .kind = STEP_LAUNCH }, about = { .kind = STEP_CALL, .if_started = true },
		any = { .kind = STEP_CALL };
	struct script_step steps[] = {
		{ .step = &launch, .actor = 0 }, { .step = &launch, .actor = 1 },
		{ .step = &launch, .actor = 2 }, { .step = &about, .actor = 0 },
		{ .step = &about, .actor = 1 }, { .step = &about, .actor = 2 },
		{ .step = &any, .actor = 0 }, { .step = &about, .actor = 3 }, { .step = &about, .actor = 0 },
	};
	static const bool left_out[] = { false, false, false, true, false, false, false, false, true };
	struct outcome outcomes[] = {
		{ .status = OUTCOME_DONE, .out = lines(pool, "{state: refused}") },
		{ .status = OUTCOME_DONE, .out = lines(pool, "{state: running}") },
		{ .status = OUTCOME_BROKEN, .out = lines(pool, "{state: refused}") },
		{ .status = OUTCOME_DONE }, { .status = OUTCOME_DONE }, { .status = OUTCOME_DONE },
		{ .status = OUTCOME_DONE, .out = lines(pool, "{state: refused}") },
		{ .status = OUTCOME_DONE }, { .status = OUTCOME_DONE },
	};
	const struct script script = { .steps = steps, .n_steps = 9 };
	const struct trace trace = { .outcomes = outcomes, .n = 9 };

	for (size_t i = 0; i < 9; i++)
		ok(trace_left_out(&script, &trace, i) == left_out[i], "step %zu %s", i,
		   left_out[i] ? "is left out" : "counts");
}

/* What is saved, by whom, and what is not there. */
static void check_resolve(struct pool *pool)
{
	const struct actor a = { .name = "a" };
	struct script_actor actors[] = { { .actor = &a } };
	const struct step one = { .save = "x" }, two = { .save = "x" }, other = { .save = "n" }, none = { 0 };
	struct script_step steps[] = {
		{ .step = &one }, { .step = &other, .number = true }, { .step = &two }, { .step = &none },
	};
	struct outcome outcomes[] = {
		{ .status = OUTCOME_DONE, .out = lines(pool, "{v: first, e: $$x}") },
		{ .status = OUTCOME_DONE, .out = lines(pool, "{pid: 0, v: text, none: ~}") },
		{ .status = OUTCOME_DONE, .error = 1 },
		{ .status = OUTCOME_DONE },
	};
	const struct script script = { .actors = actors, .n_actors = 1, .steps = steps, .n_steps = 4 };
	const struct trace trace = { .outcomes = outcomes, .n = 4 };
	const struct {
		size_t at;
		enum outcome_status second;
		const char *value, *shown;
	} cases[] = {
		{ 0, OUTCOME_DONE, "$x.v", "\"first\"" },
		{ 0, OUTCOME_DONE, "$x.errno", "0" },
		{ 1, OUTCOME_DONE, "[$x.v, 5]", "[\"first\", 5]" },
		{ 0, OUTCOME_DONE, "$x.e", "\"$$x\"" },
		{ 0, OUTCOME_DONE, "'$$x'", "\"$x\"" },
		{ 3, OUTCOME_DONE, "$x.errno", "\"EPERM\"" },
		{ 3, OUTCOME_DONE, "$x.v", "missing $x.v" },
		{ 3, OUTCOME_NONE, "$x.v", "\"first\"" },
		{ 0, OUTCOME_DONE, "$n.v", "missing $n.v" },
		{ 1, OUTCOME_DONE, "$n.v", "\"text\"" },
		{ 1, OUTCOME_DONE, "$n.none", "missing $n.none" },
		{ 1, OUTCOME_DONE, "$n.pid",
		  "missing $n.pid, a number of n in the PID namespace of a," },
		{ 1, OUTCOME_DONE, "$nobody.v", "missing $nobody.v" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *missing = NULL;

		outcomes[2].status = cases[i].second;
		const struct value *v = trace_resolve(pool, &script, &trace, cases[i].at,
						      lines(pool, cases[i].value), &missing);
		const char *shown = v ? value_show(pool, v) : pool_printf(pool, "missing %s", missing);

		ok(!strcmp(shown, cases[i].shown), "%s at step %zu is %s", cases[i].value, cases[i].at, shown);
	}
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	check_late();
	check_left_out(&pool);
	check_resolve(&pool);
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
