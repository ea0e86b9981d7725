/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parameters of box.launch and box.end for an actor: commands, files, environment.  Pure;
 * what is known only when the cell runs stands in them as references.
 */
#ifndef NSC_BOX_LAUNCH_H
#define NSC_BOX_LAUNCH_H

#include "box/asked.h"

/* Where programs are looked for: the caller's PATH, then the system's directories. */
const char *launch_path(struct pool *pool);
/* Where the results of the actor's launch are saved. */
const char *launch_saved(struct pool *pool, const struct actor *a);
const struct value *launch_params(struct pool *pool, const struct script *script, size_t actor);
/* LAUNCHED: the launch has succeeded for certain. LAST: compare the moat with what it was. */
const struct value *end_params(struct pool *pool, const struct script *script, size_t actor,
			       bool launched, bool last);

/* What generators are given. */
struct box_config {
	struct pool *pool;
	const struct runtime *runtime;
	const struct script *script;
	const struct script_actor *actor;
	const char *id;
	const struct value *asked; /* properties by name */
	unsigned kinds;		   /* new or joined: asked_kinds() */
	const struct value *command; /* the agent's, in the box */
};

/* config.json of the OCI runtime specification. */
const char *oci_config(const struct box_config *c);
/* lxc.container.conf(5). */
const char *lxc_config(const struct box_config *c);
/* The path by which kind NS of the box that the actor joins can be opened, with a reference. */
const char *launch_join_path(const struct box_config *c, int ns);

#endif
