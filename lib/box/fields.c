// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the language can ask of a box, and the parameters and results of its ops, as tables.
 */
#include "nsc/place.h"
#include "launch.h"

#define UNASKED -1
#define OOM_UNASKED -2000

static const struct symbol state_symbols[] = {
	{ "started", LAUNCH_STARTED, "the agent reported from the box" },
	{ "refused", LAUNCH_REFUSED, "the launcher ended before" },
	{ "silent", LAUNCH_SILENT, "no agent reported and took its place" },
	{ "garbage", LAUNCH_GARBAGE, "something else answered" },
	{ "traced", LAUNCH_TRACED, "something else answered, whose system calls a tracer sees first" },
	{ 0 }
};

static const struct symbol propagation_symbols[] = {
	{ "default", PROPAGATION_DEFAULT, "the runtime's own choice" },
	{ "private", PROPAGATION_PRIVATE, NULL },
	{ "slave", PROPAGATION_SLAVE, NULL },
	{ "shared", PROPAGATION_SHARED, NULL },
	{ "unbindable", PROPAGATION_UNBINDABLE, NULL },
	{ 0 }
};

static const struct symbol personality_symbols[] = {
	{ "LINUX", 0, NULL },
	{ "LINUX32", 8, "uname(2) shows a 32-bit machine" },
	{ 0 }
};

static const struct symbol hook_symbols[] = {
	{ "prestart", 1 << 0, "deprecated; in the runtime's namespaces" },
	{ "createRuntime", 1 << 1, "in the runtime's namespaces" },
	{ "createContainer", 1 << 2, "in the box's, before its root directory is changed" },
	{ "startContainer", 1 << 3, "in the box's" },
	{ "poststart", 1 << 4, "in the runtime's namespaces" },
	{ "poststop", 1 << 5, "in the runtime's namespaces" },
	{ 0 }
};

static const struct symbol with_symbols[] = {
	{ "groups", WITH_GROUPS, "the supplementary group 4242" },
	{ "terminal", WITH_TERMINAL, "a controlling terminal, which is its standard input" },
	{ "inheritable", WITH_INHERITABLE, "all its capabilities inheritable" },
	{ "keyring", WITH_KEYRING, "a session keyring with a key named " LEAK_KEY },
	{ "oom", WITH_OOM, "the OOM score adjustment 321" },
	{ "umask", WITH_UMASK, "the umask 0137" },
	{ "limits", WITH_LIMITS, "the soft limits CORE 12288 and STACK 4194304, or the hard ones where these are lower" },
	{ "personality", WITH_PERSONALITY, "the execution domain LINUX32" },
	{ "ambient", WITH_AMBIENT, "all its capabilities inheritable and ambient" },
	{ "directory", WITH_DIRECTORY, "the working directory /var" },
	{ "all", WITH_ALL, "of all that a process inherits a value of its own, which box.inherited finds" },
	{ 0 }
};

