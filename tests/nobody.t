#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# An ordinary user gets passes, and skips with reasons; no failure.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my @as = is_root ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();
my ($out, $err, $status) = run_command(@as, $nsconform, 'run', 'suites/uts', 'suites/ipc', 'suites/user',
	'suites/pid', 'suites/time');
is $status, 0, 'exit status' or diag $err;
my ($results, $parser) = run_tap($out);
is_deeply [with_verdict($out, qw(fail broken))], [], 'no failure';
my @skips = grep { $results->{$_} =~ /# SKIP/ } keys %$results;
cmp_ok scalar(@skips), '>', 0, 'privileged cells skip';
is_deeply [grep { $results->{$_} !~ /# SKIP (?:lacks|cannot:) \S+/ } @skips], [], 'each with its reason';
cmp_ok scalar(keys %$results) - @skips, '>', 100, 'the rest passes';

# Who is as nice as can be has no less of what the suite asks for.
($out, $err, $status) = run_command('nice', '-n', 19, @as, $nsconform, 'run', 'user.machine');
is $status, 0, 'nice 19: exit status' or diag $err;
is_deeply [with_verdict($out, qw(fail broken))], [], '... and no failure';
done_testing;
