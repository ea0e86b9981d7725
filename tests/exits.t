#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Nothing judged is no success, a pipeline says what else is none, and a trace that is not whole is
# not judged.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $suite = 'tests/suites/verdicts.yaml';
sub run_suite { return run_command($nsconform_test, 'run', @_) }

# One that always skips, whoever runs this.
my ($out, $err, $status) = run_suite('--suites', $suite, 'tests.verdicts.skips');
is $status, 4, 'exit 4: nothing was judged';
like $err, qr/\Ansconform: nothing was judged: 1 of 1 cells skip with "[^"\n]+"[^\n]*\n\z/, 'one line says why, and what to do';
like $out, qr/^# nothing was judged: /m, 'and a comment of the TAP';
is((run_suite('--format', 'ktap', '--suites', $suite, 'tests.verdicts.skips'))[2], 4, "KTAP: it is kselftest's status of a skip");
for my $format (qw(ktap kselftest)) {
	(undef, undef, $status) = run_command($nsconform_test, 'judge', '--format', $format, 'tests/golden/judge/verdicts.jsonl');
	is $status, 1, "$format: what broke has failed to kselftest, of which 3 is an unexpected pass";
}
is((run_suite('--strict', '--suites', $suite, 'tests.verdicts.skips'))[2], 1, 'a skip that fails the run is said to have failed');

(my $absent = slurp('fixtures/runtimes/bwrap.yaml')) =~ s/\bbwrap\b/no-such-program/g;
spew("$dir/absent.yaml", $absent);
($out, $err, $status) = run_suite('--runtime', "$dir/absent.yaml", 'suites/uts/hostname.yaml', '--no-controls');
is $status, 4, 'a runtime that is not there';
like $err, qr/nothing was judged: .*no-such-program/, 'is named, with the program';

# What prove(1) runs, a file at a time, is summed up by who runs it.
($out, $err, $status) = run_suite('--part', '--suites', $suite, 'tests.verdicts.skips');
is $status, 0, '--part: a part may skip as a whole';
like $out, qr/\ATAP version 13\n1\.\.0 # SKIP \S.*\n/, 'and says so in one line';
is $err, '', 'without a complaint';
my ($prove) = run_command('prove', '--norc', '--exec', "$nsconform_test run --part", 'tests/suites/skips.yaml');
like $prove, qr/skipped: /, 'prove shows it as skipped';
like $prove, qr/^Result: NOTESTS$/m, 'and a run of such parts alone as no test';
my $results = "$dir/parts";
run_suite('--part', '--output', $results, '--suites', $suite, $_) for 'tests.verdicts.skips', 'tests.verdicts.ski*s';
($out, $err, $status) = run_command($nsconform, 'summary', $results);
is $status, 4, 'summary: nothing was judged in all parts';
like $out, qr/skip:2 /, 'which are counted';
like $err, qr/nothing was judged: 2 of 2 cells skip/, 'with the reason of most';
is((run_command($nsconform, 'summary', '--strict', $results))[2], 1, 'summary --strict');
is((run_command($nsconform, 'summary', "$dir/nowhere"))[2], 2, 'no results');
($out, $err, $status) = run_command($nsconform, 'summary', $results, $results);
is "$status$out", 2, 'a run that is there twice would count twice';
like $err, qr/^\Q$results\E\S*: is of the run that \Q$results\E\S* is of$/m, 'and is named';

