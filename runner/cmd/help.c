// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help, from the rows of commands and of their options; and the command that prints it.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/reference.h"
#include "cmd/sheet.h"
#include "export/export.h"
#include "export/jobs.h"
#include "load/problems.h"
#include "plan/selector.h"

/* Where texts begin beside commands, options and the rest. */
enum { COMMAND_COLUMN = 15, OPTION_COLUMN = 26, COLUMN = 20 };

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
	{ "JOB_COMPLETION_INDEX", "run vm plan list coverage",
	  "which of them, from 0, where SHARD_INDEX is not set: Kubernetes' indexed jobs" },
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
	{ "TMPDIR", "vm", "where --package keeps modules, in a file without a name; /tmp without it" },
	{ 0 }
};

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
static void print_verdict_statuses(const struct sheet *s)
{
	AUTO_POOL pool = { 0 };

	/* In the order of the numbers, of which the last is that of signals. */
	for (int status = 0; status <= EXIT_SIGNAL; status++)
		for (int i = 0; i < HAPPENED_ROWS; i++) {
			const char *text = exit_rows[i].status[EXIT_PROFILE_DEFAULT] == status ?
				verdict_meaning(&pool, i) : NULL;

			if (text)
				sheet_row(s, exit_status_text(&pool, EXIT_PROFILE_DEFAULT, i),
					  text);
		}
}

/* STATUSES is NULL for those of commands that give verdicts. */
static void print_statuses(const struct sheet *s, const struct exit_meaning *statuses)
{
	sheet_section(s, "exit status");
	if (!statuses)
		print_verdict_statuses(s);
	for (const struct exit_meaning *m = statuses; m && m->status; m++)
		sheet_row(s, m->status, m->doc);
}

/* The environment variables that the command reads, or all. */
static void print_variables(const struct sheet *s, const struct command *c)
{
	sheet_section(s, "environment");
	for (const struct variable *v = variables; v->name; v++)
		if (!c || !v->commands || option_listed(v->commands, c->name))
			sheet_row(s, v->name, v->doc);
}

static void print_examples(const struct sheet *s, const struct example *examples)
{
	AUTO_POOL pool = { 0 };

	sheet_section(s, "examples");
	for (const struct example *e = examples; e->command; e++)
		sheet_example(s, pool_printf(&pool, "nsconform %s", e->command), e->doc);
}

/* What the program is for. */
static void print_program(const struct sheet *s, const struct command *const *commands)
{
	static const char usage[] = "nsconform COMMAND [OPTION...] [OPERAND...]\n"
				    "       nsconform help COMMAND, nsconform COMMAND --help\n"
				    "       nsconform --version\n";
	static const struct example examples[] = {
		{ "run", "the whole suite on this kernel" },
		{ "run uts 'mnt.prop*'", "a family, and scenarios by a glob" },
		{ "explain set-is-private", "what a scenario does, and how to do it by hand" },
		{ "doctor", "what cannot be judged here, and what to do about it" },
		{ 0 }
	};
	const struct sheet names = { s->out, s->markdown, COMMAND_COLUMN };

	if (s->markdown)
		page_begin("help --markdown", "nsconform");
	fprintf(s->out, s->markdown ? "## Usage\n\n       %s\n" : "usage: %s\n", usage);
	sheet_text(s, "Judge Linux namespaces: kernels, container runtimes, containers.");
	sheet_section(s, "commands");
	for (size_t i = 0; commands[i]; i++)
		sheet_row(&names, commands[i]->name, commands[i]->purpose);
	print_examples(s, examples);
	print_statuses(s, NULL);
	print_variables(s, NULL);
}

static const char *operand_usage(struct pool *pool, const struct command *c)
{
	const struct operands *o = &c->operands;
	const char *name = argument_kinds[o->argument].name, *text = "";
	bool required = o->min > (c->first_operand != ARGUMENT_NONE);

	if (c->first_operand)
		text = pool_printf(pool, " %s", argument_kinds[c->first_operand].name);
	for (int i = c->first_operand ? 2 : 1; i < o->min; i++)
		text = pool_printf(pool, "%s %s", text, name);
	if (o->argument)
		text = pool_printf(pool, "%s %s%s%s%s", text, required ? "" : "[", name,
				   o->max ? "" : "...", required ? "" : "]");
	return text;
}

/* With those options of which one has to be given. */
static const char *usage(struct pool *pool, const struct command *c)
{
	const char *between = " ", *text = pool_printf(pool, "nsconform %s", c->name);
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(c, i, NULL)); i++) {
		if (!option_listed(c->one_of, row->name))
			continue;
		text = pool_printf(pool, "%s%s--%s %s", text, between, row->name,
				   option_argument(pool, row));
		between = "|";
	}
	return pool_printf(pool, "%s [OPTION...]%s", text, operand_usage(pool, c));
}

