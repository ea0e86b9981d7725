// SPDX-License-Identifier: GPL-2.0-only
/*
 * The job of a guest: cells by name, carried out in the order given, those that change the
 * whole machine after the others and one at a time. What was seen goes to the host, who
 * judges; of a cell that passed, only that it did.
 *
 * /job holds lines: `nsdelegate` (first; for PID 1), `slots N`, `time-factor N` (else by how
 * long the boot took), `traces` (send them all), `survey` (say which cells skip, and carry out
 * none), `cell NAME`.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uthash.h>

#include "compile/compile.h"
#include "exec/exec.h"
#include "load/release.h"
#include "vm/guest.h"
#include "nsc/json.h"
#include "report/judge.h"
#include "machine/describe.h"
#include "machine/machine.h"
#include "nsc/sys.h"
#include "plan/select.h"

enum { JOB_BYTES_MAX = 64 * 1024 * 1024 };
/*
 * Kernels started in less than this need no patience beyond the usual. It is little, as a busy
 * host may become busier after the boot, and only what hangs waits for so long.
 */
enum { QUICK_BOOT_MS = 200, BOOT_FACTOR_MAX = 40 };
/* Less than on a host (again.c), as the time factor of a guest comes from how slow the boot was. */
enum { AGAIN_PATIENCE = 2, AGAIN_MAX = 4 };

struct job {
	struct pool pool;
	struct lines *lines;
	struct plan plan; /* .cells[k] is cell k of the job */
	bool *hosted;	  /* cell k changes the whole machine */
	int slots, release, kmsg, time_factor;
	bool traces, serial, survey;
	size_t next, count;
	struct late {
		size_t cell;
		const char *what, *line; /* what happened, and the trace_line() of it */
	} late[AGAIN_MAX]; /* cells to be tried again, alone */
	size_t n_late;
};

struct named {
	const char *name;
	struct cell cell;
	UT_hash_handle hh;
};

static struct named *index_cells(struct job *job, const struct selection *s)
{
	struct plan all = { .pool = &job->pool };
	struct named *table = NULL;

	for (size_t i = 0; i < s->n_suites; i++)
		for (size_t k = 0; k < s->suites[i]->n; k++)
			plan_add(&all, &s->suites[i]->scenarios[k], true);
	for (size_t i = 0; i < all.n; i++) {
		struct named *n = pool_new(&job->pool, struct named);

		n->name = cell_name(&job->pool, &all.cells[i]);
		n->cell = all.cells[i];
		HASH_ADD_KEYPTR(hh, table, n->name, strlen(n->name), n);
	}
	return table;
}

/* False when a cell is not in the suites of the archive. */
static bool read_job(struct job *job, char *text, const struct selection *s)
{
	struct named *table = index_cells(job, s), *n;

	job->plan.cells = pool_array(&job->pool, struct cell, HASH_COUNT(table) + 1);
	for (char *line; (line = strsep(&text, "\n"));) {
		char *value = line;
		const char *key = strsep(&value, " ");

		if (!strcmp(key, "slots") && value)
			job->slots = atoi(value);
		else if (!strcmp(key, "time-factor") && value)
			job->time_factor = atoi(value);
		else if (!strcmp(key, "traces"))
			job->traces = true;
		else if (!strcmp(key, "survey"))
			job->survey = true;
		if (strcmp(key, "cell") || !value)
			continue;
		HASH_FIND_STR(table, value, n);
		if (!n || job->plan.n == HASH_COUNT(table)) {
			lines_put(job->lines, "broken no cell %s in the guest", value);
			return false;
		}
		job->plan.cells[job->plan.n++] = n->cell;
	}
	HASH_CLEAR(hh, table);
	return true;
}

static void find_hosted(struct job *job)
{
	AUTO_POOL pool = { 0 };

	job->hosted = pool_array(&job->pool, bool, job->plan.n + 1);
	for (size_t k = 0; k < job->plan.n; k++) {
		struct script script;

		pool_reset(&pool);
		cell_compile(&pool, &job->plan.cells[k], job->release, &script);
		job->hosted[k] = plan_changes_machine(&script);
	}
}

/* A mark in the kernel log says on the console which cell was running when the kernel died. */
static void begin(struct job *job, size_t k)
{
	AUTO_POOL pool = { 0 };
	const char *name = cell_name(&pool, &job->plan.cells[k]);
	const char *mark = pool_printf(&pool, "<6>nsconform: cell %s\n", name);

	lines_put(job->lines, "run %zu", k);
	/* Each write(2) to /dev/kmsg is one record. */
	if (job->kmsg >= 0 && write(job->kmsg, mark, strlen(mark)) < 0)
		job->kmsg = -1;
}

static void tell_skip(struct job *job, size_t k)
{
	const struct cell *c = &job->plan.cells[k];

	lines_put(job->lines, "skip %zu %s\t%s\t%s", k, c->skip, c->detail, c->remedy);
	job->count++;
}

static int survey(struct job *job)
{
	for (size_t k = 0; k < job->plan.n; k++)
		if (job->plan.cells[k].skip)
			tell_skip(job, k);
	return 0;
}