for (['skip', 1], ['skip:*', 1], ['skip:no such reason', 4], ['xpass', 4], ['known', 4]) {
	my ($what, $want) = @$_;
	is((run_suite('--fail-on', $what, '--suites', $suite, 'tests.verdicts.skips'))[2], $want, "--fail-on $what");
}
($out) = run_suite('--fail-on', 'skip', '--suites', $suite, 'tests.verdicts.skips');
like $out, qr/^not ok 1 tests\.verdicts\.skips # --fail-on skip: \S/m, 'it is a `not ok`, and a skip to nobody';
my ($reason) = $out =~ /# --fail-on skip: (.*)$/m;
is((run_suite('--fail-on', 'known', '--fail-on', "skip:$reason", '--suites', $suite, 'tests.verdicts.skips'))[2], 1, 'several; a reason');
for my $bad ('skipp', 'fail', '', 'skip:', ':x') {
	($out, $err, $status) = run_suite('--fail-on', $bad, $suite);
	is $status, 2, "--fail-on '$bad'";
	like $err, qr/--fail-on takes skip, known or xpass/, 'with what was expected';
	is $out, '', 'and nothing runs';
}
like((run_suite('--fail-on', 'skipp', $suite))[1], qr/did you mean skip\?/, 'and a suggestion');

# The record has the policy, and of each cell that fails by it which: whoever reads it comes to the same end.
my @skips = ('--suites', $suite, 'tests.verdicts.skips');
run_suite('--output', "$dir/policy", '--fail-on', 'known', '--fail-on', "skip:$reason", @skips);
run_suite('--output', "$dir/strict", '--strict', @skips);
run_suite('--output', "$dir/lax", '--fail-on', 'xpass', @skips);
my %policies = (policy => ['known', "skip:$reason"], strict => ['skip', 'xpass'], lax => ['xpass']);
my %hits = (policy => "skip:$reason", strict => 'skip');
for my $name (sort keys %policies) {
	is_deeply decode_json(slurp("$dir/$name/run.json"))->{fail_on}, $policies{$name}, "$name: run.json says what fails the run";
	is decode_json(slurp("$dir/$name/cells.jsonl"))->{fail_on}, $hits{$name}, '... and the record of the cell that it did';
	is decode_json(slurp("$dir/$name/cells.jsonl"))->{verdict}, 'skip', '... whose verdict is the same';
	is((run_command($nsconform, 'summary', "$dir/$name"))[2], $hits{$name} ? 1 : 4, '... and summary ends as the run');
}
my %reports = (junit => qr/failures="1".*<failure type="skip" message="--fail-on \Qskip:$reason\E: /s, tmt => qr/"name": "\/", "result": "fail"/,
	md => qr/\*\*failed\*\*.*^\| fail-on: it fails the run by --fail-on \| 1 \|\n.*^### Failed by --fail-on: 1 cell$/ms,
	html => qr/<p class="verdict bad">1 failed by --fail-on</);
for my $format (sort keys %reports) {
	like((run_command($nsconform, 'report', $format, "$dir/policy"))[0], $reports{$format}, "$format: the run failed by it");
	my ($lax) = run_command($nsconform, 'report', $format, "$dir/lax");
	unlike $lax, qr/--fail-on skip|failures="1"|"result": "fail"|failed by --fail-on/, 'as one without it did not';
}

