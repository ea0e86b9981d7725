// SPDX-License-Identifier: GPL-2.0-only
/* What known issues make of verdicts and of lines of the kernel's log: each row a cell, what was seen, and the entries. */
#include <stdlib.h>

#include "load/runtime.h"
#include "load/yaml.h"
#include "nsc/text.h"
#include "report/known.h"
#include "report/traced.h"
#include "tap.h"

#define SUITE_OF(actors, steps) "suite: tests/issues\nabout: A.\nscenarios:\n  - id: story\n    about: A.\n" \
	"    clauses: [uts.names.hostname-isolated]\n    actors: {" actors "}\n    steps:\n" steps
#define SUITE SUITE_OF("a: {new: [uts]}, b: {}", \
	"      - a: uts.gethostname\n        expect: {name: one}\n        isolates: uts\n" \
	"      - a: uts.gethostname\n        expect: {name: two}\n" \
	"      - b: uts.uname\n        expect: {nodename: three, domainname: {not: y}}\n" \
	"      - b: {uts.sethostname: {name: four}}\n        expect: ok\n" \
	"      - b: {uts.sethostname: {name: five}}\n        expect: {errno: EPERM}\n        twin: {by: a}\n" \
	"      - a: uts.getdomainname\n")
#define ONE_STEP SUITE_OF("a: {}", "      - a: uts.gethostname\n        expect: {name: one}\n")
#define TWINNED SUITE_OF("a: {new: [uts]}, b: {}", \
	"      - b: {uts.sethostname: {name: five}}\n        expect: {errno: EPERM}\n        twin: {by: a}\n")
/* Of a box: launch, read, seen; in the end: end. */
#define BOXES SUITE_OF("a: {new: [uts], box: {hostname: one}}, b: {new: [uts], box: {hostname: two}}", \
	"      - b: uts.gethostname\n        expect: {name: two}\n      - a: uts.gethostname\n        expect: {name: one}\n")

#define ENTRY(id, cells, since, symptoms, more) \
	"- {id: " id ", cells: [" cells "], since: '" since "', reference: r-" id ", evidence: e, symptoms: [" symptoms "]" more "}\n"
#define CELLS "'tests.issues.*'"
#define SYMPTOM(actor, op, field, seen, more) "{actor: " actor ", op: uts." op ", field: " field ", seen: " seen more "}"
#define FIRST SYMPTOM("a", "gethostname", "name", "x", ", which: 1")
#define SECOND SYMPTOM("a", "gethostname", "name", "{matches: '^x'}", ", which: 2")
#define EITHER SYMPTOM("a", "gethostname", "name", "x", ", which: [1, 2]")
#define OTHER SYMPTOM("b", "uname", "nodename", "y", "")
#define DOMAIN SYMPTOM("b", "uname", "domainname", "y", "")
#define REFUSED "{actor: b, op: uts.sethostname, errno: EINVAL, which: 1}"
#define ALLOWED "{actor: b, op: uts.sethostname, errno: 0}"
#define TWIN(errno) "{actor: a, op: uts.sethostname, errno: " errno "}"
#define LOG(id, cells, line, more) "- {id: " id ", cells: [" cells "], since: '6.1', reference: r, evidence: e, log: ['" line "']" more "}\n"

#define NAME(name) "{status: done, errno: 0, out: {name: " name "}}, "
#define UNAME(node, domain) "{status: done, errno: 0, out: {sysname: L, nodename: " node ", release: r, version: v, machine: m, " \
	"domainname: " domain "}}, "
#define ERROR(n) "{status: done, errno: " #n "}, "
#define REST ERROR(0) ERROR(1) NAME("d")
#define GOOD NAME("one") NAME("two") UNAME("three", "four") REST

