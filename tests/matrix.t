#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Saved runs side by side, the list of kernels, and selections of one variant each.
use strict;
use warnings;
use lib 'tests/lib';
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);

sub results {
	my ($name, $kernel, @cells) = @_;
	make_path("$dir/$name");
	spew("$dir/$name/environment.json", qq({"kernel": "$kernel"}\n)) if $kernel;
	spew("$dir/$name/cells.jsonl", join '', map {
		my ($cell, $verdict, $key, $why) = @$_;
		my ($scenario) = $cell =~ /^(.*)\./;
		my $more = $key ? qq(, "$key": "$why") : '';
		qq({"cell": "$cell", "scenario": "$scenario", "verdict": "$verdict", "clauses": []$more}\n);
	} @cells);
}

results('old', '6.1.0', ['net.a.b.clone3', 'pass'], ['net.a.b.setns', 'skip', 'reason', 'needs Linux 6.9 or later'],
	['uts.x.y.root', 'pass'], ['uts.x.y.user', 'known', 'reason', 'some-issue']);
results('new', '', ['net.a.b.clone3', 'pass'], ['net.a.b.setns', 'pass'],
	['uts.x.y.root', 'fail', 'message', 'the expectation was not met'], ['uts.x.y.user', 'pass'],
	['uts.x.z.root', 'broken', 'message', 'no worker']);

my ($out, $err, $status) = run_command($nsconform, 'matrix', "$dir/old", "$dir/new/");
is $status, 1, 'two runs, and a regression: exit status' or diag $err;
like $out, qr/^# old: 6\.1\.0$/m, 'the kernels are named';
like $out, qr/^net +1\/0\/0\/0\/1\/0 +2\/0\/0\/0\/0\/0$/m, 'counts by family';
like $out, qr/^uts +1\/0\/1\/0\/0\/0 +1\/1\/0\/0\/0\/1$/m, 'every kind of verdict';
like $out, qr/^all +2\/0\/1\/0\/1\/0 +3\/1\/0\/0\/0\/1$/m, 'and their sum';
my ($compared, undef, $ended) = run_command($nsconform, 'compare', "$dir/old", "$dir/new/");
is $ended, $status, 'compare ends so, too';
is substr($out, -length "\n$compared"), "\n$compared", 'and what it says stands below the counts, word for word';
like $compared, qr/^2 regressions\.$/m, 'as far as to the last line';
my ($lines) = run_command($nsconform, 'matrix', '--differences', "$dir/old", "$dir/new/");
like $lines, qr/^net\.a\.b\.setns: old skip \(needs Linux 6\.9 or later\), new pass \[judged: needs Linux 6\.9 or later\]$/m, '--differences: a release explains';
like $lines, qr/^uts\.x\.y\.user: old known \(some-issue\), new pass \[fixed: some-issue\]$/m, 'a known issue explains';
like $lines, qr/^uts\.x\.y\.root: old pass, new fail \(the expectation was not met\) \[failing, a regression\]$/m, 'a failure is shown';
like $lines, qr/^uts\.x\.z\.root: old not run, new broken \(no worker\) \[broken, a regression\]$/m, 'a cell that one of them has not';
unlike $lines, qr/^net\.a\.b\.clone3/m, 'what is alike is not';
like $lines, qr/^# 4 of 5 cells differ\n# new against old: 2 regressions\.\n\z/m, 'how many, and what they come to';

($out, $err, $status) = run_command($nsconform, 'matrix', '--by', 'scenario', '--no-differences', "$dir/old", "$dir/new");
like $out, qr/^uts\.x\.z +- +0\/0\/0\/0\/0\/1$/m, 'rows may be scenarios';
unlike $out, qr/regression/, 'in counts alone';
is $status, 1, 'the status is the same';
($out) = run_command($nsconform, 'matrix', '--json', "$dir/old", "$dir/new");
my $json = decode_json($out);
is_deeply [map { $_->{base} } @{$json->{columns}}], [undef, 'old'], 'JSON: the base of each column';
my ($broken) = grep { $_->{cell} eq 'uts.x.z.root' } @{$json->{cells}};
is_deeply $broken, { cell => 'uts.x.z.root', scenario => 'uts.x.z', seen => [{ verdict => 'not run', why => '' },
	{ verdict => 'broken', why => 'no worker', change => 'broken', regression => JSON::PP::true, explanation => undef }] }, 'and what has become of a cell';

