// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells lies: each selected scenario is carried out as it is, in a variant that passes, and then
 * once for each lie that one of its steps can be told (lies.h). A lie that nobody notices is told
 * in the controls and twins of that cell, too: an op does not lie in one of them alone.  Prints a
 * line for each lie, words between tabs:
 *
 *	SCENARIO OP[#N] KIND FATE CELL STEP MESSAGE
 *
 * where N is the how manieth step with that op it is, from the second on.  FATE is
 *	caught		the cell fails
 *	by-companion	it passes, and a control or twin of it fails that passes otherwise
 *	survived	they all pass
 *	broken		it could not be carried out to its end: nobody is told what is wrong
 *	void		it was no lie: it answered with an error, or said the truth
 *	left		it is in another part of all the lies (--part)
 * A scenario that does not pass as it is has one line, with the fate `untried`.
 *
 * usage: bite [--part N/OF] [--seed SEED] [--jobs N] SELECTION...
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/compile.h"
#include "exec/exec.h"
#include "lies.h"
#include "nsc/agent.h"
#include "nsc/begin.h"
#include "ops.h"
#include "plan/select.h"
#include "report/judge.h"

/* Lies that make an actor wait for what does not come only wait; and each is tried again alone. */
enum { JOBS_PER_CPU = 8, TRIES = 2 };

enum fate { UNTOLD, CAUGHT, BY_COMPANION, SURVIVED, BROKEN, VOID, LEFT };
static const char *const fates[] = {
	"untold", "caught", "by-companion", "survived", "broken", "void", "left"
};

/* A control or twin. */
struct companion {
	struct truth *truth;
	struct cell cell;
	bool passes; /* as it is */
};

/* A lie in a companion. */
struct further {
	struct told *told;
	struct cell cell;
};

struct told {
	struct lie_told lie;
	const char *key; /* SCENARIO OP KIND */
	enum fate fate;
	const char *message;
};

/* The cells of a scenario, and which of them has been chosen. */
struct choice {
	const struct cell *cells;
	size_t n, chosen;
	size_t left; /* variants that have not been tried as they are */
};

struct bite {
	struct pool *pool;
	struct machine machine;
	struct plan plan;	/* of each scenario the variant that is told lies */
	struct choice *choices; /* one for each cell of the plan, which is plain */
	struct truth *truths;	/* likewise */
	struct companion *companions;
	size_t n_companions;
	struct told *told;
	size_t n, room;
	struct further *further;
	size_t n_further;
	uint32_t seed;
	unsigned part, parts;
	size_t begun;
	bool again; /* those that were not caught, each by itself */
};

static uint32_t hash(uint32_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

static const char *scenario_name(struct pool *pool, const struct scenario *s)
{
	return pool_printf(pool, "%s.%s", s->suite->prefix, s->id);
}

/* NAME, or NAME#N for the Nth step with that op; of a placement @ACTOR. */
static const char *op_name(struct pool *pool, const struct lie_told *lie)
{
	const struct scenario *s = lie->truth->cell.scenario;
	const struct step *step = lie->truth->script.steps[lie->at].step;
	int n = 1;

	if (lie->actor >= 0)
		return pool_printf(pool, "@%s", s->actors[lie->actor].name);

	for (const struct step *before = s->steps; before < step; before++)
		n += before->kind == STEP_CALL && before->op == step->op;
	return n == 1 ? step->op->name : pool_printf(pool, "%s#%d", step->op->name, n);
}

static void add(const struct lie_told *lie, void *context)
{
	struct bite *b = context;
	const struct scenario *s = lie->truth->cell.scenario;
	const char *key = pool_printf(b->pool, "%s\t%s\t%s", scenario_name(b->pool, s),
				      op_name(b->pool, lie), lie->kind);
	bool left = b->parts && hash(2166136261u ^ b->seed, key) % b->parts != b->part - 1;

	if (b->n == b->room) {
		size_t room = b->room ? b->room * 2 : 1024;
		struct told *more = pool_array(b->pool, struct told, room);

		if (b->n)
			memcpy(more, b->told, b->n * sizeof(*more));
		b->told = more;
		b->room = room;
	}
	b->told[b->n++] = (struct told){ .lie = *lie, .key = key, .fate = left ? LEFT : UNTOLD };
}

/* The cells as they are. */
static bool next_truth(void *context, size_t *index, const struct cell **cell)
{
	struct bite *b = context;

	while (b->begun < b->plan.n && b->truths[b->begun].answers)
		b->begun++;
	if (b->begun >= b->plan.n)
		return false;
	*index = b->begun++;
	*cell = &b->plan.cells[*index];
	return true;
}

static void done_truth(void *context, size_t index, struct pool *pool, const struct script *script,
		       const struct trace *trace)
{
	struct bite *b = context;
	struct truth *truth = &b->truths[index];
	struct verdict v;

	judge(pool, script, trace, &v);
	if (v.kind != VERDICT_PASS)
		return;
	truth->cell = b->plan.cells[index];
	cell_compile(b->pool, &truth->cell, b->machine.release, &truth->script);
	truth->answers = pool_array(b->pool, struct answer, trace->n + 1);
	for (size_t i = 0; i < trace->n; i++)
		truth->answers[i] = (struct answer){
			.done = trace->outcomes[i].status == OUTCOME_DONE,
			.error = trace->outcomes[i].error,
			.out = lies_copy(b->pool, trace->outcomes[i].out),
		};
}

static bool next_lie(void *context, size_t *index, const struct cell **cell)
{
	struct bite *b = context;

	while (b->begun < b->n) {
		struct told *t = &b->told[b->begun];

		*index = b->begun++;
		*cell = &t->lie.cell;
		if (isatty(STDERR_FILENO) && *index % 100 == 0)
			fprintf(stderr, "\r%zu of %zu lies", *index, b->n);
		if (t->fate == UNTOLD || (b->again && (t->fate == SURVIVED || t->fate == BROKEN)))
			return true;
	}
	return false;
}

static const char *unplaced(const struct trace *trace)
{
	bool begun = !trace->broken || trace->outcomes[0].status != OUTCOME_NONE;

	return begun ? NULL : "it cannot be tried so";
}

/* The step that lied, in the script of the lie. */
static size_t place_of(const struct lie_told *lie, const struct script *script)
{
	size_t i = 0;

	while (script->steps[i].step != &lie->cell.scenario->steps[lie->step])
		i++;
	return i;
}

/* Whether what only looks has said the same as when nobody lies, or as the truth that is asked for
 * after it. */
static bool says_the_same(struct pool *pool, const struct lie_told *lie, const struct trace *trace,
			  size_t at)
{
	const struct answer *truth = &lie->truth->answers[lie->at];
	const struct outcome *o = &trace->outcomes[at];
	size_t more = lie->cell.scenario->n_steps - lie->truth->cell.scenario->n_steps;
	const struct outcome *after = more > 2 && o[1].status == OUTCOME_DONE ? o + 1 : NULL;

	if (!lies_op_looks(lie->truth->script.steps[lie->at].step->op))
		return false;
	if (after)
		return o->error == after->error &&
		       (o->error || lies_same(pool, lie->truth, lie->at, lies_copy(pool, o->out),
					      lies_copy(pool, after->out)));
	return o->error == truth->error &&
	       (o->error || lies_same(pool, lie->truth, lie->at, lies_copy(pool, o->out),
				      truth->out));
}

/* Why what was told is no lie, or NULL. */
static const char *no_lie(struct pool *pool, const struct lie_told *lie,
			  const struct script *script, const struct trace *trace)
{
	if (lie->actor >= 0)
		return unplaced(trace);
	const struct answer *truth = &lie->truth->answers[lie->at];
	size_t at = place_of(lie, script);
	const struct outcome *o = &trace->outcomes[at];

	if (o->status == OUTCOME_BROKEN || o->status == OUTCOME_LOST)
		return "it cannot be tried so";
	if (o->status != OUTCOME_DONE || !strcmp(lie->kind, "nothing"))
		return NULL;
	if (says_the_same(pool, lie, trace, at))
		return "it says the same";
	if (o->error && !truth->error && strcmp(lie->kind, "stale"))
		return "it does not answer well";
	return NULL;
}

static const char *happened(struct pool *pool, const struct script *script, const struct verdict *v)
{
	if (!v->what)
		return v->message ? v->message : "";
	return pool_printf(pool, "step %d, %s: %s was to be %s, and was %s", v->step + 1,
			   script->steps[v->step].step->op->name, v->what, v->expected, v->seen);
}

static void done_lie(void *context, size_t index, struct pool *pool, const struct script *script,
		     const struct trace *trace)
{
	struct bite *b = context;
	struct told *t = &b->told[index];
	const char *none = no_lie(pool, &t->lie, script, trace);
	struct verdict v;

	judge(pool, script, trace, &v);
	t->fate = none ? VOID : v.kind == VERDICT_FAIL ? CAUGHT : v.kind == VERDICT_PASS ?
		SURVIVED : BROKEN;
	t->message = pool_strdup(b->pool, none ? none : happened(pool, script, &v));
}

static bool next_companion(void *context, size_t *index, const struct cell **cell)
{
	struct bite *b = context;

	while (b->begun < b->n_companions) {
		struct companion *c = &b->companions[b->begun];

		*index = b->begun++;
		*cell = &c->cell;
		if (c->truth->answers && !c->passes)
			return true;
	}
	return false;
}

static void done_companion(void *context, size_t index, struct pool *pool,
			   const struct script *script, const struct trace *trace)
{
	struct bite *b = context;
	struct verdict v;

	judge(pool, script, trace, &v);
	b->companions[index].passes = v.kind == VERDICT_PASS;
}

/* Lies that survive, in all companions; with TAKE false only their number. */
static size_t list_further(struct bite *b, bool take)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; b->told[i].fate == SURVIVED && k < b->n_companions; k++) {
			const struct companion *c = &b->companions[k];

			if (!c->passes || c->truth != b->told[i].lie.truth)
				continue;
			if (take)
				b->further[n] = (struct further){
					&b->told[i], lies_companion(&b->told[i].lie, &c->cell),
				};
			n++;
		}
	return n;
}

