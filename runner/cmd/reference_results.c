// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of the results format.
 */
#include <stdio.h>

#include "cmd/reference.h"
#include "report/record.h"

static const char *type_of(const struct field *f)
{
	if (f->type == FIELD_ANY)
		return f->symbols ? "number by name" : "list of objects";
	return f->type == FIELD_STRS ? "list of strings" : field_kinds[f->type].name;
}

static void print_fields(struct pool *pool, const char *title, const struct field *fields)
{
	printf("\n## %s\n\n", title);
	for (const struct field *f = fields; f->type != FIELD_END; f++)
		page_text(2, "- `%s`: %s%s%s. %s%s%s", f->name,
			  type_of(f), f->need == REQUIRED ? ", required" : "",
			  f->varies ? ", varies" : "",
			  page_escape(pool, f->doc), f->symbols ? ": " : "",
			  f->symbols ? page_symbols(pool, f->symbols) : "");
}

void reference_results(struct pool *pool)
{
	page_begin("schema --markdown results", "Results");
	page_text(0, "What `--output DIR` leaves for programs is `nsconform-results`, version %d: a line "
		  "of JSON for each cell in `cells.jsonl`, written when the cell is over, and the run "
		  "itself in `run.json`. `nsconform schema results` prints the JSON Schema of both, which "
		  "is installed as `fixtures/results.schema.json`.", RESULTS_VERSION);
	putchar('\n');
	page_text(0, "`run.json` is there from the beginning, with the state `running`, and is replaced "
		  "as a whole at the end: a run that was killed still says `running`, and `nsconform "
		  "summary` exits with 3 over it. A second run into the same directory is "
		  "refused. Only the parts of one run (`--part`, as in `make check`) share a directory; "
		  "each has `parts/NAME.json` in place of `run.json`, and the records of its cells have "
		  "its id.");
	putchar('\n');
	page_text(0, "`run.plan`, or `parts/NAME.plan`, has the names of all cells of the plan in its "
		  "order, a line each: those that a run did not come to are there and have no record. "
		  "Its checksum is `plan_sha256`.");
	putchar('\n');
	page_text(0, "A cell of which further attempts are under way (`--retry`, `--repeat`, `--until-fail`) "
		  "has no line in `cells.jsonl` yet. What came of it so far is in `run.attempts`, or "
		  "`parts/NAME.attempts`: a record whenever an attempt gives something else than the one "
		  "before, of which the last counts. Whatever reads the results of a run that was killed "
		  "takes it; at the end of a run it goes. `rounds` of `run.json` is as of the round that "
		  "has begun.");
	putchar('\n');
	page_text(0, "A shard (`--shard`) has the names of the cells of all shards in `whole.plan`, whose "
		  "checksum is `whole_sha256`. `nsconform merge` makes the results of one run of them.");
	putchar('\n');
	page_text(0, "A baseline (`nsconform report baseline`) is one file: the record of the run, then in "
		  "each line what a cell's record has of name, verdict and reason, by name. Whatever reads "
		  "results takes it, also compressed with gzip, and `results/baseline/NAME.jsonl.gz` by its "
		  "NAME.");
	putchar('\n');
	page_text(0, "Fields that are not required are absent where there is nothing to say. Two runs of "
		  "the same thing that end alike have equal records, in any order, but for the fields "
		  "that vary (`x-varies` in the schema). Readers pass over fields that they do not "
		  "know: later releases add some without another version.");
	putchar('\n');
	page_text(0, "Beside them are `tap/` (what was printed, or would have been), `traces/` (what was "
		  "seen, for `nsconform judge`), `environment.json` (the machine) and, from virtual machines, "
		  "`consoles/`: a file for each boot, of at most 256 KiB; of a longer console its beginning "
		  "and its end.");
	print_fields(pool, "A cell: `cells.jsonl`", cell_record_fields);
	print_fields(pool, "A run: `run.json`", run_record_fields);
}
