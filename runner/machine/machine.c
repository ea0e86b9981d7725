// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of the running machine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "load/release.h"
#include "nsc/processors.h"
#include "nsc/sys.h"
#include "machine/kconfig.h"
#include "machine/machine.h"

static bool has_sys_admin(void)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (caps)
		cap_get_flag(caps, CAP_SYS_ADMIN, CAP_EFFECTIVE, &value);
	cap_free(caps);
	return value == CAP_SET;
}

/* The initial user namespace maps all ids to themselves (user_namespaces(7)). */
static bool in_initial_userns(void)
{
	AUTO_POOL pool = { 0 };
	unsigned inside, outside, count;
	char *text;

	if (sys_read_file(&pool, "/proc/self/uid_map", 4096, &text, NULL) < 0)
		return true;
	return sscanf(text, "%u %u %u", &inside, &outside, &count) == 3 && !inside && !outside &&
	       count == 4294967295u;
}

static int kernel_release(const struct utsname *uts)
{
	AUTO_POOL pool = { 0 };
	char *signature;
	int release = release_of_kernel(uts->release, uts->version);

	if (release % 1000 ||
	    sys_read_file(&pool, "/proc/version_signature", 4096, &signature, NULL) < 0)
		return release;
	return release_of_kernel(uts->release, signature);
}

void machine_read(struct machine *m)
{
	struct utsname uts;
	AUTO_POOL pool = { 0 };
	struct ints processors;

	uname(&uts);
	m->release = kernel_release(&uts);
	m->admin = has_sys_admin();
	m->initial_user = in_initial_userns();
	m->root = geteuid() == 0 && m->admin && m->initial_user;
	m->cpus = processors_get(&pool, &processors) == 0 ? (int)processors.n : 1;
}

/* The places where kernels and distributions have it, in this order. */
static const char *find_config(struct pool *pool, const char **from)
{
	static const char *const places[] = {
		"/proc/config.gz", "/boot/config-%s", "/lib/modules/%s/config", NULL
	};
	const char *text = NULL, *why;
	struct utsname uts;
	bool image;

	uname(&uts);
	for (size_t i = 0; !text && places[i]; i++) {
		const char *release = strchr(places[i], '%');

		*from = !release ? places[i] :
			pool_printf(pool, "%.*s%s%s", (int)(release - places[i]), places[i],
				    uts.release, release + 2);
		text = kconfig_text(pool, *from, &image, &why);
	}
	return text;
}

const char *machine_config(const char **source)
{
	static struct pool pool;
	static const char *text, *from;
	static bool tried;

	if (!tried) {
		tried = true;
		text = find_config(&pool, &from);
	}
	*source = text ? from : NULL;
	return text;
}

char machine_option(const char *option)
{
	static struct pool pool;
	static struct kconfig config;
	const char *source, *text = machine_config(&source);

	if (!text)
		return 0;
	if (!config.pool) {
		struct problems ignored = { .pool = &pool };

		kconfig_read(&pool, source, text, &config, &ignored);
	}
	char state = kconfig_state(&config, option, NULL);

	return state == 'm' ? 'm' : state == 'y' || state == '=' ? 'y' : 'n';
}

bool machine_filtered(void)
{
	int mode = prctl(PR_GET_SECCOMP);

	/* EINVAL: the kernel has no seccomp. Another error is the answer of a filter to this
	 * very call. */
	return mode > 0 || (mode < 0 && errno != EINVAL);
}

long machine_sysctl(const char *path)
{
	AUTO_POOL pool = { 0 };
	char *text;

	if (sys_read_file(&pool, pool_printf(&pool, "/proc/sys/%s", path), 64, &text, NULL) < 0)
		return -1;
	return atol(text);
}
