// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a seccomp filter or a security module takes away.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "machine/calls.h"
#include "machine/confine.h"
#include "machine/probe.h"
#include "machine/machine.h"

bool confine_knows(const char *call)
{
	return call_find(call) && call_number(call) >= 0;
}

/* Calls that a kernel may have been built without, by how they begin. */
static const struct {
	const char *begins, *option;
} options[] = {
	{ "acct", "BSD_PROCESS_ACCT" }, { "add_key", "KEYS" },
	{ "fanotify_", "FANOTIFY" }, { "inotify_", "INOTIFY_USER" },
	{ "io_uring_", "IO_URING" }, { "ioprio_", "BLOCK" }, { "kcmp", "KCMP" },
	{ "keyctl", "KEYS" },
	{ "memfd_create", "MEMFD_CREATE" }, { "mq_", "POSIX_MQUEUE" }, { "msg", "SYSVIPC" },
	{ "name_to_handle_at", "FHANDLE" }, { "open_by_handle_at", "FHANDLE" },
	{ "process_vm_", "CROSS_MEMORY_ATTACH" }, { "seccomp", "SECCOMP" },
	{ "sem", "SYSVIPC" }, { "shm", "SYSVIPC" },
	{ "timer_", "POSIX_TIMERS" },
};

/* Whether the kernel should have the call; not where it is optional and no config can be read. */
static bool should_have(const struct call *c, int release)
{
	AUTO_POOL pool = { 0 };
	const char *source;

	if (release < c->since)
		return false;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (strncmp(c->name, options[i].begins, strlen(options[i].begins)))
			continue;
		const char *text = machine_config(&source);

		return text && strstr(text, pool_printf(&pool, "\nCONFIG_%s=", options[i].option));
	}
	return true;
}

static bool is_forbidden(const struct call *c, int error, const struct machine *m)
{
	if (error == ENOSYS)
		return should_have(c, m->release);
	if (error != EPERM && error != EACCES)
		return false;
	return !(c->flags & REFUSABLE) && (m->root || !(c->flags & PRIVILEGED));
}

static void add(struct pool *pool, struct strs *list, const char *name)
{
	const char **grown = pool_array(pool, const char *, list->n + 1);

	if (list->n)
		memcpy(grown, list->v, list->n * sizeof(*grown));
	grown[list->n++] = name;
	list->v = grown;
}

static void find_forbidden(struct pool *pool, struct confinement *c)
{
	struct machine m = { 0 };
	size_t n;
	const int *errors = calls_try(pool, &n);

	for (size_t i = 0; i < n; i++)
		if (errors[i] == CALL_KILLED)
			add(pool, &c->killing, calls[i].name);
	/* It makes calls, too. */
	if (!confine_essential(c))
		machine_read(&m);
	for (size_t i = 0; i < n; i++)
		if (is_forbidden(&calls[i], errors[i], &m))
			add(pool, &c->forbidden, calls[i].name);
}

/* In permissive mode SELinux logs what it would refuse, and refuses nothing. */
static bool selinux_is_permissive(struct pool *pool)
{
	char *text;

	return sys_read_file(pool, "/sys/fs/selinux/enforce", 16, &text, NULL) >= 0 && *text == '0';
}

/* AppArmor says `NAME (enforce)`, SELinux `user:role:type:level`; both know an unconfined one. */
static const char *confining_profile(struct pool *pool)
{
	char *text;

	if (sys_read_file(pool, "/proc/self/attr/current", 4096, &text, NULL) < 0)
		return NULL;
	text[strcspn(text, "\n")] = 0;
	if (!*text || strstr(text, "unconfined") || strstr(text, "(complain)"))
		return NULL;
	return strstr(text, "(enforce)") ||
	       (strchr(text, ':') && !selinux_is_permissive(pool)) ? text : NULL;
}

const struct confinement *confinement(void)
{
	static struct pool pool;
	static struct confinement c;
	static bool read;

	if (read)
		return &c;
	read = true;
	c.filtered = machine_filtered();
	if (c.filtered)
		find_forbidden(&pool, &c);
	if (!confine_essential(&c))
		c.profile = confining_profile(&pool);
	return &c;
}

static bool confine_has(const struct strs *list, const char *call)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], call))
			return true;
	return false;
}

const char *confine_essential(const struct confinement *c)
{
	for (const struct call *call = calls; call->name; call++)
		if (((call->flags & ESSENTIAL) && confine_has(&c->forbidden, call->name)) ||
		    ((call->flags & (ESSENTIAL | OURS)) && confine_has(&c->killing, call->name)))
			return call->name;
	return NULL;
}

