#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The lies of `make check-bite`: who is caught, who is not, and the list of those who are not.
use strict;
use warnings;
use lib 'tests/lib';
use Bite;
use File::Temp qw(tempdir);
use NSC;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $bite = "$build/tools/bite/bite";
my $dir = tempdir(CLEANUP => 1);
my $list = read_list('tools/bite/survivors');

is_deeply([unexplained($list)], [], 'each lie on the list has a reason why nobody notices it');
write_list($list, do { spew("$dir/list", ''); "$dir/list" });
is(slurp("$dir/list"), slurp('tools/bite/survivors'), 'and the list is in the order in which it is written');
unlike((run_command('nm', $nsconform))[0], qr/lying_op/, 'nsconform itself cannot lie');

if (!is_root) {
	done_testing;
	exit;
}

# FATE of each lie, by SCENARIO OP KIND.
sub lies_told {
	my ($out, $err, $status) = run_command($bite, @_);
	is($status, 0, "lies are told: @_") or diag $err;
	return read_told($out);
}

my ($told) = lies_told('tests/suites/trust.yaml');
is($told->{"tests.trust.$_->[0]"}{fate}, $_->[1], "$_->[0] $_->[1]") for
	['looks uts.sethostname nothing', 'caught'],
	['looks uts.gethostname elsewhere', 'caught'], ['looks uts.gethostname stale', 'caught'],
	['trusts uts.gethostname elsewhere', 'survived'], ['trusts uts.gethostname stale', 'survived'];

# The list, with LINES in a section of their own: what is wrong with it, and the exit status.
sub check {
	my ($reason, @lines) = @_;

	spew("$dir/list", join "\n", '# A list.', '', '== some', $reason, '', map({ "\t" . "tests.trust.$_" } @lines), '');
	local @ENV{qw(BITE LIST)} = ('all', "$dir/list");
	my ($out, undef, $status) = run_command('tools/check-bite', $build, 'tests/suites/trust.yaml');
	return ($status, $out);
}

my @survivors = map { "trusts uts.gethostname $_" } grep { ($told->{"tests.trust.trusts uts.gethostname $_"} // {fate => ''})->{fate} eq 'survived' }
	qw(nothing elsewhere other stale);
my @others = map { s/^tests\.trust\.//r } grep { $told->{$_}{fate} eq 'survived' && !/gethostname/ } sort keys %$told;
for (
	['the list is as it should be', 0, qr/lies/, 'Any name will do.', @survivors, @others],
	['a lie that nobody notices is not on it', 1, qr/new: \S*trusts uts.gethostname stale/, 'Any name will do.', @others,
		grep { !/stale/ } @survivors],
	['one that is noticed is', 1, qr/caught: \S*looks uts.sethostname nothing/, 'Any name will do.', @survivors, @others,
		'looks uts.sethostname nothing'],
	['one that only some runs notice', 0, qr/lies/, 'Any name will do.', @survivors, @others, 'looks uts.sethostname nothing?'],
	['there is no such step', 1, qr/gone: \S*looks uts.getdomainname nothing/, 'Any name will do.', @survivors, @others,
		'looks uts.getdomainname nothing'],
	['an entry has no reason', 1, qr/unexplained: \S*trusts/, '', @survivors, @others],
) {
	my ($name, $want, $say, @list) = @$_;
	my ($status, $out) = check(@list);

	is($status, $want, $name);
	like($out, $say, '... and it says so');
}

# What ends as an error has a reason, by what else is caught.
{
	my %told = map { $_->[0] => { fate => $_->[1], message => $_->[2], cell => 'c', step => 1 } }
		['a.b.one link.set nothing', 'broken', 'the world could not be built: ENODEV (No such device)'],
		['a.b.two link.set#2 nothing', 'caught', 'it was to be up, and was not'],
		['a.b.three @a half:uid', 'broken', 'the world could not be built: EPERM (Operation not permitted)'],
		['a.b.three proc.wait stale', 'broken', 'the end'],
		['a.b.three signal.open nothing', 'broken', 'read the signalfd: Invalid argument'],
		['a.b.three signal.read half:fd', 'broken', 'for no reason'];
	my ($of) = endings(\%told);
	is_deeply($of, { 'the-subject-elsewhere' => ['a.b.one link.set nothing'], 'places-an-actor' => ['a.b.three @a half:uid'],
		'a-moment-early' => ['a.b.three proc.wait stale'], 'nothing-to-hand-on' => ['a.b.three signal.open nothing'],
		'' => ['a.b.three signal.read half:fd'] }, 'lies that end as errors, by the reason');
	my $none = { order => [], reason => {}, entry => {} };
	is_deeply([compare_told($none, \%told, {}, 1)],
		['ends as an error: a.b.three signal.read half:fd: and there is no reason why none should tell what is wrong (for no reason)'],
		'one without is wrong, when all lies were told');
	is_deeply([compare_told($none, \%told, {}, 0)], [], '... and otherwise nobody knows');
}

# Parts are disjoint and together all there is.
my %part;
for my $part (1 .. 4) {
	my ($some) = lies_told('--part', "$part/4", '--seed', 7, 'tests/suites/trust.yaml');
	$part{$_}++ for grep { $some->{$_}{fate} ne 'left' } keys %$some;
}
is_deeply([sort keys %part], [sort keys %$told], 'the parts are all of it');
is_deeply([grep { $part{$_} != 1 } keys %part], [], '... each once');

# A sample that is always the same: what the list says of it is so.
my @sample = qw(uts.hostname uts.sysctl uts.capabilities ipc.shm);
my @fates = lies_told(@sample);
is_deeply([compare_told($list, @fates, 0)], [], 'the list is right about the sample');
done_testing;
