// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform: the table of commands.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "load/configured.h"
#include "nsc/agent.h"
#include "nsc/begin.h"
#include "nsc/box.h"
#include "nsc/registry.h"
#include "machine/confine.h"
#include "vm/guest.h"

/*
 * Not for people: the worker that a run starts, with its channel as descriptor 3, what an actor
 * executes in its own place (`agent again CHANNEL SEQ KEEP [patient]`), a measurement (`agent
 * forks PROCESSOR`), a look at the clock (`agent clock`), and a helper of the kernel's (`agent
 * upcall NAME`).
 */
static int agent(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (!strcmp(how, "again") && argc >= 5)
		return agent_again(atoi(argv[2]), (uint32_t)strtoul(argv[3], NULL, 10),
				   atoi(argv[4]), argc > 5, op_registry);
	if (!strcmp(how, "forks") && argc >= 3)
		return agent_forks(3, atoll(argv[2]));
	if (!strcmp(how, "clock"))
		return agent_clock(3);
	if (!strcmp(how, "upcall") && argc >= 3)
		return agent_upcall(argv[2]);
	return agent_main(3, !strcmp(how, "disposable") ? AGENT_DISPOSABLE :
			  !strcmp(how, "inside") ? AGENT_INSIDE :
			  !strcmp(how, "here") ? AGENT_HERE : AGENT_GUARDED, op_registry);
}

static const struct command *const commands[] = {
	&command_run, &command_vm, &command_runtime, &command_list, &command_plan,
	&command_explain, &command_validate, &command_ops, &command_schema, &command_coverage,
	&command_judge, &command_summary, &command_matrix, &command_compare, &command_merge,
	&command_report, &command_export, &command_kernels, &command_kconfig, &command_known,
	&command_doctor, &command_environment, &command_complete, &command_help, NULL
};

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
	if (*argc < 2 || command_find(commands, (*argv)[1]) || !strcmp((*argv)[1], "box") ||
	    !strcmp((*argv)[1], "agent"))
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
	bool ours = strcmp(name, "box") && strcmp(name, "hook") && strcmp(name, "agent");

	/* Where a filter kills who looks, only what runs no cells can be done: run says so. */
	if (ours && !confine_essential(confinement())) {
		begin_look();
		begin_set(BEGIN_RUNNER);
		signal(SIGXFSZ, SIG_IGN);
	}
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	if (getpid() == 1)
		skip_kernel_words(&argc, &argv);
	const char *name = argc > 1 ? argv[1] : "";

	occupy_standard_fds();
	begin(name);
	if (!strcmp(name, "agent"))
		return agent(argc - 1, argv + 1);
	if (!strcmp(name, "box") && argc == 4)
		return box_main(argv[2], argv[3], op_registry);
	if (!strcmp(name, "hook") && argc == 3)
		return box_hook_main(argv[2]);
	if (!strcmp(name, "guest"))
		return guest_main(argc - 1, argv + 1);
	if (argc < 2)
		return usage_error(NULL, "expected a command, such as run, doctor or explain");
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = command_help.name;

	const struct command *c = command_find(commands, name);

	if (c)
		return command_main(commands, c, argc - 1, argv + 1);
	if (!strcmp(name, "--version")) {
		printf("nsconform %s\n", configured_version);
		return command_written() ? EXIT_GOOD : EXIT_BROKEN;
	}
	return command_unknown(commands, name);
}
