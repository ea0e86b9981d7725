# SPDX-License-Identifier: GPL-2.0-only
# The environments in which tests/environments.t and tools/check-environments run the suite: a
# list of rows.
#
#   name     what it is called, by both and in docs/environments.md
#   about    the sentence of docs/environments.md
#   enter    words that are put before the command: it runs in that environment.  Mounts, name
#            spaces and limits are the command's own, nothing of the host is changed
#   status   the exit status that is right there: without it 0, or 4 where nothing was judged
#   nothing  'always' where nothing can be judged, 'perhaps' where that depends on the machine; else
#            something must be
#   refused  true where a run says in one line why it cannot even plan
#   instead  words for nsconform in place of "run"
#   without  a function that says why there is no such environment here, or nothing
#   stdout   'lost' where it cannot be read: what was printed is then taken from --output
#   env      variables of the environment
#   busy     true: runs with nothing beside it, as it keeps the processors to itself
#   slow     true: left to tools/check-environments
#   leaves   cgroups that its program leaves in each hierarchy, with what is below them: tidy() removes them
#
# The file `accused` beside this one names the scenarios that were judged wrongly in a row once:
# they run there besides the sample that all rows have.
#
# STAGE is a directory with the binary, its suites and room for roots, and readable for everybody.
use strict;
use warnings;
use File::Spec;

our $stage;
my ($build) = File::Spec->rel2abs($nsconform) =~ m{(.*)/};

sub has {
	my ($program) = @_;
	return scalar grep { -x "$_/$program" } split(/:/, $ENV{PATH}), '/usr/sbin', '/sbin';
}

# SCHED_IDLE weighs a three hundredth of what others do: beside many of them, a run would take hours.
sub wanted_processors {
	my ($running) = slurp('/proc/loadavg') =~ m{ (\d+)/};
	my ($cpus) = run_command('nproc');
	return $running > 4 * $cpus ? "needs a processor that nobody else wants: $running processes want one" : ();
}

sub needs {
	my @programs = @_;
	return sub { map { "needs $_" } grep { !has($_) } @programs };
}

sub both {
	my @reasons = @_;
	return sub { map { $_->() } @reasons };
}

sub no_file {
	my ($path) = @_;
	return sub { -e $path ? () : "needs $path" };
}

# Carry out TEXT, then the command that follows.
sub shell { return ('sh', '-ec', "$_[0]\nexec \"\$@\"", 'sh') }

# The same in a mount namespace of its own, of which nothing propagates.
sub mounts { return ('unshare', '--mount', shell(@_)) }

sub nobody { return qw(setpriv --reuid=65534 --regid=65534 --clear-groups) }

my ($kernel) = grep { -r } glob("$build/kernels/6.1-cloud/boot/vmlinuz-*");
my ($qemu) = grep { -x } ("$build/kernels/qemu-system-x86_64");
my $proc = 'mount -t proc proc /proc';
# Remounts say bind: without it they are of the file system, which is the host's, too.
my $proc_sys_read_only = 'mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys';
my $sys_read_only = 'mount -o remount,bind,ro /sys';
# The ten paths that docker and podman cover or protect.
my $masked = <<'END';
for f in /proc/kcore /proc/keys /proc/timer_list /proc/sched_debug /proc/interrupts; do
	if [ -e $f ]; then mount --bind /dev/null $f; fi
done
for d in /proc/acpi /proc/scsi /sys/firmware; do
	if [ -d $d ]; then mount -t tmpfs -o ro,size=0 masked $d; fi
done
for d in /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger; do
	if [ -e $d ]; then mount --bind $d $d; mount -o remount,bind,ro $d; fi
done
END

