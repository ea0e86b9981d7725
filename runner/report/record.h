/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nsconform-results: what a run leaves in a directory. cells.jsonl has a line of JSON for each
 * cell, run.json is about the run; in a directory that parts of one run share (--part), each of
 * them has parts/NAME.json instead. A row here is a field there: writer, readers, JSON Schema
 * (`nsconform schema results`) and docs/results-format.md are loops over these tables.
 *
 * A field that is not required is absent where there is nothing to say. Later releases add fields
 * and keep the version; a change of meaning gets a new one.
 */
#ifndef NSC_RECORD_H
#define NSC_RECORD_H

#include "nsc/field.h"
#include "report/judge.h"

enum { RESULTS_VERSION = 1 };

/* The rows' kinds, beside those of nsc/field.h: with the shape that results have, not suites. */
#define F_SHAPED(s, m, ctype, type_, need_, shape_, doc_) \
	{ .name = #m, .doc = doc_, .type = type_, .need = need_, .offset = FIELD_AT(s, m, ctype), \
	  .shape = shape_ }
#define CTYPE_TEXT const char *
#define F_TEXT(s, m, need_, doc_) \
	F_SHAPED(s, m, CTYPE_TEXT, FIELD_STR, need_, "{\"type\": \"string\"}", doc_)
#define CTYPE_SHA256 const char *
#define F_SHA256(s, m, need_, doc_) \
	F_SHAPED(s, m, CTYPE_SHA256, FIELD_STR, need_, \
		 "{\"type\": \"string\", \"pattern\": \"^[0-9a-f]{64}$\"}", doc_)
#define CTYPE_WORD int64_t
#define F_WORD(s, m, need_, symbols_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ENUM, .need = need_, .symbols = symbols_, \
	  .offset = FIELD_AT(s, m, CTYPE_WORD), .shape = "{\"enum\": [%s]}" }
#define CTYPE_TEXTS struct strs
#define F_TEXTS(s, m, need_, doc_) \
	F_SHAPED(s, m, CTYPE_TEXTS, FIELD_STRS, need_, \
		 "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}", doc_)
#define CTYPE_VARYING_TEXTS struct strs
#define F_VARYING_TEXTS(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_STRS, .need = need_, .varies = true, \
	  .offset = FIELD_AT(s, m, CTYPE_VARYING_TEXTS), \
	  .shape = "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}" }
#define COUNT_SHAPE "{\"type\": \"integer\", \"minimum\": 0}"
/* -1 is none. */
#define CTYPE_COUNT int64_t
#define F_COUNT(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INT, .need = need_, .def = -1, \
	  .offset = FIELD_AT(s, m, CTYPE_COUNT), .shape = COUNT_SHAPE }
/* What may differ between two runs of the same thing. */
#define CTYPE_VARYING_COUNT int64_t
#define F_VARYING_COUNT(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INT, .need = need_, .def = -1, .varies = true, \
	  .offset = FIELD_AT(s, m, CTYPE_VARYING_COUNT), .shape = COUNT_SHAPE }
#define CTYPE_VARYING_TEXT const char *
#define F_VARYING_TEXT(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_STR, .need = need_, .varies = true, \
	  .offset = FIELD_AT(s, m, CTYPE_VARYING_TEXT), .shape = "{\"type\": \"string\"}" }
#define CTYPE_WHEN const char *
#define F_WHEN(s, m, need_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_STR, .need = need_, .varies = true, \
	  .offset = FIELD_AT(s, m, CTYPE_WHEN), \
	  .shape = "{\"type\": \"string\", \"format\": \"date-time\"}" }
#define CTYPE_VERSION int64_t
#define F_VERSION(s, m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_INT, .need = REQUIRED, .def = -1, \
	  .offset = FIELD_AT(s, m, CTYPE_VERSION), .shape = "{\"const\": 1}" }
/* Of values that are made of others: SHAPE says what they are. */
#define CTYPE_MADE const struct value *
#define F_MADE(s, m, need_, symbols_, shape_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ANY, .need = need_, .symbols = symbols_, \
	  .offset = FIELD_AT(s, m, CTYPE_MADE), .shape = shape_ }

/* Absent where it is not so. */
#define CTYPE_MARK bool
#define F_MARK(s, m, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_BOOL, .varies = true, \
	  .offset = FIELD_AT(s, m, CTYPE_MARK), .shape = "{\"const\": true}" }
#define CTYPE_VARYING_MADE const struct value *
#define F_VARYING_MADE(s, m, need_, shape_, doc_) \
	{ .name = #m, .doc = doc_, .type = FIELD_ANY, .need = need_, .varies = true, \
	  .offset = FIELD_AT(s, m, CTYPE_VARYING_MADE), .shape = shape_ }

