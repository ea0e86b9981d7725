// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which namespaces are the initial ones. Their inode numbers say so, too, but that they do is what
 * a scenario is about: so it is seen by kthreadd, the parent of the kernel's own threads, which
 * lives in them and has the number 2 where it can be seen.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "machine/initial.h"
#include "machine/machine.h"
#include "nsc/ns.h"
#include "nsc/sys.h"

enum { PF_KTHREAD = 0x00200000 };

/* Whether process 2 of the procfs on /proc is a thread of the kernel's. */
static bool sees_kthreadd(struct pool *pool)
{
	unsigned flags = 0;
	char *text;

	return sys_read_file(pool, "/proc/2/stat", 4096, &text, NULL) == 0 &&
	       sscanf(text, "2 (kthreadd) %*c 0 %*d %*d %*d %*d %u", &flags) == 1 &&
	       (flags & PF_KTHREAD);
}

/* 1, 0, or -1 when nothing shows it. */
static int is_initial(struct pool *pool, enum ns kind, const struct ns_id *own)
{
	const char *path = pool_printf(pool, "/proc/2/ns/%s", ns_kinds[kind].name);
	struct machine machine;
	struct stat st;

	if (sees_kthreadd(pool) && stat(path, &st) == 0)
		return ns_same(own, &(struct ns_id){ st.st_dev, st.st_ino });
	if (kind != NS_USER)
		return -1;
	machine_read(&machine);
	return machine.initial_user;
}

bool initial_probe(struct pool *pool, const char *kind, struct missing *m)
{
	int ns = ns_find(kind);
	struct ns_id own;
	int rc = ns_self((enum ns)ns, &own);

	if (rc < 0)
		return lacks(pool, m, pool_printf(pool, "%s namespaces", kind),
			     pool_printf(pool, "/proc/self/ns/%s: %s", kind, strerror(-rc)), NULL);
	rc = is_initial(pool, (enum ns)ns, &own);
	if (rc < 0)
		return cannot(pool, m,
			      pool_printf(pool, "not known to be in the initial %s namespace",
					  kind),
			      "no /proc/2/ns of the kernel's own threads can be read",
			      "run as root, outside of containers");
	return rc || cannot(pool, m,
			    pool_printf(pool, "not in the initial %s namespace", kind),
			    "the runner is in one of its own", NULL);
}
