// SPDX-License-Identifier: GPL-2.0-only
/*
 * How helper programs end, in words; where they write; that a late one is gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "nsc/sys.h"
#include "tap.h"
#include "vm/helper.h"

#define LONG_NS 600000000000ll
#define SHORT_NS 50000000ll
#define SH(script) { "sh", "-c", script, NULL }

static const struct {
	const char *about;
	char *argv[4];
	int64_t within_ns;
	const char *why;
} ends[] = {
	{ "one that ends well", SH("exit 0"), LONG_NS, NULL },
	{ "one that fails", SH("exit 3"), LONG_NS, "sh failed with exit status 3: why?" },
	{ "one that is killed", SH("kill -9 $$"), LONG_NS, "sh was killed by signal 9" },
	{ "one that is late", { "sleep", "infinity", NULL }, SHORT_NS,
	  "sleep was not done after 0.05 s" },
	{ "one that is not there", { "nsconform-no-such-program", NULL }, LONG_NS,
	  "needs the program nsconform-no-such-program, which is not in PATH" },
	{ "one that is no program", { "/dev/null", NULL }, LONG_NS,
	  "cannot start /dev/null: Permission denied" },
	{ "nothing to read", SH("! read -r line"), LONG_NS, NULL },
	{ "no environment", SH("[ -z \"$SEEN\" ]"), LONG_NS, NULL },
};

static void writes(struct pool *pool)
{
	AUTO_FD out = memfd_create("out", MFD_CLOEXEC);
	const struct helper h = { (char *const[])SH("printf seen; printf unseen >&2"), .out = out,
				  .within_ns = LONG_NS };
	const char *why = helper_run(pool, &h);
	char *text;

	lseek(out, 0, SEEK_SET);
	ok(!why && sys_read_fd(pool, out, 100, &text, NULL) == 0 && !strcmp(text, "seen"),
	   "it writes to where it is told");
}

/* Our own outputs are a file meanwhile. */
static void is_quiet(struct pool *pool)
{
	AUTO_FD heard = memfd_create("heard", MFD_CLOEXEC);
	int ours[] = { dup(1), dup(2) };
	const struct helper h = { (char *const[])SH("echo out; echo err >&2"), .out = -1,
				  .within_ns = LONG_NS };
	struct stat st = { 0 };

	fflush(stdout);
	dup2(heard, 1);
	dup2(heard, 2);
	dprintf(1, "1");
	dprintf(2, "2");
	const char *why = helper_run(pool, &h);

	fstat(heard, &st);
	for (int i = 0; i < 2; i++) {
		dup2(ours[i], i + 1);
		close(ours[i]);
	}
	ok(!why && st.st_size == 2, "what it says otherwise is not heard");
}

static void joins(struct pool *pool)
{
	pid_t leader = fork();

	if (leader == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(leader, leader);
	char *script = pool_printf(pool, "set -- $(cat /proc/self/stat) && [ $5 = %d ]", leader);
	struct helper h = { (char *const[])SH(script), .out = -1, .within_ns = LONG_NS,
			    .doubt = "" };
	const char *outside = helper_run(pool, &h);

	h.group = leader;
	ok(outside && !helper_run(pool, &h), "it joins the group that it is told");
	kill(leader, SIGKILL);
	waitpid(leader, NULL, 0);
}

/* What helpers must not see is there. */
static bool tempt(void)
{
	AUTO_FD in = memfd_create("in", MFD_CLOEXEC);

	return dprintf(in, "line\n") == 5 && lseek(in, 0, SEEK_SET) == 0 && dup2(in, 0) == 0 &&
	       setenv("SEEN", "1", 1) == 0;
}

int main(void)
{
	AUTO_POOL pool = { 0 };

	if (!tempt())
		return 1;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		const struct helper h = { ends[i].argv, .out = -1, .within_ns = ends[i].within_ns,
					  .doubt = "why?" };
		const char *why = helper_run(&pool, &h);

		ok(why && ends[i].why ? !strcmp(why, ends[i].why) : !why && !ends[i].why,
		   "%s: %s", ends[i].about, why ? why : "done");
	}
	ok(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "none is left");
	writes(&pool);
	is_quiet(&pool);
	joins(&pool);
	return done();
}
