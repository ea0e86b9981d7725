// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of system calls that can be asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plan/calls.h"
#include "plan/evidence.h"
#include "plan/machine.h"
#include "plan/probe.h"

/* Numbers from 403 on are the same everywhere but on alpha and mips, where these skip. */
static const struct call {
	const char *name;
	long number;
	bool admin;	    /* without CAP_SYS_ADMIN EPERM, whatever the arguments */
	const char *claim;  /* a file that says that the kernel has it, or NULL */
	const char *sysctl; /* forbids it when not 0, below /proc/sys, or NULL */
} calls[] = {
#define CALL(name, number, ...) { #name, number, __VA_ARGS__ }
	CALL(chroot, SYS_chroot, false, "/proc/self/root", NULL),
	CALL(clone3, SYS_clone3, false, NULL, NULL),
	CALL(fsopen, SYS_fsopen, true, NULL, NULL),
	CALL(futex_waitv, SYS_futex_waitv, false, NULL, NULL),
	CALL(io_uring_setup, SYS_io_uring_setup, false, NULL, "kernel/io_uring_disabled"),
	CALL(kcmp, SYS_kcmp, false, NULL, NULL),
	CALL(keyctl, SYS_keyctl, false, NULL, NULL),
	CALL(listmount, 458, false, NULL, NULL),
	CALL(listns, 470, false, NULL, NULL),
	CALL(mount, SYS_mount, false, "/proc/self/ns/mnt", NULL),
	CALL(mount_setattr, SYS_mount_setattr, false, NULL, NULL),
	CALL(move_mount, SYS_move_mount, true, NULL, NULL),
	CALL(open_tree, SYS_open_tree, false, NULL, NULL),
	CALL(open_tree_attr, 467, false, NULL, NULL),
	CALL(pidfd_getfd, SYS_pidfd_getfd, false, NULL, NULL),
	CALL(pidfd_open, SYS_pidfd_open, false, NULL, NULL),
	CALL(ptrace, SYS_ptrace, false, "/proc/self/status", NULL),
	CALL(sethostname, SYS_sethostname, true, "/proc/sys/kernel/hostname", NULL),
	CALL(setns, SYS_setns, false, "/proc/self/ns/mnt", NULL),
	CALL(statmount, 457, false, NULL, NULL),
	CALL(umount2, SYS_umount2, false, "/proc/self/ns/mnt", NULL),
	CALL(unshare, SYS_unshare, false, "/proc/self/ns/mnt", NULL),
#undef CALL
};

static const struct call *find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	return NULL;
}

bool call_known(const char *name)
{
	return find(name) != NULL;
}

/* Invalid in every argument. */
static int call_badly(const void *argument)
{
	const struct call *call = argument;

	return syscall(call->number, -1, -1, -1, -1, -1, -1) < 0 ? errno : 0;
}

/* A filter may answer as the kernel itself does; these are answers that the kernel never gives. */
static bool is_filters(const struct call *call, const struct tried *t)
{
	struct machine machine;

	machine_read(&machine);
	return evidence_filtered() &&
	       (t->died || t->error == ENOSYS ||
		(t->error == EPERM && (machine.admin || !call->admin)));
}

bool call_works(struct pool *pool, const char *name, struct missing *m)
{
	const struct call *call = find(name);
	struct tried t = probe_in(&(struct trial){ .call = call->name, .try = call_badly,
						   .argument = call });

	if (call->sysctl && evidence_sysctl(call->sysctl) > 0)
		return cannot(pool, m, pool_printf(pool, "%s is not 0", call->sysctl),
			      "by its file in /proc/sys",
			      pool_printf(pool, "write 0 to /proc/sys/%s", call->sysctl));
	if (is_filters(call, &t))
		return evidence_explains_not(pool, &t, m);
	/* What the kernel says that it has is for the cells to show. */
	return t.error != ENOSYS || (call->claim && access(call->claim, F_OK) == 0) ||
	       lacks(pool, m, pool_printf(pool, "%s(2)", name), "ENOSYS", NULL);
}
