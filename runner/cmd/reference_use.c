// SPDX-License-Identifier: GPL-2.0-only
/*
 * How scenarios use an op: the step that shows it best, and the errors that they expect of it.
 */
#include <string.h>

#include "cmd/reference.h"

/* The beginning of line LINE, which counts from 1; NULL behind the end. */
static const char *line_of(const char *text, int line)
{
	while (text && --line > 0) {
		text = strchr(text, '\n');
		text += text != NULL;
	}
	return text;
}

/*
 * The item of a list that begins in the step's line, as it was written: until a line that is not
 * indented below its dash.  NULL where the step has no lines of its own.
 */
static const char *step_yaml(struct pool *pool, const struct step *s, const char *source)
{
	const char *line = line_of(source, s->at.line), *yaml = "";
	size_t dash = line ? strspn(line, " ") : 0;

	if (!line || strncmp(line + dash, "- ", 2))
		return NULL;
	do {
		size_t len = strcspn(line, "\n");

		yaml = pool_printf(pool, "%s%.*s\n", yaml, (int)(len - dash), line + dash);
		line += len + (line[len] == '\n');
	} while (strspn(line, " ") > dash && line[strspn(line, " ")] != '\n');
	return strstr(yaml, s->op->name) ? yaml : NULL;
}

/* Steps with an expectation show more than others, short ones sooner; a value of a row is not
 * in the step. */
static size_t cost(const struct step *s, const char *yaml)
{
	return strlen(yaml) + (s->expect ? 0 : 10000) + (strstr(yaml, "$row.") ? 1000 : 0);
}

static void add_error(struct pool *pool, const struct value *v, const char **errors)
{
	if (v->type != VALUE_STR || !symbol_find(errno_symbols, v->str.s))
		return;
	const char *quoted = pool_printf(pool, "`%s`", v->str.s);

	if (!strstr(*errors, quoted))
		*errors = pool_printf(pool, "%s%s%s", *errors, **errors ? ", " : "", quoted);
}

/* `errno: EPERM` and `errno: {one_of: [EPERM, EACCES]}`. */
static void add_errors(struct pool *pool, const struct value *v, const char **errors)
{
	const struct value *several = value_get(v, "one_of");

	add_error(pool, v, errors);
	for (size_t i = 0; several && several->type == VALUE_LIST && i < several->list.n; i++)
		add_error(pool, several->list.items[i], errors);
}

static void take_step(struct pool *pool, const struct scenario *scenario, const struct step *s,
		      struct op_use *use, size_t *best)
{
	const struct value *error = value_get(s->expect, "errno");
	const char *yaml = step_yaml(pool, s, scenario->suite->source);

	if (error)
		add_errors(pool, error, &use->errors);
	if (!yaml || cost(s, yaml) >= *best)
		return;
	*best = cost(s, yaml);
	use->scenario = scenario;
	use->yaml = yaml;
}

struct op_use op_use(struct pool *pool, const struct selection *selection, const struct op *op)
{
	struct op_use use = { .errors = "" };
	size_t best = (size_t)-1;

	for (size_t i = 0; i < selection->n_suites; i++)
		for (size_t k = 0; k < selection->suites[i]->n; k++) {
			const struct scenario *scenario = &selection->suites[i]->scenarios[k];

			for (size_t n = 0; n < scenario->n_steps; n++)
				if (scenario->steps[n].op == op &&
				    scenario->steps[n].kind == STEP_CALL)
					take_step(pool, scenario, &scenario->steps[n], &use, &best);
		}
	return use;
}
