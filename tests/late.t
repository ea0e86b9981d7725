#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The time factor, and cells that may only have been late: tried again alone, told, counted.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;

my $suite = 'tests/suites/late.yaml';
my $dir = tempdir(CLEANUP => 1);

sub run_late { return run_command($nsconform_test, 'run', @_) }

my ($out, $err, $status) = run_late('--time-factor', '1', '--output', "$dir/r", $suite);
my @lines = grep { /^(?:not )?ok |^# (?:passed|no better|Tried)/ } split /\n/, $out;
my @expected = (
	qr/^ok 1 tests\.late\.sound$/,
	qr/^ok 2 tests\.late\.gives-up$/,
	qr/^# passed when tried again alone: harness\.doze: came was to be true, and was false$/,
	qr/^ok 3 tests\.late\.is-killed$/,
	qr/^# passed when tried again alone: a gave no answer before the deadline, and was killed; it had [0-9.]+ s to do step 1, harness\.doze; load average [0-9.]+ on \d+ processors.*, time factor 1$/,
	qr/^not ok 4 tests\.late\.never-comes # a harness\.doze: came is false, expected true$/,
	qr/^# no better when tried again alone: harness\.doze: came was to be true/,
	qr/^not ok 5 tests\.late\.is-wrong # a harness\.\S+: \S+ is .*, expected .*$/,
	qr/^not ok 6 tests\.late\.is-wrong-before # a harness\.\S+: \S+ is .*, expected .*$/,
	qr/^ok 7 tests\.late\.nothing-comes$/,
	qr/^# Tried again: 3, passed 2$/,
);
like shift @lines // 'nothing', $_, "a line like $_" for @expected;
is "@lines", '', 'and no other';
is $status, 1, 'what is no better has failed';
unlike $out, qr/^# Time factor/m, 'a factor of one is not told';

my ($fast) = run_late('--time-factor', '1', '--fail-fast', '-j1', '--suites', $suite, 'tests.late.gives-up', 'tests.late.is-wrong',
	'tests.late.is-wrong-before', 'tests.late.nothing-comes');
is_deeply [map { s/ #.*//r } grep { /^(?:not )?ok |^Bail/ } split /\n/, $fast],
	['ok 1 tests.late.gives-up', 'not ok 2 tests.late.is-wrong', 'Bail out! stopped at the first failure'],
	'--fail-fast: nothing is begun after a failure, though a cell before it is held back';

my ($again) = run_command($nsconform_test, 'judge', "$dir/r/traces/tests.late.jsonl");
# Traces come in the order in which cells were done.
my $told = sub { join "\n", sort map { s/^((?:not )?ok) \d+/$1/r } grep { /^(?:not )?ok \d|^# [pnT]/ } split /\n/, $_[0] };
is $told->($again), $told->($out), 'judged again from its trace it says the same';
like slurp("$dir/r/environment.json"), qr/"time_factor": 1\b/, 'the factor is in the environment record';

my @records = split /\n/, slurp("$dir/r/cells.jsonl");
is_deeply [sort map { /"cell": "tests\.late\.([^"]+)".*"tried_again": "(?:harness\.doze: came|a gave no answer)/ } @records],
	[qw(gives-up is-killed never-comes)], 'the records say which were tried again, and what had happened';
my ($sum) = run_command($nsconform, 'summary', "$dir/r");
like $sum, qr/^# Tried again: 3, passed 2$/m, 'and the summary counts them';

# What is waited for until the deadline: a failure where it is expected, whoever waits for whom.
my %waits = (signal => 'signal.read', child => 'proc.wait', message => 'mq.receive', semaphore => 'sem.op', device => 'link.wait',
	address => 'addr.wait', text => 'fd.read', state => 'proc.status', waiters => 'sem.waiters');
# Two runs, as what follows eight that were no better is not tried again.
for my $ids ([qw(signal child message semaphore only-waits)], [qw(device address text state waiters)]) {
	($out, $err, $status) = run_late('--time-factor', '1', '--suites', 'tests/suites/waits.yaml', map { "tests.waits.$_" } @$ids);
	like $out, qr/^not ok \d+ tests\.waits\.$_ # a \Q$waits{$_}\E: errno is ETIMEDOUT .*, expected (?:success|0)$/m,
		"$waits{$_}: what never comes is missed" for grep { $waits{$_} } @$ids;
	like $out, qr/^not ok \d+ tests\.waits\.only-waits # ERROR a proc\.wait: the world could not be built: ETIMEDOUT/m,
		'and of a step that only waits nothing is claimed' if grep { !$waits{$_} } @$ids;
	like $out, qr/^# Tried again: 5, passed 0$/m, 'after they were tried again';
}

($out, $err, $status) = run_late('--time-factor', '40', '--suites', $suite, 'tests.late.gives-up', 'tests.late.is-killed');
is $status, 0, 'with patience enough all is well at once' or diag $out;
unlike $out, qr/again/, 'and nothing is tried again';
like $out, qr/^# Time factor: 40 \(--time-factor\)$/m, 'the factor is told';

like((run_late('--time-factor', $_, $suite))[1], qr/--time-factor takes a whole number from 1 to 1000/, "not $_")
	for '0', '1001', 'x', '1.5', '';

# A held cell ends a round when too many wait behind it; the order is the plan's all the same.
sub suite {
	my ($name, @scenarios) = @_;
	my $text = "suite: tests/$name\nabout: For tests/late.t.\nscenarios:\n";
	for my $n (1 .. @scenarios) {
		my $rows = join '', map { "      - {name: r$_, $scenarios[$n - 1][$_ - 1]}\n" } 1 .. @{$scenarios[$n - 1]};
		$text .= <<"END";
  - id: cell$n
    about: Waits.
    clauses: [uts.names.hostname-isolated]
    rows:
$rows
    actors: {a: {}}
    steps:
      - a: {harness.doze: {takes: \$row.takes, within: \$row.within}}
        expect: {came: true}
END
	}
	spew("$dir/$name.yaml", $text);
	return "$dir/$name.yaml";
}

my ($per, $scenarios) = (220, 5); # WINDOW in runner/cmd/cmd_run.c, and some more
my $many = $per * $scenarios;
my @quick = map { [('takes: 1ms, within: 10s') x $per] } 1 .. $scenarios;
$quick[0][0] = 'takes: 300ms, within: 200ms';
($out, $err, $status) = run_late('--time-factor', '1', suite(many => @quick));
is $status, 0, 'a plan longer than the window' or diag $err;
is join(' ', $out =~ /^ok (\d+) /mg), join(' ', 1 .. $many), 'in its order';
like $out, qr/^# Tried again: 1, passed 1$/m, 'one of them again';

# Where patience does not help it is not wasted.
($out, $err, $status) = run_late('--time-factor', '1', suite(vain => [('takes: 1h, within: 10ms') x 30]));
is scalar(() = $out =~ /^not ok \d+ /mg), 30, 'each cell has its line';
like $out, qr/^# Tried again: 8, passed 0$/m, 'but not each another try';
like $out, qr/^# 22 were not tried again, as the last 8 were no better$/m, 'which is said';
done_testing;