static bool next_further(void *context, size_t *index, const struct cell **cell)
{
	struct bite *b = context;

	while (b->begun < b->n_further) {
		struct further *f = &b->further[b->begun];

		*index = b->begun++;
		*cell = &f->cell;
		if (f->told->fate == SURVIVED)
			return true;
	}
	return false;
}

static void done_further(void *context, size_t index, struct pool *pool,
			 const struct script *script, const struct trace *trace)
{
	struct bite *b = context;
	struct further *f = &b->further[index];
	struct verdict v;

	judge(pool, script, trace, &v);
	if (v.kind != VERDICT_FAIL)
		return;
	f->told->fate = BY_COMPANION;
	f->told->message = pool_printf(b->pool, "%s: %s", cell_name(pool, &f->cell),
				       happened(pool, script, &v));
}

static bool can_be_told(const struct cell *cell)
{
	return cell->kind == CELL_PLAIN && !cell->skip;
}

/* Another variant first for another scenario. */
static void choose(struct choice *choice)
{
	size_t left;

	for (size_t i = 0; i < choice->n; i++)
		choice->left += can_be_told(&choice->cells[i]);
	left = choice->left ? scenario_hash(choice->cells->scenario) % choice->left : 0;
	for (choice->chosen = 0; choice->left; choice->chosen++)
		if (can_be_told(&choice->cells[choice->chosen]) && !left--)
			break;
}

