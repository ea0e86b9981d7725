#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# On how many processors cells are carried out: the output is the same, actors may use all, and a run
# that may not choose goes on without.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use Filter;
use JSON::PP;
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;

my @select = qw(uts.hostname.* cgroup.view.* net.unix-reach.*);
# Nothing that is measured is in it: how slow the machine is stands in a comment.
my @run = ($nsconform, 'run', '--time-factor', 20);

# What a run prints and what it records of the machine.
sub run_with {
	my @options = @_;
	my $dir = tempdir(CLEANUP => 1);
	my ($out, $err, $status) = run_command(@run, '--output', $dir, @options);
	$out = timeless($out);
	$out =~ s/^# kernel log .*\n//mg; # which other programs have lines in, too
	return ($out, $status, decode_json(slurp("$dir/environment.json")), $dir);
}

# The list of /proc/PID/status, `0-2,7`, as numbers.
sub numbers { return map { /^(\d+)-(\d+)$/ ? $1 .. $2 : $_ } split /,/, shift }
my ($mine) = slurp('/proc/self/status') =~ /^Cpus_allowed_list:\s*(\S+)$/m;
my @mine = numbers($mine);

my ($plain, $good, $machine) = run_with(@select);
is $good, 0, 'the selection succeeds by itself';
is $machine->{processors}{usable}, "@mine", 'the record has the processors of the run';
is $machine->{pinned}, 1, 'a run of few cells is on one of them';
for my $case ([0, qw(--pin none)], [1, qw(--pin one)], [1, qw(--pin one -j1)], [scalar @mine, qw(--pin all)], [1, '-j1'], [1, '-j2'],
	[@mine < 2 ? 1 : 2, qw(--pin all -j2)]) {
	my ($pinned, @options) = @$case;
	my ($out, $status, $m) = run_with(@options, @select);
	is $out, $plain, "@options: the same lines in the same order";
	is $status, 0, "@options: exit status";
	is $m->{pinned}, $pinned, "@options: on $pinned processors";
}

# The whole mask of the run, of an actor and of what another one sees of it.
sub affinities {
	my ($dir) = @_;
	return map { my $trace = decode_json($_);
		map { ($_->{out}{text} // '') =~ /^Cpus_allowed_list:\s*(\S+)$/m } @{$trace->{steps} // []} } split /\n/, slurp("$dir/traces/tests.processors.jsonl");
}
for my $pin (qw(none one all)) {
	my (undef, $status, undef, $dir) = run_with('--pin', $pin, '--no-controls', 'tests/suites/processors.yaml');
	is $status, 0, "--pin $pin: actors are asked";
	is_deeply [affinities($dir)], [$mine, $mine], "--pin $pin: they may run on all processors of the run";
}

# A run that has one processor only; the last, as the first is what a mistake would find.
SKIP: {
	skip 'needs taskset', 4 unless grep { -x "$_/taskset" } split /:/, $ENV{PATH};
	unshift @run, 'taskset', '-c', $mine[-1];
	for my $pin ('measured', 'all') {
		my ($out, $status, $m, $dir) = run_with('--pin', $pin, @select);
		is $out, $plain, "--pin $pin on one processor: the same lines";
		is "$m->{pinned} $m->{processors}{usable}", "1 $mine[-1]", "--pin $pin on one processor: which is on record";
		(undef, $status, undef, $dir) = run_with('--pin', $pin, '--no-controls', 'tests/suites/processors.yaml');
		is_deeply [affinities($dir)], [$mine[-1], $mine[-1]], "--pin $pin on one processor: actors stay there";
	}
	splice @run, 0, 3;
}

# What may not be set is on record, and the run goes on.
for my $answer (@answers) {
	for my $pin (qw(measured all)) {
		my $dir = tempdir(CLEANUP => 1);
		my ($out, $err, $status) = filtered_run(["sched_setaffinity=$answer"], @run, '--pin', $pin, '--output', $dir, @select);
		my $m = decode_json(slurp("$dir/environment.json"));
		is_deeply [with_verdict($out, qw(fail broken))], [], "$answer, --pin $pin: nobody is accused, nothing broke" or diag $err;
		is $status, 0, "$answer, --pin $pin: exit status";
		is $m->{pinned}, 0, "$answer, --pin $pin: nothing is pinned";
		like $m->{processors}{'event loops'}, qr/on any processor: cannot: seccomp forbids sched_setaffinity/, "$answer, --pin $pin: and why";
	}
}

# Each loop has its share of the slots, and all of them end with the run.
my ($out, $err, $status) = run_command($nsconform_test, 'run', '--pin', 'all', '-j3', '--fail-fast', 'tests/suites/verdicts.yaml');
like $out, qr/^not ok \d+ tests\.verdicts\.fails\b/m, '--fail-fast with several loops: the first failure';
is $status, 1, 'is the end';
done_testing;
