/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The eight kinds of namespace.  The table in lib/sys/ns.c is the only list of them:
 * names, flags and links are read from it everywhere.
 */
#ifndef NSC_NS_H
#define NSC_NS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum ns {
	NS_USER, /* first: the order in which namespaces must be joined */
	NS_MNT,
	NS_PID,
	NS_NET,
	NS_IPC,
	NS_UTS,
	NS_CGROUP,
	NS_TIME,
	NS_COUNT
};

#define NS_BIT(ns) (1u << (ns))
#define NSM_USER NS_BIT(NS_USER)
#define NSM_MNT NS_BIT(NS_MNT)
#define NSM_PID NS_BIT(NS_PID)
#define NSM_NET NS_BIT(NS_NET)
#define NSM_IPC NS_BIT(NS_IPC)
#define NSM_UTS NS_BIT(NS_UTS)
#define NSM_CGROUP NS_BIT(NS_CGROUP)
#define NSM_TIME NS_BIT(NS_TIME)
#define NSM_ALL (NS_BIT(NS_COUNT) - 1)

struct ns_kind {
	const char *name;     /* as in YAML and under /proc/PID/ns */
	const char *children; /* the *_for_children link, or NULL */
	const char *config;   /* kernel option without CONFIG_, or NULL when always built in */
	const char *title;    /* for people */
	uint64_t flag;	      /* CLONE_NEW* */
	unsigned long proc_ino; /* inode of the initial instance, 0 if not fixed everywhere */
	unsigned long recent_ino; /* ... fixed since 6.17 */
	unsigned get, get_children; /* ioctls by which a pidfd opens it (since 6.11), or 0 */
};

extern const struct ns_kind ns_kinds[NS_COUNT];

/* What makes two namespaces the same: device and inode (namespaces(7)). */
struct ns_id {
	dev_t dev;
	ino_t ino;
};

/* The kind of that name, or -1. */
int ns_find(const char *name);
/* CLONE_NEW* flags of a mask of NS_BIT()s, and back. */
uint64_t ns_flags(unsigned mask);
/* Identity of the calling thread's namespace; 0, or -errno (ENOENT without /proc). */
int ns_self(enum ns ns, struct ns_id *id);
/* Likewise of the process that PIDFD is of: a third of the cost of a first look into /proc. */
int ns_of_pidfd(int pidfd, enum ns ns, struct ns_id *id);
/* Whether ID is the initial namespace of that kind: 1, 0, or -1 where the kernel does not tell. */
int ns_initial(enum ns ns, const struct ns_id *id);
bool ns_same(const struct ns_id *a, const struct ns_id *b);

#endif
