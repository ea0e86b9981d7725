// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several machines, their crashes, and what follows from these.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "cmd/command.h"
#include "vm/console.h"
#include "vm/lines.h"
#include "nsc/sys.h"
#include "load/release.h"
#include "vm/shards.h"
#include "load/yaml.h"

enum { GUEST_SLOTS = 4, FRUITLESS_BOOTS_MAX = 2, MACHINES_MAX = 64 };
/* A guest gives a sign of life every second. One that is as slow as its boot gets more. */
#define SILENCE_NS 15000000000ll
enum { SILENCE_BOOTS = 10 };

enum stage { CELL_WAITS, CELL_RUNS, CELL_DONE };

struct shard {
	struct run *run;
	struct vm vm;
	struct pool pool; /* of this boot */
	size_t *cells;	  /* of the plan, that it has still to do; in order */
	size_t n;
	size_t *later;	  /* those that want cgroup2 with nsdelegate: a boot of their own */
	size_t n_later;
	size_t *suspects; /* cells that ran when it died; run one by one in the next boot */
	size_t n_suspects;
	/* This boot: */
	size_t *job;
	size_t n_job, n_results;
	unsigned char *stage; /* of each of the job */
	char **held;	      /* result lines of suspects, until it is clear what they mean */
	bool kvm, trying, booted, ended, late, exits;
	size_t last;	      /* of the job, that was done last */
	const char *complaint; /* the guest's own words */
	int fruitless;	      /* boots in a row without a result */
	bool over;
};

struct run {
	struct pool *pool;
	struct results *results;
	const struct shards_config *config;
	struct vm_config vm;
	struct shard *shards;
	int n;
	bool begun;	     /* a guest has said what it is, the plan is printed */
	bool lost;	     /* a machine died when no cell ran */
	int64_t boot_ns;     /* the longest that a boot took */
	int64_t deadline_ns; /* of the run, or 0 */
	const char *dead;    /* why no machine can be started */
	const char *environment;
};

static bool lists(const struct strs *needs, const char *need)
{
	for (size_t i = 0; i < needs->n; i++)
		if (!strcmp(needs->v[i], need))
			return true;
	return false;
}

/* A mount option of the whole machine (cgroup-v2.rst, "nsdelegate"), off otherwise. */
static bool wants_delegation(const struct cell *cell)
{
	static const char need[] = "cgroup.nsdelegate";

	return lists(&cell->scenario->needs, need) ||
	       (cell->row >= 0 && lists(&cell->scenario->rows[cell->row].needs, need));
}

const char *shards_job(const struct results *r, const size_t *v, size_t n, bool serial, size_t *len)
{
	char *text;
	FILE *out = open_memstream(&text, len);

	if (n && wants_delegation(&r->plan.cells[v[0]]))
		fputs("nsdelegate\n", out);
	fprintf(out, "slots %d\n", serial ? 1 : GUEST_SLOTS);
	if (r->options.output)
		fputs("traces\n", out);
	for (size_t i = 0; i < n; i++) {
		AUTO_POOL pool = { 0 };

		fprintf(out, "cell %s\n", cell_name(&pool, &r->plan.cells[v[i]]));
	}
	fclose(out);
	return text;
}

static void boot(struct shard *s)
{
	struct results *r = s->run->results;
	size_t len;

	s->kvm = s->run->vm.kvm;
	if (!s->n_suspects && !s->n) {
		s->cells = s->later;
		s->n = s->n_later;
		s->n_later = 0;
	}
	s->trying = s->n_suspects > 0;
	s->job = s->trying ? s->suspects : s->cells;
	s->n_job = s->trying ? s->n_suspects : s->n;
	if (!s->n_job) {
		s->over = true;
		return;
	}
	pool_reset(&s->pool);
	s->stage = pool_array(&s->pool, unsigned char, s->n_job);
	s->held = pool_array(&s->pool, char *, s->n_job);
	s->booted = s->ended = s->late = false;
	s->n_results = 0;
	s->last = SIZE_MAX;
	s->complaint = NULL;
	char *job = (char *)shards_job(r, s->job, s->n_job, s->trying, &len);

	if (!vm_start(&s->vm, &s->run->vm, initrd_open(&s->run->config->initrd, job, len)))
		s->over = true;
	free(job);
}

/* The machine is known now: what is judged, and the plan can be printed. */
static void begin(struct run *run, const char *environment)
{
	if (run->begun)
		return;
	run->begun = true;
	run->environment = pool_strdup(run->pool, environment);
	if (!results_begin(run->results, run->pool, run->results->plan.n, run->environment))
		run->dead = "the results cannot be written";
}

static void break_cell(struct run *run, size_t index, const char *why);

