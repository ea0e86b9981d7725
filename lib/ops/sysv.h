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

/* Members and fields of every get call; the structs differ in what else they have. */
#define SYSV_GET_MEMBERS \
	int64_t key; \
	uint64_t flags; \
	int64_t mode

#define SYSV_GET_FIELDS(s) \
	F_INT_DEF(s, key, IPC_PRIVATE, INT32_MIN, INT32_MAX, \
		  "key of the object; 0 is IPC_PRIVATE, always a new one"), \
	F_FLAGS(s, flags, OPTIONAL, sysv_get_flags, "how to look for the key"), \
	F_INT_DEF(s, mode, 0600, 0, 0777, "permission bits")

#define SYSV_GET_FLAGS(in) ((int)((in)->flags | (uint64_t)(in)->mode))

struct sysv_id {
	int64_t id;
};

static const struct field sysv_id_fields[] = {
	F_INT(struct sysv_id, id, REQUIRED, INT32_MIN, INT32_MAX, "identifier of the object"),
	F_END
};

/* Members, fields and filling of the part that every stat call has. */
#define SYSV_PERM_MEMBERS int64_t key, owner, group, creator, mode

#define SYSV_PERM_FIELDS(s) \
	F_INT(s, key, REQUIRED, 0, 0, "key"), \
	F_INT(s, owner, REQUIRED, 0, 0, "user id of the owner"), \
	F_INT(s, group, REQUIRED, 0, 0, "group id of the owner"), \
	F_INT(s, creator, REQUIRED, 0, 0, "user id of the creator"), \
	F_INT(s, mode, REQUIRED, 0, 0, "permission bits")

#define SYSV_PERM_FILL(out, perm) \
	((out)->key = (perm).__key, (out)->owner = (perm).uid, (out)->group = (perm).gid, \
	 (out)->creator = (perm).cuid, (out)->mode = (perm).mode & 0777)

#endif
