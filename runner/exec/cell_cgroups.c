// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroup directories for the cells that need them; one run, one janitor.
 */
#include <unistd.h>

#include "exec/cell_cgroups.h"
#include "cgroups/cgroups.h"
#include "nsc/place.h"

/* Started by the first cell that needs it and stopped by cell_cgroups_end(): the one process-wide
 * thing, as the janitor is one for the process. */
static struct pool pool;
static struct cgroups *cgroups;
static unsigned next_number;

const char *cell_cgroups_make(struct slot *slot, struct value *with)
{
	struct cgroups_cell cell = {
		.owner = slot->script.user && slot->config->root ? UNPRIVILEGED_ID : getuid(),
		.moat = slot->script.moat,
	};
	struct value *list = value_list(&slot->pool);
	struct wire_fds fds = { .n = 0 };
	const char *why = "no cgroup directories";

	if (!cgroups)
		cgroups = cgroups_start(&pool, &why);
	if (!cgroups)
		return why;
	slot->cgroup = cell.number = ++next_number;
	fds.n = cgroups_make(cgroups, &cell, fds.v, &why);
	if (fds.n < 0)
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
	/* Directories that are still in use are left to the janitor. */
	cgroups_remove(cgroups, slot->cgroup, &why);
	slot->cgroup = 0;
}

void cell_cgroups_end(void)
{
	if (cgroups)
		cgroups_stop(cgroups);
	cgroups = NULL;
	pool_free(&pool);
}
