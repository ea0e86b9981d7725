// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frequency of the time stamp counter.
 *
 * A guest has its host's counter, with TCG as with KVM, and finds out how fast it counts by
 * emulated timers while it boots. On a host that had no time for it just then a guest took 2,596
 * MHz for 51: its clock ran fifty times too fast, and its watchdog ended it. So it is told.
 */
#include <stdint.h>

#include "nsc/sys.h"
#include "vm/tsc.h"

#ifdef __x86_64__

enum { TRIES = 16, APART_NS = 5000000 };

struct reading {
	int64_t ns;
	uint64_t ticks;
};

/* Of some readings the one for whose clock and counter the least time has passed. */
static struct reading read_both(void)
{
	struct reading best = { 0 };
	int64_t least = INT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		int64_t before = sys_now_ns();
		uint64_t ticks = __builtin_ia32_rdtsc();
		int64_t passed = sys_now_ns() - before;

		if (passed >= least)
			continue;
		least = passed;
		best = (struct reading){ before + passed / 2, ticks };
	}
	return best;
}

int tsc_khz(void)
{
	static int khz;

	if (!khz) {
		struct reading first = read_both(), last = first;

		while (last.ns - first.ns < APART_NS)
			last = read_both();
		khz = (int)((double)(last.ticks - first.ticks) * 1e6 /
			    (double)(last.ns - first.ns));
	}
	return khz > 0 ? khz : 0;
}

#else

int tsc_khz(void)
{
	return 0;
}

#endif
