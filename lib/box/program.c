// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting and ending programs in the moat.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../root/moat.h"
#include "nsc/patience.h"
#include "nsc/sys.h"
#include "program.h"
#include "inherited.h"
#include "leaks.h"

enum { SAID_BYTES = 400 };
#define BIRTH_WITHIN_NS 5000000000ll
/* How long a killed program may take to exit. */
#define DEATH_WITHIN_NS 2000000000ll

static char **words(struct pool *pool, const struct strs *list)
{
	char **v = pool_array(pool, char *, list->n + 1);

	for (size_t i = 0; i < list->n; i++)
		v[i] = (char *)list->v[i];
	return v;
}

/* Move a descriptor above the numbers that programs are given (20, 21, ...). */
static int lift(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 200);
}

static bool give(int fd, int number)
{
	return fd >= 0 && dup2(fd, number) >= 0;
}

struct child {
	char **argv, **envp;
	const struct program_config *config;
	const struct circumstances *with;
};

/* Becomes the program; until then it has its supervisor's memory. */
static void become(void *arg) __attribute__((noreturn));
static void become(void *arg)
{
	const struct child *child = arg;
	const struct program_config *c = child->config;
	int log = lift(c->log), null = lift(open("/dev/null", O_RDWR | O_CLOEXEC));
	int leak = lift(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int pass[16];
	size_t n = c->pass ? c->pass->n : 0;
	sigset_t none;

	for (size_t i = 0; i < n && i < 16; i++)
		pass[i] = lift(c->pass->v[i]);
	sys_cloexec_all_but((const int[]){ 0, 1, 2 }, 3);
	if (!give(null, 0) || !give(log, 1) || !give(log, 2) || !give(leak, LEAK_LOW) ||
	    !give(leak, LEAK_HIGH))
		_exit(126);
	for (size_t i = 0; i < n && i < 16; i++)
		if (!give(pass[i], PROGRAM_PASS + (int)i))
			_exit(126);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (child->with->with & WITH_ALL)
		inherited_give();
	const char *lacking = leaks_take(child->with);

	if (lacking)
		dprintf(2, "the launcher cannot have %s: %s\n", lacking, strerror(errno));
	if (lacking || chdir("/") < 0)
		_exit(126);
	execvpe(child->argv[0], child->argv, child->envp);
	dprintf(2, "%s: %s\n", child->argv[0], strerror(errno));
	_exit(127);
}

/*
 * The moat's first process may be busy, so it ignores SIGCHLD and never waits for children. Each
 * program therefore has a supervisor that waits for it and passes its status on.
 */
static void supervise(char **argv, char **envp, const struct program_config *c, int told)
	__attribute__((noreturn));
static void supervise(char **argv, char **envp, const struct program_config *c, int told)
{
	struct circumstances with = { .with = c->with };
	struct child child = { .argv = argv, .envp = envp, .config = c, .with = &with };
	int status = 0;

	signal(SIGCHLD, SIG_DFL);
	/* The terminal is kept as standard error, as all descriptors above 2 are closed below. */
	if ((c->with & WITH_TERMINAL) && !give(leaks_terminal(&with), 2))
		_exit(1);
	pid_t pid = sys_clone_lent(0, NULL, become, &child);

	sys_close_all_but((const int[]){ 0, 1, 2, told }, 4);
	if (pid < 0 || write(told, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	_exit(write(told, &status, sizeof(status)) != sizeof(status));
}

static int program_begin(struct program *out, char **argv, char **envp,
			 const struct program_config *config, int ends[2])
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	pid_t supervisor = sys_clone3(&req), pid;

	if (supervisor == 0)
		supervise(argv, envp, config, lift(ends[1]));
	close(ends[1]);
	if (supervisor < 0)
		return supervisor;
	/* The supervisor only forks before it writes the number, and end of file tells that it
	 * died. */
	if (sys_wait_readable(ends[0], sys_now_ns() + patience(BIRTH_WITHIN_NS)) != 1 ||
	    read(ends[0], &pid, sizeof(pid)) != sizeof(pid))
		return -EAGAIN;
	/* When the pidfd cannot be opened the program is gone already, and its status has been
	 * sent. */
	out->pidfd = sys_pidfd_open(pid, 0);
	return 0;
}

int program_start(struct pool *pool, const struct strs *argv, const struct program_config *config,
		  struct program *out)
{
	char **v = words(pool, argv), **envp = words(pool, config->environment);
	int ends[2];

	*out = (struct program){ .pidfd = -1, .status = -1 };
	/* execvpe(3) searches the caller's PATH, but a worker has no environment. */
	for (size_t i = 0; i < config->environment->n; i++)
		if (!strncmp(config->environment->v[i], "PATH=", 5))
			setenv("PATH", config->environment->v[i] + 5, 1);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	int rc = program_begin(out, v, envp, config, ends);

	out->status = rc < 0 ? -1 : fd_take(&ends[0]);
	fd_close(&ends[0]);
	return rc;
}

int program_wait(struct program *p, int64_t deadline_ns)
{
	int status;

	if (sys_wait_readable(p->status, deadline_ns) != 1)
		return -1;
	/* A supervisor that was killed sends no status: count that as a program that was killed. */
	if (read(p->status, &status, sizeof(status)) != sizeof(status))
		status = 128 + SIGKILL;
	fd_close(&p->status);
	return status;
}

void program_kill(struct program *p)
{
	if (p->pidfd >= 0 && p->status >= 0) {
		sys_pidfd_send_signal(p->pidfd, SIGKILL, 0);
		program_wait(p, sys_now_ns() + patience(DEATH_WITHIN_NS));
	}
	fd_close(&p->pidfd);
	fd_close(&p->status);
}

int program_log(void)
{
	return open(MOAT_LOGS, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

const char *program_said(struct pool *pool, int log)
{
	off_t size = lseek(log, 0, SEEK_END), from = size > SAID_BYTES ? size - SAID_BYTES : 0;
	char *text = pool_alloc(pool, SAID_BYTES + 1);
	ssize_t got = pread(log, text, SAID_BYTES, from);

	text[got > 0 ? got : 0] = 0;
	for (char *c = text; *c; c++)
		if (*c < 32 || *c > 126)
			*c = *c == '\n' && c[1] ? '|' : ' ';
	return text;
}
