// SPDX-License-Identifier: GPL-2.0-only
/* Kernel configs, as text or compressed. */
#include <string.h>

#include "fuzz.h"
#include "machine/kconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	AUTO_POOL pool = { 0 };
	struct problems problems = { .pool = &pool };
	struct kconfig config;

	bool good = kconfig_load(&pool, fuzz_file(data, len), &config, &problems);

	MUST(good == !problems.n);
	for (const struct kconfig_line *l = config.lines; l; l = l->hh.next) {
		MUST(strchr("ymn=", l->state) && l->state);
		MUST(kconfig_state(&config, l->option, NULL) == l->state || l->state == 'n');
	}
	MUST(strchr("ymn=?-", kconfig_state(&config, "UTS_NS", NULL)));
	kconfig_free(&config);
	return 0;
}
