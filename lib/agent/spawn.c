// SPDX-License-Identifier: GPL-2.0-only
/*
 * actor.spawn: fork a process, or start a thread, and place it.
 *
 * Between the parent, which answers the call, and the actor there may be go-betweens:
 *
 *   clone3   parent ─clone3─► actor
 *            parent ─fork─► go-between: sets offsets, becomes another user, joins ─clone3─► actor
 *   unshare  parent ─fork─► actor: unshare          (pid, time: ─fork─► actor)
 *   setns    parent ─fork─► actor: setns            (pid: ─fork─► actor)
 *                             └─clone3─► holder, alive as long as the joiner needs it
 *
 * All of them hold one end of a SOCK_SEQPACKET pair, on which they ask the parent to write id
 * maps (only it has the right to), hand over the actor's pidfd, and report success or the
 * step that failed.  Whatever fails here is the world not being built: broken.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/wire.h"
#include "root.h"

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

/* What goes over the pair: {map: dirfd}, {born: [pid, pidfd]}, {done: borne}, {failed: text}. */
static void tell(const struct birth *b, const char *key, struct value *v)
{
	AUTO_POOL pool = { 0 };
	struct value *msg = value_map(&pool);

	value_put(&pool, msg, key, v);
	wire_send(b->child_end, 0, msg);
}

static void fail(const struct birth *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
static void fail(const struct birth *b, const char *fmt, ...)
{
	AUTO_POOL pool = { 0 };
	int error = errno;
	va_list ap;

	va_start(ap, fmt);
	const char *what = pool_vprintf(&pool, fmt, ap);

	va_end(ap);
	tell(b, "failed", value_str(&pool, pool_printf(&pool, "%s: %s", what, strerror(error))));
	_exit(1);
}

/* Have the parent write the maps of the user namespace just entered. */
static void ask_for_maps(const struct birth *b)
{
	AUTO_POOL pool = { 0 };
	AUTO_FD self = open("/proc/thread-self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct wire_fds fds;
	struct value *reply;
	uint32_t seq;

	if (b->place.map == MAP_NONE && !b->place.uid_map.v && !b->place.gid_map.v)
		return;
	if (self < 0)
		fail(b, "open /proc/thread-self");
	tell(b, "map", value_fd(&pool, self));
	if (wire_recv(b->child_end, &pool, &seq, &reply, &fds) != 1)
		_exit(1); /* the parent failed and says so itself */
}

static void write_offsets(const struct birth *b)
{
	AUTO_POOL pool = { 0 };
	int64_t mono = b->place.monotonic, boot = b->place.boottime;
	int64_t billion = 1000000000;
	int64_t mono_s = mono / billion - (mono % billion < 0), boot_s = boot / billion - (boot % billion < 0);
	const char *text = pool_printf(&pool, "monotonic %lld %lld\nboottime %lld %lld\n",
				       (long long)mono_s, (long long)(mono - mono_s * billion),
				       (long long)boot_s, (long long)(boot - boot_s * billion));
	int rc = sys_write_file("/proc/self/timens_offsets", text);

	if (rc < 0) {
		errno = -rc;
		fail(b, "write timens_offsets");
	}
}

static bool has_offsets(const struct birth *b)
{
	return b->place.monotonic || b->place.boottime;
}

static void become(const struct birth *b, uid_t id)
{
	if (syscall(SYS_setgroups, 0, NULL) < 0 || syscall(SYS_setresgid, id, id, id) < 0 ||
	    syscall(SYS_setresuid, id, id, id) < 0)
		fail(b, "become user %u", id);
	/* Changed ids make a process undumpable, and its /proc files root's (proc(5)). */
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		fail(b, "PR_SET_DUMPABLE");
}

static void take_groups(const struct birth *b)
{
	const struct ints *groups = &b->place.groups;
	gid_t list[64];

	if (!groups->v)
		return;
	if (groups->n > 64) {
		errno = E2BIG;
		fail(b, "groups");
	}
	for (size_t i = 0; i < groups->n; i++)
		list[i] = (gid_t)groups->v[i];
	if (syscall(SYS_setgroups, groups->n, list) < 0)
		fail(b, "setgroups");
}

static void take_ids(const struct birth *b)
{
	uid_t uid = (uid_t)b->place.uid;
	gid_t gid = (gid_t)b->place.gid;

	take_groups(b);
	if (b->place.gid >= 0 && syscall(SYS_setresgid, gid, gid, gid) < 0)
		fail(b, "setresgid %u", gid);
	if (b->place.uid >= 0 && syscall(SYS_setresuid, uid, uid, uid) < 0)
		fail(b, "setresuid %u", uid);
	if ((b->place.uid >= 0 || b->place.gid >= 0) && prctl(PR_SET_DUMPABLE, 1) < 0)
		fail(b, "PR_SET_DUMPABLE");
}

static void drop_caps(const struct birth *b)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (!b->place.drop)
		return;
	for (int cap = 0; cap < 64; cap++)
		/* EPERM without CAP_SETPCAP: the bounding set then stays, the others go. */
		if ((b->place.drop & (1ull << cap)) && prctl(PR_CAPBSET_READ, cap) == 1)
			prctl(PR_CAPBSET_DROP, cap);
	if (syscall(SYS_capget, &header, data) < 0)
		fail(b, "capget");
	for (int half = 0; half < 2; half++) {
		uint32_t keep = ~(uint32_t)(b->place.drop >> (32 * half));

		data[half].effective &= keep;
		data[half].permitted &= keep;
		data[half].inheritable &= keep;
	}
	if (syscall(SYS_capset, &header, data) < 0)
		fail(b, "capset");
}

static void set_signals(const struct birth *b)
{
	for (int sig = 1; sig < 32; sig++)
		if (b->place.ignore & (1ull << sig))
			signal(sig, SIG_IGN);
	if (b->place.subreaper && prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		fail(b, "PR_SET_CHILD_SUBREAPER");
}

static void make_root(const struct birth *b)
{
	const char *failed = NULL;

	if (b->in->layout || b->place.root == ROOT_FRESH)
		failed = root_fresh();
	if (!failed && b->place.proc)
		failed = root_proc();
	if (failed)
		fail(b, "%s", failed);
}

/* The kernel said yes; see that it is so.  A lie must not become a pass. */
static void verify(const struct birth *b)
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct ns_id now;

		if (!(b->place.new & b->known & NS_BIT(ns)) || ns_self(ns, &now) < 0)
			continue;
		if (ns_same(&now, &b->before[ns])) {
			errno = 0;
			fail(b, "the kernel reported success but the %s namespace is still the old one",
			     ns_kinds[ns].title);
		}
	}
}

