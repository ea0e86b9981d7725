/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands: each is a row in its own file in runner/cmd/, with its options, operands and all
 * that help says; runner/main.c lists them.
 */
#ifndef NSC_COMMAND_H
#define NSC_COMMAND_H

#include <stdio.h>

#include "cmd/options.h"
#include "report/exit_status.h"

/* Operands are all of one kind, but for a .first_operand of the command. */
struct operands {
	enum argument argument; /* ARGUMENT_NONE: there are none */
	int min, max;		/* max 0: any number */
	const char *help;
};

struct example {
	const char *command; /* without "nsconform"; NULL ends them */
	const char *doc;
};

/* What a command's exit status says; .status is NULL at the end. */
struct exit_meaning {
	const char *status;
	const char *doc;
};

struct command {
	const char *name;
	const char *purpose; /* one sentence */
	struct operands operands;
	/* Before those, required and counted in their .min; ARGUMENT_NONE: there is none. */
	enum argument first_operand;
	const char *first_help;
	const struct option_use *options; /* or NULL */
	size_t options_size;
	const char *one_of; /* options of which one has to be given, between blanks; or NULL */
	const struct example *examples; /* or NULL */
	const struct exit_meaning *statuses; /* NULL: those of verdicts, by exit_rows */
	/* An exit status; with .statuses NULL what has happened (report/exit_status.h). */
	int (*run)(struct invocation *in);
};

extern const struct exit_meaning plain_statuses[];
/* Of compare, and of matrix by all its columns: report/exit_status.h has the numbers. */
extern const struct exit_meaning comparison_statuses[];
/* Rows of statuses that several tables have. */
#define STATUS_USAGE { "2", "usage, bad input or empty selection" }
#define STATUS_BROKEN { "3", "the harness broke" }

/* COMMANDS is the table of all, which ends with NULL. */
const struct command *command_find(const struct command *const *commands, const char *name);
/* Read the command line and carry it out; argv[0] is the command's name. The exit status. */
int command_main(const struct command *const *commands, const struct command *c, int argc,
		 char **argv);
/* Print help on the command of the table. */
void help_print_command(FILE *out, const struct command *c);
/* Whether all that was printed has arrived, as half of an answer is none; else said on stderr. */
bool command_written(void);
/* Say what is wrong with the command line, and how to get help; EXIT_USAGE. C may be NULL. */
int usage_error(const struct command *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* There is no such command. */
int command_unknown(const struct command *const *commands, const char *name);

extern const struct command command_run, command_vm, command_runtime, command_list, command_plan,
	command_explain, command_validate, command_ops, command_schema, command_coverage,
	command_judge, command_summary, command_matrix, command_compare, command_merge,
	command_report, command_export, command_kernels, command_kconfig, command_doctor,
	command_environment, command_known, command_complete, command_help;

/* What `nsconform schema` can print. */
extern const struct symbol schema_symbols[];

#endif
