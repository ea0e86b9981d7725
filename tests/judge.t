#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The judge and the report are pure: a saved trace gives the same TAP on any machine.
# REGOLD=1 rewrites the golden files.
use strict;
use warnings;
use lib 'tests/lib';
use JSON::PP;
use NSC;
use Test::More;

for my $trace (sort glob 'tests/golden/judge/*.jsonl') {
	for my $format (qw(tap ktap kselftest)) {
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
like $out, qr/^not ok \d+ tests\.verdicts\.passes # a harness\.flood: text is "yyy", expected "xxx"$/m, 'both ways';
spew("$dir/short.jsonl", join "\n", (split /\n/, $trace)[0], '{"cell": "tests.verdicts.passes", "steps": []}', '');
spew("$dir/half.jsonl", slurp('tests/golden/judge/lies.jsonl') =~ s/"claim": "[^"]*", //gr);
(undef, undef, my $half) = run_command($nsconform_test, 'judge', "$dir/half.jsonl");
is $half, 2, 'a lie that does not say what was claimed is none';
# What is of another type would count as absent: an error as none, a mark as no mark.
my $sound = slurp('tests/golden/judge/verdicts.jsonl');
for my $case (
	['errno as a text', qr/"errno": 0/, '"errno": "EPERM"'],
	['errno beyond an int', qr/"errno": 0/, '"errno": 4294967296'],
	['errno below zero', qr/"errno": 0/, '"errno": -1'],
	['broken as a number', qr/(?<=^\{)"cell"/m, '"broken": 5, "cell"'],
	['late as a number', qr/(?<=^\{)"cell"/m, '"late": 1, "cell"'],
	['results as a list', qr/"out": \{[^}]*\}/, '"out": [1]'],
	['another op', qr{"op": "harness.flood"}, '"op": "uts.uname"'],
	['a log of numbers', qr/(?<=^\{)"cell"/m, '"own_log": [1], "cell"'],
) {
	my ($what, $from, $to) = @$case;
	(my $bent = $sound) =~ s/$from/$to/ or die "$what: nothing to change";
	spew("$dir/bent.jsonl", $bent);
	my ($out, $err, $status) = run_command($nsconform_test, 'judge', "$dir/bent.jsonl");
	like $err, qr/^\S+bent\.jsonl:\d+:1: does not fit the suite/, "$what is refused";
	is "$out$status", '2', "$what: and nothing is judged";
}
# Lines of a log, or of a reason, begin no line of TAP.
(my $several = $sound) =~ s/(?<=^\{)"cell"/"tried_again": "one\\nnot ok 99 two\\u0007", "log": ["three\\nBail out! four"], "cell"/m;
spew("$dir/several.jsonl", $several);
my ($lines) = run_command($nsconform_test, 'judge', "$dir/several.jsonl");
unlike $lines, qr/^(?:not ok 99|Bail out)/m, 'a text of several lines stays in its comment';
like $lines, qr/^# .*one\\nnot ok 99 two\\x07$/m, 'in which all of it can be read';
# Text is shown as it is; what is no text, or not fit for a terminal, is escaped: in comments, and in diagnostics.
my $odd = "\xe2\x9c\x93 \\u202e\\u001b[2J";
my $shown = qr/\xe2\x9c\x93 \\xE2\\x80\\xAE\\x1B\[2J/;
(my $marked = $sound) =~ s/(?<=^\{)"cell"/"tried_again": "$odd", "log": ["$odd"], "cell"/m;
$marked =~ s/"out": \{"text": "\K[^"]*/$odd/g or die 'no results to change';
spew("$dir/marked.jsonl", $marked);
my ($said) = run_command($nsconform_test, 'judge', "$dir/marked.jsonl");
like $said, qr/^# .*again alone: $shown$/m, 'UTF-8 in a comment';
like $said, qr/^# kernel log.*: $shown$/m, 'UTF-8 in a line of the kernel log';
like $said, qr/^  (?:seen|results): .*\xe2\x9c\x93 \\\\xE2/m, 'UTF-8 in a diagnostic';
# What a control passed over before explains nothing of how it ends.
my $json = JSON::PP->new->canonical;
my $control = <<'END';
suite: tests/control
about: A control with a step before what is isolated.
scenarios:
  - id: story
    about: Two names.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {new: [uts]}}
    steps:
      - a: uts.gethostname
        expect: {name: one}
      - a: uts.gethostname
        expect: {name: two}
        isolates: uts
END
for (['broke', { status => 'broken', why => 'it is gone' }, 'ERROR a uts.gethostname: it is gone'],
	['held', { status => 'done', errno => 0, out => { name => 'two' } },
		'a uts.gethostname: the expectation holds without the UTS namespace too: it proves nothing']) {
	my ($how, $second, $reason) = @$_;
	my @steps = map { { line => 0, op => 'uts.gethostname', took_ns => 1, %$_ } }
		{ status => 'done', errno => 0, out => { name => 'passed-over' } }, $second;
	spew("$dir/control.jsonl", join "\n", $json->encode({ nsconform_trace => 2, release => '6.1.0', file => 'control.yaml',
			source => $control, command => [] }),
		$json->encode({ cell => 'tests.control.story.control.uts', steps => \@steps }), '{"end": 1, "interrupted": false}', '');
	my ($out, $err) = run_command($nsconform_test, 'judge', "$dir/control.jsonl");
	like $out, qr/^not ok 1 \S+ # \Q$reason\E$/m, "a control that $how: the reason" or diag $err;
	unlike $out, qr/^  (?:field: |expected: .*one)/m, '... and not that of the step before';
}
my (undef, $err, $status) = run_command($nsconform_test, 'judge', "$dir/short.jsonl");
is $status, 2, 'a trace that does not fit its suite';
like $err, qr/short\.jsonl:2:1: does not fit/, 'is said with its line';
done_testing;
