// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsconform matrix: the results of several runs side by side.
 */
#include <getopt.h>
#include <string.h>

#include "cmd/command.h"
#include "report/matrix.h"

int cmd_matrix(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "by", required_argument, NULL, 'b' }, { "json", no_argument, NULL, 'j' },
		{ "differences", no_argument, NULL, 'd' },
		{ "no-differences", no_argument, NULL, 'n' }, { 0 }
	};
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	enum matrix_rows rows = MATRIX_FAMILIES;
	struct matrix m;
	bool json = false, table = true, differences = true;
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == '?' ||
		    (c == 'b' && strcmp(optarg, "family") && strcmp(optarg, "scenario")))
			return command_usage("matrix");
		if (c == 'b' && !strcmp(optarg, "scenario"))
			rows = MATRIX_SCENARIOS;
		json |= c == 'j';
		table &= c != 'd';
		differences &= c != 'n';
	}
	if (optind == argc)
		return command_usage("matrix");
	matrix_load(&m, &pool, argv + optind, (size_t)(argc - optind), &problems);
	problems_print(&problems, stderr);
	if (!problems.n && json)
		matrix_print_json(&m, stdout);
	if (!problems.n && !json && table)
		matrix_print(&m, rows, stdout);
	if (!problems.n && !json && differences)
		matrix_print_differences(&m, stdout);
	matrix_free(&m);
	return problems.n ? EXIT_USAGE : EXIT_GOOD;
}
