#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Cells that are tried several times: which attempt counts, and what is kept of the others. The order
# of cells by a seed.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
chmod 0755, $dir;
sub run_test { return run_command($nsconform_test, 'run', '--time-factor', '1', @_) }

# The order of cells.
sub names { return [$_[0] =~ /^(?:not )?ok \d+ (\S+)/mg] }
my ($out, $err, $status) = run_test('tests/suites/verdicts.yaml');
my $ordered = names($out);
my ($one) = run_test('--shuffle', '7', '--output', "$dir/seven", 'tests/suites/verdicts.yaml');
my ($two) = run_test('--shuffle', '7', 'tests/suites/verdicts.yaml');
my ($other) = run_test('--shuffle', '8', 'tests/suites/verdicts.yaml');
is_deeply names($one), names($two), '--shuffle: a seed gives an order';
isnt "@{names($one)}", "@$ordered", 'which is not that of the plan';
isnt "@{names($one)}", "@{names($other)}", 'and not that of another seed';
is_deeply [sort @{names($one)}], [sort @$ordered], 'of the same cells';
is_deeply [$one =~ /^(?:not )?ok (\d+) /mg], [1 .. @$ordered], 'numbered as they come';
like $one, qr/\ATAP version 13\n1\.\.\d+\n# Order: --shuffle 7$/m, 'and says which, at the beginning';
my $run = decode_json(slurp("$dir/seven/run.json"));
is $run->{seed}, 7, 'the record has the seed';
run_test('--output', "$dir/plain", 'tests/suites/verdicts.yaml');
my $plain = decode_json(slurp("$dir/plain/run.json"));
is $run->{plan_sha256}, $plain->{plan_sha256}, 'and is of the same plan';
ok !exists $plain->{seed}, 'as that of a run in its order, which has none';
my ($random) = run_test('--shuffle', 'random', 'tests/suites/verdicts.yaml');
my ($seed) = $random =~ /^# Order: --shuffle (\d+)$/m;
is_deeply names((run_test('--shuffle', $seed, 'tests/suites/verdicts.yaml'))[0]), names($random), 'random: is told, and can be repeated';
for my $bad ('0', '-1', 'x', '2147483648', '') {
	like((run_test('--shuffle', $bad, 'uts'))[1], qr/^nsconform: --shuffle takes a whole number from 1 to 2147483647, or random, not \Q$bad\E$/m,
		"--shuffle '$bad'");
}
like((run_test('--retry', '1', $_, 'uts'))[1], qr/^nsconform: --retry does not go with \Q--\E(?:repeat|until-fail)$/m, "--retry and $_")
	for '--repeat=2', '--until-fail';

