/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_KVM_H
#define NSC_KVM_H

#include <stdbool.h>

/*
 * Whether QEMU really runs a machine with KVM here: one is made and has to execute four
 * instructions. Takes as long as qemu's start; up to ten seconds where it hangs.
 */
bool kvm_works(const char *qemu);

#endif