bool confine_allows(struct pool *pool, const char *call, struct missing *m)
{
	const struct confinement *c = confinement();
	bool kills = confine_has(&c->killing, call);

	return !(kills || confine_has(&c->forbidden, call)) ||
	       cannot(pool, m, pool_printf(pool, "seccomp forbids %s", call),
		      kills ? "a filter kills who makes the call" :
			      "a filter answers the call, whatever its arguments", CONFINE_REMEDY);
}

/* What forbids a call to everybody when it is not 0, below /proc/sys. */
static const struct {
	const char *call, *path;
} switches[] = {
	{ "io_uring_setup", "kernel/io_uring_disabled" },
};

static int make(const void *argument)
{
	const struct call *c = argument;
	long number = call_number(c->name);

	errno = number < 0 ? ENOSYS : 0;
	if (number >= 0)
		sys_call(number, c->args[0], c->args[1], c->args[2], -1l, -1l, -1l);
	return errno;
}

/* Those that a kernel may be too old for: each error into the shared memory ARGUMENT. */
static int make_new(const void *argument)
{
	const struct confinement *conf = confinement();
	int *errors = (int *)argument;

	for (const struct call *c = calls; c->name; c++)
		if (c->since && !confine_has(&conf->killing, c->name))
			errors[c - calls] = make(c);
	return 0;
}

/* The answer to the call, as an errno.  New calls are asked for together, as a child for each
 * costs. */
static int answer(const struct call *call)
{
	static int *errors;
	size_t n = 0;

	if (!call->since)
		return probe_in(&(struct trial){ .call = call->name, .try = make,
						 .argument = call }).error;
	if (errors)
		return errors[call - calls];
	while (calls[n].name)
		n++;
	int *shared = mmap(NULL, n * sizeof(*shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return errno;
	probe_in(&(struct trial){ .call = call->name, .try = make_new, .argument = shared });
	errors = shared;
	return errors[call - calls];
}

bool confine_has_call(struct pool *pool, const char *name, struct missing *m)
{
	const struct call *c = call_find(name);
	struct machine machine;

	if (!confine_allows(pool, name, m))
		return false;
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++) {
		const char *path = switches[i].path;

		if (!strcmp(switches[i].call, name) && machine_sysctl(path) > 0)
			return cannot(pool, m, pool_printf(pool, "%s is not 0", path),
				      "by its file in /proc/sys",
				      pool_printf(pool, "write 0 to /proc/sys/%s", path));
	}
	int error = answer(c);

	machine_read(&machine);
	return error != ENOSYS ||
	       (call_number(name) >= 0 && should_have(c, machine.release)) ||
	       lacks(pool, m, pool_printf(pool, "%s(2)", name), "ENOSYS", NULL);
}

static struct value *names(struct pool *pool, const struct strs *list)
{
	struct value *v = value_list(pool);

	for (size_t i = 0; i < list->n; i++)
		value_push(pool, v, value_str(pool, list->v[i]));
	return v;
}

struct value *confinement_value(struct pool *pool, const struct confinement *c)
{
	struct value *v = value_map(pool);

	if (!c->filtered && !c->profile)
		return value_nil(pool);
	value_put(pool, v, "seccomp", value_bool(pool, c->filtered));
	value_put(pool, v, "forbidden", names(pool, &c->forbidden));
	value_put(pool, v, "killing", names(pool, &c->killing));
	if (c->profile)
		value_put(pool, v, "profile", value_str(pool, c->profile));
	return v;
}

static void read_names(struct pool *pool, const struct value *v, struct strs *list)
{
	for (size_t i = 0; v && v->type == VALUE_LIST && i < v->list.n; i++)
		if (v->list.items[i]->type == VALUE_STR)
			add(pool, list, v->list.items[i]->str.s);
}

void confinement_read(struct pool *pool, const struct value *v, struct confinement *c)
{
	*c = (struct confinement){ 0 };
	if (!v || v->type != VALUE_MAP)
		return;
	const struct value *seccomp = value_get(v, "seccomp");

	c->filtered = seccomp && seccomp->type == VALUE_BOOL && seccomp->b;
	c->profile = value_text(value_get(v, "profile"));
	read_names(pool, value_get(v, "forbidden"), &c->forbidden);
	read_names(pool, value_get(v, "killing"), &c->killing);
}
