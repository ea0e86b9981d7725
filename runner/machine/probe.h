/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trying things in a throw-away child in throw-away namespaces. Nothing is tried unless the
 * child has seen that it is in them: what would be tried in the host's otherwise is not.
 */
#ifndef NSC_PROBE_H
#define NSC_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct tried {
	const char *call; /* that did not do what it should, or NULL: all went well */
	unsigned kinds;	  /* NSM_*: of the namespaces that it was to make, if any */
	int error;	  /* its errno, or 0 where one of these says more: */
	bool lied;	  /* it reported success and did nothing */
	bool died;	  /* the child did not come back from it */
};

struct trial {
	uint64_t flags;	  /* CLONE_NEW* to enter first, CLONE_NEWUSER alone before the others */
	int become;	  /* the id of an ordinary user to take first, or 0 */
	const char *call; /* what TRY stands for, or NULL */
	int (*try)(const void *argument); /* 0, or a positive errno; may be NULL */
	const void *argument;
};

/* A process without CAP_SYS_ADMIN enters a user namespace of its own first, with root mapped. */
struct tried probe_in(const struct trial *trial);
/* RTM_NEWLINK of that kind in the current network namespace: 0, or the errno. */
int probe_link(const void *kind);
/* XFRM_MSG_GETSPDINFO there: 0, or the errno. */
int probe_ipsec(const void *unused);

#endif
