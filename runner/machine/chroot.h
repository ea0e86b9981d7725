/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_CHROOT_H
#define NSC_CHROOT_H

#include <stdbool.h>

/*
 * Whether this process's root is not the root of its mount namespace: the kernel lets nobody make a
 * user namespace there (create_user_ns(), current_chrooted()).  Who may not join mount namespaces
 * finds out only where the root is no mount point.
 */
bool chroot_entered(void);
/*
 * Whether the root was moved on top of another one that still has its procfs (MS_MOVE instead of
 * pivot_root(2), as systemd-nspawn does), or is rootfs, which other roots can only cover: the
 * kernel looks at what is covered, too, when it decides whether a fresh procfs or sysfs would show
 * more than can be seen (mnt_already_visible()).
 */
bool root_covers_another(void);

#endif
