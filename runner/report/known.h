/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known issues: fixtures/known/FILE.yaml lists rules that a kernel or a runtime really breaks,
 * each with a reference, evidence, and exactly what is seen. They turn that failure into
 * an expected one, never another one of the same cell nor a broken cell, and an unexpected
 * pass is reported.
 */
#ifndef NSC_KNOWN_H
#define NSC_KNOWN_H

#include "load/problems.h"
#include "load/release.h"
#include "plan/plan.h"
#include "report/judge.h"

/* One expectation, and what is seen instead. */
struct symptom {
	struct mark at;
	const char *actor, *op, *field; /* field: `errno` for what the call returned */
	const struct value *seen;	/* a matcher of the field's type, without references */
	struct ints which; /* of several such expectations in a cell, from 1; .n is 0: of one */
};

struct known {
	struct mark at;
	const struct value *entry; /* as its file has it */
	const char *id, *reference, *evidence;
	const char *link;  /* or NULL */
	struct strs cells; /* glob patterns of cell names */
	struct mark *cells_at;
	struct strs log;   /* regular expressions of kernel log lines: it is about these alone */
	struct symptom *symptoms;
	size_t n_symptoms;
	const char *runtime; /* it is this runtime's, and since and fixed are its versions */
	struct version since, *fixed;
	const char *since_text, **fixed_texts; /* as they are written */
	size_t n_fixed;
	const char *expires; /* the last day on which it counts, or NULL */
	int expires_on;	     /* that day as YYYYMMDD, or 0 */
	struct mark expires_at;
};

struct known_list {
	struct known *v;
	size_t n, room;
	size_t shipped; /* the first of them come with nsconform */
	int today; /* YYYYMMDD in UTC */
	/* Of each entry: a cell of it was carried out where the issue is; it was seen in one. */
	bool *ran, *seen;
};

extern const struct field known_fields[], symptom_fields[];

/* Add the entries of PATHS, files and directories, to LIST. */
void known_load(struct pool *pool, const struct strs *paths, struct known_list *list,
		struct problems *problems);
/* The entry of that id, or NULL. */
const struct known *known_find(const struct known_list *list, const char *id);
/* The first entry that names the cell NAME, whatever the release, and is the kernel's or RUNTIME's
 * (NULL: none); or NULL. */
const struct known *known_about(const struct known_list *list, const char *name,
				const char *runtime);
/* "since Linux 5.8, fixed in 6.12.117" (from POOL). */
const char *known_range(struct pool *pool, const struct known *k);
/* Whether it is an issue of the kernel of that release, or of the runtime in the version that is
 * installed (NULL: a kernel is tested by itself). */
bool known_covers(const struct known *k, int release, const struct runtime *runtime);
/* The same, with those that come with nsconform before them. */
void known_load_shipped(struct pool *pool, const struct strs *own, struct known_list *list,
			struct problems *problems);
/*
 * The same from ENTRIES, a list that a run's record has (known_issues), or NULL. What the list has
 * already is left out, and so is what this nsconform does not understand.
 */
void known_load_record(struct pool *pool, const struct value *entries, struct known_list *list);
/* The entries of LIST that a run's record keeps, or NULL: those that are not nsconform's, and of
 * these the ones that were seen or should have been. */
const struct value *known_record(struct pool *pool, const struct known_list *list);
/* Such lists of two runs, either of which may be NULL, as one. */
const struct value *known_record_join(struct pool *pool, const struct value *a,
				      const struct value *b);
/* Whether the entry does not count any more. */
bool known_expired(const struct known_list *list, const struct known *k);
/* The result that a symptom is about; NULL when there is no such. */
const struct field *symptom_field(const struct symptom *s);
/*
 * Check LIST against the cells of PLAN: a symptom that fits several expectations of a cell is a
 * problem; and, when the plan is WHOLE suites, one that fits none of all cells of its entry.
 */
void known_check(const struct known_list *list, const struct plan *plan, bool whole,
		 struct problems *problems);
/* Whether step AT of the script has an expectation that can fail as the symptom says. */
bool symptom_fits(struct pool *pool, const struct symptom *s, const struct script *script,
		  size_t at);
/*
 * Change the verdict of the script's cell where the list knows of it. What the cell expects
 * beyond a known failure is judged, too: the first failure that is not listed is the verdict.
 */
void known_apply(struct pool *pool, const struct known_list *list, int release,
		 const struct script *script, const struct trace *trace, struct verdict *verdict);
/*
 * The ids (from POOL) of entries of which known_apply() has seen cells, and none that shows what
 * they say. Entries about the kernel's log only say what may be there.
 */
struct strs known_unseen(struct pool *pool, const struct known_list *list);
/*
 * Judge what the kernel logged while the cell NAME ran: lines that no issue lists are in
 * VERDICT->log and ->own_log, and make the cell fail over the latter.
 */
void known_log(struct pool *pool, const struct known_list *list, int release, const char *name,
	       const struct trace *trace, struct verdict *verdict);

#endif
