#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# make smoke: what is in it, and that it passes.
use strict;
use warnings;
use lib 'tests/lib';
use JSON::PP qw(decode_json);
use NSC;
use Test::More;

sub ids { return map { $_->{id} } @{decode_json((run_command($nsconform, 'list', '--json', @_))[0])} }
my %smoke = map { $_ => 1 } ids('@smoke');

# The first scenario of each kind needs nothing but rights, and fails where the kind is not there.
for my $kind (qw(user mnt pid net ipc uts cgroup time)) {
	my ($first) = ids("$kind.create");
	ok $smoke{$first}, "the first scenario of $kind: $first";
}
ok scalar(grep { /^api\./ } keys %smoke), 'api';
ok $smoke{$_}, "the walkthrough: $_" for ids('net.walkthrough');
ok $smoke{'uts.hostname.set-is-private'}, 'what README begins with';

my ($how) = run_command('make', '-n', 'smoke');
my ($command) = $how =~ /nsconform (run .*)$/m;
is $command, 'run --quick @smoke', 'make smoke runs these';
my ($out, $err, $status) = run_command($nsconform, split ' ', $command);
is $status, 0, 'and they pass' or diag $out, $err;
is_deeply [with_verdict($out, qw(fail broken xpass))], [], 'none is anything else' or diag $out;
SKIP: {
	skip 'needs root: who is not skips most kinds', 1 unless is_root;
	my %judged = map { /^(\w+)\./ ? ($1 => 1) : () } with_verdict($out, 'pass');
	is join(' ', grep { !$judged{$_} } qw(user mnt pid net ipc uts cgroup time api)), '', 'each kind is judged';
}
done_testing;
