// SPDX-License-Identifier: GPL-2.0-only
/* Why a cell failed, in one line that no parser of TAP takes for anything else. */
#include "report/judge.h"
#include "report/reason.h"
#include "tap.h"

static const struct {
	const char *what;
	struct record record;
	const char *line;
} cases[] = {
	{ "nothing is known", { 0 }, "" },
	{ "a result that is not as expected",
	  { .message = JUDGE_NOT_MET, .actor = "inner", .op = "uts.uname", .field = "nodename",
	    .seen = "\"vm\"", .expected = "\"probe\"" },
	  "inner uts.uname: nodename is \"vm\", expected \"probe\"" },
	{ "what fails beside a known issue",
	  { .message = "beside the known issue x: " JUDGE_NOT_MET, .actor = "a", .op = "uts.uname",
	    .field = "release", .seen = "1", .expected = "2" },
	  "a uts.uname: beside the known issue x: release is 1, expected 2" },
	{ "a result of which little is known", { .message = "m", .actor = "a", .op = "o", .field = "f" }, "a o: m" },
	{ "... more", { .message = "m", .actor = "a", .op = "o", .field = "f", .expected = "x" }, "a o: m" },
	{ "an actor without an op", { .message = "m", .actor = "a" }, "m" },
	{ "the kernel says what it does not do",
	  { .message = "the kernel lies", .call = "unshare", .seen = "b", .expected = "a" },
	  "the kernel lies" },
	{ "the kernel log", { .message = "it logged", .seen = "WARNING", .expected = "quiet" },
	  "it logged: WARNING" },
	{ "a step that broke", { .message = "it died", .actor = "a", .op = "proc.exit" },
	  "a proc.exit: it died" },
	{ "an actor with the name of a directive",
	  { .message = "it died", .actor = "skipper", .op = "proc.exit" },
	  "actor skipper proc.exit: it died" },
	{ "an actor that is named by the message", { .message = "TODO gave no answer" },
	  "actor TODO gave no answer" },
	{ "what begins a comment", { .message = "a # SKIP b" }, "a \\# SKIP b" },
	{ "what escapes", { .message = "a \\# TODO b" }, "a \\\\\\# TODO b" },
	{ "lines", { .message = "one\nnot ok 2" }, "one\\nnot ok 2" },
};

int main(void)
{
	AUTO_POOL pool = { 0 };
	char text[1000] = "";

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(!strcmp(reason_line(&pool, &cases[i].record), cases[i].line), "%s: %s",
		   cases[i].what, reason_line(&pool, &cases[i].record));
	for (size_t i = 0; i + 3 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	const char *line = reason_line(&pool, &(struct record){ .message = text });
	size_t len = strlen(line);

	ok(len < 250 && !strcmp(line + len - 5, "\xc3\xa9..."),
	   "a long one is cut, between characters");
	return done();
}
