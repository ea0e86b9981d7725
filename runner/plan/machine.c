// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts of the running machine.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "plan/confine.h"
#include "plan/kconfig.h"
#include "plan/facts.h"
#include "plan/machine.h"
#include "plan/start.h"
#include "nsc/sys.h"
#include "load/release.h"
#include "load/runtime.h"

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
	cpu_set_t set;

	uname(&uts);
	m->release = kernel_release(&uts);
	m->admin = has_sys_admin();
	m->initial_user = in_initial_userns();
	m->root = geteuid() == 0 && m->admin && m->initial_user;
	m->cpus = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

const char *machine_config(const char **source)
{
	static struct pool pool;
	static const char *text, *from;
	static bool tried;
	struct utsname uts;

	if (!tried) {
		tried = true;
		uname(&uts);
		from = "/proc/config.gz";
		text = kconfig_text(&pool, from);
		if (!text) {
			from = pool_printf(&pool, "/boot/config-%s", uts.release);
			text = kconfig_text(&pool, from);
		}
		if (!text) {
			from = pool_printf(&pool, "/lib/modules/%s/config", uts.release);
			text = kconfig_text(&pool, from);
		}
	}
	*source = text ? from : NULL;
	return text;
}

char machine_option(const char *option)
{
	AUTO_POOL pool = { 0 };
	const char *source, *text = machine_config(&source);
	const char *line = pool_printf(&pool, "\nCONFIG_%s=", option);
	const char *at = text ? strstr(text, line) : NULL;

	if (!at)
		return text ? 'n' : 0;
	return at[strlen(line)] == 'm' ? 'm' : 'y';
}

static void put_file(struct pool *pool, struct value *map, const char *key, const char *path)
{
	char *text;

	if (sys_read_file(pool, path, 64 * 1024, &text, NULL) < 0)
		return;
	text[strcspn(text, "\n")] = 0;
	value_put(pool, map, key, value_str(pool, text));
}

static const char *distribution(struct pool *pool)
{
	char *text;

	if (sys_read_file(pool, "/etc/os-release", 64 * 1024, &text, NULL) < 0)
		return "unknown";
	char *name = strstr(text, "PRETTY_NAME=\"");

	if (!name)
		return "unknown";
	name += strlen("PRETTY_NAME=\"");
	name[strcspn(name, "\"\n")] = 0;
	return name;
}

static struct value *limits(struct pool *pool)
{
	static const char *const files[] = {
		"user/max_user_namespaces", "user/max_mnt_namespaces", "user/max_pid_namespaces",
		"user/max_net_namespaces", "user/max_ipc_namespaces", "user/max_uts_namespaces",
		"user/max_cgroup_namespaces", "user/max_time_namespaces", "kernel/pid_max",
		"kernel/unprivileged_userns_clone", "kernel/apparmor_restrict_unprivileged_userns",
		"kernel/yama/ptrace_scope", "kernel/overflowuid", "fs/mount-max",
	};
	struct value *map = value_map(pool);
	struct rlimit nproc, nofile;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		put_file(pool, map, files[i], pool_printf(pool, "/proc/sys/%s", files[i]));
	if (getrlimit(RLIMIT_NPROC, &nproc) == 0)
		value_put(pool, map, "RLIMIT_NPROC", value_int(pool, (int64_t)nproc.rlim_cur));
	if (getrlimit(RLIMIT_NOFILE, &nofile) == 0)
		value_put(pool, map, "RLIMIT_NOFILE", value_int(pool, (int64_t)nofile.rlim_cur));
	return map;
}

static const char *capabilities(struct pool *pool)
{
	cap_t caps = cap_get_proc();
	char *text = caps ? cap_to_text(caps, NULL) : NULL;
	const char *copy = pool_strdup(pool, text ? text : "");

	cap_free(text);
	cap_free(caps);
	return copy;
}

struct value *machine_describe(struct pool *pool, const struct runtime *runtime)
{
	struct value *map = value_map(pool);
	struct machine m;
	struct utsname uts;
	const char *source;
	char when[32];
	time_t now = time(NULL);

	machine_read(&m);
	uname(&uts);
	machine_config(&source);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	value_put(pool, map, "time", value_str(pool, when));
	value_put(pool, map, "kernel", value_str(pool, uts.release));
	value_put(pool, map, "kernel_version", value_str(pool, uts.version));
	value_put(pool, map, "machine", value_str(pool, uts.machine));
	value_put(pool, map, "distribution", value_str(pool, distribution(pool)));
	value_put(pool, map, "config_source", source ? value_str(pool, source) : value_nil(pool));
	put_file(pool, map, "taint", "/proc/sys/kernel/tainted");
	put_file(pool, map, "command_line", "/proc/cmdline");
	value_put(pool, map, "uid", value_int(pool, (int64_t)getuid()));
	value_put(pool, map, "capabilities", value_str(pool, capabilities(pool)));
	value_put(pool, map, "privileged", value_bool(pool, m.root));
	value_put(pool, map, "cpus", value_int(pool, m.cpus));
	value_put(pool, map, "limits", limits(pool));
	value_put(pool, map, "began", start_found(pool));
	value_put(pool, map, "could_not_set", start_unset(pool));
	value_put(pool, map, "facts", facts_describe(pool));
	value_put(pool, map, "confinement", confinement_value(pool, confinement()));
	if (runtime) {
		value_put(pool, map, "runtime", value_str(pool, runtime->name));
		value_put(pool, map, "runtime_version",
			  runtime->installed ? value_str(pool, runtime->installed) :
					       value_nil(pool));
	}
	return map;
}
