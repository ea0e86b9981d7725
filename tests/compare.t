#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Two runs compared: each class of changes with a case and a twin that is none, what explains them, what
# decides the exit status, baselines, and --baseline of a run.
use strict;
use warnings;
use lib 'tests/lib';
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IO::Compress::Gzip qw(gzip);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->canonical;

# A run: what its record has beside what each has, and its cells.
sub results {
	my ($name, $run, @cells) = @_;
	make_path("$dir/$name");
	spew("$dir/$name/run.json", $json->encode({
		nsconform_results => 1, run => $name, state => 'complete', version => '0.1', command => ['run'],
		selection => [], plan_cells => scalar @cells, plan_sha256 => '0' x 64, kernel => '6.1.0',
		kernel_version => '#1', started => '2026-01-31T12:00:00Z', %$run,
	}) . "\n");
	spew("$dir/$name/cells.jsonl", join '', map {
		my ($scenario) = $_->{cell} =~ /^(\w+\.\w+\.[\w-]+)/;
		$json->encode({
			run => $name, scenario => $scenario, kind => 'cell', attempt => 1, clauses => [], at => 'a.yaml:1',
			again => "nsconform run $_->{cell}", %$_,
		}) . "\n";
	} @cells);
	return "$dir/$name";
}

sub compare {
	my ($base, $new, @options) = @_;
	return run_command($nsconform, 'compare', @options, "$dir/$base", "$dir/$new");
}

sub compared {
	my ($out, $err, $status) = compare(@_, '--json');
	my $result = eval { decode_json($out) } or diag "$err$out";
	return ($result, $status);
}

my %fail = (verdict => 'fail', message => 'the expectation was not met', actor => 'a', op => 'mnt.bind',
	field => 'errno', expected => 'EINVAL', seen => '0');
my %known = (%fail, verdict => 'known', issue => 'teardown-uncovers', reference => 'a test');
my %skip = (verdict => 'skip', reason => 'lacks CONFIG_IP_SCTP', message => 'not set in /proc/config.gz', attempt => 0);
my %broken = (verdict => 'broken', message => 'no worker');
my %pass = (verdict => 'pass');
my %xpass = (verdict => 'xpass', issue => 'teardown-uncovers');
my %flaky = (attempt => 2, flaky => JSON::PP::true);
my %late = (attempt => 2, tried_again => 'no answer before the deadline');

