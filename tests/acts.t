#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# No act on trust: what shows that an op did what it says, and what is said where nothing does.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root' unless is_root;
my ($out) = run_command($nsconform_test, 'run', '-j1', 'tests/suites/acts.yaml');
is_deeply [sort { $a cmp $b } with_verdict($out, 'pass')],
	[map { "tests.acts.$_" } 'done', 'refused', 'seen-afterwards'], 'what is done, to be refused, or seen afterwards passes';
is_deeply [sort { $a cmp $b } with_verdict($out, 'fail')],
	[map { "tests.acts.$_" } 'refused.twin.1', 'seen-before', 'undone', 'undone-in-a-trial'], 'what is undone is red';
like $out, qr/^  message: "the kernel does not do what it says: harness\.change: success was reported, but everything is as it was"$/m,
	'and says what was seen';

# An act that only others show, and a scenario in which none does.
my $dir = tempdir(CLEANUP => 1);
my $head = <<'END';
suite: tests/unseen
about: Two acts.
scenarios:
  - id: acts
    about: What is changed.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {}}
    steps:
END
my $looks = "      - a: {harness.flood: {bytes: 3}}\n        expect: {text: xxx}\n";
for my $case (['nothing after it', "$looks      - a: harness.change_shown\n", 11],
	['an act after it', "$looks      - a: harness.change_shown\n      - a: {harness.change: {done: true}}\n        expect: ok\n", 11],
	['another family after it', "      - a: harness.change_shown\n      - a: uts.gethostname\n        expect: {name: {present: true}}\n", 9],
	['a result after it', "      - a: harness.change_shown\n$looks"]) {
	my ($what, $steps, $line) = @$case;
	spew("$dir/unseen.yaml", $head . $steps);
	my (undef, $err, $status) = run_command($nsconform_test, 'validate', "$dir/unseen.yaml");
	is $status, $line ? 2 : 0, $what or diag $err;
	like $err, qr/unseen\.yaml:$line:9: nothing shows that harness\.change_shown was done: /, 'the step is named' if $line;
}
done_testing;
