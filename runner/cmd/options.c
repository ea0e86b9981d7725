// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of command lines.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "load/paths.h"
#include "load/problems.h"
#include "nsc/text.h"

const struct argument_kind argument_kinds[ARGUMENTS] = {
	[ARGUMENT_NONE] = { "", "nothing" },
	[ARGUMENT_NUMBER] = { "N", "a whole number" },
	[ARGUMENT_WORD] = { NULL, "a word" },
	[ARGUMENT_FILE] = { "FILE", "a file" },
	[ARGUMENT_DIR] = { "DIR", "a directory" },
	[ARGUMENT_PATH] = { "PATH", "a file or a directory" },
	[ARGUMENT_PROGRAM] = { "PROGRAM", "a program's file" },
	[ARGUMENT_KERNEL] = { "ID", "the id of a kernel that `nsconform kernels` shows" },
	[ARGUMENT_ARCH] = { "ARCH", "an architecture" },
	[ARGUMENT_RUNTIME] = { "RUNTIME", "a runtime's name or the path of its file" },
	[ARGUMENT_PROGRAM_FILE] = { "[PROGRAM=]FILE", "a program, alone or after the name of "
						      "another one and =" },
	[ARGUMENT_NAME] = { "NAME", "the name of a program in PATH, or its path" },
	[ARGUMENT_SELECTION] = { "SELECTION", "a selector" },
	[ARGUMENT_FAMILY] = { "FAMILY", "a family of clauses" },
	[ARGUMENT_OP] = { "OP", "the name of an op or of a family of ops" },
	[ARGUMENT_SCHEMA] = { "SCHEMA", "suites, results, runtimes, kernels or known" },
	[ARGUMENT_RESULTS] = { "RESULTS", "a directory that --output has left, or a baseline" },
	[ARGUMENT_COMMAND] = { "COMMAND", "the name of a command" },
	[ARGUMENT_FAIL_ON] = { "WHAT", "skip, known or xpass, each alone or with :GLOB of its reason" },
	[ARGUMENT_FORMAT] = { "FORMAT", "a format of reports" },
	[ARGUMENT_REPORT] = { "FORMAT:FILE", "a format of reports and a file, such as "
					     "junit:junit.xml" },
	[ARGUMENT_ENGINE] = { "ENGINE", "an engine that runs tests" },
	[ARGUMENT_TEMPLATE] = { "TEMPLATE", "the name of a template of jobs, or its file" },
	[ARGUMENT_SETTING] = { "NAME=VALUE", "a setting and what it is" },
	[ARGUMENT_URL] = { "URL", "a URL" },
	[ARGUMENT_NAMED_URL] = { "NAME=URL", "a name and a URL" },
	[ARGUMENT_RERUN] = { "DIR[:VERDICT]", "a directory that --output has left, alone or with "
					      ":VERDICT" },
	[ARGUMENT_SHARD] = { "I/N", "the number of a part and of all parts, such as 2/4" },
	[ARGUMENT_SEED] = { "SEED", "a whole number from 1 to 2147483647, or random" },
	[ARGUMENT_RELEASE] = { "RELEASE", "a release of Linux, such as 6.12 or 6.12.117" },
	[ARGUMENT_TEXT] = { "TEXT", "a text" },
};

static const struct option_row help_rows[] = {
	{ .name = "help", .letter = 'h', .help = "print this help" },
	{ 0 }
};
static const struct option_group help_group = { "options", help_rows };

const struct option_row *option_at(const struct command *c, size_t i, struct option_use *use)
{
	static const struct option_use help_use = { &help_group, 0 }, none = { NULL, 0 };

	for (const struct option_use *u = c->options ? c->options : &none; u->group; u++)
		for (const struct option_row *row = u->group->rows; row->name; row++)
			if (!i--) {
				if (use)
					*use = *u;
				return row;
			}
	if (use)
		*use = help_use;
	return i ? NULL : help_rows;
}

static size_t option_count(const struct command *c)
{
	size_t n = 0;

	while (option_at(c, n, NULL))
		n++;
	return n;
}

const char *option_argument(struct pool *pool, const struct option_row *row)
{
	const char *text = "";

	if (row->argument != ARGUMENT_WORD)
		return argument_kinds[row->argument].name;
	for (const struct symbol *w = row->words; w->name; w++)
		text = pool_printf(pool, "%s%s%s", text, *text ? "|" : "", w->name);
	return text;
}

bool option_listed(const char *list, const char *name)
{
	size_t len = strlen(name);

	while (list && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && !strncmp(list, name, len))
			return true;
		list += n + strspn(list + n, " ");
	}
	return false;
}

/* One command line on its way. */
struct reader {
	struct invocation *in;
	const struct command *command;
	bool *given; /* by each row */
	int next;    /* of argv */
};

static int take_number(const struct option_row *row, const char *value, int *target)
{
	char *end;

	errno = 0;
	long n = strtol(value, &end, 10);

	if (errno || end == value || *end || n < row->min || n > row->max)
		return -1;
	*target = (int)n;
	return 0;
}

