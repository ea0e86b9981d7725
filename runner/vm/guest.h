/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside a virtual machine: this program is its PID 1, and all there is. runner/vm/initrd.c
 * makes what it finds there:
 *   /init, /dev/console
 *   /modules/NAME, /modules.order   loaded in that order
 *   /root                           becomes the root directory, with
 *   /root/job                       what to do (job.c)
 *   /root/suites, /root/boot/config
 */
#ifndef NSC_GUEST_H
#define NSC_GUEST_H

#include "vm/lines.h"

/*
 * Carry out /job. UNLOADED: a line NAME ERROR for each module that could not be loaded.
 * 0, or -1 when it could not be.
 */
int guest_run(struct lines *lines, char *unloaded);

/* The whole life of a guest's PID 1, with the words behind `guest`; an exit status. */
int guest_main(int argc, char **argv);

#endif
