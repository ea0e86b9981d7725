/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nsconform run --export-bundle DIR: the boxes of one cell, to be built without the sandbox.
 */
#ifndef NSC_BUNDLES_H
#define NSC_BUNDLES_H

#include "report/results.h"

/*
 * Write what the cell that OPERANDS and O select needs into the directory O->bundle; several boxes
 * have a directory each in there. Nothing is carried out, and nothing written where not all can be.
 * What has happened (report/exit_status.h).
 */
int bundles_export(struct pool *pool, const struct run_options *o, char **operands);

#endif
