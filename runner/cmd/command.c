// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carrying out a command, and its exit status.
 */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/shared_options.h"
#include "report/report.h"

/* Whoever read the pipe on standard output has seen enough, as head(1) has. */
static bool reader_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && out.revents & POLLERR;
}

bool command_written(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	if (!reader_gone())
		fputs("nsconform: the output could not be written completely\n", stderr);
	return false;
}

/* The profile of a command line that was understood. */
static enum exit_profile given_profile(const struct invocation *in)
{
	struct option_use use;
	const struct option_row *row;

	for (size_t i = 0; (row = option_at(in->command, i, &use)); i++)
		if (row->words == exit_profiles)
			return *(enum exit_profile *)((char *)in->options + use.at + row->at);
	return EXIT_PROFILE_DEFAULT;
}

/* What OPTION (--NAME) was last followed by; NULL where that is none of WORDS. */
static const struct symbol *typed_word(int argc, char **argv, const char *option,
				       const struct symbol *words)
{
	const struct symbol *s = NULL;
	size_t len = strlen(option);

	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		const char *rest = argv[i] + len;

		if (strncmp(argv[i], option, len) || (*rest && *rest != '='))
			continue;
		s = *rest ? symbol_find(words, rest + 1) :
		    i + 1 < argc ? symbol_find(words, argv[i + 1]) : NULL;
	}
	return s;
}

/* That of one that was not: whoever reads the status is told of it in their own way, too. */
static enum exit_profile typed_profile(int argc, char **argv)
{
	const struct symbol *profile = typed_word(argc, argv, "--exit", exit_profiles);
	const struct symbol *format = typed_word(argc, argv, "--format", printed_formats);

	return report_profile(format ? (enum report_format)format->value : REPORT_TAP,
			      profile ? (enum exit_profile)profile->value : EXIT_PROFILE_DEFAULT);
}

static int carry_out(struct invocation *in)
{
	const struct command *c = in->command;
	int result = c->run(in);
	bool plain = c->statuses != NULL;
	/* What is wrong already is not less so for output that has not arrived. */
	bool good = !plain ? result < HAPPENED_HARNESS :
		result == EXIT_GOOD || result == EXIT_FAILED || result == EXIT_UNJUDGED;

	if (good && !command_written())
		result = plain ? EXIT_BROKEN : HAPPENED_HARNESS;
	return plain ? result : exit_status(given_profile(in), result);
}

int command_main(const struct command *const *commands, const struct command *c, int argc,
		 char **argv)
{
	AUTO_POOL pool = { 0 };
	struct invocation in = { .pool = &pool, .commands = commands, .command = c,
				 .argc = argc, .argv = argv };
	int status = options_read(&in);

	if (status && !c->statuses)
		return exit_status(typed_profile(argc, argv), HAPPENED_USAGE);
	if (status)
		return status;
	if (!in.help)
		return carry_out(&in);
	help_print_command(stdout, c);
	return command_written() ? EXIT_GOOD : EXIT_BROKEN;
}
