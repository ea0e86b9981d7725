// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processors that a thread may run on are what was set, and can be set back.
 */
#include <errno.h>

#include "nsc/processors.h"
#include "tap.h"

int main(void)
{
	AUTO_POOL pool = { 0 };
	struct ints all, now;

	ok(processors_get(&pool, &all) == 0 && all.n, "there are processors");
	for (size_t i = 1; i < all.n; i++)
		ok(all.v[i] > all.v[i - 1], "their numbers ascend");
	for (size_t i = 0; i < all.n; i++) {
		const struct ints one = { .v = &all.v[i], .n = 1 };

		ok(processors_set(0, &one) == 0 && processors_get(&pool, &now) == 0 &&
		   now.n == 1 && now.v[0] == all.v[i], "on processor %d alone", (int)all.v[i]);
	}
	ok(processors_set(0, &all) == 0 && processors_get(&pool, &now) == 0 && now.n == all.n,
	   "on all again");
	ok(processors_set(0, &(struct ints){ 0 }) == -EINVAL, "not on none");
	return done();
}