static const struct {
	const char *about, *entries, *kind, *release, *more, *outcomes, *verdict, *unseen;
} rows[] = {
	{ "no entries, a pass", "", "", "6.18.44", "", GOOD, "pass", "" },
	{ "no entries, a failure", "", "", "6.18.44", "", NAME("x") NAME("two") UNAME("three", "four") REST, "fail 0 name: the expectation was not met", "" },
	{ "as listed", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.18.44", "", NAME("x") NAME("two") UNAME("three", "four") REST, "known 0 name i (r-i)", "" },
	{ "another value", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.18.44", "", NAME("y") NAME("two") UNAME("three", "four") REST,
	  "fail 0 name: the expectation was not met", "i" },
	{ "the second of two", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.18.44", "", NAME("one") NAME("x") UNAME("three", "four") REST,
	  "fail 1 name: the expectation was not met", "i" },
	{ "a matcher of the second", ENTRY("i", CELLS, "6.1", SECOND, ""), "", "6.18.44", "", NAME("one") NAME("xyz") UNAME("three", "four") REST,
	  "known 1 name i (r-i)", "" },
	{ "... that does not fit", ENTRY("i", CELLS, "6.1", SECOND, ""), "", "6.18.44", "", NAME("one") NAME("ax") UNAME("three", "four") REST,
	  "fail 1 name: the expectation was not met", "i" },
	{ "... seen in the first", ENTRY("i", CELLS, "6.1", SECOND, ""), "", "6.18.44", "", NAME("xyz") NAME("two") UNAME("three", "four") REST,
	  "fail 0 name: the expectation was not met", "i" },
	{ "either", ENTRY("i", CELLS, "6.1", EITHER, ""), "", "6.18.44", "", NAME("one") NAME("x") UNAME("three", "four") REST, "known 1 name i (r-i)", "" },
	{ "both", ENTRY("i", CELLS, "6.1", EITHER, ""), "", "6.18.44", "", NAME("x") NAME("x") UNAME("three", "four") REST, "known 0 name i (r-i)", "" },
	{ "one, and what is not listed", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.18.44", "", NAME("x") NAME("two") UNAME("y", "four") REST,
	  "fail 2 nodename: beside the known issue i: the expectation was not met", "" },
	{ "one, and a step that broke", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.18.44", "",
	  NAME("x") "{status: broken, why: gone}, {status: none}, {status: none}, {status: none}, {status: none}", "known 0 name i (r-i)", "" },
	{ "one entry with both", ENTRY("i", CELLS, "6.1", FIRST ", " OTHER, ""), "", "6.18.44", "", NAME("x") NAME("two") UNAME("y", "four") REST,
	  "known 0 name i (r-i)", "" },
	{ "two entries", ENTRY("i", CELLS, "6.1", FIRST, "") ENTRY("k", CELLS, "6.1", OTHER, ""), "", "6.18.44", "",
	  NAME("x") NAME("two") UNAME("y", "four") REST, "known 0 name i (r-i)", "" },
	{ "two fields of a step", ENTRY("i", CELLS, "6.1", OTHER ", " DOMAIN, ""), "", "6.18.44", "", NAME("one") NAME("two") UNAME("y", "y") REST,
	  "known 2 nodename i (r-i)", "" },
	{ "one of two fields", ENTRY("i", CELLS, "6.1", OTHER, ""), "", "6.18.44", "", NAME("one") NAME("two") UNAME("y", "y") REST,
	  "fail 2 domainname: beside the known issue i: the expectation was not met", "" },
	{ "an errno", ENTRY("i", CELLS, "6.1", REFUSED, ""), "", "6.18.44", "", NAME("one") NAME("two") UNAME("three", "four") ERROR(22) ERROR(1) NAME("d"),
	  "known 3 errno i (r-i)", "" },
	{ "another errno", ENTRY("i", CELLS, "6.1", REFUSED, ""), "", "6.18.44", "", NAME("one") NAME("two") UNAME("three", "four") ERROR(1) ERROR(1) NAME("d"),
	  "fail 3 errno: the expectation was not met", "i" },
	{ "success where a refusal is expected", ENTRY("i", CELLS, "6.1", ALLOWED, ""), "", "6.18.44", "",
	  NAME("one") NAME("two") UNAME("three", "four") ERROR(0) ERROR(0) NAME("d"), "known 4 errno i (r-i)", "" },
	{ "... of another op", ENTRY("i", CELLS, "6.1", REFUSED, ""), "", "6.18.44", "", ERROR(22) NAME("two") UNAME("three", "four") REST,
	  "fail 0 errno: the expectation was not met", "i" },
	{ "an unexpected pass", ENTRY("i", CELLS, "6.1", FIRST, ", link: 'https://example.org/1'"), "", "6.18.44", "", GOOD,
	  "xpass -1 i (r-i) https://example.org/1: listed as a known issue, but it passed", "i" },
	{ "a pass that fits no expectation", ENTRY("i", CELLS, "6.1", SYMPTOM("a", "getdomainname", "name", "x", ""), ""), "", "6.18.44", "", GOOD, "pass", "i" },
	{ "... nor a value that it allows", ENTRY("i", CELLS, "6.1", SYMPTOM("b", "uname", "nodename", "three", ""), ""), "", "6.18.44", "", GOOD, "pass", "i" },
	{ "a pass with two entries", ENTRY("i", CELLS, "6.1", OTHER, "") ENTRY("k", CELLS, "6.1", FIRST, ""), "", "6.18.44", "", GOOD,
	  "xpass -1 i (r-i): listed as a known issue, but it passed", "i k" },
	{ "before it began", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.0.9", "", NAME("x") NAME("two") UNAME("three", "four") REST,
	  "fail 0 name: the expectation was not met", "" },
	{ "where it began", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.1.0", "", NAME("x") NAME("two") UNAME("three", "four") REST, "known 0 name i (r-i)", "" },
	{ "where it is mended", ENTRY("i", CELLS, "6.1", FIRST, ", fixed: ['6.1.5', '6.3']"), "", "6.1.5", "", NAME("x") NAME("two") UNAME("three", "four") REST,
	  "fail 0 name: the expectation was not met", "" },
	{ "... in another branch", ENTRY("i", CELLS, "6.1", FIRST, ", fixed: ['6.1.5', '6.3']"), "", "6.2.9", "", NAME("x") NAME("two") UNAME("three", "four") REST,
	  "known 0 name i (r-i)", "" },
	{ "of other cells", ENTRY("i", "'tests.other.*', tests.issues.story.x", "6.1", FIRST, ""), "", "6.18.44", "", NAME("x") NAME("two") UNAME("three", "four") REST,
	  "fail 0 name: the expectation was not met", "" },
	{ "of several, by the second pattern", ENTRY("i", "'tests.other.*', 'tests.issue?.[s]tory'", "6.1", FIRST, ""), "", "6.18.44", "",
	  NAME("x") NAME("two") UNAME("three", "four") REST, "known 0 name i (r-i)", "" },
	{ "expired", ENTRY("i", CELLS, "6.1", FIRST, ", expires: '2026-01-02'"), "", "6.18.44", "", NAME("x") NAME("two") UNAME("three", "four") REST,
	  "fail 0 name: the known issue i has expired (2026-01-02): the expectation was not met", "" },
	{ "on its last day", ENTRY("i", CELLS, "6.1", FIRST, ", expires: '2026-01-03'"), "", "6.18.44", "", NAME("x") NAME("two") UNAME("three", "four") REST,
	  "known 0 name i (r-i)", "" },
	{ "expired, a pass", ENTRY("i", CELLS, "6.1", FIRST, ", expires: '2026-01-02'"), "", "6.18.44", "", GOOD, "pass", "i" },
	{ "expired, beside one that is not", ENTRY("i", CELLS, "6.1", OTHER, ", expires: '2026-01-02'") ENTRY("k", CELLS, "6.1", FIRST, ""), "", "6.18.44", "",
	  NAME("x") NAME("two") UNAME("y", "four") REST,
	  "fail 2 nodename: beside the known issue k: the known issue i has expired (2026-01-02): the expectation was not met", "" },
	{ "expired, and the same again", ENTRY("i", CELLS, "6.1", FIRST, ", expires: '2026-01-02'") ENTRY("k", CELLS, "6.1", FIRST, ""), "", "6.18.44", "",
	  NAME("x") NAME("two") UNAME("three", "four") REST, "known 0 name k (r-k)", "" },
	{ "in a control there is none", ENTRY("i", CELLS, "6.1", FIRST, ""), ".control.uts", "6.18.44", "",
	  NAME("one") NAME("two") UNAME("three", "four") REST,
	  "fail 0: the expectation holds without the UTS namespace too: it proves nothing", "i" },
	{ "what holds in a twin, by its value", ENTRY("i", CELLS, "6.1", TWIN("EPERM"), ""), ".twin.5", "6.18.44", "",
	  NAME("one") NAME("two") UNAME("three", "four") ERROR(0) ERROR(1),
	  "known 4 i (r-i)", "" },
	{ "... another value", ENTRY("i", CELLS, "6.1", TWIN("EINVAL"), ""), ".twin.5", "6.18.44", "",
	  NAME("one") NAME("two") UNAME("three", "four") ERROR(0) ERROR(1),
	  "fail 4: the expectation holds in the twin too: it proves nothing", "i" },
	{ "what broke stays so", ENTRY("i", CELLS, "6.1", FIRST, ""), "", "6.18.44", "broken: killed, ",
	  NAME("one") "{status: none}, {status: none}, {status: none}, {status: none}, {status: none}", "broken -1: killed", "" },
	{ "lines of the log are no result that is missed", LOG("i", CELLS, "WARN", ""), "", "6.18.44", "", GOOD, "pass", "" },
	{ "a runtime's issue, and the kernel alone", ENTRY("i", CELLS, "1.1", FIRST, ", runtime: crun"), "", "6.18.44", "",
	  NAME("x") NAME("two") UNAME("three", "four") REST, "fail 0 name: the expectation was not met", "" },
};

#define LIE "lie: {call: setns, claim: success, seen: the old one, clause: api.x}, "
#define BOX_REFUSED(actor) "{actor: " actor ", op: box.launch, field: state, seen: refused}"
#define BOX_NAMED "{actor: a, op: box.read, field: hostname, seen: x}"
#define LAUNCH(state) "{status: done, errno: 0, out: {state: " state ", foreign: false, new: [mnt, uts], changes: []}}, "
#define READ(name) "{status: done, errno: 0, out: {hostname: " name "}}, "
#define ENDED "{status: done, errno: 0, out: {agents: 1, ended: true, changes: []}}, "
#define LOST "{status: lost, why: no box}, "

/* Of other suites, with or without a runtime, on 6.18.44. */
static const struct {
	const char *about, *suite, *runtime, *entries, *kind, *more, *outcomes, *verdict;
} others[] = {
	{ "success that is not said in words", SUITE, NULL, ENTRY("i", CELLS, "6.1", "{actor: a, op: uts.gethostname, errno: EPERM, which: 1}", ""), "", "",
	  ERROR(1) NAME("two") UNAME("three", "four") REST, "known 0 errno i (r-i)" },
	{ "a matcher of a value that another one would allow", SUITE, NULL,
	  ENTRY("i", CELLS, "6.1", SYMPTOM("b", "uname", "domainname", "{matches: '^y'}", ""), ""), "", "",
	  NAME("one") NAME("two") UNAME("three", "y") REST, "known 2 domainname i (r-i)" },
	{ "a refusal in a control is none", SUITE, NULL, ENTRY("i", CELLS, "6.1", "{actor: a, op: uts.gethostname, errno: EPERM, which: [1, 2]}", ""),
	  ".control.uts", "", ERROR(1) NAME("two") UNAME("three", "four") REST,
	  "fail 0 errno: without the UTS namespace it fails in another way than by sharing: it proves nothing" },
	{ "... nor what holds there, by its value", SUITE, NULL, ENTRY("i", CELLS, "6.1", SYMPTOM("a", "gethostname", "name", "one", ""), ""),
	  ".control.uts", "", NAME("one") NAME("two") UNAME("three", "four") REST,
	  "fail 0: the expectation holds without the UTS namespace too: it proves nothing" },
	{ "in a twin, the other of two expectations", SUITE, NULL, ENTRY("i", CELLS, "6.1", SECOND, ""), ".twin.5", "",
	  NAME("x") NAME("two") UNAME("three", "four") ERROR(0) ERROR(0), "fail 0 name: the expectation was not met" },
	{ "in a twin, of another op", TWINNED, NULL, ENTRY("i", CELLS, "6.1", SYMPTOM("a", "gethostname", "name", "x", ""), ""), ".twin.1", "",
	  ERROR(1), "fail 0: the expectation holds in the twin too: it proves nothing" },
	{ "a result that is not there", ONE_STEP, NULL, ENTRY("i", CELLS, "6.1", SYMPTOM("a", "gethostname", "name", "{present: false}", ""), ""),
	  "", "", "{status: done, errno: 0, out: {}}, ", "known 0 name i (r-i)" },
	{ "the only step", ONE_STEP, NULL, ENTRY("i", CELLS, "6.1", SYMPTOM("a", "gethostname", "name", "x", ""), ""), "", "", NAME("one"),
	  "xpass -1 i (r-i): listed as a known issue, but it passed" },
	{ "the first step of a twin", TWINNED, NULL, ENTRY("i", CELLS, "6.1", TWIN("EPERM"), ""), ".twin.1", "", ERROR(1), "known 0 i (r-i)" },
	{ "a lie in a twin, which is no step's", TWINNED, NULL, ENTRY("i", CELLS, "6.1", TWIN("EPERM"), ""), ".twin.1", LIE, ERROR(0),
	  "fail -1: the kernel does not do what it says: setns: success, but the old one" },
	{ "a box that was refused, and does nothing more", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_REFUSED("a"), ""), "", "",
	  LAUNCH("refused") LOST LOST LAUNCH("started") READ("two") READ("two") NAME("two") LOST ENDED LOST, "known 0 state i (r-i)" },
	{ "... by a runtime's issue", BOXES, "crun", ENTRY("i", CELLS, "1.1", BOX_REFUSED("a"), ", runtime: crun"), "", "",
	  LAUNCH("refused") LOST LOST LAUNCH("started") READ("two") READ("two") NAME("two") LOST ENDED LOST, "known 0 state i (r-i)" },
	{ "... by another runtime's", BOXES, "crun", ENTRY("i", CELLS, "1.1", BOX_REFUSED("a"), ", runtime: runc"), "", "",
	  LAUNCH("refused") LOST LOST LAUNCH("started") READ("two") READ("two") NAME("two") LOST ENDED LOST,
	  "fail 0 state: the expectation was not met" },
	{ "... the second one", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_REFUSED("b"), ""), "", "",
	  LAUNCH("started") READ("one") READ("one") LAUNCH("refused") LOST LOST LOST NAME("one") LOST ENDED, "known 3 state i (r-i)" },
	{ "... which is not listed", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_REFUSED("b"), ""), "", "",
	  LAUNCH("refused") LOST LOST LAUNCH("started") READ("two") READ("two") NAME("two") LOST ENDED LOST,
	  "fail 0 state: the expectation was not met" },
	{ "... and one that is lost without a reason", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_REFUSED("a"), ""), "", "",
	  LAUNCH("refused") READ("one") READ("one") LAUNCH("started") LOST LOST LOST LOST LOST LOST, "fail 4: beside the known issue i: no box" },
	{ "... and another failure of it", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_REFUSED("a"), ""), "", "",
	  LAUNCH("refused") READ("y") LOST LAUNCH("started") READ("two") READ("two") NAME("two") LOST ENDED LOST,
	  "fail 1 hostname: beside the known issue i: the expectation was not met" },
	{ "... and a lie", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_REFUSED("a"), ""), "", LIE,
	  LAUNCH("refused") READ("one") READ("one") LAUNCH("started") READ("two") READ("two") NAME("two") NAME("one") ENDED ENDED,
	  "fail -1: beside the known issue i: the kernel does not do what it says: setns: success, but the old one" },
	{ "a box that was lost after another known failure", BOXES, "crun", ENTRY("i", CELLS, "6.1", BOX_NAMED, ""), "", "",
	  LAUNCH("started") READ("x") LOST LAUNCH("started") READ("two") READ("two") NAME("two") LOST ENDED LOST,
	  "fail 2: beside the known issue i: no box" },
};

