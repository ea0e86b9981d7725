// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform complete: what a word of a command line can become, for the shells' completion.
 */
#include <string.h>

#include "cmd/candidates.h"

/* A command line that is being typed: the last word is unfinished. */
struct line {
	char **words;
	int n; /* without the last */
	const struct command *command;
	bool ended;   /* by a word -- */
	int operands; /* whole ones */
};

static const struct option_row *lettered(const struct line *l, char letter)
{
	const struct option_row *row;
	size_t i = 0;

	while ((row = option_at(l->command, i, NULL)) && row->letter != letter)
		i++;
	return row;
}

/* LEN characters of NAME are the option's. */
static const struct option_row *named(const struct line *l, const char *name, size_t len)
{
	const struct option_row *row;
	size_t i = 0;

	while ((row = option_at(l->command, i, NULL)) &&
	       (strlen(row->name) != len || strncmp(row->name, name, len)))
		i++;
	return row;
}

/* The option whose argument stands in the next word, or NULL. */
static const struct option_row *asks(const struct line *l, const char *word)
{
	const struct option_row *row;

	if (l->ended || word[0] != '-' || !word[1] || strchr(word, '='))
		return NULL;
	row = word[1] == '-' ? named(l, word + 2, strlen(word + 2)) :
			       lettered(l, word[strlen(word) - 1]);
	return row && row->argument != ARGUMENT_NONE ? row : NULL;
}

static void offer_options(struct unfinished *u, const struct line *l)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(l->command, i, NULL)); i++)
		candidate_offer(u, pool_printf(u->pool, "--%s", row->name), row->help);
}

/* The argument that an option of the same word is given: --NAME=ARGUMENT. */
static bool offer_joined(struct unfinished *u, const struct line *l)
{
	const char *equals = strchr(u->argument, '=');

	if (strncmp(u->argument, "--", 2) || !equals)
		return false;
	u->row = named(l, u->argument + 2, (size_t)(equals - u->argument) - 2);
	u->before = pool_strndup(u->pool, u->argument, (size_t)(equals + 1 - u->argument));
	u->argument = equals + 1;
	if (u->row)
		candidates_add(u, u->row->argument);
	return true;
}

static void offer_operands(struct unfinished *u, const struct line *l)
{
	const struct operands *o = &l->command->operands;

	if (l->command->first_operand && !l->operands)
		candidates_add(u, l->command->first_operand);
	else if (!o->max || l->operands < o->max)
		candidates_add(u, o->argument);
}

static void offer_words(struct unfinished *u, struct line *l)
{
	for (int i = 1; i < l->n; i++) {
		if ((u->row = asks(l, l->words[i])) && ++i >= l->n) {
			candidates_add(u, u->row->argument);
			return;
		}
		if (u->row)
			continue;
		if (!l->ended && !strcmp(l->words[i], "--"))
			l->ended = true;
		else if (l->ended || l->words[i][0] != '-')
			l->operands++;
	}
	if (!l->ended && offer_joined(u, l))
		return;
	if (!l->ended && u->argument[0] == '-')
		offer_options(u, l);
	else
		offer_operands(u, l);
}

static int run(struct invocation *in)
{
	struct line l = { .words = in->operands, .n = in->n - 1 };
	struct unfinished u = {
		.pool = in->pool, .commands = in->commands, .before = "",
		.argument = in->operands[in->n - 1],
	};

	if (!l.n) {
		candidates_add(&u, ARGUMENT_COMMAND);
		candidate_offer(&u, "--help", "print help");
		candidate_offer(&u, "--version", "print the version");
	} else {
		l.command = command_find(in->commands, l.words[0]);
	}
	if (l.command)
		offer_words(&u, &l);
	candidates_print(&u);
	return EXIT_GOOD;
}

const struct command command_complete = {
	.name = "complete",
	.purpose = "Print what the last word of a command line can become",
	.operands = { ARGUMENT_TEXT, 1, 0, "for the completion of shells: the words behind "
		"nsconform, of which the last is unfinished and may be empty" },
	.statuses = plain_statuses, .run = run,
};