/* So that a cell that forks without end takes its own numbers, not the machine's. */
static void limit_pids(const struct birth *b)
{
	char text[24];

	if (!b->in->pid_max)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)b->in->pid_max);
	int rc = sys_write_file("/proc/sys/kernel/pid_max", text);

	if (rc < 0) {
		errno = -rc;
		fail(b, "write kernel.pid_max");
	}
}

static void leave_beacon(const struct birth *b)
{
	if (b->in->beacon >= 0 && send(b->in->beacon, "", 1, MSG_NOSIGNAL) != 1)
		fail(b, "leave the beacon");
}

/* The call's descriptors but the channel: an actor that kept them would pin namespaces. */
static void forget_parameters(const struct birth *b)
{
	if (b->in->beacon >= 0)
		close(b->in->beacon);
	for (size_t i = 0; i < b->in->join.n; i++)
		close(b->in->join.v[i]);
	for (size_t i = 0; i < b->in->cgroups.n; i++)
		close(b->in->cgroups.v[i]);
}

/* The last process of the chain becomes the actor. */
static void arrive(const struct birth *b) __attribute__((noreturn));
static void arrive(const struct birth *b)
{
	struct agent agent = *b->agent;
	AUTO_POOL pool = { 0 };

	verify(b);
	limit_pids(b);
	make_root(b);
	set_signals(b);
	take_ids(b);
	drop_caps(b);
	leave_beacon(b);
	agent.fenced |= (unsigned)b->place.new;
	agent.keep = b->hold;
	agent.channel = b->in->channel;
	forget_parameters(b);
	tell(b, "done", value_bool(&pool, b->borne));
	close(b->child_end);
	agent_serve(&agent);
}

/* Fork or clone the actor, tell the parent its pidfd, and go: the child arrives. */
static void bear(const struct birth *b, uint64_t flags) __attribute__((noreturn));
static void bear(const struct birth *b, uint64_t flags)
{
	int pidfd = -1;
	struct clone_request req = { .flags = flags | CLONE_PIDFD, .pidfd = &pidfd,
				     .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);

	if (pid == 0) {
		struct birth mine = *b;

		mine.borne = true;
		if (flags & CLONE_NEWUSER)
			ask_for_maps(&mine);
		arrive(&mine);
	}
	if (pid < 0) {
		errno = -pid;
		fail(b, "clone3 of the actor");
	}
	AUTO_POOL pool = { 0 };
	struct value *born = value_list(&pool);

	value_push(&pool, born, value_int(&pool, pid));
	value_push(&pool, born, value_fd(&pool, pidfd));
	tell(b, "born", born);
	_exit(0);
}

