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

# The plain cells that still pass under a lie.
sub passes_under {
	my ($inject, $pattern, @select) = @_;
	my ($out) = run_command($strace, '-f', '-qq', '-o', '/dev/null', '-e', "trace=$pattern", '-e', "inject=$inject",
		$nsconform, 'run', '--no-controls', '-j1', @select);
	my ($results) = run_tap($out);
	return ([sort grep { $results->{$_} =~ /^ok/ && $results->{$_} !~ /# SKIP/ } keys %$results],
		scalar keys %$results);
}

my ($passed, $n) = passes_under('sethostname:retval=0', 'sethostname', 'suites/uts/hostname.yaml');
is_deeply $passed, [], 'sethostname that does nothing: no cell passes';
cmp_ok $n, '>', 0, 'there were cells';
($passed, $n) = passes_under('unshare:retval=0', 'unshare', 'suites/uts/hostname.yaml', 'uts.hostname.*.unshare.*');
is_deeply $passed, [], 'unshare that does nothing: no cell passes';
cmp_ok $n, '>', 0, 'there were cells';
($passed, $n) = passes_under('setns:retval=0', 'setns', 'suites/uts/hostname.yaml', 'uts.hostname.*.setns.*');
is_deeply $passed, [], 'setns that does nothing: no cell passes';
cmp_ok $n, '>', 0, 'there were cells';

# Cells whose actors are placed, or whose world is prepared, by the call: nothing else is passed on.
my %placed_by = (
	setresuid => ['suites/uts/hostname.yaml', 'uts.hostname.*.user'],
	setresgid => ['suites/uts/hostname.yaml', 'uts.hostname.*.user'],
	capset => ['suites/net/caps.yaml', 'net.caps.netlink-*'],
	kill => ['suites/user/nesting.yaml', 'user.nesting.*-survives-its-members*'],
	listen => ['suites/net/ports.yaml', 'net.ports.no-listener-next-door*'],
	setns => ['suites/net/ports.yaml', 'net.ports.conflict-after-joining*'],
);
for my $call (sort keys %placed_by) {
	($passed, $n) = passes_under("$call:retval=0", $call, @{$placed_by{$call}});
	is_deeply $passed, [], "$call that does nothing: no cell passes";
	cmp_ok $n, '>', 0, 'there were cells';
}

# Without credentials on its beacon an actor's number is unknown, which is not the 0 of one that is
# invisible: trouble of the harness, no verdict on the kernel.
my ($blind) = run_command($strace, '-f', '-qq', '-o', '/dev/null', '-e', 'trace=setsockopt', '-e',
	'inject=setsockopt:retval=0', $nsconform, 'run', '--no-controls', '-j1', 'suites/pid/afterlife.yaml');
my @bad = grep { /^not ok/ } split /\n/, $blind;
cmp_ok scalar(@bad), '>', 0, 'setsockopt that does nothing: cells are broken';
is_deeply [grep { !/ # ERROR$/ } @bad], [], 'and none blames the kernel';
done_testing;