/* What is chosen does not pass as it is: the variant after it; false when all have been tried. */
static bool choose_next(struct choice *choice)
{
	if (--choice->left == 0)
		return false;
	do
		choice->chosen = (choice->chosen + 1) % choice->n;
	while (!can_be_told(&choice->cells[choice->chosen]));
	return true;
}

/* A variant of each scenario, in place of all. */
static void keep_one(struct bite *b)
{
	struct plan *plan = &b->plan;
	struct cell *all = pool_array(b->pool, struct cell, plan->n + 1);
	size_t kept = 0;

	memcpy(all, plan->cells, plan->n * sizeof(*all));
	b->truths = pool_array(b->pool, struct truth, plan->n + 1);
	b->choices = pool_array(b->pool, struct choice, plan->n + 1);
	for (size_t at = 0, end; at < plan->n; at = end) {
		struct choice *choice = &b->choices[kept];

		for (end = at; end < plan->n && all[end].scenario == all[at].scenario;)
			end++;
		*choice = (struct choice){ .cells = all + at, .n = end - at };
		choose(choice);
		if (choice->left)
			plan->cells[kept++] = choice->cells[choice->chosen];
	}
	plan->n = kept;
}

static void list_companions(struct bite *b)
{
	size_t room = 0;

	for (size_t i = 0; i < b->plan.n; i++)
		room += b->choices[i].n;
	b->companions = pool_array(b->pool, struct companion, room + 1);
	for (size_t i = 0; i < b->plan.n; i++) {
		const struct choice *choice = &b->choices[i];

		for (size_t k = choice->chosen + 1;
		     k < choice->n && choice->cells[k].kind != CELL_PLAIN; k++)
			if (!choice->cells[k].skip)
				b->companions[b->n_companions++] = (struct companion){
					&b->truths[i], choice->cells[k], false,
				};
	}
}

static int carry_out(struct bite *b, int jobs,
		     bool (*next)(void *context, size_t *index, const struct cell **cell),
		     void (*done)(void *context, size_t index, struct pool *pool,
				  const struct script *script, const struct trace *trace))
{
	const struct exec_config config = {
		.slots = jobs, .loops = 1, .release = b->machine.release, .root = b->machine.root,
		.context = b, .next = next, .done = done,
	};

	b->begun = 0;
	return exec_run(&config);
}

static int tell_further(struct bite *b, int jobs)
{
	b->n_further = list_further(b, false);
	b->further = pool_array(b->pool, struct further, b->n_further + 1);
	list_further(b, true);
	return carry_out(b, jobs, next_further, done_further);
}