const struct symbol fault_symbols[] = {
	{ "program-missing", FAULT_PROGRAM_MISSING, "the program is not there" },
	{ "path-of-other-type", FAULT_PATH_OF_OTHER_TYPE, "joins by the path of another kind" },
	{ "path-relative", FAULT_PATH_RELATIVE, "joins by a path that is not absolute" },
	{ "path-missing", FAULT_PATH_MISSING, "joins by a path that leads to nothing" },
	{ "namespace-twice", FAULT_NAMESPACE_TWICE, "the last namespace is listed twice" },
	{ "namespace-unknown", FAULT_NAMESPACE_UNKNOWN, "a namespace type that nobody knows" },
	{ "rlimit-twice", FAULT_RLIMIT_TWICE, "a resource limit is listed twice" },
	{ "rlimit-unknown", FAULT_RLIMIT_UNKNOWN, "a resource limit that nobody knows" },
	{ "cwd-relative", FAULT_CWD_RELATIVE, "the working directory is not absolute" },
	{ "args-empty", FAULT_ARGS_EMPTY, "no program to run" },
	{ "offsets-alone", FAULT_OFFSETS_ALONE, "clock offsets without a time namespace" },
	{ "hook-fails", FAULT_HOOK_FAILS, "a hook that ends with status 1" },
	{ "hook-missing", FAULT_HOOK_MISSING, "a hook whose program is not there" },
	{ "property-unknown", FAULT_PROPERTY_UNKNOWN, "a property that nobody knows" },
	{ "hostname-alone", FAULT_HOSTNAME_ALONE, "a host name without a UTS namespace" },
	{ "seccomp-unknown", FAULT_SECCOMP_UNKNOWN, "a seccomp action that nobody knows" },
	{ "no-json", FAULT_NO_JSON, "the configuration ends in the middle" },
	{ "version", FAULT_VERSION, "a version of the specification that nobody has" },
	{ "mask-relative", FAULT_MASK_RELATIVE, "a masked path that is not absolute" },
	{ "readonly-relative", FAULT_READONLY_RELATIVE, "a read-only path that is not absolute" },
	{ "hook-relative", FAULT_HOOK_RELATIVE, "a hook whose path is not absolute" },
	{ "seccomp-no-names", FAULT_SECCOMP_NO_NAMES, "a seccomp rule of no system call" },
	{ "seccomp-errno-of-allow", FAULT_SECCOMP_ERRNO,
	  "a seccomp action with an error number that it cannot have" },
	{ "seccomp-metadata-alone", FAULT_SECCOMP_METADATA,
	  "listenerMetadata without listenerPath" },
	{ "maps-alone", FAULT_MAPS_ALONE, "id maps without a user namespace" },
	{ "maps-overlap", FAULT_MAPS_OVERLAP,
	  "a user namespace with id maps of which two lines overlap" },
	{ "idmap-alone", FAULT_IDMAP_ALONE,
	  "an idmapped mount without maps and without a user namespace" },
	{ "root-missing", FAULT_ROOT_MISSING, "a root directory that is not there" },
	{ "unified-unknown", FAULT_UNIFIED_UNKNOWN,
	  "a file of a cgroup controller that there is not" },
	{ "rdt-alone", FAULT_RDT_ALONE, "intelRdt where no resctrl is mounted" },
	{ "propagation-unknown", FAULT_PROPAGATION_UNKNOWN, "a propagation that nobody knows" },
	{ "uid-unmappable", FAULT_UID_UNMAPPABLE, "the user id 4294967295, which stands for none" },
	{ "annotation-number", FAULT_ANNOTATION_NUMBER, "an annotation that is a number" },
	{ "annotation-no-key", FAULT_ANNOTATION_NO_KEY, "an annotation with an empty key" },
	{ "sysctl-unknown", FAULT_SYSCTL_UNKNOWN, "a sysctl that there is not" },
	{ "capability-unknown", FAULT_CAPABILITY_UNKNOWN, "a capability that nobody knows" },
	{ "prestart-fails", FAULT_HOOK_FAILS_PRESTART, "a prestart hook that ends with status 1" },
	{ "create-container-fails", FAULT_HOOK_FAILS_CONTAINER,
	  "a createContainer hook that ends with status 1" },
	{ "start-container-fails", FAULT_HOOK_FAILS_START,
	  "a startContainer hook that ends with status 1" },
	{ "poststart-fails", FAULT_HOOK_FAILS_POSTSTART,
	  "a poststart hook that ends with status 1" },
	{ "no-dev", FAULT_NO_DEV, "nothing is mounted on /dev: the image's own is used" },
	{ 0 }
};

const struct field box_fields[] = {
	F_STR(struct box, hostname, OPTIONAL, "host name"),
	F_STR(struct box, domainname, OPTIONAL, "NIS domain name"),
	F_STR(struct box, cwd, OPTIONAL, "working directory"),
	F_BOOL(struct box, readonly_root, "the root directory is read-only"),
	F_BOOL(struct box, no_new_privs, "PR_SET_NO_NEW_PRIVS"),
	F_STRS(struct box, masked, OPTIONAL, "paths whose contents are hidden"),
	F_STRS(struct box, readonly_paths, OPTIONAL, "paths that are read-only"),
	F_STRS(struct box, rlimits, OPTIONAL,
	       "resource limits: NAME SOFT HARD, such as NOFILE 100 200"),
	F_STRS(struct box, sysctls, OPTIONAL, "NAME=VALUE, such as net.ipv4.ip_forward=1"),
	F_STRS(struct box, devices, OPTIONAL, "character devices: PATH MAJOR MINOR"),
	F_STRS(struct box, bind, OPTIONAL, "bind mounts: SOURCE TARGET [ro]"),
	F_STRS(struct box, tmpfs, OPTIONAL, "paths that get a tmpfs"),
	F_STRS(struct box, mounts, OPTIONAL,
	       "further mounts in this order: TYPE SOURCE TARGET OPTION,OPTION ..."),
	F_STRS(struct box, env, OPTIONAL, "environment: NAME=VALUE"),
	F_STRS(struct box, seccomp, OPTIONAL,
	       "system calls that a seccomp filter refuses with EPERM"),
	F_INTS(struct box, groups, OPTIONAL, 0, 4294967294, "supplementary groups"),
	F_INT_DEF(struct box, uid, UNASKED, 0, 4294967294, "user id"),
	F_INT_DEF(struct box, gid, UNASKED, 0, 4294967294, "group id"),
	F_INT_DEF(struct box, umask, UNASKED, 0, 0777, "umask"),
	F_INT_DEF(struct box, oom_score_adj, OOM_UNASKED, -1000, 1000, "OOM score adjustment"),
	F_FLAGS(struct box, capabilities, OPTIONAL, cap_symbols,
		"all that the process and its bounding set get; default: what the caller has"),
	F_ENUM(struct box, propagation, OPTIONAL, propagation_symbols,
	       "propagation type of the root directory"),
	F_ENUM(struct box, personality, OPTIONAL, personality_symbols, "execution domain"),
	F_STR(struct box, cgroup, OPTIONAL, "path of its cgroup"),
	F_FLAGS(struct box, hooks, OPTIONAL, hook_symbols,
		"hooks that write the namespaces in which they run to /work/NAME"),
	F_STRS(struct box, image, OPTIONAL,
	       "prepared in its root directory: symlink PATH TARGET, file PATH TEXT, directory PATH"),
	F_FLAGS(struct box, launcher, OPTIONAL, with_symbols,
		"what the launcher has, and the box is not asked to have"),
	F_ENUM(struct box, fault, OPTIONAL, fault_symbols, "a deliberate fault of the request"),
	F_END
};