static void take_trace(struct run *run, size_t index, const char *line)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct script script;
	struct trace trace;
	const struct value *v = yaml_parse(&pool, "trace", line, strlen(line), &problems);

	script_make(&pool, &run->results->plan.cells[index], run->results->release, &script);
	if (v && trace_read(&pool, v, &script, &trace))
		results_done(run->results, index, &pool, &script, &trace, line);
	else
		break_cell(run, index, "what the guest sent is no trace of this cell");
}

/* A verdict of the host's own; LOG is a list of the console's lines, or NULL. */
static void conclude(struct run *run, size_t index, struct verdict *verdict,
		     const struct value *log)
{
	AUTO_POOL pool = { 0 };
	struct script script;
	struct trace trace = { .log = log, .log_alone = true };

	script_make(&pool, &run->results->plan.cells[index], run->results->release, &script);
	trace.n = script.n_steps;
	trace.outcomes = pool_array(&pool, struct outcome, trace.n + 1);
	if (verdict->kind != VERDICT_PASS)
		trace.broken = verdict->message;
	verdict->step = -1;
	results_verdict(run->results, index, &pool, &script, &trace, verdict, NULL);
}

static void break_cell(struct run *run, size_t index, const char *why)
{
	conclude(run, index, &(struct verdict){ .kind = VERDICT_BROKEN, .message = why }, NULL);
}

static void take_skip(struct run *run, size_t index, char *text)
{
	struct cell *cell = &run->results->plan.cells[index];

	cell->skip = pool_strdup(run->pool, strsep(&text, "\t"));
	cell->detail = pool_strdup(run->pool, text ? strsep(&text, "\t") : "");
	cell->remedy = pool_strdup(run->pool, text ? text : "");
	results_skip(run->results, index);
}

/* LINE is "pass", "trace JSON" or "skip ..." without the number. */
static void deliver(struct run *run, size_t index, char *line)
{
	char *rest = line;
	const char *word = strsep(&rest, " ");

	if (!strcmp(word, "pass"))
		conclude(run, index, &(struct verdict){ .kind = VERDICT_PASS }, NULL);
	else if (!strcmp(word, "trace") && rest)
		take_trace(run, index, rest);
	else if (!strcmp(word, "skip") && rest)
		take_skip(run, index, rest);
	else
		break_cell(run, index, "the guest sent no result for it");
}

static void take_result(struct shard *s, const char *word, size_t k, const char *rest)
{
	char *line = pool_printf(&s->pool, "%s%s%s", word, rest ? " " : "", rest ? rest : "");

	s->stage[k] = CELL_DONE;
	s->last = k;
	s->n_results++;
	s->fruitless = 0;
	if (s->trying)
		s->held[k] = line;
	else
		deliver(s->run, s->job[k], line);
}

static void take_boot(struct shard *s, const char *release)
{
	int64_t took = s->vm.alive_ns - s->vm.started_ns;

	s->booted = true;
	if (took > s->run->boot_ns)
		s->run->boot_ns = took;
	if (!s->run->begun)
		s->run->results->release = release_parse(release);
}

static void take_line(void *context, char *line)
{
	struct shard *s = context;
	char *rest = line;
	const char *word = strsep(&rest, " ");

	if (!strcmp(word, "boot") && rest)
		take_boot(s, rest);
	else if (!strcmp(word, "machine") && rest)
		begin(s->run, rest);
	else if (!strcmp(word, "broken") && rest)
		s->complaint = pool_strdup(&s->pool, rest);
	else if (!strcmp(word, "end") && rest) {
		const char *count = strsep(&rest, " ");

		const char *crc = strsep(&rest, " ");

		s->ended = strtoull(count, NULL, 10) == s->n_results && crc &&
			   strtoul(crc, NULL, 16) == s->vm.crc;
		s->exits = rest && !strcmp(rest, "exits");
		if (!s->ended)
			s->complaint = "results were lost on their way: the end mark does not fit";
	} else if (rest && s->run->begun && !s->run->dead) {
		size_t k = strtoull(strsep(&rest, " "), NULL, 10);

		if (k < s->n_job && !strcmp(word, "run"))
			s->stage[k] = CELL_RUNS;
		else if (k < s->n_job && s->stage[k] != CELL_DONE)
			take_result(s, word, k, rest);
	}
}

/* Why the machine is no more. */
static const char *cause(struct shard *s, int status, const char *console)
{
	const char *panic = console_panic(&s->pool, console);

	if (panic)
		return pool_printf(&s->pool, "the kernel died: %s", panic);
	if (s->complaint)
		return s->complaint;
	if (s->late)
		return s->booted ? "the machine gave no sign of life any more, and was ended" :
				   "the kernel did not start in time, and was ended";
	if (WIFSIGNALED(status))
		return pool_printf(&s->pool, "qemu was killed by signal %d", WTERMSIG(status));
	return pool_printf(&s->pool,
			   "qemu ended with status %d before the end of the results",
			   WEXITSTATUS(status));
}

