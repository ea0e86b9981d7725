#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Under a seccomp filter that forbids one call every run ends, says so, and accuses nobody. All calls
# of a run are tried by `make check-filters`; these are the ones that matter most.
use strict;
use warnings;
use lib 'tests/lib';
use Filter;
use NSC;
use Test::More;

plan skip_all => 'needs root' unless is_root;
my @few = qw(cgroup.view ipc.mq mnt.bind net.unix-reach pid.pidfd uts.hostname);
my $base = baseline(@few);

for my $call (qw(clone3 close_range epoll_wait getresuid mount mq_open openat pidfd_open setns setuid socketpair unshare)) {
	for my $answer (@answers) {
		my ($what, @wrong) = judge_filtered($call, $answer, $base, @few);
		is "@wrong", '', "$call=$answer: $what";
	}
}

# Filters that look at arguments cannot be found beforehand: what they did is seen afterwards. This one
# answers socket(AF_UNIX), and clone3 as docker's does.
my @rules = ('socket:0=0xff/0x01=EPERM', 'clone3=ENOSYS');
my @select = ('--no-controls', '-j2', 'net.unix-reach');
my ($out, $err, $status) = filtered_run(\@rules, $nsconform, 'run', @select);
is_deeply [with_verdict($out, qw(fail broken))], [], 'a filter by arguments: nobody is accused' or diag $out;
like $out, qr/# SKIP cannot: a seccomp filter is in the way$/m, 'cells say what was in the way' or diag $out;
like $out, qr/^# there is a seccomp filter, which forbids: clone3$/m, 'and the run, once, what it forbids';
is $status >> 8 & ~4, 0, 'nothing failed';

# Where it is in the way of all cells, nothing was judged, which a part of a run leaves to the sum.
my @none = ('net.unix-reach.connection-survives');
($out, $err, $status) = filtered_run(\@rules, $nsconform, 'run', '--no-controls', @none);
is $status >> 8, 4, 'all cells skip after they were carried out: exit status' or diag $out;
like $err, qr/nothing was judged: (\d+) of \1 cells skip with "cannot: a seccomp filter is in the way": .*; /, 'with reason and remedy';
($out, $err, $status) = filtered_run(\@rules, $nsconform, 'run', '--part', '--no-controls', @none);
is $status >> 8, 0, '--part: exit status' or diag $out, $err;
is $err, '', 'without a complaint';

# What the trace keeps is judged as it was.
my $dir = File::Temp::tempdir(CLEANUP => 1);
($out) = filtered_run(\@rules, $nsconform, 'run', '--output', $dir, @select);
my ($again) = run_command($nsconform, 'judge', "$dir/traces/net.unix-reach.jsonl");
like $again, qr/# SKIP cannot: a seccomp filter is in the way$/m, 'traces are judged likewise';
is_deeply [with_verdict($again, qw(fail broken))], [], 'judge agrees' or diag $again;

# One that kills is known by who died of it.
($out, $err, $status) = filtered_run(['setuid:0=0xffffffff/0x1=kill'], $nsconform, 'run', '--no-controls', '-j2', 'combo.rootless');
is_deeply [with_verdict($out, qw(fail broken))], [], 'a filter that kills by arguments: nobody is accused, nothing broke' or diag $out;
like $out, qr/^ok \d+ combo\.rootless\.one-id-is-enough\S* # SKIP cannot: a seccomp filter is in the way$/m, 'who died says so';
is $status, 0, 'the rest is judged';

# Also where that was an actor on its way, who would have answered for its parent.
($out, $err, $status) = filtered_run(['setresuid:0=0xffffffff/0x4d2=kill'], $nsconform, 'run', '--no-controls',
	'api.ioctl.owner-uid-in-the-callers-terms', 'uts.hostname');
like $out, qr/^ok 1 api\.ioctl\.owner-uid-in-the-callers-terms # SKIP cannot: a seccomp filter is in the way$/m,
	'an actor that dies as it is placed says so' or diag $out;
is_deeply [with_verdict($out, qw(fail broken))], [], 'and its parent is not waited for in vain';

# A filter that forbids nothing of ours is no excuse: a kernel that lies is red under it, too.
($out) = filtered_run(['acct=ENOSYS'], $nsconform, 'run', '--no-controls', '-j2', 'uts.hostname');
like $out, qr/^# Totals: pass:[1-9]\d* fail:0 .* skip:0 /m, 'a filter that forbids nothing of ours costs nothing';
# What podman and docker put their containers under, with the capability that a run as root needs.
SKIP: {
	my $profile = '/usr/share/containers/seccomp.json';
	skip "needs $profile: apt-get install golang-github-containers-common", 2 unless -r $profile;
	my ($rules) = run_command('tests/filter/profile', $profile, 'CAP_SYS_ADMIN', 'CAP_SYS_CHROOT');
	($out, $err, $status) = filtered_run([split ' ', $rules], $nsconform, 'run', '--quick', '-j4', @few);
	is_deeply [with_verdict($out, qw(fail broken))], [], 'the profile of podman: nobody is accused' or diag $err;
	like $out, qr/^# Totals: pass:[1-9]/m, 'and most is judged' or diag $out;
}
done_testing;