const struct field launch_in_fields[] = {
	F_STR(struct launch_in, id, REQUIRED, "the box's name, and its directory's"),
	F_STR(struct launch_in, name, REQUIRED, "the socket's name"),
	F_STR(struct launch_in, nonce, REQUIRED, "what the agent says"),
	F_ANY(struct launch_in, files, OPTIONAL, "path, text, path, text ..."),
	F_STRS(struct launch_in, directories, OPTIONAL, "directories below its root"),
	F_STRS(struct launch_in, image, OPTIONAL, "what else is below its root"),
	F_FLAGS(struct launch_in, with, OPTIONAL, with_symbols, "what the launcher has"),
	F_STRS(struct launch_in, tolerates, OPTIONAL, "paths and links that may change"),
	F_ANY(struct launch_in, prepare, OPTIONAL, "programs that run before"),
	F_ANY(struct launch_in, daemons, OPTIONAL, "programs that stay, {argv, ready}"),
	F_STRS(struct launch_in, command, REQUIRED, "the launcher's arguments"),
	F_STRS(struct launch_in, environment, OPTIONAL, "the launcher's environment"),
	F_ANY(struct launch_in, place, REQUIRED, "what the agent does when it has arrived"),
	F_FD(struct launch_in, cred_sock, OPTIONAL, "where it leaves its credentials"),
	F_FDS(struct launch_in, pass, OPTIONAL, "the launcher's descriptors 20 and up"),
	F_STRS(struct launch_in, open, OPTIONAL, "files that follow these, opened for reading"),
	F_BOOL(struct launch_in, directory, "a root directory is prepared"),
	F_BOOL(struct launch_in, further, "one more process of a box that is there"),
	F_BOOL(struct launch_in, foreign, "the box has a kernel of its own"),
	F_BOOL(struct launch_in, move, "the agent goes to /work"),
	F_BOOL(struct launch_in, detaches, "the launcher may end before the agent reports"),
	F_END
};

const struct field launch_out_fields[] = {
	F_ENUM(struct launch_out, state, REQUIRED, state_symbols, "how it ended"),
	F_INT(struct launch_out, code, REQUIRED, 0, 0,
	      "exit status of the program that ended it, 128 + signal"),
	F_STR(struct launch_out, said, REQUIRED, "the end of what the programs printed"),
	F_STR(struct launch_out, cwd, REQUIRED,
	      "where the agent began; (unreachable)/... when that is outside of its root directory"),
	F_FLAGS(struct launch_out, new, REQUIRED, ns_symbols,
		"namespaces that differ from the moat's, seen from there"),
	F_BOOL(struct launch_out, foreign, "the process at the other end is not the agent itself"),
	F_INT(struct launch_out, number, REQUIRED, 0, 0, "the agent's number as it sees it"),
	F_INT(struct launch_out, pid, REQUIRED, 0, 0, "its number in the moat"),
	F_STRS(struct launch_out, changes, REQUIRED,
	       "what the launch changed of its host's names, links, sysctls and processes"),
	F_FD(struct launch_out, channel, REQUIRED, "the agent's channel"),
	F_FD(struct launch_out, pidfd, REQUIRED, "the agent's pidfd"),
	F_FD(struct launch_out, launcher, REQUIRED, "the launcher's pidfd"),
	F_FD(struct launch_out, status, REQUIRED, "where its exit status will be"),
	F_FDS(struct launch_out, daemons, REQUIRED, "pidfds of the daemons started for it"),
	F_FD(struct launch_out, before, REQUIRED, "the moat's state before"),
	F_FD(struct launch_out, listener, REQUIRED, "the socket to which the agent has reported"),
	F_END
};

