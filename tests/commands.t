#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The commands that run nothing.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my ($out, $err, $status) = run_command($nsconform, 'list', '--json', 'suites/uts/hostname.yaml');
my $list = decode_json($out);
is $list->[0]{id}, 'uts.hostname.set-is-private', 'list --json: id';
is $list->[0]{cells}, 12, 'list --json: cells with their controls';

($out) = run_command($nsconform, 'explain', 'suites/uts/hostname.yaml');
like $out, qr/$_/, "explain shows $_" for 'clauses:', 'actors', 'steps:', 'by hand:', 'sethostname\(2\)',
	'must fail without a uts namespace', 'unshare --uts';

($out) = run_command($nsconform, 'plan', 'suites/uts/hostname.yaml');
like $out, qr/^# 12 cells: \d+ run, \d+ skip$/m, 'plan counts';

($out) = run_command($nsconform, 'coverage', '--json');
my %family = map { $_->{family} => $_ } @{decode_json($out)};
my $covered = 0;
$covered += $_->{covered} for values %family;
cmp_ok $covered, '>=', 200, 'at least 200 clauses are covered';
cmp_ok $family{$_}{covered}, '>=', 8, "$_: at least 8" for sort keys %family;
is $family{uts}{clauses}, 21, 'the catalogue is read whole';
for (values %family) {
	my $sum = 0;
	$sum += $_ for @$_{qw(control twin pair value)};
	is $sum, $_->{covered}, "$_->{family}: covered is what is shown in some way";
	is $sum + $_->{waived} + $_->{open}, $_->{clauses}, 'and nothing is counted twice';
}
# Each clause by itself: of several of a scenario each by the expectations that prove it.
($out) = run_command($nsconform, 'coverage', '--list', '--json');
my %clause = map { $_->{id} => $_ } @{decode_json($out)};
my %by = map { $_->{id} => $_->{proof} } @{$clause{'mnt.locked.no-lock-without-userns-change'}{scenarios}};
is $by{'mnt.locked.inherited-mounts-are-not-unmounted'}, 'value', 'an expectation without control or twin';
%by = map { $_->{id} => $_->{proof} } @{$clause{'mnt.locked.umount-inherited-einval'}{scenarios}};
is $by{'mnt.locked.inherited-mounts-are-not-unmounted'}, 'control', 'beside one that has a control';
is_deeply [grep { $clause{$_}{status} eq 'waived' && @{$clause{$_}{scenarios}} } sort keys %clause], [], 'nothing is waived and proven';
is_deeply [grep { $clause{$_}{status} eq 'waived' && !($clause{$_}{reason} && $clause{$_}{evidence}) } sort keys %clause], [],
	'what is waived has a reason and evidence';
($out) = run_command($nsconform, 'coverage', '--list', 'uts');
like $out, qr/^control  uts\.create\.copies-names\n +A new UTS ns.*\n +source: .*\n +control  uts\.create\.begins-with-copies$/m, 'for people';
# Here is the first run, elsewhere the others: a kernel has not judged boxes, and a runtime's baseline has.
($out, $err, $status) = run_command($nsconform, 'coverage', '--json', '--results', '6.12-cloud', '--results', 'crun-1.8.1');
is_deeply [$err, $status], ['', 0], 'several runs, by the names of baselines';
%family = map { $_->{family} => $_ } @{decode_json($out)};
is $family{runtime}{judged_here}, 0, 'of boxes nothing was judged on a kernel';
cmp_ok $family{runtime}{judged_elsewhere}, '>', 50, 'but elsewhere';
cmp_ok $family{uts}{judged_here}, '>', 15, 'what was judged here';
is $family{uts}{judged_elsewhere}, 0, 'is not counted again';
($out, $err, $status) = run_command($nsconform, 'coverage', 'utz');
is $status, 2, 'no such family';
like $err, qr/did you mean uts\?/, 'with a suggestion';

# A specification, requirement by requirement.
($out, $err, $status) = run_command($nsconform, 'coverage', '--spec', 'runtime', '--json');
is_deeply [$err, $status], ['', 0], 'a specification';
my @requirements = @{decode_json($out)};
my %standing;
$standing{$_->{standing}}++ for @requirements;
is_deeply [grep { $_->{standing} =~ /^(?:proven|part)$/ && !@{$_->{clauses}} } @requirements], [], 'what is proven, is so by clauses';
is_deeply [grep { $_->{standing} eq 'proven' && grep { $clause{$_}{status} =~ /^(?:open|waived)$/ } @{$_->{clauses}} } @requirements],
	[], 'that are not open';
