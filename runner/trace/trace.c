// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traces as JSON lines.
 */
#include <string.h>

#include "load/yaml.h"
#include "nsc/json.h"
#include "trace/trace.h"

/* The kernel's MAX_ERRNO (include/linux/err.h). */
enum { ERRNO_MAX = 4095 };

static const char *const statuses[] = {
	[OUTCOME_NONE] = "none", [OUTCOME_DONE] = "done", [OUTCOME_BROKEN] = "broken",
	[OUTCOME_LIED] = "lied",
	[OUTCOME_LOST] = "lost",
};

static struct value *outcome_value(struct pool *pool, const struct script_step *s,
				   const struct outcome *o)
{
	struct value *v = value_map(pool);

	value_put(pool, v, "line", value_int(pool, s->step->at.line));
	value_put(pool, v, "op", value_str(pool, s->step->op ? s->step->op->name : ""));
	value_put(pool, v, "status", value_str(pool, statuses[o->status]));
	if (o->with)
		value_put(pool, v, "with", (struct value *)o->with);
	if (o->status == OUTCOME_DONE)
		value_put(pool, v, "errno", value_int(pool, o->error));
	if (o->out)
		value_put(pool, v, "out", (struct value *)o->out);
	if (o->why)
		value_put(pool, v, "why", value_str(pool, o->why));
	if (o->lie)
		value_put(pool, v, "lie", (struct value *)o->lie);
	value_put(pool, v, "took_ns", value_int(pool, o->took_ns));
	if (o->waited_out)
		value_put(pool, v, "waited_out", value_bool(pool, true));
	return v;
}

const char *trace_line(struct pool *pool, const char *name, const struct script *script,
		       const struct trace *trace)
{
	struct value *line = value_map(pool), *steps = value_list(pool);

	value_put(pool, line, "cell", value_str(pool, name));
	if (trace->broken)
		value_put(pool, line, "broken", value_str(pool, trace->broken));
	if (trace->late)
		value_put(pool, line, "late", value_bool(pool, true));
	if (trace->died)
		value_put(pool, line, "died", value_bool(pool, true));
	if (trace->tried_again)
		value_put(pool, line, "tried_again", value_str(pool, trace->tried_again));
	if (trace->attempts) {
		value_put(pool, line, "attempt", value_int(pool, trace->attempt));
		value_put(pool, line, "attempts", (struct value *)trace->attempts);
	}
	if (trace->started_ns) {
		value_put(pool, line, "started_ns", value_int(pool, trace->started_ns));
		value_put(pool, line, "took_ns", value_int(pool, trace->took_ns));
	}
	if (trace->lie)
		value_put(pool, line, "lie", (struct value *)trace->lie);
	for (size_t i = 0; i < trace->n; i++)
		value_push(pool, steps,
			   outcome_value(pool, &script->steps[i], &trace->outcomes[i]));
	if (trace->log)
		value_put(pool, line, "log", (struct value *)trace->log);
	if (trace->own_log)
		value_put(pool, line, "own_log", (struct value *)trace->own_log);
	value_put(pool, line, "steps", steps);
	return json_text(pool, line);
}

const char *trace_end(struct pool *pool, size_t cells, bool interrupted)
{
	struct value *mark = value_map(pool);

	value_put(pool, mark, "end", value_int(pool, (int64_t)cells));
	value_put(pool, mark, "interrupted", value_bool(pool, interrupted));
	return json_text(pool, mark);
}

static bool is_lie(const struct value *map)
{
	struct lie lie = lie_of(map);

	return lie.call && lie.claim && lie.seen;
}

struct key {
	const char *name;
	enum value_type type;
};

/*
 * What is of another type is no trace of ours, and would be taken for absent: "errno": "EPERM"
 * for 0.
 */
static const struct key line_keys[] = {
	{ "cell", VALUE_STR }, { "broken", VALUE_STR }, { "late", VALUE_BOOL },
	{ "died", VALUE_BOOL }, { "attempt", VALUE_INT }, { "attempts", VALUE_LIST },
	{ "tried_again", VALUE_STR }, { "started_ns", VALUE_INT }, { "took_ns", VALUE_INT },
	{ "lie", VALUE_MAP }, { "log", VALUE_LIST },
	{ "own_log", VALUE_LIST }, { "log_alone", VALUE_BOOL }, { "steps", VALUE_LIST },
	{ NULL, VALUE_NIL },
}, step_keys[] = {
	{ "line", VALUE_INT }, { "op", VALUE_STR }, { "status", VALUE_STR }, { "with", VALUE_MAP },
	{ "errno", VALUE_INT }, { "out", VALUE_MAP }, { "why", VALUE_STR }, { "lie", VALUE_MAP },
	{ "took_ns", VALUE_INT }, { "waited_out", VALUE_BOOL },
	{ NULL, VALUE_NIL },
};