static const struct {
	const char *about, *entries, *name, *log, *own, *verdict;
	enum verdict_kind kind;
} logs[] = {
	{ "a quiet log", LOG("i", CELLS, "WARN", ""), "tests.issues.story", "[]", "[]", "pass;; ", VERDICT_PASS },
	{ "no log at all", LOG("i", CELLS, "WARN", ""), "tests.issues.story", NULL, NULL, "pass;; ", VERDICT_PASS },
	{ "a line of the cell", "", "tests.issues.story", "[]", "[a WARN 1, b]", "fail the kernel logged a warning over this cell (a WARN 1); a WARN 1; b;; ", VERDICT_PASS },
	{ "which is listed", LOG("i", CELLS, "WARN [0-9]", ""), "tests.issues.story", "[]", "[a WARN 1]", "pass;; ", VERDICT_PASS },
	{ "... from its beginning", LOG("i", CELLS, "^WARN", ""), "tests.issues.story", "[]", "[WARN 1]", "pass;; ", VERDICT_PASS },
	{ "... the first of its expressions", LOG("i", CELLS, "WARN', 'x", ""), "tests.issues.story", "[]", "[a WARN]", "pass;; ", VERDICT_PASS },
	{ "... the second", LOG("i", CELLS, "x', 'WARN", ""), "tests.issues.story", "[]", "[a WARN]", "pass;; ", VERDICT_PASS },
	{ "one of two is", LOG("i", CELLS, "WARN [0-9]", ""), "tests.issues.story", "[]", "[a WARN 1, b]",
	  "fail the kernel logged a warning over this cell (b); b;; ", VERDICT_PASS },
	{ "of another cell", LOG("i", "'tests.other.*'", "WARN", ""), "tests.issues.story", "[]", "[a WARN 1]",
	  "fail the kernel logged a warning over this cell (a WARN 1); a WARN 1;; ", VERDICT_PASS },
	{ "of nobody knows which", LOG("i", "'tests.other.*'", "WARN", ""), "tests.issues.story", "[a WARN 1, c]", "[]", "pass;; c; ", VERDICT_PASS },
	{ "the second entry, no expression in the first", LOG("i", CELLS, "(", "") LOG("k", CELLS, "WARN", ""), "tests.issues.story", "[]", "[a WARN]",
	  "pass;; ", VERDICT_PASS },
	{ "of another release", "- {id: i, cells: [" CELLS "], since: '6.19', reference: r, evidence: e, log: [WARN]}\n", "tests.issues.story", "[]",
	  "[a WARN]", "fail the kernel logged a warning over this cell (a WARN); a WARN;; ", VERDICT_PASS },
	{ "expired", LOG("i", CELLS, "WARN", ", expires: '2026-01-02'"), "tests.issues.story", "[]", "[a WARN]",
	  "fail the known issue i has expired (2026-01-02): the kernel logged a warning over this cell (a WARN); a WARN;; ", VERDICT_PASS },
	{ "a failure stays as it is", "", "tests.issues.story", "[]", "[a]", "fail (-); a;; ", VERDICT_FAIL },
	{ "what is no text", "", "tests.issues.story", "[1]", "[[2]]", "pass;; ", VERDICT_PASS },
	{ "an entry about results is none about lines", ENTRY("i", CELLS, "6.1", FIRST, ""), "tests.issues.story", "[]", "[a WARN]",
	  "fail the kernel logged a warning over this cell (a WARN); a WARN;; ", VERDICT_PASS },
};

