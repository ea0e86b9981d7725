// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trying things in a throw-away child in throw-away namespaces.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <netlink/netlink.h>
#include <netlink/msg.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/ns.h"
#include "nsc/sys.h"
#include "plan/probe.h"

enum { CRASHED = 254 };

/*
 * unshare, believed only when seen: on a kernel that lies, or under a tracer that does, what
 * is tried would be done to the host.
 */
static int leave_host(uint64_t flags)
{
	struct ns_id host[NS_COUNT] = { 0 }, now;

	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((flags & ns_kinds[ns].flag) && ns_self(ns, &host[ns]) < 0)
			return ENOSYS;
	if (unshare((int)flags) < 0)
		return errno;
	/* Those two wait for the next child. */
	flags &= ~(uint64_t)(CLONE_NEWPID | CLONE_NEWTIME);
	for (int ns = 0; ns < NS_COUNT; ns++)
		if ((flags & ns_kinds[ns].flag) &&
		    (ns_self(ns, &now) < 0 || ns_same(&host[ns], &now)))
			return ENOSYS;
	return 0;
}

static int enter(uint64_t flags)
{
	char map[32];
	unsigned uid = geteuid(), gid = getegid();

	if (geteuid() != 0)
		flags |= CLONE_NEWUSER;
	int error = flags ? leave_host(flags) : 0;

	if (error)
		return error;
	if (!(flags & CLONE_NEWUSER))
		return 0;
	sys_write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	int rc = sys_write_file("/proc/self/uid_map", map);

	snprintf(map, sizeof(map), "0 %u 1", gid);
	if (rc == 0)
		rc = sys_write_file("/proc/self/gid_map", map);
	return -rc;
}

int probe_wait(int pid)
{
	int status;

	if (pid < 0)
		return errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : CRASHED;
}

int probe_in(uint64_t flags, int (*try_it)(const void *argument), const void *argument)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int error = enter(flags);

		/* A PID namespace takes the next child. */
		if (!error && (flags & CLONE_NEWPID)) {
			pid = fork();
			if (pid > 0) {
				waitpid(pid, &status, 0);
				_exit(WIFEXITED(status) ? WEXITSTATUS(status) : CRASHED);
			}
		}
		_exit(error ? error : try_it(argument));
	}
	return probe_wait(pid);
}

static struct nl_msg *link_request(const char *kind)
{
	struct nl_msg *msg =
		nlmsg_alloc_simple(RTM_NEWLINK,
				   NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC };

	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, "probe0");
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);

	nla_put_string(msg, IFLA_INFO_KIND, kind);
	nla_nest_end(msg, info);
	return msg;
}

int probe_link(const void *kind)
{
	struct nl_sock *sock = nl_socket_alloc();

	if (nl_connect(sock, NETLINK_ROUTE) < 0)
		return EPROTONOSUPPORT;
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} reply;
	struct nl_msg *msg = link_request(kind);

	nl_complete_msg(sock, msg);
	if (send(nl_socket_get_fd(sock), nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len, 0) < 0)
		return errno;
	if (recv(nl_socket_get_fd(sock), &reply, sizeof(reply), 0) < (ssize_t)sizeof(reply.header))
		return errno;
	return reply.header.nlmsg_type == NLMSG_ERROR ? -reply.error.error : 0;
}
