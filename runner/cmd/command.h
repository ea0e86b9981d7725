/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands: one row each in runner/main.c, one function each in runner/cmd/.
 */
#ifndef NSC_COMMAND_H
#define NSC_COMMAND_H

#include "report/exit_status.h"

struct command {
	const char *name;
	const char *arguments;
	const char *doc;
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

extern const struct command commands[];
const struct command *command_find(const char *name);
/* Says how the command is used on stderr; returns EXIT_USAGE. */
int command_usage(const char *name);

int cmd_run(int argc, char **argv);
int cmd_runtime(int argc, char **argv);
int cmd_vm(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_ops(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_coverage(int argc, char **argv);
int cmd_judge(int argc, char **argv);
int cmd_summary(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_kernels(int argc, char **argv);
int cmd_kconfig(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_environment(int argc, char **argv);
int cmd_agent(int argc, char **argv);
int cmd_guest(int argc, char **argv);

#endif
