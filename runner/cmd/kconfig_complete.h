/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Kconfig makes of a fragment or a defconfig.
 */
#ifndef NSC_KCONFIG_COMPLETE_H
#define NSC_KCONFIG_COMPLETE_H

#include "machine/kconfig.h"

/*
 * CONFIG, read from PATH, becomes what `make olddefconfig` makes of it with the kernel's source in
 * TREE, which is not written to. The architecture is the config's own where it names one, else that
 * of ARCH in the environment, else the machine's. False when there were problems.
 */
bool kconfig_complete(const char *tree, const char *path, struct kconfig *config,
		      struct problems *problems);

#endif
