/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells on virtual machines: dealt out to several, and dealt out again when one dies. The
 * cell that was running then has failed; where several were, they are run again one by one.
 */
#ifndef NSC_SHARDS_H
#define NSC_SHARDS_H

#include "vm/initrd.h"
#include "report/results.h"
#include "vm/vm.h"

enum { MACHINES_MAX = 64 };

struct shards_config {
	struct vm_config vm;
	const char *given; /* where the kernel came from: a file or a package */
	struct initrd initrd;
	int machines; /* up to MACHINES_MAX */
	bool accel_is_given; /* else KVM has to win against TCG first */
	int64_t boot_within_ns;
};

/*
 * What has happened (report/exit_status.h). Prints everything, also when no machine starts: then
 * that is the only verdict.
 */
int shards_run(struct pool *pool, struct results *results, const struct shards_config *config);
/* /job for the cells V of the plan, LEN bytes, for free(3). */
char *shards_job(const struct results *r, const size_t *v, size_t n, bool serial, bool delegate,
		 size_t *len);

#endif
