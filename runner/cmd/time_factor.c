// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choosing the canary cell, and carrying it out.
 */
#include <string.h>

#include "cmd/time_factor.h"
#include "compile/compile.h"
#include "exec/exec.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "plan/check.h"

/*
 * Four times what they took on two idle processors of 2 GHz: what a machine does at its leisure
 * varies that much, and limits on waiting have more room than that.
 */
#define ALL_USUAL_NS 10000000ll
#define BARE_USUAL_NS 4000000ll

/* The first of these cells that can be carried out here is measured. */
static const struct canary_row {
	const char *id, *as, *place;
	int64_t usual_ns;
} rows[] = {
	{ "all", "root", "{new: [mnt, pid, net, ipc, uts, cgroup, time]}", ALL_USUAL_NS },
	{ "all-as-user", "user", "{new: [mnt, pid, net, ipc, uts, cgroup, time]}", ALL_USUAL_NS },
	{ "old", "root", "{new: [mnt, pid, net, ipc, uts]}", ALL_USUAL_NS },
	{ "old-as-user", "user", "{new: [mnt, pid, net, ipc, uts]}", ALL_USUAL_NS },
	{ "bare", "root", "{}", BARE_USUAL_NS },
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

/* The cell is carried out that many times, and the middle time counts, so that one disturbance
 * does not. */
enum { TIMES = 3 };

struct measuring {
	const struct cell *cell;
	int left;
	int64_t began_ns, took_ns[TIMES];
	size_t n;
};

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct measuring *m = context;

	if (!m->left)
		return false;
	m->left--;
	*index = 0;
	*cell = m->cell;
	m->began_ns = sys_now_ns();
	return true;
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct measuring *m = context;

	(void)index, (void)pool, (void)script;
	if (canary_is_complete(trace))
		m->took_ns[m->n++] = sys_now_ns() - m->began_ns;
	else
		m->left = 0;
}

static int64_t middle(const int64_t v[TIMES])
{
	int64_t low = v[0] < v[1] ? v[0] : v[1], high = v[0] < v[1] ? v[1] : v[0];

	return v[2] < low ? low : v[2] > high ? high : v[2];
}

/* How long the cell takes, or -1 when it cannot be carried out; *RC is of exec_run(). */
static int64_t measure(const struct exec_config *config, const struct cell *cell, int *rc)
{
	struct measuring m = { .cell = cell, .left = TIMES };
	struct exec_config canary = *config;

	canary.slots = 1;
	canary.context = &m;
	canary.next = next;
	canary.done = done;
	*rc = exec_run(&canary);
	return *rc || m.n < TIMES ? -1 : middle(m.took_ns);
}

static const char *suite_text(struct pool *pool)
{
	const char *text = "suite: canary\nabout: How slow is this machine?\nscenarios:\n";

	for (size_t i = 0; i < ROWS; i++)
		text = pool_printf(pool, "%s  - {id: %s, about: A canary., clauses: "
				   "[api.clone.each-type], matrix: {as: [%s]}, actors: {a: %s}, "
				   "steps: [{a: uts.gethostname, expect: ok}]}\n", text, rows[i].id,
				   rows[i].as, rows[i].place);
	return text;
}

int time_factor_measure(struct pool *pool, const struct exec_config *config, bool inside,
			struct catalogue *catalogue, const struct canary_cell **canary)
{
	const char *text = suite_text(pool);
	struct problems problems = { .pool = pool };
	struct suite *suite = suite_parse(pool, "canary", text, strlen(text), catalogue, &problems);
	struct plan plan = { .pool = pool, .inside = inside };
	struct machine machine = { .release = config->release, .root = config->root };
	int rc = 0;

	*canary = NULL;
	for (size_t i = 0; suite && i < suite->n; i++)
		plan_add(&plan, &suite->scenarios[i], false);
	plan_require(&plan, &machine, config->disposable);
	/* With --inside only the last row is measured, which makes the fewest namespaces. */
	for (size_t i = inside ? ROWS - 1 : 0; i < plan.n; i++) {
		int64_t took_ns = plan.cells[i].skip ? -1 : measure(config, &plan.cells[i], &rc);

		if (rc > 0)
			return -rc;
		if (took_ns < 0)
			continue;
		struct canary_cell *c = pool_new(pool, struct canary_cell);

		*c = (struct canary_cell){ plan.cells[i], rows[i].usual_ns };
		*canary = c;
		return canary_factor(c, took_ns);
	}
	return 1;
}