# Which column is the base, and what several come to.
sub whole {
	my ($name, $runtime, @cells) = @_;
	results($name, '6.1.0', @cells);
	spew("$dir/$name/run.json", encode_json({ nsconform_results => 1, run => $name, state => 'complete', version => '0.1', command => ['run'],
		selection => [], plan_cells => scalar @cells, plan_sha256 => '0' x 64, kernel => '6.1.0', started => '2026-01-31T12:00:00Z',
		$runtime ? (runtime => $runtime, runtime_version => '1') : () }) . "\n");
	return "$dir/$name";
}
my @good = (['uts.x.y.root', 'pass'], ['uts.x.y.user', 'pass']);
my $first = whole('first', undef, @good);
my $second = whole('second', undef, @good);
my $third = whole('third', undef, ['uts.x.y.root', 'pass'], ['uts.x.y.user', 'fail']);
my $other = whole('other', undef, ['pid.x.y.root', 'pass']);
my $runc = whole('runc', 'runc', ['uts.x.y.box', 'pass']);
my $crun = whole('crun', 'crun', ['uts.x.y.box', 'fail']);
for (['one run is compared with none', 0, $first], ['no regression', 0, $first, $second], ['in the last of three', 1, $first, $second, $third],
	['the first is the base: a cell that passes is none', 0, $third, $first, $second], ['nothing in common', 4, $first, $other],
	['a regression goes before that', 1, $first, $other, $third], ['a runtime beside a kernel is compared with none', 0, $first, $runc],
	['another runtime with that one', 1, $first, $runc, $crun], ['whatever stands between them', 1, $runc, $first, $crun]) {
	my ($what, $want, @runs) = @$_;
	is((run_command($nsconform, 'matrix', @runs))[2], $want, "exit status: $what");
}
($out) = run_command($nsconform, 'matrix', $first, $runc, $crun);
like $out, qr/^runc: no run of its kind is before it, so it is compared with none$/m, 'and that is said';
like $out, qr/^BASE runc: runc 1 on .*\nNEW  crun: /m, 'with which one it is';
is((run_command($nsconform, 'matrix', '--fail-on', 'skip', whole('judged', undef, ['uts.x.y.root', 'pass'], ['uts.x.y.user', 'pass']),
	whole('skips', undef, ['uts.x.y.root', 'pass'], ['uts.x.y.user', 'skip', 'reason', 'cannot']))) [2], 1, '--fail-on is that of compare');
my ($exits) = run_command($nsconform, 'ops', '--markdown', 'exits');
my %documented = $exits =~ /^\| (\d) \| (.*) \|$/mg;
for my $command ('compare', 'matrix') {
	my $help = (run_command($nsconform, 'help', $command))[0] =~ s/\s+/ /gr;
	like $help, qr/ $_ \Q$documented{$_}\E/, "$command: its help has the status $_ of docs/exits.md" for 0 .. 4;
}

is((run_command($nsconform, 'matrix'))[2], 2, 'no runs');
(undef, $err, $status) = run_command($nsconform, 'matrix', "$dir/none");
is $status, 2, 'no such run';
spew("$dir/old/cells.jsonl", "{\"cell\": \"a.b\", \"verdict\": \"fine\"}\n");
(undef, $err, $status) = run_command($nsconform, 'matrix', "$dir/old");
is $status, 2, 'no verdict';
like $err, qr/old\/cells\.jsonl:1:1: not a cell's record/, 'and where';

# Clauses from the oldest kernel to the newest, in whatever order the runs are given.
sub of_kernel {
	my ($name, $kernel, $version, @cells) = @_;
	results($name, '', ());
	spew("$dir/$name/run.json", encode_json({ nsconform_results => 1, run => $name, state => 'complete', version => '0',
		kernel => $kernel, kernel_version => $version, command => ['run'], started => '2026-01-01T00:00:00Z' }) . "\n");
	spew("$dir/$name/cells.jsonl", join '', map {
		my ($cell, $verdict, $clause, %more) = @$_;
		encode_json({ cell => $cell, scenario => 'a.b.c', kind => 'cell', verdict => $verdict, clauses => [$clause], %more }) . "\n";
	} @cells);
}
of_kernel('newest', '7.0.0', '', ['a.b.c', 'known', 'a.breaks', issue => 'an-issue'], ['a.b.d', 'pass', 'a.begins'], ['a.b.e', 'pass', 'a.holds']);
of_kernel('oldest', '5.10.0-30-cloud-amd64', '#1 SMP Debian 5.10.218-1 (2024-06-01)', ['a.b.c', 'pass', 'a.breaks'],
	['a.b.d', 'skip', 'a.begins', reason => 'lacks Linux 6.1 or later'], ['a.b.e', 'skip', 'a.holds', reason => 'cannot: not root']);
