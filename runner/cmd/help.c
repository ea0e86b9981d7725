// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help, from the rows of commands and of their options; and the command that prints it.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "export/export.h"
#include "load/problems.h"
#include "plan/selector.h"

/* Where texts begin beside commands, options and the rest. */
enum { WIDTH = 80, INDENT = 2, COMMAND_COLUMN = 15, OPTION_COLUMN = 26, COLUMN = 20 };

/* An environment variable that the program reads. */
struct variable {
	const char *name;     /* NULL ends them */
	const char *commands; /* between blanks; NULL: all */
	const char *doc;
};

static const struct variable variables[] = {
	{ "NSCONFORM_DATA", NULL, "where suites/ and fixtures/ are; without it, in the source tree of "
				  "the program, else where they were installed" },
	{ "NSCONFORM_OUTPUT", "run vm", "what --output is where it is not given" },
	{ "SHARD_NUMBER", "run vm plan list coverage",
	  "of how many parts one is taken, without --shard" },
	{ "SHARD_INDEX", "run vm plan list coverage", "which of them, from 1" },
	{ "NSCONFORM_QEMU", "vm", "what --qemu is where it is not given" },
	{ "KCIDB_ORIGIN", "run vm report",
	  "the CI that a kcidb report is from; nsconform without it" },
	{ "KCIDB_BUILD_ID", "run vm report",
	  "the build that the tests of a kcidb report are about; without it that describes one" },
	{ "HARNESS_ACTIVE", "run vm", "set, as prove(1) does: nothing is shown on a terminal but TAP" },
	{ "NO_COLOR", "run vm summary", "set: no colours, without --color" },
	{ "CLICOLOR_FORCE", "run vm summary", "set, not 0: colours, without --color and NO_COLOR" },
	{ "CLICOLOR", "run vm summary", "0: no colours, without these" },
	{ "TERM", "run vm summary", "dumb or not set: no colours without these, and no progress" },
	{ "PATH", "run vm plan doctor environment explain runtime",
	  "where runtimes, qemu and other programs are looked for" },
	{ "TMPDIR", "vm", "where --deb unpacks; /tmp without it" },
	{ 0 }
};

void help_wrap(FILE *out, const char *text, int at)
{
	int column = at;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > at && column + 1 + len > WIDTH) {
			fprintf(out, "\n%*s", at, "");
			column = at;
		} else if (column > at) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", len, text);
		column += len;
		text += len + (text[len] == ' ');
	}
	fputc('\n', out);
}

/* A name, and its text in a column beside it, or below it where the name is long. */
static void print_row(FILE *out, const char *name, const char *text, int column)
{
	int len = fprintf(out, "%*s%s", INDENT, "", name);

	if (len > column - INDENT)
		fprintf(out, "\n%*s", column, "");
	else
		fprintf(out, "%*s", column - len, "");
	help_wrap(out, text, column);
}

/* The rows with that status in the default profile, in one line; NULL when none is left. */
static const char *verdict_meaning(struct pool *pool, int row)
{
	const char *status = exit_status_text(pool, EXIT_PROFILE_DEFAULT, row);
	const char *text = NULL;

	for (int i = 0; i < HAPPENED_ROWS; i++) {
		if (strcmp(exit_status_text(pool, EXIT_PROFILE_DEFAULT, i), status))
			continue;
		if (i < row)
			return NULL;
		text = text ? pool_printf(pool, "%s; %s", text, exit_rows[i].doc) :
			      exit_rows[i].doc;
	}
	return text;
}

/* Of commands that give verdicts. */
static void print_verdict_statuses(FILE *out)
{
	AUTO_POOL pool = { 0 };

	/* In the order of the numbers, of which the last is that of signals. */
	for (int status = 0; status <= EXIT_SIGNAL; status++)
		for (int i = 0; i < HAPPENED_ROWS; i++) {
			const char *text = exit_rows[i].status[EXIT_PROFILE_DEFAULT] == status ?
				verdict_meaning(&pool, i) : NULL;

			if (text)
				print_row(out, exit_status_text(&pool, EXIT_PROFILE_DEFAULT, i),
					  text, COLUMN);
		}
}

/* STATUSES is NULL for those of commands that give verdicts. */
static void print_statuses(FILE *out, const struct exit_meaning *statuses)
{
	fputs("\nexit status:\n", out);
	if (!statuses)
		print_verdict_statuses(out);
	for (const struct exit_meaning *m = statuses; m && m->status; m++)
		print_row(out, m->status, m->doc, COLUMN);
}

/* The environment variables that the command reads, or all. */
static void print_variables(FILE *out, const struct command *c)
{
	fputs("\nenvironment:\n", out);
	for (const struct variable *v = variables; v->name; v++)
		if (!c || !v->commands || option_listed(v->commands, c->name))
			print_row(out, v->name, v->doc, COLUMN);
}

static void print_examples(FILE *out, const struct example *examples)
{
	fputs("\nexamples:\n", out);
	for (const struct example *e = examples; e->command; e++) {
		fprintf(out, "%*snsconform %s\n%*s", INDENT, "", e->command, 3 * INDENT, "");
		help_wrap(out, e->doc, 3 * INDENT);
	}
}

