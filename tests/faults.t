#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# System calls of the harness itself fail, one after another, played by strace's injection: each
# cell still has its line, no kernel is blamed, and what passes did what it says.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd 'getcwd';
use File::Copy 'copy';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

my $strace = (grep { -x } map { "$_/strace" } split /:/, $ENV{PATH})[0];
plan skip_all => 'needs strace: apt-get install strace' unless $strace;
plan skip_all => 'needs root' unless is_root;
my (undef, undef, $can) = run_command($strace, '-f', '-e', 'inject=sethostname:retval=0', '-o', '/dev/null', '/bin/true');
plan skip_all => 'needs ptrace: strace cannot trace here' if $can;

# A binary of our own, so that its processes are told from those of other tests.
my $dir = tempdir(CLEANUP => 1);
my $tool = "$dir/nsconform";
copy($nsconform, $tool) or die "copy $nsconform: $!";
chmod 0755, $tool;
$ENV{NSCONFORM_DATA} = getcwd;

my $suite = 'suites/uts/hostname.yaml'; # its ops use none of the calls below
my $cells = 6;

# Calls, and the first one in each process that may fail when the first would be that of loading.
my %calls = (
	clone3 => 1, close => 60, dup2 => 1, epoll_create1 => 1, epoll_ctl => 1, epoll_wait => 1,
	execve => 2, mkdir => 1, mount => 1, newfstatat => 12, openat => 60, pivot_root => 1,
	pidfd_send_signal => 1, poll => 1, prctl => 1, recvfrom => 1, recvmsg => 1, rmdir => 1,
	rt_sigprocmask => 1, sendmsg => 1, setgroups => 1, setns => 1, setresgid => 1,
	setresuid => 1, signalfd4 => 1, socketpair => 1, umount2 => 1, unshare => 1, wait4 => 1,
);

sub none_left {
	return await(sub { !grep { (readlink("$_/exe") // '') =~ /^\Q$tool\E/ } glob '/proc/[0-9]*' });
}

# strace itself may lose a process that ends while it is being stopped (EIO of PTRACE_LISTEN), and
# gives up: then nothing was seen of ours.
sub inject {
	my ($call, $fault) = @_;
	my @said;
	for (1 .. 3) {
		@said = run_command($strace, '-f', '-qq', '-o', '/dev/null',
			'-e', "trace=$call", '-e', "inject=$call:error=$fault",
			# Not the canary is to fail, but cells.
			$tool, 'run', '--no-controls', '-j2', '--time-factor', '1', $suite);
		last unless $said[1] =~ /^\Q$strace\E: ptrace\(/m;
		none_left();
	}
	return @said;
}

for my $call (sort keys %calls) {
	my $first = $calls{$call};
	for my $fault ("EIO:when=$first", 'ENOMEM:when=' . ($first + 2), "EAGAIN:when=$first+3") {
		my ($out, $err, $status) = inject($call, $fault);
		my @lines = $out =~ /^(?:not )?ok (\d+) /mg;
		my @blamed = with_verdict($out, 'fail');
		# What was to be loaded, and could not be read, is told before anything runs.
		my $refused = $status == 2 && $out eq '' && $err =~ /^\S+: the directory cannot be read$/m;
		my @wrong;

		push @wrong, "exit status $status" if $status > 4;
		push @wrong, "cells @lines" if !$refused && "@lines" ne join(' ', 1 .. $cells) && $out !~ /^Bail out!/m;
		push @wrong, "no plan" if !$refused && $out !~ /^1\.\.$cells$/m;
		push @wrong, "blamed @blamed" if @blamed;
		push @wrong, 'exit status 0 with a broken cell' if !$status && with_verdict($out, 'broken');
		push @wrong, 'processes left' unless none_left();
		is "@wrong", '', "$call $fault" or diag "$err$out";
	}
}

# The controller itself cannot send one of its calls: that says nothing about whether the actor is alive,
# also where a step asks just that (proc.answer).
my $hit = 0;
for my $when (1 .. 8) {
	my ($out, $err) = run_command($strace, '-qq', '-o', '/dev/null', '-e', 'trace=sendmsg',
		'-e', "inject=sendmsg:error=ENOBUFS:when=$when", $tool, 'run', '--no-controls', '-j1',
		'--time-factor', '1', 'pid.signals.kill-from-inside-ignored.clone3.root');
	$hit += with_verdict($out, 'broken');
	is scalar(() = with_verdict($out, qw(pass broken))), 1, "call $when cannot be sent" or diag "$err$out";
}
cmp_ok $hit, '>=', 6, 'the calls of the cell were among them';
done_testing;
