/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Needs of few cells, about what a machine has beside its namespaces. Each is as in struct
 * requirement: whether it is met, and else M says why not.
 */
#ifndef NSC_MACHINE_SPECIAL_H
#define NSC_MACHINE_SPECIAL_H

#include "machine/missing.h"

/* Two network devices with hardware behind them. */
bool machine_adapters(struct pool *pool, const char *rest, struct missing *m);
/* The cpuset controller is in the v2 hierarchy. */
bool machine_cpuset(struct pool *pool, struct missing *m);
/* BPF programs may be security modules. */
bool machine_bpf_modules(struct pool *pool, const char *rest, struct missing *m);

#endif