static void set_offsets_for_children(const struct birth *b)
{
	if (unshare(CLONE_NEWTIME) < 0)
		fail(b, "unshare(CLONE_NEWTIME)");
	write_offsets(b);
}

static void enter_by_clone3(struct birth *b) __attribute__((noreturn));
static void enter_by_clone3(struct birth *b)
{
	if (has_offsets(b))
		set_offsets_for_children(b);
	bear(b, ns_flags((unsigned)b->place.new));
}

static void enter_by_unshare(struct birth *b, bool fork_needed) __attribute__((noreturn));
static void enter_by_unshare(struct birth *b, bool fork_needed)
{
	unsigned new = (unsigned)b->place.new;

	if (unshare((int)ns_flags(new)) < 0)
		fail(b, "unshare");
	if (new & NSM_USER)
		ask_for_maps(b);
	if (has_offsets(b))
		write_offsets(b);
	if (fork_needed || (new & (NSM_PID | NSM_TIME)))
		bear(b, 0);
	arrive(b);
}

/* The holder: born in the new namespaces, shows them, and stays until nobody needs it. */
static void hold(const struct birth *b, int end) __attribute__((noreturn));
static void hold(const struct birth *b, int end)
{
	AUTO_POOL pool = { 0 };
	char byte;

	close(b->in->channel);
	if (b->place.new & NSM_USER)
		ask_for_maps(b);
	AUTO_FD links = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (links < 0)
		fail(b, "open /proc/self/ns");
	close(b->child_end);
	wire_send(end, 0, value_fd(&pool, links));
	while (recv(end, &byte, 1, 0) < 0 && errno == EINTR)
		;
	_exit(0);
}

static void open_links(const struct birth *b, int end, int fds[NS_COUNT])
{
	AUTO_POOL pool = { 0 };
	struct wire_fds got;
	struct value *links;
	uint32_t seq;

	if (wire_recv(end, &pool, &seq, &links, &got) != 1)
		_exit(1); /* the holder has told why */
	for (int ns = 0; ns < NS_COUNT; ns++) {
		fds[ns] = -1;
		if (!(b->place.new & NS_BIT(ns)))
			continue;
		fds[ns] = openat(links->fd, ns_kinds[ns].name, O_RDONLY | O_CLOEXEC);
		if (fds[ns] < 0)
			fail(b, "open the holder's ns/%s", ns_kinds[ns].name);
	}
	wire_fds_close(&got);
}

/*
 * Joining a mount namespace leads to its root (setns(2)); the actor's place is where its
 * parent was, if the namespace joined has such a directory.
 */
static void return_to(const struct birth *b, const char *cwd)
{
	if (*cwd == '/' && chdir(cwd) < 0 && errno != ENOENT)
		fail(b, "chdir %s", cwd);
}

static const char *directory(char cwd[PATH_MAX])
{
	return getcwd(cwd, PATH_MAX) ? cwd : "";
}

static void enter_by_setns(struct birth *b, bool fork_needed) __attribute__((noreturn));
static void enter_by_setns(struct birth *b, bool fork_needed)
{
	unsigned new = (unsigned)b->place.new;
	int pair[2], fds[NS_COUNT];
	char path[PATH_MAX];
	const char *cwd = directory(path);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		fail(b, "socketpair");
	if (has_offsets(b))
		set_offsets_for_children(b);
	struct clone_request req = { .flags = ns_flags(new), .exit_signal = SIGCHLD };
	pid_t holder = sys_clone3(&req);

	if (holder == 0) {
		close(pair[0]);
		hold(b, pair[1]);
	}
	close(pair[1]);
	if (holder < 0) {
		errno = -holder;
		fail(b, "clone3 of the holder");
	}
	open_links(b, pair[0], fds);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (fds[ns] >= 0 && setns(fds[ns], (int)ns_kinds[ns].flag) < 0)
			fail(b, "setns(%s)", ns_kinds[ns].name);
		fd_close(&fds[ns]);
	}
	return_to(b, cwd);
	/* Only a PID namespace dies with the holder, which is its PID 1. */
	b->hold = new & NSM_PID ? pair[0] : -1;
	if (b->hold < 0) {
		close(pair[0]);
		waitpid(holder, NULL, 0);
	}
	if (fork_needed || (new & NSM_PID))
		bear(b, 0);
	arrive(b);
}

