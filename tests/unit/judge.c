// SPDX-License-Identifier: GPL-2.0-only
/* What the judge makes of what was seen: each row a cell, its outcomes, and all of its verdict. */
#include "load/yaml.h"
#include "nsc/text.h"
#include "report/confined.h"
#include "report/judge.h"
#include "report/reds.h"
#include "report/traced.h"
#include "tap.h"

#define DONE(out) "{status: done, errno: 0, out: " out "}"
#define NAME(name) DONE("{name: " name "}")
#define ERROR(number) "{status: done, errno: " #number "}"
#define BROKEN(why) "{status: broken, why: \"" why "\"}"
#define LOST(why) "{status: lost, why: \"" why "\"}"
#define NONE "{status: none}"
#define LIE "lie: {call: setns, claim: success, seen: the old one, clause: api.x}"
#define LIED "{status: lied, " LIE "}"
#define UNAME(node, domain) DONE("{sysname: Linux, nodename: " node ", release: r, version: v, " \
				 "machine: m, domainname: " domain "}")

#define TWO "      - a: uts.gethostname\n        expect: {name: one}\n" \
	    "      - a: uts.gethostname\n        expect: {name: two}\n"
#define BUILT "      - a: {uts.sethostname: {name: one}}\n" \
	      "      - a: uts.gethostname\n        expect: {name: one}\n"
#define FIELDS_OF "      - a: uts.uname\n" \
	"        expect: {sysname: Linux, nodename: one, domainname: two}\n" \
	"      - a: uts.gethostname\n        expect: {name: three}\n"
#define REFUSED "      - b: {uts.sethostname: {name: one}}\n        expect: {errno: EPERM}\n" \
		"        twin: {by: a}\n"
#define ALONE "      - a: uts.gethostname\n        expect: {name: one}\n" \
	      "      - a: uts.gethostname\n        expect: {name: two}\n        isolates: uts\n" \
	      "      - a: uts.gethostname\n        expect: {name: three}\n"
#define BOTH "      - a: uts.gethostname\n        expect: {name: one}\n        isolates: uts\n" \
	     "      - a: uts.gethostname\n        expect: {name: two}\n        isolates: uts\n"
#define SAVED "      - a: uts.gethostname\n        expect: ok\n        save: before\n" \
	      "      - a: uts.gethostname\n        expect: {name: $before.name}\n"
#define SAVED_CHECKED "      - a: uts.gethostname\n        expect: {name: one}\n        save: before\n" \
	"      - a: uts.gethostname\n        expect: {name: $before.name}\n"
#define SAVED_ERRNO "      - a: {uts.sethostname: {name: one}}\n        save: set\n" \
	"        expect: ok\n      - a: {uts.sethostname: {name: one}}\n" \
	"        expect: {errno: $set.errno}\n"
#define ALSO(n) "; also " #n " name is \"x\", not \"a\""
#define ONE_OF_MANY "      - a: uts.gethostname\n        expect: {name: a}\n"
#define MANY ONE_OF_MANY ONE_OF_MANY ONE_OF_MANY ONE_OF_MANY ONE_OF_MANY ONE_OF_MANY ONE_OF_MANY ONE_OF_MANY \
	"      - a: uts.uname\n        expect: {nodename: n, domainname: d}\n" ONE_OF_MANY
#define SAVED_ALONE "      - a: uts.gethostname\n        save: before\n" \
	"      - a: uts.gethostname\n        expect: {name: $before.name}\n        isolates: uts\n"
#define SAVED_TWIN "      - a: uts.getdomainname\n        save: before\n" \
	"      - a: uts.gethostname\n        expect: {name: {not: $before.name}}\n" \
	"        twin: {without: uts.getdomainname, expect: {name: x}}\n"
/* What is seen without the namespace is a refusal, as by who has no rights over the shared one. */
#define REFUSED_ALONE "      - a: {uts.sethostname: {name: one}}\n        expect: ok\n        isolates: uts\n" \
	"        shared: {errno: EPERM}\n"
#define REFUSED_BOTH REFUSED_ALONE "      - a: uts.gethostname\n        expect: {name: one}\n        isolates: uts\n"
#define REFUSED_LAST "      - a: uts.gethostname\n        expect: {name: two}\n        isolates: uts\n" REFUSED_ALONE
#define PREPARED "      - a: {uts.sethostname: {name: one}}\n        expect: {errno: 0}\n" \
	"      - b: {uts.sethostname: {name: one}}\n        expect: {errno: EPERM}\n        twin: {by: a}\n" ONE_ALONE
#define ONE_ALONE "      - a: uts.gethostname\n        expect: {name: one}\n        isolates: uts\n"
#define CLOCK "      - a: {time.get: {clock: monotonic}}\n        expect: {ns: {gt: 1}}\n        isolates: time\n"
#define NAP "      - a: uts.getdomainname\n        background: nap\n"
#define BEHIND NAP "      - b: uts.gethostname\n        expect: {name: one}\n" \
	       "      - finish: nap\n        expect: {name: nap}\n"
#define BEHIND_ALONE NAP "      - a: uts.gethostname\n        expect: {name: two}\n        isolates: uts\n" \
	"      - finish: nap\n        expect: {name: nap}\n"

