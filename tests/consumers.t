#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The output is read alike by prove and by tappy.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;
my $dir = tempdir(CLEANUP => 1);
my ($out) = run_command($nsconform_test, 'run', 'tests/suites/verdicts.yaml');
spew("$dir/verdicts.tap", $out);
my ($prove) = run_command('prove', '--norc', '--exec', 'cat', "$dir/verdicts.tap");
like $prove, qr/Failed 6\/13 subtests/, 'prove: 6 of 13 fail';
like $prove, qr/2 skipped|skipped: 2/, 'prove: 2 skip';
like $prove, qr/Failed tests:\s+2, 6, 8, 10-12/, 'prove: the right ones';
unlike $prove, qr/Parse errors/, 'prove: no parse errors';
SKIP: {
	my $tappy = (grep { -x } map { "$_/tappy" } split /:/, $ENV{PATH})[0];
	skip 'tappy is not installed: apt-get install tappy', 2 unless $tappy;
	my ($said, $err) = run_command($tappy, "$dir/verdicts.tap");
	like "$said$err", qr/failures=6/, 'tappy: 6 fail';
	like "$said$err", qr/skipped=2/, 'tappy: 2 skip';
}
done_testing;
