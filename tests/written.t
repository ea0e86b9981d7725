#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What a scenario names is what is looked at: processes seen from nested PID namespaces, threads,
# the arena's time namespace.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of this suite are privileged' unless is_root;

my ($out, $err, $status) = run_command($nsconform, 'run', 'tests/suites/written.yaml');
my ($results, $parser) = run_tap($out);
ok !$parser->parse_errors, 'TAP without errors';
for my $cell (sort keys %$results) {
	like $results->{$cell}, qr/^ok/, $cell;
}
is $status, 0, 'nothing fails or breaks';
is $err, '', 'and nothing is complained about';
done_testing;
