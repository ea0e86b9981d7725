#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What others make the kernel log while a run goes on turns no cell red, also when each runs alone.
use strict;
use warnings;
use lib 'tests/lib';
use Fcntl qw(O_RDONLY O_NONBLOCK SEEK_END);
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: only root reads /dev/kmsg, and mounts' unless is_root;
sysopen my $log, '/dev/kmsg', O_RDONLY | O_NONBLOCK or plan skip_all => "cannot read /dev/kmsg: $!";
sysseek $log, 0, SEEK_END;

# A warning of the kernel's about a mount that it refuses, in a mount namespace that goes with it.
my $dir = tempdir(CLEANUP => 1);
mkdir "$dir/$_" or die for qw(lower upper);
my @provoke = ('unshare', '--mount', 'mount', '-t', 'overlay', 'overlay',
	'-o', "lowerdir=$dir/lower,upperdir=$dir/upper,workdir=$dir/upper", '/mnt');

sub new_warnings {
	my $n = 0;
	while (defined sysread $log, my $record, 8192) { $n++ if $record =~ /^[0-4],/ }
	return $n;
}

run_command(@provoke);
plan skip_all => 'this kernel does not warn of the mount' unless new_warnings();

# Again and again, until it is told to stop.
sub start_warnings {
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDERR, '>', '/dev/null';
		while (1) { system @provoke; exit 0 if $? & 127 || getppid() == 1 }
	}
	return $pid;
}

my $foreign = start_warnings();
my ($out, $err, $status) = run_command($nsconform, 'run', '-j1', 'suites/uts/hostname.yaml', 'suites/ipc/shm.yaml');
my $warned = new_warnings();
kill 'KILL', $foreign;
waitpid $foreign, 0;
ok $warned, "the kernel warned meanwhile: $warned times";
is $status, 0, 'no cell is blamed' or diag $out;
like $out, qr/^# kernel log \(this cell's or another's\): /m, 'but what was logged is told';

# Two runs side by side may each be what the other sees in the log.
my @runs = map { my $pid = fork // die "fork: $!"; if (!$pid) { open STDOUT, '>', "$dir/run$_"; exec $nsconform, 'run', '-j1', 'suites/mnt/create.yaml' } $pid } 1, 2;
is await_exit($_), 0, 'one of two runs' for @runs;
done_testing;
