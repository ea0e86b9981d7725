// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table of cells.
 */
#include <string.h>

#include "compare/joined.h"

static struct joined_cell *find_or_add(struct joined *j, const struct record *record)
{
	struct joined_cell *cell;

	HASH_FIND_STR(j->cells, record->cell, cell);
	if (cell)
		return cell;
	cell = pool_new(j->pool, struct joined_cell);
	cell->name = record->cell;
	cell->scenario = record->scenario;
	cell->in = pool_array(j->pool, const struct record *, j->n);
	HASH_ADD_KEYPTR(hh, j->cells, cell->name, strlen(cell->name), cell);
	return cell;
}

void joined_make(struct joined *j, struct pool *pool, const struct ran *runs, size_t n)
{
	*j = (struct joined){ .pool = pool, .runs = runs, .n = n };
	for (size_t r = 0; r < n; r++)
		for (size_t i = 0; i < runs[r].n; i++)
			find_or_add(j, &runs[r].cells[i])->in[r] = &runs[r].cells[i];
}

void joined_free(struct joined *j)
{
	HASH_CLEAR(hh, j->cells);
}

const struct joined_cell *joined_find(const struct joined *j, const char *name)
{
	struct joined_cell *cell;

	HASH_FIND_STR(j->cells, name, cell);
	return cell;
}

const char *ran_title(struct pool *pool, const struct ran *ran)
{
	char *title = pool_strdup(pool, ran->dir), *slash;

	for (size_t len = strlen(title); len > 1 && title[len - 1] == '/';)
		title[--len] = 0;
	slash = strrchr(title, '/');
	return slash && slash[1] ? slash + 1 : title;
}
