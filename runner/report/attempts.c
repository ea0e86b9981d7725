// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which attempt of a cell counts.
 */
#include <string.h>

#include "compile/compile.h"
#include "load/yaml.h"
#include "nsc/sys.h"
#include "report/attempts.h"

/* Attempts one after another that gave the same. */
struct stretch {
	int attempt, times; /* the first of them, from 1 */
	enum verdict_kind kind;
	const char *message; /* or NULL */
	int64_t took_ns;     /* the first of them */
};

/* Of a cell that is not over; what it does beyond that only its end tells. */
enum { SO_FAR_MAX = 16 };

struct tried {
	struct pool pool; /* of all of this */
	struct stretch *v;
	size_t n, room;
	int attempts;
	int counts; /* the attempt that counts as yet */
	int rank;   /* ... by enum rank */
	const char *line; /* ... and its trace_line() */
};

/* From the best to the worst. */
enum rank { RANK_PASS, RANK_KNOWN, RANK_XPASS, RANK_BROKEN, RANK_FAIL, RANK_FINAL };

static const enum rank ranks[] = {
	[VERDICT_PASS] = RANK_PASS, [VERDICT_SKIP] = RANK_PASS, [VERDICT_KNOWN] = RANK_KNOWN,
	[VERDICT_XPASS] = RANK_XPASS, [VERDICT_BROKEN] = RANK_BROKEN, [VERDICT_FAIL] = RANK_FAIL,
};

bool attempts_wanted(const struct run_options *o)
{
	return o->retry || o->repeat > 1 || o->until_fail;
}

void attempts_begin(struct attempts *a, struct results *results)
{
	*a = (struct attempts){ .results = results };
	a->tried = pool_array(results->plan.pool, struct tried *, results->plan.n + 1);
	a->over = pool_array(results->plan.pool, bool, results->plan.n + 1);
}

static bool best_counts(const struct run_options *o)
{
	return o->flaky ? o->flaky == FLAKY_PASS : o->retry > 0;
}

/* No other attempt can take back what the kernel has said or done in this one. */
static bool is_final(const struct trace *trace, const struct verdict *v)
{
	return trace->died || v->call || (v->kind == VERDICT_FAIL && v->own_log.n);
}

static struct tried *tried_at(struct attempts *a, size_t index)
{
	struct pool pool = { 0 };
	struct tried *t = a->tried[index];

	if (!t) {
		t = pool_new(&pool, struct tried);
		t->rank = -1;
		t->pool = pool;
		a->tried[index] = t;
	}
	return t;
}

