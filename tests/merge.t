#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Shards of a run put together: the same as the run in one piece; and whatever keeps results from being
# shards of one run is refused before anything is written.
use strict;
use warnings;
use lib 'tests/lib';
use Digest::SHA qw(sha256_hex);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->canonical;
my $schema = decode_json((run_command($nsconform, 'schema', 'results'))[0]);

sub cells { return map { decode_json($_) } split /\n/, slurp("$dir/$_[0]/cells.jsonl") }
sub run_of { return decode_json(slurp("$dir/$_[0]/run.json")) }
sub merge { my ($to, @from) = @_; return run_command($nsconform, 'merge', '--output', "$dir/$to", map { "$dir/$_" } @from) }

# Without what may differ between two runs of the same thing.
sub constant {
	my ($kind, $record) = @_;
	my $fields = $schema->{definitions}{$kind}{properties};
	return { map { $_ => $record->{$_} } grep { !$fields->{$_}{'x-varies'} } keys %$record };
}

# Made up: one cell a shard, and what its record has beside what each has.
my @names = map { "uts.x.s$_.root" } 1 .. 3;
my $plan = join '', map { "$_\n" } @names;

sub shard {
	my ($name, $index, $run, @cells) = @_;
	@cells = ($names[$index - 1]) unless @cells;
	remove_tree("$dir/$name");
	make_path("$dir/$name/traces", "$dir/$name/tap");
	spew("$dir/$name/run.json", $json->encode({
		nsconform_results => 1, run => $name, state => 'complete', version => '0.1', command => ['run'],
		selection => ['uts'], plan_cells => 1, plan_sha256 => sha256_hex("$names[$index - 1]\n"),
		shard_index => $index, shard_number => 3, whole_cells => 3, whole_sha256 => sha256_hex($plan),
		kernel => '6.1.0', kernel_version => '#1', machine => 'x86_64', uid => 0, exit_status => 0,
		started => "2026-01-31T12:00:0${index}Z", ended => "2026-01-31T12:01:0${index}Z", %$run,
	}) . "\n");
	spew("$dir/$name/whole.plan", $plan);
	spew("$dir/$name/environment.json", qq({"kernel": "6.1.0"}\n));
	spew("$dir/$name/tap/uts.tap", "TAP version 13\n1..1\nok 1 $cells[0]\n");
	spew("$dir/$name/traces/uts.x.jsonl", qq({"nsconform_trace": 2, "source": "suite: uts/x", "command": ["$name"]}\n) .
		qq({"cell": "$cells[0]"}\n{"cells": 1}\n));
	spew("$dir/$name/cells.jsonl", join '', map { my $cell = $_; $json->encode({
		run => $name, cell => $cell, scenario => $cell =~ s/\.root$//r, kind => 'cell', verdict => 'pass',
		attempt => 1, clauses => ['a.b'], at => 'a.yaml:1', again => "nsconform run $cell",
	}) . "\n" } @cells);
}

sub shards { shard("s$_", $_, {}) for 1 .. 3 }

shards();
my ($out, $err, $status) = merge('whole', 's3', 's1', 's2');
is $status, 0, 'three of three' or diag $err;
is $err, '', 'without a word';
my $run = run_of('whole');
is $run->{state}, 'complete', 'the run is complete';
is $run->{plan_cells}, 3, 'it has all cells';
is $run->{plan_sha256}, sha256_hex($plan), 'of the plan';
is slurp("$dir/whole/run.plan"), $plan, 'whose names are there';
ok !exists $run->{shard_number}, 'it is no shard itself';
is $run->{started}, '2026-01-31T12:00:01Z', 'it began with the first';
is $run->{ended}, '2026-01-31T12:01:03Z', 'and ended with the last';
is_deeply $run->{totals}, { pass => 3, map { $_ => 0 } qw(fail skip known xpass broken) }, 'totals';
is join(' ', map { $_->{cell} } cells('whole')), "@names", 'all cells, in the order of shards';
is_deeply [grep { $_->{run} ne $run->{run} } cells('whole')], [], 'under one id';
my @lines = split /\n/, slurp("$dir/whole/traces/uts.x.jsonl");
is scalar(@lines), 7, 'traces: one header, then cells and end marks';
is scalar(grep { /nsconform_trace/ } @lines), 1, 'traces: the header stands once';
ok -e "$dir/whole/shards/$_-of-3/tap/uts.tap", "what shard $_ printed is kept" for 1 .. 3;
ok -e "$dir/whole/shards/2-of-3/run.json", 'and its record';
is slurp("$dir/whole/environment.json"), slurp("$dir/s1/environment.json"), 'the environment';

# Every command that reads results.
($out) = run_command($nsconform, 'summary', "$dir/whole");
like $out, qr/^# Totals: pass:3 /m, 'summary reads it';
for my $command (['matrix'], ['compare', "$dir/whole"], ['report', 'md'], ['report', 'junit'], ['coverage', '--results']) {
	is((run_command($nsconform, @$command, "$dir/whole"))[2], 0, "$command->[0] reads it");
}
is((merge('whole', 's1', 's2', 's3'))[2], 2, 'where results are none are put');
is((merge('one', 's1', 's2', 's3', 's1'))[2], 2, 'the same one twice');
is((merge('s1/whole', 's1', 's2', 's3'))[2], 0, 'into one of them');
ok !-e "$dir/s1/whole/shards/1-of-3/whole", 'which is not part of itself';

