// SPDX-License-Identifier: GPL-2.0-only
/* SHA-256: what sha256sum(1) says of texts whose padding takes one block, or two. */
#include <string.h>

#include "nsc/sha256.h"
#include "tap.h"

static const struct {
	const char *text;
	int times;
	const char *digest;
} cases[] = {
	{ "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "x", 55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072" },
	{ "x", 56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e" },
	{ "x", 63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2" },
	{ "x", 64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c" },
	{ "x", 119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c" },
	{ "0123456789", 100000, "ec21d64624228af3ecd4bdaa8239e32ed943b01e26934cd5610fddb361426dc6" },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_POOL pool = { 0 };
		struct sha256 h;

		sha256_begin(&h);
		for (int n = 0; n < cases[i].times; n++)
			sha256_add(&h, cases[i].text, strlen(cases[i].text));
		ok(!strcmp(sha256_end(&pool, &h), cases[i].digest), "%d times \"%s\"",
		   cases[i].times, cases[i].text);
	}
	return done();
}
