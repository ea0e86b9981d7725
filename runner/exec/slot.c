// SPDX-License-Identifier: GPL-2.0-only
/*
 * Peers, workers and a cell's descriptors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "nsc/patience.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "exec/slot.h"

/* The first worker may be placing an arena when another is wanted. */
#define COPY_WITHIN_NS 2000000000ll

void peer_init(struct peer *peer, struct slot *slot, const char *name)
{
	*peer = (struct peer){
		.slot = slot, .name = name, .channel = -1, .pidfd = -1, .cred_sock = -1
	};
	peer->channel_watch = (struct watch){ WATCH_CHANNEL, peer };
	peer->process_watch = (struct watch){ WATCH_PROCESS, peer };
}

static bool watch(struct peer *peer, int fd, struct watch *w, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = w };

	return epoll_ctl(peer->slot->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

bool peer_connect(struct peer *peer, int channel)
{
	peer->channel = channel;
	if (watch(peer, channel, &peer->channel_watch, EPOLLIN))
		return true;
	fd_close(&peer->channel);
	return false;
}

bool peer_watch_process(struct peer *peer)
{
	peer->process_watched = true;
	return watch(peer, peer->pidfd, &peer->process_watch, EPOLLIN | EPOLLONESHOT);
}

/*
 * A child between fork and exec, or an agent that was sent the pidfd, may have a copy of the
 * descriptor; epoll would go on reporting it, with the address of a peer that is no more.
 */
static void unwatch(struct peer *peer, int *fd)
{
	if (*fd >= 0)
		epoll_ctl(peer->slot->epoll, EPOLL_CTL_DEL, *fd, NULL);
	fd_close(fd);
}

void peer_disconnect(struct peer *peer)
{
	unwatch(peer, &peer->channel);
}

void peer_close(struct peer *peer)
{
	peer_disconnect(peer);
	if (peer->process_watched)
		unwatch(peer, &peer->pidfd);
	fd_close(&peer->pidfd);
	fd_close(&peer->cred_sock);
	peer->pending = PENDING_NONE;
}

int peer_call(struct peer *peer, enum pending pending, size_t index, const char *op,
	      const struct value *with, int64_t within_ns, unsigned how)
{
	struct pool *pool = &peer->slot->pool;
	struct value *msg = value_map(pool);

	value_put(pool, msg, "op", value_str(pool, op));
	value_put(pool, msg, "with", (struct value *)with);
	value_put(pool, msg, "within_ns", value_int(pool, within_ns));
	if (how & CALL_TRIAL)
		value_put(pool, msg, "trial", value_bool(pool, true));
	if (how & CALL_CHECK)
		value_put(pool, msg, "check", value_bool(pool, true));
	if (patience_factor() > 1)
		value_put(pool, msg, "time_factor", value_int(pool, patience_factor()));
	peer->pending = pending;
	peer->pending_index = index;
	return wire_send(peer->channel, ++peer->seq, msg);
}

/*
 * A session of its own, so that signals of the terminal reach only the runner, which handles them.
 * Those that come before it has one stay blocked, and the worker drops them (agent_main()).
 */
static int spawn_worker(pid_t *pid, char *const argv[], const posix_spawn_file_actions_t *actions)
{
	char *const envp[] = { NULL };
	posix_spawnattr_t attr;
	sigset_t blocked;

	sigemptyset(&blocked);
	for (int i = 0; i < END_SIGNALS; i++)
		sigaddset(&blocked, end_signals[i]);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
	posix_spawnattr_setsigmask(&attr, &blocked);
	int error = posix_spawn(pid, "/proc/self/exe", actions, &attr, argv, envp);

	posix_spawnattr_destroy(&attr);
	return error;
}

/* A chroot may have no /dev/null: an empty memory file serves instead. */
static int open_null(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	return fd < 0 ? memfd_create("null", MFD_CLOEXEC) : fd;
}

/* The channel of a copy of the loop's first worker; -1 when it makes none, or not in time. */
static int worker_copy(struct slot *slot)
{
	struct pool *pool = &slot->pool;
	struct peer *of = &slot->first->worker;
	const int64_t within = patience(COPY_WITHIN_NS);
	const struct timeval limit = { .tv_sec = within / 1000000000 };
	struct value *call = value_map(pool), *with = value_map(pool), *pid;
	struct wire_fds fds;
	uint32_t seq;
	int pair[2];

	if (slot->first == slot || slot->first->worker_pid <= 0 || of->channel < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	value_put(pool, with, "channel", value_fd(pool, pair[1]));
	value_put(pool, call, "op", value_str(pool, "actor.worker"));
	value_put(pool, call, "with", with);
	setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	/* It may be carrying out another call, which has that number: nothing answers this one. */
	int rc = wire_send(of->channel, of->seq - 1, call);

	close(pair[1]);
	if (rc == 0 && wire_recv(pair[0], pool, &seq, &pid, &fds) == 1 && pid->type == VALUE_INT) {
		slot->worker_pid = (pid_t)pid->i;
		return pair[0];
	}
	close(pair[0]);
	return -1;
}

/* The channel of a worker that is executed; -1 with the reason in *WHY. */
static int worker_execute(struct slot *slot, const char **why)
{
	const struct exec_config *c = slot->config;
	char *const argv[] = { "nsconform", "agent",
			       c->disposable ? "disposable" :
			       c->here	     ? "here" :
			       c->inside     ? "inside" : NULL, NULL };
	posix_spawn_file_actions_t actions;
	AUTO_FD null = open_null();
	int pair[2];

	if (null < 0)
		*why = pool_printf(&slot->pool, "no worker: /dev/null: %s", strerror(errno));
	else if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		*why = pool_printf(&slot->pool, "no worker: socketpair: %s", strerror(errno));
	if (*why)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, null, 0);
	posix_spawn_file_actions_adddup2(&actions, null, 1);
	posix_spawn_file_actions_adddup2(&actions, pair[1], 3);
	int error = spawn_worker(&slot->worker_pid, argv, &actions);

	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	if (error) {
		close(pair[0]);
		slot->worker_pid = 0;
		*why = pool_printf(&slot->pool, "no worker: %s", strerror(error));
		return -1;
	}
	return pair[0];
}

static const char *worker_start(struct slot *slot)
{
	const char *why = NULL;
	int channel = worker_copy(slot);

	if (channel < 0)
		channel = worker_execute(slot, &why);
	if (why)
		return why;
	peer_init(&slot->worker, slot, "the worker");
	return peer_connect(&slot->worker, channel) ? NULL :
		"no worker: its channel cannot be watched";
}

const char *worker_ready(struct slot *slot)
{
	if (slot->worker_pid > 0 && slot->worker.channel >= 0)
		return NULL;
	worker_stop(slot);
	return worker_start(slot);
}

void worker_stop(struct slot *slot)
{
	if (slot->worker_pid <= 0)
		return;
	peer_close(&slot->worker);
	/* An idle worker would exit at end of file; SIGKILL loses nothing, and ends one that
	 * hangs. */
	kill(slot->worker_pid, SIGKILL);
	while (waitpid(slot->worker_pid, NULL, 0) < 0 && errno == EINTR)
		;
	slot->worker_pid = 0;
}

void slot_keep_fds(struct slot *slot, const struct wire_fds *fds)
{
	for (int i = 0; i < fds->n; i++) {
		if (slot->n_fds == slot->room_fds) {
			size_t room = slot->room_fds ? slot->room_fds * 2 : 16;
			int *grown = pool_array(&slot->pool, int, room);

			if (slot->n_fds)
				memcpy(grown, slot->fds, slot->n_fds * sizeof(int));
			slot->fds = grown;
			slot->room_fds = room;
		}
		slot->fds[slot->n_fds++] = fds->v[i];
	}
}

void slot_forget_fd(struct slot *slot, int fd)
{
	for (size_t i = 0; i < slot->n_fds; i++)
		if (slot->fds[i] == fd) {
			close(fd);
			slot->fds[i] = slot->fds[--slot->n_fds];
			return;
		}
}

void slot_close_fds(struct slot *slot)
{
	for (size_t i = 0; i < slot->n_fds; i++)
		close(slot->fds[i]);
	slot->fds = NULL;
	slot->n_fds = slot->room_fds = 0;
}
