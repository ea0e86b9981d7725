// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way into the namespaces: clone3, unshare, setns, joining others, and the processes that
 * these need between the parent and the actor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "birth.h"
#include "nsc/procdir.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/wire.h"

/*
 * Root owns the files in /proc of a process that is not dumpable (proc(5)), so that neither the
 * process nor its parent could write them. Returns the value for restore_dumpable().
 */
static int become_dumpable(void)
{
	int before = prctl(PR_GET_DUMPABLE);

	if (before != 1)
		prctl(PR_SET_DUMPABLE, 1);
	return before;
}

/* Other values than 0 and 1 cannot be set. */
static void restore_dumpable(int before)
{
	if (before == 0)
		prctl(PR_SET_DUMPABLE, 0);
}

/* As the kernel has it: one line, of its maker's id (user_namespaces(7)). */
bool birth_maps_itself(const struct birth *b)
{
	return !b->place.uid_map.v && !b->place.gid_map.v;
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

int birth_write_maps(const struct birth *b, int dir, const char **file)
{
	struct pool *pool = b->ctx->pool;
	const struct place *p = &b->place;
	bool explicit = !birth_maps_itself(b);
	int64_t setgroups = explicit ? p->setgroups : SETGROUPS_DENY;
	const struct {
		const char *file, *text;
	} writes[] = {
		{ "setgroups", setgroups == SETGROUPS_DENY  ? "deny" :
			       setgroups == SETGROUPS_ALLOW ? "allow" : NULL },
		{ "uid_map", p->uid_map.v ? map_text(pool, &p->uid_map) :
			     explicit	  ? NULL : map_line(pool, p->map, b->uid) },
		{ "gid_map", p->gid_map.v ? map_text(pool, &p->gid_map) :
			     explicit	  ? NULL : map_line(pool, p->map, b->gid) },
	};

	for (size_t i = 0; i < sizeof(writes) / sizeof(*writes); i++) {
		int rc = writes[i].text ? sys_write_at(dir, writes[i].file, writes[i].text) : 0;

		*file = writes[i].file;
		if (rc < 0)
			return rc;
	}
	return 0;
}

static void ask_for_maps(const struct birth *b, int self)
{
	struct pool *pool = b->ctx->pool;
	struct wire_fds fds;
	struct value *reply;
	uint32_t seq;

	birth_tell(b, "map", value_fd(pool, self));
	if (wire_recv(b->child_end, pool, &seq, &reply, &fds) != 1)
		_exit(1); /* the parent failed and says so itself */
}

void birth_map(const struct birth *b)
{
	const char *file;

	birth_verify(b, NSM_USER, NULL);
	if (b->place.map == MAP_NONE && birth_maps_itself(b))
		return;
	AUTO_FD self = open("/proc/thread-self", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (self < 0)
		birth_fail(b, "open /proc/thread-self");
	int dumpable = become_dumpable();
	int rc = birth_maps_itself(b) ? birth_write_maps(b, self, &file) : 0;

	if (rc < 0) {
		errno = -rc;
		birth_refused(b, (int)b->place.via, 0, "write %s", file);
	}
	if (!birth_maps_itself(b))
		ask_for_maps(b, self);
	restore_dumpable(dumpable);
}

static void write_offsets(const struct birth *b)
{
	struct pool *pool = b->ctx->pool;
	int64_t mono = b->place.monotonic, boot = b->place.boottime;
	int64_t billion = 1000000000;
	int64_t mono_s = mono / billion - (mono % billion < 0),
		boot_s = boot / billion - (boot % billion < 0);
	const char *text = pool_printf(pool, "monotonic %lld %lld\nboottime %lld %lld\n",
				       (long long)mono_s, (long long)(mono - mono_s * billion),
				       (long long)boot_s, (long long)(boot - boot_s * billion));
	int dumpable = become_dumpable();
	int rc = sys_write_file("/proc/self/timens_offsets", text);

	if (rc < 0) {
		errno = -rc;
		birth_refused(b, VIA_SETNS, 0, "write timens_offsets");
	}
	restore_dumpable(dumpable);
}

bool birth_has_offsets(const struct birth *b)
{
	return b->place.monotonic || b->place.boottime;
}

static void become(const struct birth *b, uid_t id)
{
	if (sys_call(ID_CALL(setgroups), 0, NULL) < 0 ||
	    sys_call(ID_CALL(setresgid), id, id, id) < 0 ||
	    sys_call(ID_CALL(setresuid), id, id, id) < 0)
		birth_fail(b, "become user %u", id);
	birth_verify_groups(b, 0);
	birth_verify_ids(b, "setresuid, setresgid", id, id);
	/* Changed ids make a process undumpable, and its /proc files root's (proc(5)). */
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		birth_fail(b, "PR_SET_DUMPABLE");
}

/*
 * Fork or clone the actor, tell the parent its pidfd if the actor does not answer itself, and go:
 * the child arrives, after it has seen to the maps of a user namespace that has none (UNMAPPED).
 */
static void bear(const struct birth *b, uint64_t flags, bool unmapped) __attribute__((noreturn));
static void bear(const struct birth *b, uint64_t flags, bool unmapped)
{
	bool tells = b->child_end >= 0;
	int pidfd = -1;
	struct clone_request req = { .flags = flags | (tells ? CLONE_PIDFD : 0),
				     .pidfd = tells ? &pidfd : NULL, .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);

	if (pid == 0) {
		struct birth mine = *b;

		mine.borne = true;
		birth_open_self(&mine);
		if (unmapped)
			birth_map(&mine);
		birth_arrive(&mine);
	}
	if (pid < 0) {
		errno = -pid;
		birth_refused(b, VIA_CLONE3, b->place.via == VIA_CLONE3 && flags ?
			      (unsigned)b->place.new : 0, "clone3 of the actor");
	}
	if (!tells)
		_exit(0);
	if (pidfd < 0)
		birth_did_nothing(b, "clone3(CLONE_PIDFD)", "there is no pidfd");
	struct pool *pool = b->ctx->pool;
	struct value *born = value_list(pool);

	value_push(pool, born, value_int(pool, pid));
	value_push(pool, born, value_fd(pool, pidfd));
	birth_tell(b, "born", born);
	_exit(0);
}

/* unshare, and see that children will get another time namespace than before. */
static void unshare_kinds(const struct birth *b, unsigned kinds)
{
	static const char time[] = "/proc/thread-self/ns/time_for_children";
	struct stat before, after;
	bool known = (kinds & NSM_TIME) && stat(time, &before) == 0;

	if (unshare((int)ns_flags(kinds)) < 0)
		birth_refused(b, VIA_UNSHARE, kinds, "unshare");
	if (known && stat(time, &after) == 0 && before.st_ino == after.st_ino)
		birth_unmoved(b, VIA_UNSHARE, kinds, NS_TIME);
}

static void set_offsets_for_children(const struct birth *b)
{
	unshare_kinds(b, NSM_TIME);
	write_offsets(b);
}

/*
 * Offsets are written before anybody is in the namespace, by a process that has CAP_SYS_ADMIN over
 * it: with a new user namespace, from within that one.
 */
static void enter_by_clone3(struct birth *b) __attribute__((noreturn));
static void enter_by_clone3(struct birth *b)
{
	unsigned new = (unsigned)b->place.new;

	if (birth_has_offsets(b) && (new & NSM_USER)) {
		unshare_kinds(b, NSM_USER);
		birth_map(b);
		new &= ~(unsigned)NSM_USER;
	}
	if (birth_has_offsets(b))
		set_offsets_for_children(b);
	bear(b, ns_flags(new), new & NSM_USER);
}

static void enter_by_unshare(struct birth *b, bool fork_needed) __attribute__((noreturn));
static void enter_by_unshare(struct birth *b, bool fork_needed)
{
	unsigned new = (unsigned)b->place.new;
	bool bears = fork_needed || (new & (NSM_PID | NSM_TIME)), unmapped = new & NSM_USER;

	unshare_kinds(b, new);
	/* While this one has the memory of the parent, that cannot write any. */
	if (unmapped && (!bears || birth_has_offsets(b))) {
		birth_map(b);
		unmapped = false;
	}
	if (birth_has_offsets(b))
		write_offsets(b);
	if (bears)
		bear(b, 0, unmapped);
	birth_arrive(b);
}

/* What the holder is born in: a time namespace with offsets is that of its future children. */
static unsigned holders_kinds(const struct birth *b)
{
	return (unsigned)b->place.new & ~(birth_has_offsets(b) ? (unsigned)NSM_TIME : 0);
}

/* The holder is born in the new namespaces, and keeps them alive until the joiner is in them. */
static void hold(struct birth *b, int end) __attribute__((noreturn));
static void hold(struct birth *b, int end)
{
	struct pool *pool = b->ctx->pool;
	char byte;

	close(b->in->channel);
	/* The holder must be dumpable, so that the joiner can open its links; it is born by
	 * clone3, whatever the actor's way. */
	become_dumpable();
	b->place.via = VIA_CLONE3;
	birth_verify(b, holders_kinds(b), NULL);
	if (b->place.new & NSM_USER)
		birth_map(b);
	if (birth_has_offsets(b))
		set_offsets_for_children(b);
	AUTO_FD links = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (links < 0)
		birth_fail(b, "open /proc/self/ns");
	close(b->child_end < 0 ? b->agent->channel : b->child_end);
	if (wire_send(end, 0, value_fd(pool, links)) < 0)
		_exit(1);
	while (recv(end, &byte, 1, 0) < 0 && errno == EINTR)
		;
	_exit(0);
}

static void open_links(const struct birth *b, int end, int fds[NS_COUNT])
{
	struct pool *pool = b->ctx->pool;
	struct wire_fds got;
	struct value *links;
	uint32_t seq;

	if (wire_recv(end, pool, &seq, &links, &got) != 1)
		_exit(1); /* the holder has told why */
	for (int ns = 0; ns < NS_COUNT; ns++) {
		fds[ns] = -1;
		if (!(b->place.new & NS_BIT(ns)))
			continue;
		/* The holder has set the offsets of the one that its children would be in. */
		bool pending = ns == NS_TIME && birth_has_offsets(b);
		const char *link = pending ? ns_kinds[ns].children : ns_kinds[ns].name;

		fds[ns] = openat(links->fd, link, O_RDONLY | O_CLOEXEC);
		if (fds[ns] < 0)
			birth_fail(b, "open the holder's ns/%s", link);
	}
	wire_fds_close(&got);
}

/*
 * A PID namespace goes with its first process, and clone(2) cannot make time namespaces: these
 * need a holder that lives.  A descriptor keeps the others.
 */
static bool needs_living_holder(const struct birth *b)
{
	return b->place.new & (NSM_PID | NSM_TIME);
}

struct shown {
	struct birth birth;
	int fds[NS_COUNT];
};

/* In the joiner's memory and with its descriptors: open the links for it. */
static void show(void *arg) __attribute__((noreturn));
static void show(void *arg)
{
	struct shown *shown = arg;
	struct birth *b = &shown->birth;

	b->place.via = VIA_CLONE3;
	birth_verify(b, (unsigned)b->place.new, NULL);
	if (b->place.new & NSM_USER)
		birth_map(b);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (!(b->place.new & NS_BIT(ns)))
			continue;
		shown->fds[ns] = open(pool_printf(b->ctx->pool, "/proc/thread-self/ns/%s",
						  ns_kinds[ns].name), O_RDONLY | O_CLOEXEC);
		if (shown->fds[ns] < 0)
			birth_fail(b, "open the holder's ns/%s", ns_kinds[ns].name);
	}
	_exit(0);
}

/*
 * Joining a mount namespace leads to its root (setns(2)); the actor's place is where its
 * parent was, if the namespace joined has such a directory.
 */
static void return_to(const struct birth *b, const char *cwd)
{
	if (*cwd == '/' && chdir(cwd) < 0 && errno != ENOENT)
		birth_fail(b, "chdir %s", cwd);
}

static const char *directory(char cwd[PATH_MAX])
{
	return getcwd(cwd, PATH_MAX) ? cwd : "";
}

/* Descriptors of the new namespaces from a holder that is gone when they are there. */
static void take_from_shown(const struct birth *b, int fds[NS_COUNT])
{
	struct shown shown = { .birth = *b, .fds = { [0 ... NS_COUNT - 1] = -1 } };
	pid_t holder = sys_clone_lent(CLONE_FILES | ns_flags((unsigned)b->place.new), NULL, show,
				      &shown);
	int status;

	if (holder < 0) {
		errno = -holder;
		birth_refused(b, VIA_CLONE3, (unsigned)b->place.new, "clone of the holder");
	}
	if (waitpid(holder, &status, 0) != holder || status)
		_exit(1); /* the holder has told why */
	memcpy(fds, shown.fds, sizeof(shown.fds));
}

/* Descriptors of the new namespaces from a holder that lives; one end of its pair is in b->hold. */
static pid_t take_from_holder(struct birth *b, int fds[NS_COUNT])
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		birth_fail(b, "socketpair");
	struct clone_request req = { .flags = ns_flags(holders_kinds(b)), .exit_signal = SIGCHLD };
	pid_t holder = sys_clone3(&req);

	if (holder == 0) {
		close(pair[0]);
		hold(b, pair[1]);
	}
	close(pair[1]);
	if (holder < 0) {
		errno = -holder;
		birth_refused(b, VIA_CLONE3, holders_kinds(b), "clone3 of the holder");
	}
	open_links(b, pair[0], fds);
	b->hold = pair[0];
	return holder;
}