# What counted as a failure in one has to in all.
shards();
shard('s2', 2, { fail_on => ['skip'] });
($out, $err, $status) = merge('rules', 's1', 's2', 's3');
is $status, 2, 'another --fail-on';
like $err, qr/s2: differs from \S+s1 in what fails it \(--fail-on\)/, 'is named';

# What several of them say of the whole.
shard('s1', 1, { known_unseen => ['one', 'two'], flaky => 1 });
shard('s2', 2, { known_unseen => ['two', 'three'] });
shard('s3', 3, { known_unseen => ['two'], flaky => 2 });
for (['s2', 'known', 'one'], map { ["s$_", 'pass', undef, 1] } 1, 3) {
	my ($name, $verdict, $issue, $flaky) = @$_;
	my ($cell) = cells($name);
	spew("$dir/$name/cells.jsonl", $json->encode({ %$cell, verdict => $verdict, $issue ? (issue => $issue) : (),
		$flaky ? (flaky => JSON::PP::true) : () }) . "\n");
}
($out, $err, $status) = merge('sums', 's1', 's2', 's3');
is $status, 0, 'shards that have seen different issues' or diag $err;
is_deeply run_of('sums')->{known_unseen}, ['two', 'three'], 'what none of them has seen';
is run_of('sums')->{flaky}, 2, 'cells that are flaky, of all';

# Missing, or without an end: what is there is merged, and is no success.
shards();
($out, $err, $status) = merge('two', 's3', 's1');
is $status, 1, 'one is missing';
like $err, qr/^nsconform: of 3 shards these are missing: 2$/m, 'and named';
is run_of('two')->{state}, 'interrupted', 'the results say so';
is run_of('two')->{exit_status}, 3, 'and are no success';
is((run_command($nsconform, 'summary', "$dir/two"))[2], 3, 'for summary neither');
($out) = run_command($nsconform, 'report', 'md', "$dir/two");
like $out, qr/1 cell was not reached/, 'what it did not come to is counted';
($out, $err, $status) = merge('lone', 's2');
like $err, qr/missing: 1, 3$/m, 'several are missing';
shard('s2', 2, { state => 'running' });
($out, $err, $status) = merge('killed', 's1', 's2', 's3');
is $status, 1, 'one was killed';
like $err, qr/^nsconform: \S+s2: the run has no end: it was killed, or goes on$/m, 'and it is said which';
is run_of('killed')->{state}, 'interrupted', 'so the whole has no end';
shard('s2', 2, { exit_status => 1 });
is((merge('failed', 's1', 's2', 's3'))[2], 0, 'a shard that failed is whole');
is run_of('failed')->{exit_status}, 1, 'and the run has failed';
# A status of another profile says nothing here, and the verdicts do.
shards();
shard('s2', 2, { exit_status => 99 });
spew("$dir/s2/cells.jsonl", slurp("$dir/s2/cells.jsonl") =~ s/"pass"/"broken"/r);
merge('automake', map { "s$_" } 1 .. 3);
is run_of('automake')->{exit_status}, 3, 'a shard that broke, by --exit automake';
# A part of one is a shard, too: how many there are is a parameter of a CI.
shards();
$plan = "$names[0]\n";
shard('s1', 1, { shard_number => 1, whole_cells => 1, whole_sha256 => sha256_hex($plan) });
is((merge('alone', 's1'))[2], 0, 'one shard of one');
$plan = join '', map { "$_\n" } @names;

# What is refused, each with what makes it one of them again.
my $n = 0;
sub refused {
	my ($what, $pattern, @from) = @_;
	my $to = 'refused' . $n++;
	my ($out, $err, $status) = merge($to, @from ? @from : qw(s1 s2 s3));

	is $status, 2, "$what: refused";
	like $err, $pattern, "$what: and why";
	ok !-e "$dir/$to", "$what: nothing is written";
	shards();
	is((merge("good$n", qw(s1 s2 s3)))[2], 0, "$what: and without that they are merged");
}