static const struct {
	const char *about, *steps, *kind, *cell, *outcomes, *verdict;
} cases[] = {
	{ "all as expected", TWO, "", "", NAME("one") ", " NAME("two"), "pass" },
	{ "the first mismatch decides, others are told", TWO, "", "", NAME("x") ", " NAME("y"),
	  "fail 0: the expectation was not met; name is \"x\", not \"one\"; also 1 name is \"y\", not \"two\"" },
	{ "the last one alone", TWO, "", "", NAME("one") ", " NAME("one"),
	  "fail 1: the expectation was not met; name is \"one\", not \"two\"" },
	{ "an error where results are expected", TWO, "", "", ERROR(1) ", " NAME("two"),
	  "fail 0: the expectation was not met; errno is EPERM (Operation not permitted), not success" },
	{ "a field that is not there", TWO, "", "", DONE("{}") ", " NAME("two"),
	  "fail 0: the expectation was not met; name is null, not \"one\"" },
	{ "no results at all", TWO, "", "", "{status: done, errno: 0}, " NAME("two"),
	  "fail 0: the expectation was not met; name is null, not \"one\"" },
	{ "several fields of a step", FIELDS_OF, "", "", UNAME("x", "y") ", " NAME("z"),
	  "fail 0: the expectation was not met; nodename is \"x\", not \"one\"; "
	  "also 0 domainname is \"y\", not \"two\"; also 1 name is \"z\", not \"three\"" },
	{ "a field before is not told again", FIELDS_OF, "", "", UNAME("one", "y") ", " NAME("three"),
	  "fail 0: the expectation was not met; domainname is \"y\", not \"two\"" },
	{ "an error tells of no fields", FIELDS_OF, "", "", ERROR(22) ", " ERROR(1),
	  "fail 0: the expectation was not met; errno is EINVAL (Invalid argument), not success; "
	  "also 1 errno is EPERM (Operation not permitted), not success" },
	{ "steps that were not done are not told", TWO, "", "", NAME("x") ", " BROKEN("gone"),
	  "fail 0: the expectation was not met; name is \"x\", not \"one\"" },
	{ "what prepares succeeds", BUILT, "", "", ERROR(0) ", " NAME("one"), "pass" },
	{ "... or nothing is said", BUILT, "", "", ERROR(1) ", " NAME("x"),
	  "broken 0: the world could not be built: EPERM (Operation not permitted)" },
	{ "... also when its failure is told of later", BUILT, "", "", ERROR(0) ", " NAME("x"),
	  "fail 1: the expectation was not met; name is \"x\", not \"one\"" },
	{ "a step that broke", TWO, "", "", NAME("one") ", " BROKEN("it is gone"),
	  "broken 1: it is gone" },
	{ "a step that was not reached", TWO, "", "", NAME("one") ", " NONE,
	  "broken 1: was not reached" },
	{ "... and why", TWO, "", "", NAME("one") ", {status: none, why: the end}", "broken 1: the end" },
	{ "a failure before what broke", TWO, "", "", NAME("x") ", " NONE,
	  "fail 0: the expectation was not met; name is \"x\", not \"one\"" },
	{ "a lie", TWO, "", "", NAME("one") ", " LIED,
	  "fail 1: the kernel does not do what it says: setns: success, but the old one; "
	  "seen the old one, not success; call setns of api.x" },
	{ "a lost box", TWO, "", "", NAME("one") ", " LOST("the box is gone"), "fail 1: the box is gone" },
	{ "the cell broke", TWO, "", "broken: killed, ", NAME("one") ", " NONE, "broken -1: killed" },
	{ "... before what it would have shown", TWO, "", "broken: killed, ", NONE ", " NAME("x"),
	  "broken -1: killed" },
	{ "... after a failure", TWO, "", "broken: killed, ", NAME("x") ", " NONE,
	  "fail 0: the expectation was not met; name is \"x\", not \"one\"" },
	{ "... after all was done", TWO, "", "broken: killed, ", NAME("one") ", " NAME("two"),
	  "broken -1: killed" },
	{ "... after a step without an expectation failed", BUILT, "", "broken: killed, ",
	  ERROR(1) ", " NONE, "broken -1: killed" },
	{ "a lie in its making", TWO, "", LIE ", ", NAME("one") ", " NONE,
	  "fail -1: the kernel does not do what it says: setns: success, but the old one; "
	  "seen the old one, not success; call setns of api.x" },
	{ "... after a failure", TWO, "", LIE ", ", NAME("x") ", " NONE,
	  "fail 0: the expectation was not met; name is \"x\", not \"one\"" },
	{ "a refusal", REFUSED, "", "", ERROR(1), "pass" },
	{ "another refusal", REFUSED, "", "", ERROR(13),
	  "fail 0: the expectation was not met; errno is EACCES (Permission denied), not \"EPERM\"" },
	{ "success instead", REFUSED, "", "", ERROR(0),
	  "fail 0: the expectation was not met; errno is success, not \"EPERM\"" },
	{ "its twin succeeds", REFUSED, ".twin.1", "", ERROR(0), "pass" },
	{ "its twin is refused, too", REFUSED, ".twin.1", "", ERROR(1),
	  "fail 0: the expectation holds in the twin too: it proves nothing; "
	  "seen EPERM (Operation not permitted), not not {errno: \"EPERM\"}" },
	{ "a control fails where it must", ALONE, ".control.uts", "", NAME("one") ", " NAME("x") ", " NAME("three"),
	  "pass" },
	{ "... and others may fail", ALONE, ".control.uts", "", NAME("x") ", " NAME("x") ", " ERROR(1), "pass" },
	{ "... and what comes after does not matter", ALONE, ".control.uts", "broken: killed, ",
	  NAME("one") ", " NAME("x") ", " NONE, "pass" },
	{ "... but what comes before does", ALONE, ".control.uts", "broken: killed, ",
	  NONE ", " NAME("x") ", " NONE, "broken -1: killed" },
	{ "... and the marked one", ALONE, ".control.uts", "broken: killed, ",
	  NAME("one") ", " NONE ", " NONE, "broken -1: killed" },
	{ "... as without an end", ALONE, ".control.uts", "", NAME("one") ", " NONE ", " NONE,
	  "broken 1: was not reached" },
	{ "it holds without the isolation", ALONE, ".control.uts", "", NAME("x") ", " NAME("two") ", " NAME("z"),
	  "fail 1: the expectation holds without the UTS namespace too: it proves nothing; "
	  "seen {name: \"two\"}, not not {name: \"two\"}" },
	{ "each marked one must fail", BOTH, ".control.uts", "", NAME("x") ", " NAME("two"),
	  "fail 1: the expectation holds without the UTS namespace too: it proves nothing; "
	  "seen {name: \"two\"}, not not {name: \"two\"}" },
	{ "... also when the cell broke then", BOTH, ".control.uts", "broken: killed, ", NAME("x") ", " NONE,
	  "broken -1: killed" },
	{ "a control that fails by an error", ALONE, ".control.uts", "", NAME("one") ", " ERROR(1) ", " NONE,
	  "fail 1: without the UTS namespace it fails in another way than by sharing: it proves nothing; "
	  "errno is EPERM (Operation not permitted), not 0" },
	{ "a control's lost box", ALONE, ".control.uts", "", NAME("one") ", " LOST("gone") ", " NONE,
	  "broken 1: gone" },
	{ "... before", ALONE, ".control.uts", "", LOST("gone") ", " NAME("x") ", " NONE, "broken 0: gone" },
	{ "a lie in a control", ALONE, ".control.uts", LIE ", ", NAME("one") ", " NAME("x") ", " NAME("three"),
	  "pass" },
	{ "... that was not carried out for it", ALONE, ".control.uts", LIE ", ", NAME("one") ", " NONE ", " NONE,
	  "fail -1: the kernel does not do what it says: setns: success, but the old one; "
	  "seen the old one, not success; call setns of api.x" },
	{ "a control in which sharing is seen by a refusal", REFUSED_ALONE, ".control.uts", "", ERROR(1), "pass" },
	{ "... and which is allowed", REFUSED_ALONE, ".control.uts", "", ERROR(0),
	  "fail 0: the expectation holds without the UTS namespace too: it proves nothing; "
	  "seen success, not not {errno: 0}" },
	{ "what a control prepares is refused", PREPARED, ".control.uts", "", ERROR(1) ", " ERROR(1) ", " NAME("x"),
	  "fail 0: without the UTS namespace it is refused: what comes after it proves nothing; "
	  "errno is EPERM (Operation not permitted), not 0" },
	{ "... or is another refusal", PREPARED, ".control.uts", "", ERROR(0) ", " ERROR(13) ", " NAME("x"), "pass" },
	{ "a control that has nothing to compare with", SAVED_ALONE, ".control.uts", "", DONE("{}") ", " NAME("x"),
	  "broken 1: $before.name is not there to compare with" },
	{ "a twin that has nothing to compare with", SAVED_TWIN, ".twin.2", "", NAME("x"), "pass" },
	{ "... and is not as it should", SAVED_TWIN, ".twin.2", "", NAME("y"),
	  "fail 0: the expectation was not met; name is \"y\", not \"x\"" },
	{ "a twin's lost box", REFUSED, ".twin.1", "", LOST("gone"), "broken 0: gone" },
	{ "what was saved is compared with", SAVED, "", "", NAME("x") ", " NAME("x"), "pass" },
	{ "... and differs", SAVED, "", "", NAME("x") ", " NAME("y"),
	  "fail 1: the expectation was not met; name is \"y\", not \"x\"" },
	{ "... or is not there", SAVED, "", "", DONE("{}") ", " NAME("x"),
	  "broken 1: $before.name is not there to compare with" },
	{ "... after the step that was to save it has failed", SAVED_CHECKED, "", "", DONE("{}") ", " NAME("x"),
	  "fail 0: the expectation was not met; name is null, not \"one\"" },
	{ "... not by a step that was not done", SAVED, "", "", "{status: lied, " LIE ", out: {name: x}}, " NAME("x"),
	  "fail 0: the kernel does not do what it says: setns: success, but the old one; "
	  "seen the old one, not success; call setns of api.x" },
	{ "a step in the background is judged when it is waited for", BEHIND, "", "", NONE ", " NAME("one") ", " NAME("nap"),
	  "pass" },
	{ "... that has ended before", BEHIND, "", "", ERROR(4) ", " NAME("one") ", " NAME("nap"), "pass" },
	{ "... and what comes meanwhile", BEHIND, "", "", NONE ", " NAME("x") ", " ERROR(4),
	  "fail 1: the expectation was not met; name is \"x\", not \"one\"; "
	  "also 2 errno is EINTR (Interrupted system call), not success" },
	{ "... and its end", BEHIND, "", "", DONE("{}") ", " NAME("one") ", " ERROR(4),
	  "fail 2: the expectation was not met; errno is EINTR (Interrupted system call), not success" },
	{ "... a cell that broke meanwhile", BEHIND, "", "broken: killed, ", NONE ", " NAME("x") ", " NONE,
	  "broken -1: killed" },
	{ "... or could not be begun", BEHIND, "", "", BROKEN("gone") ", " NAME("one") ", " NONE, "broken 0: gone" },
	{ "a control of it", BEHIND_ALONE, ".control.uts", "broken: killed, ", NONE ", " NAME("x") ", " DONE("{}"), "pass" },
	{ "at most eight further ones are told", MANY, "", "",
	  NAME("x") ", " NAME("x") ", " NAME("x") ", " NAME("x") ", " NAME("x") ", " NAME("x") ", " NAME("x") ", "
	  NAME("x") ", " UNAME("x", "y") ", " NAME("x"),
	  "fail 0: the expectation was not met; name is \"x\", not \"a\"" ALSO(1) ALSO(2) ALSO(3) ALSO(4) ALSO(5) ALSO(6) ALSO(7)
	  "; also 8 nodename is \"x\", not \"n\"" },
	{ "time goes on in a control of it", CLOCK, ".control.time", "", DONE("{ns: 5}"),
	  "fail 0: the expectation holds without the time namespace too: it proves nothing; "
	  "seen {ns: 5}, not not {ns: {gt: 1}}; clocks" },
	{ "an error was saved", SAVED_ERRNO, "", "", ERROR(0) ", " ERROR(0), "pass" },
	{ "... and is another one later", SAVED_ERRNO, "", "", ERROR(0) ", " ERROR(1),
	  "fail 1: the expectation was not met; errno is EPERM (Operation not permitted), not 0" },
};

