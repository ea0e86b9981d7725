// SPDX-License-Identifier: GPL-2.0-only
/* Known issues of a run's record, of which some are not understood. */
#include "load/yaml.h"
#include "report/known.h"
#include "tap.h"

#define ENTRY(id, symptoms) "  - {id: " id ", cells: [x.*], since: '6.1', reference: r, evidence: e, symptoms: [" symptoms "]}\n"
#define SEEN(op) "{actor: a, op: " op ", field: name, seen: x}"

static const struct {
	const char *about, *entries, *ids;
	size_t symptoms[3];
} records[] = {
	{ "an entry", ENTRY("one", SEEN("uts.gethostname")), "one ", { 1 } },
	{ "one behind one that is not understood",
	  ENTRY("odd", SEEN("uts.nothing") ", " SEEN("uts.gethostname")) ENTRY("one", SEEN("uts.gethostname")), "one ", { 1 } },
	{ "one between two of them",
	  ENTRY("odd", SEEN("uts.nothing")) ENTRY("one", SEEN("uts.gethostname")) ENTRY("other", SEEN("uts.nothing")), "one ", { 1 } },
	{ "one that stands twice", ENTRY("one", SEEN("uts.gethostname")) ENTRY("one", SEEN("uts.gethostname")), "one ", { 1 } },
	{ "two", ENTRY("one", SEEN("uts.gethostname")) ENTRY("two", SEEN("uts.uname26") ", " SEEN("uts.gethostname")), "one ", { 1 } },
	{ "what is no entry", "  - x\n  - [1]\n" ENTRY("one", SEEN("uts.gethostname")), "one ", { 1 } },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		AUTO_POOL pool = { 0 };
		struct problems problems = { .pool = &pool };
		const char *text = pool_printf(&pool, "known:\n%s", records[i].entries), *ids = "";
		const struct value *tree = yaml_parse(&pool, "test", text, strlen(text), &problems);
		struct known_list list = { 0 };
		bool same = true;

		known_load_record(&pool, value_get(tree, "known"), &list);
		for (size_t k = 0; k < list.n; k++) {
			ids = pool_printf(&pool, "%s%s ", ids, list.v[k].id);
			same &= k >= 3 || list.v[k].n_symptoms == records[i].symptoms[k];
		}
		ok(!strcmp(ids, records[i].ids) && same, "%s: %s", records[i].about, ids);
	}
	return done();
}