const struct field end_in_fields[] = {
	F_STR(struct end_in, id, REQUIRED, "the box's name"),
	F_ACTOR(struct end_in, actor, OPTIONAL, "its process, which is killed when it stays"),
	F_FD(struct end_in, launcher, OPTIONAL, "the launcher's pidfd"),
	F_FD(struct end_in, status, OPTIONAL, "where its exit status will be"),
	F_FD(struct end_in, listener, OPTIONAL, "the socket to which the agent has reported"),
	F_FDS(struct end_in, daemons, OPTIONAL, "pidfds of its daemons"),
	F_FD(struct end_in, before, OPTIONAL,
	     "the moat's state before; without it nothing is compared"),
	F_ANY(struct end_in, cleanup, OPTIONAL, "programs that remove the box"),
	F_BOOL(struct end_in, removes, "a launcher whose status is 0 has removed it"),
	F_STRS(struct end_in, environment, OPTIONAL, "their environment"),
	F_STRS(struct end_in, tolerates, OPTIONAL, "paths and links that may stay behind"),
	F_FLAGS(struct end_in, except, OPTIONAL, ns_symbols,
		"kinds whose state the scenario itself changes"),
	F_END
};

const struct field end_out_fields[] = {
	F_BOOL(struct end_out, ended, "the launcher ended by itself"),
	F_INT(struct end_out, code, REQUIRED, 0, 0, "its exit status, -1 when it had to be killed"),
	F_INT(struct end_out, agents, REQUIRED, 0, 0,
	      "how many agents have reported from it: one, unless its command ran again"),
	F_STR(struct end_out, said, REQUIRED, "the end of what the clean-up printed"),
	F_STRS(struct end_out, changes, REQUIRED, "what is not as it was before the launch"),
	F_END
};

const struct field seen_in_fields[] = {
	F_ACTOR(struct seen_in, actor, REQUIRED, "process in question"),
	F_END
};

const struct field reading_fields[] = {
	F_STR(struct reading, hostname, REQUIRED, "host name"),
	F_STR(struct reading, domainname, REQUIRED, "NIS domain name"),
	F_STR(struct reading, cwd, REQUIRED, "working directory"),
	F_STRS(struct reading, uid_map, REQUIRED, "lines of uid_map: INSIDE OUTSIDE COUNT"),
	F_STRS(struct reading, gid_map, REQUIRED, "lines of gid_map"),
	F_STRS(struct reading, rlimits, REQUIRED, "resource limits: NAME SOFT HARD"),
	F_STRS(struct reading, fds, REQUIRED,
	       "descriptors beyond 2 with which it began; from outside, those of the launcher"),
	F_STR(struct reading, machine, REQUIRED, "hardware, as uname(2) names it"),
	F_INT(struct reading, keyring, REQUIRED, 0, 0,
	      "serial number of its session keyring, or 0"),
	F_INT(struct reading, terminal, REQUIRED, 0, 0,
	      "device number of its controlling terminal, 0: none, -1: it cannot be told"),
	F_STRS(struct reading, env, REQUIRED, "names of environment variables, sorted"),
	F_STRS(struct reading, variables, REQUIRED,
	       "environment variables with their values, NAME=VALUE, sorted"),
	F_TIME(struct reading, monotonic, REQUIRED, "offset of its monotonic clock"),
	F_TIME(struct reading, boottime, REQUIRED, "offset of its boottime clock"),
	F_INTS(struct reading, groups, REQUIRED, 0, 0, "supplementary groups"),
	F_INT(struct reading, uid, REQUIRED, 0, 0, "effective user id"),
	F_INT(struct reading, gid, REQUIRED, 0, 0, "effective group id"),
	F_INTS(struct reading, uids, REQUIRED, 0, 0,
	       "real, effective and saved user id"),
	F_INTS(struct reading, gids, REQUIRED, 0, 0,
	       "real, effective and saved group id"),
	F_INT(struct reading, umask, REQUIRED, 0, 0, "umask"),
	F_INT(struct reading, oom_score_adj, REQUIRED, 0, 0, "OOM score adjustment"),
	F_INT(struct reading, seccomp, REQUIRED, 0, 0, "seccomp mode: 0 none, 2 filter"),
	F_INT(struct reading, session, REQUIRED, 0, 0, "session id, 0 when its leader is outside"),
	F_BOOL(struct reading, no_new_privs, "no_new_privs is set"),
	F_FLAGS(struct reading, effective, REQUIRED, cap_symbols, "effective capabilities"),
	F_FLAGS(struct reading, permitted, REQUIRED, cap_symbols, "permitted capabilities"),
	F_FLAGS(struct reading, inheritable, REQUIRED, cap_symbols, "inheritable capabilities"),
	F_FLAGS(struct reading, bounding, REQUIRED, cap_symbols, "bounding set"),
	F_FLAGS(struct reading, ambient, REQUIRED, cap_symbols, "ambient capabilities"),
	F_END
};