static void print_option(const struct sheet *s, struct pool *pool, const struct option_row *row)
{
	const char *letter = row->letter ? pool_printf(pool, "-%c, ", row->letter) :
			     s->markdown ? "" : "    ";
	const char *argument = option_argument(pool, row);

	sheet_row(s, pool_printf(pool, "%s--%s%s%s", letter, row->name, *argument ? " " : "",
				 argument), row->help);
}

/* Each title once, with the rows of all groups that have it. */
static void print_options(const struct sheet *s, struct pool *pool, const struct command *c)
{
	const struct sheet options = { s->out, s->markdown, OPTION_COLUMN };
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
		sheet_section(s, title);
		for (size_t k = 0; (row = option_at(c, k, &use)); k++)
			if (!strcmp(use.group->title, title))
				print_option(&options, pool, row);
	}
}

static void print_selectors(const struct sheet *s, struct pool *pool)
{
	sheet_section(s, "selectors");
	for (const struct selector_kind *k = selector_kinds; k->fits; k++)
		sheet_row(s, pool_printf(pool, "%s%s", k->prefix, k->argument), k->help);
}

static bool takes_format(const struct command *c)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(c, i, NULL)); i++)
		if (row->argument == ARGUMENT_REPORT)
			return true;
	return c->first_operand == ARGUMENT_FORMAT;
}

static void print_formats(const struct sheet *s)
{
	sheet_section(s, "formats of reports");
	for (const struct export_format *f = export_formats; f->name; f++)
		sheet_row(s, f->name, f->doc);
}

static void print_engines(const struct sheet *s, struct pool *pool)
{
	sheet_section(s, "engines");
	for (const struct job_engine *e = job_engines; e->name; e++)
		sheet_row(s, e->name, e->doc);
	sheet_section(s, "placeholders of templates");
	for (const struct symbol *p = job_placeholders; p->name; p++)
		sheet_row(s, pool_printf(pool, "@%s@", p->name), p->doc);
}

static void print_operands(const struct sheet *s, const struct command *c)
{
	sheet_section(s, "operands");
	if (c->first_operand)
		sheet_row(s, argument_kinds[c->first_operand].name, c->first_help);
	sheet_row(s, argument_kinds[c->operands.argument].name, c->operands.help);
}

static void print_command(const struct sheet *s, struct pool *pool, const struct command *c)
{
	if (s->markdown)
		page_begin(pool_printf(pool, "help --markdown %s", c->name),
			   pool_printf(pool, "nsconform %s", c->name));
	fprintf(s->out, s->markdown ? "## Usage\n\n    %s\n\n" : "usage: %s\n\n", usage(pool, c));
	sheet_text(s, pool_printf(pool, "%s.", c->purpose));
	if (c->operands.argument)
		print_operands(s, c);
	if (c->operands.argument == ARGUMENT_SELECTION)
		print_selectors(s, pool);
	print_options(s, pool, c);
	if (takes_format(c))
		print_formats(s);
	if (c->first_operand == ARGUMENT_ENGINE)
		print_engines(s, pool);
	if (c->examples)
		print_examples(s, c->examples);
	print_statuses(s, c->statuses);
	print_variables(s, c);
}

void help_print_command(FILE *out, const struct command *c)
{
	const struct sheet s = { out, false, COLUMN };
	AUTO_POOL pool = { 0 };

	print_command(&s, &pool, c);
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
	return usage_error(NULL, "no command %s%s", *name ? name : "''", nearest_hint(&pool, &n));
}

struct options {
	bool markdown;
};

static int run_help(struct invocation *in)
{
	const struct command *c = in->n ? command_find(in->commands, in->operands[0]) : NULL;
	const struct options *o = in->options;
	const struct sheet s = { stdout, o->markdown, COLUMN };

	if (in->n && !c)
		return command_unknown(in->commands, in->operands[0]);
	if (c)
		print_command(&s, in->pool, c);
	else
		print_program(&s, in->commands);
	return EXIT_GOOD;
}

static const struct option_row rows[] = {
	{ .name = "markdown", OPTION_FLAG(struct options, markdown),
	  .help = "as a page of docs/commands, of which manual pages are made" },
	{ 0 }
};
static const struct option_group group = { "options", rows };
static const struct option_use uses[] = { { &group, 0 }, { 0 } };

const struct command command_help = {
	.name = "help", .purpose = "Say what the commands are, or what one of them takes",
	.operands = { ARGUMENT_COMMAND, 0, 1, "the command; all of them when none is given" },
	.options = uses, .options_size = sizeof(struct options),
	.statuses = plain_statuses, .run = run_help,
};
