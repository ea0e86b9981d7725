#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# $ACTOR.pid is the number that the step's own actor sees; who is not seen has none.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;

my ($out) = run_command($nsconform, 'run', 'tests/suites/numbers.yaml');
my ($r) = run_tap($out);
for my $cell (qw(in-the-callers-view many of-the-dead twin-of-another twin-of-another.twin.1 saved-twice)) {
	like $r->{"tests.numbers.$cell"} // 'missing', qr/^ok \d+ \S+$/, $cell;
}
for my $cell (qw(unseen unseen-in-an-expectation)) {
	like $out, qr/^not ok \d+ tests\.numbers\.$cell # ERROR/m, "$cell is broken, neither passed nor failed";
}
like $out, qr/a number of outer in the PID namespace of inner, is not there to be used/, 'a parameter says why';
like $out, qr/a number of outer in the PID namespace of inner, is not there to compare with/, 'so does an expectation';
done_testing;
