// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choosing the number of event loops, by what two processors are worth.
 */
#include <string.h>

#include "cmd/pinning.h"
#include "exec/exec.h"
#include "machine/confine.h"
#include "machine/forks.h"
#include "nsc/begin.h"
#include "nsc/processors.h"

/* Cells wait: for the end of an arena, for that of its network namespace. Others use that time. */
enum { SLOTS_PER_LOOP = 8, SLOTS_PER_CPU = 4 };
/* Channels and pidfds of a cell's actors, and what their ops hand over. */
enum { FDS_PER_SLOT = 32 };
/* With fewer, measuring takes as long as what it may save. */
enum { CELLS_WORTH_MEASURING = 200 };
/* What two processors have to be worth, in hundredths of what one is. */
enum { WORTH_TWO = 130 };

static const struct symbol pin_words[] = {
	[PIN_MEASURED] = { "measured", PIN_MEASURED, "--pin measured" },
	[PIN_NONE] = { "none", PIN_NONE, "--pin none" },
	[PIN_ONE] = { "one", PIN_ONE, "--pin one" },
	[PIN_ALL] = { "all", PIN_ALL, "--pin all" },
	{ 0 }
};

/* NULL, or why this process cannot say where it runs. Setting what is set tries it. */
static const char *unpinnable(struct pool *pool, struct ints *processors)
{
	struct missing m = { 0 };
	int rc;

	if (!confine_allows(pool, "sched_setaffinity", &m))
		return m.reason;
	rc = processors_get(pool, processors);
	if (rc < 0)
		return pool_printf(pool, "sched_getaffinity: %s", strerror(-rc));
	rc = processors_set(0, processors);
	return rc < 0 ? pool_printf(pool, "sched_setaffinity: %s", strerror(-rc)) : NULL;
}

/* As many as the limit of descriptors has room for. */
static int room_for(int slots)
{
	int64_t room = begin_recall(begin_find("rlimit-nofile")).now / FDS_PER_SLOT;

	return slots < room ? slots : room < 1 ? 1 : (int)room;
}

static int choose_loops(struct pool *pool, size_t cells, int jobs, struct pinning *p)
{
	p->why = p->processors.n < 2 ? "no other may be used" :
		 jobs == 1	     ? "one cell at a time" :
		 cells < CELLS_WORTH_MEASURING ? "there are few cells" : NULL;
	if (p->why)
		return 1;
	int forks = forks_of_two(&p->processors);

	p->why = forks ? pool_printf(pool, "two do %d.%02d times as many forks as one", forks / 100,
				     forks % 100) : "forks could not be measured";
	return forks >= WORTH_TWO ? (int)p->processors.n : 1;
}

void pinning_choose(struct pool *pool, enum pin pin, size_t cells, int jobs, bool inside,
		    struct pinning *p)
{
	*p = (struct pinning){ 0 };
	p->why = inside ? "the box is left as it is" : unpinnable(pool, &p->processors);
	p->free = p->why || pin == PIN_NONE;
	int cpus = p->processors.n ? (int)p->processors.n : 1;

	if (pin == PIN_MEASURED && !p->free)
		p->loops = choose_loops(pool, cells, jobs, p);
	else
		p->loops = pin == PIN_ALL ? cpus : 1;
	if (!p->why)
		p->why = pin_words[pin].doc;
	p->slots = jobs ? jobs :
		   room_for(p->free ? SLOTS_PER_CPU * cpus : SLOTS_PER_LOOP * p->loops);
	if (p->loops > p->slots)
		p->loops = p->slots;
}

void pinning_apply(const struct pinning *p, struct exec_config *config)
{
	config->slots = p->slots;
	config->loops = p->loops;
	config->pin = p->free ? NULL : &p->processors;
}

static const char *numbers(struct pool *pool, const struct ints *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->n; i++)
		text = pool_printf(pool, "%s%s%lld", text, *text ? " " : "", (long long)list->v[i]);
	return text;
}

void pinning_describe(struct pool *pool, const struct pinning *p, struct value *machine)
{
	struct value *map = value_map(pool);

	value_put(pool, machine, "pinned", value_int(pool, p->free ? 0 : p->loops));
	value_put(pool, map, "usable", value_str(pool, numbers(pool, &p->processors)));
	value_put(pool, map, "event loops", value_str(pool, pool_printf(
		  pool, "%d, %s: %s", p->loops, p->free ? "on any processor" :
		  "each on a processor of its own", p->why)));
	value_put(pool, map, "cells at a time", value_str(pool, pool_printf(pool, "%d", p->slots)));
	value_put(pool, machine, "processors", map);
}

static const struct option_row rows[] = {
	{ .name = "pin", .argument = ARGUMENT_WORD, .words = pin_words,
	  .help = "how many processors have cells, which then stay on theirs: all where a second one is "
		  "worth it by a measurement at the start, else one, which is the default; or none, "
		  "where the kernel moves them" },
	{ 0 }
};
const struct option_group pin_options = { "running", rows };
