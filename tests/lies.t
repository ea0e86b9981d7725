#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A kernel that lies, played by strace's injection: no cell may pass on it.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my $strace = (grep { -x } map { "$_/strace" } split /:/, $ENV{PATH})[0];
plan skip_all => 'needs strace: apt-get install strace' unless $strace;
plan skip_all => 'needs root' unless is_root;
my (undef, undef, $can) = run_command($strace, '-f', '-e', 'inject=sethostname:retval=0', '-o', '/dev/null', '/bin/true');
plan skip_all => 'needs ptrace: strace cannot trace here' if $can;

# The plain cells under a lie, by verdict.
sub verdicts_under {
	my ($inject, $pattern, @select) = @_;
	my ($out) = run_command($strace, '-f', '-qq', '-o', '/dev/null', '-e', "trace=$pattern", '-e', "inject=$inject",
		$nsconform, 'run', '--no-controls', '-j1', '--time-factor', 2, @select);
	return ({ map { $_ => [with_verdict($out, $_)] } qw(pass fail skip known xpass broken) }, $out);
}

# What a kernel says and does not do is a finding: neither a pass, nor a skip, nor an error.
sub all_red {
	my ($name, @under) = @_;
	my ($is, $out) = verdicts_under(@under);
	is_deeply [@{$is->{pass}}, @{$is->{skip}}, @{$is->{broken}}], [], "$name: no pass, skip or error" or diag $out;
	cmp_ok scalar(@{$is->{fail}}), '>', 0, 'but failures';
	return $out;
}

sub passes_under {
	my ($is) = verdicts_under(@_);
	return ([sort @{$is->{pass}}], scalar map { @$_ } values %$is);
}

my ($passed, $n) = passes_under('sethostname:retval=0', 'sethostname', 'suites/uts/hostname.yaml');
is_deeply $passed, [], 'sethostname that does nothing: no cell passes';
cmp_ok $n, '>', 0, 'there were cells';

# Each kind, where the probed call is what lies, and where it is what places an actor.
my @kinds = qw(user mnt pid net ipc uts cgroup time);
# With their files: for a pattern all suites would be read, call by call under strace.
my @called = ('--suites', 'suites/api/identity.yaml', map { "api.identity.unshare-makes-its-type*.$_.*" } @kinds);
my @files = map { ('--suites', "suites/$_/create.yaml") } @kinds;
my @placed = qw(user.create.needs-no-privilege mnt.create.is-another-than-its-creators
	pid.create.is-another-than-its-creators net.create.identities-differ
	ipc.create.new-namespace-has-another-identity uts.create.is-another-than-its-creators
	cgroup.create.is-another-than-its-creators time.create.is-another-than-its-creators);
for my $answer (['retval=0', 'that does nothing'], ['error=EINVAL', 'that knows no kind']) {
	all_red("unshare $answer->[1]", "unshare:$answer->[0]", 'unshare', @called);
	my $out = all_red("unshare $answer->[1] and places actors", "unshare:$answer->[0]", 'unshare', @files, map { "$_*.unshare.*" } @placed);
	like $out, qr/^  message: "the kernel does not do what it says: unshare\(CLONE_NEWUTS\): /m, 'the call is named';
	like $out, qr/^  clause: "api\.unshare\.each-type"$/m, 'and the clause';
}
all_red('setns that does nothing', 'setns:retval=0', 'setns', @files, map { "$_*.setns.*" } @placed);
SKIP: {
	my (undef, $err) = run_command($strace, '-e', 'inject=clone3:poke_enter=@arg1=00', '-o', '/dev/null', '/bin/true');
	skip 'this strace changes no arguments', 1 if $err =~ /poke/;
	# All flags of the call are taken away.
	all_red('clone3 that makes plain children', 'clone3:poke_enter=@arg1=0000000000000000', 'clone3',
		@files, map { "$_*.clone3.*" } @placed);
}

