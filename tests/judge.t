#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The judge and the report are pure: a saved trace gives the same TAP on any machine.
# REGOLD=1 rewrites the golden files.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

for my $trace (sort glob 'tests/golden/judge/*.jsonl') {
	for my $format ('tap', 'ktap') {
		(my $expected = $trace) =~ s/jsonl$/$format/;
		my ($out, $err) = run_command($nsconform_test, 'judge', '--format', $format, $trace);
		golden($out, $expected, "$trace as $format");
		is $err, '', "$trace: no complaint";
	}
}
my $trace = slurp('tests/golden/judge/verdicts.jsonl');
use File::Temp qw(tempdir);
my $dir = tempdir(CLEANUP => 1);
(my $lie = $trace) =~ s/"text": "xxx"/"text": "yyy"/g;
spew("$dir/lie.jsonl", $lie);
my ($out) = run_command($nsconform_test, 'judge', "$dir/lie.jsonl");
like $out, qr/^ok \d+ tests\.verdicts\.fails$/m, 'what was seen decides: a changed trace changes the verdict';
like $out, qr/^not ok \d+ tests\.verdicts\.passes$/m, 'both ways';
spew("$dir/short.jsonl", join "\n", (split /\n/, $trace)[0], '{"cell": "tests.verdicts.passes", "steps": []}', '');
spew("$dir/half.jsonl", slurp('tests/golden/judge/lies.jsonl') =~ s/"claim": "[^"]*", //gr);
(undef, undef, my $half) = run_command($nsconform_test, 'judge', "$dir/half.jsonl");
is $half, 2, 'a lie that does not say what was claimed is none';
my (undef, $err, $status) = run_command($nsconform_test, 'judge', "$dir/short.jsonl");
is $status, 2, 'a trace that does not fit its suite';
like $err, qr/short\.jsonl:2:1: does not fit/, 'is said with its line';
done_testing;