#define FILTER "{seccomp: true}"
#define FORBIDS "{seccomp: true, forbidden: [setns, mount]}"
#define KILLS "{seccomp: true, killing: [setns]}"
#define PROFILE "{profile: strict}"
#define IN_THE_WAY "cannot: a seccomp filter is in the way: "
#define SAYS_FORBIDS "; the filter forbids setns mount"
#define BY_ARGUMENTS "; the filter forbids calls by their arguments"

/* Whose word it is: the kernel's, or that of a filter or profile. NULL: the verdict stays. */
static const struct {
	const char *about, *steps, *kind, *cell, *outcomes, *confinement, *verdict;
} confined[] = {
	{ "no filter", TWO, "", "", ERROR(1) ", " NAME("two"), "~", NULL },
	{ "an error by which filters refuse", TWO, "", "", ERROR(1) ", " NAME("two"), FILTER,
	  IN_THE_WAY "seen: Operation not permitted" BY_ARGUMENTS },
	{ "another one", TWO, "", "", ERROR(13) ", " NAME("two"), FILTER,
	  IN_THE_WAY "seen: Permission denied" BY_ARGUMENTS },
	{ "a third one", TWO, "", "", ERROR(38) ", " NAME("two"), FORBIDS,
	  IN_THE_WAY "seen: Function not implemented" SAYS_FORBIDS },
	{ "an error of the kernel's", TWO, "", "", ERROR(22) ", " NAME("two"), FORBIDS, NULL },
	{ "another name", TWO, "", "", NAME("x") ", " NAME("two"), FORBIDS, NULL },
	{ "a result that tells of it", TWO, "", "", NAME("EPERM") ", " NAME("two"), FILTER,
	  IN_THE_WAY "seen: \"EPERM\"" BY_ARGUMENTS },
	{ "... in words", TWO, "", "", NAME("the Operation not permitted") ", " NAME("two"), FILTER,
	  IN_THE_WAY "seen: \"the Operation not permitted\"" BY_ARGUMENTS },
	{ "a signal", TWO, "", "", NAME("by SYS") ", " NAME("two"), FILTER,
	  IN_THE_WAY "seen: \"by SYS\"" BY_ARGUMENTS },
	{ "no signal", TWO, "", "", NAME("CAP_SYS_ADMIN") ", " NAME("two"), FILTER, NULL },
	{ "... nor a part of a name", TWO, "", "", NAME("my_SYS") ", " NAME("two"), FILTER, NULL },
	{ "... nor this", TWO, "", "", NAME("SYSTEM") ", " NAME("two"), FILTER, NULL },
	{ "... nor that", TWO, "", "", NAME("ASYS 1SYS") ", " NAME("two"), FILTER, NULL },
	{ "... but behind one", TWO, "", "", NAME("CAP_SYS_ADMIN SYS") ", " NAME("two"), FILTER,
	  IN_THE_WAY "seen: \"CAP_SYS_ADMIN SYS\"" BY_ARGUMENTS },
	{ "a death, where calls kill", TWO, "", "", NAME("it died") ", " NAME("two"), KILLS,
	  IN_THE_WAY "seen: \"it died\"; the filter forbids setns (kills)" },
	{ "... and where none does", TWO, "", "", NAME("it died") ", " NAME("two"), FILTER, NULL },
	{ "a profile does not kill", TWO, "", "", NAME("it died by SYS") ", " NAME("two"), PROFILE, NULL },
	{ "a profile refuses", TWO, "", "", ERROR(13) ", " NAME("two"), PROFILE,
	  "cannot: a security module is in the way: seen: Permission denied; the profile is strict" },
	{ "what broke by such an error", TWO, "", "", NAME("one") ", " BROKEN("open: EPERM"), FILTER,
	  IN_THE_WAY "open: EPERM" BY_ARGUMENTS },
	{ "... by a death", TWO, "", "", NAME("one") ", " BROKEN("a gave no answer"), FILTER,
	  IN_THE_WAY "a gave no answer" BY_ARGUMENTS },
	{ "... by something else", TWO, "", "", NAME("one") ", " BROKEN("odd"), FILTER, NULL },
	{ "... where calls are forbidden", TWO, "", "", NAME("one") ", " BROKEN("odd"), FORBIDS,
	  IN_THE_WAY "odd" SAYS_FORBIDS },
	{ "... where they kill", TWO, "", "", NAME("one") ", " BROKEN("odd"), KILLS,
	  IN_THE_WAY "odd; the filter forbids setns (kills)" },
	{ "... by a profile", TWO, "", "", NAME("one") ", " BROKEN("odd: is dead"), PROFILE, NULL },
	{ "a cell that broke", TWO, "", "broken: is gone, ", NONE ", " NONE, FILTER,
	  IN_THE_WAY "is gone" BY_ARGUMENTS },
	{ "a lost box, by its reason", TWO, "", "", LOST("refused, ENOSYS") ", " NONE, FILTER,
	  IN_THE_WAY "refused, ENOSYS" BY_ARGUMENTS },
	{ "... or without one", TWO, "", "", LOST("refused") ", " NONE, FILTER, NULL },
	{ "a control that fails by it", ALONE, ".control.uts", "",
	  NAME("one") ", " ERROR(1) ", " NAME("three"), FILTER,
	  IN_THE_WAY "seen: Operation not permitted" BY_ARGUMENTS },
	{ "... in the first step", BOTH, ".control.uts", "", ERROR(13) ", " NAME("x"), FILTER,
	  IN_THE_WAY "seen: Permission denied" BY_ARGUMENTS },
	{ "... in the last one", BOTH, ".control.uts", "", NAME("x") ", " ERROR(38), FORBIDS,
	  IN_THE_WAY "seen: Function not implemented" SAYS_FORBIDS },
	{ "... by another error it is not", ALONE, ".control.uts", "",
	  NAME("one") ", " ERROR(22) ", " NAME("three"), FILTER, NULL },
	{ "a control that is refused as sharing would be", REFUSED_BOTH, ".control.uts", "", ERROR(1) ", " NAME("x"), FILTER,
	  IN_THE_WAY "the control failed by: Operation not permitted" BY_ARGUMENTS },
	{ "... in the last step", REFUSED_LAST, ".control.uts", "", NAME("x") ", " ERROR(1), FILTER,
	  IN_THE_WAY "the control failed by: Operation not permitted" BY_ARGUMENTS },
	{ "... and without a filter", REFUSED_LAST, ".control.uts", "", NAME("x") ", " ERROR(1), "~", NULL },
	{ "by a step before it", ALONE, ".control.uts", "",
	  ERROR(1) ", " NAME("x") ", " NAME("three"), FILTER,
	  IN_THE_WAY "seen: Operation not permitted" BY_ARGUMENTS },
	{ "a refusal that is expected", REFUSED, "", "", ERROR(1), FILTER, NULL },
	{ "a pass", TWO, "", "", NAME("one") ", " NAME("two"), KILLS, NULL },
	{ "a lost box, where calls kill", TWO, "", "", LOST("refused") ", " NONE, KILLS, NULL },
	{ "a signal at the beginning", TWO, "", "", NAME("one") ", " BROKEN("SYS ended it"), FILTER, IN_THE_WAY "SYS ended it" BY_ARGUMENTS },
	{ "... of a name", TWO, "", "", NAME("by SYS_x") ", " NAME("two"), FILTER, NULL },
	{ "a lie that is no step's", TWO, "", LIE ", ", NAME("one") ", " NAME("two"), FILTER, NULL },
};