static void join(const struct birth *b)
{
	unsigned types = (unsigned)b->in->join_types;
	char path[PATH_MAX];
	const char *cwd = directory(path);
	size_t at = 0;

	if (!types)
		return;
	if (b->in->join_by == JOIN_PIDFD) {
		if (setns(b->in->join.v[0], (int)ns_flags(types)) < 0)
			fail(b, "setns(pidfd)");
		return_to(b, cwd);
		return;
	}
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((types & NS_BIT(ns)) && setns(b->in->join.v[at++], (int)ns_kinds[ns].flag) < 0)
			fail(b, "setns(%s)", ns_kinds[ns].name);
	return_to(b, cwd);
}

static void join_cgroups(const struct birth *b)
{
	for (size_t i = 0; i < b->in->cgroups.n; i++) {
		int rc = sys_write_at(b->in->cgroups.v[i], "cgroup.procs", "0");

		if (rc < 0) {
			errno = -rc;
			fail(b, "move into the cell's cgroup");
		}
	}
}

/* A process between the parent and the actor; it may become the actor itself. */
static void go_between(struct birth *b) __attribute__((noreturn));
static void go_between(struct birth *b)
{
	bool fork_needed = (b->in->join_types & NSM_PID) != 0;

	join_cgroups(b);
	if (b->in->become >= 0)
		become(b, (uid_t)b->in->become);
	join(b);
	if (!b->place.new && fork_needed)
		bear(b, 0);
	if (!b->place.new)
		arrive(b);
	if (b->place.via == VIA_UNSHARE)
		enter_by_unshare(b, fork_needed);
	if (b->place.via == VIA_SETNS)
		enter_by_setns(b, fork_needed);
	enter_by_clone3(b);
}

/* Nothing to do before the namespaces: the first clone3 makes the actor. */
static bool is_direct(const struct birth *b)
{
	return (b->place.via == VIA_CLONE3 || !b->place.new) && !has_offsets(b) &&
	       b->in->become < 0 && !b->in->join_types && !b->in->cgroups.n;
}

static const char *map_line(struct pool *pool, int64_t map, unsigned id)
{
	return pool_printf(pool, "%u %u 1", map == MAP_ROOT ? 0 : id, id);
}

static const char *map_text(struct pool *pool, const struct strs *lines)
{
	const char *text = "";

	for (size_t i = 0; i < lines->n; i++)
		text = pool_printf(pool, "%s%s\n", text, lines->v[i]);
	return text;
}

/* Write what the place says into the /proc directory of the new namespace's first process. */
static const char *write_maps(struct op_ctx *ctx, const struct birth *b, int dir)
{
	const struct place *p = &b->place;
	bool explicit = p->uid_map.v || p->gid_map.v;
	int64_t setgroups = explicit ? p->setgroups : SETGROUPS_DENY;
	unsigned uid = geteuid(), gid = getegid();
	const struct {
		const char *file, *text;
	} writes[] = {
		{ "setgroups", setgroups == SETGROUPS_DENY  ? "deny" :
			       setgroups == SETGROUPS_ALLOW ? "allow" : NULL },
		{ "uid_map", p->uid_map.v ? map_text(ctx->pool, &p->uid_map) :
			     explicit	  ? NULL : map_line(ctx->pool, p->map, uid) },
		{ "gid_map", p->gid_map.v ? map_text(ctx->pool, &p->gid_map) :
			     explicit	  ? NULL : map_line(ctx->pool, p->map, gid) },
	};

	/* The arena's parent is root, its user is not: the own id is the one taken. */
	for (size_t i = 0; i < sizeof(writes) / sizeof(*writes); i++) {
		const char *text = writes[i].text;

		if (text && b->in->become >= 0 && i > 0 && !explicit)
			text = map_line(ctx->pool, p->map, (unsigned)b->in->become);
		int rc = text ? sys_write_at(dir, writes[i].file, text) : 0;

		if (rc < 0)
			return pool_printf(ctx->pool, "write %s: %s", writes[i].file, strerror(-rc));
	}
	return NULL;
}

/* Answer one message of the pair; 1 when the actor has arrived, 0 to go on, or broken. */
static int serve_one(struct birth *b, const struct value *msg, struct wire_fds *fds,
		     struct spawn_out *out)
{
	struct op_ctx *ctx = b->ctx;
	const struct value *map = value_get(msg, "map"), *born = value_get(msg, "born");
	const struct value *failed = value_get(msg, "failed");

	if (failed)
		return op_broken(ctx, "%s", value_text(failed));
	if (map) {
		const char *why = write_maps(ctx, b, map->fd);

		wire_fds_close(fds);
		if (why)
			return op_broken(ctx, "%s", why);
		return wire_send(b->parent_end, 0, value_nil(ctx->pool)) < 0 ?
			       op_broken(ctx, "the new process died waiting for its maps") : 0;
	}
	if (born) {
		out->pid = born->list.items[0]->i;
		fd_close(&out->pidfd);
		out->pidfd = born->list.items[1]->fd;
		b->born = true;
		return b->done;
	}
	/* The actor may be quicker than the go-between, which alone knows the actor's pidfd. */
	const struct value *borne = value_get(msg, "done");

