// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine as reports and saved runs describe it.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "load/runtime.h"
#include "nsc/sys.h"
#include "machine/confine.h"
#include "machine/describe.h"
#include "machine/facts.h"
#include "machine/machine.h"
#include "machine/start.h"

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
	if (sizeof(long) < 8)
		value_put(pool, map, "word_bits", value_int(pool, sizeof(long) * 8));
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
