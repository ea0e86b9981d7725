/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options of commands: a row each, from which the parser, help and errors come.
 *
 * Options stand before, after and between operands; `--` ends them. `--name VALUE` and
 * `--name=VALUE` are the same, as are `-l VALUE` and `-lVALUE`. Names are written in full, so that
 * no script depends on which other options there are.
 */
#ifndef NSC_OPTIONS_H
#define NSC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "nsc/field.h"
#include "nsc/pool.h"

/* What an option or a command takes, for help, errors and whatever else reads the rows. */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_NUMBER,    /* from .min to .max */
	ARGUMENT_WORD,	    /* one of .words */
	ARGUMENT_FILE,
	ARGUMENT_DIR,
	ARGUMENT_PATH,	    /* a file or a directory */
	ARGUMENT_PROGRAM,
	ARGUMENT_KERNEL,    /* an id in fixtures/kernels */
	ARGUMENT_ARCH,	    /* a row of vm/arch.c */
	ARGUMENT_PROGRAM_FILE, /* a program, alone or with the name that it takes the place of */
	ARGUMENT_RUNTIME,   /* a name in fixtures/runtimes, or a path */
	ARGUMENT_NAME,	    /* of a program in PATH, or its path */
	ARGUMENT_SELECTION, /* plan/selector.h */
	ARGUMENT_FAMILY,    /* of clauses */
	ARGUMENT_OP,
	ARGUMENT_RESULTS,   /* what --output has left */
	ARGUMENT_SCHEMA,    /* of schema_symbols */
	ARGUMENT_COMMAND,
	ARGUMENT_FAIL_ON,   /* report/fail_on.h */
	ARGUMENT_FORMAT,    /* a row of export_formats */
	ARGUMENT_REPORT,    /* such a row and a file */
	ARGUMENT_ENGINE,    /* a row of job_engines */
	ARGUMENT_TEMPLATE,  /* one of an engine, or a path */
	ARGUMENT_SETTING,   /* of a template */
	ARGUMENT_URL,
	ARGUMENT_NAMED_URL,
	ARGUMENT_RERUN,	    /* cmd/rerun.h */
	ARGUMENT_SHARD,
	ARGUMENT_SEED,	    /* plan/shuffle.h */
	ARGUMENT_RELEASE,   /* of Linux: load/release.h */
	ARGUMENT_TEXT,
	ARGUMENTS
};

struct argument_kind {
	const char *name; /* in help; NULL: the option's words */
	const char *doc;  /* after "takes", in errors */
};

extern const struct argument_kind argument_kinds[ARGUMENTS];

/* Puts VALUE into TARGET; NULL, or what is wrong with it (from POOL). */
typedef const char *option_take(struct pool *pool, void *target, const char *value);

struct option_row {
	const char *name; /* without the dashes; NULL ends the rows */
	char letter;	  /* or 0 */
	enum argument argument;
	/* The target's offset: a bool, int, enum or const char *, by the argument. */
	size_t at;
	int min, max;
	const struct symbol *words;
	option_take *take;	/* in place of all that */
	const char *variable;	/* of the environment, for where the option is not given */
	const char *not_with;	/* options that contradict it, between blanks */
	const char *needs;	/* an option without which it means nothing */
	bool repeats;		/* may be given several times */
	bool again;		/* it belongs to the command that repeats a cell */
	bool no_operands;	/* with it, the command takes none */
	const char *help;
};

/* How rows name their target: member M of struct T, whose type is checked. */
#define OPTION_AT(T, m, type) \
	(offsetof(T, m) + 0 * sizeof(char[1 - 2 * !__builtin_types_compatible_p( \
						      __typeof__(((T *)0)->m), type)]))
#define OPTION_FLAG(T, m) .at = OPTION_AT(T, m, bool)
#define OPTION_NUMBER(T, m, low, high) \
	.argument = ARGUMENT_NUMBER, .at = OPTION_AT(T, m, int), .min = (low), .max = (high)
#define OPTION_TEXT(kind, T, m) .argument = (kind), .at = OPTION_AT(T, m, const char *)
#define OPTION_WORD(T, m, table) \
	.argument = ARGUMENT_WORD, .words = (table), \
	.at = offsetof(T, m) + 0 * sizeof(char[sizeof(((T *)0)->m) == sizeof(int) ? 1 : -1])

/* Rows that commands share; their offsets are in a structure of the group's own. */
struct option_group {
	const char *title; /* in help */
	const struct option_row *rows;
};

/* A group in a command, and where in the command's options its structure is. */
struct option_use {
	const struct option_group *group; /* NULL ends them */
	size_t at;
};

struct command;

/* An option that was given, or that a variable stands for. */
struct given {
	const struct option_row *row;
	const char *value; /* or NULL */
};

/* A command line that was understood. */
struct invocation {
	struct pool *pool;
	const struct command *const *commands; /* all that there are; ends with NULL */
	const struct command *command;
	int argc;	 /* what was typed, argv[0] being the command's name */
	char **argv;
	void *options;	 /* of the command's .options_size; what is not given is zero */
	char **operands; /* ends with NULL */
	int n;
	struct given *given; /* in order */
	size_t n_given;
	bool help;	 /* -h or --help: nothing else counts */
};

/* The Ith row of all that the command takes, or NULL; *USE may be NULL. */
const struct option_row *option_at(const struct command *c, size_t i, struct option_use *use);
/* How help writes what the row takes: N, FILE, tap|ktap (from POOL), or "". */
const char *option_argument(struct pool *pool, const struct option_row *row);
/* Whether NAME is among the words of LIST, which blanks separate; LIST may be NULL. */
bool option_listed(const char *list, const char *name);

/* Whether the option was given, or a variable for it. */
bool invocation_gave(const struct invocation *in, const char *option);
/* The command that IN is, as shell words, for a cell's name to follow: without what only chooses
 * cells, or says what is done with what comes of them. */
const char *invocation_again(struct pool *pool, const struct invocation *in);

/* Fill IN, of which .pool, .command, .argc and .argv are set: 0, or EXIT_USAGE with two lines. */
int options_read(struct invocation *in);

#endif