static const struct value *parse(struct pool *pool, const char *text)
{
	struct problems problems = { .pool = pool };

	return yaml_parse(pool, "test", text, strlen(text), &problems);
}

static void load(struct pool *pool, const char *entries, struct known_list *list)
{
	*list = (struct known_list){ 0 };
	if (*entries)
		known_load_record(pool, parse(pool, entries), list);
	list->today = 20260103;
	list->ran = pool_array(pool, bool, list->n + 1);
	list->seen = pool_array(pool, bool, list->n + 1);
}

static const char *show(struct pool *pool, const struct verdict *v)
{
	struct text t = { .pool = pool };

	text_puts(&t, verdict_name(v->kind));
	if (v->kind == VERDICT_PASS)
		return t.s;
	text_printf(&t, " %d", v->step);
	if (v->what)
		text_printf(&t, " %s", v->what);
	if (v->reason)
		text_printf(&t, " %s (%s)%s%s", v->reason, v->resolution, v->link ? " " : "", v->link ? v->link : "");
	if (v->kind != VERDICT_KNOWN)
		text_printf(&t, ": %s", v->message);
	return t.s;
}

static bool read_cell(struct pool *pool, struct traced *t, const char *suite, const char *release, const char *runtime, const char *cell,
		      struct traced_cell *seen)
{
	struct value *header = value_map(pool);

