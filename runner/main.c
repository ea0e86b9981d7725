// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform: the table of commands.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "nsc/agent.h"
#include "nsc/begin.h"
#include "nsc/box.h"
#include "load/problems.h"

#ifndef VERSION
#define VERSION "0.1"
#endif

/* Not for people: the worker that a run starts, with its channel as descriptor 3. */
int cmd_agent(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	return agent_main(3, !strcmp(how, "disposable") ? AGENT_DISPOSABLE :
			  !strcmp(how, "inside") ? AGENT_INSIDE :
			  !strcmp(how, "here") ? AGENT_HERE : AGENT_GUARDED);
}

const struct command commands[] = {
	{ "run", "[OPTION...] [PATH|ID|GLOB|@TAG ...]", "run scenarios and print TAP", cmd_run },
	{ "vm", "--kernel FILE [--modules DIR] [--config FILE]|--deb PACKAGE [--print] [OPTION...] [PATH|ID|GLOB|@TAG ...]",
	  "run scenarios on another kernel, in virtual machines", cmd_vm },
	{ "runtime", "[NAME|PATH] [--probe] [--json] | [NAME|PATH] --packages | --words",
	  "list container runtimes, or ask one for all that it can be asked for", cmd_runtime },
	{ "list", "[--json] [PATH|ID|GLOB|@TAG ...]", "list scenarios", cmd_list },
	{ "plan", "[--no-controls] [--quick] [--runtime NAME|PATH|--inside] [PATH|ID|GLOB|@TAG ...]",
	  "show what would run, what would skip, and why", cmd_plan },
	{ "explain", "[--runtime NAME|PATH] ID", "tell a scenario's story, its clauses and how to repeat it by hand", cmd_explain },
	{ "validate", "PATH...", "report every problem of these suites", cmd_validate },
	{ "ops", "[--markdown|--needs] [NAME]", "describe the ops, or the requirements", cmd_ops },
	{ "schema", "", "print the JSON Schema of suites", cmd_schema },
	{ "coverage", "[--json] [--results DIR] [FAMILY]",
	  "count the clauses that scenarios prove, and those that a saved run has judged", cmd_coverage },
	{ "judge", "[--format tap|ktap] TRACE", "judge a saved trace again, without a kernel",
	  cmd_judge },
	{ "summary", "[--strict] [--fail-on WHAT] RESULTS...",
	  "add up saved runs, and end with the exit status that they come to", cmd_summary },
	{ "matrix", "[--by family|scenario] [--differences|--no-differences] [--json] RESULTS...",
	  "compare runs: what differs between kernels, and why", cmd_matrix },
	{ "kernels", "[--list] [ID...]", "show the kernels that fixtures/kernels declares",
	  cmd_kernels },
	{ "kconfig", "[--check FILE] [--json] [PATH|ID|GLOB|@TAG ...]",
	  "print the kernel config that cells need, or what a config lacks", cmd_kconfig },
	{ "doctor", "[--json] [PATH|ID|GLOB|@TAG ...]",
	  "show this machine as the suite sees it, what its shortcomings cost, and the remedies; "
	  "0 all can be judged, 1 some, 4 nothing",
	  cmd_doctor },
	{ "environment", "", "describe this machine as JSON", cmd_environment },
	{ 0 }
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

int command_usage(const char *name)
{
	const struct command *c = command_find(name);

	fprintf(stderr, "usage: nsconform %s %s\n", c->name, c->arguments);
	return EXIT_USAGE;
}

static void help(FILE *out)
{
	fputs("usage: nsconform COMMAND [ARGUMENT...]\n\nconformance of Linux namespaces\n\n", out);
	for (const struct command *c = commands; c->name; c++)
		fprintf(out, "  %-12s %s\n", c->name, c->doc);
	fputs("\nexamples:\n"
	      "  nsconform run                          the whole suite on this kernel\n"
	      "  nsconform run uts 'mnt.prop*'          a family, a glob\n"
	      "  nsconform explain set-is-private       what a scenario does\n"
	      "\nexit status:\n", out);
	for (const struct exit_meaning *m = exit_meanings; m->status; m++)
		fprintf(out, "  %-12s %s\n", m->status, m->doc);
}

/* Reads as empty, and writing to it fails; also where there is no /dev. */
static int open_empty(void)
{
	int fd = open("/dev/null", O_RDONLY), ends[2];

	if (fd >= 0)
		return fd;
	if (pipe(ends) < 0)
		return -1;
	close(ends[1]);
	return ends[0];
}

/* A standard descriptor that came closed would become a channel; and writing to it must fail. */
static void occupy_standard_fds(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open_empty() < 0)
			return;
}

/* Kernel parameters that the kernel does not know come before what follows `--`. The first
 * process of a container, and an agent in a box, has its command there. */
static void skip_kernel_words(int *argc, char ***argv)
{
	if (*argc < 2 || command_find((*argv)[1]) || !strcmp((*argv)[1], "box"))
		return;
	while (*argc > 2 && strcmp((*argv)[1], "guest")) {
		++*argv;
		--*argc;
	}
}

/* What a runtime has started in a box stays as it was started: that is what is looked at. A
 * write that nobody reads, or that the limit of a file's size stops, is an error to be said. */
static void begin(const char *name)
{
	if (strcmp(name, "box") && strcmp(name, "hook") && strcmp(name, "agent")) {
		begin_look();
		begin_set(BEGIN_RUNNER);
		signal(SIGXFSZ, SIG_IGN);
	}
	signal(SIGPIPE, SIG_IGN);
}

/* Half of an answer is none: STATUS of a command whose output has arrived, else EXIT_BROKEN. */
static int written(int status)
{
	bool good = status == EXIT_GOOD || status == EXIT_FAILED || status == EXIT_UNJUDGED;

	if ((fflush(stdout) == 0 && !ferror(stdout)) || !good)
		return status;
	fputs("nsconform: the output could not be written completely\n", stderr);
	return EXIT_BROKEN;
}

int main(int argc, char **argv)
{
	if (getpid() == 1)
		skip_kernel_words(&argc, &argv);
	const char *name = argc > 1 ? argv[1] : "help";
	const struct command *c = command_find(name);

	occupy_standard_fds();
	begin(name);
	if (!strcmp(name, "agent"))
		return cmd_agent(argc - 1, argv + 1);
	if (!strcmp(name, "box") && argc == 4)
		return box_main(argv[2], argv[3]);
	if (!strcmp(name, "hook") && argc == 3)
		return box_hook_main(argv[2]);
	if (!strcmp(name, "guest"))
		return cmd_guest(argc - 1, argv + 1);
	if (c)
		return written(c->run(argc - 1, argv + 1));
	if (!strcmp(name, "--version")) {
		puts("nsconform " VERSION);
		return written(EXIT_GOOD);
	}
	if (argc > 1 && (!strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h"))) {
		help(stdout);
		return written(EXIT_GOOD);
	}
	if (argc > 1) {
		AUTO_POOL pool = { 0 };
		struct nearest n = { .word = name };

		for (c = commands; c->name; c++)
			nearest_offer(&n, c->name);
		fprintf(stderr, "nsconform: no command %s%s\n", name, nearest_hint(&pool, &n));
		return EXIT_USAGE;
	}
	help(stderr);
	return EXIT_USAGE;
}