static void enter_by_setns(struct birth *b, bool fork_needed) __attribute__((noreturn));
static void enter_by_setns(struct birth *b, bool fork_needed)
{
	unsigned new = (unsigned)b->place.new;
	int fds[NS_COUNT];
	char path[PATH_MAX];
	const char *cwd = directory(path);
	pid_t holder = 0;

	if (needs_living_holder(b))
		holder = take_from_holder(b, fds);
	else
		take_from_shown(b, fds);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (fds[ns] >= 0 && setns(fds[ns], (int)ns_kinds[ns].flag) < 0)
			birth_refused(b, VIA_SETNS, NS_BIT(ns), "setns(%s)", ns_kinds[ns].name);
		fd_close(&fds[ns]);
	}
	return_to(b, cwd);
	/* The holder may exit now, unless it is PID 1 of a new PID namespace, which would end
	 * with it. */
	if (holder && !(new & NSM_PID)) {
		fd_close(&b->hold);
		waitpid(holder, NULL, 0);
	}
	if (fork_needed || (new & NSM_PID))
		bear(b, 0, false);
	birth_arrive(b);
}

/* The namespaces that a join is to lead to, or nothing where that cannot be found out. */
static unsigned find_targets(const struct birth *b, struct ns_id targets[NS_COUNT])
{
	AUTO_FD dir = b->in->join_by == JOIN_PIDFD ?
			      procdir_of_pidfd(PROCDIR_MOUNTED, b->in->join.v[0]) : -1;
	AUTO_FD links = dir < 0 ? -1 : openat(dir, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	unsigned found = 0;
	size_t at = 0;

	for (int ns = 0; ns < NS_COUNT; ns++) {
		struct stat st;
		int rc = -1;

		if (!(b->in->join_types & NS_BIT(ns)))
			continue;
		if (b->in->join_by != JOIN_PIDFD)
			rc = fstat(b->in->join.v[at++], &st);
		else if (links >= 0)
			rc = fstatat(links, ns_kinds[ns].name, &st, 0);
		if (rc < 0)
			continue;
		targets[ns] = (struct ns_id){ st.st_dev, st.st_ino };
		found |= NS_BIT(ns);
	}
	return found;
}

/* LINKS were opened before: the namespaces joined may have another /proc, or none. */
static void see_joined(const struct birth *b, int links, unsigned known,
		       const struct ns_id targets[NS_COUNT])
{
	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *link = ns == NS_PID ? ns_kinds[ns].children : ns_kinds[ns].name;
		struct stat st;

		if (!(known & NS_BIT(ns)) || fstatat(links, link, &st, 0) < 0)
			continue;
		if (!ns_same(&targets[ns], &(struct ns_id){ st.st_dev, st.st_ino }))
			birth_unmoved(b, VIA_SETNS, (unsigned)b->in->join_types, ns);
	}
}

