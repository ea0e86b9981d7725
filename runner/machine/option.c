// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel options, and the modules that they may stand for.  In an initramfs, or where /lib/modules
 * is of another kernel, ENODEV for what the configuration has as a module is not the fault of the
 * kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "machine/evidence.h"
#include "machine/machine.h"
#include "machine/option.h"
#include "machine/probe.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"

/* The kernel looks for the module, as it does for mount(2). */
static int open_file_system(const void *type)
{
	AUTO_FD fd = (int)sys_call(SYS_fsopen, type, FSOPEN_CLOEXEC);

	return fd < 0 ? errno : 0;
}

/*
 * The kernel does not look for the module: ENODEV until somebody has loaded it. The key has no
 * payload, which none of these types takes.
 */
static int add_key(const void *type)
{
	long id = sys_call(SYS_add_key, type, "probe", NULL, 0, KEY_SPEC_PROCESS_KEYRING);

	return id < 0 ? errno : 0;
}

/* What an option is for, where that may be a module, and the call that tells. */
static const struct provides {
	const char *option, *type, *call;
	int (*try)(const void *type);
} provides[] = {
	{ "BINFMT_MISC", "binfmt_misc", "fsopen", open_file_system },
	{ "CONFIGFS_FS", "configfs", "fsopen", open_file_system },
	{ "DNS_RESOLVER", "dns_resolver", "add_key", add_key },
	{ "EXT4_FS", "ext4", "fsopen", open_file_system },
	{ "FUSE_FS", "fuse", "fsopen", open_file_system },
	{ "OVERLAY_FS", "overlay", "fsopen", open_file_system },
};

static bool has_module(struct pool *pool, const char *option, struct missing *m)
{
	const struct provides *p = NULL;

	for (size_t i = 0; i < sizeof(provides) / sizeof(*provides); i++)
		if (!strcmp(provides[i].option, option))
			p = &provides[i];
	if (!p || machine_option(option) != 'm')
		return true;
	struct tried t = probe_in(&(struct trial){ .flags = CLONE_NEWUSER | CLONE_NEWNS,
						   .call = p->call, .try = p->try,
						   .argument = p->type });

	return !t.call || t.kinds || t.error != ENODEV ||
	       cannot(pool, m, pool_printf(pool, "no module for CONFIG_%s", option),
		      pool_printf(pool, "%s: %s", p->call, strerror(t.error)),
		      pool_printf(pool, "install or load the module %s", p->type));
}

static bool no_config(struct pool *pool, struct missing *m)
{
	return cannot(pool, m, "no kernel configuration to be read",
		      "neither /proc/config.gz nor /boot/config-RELEASE can be read",
		      "enable CONFIG_IKCONFIG_PROC, or install /boot/config-RELEASE");
}

bool option_is_set(struct pool *pool, const char *option, struct missing *m)
{
	const char *source;

	if (!machine_config(&source))
		return no_config(pool, m);
	if (machine_option(option) == 'n')
		return lacks(pool, m, pool_printf(pool, "CONFIG_%s", option),
			     pool_printf(pool, "not set in %s", source), NULL);
	/* Using a module loads it. */
	return has_module(pool, option, m);
}

bool option_is_unset(struct pool *pool, const char *option, struct missing *m)
{
	const char *source;

	if (!machine_config(&source))
		return no_config(pool, m);
	return machine_option(option) == 'n' ||
	       lacks(pool, m, pool_printf(pool, "a kernel without CONFIG_%s", option),
		     pool_printf(pool, "it is set in %s", source), NULL);
}

bool option_may_be_set(struct pool *pool, const char *option, struct missing *m)
{
	const char *source;

	return !machine_config(&source) || option_is_set(pool, option, m);
}
