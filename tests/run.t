#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Verdicts, misbehaving actors, options and exit status, end to end.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use File::Copy qw(copy);
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;

sub verdicts {
	my ($suite, @options) = @_;
	my ($out, $err, $status) = run_command($nsconform_test, 'run', @options, $suite);
	my ($results, $parser) = run_tap($out);
	ok !$parser->parse_errors, "$suite @options: TAP without errors";
	return ($results, $out, $err, $status);
}

my $dir = tempdir(CLEANUP => 1);
my ($r, $out, $err, $status) = verdicts('tests/suites/verdicts.yaml', '--output', "$dir/r");
my $tap = $out;
my %expected = (
	'passes' => qr/^ok/,
	'fails' => qr/^not ok \d+ \S+ # a harness\.flood: text is "xxx", expected "yyy"$/,
	'refused' => qr/^ok/,
	'refused.twin.1' => qr/^ok/,
	'twin-fails' => qr/^ok/,
	'twin-fails.twin.1' => qr/^not ok \d+ \S+ # a harness\.refuse: errno is EACCES \(Permission denied\), expected 0$/,
	'vacuous' => qr/^ok/,
	'vacuous.control.uts' => qr/^not ok \d+ \S+ # a harness\.flood: the expectation holds without the UTS namespace too/,
	'skips' => qr/^ok .* # SKIP lacks CONFIG_NO_SUCH_OPTION$/,
	'setup-refused' => qr/^not ok .* # ERROR a harness\.refuse: the world could not be built: EPERM/,
	'op-breaks' => qr/^not ok .* # ERROR a harness\.break: broken on purpose$/,
	'guard' => qr/^not ok .* # ERROR a harness\.reckless: refused: /,
	'machine' => qr/^ok .* # SKIP cannot: no disposable machine$/,
);
for my $cell (sort keys %expected) {
	like $r->{"tests.verdicts.$cell"} // 'missing', $expected{$cell}, $cell;
}
is scalar(keys %$r), scalar(keys %expected), 'one line a cell';
is $status, 1, 'exit status of a run in which cells failed and others broke';
like $out, qr/\A TAP\ version\ 13\n1\.\.13\n/x, 'the plan comes first';
like $out, qr/^  expected: "\\"yyy\\""\n  seen: "\\"xxx\\""$/m, 'a failure says what was expected and seen';
like $out, qr/^  at: "tests\/suites\/verdicts\.yaml:17"$/m, 'and where';

my ($alone) = verdicts('tests/suites/verdicts.yaml', '--no-controls');
is scalar(keys %$alone), 10, '--no-controls leaves controls and twins out';

sub status_of { return (run_command($nsconform_test, 'run', @_))[2] }
is status_of('tests.verdicts.passes', '--suites', 'tests/suites/verdicts.yaml'), 0, 'exit 0: nothing failed';
is status_of('--suites', 'tests/suites/verdicts.yaml', 'tests.verdicts.fails'), 1, 'exit 1: something failed';
is status_of('--suites', 'tests/suites/verdicts.yaml', 'tests.verdicts.passes', 'tests.verdicts.skips'), 0, 'a skip is no failure';
is status_of('--strict', '--suites', 'tests/suites/verdicts.yaml', 'tests.verdicts.passes', 'tests.verdicts.skips'), 1,
	'with --strict it is';
is status_of('--suites', 'tests/suites/verdicts.yaml', 'no-such-cell'), 2, 'empty selection';
is status_of('--jobs', '0', 'tests/suites/verdicts.yaml'), 2, 'bad option value';
is status_of('--frobnicate'), 2, 'unknown option';
my (undef, $hint) = run_command($nsconform_test, 'run', '--suites', 'tests/suites/verdicts.yaml', 'pases');
like $hint, qr/did you mean passes\?/, 'a mistyped id gets a suggestion';

my ($fast) = run_command($nsconform_test, 'run', '--fail-fast', '-j1', 'tests/suites/verdicts.yaml');
like $fast, qr/^Bail out!/m, '--fail-fast stops';
unlike $fast, qr/tests\.verdicts\.guard/, 'and does not go on';

