#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Ten thousand scenarios: what loads, lists, plans, runs, judges and reports them costs as much for each
# as with a few, in instructions, which valgrind counts, and in memory.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my $dir = scratch_dir;

# Half of N scenarios in one suite, the others in a suite each; every tenth one fails.
sub scenario {
	my ($i) = @_;
	return "  - id: s$i\n    about: Generated scenario $i.\n    clauses: [uts.names.hostname-isolated]\n"
		. "    actors: {a: {}}\n    steps:\n      - a: uts.gethostname\n        expect: "
		. ($i % 10 ? 'ok' : '{name: nobody}') . "\n";
}
sub tree {
	my ($n) = @_;
	my $path = "$dir/tree-$n";
	mkdir $_ for $path, "$path/scale";
	spew("$path/scale/one.yaml", "suite: scale/one\nabout: Generated.\nscenarios:\n"
		. join '', map { scenario($_) } 1 .. $n / 2);
	spew("$path/scale/s$_.yaml", "suite: scale/s$_\nabout: Generated.\nscenarios:\n" . scenario($_))
		for $n / 2 + 1 .. $n;
	return $path;
}

# The command's totals and the greatest amount of memory that it has had, in KiB, as seen with each line.
sub watched {
	my @command = @_;
	my ($peak, $totals, $lines) = (0, '', 0);
	my $pid = open my $out, '-|', @command or die "$command[0]: $!";
	while (my $line = <$out>) {
		$totals = $1 if $line =~ /^# Totals: (.*)/;
		next if ++$lines % 16;
		my ($seen) = (eval { slurp("/proc/$pid/status") } // '') =~ /^VmHWM:\s+(\d+)/m;
		$peak = $seen if $seen && $seen > $peak;
	}
	close $out;
	return ($peak, $totals);
}

my $many = tree(10000);
my ($out, $err, $status) = run_command($nsconform, 'list', $many);
is scalar(() = $out =~ /^scale\./mg), 10000, 'ten thousand scenarios are listed';
is "$err$status", '0', 'without a problem';
($out, $err, $status) = run_command($nsconform, 'validate', $many);
is $out, "5001 suites, 10000 scenarios: valid\n", 'and validated';
($out, $err, $status) = run_command($nsconform, 'plan', $many);
like $out, qr/^# 10000 cells: /m, 'and planned';

SKIP: {
	skip 'needs root: the cells are privileged', 6 unless is_root;
	my ($few, $fewer, $times) = (tree(1000), tree(100), 20);
	my ($large, $totals) = watched($nsconform, 'run', '--time-factor', '1', $many);
	is $totals, 'pass:9000 fail:1000 xfail:0 xpass:0 skip:0 error:0', 'and carried out';
	my ($small) = watched($nsconform, 'run', '--time-factor', '1', $few);
	my $each = ($large - $small) / 9000;
	ok $small && $large, "memory at its most: $large KiB, and $small KiB of a tenth of them";
	cmp_ok $each, '<', 16, "a scenario takes no more than it takes to plan it: $each KiB";
	my ($once) = watched($nsconform, 'run', '--time-factor', '1', $fewer);
	my ($often) = watched($nsconform, 'run', '--time-factor', '1', '--repeat', $times, $fewer);
	cmp_ok $often, '<', $once + 2048, "and a cell none: $once KiB, and $often KiB when each was carried out $times times";

	# Instructions of the same with a number of scenarios, and with four times as many.
	my $valgrind = (grep { -x } map { "$_/valgrind" } split /:/, $ENV{PATH})[0];
	skip 'needs valgrind: apt-get install valgrind', 2 unless $valgrind;
	skip 'a sanitizer build does not run under valgrind', 2 if ($ENV{BUILD} // '') =~ /asan/;
	my @sizes = (250, 1000);
	my %results = map { ($_ => "$dir/results-$_") } @sizes;
	for my $n (@sizes) {
		run_command($nsconform, 'run', '--time-factor', '1', '--output', $results{$n}, tree($n));
		is scalar(() = slurp("$results{$n}/cells.jsonl") =~ /\n/g), $n, "$n cells have a record";
	}
	sub instructions {
		my (undef, $err) = run_command($valgrind, '--tool=callgrind', '--callgrind-out-file=/dev/null', $nsconform, @_);
		return ($err =~ /^==(\d+)== Collected : (\d+)/mg)[-1];
	}
	for my $command (
		['list', sub { "$dir/tree-$_[0]" }], ['plan', sub { "$dir/tree-$_[0]" }],
		['validate', sub { "$dir/tree-$_[0]" }],
		['judge', sub { "$results{$_[0]}/traces/scale.one.jsonl" }],
		(map { my $format = $_; ["report $format", sub { ('report', $format, $results{$_[0]}) }] } qw(junit kcidb md tmt html baseline)),
		['summary', sub { $results{$_[0]} }],
		['compare', sub { ($results{$_[0]}, $results{$_[0]}) }],
		['matrix', sub { ($results{$_[0]}, $results{$_[0]}) }],
	) {
		my ($name, $operands) = @$command;
		my ($less, $more) = map { instructions($name =~ /^report/ ? () : $name, $operands->($_)) } @sizes;

		ok $less && $more && $more < 4.6 * $less,
			sprintf '%s: four times as many cost %.2f times as much', $name, $more / ($less || 1);
	}
}
done_testing;
