// SPDX-License-Identifier: GPL-2.0-only
/*
 * What scenarios need of a box that cannot be seen in what they do: `needs: [box.NAME]`.  The
 * kernel's own namespaces have all of it.
 */
#include <string.h>
#include <sys/capability.h>

#include "load/features.h"

static bool has_copied_mounts(const struct runtime *r)
{
	return r->host_root;
}

static bool never(const struct runtime *r)
{
	(void)r;
	return false;
}

static bool has_all_capabilities(const struct runtime *r)
{
	bool all = true;

	/* Those that give a list of capabilities cannot give more than the caller has. */
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++)
		all &= cap_get_bound(cap) == 1;
	return all || runtime_has_quirk(r, "own-capabilities");
}

static bool is_first(const struct runtime *r)
{
	return r->first;
}

static bool has_shared_kernel(const struct runtime *r)
{
	return !r->foreign;
}

static bool has_device_nodes(const struct runtime *r)
{
	return r->generate == GENERATE_OCI;
}

static bool has_host_pid(const struct runtime *r)
{
	return r->ns[NS_PID].host.kind != WAY_NEVER;
}

static bool knows(const struct runtime *r, const char *specification)
{
	return r->specification && version_reaches(r->specification, specification);
}

static bool has_oci_1_1(const struct runtime *r)
{
	return knows(r, "1.1.0");
}

static bool has_oci_1_2(const struct runtime *r)
{
	return knows(r, "1.2.0");
}

static bool has_oci_1_3(const struct runtime *r)
{
	return knows(r, "1.3.0");
}

const struct box_feature box_features[] = {
	{ "copied-mounts", "its mount namespace is a copy of its caller's", has_copied_mounts },
	{ "all-capabilities", "in a user namespace it has every capability", has_all_capabilities },
	{ "forked", "its process is a fork of its caller and has executed no program", never },
	{ "first", "its process is PID 1 of its new PID namespace", is_first },
	{ "fresh-numbers", "no other process has been in its new PID namespace", NULL },
	{ "loopback-down", "lo is down and has no address in its new network namespace", NULL },
	{ "survival", "its other processes outlive its first one", NULL },
	{ "oci-1.1", "its launcher says that it knows version 1.1 of the OCI runtime specification",
	  has_oci_1_1 },
	{ "oci-1.2", "... that it knows version 1.2", has_oci_1_2 },
	{ "oci-1.3", "... that it knows version 1.3", has_oci_1_3 },
	{ "mount-flags", "its mount table shows every option that a mount has", NULL },
	{ "set-user-id", "set-user-ID programs work in it, its mounts are not nosuid", NULL },
	{ "inherited-names", "its host name is its caller's where none is asked for", NULL },
	{ "solitude", "no process of the runtime lives in its namespaces", NULL },
	{ "unnumbered-net", "its launcher gives no network namespace an id, be it new or its own", NULL },
	{ "writable-sysctls", "sysctls of its namespaces can be written", NULL },
	{ "ipv6", "IPv6 is not switched off in its new network namespace", NULL },
	{ "shared-kernel", "its kernel is the machine's", has_shared_kernel },
	{ "device-nodes", "its devices are made by numbers, not taken from the caller's /dev",
	  has_device_nodes },
	{ "unbindable-root", "its root mount can be made unbindable", NULL },
	{ "several-ranges", "id maps of its user namespaces can have several ranges", NULL },
	{ "default-sysctls", "sysctls of its new namespaces are the kernel's defaults", NULL },
	{ "no-groups", "its process has no supplementary groups", NULL },
	{ "tun-device", "it has /dev/net/tun", NULL },
	{ "host-pid", "no PID namespace is made unasked", has_host_pid },
	{ "real-time", "it has a share of real-time: cgroups of a moat are given none", never },
	{ 0 }
};

const struct box_feature *box_feature_find(const char *name)
{
	for (const struct box_feature *f = box_features; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

bool box_feature_native(const struct box_feature *f)
{
	return f->has == never;
}

bool box_feature_has(const struct runtime *r, const struct box_feature *f)
{
	for (size_t i = 0; i < r->lacks_features.n; i++)
		if (!strcmp(r->lacks_features.v[i], f->name))
			return false;
	return !f->has || f->has(r);
}
