// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a config says of an option: by its name, or by another one that stands for it in the release
 * and on the architecture that the config is for.
 */
#include <string.h>

#include "load/release.h"
#include "machine/kconfig.h"

const struct kernel_option_instead kernel_options_instead[] = {
	{ "COMPAT_32BIT_TIME", "", NULL, 0, RELEASE(5, 1, 0),
	  "942437c97fd9 (y2038: allow disabling time32 system calls)" },
	{ "FUTEX_PI", "FUTEX", NULL, 0, RELEASE(4, 14, 0),
	  "bc2eecd7ecce (futex: Allow for compiling out PI support)" },
	{ "KCMP", "CHECKPOINT_RESTORE", NULL, 0, RELEASE(5, 12, 0),
	  "bfe3911a9107 (kcmp: Support selection of SYS_kcmp without CHECKPOINT_RESTORE)" },
	{ "MEMFD_CREATE", "TMPFS", NULL, 0, RELEASE(4, 18, 0),
	  "5d752600a8c3 (mm: restructure memfd code)" },
	{ "MULTIUSER", "", NULL, 0, RELEASE(4, 1, 0),
	  "2813893f8b19 (kernel: conditionally support non-root users, groups and capabilities)" },
	{ "POSIX_TIMERS", "", NULL, 0, RELEASE(4, 10, 0),
	  "baa73d9e478f (posix-timers: Make them configurable)" },
	{ "PROC_SYSCTL", "SYSCTL", NULL, RELEASE(7, 3, 0), 0,
	  "fs/proc/Kconfig of 7.3, where SYSCTL has its prompt" },
	/* Any driver: boards have hundreds, and the machine is asked whether its clock wakes it. */
	{ "RTC_DRV_CMOS", "RTC_CLASS RTC_DRV_*", "!x86", 0, 0, "drivers/rtc/Kconfig" },
	{ "X86_IOPL_IOPERM", "", "x86", 0, RELEASE(5, 5, 0),
	  "111e7b15cf10 (x86/ioperm: Extend IOPL config to control ioperm() as well)" },
	{ 0 }
};

/*
 * Options that only these architectures have, or with ! before it all others. COMPAT_32BIT_TIME is
 * asked for by calls of x86 alone.
 */
static const struct {
	const char *option, *arch;
} foreign[] = {
	{ "COMPAT_32BIT_TIME", "x86" }, { "IA32_EMULATION", "x86" }, { "RTC_CLASS", "!s390" },
	{ "RTC_DRV_CMOS", "!s390" }, { "X86_IOPL_IOPERM", "x86" },
};

/* ARCH as in the tables; OWN may be unknown, and a row for some is for none then. */
static bool is_arch(const char *arch, const char *own)
{
	if (!arch || !own)
		return !arch;
	return *arch == '!' ? strcmp(arch + 1, own) : !strcmp(arch, own);
}

static bool is_foreign(const char *option, const char *own)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (own && !strcmp(foreign[i].option, option) && !is_arch(foreign[i].arch, own))
			return true;
	return false;
}

/* An unknown release may be new, in which old names are gone; who names a new one means it. */
static bool is_release(const struct kernel_option_instead *i, int release)
{
	return !release ? !i->before : (release >= i->since && (!i->before || release < i->before));
}

static char named(const struct kconfig *config, const char *option)
{
	struct kconfig_line *l;

	HASH_FIND_STR(config->lines, option, l);
	return l ? l->state : 0;
}

/* From the worst to the best. */
static int rank(char state)
{
	static const char order[] = { 0, 'n', 'm', 'y', '=' };
	const char *at = memchr(order, state, sizeof(order));

	return at ? (int)(at - order) : 0;
}

/* The best of the options that begin so. */
static char best_of(const struct kconfig *config, const char *prefix, size_t len)
{
	char best = 0;

	for (const struct kconfig_line *l = config->lines; l; l = l->hh.next)
		if (!strncmp(l->option, prefix, len) && rank(l->state) > rank(best))
			best = l->state;
	return best;
}

struct worst {
	const struct kconfig *config;
	char state;
};

static void take_worst(void *context, const char *option)
{
	struct worst *w = context;
	size_t len = strlen(option);
	char state = option[len - 1] == '*' ? best_of(w->config, option, len - 1) :
		     named(w->config, option);

	if (rank(state) < rank(w->state))
		w->state = state;
}

/* What the other options say together: 0 where one of them is not named. */
static char said_by(const struct kconfig *config, const struct kernel_option_instead *i)
{
	AUTO_POOL pool = { 0 };
	struct worst w = { config, 'y' };

	if (!*i->by)
		return 'y';
	kconfig_each(&pool, i->by, take_worst, &w);
	return w.state;
}

char kconfig_state(const struct kconfig *config, const char *option,
		   const struct kernel_option_instead **instead)
{
	const struct kernel_option_instead *ignored;
	char own = named(config, option);

	if (!instead)
		instead = &ignored;
	*instead = NULL;
	if (own && own != 'n')
		return own;
	if (is_foreign(option, config->arch))
		return KCONFIG_FOREIGN;
	for (const struct kernel_option_instead *i = kernel_options_instead; i->option; i++) {
		char state = strcmp(i->option, option) || !is_arch(i->arch, config->arch) ||
			     !is_release(i, config->release) ? 0 : said_by(config, i);

		if (!state || state == 'n')
			continue;
		*instead = i;
		return state;
	}
	return own || config->title ? 'n' : KCONFIG_UNSAID;
}
