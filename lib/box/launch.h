/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters and results of the ops that build boxes: their rows are in fields.c.
 */
#ifndef NSC_LAUNCH_H
#define NSC_LAUNCH_H

#include "nsc/box.h"

struct launch_in {
	const char *id, *name, *nonce;
	const struct value *files; /* path, text, path, text ... */
	struct strs directories, tolerates, image, open;
	uint64_t with;
	const struct value *prepare, *daemons;
	struct strs command, environment;
	const struct value *place;
	int cred_sock;
	struct fds pass;
	bool directory, further, foreign, detaches, move;
};

struct launch_out {
	int64_t state, code;
	const char *said, *cwd;
	uint64_t new;
	bool foreign;
	int64_t number, pid;
	struct strs changes;
	int channel, pidfd, launcher, status, before, listener;
	struct fds daemons;
};

struct end_in {
	const char *id;
	struct actor_ref actor;
	int launcher, status, before, listener;
	struct fds daemons;
	const struct value *cleanup;
	bool removes;
	struct strs environment, tolerates;
	uint64_t except;
};

struct end_out {
	bool ended;
	int64_t code, agents;
	const char *said;
	struct strs changes;
};

struct seen_in {
	struct actor_ref actor;
};

/* What a process is, seen from inside or from outside. */
struct reading {
	const char *hostname, *domainname, *cwd, *machine;
	struct strs uid_map, gid_map, rlimits, fds, env, variables;
	int64_t monotonic, boottime;
	struct ints groups, uids, gids;
	int64_t uid, gid, umask, oom_score_adj, seccomp, session, keyring, terminal;
	bool no_new_privs;
	uint64_t effective, permitted, inheritable, bounding, ambient;
};

extern const struct field launch_in_fields[], launch_out_fields[];
extern const struct field end_in_fields[], end_out_fields[];
extern const struct field seen_in_fields[], reading_fields[];

/* In a box, before anything is opened: note which descriptors are open. */
void reading_begin(void);

#endif