/* A variant of each scenario as it is: where one does not pass, by itself either, the next. */
static int tell_truth(struct bite *b, int jobs)
{
	bool more;
	int rc = 0;

	do {
		more = false;
		for (int i = 0; i < TRIES && !rc; i++)
			rc = carry_out(b, i ? 1 : jobs, next_truth, done_truth);
		for (size_t i = 0; i < b->plan.n; i++) {
			struct choice *choice = &b->choices[i];

			if (b->truths[i].answers || !choice->left || !choose_next(choice))
				continue;
			b->plan.cells[i] = choice->cells[choice->chosen];
			more = true;
		}
	} while (more && !rc);
	return rc;
}

static int run(struct bite *b, int jobs)
{
	int rc = tell_truth(b, jobs);

	list_companions(b);
	for (int i = 0; i < TRIES && !rc; i++)
		rc = carry_out(b, i ? 1 : jobs, next_companion, done_companion);
	for (size_t i = 0; i < b->plan.n && !rc; i++) {
		const struct truth *truth = &b->truths[i];

		for (size_t k = 0; truth->answers && k < truth->script.n_actors; k++)
			lies_of_actor(b->pool, truth, k, add, b);
		for (size_t k = 0; truth->answers && k < truth->script.n_steps; k++)
			lies_of(b->pool, truth, k, add, b);
	}
	for (int i = 0; i < TRIES && !rc; i++) {
		b->again = i > 0;
		rc = carry_out(b, jobs, next_lie, done_lie);
	}
	return rc ? rc : tell_further(b, jobs);
}

/* One line. */
static const char *plain(struct pool *pool, const char *text)
{
	char *made = pool_strdup(pool, text ? text : "");

	for (char *c = made; *c; c++)
		if (*c == '\t' || *c == '\n')
			*c = ' ';
	return made;
}

static void print(const struct bite *b)
{
	AUTO_POOL pool = { 0 };

	for (size_t i = 0; i < b->plan.n; i++)
		if (!b->truths[i].answers)
			printf("%s\t-\t-\tuntried\t%s\t-\tit does not pass as it is\n",
			       scenario_name(&pool, b->plan.cells[i].scenario),
			       cell_name(&pool, &b->plan.cells[i]));
	for (size_t i = 0; i < b->n; i++)
		printf("%s\t%s\t%s\t%zu\t%s\n", b->told[i].key, fates[b->told[i].fate],
		       cell_name(&pool, &b->told[i].lie.truth->cell),
		       b->told[i].lie.actor < 0 ? b->told[i].lie.at + 1 : 0,
		       plain(&pool, b->told[i].message));
}

static const struct option options[] = {
	{ "part", required_argument, NULL, 'p' }, { "seed", required_argument, NULL, 's' },
	{ "jobs", required_argument, NULL, 'j' }, { 0 }
};

static int usage(void)
{
	fputs("usage: bite [--part N/OF] [--seed SEED] [--jobs N] SELECTION...\n", stderr);
	return 2;
}

/* As runner/main.c has it, with the ops that lie. */
static int agent(int argc, char **argv)
{
	if (argc >= 6 && !strcmp(argv[2], "again"))
		return agent_again(atoi(argv[3]), (uint32_t)strtoul(argv[4], NULL, 10),
				   atoi(argv[5]), argc > 6, lying_ops());
	if (argc >= 3 && !strcmp(argv[2], "clock"))
		return agent_clock(3);
	return agent_main(3, AGENT_GUARDED, lying_ops());
}

int main(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	AUTO_SELECTION selection = { 0 };
	struct bite b = { .pool = &pool, .plan = { .pool = &pool }, .seed = 1 };
	int jobs = 0, c;

	if (argc > 1 && !strcmp(argv[1], "agent"))
		return agent(argc, argv);
	begin_look();
	begin_set(BEGIN_RUNNER);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p' && sscanf(optarg, "%u/%u", &b.part, &b.parts) == 2 && b.part &&
		    b.part <= b.parts)
			continue;
		if (c == 's')
			b.seed = (uint32_t)strtoul(optarg, NULL, 10);
		else if (c == 'j')
			jobs = atoi(optarg);
		else
			return usage();
	}
	if (optind == argc)
		return usage();
	machine_read(&b.machine);
	if (!select_load(&selection, &pool, argv + optind) ||
	    !select_plan(&selection, &b.plan, true))
		return 2;
	plan_require(&b.plan, &b.machine, false);
	keep_one(&b);
	if (run(&b, jobs > 0 ? jobs : JOBS_PER_CPU * b.machine.cpus))
		return 3;
	print(&b);
	return 0;
}
