// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes of an actor and the parameters of actor.spawn, as tables.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/sched.h>

#include "nsc/place.h"

const struct symbol via_symbols[] = {
	{ "clone3", VIA_CLONE3, "born in them" },
	{ "unshare", VIA_UNSHARE, "unshares them; for pid and time the actor is the next child" },
	{ "setns", VIA_SETNS, "joins those of a holder that was born in them" },
	{ 0 }
};

const struct symbol join_symbols[] = {
	{ "pidfd", JOIN_PIDFD, "all at once, by the other actor's pidfd" },
	{ "nsfd", JOIN_NSFD, "one after another, by nsfs descriptors" },
	{ 0 }
};

static const struct symbol share_symbols[] = {
	{ "fs", CLONE_FS, "root, working directory and umask" },
	{ "files", CLONE_FILES, "the descriptor table" },
	{ 0 }
};

static const struct symbol map_symbols[] = {
	{ "root", MAP_ROOT, "0 inside is the creator's own id; setgroups denied" },
	{ "same", MAP_SAME, "the creator's own id to itself; setgroups denied" },
	{ "none", MAP_NONE, "the maps stay unwritten" },
	{ 0 }
};

static const struct symbol setgroups_symbols[] = {
	{ "leave", SETGROUPS_LEAVE, "not written" },
	{ "deny", SETGROUPS_DENY, NULL },
	{ "allow", SETGROUPS_ALLOW, NULL },
	{ 0 }
};

static const struct symbol root_symbols[] = {
	{ "inherit", ROOT_INHERIT, "the parent's root" },
	{ "fresh", ROOT_FRESH, "pivots into an empty tmpfs laid out like the arena's" },
	{ 0 }
};

#define ID_DEFAULT -1
#define ID_MAX 4294967294

const struct field place_fields[] = {
	F_FLAGS(struct place, new, OPTIONAL, ns_symbols,
		"namespace kinds it gets new instances of"),
	F_ENUM(struct place, via, OPTIONAL, via_symbols,
	       "how it enters them; default: the variant's, else clone3"),
	F_FLAGS(struct place, share, OPTIONAL, share_symbols,
		"process state shared with the parent"),
	F_ENUM(struct place, map, OPTIONAL, map_symbols,
	       "id maps of its new user namespace, written by the parent"),
	F_STRS(struct place, uid_map, OPTIONAL, "lines of uid_map instead: INSIDE OUTSIDE COUNT"),
	F_STRS(struct place, gid_map, OPTIONAL, "lines of gid_map instead: INSIDE OUTSIDE COUNT"),
	F_ENUM(struct place, setgroups, OPTIONAL, setgroups_symbols,
	       "what is written to setgroups before gid_map; only with explicit maps"),
	F_TIME(struct place, monotonic, OPTIONAL,
	       "offset of the monotonic clock in its new time namespace"),
	F_TIME(struct place, boottime, OPTIONAL,
	       "offset of the boottime clock in its new time namespace"),
	F_INT_DEF(struct place, uid, ID_DEFAULT, 0, ID_MAX, "user id taken after placement"),
	F_INT_DEF(struct place, gid, ID_DEFAULT, 0, ID_MAX, "group id taken after placement"),
	F_INTS(struct place, groups, OPTIONAL, 0, ID_MAX,
	       "supplementary groups taken after placement"),
	F_FLAGS(struct place, drop, OPTIONAL, cap_symbols,
		"capabilities dropped from all sets after placement"),
	F_ENUM(struct place, root, OPTIONAL, root_symbols,
	       "its root directory; needs `new: [mnt]`"),
	F_BOOL(struct place, proc, "mounts a fresh procfs on /proc; needs `new: [mnt]`"),
	F_FLAGS(struct place, ignore, OPTIONAL, signal_symbols, "signals it ignores"),
	F_BOOL(struct place, subreaper, "adopts orphans below it (PR_SET_CHILD_SUBREAPER)"),
	F_END
};

const struct field spawn_in_fields[] = {
	F_FD(struct spawn_in, channel, REQUIRED, "the new agent's end of its channel"),
	F_FD(struct spawn_in, cred_sock, OPTIONAL, "where it leaves its credentials"),
	F_ANY(struct spawn_in, place, REQUIRED, "attributes"),
	F_FDS(struct spawn_in, join, OPTIONAL, "a pidfd, or nsfs descriptors"),
	F_INT(struct spawn_in, join_types, OPTIONAL, 0, 0, "mask of namespace kinds to join"),
	F_INT(struct spawn_in, join_by, OPTIONAL, 0, 0, "pidfd or nsfd"),
	F_FDS(struct spawn_in, cgroups, OPTIONAL, "directories it moves into first"),
	F_INTS(struct spawn_in, processors, OPTIONAL, 0, INT_MAX, "on which it may run"),
	F_INT_DEF(struct spawn_in, become, ID_DEFAULT, 0, 0, "uid and gid taken first"),
	F_BOOL(struct spawn_in, thread, "a thread of the parent"),
	F_BOOL(struct spawn_in, layout, "gets a root file system of its own"),
	F_BOOL(struct spawn_in, procfs, "the /proc in it has to be of its own PID namespace"),
	F_BOOL(struct spawn_in, moat, "becomes the moat in which runtimes are launched"),
	F_STRS(struct spawn_in, programs, OPTIONAL, "NAME=FILE of programs that the moat adds"),
	F_INT(struct spawn_in, pid_max, OPTIONAL, 0, 4194304,
	      "kernel.pid_max of its new PID namespace"),
	F_END
};

const struct field worker_in_fields[] = {
	F_FD(struct worker_in, channel, REQUIRED, "the new worker's end of its channel"),
	F_END
};

const struct field links_in_fields[] = {
	F_INT(struct links_in, types, REQUIRED, 0, 0, "mask of namespace kinds"),
	F_END
};

const struct field links_out_fields[] = {
	F_FDS(struct links_out, fds, REQUIRED, "one descriptor a kind, in the order of enum ns"),
	F_END
};

const struct field spawn_out_fields[] = {
	F_FD(struct spawn_out, pidfd, REQUIRED, "its pidfd"),
	F_END
};