shards();
for my $field ([kernel => '6.12.0', 'the kernel \(6\.1\.0 and 6\.12\.0\)'], [kernel_version => '#2', 'the build of the kernel'],
	[version => '0.2', 'the version of nsconform'], [runtime => 'crun', 'the runtime \(unknown and crun\)'],
	[machine => 'aarch64', 'the architecture'], [uid => 1000, 'the user ID'], [image_sha256 => '1' x 64, 'the image']) {
	shard('s2', 2, { $field->[0] => $field->[1] });
	refused($field->[0], qr/^\S+s2: differs from \S+s1 in $field->[2]/m);
}
for my $s (1 .. 3) { shard("s$s", $s, { runtime => 'crun', runtime_version => $s == 2 ? '1.9' : '1.8' }) }
refused('a version of the runtime', qr/differs from \S+ in the version of the runtime \(1\.8 and 1\.9\)/);
shard('s2', 2, { whole_sha256 => '1' x 64 });
refused('a selection', qr/^\S+s2: is a shard of another plan than \S+s1/m);
shard('s2', 2, { shard_number => 4 });
refused('a number of shards', qr/^\S+s2: is one of 4 shards, and \S+s1 one of 3$/m);
shard('s2', 1, {}, $names[1]);
refused('a number', qr/: is shard 1, as \S+ is$/m);
shard('s2', 2, {}, @names[1, 2]);
refused('a cell', qr/^\S+s3: has the cell \Q$names[2]\E, which \S+s2 has, too$/m);
shard('s2', 2, {}, @names[1, 1]);
refused('a cell twice', qr/^\S+s2: has a cell twice$/m);
spew("$dir/s2/traces/uts.x.jsonl", qq({"nsconform_trace": 2, "source": "suite: uts/y"}\n));
refused('a suite', qr/^\S+s2: was run with another suite in traces\/uts\.x\.jsonl than \S+s1$/m);
my $record = run_of('s2');
delete @$record{qw(shard_index shard_number whole_sha256)};
spew("$dir/s2/run.json", $json->encode($record));
refused('a run in one piece', qr/^\S+s2: is no shard of a run: it was not run with --shard$/m);
make_path("$dir/s2/parts");
rename "$dir/s2/run.json", "$dir/s2/parts/$_.json" and spew("$dir/s2/run.json", slurp("$dir/s2/parts/$_.json")) for 'a';
spew("$dir/s2/parts/b.json", slurp("$dir/s2/run.json"));
unlink "$dir/s2/run.json";
refused('parts', qr/^\S+s2: has parts of a run \(--part\)/m);
refused('nothing there', qr/none.cells\.jsonl: No such file/, 's1', 'none');
is((run_command($nsconform, 'merge', "$dir/s1"))[2], 2, 'without --output');

# Real ones: the same as in one piece.
my @selection = ('--suites', 'tests/suites/verdicts.yaml');
run_command($nsconform_test, 'run', @selection, '--output', "$dir/piece");
for my $i (1 .. 3) {
	run_command($nsconform_test, 'run', @selection, '--shard', "$i/3", '--output', "$dir/part$i");
	is run_of("part$i")->{shard_index}, $i, "shard $i says which one it is";
	is run_of("part$i")->{whole_sha256}, run_of('piece')->{plan_sha256}, 'and of what';
}
($out, $err, $status) = merge('parts', map { "part$_" } 1 .. 3);
is $status, 0, 'shards of a run' or diag $err;
is_deeply [sort { $a->{cell} cmp $b->{cell} } map { constant('cell', $_) } cells('parts')],
	[sort { $a->{cell} cmp $b->{cell} } map { constant('cell', $_) } cells('piece')], 'have the cells of the run in one piece';
my ($parts, $piece) = map { constant('run', run_of($_)) } qw(parts piece);
delete @$_{qw(command)} for $parts, $piece; # the directory is in it
is_deeply $parts, $piece, 'and its record';
is slurp("$dir/parts/run.plan"), slurp("$dir/piece/run.plan"), 'and its plan';
($out, $err, $status) = run_command($nsconform_test, 'compare', "$dir/piece", "$dir/parts");
like $out, qr/^Both have 13 cells, of which 13 are alike\.$/m, 'compare finds no change';
for my $trace (glob "$dir/parts/traces/*.jsonl") {
	my ($one) = run_command($nsconform_test, 'judge', $trace);
	like $one, qr/^# Totals: /m, 'traces are judged again';
	unlike $one, qr/^Bail out!/m, 'whole';
}
{
	local @ENV{qw(SHARD_NUMBER SHARD_INDEX)} = (1, 1);
	run_command($nsconform_test, 'run', @selection, '--output', "$dir/single");
	is((merge('singles', 'single'))[2], 0, 'SHARD_NUMBER=1 makes a shard, too');
}
# --quick keeps a variant of each scenario, in shards the same ones.
my $id = 'uts.hostname.set-is-private';
run_command($nsconform, 'run', '--quick', $id, '--output', "$dir/quick");
run_command($nsconform, 'run', '--quick', $id, '--shard', "$_/2", '--output', "$dir/quick$_") for 1 .. 2;
is((merge('quicks', 'quick1', 'quick2'))[2], 0, 'shards of a quick run');
is run_of('quicks')->{plan_sha256}, run_of('quick')->{plan_sha256}, 'are the quick run';
# One of the shards is empty.
my ($empty) = grep { !cells("quick$_") } 1 .. 2;
run_command($nsconform, 'run', $id, '--shard', "$empty/2", '--output', "$dir/slow$empty");
is((merge('mixed', "slow$empty", 'quick' . (3 - $empty)))[2], 2, 'a quick one and a whole one are not');
done_testing;
