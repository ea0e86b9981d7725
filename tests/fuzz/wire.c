// SPDX-License-Identifier: GPL-2.0-only
/* Messages: what is decoded is a value, which comes back when it is sent on. The first byte is the number of
 * descriptors that came with it. */
#include "fuzz.h"
#include "nsc/json.h"
#include "nsc/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static unsigned char buf[WIRE_MAX];
	AUTO_POOL pool = { 0 };
	struct wire_fds fds = { .n = len ? *data % (WIRE_FDS + 1) : 0 }, again = { .n = 0 };

	for (int i = 0; i < fds.n; i++)
		fds.v[i] = 1000 + i;
	struct value *v = len ? wire_decode(&pool, data + 1, (int)len - 1, &fds) : NULL;

	if (!v)
		return 0;
	value_show(&pool, v);
	json_text(&pool, v);

	int size = wire_encode(v, buf, sizeof(buf), &again);

	/* A descriptor that is named often is sent often, and there may be too many. */
	if (size < 0)
		return 0;
	struct value *back = wire_decode(&pool, buf, size, &again);

	MUST(back && value_equal(v, back));
	return 0;
}