/* What the program is for. */
static void help_print(FILE *out, const struct command *const *commands)
{
	static const struct example examples[] = {
		{ "run", "the whole suite on this kernel" },
		{ "run uts 'mnt.prop*'", "a family, and scenarios by a glob" },
		{ "explain set-is-private", "what a scenario does, and how to do it by hand" },
		{ "doctor", "what cannot be judged here, and what to do about it" },
		{ 0 }
	};

	fputs("usage: nsconform COMMAND [OPTION...] [OPERAND...]\n"
	      "       nsconform help COMMAND, nsconform COMMAND --help\n"
	      "       nsconform --version\n\n"
	      "Judge Linux namespaces: kernels, container runtimes, containers.\n\ncommands:\n", out);
	for (size_t i = 0; commands[i]; i++)
		print_row(out, commands[i]->name, commands[i]->purpose, COMMAND_COLUMN);
	print_examples(out, examples);
	print_statuses(out, NULL);
	print_variables(out, NULL);
}

static void print_operand_usage(FILE *out, const struct command *c)
{
	const struct operands *o = &c->operands;
	const char *name = argument_kinds[o->argument].name;

	if (c->first_operand)
		fprintf(out, " %s", argument_kinds[c->first_operand].name);
	if (o->argument)
		fprintf(out, " %s%s%s%s", o->min ? "" : "[", name, o->max ? "" : "...",
			o->min ? "" : "]");
}

/* With those options of which one has to be given. */
static void print_usage(FILE *out, struct pool *pool, const struct command *c)
{
	const struct option_row *row;
	const char *between = " ";

	fprintf(out, "usage: nsconform %s", c->name);
	for (size_t i = 0; (row = option_at(c, i, NULL)); i++) {
		if (!option_listed(c->one_of, row->name))
			continue;
		fprintf(out, "%s--%s %s", between, row->name, option_argument(pool, row));
		between = "|";
	}
	fputs(" [OPTION...]", out);
	print_operand_usage(out, c);
	fputc('\n', out);
}

static void print_option(FILE *out, struct pool *pool, const struct option_row *row)
{
	const char *letter = row->letter ? pool_printf(pool, "-%c, ", row->letter) : "    ";
	const char *argument = option_argument(pool, row);

	print_row(out, pool_printf(pool, "%s--%s%s%s", letter, row->name, *argument ? " " : "",
				   argument), row->help, OPTION_COLUMN);
}

/* Each title once, with the rows of all groups that have it. */
static void print_options(FILE *out, struct pool *pool, const struct command *c)
{
	struct option_use use, first;

	for (size_t i = 0; option_at(c, i, &first); i++) {
		const char *title = first.group->title;
		const struct option_row *row;
		bool told = false;

		for (size_t k = 0; k < i && !told; k++) {
			option_at(c, k, &use);
			told = !strcmp(use.group->title, title);
		}
		if (told)
			continue;
		fprintf(out, "\n%s:\n", title);
		for (size_t k = 0; (row = option_at(c, k, &use)); k++)
			if (!strcmp(use.group->title, title))
				print_option(out, pool, row);
	}
}

static void print_selectors(FILE *out, struct pool *pool)
{
	fputs("\nselectors:\n", out);
	for (const struct selector_kind *k = selector_kinds; k->fits; k++)
		print_row(out, pool_printf(pool, "%s%s", k->prefix, k->argument), k->help, COLUMN);
}

static bool takes_format(const struct command *c)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(c, i, NULL)); i++)
		if (row->argument == ARGUMENT_REPORT)
			return true;
	return c->first_operand == ARGUMENT_FORMAT;
}

static void print_formats(FILE *out)
{
	fputs("\nformats of reports:\n", out);
	for (const struct export_format *f = export_formats; f->name; f++)
		print_row(out, f->name, f->doc, COLUMN);
}

void help_print_command(FILE *out, const struct command *c)
{
	AUTO_POOL pool = { 0 };

	print_usage(out, &pool, c);
	fputc('\n', out);
	help_wrap(out, pool_printf(&pool, "%s.", c->purpose), 0);
	if (c->operands.argument) {
		fputs("\noperands:\n", out);
		if (c->first_operand)
			print_row(out, argument_kinds[c->first_operand].name, c->first_help,
				  COLUMN);
		print_row(out, argument_kinds[c->operands.argument].name, c->operands.help,
			  COLUMN);
	}
	if (c->operands.argument == ARGUMENT_SELECTION)
		print_selectors(out, &pool);
	print_options(out, &pool, c);
	if (takes_format(c))
		print_formats(out);
	if (c->examples)
		print_examples(out, c->examples);
	print_statuses(out, c->statuses);
	print_variables(out, c);
}

const struct command *command_find(const struct command *const *commands, const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

int command_unknown(const struct command *const *commands, const char *name)
{
	AUTO_POOL pool = { 0 };
	struct nearest n = { .word = name };

	if (*name == '-')
		return usage_error(NULL, "expected a command before %s", name);

	for (size_t i = 0; commands[i]; i++)
		nearest_offer(&n, commands[i]->name);
	return usage_error(NULL, "no command %s%s", name, nearest_hint(&pool, &n));
}

static int run_help(struct invocation *in)
{
	const struct command *c = in->n ? command_find(in->commands, in->operands[0]) : NULL;

	if (in->n && !c)
		return command_unknown(in->commands, in->operands[0]);
	if (c)
		help_print_command(stdout, c);
	else
		help_print(stdout, in->commands);
	return EXIT_GOOD;
}

const struct command command_help = {
	.name = "help", .purpose = "Say what the commands are, or what one of them takes",
	.operands = { ARGUMENT_COMMAND, 0, 1, "the command; all of them when none is given" },
	.statuses = plain_statuses, .run = run_help,
};