static void fail_cell(struct shard *s, size_t index, const char *why, const char *console)
{
	struct verdict v = { .kind = VERDICT_FAIL, .message = why };
	struct value *log = value_list(&s->pool);
	struct strs lines = console_excerpt(&s->pool, console);

	for (size_t i = 0; i < lines.n; i++)
		value_push(&s->pool, log, value_str(&s->pool, lines.v[i]));
	conclude(s->run, index, &v, log);
}

/* Take what is done out of the shard's list. */
static void keep_undone(struct shard *s)
{
	size_t kept = 0;

	for (size_t k = 0; k < s->n_job; k++)
		if (s->stage[k] != CELL_DONE)
			s->job[kept++] = s->job[k];
	if (s->trying)
		s->n_suspects = kept;
	else
		s->n = kept;
}

/* Which of the job were running; their number. */
static size_t running(struct shard *s, size_t *first)
{
	size_t n = 0;

	for (size_t k = s->n_job; k-- > 0;)
		if (s->stage[k] == CELL_RUNS) {
			*first = k;
			n++;
		}
	return n;
}

static void suspect(struct shard *s, size_t n)
{
	size_t *suspects = pool_array(s->run->pool, size_t, n), kept = 0;

	s->n_suspects = 0;
	for (size_t k = 0; k < s->n_job; k++)
		if (s->stage[k] == CELL_RUNS)
			suspects[s->n_suspects++] = s->job[k];
		else if (s->stage[k] == CELL_WAITS)
			s->cells[kept++] = s->job[k];
	s->suspects = suspects;
	s->n = kept;
}

/* What suspects did until the culprit was found counts; the rest are cells like others. */
static void clear_suspects(struct shard *s)
{
	size_t *cells = pool_array(s->run->pool, size_t, s->n_job + s->n), n = 0;

	for (size_t k = 0; k < s->n_job; k++)
		if (s->stage[k] == CELL_DONE && s->held[k])
			deliver(s->run, s->job[k], s->held[k]);
		else if (s->stage[k] != CELL_DONE)
			cells[n++] = s->job[k];
	memcpy(cells + n, s->cells, s->n * sizeof(*cells));
	s->cells = cells;
	s->n += n;
	s->n_suspects = 0;
}

/* None of them kills the machine alone; together they did. */
static void fail_suspects(struct shard *s)
{
	for (size_t k = 0; k < s->n_job; k++)
		conclude(s->run, s->job[k], &(struct verdict){
			.kind = VERDICT_FAIL,
			.message = pool_printf(&s->pool, "the machine died while this and %zu "
					       "other cells ran; none kills it alone",
					       s->n_job - 1),
		}, NULL);
	s->n_suspects = 0;
}

/* The machine died in this boot. */
static void crashed(struct shard *s, const char *why, const char *console)
{
	size_t first = 0, n = running(s, &first);

	if (!n && s->trying && s->last != SIZE_MAX) {
		/* Just after its end: only one at a time runs here. */
		first = s->last;
		n = 1;
	}
	if (n > 1 && !s->trying) {
		suspect(s, n);
		return;
	}
	if (n) {
		s->stage[first] = CELL_DONE;
		s->held[first] = NULL;
		fail_cell(s, s->job[first], why, console);
	} else if (s->booted && s->n_results) {
		s->run->lost = true;
		results_comment(s->run->results,
				pool_printf(&s->pool, "%s, when no cell was running", why));
		console_print(console, stderr);
	} else
		s->fruitless++;
	if (s->trying)
		clear_suspects(s);
	else
		keep_undone(s);
}

static void give_up(struct shard *s, const char *why)
{
	for (size_t i = 0; i < s->n_suspects; i++)
		break_cell(s->run, s->suspects[i], why);
	for (size_t i = 0; i < s->n; i++)
		break_cell(s->run, s->cells[i], why);
	for (size_t i = 0; i < s->n_later; i++)
		break_cell(s->run, s->later[i], why);
	s->n = s->n_suspects = s->n_later = 0;
	s->over = true;
}

/* The machine has ended: what that means, and what comes next. */
static void ended(struct shard *s)
{
	struct run *run = s->run;
	int status = vm_stop(&s->vm);
	const char *console = vm_console(&s->pool, &s->vm);
	bool good = s->ended && WIFEXITED(status) &&
		WEXITSTATUS(status) == (s->exits ? LINES_EXIT_STATUS : 0);
	const char *why = good ? NULL : pool_strdup(run->pool, cause(s, status, console));

	vm_forget(&s->vm);
	if (good && s->trying)
		fail_suspects(s);
	else if (good)
		keep_undone(s);
	else if (!run->begun && s->kvm)
		/* It may be KVM's fault, not the kernel's. */
		run->vm.kvm = false;
	else if (!run->begun)
		run->dead = why;
	else
		crashed(s, why, console);
	if (run->dead && !run->begun) {
		run->environment = pool_strdup(run->pool, console);
		return;
	}
	if (good && s->n && !s->n_results)
		s->fruitless++;
	if (s->fruitless >= FRUITLESS_BOOTS_MAX)
		give_up(s, pool_printf(run->pool, "no machine for it: %s",
				       why ? why : "no results"));
	else
		boot(s);
}