# A root that is a plain directory, with the host's own programs: what is in $OMIT stays out.
my $plain_root = <<'END';
R=$(mktemp -d "$STAGE/roots/XXXXXX"); chmod 755 "$R"
for d in /*; do
	case " ${OMIT:-} " in *" $d "*) continue ;; esac
	if [ -L "$d" ]; then cp -d "$d" "$R$d"
	elif [ -d "$d" ] && [ -e "$d" ]; then mkdir "$R$d"; mount --rbind "$d" "$R$d"
	fi
done
if ! [ -d "$R$STAGE" ]; then mkdir -p "$R$STAGE"; mount --bind "$STAGE" "$R$STAGE"; fi
END
my $bare_root = <<'END';
R=$(mktemp -d "$STAGE/roots/XXXXXX"); chmod 755 "$R"
mkdir -p "$R$STAGE"; mount --bind "$STAGE" "$R$STAGE"
END
# ... becomes "/", as it does in containers.
my $pivot = <<'END';
mount --rbind "$R" "$R"; cd "$R"; mkdir -p "$R/old"
pivot_root . old; umount -l /old; rmdir /old; cd "$STAGE"
END
my $chroot = 'set -- chroot "$R" "$@"';

my @docker_caps = qw(chown dac_override fsetid fowner mknod net_raw setgid setuid setfcap setpcap
	net_bind_service sys_chroot kill audit_write);
my @podman_caps = qw(chown dac_override fowner fsetid kill net_bind_service setfcap setgid setpcap
	setuid sys_chroot);

# Those that we have ourselves: more cannot be given on.
sub held {
	my ($set) = slurp('/proc/self/status') =~ /^CapPrm:\s*([0-9a-f]+)/m;
	my @bits = reverse split //, unpack('B64', pack('H16', $set));
	my @names = capabilities();
	return join ',', map { "+$names[$_]" } grep { $bits[$_] } 0 .. $#names;
}

sub only_caps { return ('setpriv', '--bounding-set', join(',', '-all', map { "+$_" } @_), '--inh-caps', '-all') }

my @boxed = qw(unshare --mount --pid --fork --kill-child --ipc --uts --net --cgroup);

# What the kernel knows and setpriv(1) can name.
sub capabilities {
	open my $f, '-|', 'setpriv --list-caps 2>/dev/null' or return ();
	my @names = grep { /^[a-z]/ } <$f>;
	chomp @names;
	return @names;
}

# Soft and hard: nobody can raise it, root can.
my @limits = (
	[as => 256 << 20, 'address space of 256 MiB'],
	[core => 0, 'no core files'],
	[cpu => 60, 'a minute of processor time'],
	[data => 64 << 20, '64 MiB of data'],
	[fsize => 4096, 'files of 4 KiB at most'],
	[locks => 1, 'one lock'],
	[memlock => 0, 'no locked memory'],
	[msgqueue => 0, 'no POSIX message queues'],
	[nice => 0, 'no better nice value'],
	[nofile => 64, '64 descriptors'],
	[nproc => 20, '20 processes of a user'],
	[rss => 1 << 20, 'a resident set of 1 MiB'],
	[rtprio => 0, 'no real-time priority'],
	[rttime => 1000, 'a millisecond of real time'],
	[sigpending => 1, 'one pending signal'],
	[stack => 256 << 10, 'stacks of 256 KiB'],
);

# By tests/filter: each call with its answer.  What docker's profile withholds from a container
# without CAP_SYS_ADMIN, as far as a run comes near it: clone3 is said to be missing, clone makes no
# namespaces.  Podman's lets namespaces and mounts through and says ENOSYS for what it does not know.
my $filter = "$stage/filter";
sub filtered {
	my ($errno, @calls) = @_;
	my %known = map { ($_ => 1) } split /\n/, (run_command($filter, '--calls'))[0];
	return ($filter, (map { "$_=$errno" } grep { /^([a-z0-9_]+)/ && $known{$1} } @calls), '--');
}
my @new = map { sprintf 'clone:0=%#x/%#x', $_, $_ } map { hex } qw(00020000 02000000 04000000 08000000 10000000 20000000 40000000);
my @docker_forbids = (@new, qw(unshare setns mount umount2 pivot_root open_tree move_mount fsopen fsconfig fsmount fspick
	mount_setattr sethostname setdomainname open_by_handle_at keyctl add_key request_key kcmp pidfd_getfd ptrace bpf
	perf_event_open fanotify_init quotactl userfaultfd syslog settimeofday clock_settime io_uring_setup));
my @podman_knows_not = qw(mount_setattr open_tree_attr statmount listmount listns io_uring_setup futex_waitv
	landlock_create_ruleset quotactl_fd process_mrelease);
my @podman_forbids = qw(sethostname setdomainname open_by_handle_at kcmp ptrace bpf perf_event_open fanotify_init
	quotactl clock_settime settimeofday);

my $forbid_userns = 'echo 0 > /proc/sys/user/max_user_namespaces';

return (
	# Who runs it.
	{ name => 'root', about => 'root, as the machine is' },
	{ name => 'nobody', about => 'uid 65534, without groups', enter => [nobody] },
	{ name => 'rootless', about => 'uid 65534 as root of a user namespace of its own',
		enter => [nobody, qw(unshare --user --map-root-user)] },
	{ name => 'rootless-mounts', about => 'the same with mount, PID, network, IPC, UTS and cgroup namespaces, and its own /proc',
		enter => [nobody, qw(unshare --user --map-root-user --mount --pid --fork --kill-child --net --ipc --uts --cgroup --mount-proc)] },

	# Roots.
	{ name => 'chroot-debian', about => 'chroot(2) to a directory with the programs of Debian, which is no mount point',
		enter => [mounts("$plain_root$chroot")] },
	{ name => 'chroot-debian-nobody', nothing => 'always', about => 'the same as uid 65534: the kernel refuses user namespaces to who is in a chroot',
		enter => [mounts("$plain_root$chroot"), nobody] },
	{ name => 'chroot-bare', refused => 1, status => 3, about => 'chroot(2) to a directory with the binary and the suites alone: no /proc, no /dev',
		enter => [mounts("$bare_root$chroot")], nothing => 'always' },
	{ name => 'chroot-bare-proc', about => 'the same with /proc, /sys and /dev',
		enter => [mounts("$bare_root" . 'for d in /proc /sys /dev; do mkdir "$R$d"; mount --rbind $d "$R$d"; done' . "\n$chroot")] },
	{ name => 'root-read-only', about => 'a read-only root file system', enter => [mounts('mount -o remount,bind,ro /')] },
	{ name => 'no-tmp', about => 'no /tmp at all', enter => [mounts("OMIT=/tmp\n$plain_root$pivot")] },
	{ name => 'no-sys', about => 'no /sys at all', enter => [mounts("OMIT=/sys\n$plain_root$pivot")] },
	{ name => 'no-dev', about => 'no /dev at all', enter => [mounts("OMIT=/dev\n$plain_root$pivot")] },
	{ name => 'no-proc', refused => 1, status => 3, about => 'no /proc at all', enter => [mounts("$plain_root$pivot" . 'umount -l /proc')], nothing => 'always' },
	{ name => 'root-pivoted', about => 'pivot_root(2) to a root with the programs of Debian', enter => [mounts("$plain_root$pivot")] },

	# /proc.
	{ name => 'proc-masked', about => '/proc with the paths covered or read-only that docker and podman treat so',
		enter => [mounts($masked)] },
	{ name => 'proc-masked-nobody', about => 'the same as uid 65534: no new procfs may be mounted by who sees less of the old one',
		enter => [mounts($masked), nobody] },
	{ name => 'proc-hidepid', about => '/proc mounted with hidepid=2',
		enter => [qw(unshare --mount --pid --fork --kill-child), shell('mount -t proc -o hidepid=2 proc /proc')] },
	{ name => 'proc-hidepid-nobody', about => 'the same as uid 65534, whom it concerns',
		enter => [qw(unshare --mount --pid --fork --kill-child), shell('mount -t proc -o hidepid=2 proc /proc'), nobody] },
	{ name => 'proc-sys-read-only', about => '/proc/sys read-only',
		enter => [mounts($proc_sys_read_only)] },
	{ name => 'proc-sys-read-only-nobody', about => 'the same as uid 65534',
		enter => [mounts($proc_sys_read_only), nobody] },
	{ name => 'sys-read-only', about => '/sys read-only', enter => [mounts($sys_read_only)] },
	{ name => 'sys-read-only-nobody', about => 'the same as uid 65534', enter => [mounts($sys_read_only), nobody] },
	{ name => 'proc-foreign', about => 'a PID namespace of its own below the /proc of the one outside',
		enter => [qw(unshare --pid --fork --kill-child)] },

	# Cgroups.
	{ name => 'no-cgroupfs', about => 'no cgroup hierarchy is mounted',
		enter => [mounts('umount -R /sys/fs/cgroup')], without => no_file('/sys/fs/cgroup') },
	{ name => 'cgroup-v1-only', about => 'version 1 hierarchies alone',
		enter => [mounts('umount /sys/fs/cgroup/unified')],
		without => no_file('/sys/fs/cgroup/unified') },
	{ name => 'cgroup-v2-only', about => 'the version 2 hierarchy alone',
		enter => [mounts('umount -R /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup')] },
	{ name => 'cgroup-read-only', about => 'cgroup hierarchies that are mounted read-only',
		enter => [mounts('for d in $(awk \'$3 ~ /^cgroup/ { print $2 }\' /proc/mounts); do mount -o remount,bind,ro "$d"; done')] },

	# User namespaces, each of the ways to forbid them.
	{ name => 'userns-limit', nothing => 'always', about => 'user.max_user_namespaces is 0, root of a user namespace',
		enter => [qw(unshare --user --map-root-user), shell($forbid_userns)] },
	{ name => 'userns-limit-nobody', about => 'user.max_user_namespaces is 0, uid 65534', nothing => 'always',
		enter => [nobody, qw(unshare --user --map-user=65534 --keep-caps), shell($forbid_userns),
			qw(setpriv --ambient-caps -all --inh-caps -all)] },
	{ name => 'userns-sysctl-nobody', about => 'kernel.unprivileged_userns_clone is 0 (where a kernel has it and it is so), uid 65534',
		enter => [nobody], nothing => 'always',
		without => sub { (eval { slurp('/proc/sys/kernel/unprivileged_userns_clone') } // 1) == 0 ? () : 'needs kernel.unprivileged_userns_clone=0, which no test changes' } },
	{ name => 'userns-apparmor-nobody', about => 'kernel.apparmor_restrict_unprivileged_userns is 1 (where it is so), uid 65534',
		enter => [nobody], nothing => 'perhaps',
		without => sub { (eval { slurp('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') } // 0) == 1 ? () : 'needs kernel.apparmor_restrict_unprivileged_userns=1, which no test changes' } },
	{ name => 'userns-seccomp', about => 'a seccomp filter forbids unshare(2), clone3(2) and clone(2) to make user namespaces, root',
		enter => [filtered('EPERM', 'unshare:0=0x10000000/0x10000000', 'clone3', 'clone:0=0x10000000/0x10000000')], nothing => 'always' },
	{ name => 'userns-seccomp-nobody', about => 'the same as uid 65534', nothing => 'always',
		enter => [nobody, filtered('EPERM', 'unshare', 'clone3', 'clone:0=0x10000000/0x10000000')] },
	{ name => 'userns-sysctl-vm', about => 'Debian 6.1 in a virtual machine, booted with kernel.unprivileged_userns_clone=0', slow => 1,
		instead => ['vm', '--kernel', $kernel // '', '--qemu', $qemu // '', '--append', 'sysctl.kernel.unprivileged_userns_clone=0'],
		without => sub { $kernel && $qemu ? () : 'needs build/kernels: make deps-kernels' } },
	{ name => 'userns-bwrap', about => 'bwrap --disable-userns', nothing => 'always', without => needs('bwrap'),
		enter => [nobody, qw(bwrap --unshare-user --disable-userns --bind / / --dev /dev --proc /proc)] },

	# Limits, one by one.
	(map {
		my ($name, $value, $about) = @$_;
		my $nothing = $name =~ /^(?:fsize|nofile|nproc|stack)$/ ? 'perhaps' : undef; # a run wants more of these
		({ name => "rlimit-$name", nothing => $nothing, about => "$about (RLIMIT_\U$name\E), root", enter => ['prlimit', "--$name=$value"] },
		 { name => "rlimit-$name-nobody", nothing => $nothing, about => "$about, uid 65534", enter => ['prlimit', "--$name=$value", nobody] })
	} @limits),

	# Inherited state.
	{ name => 'umask', about => 'umask 0777', enter => [shell('umask 0777')] },
	{ name => 'umask-nobody', about => 'umask 0777, uid 65534', enter => [shell('umask 0777'), nobody] },
	{ name => 'nice', about => 'nice 19', enter => [qw(nice -n 19)] },
	{ name => 'nice-nobody', about => 'nice 19, uid 65534, who cannot lower it', enter => [qw(nice -n 19), nobody] },
	{ name => 'ionice', about => 'I/O class idle', enter => [qw(ionice -c 3)] },
	{ name => 'ionice-nobody', about => 'I/O class idle, uid 65534', enter => [qw(ionice -c 3), nobody] },
	{ name => 'sched-idle', about => 'SCHED_IDLE', enter => [qw(chrt --idle 0)], without => \&wanted_processors },
	{ name => 'sched-batch', about => 'SCHED_BATCH', enter => [qw(chrt --batch 0)] },
	{ name => 'no-new-privs', about => 'no_new_privs', enter => [qw(setpriv --no-new-privs)] },
	{ name => 'no-new-privs-nobody', about => 'no_new_privs, uid 65534', enter => [nobody, '--no-new-privs'] },
	{ name => 'securebits-noroot', about => 'SECBIT_NOROOT: no exec gives root a capability', nothing => 'perhaps',
		enter => ['setpriv', '--securebits', '+noroot,+noroot_locked'] },
	{ name => 'securebits-noroot-ambient', nothing => 'perhaps', about => 'SECBIT_NOROOT and every capability ambient',
		enter => ['setpriv', '--inh-caps', held(), '--ambient-caps', held(), '--securebits', '+noroot,+noroot_locked'] },
	{ name => 'securebits-no-setuid-fixup', nothing => 'perhaps', about => 'SECBIT_NO_SETUID_FIXUP: a change of uid keeps capabilities',
		enter => ['setpriv', '--securebits', '+no_setuid_fixup,+no_setuid_fixup_locked'] },
	{ name => 'securebits-keep-caps', nothing => 'perhaps', about => 'SECBIT_KEEP_CAPS_LOCKED', enter => [qw(setpriv --securebits +keep_caps_locked)] },
	{ name => 'securebits-no-ambient', nothing => 'perhaps', about => 'SECBIT_NO_CAP_AMBIENT_RAISE, locked',
		enter => ['capsh', '--secbits=0xc0', '--shell=/usr/bin/env', '--'], without => needs('capsh') },
	{ name => 'ambient', about => 'every capability in the ambient set',
		enter => ['setpriv', '--inh-caps', held(), '--ambient-caps', held()] },
	{ name => 'ambient-nobody', about => 'every capability in the ambient set, uid 65534',
		enter => [nobody, '--inh-caps', held(), '--ambient-caps', held()] },
	{ name => 'inheritable', about => 'every capability in the inheritable set', enter => ['setpriv', '--inh-caps', held()] },
	{ name => 'locale', about => 'a locale with a decimal comma and another i',
		env => { LC_ALL => 'tr_TR.UTF-8', LANG => 'tr_TR.UTF-8', LANGUAGE => 'tr' } },
	{ name => 'environment-empty', about => 'no environment variable at all', enter => ['env', '-i', 'NSCONFORM_DATA='] },
	{ name => 'no-tty', about => 'no controlling terminal', enter => [qw(setsid --wait)] },
	{ name => 'columns-40', about => 'a terminal of 40 columns', stdout => 'lost',
		enter => ['bash', '-ec', 'exec script -qefc "stty cols 40; $(printf "%q " "$@")" /dev/null', 'bash'],
		without => needs('script', 'bash') },
	{ name => 'stdin-closed', about => 'descriptor 0 closed', enter => ['sh', '-c', 'exec "$@" <&-', 'sh'] },
	{ name => 'stdout-closed', about => 'descriptor 1 closed: what could not be printed is no success', status => 3,
		stdout => 'lost', enter => ['sh', '-c', 'exec "$@" >&-', 'sh'] },
	{ name => 'stderr-closed', about => 'descriptor 2 closed', enter => ['sh', '-c', 'exec "$@" 2>&-', 'sh'] },
	{ name => 'all-closed', about => 'descriptors 0, 1 and 2 closed: what could not be printed is no success', status => 3,
		stdout => 'lost', enter => ['sh', '-c', 'exec "$@" <&- >&- 2>&-', 'sh'] },
	{ name => 'stdout-full', about => '/dev/full as stdout: what could not be printed is no success', status => 3,
		stdout => 'lost', enter => ['sh', '-c', 'exec "$@" >/dev/full', 'sh'] },
	{ name => 'descriptors-inherited', about => 'descriptors 3 to 9 are open and inherited',
		enter => ['sh', '-c', 'exec "$@" 3</dev/null 4</dev/zero 5</ 6</etc 7</proc 8</dev/null 9</dev/null', 'sh'] },
	{ name => 'sigpipe-ignored', about => 'SIGPIPE ignored', enter => [qw(env --ignore-signal=PIPE)] },
	{ name => 'sigchld-ignored', about => 'SIGCHLD ignored', enter => [qw(env --ignore-signal=CHLD)] },
	{ name => 'signals-ignored', about => 'every signal ignored', enter => [qw(env --ignore-signal)] },
	{ name => 'signals-blocked', about => 'every signal blocked', enter => [qw(env --block-signal)] },
	{ name => 'timens', about => 'a time namespace with offsets of its own',
		enter => [qw(unshare --time --monotonic 100000 --boottime 10000000 --fork --kill-child)],
		without => no_file('/proc/self/ns/time') },
	{ name => 'timens-nobody', about => 'the same as uid 65534',
		enter => [qw(unshare --time --monotonic 100000 --boottime 10000000 --fork --kill-child), nobody],
		without => no_file('/proc/self/ns/time') },
	{ name => 'pid-1', about => 'PID 1 of a PID namespace, with its /proc',
		enter => [qw(unshare --mount --pid --fork --kill-child), shell($proc)] },
	{ name => 'busy', about => 'four busy loops on each processor', busy => 1,
		enter => ['sh', '-c', 'n=$((4 * $(nproc))); loops=; while [ $n -gt 0 ]; do (while :; do :; done) & loops="$loops $!"; n=$((n - 1)); done; "$@"; s=$?; kill $loops; exit $s', 'sh'] },
	{ name => 'one-cpu', about => 'one processor', enter => [qw(taskset -c), (eval { slurp('/proc/self/status') } // '') =~ /^Cpus_allowed_list:\s*(\d+)/m ? $1 : 0] },

	# Containers.
	{ name => 'bwrap', about => 'bwrap --unshare-all, root',
		enter => [qw(bwrap --unshare-all --bind / / --dev /dev --proc /proc)], without => needs('bwrap') },
	{ name => 'bwrap-nobody', about => 'bwrap --unshare-all, uid 65534',
		enter => [nobody, qw(bwrap --unshare-all --bind / / --dev /dev --proc /proc)], without => needs('bwrap') },
	# With --keep-unit in the caller's cgroup: two below it, which stay.
	{ name => 'nspawn', about => 'inside systemd-nspawn', leaves => [qw(payload supervisor)], without => needs('systemd-nspawn'),
		enter => [mounts("OMIT='/proc /sys /dev /run /tmp'\n$plain_root" . <<'END')] },
mkdir "$R/proc" "$R/sys" "$R/dev" "$R/run" "$R/tmp"
mount -t tmpfs run /run
if [ -e /sys/fs/cgroup/unified ]; then export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1; fi
set -- systemd-nspawn --quiet --register=no --keep-unit --settings=no --link-journal=no --resolv-conf=off \
	--timezone=off --machine="nsconform-$$" --as-pid2 --setenv=NSCONFORM_DATA="$STAGE" --pipe --directory="$R" "$@"
END
	# lxc-start leaves the cgroup in which it ends, as a process cannot remove its own.
	{ name => 'lxc', about => 'inside lxc, with its common configuration', leaves => ['lxc.nsconform'],
		without => both(needs('lxc-start'), no_file('/usr/share/lxc/config/common.conf')),
		enter => [mounts("OMIT='/proc /sys /dev /run'\n$plain_root" . <<'END')] },
mkdir "$R/proc" "$R/sys" "$R/dev" "$R/run"
mount -t tmpfs run /run
printf '%s\n' 'lxc.include = /usr/share/lxc/config/common.conf' "lxc.rootfs.path = dir:$R" 'lxc.uts.name = box' \
	'lxc.net.0.type = empty' "lxc.environment = NSCONFORM_DATA=$STAGE" 'lxc.tty.max = 0' 'lxc.pty.max = 0' \
	'lxc.console.path = none' 'lxc.apparmor.profile = unconfined' \
	'lxc.cgroup.dir = lxc.nsconform' > "$R.conf"
set -- lxc-start --foreground --name "nsconform-$$" --lxcpath "$R.lxc" --rcfile "$R.conf" \
	--logfile "$R.log" --logpriority WARN -- "$@"
mkdir "$R.lxc"
END
	{ name => 'docker-caps', nothing => 'perhaps', about => 'the namespaces, capabilities and covered paths of docker, without its filter',
		enter => [@boxed, shell("$proc\n$sys_read_only\n$masked"), only_caps(@docker_caps)] },

	{ name => 'docker', about => 'the namespaces, capabilities, covered paths and forbidden calls of docker', nothing => 'always',
		enter => [@boxed, shell("$proc\n$sys_read_only\n$masked"), only_caps(@docker_caps), filtered('ENOSYS', 'clone3'),
			filtered('EPERM', @docker_forbids)] },
	{ name => 'docker-seccomp', about => "docker's forbidden calls alone, root", nothing => 'always',
		enter => [filtered('ENOSYS', 'clone3'), filtered('EPERM', @docker_forbids)] },
	{ name => 'podman', about => 'the namespaces, capabilities, covered paths and forbidden calls of podman', nothing => 'perhaps',
		enter => [@boxed, shell("$proc\n$sys_read_only\n$masked"), only_caps(@podman_caps), filtered('ENOSYS', @podman_knows_not),
			filtered('EPERM', @podman_forbids)] },
	{ name => 'podman-seccomp', about => "podman's forbidden and unknown calls alone, root",
		enter => [filtered('ENOSYS', @podman_knows_not), filtered('EPERM', @podman_forbids)] },
	{ name => 'podman-rootless', about => 'the same in a user namespace, by uid 65534', 
		enter => [nobody, qw(unshare --user --map-root-user --mount --pid --fork --kill-child --ipc --uts --net --cgroup), shell("$proc\n"),
			filtered('ENOSYS', @podman_knows_not), filtered('EPERM', @podman_forbids)] },

	# Capabilities that are missing from the bounding set, one by one.
	(map { { name => "without-\Lcap_$_", nothing => /^(?:dac_override|setuid|setgid)$/ ? 'always' : undef, about => "CAP_\U$_\E is missing from the bounding set, root",
		enter => ['setpriv', '--bounding-set', "-$_", '--inh-caps', "-$_"] } } capabilities()),
	{ name => 'without-capabilities', about => 'root with an empty bounding set', nothing => 'perhaps',
		enter => [only_caps()] },
);