static const char *word_list(struct pool *pool, const struct symbol *words)
{
	const char *text = words->name;

	for (const struct symbol *w = words + 1; w->name; w++)
		text = pool_printf(pool, "%s%s%s", text, w[1].name ? ", " : " or ", w->name);
	return text;
}

/* The argument that an option takes, as errors name it. */
static const char *argument_doc(struct pool *pool, const struct option_row *row)
{
	if (row->argument == ARGUMENT_NUMBER)
		return pool_printf(pool, "a whole number from %d to %d", row->min, row->max);
	return row->words ? word_list(pool, row->words) : argument_kinds[row->argument].doc;
}

static int take_word(struct reader *r, const struct option_row *row, const char *value, int *target)
{
	const struct symbol *word = symbol_find(row->words, value);
	struct nearest n = { .word = value };

	if (word) {
		*target = (int)word->value;
		return 0;
	}
	for (const struct symbol *w = row->words; w->name; w++)
		nearest_offer(&n, w->name);
	return usage_error(r->command, "--%s takes %s, not %s%s", row->name,
			   argument_doc(r->in->pool, row), value, nearest_hint(r->in->pool, &n));
}

/* VALUE is NULL where the row takes none. */
static int take(struct reader *r, size_t i, const char *value)
{
	struct option_use use;
	const struct option_row *row = option_at(r->command, i, &use);
	void *target = (char *)r->in->options + use.at + row->at;

	if (r->given[i] && !row->repeats)
		return usage_error(r->command, "--%s is given twice", row->name);
	r->given[i] = true;
	r->in->given[r->in->n_given++] = (struct given){ row, value };
	if (row == help_rows) {
		r->in->help = true;
	} else if (row->take) {
		const char *wrong = row->take(r->in->pool, target, value);

		if (wrong)
			return usage_error(r->command, "%s", wrong);
	} else if (row->argument == ARGUMENT_NONE) {
		*(bool *)target = true;
	} else if (row->argument == ARGUMENT_WORD) {
		return take_word(r, row, value, target);
	} else if (row->argument != ARGUMENT_NUMBER) {
		*(const char **)target = value;
	} else if (take_number(row, value, target) < 0) {
		return usage_error(r->command, "--%s takes %s, not %s", row->name,
				   argument_doc(r->in->pool, row), value);
	}
	return 0;
}

/* Whoever has the beginning of one name alone means that; else it may be a slip. */
static int unknown_option(struct reader *r, const char *name)
{
	struct nearest n = { .word = name };
	const struct option_row *row;
	const char *begun = NULL;
	size_t matches = 0;

	for (size_t i = 0; (row = option_at(r->command, i, NULL)); i++) {
		nearest_offer(&n, row->name);
		if (strncmp(row->name, name, strlen(name)))
			continue;
		begun = row->name;
		matches++;
	}
	if (matches == 1)
		n.best = begun;
	return usage_error(r->command, "%s has no option --%s%s%s%s", r->command->name, name,
			   n.best ? ", did you mean --" : "", n.best ? n.best : "",
			   n.best ? "?" : "");
}

/* VALUE is what stands in the same word, or NULL. */
static int read_option(struct reader *r, size_t i, const char *value)
{
	const struct option_row *row = option_at(r->command, i, NULL);

	if (row->argument != ARGUMENT_NONE && !value && !(value = r->in->argv[r->next]))
		return usage_error(r->command, "--%s takes %s, and none is given", row->name,
				   argument_doc(r->in->pool, row));
	if (row->argument != ARGUMENT_NONE && value == r->in->argv[r->next])
		r->next++;
	return take(r, i, value);
}

static int read_long(struct reader *r, const char *word)
{
	const char *equals = strchr(word, '=');
	const char *name = pool_strndup(r->in->pool, word, strcspn(word, "="));
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(r->command, i, NULL)); i++) {
		if (strcmp(row->name, name))
			continue;
		if (equals && row->argument == ARGUMENT_NONE)
			return usage_error(r->command, "--%s takes no argument: --%s has one", name,
					   word);
		return read_option(r, i, equals ? equals + 1 : NULL);
	}
	return unknown_option(r, name);
}

/* Letters of options, up to one that takes an argument. */
static int read_short(struct reader *r, const char *letters)
{
	int status = 0;

	for (; *letters && !status && !r->in->help; letters++) {
		const struct option_row *row;
		size_t i = 0;

		while ((row = option_at(r->command, i, NULL)) && row->letter != *letters)
			i++;
		/* Not half of a character. */
		if (!row)
			return usage_error(r->command, "%s has no option -%.*s", r->command->name,
					   *letters > 0 ? 1 : (int)strlen(letters), letters);
		if (row->argument != ARGUMENT_NONE)
			return read_option(r, i, letters[1] ? letters + 1 : NULL);
		status = read_option(r, i, NULL);
	}
	return status;
}

/* The first of the options in LIST that is given, or NULL. */
static const char *given_of(const struct reader *r, const char *list)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(r->command, i, NULL)); i++)
		if (r->given[i] && option_listed(list, row->name))
			return row->name;
	return NULL;
}