#define ATTEMPTS_SHAPE \
	"{\"type\": \"array\", \"items\": {\"type\": \"object\", \"required\": [\"attempt\", \"times\", " \
	"\"verdict\"], \"properties\": {\"attempt\": {\"type\": \"integer\"}, \"times\": " \
	"{\"type\": \"integer\"}, \"verdict\": {\"type\": \"string\"}, \"message\": " \
	"{\"type\": \"string\"}, \"took_ns\": {\"type\": \"integer\"}}}}"
#define ALSO_SHAPE \
	"{\"type\": \"array\", \"items\": {\"type\": \"object\", \"required\": [\"step\", \"field\", " \
	"\"expected\", \"seen\"], \"properties\": {\"step\": {\"type\": \"integer\"}, \"field\": " \
	"{\"type\": \"string\"}, \"expected\": {\"type\": \"string\"}, \"seen\": {\"type\": \"string\"}}}}"
#define KNOWN_SHAPE \
	"{\"type\": \"array\", \"items\": {\"type\": \"object\", \"required\": [\"id\"], " \
	"\"properties\": {\"id\": {\"type\": \"string\"}}}}"
#define TOTALS_SHAPE \
	"{\"type\": \"object\", \"propertyNames\": {\"enum\": [%s]}, \"additionalProperties\": " \
	COUNT_SHAPE "}"

#define CELL_RECORD(F, S) \
	F(S, TEXT, cell, REQUIRED, "its name, which no other cell has") \
	F(S, VARYING_TEXT, run, REQUIRED, "id of the run, which its run.json has, too") \
	F(S, TEXT, scenario, REQUIRED, "id of its scenario") \
	F(S, TEXT, variant, OPTIONAL, \
	  "what the name has after the scenario: row of the matrix, way into the namespace, user, " \
	  "control or twin") \
	F(S, WORD, kind, REQUIRED, record_kinds, "what it is to its scenario") \
	F(S, WORD, verdict, REQUIRED, verdict_symbols, "what came of it") \
	F(S, TEXT, reason, OPTIONAL, "why it was skipped, in the words of the result line") \
	F(S, TEXT, issue, OPTIONAL, "id of the known issue that it failed by, or did not") \
	F(S, TEXT, fail_on, OPTIONAL, \
	  "which --fail-on of the run makes a failure of it, as its verdict is none") \
	F(S, WHEN, started, OPTIONAL, \
	  "when the attempt that counts began, by the clock of the machine that it ran on; absent " \
	  "where nothing was carried out") \
	F(S, VARYING_COUNT, took_ns, OPTIONAL, "how long that attempt took, in nanoseconds") \
	F(S, VARYING_COUNT, attempt, REQUIRED, \
	  "which attempt counts: 0 for a skip, 2 where the first may only have been late, else the " \
	  "number that it had among those of --retry or --repeat") \
	F(S, MARK, flaky, "attempts of --retry or --repeat ended otherwise than the one that counts") \
	F(S, VARYING_MADE, attempts, OPTIONAL, ATTEMPTS_SHAPE, \
	  "what the other attempts gave, in order: number of the first of `times` in a row that gave " \
	  "the same, verdict, what happened, and how long it took") \
	F(S, VARYING_TEXT, tried_again, OPTIONAL, "what had happened in the first attempt of two") \
	F(S, TEXTS, clauses, REQUIRED, "ids of the rules that its scenario is about") \
	F(S, TEXT, at, REQUIRED, \
	  "FILE:LINE of the step that decided, else of the scenario; the file by the name of its " \
	  "suite, as suites/uts/hostname.yaml, however it was named") \
	F(S, TEXT, message, OPTIONAL, "what happened, or what a skip has found missing") \
	F(S, TEXT, remedy, OPTIONAL, "what would make a skipped cell run") \
	F(S, TEXT, reference, OPTIONAL, "where the known issue is described") \
	F(S, TEXT, link, OPTIONAL, "address of that") \
	F(S, TEXT, actor, OPTIONAL, "who carried out the step that decided") \
	F(S, TEXT, op, OPTIONAL, "what that step did") \
	F(S, TEXT, call, OPTIONAL, "the system call or file behind it") \
	F(S, TEXT, field, OPTIONAL, "which of its results decided") \
	F(S, TEXT, expected, OPTIONAL, "what that had to be") \
	F(S, TEXT, seen, OPTIONAL, "what it was") \
	F(S, MADE, also, OPTIONAL, NULL, ALSO_SHAPE, \
	  "further results that are not as expected, perhaps for the same reason") \
	F(S, TEXTS, own_log, OPTIONAL, "what the kernel logged over this cell") \
	F(S, TEXTS, log, OPTIONAL, "what it logged meanwhile, over this cell or something else") \
	F(S, VARYING_TEXT, console, OPTIONAL, \
	  "file beside this one with the console of the virtual machine that died with it") \
	F(S, VARYING_TEXT, again, REQUIRED, "the command that runs the cell again")