	value_put(pool, header, "nsconform_trace", value_int(pool, TRACE_VERSION));
	value_put(pool, header, "release", value_str(pool, release));
	value_put(pool, header, "file", value_str(pool, "test.yaml"));
	value_put(pool, header, "source", value_str(pool, suite));
	if (runtime) {
		value_put(pool, header, "runtime", value_str(pool, runtime));
		value_put(pool, header, "version", value_str(pool, "1.14"));
	}
	return traced_begin(t, header, "test") && traced_read(t, pool, parse(pool, cell), seen);
}

static void check_row(struct pool *pool, struct catalogue *catalogue, size_t i)
{
	struct problems problems = { .pool = pool };
	struct traced t = { .pool = pool, .catalogue = catalogue, .problems = &problems };
	struct known_list list;
	struct traced_cell cell;
	struct verdict v;

	load(pool, rows[i].entries, &list);
	if (!ok(read_cell(pool, &t, SUITE, rows[i].release, NULL,
			  pool_printf(pool, "{cell: tests.issues.story%s, %ssteps: [%s]}", rows[i].kind, rows[i].more, rows[i].outcomes),
			  &cell), "%s: a cell", rows[i].about))
		return;
	judge(pool, &cell.script, &cell.trace, &v);
	known_apply(pool, &list, t.release, &cell.script, &cell.trace, &v);
	const char *text = show(pool, &v), *unseen = "";
	struct strs ids = known_unseen(pool, &list);

	for (size_t k = 0; k < ids.n; k++)
		unseen = pool_printf(pool, "%s%s%s", unseen, k ? " " : "", ids.v[k]);
	if (!ok(!strcmp(text, rows[i].verdict) && !strcmp(unseen, rows[i].unseen), "%s: %s", rows[i].about, text))
		printf("# wanted: %s; unseen: '%s', wanted '%s'\n", rows[i].verdict, unseen, rows[i].unseen);
}

