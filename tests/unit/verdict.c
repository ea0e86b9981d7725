// SPDX-License-Identifier: GPL-2.0-only
/* What is made of verdicts: what fails a run, what attempts that differ are told as, which promises are kept. */
#include <stdlib.h>

#include "load/yaml.h"
#include "report/fail_on.h"
#include "report/flaky.h"
#include "report/exit_status.h"
#include "report/promise.h"
#include "report/unjudged.h"
#include "tap.h"

#define TAKES "--fail-on takes skip, known or xpass, each alone or with :GLOB of its reason, not "

static const struct {
	const char *what, *wrong;
} words[] = {
	{ "skip", NULL }, { "known", NULL }, { "xpass:*", NULL }, { "skip:lacks *", NULL },
	{ "skip:", TAKES "skip:, did you mean skip?" }, { "fail", TAKES "fail" }, { "", TAKES }, { "skipp", TAKES "skipp, did you mean skip?" },
	{ "knwon:x", TAKES "knwon:x, did you mean known?" }, { "xpas", TAKES "xpas, did you mean xpass?" },
};

static const struct {
	const char *asked[3];
	enum verdict_kind kind;
	const char *reason;
	bool hits;
	const char *said;
} hits[] = {
	{ { NULL }, VERDICT_FAIL, NULL, true, NULL },
	{ { NULL }, VERDICT_BROKEN, NULL, true, NULL },
	{ { NULL }, VERDICT_SKIP, "lacks x", false, NULL },
	{ { NULL }, VERDICT_PASS, NULL, false, NULL },
	{ { "skip" }, VERDICT_SKIP, "lacks x", true, "skip" },
	{ { "skip" }, VERDICT_KNOWN, "id", false, NULL },
	{ { "skip:lacks *" }, VERDICT_SKIP, "lacks x", true, "skip:lacks *" },
	{ { "skip:lacks *" }, VERDICT_SKIP, "lacks file./dev/net/tun", true, "skip:lacks *" },
	{ { "skip:lacks *" }, VERDICT_SKIP, "cannot: x", false, NULL },
	{ { "skip:lacks *" }, VERDICT_SKIP, NULL, false, NULL },
	{ { "skip:*" }, VERDICT_SKIP, NULL, true, "skip:*" },
	{ { "known", "skip:a*", "skip:b*" }, VERDICT_SKIP, "bc", true, "skip:b*" },
	{ { "known", "skip:a*", "skip:b*" }, VERDICT_KNOWN, "bc", true, "known" },
	{ { "known", "skip:a*", "skip:b*" }, VERDICT_XPASS, "bc", false, NULL },
	{ { "skip" }, VERDICT_FAIL, NULL, true, NULL },
};

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void check_fail_on(struct pool *pool)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct fail_on f = { 0 };
		const char *wrong = fail_on_add(pool, &f, words[i].what);

		ok(same(wrong, words[i].wrong) && f.n == !wrong, "--fail-on %s: %s", words[i].what, wrong ? wrong : "fine");
	}
	for (size_t i = 0; i < sizeof(hits) / sizeof(*hits); i++) {
		struct fail_on f = { 0 };
		size_t n = 0;

		for (; n < 3 && hits[i].asked[n]; n++)
			fail_on_add(pool, &f, hits[i].asked[n]);
		struct strs texts = fail_on_texts(pool, &f);
		bool good = texts.n == n && fail_on_hits(&f, hits[i].kind, hits[i].reason) == hits[i].hits &&
			same(fail_on_said(pool, &f, hits[i].kind, hits[i].reason), hits[i].said);

		for (size_t k = 0; k < texts.n; k++)
			good &= same(texts.v[k], hits[i].asked[k]);
		ok(good, "%zu asked, %s for %s", n, verdict_name(hits[i].kind), hits[i].reason ? hits[i].reason : "no reason");
	}
	ok(fail_on_hits(NULL, VERDICT_FAIL, NULL) && !fail_on_hits(NULL, VERDICT_SKIP, "x") &&
	   !fail_on_said(pool, NULL, VERDICT_SKIP, "x"), "without the option");
	struct fail_on f = { 0 };

	ok(!fail_on_strict(pool, &f) && f.n == 2 && f.v[0].kind == VERDICT_SKIP && f.v[1].kind == VERDICT_XPASS &&
	   !f.v[0].reason, "--strict is skip and xpass");
	while (f.n < FAIL_ON_MAX)
		fail_on_add(pool, &f, "skip");
	ok(fail_on_add(pool, &f, "known") && fail_on_strict(pool, &f) && f.n == FAIL_ON_MAX, "so many, and no more");
}