# What a cell was, what it is, the class, and whether it is a regression. No class: nothing to tell.
my @cases = (
	[\%pass, \%fail, 'failing', 1], [\%skip, \%fail, 'failing', 1], [\%known, \%fail, 'failing', 1],
	[\%broken, \%fail, 'failing', 1], [undef, \%fail, 'failing', 1], [\%fail, \%fail, undef],
	[\%pass, \%broken, 'broken', 1], [\%fail, \%broken, 'broken', 1], [undef, \%broken, 'broken', 1],
	[\%broken, \%broken, undef],
	[\%fail, \%pass, 'fixed', 0], [\%known, \%pass, 'fixed', 0], [\%broken, \%pass, 'fixed', 0],
	[\%pass, \%pass, undef],
	[\%known, \%xpass, 'unexpected-pass', 0], [\%pass, \%xpass, 'unexpected-pass', 0],
	[\%xpass, \%xpass, undef], [\%xpass, \%pass, undef],
	[\%pass, \%known, 'known', 0], [\%broken, \%known, 'known', 0], [\%fail, \%known, 'listed', 0], [\%known, \%known, undef],
	[\%pass, \%skip, 'skipped', 0], [\%fail, \%skip, 'skipped', 0], [\%skip, \%skip, undef],
	[\%skip, \%pass, 'judged', 0],
	[undef, \%pass, 'new', 0], [undef, \%skip, 'new', 0], [undef, \%known, 'new', 0],
	[\%pass, undef, 'gone', 0], [\%fail, undef, 'gone', 0],
	[\%pass, { %pass, %late }, 'flaky', 0], [{ %pass, %late }, \%pass, undef],
	[{ %pass, %late }, { %pass, %late }, 'flaky', 0],
	[{ %pass, %flaky }, { %fail, %flaky }, 'flaky', 0], [{ %fail, %flaky }, { %pass, %flaky }, 'flaky', 0],
	[{ %pass, %flaky }, { %broken, %flaky }, 'flaky', 0], [{ %fail, %flaky }, { %fail, %flaky }, 'flaky', 0],
	[\%fail, { %pass, %flaky }, 'flaky', 0], [\%skip, { %pass, %flaky }, 'flaky', 0],
	[{ %pass, %flaky }, \%fail, 'failing', 1], [\%pass, { %fail, %flaky }, 'failing', 1],
	# A warning of the kernel, or its death, is no chance.
	[{ %pass, %flaky }, { %fail, %flaky, own_log => ['WARNING: CPU: 0'] }, 'failing', 1],
	[{ %pass, %flaky }, { %broken, %flaky, console => 'console.1' }, 'broken', 1],
	[{ %fail, %flaky }, \%pass, 'fixed', 0], [{ %pass, %flaky }, \%pass, undef],
	# What attempts of BASE have given is nothing new: known now and then, or failing before it was listed.
	[{ %xpass, %flaky, attempts => [{ attempt => 1, verdict => 'known' }] }, \%known, 'flaky', 0],
	[{ %known, %flaky, attempts => [{ attempt => 1, verdict => 'xpass' }] }, \%xpass, 'flaky', 0],
	[{ %pass, %flaky, attempts => [{ attempt => 1, verdict => 'fail' }] }, \%known, 'listed', 0],
	[{ %pass, %flaky, attempts => [{ attempt => 1, verdict => 'broken' }] }, \%known, 'known', 0],
	[\%fail, { %fail, seen => 'EPERM' }, 'evidence', 0], [\%fail, { %fail, message => 'the box is gone' }, 'evidence', 0],
	[\%known, { %known, issue => 'another' }, 'evidence', 0], [\%known, { %known, seen => 'EPERM' }, undef],
	[\%skip, { %skip, reason => 'cannot: not root' }, 'evidence', 0],
	[\%skip, { %skip, message => 'not set in /boot/config' }, undef],
	[\%fail, { %fail, at => 'a.yaml:2', took_ns => 5 }, undef],
);
my $n = 0;
for my $case (@cases) {
	my ($base, $new, $class, $regression) = @$case;
	my $what = join ' to ', map { $_ ? $_->{verdict} : 'nothing' } $base, $new;
	my $cell = 'uts.x.y' . $n++ . '.root';

	# Beside a cell that both have judged.
	results('base', {}, { cell => 'uts.x.same.root', %pass }, $base ? { cell => $cell, %$base } : ());
	results('new', {}, { cell => 'uts.x.same.root', %pass }, $new ? { cell => $cell, %$new } : ());
	my ($result, $status) = compared('base', 'new');
	my @changes = @{ $result->{changes} };
	is join(' ', map { "$_->{cell} $_->{change}" } @changes), $class ? "$cell $class" : '', "$what: " . ($class // 'nothing to tell');
	is $result->{regressions}, $regression ? 1 : 0, "$what: regressions";
	is $status, $regression ? 1 : 0, "$what: exit status";
	is $result->{counts}{$class}, 1, "$what: counted" if $class;
	my ($out) = compare('base', 'new');
	like $out, $class ? qr/^\Q@{[ $class eq 'new' || $class eq 'gone' ? 'Only in' : '' ]}\E.*: 1 cell$/m : qr/\.\nNo regression\.\n\z/, "$what: in words";
	like $out, $regression ? qr/^1 regression\.$/m : qr/^No regression\.$/m, "$what: the last line";
}

# --fail-on makes regressions of what is none by itself.
for my $case ([\%pass, \%skip, 'skip:lacks*', 'skip:cannot*'], [\%pass, \%known, 'known', 'xpass'], [\%known, \%xpass, 'xpass', 'known']) {
	my ($base, $new, $hits, $misses) = @$case;

	results('base', {}, { cell => 'uts.x.same.root', %pass }, { cell => 'uts.x.y.root', %$base });
	results('new', {}, { cell => 'uts.x.same.root', %pass }, { cell => 'uts.x.y.root', %$new });
	is((compare('base', 'new', '--fail-on', $hits))[2], 1, "--fail-on $hits");
	is((compare('base', 'new', '--fail-on', $misses))[2], 0, "--fail-on $misses is about something else");
	is((compare('new', 'new', '--fail-on', $hits))[2], 0, "--fail-on $hits: not what BASE has, too");
}
results('base', {}, { cell => 'uts.x.same.root', %pass }, { cell => 'uts.x.y.root', %fail });
results('new', {}, { cell => 'uts.x.same.root', %pass }, { cell => 'uts.x.y.root', %known });
my ($told, undef, $ended) = compare('base', 'new', '--fail-on', 'known');
is $ended, 0, '--fail-on known: what failed before it was listed is no regression';
like $told, qr/^Failing as in BASE, now by a known issue: 1 cell$/m, 'nor a new failure';
unlike $told, qr/Newly failing/, 'of which there is none';

# Partial runs: what both ran, and how many only one did.
results('all', {}, map { { cell => "uts.x.y.$_", %pass } } 'a' .. 'f');
results('some', {}, map { { cell => "uts.x.y.$_", %pass } } 'e' .. 'h');
my ($out, $err, $status) = compare('all', 'some');
is $status, 0, 'partial runs';
like $out, qr/^Both have 2 cells, of which 2 are alike; only BASE has 4, only NEW 2\.$/m, 'how many both have, and one of them';
results('others', {}, { cell => 'pid.x.y.a', %pass });
($out, $err, $status) = compare('all', 'others');
is $status, 4, 'nothing that both ran';
is((compared('all', 'others'))[0]{conclusion}, 'Nothing to compare: no cell was judged in both.', 'as JSON has it, too');
like $out, qr/^Nothing to compare: no cell was judged in both\.\n\z/m, 'is said';
unlike $out, qr/No regression/, 'and is none of "No regression."';
results('skips', {}, { cell => 'uts.x.y.a', %skip });
is((compare('skips', 'all'))[2], 4, 'nothing that both judged');

# A run without an end.
for my $state ([running => 'it was killed, or goes on'], [interrupted => 'it was interrupted']) {
	results('cut', { state => $state->[0], plan_cells => 6 }, map { { cell => "uts.x.y.$_", %pass } } 'a' .. 'c');
	($out, $err, $status) = compare('all', 'cut');
	is $status, 3, "NEW is $state->[0]: no success";
	like $out, qr/^No regression in what there is; what NEW lacks may have failed\.\n\z/m, 'as the last line says';
	like $out, qr/^NEW  cut: Linux 6\.1\.0, 3 cells of 6 \(3 pass\); it has no end: \Q$state->[1]\E$/m, 'and it is said';
	($out, $err, $status) = compare('cut', 'all');
	is $status, 0, 'of BASE only what both have counts';
	like $out, qr/^BASE cut: .*; it has no end: /m, 'and that is said, too';
}
results('cut', { state => 'running' }, { cell => 'uts.x.y.a', %fail });
is((compare('all', 'cut'))[2], 1, 'a regression goes before that');

# Explanations.
sub explained {
	my ($base, $new, $base_run, $new_run) = @_;
	results('base', $base_run // {}, map { { cell => $_, %{ $base->{$_} } } } sort keys %$base);
	results('new', $new_run // {}, map { { cell => $_, %{ $new->{$_} } } } sort keys %$new);
	my ($result) = compared('base', 'new');
	return { map { $_->{cell} => $_->{explanation} } @{ $result->{changes} } };
}
my @kernels = ({ kernel => '6.1.0-49-cloud-amd64', kernel_version => '#1 SMP Debian 6.1.192-1 (2026)' },
	{ kernel => '6.12.117+deb13-cloud-amd64' });
my $cell = 'mnt.join.sharing-forbids-joining-several-at-once.clone3.root';
my $why = explained({ $cell => { %known, issue => 'setns-pidfd-skips-shared-fs-check' } }, { $cell => \%pass }, @kernels);
like $why->{$cell}, qr/^setns-pidfd-skips-shared-fs-check, since Linux 5\.8, fixed in 6\.12\.117 and .*: kernel\/nsproxy\.c /, 'a known issue, with its range';
$why = explained({ $cell => \%pass }, { $cell => \%fail }, @kernels);
like $why->{$cell}, qr/^the known issue setns-pidfd-skips-shared-fs-check is since Linux 5\.8, fixed in 6\.12\.117/, 'an issue that the list has of other releases';
$why = explained({ 'uts.x.y.a' => { %skip, reason => 'lacks Linux 6.9 or later' } }, { 'uts.x.y.a' => \%pass }, @kernels);
is $why->{'uts.x.y.a'}, 'lacks Linux 6.9 or later', 'a release';
$why = explained({ 'uts.x.y.a' => { %skip, reason => 'lacks listmount(2)' } }, { 'uts.x.y.a' => \%pass }, @kernels);
is $why->{'uts.x.y.a'}, 'lacks listmount(2), which is there since Linux 6.8', 'a call';
$why = explained({ 'uts.x.y.a' => \%pass }, { 'uts.x.y.a' => \%skip }, @kernels);
is $why->{'uts.x.y.a'}, 'lacks CONFIG_IP_SCTP', 'a config';
$why = explained({ 'uts.x.y.a' => { %pass, %late } }, { 'uts.x.y.a' => \%fail });
is $why->{'uts.x.y.a'}, 'in BASE it ended well only when it was tried again', 'a flake';
$why = explained({ 'uts.x.y.a' => { %pass, %flaky } }, { 'uts.x.y.a' => \%fail });
is $why->{'uts.x.y.a'}, 'its attempts differ in BASE', 'attempts that differ';
$why = explained({ 'uts.x.y.a' => { %pass, %flaky } }, { 'uts.x.y.a' => { %fail, %flaky } });
is $why->{'uts.x.y.a'}, 'its attempts differ in both', 'in both';
$why = explained({ 'uts.x.y.a' => \%known }, { 'uts.x.y.a' => \%fail });
is $why->{'uts.x.y.a'}, 'in BASE it failed by the known issue teardown-uncovers', 'what was listed, and is not any more';
my ($plan) = run_command($nsconform, 'plan', 'call:statmount');
my ($statmount) = $plan =~ /^\S+\s+(\S+)/m;
SKIP: {
	skip 'no scenario makes that call', 2 unless $statmount;
	$why = explained({ $statmount => \%fail }, { $statmount => \%pass }, @kernels);
	like $why->{$statmount}, qr/Linux 6\.\d+/, 'what the suites say of releases between the two';
	$why = explained({ $statmount => \%fail }, { $statmount => \%pass }, $kernels[1], $kernels[1]);
	is $why->{$statmount}, undef, 'between a kernel and itself there are none';
}
($out) = compare('base', 'new');
$why = explained({ 'uts.x.y.a' => \%pass }, { 'uts.x.y.a' => \%pass }, { version => '0.1', uid => 0 }, { version => '0.2', uid => 0 });
($out) = compare('base', 'new');
like $out, qr/^They differ in the version of nsconform \(0\.1 and 0\.2\)\.$/m, 'what else is another';

# Groups: a line for cells that changed alike, and all of them with --all.
results('base', {}, { cell => 'uts.x.same.root', %pass }, map { { cell => "uts.x.s$_.root", %skip } } 1 .. 40);
results('new', {}, { cell => 'uts.x.same.root', %pass }, map { { cell => "uts.x.s$_.root", %pass } } 1 .. 40);
($out) = compare('base', 'new');
like $out, qr/^  lacks CONFIG_IP_SCTP: 40 cells of 40 scenarios\n      uts\.x\.s1, uts\.x\.s10, uts\.x\.s11 and 37 more$/m, 'one reason is one entry';
($out) = compare('base', 'new', '--all');
is scalar(() = $out =~ /^  uts\.x\.s\d+\.root: skip \(lacks CONFIG_IP_SCTP: not set in \/proc\/config\.gz\), now pass: lacks CONFIG_IP_SCTP$/mg), 40, '--all: a line for each cell';
results('new', {}, { cell => 'uts.x.same.root', %pass }, map { { cell => "uts.x.s$_.root", %fail } } 1 .. 40);
($out) = compare('base', 'new');
like $out, qr/^  and 34 cells more: compare --all shows them$/m, 'the rest is counted';
cmp_ok scalar(() = $out =~ /\n/g), '<', 40, 'it fits on a screen';
results('new', {}, { cell => 'uts.x.same.root', %pass }, { cell => 'uts.x.s1.root', %fail, seen => "no\nnot ok 1\n" });
($out) = compare('base', 'new');
unlike $out, qr/^not ok/m, 'what a kernel says stays in its line';

# Time: of scenarios, by the pace of the whole run.
sub timed {
	my ($name, $slow, $factor) = @_;
	results($name, {}, map {
		my $s = $_;
		map { { cell => "uts.x.s$s.v$_", %pass, took_ns => int(1e6 * (20 + $s) * $factor * ($slow->{$s} // sub { 1 })->($_)) } } 1 .. 8;
	} 1 .. 20);
}
timed('base', {}, 1);
my @slowness = (
	['as before', {}, 1, ''], ['all of it ten times as slow', {}, 10, ''],
	['one cell of a scenario', { 3 => sub { $_[0] == 5 ? 100 : 1 } }, 1, ''],
	['a scenario', { 3 => sub { 6 } }, 1, 'uts.x.s3'],
	['a scenario of a slow run', { 3 => sub { 6 } }, 10, 'uts.x.s3'],
	['faster', { 3 => sub { 0.1 } }, 1, ''],
	['twice as slow', { 3 => sub { 2 } }, 1, ''],
);
for my $case (@slowness) {
	my ($what, $slow, $factor, $expected) = @$case;
	timed('new', $slow, $factor);
	my ($result, $status) = compared('base', 'new');
	is join(' ', map { $_->{scenario} } @{ $result->{slower}{scenarios} }), $expected, "time: $what";
	is $status, 0, "time: $what: never a regression";
}
# Where all scenarios stray by a factor of 2, one of 6 is one of them.
timed('new', { 3 => sub { 6 }, map { $_ => $_ % 2 ? sub { 2 } : sub { 0.5 } } 4 .. 20 }, 1);
is scalar(@{ (compared('base', 'new'))[0]{slower}{scenarios} }), 0, 'time: what strays no more than others do';
timed('base', {}, 0.01);
timed('new', { 3 => sub { 6 } }, 0.01);
is scalar(@{ (compared('base', 'new'))[0]{slower}{scenarios} }), 0, 'time: a few milliseconds are nothing';

# Baselines: one file, plain or compressed, or its name.
results('base', { %{ $kernels[1] }, command => ['run', '--output', 'x'] }, { cell => 'uts.x.y.a', %pass, took_ns => 5 }, { cell => 'uts.x.y.b', %fail }, { cell => 'uts.x.y.c', %skip });
my ($baseline) = run_command($nsconform, 'report', 'baseline', "$dir/base");
unlike $baseline, qr/took_ns|again/, 'a baseline is small';
spew("$dir/baseline", $baseline);
gzip \$baseline => \my $zipped;
spew("$dir/baseline.gz", $zipped);
make_path("$dir/data/results/baseline", "$dir/elsewhere");
spew("$dir/data/results/baseline/mine.jsonl.gz", $zipped);
symlink "$ENV{PWD}/$_", "$dir/data/$_" or die for grep { -e "$ENV{PWD}/$_" } qw(suites fixtures);
{
	local $ENV{NSCONFORM_DATA} = "$dir/data";
	for my $name ("$dir/baseline", "$dir/baseline.gz", 'mine') {
		my ($out, $err, $status) = run_command($nsconform, 'compare', $name, "$dir/base");
		is $status, 0, 'a baseline and its run' or diag $err;
		like $out, qr/^Both have 3 cells, of which 3 are alike\.\nNo regression\.$/m, 'are alike';
		like $out, qr/^BASE .*: Linux 6\.12\.117\+deb13-cloud-amd64, 3 cells/m, 'and it has the kernel';
		($out) = run_command($nsconform, 'summary', $name);
		like $out, qr/^# Totals: pass:1 fail:1 xfail:0 xpass:0 skip:1 error:0/m, 'other commands read it, too';
	}
}
spew("$dir/cut.gz", substr $zipped, 0, length($zipped) - 12);
($out, $err, $status) = run_command($nsconform, 'compare', "$dir/cut.gz", "$dir/base");
is $status, 2, 'a file that was cut short is refused';
like $err, qr/cut\.gz: cannot be read to its end/, 'and it is said why';
($out, $err, $status) = run_command($nsconform, 'compare', "$dir/base", "$dir/none");
is $status, 2, 'no such results';
($out, $err, $status) = run_command($nsconform, 'compare', '6.13-cloud', "$dir/base");
is $status, 2, 'no such baseline';
like $err, qr{^6\.13-cloud: there is no such directory or file, and no baseline of that name: \S*results/baseline/6\.13-cloud\.jsonl\.gz$}m, 'and where it would be';
my @operands = ([[], 'and none is given'], [["$dir/base"], 'and only 1 is given'], [[("$dir/base") x 3], "only, and $dir/base is one more"]);
for (@operands) {
	my ($few, $says) = @$_;
	($out, $err, $status) = run_command($nsconform, 'compare', @$few);
	is $status, 2, @$few . ' operands';
	like $err, qr/^nsconform: compare takes 2 RESULTS.*\Q$says\E$/m, 'and what is wrong with that';
}

# What is no result, and what is left of one.
spew("$dir/empty", '');
gzip \'' => \my $nothing;
spew("$dir/empty.gz", $nothing);
spew("$dir/text", "# A file.\n\nOf text.\n");
make_path("$dir/hollow", "$dir/garbled");
spew("$dir/hollow/cells.jsonl", '');
spew("$dir/garbled/$_", slurp("$dir/base/$_")) for 'cells.jsonl';
spew("$dir/garbled/run.json", "# nothing\n");
my %refused = (
	'empty' => 'is empty, and no results', 'empty.gz' => 'is empty, and no results',
	'text' => '1:1: expected the record of a run, as `nsconform report baseline` writes it',
	'hollow' => 'has no results: there are no cells, and no run.json', 'garbled/run.json' => "1:1: not a run's record",
);
for my $file (sort keys %refused) {
	($out, $err, $status) = run_command($nsconform, 'compare', "$dir/" . $file =~ s{/.*}{}r, "$dir/base");
	is $status, 2, "$file is refused";
	like $err, qr/^\Q$dir\E\/\Q$file\E: ?\Q$refused{$file}\E\n\z/, 'in one line, which says why';
	is $out, '', 'and nothing is compared';
}
make_path("$dir/cut");
unlink "$dir/cut/run.json";
spew("$dir/cut/cells.jsonl", slurp("$dir/base/cells.jsonl"));
results('root', { %{ $kernels[1] }, uid => 0, privileged => JSON::PP::true }, { cell => 'uts.x.y.a', %pass }, { cell => 'uts.x.y.b', %fail }, { cell => 'uts.x.y.c', %skip });
for my $environment (undef, { kernel => '6.12.1' }, {}) {
	unlink "$dir/cut/environment.json";
	spew("$dir/cut/environment.json", $json->encode($environment)) if $environment;
	($out, $err, $status) = compare('cut', 'root');
	is $status, 0, 'BASE has no run.json' or diag $err;
	like $out, qr/^BASE cut: .*; it has no run\.json, so it is not known what else it ran on, and whether that is all of it$/m, 'is said';
	unlike $out, qr/They differ/, 'and what is not known is no difference';
	is((compare('root', 'cut'))[2], 3, 'NEW has none: what is missing may have failed');
	($out, $err, $status) = run_command($nsconform, 'report', 'baseline', "$dir/cut");
	is "$status$out", 2, 'no baseline is made of it';
	is $err, "$dir/cut: there is no run.json, and baseline has to say what was run\n", 'for that reason';
}
spew("$dir/cut/run.json", '');
($out) = compare('cut', 'root');
unlike $out, qr/They differ/, 'an empty run.json says nothing of what it ran on, either';
like $out, qr/^BASE cut: .*; it has no end: it was killed, or goes on$/m, 'but that the run was killed';
($out) = run_command($nsconform, 'help', 'compare');
like $out, qr/^exit status:\n  0 +no regression.*^  1 +a regression.*^  3 .*^  4 /ms, 'help has the table of exit statuses';

# Boxes have the names of native cells, and are others.
results('kernel', {}, { cell => 'uts.x.y.root', %pass });
results('boxes', { runtime => 'crun' }, { cell => 'uts.x.y.root', %pass });
for (['kernel', 'boxes'], ['boxes', 'kernel']) {
	($out, $err, $status) = compare(@$_);
	is "$status$out", 4, "@$_: nothing to compare";
	like $err, qr/^nsconform: one of them is of a container runtime, /, 'and why';
}
($out, $err, $status) = run_suite(undef, '--baseline', "$dir/boxes");
is "$status$out", 2, '--baseline of a runtime for a run without one';
like $err, qr/^\S+\/boxes: is of crun: boxes are others than what the kernel gives$/m, 'is refused';

# --baseline of a run: what failed there, too, does not fail it.
sub run_suite {
	my ($to, @more) = @_;
	return run_command($nsconform_test, 'run', '-j1', '--time-factor', '10', '--suites', 'tests/suites/verdicts.yaml',
		($to ? ('--output', "$dir/$to") : ()), @more);
}
SKIP: {
skip 'needs root: the cells of this suite are privileged', 1 unless is_root;
my ($tap, undef, $worst) = run_suite('real');
isnt $worst, 0, 'a run in which cells fail and break';
for my $to (undef, 'again') {
	my $how = $to ? 'with --output' : 'without --output';

	($out, $err, $status) = run_suite($to, '--baseline', "$dir/real");
	is $status, 0, "$how: nothing new fails";
	is timeless($out), timeless($tap), "$how: what is printed is as without --baseline";
	like $err, qr/^BASE real: .*^Both have 13 cells, of which 13 are alike\.\nNo regression\.$/ms, "$how: the comparison is on stderr";
}
is decode_json(slurp("$dir/again/run.json"))->{exit_status}, 0, 'and so says the record';
system "$nsconform_test run -j1 --suites tests/suites/verdicts.yaml --baseline $dir/real --output $dir/unread >/dev/null 2>/dev/full";
is $? >> 8, 3, 'a comparison that cannot be written is no success';
is decode_json(slurp("$dir/unread/run.json"))->{exit_status}, 3, 'which the record says, too';
system('rm', '-r', "$dir/unread");
my @records = split /\n/, slurp("$dir/real/cells.jsonl");
for my $verdict ('fail', 'broken') {
	my ($worse) = grep { decode_json($_)->{verdict} eq $verdict } @records or next;
	my $cell = decode_json($worse)->{cell};

	spew("$dir/real/cells.jsonl", join '', map { "$_\n" } map { $_ eq $worse ? s/"verdict": "$verdict"/"verdict": "pass"/r : $_ } @records);
	($out, $err, $status) = run_suite(undef, '--baseline', "$dir/real");
	is $status, $verdict eq 'fail' ? 1 : 3, "what newly ended as $verdict counts";
	like $err, qr/^1 regression\.$/m, 'it alone';
}
}
($out, $err, $status) = run_suite('unread', '--baseline', "$dir/none");
is $status, 2, 'a baseline that is not there';
is $out, '', 'is found out before anything runs';
ok !-e "$dir/unread", 'or is written';
is((run_suite(undef, '--part', '--baseline', "$dir/real"))[2], 2, 'parts are compared when they are together');

done_testing;
