#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Selectors add up, options take away, and what names nothing is an error.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd ();
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);

# The scenarios that `list` shows.
sub scenarios {
	my ($out, $err, $status) = run_command($nsconform, 'list', '--json', @_);
	is_deeply [$err, $status], ['', 0], "list @_";
	return $status ? () : @{decode_json($out)};
}

sub ids { return map { $_->{id} } scenarios(@_) }

# The cells that `plan` shows, in order.
my %planned;
sub cells {
	return @{$planned{"@_"}} if $planned{"@_"};
	my ($out, $err, $status) = run_command($nsconform, 'plan', @_);
	is_deeply [$err, $status], ['', 0], "plan @_";
	return @{$planned{"@_"} = [$out =~ /^(?:run |skip)  (\S+)/mg]};
}

sub union { my %seen; return sort grep { !$seen{$_}++ } @_ }

sub refused {
	my ($wanted, @args) = @_;
	my ($out, $err, $status) = run_command($nsconform, 'plan', @args);
	is_deeply [$out, $err, $status], ['', "$wanted\n", 2], "plan @args: one line";
}

my @all = scenarios();
my %of = map { $_->{id} => $_ } @all;

# Each kind alone.
is_deeply [ids('clause:api.setns.*')],
	[map { $_->{id} } grep { grep { /^api\.setns\./ } @{$_->{clauses}} } @all], 'by a glob of clauses';
is_deeply [ids('clause:api.setns')], [ids('clause:api.setns.*')], 'or by the beginning of their names';
is_deeply [ids('tag:smoke')], [ids('@smoke')], 'tag: is @';
my @setns = cells('call:setns');
is_deeply [grep { /^uts\.hostname\.set-is-private\./ } @setns],
	[grep { /\.setns\./ } cells('uts.hostname.set-is-private')], 'by call: of the ways to place actors that of the call alone';
ok scalar(grep { /\.setns\./ } @setns), 'which there are';
ok scalar(grep { !/\.setns\./ } @setns), 'and what makes the call in a step';
is_deeply [ids('call:sethostnam?')], [ids('call:sethostname')], 'a glob of calls';
ok !(grep { !/^(ipc|pid|user)\./ } ids('call:shmget')), 'of those who have to do with it';

# They add up, in any order and mixture; also a path and what is not below it.
for my $mix (['suites/uts', 'pid.create*'], ['suites/runtime', 'uts'], ['tag:cve', 'call:setns', 'suites/time', 'ipc.*'],
	['clause:api.setns.*', '@smoke', 'set-is-private'], ['suites/uts', './suites/uts/hostname.yaml', 'uts'],
	['tests/suites/links.yaml', 'uts']) {
	my @each = map { cells($_) } @$mix;
	my @cells = cells(@$mix);
	is_deeply [sort @cells], [union(@each)], "@$mix: the union";
	is_deeply [sort(cells(reverse @$mix))], [sort @cells], 'in any order';
}
is_deeply [cells('--suites', 'tests/suites/links.yaml')], [cells('tests/suites/links.yaml')], '--suites: everything in it';
is_deeply [cells('--suites', 'suites/ipc', '--suites', 'suites/uts', '@smoke')],
	[grep { /^(uts|ipc)\./ } cells('@smoke')], '--suites: selected from these';
system 'cp', '-r', 'suites/uts', "$dir/uts";
is_deeply [sort(cells("$dir/uts", 'uts', 'ipc'))], [sort(cells('uts', 'ipc'))], 'a tree that is named is in place of ours';

# What is excluded goes.
is_deeply [cells('uts', '--exclude', 'call:setdomainname', '--exclude', '*.control.*')],
	[grep { my $cell = $_; !/\.control\./ && !grep { $_ eq $cell } cells('call:setdomainname') } cells('uts')],
	'--exclude';
spew("$dir/skip", "# a comment\n\n  uts.hostname   # and another\nsuites/ipc\r\nnsconform:\@cve\nmqueue:mq_open_tests\nnet:fib.sh\n");
my %cve = map { $_ => 1 } cells('@cve');
is_deeply [cells('--skip-file', "$dir/skip")],
	[grep { !$cve{$_} && !/^(ipc\.|uts\.hostname\.)/ } cells()], '--skip-file, with lines of LKFT\'s';
is_deeply [cells('--skip-file', "$dir/skip", 'suites/uts')], [grep { !$cve{$_} && !/^uts\.hostname\./ } cells('uts')],
	'whose lines may be about what is not selected';