is_deeply [grep { !defined($_->{not_shown} // $_->{waived}) } grep { $_->{standing} ne 'proven' } @requirements], [],
	'what is not, says what is not shown, or why it will not be';
is_deeply [grep { $_->{standing} ne 'open' } @{decode_json((run_command($nsconform, 'coverage', '--spec', 'runtime', '--json',
	'--select', 'uts'))[0])}], [grep { $_->{standing} eq 'waived' } @requirements], 'of another selection nothing is proven';
($out) = run_command($nsconform, 'coverage', '--spec', 'runtime');
like $out, qr/^config-linux\.md Namespaces\n(?:  .*\n)*?  proven  MUST    A path is absolute\n {18}runtime\.ns\.path-absolute$/m,
	'for people';
my $counts = join ', ', map { "$standing{$_} $_" } qw(proven part waived open);
like $out, qr/^${\ scalar @requirements} requirements: $counts$/m, 'counted';
for (['--spec'], [qw(--spec uts)], [qw(--spec --list runtime)]) {
	($out, $err, $status) = run_command($nsconform, 'coverage', @$_);
	is_deeply [$out, $status], ['', 2], "coverage @$_";
}

($out) = run_command($nsconform, 'ops', 'uts.sethostname');
like $out, qr/name\s+string, required/, 'ops describes parameters';
($out, $err, $status) = run_command($nsconform, 'ops', 'uts.sethostnam');
like $err, qr/did you mean uts\.sethostname\?/, 'ops suggests';
is $status, 2, 'unknown op';

# The reference: docs/ is what these print, see `make check-docs`.
($out) = run_command($nsconform, 'ops', '--markdown', 'uts');
like $out, qr/^```yaml\n- \w+: \{?uts\.sethostname\b.*?\n```\n\nFrom \[suites\/\w+\/[\w-]+\.yaml\]\(\.\./ms,
	'a page has examples from scenarios';
($out, $err, $status) = run_command($nsconform, 'ops', '--markdown', 'utz');
like $err, qr/no family utz, did you mean uts\?/, 'of a family that there is';
is $status, 2, 'no such page';
my (%shown, @long);
for my $page (glob 'docs/ops/*.md') {
	my (undef, %ops) = split /^## (\w+\.\w+)\n/m, slurp($page);
	$shown{$_} = $ops{$_} =~ /^```yaml\n- .*\b\Q$_\E\b/ms for keys %ops;
}
is_deeply [grep { !$shown{$_} } map { /^(\S+)/ } split /\n/, (run_command($nsconform, 'ops'))[0]], [],
	'each op is in docs/ops, with an example';
# Tables and links cannot be broken into lines.
for my $page ('README.md', glob 'docs/*.md docs/*/*.md') {
	open my $in, '<:utf8', $page or die $page;
	while (<$in>) { push @long, "$page:$." if /^(?!\||.*\]\(|    |```).{120}/ }
}
is_deeply \@long, [], 'lines of documents are shorter than 120 columns';

($out, $err, $status) = run_command($nsconform, 'validate', 'suites');
is $status, 0, 'all suites are valid' or diag $err;
like((run_command($nsconform, '--version'))[0], qr/^nsconform \d/, '--version');
is((run_command($nsconform, 'judge', 'README.md'))[2], 2, 'judge refuses what is no trace');
# Half of an answer is none, whoever asks.
for my $command ('list', 'ops', 'schema', 'help', '--version', 'kconfig uts', 'plan uts', 'explain set-is-private',
	'validate suites/uts', 'judge tests/golden/judge/verdicts.jsonl', 'run suites/uts/hostname.yaml nosuch') {
	my $program = $command =~ /^judge/ ? $nsconform_test : $nsconform;
	my $wanted = $command =~ /nosuch/ ? 2 : 3;
	system "$program $command >/dev/full 2>/dev/null";
	is $? >> 8, $wanted, "$command, and no room for its output";
}
# More than a pipe holds.
is qx($nsconform list 2>&1 >/dev/full | wc -l) + 0, 1, 'what was not written is told';
is qx(($nsconform list | true) 2>&1), '', 'but not when the reader of a pipe has seen enough';
done_testing;
