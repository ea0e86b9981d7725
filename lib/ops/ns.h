/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the op tables about namespaces share.
 */
#ifndef NSC_OPS_NS_H
#define NSC_OPS_NS_H

#include "nsc/op.h"
#include "nsc/place.h"

/* The CLONE_* value of `types` (a mask of NSM_*) and `flags` together. */
uint64_t ns_request(uint64_t types, uint64_t flags);

/* Descriptor of a namespace of a pidfd's process; -errno, among others before Linux 6.11. */
int pidfd_open_ns(int pidfd, enum ns ns);

#endif
