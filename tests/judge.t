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
	my @steps = map { { op => 'uts.gethostname', took_ns => 1, %$_ } }
		{ status => 'done', errno => 0, out => { name => 'passed-over' } }, $second;
	spew("$dir/control.jsonl", join "\n", $json->encode({ nsconform_trace => 2, release => '6.1.0', file => 'control.yaml',
			source => $control, command => [] }),
		$json->encode({ cell => 'tests.control.story.control.uts', steps => \@steps }), '{"end": 1, "interrupted": false}', '');
	my ($out, $err) = run_command($nsconform_test, 'judge', "$dir/control.jsonl");
	like $out, qr/^not ok 1 \S+ # \Q$reason\E$/m, "a control that $how: the reason" or diag $err;
	unlike $out, qr/^  (?:field: |expected: .*one)/m, '... and not that of the step before';
}
# A control is right by what sharing looks like alone, and only if what should be done before was done.
my $marked_control = <<'END';
suite: tests/control
about: A control with what its scenario needs, a refusal, and a success that sharing refuses.
scenarios:
  - id: story
    about: A name that is taken.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {new: [ipc]}}
    steps:
      - a: uts.gethostname
        expect: {name: one}
      - a: {shm.get: {key: 1}}
        expect: {errno: ENOENT}
        isolates: ipc
      - a: {shm.get: {key: 1, flags: [CREAT, EXCL]}}
        expect: ok
        isolates: ipc
        shared: {errno: EEXIST}
END
sub judged_control {
	my (@outcomes) = @_;
	my @ops = qw(uts.gethostname shm.get shm.get);
	my @steps = map { { op => shift @ops, took_ns => 1, status => 'done', %$_ } } @outcomes;
	spew("$dir/marked-control.jsonl", join "\n", $json->encode({ nsconform_trace => 2, release => '6.1.0',
			file => 'control.yaml', source => $marked_control, command => [] }),
		$json->encode({ cell => 'tests.control.story.control.ipc', steps => \@steps }),
		'{"end": 1, "interrupted": false}', '');
	my ($out, $err) = run_command($nsconform_test, 'judge', "$dir/marked-control.jsonl");
	diag $err if $err;
	return $out;
}
my ($name, $found, $taken) = ({ errno => 0, out => { name => 'other' } }, { errno => 0, out => { id => 1 } }, { errno => 17 });
my $other = 'without the IPC namespace it fails in another way than by sharing: it proves nothing';
like judged_control($name, $found, $taken), qr/^ok 1 /m, 'a control that looks like sharing';
like judged_control($name, { errno => 13 }, $taken), qr/^not ok 1 \S+ # a shm\.get: \Q$other\E: errno is EACCES/m,
	'... by another refusal';
like judged_control($name, $found, { errno => 28 }), qr/^not ok 1 \S+ # a shm\.get: \Q$other\E: errno is ENOSPC .*expected "EEXIST"$/m,
	'... by a refusal that sharing does not look like';
like judged_control($name, { errno => 2 }, $taken), qr/^not ok 1 \S+ # a shm\.get: the expectation holds without the IPC/m,
	'... or not at all';
like judged_control({ errno => 1 }, $found, $taken),
	qr/^not ok 1 \S+ # a uts\.gethostname: without the IPC namespace it is refused: what comes after it proves nothing/m,
	'... or as what comes before it was not done';
judged_control($name, $found, $taken);
my ($reds) = run_command($nsconform_test, 'judge', '--controls', "$dir/marked-control.jsonl");
is $reds, <<"END", 'by what controls differ, as a table';
tests.control.story.control.ipc\t11\tshm.get\terrno\t"ENOENT"\tsuccess
tests.control.story.control.ipc\t14\tshm.get\terrno\t0\tEEXIST (File exists)
END
# A twin must differ from its step. Without a step that is left out others may see something else, but not be refused.
my $twin = <<'END';
suite: tests/twin
about: A twin without a step.
scenarios:
  - id: story
    about: A file that is removed.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {}}
    steps:
      - a: {file.mkdir: {path: d}}
      - a: {file.write: {path: d/f, text: x}}
        expect: ok
      - a: {file.unlink: {path: d/f}}
      - a: {file.list: {path: d}}
        expect: {count: 0}
        twin: {without: file.unlink, expect: {errno: 0}}
      - a: {file.rmdir: {path: d}}
        expect: ok
        twin: {without: file.unlink, expect: {errno: ENOTEMPTY}}
END
my @listed = map { { errno => 0, out => { names => [('f') x $_], count => $_ } } } 0, 1;
my @begun = ({ errno => 0, out => {} }, { errno => 0, out => {} });
for (['a twin that differs', 4, [@begun, $listed[1]], qr/^ok 1 /m],
	['a twin in which all is as in its step', 4, [@begun, $listed[0]],
		qr/^not ok 1 \S+ # a file\.list: the expectation holds in the twin too: it proves nothing/m],
	['a twin without a step, in which another one is refused', 4, [$begun[0], { errno => 13 }, $listed[1]],
		qr/^not ok 1 \S+ # a file\.write: errno is EACCES/m],
	['... or sees something else', 5, [@begun, $listed[1], { errno => 39 }], qr/^ok 1 /m]) {
	my ($what, $step, $outcomes, $line) = @$_;
	my @ops = qw(file.mkdir file.write file.list file.rmdir);
	my @steps = map { { op => shift @ops, took_ns => 1, status => 'done', %$_ } } @$outcomes;
	spew("$dir/twin.jsonl", join "\n", $json->encode({ nsconform_trace => 2, release => '6.1.0', file => 'twin.yaml',
			source => $twin, command => [] }),
		$json->encode({ cell => "tests.twin.story.twin.$step", steps => \@steps }), '{"end": 1, "interrupted": false}', '');
	my ($out, $err) = run_command($nsconform_test, 'judge', "$dir/twin.jsonl");
	like $out, $line, $what or diag $err;
}
my (undef, $err, $status) = run_command($nsconform_test, 'judge', "$dir/short.jsonl");
is $status, 2, 'a trace that does not fit its suite';
like $err, qr/short\.jsonl:2:1: does not fit/, 'is said with its line';
done_testing;
