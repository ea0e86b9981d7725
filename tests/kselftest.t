#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The suite as collections of kselftest: what make puts down, and what the kernel's run_kselftest.sh and the readers
# of its log make of that.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path getcwd);
use JSON::PP;
use Kselftest;
use NSC;
use Test::More;

my $dir = scratch_dir();
my $source = kernel_source();
my $build = $ENV{BUILD} // 'build';
my @make = ('make', '-s', "BUILD=$build", 'LINUX_SOURCE=' . ($source // ''));
my $top = getcwd();

sub lines { return split /\n/, slurp($_[0]) }
sub files { return sort map { s{^\Q$_[0]\E/}{}r } split /\n/, (run_command('find', @_))[0] }

# Everything is made from the suites and the runtimes that there are.
my ($out, $err, $status) = run_command(@make, 'kselftest-install');
like $err, qr/KSFT_INSTALL_PATH= is where to/, 'a directory has to be named';
isnt $status, 0, '... or it is an error';
my $installed = "$dir/installed";
(undef, $err, $status) = run_command(@make, 'kselftest-install', "KSFT_INSTALL_PATH=$installed");
is $status, 0, 'make kselftest-install' or diag $err;
my @suites = sort map { m{^suites/(\w+)/([\w-]+)\.yaml$} ? "$1.$2" : () } glob 'suites/*/*.yaml';
my %homes = map { s/\.[^.]+ .*//r => 1 } split /\n/, (run_command($nsconform, 'list'))[0];
is_deeply \@suites, [sort keys %homes], 'the suites are those of nsconform list';
my @runtimes = map { s{.*/(.*)\.yaml$}{$1}r } sort glob 'fixtures/runtimes/*.yaml';
my %collections = ('nsconform' => [grep { !/^runtime\./ } @suites], map { ("nsconform-$_" => \@suites) } @runtimes);
my @list = map { my $c = $_; map { "$c:$_" } @{$collections{$c}} } sort keys %collections;
is_deeply [sort(lines("$installed/kselftest-list.txt"))], [sort @list], 'kselftest-list.txt has a line for each suite of each collection';
my @missing = grep { my ($c, $suite) = split /:/; !-x "$installed/$c/$suite" } @list;
is_deeply \@missing, [], '... which is a program';
for my $collection (sort keys %collections) {
	is_deeply [grep { !/^(?:config|settings)$/ } files("$installed/$collection", '-maxdepth', '1', '-type', 'f', '!', '-name', 'suite.sh', '!', '-name', 'nsconform')],
		[sort @{$collections{$collection}}], "$collection: there is no other program";
	is slurp("$installed/$collection/config"), slurp('fixtures/kernels/nsconform.config'), "$collection: config";
	like slurp("$installed/$collection/settings"), qr/^timeout=\d+$/m, "$collection: settings";
}
is_deeply [files("$installed/nsconform", '-mindepth', '2', '-type', 'f')], [sort split /\n/, (run_command('find', 'suites', 'fixtures', 'results/baseline', 'tools/lava', '-type', 'f'))[0]],
	'suites, fixtures, baselines and jobs of LAVA come with it';
my ($head) = run_command('readelf', '-lS', "$installed/nsconform/nsconform");
SKIP: {
	skip 'install binutils', 1 unless $head;
	unlike $head, qr/INTERP|\.debug_info|build-id/, 'the program is static, and stripped of what differs with the place of the build';
}

# It adds to an installation, and takes nothing else from it.
spew("$installed/kselftest-list.txt", join '', map { "$_\n" } 'exec:execveat', 'nsconform:gone.suite', @list, 'timers:posix_timers');
spew("$installed/nsconform/gone.suite", "#!/bin/sh\n");
mkdir "$installed/nsconform/output" or die $!;
spew("$installed/nsconform/output/record", 'kept');
(undef, $err, $status) = run_command(@make, 'kselftest-install', "KSFT_INSTALL_PATH=$installed", 'RUNTIMES=crun');
is $status, 0, 'into an installation' or diag $err;
is_deeply [lines("$installed/kselftest-list.txt")], ['exec:execveat', 'timers:posix_timers', grep { /^nsconform(?:-crun)?:/ } @list],
	'the lines of others stay, and ours are replaced';
ok !-e "$installed/$_", "$_ is gone" for 'nsconform/gone.suite', 'nsconform-bwrap';
is slurp("$installed/nsconform/output/record"), 'kept', 'records of runs stay';
mkdir "$dir/$_" or die $! for qw(foreign foreign/nsconform);
spew("$dir/foreign/nsconform/mine", '');
(undef, $err, $status) = run_command(@make, 'kselftest-install', "KSFT_INSTALL_PATH=$dir/foreign", 'LINUX_SOURCE=');
isnt $status, 0, 'a directory that has something else of that name';
like $err, qr{foreign/nsconform is there, and not a collection of }, '... is refused';
is_deeply [files("$dir/foreign", '-mindepth', '1')], ['nsconform', 'nsconform/mine'], '... and left as it was';

# What there is not is named in one line, and nothing is installed.
spew("$dir/linux-1.tar.xz", 'no archive');
for (['RUNTIMES=nosuch', 'LINUX_SOURCE=', 'no runtime nosuch: there is no fixtures/runtimes/nosuch.yaml'],
	['RUNTIMES=crun', "LINUX_SOURCE=$dir/gone.tar.xz", "LINUX_SOURCE=$dir/gone.tar.xz cannot be read"],
	['RUNTIMES=crun', "LINUX_SOURCE=$dir/linux-1.tar.xz", "LINUX_SOURCE=$dir/linux-1.tar.xz is no archive that has linux-1/tools/testing/selftests"],
	['RUNTIMES=crun', "LINUX_SOURCE=$dir/foreign", "LINUX_SOURCE=$dir/foreign has no tools/testing/selftests/run_kselftest.sh"]) {
	my ($runtimes, $source, $why) = @$_;
	(undef, $err, $status) = run_command(@make, 'kselftest-install', "KSFT_INSTALL_PATH=$dir/none", $runtimes, $source);
	isnt $status, 0, "$runtimes $source";
	is scalar(grep { /^kselftest: \Q$why\E/ } split /\n/, $err), 1, '... is refused' or diag $err;
	ok !-e "$dir/none", '... and nothing is made';
}

# The archive is what is installed, and the same each time.
my ($archive, @sums);
for my $here (['0022', 'UTC'], ['0077', 'Asia/Tokyo']) {
	my $machine = (run_command('sh', '-c', 'umask "$1"; shift; TZ="$1"; export TZ; shift; exec "$@"', 'sh', @$here, @make, 'kselftest-tar'))[2];
	is $machine, 0, "make kselftest-tar, umask $here->[0]";
	($archive) = sort { -M $a <=> -M $b } glob "$build/nsconform-kselftest-*.tar.xz";
	push @sums, (run_command('sha256sum', $archive))[0];
}
is $sums[1], $sums[0], 'the archive is the same';
my ($names) = run_command('tar', '-tf', $archive);
is_deeply [sort map { m{^\./([^/]+)/?$} ? $1 : () } split /\n/, $names],
	[sort 'kselftest-list.txt', ($source ? qw(run_kselftest.sh kselftest) : ()), keys %collections], '... and has all of it';

# What virtual machines are made of, for make check-kselftest and check-lava.
is((run_command('tools/guest'))[2], 1, 'tools/guest: usage');
SKIP: {
	skip 'apt-get install cpio busybox-static kmod', 4 if grep { system "command -v $_ >/dev/null" } qw(cpio busybox depmod);
	(undef, $err, $status) = run_command('tools/guest', 'root', "$dir/root", 'timeout', 'no-such-program');
	is "$status $err", "1 guest: no-such-program is not installed\n", 'a program that is not there';
	(undef, $err, $status) = run_command('sh', '-c', 'tools/guest root "$1" timeout && tools/guest pack "$1"', 'sh', "$dir/guest");
	is $status, 0, 'a root file system' or diag $err;
	my %in = map { $_ => 1 } split /\n/, (run_command('sh', '-c', 'zcat "$1" | cpio -it --quiet', 'sh', "$dir/guest.cpio.gz"))[0];
	is_deeply [grep { !$in{$_} } qw(init sbin/start bin/busybox bin/sh usr/bin/timeout)], [], '... has what it is started by, and programs';
	is((run_command('sh', '-c', 'for f; do sh -n "$f" || exit; done', 'sh', map { "$dir/guest/$_" } qw(init sbin/start)))[2], 0, '... which are scripts');
}

SKIP: {
	skip 'apt-get install linux-source-6.12, for run_kselftest.sh', 1 unless $source;
	skip 'needs root: the cells of these suites are privileged', 1 unless is_root;
	subtest 'run_kselftest.sh' => \&under_run_kselftest;
}
done_testing;

# A tree of this test's own suites, of which each ends in another way.
my $tree;
sub plant {
	$tree = "$dir/tree";
	mkdir "$dir/$_" or die "$_: $!" for qw(data data/suites data/suites/tests data/fixtures data/fixtures/known data/fixtures/runtimes data/fixtures/kernels);
	symlink "$top/suites/clauses", "$dir/data/suites/clauses" or die $!;
	spew("$dir/data/fixtures/kernels/nsconform.config", '');
	spew("$dir/data/suites/tests/$_.yaml", slurp("tests/suites/$_.yaml")) for qw(verdicts skips);
	(my $absent = slurp('fixtures/runtimes/bwrap.yaml')) =~ s/\bbwrap\b/no-such-program/g;
	spew("$dir/data/fixtures/runtimes/no-such-program.yaml", $absent);
	my $head = "    clauses: [uts.names.hostname-isolated]\n    actors: {a: {}}\n    steps:\n";
	my $passes = "  - id: passes\n    about: It passes.\n$head      - a: {harness.flood: {bytes: 1}}\n        expect: {text: x}\n";
	spew("$dir/data/suites/tests/plain.yaml", "suite: tests/plain\nabout: One that passes.\nscenarios:\n$passes");
	spew("$dir/data/suites/tests/hangs.yaml", "suite: tests/hangs\nabout: One that does not end.\nscenarios:\n$passes" .
		"  - id: hangs\n    about: It hangs.\n    within: 60s\n$head      - a: harness.hang\n        within: 60s\n        expect: ok\n");
	my @files = split /\n/, (run_command('sh', '-c', 'cd "$1" && find -L suites fixtures -type f', 'sh', "$dir/data"))[0];
	spew("$dir/files", join '', map { "$_\n" } @files);
	my $put = 'cd "$1/data" && "$2/tools/kselftest/install" "$3" strip "$1/tree" no-such-program < "$1/files" && "$2/tools/kselftest/runner" "$4" "$1/tree"';
	my (undef, $err, $status) = run_command('sh', '-c', $put, 'sh', $dir, $top, abs_path($nsconform_test), $source);
	return $status == 0 || diag $err;
}

# The log of a run of these; the runner opens /dev/stdout anew, which is to be a pipe.
sub run_tests {
	my (@arguments) = @_;
	return (run_command('sh', '-c', 'cd "$1" && shift && ./run_kselftest.sh "$@" 2>&1 | cat', 'sh', $tree, @arguments))[0];
}

# What is on record of the newest run of a collection.
sub recorded { return map { decode_json($_) } lines("$tree/nsconform/output/$_[0]/cells.jsonl") }

sub under_run_kselftest {
	ok plant(), 'an installation of these suites' or return;
	my ($timeout) = slurp("$tree/nsconform/settings") =~ /^timeout=(\d+)$/m;
	my $log = run_tests('-t', 'nsconform:tests.plain', '-t', 'nsconform:tests.skips', '-t', 'nsconform:tests.verdicts');
	is_deeply outcomes('nsconform', $log), { 'tests.plain' => 'ok', 'tests.skips' => 'ok SKIP', 'tests.verdicts' => 'not ok exit=1' },
		'programs end with 0, 4 and 1';
	like $log, qr/^# timeout set to $timeout$/m, 'the timeout is that of settings';
	my %record = map { $_->{cell} => $_ } recorded('nsconform');
	my %skipped = map { $_->{scenario} eq 'tests.skips.no-such-option' ? ($_->{cell} => 1) : () } values %record;
	is_deeply printed($log), { map { $skipped{$_} ? () : ($_ => $record{$_}{verdict}) } keys %record },
		'each cell has a line, but where all of a suite skips';
	like $log, qr/^# 1\.\.0 # SKIP \S/m, '... whose reason is one line';
	my @before = $log =~ /^# ok .*\n((?:# # .*\n)*)# ok /mg;
	is_deeply [grep { length } @before], [], 'of what passes there is only that';
	my @parts = map { s{.*/(.*)\.json$}{$1}r } glob "$tree/nsconform/output/nsconform/parts/*.json";
	is_deeply \@parts, [qw(tests.plain tests.skips tests.verdicts)], 'they are parts of one record';
	is((run_command($nsconform_test, 'summary', "$tree/nsconform/output/nsconform"))[2], 1, '... with a summary');

	# Who reads it: the programs and cells that there are, and if one line were another one that.
	my @programs = qw(tests.plain tests.skips tests.verdicts);
	is_deeply [misread('nsconform', $log, \@programs, [values %record], $source)], [], 'LKFT, NIPA and kunit.py have programs and cells';
	my @misread = misread('nsconform', $log =~ s/^# ok (?=\d+ tests\.verdicts\.passes\b)/# not ok /mr, \@programs, [values %record], $source);
	is_deeply [map { s/:.*//r } @misread], [qw(LKFT NIPA), system('command -v python3 >/dev/null') ? () : 'kunit.py'], '... each of them'
		or diag @misread;
	@misread = misread('nsconform', $log =~ s/^ok (?=\d+ selftests: nsconform: tests\.plain$)/not ok /mr, \@programs, [values %record]);
	is_deeply [map { s/:.*//r } @misread], ['run_kselftest.sh', 'LKFT'], '... and those of programs';

	# Again: another record, and the first one stays.
	run_tests('-t', 'nsconform:tests.skips', '-t', 'nsconform:tests.plain');
	is_deeply [sort map { $_->{scenario} } recorded('nsconform')], ['tests.plain.passes', 'tests.skips.no-such-option'], 'another run has another record';
	is scalar(() = glob "$tree/nsconform/output/nsconform.*/parts/tests.plain.json"), 2, '... beside the first one';
	{
		local $ENV{NSCONFORM_OUTPUT} = "$dir/elsewhere";
		$log = run_tests('-c', 'nsconform-no-such-program');
		is_deeply outcomes('nsconform-no-such-program', $log), { map { ("tests.$_" => 'ok SKIP') } qw(hangs plain skips verdicts) }, 'a runtime that is not installed is a skip';
		is_deeply [map { decode_json(slurp($_))->{runtime} } glob "$dir/elsewhere/nsconform-no-such-program/parts/*.json"], [('no-such-program') x 4],
			'NSCONFORM_OUTPUT has the records, which name the runtime';
	}

	# What does not end is ended in order: what was seen is printed and kept.
	$log = run_tests('-o', 3, '-t', 'nsconform:tests.hangs');
	is_deeply outcomes('nsconform', $log), { 'tests.hangs' => 'not ok TIMEOUT 3 seconds' }, 'the timeout is obeyed';
	like $log, qr/^# Bail out! /m, '... and said by the suite';

	# Shards: of the scenarios, or of the suites as LKFT's script does it.
	my %whole = map { $_ => $record{$_}{verdict} } grep { /^tests\.verdicts\./ } keys %record;
	local @ENV{qw(SHARD_NUMBER SHARD_INDEX)} = (2, 1);
	my @shards = map { $ENV{SHARD_INDEX} = $_; printed(run_tests('-t', 'nsconform:tests.verdicts')) } 1, 2;
	is_deeply { map { %$_ } @shards }, \%whole, 'SHARD_NUMBER and SHARD_INDEX: the parts are the whole';
	is scalar(map { keys %$_ } @shards), scalar(keys %whole), '... and nothing is in two';
	my @ends = sort map { $ENV{SHARD_INDEX} = $_; outcomes('nsconform', run_tests('-t', 'nsconform:tests.plain'))->{'tests.plain'} } 1, 2;
	is_deeply \@ends, ['ok', 'ok SKIP'], 'a suite without a cell in that part is a skip';
	spew("$tree/shardfile", '');
	is_deeply [map { $ENV{SHARD_INDEX} = $_; outcomes('nsconform', run_tests('-t', 'nsconform:tests.plain'))->{'tests.plain'} } 1, 2], ['ok', 'ok'],
		'... not where the list of suites is a shard';
	unlink "$tree/shardfile";
	delete @ENV{qw(SHARD_NUMBER SHARD_INDEX)};

	# Skip files: a line names the same as in the list, or one of its cells.
	spew("$dir/skips", "# as LKFT writes it\ntimers:posix_timers\nnsconform:tests.plain\nnsconform:tests.verdicts.fails\n");
	local $ENV{KSELFTEST_NSCONFORM_ARGS} = "--skip-file $dir/skips";
	$log = run_tests('-t', 'nsconform:tests.plain', '-t', 'nsconform:tests.verdicts');
	is outcomes('nsconform', $log)->{'tests.plain'}, 'ok SKIP', 'a suite of a skip file is skipped';
	delete $whole{'tests.verdicts.fails'};
	is_deeply printed($log), \%whole, '... and a cell is left out';
	local $ENV{KSELFTEST_TESTS_VERDICTS_ARGS} = '--exclude tests.verdicts.op-breaks';
	delete $whole{'tests.verdicts.op-breaks'};
	is_deeply printed(run_tests('-t', 'nsconform:tests.verdicts')), \%whole, 'options of one suite';
	my %lines = map { $_ => 1 } @list;
	is_deeply [grep { my $name = $_; 1 != grep { /^$name$/ } keys %lines } grep { /^nsconform:/ } @list], [], 'no name of the list is another one as a regular expression';
	done_testing;
}
