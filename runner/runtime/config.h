/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configurations of runtimes that want a file.
 */
#ifndef NSC_RUNTIME_CONFIG_H
#define NSC_RUNTIME_CONFIG_H

#include "runtime/spec.h"

/* Kinds of namespaces as the OCI runtime specification names them (config-linux.md). */
extern const char *const oci_types[NS_COUNT];
/* config.json of the OCI runtime specification. */
const char *oci_config(const struct box_spec *c);
/* lxc.container.conf(5). */
const char *lxc_config(const struct box_spec *c);

#endif