# Traces.
my $trace = "$dir/trace.jsonl";
sub judge {
	spew($trace, shift);
	return run_command($nsconform_test, 'judge', $trace);
}
my $old = slurp('tests/golden/judge/verdicts.jsonl');
my ($header, @cells) = split /\n/, $old;
(my $new = $header) =~ s/"nsconform_trace": 1, "release": 6018/"nsconform_trace": 2, "release": "6.18.44"/ or die;
my ($old_tap, undef, $old_status) = judge($old);
sub whole { return join "\n", $new, @_, '' }
my $end = sub { sprintf '{"end": %d, "interrupted": %s}', $_[0], $_[1] // 'false' };

($out, $err, $status) = judge(whole(@cells, $end->(scalar @cells)));
is $out, $old_tap, 'a trace with its end is judged as the same one of before there were ends';
is $status, $old_status, 'with its exit status';
($out, $err, $status) = judge(whole(@cells[0 .. 4], $end->(5), @cells[5 .. $#cells], $end->(@cells - 5)));
is $out, $old_tap, 'and so is one that two runs wrote';
($out, $err, $status) = judge(whole(@cells[0 .. 1], $end->(2, 'true')));
like $out, qr/^# the run was interrupted/m, 'one of an interrupted run says so';

my @broken = (
	['an empty file', '', qr/:1:1: expected the header of a trace, but it is empty/],
	['no end', whole(@cells), qr/:${\(@cells + 1)}:1: expected an end mark after the last cell/],
	['the end of one run of two', whole(@cells[0 .. 4], @cells[5 .. 8], $end->(4)), qr/:11:1: expected 4 cells, as the end marks say, not 9/],
	['a lost line', whole(@cells[1 .. 4], $end->(5)), qr/:6:1: expected 5 cells, as the end marks say, not 4/],
	['a cell twice', whole(@cells[0 .. 2], $cells[1], $end->(4)), qr/:5:1: \S+ was there before: a run has one line of each cell/],
	['a key twice', whole($cells[0] =~ s/"steps":/"steps": [], "steps":/r, $end->(1)), qr/:2:1: expected a line of JSON: the key steps stands twice/],
	['half a line', whole($cells[0], substr($cells[1], 0, 60)), qr/:3:1: expected a line of JSON: /],
	['another version', $new =~ s/"nsconform_trace": 2/"nsconform_trace": 9/r, qr/:1:1: expected the header of a trace of version 1 to 2/],
	['a cell of another suite', whole('{"cell": "x.y", "steps": []}', $end->(1)), qr/:2:1: does not fit the suite/],
);
for (@broken) {
	my ($title, $text, $message) = @$_;
	($out, $err, $status) = judge($text);
	is $status, 2, $title;
	like $err, qr/\A\Q$trace\E$message/, 'is said with file, line and what was expected';
	is $out, '', 'and nothing is judged';
}
($out, $err, $status) = judge($header =~ s/about: /with: /r);
is $status, 2, 'a suite in words of another release';
like $err, qr/^\Q$trace\E:1:1: the suite in this trace is not one of nsconform \S+: judge it with the nsconform that has written it$/m,
	'is said, after what is not known of it';
($out, $err, $status) = run_command($nsconform, 'judge', '/dev/null');
is $status, 2, '/dev/null is no trace';
($out, $err, $status) = judge("$header\n");
is $status, 4, 'a trace of no cells';
like $err, qr/nothing was judged/, 'judges nothing';

# Every row of the table, in each profile: what it is made of, and what the table says.
my ($page) = run_command($nsconform, 'ops', '--markdown', 'exits');
my (undef, @profiles) = split / *\| */, ($page =~ /^\| (what has happened \|.*)$/m)[0];
my %table = map { my ($name, @statuses) = /^\| \*\*(\S+)\*\*:.*? \| (.*) \|$/ ? ($1, split / \| /, $2) : (); $name => \@statuses }
	grep { /^\| \*\*/ } split /\n/, $page;
cmp_ok scalar keys %table, '>=', 11, 'the table has rows';
is_deeply [@profiles[0 .. 4]], [qw(default kselftest automake tap bisect)], 'and the profiles';

# Of WAY (a sub that is given the profile and returns an exit status) the whole row.
sub row {
	my ($title, $name, $way, $signal) = @_;
	my @want = map { s/^128\+N$/128 + $signal/er } @{$table{$name}};
	is_deeply [map { $way->($_) } @profiles], \@want, "$title: $name";
}

# Saved runs and traces need no privilege.
my @saved = (
	[passed => qw(pass known skip)], [known => qw(known skip)], [xpass => qw(xpass pass known)], [unjudged => qw(skip skip)],
	[failed => qw(fail pass xpass)], ['failed-and-broke' => qw(broken fail)], [broke => qw(broken pass xpass)],
);
sub summary_of {
	my ($verdicts, @options) = @_;
	spew("$dir/sum/cells.jsonl", join '', map { qq({"cell": "a.b$_", "verdict": "$verdicts->[$_]", "reason": "x"}\n) } 0 .. $#$verdicts);
	return (run_command($nsconform, 'summary', @options, "$dir/sum"))[2];
}
mkdir "$dir/sum";
for (@saved) {
	my ($name, @verdicts) = @$_;
	row('summary', $name, sub { summary_of(\@verdicts, '--exit', $_[0]) });
	is summary_of(\@verdicts), $table{$name}[0], 'which is the default';
}
is summary_of(['pass', 'skip'], '--exit', 'bisect', '--fail-on', 'skip'), 1, 'what --fail-on says has failed';
spew("$dir/sum/run.json", '');
for my $verdict (qw(pass fail broken)) {
	row("summary of a run that was killed, and a cell: $verdict", 'harness', sub { summary_of([$verdict], '--exit', $_[0]) });
}
row('judge', 'failed-and-broke', sub { (run_command($nsconform_test, 'judge', '--exit', $_[0], 'tests/golden/judge/verdicts.jsonl'))[2] });
row('judge of what is no trace', 'usage', sub { (run_command($nsconform, 'judge', "--exit=$_[0]", 'README.md'))[2] });
row('an option that there is not', 'usage', sub { (run_command($nsconform, 'run', '--exit', $_[0], '--no-such-option'))[2] });
row('... before that', 'usage', sub { (run_command($nsconform, 'run', '--no-such-option', "--exit=$_[0]"))[2] });
is((run_command($nsconform, 'run', @$_, '--no-such-option'))[2], 1, "... for readers of kselftest's statuses: @$_")
	for ['--format', 'kselftest'], ['--format=ktap'];
row('a selector that selects nothing', 'usage', sub { (run_command($nsconform, 'run', '--exit', $_[0], 'nosuch'))[2] });
is((run_command($nsconform, 'run', '--exit', 'bisekt', 'uts'))[2], 2, 'a profile that there is not');
my $help = (run_command($nsconform, 'help', 'run'))[0] =~ s/\s+/ /gr;
like $help, qr/\Q$_\E/, "help says: $_" for $page =~ /^\| \*\*\S+\*\*: (.*?) \|/mg;

# A kernel that does not boot: this qemu ends at once.
SKIP: {
	skip 'a 32-bit program is no guest', 2 if word_bits() < 64;
	spew("$dir/qemu", "#!/bin/sh\nexit 0\n");
	chmod 0755, "$dir/qemu";
	row('vm', 'unstarted', sub { (run_command($nsconform, 'vm', '--exit', $_[0], '--accel', 'tcg', '--qemu', "$dir/qemu", '--kernel', 'README.md', 'uts.hostname'))[2] });
	spew("$dir/qemu", "#!/bin/sh\nexit 1\n");
	row('vm', 'broke', sub { (run_command($nsconform, 'vm', '--exit', $_[0], '--accel', 'tcg', '--qemu', "$dir/qemu", '--kernel', 'README.md', 'uts.hostname'))[2] });
}
row('vm', 'usage', sub { (run_command($nsconform, 'vm', '--exit', $_[0], '--qemu', "$dir/qemu", '--kernel', "$dir/none"))[2] });
row('run', 'unjudged', sub { (run_suite('--exit', $_[0], '--suites', $suite, 'tests.verdicts.skips'))[2] });
is((run_suite('--exit', 'automake', '--part', '--suites', $suite, 'tests.verdicts.skips'))[2], 0, 'a part leaves it to the sum');
is((run_suite('--format', 'kselftest', '--part', '--suites', $suite, 'tests.verdicts.skips'))[2], 4, '... but to run_kselftest.sh, of which each is a test');

SKIP: {
	skip 'needs root: the cells of this suite are privileged', 20 unless is_root;
	run_suite('--output', "$dir/r", $suite);
	my @lines = split /\n/, slurp("$dir/r/traces/tests.verdicts.jsonl");
	my $first = decode_json($lines[0]);
	is $first->{nsconform_trace}, 2, 'the header: a version';
	is_deeply $first->{command}, ['run', '--output', "$dir/r", $suite], 'what was typed';
	like $first->{release}, qr/^\d+\.\d+\.\d+$/, 'the release';
	is_deeply decode_json($lines[-1]), { end => 11, interrupted => JSON::PP::false }, 'the end';
	run_suite('--part', '--output', "$dir/p", '--suites', $suite, $_) for 'tests.verdicts.passes', 'tests.verdicts.fails';
	($out) = run_command($nsconform_test, 'judge', "$dir/p/traces/tests.verdicts.jsonl");
	like $out, qr/^ok \d+ tests\.verdicts\.passes/m, 'parts of a run add to it';
	like $out, qr/^not ok \d+ tests\.verdicts\.fails/m, 'each of them';
	run_suite('--output', "$dir/fast", '--fail-fast', '-j1', $suite);
	like slurp("$dir/fast/traces/tests.verdicts.jsonl"), qr/"interrupted": true\}\n\z/, 'one that stopped says so';
	my %runs = (passed => ['passes'], failed => ['fails'], 'failed-and-broke' => ['fails', 'op-breaks'], broke => ['op-breaks', 'passes']);
	for my $name (sort keys %runs) {
		my @cells = map { "tests.verdicts.$_" } @{$runs{$name}};
		row('run', $name, sub { (run_suite('--exit', $_[0], '--suites', $suite, @cells))[2] });
	}
	row('output that cannot be written', 'harness', sub { system "$nsconform_test run --exit $_[0] --suites $suite tests.verdicts.passes >/dev/full 2>/dev/null"; $? >> 8 });
	run_suite('--output', "$dir/automake", '--exit', 'automake', '--suites', $suite, 'tests.verdicts.op-breaks');
	is decode_json(slurp("$dir/automake/run.json"))->{exit_status}, 99, 'the record has the status that there was';

	# Known issues of this test's own.
	mkdir "$dir/$_" or die "$dir/$_: $!" for qw(data data/fixtures data/fixtures/known);
	symlink getcwd . "/suites", "$dir/data/suites" or die $!;
	spew("$dir/data/fixtures/known/own.yaml", join '', "known:\n", map { <<"END" } ['it-fails', 'fails', 'xxx'], ['it-passes', 'passes', 'yyy']);
  - id: $_->[0]
    cells: [tests.verdicts.$_->[1]]
    symptoms: [{actor: a, op: harness.flood, field: text, seen: $_->[2]}]
    since: "2.6"
    reference: r
    evidence: e
END
	{
		local $ENV{NSCONFORM_DATA} = "$dir/data";
		row('run', 'known', sub { (run_suite('--exit', $_[0], '--suites', $suite, 'tests.verdicts.fails', 'tests.verdicts.skips'))[2] });
		row('run', 'xpass', sub { (run_suite('--exit', $_[0], '--suites', $suite, 'tests.verdicts.fails', 'tests.verdicts.passes'))[2] });
		is((run_suite('--exit', 'bisect', '--fail-on', 'known', '--suites', $suite, 'tests.verdicts.fails'))[2], 1, 'who looks for a known issue says --fail-on known');
	}
	row('run', 'interrupted', sub {
		my $pid = fork // die "fork: $!";
		if (!$pid) {
			open STDOUT, '>', "$dir/out" or die;
			exec $nsconform_test, 'run', '--exit', $_[0], '--time-factor', '1000', '-j1', '--suites', 'tests/suites/trouble.yaml', 'tests.trouble.hangs' or exit 127;
		}
		await_child($pid, sub { -s "$dir/out" });
		kill 'TERM', $pid;
		my $status = await_exit($pid) // 0;
		unlink "$dir/out";
		return $status >> 8;
	}, 15);
	my @as = ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups');
	($out, $err, $status) = run_command(@as, $nsconform, 'run', 'uts.*.root');
	is $status, 4, 'an ordinary user, of whom everything wants privilege';
	like $err, qr/nothing was judged: \d+ of \d+ cells skip with/, 'hears why';
}
done_testing;
