#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A run as root leaves the host as it was, also when it is killed at any moment.
use strict;
use warnings;
use lib 'tests/lib';
use Host;
use List::Util qw(max);
use NSC;
use Test::More;
use Time::HiRes qw(time sleep);

plan skip_all => 'needs root: only root could change the host' unless is_root;

my $before = host_state();
# When it was started, by the clock: a reading that was interrupted halfway makes it too early.
sub booted { return max map { time - (split / /, slurp('/proc/uptime'))[0] } 1 .. 20 }

my $real = booted();
my $pid = start_run('suites');
ok defined await_exit($pid), 'a whole run ends';
my $after = host_state();
is $after->{$_}, $before->{$_}, "a whole run leaves $_" for sort keys %$before;
is run_cgroups($pid), '', 'a whole run leaves no cgroups';
is wait_for_quiet($pid), 0, 'no process is left';
cmp_ok abs(booted() - $real), '<', 1, 'the clocks were not set';

srand 20260;
for my $round (1 .. ($ENV{KILL_ROUNDS} // 12)) {
	$pid = start_run('suites/cgroup', 'suites/uts', 'suites/mnt/create.yaml', 'suites/ipc/shm.yaml');
	sleep rand 0.8;
	kill 'KILL', $pid;
	waitpid $pid, 0;
	is wait_for_quiet($pid), 0, "round $round: nothing survives the controller";
	is run_cgroups($pid), '', "round $round: nor do its cgroups";
	is_deeply host_state(), $before, "round $round: SIGKILL leaves the host as it was";
}
done_testing;
