/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A box is what a container runtime builds: namespaces with a root file system and a process
 * in them.  Here that process is an agent, executed by the runtime, that reports to a socket
 * which it finds in its root directory.
 *
 * Runtimes are launched in a moat only: an arena whose root directory is an overlay over the
 * machine's, with /run, /tmp, /work, /dev, /sys and the cgroup hierarchy of its own, so that
 * what a runtime does to its host is done to the moat, can be seen there, and dies with it.
 *
 *   MOAT_DIR/upper          what was written to the machine's files
 *   MOAT_DIR/ID             private to box ID: ${work}
 *   MOAT_DIR/ID/bundle      ${bundle}, with the root directory in rootfs
 *   ROOTFS/nsconform        this program
 *   ROOTFS/channel/ID       the socket
 *   ROOTFS/work             the moat's /work
 */
#ifndef NSC_BOX_H
#define NSC_BOX_H

#include "nsc/field.h"
#include "nsc/op.h"

#define MOAT_DIR "/run/nsconform"
#define BOX_AGENT "/nsconform"
#define BOX_CHANNEL "/channel"

/* What a scenario may ask of a box beside its namespaces: the actor's `box:`. */
struct box {
	const char *hostname, *domainname, *cwd;
	bool readonly_root, no_new_privs;
	struct strs masked, readonly_paths, rlimits, sysctls, devices, bind, tmpfs, env, seccomp;
	struct ints groups;
	int64_t uid, gid, umask, oom_score_adj; /* -1 (oom_score_adj: -2000): not asked for */
	uint64_t capabilities;
	int64_t propagation;
};

enum { PROPAGATION_DEFAULT, PROPAGATION_PRIVATE, PROPAGATION_SLAVE, PROPAGATION_SHARED,
       PROPAGATION_UNBINDABLE };

extern const struct field box_fields[];

/* How a launch ended. */
enum { LAUNCH_STARTED, LAUNCH_REFUSED, LAUNCH_SILENT, LAUNCH_GARBAGE };

/* Fill the moat; NULL, or the step that failed with errno set. In namespaces of its own. */
const char *moat_make(void);

/* Lines `CATEGORY WHAT`, sorted: what a runtime could change of its host. KINDS is a mask of the
 * NSM_* whose categories are read. */
struct strs moat_state(struct pool *pool, unsigned kinds);
/* Whether LINE is about one of NAMES: a path and what is below, or a link. */
bool moat_tolerated(const char *line, const struct strs *names);
/* "gone: LINE" and "new: LINE". */
struct strs moat_changes(struct pool *pool, const struct strs *before, const struct strs *after);

/* box.launch, box.end, box.read and box.seen: not in lib/ops, for they know agents and messages. */
extern const struct op box_ops[];

/* Entry of the program that a runtime executes: report to SOCKET with NONCE, then serve. */
int box_main(const char *socket, const char *nonce);

#endif
