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
 *   MOAT_DIR/programs       what takes the place of programs of the machine, read-only
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
#define MOAT_PROGRAMS MOAT_DIR "/programs"
#define BOX_AGENT "/nsconform"
#define BOX_CHANNEL "/channel"

/* What a scenario may ask of a box beside its namespaces: the actor's `box:`. */
struct box {
	const char *hostname, *domainname, *cwd;
	bool readonly_root, no_new_privs;
	const char *cgroup;
	struct strs masked, readonly_paths, rlimits, sysctls, devices, bind, tmpfs, env, seccomp;
	struct strs mounts, image;
	struct ints groups;
	int64_t uid, gid, umask, oom_score_adj; /* -1 (oom_score_adj: -2000): not asked for */
	uint64_t capabilities, hooks, launcher;
	int64_t propagation, personality, fault;
};

enum { PROPAGATION_DEFAULT, PROPAGATION_PRIVATE, PROPAGATION_SLAVE, PROPAGATION_SHARED,
       PROPAGATION_UNBINDABLE };

/* What the launcher has, and its box must not get: bits of `launcher`. */
enum {
	WITH_GROUPS = 1 << 0, WITH_TERMINAL = 1 << 1, WITH_INHERITABLE = 1 << 2,
	WITH_KEYRING = 1 << 3, WITH_OOM = 1 << 4, WITH_UMASK = 1 << 5, WITH_LIMITS = 1 << 6,
	WITH_PERSONALITY = 1 << 7, WITH_AMBIENT = 1 << 8, WITH_DIRECTORY = 1 << 9,
	WITH_ALL = 1 << 10,
};
enum { LEAK_GROUP = 4242, LEAK_OOM = 321, LEAK_UMASK = 0137, LEAK_CORE = 12288 };
#define LEAK_KEY "nsconform-leak"

/* Deliberate faults of a configuration; what they do is in runner/runtime/fault.c. */
enum fault {
	FAULT_NONE, FAULT_PROGRAM_MISSING, FAULT_PATH_OF_OTHER_TYPE, FAULT_PATH_RELATIVE,
	FAULT_PATH_MISSING, FAULT_NAMESPACE_TWICE, FAULT_NAMESPACE_UNKNOWN, FAULT_RLIMIT_TWICE,
	FAULT_RLIMIT_UNKNOWN, FAULT_CWD_RELATIVE, FAULT_ARGS_EMPTY, FAULT_OFFSETS_ALONE,
	FAULT_HOOK_FAILS, FAULT_HOOK_MISSING, FAULT_PROPERTY_UNKNOWN, FAULT_HOSTNAME_ALONE,
	FAULT_SECCOMP_UNKNOWN, FAULT_NO_JSON, FAULT_VERSION, FAULT_NO_DEV,
	FAULT_MASK_RELATIVE, FAULT_READONLY_RELATIVE, FAULT_HOOK_RELATIVE,
	FAULT_SECCOMP_NO_NAMES, FAULT_SECCOMP_ERRNO,
	FAULT_SECCOMP_METADATA, FAULT_MAPS_ALONE, FAULT_MAPS_OVERLAP,
	FAULT_IDMAP_ALONE, FAULT_ROOT_MISSING, FAULT_UNIFIED_UNKNOWN,
	FAULT_RDT_ALONE, FAULT_PROPAGATION_UNKNOWN, FAULT_UID_UNMAPPABLE,
	FAULT_ANNOTATION_NUMBER, FAULT_ANNOTATION_NO_KEY, FAULT_SYSCTL_UNKNOWN,
	FAULT_CAPABILITY_UNKNOWN,
	FAULT_HOOK_FAILS_PRESTART, FAULT_HOOK_FAILS_CONTAINER,
	FAULT_HOOK_FAILS_START, FAULT_HOOK_FAILS_POSTSTART,
	FAULT_COUNT
};

extern const struct symbol fault_symbols[];
/* What a process inherits from who executes it, by name (lib/box/inherited.c). */
extern const struct symbol inherited_symbols[];
extern const struct field box_fields[];

/* How a launch ended. */
enum { LAUNCH_STARTED, LAUNCH_REFUSED, LAUNCH_SILENT, LAUNCH_GARBAGE, LAUNCH_TRACED };

/* Lines `CATEGORY WHAT`, sorted: what a runtime could change of its host. KINDS is a mask of the
 * NSM_* whose categories are read. NULL, or what could not be read with errno set. */
const char *moat_state(struct pool *pool, unsigned kinds, struct strs *state);
/* Whether LINE is about one of NAMES: a path and what is below, or a link. */
bool moat_tolerated(const char *line, const struct strs *names);
/* "gone: LINE" and "new: LINE". */
struct strs moat_changes(struct pool *pool, const struct strs *before, const struct strs *after);

/* Entry of the program that a runtime executes: report to SOCKET with NONCE, then serve OPS. */
int box_main(const char *socket, const char *nonce, const struct op *const *ops);

/* Entry of a hook: write the namespaces in which it runs to PATH, as ns.ids lists them. */
int box_hook_main(const char *path);

#endif
