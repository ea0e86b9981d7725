/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Placement: how a process becomes an actor.  The attributes of an actor are the rows of
 * place_fields; the loader, the schema and the reference read them, and the agent binds them.
 */
#ifndef NSC_PLACE_H
#define NSC_PLACE_H

#include "nsc/field.h"
#include "nsc/ns.h"

enum { VIA_CLONE3, VIA_UNSHARE, VIA_SETNS };
enum { MAP_ROOT, MAP_SAME, MAP_NONE };
enum { SETGROUPS_LEAVE, SETGROUPS_DENY, SETGROUPS_ALLOW };
enum { ROOT_INHERIT, ROOT_FRESH };
enum { JOIN_PIDFD, JOIN_NSFD };

struct place {
	uint64_t new;	/* NSM_* */
	int64_t via;
	uint64_t share; /* CLONE_FS, CLONE_FILES */
	int64_t map;
	struct strs uid_map, gid_map;
	int64_t setgroups;
	int64_t monotonic, boottime; /* ns */
	int64_t uid, gid;	     /* -1: unchanged */
	struct ints groups;	     /* .v is NULL: unchanged */
	uint64_t drop;		     /* mask of 1 << CAP_* */
	int64_t root;
	bool proc;
	uint64_t ignore;	     /* mask of 1 << signal */
	bool subreaper;
};

extern const struct field place_fields[];
extern const struct symbol ns_symbols[];     /* NSM_* by name */
extern const struct symbol ns_type_symbols[]; /* enum ns by name */
extern const struct symbol clone_symbols[];  /* CLONE_* without the prefix */
extern const struct symbol via_symbols[];
extern const struct symbol join_symbols[];
extern const struct symbol cap_symbols[];    /* 1 << CAP_*, "all" */
extern const struct symbol signal_symbols[]; /* 1 << signal, without SIG */

/*
 * Parameters of the internal op actor.spawn.  JOIN is a pidfd, or with JOIN_NSFD one
 * nsfs descriptor for each bit of JOIN_TYPES in the order of enum ns.
 */
struct spawn_in {
	int channel; /* the new agent's end of its channel */
	int cred_sock;  /* where it leaves its credentials, or -1 */
	const struct value *place;
	struct fds join;
	int64_t join_types, join_by;
	struct fds cgroups; /* directories it moves into before anything else */
	struct ints processors; /* on which it may run; none: those of its parent */
	int64_t become;	    /* uid and gid taken before anything else, -1: unchanged */
	bool thread;
	bool layout; /* root file system of its own, as `root: fresh` */
	bool procfs; /* the /proc of that root must be of the actor's own PID namespace */
	bool moat;   /* instead, the machine's root under an overlay, for runtimes */
	struct strs programs; /* NAME=FILE: of the moat, before those of the machine's PATH */
	int64_t pid_max;    /* kernel.pid_max of its new PID namespace, 0: unchanged */
};

struct spawn_out {
	int pidfd;
};

/* actor.worker: the end of its channel that the new worker gets. */
struct worker_in {
	int channel;
};

/* actor.links: nsfs descriptors of the actor's own namespaces, for a join by nsfd. */
struct links_in {
	int64_t types;
};

struct links_out {
	struct fds fds;
};

extern const struct field spawn_in_fields[], spawn_out_fields[], worker_in_fields[];
extern const struct field links_in_fields[], links_out_fields[];

/* The uid and gid of unprivileged arenas; no distribution assigns it (Debian policy 9.2.2). */
enum { UNPRIVILEGED_ID = 65533 };

#endif
