// SPDX-License-Identifier: GPL-2.0-only
/*
 * The view of a run on a terminal.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "nsc/terminal.h"
#include "nsc/text.h"
#include "report/view.h"

/* More often than this nobody can read it; and before that nothing can be said of the rest. */
#define DRAW_EVERY_NS 100000000ll
#define RATE_AFTER_NS 2000000000ll
enum { RATE_AFTER_CELLS = 10 };

/* Whoever reads a pipe, as tee(1) does, may print what comes from it on the same terminal, at any
 * time: then a line that is drawn over would be mixed with it. */
static bool is_piped(void)
{
	struct stat out;

	return fstat(STDOUT_FILENO, &out) == 0 && (S_ISFIFO(out.st_mode) || S_ISSOCK(out.st_mode));
}

void view_open(struct view *v, struct pool *pool, enum colour_when colour, bool format)
{
	*v = (struct view){ .on = isatty(STDERR_FILENO) && !getenv("HARNESS_ACTIVE") };
	digest_begin(&v->digest, pool);
	if (!v->on)
		return;
	v->shared = terminal_is_same(STDOUT_FILENO, STDERR_FILENO);
	v->replaces = v->shared && !format;
	v->shared = is_piped() || (v->shared && format);
	v->colour = colour_wanted(stderr, colour);
	v->draws = terminal_draws(stderr) && !is_piped();
}

