/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the three System V families say alike: flags of the get calls, parameters that
 * name an object, and whose it is.
 */
#ifndef NSC_OPS_SYSV_H
#define NSC_OPS_SYSV_H

#include <sys/ipc.h>

#include "nsc/op.h"

static const struct symbol sysv_get_flags[] = {
	{ "CREAT", IPC_CREAT, "make the object if the key has none" },
	{ "EXCL", IPC_EXCL, "with CREAT: refuse a key that has one" },
	{ 0 }
};

/* Parameters of every get call. */
#define SYSV_GET(F, S) \
	F(S, INT_DEF, key, IPC_PRIVATE, INT32_MIN, INT32_MAX, \
	  "key of the object; 0 is IPC_PRIVATE, always a new one") \
	F(S, FLAGS, flags, OPTIONAL, sysv_get_flags, "how to look for the key") \
	F(S, INT_DEF, mode, 0600, 0, 0777, "permission bits")

#define SYSV_GET_FLAGS(in) ((int)((in)->flags | (uint64_t)(in)->mode))

#define SYSV_ID(F, S) \
	F(S, INT, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the object")
FIELDS(sysv_id, SYSV_ID);

/* Results that every stat call has, and how they are filled. */
#define SYSV_PERM(F, S) \
	F(S, INT, key, REQUIRED, 0, 0, "key") \
	F(S, INT, owner, REQUIRED, 0, 0, "user id of the owner") \
	F(S, INT, group, REQUIRED, 0, 0, "group id of the owner") \
	F(S, INT, creator, REQUIRED, 0, 0, "user id of the creator") \
	F(S, INT, mode, REQUIRED, 0, 0, "permission bits")

#define SYSV_PERM_FILL(out, perm) \
	((out)->key = (perm).__key, (out)->owner = (perm).uid, (out)->group = (perm).gid, \
	 (out)->creator = (perm).cuid, (out)->mode = (perm).mode & 0777)

#endif
