// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network adapters, the hierarchy of cpuset, security modules.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "machine/special.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#ifndef SYS_lsm_list_modules
#define SYS_lsm_list_modules 461
#endif

enum { FILE_MAX = 64 * 1024, MODULES_MAX = 64, MODULE_BPF = 109 /* LSM_ID_BPF */ };

bool machine_adapters(struct pool *pool, const char *rest, struct missing *m)
{
	struct if_nameindex *all = if_nameindex();
	int found = 0;

	(void)rest;
	for (struct if_nameindex *i = all; i && i->if_index; i++)
		found += access(pool_printf(pool, "/sys/class/net/%s/device", i->if_name),
				F_OK) == 0;
	if (all)
		if_freenameindex(all);
	return found >= 2 || cannot(pool, m, "fewer than two network adapters",
				    pool_printf(pool, "%d devices have hardware behind them",
						found), NULL);
}

/* Where cpuset is a v1 hierarchy, or part of one, the file has a line of that. */
bool machine_cpuset(struct pool *pool, struct missing *m)
{
	char *text;
	int rc = sys_read_file(pool, "/proc/self/cgroup", FILE_MAX, &text, NULL);

	if (rc < 0)
		return cannot(pool, m, "/proc/self/cgroup cannot be read", strerror(-rc), NULL);
	for (char *line, *list; (line = strsep(&text, "\n"));) {
		strsep(&line, ":");
		list = strsep(&line, ":");
		for (char *name; list && (name = strsep(&list, ","));)
			if (!strcmp(name, "cpuset"))
				return cannot(pool, m, "cpuset is a v1 hierarchy",
					      "by /proc/self/cgroup", NULL);
	}
	return true;
}

/* 1, 0, or -1 when nothing says whether the module is active. */
static int has_bpf_module(struct pool *pool)
{
	uint64_t ids[MODULES_MAX];
	uint32_t size = sizeof(ids);
	long n = sys_call(SYS_lsm_list_modules, ids, &size, 0);
	char *text;

	for (long i = 0; i < n; i++)
		if (ids[i] == MODULE_BPF)
			return 1;
	if (n >= 0)
		return 0;
	if (sys_read_file(pool, "/sys/kernel/security/lsm", FILE_MAX, &text, NULL) < 0)
		return -1;
	for (char *name; (name = strsep(&text, ",\n"));)
		if (!strcmp(name, "bpf"))
			return 1;
	return 0;
}

bool machine_bpf_modules(struct pool *pool, const char *rest, struct missing *m)
{
	int active = has_bpf_module(pool);

	(void)rest;
	if (active < 0)
		return cannot(pool, m, "not known whether BPF programs may be security modules",
			      "neither lsm_list_modules(2) nor /sys/kernel/security/lsm says so",
			      "mount securityfs");
	if (!active)
		return cannot(pool, m, "BPF programs may not be security modules",
			      "bpf is not among the active ones", NULL);
	return access("/sys/kernel/btf/vmlinux", R_OK) == 0 ||
	       cannot(pool, m, "no /sys/kernel/btf/vmlinux", strerror(errno), NULL);
}
