// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system that a process serves: its two files say what no file system of the kernel's own
 * would, that one belongs to somebody whom its user namespace does not know.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

/* The kernel refuses to read into less, FUSE_MIN_READ_BUFFER. */
enum { REQUEST_MAX = 64 * 1024, ROOM = 512, ROOT = FUSE_ROOT_ID, OWN, FOREIGN, NODES };

struct node {
	const char *name;
	uint32_t mode, uid;
	bool gone;
};

struct server {
	int fd;
	struct node nodes[NODES];
	struct {
		struct fuse_out_header head;
		char body[ROOM];
	} answer;
};

static void fill_attr(const struct server *s, uint64_t id, struct fuse_attr *attr)
{
	*attr = (struct fuse_attr){
		.ino = id, .mode = s->nodes[id].mode, .nlink = 1, .uid = s->nodes[id].uid,
		.gid = s->nodes[id].uid, .blksize = 4096,
	};
}

static size_t answer_attr(struct server *s, uint64_t id)
{
	struct fuse_attr_out *out = (void *)s->answer.body;

	*out = (struct fuse_attr_out){ 0 };
	fill_attr(s, id, &out->attr);
	return sizeof(*out);
}

static struct node *node_named(struct server *s, const char *name, uint64_t *id)
{
	for (*id = OWN; *id < NODES; ++*id)
		if (!strcmp(s->nodes[*id].name, name) && !s->nodes[*id].gone)
			return &s->nodes[*id];
	return NULL;
}

static int answer_lookup(struct server *s, const char *name, size_t *len)
{
	struct fuse_entry_out *out = (void *)s->answer.body;
	uint64_t id;

	if (!node_named(s, name, &id))
		return -ENOENT;
	*out = (struct fuse_entry_out){ .nodeid = id };
	fill_attr(s, id, &out->attr);
	*len = sizeof(*out);
	return 0;
}

static int answer_unlink(struct server *s, const char *name)
{
	uint64_t id;
	struct node *node = node_named(s, name, &id);

	if (!node)
		return -ENOENT;
	node->gone = true;
	return 0;
}

static size_t answer_setattr(struct server *s, uint64_t id, const struct fuse_setattr_in *in)
{
	if (in->valid & FATTR_MODE)
		s->nodes[id].mode = in->mode;
	return answer_attr(s, id);
}

static size_t answer_init(struct server *s)
{
	struct fuse_init_out *out = (void *)s->answer.body;

	*out = (struct fuse_init_out){ .major = FUSE_KERNEL_VERSION, .minor = 31,
				       .max_write = 4096 };
	return sizeof(*out);
}

/* 0 with the length of what the answer has beside its head, or -errno. */
static int answer(struct server *s, const struct fuse_in_header *request, size_t *len)
{
	const void *body = request + 1;

	if (request->opcode != FUSE_INIT && (request->nodeid < ROOT || request->nodeid >= NODES))
		return -ENOENT;
	switch (request->opcode) {
	case FUSE_INIT:
		*len = answer_init(s);
		return 0;
	case FUSE_LOOKUP:
		return answer_lookup(s, body, len);
	case FUSE_GETATTR:
		*len = answer_attr(s, request->nodeid);
		return 0;
	case FUSE_SETATTR:
		*len = answer_setattr(s, request->nodeid, body);
		return 0;
	case FUSE_UNLINK:
		return answer_unlink(s, body);
	default:
		return -ENOSYS;
	}
}

static bool wants_answer(uint32_t opcode)
{
	return opcode != FUSE_FORGET && opcode != FUSE_BATCH_FORGET && opcode != FUSE_INTERRUPT;
}

/* Until the file system is unmounted, or the actor is dead. */
static _Noreturn void serve(struct server *s)
{
	static char room[REQUEST_MAX] __attribute__((aligned(8)));
	const struct fuse_in_header *request = (const void *)room;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(s->fd, room, sizeof(room)) > 0 || errno == EINTR || errno == ENOENT) {
		size_t len = 0;

		if (!wants_answer(request->opcode))
			continue;
		int error = answer(s, request, &len);

		s->answer.head = (struct fuse_out_header){
			.len = (uint32_t)(sizeof(s->answer.head) + (error ? 0 : len)),
			.error = error, .unique = request->unique,
		};
		if (write(s->fd, &s->answer, s->answer.head.len) < 0 && errno != ENOENT)
			break;
	}
	_exit(0);
}

#define MOUNT_IN(F, S) \
	F(S, STR, device, REQUIRED, "node of the device /dev/fuse") \
	F(S, STR, target, REQUIRED, "where: a directory") \
	F(S, INT, uid, REQUIRED, 0, UINT32_MAX, \
	  "user and group of the file `foreign`, not translated")
FIELDS(mount_in, MOUNT_IN);

static int fuse_mount_run(struct op_ctx *ctx, const struct mount_in *in, struct none *out)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	struct server server = { .nodes = {
		[ROOT] = { "", S_IFDIR | 0777, 0, false },
		[OWN] = { "own", S_IFREG | 0644, 0, false },
		[FOREIGN] = { "foreign", S_IFREG | 0666, (uint32_t)in->uid, false },
	} };
	AUTO_FD fd = open(in->device, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return op_broken(ctx, "open %s: %m", in->device);
	if (mount("nsconform", in->target, "fuse", MS_NOSUID | MS_NODEV,
		  pool_printf(ctx->pool, "fd=%d,rootmode=40000,user_id=0,group_id=0", fd)) < 0)
		return -errno;
	server.fd = fd;
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		serve(&server);
	return pid < 0 ? op_broken(ctx, "clone3: %s", strerror(-pid)) : 0;
}
OP(fuse_mount, "fuse.mount", mount_in, none,
	.doc = "Mount a file system that a child of the actor serves, with the files `own`, of user 0, and "
	       "`foreign`.",
	.source = "fuse(4), Documentation/filesystems/fuse.rst", .config = "FUSE_FS",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.seen = "file");