/* judge_from(): what is left of the verdict after a failure that something explains. */
static const struct {
	const char *about, *steps, *cell, *outcomes;
	size_t from;
	const char *after, *verdict;
} rests[] = {
	{ "after the first field", FIELDS_OF, "", UNAME("x", "y") ", " NAME("three"), 0, "nodename",
	  "fail 0: the expectation was not met; domainname is \"y\", not \"two\"" },
	{ "after the last one", FIELDS_OF, "", UNAME("x", "y") ", " NAME("three"), 0, "domainname", "pass" },
	{ "the next step", FIELDS_OF, "", UNAME("x", "y") ", " NAME("z"), 0, "domainname",
	  "fail 1: the expectation was not met; name is \"z\", not \"three\"" },
	{ "after an error there are no fields", FIELDS_OF, "", ERROR(1) ", " NAME("three"), 0, "errno", "pass" },
	{ "after errno, which comes first", FIELDS_OF, "", UNAME("x", "two") ", " NAME("three"), 0, "errno",
	  "fail 0: the expectation was not met; nodename is \"x\", not \"one\"" },
	{ "from a later step", TWO, "", NAME("x") ", " NAME("y"), 1, NULL,
	  "fail 1: the expectation was not met; name is \"y\", not \"two\"" },
	{ "from a later step, which is right", TWO, "", NAME("x") ", " NAME("two"), 1, NULL, "pass" },
	{ "of a cell that broke", TWO, "broken: killed, ", NAME("x") ", " NAME("y"), 1, "name", "broken -1: killed" },
	{ "... with another failure", TWO, "broken: killed, ", NAME("x") ", " NAME("y"), 0, "name",
	  "fail 1: the expectation was not met; name is \"y\", not \"two\"" },
};