	b->done = true;
	return b->born || !(borne && borne->type == VALUE_BOOL && borne->b);
}

static int serve(struct birth *b, struct spawn_out *out)
{
	struct wire_fds fds;
	struct value *msg;
	uint32_t seq;

	for (;;) {
		if (sys_wait_readable(b->parent_end, b->ctx->deadline_ns) != 1)
			return op_broken(b->ctx, "placement took too long");
		if (wire_recv(b->parent_end, b->ctx->pool, &seq, &msg, &fds) != 1)
			return op_broken(b->ctx, "the new process died while it was placed");
		int rc = serve_one(b, msg, &fds, out);

		if (rc)
			return rc == 1 ? 0 : rc;
	}
}

/* In the first child: forget what belongs to the parent. */
static void child_start(struct birth *b)
{
	if (!(b->place.share & CLONE_FILES)) {
		close(b->parent_end);
		close(b->agent->channel);
	}
	signal(SIGCHLD, SIG_DFL);
}

static int spawn_process(struct birth *b, struct spawn_out *out)
{
	bool direct = is_direct(b);
	struct clone_request req = {
		.flags = CLONE_PIDFD | b->place.share | (direct ? ns_flags((unsigned)b->place.new) : 0),
		.pidfd = &out->pidfd, .exit_signal = SIGCHLD,
	};
	pid_t pid = sys_clone3(&req);

	if (pid == 0) {
		child_start(b);
		if (!direct)
			go_between(b);
		if (b->place.new & NSM_USER)
			ask_for_maps(b);
		arrive(b);
	}
	if (pid < 0)
		return op_broken(b->ctx, "clone3: %s", strerror(-pid));
	fd_close(&b->child_end);
	out->pid = pid;
	int rc = serve(b, out);

	/* A go-between that has borne the actor is gone at once. */
	if (rc == 0 && out->pid != pid)
		waitpid(pid, NULL, 0);
	if (rc != 0)
		fd_close(&out->pidfd);
	return rc;
}

struct thread_start {
	struct agent agent;
	unsigned new; /* what it unshares, which the kernel does for one thread alone */
	int error;
	sem_t taken;
};

static void *thread_main(void *arg)
{
	struct thread_start *start = arg;
	struct agent agent = start->agent;
	int error = start->new && unshare((int)ns_flags(start->new)) < 0 ? errno : 0;

	agent.fenced |= start->new;
	start->error = error;
	sem_post(&start->taken);
	if (error)
		return NULL;
	agent_serve(&agent);
}

static int spawn_thread(struct op_ctx *ctx, const struct spawn_in *in, struct spawn_out *out)
{
	struct thread_start start = { .agent = *ctx->agent };
	pthread_attr_t attr;
	pthread_t thread;
	struct place place;

	fields_bind(ctx->pool, place_fields, in->place, &place);
	start.new = (unsigned)place.new;
	sem_init(&start.taken, 0, 0);
	start.agent.channel = fcntl(in->channel, F_DUPFD_CLOEXEC, 3);
	if (in->beacon >= 0 && send(in->beacon, "", 1, MSG_NOSIGNAL) != 1)
		return op_broken(ctx, "leave the beacon: %m");
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	int error = pthread_create(&thread, &attr, thread_main, &start);

	pthread_attr_destroy(&attr);
	while (!error && sem_wait(&start.taken) < 0)
		;
	if (!error)
		error = start.error;
	out->pid = 0;
	out->pidfd = sys_pidfd_open(getpid(), 0);
	return error ? op_broken(ctx, "start the thread: %s", strerror(error)) : 0;
}

int spawn_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct spawn_out *out = results;
	struct birth b = { .ctx = ctx, .agent = ctx->agent, .in = params, .hold = -1 };
	int pair[2];

	if (b.in->thread)
		return spawn_thread(ctx, b.in, out);
	fields_bind(ctx->pool, place_fields, b.in->place, &b.place);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((b.place.new & NS_BIT(ns)) && ns_self(ns, &b.before[ns]) == 0)
			b.known |= NS_BIT(ns);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return op_broken(ctx, "socketpair: %m");
	b.parent_end = pair[0];
	b.child_end = pair[1];
	int rc = spawn_process(&b, out);

	fd_close(&b.parent_end);
	fd_close(&b.child_end);
	return rc;
}
