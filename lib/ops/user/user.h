/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ops on id maps share.
 */
#ifndef NSC_OPS_USER_H
#define NSC_OPS_USER_H

#include "nsc/field.h"

/* uid, gid, projid; each with the name of its file. */
extern const struct symbol map_symbols[];

#endif