static bool has_types(const struct value *map, const struct key *keys)
{
	for (; keys->name; keys++) {
		const struct value *v = value_get(map, keys->name);

		if (v && v->type != keys->type)
			return false;
	}
	return map->type == VALUE_MAP;
}

static bool are_texts(const struct value *list)
{
	for (size_t i = 0; list && i < list->list.n; i++)
		if (list->list.items[i]->type != VALUE_STR)
			return false;
	return true;
}

static bool outcome_read(const struct value *v, const struct script_step *s, struct outcome *o)
{
	const struct value *status = value_get(v, "status"), *number = value_get(v, "errno");
	const struct value *op = value_get(v, "op"), *line = value_get(v, "line");

	if (!has_types(v, step_keys) || (number && (number->i < 0 || number->i > ERRNO_MAX)) ||
	    (op && s->step->op && !value_is(op, s->step->op->name)) ||
	    (line && line->i != s->step->at.line))
		return false;
	for (int i = OUTCOME_NONE; i <= OUTCOME_LOST; i++)
		if (value_is(status, statuses[i])) {
			o->status = (enum outcome_status)i;
			o->error = number ? (int)number->i : 0;
			o->out = value_get(v, "out");
			o->with = value_get(v, "with");
			o->why = value_text(value_get(v, "why"));
			o->waited_out = value_true(value_get(v, "waited_out"));
			o->lie = value_get(v, "lie");
			return (o->status != OUTCOME_DONE || number) &&
			       (o->status != OUTCOME_LIED || is_lie(o->lie)) &&
			       ((o->status != OUTCOME_BROKEN && o->status != OUTCOME_LOST) ||
				o->why);
		}
	return false;
}

static int64_t number_of(const struct value *map, const char *key)
{
	const struct value *v = value_get(map, key);

	return v && v->type == VALUE_INT ? v->i : 0;
}

bool trace_read(struct pool *pool, const struct value *line, const struct script *script,
		struct trace *trace)
{
	const struct value *steps = value_get(line, "steps");

	*trace = (struct trace){
		.broken = value_text(value_get(line, "broken")),
		.late = value_true(value_get(line, "late")),
		.died = value_true(value_get(line, "died")),
		.attempts = value_get(line, "attempts"),
		.tried_again = value_text(value_get(line, "tried_again")),
		.lie = value_get(line, "lie"),
		.log = value_get(line, "log"),
		.own_log = value_get(line, "own_log"),
	};
	trace->started_ns = number_of(line, "started_ns");
	trace->took_ns = number_of(line, "took_ns");
	trace->attempt = (int)number_of(line, "attempt");
	/* Older traces know only whole logs. */
	if (value_true(value_get(line, "log_alone"))) {
		trace->own_log = trace->log;
		trace->log = NULL;
	}
	if (!has_types(line, line_keys) || !are_texts(trace->log) || !are_texts(trace->own_log))
		return false;
	if (trace->lie && !is_lie(trace->lie))
		return false;
	if (!steps || steps->list.n != script->n_steps)
		return false;
	trace->n = steps->list.n;
	trace->outcomes = pool_array(pool, struct outcome, trace->n + 1);
	for (size_t i = 0; i < trace->n; i++)
		if (!outcome_read(steps->list.items[i], &script->steps[i], &trace->outcomes[i]))
			return false;
	return true;
}

void trace_read_line(struct pool *pool, const char *line, const struct script *script,
		     struct trace *trace)
{
	struct problems problems = { .pool = pool };
	const struct value *v = yaml_parse(pool, "trace", line, strlen(line), &problems);

	if (!v || !trace_read(pool, v, script, trace))
		*trace = (struct trace){
			.outcomes = pool_array(pool, struct outcome, script->n_steps + 1),
			.n = script->n_steps, .broken = "what was seen the first time is no trace",
		};
}

static const struct value *joined(struct pool *pool, const struct value *first,
				  const struct value *second)
{
	const struct value *const lists[] = { first, second };
	struct value *all = value_list(pool);

	if (!first || !second)
		return first ? first : second;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < lists[i]->list.n; k++)
			value_push(pool, all, lists[i]->list.items[k]);
	return all;
}

void trace_keep_log(struct pool *pool, const char *first, struct trace *second)
{
	struct problems problems = { .pool = pool };
	const struct value *line = yaml_parse(pool, "trace", first, strlen(first), &problems);

	second->log = joined(pool, value_get(line, "log"), second->log);
	second->own_log = joined(pool, value_get(line, "own_log"), second->own_log);
}