static void join(const struct birth *b)
{
	unsigned types = (unsigned)b->in->join_types;
	struct ns_id targets[NS_COUNT];
	char path[PATH_MAX];
	size_t at = 0;

	if (!types)
		return;
	const char *cwd = directory(path);
	unsigned known = find_targets(b, targets);
	AUTO_FD links = open("/proc/thread-self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (b->in->join_by == JOIN_PIDFD && setns(b->in->join.v[0], (int)ns_flags(types)) < 0)
		birth_refused(b, VIA_SETNS, 0, "setns(pidfd)");
	for (int ns = 0; b->in->join_by != JOIN_PIDFD && ns < NS_COUNT; ns++)
		if ((types & NS_BIT(ns)) && setns(b->in->join.v[at++], (int)ns_kinds[ns].flag) < 0)
			birth_refused(b, VIA_SETNS, 0, "setns(%s)", ns_kinds[ns].name);
	see_joined(b, links, known, targets);
	return_to(b, cwd);
}

static void join_cgroups(const struct birth *b)
{
	for (size_t i = 0; i < b->in->cgroups.n; i++) {
		int rc = sys_write_at(b->in->cgroups.v[i], "cgroup.procs", "0");

		if (rc < 0) {
			errno = -rc;
			birth_fail(b, "move into the cell's cgroup");
		}
	}
}

void birth_go_between(struct birth *b)
{
	bool fork_needed = (b->in->join_types & NSM_PID) != 0;

	join_cgroups(b);
	if (b->in->become >= 0)
		become(b, (uid_t)b->in->become);
	join(b);
	if (!b->place.new && fork_needed)
		bear(b, 0, false);
	if (!b->place.new)
		birth_arrive(b);
	if (b->place.via == VIA_UNSHARE)
		enter_by_unshare(b, fork_needed);
	if (b->place.via == VIA_SETNS)
		enter_by_setns(b, fork_needed);
	enter_by_clone3(b);
}
