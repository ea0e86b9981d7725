// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cells that one machine is given, and what the lines that it sends mean.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "compile/compile.h"
#include "load/release.h"
#include "load/yaml.h"
#include "plan/shuffle.h"
#include "vm/lines.h"
#include "vm/shard.h"

enum { GUEST_SLOTS = 4 };

char *shards_job(const struct results *r, const size_t *v, size_t n, bool serial, bool delegate,
		 size_t *len)
{
	char *text;
	FILE *out = open_memstream(&text, len);

	if (delegate)
		fputs("nsdelegate\n", out);
	if (r->options.survey)
		fputs("survey\n", out);
	fprintf(out, "slots %d\n", serial ? 1 : GUEST_SLOTS);
	if (r->options.time_factor)
		fprintf(out, "time-factor %d\n", r->options.time_factor);
	/* Attempts are compared by their traces. */
	if ((r->options.output && !r->options.no_traces) || attempts_wanted(&r->options))
		fputs("traces\n", out);
	for (size_t i = 0; i < n; i++) {
		AUTO_POOL pool = { 0 };

		fprintf(out, "cell %s\n", cell_name(&pool, &r->plan.cells[v[i]]));
	}
	fclose(out);
	return text;
}

bool batch_take(struct shard *s)
{
	/* A slot beyond the number of machines only takes part in the race of KVM against TCG. */
	bool extra = s - s->run->shards >= s->run->config->machines;
	const struct batch *next = s->batch.n || extra ? NULL : batch_next(&s->run->batches);

	if (next)
		s->batch = *next;
	return s->batch.n > 0;
}

/* With --fail-fast what may be the first failure is tried again before another batch begins. */
static bool waits(const struct run *run)
{
	return run->results->options.fail_fast && !run->retrying &&
	       attempts_any_open(&run->attempts);
}

/* Suspects come first, then what is left of the batch, then the next batch. */
static bool find_job(struct shard *s)
{
	if (!s->n_suspects && (s->batch.n || !waits(s->run)))
		batch_take(s);
	s->trying = s->n_suspects > 0;
	s->job = s->trying ? s->suspects : s->batch.cells;
	s->n_job = s->trying ? s->n_suspects : s->batch.n;
	return s->n_job > 0;
}

const char *shard_machine(const struct shard *s)
{
	int number = (int)(s - s->run->shards) + 1;

	return pool_printf(s->run->pool, "machine%d-boot%d", number, s->boots);
}

void shard_boot(struct shard *s)
{
	struct run *run = s->run;
	struct vm_config config = run->vm;
	size_t len;

	/* KVM and TCG race on two machines, even when there are cells for only one. */
	s->over = !find_job(s) && !run->racing;
	if (s->over)
		return;
	pool_reset(&s->pool);
	s->boots++;
	s->stage = pool_array(&s->pool, unsigned char, s->n_job);
	s->held = pool_array(&s->pool, char *, s->n_job);
	s->booted = s->ended = s->late = false;
	s->n_results = 0;
	s->last = SIZE_MAX;
	s->complaint = NULL;
	/* Every second machine runs without KVM until one of them has booted first. */
	config.kvm = run->vm.kvm && !(run->racing && (s - run->shards) % 2);
	config.quiet = run->racing && config.kvm;
	config.cpus = s->batch.cpus;
	s->kvm = config.kvm;
	char *job = shards_job(run->results, s->job, s->n_job, s->trying,
				       s->batch.delegate, &len);

	s->over = !vm_start(&s->vm, &config, initrd_open(&run->config->initrd, job, len));
	if (s->over)
		run->broken = "a virtual machine could not be prepared";
	free(job);
}

/* The guest's release and machine are known now, so the plan can be made and printed. */
static void begin(struct run *run, const char *environment)
{
	const struct run_options *o = &run->results->options;

	if (run->begun)
		return;
	run->environment = pool_strdup(run->pool, environment);
	if (run->results->options.survey)
		return;
	run->begun = true;
	if (!results_begin(run->results, run->pool, run->results->plan.n, run->environment))
		run->dead = "the results cannot be written";
	attempts_begin(&run->attempts, run->results);
	if (o->until_fail || o->repeat > 1)
		results_round(run->results, 1, o->repeat);
}

static void break_cell(struct run *run, size_t index, const char *why);

static void take_trace(struct run *run, size_t index, const char *line)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct script script;
	struct trace trace;
	const struct value *v = yaml_parse(&pool, "trace", line, strlen(line), &problems);

	cell_compile(&pool, &run->results->plan.cells[index], run->results->release, &script);
	if (v && trace_read(&pool, v, &script, &trace))
		attempts_done(&run->attempts, index, &pool, &script, &trace, line);
	else
		break_cell(run, index, "what the guest sent is no trace of this cell");
}

/* SEEN has what is known but the steps. */
static void conclude(struct run *run, size_t index, struct verdict *verdict,
		     const struct trace *seen)
{
	AUTO_POOL pool = { 0 };
	struct script script;
	struct trace trace = *seen;

	cell_compile(&pool, &run->results->plan.cells[index], run->results->release, &script);
	trace.n = script.n_steps;
	trace.outcomes = pool_array(&pool, struct outcome, trace.n + 1);
	if (verdict->kind != VERDICT_PASS)
		trace.broken = verdict->message;
	verdict->step = -1;
	attempts_verdict(&run->attempts, index, &pool, &script, &trace, verdict);
}