/* "1:05", or "1:02:00" */
static const char *time_text(struct pool *pool, int64_t ns)
{
	long long s = ns / 1000000000;

	return s < 3600 ? pool_printf(pool, "%lld:%02lld", s / 60, s % 60) :
		pool_printf(pool, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

/* How long the rest takes at the rate so far; NULL while that says nothing. */
static const char *time_left(struct pool *pool, const struct view *v)
{
	int64_t took = sys_now_ns() - v->began_ns;

	if (took < RATE_AFTER_NS || v->carried_out < RATE_AFTER_CELLS || v->todo < v->carried_out)
		return NULL;
	return time_text(pool, (int64_t)((double)took / (double)v->carried_out *
					 (double)(v->todo - v->carried_out)));
}

static const char *count_text(struct pool *pool, const struct view *v, enum verdict_kind kind,
			      const char *word)
{
	return v->verdicts[kind] ? pool_printf(pool, ", %zu %s", v->verdicts[kind], word) : "";
}

/* Of cells that are carried out several times. */
static const char *attempts_text(struct pool *pool, const struct view *v)
{
	size_t before = v->round ? (size_t)(v->round - 1) * v->todo : 0;
	size_t now = v->attempts < before ? 0 : v->attempts - before;
	const char *of = v->rounds ? pool_printf(pool, " of %d", v->rounds) : "";

	if (v->round)
		return pool_printf(pool, "round %d%s, %zu/%zu, ", v->round, of,
				   now < v->todo ? now : v->todo, v->todo);
	return v->times > 1 ? pool_printf(pool, "attempt %zu/%zu, ", v->attempts,
					  (size_t)v->times * v->todo) : "";
}

/* The longest text that fits into WIDTH columns. */
static const char *progress(struct pool *pool, const struct view *v, size_t width)
{
	const char *left = time_left(pool, v), *text;
	const char *bad = pool_printf(pool, ", %zu failed%s", v->verdicts[VERDICT_FAIL],
				      count_text(pool, v, VERDICT_BROKEN, "broken"));
	const char *good = pool_printf(pool, "%s%s", count_text(pool, v, VERDICT_KNOWN, "known"),
				       count_text(pool, v, VERDICT_SKIP, "skipped"));
	const char *rest = left ? pool_printf(pool, ", %s left", left) : "";
	const char *done = pool_printf(pool, "%s%zu/%zu", attempts_text(pool, v), v->ended,
				       v->cells);

	text = pool_printf(pool, "%s cells%s%s%s", done, bad, good, rest);
	if (strlen(text) > width)
		text = pool_printf(pool, "%s cells%s%s", done, bad, rest);
	if (strlen(text) > width)
		text = pool_printf(pool, "%s%s%s", done, bad, rest);
	return strlen(text) > width ? pool_strndup(pool, text, width) : text;
}

static void draw(struct view *v)
{
	AUTO_POOL pool = { 0 };
	/* In the last column the cursor would go on to the next line. */
	size_t width = (size_t)terminal_columns(STDERR_FILENO) - 1;

	if (!terminal_is_ours(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s\033[K", v->status ? pool_strndup(&pool, v->status, width) :
		progress(&pool, v, width));
	v->drawn = true;
	v->drawn_ns = sys_now_ns();
}

void view_hide(struct view *v)
{
	if (v->drawn)
		fputs("\r\033[K", stderr);
	v->drawn = false;
}

void view_show(struct view *v)
{
	if (v->on && v->draws && v->began_ns && !v->drawn)
		draw(v);
}

void view_status(struct view *v, const char *what)
{
	AUTO_POOL pool = { 0 };

	v->status = report_one_line(&pool, what);
	if (v->on && v->draws)
		draw(v);
	v->status = NULL;
}

void view_begin(struct view *v, size_t cells, size_t todo)
{
	v->cells = cells;
	v->todo = todo;
	v->unknown = todo == cells;
	v->began_ns = sys_now_ns();
	view_hide(v);
	view_show(v);
}

static void draw_sometimes(struct view *v)
{
	if (v->on && v->draws && v->began_ns &&
	    (!v->drawn || sys_now_ns() - v->drawn_ns >= DRAW_EVERY_NS))
		draw(v);
}

void view_attempt(struct view *v)
{
	v->attempts++;
	draw_sometimes(v);
}

void view_round(struct view *v, int round, int rounds)
{
	v->round = round;
	v->rounds = rounds;
	draw_sometimes(v);
}

void view_note(struct view *v, const char *text)
{
	AUTO_POOL pool = { 0 };

	if (!v->on)
		return;
	view_hide(v);
	fprintf(stderr, "%s%s%s\n", colour_faint(v->colour), report_one_line(&pool, text),
		colour_end(v->colour));
	view_show(v);
}

static void show_failure(struct view *v, const struct record *r)
{
	AUTO_POOL pool = { 0 };
	enum verdict_kind kind = (enum verdict_kind)r->verdict;

	view_hide(v);
	fprintf(stderr, "%s%s%s %s\n       %s\n", colour_verdict(v->colour, kind),
		digest_word(kind), colour_end(v->colour), r->cell, digest_why(&pool, r));
}

void view_cell(struct view *v, const struct record *r, bool bad)
{
	if (!v->on)
		return;
	v->ended++;
	v->carried_out += r->attempt > 0;
	v->verdicts[r->verdict]++;
	/* In a virtual machine it turns out one by one. */
	v->todo -= v->unknown && !r->attempt;
	digest_add(&v->digest, r, bad);
	/* Where TAP is on the same terminal it says more. */
	if (bad && !v->shared)
		show_failure(v, r);
	if (v->drawn && sys_now_ns() - v->drawn_ns < DRAW_EVERY_NS && v->ended < v->cells)
		return;
	if (v->draws)
		draw(v);
}

/* "3 cells: 1 passed, 2 failed in 0:05" */
static void print_totals(const struct view *v, FILE *out)
{
	static const struct {
		enum verdict_kind kind;
		const char *word;
	} words[] = {
		{ VERDICT_PASS, "passed" }, { VERDICT_FAIL, "failed" },
		{ VERDICT_BROKEN, "broken" }, { VERDICT_KNOWN, "known" },
		{ VERDICT_XPASS, "unexpectedly passed" }, { VERDICT_SKIP, "skipped" },
	};
	AUTO_POOL pool = { 0 };
	const char *between = ":";

	fprintf(out, "%zu cell%s", v->ended, text_plural(v->ended));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t n = v->verdicts[words[i].kind];
		bool shown = n || words[i].kind == VERDICT_FAIL;

		if (!shown)
			continue;
		fprintf(out, "%s %s%zu %s%s", between,
			n ? colour_verdict(v->colour, words[i].kind) : "", n, words[i].word,
			n ? colour_end(v->colour) : "");
		between = ",";
	}
	fprintf(out, " in %s\n", time_text(&pool, sys_now_ns() - v->began_ns));
}

void view_stop(struct view *v)
{
	view_hide(v);
	v->draws = false;
}

/* In one piece, as others write to the terminal, too. */
void view_end(struct view *v, const char *why, const char *dir)
{
	char *text;
	size_t len;

	view_hide(v);
	if (!v->on || !v->began_ns)
		return;
	FILE *out = open_memstream(&text, &len);

	digest_print(&v->digest, out, v->colour);
	print_totals(v, out);
	if (why)
		fprintf(out, "The run ended before its plan, of %zu cells: %s\n", v->cells, why);
	if (dir)
		fprintf(out, "Results: %s\n", dir);
	fclose(out);
	fwrite(text, 1, len, stderr);
	free(text);
}