of_kernel('middle', '5.10.0-46-cloud-amd64', '#1 SMP Debian 5.10.262-1 (2026-07-31)', ['a.b.c', 'fail', 'a.breaks'],
	['a.b.c.control.uts', 'fail', 'a.holds', kind => 'control'], ['a.b.d', 'pass', 'a.begins'], ['a.b.e', 'pass', 'a.holds']);
($out, $err) = run_command($nsconform, 'matrix', '--clauses', "$dir/newest", "$dir/oldest", "$dir/middle");
is $out, <<'END', 'clauses: by release, also where uname hides it' or diag $err;
a.begins: lacked in oldest, held in middle to newest
a.breaks: held in oldest, broken in middle, broken in newest (an-issue)
# 1 of 3 clauses are held by all of 3 kernels, or were not judged
END

# The list of kernels.
($out, $err, $status) = run_command($nsconform, 'kernels', '--list');
is $status, 0, 'kernels';
like $out, qr/^6\.1-cloud linux-image-cloud-amd64 - - - - debian bookworm bookworm-security$/m, 'in a form for scripts';
(undef, $err, $status) = run_command($nsconform, 'kernels', '6.1-clod');
is $status, 2, 'an unknown one';
like $err, qr/did you mean 6\.1-cloud\?/, 'and the nearest';
make_path("$dir/data/fixtures/kernels");
{
	local $ENV{NSCONFORM_DATA} = "$dir/data";
	my $file = "$dir/data/fixtures/kernels/mine.yaml";
	spew($file, "kernels:\n  - id: mine\n    about: Mine.\n    image: /x/bzImage\n    config: /x/.config\n");
	($out) = run_command($nsconform, 'kernels', '--list');
	is $out, "mine - /x/bzImage - /x/.config - -\n", 'a file of one\'s own';
	spew($file, "kernels:\n  - id: A b\n    about: Mine.\n    imag: /x\n  - id: two\n    about: .\n    package: p\n    image: i\n");
	(undef, $err, $status) = run_command($nsconform, 'kernels');
	is $status, 2, 'mistakes';
	like $err, qr/mine\.yaml:2:9: expected a name of lower-case/, 'the name';
	like $err, qr/mine\.yaml:4:5: a kernel has no key imag, did you mean image\?/, 'the key';
	like $err, qr/mine\.yaml:5:5: a kernel has either package or image/, 'both';
	like $err, qr/mine\.yaml:5:5: a package comes from some suite of an archive/, 'a package from nowhere';
}

# One variant of each row.
sub row_of { return $_[0] =~ s{(?:\.(?:clone3|unshare|setns))?(?:\.(?:root|user))?$}{}r }
($out) = run_command($nsconform, 'plan', '--quick', 'uts');
my @quick = $out =~ /^(?:run |skip)  (\S+)/mg;
my %plain = map { $_ => 1 } grep { !/\.(?:control|twin)(?:\.|$)/ } @quick;
my ($all) = run_command($nsconform, 'plan', 'uts');
my %rows = map { row_of($_) => 1 } grep { !/\.(?:control|twin)(?:\.|$)/ } $all =~ /^(?:run |skip)  (\S+)/mg;
is_deeply [sort map { row_of($_) } keys %plain], [sort keys %rows], '--quick: one variant of each row of each scenario';
is scalar(grep { /^(.*)\.(?:control|twin)/ && !$plain{$1} } @quick), 0, 'its controls and twins, and no others';
cmp_ok scalar(@quick), '>', scalar(keys %plain), 'which are there';
my $left = (() = $all =~ /^(?:run |skip)  /mg) - @quick;
like $out, qr/^# quick: one variant of each row of each scenario; $left cells left out$/m, 'and how many were left out';
my %ways = map { /\.(clone3|unshare|setns)\./ ? ($1 => 1) : () } keys %plain;
is join(' ', sort keys %ways), 'clone3 setns unshare', 'all ways get their turn';
done_testing;
