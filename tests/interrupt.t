#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A run that is interrupted, or that cannot write or open: it ends, says so, leaves nothing. One
# that stands still goes on.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd 'getcwd';
use File::Copy 'copy';
use File::Temp qw(tempdir);
use NSC;
use POSIX qw(:signal_h);
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;

# A binary of our own, so that its processes are told from those of other tests.
my $dir = tempdir(CLEANUP => 1);
my $tool = "$dir/nsconform";
copy($nsconform_test, $tool) or die "copy $nsconform_test: $!";
chmod 0755, $tool;
$ENV{NSCONFORM_DATA} = getcwd;

sub processes { return grep { (readlink("$_/exe") // '') =~ /^\Q$tool\E/ } glob '/proc/[0-9]*' }

sub none_left { return await(sub { !processes() }) }

# Until the run has printed so many lines.
sub await_lines {
	my ($pid, $file, $n) = @_;
	return await_child($pid, sub { (() = slurp($file) =~ /\n/g) >= $n });
}

# Who asks for the end while the machine is measured is heard, too: the signal is there before that.
{
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		$SIG{TERM} = 'DEFAULT';
		sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTERM)) or die "sigprocmask: $!";
		kill 'TERM', $$;
		open STDOUT, '>', "$dir/out" or die;
		exec $tool, 'run', 'suites/uts/hostname.yaml' or exit 127;
	}
	my $status = await_exit($pid);
	is $status & 127 || ($status >> 8) - 128, 15, 'TERM before the first cell: ends by it';
	unlike slurp("$dir/out"), qr/^(?:not )?ok /m, 'and no cell is carried out';
}

# The children of pid, which hear nothing of what the terminal sends to the foreground.
sub strangers {
	my $pid = shift;
	return grep { /^\d+ \(nsconform\) \S \Q$pid\E (\d+)/ && $1 == $pid }
		map { eval { slurp($_) } // '' } glob '/proc/[0-9]*/stat';
}

for my $case ([INT => 2], [TERM => 15, qw(--pin all)], [HUP => 1, qw(--pin none)]) {
	my ($name, $number, @pin) = @$case;
	spew("$dir/out", '');
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		setpgrp;
		$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
		open STDOUT, '>', "$dir/out" or die;
		open STDERR, '>', "$dir/err" or die;
		exec $tool, 'run', @pin, '-j2', 'suites/uts/hostname.yaml', 'tests/suites/trouble.yaml' or exit 127;
	}
	ok await_lines($pid, "$dir/out", 8), "$name: the run is under way";
	is scalar(strangers($pid)), 0, "$name: workers are in other process groups";
	kill $name, -$pid;
	kill $name, -$pid if $name eq 'TERM'; # as from one timeout(1) in another
	is await_exit($pid), (128 + $number) << 8, "$name: the exit status is that of shells";
	my $out = slurp("$dir/out");
	like $out, qr/^Bail out! /m, "$name: TAP says that the run was cut short";
	unlike $out, qr/^not ok .*hostname/m, "$name: no cell is blamed";
	like $out, qr/^# Totals: .*\n\z/m, "$name: the output ends with the totals";
	ok none_left(), "$name: nothing survives";
}

spew("$dir/out", ''); # or what the case before has left is taken for this run's
my $ignored = fork // die "fork: $!";
if (!$ignored) {
	$SIG{INT} = 'IGNORE';
	open STDOUT, '>', "$dir/out" or die;
	exec $tool, 'run', '-j1', 'suites/uts/hostname.yaml' or exit 127;
}
ok await_lines($ignored, "$dir/out", 4), 'INT ignored: the run is under way';
kill INT => $ignored;
is await_exit($ignored), 0, 'an ignored signal stays ignored';

# Everything stands still for longer than the step and its grace; then the controller is the first to go on.
{
	my $run = open(my $tap, '-|', $tool, 'run', '-j1', '--time-factor', '1', 'tests/suites/stall.yaml') // die "fork: $!";
	# Others come and go before, to see what the machine has.
	my @others;
	await_child($run, sub {
		@others = map { m{(\d+)$} } grep { (eval { slurp("$_/cmdline") } // '') =~ /\0agent\0/ } processes();
		return @others >= 2;
	});
	is scalar(@others), 2, 'a worker, and an arena whose first process is the actor';
	my $sleeps = sub { slurp("/proc/$run/status") =~ /^voluntary_ctxt_switches:\s*(\d+)/m ? $1 : 0 };
	kill STOP => $run, @others;
	my $before = $sleeps->();
	sleep 4; # the case itself: no event comes of nothing
	kill CONT => $run;
	await_child($run, sub { $sleeps->() != $before });
	kill CONT => @others;
	like join('', <$tap>), qr/^ok 1 tests\.stall\.is-no-hang$/m, 'nobody is taken for hanging';
	close $tap;
	is $?, 0, 'and the run ends well';
}

my $uts = 'suites/uts/hostname.yaml';
is scalar(qx{$tool run -j2 suites/uts suites/ipc 2>/dev/null | head -1}), "TAP version 13\n", 'head(1) has its line';
ok none_left(), 'and the run ends when nobody reads';
for my $redirection ('>&-', '>/dev/full') {
	is system("$tool run $uts $redirection 2>/dev/null") >> 8, 3, "$redirection is an error";
}
for my $redirection ('<&-', '2>&-', '<&- 2>&-') {
	like scalar(qx{$tool run $uts $redirection}), qr/^# Totals: pass:12 fail:0 /m, "$redirection does not matter";
}
for my $limit (5, 12, 20, 32) {
	my ($out) = run_command('sh', '-c', "ulimit -n $limit; exec $tool run -j8 $uts");
	my ($results, $parser) = run_tap($out);
	is scalar(keys %$results), 12, "with $limit descriptors each cell has its line";
	is_deeply [with_verdict($out, 'fail')], [], "with $limit descriptors no kernel is blamed";
}
ok none_left(), 'nothing survives';
done_testing;