static const struct {
	const char *about;
	struct verdict verdict;
	bool trace_late, waited[2], is_late;
	enum outcome_status status;
} lateness[] = {
	{ "in time", { .kind = VERDICT_FAIL, .step = 0 }, false, { false, false }, false, OUTCOME_DONE },
	{ "the step waited", { .kind = VERDICT_FAIL, .step = 0 }, false, { true, false }, true, OUTCOME_DONE },
	{ "one before it did", { .kind = VERDICT_FAIL, .step = 1 }, false, { true, false }, true, OUTCOME_DONE },
	{ "one after it did", { .kind = VERDICT_FAIL, .step = 0 }, false, { false, true }, false, OUTCOME_DONE },
	{ "broken, of no step", { .kind = VERDICT_BROKEN, .step = -1 }, false, { false, true }, true, OUTCOME_DONE },
	{ "the cell's deadline", { .kind = VERDICT_BROKEN, .step = -1 }, true, { false, false }, true, OUTCOME_DONE },
	{ "... after a step was wrong", { .kind = VERDICT_FAIL, .step = 0 }, true, { false, false }, false, OUTCOME_DONE },
	{ "... in a step that was lost", { .kind = VERDICT_FAIL, .step = 0 }, true, { false, false }, true, OUTCOME_LOST },
	{ "... that broke", { .kind = VERDICT_BROKEN, .step = 0 }, true, { false, false }, true, OUTCOME_BROKEN },
	{ "... that is over", { .kind = VERDICT_BROKEN, .step = 0 }, true, { false, false }, true, OUTCOME_DONE },
	{ "a failure of no step", { .kind = VERDICT_FAIL, .step = -1 }, true, { false, false }, true, OUTCOME_DONE },
	{ "a pass", { .kind = VERDICT_PASS, .step = -1 }, true, { true, true }, false, OUTCOME_DONE },
	{ "a known issue", { .kind = VERDICT_KNOWN, .step = 0 }, true, { true, true }, false, OUTCOME_DONE },
	{ "clocks", { .kind = VERDICT_FAIL, .step = 0, .clocks = true }, false, { false, false }, true, OUTCOME_DONE },
	{ "a lie", { .kind = VERDICT_FAIL, .step = 0, .call = "setns" }, true, { true, true }, false, OUTCOME_LIED },
};