static int64_t deadline(const struct shard *s)
{
	const struct run *run = s->run;
	int64_t at = s->booted ? s->vm.alive_ns + SILENCE_NS + SILENCE_BOOTS * run->boot_ns :
				 s->vm.started_ns + run->config->boot_within_ns;

	return run->deadline_ns && run->deadline_ns < at ? run->deadline_ns : at;
}

/* Poll all machines once; false when none is left. */
static bool turn(struct run *run)
{
	struct pollfd polls[MACHINES_MAX];
	struct shard *of[MACHINES_MAX];
	int64_t now = sys_now_ns(), first = INT64_MAX;
	nfds_t n = 0;

	for (int i = 0; i < run->n; i++) {
		struct shard *s = &run->shards[i];

		if (s->over)
			continue;
		if (deadline(s) < first)
			first = deadline(s);
		of[n] = s;
		polls[n++] = (struct pollfd){ .fd = s->vm.lines, .events = POLLIN };
	}
	if (!n)
		return false;
	poll(polls, n, first <= now ? 0 : (int)((first - now) / 1000000 + 1));
	now = sys_now_ns();
	for (nfds_t i = 0; i < n && !run->dead; i++) {
		bool late = !polls[i].revents && now >= deadline(of[i]);

		of[i]->late |= late;
		if (late || (polls[i].revents && !vm_read(&of[i]->vm, take_line, of[i])))
			ended(of[i]);
	}
	return true;
}

static void deal(struct run *run)
{
	size_t n = run->results->plan.n;

	for (int i = 0; i < run->n; i++) {
		struct shard *s = &run->shards[i];

		*s = (struct shard){ .run = run, .vm = { .lines = -1, .console = -1 } };
		s->cells = pool_array(run->pool, size_t, n / (size_t)run->n + 1);
		s->later = pool_array(run->pool, size_t, n / (size_t)run->n + 1);
		for (size_t c = (size_t)i; c < n; c += (size_t)run->n)
			if (wants_delegation(&run->results->plan.cells[c]))
				s->later[s->n_later++] = c;
			else
				s->cells[s->n++] = c;
		boot(s);
	}
}

/* The only verdict on a kernel that does not get as far as running cells. */
static int no_boot(struct run *run)
{
	AUTO_POOL pool = { 0 };
	struct strs log = console_excerpt(&pool, run->environment ? run->environment : "");

	char *why = pool_strdup(&pool, run->dead);

	for (char *c = why; *c; c++)
		if (*c == '"' || *c == '\\')
			*c = '\'';
	printf("TAP version 13\n1..1\nnot ok 1 vm.boot\n  ---\n  message: \"%s\"\n  ...\n", why);
	for (size_t i = 0; i < log.n; i++)
		printf("# console: %s\n", log.v[i]);
	if (!log.n)
		puts("# console: (empty)");
	return EXIT_FAILED;
}

static bool must_stop(struct run *run)
{
	return run->dead || run->results->stop ||
		(run->deadline_ns && sys_now_ns() >= run->deadline_ns);
}

int shards_run(struct pool *pool, struct results *results, const struct shards_config *config)
{
	struct run run = { .pool = pool, .results = results, .config = config, .vm = config->vm,
			   .n = config->machines };
	int status;

	if (results->options.timeout_ns)
		run.deadline_ns = sys_now_ns() + results->options.timeout_ns;
	if ((size_t)run.n > results->plan.n)
		run.n = (int)results->plan.n;
	run.shards = pool_array(pool, struct shard, (size_t)run.n);
	deal(&run);
	while (!must_stop(&run) && turn(&run))
		;
	for (int i = 0; i < run.n; i++) {
		struct shard *s = &run.shards[i];

		vm_stop(&s->vm);
		vm_forget(&s->vm);
		if (run.begun && !run.dead && !results->stop)
			give_up(s, "the run's time is over");
		pool_free(&s->pool);
	}
	if (!run.begun) {
		if (!run.dead)
			run.dead = "the run's time was over before a kernel had started";
		return no_boot(&run);
	}
	status = results_end(results, run.dead ? -1 : 0);
	return run.lost && status == EXIT_GOOD ? EXIT_FAILED : status;
}
