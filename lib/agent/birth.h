/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the processes of one placement share: spawn.c is the parent, enter.c the way into the
 * namespaces, arrive.c what the actor does last.
 */
#ifndef NSC_BIRTH_H
#define NSC_BIRTH_H

#include "nsc/agent.h"
#include "nsc/place.h"

/* One placement under way; every process of it has a copy. */
struct birth {
	struct op_ctx *ctx;
	struct agent *agent;	/* of the parent; copied by the actor */
	const struct spawn_in *in;
	struct place place;
	int parent_end, child_end;
	struct ns_id before[NS_COUNT];
	unsigned known;		/* kinds whose identity before is known */
	int hold;		/* keeps the holder alive, or -1 */
	bool borne;		/* in the actor: a go-between bore it, and tells so as well */
	bool born, done;	/* in the parent: what has been told, in either order */
};

/*
 * What goes over the pair: {map: dirfd}, {born: [pid, pidfd]}, {done: borne}, {failed: text},
 * with an errno beside it where the kernel refused the placement itself.
 */
void birth_tell(const struct birth *b, const char *key, struct value *v);
/* Report the step that failed with errno, and exit. */
void birth_fail(const struct birth *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
/* Likewise for the calls that make or join namespaces: a scenario may expect this (`start`). */
void birth_refused(const struct birth *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
/* Report what shows that a call did nothing, although it said that it did, and exit. */
void birth_lied(const struct birth *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
/* Whether these are the real, effective and saved ids; -1 for those that do not matter. */
bool ids_are(uid_t uid, gid_t gid);
/* Have the parent write the maps of the user namespace just entered. */
void birth_ask_for_maps(const struct birth *b);
bool birth_has_offsets(const struct birth *b);
/* Be the process between the parent and the actor; it may become the actor itself. */
void birth_go_between(struct birth *b) __attribute__((noreturn));
/* Be the actor: the last process of the chain. */
void birth_arrive(const struct birth *b) __attribute__((noreturn));

#endif