SKIP: {
	skip 'needs root: the cells of these suites are privileged', 1 unless is_root;

	# Counters of their own for each run, so that the same cells begin anew.
	my $runs = 0;
	sub flaky {
		my $n = ++$runs;
		my @cells = (
			[sound => 'harness.flood: {bytes: 3}', '{text: xxx}'],
			[second => "harness.count: {file: $dir/second-$n}", '{even: true}'],
			[fifth => "harness.count: {file: $dir/fifth-$n}", '{count: {lt: 5}}'],
			[never => 'harness.flood: {bytes: 3}', '{text: yyy}'],
			[breaks => 'harness.break: {}', 'ok'],
			[crashes => "harness.crash: {}", 'ok'],
			[lies => 'harness.lie: {}', 'ok'],
		);
		my $text = "suite: tests/flaky\nabout: For tests/flaky.t.\nscenarios:\n";
		$text .= <<"END" for @cells;
  - id: $_->[0]
    about: A cell.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {}}
    steps:
      - a: {$_->[1]}
        expect: $_->[2]
END
		$text =~ s/\{(harness\.\w+): \{\}\}/$1/g;
		spew("$dir/flaky.yaml", $text);
		my ($options, @ids) = @_;
		return run_test(@$options, '--output', "$dir/r$n", '--suites', "$dir/flaky.yaml", map { "tests.flaky.$_" } @ids);
	}
	sub records { return map { $_->{cell} => $_ } map { decode_json($_) } split /\n/, slurp("$dir/r$runs/cells.jsonl") }
	sub counted { return -s "$dir/$_[0]-$runs" }
	my $took = sub { return [map { { %$_, took_ns => $_->{took_ns} > 0 } } @{$_[0]}] };
	my $failed = 'harness.count: even was to be true, and was false';

	# --retry.
	($out, $err, $status) = flaky(['--retry', '2'], qw(sound second never breaks crashes lies));
	is $status, 1, '--retry: what never passes has failed';
	my @lines = grep { /^(?:not )?ok |^# (?:flaky|attempt|the same|Flaky)/ } split /\n/, $out;
	is_deeply [map { s/^(not ok \d+ \S+) # .*/$1/r } @lines], [
		'ok 1 tests.flaky.sound', 'ok 2 tests.flaky.second', '# flaky: pass:1 fail:1; attempt 2 counts', "# attempt 1, fail: $failed",
		'not ok 3 tests.flaky.never', '# the same in each of 3 attempts',
		'not ok 4 tests.flaky.breaks', '# the same in each of 3 attempts',
		'not ok 5 tests.flaky.crashes', 'not ok 6 tests.flaky.lies', '# Flaky: 1',
	], 'passed, passed in the second attempt, never, broken; what crashed or lied is not tried again';
	is counted('second'), 2, 'no attempt more than there have to be';
	my %records = records();
	my $second = $records{'tests.flaky.second'};
	is $second->{verdict}, 'pass', 'the record: the verdict is that of the attempt that counts';
	is $second->{attempt}, 2, 'its number';
	is $second->{flaky}, JSON::PP::true, 'that it is flaky';
	is_deeply $took->($second->{attempts}), [{ attempt => 1, times => 1, verdict => 'fail', message => $failed, took_ns => 1 }],
		'and what the other attempt gave';
	is_deeply [map { $records{"tests.flaky.$_"}{attempt} } qw(sound never crashes)], [1, 1, 1], 'of the others the first counts';
	is_deeply [grep { exists $records{"tests.flaky.$_"}{flaky} } qw(sound never breaks crashes lies)], [], 'and none is flaky';
	is_deeply [grep { exists $records{"tests.flaky.$_"}{attempts} } qw(sound crashes lies)], [], 'those that were tried once say nothing of attempts';
	is $records{'tests.flaky.never'}{attempts}[0]{times}, 2, 'equal ones are counted';
	is decode_json(slurp("$dir/r$runs/run.json"))->{flaky}, 1, 'the run: how many are flaky';
	my $comments = sub { join "\n", sort grep { /^# (?:flaky|attempt|the same|Flaky)/ } split /\n/, $_[0] };
	my ($judged) = run_command($nsconform_test, 'judge', "$dir/r$runs/traces/tests.flaky.jsonl");
	is $comments->($judged), $comments->($out), 'judged again from its trace it says the same';
	like((run_command($nsconform, 'summary', "$dir/r$runs"))[0], qr/^# Flaky: 1$/m, 'and the summary counts');

	($out, $err, $status) = flaky(['--retry', '1'], qw(sound second));
	is $status, 0, 'what is flaky fails no run with --retry';
	($out, $err, $status) = flaky(['--retry', '1', '--flaky', 'fail'], qw(sound second));
	is $status, 1, 'unless --flaky fail';
	like $out, qr/^not ok 2 tests\.flaky\.second # [^\n]*\n(?:.*\n)*# flaky: pass:1 fail:1; attempt 1 counts$/m, 'then the first attempt counts';
	%records = records();
	is_deeply [$took->($records{'tests.flaky.second'}{attempts}), $records{'tests.flaky.second'}{verdict}],
		[[{ attempt => 2, times => 1, verdict => 'pass', took_ns => 1 }], 'fail'], 'and the other is kept';
	# --fail-fast ends with the first failure that counts: after its retries, and before anything else begins.
	($out, $err, $status) = flaky(['--retry', '1', '--fail-fast', '-j1'], qw(second never breaks));
	is $status, 1, '--fail-fast and --retry';
	is_deeply names($out), [map { "tests.flaky.$_" } qw(second never)], 'a retry is no failure yet, and what fails again is one';
	like $out, qr/^# the same in each of 2 attempts$/m, 'after it was tried again';
	like $out, qr/^Bail out! stopped at the first failure$/m, 'with which the run ends';
	($out, $err, $status) = flaky(['--retry', '2', '--fail-fast', '-j1'], qw(sound second fifth));
	is_deeply names($out), [map { "tests.flaky.$_" } qw(sound second fifth)], 'where all pass in the end';
	is $status, 0, 'nothing has failed';
	# Others that are under way by then have all of their attempts.
	($out, $err, $status) = flaky(['--retry', '3', '--fail-fast', '-j8', '--pin', 'one'], qw(never second fifth breaks));
	is_deeply [sort map { /^# the same in each of (\d+) attempts$/ ? $1 : () } split /\n/, $out], [4, 4], 'with several at a time, too';
	is_deeply [grep { /second|fifth/ } grep { /^not ok/ } split /\n/, $out], [], 'and what passes in one of them has not failed';
	($out, $err, $status) = flaky(['--fail-fast', '-j1'], qw(sound never breaks));
	is_deeply names($out), [map { "tests.flaky.$_" } qw(sound never)], 'without --retry the first attempt counts';

	# Nor by a failure that the baseline has, too.
	flaky([], qw(sound never));
	my $had = "$dir/r$runs";
	($out, $err, $status) = flaky(['--fail-fast', '-j1', '--baseline', $had], qw(sound never breaks lies));
	is_deeply names($out), [map { "tests.flaky.$_" } qw(sound never breaks)], '--fail-fast and --baseline: what failed there ends nothing, but what did not';
	is $status, 3, 'which alone counts';
	($out, $err, $status) = flaky(['--until-fail', '--repeat', '3', '-j1', '--baseline', $had], qw(sound never));
	is $status, 0, '--until-fail is of new failures, too' or diag $err;
	like $out, qr/^not ok 2 tests\.flaky\.never # [^\n]*\n(?:.*\n)*# the same in each of 3 attempts$/m, 'and goes on with one that is known';

	# --repeat.
	($out, $err, $status) = flaky(['--repeat', '4'], qw(sound second fifth never));
	is $status, 1, '--repeat: what differs has failed';
	like $out, qr/^not ok 2 tests\.flaky\.second # /m, 'it is a `not ok`';
	like $out, qr/^# flaky: pass:2 fail:2; attempt \d counts$/m, 'and says how often';
	like $out, qr/^ok 3 tests\.flaky\.fifth$/m, 'what does not differ has passed';
	like $out, qr/^# the same in each of 4 attempts$/m, 'or failed';
	is counted($_), 4, "$_: so many times" for qw(second fifth);
	%records = records();
	is scalar(keys %records), 4, 'a record for each cell';
	is $records{'tests.flaky.fifth'}{attempts}[0]{times}, 3, 'with the other attempts';
	($out, $err, $status) = flaky(['--repeat', '4', '--flaky', 'pass'], qw(sound second));
	is $status, 0, '--flaky pass: the best attempt counts';
	like $out, qr/^# Flaky: 1$/m, 'and it is told all the same';
	($out, $err, $status) = flaky(['-j1', '--repeat', '3', '--flaky', 'pass'], qw(crashes));
	is $status, 3, 'but not that of what crashed';
	unlike $out, qr/attempt/, 'which is not tried again';

	# --until-fail.
	($out, $err, $status) = flaky(['-j1', '--until-fail'], qw(sound fifth));
	is $status, 1, '--until-fail: ends with the failure';
	is counted('fifth'), 5, 'at the fifth time';
	like $out, qr/^not ok 2 tests\.flaky\.fifth # [^\n]*\n(?:.*\n)*# flaky: pass:4 fail:1; attempt 5 counts$/m, 'which it tells';
	like $out, qr/^ok 1 tests\.flaky\.sound\n# the same in each of \d attempts$/m, 'beside what passed, and how often';
	like $out, qr/^1\.\.2\n# Round 2 begins\n# Round 5 begins$/m, 'rounds are told as they begin: 1, 2, 5, 10 and so on';
	like $out, qr/^# Rounds: 5$/m, 'and at the end, how many there were';
	is decode_json(slurp("$dir/r$runs/run.json"))->{rounds}, 5, 'as in the record';
	ok !-e "$dir/r$runs/run.attempts", 'what came of attempts is kept no longer than the run goes on';
	($out, $err, $status) = flaky(['-j1', '--until-fail'], qw(second fifth));
	is $status, 1, 'a failure in the first round, before other cells';
	like $out, qr/^Bail out! stopped at the first failure$/m, 'is no harness that broke';
	($out, $err, $status) = flaky(['-j1', '--repeat', '1000000', '--timeout', '1'], qw(sound));
	is $status, 0, '--repeat ends with --timeout, too' or diag $out;
	unlike $out, qr/broken:/, 'and what that has cut is no attempt';
	($out, $err, $status) = flaky(['--until-fail', '--repeat', '3'], qw(sound fifth));
	is $status, 0, '--repeat: limits it';
	is counted('fifth'), 3, 'to so many rounds';
	($out, $err, $status) = flaky(['--until-fail', '--timeout', '1'], qw(sound));
	is $status, 0, 'and so does --timeout' or diag $out;
	is_deeply names($out), ['tests.flaky.sound'], 'after which the cell has its verdict';
	($out, $err, $status) = run_test('--until-fail', '--suites', 'tests/suites/verdicts.yaml', 'tests.verdicts.skips');
	is $status, 4, 'where all skip there is nothing to repeat';
	spew("$dir/count.yaml", <<"END");
suite: tests/count
about: For tests/flaky.t.
scenarios:
  - id: counts
    about: A cell.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {}}
    steps:
      - a: {harness.count: {file: $dir/counted}}
        expect: ok
END
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', "$dir/out" or die;
		exec $nsconform_test, 'run', '--time-factor', '1', '--until-fail', "$dir/count.yaml" or exit 127;
	}
	ok await_child($pid, sub { (-s "$dir/counted" // 0) > 20 }), 'it goes on and on';
	kill 'INT', $pid;
	is await_exit($pid), 130 << 8, 'until it is interrupted';
	$out = slurp("$dir/out");
	like $out, qr/^ok 1 tests\.count\.counts$/m, 'then what passed has passed';
	like $out, qr/^Bail out! /m, 'and the end is told';

	# Who is killed leaves what there is.
	for my $options (['--until-fail'], ['--repeat', '1000000'], ['--until-fail', '--part']) {
		my $to = "$dir/killed-" . join '', @$options;
		unlink "$dir/counted";
		$pid = fork // die "fork: $!";
		if (!$pid) {
			open STDOUT, '>', "$dir/out" or die;
			open STDERR, '>', "$dir/err" or die;
			exec $nsconform_test, 'run', '-j1', '--time-factor', '1', @$options, '--output', $to, "$dir/count.yaml" or exit 127;
		}
		ok await_child($pid, sub { (-s "$dir/counted" // 0) > 20 }), "@$options: under way";
		kill 'KILL', $pid;
		waitpid $pid, 0;
		my ($record) = grep { -e } "$to/run.json", glob "$to/parts/*.json";
		my $killed = decode_json(slurp($record));
		is $killed->{state}, 'running', 'a run that was killed says so';
		cmp_ok $killed->{rounds} // 0, '>=', 20, 'and in which round it was' if $options->[0] eq '--until-fail';
		($out, $err, $status) = run_command($nsconform, 'summary', $to);
		is $status, 3, 'which is no success';
		like $err, qr/the run has no end: it was killed/, 'and is told';
		like $out, qr/^# Totals: pass:1 fail:0 /m, 'but what came of its cells is there';
		($out) = run_command($nsconform, 'compare', $to, $to);
		like $out, qr/^BASE .*, 1 cell \(1 pass\); it has no end: .*\nNEW .*\nBoth have 1 cell, of which 1 is alike\.$/m, 'for other commands, too';
	}

	# What was late is tried again as ever, and is not flaky for that.
	($out, $err, $status) = run_test('--retry', '1', '--suites', 'tests/suites/late.yaml', 'tests.late.gives-up');
	is $status, 0, 'late, with --retry';
	like $out, qr/^# passed when tried again alone: /m, 'is patience\'s to forgive';
	unlike $out, qr/flaky/i, 'and no flake';
}

SKIP: {
	my ($kernel) = glob 'build/kernels/6.1-cloud/boot/vmlinuz-*';
	my ($qemu) = grep { -x } 'build/kernels/qemu-system-x86_64';
	skip 'no build/kernels: run make deps-kernels', 6 unless $kernel && $qemu;
	# Of --retry in a virtual machine tests/vm.t has more.
	my @vm = ('vm', '--qemu', $qemu, '--kernel', $kernel);
	($out, $err, $status) = run_command($nsconform_test, @vm, '-j1', '--repeat', '2', '--shuffle', '3', '--suites', 'tests/suites/verdicts.yaml',
		map { "tests.verdicts.$_" } qw(passes fails));
	like $out, qr/^# Order: --shuffle 3$/m, '--shuffle';
	like $out, qr/^# the same in each of 2 attempts$/m, '--repeat';
	($out, $err, $status) = run_command($nsconform_test, @vm, '-j1', '--fail-fast', '--retry', '1', '--suites', 'tests/suites/verdicts.yaml',
		map { "tests.verdicts.$_" } qw(passes fails));
	is $status, 1, '--fail-fast and --retry' or diag $out, $err;
	like $out, qr/^# the same in each of 2 attempts$/m, 'the failure was tried again before it counted';
	($out, $err, $status) = run_command($nsconform_test, @vm, '-j1', '--until-fail', '--repeat', '2', '--suites', 'tests/suites/verdicts.yaml',
		'tests.verdicts.passes');
	is $status, 0, '--until-fail' or diag $out, $err;
	is_deeply names($out), ['tests.verdicts.passes'], 'ends with its limit';
}
done_testing;
