#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What the readers of each format make of one and the same run: their counts are those of the run's
# totals.  A reader that is not installed is skipped, with the package that has it.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Temp qw(tempdir);
use JSON::PP;
use Kselftest;
use NSC;
use Test::More;

plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;
my $dir = tempdir(CLEANUP => 1);
my $build = $ENV{BUILD} // 'build';

# Cells that pass and fail, skip for both kinds of reason, break, are known, pass although they are;
# controls and twins.
mkdir "$dir/$_" or die "$dir/$_: $!" for qw(data data/fixtures data/fixtures/known);
symlink getcwd() . '/suites', "$dir/data/suites" or die $!;
spew("$dir/data/fixtures/known/issues.yaml", <<'END');
known:
  - id: as-expected
    cells: ["tests.expected.fails"]
    symptoms: [{actor: a, op: harness.flood, field: text, seen: xxx}]
    since: "2.6"
    reference: r
    evidence: e
  - id: unseen
    cells: ["tests.expected.passes"]
    symptoms: [{actor: a, op: harness.flood, field: text, seen: zzz}]
    since: "2.6"
    reference: r
    evidence: e
END

my (%file, %text, %status, %verdicts);
for my $format (qw(tap ktap kselftest)) {
	local $ENV{NSCONFORM_DATA} = "$dir/data";
	(my $out, my $err, $status{$format}) =
		run_command($nsconform_test, 'run', '--format', $format, 'tests/suites/verdicts.yaml', 'tests/suites/expected.yaml');
	is $err, '', "$format: stderr is silent";
	is $status{$format}, 1, "$format: the exit status of a run in which cells failed, and others broke";
	$file{$format} = "$dir/verdicts.$format";
	spew($file{$format}, $text{$format} = $out);
	$verdicts{$format} = { map { my ($name, @says) = result_line($_); $name ? ($name => join ' ', @says) : () } split /\n/, $out };
}
is_deeply $verdicts{$_}, $verdicts{tap}, "$_ has the cells, verdicts and reasons of tap" for qw(ktap kselftest);
my %totals = $text{tap} =~ /(\w+):(\d+)(?=.*\n\z)/g;
is_deeply \%totals, { pass => 5, fail => 3, skip => 2, xfail => 1, xpass => 1, error => 3 }, 'the totals';
my %count = map { $_ => 0 } qw(pass fail skip known xpass broken);
$count{(split / /)[0]}++ for values %{$verdicts{tap}};
is_deeply [@count{qw(pass fail skip known xpass broken)}], [@totals{qw(pass fail skip xfail xpass error)}], 'are those of its lines';
my ($total) = $text{tap} =~ /^1\.\.(\d+)$/m;