is_deeply [cells('--no-controls', 'uts', '--exclude', '*.control.*')], [cells('--no-controls', 'uts')],
	'or not planned';

# What a run has recorded.
spew("$dir/cells.jsonl", join '', map { sprintf qq({"cell": "%s", "verdict": "%s", "clauses": []}\n), @$_ }
	['uts.hostname.set-is-private.clone3.root', 'fail'], ['uts.hostname.set-is-private.unshare.root', 'pass'],
	['uts.hostname.set-is-private.setns.root', 'broken'], ['gone.since.root', 'fail']);
my $private = 'uts.hostname.set-is-private';
is_deeply [cells('--last-failed', '--rerun', $dir)], ["$private.clone3.root", "$private.setns.root"], '--last-failed';
is_deeply [cells('--rerun', "$dir:pass")], ["$private.unshare.root"], '--rerun DIR:VERDICT';
is_deeply [sort(cells('--rerun', $dir))], [sort map { "$private.$_.root" } qw(clone3 unshare setns)], '--rerun DIR';
spew("$dir/cells.jsonl", slurp("$dir/cells.jsonl") =~ s/(unshare.root", )/$1"flaky": true, /r);
is_deeply [cells('--rerun', "$dir:flaky")], ["$private.unshare.root"], 'those that are flaky, whatever they ended as';
is_deeply [cells('--rerun', $dir, '*.clone3.*')], ["$private.clone3.root"], 'of the selection';
# That nothing ended so is an answer and no mistake: nothing is done, and no verdict is no success.
sub nothing {
	my ($why, @args) = @_;
	for my $command ('plan', 'list') {
		my ($out, $err, $status) = run_command($nsconform, $command, @args);
		is_deeply [$out =~ s/^# 0 cells: 0 run, 0 skip\n//r, $err, $status], ['', "nsconform: $why\n", 0], "$command @args: nothing";
	}
	my ($out, $err, $status) = run_command($nsconform, 'run', @args);
	is_deeply [$err, $status], ["nsconform: nothing was judged: $why\n", 4], "run @args: nothing was judged";
	like $out, qr/\ATAP version 13\n1\.\.0\n.*^# nothing was judged: \Q$why\E$/ms, 'as the TAP says';
	($out, $err, $status) = run_command($nsconform, 'run', '--part', @args);
	is_deeply [$err, $status], ['', 0], 'a part leaves that to the sum';
	like $out, qr/\ATAP version 13\n1\.\.0 # SKIP \Q$why\E$/m, 'and says why it skips';
}
nothing("no cell of the selection has ended as fail or broken in $dir", '--last-failed', '--rerun', $dir, 'ipc');
nothing("no cell of the selection has ended as skip in $dir", '--rerun', "$dir:skip");
refused("nsconform: no cell of the selection is recorded in $dir", '--rerun', $dir, 'ipc');
mkdir "$dir/$_" or die for qw(green green/results green/results/latest);
spew("$dir/green/results/latest/cells.jsonl", qq({"cell": "uts.hostname.set-is-private.clone3.root", "verdict": "pass", "clauses": []}\n));
{
	my $program = Cwd::abs_path($nsconform);
	local $ENV{NSCONFORM_DATA} = Cwd::getcwd();
	my ($out, $err, $status) = run_command('sh', '-c', 'cd "$1" && "$2" run --last-failed', 'sh', "$dir/green", $program);
	is_deeply [$err, $status], ["nsconform: nothing was judged: no cell of the selection has ended as fail or broken in results/latest\n", 4],
		'--last-failed after a run in which nothing failed';
	spew("$dir/green/results/latest/run.json", '');
	($out, $err, $status) = run_command('sh', '-c', 'cd "$1" && "$2" run --last-failed', 'sh', "$dir/green", $program);
	like $err, qr{^nsconform: results/latest/run\.json: the run has no end: it was killed, or goes on$}m, 'a run that was killed may have come to more';
	is $status, 4, 'and neither is that a success';
	spew("$dir/kernel", 'no kernel');
	spew("$dir/qemu", "#!/bin/sh\nexit 1\n");
	chmod 0755, "$dir/qemu";
	($out, $err, $status) = run_command($program, 'vm', '--accel', 'tcg', '--qemu', "$dir/qemu", '--kernel', "$dir/kernel", '--rerun', "$dir:skip");
	is_deeply [$err, $status], ["nsconform: nothing was judged: no cell of the selection has ended as skip in $dir\n", 4], 'vm: no machine is started for it';
}
refused("nsconform: --rerun takes a verdict after $dir:, one of pass, fail, skip, known, xpass, broken, flaky, not fial, did you mean fail?",
	'--rerun', "$dir:fial");
refused("nsconform: --last-failed does not go with a verdict, as --rerun $dir:skip has one",
	'--last-failed', '--rerun', "$dir:skip");
refused("$dir/absent/cells.jsonl: No such file or directory", '--rerun', "$dir/absent");

# Parts: all of it, nothing twice, whole scenarios, whatever else is there.
my @parts = map { [cells('--shard', "$_/3")] } 1 .. 3;
is_deeply [sort map { @$_ } @parts], [sort(cells())], '--shard: the parts are the whole';
cmp_ok scalar(@$_), '>', @{[cells()]} / 6, 'each has its share' for @parts;
my @ids = map { [ids('--shard', "$_/3")] } 1 .. 3;
is scalar(map { @$_ } @ids), scalar(@all), 'no scenario is in two';
my %second = map { $_ => 1 } @{$ids[1]};
is_deeply [ids('--shard', '2/3', 'suites/uts', 'ipc')], [grep { $second{$_} } ids('suites/uts', 'ipc')],
	'a scenario stays in its part whatever else is selected';
{
	local @ENV{qw(SHARD_NUMBER SHARD_INDEX JOB_COMPLETION_INDEX)} = (3, 2, 0);
	is_deeply [ids()], $ids[1], 'SHARD_NUMBER and SHARD_INDEX, as LKFT sets them';
	is_deeply [ids('--shard', '1/3')], $ids[0], '--shard goes before them';
	$ENV{SHARD_INDEX} = 4;
	my $takes = 'nsconform: SHARD_NUMBER takes how many parts there are, and SHARD_INDEX which one this is, from 1, or JOB_COMPLETION_INDEX, from 0';
	refused($takes);
	@ENV{qw(SHARD_NUMBER SHARD_INDEX)} = (1, 1);
	is scalar(ids()), scalar(@all), 'one part is everything';
	delete $ENV{SHARD_INDEX};
	@ENV{qw(SHARD_NUMBER JOB_COMPLETION_INDEX)} = (3, 1);
	is_deeply [ids()], $ids[1], 'JOB_COMPLETION_INDEX, as Kubernetes sets it';
	$ENV{JOB_COMPLETION_INDEX} = $_ and refused($takes) for qw(3 -1 x);
	delete $ENV{JOB_COMPLETION_INDEX};
	refused($takes);
	$ENV{JOB_COMPLETION_INDEX} = 'x';
	delete $ENV{SHARD_NUMBER};
	is scalar(ids()), scalar(@all), '... which is no part where there are none';
}
is_deeply [ids('--shard', '1/999999', 'uts.hostname.set-is-private')], [], 'a part may have nothing';
is((run_command($nsconform, 'run', '--shard', '1/999999', 'uts.hostname.set-is-private'))[2], 4, 'which judges nothing');
{
	my ($out, $err, $status) = run_command($nsconform, 'run', '--part', '--fail-on', 'skip', '--shard', '1/999999', 'uts.hostname.set-is-private');
	is_deeply [$err, $status], ['', 0], 'as a part of a run it is fine';
	like $out, qr/\ATAP version 13\n1\.\.0 # SKIP this part of the shards has no cell\n/, 'and one line';
}
for my $bad ('0/3', '4/3', '1', '1/3x', 'a/b', '-1/3') {
	my ($out, $err, $status) = run_command($nsconform, 'plan', "--shard=$bad");
	is $status, 2, "--shard $bad";
	like $err, qr{^nsconform: --shard takes the number of a part and of all parts, such as 2/4, not \Q$bad\E$}m, 'says why';
}

# One variant of each row: one that runs where there is one.
my ($plan) = run_command($nsconform, 'plan', '--no-controls', 'uts', 'pid', 'mnt', 'net', 'api');
my ($quick) = run_command($nsconform, 'plan', '--quick', '--no-controls', 'uts', 'pid', 'mnt', 'net', 'api');
# A scenario whose rows are called as ways are is left out.
sub row_of { return $_[0] =~ s{(?:\.(?:clone3|unshare|setns))?(?:\.(?:root|user))?$}{}r }
my %runs = map { row_of($_) => 1 } $plan =~ /^run   (\S+)/mg;
my @chosen = grep { !/^pid\.limits\.depth-is-bounded/ } $quick =~ /^(?:run |skip)  (\S+)/mg;
my %all = map { row_of($_) => 1 } grep { !/^pid\.limits\.depth-is-bounded/ } $plan =~ /^(?:run |skip)  (\S+)/mg;
is_deeply [sort map { row_of($_) } @chosen], [sort keys %all], '--quick has each row once';
is_deeply [grep { $runs{row_of($_)} } $quick =~ /^skip  (\S+)/mg], [], '--quick skips nothing of which a variant runs';

# What a selection covers.
sub covered {
	my ($out, $err, $status) = run_command($nsconform, 'coverage', '--json', @_);
	is_deeply [$err, $status], ['', 0], "coverage @_";
	my %covered = map { $_->{family} => $_->{covered} } @{decode_json($out)};
	return {map { $_ => $covered{$_} } grep { $covered{$_} } keys %covered};
}

# The same by what the scenarios of a list say.
sub clauses_of {
	my %seen = map { $_ => 1 } map { @{$of{$_}{clauses}} } @_;
	my %n;
	$n{(split /\./)[0]}++ for keys %seen;
	return \%n;
}
for (['--select', 'uts', '--select', 'call:setns'], ['--exclude', 'pid', '--exclude', 'clause:api'], ['--shard', '2/3'],
	['--select', 'suites/uts', '--exclude', 'uts.hostname']) {
	my @list = map { $_ eq '--select' ? () : $_ } @$_;
	is_deeply covered(@$_), clauses_of(ids(@list)), 'counts what these scenarios are about';
}
is_deeply covered('--quick'), covered(), 'one variant covers what all of them do';
like((run_command($nsconform, 'coverage', '--select', 'nosuch'))[1], qr/nosuch selects nothing/, 'coverage of nothing');

# What names nothing.
refused('nsconform: uts.hostnam selects nothing, did you mean uts.hostname?', 'uts.hostnam', 'ipc');
refused('nsconform: call:setnss selects nothing, did you mean call:setns?', 'call:setnss');
refused('nsconform: clause:api.quite-another-call.* selects nothing', 'clause:api.quite-another-call.*', 'ipc');
refused('klause:api: selectors do not begin with klause:, did you mean clause:?', 'klause:api');
refused('nonsense:api: selectors do not begin with nonsense:', 'nonsense:api');
refused('tag:smok: expected a tag, one of smoke, slow, cve, did you mean smoke?', 'tag:smok');
my %expected = ('call:' => 'the name of a system call or a glob, as call:setns', 'tag:' => 'a tag, as tag:smoke', '@' => 'a tag, as @smoke',
	'clause:' => 'the id of a clause, its beginning or a glob, as clause:api.setns.*');
refused("'$_': expected $expected{$_}", $_) for sort keys %expected;
refused("'': expected a selector: clause:NAME, call:NAME, tag:NAME, \@NAME, PATH or ID", @$_) for [''], ['uts', ''], ['uts', '--exclude', ''];
refused("'': no such file or directory", '--suites', '', 'uts');
spew("$dir/skip", "call:\n");
refused("$dir/skip:1:1: expected $expected{'call:'}", 'uts', '--skip-file', "$dir/skip");
refused('nsconform: suites/clauses selects nothing', 'suites/clauses', 'uts');
refused('suites/nowhere: no such file or directory', 'suites/nowhere', 'uts');
refused('suites/nowhere: no such file or directory', '--suites', 'suites/nowhere', 'uts');
refused('nsconform: nosuch selects nothing', 'uts', '--exclude', 'nosuch');
refused('nsconform: everything that is selected is excluded, too', 'uts', '--exclude', 'uts');
{
	my ($out, $err, $status) = run_command($nsconform, 'run', '--part', 'uts', '--exclude', 'uts');
	is_deeply [$err, $status], ['', 0], '... but a part of a run may be';
	like $out, qr/\A.*\n1\.\.0 # SKIP everything that is selected is excluded, too\n/, '... and says so';
}
spew("$dir/skip", "# one\nuts.hostnam\n");
refused("nsconform: $dir/skip:2: uts.hostnam selects nothing, did you mean uts.hostname?", 'uts', '--skip-file', "$dir/skip");
spew("$dir/skip", "klause:api.setns\n");
refused("$dir/skip:1:1: selectors do not begin with klause:, did you mean clause:?",
	'uts', '--skip-file', "$dir/skip");
refused("$dir/none: No such file or directory", '--skip-file', "$dir/none");
spew("$dir/skip", "uts.hostname\0\npid\n");
refused("$dir/skip: has a NUL", 'uts', '--skip-file', "$dir/skip");
spew("$dir/skip", "\xef\xbb\xbfuts.hostname\n");
is_deeply [cells('--skip-file', "$dir/skip", 'uts')], [grep { !/^uts\.hostname\./ } cells('uts')], '--skip-file with a byte order mark';

# Of a dotted name one file has all that it can mean, and of a family its directory, so no other is read: one
# that is broken is not seen.
for my $file (glob 'suites/*/*.yaml') {
	my ($name) = slurp($file) =~ /^suite: +(\S+)/m or next;
	is "suites/$name.yaml", $file, 'a suite is named by its path' if $file !~ m{^suites/clauses/};
}
my %family = map { m{([^/]+)/\z} => 1 } glob 'suites/*/';
is_deeply [grep { $family{ $_->{id} =~ s/.*\.//r } } @all], [], 'no scenario has the name of a family';
system('cp', '-r', 'suites', "$dir/suites");
spew("$dir/suites/uts/broken.yaml", "suite: uts/broken\n");
{
	local $ENV{NSCONFORM_DATA} = $dir;
	is_deeply [ids('uts.hostname.set-is-private')], ['uts.hostname.set-is-private'], 'a scenario alone';
	for my $family ('ipc', 'runtime') {
		is_deeply [ids($family)], [grep { /^$family\./ } map { $_->{id} } @all], "the directory for $family";
	}
	is_deeply [ids('uts.hostname.set*')], [grep { /^uts\.hostname\.set/ } map { $_->{id} } @all], 'the file for a glob';
	like((run_command($nsconform, 'list', $_))[1], qr{/uts/broken.yaml:}, "all files that may have $_")
		for 'uts', 'uts.*', 'uts.hostname*', 'set-is-private', 'call:setns', 'uts.nosuch.set-is-private', 'u*', 'clauses';
}

# The other commands take the same.
like((run_command($nsconform, 'validate', 'suites/uts', 'pid.create*'))[0], qr/^\d+ suites, \d+ scenarios: valid$/, 'validate');
is((run_command($nsconform, 'validate', 'nosuch'))[2], 2, 'validate: nothing selected');
for my $command ('explain', 'kconfig') {
	my ($out, $err, $status) = run_command($nsconform, $command, 'suites/uts', 'clause:api.setns.*', '--exclude', 'uts.hostname');
	is_deeply [$err, $status], ['', 0], $command;
}
like((run_command($nsconform, 'help', $_))[0], qr/^  call:NAME /m, "help $_ says which selectors there are")
	for qw(run vm plan list explain validate doctor kconfig);

# As a mistyped path may lead to all files of a machine, there is a limit.
{
	my $many = "$dir/many";
	mkdir $many or die "$many: $!";
	open my $f, '>', "$many/0" or die "$many/0: $!";
	close $f;
	for (1 .. 20002) {
		link "$many/0", "$many/$_.yaml" or die "$many/$_.yaml: $!";
	}
	my ($out, $err, $status) = run_command($nsconform, 'plan', $many);
	is_deeply [$out, $status], ['', 2], 'more files than anybody means';
	is scalar(() = $err =~ m{^\Q$many\E/\d+\.yaml: is one more than 20000 files$}mg), 1, 'said of one';
}

# make check RUN=... is one run, whatever stands in it.
{
	local @ENV{qw(NSCONFORM OPTIONS)} = ($nsconform, '');
	my ($part, $said, $ended) = run_command('tools/check-part', "uts.hostname suites/uts/hostname.yaml --exclude 'uts.hostname.*user*'");
	is $ended, 0, 'RUN: selectors and options' or diag $said;
	like $part, qr/^1\.\.6$/m, 'are about one run';
	my ($make) = run_command('make', '-n', 'check', 'RUN=uts pid --last-failed');
	like $make, qr/OPTIONS="--rerun \$last" .*tools\/check-part.*"uts pid --last-failed"/s, 'of which the last one is that before it';
	($make) = run_command('make', '-n', 'check', 'RUN=--last-failed --rerun=x');
	unlike $make, qr/\$last"/, 'unless another is named';
}
done_testing;