#define RUN_RECORD(F, S) \
	F(S, VERSION, nsconform_results, "version of this format") \
	F(S, VARYING_TEXT, run, REQUIRED, "id of the run") \
	F(S, WORD, state, REQUIRED, run_states, "how far it is") \
	F(S, TEXT, version, REQUIRED, "of nsconform") \
	F(S, VARYING_TEXTS, command, REQUIRED, "what was typed after `nsconform`; of shards that were put together, for the first of them") \
	F(S, TEXTS, selection, REQUIRED, \
	  "names, globs and tags that cells were chosen by; none: all, or what the options of `command` " \
	  "leave of all") \
	F(S, COUNT, plan_cells, REQUIRED, "number of cells of the plan") \
	F(S, SHA256, plan_sha256, REQUIRED, \
	  "SHA-256 of their names in order, each with a newline: the same thing was run where it is " \
	  "the same") \
	F(S, COUNT, shard_index, OPTIONAL, "which part of a plan it is (--shard), from 1") \
	F(S, COUNT, shard_number, OPTIONAL, "of how many") \
	F(S, COUNT, whole_cells, OPTIONAL, "number of cells of all parts") \
	F(S, SHA256, whole_sha256, OPTIONAL, \
	  "of the whole plan what plan_sha256 is of the part: parts of the same plan agree in it") \
	F(S, TEXT, kernel, OPTIONAL, "release of the kernel, as uname -r has it") \
	F(S, TEXT, kernel_version, OPTIONAL, "its build, as uname -v has it") \
	F(S, TEXT, config_source, OPTIONAL, "where its config was found") \
	F(S, TEXT, image, OPTIONAL, "in a virtual machine: the file that its kernel came from") \
	F(S, SHA256, image_sha256, OPTIONAL, "SHA-256 of that file") \
	F(S, TEXT, machine, OPTIONAL, "its architecture, as uname -m has it") \
	F(S, COUNT, word_bits, OPTIONAL, "32 where nsconform is a 32-bit program, whatever the kernel is") \
	F(S, TEXT, distribution, OPTIONAL, "what /etc/os-release says") \
	F(S, COUNT, cpus, OPTIONAL, "processors that could be used") \
	F(S, VARYING_COUNT, pinned, OPTIONAL, \
	  "on how many of them cells have stayed, each on its own; 0: the kernel has moved them") \
	F(S, COUNT, uid, OPTIONAL, "user ID of the run") \
	F(S, BOOL, privileged, "whether it was root of the machine") \
	F(S, TEXT, runtime, OPTIONAL, "the container runtime that built the boxes") \
	F(S, TEXT, runtime_version, OPTIONAL, "its version, in its own words") \
	F(S, TEXTS, fail_on, OPTIONAL, "what failed the run beside failures: --fail-on, --strict") \
	F(S, COUNT, seed, OPTIONAL, "by which --shuffle has ordered the cells") \
	F(S, VARYING_COUNT, time_factor, OPTIONAL, "how many times as long as usual was waited") \
	F(S, WHEN, started, REQUIRED, "when the first cell could begin") \
	F(S, WHEN, ended, OPTIONAL, "when it was over") \
	F(S, VARYING_COUNT, rounds, OPTIONAL, \
	  "rounds that were begun of --until-fail, and in virtual machines of --repeat") \
	F(S, COUNT, exit_status, OPTIONAL, "of the command") \
	F(S, TEXTS, known_unseen, OPTIONAL, \
	  "ids of known issues that should have been seen, as cells of theirs were carried out where " \
	  "they are said to be, and were not") \
	F(S, MADE, known_issues, OPTIONAL, NULL, KNOWN_SHAPE, \
	  "known issues that were seen or should have been, and all of --known, as their files have " \
	  "them") \
	F(S, VARYING_COUNT, flaky, OPTIONAL, "number of cells whose attempts differ, if any") \
	F(S, MADE, totals, OPTIONAL, verdict_symbols, TOTALS_SHAPE, "number of cells by verdict")

/* A run that was killed stays at RUN_RUNNING. Results of before there was run.json say nothing. */
enum run_state { RUN_UNKNOWN, RUN_RUNNING, RUN_COMPLETE, RUN_INTERRUPTED };

struct record {
	CELL_RECORD(FIELD_MEMBER, struct record)
};
struct run_record {
	RUN_RECORD(FIELD_MEMBER, struct run_record)
};

extern const struct field cell_record_fields[], run_record_fields[];

/* RECORD, described by FIELDS, without what it has nothing to say about. */
struct value *record_value(struct pool *pool, const struct field *fields, const void *record);
/* NS since 1970 as `2026-01-31T12:00:00.123456Z` (from POOL). */
const char *record_when(struct pool *pool, int64_t ns);
/* The reason of a skip or the id of a known issue, or NULL. */
const char *record_why(const struct record *record);

#endif