/* Check the options that a row requires or excludes. */
static int check_together(struct reader *r)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(r->command, i, NULL)); i++) {
		const char *other = given_of(r, row->not_with);

		if (!r->given[i])
			continue;
		if (other)
			return usage_error(r->command, "--%s does not go with --%s", row->name,
					   other);
		if (row->needs && !given_of(r, row->needs))
			return usage_error(r->command, "--%s is about --%s, which is not given",
					   row->name, row->needs);
		if (row->no_operands && r->in->n)
			return usage_error(r->command, "--%s does not go with operands, as %s is",
					   row->name, r->in->operands[0]);
	}
	return 0;
}

static int check_one_of(struct reader *r)
{
	const char *list = r->command->one_of, *names = "";
	struct pool *pool = r->in->pool;
	const struct option_row *row;

	if (!list || given_of(r, list))
		return 0;
	for (size_t i = 0; (row = option_at(r->command, i, NULL)); i++)
		if (option_listed(list, row->name))
			names = pool_printf(pool, "%s%s--%s %s", names, *names ? " or " : "",
					    row->name, option_argument(pool, row));
	return usage_error(r->command, "%s needs %s", r->command->name, names);
}

static int too_few(struct reader *r, const struct argument_kind *kind)
{
	int min = r->command->operands.min, n = r->in->n;
	const char *given = n ? pool_printf(r->in->pool, "only %d is", n) : "none is";

	if (min == 1 || r->command->first_operand)
		return usage_error(r->command, "%s takes %s, and none is given", r->command->name,
				   kind->doc);
	return usage_error(r->command, "%s takes %d %s, each %s, and %s given", r->command->name,
			   min, kind->name, kind->doc, given);
}

static int too_many(struct reader *r, const struct argument_kind *kind)
{
	int max = r->command->operands.max;
	const char *number = max == 1 ? "one" : pool_printf(r->in->pool, "%d", max);

	return usage_error(r->command, "%s takes %s %s only, and %s is one more", r->command->name,
			   number, kind->name, r->in->operands[max]);
}

static int check_operands(struct reader *r)
{
	const struct operands *o = &r->command->operands;
	enum argument first = r->command->first_operand;
	bool no_first = first && !r->in->n;
	const struct argument_kind *kind = &argument_kinds[no_first ? first : o->argument];
	const char *name = r->command->name;

	if (r->in->n < o->min)
		return too_few(r, kind);
	if (o->argument == ARGUMENT_NONE && r->in->n)
		return usage_error(r->command, "%s takes no operands, not %s", name,
				   r->in->operands[0]);
	if (o->max && r->in->n > o->max)
		return too_many(r, kind);
	return 0;
}

/* An empty variable is none. */
static void read_variables(struct reader *r)
{
	struct option_use use;
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(r->command, i, &use)); i++) {
		const char *value = row->variable && !r->given[i] ? getenv(row->variable) : NULL;

		if (!value || !*value)
			continue;
		*(const char **)((char *)r->in->options + use.at + row->at) = value;
		r->in->given[r->in->n_given++] = (struct given){ row, value };
	}
}

bool invocation_gave(const struct invocation *in, const char *option)
{
	for (size_t i = 0; i < in->n_given; i++)
		if (!strcmp(in->given[i].row->name, option))
			return true;
	return false;
}

const char *invocation_again(struct pool *pool, const struct invocation *in)
{
	const char *text = pool_printf(pool, "%s %s", paths_program(pool), in->command->name);

	for (size_t i = 0; i < in->n_given; i++) {
		const struct given *g = &in->given[i];

		if (!g->row->again)
			continue;
		text = pool_printf(pool, "%s --%s", text, g->row->name);
		if (g->row->argument != ARGUMENT_NONE)
			text = pool_printf(pool, "%s %s", text, text_shell_word(pool, g->value));
	}
	return text;
}

int options_read(struct invocation *in)
{
	static int (*const checks[])(struct reader *) = {
		check_together, check_one_of, check_operands,
	};
	struct reader r = { .in = in, .command = in->command, .next = 1 };
	size_t room = option_count(in->command);
	bool options = true;
	int status = 0;

	in->options = pool_alloc(in->pool, in->command->options_size + 1);
	in->operands = pool_array(in->pool, char *, (size_t)in->argc + 1);
	r.given = pool_array(in->pool, bool, option_count(in->command));
	/* Each word may have several letters; and each option may have a variable. */
	for (int i = 0; i < in->argc; i++)
		room += strlen(in->argv[i]);
	in->given = pool_array(in->pool, struct given, room);
	while (!status && !in->help && r.next < in->argc) {
		char *word = in->argv[r.next++];

		if (!options || word[0] != '-' || !word[1])
			in->operands[in->n++] = word;
		else if (!strcmp(word, "--"))
			options = false;
		else if (word[1] == '-')
			status = read_long(&r, word + 2);
		else
			status = read_short(&r, word + 1);
	}
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks) && !status && !in->help; i++)
		status = checks[i](&r);
	read_variables(&r);
	return status;
}
