#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What a scenario names is what is looked at: processes seen from nested PID namespaces, threads,
# the arena's time namespace.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of this suite are privileged' unless is_root;

my $dir = tempdir(CLEANUP => 1);
my ($out, $err, $status) = run_command($nsconform, 'run', '--output', "$dir/r", 'tests/suites/written.yaml');
my ($results, $parser) = run_tap($out);
ok !$parser->parse_errors, 'TAP without errors';
for my $cell (sort keys %$results) {
	like $results->{$cell}, qr/^ok/, $cell;
}
is $status, 0, 'nothing fails or breaks';
is $err, '', 'and nothing is complained about';
($out, $err, $status) = run_command($nsconform, 'judge', "$dir/r/traces/tests.written.jsonl");
my ($judged) = run_tap($out);
is_deeply [sort grep { $judged->{$_} =~ /^ok/ } keys %$judged], [sort keys %$judged],
	'a trace keeps every character';
is "$err$status", '0', 'and is judged without a complaint';
done_testing;