static bool next(void *context, size_t *index, const struct cell **cell)
{
	struct job *job = context;

	while (job->next < job->plan.n) {
		size_t k = job->next++;
		const struct cell *c = &job->plan.cells[k];

		if (job->hosted[k] != job->serial)
			continue;
		if (c->skip) {
			tell_skip(job, k);
			continue;
		}
		begin(job, k);
		*index = k;
		*cell = c;
		return true;
	}
	return false;
}

/* The next cell to be tried again, with its index in the job. */
static bool next_late(void *context, size_t *index, const struct cell **cell)
{
	struct job *job = context;

	if (job->next == job->n_late)
		return false;
	*index = job->next++;
	begin(job, job->late[*index].cell);
	*cell = &job->plan.cells[job->late[*index].cell];
	return true;
}

/*
 * A few cells only: where more are late, slowness is not the cause. Cells that change the machine
 * cannot run twice in it.
 */
static bool hold_late(struct job *job, size_t index, struct pool *pool, const struct script *script,
		      const struct trace *trace, const struct verdict *verdict)
{
	if (job->n_late == AGAIN_MAX || job->hosted[index] || !judge_may_be_late(trace, verdict))
		return false;
	job->late[job->n_late++] = (struct late){
		index, pool_strdup(&job->pool, verdict->message ? verdict->message : "late"),
		pool_strdup(&job->pool, trace_line(pool, cell_name(pool, script->cell), script,
						   trace)),
	};
	return true;
}

static void send(struct job *job, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace, const struct verdict *verdict)
{
	job->count++;
	if (verdict->kind == VERDICT_PASS && !trace->log && !trace->own_log &&
	    !trace->tried_again && !job->traces)
		lines_put(job->lines, "pass %zu %lld %lld", index,
			  (long long)trace->started_ns, (long long)trace->took_ns);
	else
		lines_put(job->lines, "trace %zu %s", index,
			  trace_line(pool, cell_name(pool, script->cell), script, trace));
}

static void done_late(void *context, size_t index, struct pool *pool, const struct script *script,
		      const struct trace *trace)
{
	struct job *job = context;
	struct trace second = *trace;
	struct verdict verdict;

	second.tried_again = job->late[index].what;
	trace_keep_log(pool, job->late[index].line, &second);
	judge(pool, script, &second, &verdict);
	send(job, job->late[index].cell, pool, script, &second, &verdict);
}

static void done(void *context, size_t index, struct pool *pool, const struct script *script,
		 const struct trace *trace)
{
	struct job *job = context;
	struct verdict verdict;

	judge(pool, script, trace, &verdict);
	if (!hold_late(job, index, pool, script, trace, &verdict))
		send(job, index, pool, script, trace, &verdict);
}

static int64_t boot_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int boot_factor(int64_t booted_ms)
{
	int64_t factor = booted_ms / QUICK_BOOT_MS;

	return factor < 1 ? 1 : factor > BOOT_FACTOR_MAX ? BOOT_FACTOR_MAX : (int)factor;
}

static int execute_late(struct job *job, struct exec_config config)
{
	config.slots = 1;
	config.next = next_late;
	config.done = done_late;
	config.time_factor *= AGAIN_PATIENCE;
	job->next = 0;
	return job->n_late ? exec_run(&config) : 0;
}

static int execute(struct job *job, const struct machine *machine, int64_t booted_ms)
{
	struct exec_config config = {
		.slots = job->slots, .release = machine->release, .root = machine->root,
			.disposable = true,
		.context = job, .next = next, .done = done,
	};

	config.time_factor = job->time_factor ? job->time_factor : boot_factor(booted_ms);
	if (exec_run(&config) < 0 || execute_late(job, config) < 0)
		return -1;
	job->serial = true;
	job->next = 0;
	config.slots = 1;
	return exec_run(&config);
}

static int run(struct job *job, int64_t booted_ms)
{
	char *const suites[] = { "/suites", NULL };
	/* The host has checked them, and an emulator takes ten times as long. */
	const struct narrowing narrow = { .checked = true };
	struct selection selection;
	struct machine machine;
	char *text;

	machine_read(&machine);
	job->release = machine.release;
	if (sys_read_file(&job->pool, "/job", JOB_BYTES_MAX, &text, NULL) < 0 ||
	    !select_load_narrow(&selection, &job->pool, suites, &narrow) ||
	    !read_job(job, text, &selection))
		return -1;
	plan_require(&job->plan, &machine, true);
	if (!job->survey)
		find_hosted(job);
	int rc = job->survey ? survey(job) : execute(job, &machine, booted_ms);

	select_free(&selection);
	return rc;
}

int guest_run(struct lines *lines, char *unloaded)
{
	struct job job = { .lines = lines, .slots = 1, .plan.pool = &job.pool };
	int64_t booted_ms = boot_ms();
	struct machine machine;

	machine_read(&machine);
	lines_put(lines, "boot %s %lld", release_text(&job.pool, machine.release),
		  (long long)booted_ms);
	lines_put(lines, "machine %s", json_text(&job.pool, machine_describe(&job.pool, NULL)));
	for (const char *m; (m = strsep(&unloaded, "\n"));)
		if (*m)
			lines_put(lines, "module %s", m);
	job.kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (run(&job, booted_ms) < 0)
		return -1;
	lines_put(lines, "end %zu %08x%s", job.count, lines->crc, lines_exits() ? " exits" : "");
	return 0;
}
