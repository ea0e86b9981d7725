/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a runtime is asked for to build the box of an actor: made once, when the script is lowered
 * for the runtime; what is launched, expected and lacking follows from it. Pure; what is known
 * only when the cell runs stands in it as references.
 */
#ifndef NSC_SPEC_H
#define NSC_SPEC_H

#include "load/runtime.h"
#include "plan/script.h"

struct box_spec {
	struct pool *pool; /* of the script */
	const struct runtime *runtime;
	const struct script_actor *actor;
	const struct script_actor *joined; /* it joins some of that one's namespaces; or NULL */
	const struct value *of;	  /* what the box was asked for that it is a further process of */
	const char *id;		  /* of the box: of another actor's for a further process in it */
	/* Directories: the box's own, that of its configuration and root directory, and the one
	 * that is /work in the box; in the moat, unless box_spec_at() says where. */
	const char *work, *bundle, *share;
	const char *name, *nonce; /* of the agent, by which it is known when it reports */
	const char *saved;	  /* where the results of the launch are saved */
	const char *joined_saved; /* ... and those of whom it joins; or NULL */
	/* Properties by name: those under `box:`, and what its namespaces are to be like. */
	const struct value *asked;
	/* NSM_*: in which the box differs from the moat: asked for, joined, or made unasked. */
	unsigned kinds;
	const struct value *command; /* the agent's, in the box */
};

/* Of the actor with that index, in POOL. */
const struct box_spec *box_spec_make(struct pool *pool, const struct script *script, size_t actor);

/* What of PLACE remains for the agent to do when it has arrived in a box. */
const struct value *place_of_agent(struct pool *pool, const struct value *place);
/* The same box with directory DIR, an absolute path, in place of its two in the moat. */
const struct box_spec *box_spec_at(const struct box_spec *spec, const char *dir);
/* What ${NAME} in a runtime's file stands for in every command: a map of texts. */
struct value *box_texts(const struct box_spec *c);
/* The path by which kind NS of the box that the actor joins can be opened, with a reference. */
const char *box_join_path(const struct box_spec *c, int ns);

#endif