#define STRETCH(attempt, times, verdict, more) \
	"{attempt: " #attempt ", times: " #times ", verdict: " verdict more "}"

static const struct {
	const char *attempts;
	int attempt;
	enum verdict_kind kind;
	bool flaky;
	const char *told;
} tries[] = {
	{ NULL, 0, VERDICT_PASS, false, "" },
	{ "[]", 1, VERDICT_PASS, false, "# the same in each of 1 attempts\n" },
	{ "[" STRETCH(2, 3, "pass", "") "]", 1, VERDICT_PASS, false, "# the same in each of 4 attempts\n" },
	{ "[" STRETCH(1, 2, "fail", ", message: \"it\\n1\"") "]", 3, VERDICT_PASS, true,
	  "# flaky: pass:1 fail:2; attempt 3 counts\n# attempt 1, fail: it\\n1\n" },
	{ "[" STRETCH(1, 2, "pass", ", message: no") ", " STRETCH(4, 1, "broken", ", message: b") ", " STRETCH(5, 2, "pass", "")
	  ", " STRETCH(7, 1, "broken", ", message: c") "]", 3, VERDICT_FAIL, true,
	  "# flaky: pass:4 fail:1 broken:2; attempt 3 counts\n# attempt 1, pass: no\n# attempt 4, broken: b\n" },
	{ "[" STRETCH(2, 1, "fail", ", message: same") ", " STRETCH(3, 1, "pass", "") "]", 1, VERDICT_FAIL, true,
	  "# flaky: pass:1 fail:2; attempt 1 counts\n" },
	{ "[{attempt: 2, verdict: fail}]", 1, VERDICT_PASS, true, "# flaky: pass:1; attempt 1 counts\n" },
	{ "[" STRETCH(x, -1, "fail", ", message: odd") ", " STRETCH(3, 0, "fail", "") "]", 1, VERDICT_PASS, true,
	  "# flaky: pass:1; attempt 1 counts\n# attempt 0, fail: odd\n" },
};

static void check_flaky(struct pool *pool)
{
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		struct problems problems = { .pool = pool };
		const struct trace trace = {
			.attempt = tries[i].attempt, .attempts = tries[i].attempts ?
				yaml_parse(pool, "test", tries[i].attempts, strlen(tries[i].attempts), &problems) : NULL,
		};
		char *text = NULL;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		flaky_tell(out, pool, &trace, tries[i].kind);
		fclose(out);
		ok(!strcmp(text, tries[i].told) && flaky(&trace, tries[i].kind) == tries[i].flaky, "attempts %s",
		   tries[i].attempts ? tries[i].attempts : "none");
		free(text);
	}
}

static const struct {
	enum verdict_kind kind;
	const char *reason;
	enum promise promise;
} promises[] = {
	{ VERDICT_PASS, NULL, PROMISE_KEPT }, { VERDICT_XPASS, "id", PROMISE_KEPT },
	{ VERDICT_FAIL, NULL, PROMISE_FAILED }, { VERDICT_KNOWN, "id", PROMISE_KNOWN },
	{ VERDICT_BROKEN, "lacks a promise", PROMISE_OTHER }, { VERDICT_SKIP, NULL, PROMISE_OTHER },
	{ VERDICT_SKIP, "lacks a promise", PROMISE_NONE }, { VERDICT_SKIP, "lacks box.x", PROMISE_CANNOT },
	{ VERDICT_SKIP, "lacks native.x", PROMISE_CANNOT }, { VERDICT_SKIP, "lacks x", PROMISE_OTHER },
	{ VERDICT_SKIP, "needs a promise of", PROMISE_NONE }, { VERDICT_SKIP, "needs box.launch", PROMISE_OTHER },
	{ VERDICT_SKIP, "needs box.x", PROMISE_CANNOT }, { VERDICT_SKIP, "needs native.x", PROMISE_CANNOT },
};

static const struct {
	const char *name, *plain;
} names[] = {
	{ "uts.x.y", "uts.x.y" }, { "uts.x.y.control.uts", "uts.x.y" }, { "uts.x.y.twin.1", "uts.x.y" },
	{ "uts.x.control", "uts.x.control" }, { "uts.x.twin.y.root", "uts.x.twin.y.root" },
	{ "uts.x.control.control.uts", "uts.x.control" }, { ".twin.1", ".twin.1" }, { "x", "x" }, { "a.twin.2", "a" },
};

