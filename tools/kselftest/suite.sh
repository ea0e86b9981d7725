#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# suite.sh SUITE RUNTIME [OPTION...]: run that suite, with the boxes of the runtime where the name is not empty, as a
# program of kselftest. The wrappers of all suites execute it; docs/kselftest.md describes what it reads and leaves.
suite=$1
runtime=$2
shift 2
own=$(cd -P "$(dirname "$0")" && pwd) || exit 1
collection=nsconform${runtime:+-$runtime}
# Where suites are called as their wrappers, the name of one would be a path.
cd "$own/.." || exit 1

# The command line of a process, without what separates its words.
command_line() {
	line=
	{ read -r line <"/proc/$1/cmdline"; } 2>/dev/null
	echo "$line"
}

# Field N of /proc/PID/stat, counted from its state: 2 is the parent, 20 when it began, in ticks since the boot.
stat_field() {
	line=
	{ read -r line <"/proc/$1/stat"; } 2>/dev/null
	field=$2
	# shellcheck disable=SC2086 # a list of numbers
	set -- ${line##*) }
	shift $((field - 1))
	echo "$1"
}

# When the run_kselftest.sh began that this is a part of, whose forks have its command line; or else this itself.
run_begin() {
	pid=$$
	while [ "${pid:-0}" -gt 0 ] && case $(command_line "$pid") in *run_kselftest.sh*) false ;; esac; do
		pid=$(stat_field "$pid" 2)
	done
	[ "${pid:-0}" -gt 0 ] || pid=$$
	runner=$(command_line "$pid")
	while [ "$(command_line "$pid")" = "$runner" ]; do
		begin=$(stat_field "$pid" 20)
		pid=$(stat_field "$pid" 2)
	done
	echo "$begin"
}

# LKFT's kselftest.sh splits the list of suites into shards itself, and may have exported the variables it does that
# by: each suite that is left then runs as a whole.
[ ! -e shardfile ] || unset SHARD_NUMBER SHARD_INDEX

# The suites that one run_kselftest.sh runs of a collection are parts of one run.
boot=
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
records=${NSCONFORM_OUTPUT:-$own/output}
record=$records/$collection.${boot%%-*}.$(run_begin)
while [ -e "$record/parts/$suite.json" ]; do
	record=$record.again
done
if [ -d "$record" ] || { mkdir -p "$record" && ln -sfn "${record##*/}" "$records/$collection"; }; then
	set -- --output "$record" "$@"
elif [ -n "$NSCONFORM_OUTPUT" ]; then
	exit 1
else
	echo "# no record is kept in $records: NSCONFORM_OUTPUT=DIR chooses another directory"
fi

# The suites are the ones beside this file.
unset NSCONFORM_OUTPUT NSCONFORM_DATA
# shellcheck disable=SC2086 # a list of options
exec "$own/nsconform" run --format kselftest --part ${runtime:+--runtime "$runtime"} "$@" $KSELFTEST_NSCONFORM_ARGS "$suite"
