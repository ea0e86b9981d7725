// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a cell as they went, from its trace.
 */
#define _GNU_SOURCE
#include <string.h>

#include "export/html_page.h"
#include "load/yaml.h"
#include "nsc/sys.h"
#include "report/cell_text.h"

enum { TRACE_BYTES_MAX = 256 * 1024 * 1024, SHOWN_BYTES_MAX = 600 };

/* The trace of a suite: one at a time, as cells come in the order of their suites. */
struct traced_file {
	struct pool pool;
	const char *path;
	char *text; /* NULL: there is none that can be read */
	struct traced traced;
	struct problems problems; /* of another nsconform's suite: then there are no steps */
};

static void open_file(struct html_page *p, struct traced_file *f, const char *path)
{
	size_t len;

	pool_free(&f->pool);
	*f = (struct traced_file){ .problems = { .pool = &f->pool } };
	f->path = pool_strdup(&f->pool, path);
	if (sys_read_file(&f->pool, path, TRACE_BYTES_MAX, &f->text, &len) < 0) {
		f->text = NULL;
		return;
	}
	f->traced = (struct traced){
		.pool = &f->pool, .catalogue = &p->catalogue, .problems = &f->problems,
	};
	const struct value *header = yaml_parse(&f->pool, path, f->text, strcspn(f->text, "\n"),
						&f->problems);

	if (!header || !traced_begin(&f->traced, header, path))
		f->text = NULL;
}

static struct traced_file *file_of(struct html_page *p, struct html_column *c,
				   const char *scenario)
{
	const char *dot = strrchr(scenario, '.');
	const char *path = pool_printf(&p->scratch, "%s/traces/%.*s.jsonl", c->ran->dir,
				       dot ? (int)(dot - scenario) : 0, scenario);

	if (!c->traced)
		c->traced = pool_new(p->pool, struct traced_file);
	if (!c->traced->path || strcmp(c->traced->path, path))
		open_file(p, c->traced, path);
	return c->traced;
}

/* What was seen of the cell NAME. */
static bool read_cell(struct html_page *p, struct traced_file *f, const char *name,
		      struct traced_cell *cell)
{
	struct problems own = { .pool = &p->scratch };
	const char *start = pool_printf(&p->scratch, "\n{\"cell\": \"%s\"", name);
	const char *line = f->text ? strstr(f->text, start) : NULL;
	const struct value *v = line ? yaml_parse(&p->scratch, f->path, line + 1,
						  strcspn(line + 1, "\n"), &own) : NULL;

	return v && traced_read(&f->traced, &p->scratch, v, cell);
}

static const char *shown(struct html_page *p, const struct value *v)
{
	const char *text = value_show(&p->scratch, v);

	return strlen(text) <= SHOWN_BYTES_MAX ? text :
		pool_printf(&p->scratch, "%.*s ...", SHOWN_BYTES_MAX, text);
}

static const char *saw(struct html_page *p, const struct outcome *o)
{
	switch (o->status) {
	case OUTCOME_NONE:
		return "not reached";
	case OUTCOME_DONE:
		return o->error ? errno_name(&p->scratch, o->error) :
		       o->out && o->out->list.n ? shown(p, o->out) : "ok";
	case OUTCOME_LIED:
		return shown(p, o->lie);
	case OUTCOME_BROKEN:
	case OUTCOME_LOST:
		break;
	}
	return o->why ? o->why : "could not be tried";
}

static enum step_mark mark(const struct script_step *s, const struct outcome *o, int at,
			   int decided)
{
	bool background = s->step->background && s->step->kind == STEP_CALL;

	if (at == decided || o->status >= OUTCOME_BROKEN)
		return STEP_WRONG;
	if (o->status == OUTCOME_NONE && !background)
		return STEP_UNREACHED;
	return decided >= 0 && at > decided ? STEP_UNJUDGED : STEP_WENT;
}

static const char *must(struct html_page *p, const struct script_step *s)
{
	const char *not = s->contrary ?
		pool_printf(&p->scratch, ", must not see %s", shown(p, s->contrary)) : "";

	return s->expect ? pool_printf(&p->scratch, "must see %s%s", shown(p, s->expect), not) :
			   NULL;
}

static struct html_step step(struct html_page *p, const struct traced_cell *cell, size_t i,
			     int decided)
{
	const struct script_step *s = &cell->script.steps[i];
	const struct outcome *o = &cell->trace.outcomes[i];
	const struct value *with = o->with ? o->with : s->with;
	const char *op = step_op(s), *finish = s->step->kind == STEP_FINISH ? ".finish" : "";
	bool parameters = with && with->type == VALUE_MAP && with->list.n;

	return (struct html_step){
		.mark = mark(s, o, (int)i, decided),
		.who = step_actor(&cell->script, s),
		.does = pool_printf(&p->scratch, "%s%s%s%s", op, finish, parameters ? " " : "",
				    parameters ? shown(p, with) : ""),
		.must = must(p, s),
		.saw = saw(p, o),
	};
}

const struct html_step *html_steps(struct html_page *p, struct html_column *column,
				   const struct html_cell *c, size_t *n)
{
	struct traced_file *f = file_of(p, column, c->scenario->name);
	struct traced_cell cell;
	struct verdict v;

	*n = 0;
	if (!read_cell(p, f, c->name, &cell))
		return NULL;
	judge(&p->scratch, &cell.script, &cell.trace, &v);
	struct html_step *steps = pool_array(&p->scratch, struct html_step, cell.trace.n + 1);

	for (; *n < cell.trace.n; ++*n)
		steps[*n] = step(p, &cell, *n, v.step);
	return steps;
}
