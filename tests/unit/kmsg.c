// SPDX-License-Identifier: GPL-2.0-only
/* Records of the kernel's log: which are warnings, which process they name, whose they are. */
#include "exec/kmsg.h"
#include "tap.h"

static const struct {
	const char *about, *record;
	const char *text; /* NULL: none of ours to look at */
	pid_t pid;
	bool nsconform;
} records[] = {
	{ "a warning", "4,1,2,-;overlayfs: odd options\n", "overlayfs: odd options", 0, false },
	{ "what a program wrote", "12,1,2,-;systemd: failed\n", NULL, 0, false },
	{ "information", "6,1,2,-;eth0: link up\n", NULL, 0, false },
	{ "no record", "nonsense", NULL, 0, false },
	{ "its device", "3,1,2,-;eth0: hung\n SUBSYSTEM=net\n DEVICE=n2\n", "eth0: hung", 0, false },
	{ "the caller, a task", "4,1,2,-,caller=T77;VFS: Mount too revealing\n",
	  "VFS: Mount too revealing", 77, false },
	{ "the caller, an interrupt", "4,1,2,-,caller=C1;hrtimer: interrupt took long\n",
	  "hrtimer: interrupt took long", 0, false },
	{ "a stack dump", "4,1,2,-;CPU: 1 UID: 0 PID: 88 Comm: nsconform Not tainted 6.18.0\n",
	  "CPU: 1 UID: 0 PID: 88 Comm: nsconform Not tainted 6.18.0", 88, true },
	{ "somebody else's", "4,1,2,-;CPU: 1 PID: 89 Comm: mount Tainted: G W\n",
	  "CPU: 1 PID: 89 Comm: mount Tainted: G W", 89, false },
	{ "__warn()", "4,1,2,-;WARNING: fs/namespace.c:7 at f+0x1/0x2, CPU#0: nsconform/90\n",
	  "WARNING: fs/namespace.c:7 at f+0x1/0x2, CPU#0: nsconform/90", 90, true },
	{ "its caller is not in the text", "4,1,2,-;pretends ,caller=T5\n",
	  "pretends ,caller=T5", 0, false },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		AUTO_POOL pool = { 0 };
		struct kmsg_line line = { 0 };
		bool is = kmsg_parse(&pool, records[i].record, &line);

		ok(is == (records[i].text != NULL), "%s: %s", records[i].about,
		   records[i].text ? "a warning of the kernel's" : "none");
		if (is && records[i].text)
			ok(!strcmp(line.text, records[i].text) && line.pid == records[i].pid &&
			   line.nsconform == records[i].nsconform, "%s: process %d%s", line.text,
			   line.pid, line.nsconform ? ", nsconform" : "");
	}
	return done();
}
