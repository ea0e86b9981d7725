/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What explains that a call was refused, apart from the kernel not doing what it says: filters,
 * limits, rights, and where this process is. Read from files and the process's own state, never
 * from the behaviour that is tested.
 */
#ifndef NSC_EVIDENCE_H
#define NSC_EVIDENCE_H

#include "machine/missing.h"
#include "machine/probe.h"

/*
 * True when nothing explains T (or when nothing went wrong): the need counts as met, and the cell
 * shows what is the matter. Else fills M.
 */
bool evidence_explains_not(struct pool *pool, const struct tried *t, struct missing *m);
/* Why a fresh file system of TYPE, which is mounted at PATH, would uncover something: from POOL
 * or static, or NULL (mount_too_revealing() of fs/namespace.c). */
const char *evidence_masked(struct pool *pool, const char *type, const char *path);

#endif