void shard_conclude(struct run *run, size_t index, struct verdict *verdict,
		    const struct value *log)
{
	conclude(run, index, verdict, &(struct trace){ .own_log = log });
}

static void take_pass(struct run *run, size_t index, char *times)
{
	struct trace seen = { .started_ns = strtoll(times, &times, 10) };

	seen.took_ns = strtoll(times, NULL, 10);
	conclude(run, index, &(struct verdict){ .kind = VERDICT_PASS }, &seen);
}

static void break_cell(struct run *run, size_t index, const char *why)
{
	struct verdict broken = { .kind = VERDICT_BROKEN, .message = why };

	/* That a further attempt cannot be made says nothing about those that were. */
	if (attempts_open(&run->attempts, index)) {
		attempts_conclude(&run->attempts, index);
		return;
	}
	shard_conclude(run, index, &broken, NULL);
}

static void take_skip(struct run *run, size_t index, char *text)
{
	struct cell *cell = &run->results->plan.cells[index];

	cell->skip = pool_strdup(run->pool, strsep(&text, "\t"));
	cell->detail = pool_strdup(run->pool, text ? strsep(&text, "\t") : "");
	cell->remedy = pool_strdup(run->pool, text ? text : "");
	results_skip(run->results, index);
}

void shard_deliver(struct run *run, size_t index, char *line)
{
	char *rest = line;
	const char *word = strsep(&rest, " ");

	if (!strcmp(word, "pass") && rest)
		take_pass(run, index, rest);
	else if (!strcmp(word, "trace") && rest)
		take_trace(run, index, rest);
	else if (!strcmp(word, "skip") && rest)
		take_skip(run, index, rest);
	else
		break_cell(run, index, "the guest sent no result for it");
}

void shard_survey_over(struct shard *s)
{
	struct run *run = s->run;
	struct results *r = run->results;

	s->batch.n = 0;
	r->options.survey = false;
	plan_arrange(&r->plan, r->options.quick, (uint32_t)r->options.seed);
	for (size_t i = 0; i < r->plan.n; i++)
		r->plan.cells[i].skip = NULL;
	begin(run, run->environment);
}

static void take_result(struct shard *s, const char *word, size_t k, const char *rest)
{
	char *line = pool_printf(&s->pool, "%s%s%s", word, rest ? " " : "", rest ? rest : "");

	s->stage[k] = CELL_DONE;
	s->last = k;
	s->n_results++;
	s->fruitless = 0;
	if (s->run->results->options.survey)
		s->run->results->plan.cells[s->job[k]].skip = "not in this machine";
	else if (s->trying)
		s->held[k] = line;
	else
		shard_deliver(s->run, s->job[k], line);
}

static void take_boot(struct shard *s, const char *release)
{
	int64_t took = s->vm.alive_ns - s->vm.started_ns;

	s->booted = true;
	if (took > s->run->boot_ns)
		s->run->boot_ns = took;
	if (!s->run->begun)
		s->run->results->release = release_parse(release);
	if (s->run->racing) {
		s->run->racing = false;
		s->run->vm.kvm = s->kvm;
	}
}

/* All machines report the same modules; each is printed once. */
static void take_unloaded(struct run *run, char *what)
{
	for (const struct unloaded *u = run->unloaded; u; u = u->next)
		if (!strcmp(u->what, what))
			return;
	struct unloaded *u = pool_alloc(run->pool, sizeof(*u));

	*u = (struct unloaded){ pool_strdup(run->pool, what), run->unloaded };
	run->unloaded = u;
	const char *name = strsep(&what, " ");

	results_comment(run->results, pool_printf(run->pool, "module %s could not be loaded: %s",
						  name, what ? what : "?"));
}

void shard_line(void *context, char *line)
{
	struct shard *s = context;
	char *rest = line;
	const char *word = strsep(&rest, " ");

	if (!strcmp(word, "boot") && rest)
		take_boot(s, rest);
	else if (!strcmp(word, "machine") && rest)
		begin(s->run, rest);
	else if (!strcmp(word, "module") && rest) {
		/* Before there is a plan it is too early for that: the next boot tells again. */
		if (s->run->begun && !s->run->dead)
			take_unloaded(s->run, rest);
	} else if (!strcmp(word, "broken") && rest)
		s->complaint = pool_strdup(&s->pool, rest);
	else if (!strcmp(word, "end") && rest) {
		const char *count = strsep(&rest, " ");

		const char *crc = strsep(&rest, " ");

		s->ended = strtoull(count, NULL, 10) == s->n_results && crc &&
			   strtoul(crc, NULL, 16) == s->vm.crc;
		s->exits = rest && !strcmp(rest, "exits");
		if (!s->ended)
			s->complaint = "results were lost on their way: the end mark does not fit";
	} else if (rest && (s->run->begun || s->run->results->options.survey) && !s->run->dead) {
		size_t k = strtoull(strsep(&rest, " "), NULL, 10);

		if (k < s->n_job && !strcmp(word, "run"))
			s->stage[k] = CELL_RUNS;
		else if (k < s->n_job && s->stage[k] != CELL_DONE)
			take_result(s, word, k, rest);
	}
}

void shard_give_up(struct shard *s, const char *why)
{
	for (size_t i = 0; i < s->n_suspects; i++)
		break_cell(s->run, s->suspects[i], why);
	for (size_t i = 0; i < s->batch.n; i++)
		break_cell(s->run, s->batch.cells[i], why);
	s->batch.n = s->n_suspects = 0;
}
