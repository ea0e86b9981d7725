// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter CALL=ERRNO|kill|allow ... [default=...] [-n] -- COMMAND...
 *
 * Runs COMMAND under a seccomp filter that answers each CALL, whatever its arguments, with that
 * error (ENOSYS, EPERM, ...), or kills the process that makes it; the first rule that fits decides.  `CALL:WORD=MASK/VALUE,...=...`
 * narrows it to calls whose argument number WORD, masked, has that value (with ! for =: another one).
 * no_new_privs is set only for who cannot install a filter without it, or with -n: it would be a
 * second reason for what is seen.
 *
 * filter --calls prints the names that it knows.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uapi/unistd.h"

static const struct call {
	const char *name;
	unsigned number;
} calls[] = {
#include "syscalls.h"
};

static const struct {
	const char *name;
	unsigned action;
} answers[] = {
	{ "allow", SECCOMP_RET_ALLOW },
	{ "kill", SECCOMP_RET_KILL_PROCESS },
	{ "EPERM", SECCOMP_RET_ERRNO | EPERM },
	{ "EACCES", SECCOMP_RET_ERRNO | EACCES },
	{ "ENOSYS", SECCOMP_RET_ERRNO | ENOSYS },
	{ "EINVAL", SECCOMP_RET_ERRNO | EINVAL },
};

enum { INSTRUCTIONS_MAX = 4096 };
static struct sock_filter program[INSTRUCTIONS_MAX];
static unsigned short n;
static bool execve_taken;
static unsigned otherwise = SECCOMP_RET_ALLOW;

static void fail(const char *what, const char *which) __attribute__((noreturn));
static void fail(const char *what, const char *which)
{
	fprintf(stderr, "filter: %s: %s\n", what, which);
	exit(2);
}

static void emit(unsigned short code, unsigned k, unsigned char yes, unsigned char no)
{
	if (n == INSTRUCTIONS_MAX)
		fail("too many rules", "the filter is full");
	program[n++] = (struct sock_filter){ code, yes, no, k };
}

static const struct call *find_call(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	fail("no such system call", name);
}

static unsigned find_answer(const char *name)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (!strcmp(answers[i].name, name))
			return answers[i].action;
	fail("no such answer", name);
}

/* What must hold of the lower half of an argument: flags of clone, families of socket. */
struct condition {
	unsigned word, mask, value;
	bool differs;
};

enum { CONDITIONS_MAX = 6, CONDITION_LENGTH = 3 };

/* WORD=MASK/VALUE or WORD!MASK/VALUE, separated by commas. */
static size_t parse_conditions(char *text, struct condition *list)
{
	size_t found = 0;

	for (char *one; (one = strsep(&text, ",")); found++) {
		struct condition *c = &list[found];
		char how;

		if (found == CONDITIONS_MAX ||
		    sscanf(one, "%u%c%i/%i", &c->word, &how, (int *)&c->mask, (int *)&c->value) != 4 ||
		    c->word > 5 || !strchr("=!", how))
			fail("expected WORD=MASK/VALUE or WORD!MASK/VALUE", one);
		c->differs = how == '!';
	}
	return found;
}

/* To what follows the rule unless it holds; LEFT instructions of the rule come after it. */
static void emit_condition(const struct condition *c, size_t left)
{
	unsigned char out = (unsigned char)left;

	emit(BPF_LD | BPF_W | BPF_ABS,
	     (unsigned)offsetof(struct seccomp_data, args) + 8 * c->word, 0, 0);
	emit(BPF_ALU | BPF_AND | BPF_K, c->mask, 0, 0);
	emit(BPF_JMP | BPF_JEQ | BPF_K, c->value, c->differs ? out : 0, c->differs ? 0 : out);
}

/* NAME[:CONDITIONS]=ANSWER */
static void add_rule(char *rule)
{
	struct condition conditions[CONDITIONS_MAX];
	char *answer = strrchr(rule, '='), *text = strchr(rule, ':');
	size_t left = 0;

	if (!answer)
		fail("expected CALL=ANSWER", rule);
	*answer++ = 0;
	if (text) {
		*text++ = 0;
		left = parse_conditions(text, conditions);
	}
	if (!strcmp(rule, "default")) {
		otherwise = find_answer(answer);
		return;
	}
	const struct call *call = find_call(rule);

	execve_taken |= call->number == SYS_execve && find_answer(answer) != SECCOMP_RET_ALLOW;
	emit(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	emit(BPF_JMP | BPF_JEQ | BPF_K, call->number, 0,
	     (unsigned char)(left * CONDITION_LENGTH + 1));
	for (size_t i = 0; left > 0; i++)
		emit_condition(&conditions[i], --left * CONDITION_LENGTH + 1);
	emit(BPF_RET | BPF_K, find_answer(answer), 0, 0);
}

static void install(bool always)
{
	struct sock_fprog prog = { .len = n, .filter = program };

	if (!always && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) == 0)
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0)
		fail("seccomp", strerror(errno));
}

/* By the other call where one of the two is what the filter is about. */
static void execute(char **argv, int program_fd)
{
	if (execve_taken)
		syscall(SYS_execveat, program_fd, "", argv, environ, AT_EMPTY_PATH);
	else
		execv(argv[0], argv);
	fail(argv[0], strerror(errno));
}

int main(int argc, char **argv)
{
	bool always = false;

	if (argc == 2 && !strcmp(argv[1], "--calls")) {
		for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
			puts(calls[i].name);
		return 0;
	}
	for (argv++; *argv && strcmp(*argv, "--"); argv++)
		if (!strcmp(*argv, "-n"))
			always = true;
		else
			add_rule(*argv);
	if (!*argv || !argv[1])
		fail("usage", "filter CALL=ERRNO|kill|allow ... [default=...] [-n] -- COMMAND...");
	emit(BPF_RET | BPF_K, otherwise, 0, 0);
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail(argv[1], strerror(errno));
	install(always);
	execute(argv + 1, fd);
}
