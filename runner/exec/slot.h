/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of exec.c's slots: peers (agents at the other end of a channel) and the
 * descriptors a cell holds.
 */
#ifndef NSC_SLOT_H
#define NSC_SLOT_H

#include "exec/exec.h"
#include "exec/shared.h"
#include "nsc/wire.h"

struct slot;

/* The index of a cell that is not in the plan: the canary. */
#define EXEC_CANARY SIZE_MAX

enum watch_kind { WATCH_CHANNEL, WATCH_PROCESS };
enum pending { PENDING_NONE, PENDING_SPAWN, PENDING_LINKS, PENDING_STEP };

struct watch {
	enum watch_kind kind;
	struct peer *peer;
};

struct peer {
	struct slot *slot;
	const char *name;
	struct watch channel_watch, process_watch;
	int channel, pidfd, cred_sock;
	bool process_watched;
	uint32_t seq;
	enum pending pending;
	size_t pending_index; /* the actor being spawned, or the step */
	bool dead;
};

enum phase { PHASE_IDLE, PHASE_ARENA, PHASE_ACTORS, PHASE_STEPS, PHASE_DYING };

struct slot {
	const struct exec_config *config;
	struct shared *shared;
	struct slot *first; /* of the loop: its worker makes those of the others */
	size_t started_as; /* .starts when the cell began, 0 when others were under way */
	int epoll;
	struct pool pool; /* of the cell */
	pid_t worker_pid;
	struct peer worker, arena, *actors;
	enum phase phase;
	size_t index; /* of the cell in the plan */
	struct cell cell;
	struct script script;
	struct trace trace;
	size_t at;	     /* actor or step that is under way */
	struct peer *waiting; /* for this peer, or NULL */
	struct wire_fds links; /* nsfs descriptors for the join under way */
	bool have_links;
	int64_t started_ns, sent_ns, deadline_ns, cell_deadline_ns;
	bool late_once;    /* the deadline has been moved once already */
	bool unborn;	   /* who is being made is gone, which its parent may still explain */
	int *fds;	     /* descriptors that results brought */
	size_t n_fds, room_fds;
	unsigned cgroup;     /* number of the cell's directories, 0: none */
};

void peer_init(struct peer *peer, struct slot *slot, const char *name);
/* Watch the channel (and later the process) in the slot's epoll. */
/* False when it cannot be watched, which closes it. */
bool peer_connect(struct peer *peer, int channel);
bool peer_watch_process(struct peer *peer);
void peer_disconnect(struct peer *peer); /* closes the channel only */
void peer_close(struct peer *peer);
enum call_how {
	CALL_TRIAL = 1, /* in a child of the agent */
	CALL_CHECK = 2, /* with the op's own check */
};
/* Send one call, HOW of enum call_how: 0, or -errno, which need not mean that the peer is gone. */
int peer_call(struct peer *peer, enum pending pending, size_t index, const char *op,
	      const struct value *with, int64_t within_ns, unsigned how);

/* See that the slot has a worker: NULL, or why it has none, in the slot's pool. */
const char *worker_ready(struct slot *slot);
void worker_stop(struct slot *slot);

void slot_keep_fds(struct slot *slot, const struct wire_fds *fds);
void slot_forget_fd(struct slot *slot, int fd);
void slot_close_fds(struct slot *slot);

#endif