static void check_promises(void)
{
	for (size_t i = 0; i < sizeof(promises) / sizeof(*promises); i++)
		ok(promise_of(promises[i].kind, promises[i].reason) == promises[i].promise, "%s for %s: %s",
		   verdict_name(promises[i].kind), promises[i].reason ? promises[i].reason : "no reason",
		   promise_names[promises[i].promise]);
	ok(promise_doubted(PROMISE_KEPT, VERDICT_FAIL) == PROMISE_OTHER && promise_doubted(PROMISE_KEPT, VERDICT_BROKEN) ==
	   PROMISE_OTHER && promise_doubted(PROMISE_KEPT, VERDICT_KNOWN) == PROMISE_KNOWN &&
	   promise_doubted(PROMISE_KEPT, VERDICT_PASS) == PROMISE_KEPT && promise_doubted(PROMISE_FAILED, VERDICT_BROKEN) ==
	   PROMISE_FAILED, "a control that fails puts what is kept in doubt");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ok(promise_plain(names[i].name) == strlen(names[i].plain), "%s is of %s", names[i].name, names[i].plain);
}

static const struct {
	int happened, status[EXIT_PROFILES];
} statuses[] = {
	{ HAPPENED_PASSED, { 0, 0, 0, 0, 0 } }, { HAPPENED_UNJUDGED, { 4, 4, 77, 0, 125 } },
	{ HAPPENED_FAILED, { 1, 1, 1, 0, 1 } }, { HAPPENED_BROKE, { 3, 1, 99, 0, 125 } },
	{ HAPPENED_HARNESS, { 3, 1, 99, 3, 125 } }, { HAPPENED_USAGE, { 2, 1, 99, 2, 255 } },
	{ HAPPENED_INTERRUPTED + 2, { 130, 130, 99, 130, 130 } }, { HAPPENED_INTERRUPTED + 15, { 143, 143, 99, 143, 143 } },
};

static void check_statuses(struct pool *pool)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		for (int p = 0; p < EXIT_PROFILES; p++)
			ok(exit_status((enum exit_profile)p, statuses[i].happened) == statuses[i].status[p], "%d as %s: %d",
			   statuses[i].happened, exit_profiles[p].name, statuses[i].status[p]);
	ok(!strcmp(exit_status_text(pool, EXIT_PROFILE_DEFAULT, HAPPENED_BROKE), "3") &&
	   !strcmp(exit_status_text(pool, EXIT_PROFILE_TAP, HAPPENED_INTERRUPTED), "128+N"), "in words");
}

/* What is said when there is no verdict: why most cells skip, the first of several reasons for as many. */
static void check_unjudged(struct pool *pool)
{
	static const char nothing[] = "nothing was judged: no cell ended with a verdict";
	struct unjudged u = { .pool = pool };
	char reason[] = "lacks a", detail[] = "no a";

	ok(!unjudged_first(&u) && !strcmp(unjudged_text(pool, &u), nothing), "no cells");
	unjudged_add(&u, reason, detail, "load a");
	reason[0] = detail[0] = 'x';
	ok(!strcmp(unjudged_text(pool, &u), "nothing was judged: 1 of 1 cells skip with \"lacks a\": no a; load a"), "one: %s",
	   unjudged_text(pool, &u));
	unjudged_add(&u, "lacks b", NULL, "");
	unjudged_add(&u, "lacks b", "other", "other");
	ok(!strcmp(unjudged_text(pool, &u), "nothing was judged: 2 of 3 cells skip with \"lacks b\""), "another one: %s",
	   unjudged_text(pool, &u));
	unjudged_add(&u, "lacks a", NULL, NULL);
	ok(!strcmp(unjudged_first(&u)->reason, "lacks a") && unjudged_first(&u)->n == 2, "of as many the first");
	for (int i = 0; i < 40; i++)
		unjudged_add(&u, pool_printf(pool, "lacks %d", i), "", NULL);
	unjudged_add(&u, "lacks 39", NULL, NULL);
	unjudged_add(&u, "lacks 39", NULL, NULL);
	ok(u.n == 42 && u.cells == 46 && !strcmp(unjudged_first(&u)->reason, "lacks 39") && unjudged_first(&u)->n == 3 &&
	   !strcmp(u.v[0].reason, "lacks a"), "many");
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	check_statuses(&pool);
	check_unjudged(&pool);
	check_fail_on(&pool);
	check_flaky(&pool);
	check_promises();
	return done();
}