static const char *verdict_text(struct pool *pool, const struct verdict *v)
{
	const char *text = v->kind == VERDICT_PASS && v->step == -1 ? "pass" :
		pool_printf(pool, "%s %d: %s", verdict_name(v->kind), v->step, v->message);

	if (v->what)
		text = pool_printf(pool, "%s; %s is %s, not %s", text, v->what, v->seen, v->expected);
	else if (v->seen)
		text = pool_printf(pool, "%s; seen %s, not %s", text, v->seen, v->expected);
	if (v->call)
		text = pool_printf(pool, "%s; call %s of %s", text, v->call, v->clause);
	if (v->clocks)
		text = pool_printf(pool, "%s; clocks", text);
	for (size_t i = 0; i < v->n_also; i++)
		text = pool_printf(pool, "%s; also %d %s is %s, not %s", text, v->also[i].step,
				   v->also[i].what, v->also[i].seen, v->also[i].expected);
	return text;
}

static const struct value *parse(struct pool *pool, const char *text, struct problems *problems)
{
	return yaml_parse(pool, "test", text, strlen(text), problems);
}

/* The cell of a suite of these steps, and what was seen in it. */
static bool read_cell(struct pool *pool, struct catalogue *catalogue, struct problems *problems, const char *steps,
		      const char *kind, const char *cell, const char *outcomes, struct traced_cell *seen)
{
	struct traced *t = pool_new(pool, struct traced);
	struct value *header = value_map(pool);

	*t = (struct traced){ .pool = pool, .catalogue = catalogue, .problems = problems };
	value_put(pool, header, "nsconform_trace", value_int(pool, TRACE_VERSION));
	value_put(pool, header, "release", value_str(pool, "6.18.44"));
	value_put(pool, header, "file", value_str(pool, "test.yaml"));
	value_put(pool, header, "source", value_str(pool, pool_printf(pool, "suite: tests/judge\nabout: A.\n"
		"scenarios:\n  - id: cell\n    about: A.\n    clauses: [uts.names.hostname-isolated]\n"
		"    actors: {a: {new: [uts%s]}, b: {}}\n    steps:\n%s",
		!strcmp(steps, CLOCK) ? ", time" : "", steps)));
	if (!traced_begin(t, header, "test"))
		return false;
	const struct value *line = parse(pool, pool_printf(pool, "{cell: tests.judge.cell%s, %ssteps: [%s]}", kind, cell,
							   outcomes), problems);

	return line && traced_read(t, pool, line, seen);
}

static void check_cases(struct pool *pool, struct catalogue *catalogue)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct problems problems = { .pool = pool };
		struct traced_cell seen;
		struct verdict v;

		if (!read_cell(pool, catalogue, &problems, cases[i].steps, cases[i].kind, cases[i].cell,
			       cases[i].outcomes, &seen)) {
			ok(false, "%s: no cell: %s", cases[i].about, problems.n ? problems.v[0].text : "no trace");
			continue;
		}
		judge(pool, &seen.script, &seen.trace, &v);
		const char *text = verdict_text(pool, &v);

		if (!ok(!strcmp(text, cases[i].verdict), "%s: %s", cases[i].about, text))
			printf("# wanted: %s\n", cases[i].verdict);
	}
}

static void check_confined(struct pool *pool, struct catalogue *catalogue)
{
	for (size_t i = 0; i < sizeof(confined) / sizeof(*confined); i++) {
		struct problems problems = { .pool = pool };
		struct confinement c;
		struct traced_cell seen;
		struct verdict v, before;

		confinement_read(pool, parse(pool, confined[i].confinement, &problems), &c);
		if (!read_cell(pool, catalogue, &problems, confined[i].steps, confined[i].kind, confined[i].cell,
			       confined[i].outcomes, &seen)) {
			ok(false, "%s: no cell", confined[i].about);
			continue;
		}
		judge(pool, &seen.script, &seen.trace, &v);
		before = v;
		confined_judge(pool, &c, &seen.script, &seen.trace, &v);
		const char *text = pool_printf(pool, "%s: %s", v.reason ? v.reason : "", v.message ? v.message : "");

		if (confined[i].verdict)
			ok(v.kind == VERDICT_SKIP && v.step == before.step && !strcmp(text, confined[i].verdict) &&
			   v.resolution && strstr(v.resolution, c.filtered ? "seccomp" : "apparmor"),
			   "%s: %s", confined[i].about, text);
		else
			ok(!memcmp(&v, &before, sizeof(v)), "%s: as it was: %s", confined[i].about, text);
	}
}

