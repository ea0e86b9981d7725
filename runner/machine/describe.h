/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NSC_DESCRIBE_H
#define NSC_DESCRIBE_H

#include "nsc/value.h"

struct runtime;

/*
 * What a report must say of this machine: kernel and its configuration's source, distribution,
 * limits, capabilities, what confines the run, the state in which it began. RUNTIME may be NULL.
 */
struct value *machine_describe(struct pool *pool, const struct runtime *runtime);

#endif