my ($ktap) = run_command($nsconform_test, 'run', '--format', 'ktap', 'tests/suites/verdicts.yaml');
like $ktap, qr/\AKTAP version 1\n1\.\.13\n/, 'KTAP header';
unlike $ktap, qr/^  ---$/m, 'KTAP has no YAML blocks';
like $ktap, qr/^# seen: /m, 'but diagnostics';

# What hangs is waited for in vain, and tried again: on a busy machine for longer than a test may take.
($r, $out, $err, $status) = verdicts('tests/suites/trouble.yaml', '--time-factor', '1');
like $r->{"tests.trouble.$_"}, qr/^not ok/, "$_ is one bad cell"
	for qw(hangs hangs-in-trial crashes crashes-in-trial vanishes bombs babbles floods);
like $r->{'tests.trouble.sound'}, qr/^ok/, 'the run goes on';
is $status, 3, 'trouble is broken';
like $out, qr/gave no answer before the deadline, and was killed/, 'a hang is called one';
like $out, qr/the trial was killed by signal 11/, 'a crash is called one';
like $out, qr/too large for one message/, 'a flood is called one';

my ($late) = run_command($nsconform_test, 'run', '--timeout', '1', '-j1', '--output', "$dir/late", 'tests/suites/trouble.yaml');
like $late, qr/the run's time is over/, '--timeout ends the run';
like slurp("$dir/late/run.json"), qr/"state": "interrupted"/, 'which is not complete then';
# Where nothing happens the end of the time is seen, too: the op would be over before its limit.
($late, undef, $status) = run_command($nsconform_test, 'run', '--time-factor', '1', '--timeout', '1', '-j1', 'tests/suites/quiet.yaml');
like $late, qr/^not ok 1 tests\.quiet\.dozes # ERROR the run's time is over$/m, 'also a run of which nothing is heard';
is $status, 3, 'which says nothing of the kernel';
is slurp("$dir/r/tap/tests.verdicts.tap"), $tap, 'the TAP is kept';
is scalar(split /\n/, slurp("$dir/r/cells.jsonl")), 13, 'a record for each cell';
like slurp("$dir/r/environment.json"), qr/"kernel": "/, 'the environment';
my ($again) = run_command($nsconform_test, 'judge', "$dir/r/traces/tests.verdicts.jsonl");
my ($now) = run_tap($again);
my ($then) = run_tap($tap);
for my $cell (sort keys %$now) {
	my ($x, $y) = map { /^not/ ? 1 : 0 } $now->{$cell}, $then->{$cell};
	is $x, $y, "$cell is judged the same from its trace";
}
is scalar(keys %$now), 11, 'all that ran are in the trace';
is((run_command($nsconform_test, 'run', '--output', '/proc/nowhere/x', 'tests/suites/verdicts.yaml'))[2], 2,
	'an output directory that cannot be made');

my ($one) = run_command($nsconform_test, 'run', '-j1', '--time-factor', '2', 'suites/uts');
my ($many) = run_command($nsconform_test, 'run', '-j7', '--time-factor', '2', 'suites/uts');
is timeless($many), timeless($one), 'output is in plan order whatever the parallelism';
# SIGKILL of the runner, while actors are too busy to see its end: nobody of it lives on.
{
	my $own = tempdir(CLEANUP => 1) . '/nsconform';
	copy($nsconform_test, $own) or die "copy: $!";
	chmod 0755, $own;
	my $alive = sub { scalar grep { (readlink("$_/exe") // '') =~ /^\Q$own\E/ } glob '/proc/[0-9]*' };
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', '/dev/null' or die;
		exec $own, 'run', '--no-controls', '--suites', 'tests/suites/trouble.yaml', 'tests.trouble.hangs', 'tests.trouble.bombs' or exit 127;
	}
	ok await_child($pid, sub { $alive->() > 20 }), 'a bomb has gone off';
	kill 'KILL', $pid;
	waitpid $pid, 0;
	ok await(sub { !$alive->() }), 'and ends with a runner that is killed';
}
done_testing;