# What holds of all formats, whoever reads them.
for my $format (sort keys %text) {
	my $is = $text{$format};
	is scalar(() = $is =~ /^\s*(?:# *)?(?:not )?ok /mg), $total, "$format: a line for each cell, and nothing else that looks like one";
	unlike $is, qr/^\s*# Subtest/m, "$format: no subtests";
	unlike $is, qr/^(?:not )?ok .*# SKIP.*time=/m, "$format: what is part of a name to LKFT does not vary";
	unlike timeless($is), qr/\d+ms$/m, "$format: times are where they can be removed";
}
for my $format (qw(ktap kselftest)) {
	my ($before) = $text{$format} =~ /((?:^#.*\n)+)not ok \d+ tests\.verdicts\.fails #/m;
	like $before, qr/^# message: .*^# seen: .*^# step 1 failed: a\.harness\.flood\n\z/ms, "$format: diagnostics are directly before the line";
	like $text{$format}, qr/^ok \d+ tests\.verdicts\.passes # time=\d+ms$/m, "$format: the time is at the end of the line";
	like $text{$format}, qr/^# Totals: [^\n]*\n\z/m, "$format: the totals come last";
}
like $text{tap}, qr/^ok \d+ tests\.verdicts\.passes\n# time=\d+ms$/m, 'tap: the time follows the line';
like $text{tap}, qr/^# time=\d+ms\n# Totals: /m, 'tap: and that of the run is the last one';

sub program {
	my ($name) = @_;
	my ($path) = grep { -x } map { "$_/$name" } split /:/, $ENV{PATH};
	return $path;
}

# A shell has the redirections; file names are the last arguments.
sub shell {
	my ($command, @arguments) = @_;
	my ($out, $err) = run_command('sh', '-c', $command, 'sh', @arguments);
	return "$out$err";
}

sub json_text { my ($text) = @_; return decode_json($text) }

my $source = kernel_source();

# As run_kselftest.sh runs a program, but that it writes into the kernel's log, too.
my %wrapped;
sub under_kselftest {
	my ($format) = @_;
	return $wrapped{$format} if $wrapped{$format};
	mkdir $_ or die "$_: $!" for "$dir/$format", "$dir/$format/nsconform";
	spew("$dir/$format/nsconform/verdicts.sh", "#!/bin/sh\ncat '$file{$format}'\nexit $status{$format}\n");
	chmod 0755, "$dir/$format/nsconform/verdicts.sh";
	symlink "$source/tools/testing/selftests/kselftest", "$dir/$format/kselftest" or die $!;
	return $wrapped{$format} = shell('export BASE_DIR="$1"; cd "$1" && . kselftest/runner.sh && cd nsconform && run_many verdicts.sh | cat', "$dir/$format");
}

# The verdicts of tests, as [name, verdict].
sub counts {
	my %n = map { $_ => 0 } qw(pass fail skip);
	$n{$_->[1]}++ for @_;
	return \%n;
}

# By words of the output: (word of ours => pattern with the number).
sub numbers {
	my ($out, %patterns) = @_;
	return { map { my ($n) = $out =~ $patterns{$_}; $_ => $n // 0 } keys %patterns };
}

# Lines of the output, by their word.
sub words {
	my ($out, $pattern, %words) = @_;
	my %n = map { $_ => 0 } values %words;
	$n{$words{$_} // $_}++ for $out =~ /$pattern/g;
	return \%n;
}

my ($driver) = sort { $b cmp $a } glob '/usr/share/automake-*/tap-driver.sh';
my $bad = $totals{fail} + $totals{error};
# To whom TODO is what it is; to whom there is but `ok` and `not ok`.
my %told = (pass => $totals{pass}, fail => $bad, skip => $totals{skip}, xfail => $totals{xfail}, xpass => $totals{xpass});
my %plain = (pass => $totals{pass} + $totals{xfail} + $totals{xpass}, fail => $bad, skip => $totals{skip});

my @readers = (
	{ name => 'TAP::Parser', formats => ['tap'], there => 1, want => \%told, reads => sub {
		my (undef, $parser) = run_tap($text{tap});
		my @todo_ok = $parser->todo_passed;
		is_deeply [$parser->parse_errors], [], 'TAP::Parser: no parse errors';
		return { pass => $parser->passed - $parser->todo - $parser->skipped, fail => scalar $parser->failed, skip => scalar $parser->skipped,
			xfail => $parser->todo - @todo_ok, xpass => scalar @todo_ok };
	} },
	{ name => 'prove', formats => ['tap'], there => program('prove'), package => 'perl',
		want => { fail => $bad, of => $total, skip => $totals{skip}, xpass => $totals{xpass} }, reads => sub {
		my $out = shell('exec prove --norc --exec cat "$1"', $_[0]);
		unlike $out, qr/Parse errors/, 'prove: no parse errors';
		my ($which) = $out =~ /Failed tests:\s+(\S.*)$/m;
		is $which, join(', ', failed_ranges()), 'prove: the right ones';
		like $out, qr/TODO passed:\s+\d+$/m, 'prove: what is fixed is listed';
		return numbers($out, fail => qr/Failed (\d+)\/\d+ subtests/, of => qr/Failed \d+\/(\d+) subtests/,
			skip => qr/less (\d+) skipped/, xpass => qr/\((\d+) TODO tests? unexpectedly succeeded\)/);
	} },
	{ name => 'tappy', formats => ['tap'], there => program('tappy'), package => 'tappy',
		want => { of => $total, %told{qw(fail skip xfail xpass)} }, reads => sub {
		return numbers(shell('exec tappy "$1"', $_[0]), of => qr/^Ran (\d+) tests/m, fail => qr/(?<!expected )failures=(\d+)/, skip => qr/skipped=(\d+)/,
			xfail => qr/expected failures=(\d+)/, xpass => qr/unexpected successes=(\d+)/);
	} },
	{ name => 'meson', formats => ['tap'], there => program('meson') && program('ninja'), package => 'meson', want => \%told, reads => sub {
		mkdir "$dir/meson" or die $!;
		spew("$dir/meson/meson.build", "project('verdicts')\ntest('verdicts', find_program('cat'), args: ['$_[0]'], protocol: 'tap')\n");
		my $out = shell('meson setup "$1/build" "$1" && meson test -C "$1/build" --no-rebuild -v', "$dir/meson");
		unlike $out, qr/ERROR|Unknown TAP|UNKNOWN/, 'meson: no complaint' or diag $out;
		return words($out, qr/1\/1 tests\.\S+ (\w+)/, OK => 'pass', FAIL => 'fail', SKIP => 'skip', EXPECTEDFAIL => 'xfail', UNEXPECTEDPASS => 'xpass');
	} },
	{ name => 'automake', formats => ['tap'], there => program('awk') && $driver, package => 'automake', want => \%told, reads => sub {
		shell('sh "$1" --test-name verdicts --log-file "$2/log" --trs-file "$2/trs" -- cat "$3"', $driver, $dir, $_[0]);
		return words(slurp("$dir/trs"), qr/^:test-result: (\w+)/m, PASS => 'pass', FAIL => 'fail', SKIP => 'skip', XFAIL => 'xfail', XPASS => 'xpass');
	} },
	{ name => 'tap-parser', formats => ['tap'], there => program('tap-parser') && shell('exec tap-parser --help') =~ /Usage/,
		package => 'node-tap-parser', want => \%told, reads => sub {
		my $events = json_text(shell('exec tap-parser -j <"$1"', $_[0]));
		my @tests = map { $_->[0] eq 'assert' ? $_->[1] : () } @$events;
		my ($all) = map { $_->[0] eq 'complete' ? $_->[1] : () } @$events;
		my ($took) = $text{tap} =~ /^# time=(\d+)ms\n# Totals/m;
		is $all->{time} // $took, $took, 'tap-parser: the time is that of the run';
		is scalar(grep { $_->{diag} && $_->{diag}{message} } @tests), $bad, 'tap-parser: with their diagnostics';
		my %n = (map({ $_ => 0 } keys %told));
		$n{$_->{todo} ? ($_->{ok} ? 'xpass' : 'xfail') : $_->{skip} ? 'skip' : $_->{ok} ? 'pass' : 'fail'}++ for @tests;
		return \%n;
	} },
	# Whatever TODO is of is an expected failure to it.
	{ name => 'subunit', formats => ['tap'], there => program('tap2subunit') && program('subunit2csv'), package => 'subunit',
		want => { %told{qw(pass fail skip)}, xfail => $totals{xfail} + $totals{xpass} }, reads => sub {
		my $out = shell('tap2subunit <"$1" | subunit2csv --no-passthrough', $_[0]);
		return words($out, qr/^test \d+[^,\n]*,(\w+),/m, success => 'pass', failure => 'fail', skip => 'skip', xfail => 'xfail');
	} },
	{ name => 'kunit.py', formats => ['ktap', 'kselftest'], there => $source && program('python3'), package => 'linux-source-6.12', want => \%plain, reads => sub {
		my ($file, $format) = @_;
		my $out = shell('exec python3 -B "$1/tools/testing/kunit/kunit.py" parse --json="$3" "$2"', $source, $file, "$dir/$format.json");
		unlike $out, qr/ERROR/, "kunit.py, $format: no complaint" or diag $out;
		my ($reason) = $out =~ /^\S+ # seen: .*\n(?:\S+ # .*\n)*\S+ \[FAILED\] (\S+)/m;
		is $reason, 'tests.verdicts.fails', "kunit.py, $format: diagnostics are of the right test";
		is_deeply [sort map { $_->{name} } @{json_text(slurp("$dir/$format.json"))->{test_cases}}], [sort keys %{$verdicts{$format}}],
			"kunit.py, $format: names are those of the cells, failing or not";
		return numbers($out, pass => qr/passed: (\d+)/, fail => qr/failed: (\d+)/, skip => qr/skipped: (\d+)/);
	} },
	{ name => "run_kselftest.sh and NIPA's parse_nested_tests()", formats => ['kselftest'], there => $source, package => 'linux-source-6.12',
		want => \%plain, reads => sub {
		my @tests = nipa(under_kselftest('kselftest'));
		is scalar(grep { @$_ == 3 } @tests), $total - $totals{skip}, 'NIPA: what ran has a time';
		return counts(@tests);
	} },
	{ name => "LKFT's parse-output.py", formats => ['ktap', 'kselftest'], there => 1, want => \%plain, reads => sub {
		my ($file, $format) = @_;
		my @tests = linaro('', split /\n/, $text{$format});
		is_deeply [map { $_->[1] eq 'skip' ? () : $_->[0] } @tests],
			[map { my ($name, $verdict) = result_line($_); !$name || $verdict eq 'skip' ? () : $name =~ s/\./_/gr } split /\n/, $text{$format}],
			"LKFT, $format: names are those of the cells";
		return counts(@tests);
	} },
	{ name => "run_kselftest.sh and LKFT's parse-output.py", formats => ['kselftest'], there => $source, package => 'linux-source-6.12',
		want => { %plain, fail => $plain{fail} + 1 }, reads => sub {
		return counts(linaro('', split /\n/, under_kselftest('kselftest')));
	} },
);

# The numbers of what failed or broke, as prove writes them.
sub failed_ranges {
	my @ranges;
	for (split /\n/, $text{tap}) {
		my ($name, $verdict) = result_line($_);
		next unless $name && $verdict =~ /^(?:fail|broken)$/;
		my ($number) = /ok (\d+)/;
		if (@ranges && $ranges[-1][1] == $number - 1) {
			$ranges[-1][1] = $number;
		} else {
			push @ranges, [$number, $number];
		}
	}
	return map { $_->[0] == $_->[1] ? $_->[0] : "$_->[0]-$_->[1]" } @ranges;
}

for my $reader (@readers) {
	for my $format (@{$reader->{formats}}) {
		my $name = @{$reader->{formats}} > 1 ? "$reader->{name}, $format" : $reader->{name};
		SKIP: {
			skip "$name is not installed: apt-get install $reader->{package}", 1 unless $reader->{there};
			is_deeply $reader->{reads}->($file{$format}, $format), $reader->{want}, "$name: counts are those of the run";
		}
	}
}
done_testing;
