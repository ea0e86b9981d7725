// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroup directories for the cells that need them; one run, one janitor.
 */
#include <pthread.h>
#include <unistd.h>

#include "exec/cell_cgroups.h"
#include "cgroups/cgroups.h"
#include "nsc/place.h"

/* The one process-wide thing, as the janitor is one for the process; stopped at the end. */
static struct pool pool;
static struct cgroups *cgroups;
static const char *unmade; /* why there are none although that has been tried, or NULL */
static unsigned next_number;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void cell_cgroups_begin(void)
{
	if (cgroups || unmade)
		return;
	unmade = "no cgroup directories";
	cgroups = cgroups_start(&pool, &unmade);
}

static const char *make(struct slot *slot, struct cgroups_cell *cell, struct wire_fds *fds)
{
	const char *why = NULL;

	cell_cgroups_begin();
	if (!cgroups)
		return unmade;
	slot->cgroup = cell->number = ++next_number;
	fds->n = cgroups_make(cgroups, cell, fds->v, &why);
	return fds->n < 0 ? why : NULL;
}

const char *cell_cgroups_make(struct slot *slot, struct value *with)
{
	struct cgroups_cell cell = {
		.owner = slot->script.user && slot->config->root ? UNPRIVILEGED_ID : getuid(),
		.moat = slot->script.moat,
	};
	struct value *list = value_list(&slot->pool);
	struct wire_fds fds = { .n = 0 };

	pthread_mutex_lock(&lock);
	const char *why = make(slot, &cell, &fds);

	pthread_mutex_unlock(&lock);
	if (why)
		return why;
	for (int i = 0; i < fds.n; i++)
		value_push(&slot->pool, list, value_fd(&slot->pool, fds.v[i]));
	value_put(&slot->pool, with, "cgroups", list);
	slot_keep_fds(slot, &fds);
	return NULL;
}

void cell_cgroups_done(struct slot *slot)
{
	const char *why;

	if (!slot->cgroup)
		return;
	pthread_mutex_lock(&lock);
	/* Directories that are still in use are left to the janitor. */
	cgroups_remove(cgroups, slot->cgroup, &why);
	pthread_mutex_unlock(&lock);
	slot->cgroup = 0;
}

void cell_cgroups_end(void)
{
	if (cgroups)
		cgroups_stop(cgroups);
	cgroups = NULL;
	unmade = NULL;
	pool_free(&pool);
}
