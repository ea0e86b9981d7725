/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink transactions for the ops.  libnl builds and parses the messages; the exchange is
 * our own, because libnl folds the kernel's errno into a smaller set of error codes, and
 * the errno is what a probe is after.
 */
#ifndef NSC_NET_NETLINK_H
#define NSC_NET_NETLINK_H

#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stddef.h>
#include <stdint.h>

#include "nsc/op.h"

/* A message under construction; freed at the end of the scope. */
#define AUTO_MSG __attribute__((cleanup(netlink_msg_free))) struct nl_msg

struct nl_msg *netlink_msg(int type, int flags, const void *head, size_t len);
void netlink_msg_free(struct nl_msg **msg);

/* Attributes; the text ones do nothing when TEXT is NULL. */
void netlink_put(struct nl_msg *msg, int type, const void *data, size_t len);
void netlink_put_u8(struct nl_msg *msg, int type, uint8_t value);
void netlink_put_u16(struct nl_msg *msg, int type, uint16_t value);
void netlink_put_u32(struct nl_msg *msg, int type, uint32_t value);
void netlink_put_be32(struct nl_msg *msg, int type, uint32_t value);
void netlink_put_str(struct nl_msg *msg, int type, const char *text);
struct nlattr *netlink_nest(struct nl_msg *msg, int type);

/* The messages of an answer, in the order of the kernel. */
struct netlink_answer {
	struct nlmsghdr **v;
	int *nsid; /* namespace of each as the kernel tagged it, -1 without a tag */
	size_t n, room;
};

/* A socket in the caller's network namespace, joined to GROUPS: 0, -EPERM for one of them, or
 * op_broken(). */
int netlink_open(struct op_ctx *ctx, int protocol, const int *groups, size_t n, int *fd);

/*
 * One request and its whole answer, which may be NULL when only the verdict counts: 0,
 * the kernel's -errno, or op_broken() when the exchange itself failed.
 */
int netlink_ask(struct op_ctx *ctx, int protocol, struct nl_msg *msg,
		struct netlink_answer *answer);
int netlink_route(struct op_ctx *ctx, struct nl_msg *msg, struct netlink_answer *answer);

/* The same for several messages sent at once, of which the last or a refused one answers. */
struct netlink_bytes {
	const void *v;
	size_t len;
};

int netlink_exchange(struct op_ctx *ctx, int protocol, const struct netlink_bytes *bytes,
		     struct netlink_answer *answer);

/* Take what is queued at FD without waiting. */
int netlink_drain(struct op_ctx *ctx, int fd, struct netlink_answer *answer);

/* Attributes of PART after a head of LEN bytes, by type; V has MAX + 1 entries. */
void netlink_attrs(struct nlmsghdr *part, size_t len, struct nlattr **v, int max);
/* The number or text of an attribute that may be absent. */
uint32_t netlink_u32(const struct nlattr *attr, uint32_t absent);
const char *netlink_text(struct pool *pool, const struct nlattr *attr);

struct netlink_addr {
	int family;
	unsigned char bytes[16];
	size_t len;
	int prefix; /* every bit is set when the attribute is absent */
};

/* `10.0.0.1/24`; -EINVAL when TEXT is no address. */
int netlink_addr_parse(const char *text, struct netlink_addr *addr);
/* Text of the bytes of an attribute, without a prefix. */
const char *netlink_addr_show(struct pool *pool, int family, const struct nlattr *attr);

/* Index of a device in the caller's network namespace; 0 with errno ENODEV when there is none. */
unsigned netlink_index(const char *name);
/* The name of the device with that index, or `if7` when it is gone. */
const char *netlink_name(struct pool *pool, unsigned index);

/* Add TEXT or NUMBER to a result list. */
void netlink_push_text(struct pool *pool, struct strs *list, const char *text);
void netlink_push_int(struct pool *pool, struct ints *list, int64_t number);

extern const struct symbol netlink_families[];

#endif
