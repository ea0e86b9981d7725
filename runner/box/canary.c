// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a runtime is on this machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "box/canary.h"
#include "nsc/sys.h"

enum { VERSION_BYTES = 4096 };
/* A launch beside others, on a machine that does something else as well, takes that many. */
enum { LATENCIES = 20 };
#define VERSION_WITHIN_NS 10000000000ll

static bool in_path(struct pool *pool, const char *program)
{
	char *path = pool_strdup(pool, getenv("PATH") ? getenv("PATH") : "/usr/sbin:/usr/bin:/sbin:/bin");

	if (strchr(program, '/'))
		return access(program, X_OK) == 0;
	for (const char *dir; (dir = strsep(&path, ":"));)
		if (*dir && access(pool_printf(pool, "%s/%s", dir, program), X_OK) == 0)
			return true;
	return false;
}

/* What the command prints, to either output, in a few seconds; NULL when it cannot be run. */
static char *output_of(struct pool *pool, const struct value *argv)
{
	char **v = pool_array(pool, char *, argv->list.n + 1), *text = NULL;
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t pid;

	for (size_t i = 0; i < argv->list.n; i++)
		v[i] = (char *)value_text(argv->list.items[i]);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	int error = posix_spawnp(&pid, v[0], &actions, NULL, v, environ);

	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!error) {
		AUTO_FD pidfd = sys_pidfd_open(pid, 0);

		if (pidfd < 0 || sys_wait_readable(pidfd, sys_now_ns() + VERSION_WITHIN_NS) != 1)
			kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		if (sys_read_fd(pool, ends[0], VERSION_BYTES, &text, NULL) < 0)
			text = NULL;
	}
	close(ends[0]);
	return text;
}

void canary_installed(struct pool *pool, struct runtime *r)
{
	const char *expression = value_text(value_get(r->version, "matches"));
	regmatch_t at[2];
	regex_t re;

	for (size_t i = 0; i < r->programs.n; i++)
		if (!in_path(pool, r->programs.v[i])) {
			r->lacks = pool_printf(pool, "no %s in PATH", r->programs.v[i]);
			return;
		}
	char *text = output_of(pool, value_get(r->version, "argv"));

	r->installed = "?";
	if (!text || regcomp(&re, expression, REG_EXTENDED))
		return;
	if (regexec(&re, text, 2, at, 0) == 0 && at[1].rm_so >= 0)
		r->installed = pool_strndup(pool, text + at[1].rm_so,
					    (size_t)(at[1].rm_eo - at[1].rm_so));
	regfree(&re);
}

struct runtime *canary_load(struct pool *pool, const char *name_or_path,
			    struct problems *problems)
{
	struct runtime *r = runtime_load(pool, name_or_path, problems);

	if (r)
		canary_installed(pool, r);
	return r;
}

const struct outcome *canary_launch(const struct script *script, const struct trace *trace)
{
	for (size_t i = 0; i < script->n_steps; i++)
		if (script->steps[i].step->kind == STEP_LAUNCH &&
		    trace->outcomes[i].status == OUTCOME_DONE)
			return &trace->outcomes[i];
	return NULL;
}

bool canary_started(const struct script *script, const struct trace *trace)
{
	const struct outcome *o = canary_launch(script, trace);

	return o && o->out && value_is(value_get(o->out, "state"), "started");
}

void canary_measured(struct runtime *r, int64_t took_ns)
{
	if (r->within_ns < LATENCIES * took_ns)
		r->within_ns = LATENCIES * took_ns;
}
