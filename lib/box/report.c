// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entry of the program that a runtime executes in a box: connect, say who this is, take the
 * place that the scenario wants, serve.  It needs no /proc, no library and no other file.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../agent/birth.h"
#include "inherited.h"
#include "launch.h"
#include "nsc/box.h"
#include "nsc/json.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/wire.h"

static int reach(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	AUTO_FD sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 || strlen(path) >= sizeof(to.sun_path))
		return -1;
	strcpy(to.sun_path, path);
	if (connect(sock, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -1;
	return fd_take(&sock);
}

static bool say_hello(struct pool *pool, int sock, const char *nonce)
{
	struct value *hello = value_map(pool);
	char cwd[4096];

	value_put(pool, hello, "hello", value_str(pool, nonce));
	/* By system call: getcwd(3) of libc hides that a directory is unreachable. */
	if (sys_call(SYS_getcwd, cwd, sizeof(cwd)) > 0)
		value_put(pool, hello, "cwd", value_str(pool, pool_strdup(pool, cwd)));
	value_put(pool, hello, "pid", value_int(pool, getpid()));
	return wire_send(sock, 0, hello) == 0;
}

/* Read the machine's namespaces, which must not be changed: device and inode of each kind, 0 0
 * when unknown. */
static void take_host(struct agent *agent, const struct value *host)
{
	for (size_t ns = 0; host && ns < NS_COUNT && 2 * ns + 1 < host->list.n; ns++)
		agent->host[ns] = (struct ns_id){ (dev_t)host->list.items[2 * ns]->i,
						  (ino_t)host->list.items[2 * ns + 1]->i };
	agent->host_known = host && host->list.n == 2 * NS_COUNT;
}

/* Does not return: serves as an agent, or exits after it has reported what failed. */
static int arrive(struct pool *pool, int sock, const struct op *const *ops,
		  const struct value *place, struct wire_fds *fds)
{
	const struct value *fenced = value_get(place, "fenced");
	struct agent agent = { .channel = sock, .ops = ops, .keep = -1, .patient = true,
			       .fenced = fenced ? (unsigned)fenced->i : 0 };
	struct op_ctx ctx = { .pool = pool, .agent = &agent };
	struct spawn_in in = { .channel = sock, .cred_sock = fds->n ? fds->v[0] : -1,
			       .become = -1 };
	struct birth b = { .ctx = &ctx, .agent = &agent, .in = &in, .parent_end = -1, .self = -1,
			   .hold = -1 };

	take_host(&agent, value_get(place, "host"));
	fields_bind(pool, place_fields, value_get(place, "place"), &b.place);
	const struct value *move = value_get(place, "move");

	/* Actors work in /work, unless the scenario has asked the runtime for another directory. */
	if (move && move->b && chdir("/work") < 0)
		return 1;
	/* Namespaces are the runtime's work and are judged by steps; only the rest of the
	 * placement is done here. */
	b.place.new = 0;
	b.child_end = fcntl(sock, F_DUPFD_CLOEXEC, 3);
	if (b.child_end < 0)
		return 1;
	birth_arrive(&b);
}

/* In the sandbox there is a directory for the socket, whatever a runtime makes of it. */
static bool has_runner(struct pool *pool, const char *socket)
{
	const char *name = strrchr(socket, '/');

	return !name || access(pool_strndup(pool, socket, (size_t)(name - socket)), F_OK) == 0;
}

/* What it is in, as `ls -l /proc/PID/ns` shows it of others. */
static struct value *own_namespaces(struct pool *pool)
{
	struct value *map = value_map(pool);

	for (int ns = 0; ns < NS_COUNT; ns++) {
		const char *name = ns_kinds[ns].name;
		char text[64];
		ssize_t n = readlink(pool_printf(pool, "/proc/self/ns/%s", name), text,
				     sizeof(text));

		if (n > 0)
			value_put(pool, map, name, value_strn(pool, text, (size_t)n));
	}
	return map;
}

/*
 * Of a box that was exported there is no runner: who has launched it is told what box.read would
 * tell the runner, and which namespaces it is in.
 */
static int tell_reading(struct pool *pool, const struct op *const *ops)
{
	const struct op *read = op_find(ops, "box.read");
	struct op_ctx ctx = { .pool = pool };
	void *out = pool_alloc(pool, read->out_size);

	if (read->run(&ctx, NULL, out)) {
		fprintf(stderr, "nsconform: %s\n", ctx.why);
		return 1;
	}
	struct value *map = fields_unbind(pool, read->out, out);

	value_put(pool, map, "namespaces", own_namespaces(pool));
	puts(json_text(pool, map));
	return fflush(stdout) ? 1 : 0;
}

int box_main(const char *socket, const char *nonce, const struct op *const *ops)
{
	AUTO_POOL pool = { 0 };
	struct wire_fds fds;
	struct value *place;
	uint32_t seq;

	inherited_note();
	reading_begin();
	int sock = reach(socket);

	if (sock < 0 && !has_runner(&pool, socket))
		return tell_reading(&pool, ops);
	signal(SIGPIPE, SIG_IGN);
	if (sock < 0 || !say_hello(&pool, sock, nonce) ||
	    wire_recv(sock, &pool, &seq, &place, &fds) != 1)
		return 1;
	return arrive(&pool, sock, ops, place, &fds);
}
