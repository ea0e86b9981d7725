#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# nsconform doctor: the machine, what its shortcomings cost, and what to do about them.
use strict;
use warnings;
use lib 'tests/lib';
use JSON::PP;
use NSC;
use Test::More;

my @suites = ('suites/uts', 'suites/user');
my @nobody = is_root ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();

sub doctor_json {
	my ($out, $err, $status) = run_command(@_);
	my $json = eval { decode_json($out) };
	ok $json, "@_: JSON" or diag $err;
	return ($json, $status);
}

my ($json, $status) = doctor_json($nsconform, 'doctor', '--json', @suites);
my $skipped = 0;
$skipped += $_->{cells} for @{$json->{costs}};
is $json->{cells_that_run} + $skipped, $json->{cells}, 'each cell runs, or is counted for one reason';
is $status, $skipped ? 1 : 0, 'the exit status says whether all can be judged';
my @order = map { $_->{clauses_judged_nowhere} } @{$json->{costs}};
is_deeply \@order, [sort { $b <=> $a } @order], 'worst first';
like $_->{reason}, qr/^(?:lacks|cannot:) /, "$_->{reason}" for @{$json->{costs}};
ok length $_->{remedy}, "$_->{reason}: has a remedy" for @{$json->{costs}};
is ref $json->{environment}{facts}{$_}, 'HASH', "facts: $_" for qw(identity kernel filters limits mounts cgroups tools);
is $json->{environment}{began}{umask}, sprintf('%04o', umask), 'the state it was started in';

my ($plan) = run_command($nsconform, 'plan', @suites);
my ($runs) = $plan =~ /^# \d+ cells: (\d+) run/m;
is $json->{cells_that_run}, $runs, 'as many cells run as the plan says';

my ($out, $err) = run_command($nsconform, 'doctor', @suites);
is_deeply [grep { length > 80 && /\s.*\s.*\s/ && !/^\s+\S+\s+\S+$/ } split /\n/, $out], [], 'fits 80 columns';
like $out, qr/^$_/m, "has $_" for qw(identity kernel filters limits mounts cgroups tools);
is $err, '', 'nothing else to say';

SKIP: {
	skip 'it takes root to be somebody else', 3 unless is_root;
	($json) = doctor_json(@nobody, $nsconform, 'doctor', '--json', @suites);
	my ($root) = grep { $_->{reason} eq 'cannot: not root' } @{$json->{costs}};
	ok $root, 'an ordinary user is told that root is missing';
	cmp_ok $root->{cells}, '>', 100, 'and what for';
	like $root->{remedy}, qr/root/, 'and what to do';
}

# A state that nobody can leave is a reason like any other.
($json) = doctor_json('setpriv', '--no-new-privs', $nsconform, 'doctor', '--json', 'suites/user');
my ($privs) = grep { $_->{reason} eq 'cannot: no_new_privs is set' } @{$json->{costs}};
ok $privs, 'no_new_privs is a reason' or diag explain $json->{costs};
like $privs->{remedy}, qr/no_new_privs/, 'with a remedy';
is $json->{environment}{could_not_set}{'no-new-privs'}, '1', 'and is on record';

(undef, $err, $status) = run_command('prlimit', '--nofile=64:64', $nsconform, 'doctor', @suites);
is $status, 4, 'nothing can be judged: exit status 4';
done_testing;
