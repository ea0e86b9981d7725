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
	int parent_end, child_end; /* -1 both: the actor answers the call for its parent */
	unsigned uid, gid;	/* whom a map of one line maps: the actor's ids outside */
	struct ns_id before[NS_COUNT];
	unsigned known;		/* kinds whose identity before is known */
	int self;		/* in an actor that answers: its own pidfd; or -1 */
	int hold;		/* keeps the holder alive, or -1 */
	bool borne;		/* in the actor: a go-between bore it, and tells so as well */
	bool born, done;	/* in the parent: what has been told, in either order */
	pid_t pid;		/* there: of the actor, or of its go-between until it is born */
};

/*
 * What goes over the pair: {map: dirfd}, {born: [pid, pidfd]}, {done: borne}, {failed: text},
 * with an errno beside it where the kernel refused the placement itself, and {lied: map}, alone or
 * beside these.  Exits when it cannot be told.  Where there is no pair the runner is told instead,
 * with the parent's answer; nothing is asked then, and nobody is told of a birth.
 */
void birth_tell(const struct birth *b, const char *key, struct value *v);
/* Report the step that failed with errno, and exit. */
void birth_fail(const struct birth *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
/* Report that CALL claimed success and what shows that it did nothing, and exit. */
void birth_did_nothing(const struct birth *b, const char *call, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), noreturn));
/* ... that after the call that VIA stands for, with KINDS, the namespace NS is the old one. */
void birth_unmoved(const struct birth *b, int via, unsigned kinds, int ns)
	__attribute__((noreturn));
/* See that each of KINDS is another one than before the placement; the actor keeps what it sees. */
void birth_verify(const struct birth *b, unsigned kinds, struct agent *actor);
/*
 * Report that a call that makes or joins namespaces failed with errno, and exit: a scenario may
 * expect this (`start`).  It is a lie, too, where only that explains the refusal of VIA's call
 * with KINDS (0: something explains it).
 */
void birth_refused(const struct birth *b, int via, unsigned kinds, const char *fmt, ...)
	__attribute__((format(printf, 4, 5), noreturn));

/* The call of VIA reported success, and the namespace NS is the old one. */
struct lie lie_unmoved(struct pool *pool, int via, unsigned kinds, int ns);
/*
 * Whether ERROR of that call is a lie: /proc/self/ns has the kinds, and neither rights, limits,
 * a filter nor the rules of the call explain it.
 */
bool lie_refused(struct pool *pool, int via, unsigned kinds, int error, struct lie *lie);
/*
 * Check that CALL has set the real, effective and saved ids to these, where -1 is any. When they
 * cannot be read, the placement is broken and no lie is reported.
 */
void birth_verify_ids(const struct birth *b, const char *call, uid_t uid, gid_t gid);
/* Likewise setgroups(2) and the number of groups. */
void birth_verify_groups(const struct birth *b, size_t n);
/* Whether the new user namespace's maps are such as its first process may write itself. */
bool birth_maps_itself(const struct birth *b);
/*
 * Write what the place says into the /proc directory of the new namespace's first process; 0, or
 * -errno and *FILE, which could not be written.
 */
int birth_write_maps(const struct birth *b, int dir, const char **file);
/* See that the user namespace just entered is new, and see to its maps. */
void birth_map(const struct birth *b);
/* In an actor that answers itself: open its pidfd. */
void birth_open_self(struct birth *b);
bool birth_has_offsets(const struct birth *b);
/* Be the process between the parent and the actor; it may become the actor itself. */
void birth_go_between(struct birth *b) __attribute__((noreturn));
/* Be the actor: the last process of the chain. */
void birth_arrive(struct birth *b) __attribute__((noreturn));

#endif
