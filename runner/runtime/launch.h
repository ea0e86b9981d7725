/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parameters of box.launch and box.end for an actor: commands, files, environment.  Pure;
 * what is known only when the cell runs stands in them as references.
 */
#ifndef NSC_RUNTIME_LAUNCH_H
#define NSC_RUNTIME_LAUNCH_H

#include "runtime/spec.h"

/*
 * Where programs are looked for: MOAT_PROGRAMS if there are such PROGRAMS, the caller's PATH, then
 * the system's directories.
 */
const char *launch_path(struct pool *pool, const struct strs *programs);
const struct value *launch_params(const struct box_spec *c);
/* LAUNCHED: the launch has succeeded for certain. LAST: compare the moat with what it was. */
const struct value *end_params(const struct script *script, size_t actor, bool launched, bool last);

#endif