static void check_rests(struct pool *pool, struct catalogue *catalogue)
{
	for (size_t i = 0; i < sizeof(rests) / sizeof(*rests); i++) {
		struct problems problems = { .pool = pool };
		struct traced_cell seen;
		struct verdict v;

		if (!read_cell(pool, catalogue, &problems, rests[i].steps, "", rests[i].cell, rests[i].outcomes, &seen)) {
			ok(false, "%s: no cell", rests[i].about);
			continue;
		}
		judge_from(pool, &seen.script, &seen.trace, rests[i].from, rests[i].after, &v);
		const char *text = verdict_text(pool, &v);

		if (!ok(!strcmp(text, rests[i].verdict), "%s: %s", rests[i].about, text))
			printf("# wanted: %s\n", rests[i].verdict);
	}
}

static void check_lateness(void)
{
	for (size_t i = 0; i < sizeof(lateness) / sizeof(*lateness); i++) {
		struct outcome outcomes[2] = {
			{ .status = lateness[i].status, .waited_out = lateness[i].waited[0] },
			{ .status = lateness[i].status, .waited_out = lateness[i].waited[1] },
		};
		const struct trace trace = { .outcomes = outcomes, .n = 2, .late = lateness[i].trace_late };

		ok(judge_may_be_late(&trace, &lateness[i].verdict) == lateness[i].is_late, "%s: %s", lateness[i].about,
		   lateness[i].is_late ? "may be late" : "is not");
	}
}

/* The loader makes none: a control in which nothing must fail would prove nothing. */
static void check_unmarked(struct pool *pool, struct catalogue *catalogue)
{
	struct problems problems = { .pool = pool };
	struct traced_cell seen;
	struct verdict v;

	read_cell(pool, catalogue, &problems, ALONE, ".control.uts", "", NAME("one") ", " NAME("x") ", " NAME("three"), &seen);
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < seen.script.n_steps; k++)
			seen.script.steps[k].contrary = NULL;
		judge(pool, &seen.script, &seen.trace, &v);
		const char *text = verdict_text(pool, &v);

		ok(!strcmp(text, i ? "broken -1: killed" : "broken -1: no step of this control is marked to fail"),
		   "a control without a mark: %s", text);
		seen.trace.broken = "killed";
	}
}

/* As with a runtime: the second step is about the box that the first one starts, when that starts. */
static void check_refused(struct pool *pool, struct catalogue *catalogue)
{
	static const struct {
		const char *about, *first, *verdict;
	} boxes[] = {
		{ "a box that was refused", DONE("{state: refused, name: one}"), "pass" },
		{ "... another way", DONE("{state: refused, name: y}"),
		  "fail 0: the expectation was not met; name is \"y\", not \"one\"" },
		{ "a box that runs", DONE("{state: running, name: one}"),
		  "fail 1: the expectation was not met; name is \"x\", not \"two\"" },
	};

	for (size_t i = 0; i < sizeof(boxes) / sizeof(*boxes); i++) {
		struct problems problems = { .pool = pool };
		struct traced_cell seen;
		struct verdict v;

		read_cell(pool, catalogue, &problems, TWO, "", "", pool_printf(pool, "%s, %s", boxes[i].first, NAME("x")), &seen);

		struct step launch = *seen.script.steps[0].step, about = *seen.script.steps[1].step;

		launch.kind = STEP_LAUNCH;
		about.if_started = true;
		seen.script.steps[0].step = &launch;
		seen.script.steps[1].step = &about;
		judge(pool, &seen.script, &seen.trace, &v);
		const char *text = verdict_text(pool, &v);

		ok(!strcmp(text, boxes[i].verdict), "%s: %s", boxes[i].about, text);
	}
}

#define STEP(line, more) "{line: " line ", op: uts.gethostname, " more ", took_ns: 7}"

/* Lines of a trace: what is read is written again, but for what is NULL, which is refused. */
static const struct {
	const char *about, *cell, *outcomes, *line;
} saved[] = {
	{ "all that a line may have",
	  "broken: b, late: true, died: true, tried_again: t, attempt: 2, attempts: [{attempt: 1}], started_ns: 3, took_ns: 4, "
	  LIE ", log: [l], own_log: [o], ",
	  STEP("9", "status: done, with: {x: 1}, errno: 0, out: {name: one}, waited_out: true") ", "
	  STEP("11", "status: lied, why: w, " LIE),
	  "{\"cell\": \"tests.judge.cell\", \"broken\": \"b\", \"late\": true, \"died\": true, \"tried_again\": \"t\", "
	  "\"attempt\": 2, \"attempts\": [{\"attempt\": 1}], \"started_ns\": 3, \"took_ns\": 4, "
	  "\"lie\": {\"call\": \"setns\", \"claim\": \"success\", \"seen\": \"the old one\", \"clause\": \"api.x\"}, "
	  "\"log\": [\"l\"], \"own_log\": [\"o\"], \"steps\": ["
	  "{\"line\": 9, \"op\": \"uts.gethostname\", \"status\": \"done\", \"with\": {\"x\": 1}, \"errno\": 0, "
	  "\"out\": {\"name\": \"one\"}, \"took_ns\": 0, \"waited_out\": true}, "
	  "{\"line\": 11, \"op\": \"uts.gethostname\", \"status\": \"lied\", \"why\": \"w\", \"lie\": {\"call\": \"setns\", "
	  "\"claim\": \"success\", \"seen\": \"the old one\", \"clause\": \"api.x\"}, \"took_ns\": 0}]}" },
	{ "and what it need not", "", "{status: done, errno: 4095}, {status: none}",
	  "{\"cell\": \"tests.judge.cell\", \"steps\": ["
	  "{\"line\": 9, \"op\": \"uts.gethostname\", \"status\": \"done\", \"errno\": 4095, \"took_ns\": 0}, "
	  "{\"line\": 11, \"op\": \"uts.gethostname\", \"status\": \"none\", \"took_ns\": 0}]}" },
	{ "a log of before there were two", "log: [a], log_alone: true, ", NONE ", " NONE,
	  "{\"cell\": \"tests.judge.cell\", \"own_log\": [\"a\"], \"steps\": ["
	  "{\"line\": 9, \"op\": \"uts.gethostname\", \"status\": \"none\", \"took_ns\": 0}, "
	  "{\"line\": 11, \"op\": \"uts.gethostname\", \"status\": \"none\", \"took_ns\": 0}]}" },
	{ "too few steps", "", NONE, NULL },
	{ "too many", "", NONE ", " NONE ", " NONE, NULL },
	{ "a step that is no map", "", NONE ", 5", NULL },
	{ "no status", "", NONE ", {errno: 0}", NULL },
	{ "another status", "", NONE ", {status: well}", NULL },
	{ "done, and no errno", "", NONE ", {status: done}", NULL },
	{ "an errno beyond the last", "", NONE ", {status: done, errno: 4096}", NULL },
	{ "one below 0", "", NONE ", {status: done, errno: -1}", NULL },
	{ "one by its name", "", NONE ", {status: done, errno: EPERM}", NULL },
	{ "another line", "", NONE ", {status: none, line: 9}", NULL },
	{ "another op", "", NONE ", {status: none, op: uts.uname}", NULL },
	{ "results that are no map", "", NONE ", {status: done, errno: 0, out: x}", NULL },
	{ "broken without a reason", "", NONE ", {status: broken}", NULL },
	{ "lost without a reason", "", NONE ", {status: lost}", NULL },
	{ "a lie that does not say which", "", NONE ", {status: lied}", NULL },
	{ "... without its call", "", NONE ", {status: lied, lie: {claim: c, seen: s}}", NULL },
	{ "... without its claim", "", NONE ", {status: lied, lie: {call: c, seen: s}}", NULL },
	{ "... without what was seen", "", NONE ", {status: lied, lie: {call: c, claim: s}}", NULL },
	{ "... of the cell", "lie: {call: c, claim: s}, ", NONE ", " NONE, NULL },
	{ "late as a text", "late: soon, ", NONE ", " NONE, NULL },
	{ "a log that is none", "log: a, ", NONE ", " NONE, NULL },
	{ "... of numbers", "log: [a, 1], ", NONE ", " NONE, NULL },
	{ "... of the cell's own", "own_log: [1, a], ", NONE ", " NONE, NULL },
};