static void check_other(struct pool *pool, struct catalogue *catalogue, size_t i)
{
	struct problems problems = { .pool = pool };
	struct traced t = { .pool = pool, .catalogue = catalogue, .problems = &problems };
	struct known_list list;
	struct traced_cell cell;
	struct verdict v;

	load(pool, others[i].entries, &list);
	if (!ok(read_cell(pool, &t, others[i].suite, "6.18.44", others[i].runtime,
			  pool_printf(pool, "{cell: tests.issues.story%s, %ssteps: [%s]}", others[i].kind, others[i].more, others[i].outcomes),
			  &cell), "%s: a cell", others[i].about)) {
		problems_print(&problems, stdout);
		return;
	}
	judge(pool, &cell.script, &cell.trace, &v);
	known_apply(pool, &list, t.release, &cell.script, &cell.trace, &v);
	const char *text = show(pool, &v);

	if (!ok(!strcmp(text, others[i].verdict), "%s: %s", others[i].about, text))
		printf("# wanted: %s\n", others[i].verdict);
}

static void check_log(struct pool *pool, size_t i)
{
	struct known_list list;
	struct verdict v = { .kind = logs[i].kind };
	const struct trace trace = {
		.log = logs[i].log ? parse(pool, logs[i].log) : NULL, .own_log = logs[i].own ? parse(pool, logs[i].own) : NULL,
	};
	struct text t = { .pool = pool };

	load(pool, logs[i].entries, &list);
	known_log(pool, &list, RELEASE(6, 18, 0), logs[i].name, &trace, &v);
	text_puts(&t, verdict_name(v.kind));
	if (v.kind == VERDICT_FAIL)
		text_printf(&t, "%s%s (%s)", v.message ? " " : "", v.message ? v.message : "", v.seen ? v.seen : "-");
	ok(!v.seen == !v.expected, "%s: what is seen and what is expected", logs[i].about);
	for (size_t k = 0; k < v.own_log.n; k++)
		text_printf(&t, "; %s", v.own_log.v[k]);
	text_puts(&t, ";;");
	for (size_t k = 0; k < v.log.n; k++)
		text_printf(&t, " %s;", v.log.v[k]);
	text_puts(&t, " ");
	if (!ok(!strcmp(t.s, logs[i].verdict), "%s: %s", logs[i].about, t.s))
		printf("# wanted: %s\n", logs[i].verdict);
}

