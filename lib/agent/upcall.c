// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program as a helper that the kernel starts, whom nobody waits for and who has no channel: it
 * tells who and where it is, and where the kernel's threads are, to whoever is bound to an abstract
 * name, in one datagram.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/ns.h"
#include "nsc/sys.h"

enum { TEXT_MAX = 1024, LINK_MAX_LEN = 64 };

/* The links of the namespaces of a process with directory DIR, each behind BEFORE. */
static size_t tell_links(char *text, size_t len, const char *dir, const char *before)
{
	for (int kind = 0; kind < NS_COUNT; kind++) {
		char path[LINK_MAX_LEN], link[LINK_MAX_LEN + 1];
		ssize_t n;

		snprintf(path, sizeof(path), "%s/ns/%s", dir, ns_kinds[kind].name);
		n = readlink(path, link, LINK_MAX_LEN);
		if (n > 0)
			len += (size_t)snprintf(text + len, TEXT_MAX - len, " %s%.*s", before,
						(int)n, link);
	}
	return len;
}

/*
 * `uid 0 gid 0 self mnt:[4026531841] ... kthreadd mnt:[4026531841] ...`: the thread of the kernel
 * that starts all others is process 2 (rest_init() in init/main.c), and a helper in the initial PID
 * namespace sees it.
 */
static size_t tell(char *text)
{
	size_t len = (size_t)snprintf(text, TEXT_MAX, "uid %u gid %u", getuid(), getgid());

	len = tell_links(text, len, "/proc/self", "self ");
	return tell_links(text, len, "/proc/2", "kthreadd ");
}

int agent_upcall(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	AUTO_FD fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[TEXT_MAX];
	size_t len = strlen(name);

	if (fd < 0 || len >= sizeof(to.sun_path))
		return 1;
	memcpy(to.sun_path + 1, name, len);
	return sendto(fd, text, tell(text), 0, (struct sockaddr *)&to,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len)) < 0;
}
