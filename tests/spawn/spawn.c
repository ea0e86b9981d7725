// SPDX-License-Identifier: GPL-2.0-only
/*
 * spawn: starts commands for the process whose requests it reads from standard input, one at a time, and
 * writes each wait status to standard output. A fork of Perl copies the page tables of an interpreter and
 * then most of what they show; posix_spawn() of this small process copies nothing.
 *
 * A request is a struct head and as many strings, each with its NUL: working directory, file of standard
 * output, file of standard error, arguments, environment. A command that cannot be started has exit status
 * 127, and so has one that is killed as it goes on past the deadline. Everything else is inherited from the
 * process that started this one. Requests end with standard input.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct head {
	uint32_t size; /* of all strings, in bytes */
	uint32_t strings;
	uint32_t arguments;
	uint32_t seconds; /* until a command is killed */
};

enum { REQUEST_MAX = 16 << 20, NOT_RUN = 127 << 8 };
enum { DIRECTORY, OUT, ERR, ARGUMENTS }; /* places of the strings */

static void fail(const char *what) __attribute__((noreturn));
static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Whole, or not at all when requests end. */
static int read_whole(void *buffer, size_t size)
{
	for (size_t n = 0; n < size;) {
		ssize_t got = read(STDIN_FILENO, (char *)buffer + n, size - n);

		if (got < 0)
			fail("spawn: request");
		if (!got)
			return 0;
		n += got;
	}
	return 1;
}

static int wait_for(pid_t pid, unsigned seconds)
{
	struct pollfd ended = { .fd = syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	int status, late = ended.fd >= 0 && poll(&ended, 1, seconds * 1000) == 0;

	if (late)
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		fail("spawn: waitpid");
	if (ended.fd >= 0)
		close(ended.fd);
	return late ? NOT_RUN : status;
}

static int start(const struct head *head, char **strings)
{
	char **argv = strings + ARGUMENTS, **env = argv + head->arguments + 1;
	posix_spawn_file_actions_t files;
	pid_t pid;
	int error;

	/* Where a name without a slash is looked for is said by the environment of the caller, not by ours. */
	environ = env;
	if (chdir(strings[DIRECTORY]) < 0)
		fail(strings[DIRECTORY]);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, strings[OUT], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, strings[ERR], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	error = posix_spawnp(&pid, argv[0], &files, NULL, argv, env);
	posix_spawn_file_actions_destroy(&files);
	return error ? NOT_RUN : wait_for(pid, head->seconds);
}

int main(void)
{
	struct head head;

	while (read_whole(&head, sizeof(head))) {
		/* A NULL each ends arguments and environment. */
		char *text = head.size <= REQUEST_MAX ? malloc(head.size + 1) : NULL;
		char **strings = calloc(head.strings + 2ul, sizeof(*strings)), *at = text;
		int status;

		if (!text || !strings || head.strings < head.arguments + ARGUMENTS || !read_whole(text, head.size))
			fail("spawn: no such request");
		text[head.size] = '\0';
		for (uint32_t i = 0; i < head.strings; i++, at += strlen(at) + 1)
			strings[i + (i >= head.arguments + ARGUMENTS)] = at < text + head.size ? at : text + head.size;
		status = start(&head, strings);
		if (write(STDOUT_FILENO, &status, sizeof(status)) != sizeof(status))
			return 1;
		free(strings);
		free(text);
	}
	return 0;
}