# The same answers from a filter are no finding, and the call is named.
my $filter = ($ENV{BUILD} // 'build') . '/tests/filter/filter';
for my $call (qw(unshare setns clone3)) {
	for my $answer (qw(EPERM ENOSYS kill)) {
		my ($out, $err, $status) = run_command($filter, "$call=$answer", '--', $nsconform, 'run', '--no-controls', '-j1',
			'--suites', 'suites/uts/create.yaml', "uts.create.is-another-than-its-creators.$call.*");
		# The runner makes this one itself, and a kill would end it in the middle of the run.
		if ("$call=$answer" eq 'clone3=kill') {
			like $err, qr/^nsconform: a seccomp filter forbids clone3, /, 'a filter that kills for clone3 is named';
			is $status, 3, 'and nothing is run';
			next;
		}
		my @lines = grep { /^(?:not )?ok/ } split /\n/, $out;
		is scalar(grep { /^ok .* # SKIP cannot: seccomp forbids $call$/ } @lines), 2, "a filter answers $call by $answer"
			or diag $out;
		is scalar(@lines), 2, 'and that is all';
	}
}

# Cells whose actors are placed, or whose world is prepared, by the call: nothing else is passed on.
my %placed_by = (
	setresuid => ['--suites', 'suites/uts/hostname.yaml', 'uts.hostname.*.user'],
	setresgid => ['--suites', 'suites/uts/hostname.yaml', 'uts.hostname.*.user'],
	capset => ['--suites', 'suites/net/caps.yaml', 'net.caps.netlink-*'],
	kill => ['--suites', 'suites/user/nesting.yaml', 'user.nesting.*-survives-its-members*'],
	listen => ['--suites', 'suites/net/ports.yaml', 'net.ports.no-listener-next-door*'],
	setns => ['--suites', 'suites/net/ports.yaml', 'net.ports.conflict-after-joining*'],
);
# Scenarios in which nothing else shows what the call has done than the check of its op.
my %checked_by = (
	mount_setattr => ['--suites', 'suites/mnt/flags.yaml', 'mnt.flags.recursive-setattr-is-all-or-nothing*'],
	move_mount => ['--suites', 'suites/mnt/locked-trees.yaml', 'mnt.locked-trees.a-tree-handed-over-is-not-locked*'],
	setgroups => ['--suites', 'suites/user/setgroups.yaml', 'user.setgroups.refused-before-gid-map*'],
	chroot => ['--suites', 'suites/mnt/foreign.yaml', 'mnt.foreign.no-climbing-out-of-a-renamed-directory*'],
);
for my $call (sort(keys %placed_by), sort(keys %checked_by)) {
	($passed, $n) = passes_under("$call:retval=0", $call, @{$placed_by{$call} // $checked_by{$call}});
	is_deeply $passed, [], "$call that does nothing: no cell passes";
	cmp_ok $n, '>', 0, 'there were cells';
}

# Without credentials on its socket an actor's number is unknown, which is not the 0 of one that is
# invisible: trouble of the harness, no verdict on the kernel.
my ($blind) = run_command($strace, '-f', '-qq', '-o', '/dev/null', '-e', 'trace=setsockopt', '-e',
	'inject=setsockopt:retval=0', $nsconform, 'run', '--no-controls', '-j1', 'suites/pid/afterlife.yaml');
cmp_ok scalar(() = with_verdict($blind, 'broken')), '>', 0, 'setsockopt that does nothing: cells are broken';
is_deeply [with_verdict($blind, 'fail')], [], 'and none blames the kernel';
# What ops and actors see by themselves; tests/golden/judge/lies.jsonl is what such a run left.
my ($seen, undef, $status) = run_command($strace, '-f', '-qq', '-o', '/dev/null', '-e', 'trace=unshare', '-e',
	'inject=unshare:retval=0', $nsconform_test, 'run', '--no-controls', '-j1', 'tests/suites/lies.yaml');
is scalar(() = with_verdict($seen, 'fail')), 4, 'each lie is a failure' or diag $seen;
is $status, 1, 'exit 1: something failed';
done_testing;