/* Looking up entries. */
static void check_list(struct pool *pool)
{
	struct known_list list;

	load(pool, ENTRY("i", "'a.*'", "6.1", FIRST, ", fixed: ['6.1.5', '6.3']") ENTRY("k", "'b.*', c", "1.2", FIRST, ", runtime: crun")
	     LOG("l", "'d.*'", "x", "") ENTRY("m", "'a.*', 'd.*'", "6.2", FIRST, ""), &list);
	ok(list.n == 4 && known_find(&list, "k") == &list.v[1] && !known_find(&list, "z"), "by its id");
	ok(known_about(&list, "a.x", NULL) == &list.v[0] && known_about(&list, "d.x", NULL) == &list.v[3] &&
	   !known_about(&list, "b.x", NULL) && !known_about(&list, "c", "runc") && known_about(&list, "c", "crun") == &list.v[1] &&
	   !known_about(&list, "e", NULL), "by a cell");
	ok(!strcmp(known_range(pool, &list.v[0]), "since Linux 6.1, fixed in 6.1.5 and 6.3") &&
	   !strcmp(known_range(pool, &list.v[1]), "since 1.2"), "%s; %s", known_range(pool, &list.v[0]), known_range(pool, &list.v[1]));
	ok(!known_expired(&list, &list.v[0]), "what has no last day does not expire");
	ok(known_find(&list, "i") == &list.v[0] && known_find(&list, "m") == &list.v[3], "the first and the last");
	struct runtime crun = { .name = "crun", .installed = "1.2" }, runc = { .name = "runc", .installed = "1.2" };

	ok(known_covers(&list.v[1], 0, &crun) && !known_covers(&list.v[1], 0, &runc) && !known_covers(&list.v[1], 0, NULL), "a runtime's");
	crun.installed = "1.1";
	ok(!known_covers(&list.v[1], 0, &crun), "... in an older version");
	crun.installed = "?";
	ok(!known_covers(&list.v[1], 0, &crun), "... that is not known");
	crun.installed = NULL;
	ok(!known_covers(&list.v[1], 0, &crun), "... that is not installed");
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = {
		.pool = &pool, .dir = "suites/clauses", .problems = &problems,
	};

	setenv("NSCONFORM_DATA", ".", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(&pool, &catalogue, i);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		check_other(&pool, &catalogue, i);
	for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++)
		check_log(&pool, i);
	check_list(&pool);
	catalogue_free(&catalogue);
	return done();
}