static void forget(struct attempts *a, size_t index)
{
	struct pool pool = a->tried[index]->pool;

	a->over[index] = true;
	a->tried[index] = NULL;
	pool_free(&pool);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void add(struct tried *t, const struct trace *trace, const struct verdict *v,
		const char *message)
{
	struct stretch *last = t->n ? &t->v[t->n - 1] : NULL;

	t->attempts++;
	if (last && last->kind == v->kind && same_text(last->message, message)) {
		last->times++;
		return;
	}
	t->v = pool_grow(&t->pool, t->v, t->n, &t->room, sizeof(*t->v));
	t->v[t->n++] = (struct stretch){
		t->attempts, 1, v->kind, message ? pool_strdup(&t->pool, message) : NULL,
		trace->took_ns,
	};
}

/* Whether the newest attempt counts before the one that has counted up to now, which was not final:
 * none comes after such. */
static bool outranks(const struct tried *t, int rank, bool best)
{
	return t->rank < 0 || rank == RANK_FINAL || (best ? rank < t->rank : rank > t->rank);
}

static void put_stretch(struct pool *pool, struct value *list, struct stretch s, int counts)
{
	struct value *map = value_map(pool);

	if (s.attempt == counts) {
		s.attempt++;
		s.times--;
		s.took_ns = 0; /* of that one */
	}
	if (!s.times)
		return;
	value_put(pool, map, "attempt", value_int(pool, s.attempt));
	value_put(pool, map, "times", value_int(pool, s.times));
	value_put(pool, map, "verdict", value_str(pool, verdict_name(s.kind)));
	if (s.message)
		value_put(pool, map, "message", value_str(pool, s.message));
	if (s.took_ns)
		value_put(pool, map, "took_ns", value_int(pool, s.took_ns));
	value_push(pool, list, map);
}

/* What the attempts gave but COUNTS, which is always the first of its stretch. */
static const struct value *others(struct pool *pool, const struct tried *t, int counts)
{
	struct value *list = value_list(pool);

	for (size_t i = 0; i < t->n; i++)
		put_stretch(pool, list, t->v[i], counts);
	return list->list.n ? list : NULL;
}

static void conclude(struct attempts *a, size_t index, struct pool *pool,
		     const struct script *script, const struct trace *trace)
{
	struct tried *t = a->tried[index];
	struct trace counts = *trace;

	counts.attempt = t->counts;
	counts.attempts = others(pool, t, t->counts);
	results_done(a->results, index, pool, script, &counts, NULL);
	forget(a, index);
}

/* The attempt of the cell that counts as yet. */
static void read_again(const struct attempts *a, size_t index, struct pool *pool,
		       struct script *script, struct trace *trace)
{
	const struct results *r = a->results;

	cell_compile(pool, &r->plan.cells[index], r->release, script);
	trace_read_line(pool, a->tried[index]->line, script, trace);
}

/* Keep what the attempts gave, when the last one gave something else than that before it. */
static void tell_so_far(struct attempts *a, size_t index)
{
	const struct tried *t = a->tried[index];
	AUTO_POOL pool = { 0 };
	struct script script;
	struct trace trace;
	struct verdict v;

	if (t->v[t->n - 1].times > 1 || t->n > SO_FAR_MAX || !a->results->options.output)
		return;
	read_again(a, index, &pool, &script, &trace);
	results_foresee(a->results, index, &pool, &script, &trace, &v);
	trace.attempt = t->counts;
	trace.attempts = others(&pool, t, t->counts);
	results_so_far(a->results, index, &script, &trace, &v);
}

bool attempts_done(struct attempts *a, size_t index, struct pool *pool, const struct script *script,
		   const struct trace *trace, const char *line)
{
	const struct run_options *o = &a->results->options;
	struct verdict v;

	if (!attempts_wanted(o)) {
		results_done(a->results, index, pool, script, trace, line);
		return false;
	}
	if (a->over[index])
		return false;
	/* What the end of the run's time has cut says nothing beside attempts that are whole. */
	if (a->tried[index] && trace->broken && a->over_ns && sys_now_ns() >= a->over_ns) {
		attempts_conclude(a, index);
		return false;
	}
	const char *message = results_foresee(a->results, index, pool, script, trace, &v);
	bool bad = fail_on_hits(&o->fail_on, v.kind, v.reason), final = is_final(trace, &v);
	bool fails = o->until_fail && results_counts(a->results, index, script, trace, &v);
	struct tried *t = tried_at(a, index);
	int rank = final ? RANK_FINAL : (int)ranks[v.kind];
	bool more = o->retry ? bad && t->attempts < o->retry :
		    o->until_fail ? !fails : t->attempts + 1 < o->repeat;

	add(t, trace, &v, message);
	results_attempt(a->results);
	bool now = outranks(t, rank, best_counts(o));

	if (now) {
		t->counts = t->attempts;
		t->rank = rank;
	}
	more = more && !final && v.kind != VERDICT_SKIP;
	a->failed |= fails;
	if (more && now)
		t->line = pool_strdup(&t->pool, trace_line(pool, cell_name(pool, script->cell),
							   script, trace));
	if (more)
		tell_so_far(a, index);
	if (more)
		return true;
	if (now)
		conclude(a, index, pool, script, trace);
	else
		attempts_conclude(a, index);
	return false;
}

void attempts_verdict(struct attempts *a, size_t index, struct pool *pool,
		      const struct script *script, const struct trace *trace,
		      struct verdict *verdict)
{
	struct tried *t = a->tried[index];
	struct trace counts = *trace;

	if (t) {
		counts.attempt = t->attempts + 1;
		counts.attempts = others(pool, t, counts.attempt);
	}
	a->failed |= a->results->options.until_fail &&
		results_counts(a->results, index, script, &counts, verdict);
	results_verdict(a->results, index, pool, script, &counts, verdict, NULL);
	if (t)
		forget(a, index);
}

bool attempts_open(const struct attempts *a, size_t index)
{
	return a->tried[index] != NULL;
}

bool attempts_any_open(const struct attempts *a)
{
	for (size_t i = 0; a->tried && i < a->results->plan.n; i++)
		if (a->tried[i])
			return true;
	return false;
}

void attempts_conclude(struct attempts *a, size_t index)
{
	AUTO_POOL pool = { 0 };
	struct script script;
	struct trace trace;

	if (!a->tried[index])
		return;
	read_again(a, index, &pool, &script, &trace);
	conclude(a, index, &pool, &script, &trace);
}

void attempts_end(struct attempts *a)
{
	for (size_t i = 0; a->tried && i < a->results->plan.n; i++)
		attempts_conclude(a, i);
}