static void check_saved(struct pool *pool, struct catalogue *catalogue)
{
	for (size_t i = 0; i < sizeof(saved) / sizeof(*saved); i++) {
		struct problems problems = { .pool = pool };
		struct traced_cell seen;
		bool is = read_cell(pool, catalogue, &problems, TWO, "", saved[i].cell, saved[i].outcomes, &seen);
		const char *line = is ? trace_line(pool, seen.name, &seen.script, &seen.trace) : NULL;

		if (!ok(!line == !saved[i].line && (!line || !strcmp(line, saved[i].line)), "%s: %s", saved[i].about,
			line ? line : "refused"))
			printf("# wanted: %s\n", saved[i].line ? saved[i].line : "refused");
		if (!line)
			continue;
		struct trace again;

		trace_read_line(pool, line, &seen.script, &again);
		ok(!strcmp(trace_line(pool, seen.name, &seen.script, &again), line), "%s: and again", saved[i].about);
	}
	struct problems problems = { .pool = pool };
	struct traced_cell seen;
	struct trace none;

	read_cell(pool, catalogue, &problems, TWO, "", "", NONE ", " NONE, &seen);
	for (size_t i = 0; i < 2; i++) {
		trace_read_line(pool, i ? "{steps: []}" : "{", &seen.script, &none);
		ok(none.n == 2 && none.broken && none.outcomes[1].status == OUTCOME_NONE, "what is none: %s", none.broken);
	}
	ok(!strcmp(trace_end(pool, 3, true), "{\"end\": 3, \"interrupted\": true}") &&
	   !strcmp(trace_end(pool, 0, false), "{\"end\": 0, \"interrupted\": false}"), "ends");
}

/* What is red in a control, for who compares them: of marked steps that were done. */
static void check_reds(struct pool *pool, struct catalogue *catalogue)
{
	struct problems problems = { .pool = pool };
	struct traced_cell seen;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	read_cell(pool, catalogue, &problems, BOTH, ".control.uts", "", NAME("x") ", " NONE, &seen);
	reds_print(out, pool, &seen);
	read_cell(pool, catalogue, &problems, BOTH, ".control.uts", "", NAME("one") ", " NAME("x"), &seen);
	reds_print(out, pool, &seen);
	read_cell(pool, catalogue, &problems, SAVED_ALONE, ".control.uts", "", DONE("{}") ", " NAME("x"), &seen);
	reds_print(out, pool, &seen);
	fclose(out);
	ok(!strcmp(text, "tests.judge.cell.control.uts\t9\tuts.gethostname\tname\t\"one\"\t\"x\"\n"
		   "tests.judge.cell.control.uts\t9\tuts.gethostname\t-\tmet\tmet\n"
		   "tests.judge.cell.control.uts\t12\tuts.gethostname\tname\t\"two\"\t\"x\"\n"
		   "tests.judge.cell.control.uts\t11\tuts.gethostname\t-\tmet\tmet\n"), "reds: %s", text);
	free(text);
}

int main(void)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct catalogue catalogue = { .pool = &pool, .dir = "suites/clauses", .problems = &problems };

	check_cases(&pool, &catalogue);
	check_confined(&pool, &catalogue);
	check_rests(&pool, &catalogue);
	check_lateness();
	check_reds(&pool, &catalogue);
	check_unmarked(&pool, &catalogue);
	check_refused(&pool, &catalogue);
	check_saved(&pool, &catalogue);
	catalogue_free(&catalogue);
	return done();
}
