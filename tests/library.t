#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What the tests share: waiting for what a child does ends with the child, and a directory whose
# maker was killed is removed by the next one that needs such a directory.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use POSIX ();
use Test::More;

# A process that carries out WORK, says what comes of it and stays until it is killed, or this one ends.
my @held;
sub child {
	my ($work) = @_;
	pipe my $read, my $write or die "pipe: $!";
	pipe my $stay, $held[@held] or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		close $held[-1];
		syswrite $write, $work->() . "\n";
		readline $stay;
		exit;
	}
	close $write;
	chomp(my $said = <$read>);
	return ($pid, $said);
}

sub killed {
	my ($pid) = @_;
	kill KILL => $pid;
	return waitpid $pid, 0;
}

my $pid = fork // die "fork: $!";
POSIX::_exit(3) if !$pid;
await(sub { slurp("/proc/$pid/stat") =~ /\) Z / }) or die 'it does not end';
my $asked = 0;
ok !await_child($pid, sub { die 'it is waited for' if $asked++; return }), 'a child that is dead does nothing';
is await_child($pid, sub { 'done' }), 'done', 'what it did before is seen';
is await_exit($pid), 3 << 8, 'and its status is there to be waited for';
($pid) = child(sub { '' });
my $times = 0;
is await_child($pid, sub { ++$times == 3 && 'done' }), 'done', 'one that lives is waited for';
killed($pid);

# In a place of its own: other tests, which run beside this one, remove what they find in theirs.
$NSC::prefix = tempdir(CLEANUP => 1) . '/scratch';
my ($maker, $left) = child(sub { scratch_dir() });
my ($other, $used) = child(sub { scratch_dir() });
# Processes that were forked choose the same names: a file tells which directory it is.
spew("$_/file", 'of a maker') for $left, $used;
killed($maker);
ok -e "$left/file", 'a maker that is killed leaves its directory';
my $own = scratch_dir();
ok !-e "$left/file", 'the next one removes it';
ok -e "$used/file", 'and none that is in use';
ok -d $own, 'and has one of its own';
killed($other);
isnt scratch_dir(), $own, 'a process may have two';
ok -d $own, 'and keeps both';
ok !-e "$used/file", 'while what was in use is not any more';
done_testing;
