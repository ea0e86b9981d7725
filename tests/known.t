#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Known issues are as narrow as the bug: what is seen, exactly, in one expectation, on the releases
# that have it. All from saved traces: no kernel takes part.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $cwd = getcwd;
mkdir "$dir/$_" or die "$dir/$_: $!" for qw(fixtures fixtures/known);
symlink "$cwd/suites", "$dir/suites" or die $!;
local $ENV{NSCONFORM_DATA} = $dir;

my $suite = <<'END';
suite: tests/narrow
about: One cell with four expectations.
scenarios:
  - id: story
    about: Two names, and two more of another actor.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {}, b: {}}
    steps:
      - a: uts.gethostname
        expect: {name: one}
      - a: uts.gethostname
        expect: {name: two}
      - b: uts.gethostname
        expect: {name: three}
      - b: {uts.sethostname: {name: four}}
        expect: ok
END
spew("$dir/narrow.yaml", $suite);

sub entry {
	my ($symptoms, $range) = @_;
	return join "\n", 'known:', '  - id: the-issue', '    cells: ["tests.narrow.*"]', '    symptoms:',
		(map { "      - $_" } @$symptoms), $range // '    since: "6.1"', '    reference: r', '    evidence: e', '';
}

# What each of the four steps gave; a number is an errno.
sub trace {
	my ($release, @seen) = @_;
	my $json = JSON::PP->new->canonical;
	my @steps;
	my @ops = (('uts.gethostname') x 3, 'uts.sethostname');
	for (@seen) {
		my $error = /^\d+$/ ? 0 + $_ : 0;
		push @steps, { op => shift @ops, status => 'done', errno => $error, took_ns => 1,
			$error ? () : (out => { name => $_ }) };
	}
	return join "\n", $json->encode({ nsconform_trace => 2, release => $release, file => 'narrow.yaml',
			source => $suite, command => [] }),
		$json->encode({ cell => 'tests.narrow.story', steps => \@steps }),
		$json->encode({ end => 1, interrupted => JSON::PP::false }), '';
}

# What was printed last.
my $printed;
sub judged { return $printed }

sub verdict {
	my ($symptoms, $range, $release, @seen) = @_;
	spew("$dir/fixtures/known/k.yaml", entry($symptoms, $range));
	spew("$dir/trace.jsonl", trace($release, @seen));
	my ($out, $err, $status) = run_command($nsconform, 'judge', "$dir/trace.jsonl");
	diag $err if $err;
	$printed = $out;
	my ($line) = $out =~ /^((?:not )?ok 1 .*)$/m;
	my (undef, $verdict, $reason) = result_line($line // '') or return "status $status";
	is $reason, 'the-issue', 'the line has its id' if $verdict =~ /^(?:known|xpass)$/;
	return $verdict;
}

my @good = qw(one two three four);
my $first = '{actor: a, op: uts.gethostname, field: name, seen: x, which: 1}';
my $second = '{actor: a, op: uts.gethostname, field: name, seen: {matches: "^x"}, which: 2}';
my $other = '{actor: b, op: uts.gethostname, field: name, seen: y}';
my $refused = '{actor: b, op: uts.sethostname, errno: EPERM}';
my @cases = (
	['as listed', [$first], 'known', 'x', @good[1 .. 3]],
	['another value', [$first], 'fail', 'y', @good[1 .. 3]],
	['another step of the same actor and op', [$first], 'fail', 'one', 'x', @good[2, 3]],
	['a matcher', [$second], 'known', 'one', 'xyz', @good[2, 3]],
	['which does not fit', [$second], 'fail', 'xyz', @good[1 .. 3]],
	['another actor', [$other], 'fail', 'one', 'y', @good[2, 3]],
	['that actor', [$other], 'known', @good[0, 1], 'y', 'four'],
	['an errno', [$refused], 'known', @good[0 .. 2], 1],
	['another errno', [$refused], 'fail', @good[0 .. 2], 22],
	['an errno of another op', [$refused], 'fail', @good[0, 1], 1, 'four'],
	['another failure after it', [$first], 'fail', 'x', 'two', 'y', 'four'],
	['unless that is listed, too', [$first, $other], 'known', 'x', 'two', 'y', 'four'],
	['three of them', [$first, $other, $refused], 'known', 'x', 'two', 'y', 1],
	['an unexpected pass', [$first], 'xpass', @good],
);
is verdict($_->[1], undef, '6.18.44', @$_[3 .. 6]), $_->[2], $_->[0] for @cases;

my $range = qq(    since: "5.8"\n    fixed: ["6.1.190", "6.12.117", "7.0"]);
my %has = ('5.7.19' => 0, '5.8.0' => 1, '6.1.189' => 1, '6.1.190' => 0, '6.6.200' => 1, '6.12.116' => 1,
	'6.12.117' => 0, '6.18.44' => 1, '7.0.0' => 0, '7.1.5' => 0);
is verdict([$first], $range, $_, 'x', @good[1 .. 3]), $has{$_} ? 'known' : 'fail', "on $_" for sort keys %has;

# An entry says which of several expectations it is about, or is refused before anything runs.
sub validate {
	spew("$dir/fixtures/known/k.yaml", entry(@_));
	return (run_command($nsconform, 'validate', "$dir/narrow.yaml"))[1, 2];
}
my ($err, $status) = validate(['{actor: a, op: uts.gethostname, field: name, seen: x}']);
is $status, 2, 'two expectations, and none is meant';
like $err, qr/k\.yaml:5:9: tests\.narrow\.story expects name of a\.uts\.gethostname 2 times: expected which, from 1 to 2$/m,
	'is said with its line';
($err, $status) = (run_command($nsconform, 'run', "$dir/narrow.yaml"))[1, 2];
is $status, 2, 'a run refuses it, too';
like $err, qr/expected which/, 'and runs nothing';
is +(validate(['{actor: a, op: uts.gethostname, field: name, seen: one}']))[1], 0,
	'a value that one of them allows can only be of the other';
($err, $status) = validate(['{actor: b, op: uts.getdomainname, field: name, seen: x}']);
is $status, 2, 'an expectation that is not there';
like $err, qr/fits no expectation of the cells of this issue/, 'is said';

# An entry that has expired counts no more, and the verdict says why.
my $since = qq(    since: "6.1");
my $ended = qq($since\n    expires: 2020-02-29);
my $lasts = qq($since\n    expires: "9999-12-31");
is verdict([$first], $ended, '6.18.44', 'x', @good[1 .. 3]), 'fail', 'past the day of expires: the failure is one';
like judged(), qr/^  message: "the known issue the-issue has expired \(2020-02-29\): the expectation was not met"$/m, 'and why is said';
is verdict([$first], $ended, '6.18.44', @good), 'pass', 'and a pass is no surprise';
is verdict([$first], $lasts, '6.18.44', 'x', @good[1 .. 3]), 'known', 'before that day it counts';
is verdict([$first, $other], $ended, '6.18.44', 'x', 'two', 'y', 'four'), 'fail', 'several symptoms: as one';

# Lists of one's own, beside those that come with nsconform.
unlink "$dir/fixtures/known/k.yaml";
mkdir "$dir/own";
spew("$dir/own/mine.yaml", entry([$first]) =~ s/the-issue/mine/r);
spew("$dir/trace.jsonl", trace('6.18.44', 'x', @good[1 .. 3]));
(my $out, $err, $status) = run_command($nsconform, 'judge', "$dir/trace.jsonl");
is $status, 1, 'nobody has listed it';
for my $path ("$dir/own/mine.yaml", "$dir/own") {
	($out, $err, $status) = run_command($nsconform, 'judge', '--known', $path, "$dir/trace.jsonl");
	is $status, 0, "--known $path";
	like $out, qr/TODO mine$/m, 'its entry counts';
}
spew("$dir/fixtures/known/k.yaml", entry([$other]));
spew("$dir/trace.jsonl", trace('6.18.44', 'x', 'two', 'y', 'four'));
is((run_command($nsconform, 'judge', '--known', "$dir/own", "$dir/trace.jsonl"))[2], 0, 'and so do those of nsconform');
mkdir "$dir/none";
my %wrong = ("$dir/none" => 'the directory has no \*\.yaml', "$dir/nowhere" => 'No such file or directory');
for my $path (sort keys %wrong) {
	($out, $err, $status) = run_command($nsconform, 'judge', '--known', $path, "$dir/trace.jsonl");
	is $status, 2, "$path: refused";
	like $err, qr/^\Q$path\E: .*$wrong{$path}/, 'with the reason';
}
($out, $err, $status) = run_command($nsconform, 'judge', '--known', "$dir/own", '--known', "$dir/own/mine.yaml", "$dir/trace.jsonl");
is $status, 2, 'the same entry twice';
like $err, qr/the id mine stands twice, first at line 2$/m, 'says where';
unlink "$dir/fixtures/known/k.yaml";

# Which are there, and what is wrong with them.
my $links = join '', map { "    $_\n" } 'link: https://example.org/1', 'expires: "2020-01-01"';
spew("$dir/own/mine.yaml", entry([$first]) . $links);
my ($list) = run_command($nsconform, 'known', "$dir/own");
is $list, <<"END", 'known: a list';
the-issue
  cells     tests.narrow.*
  range     Linux from 6.1 on
  expires   2020-01-01 (it has)
  link      https://example.org/1
  at        $dir/own/mine.yaml:2
END
my $known = decode_json((run_command($nsconform, 'known', '--json', "$dir/own"))[0]);
is_deeply [map { "$_->{id} $_->{since} $_->{expired} $_->{link}" } @$known], ['the-issue 6.1 1 https://example.org/1'], 'known --json';
is_deeply decode_json((run_command($nsconform, 'known', '--json'))[0]), [], 'without operands: those of nsconform';

sub lint {
	my ($text, @more) = @_;
	spew("$dir/own/mine.yaml", $text);
	return run_command($nsconform, 'known', '--check', '--suites', "$dir/narrow.yaml", @more, "$dir/own/mine.yaml");
}
my $good = entry([$first]) . "    link: https://example.org/1\n";
($out, $err, $status) = lint($good);
is "$status$out$err", '0', 'known --check: nothing to say';
sub another { return (entry(@_) =~ s/^known:\n//r =~ s/the-issue/another/r) . "    link: http://example.org/2\n" }
my @lints = (
	['a pattern without a cell', $good =~ s/"tests\.narrow\.\*"/"tests.narrow.*", "tests.wide.*"/r,
		'3:31: the-issue: no scenario has a cell tests\.wide\.\*'],
	['an expired one', "$good    expires: 2020-01-01\n", '10:14: the-issue has expired: its cells fail again'],
	['one without a link', entry([$first]), '2:5: the-issue has no link: .*'],
	['one that may mean several expectations', $good =~ s/, which: 1//r,
		'5:9: tests\.narrow\.story expects name of a\.uts\.gethostname 2 times: expected which, from 1 to 2'],
	['one that means none', $good =~ s/actor: a/actor: b/r =~ s/gethostname/getdomainname/r,
		'5:9: fits no expectation of the cells of this issue'],
	['two that cover the same', $good . another([$first]),
		'13:9: overlaps the-issue \(.*:2\): both cover name of a\.uts\.gethostname in tests\.narrow\.story'],
	['a value, and a matcher that it fits', $good . another(['{actor: a, op: uts.gethostname, field: name, seen: {matches: "x"}, which: [1, 2]}']),
		'13:9: overlaps .*'],
);
for (@lints) {
	my ($name, $text, $says) = @$_;
	($out, $err, $status) = lint($text);
	is $status, 1, "$name: exit status" or diag $err;
	like $out, qr/\A\Q$dir\E\/own\/mine\.yaml:$says\n\z/, 'and what is said, with its place';
}
my @apart = (
	['another value', $first =~ s/x/y/r], ['another of the expectations', $first =~ s/which: 1/which: 2/r], ['another actor', $other],
	['another range', $first, qq(    since: "5.10"\n    fixed: ["6.0"])],
);
for (@apart) {
	my ($name, $symptom, $range) = @$_;
	($out, $err, $status) = lint($good . another([$symptom], $range));
	is "$status$out$err", '0', "$name does not overlap";
}
($out, $err, $status) = lint($good . another([$first], qq(    since: "5.10"\n    fixed: ["5.15.3"])));
like $out, qr/overlaps/, 'a repair in a stable branch leaves those between';

SKIP: {
	skip 'needs root: the cells of these suites are privileged', 1 unless is_root;
	# What should have been seen is said at the end of a run, and in its record.
	spew("$dir/own/mine.yaml", entry([$first, $refused]) . another(['{actor: b, op: uts.gethostname, field: name, seen: three}'])
		=~ s/tests\.narrow/tests.elsewhere/r);
	($out, $err, $status) = run_command($nsconform, 'run', '--known', "$dir/own", '--output', "$dir/r", "$dir/narrow.yaml");
	is $status, 1, 'a run with an entry that fits what is not seen' or diag $err;
	is $err, "$dir/own/mine.yaml:11:13: another: no scenario has a cell tests.elsewhere.*\n", 'an entry that names no cell at all is told, once';
	like $out, qr/^# Known issues that were not seen: the-issue$/m, 'names it, and no entry about cells that were not run';
	my $record = decode_json(slurp("$dir/r/run.json"));
	is_deeply $record->{known_unseen}, ['the-issue'], 'and so does its record';
	is_deeply [map { "$_->{id} $_->{since} $_->{evidence}" } grep { $_->{id} eq 'the-issue' } @{$record->{known_issues}}], ['the-issue 6.1 e'], 'which has the entry';
	my $host = (run_command('uname', '-n'))[0] =~ s/\n//r;
	spew("$dir/own/mine.yaml", entry([map { "{actor: a, op: uts.gethostname, field: name, seen: $host, which: $_}" } 1, 2]) =~ s/$/\n/r
		=~ s/evidence/link: https:\/\/example.org\/1\n    evidence/r);
	($out, $err, $status) = run_command($nsconform, 'run', '--known', "$dir/own", '--output', "$dir/s", "$dir/narrow.yaml");
	unlike $out, qr/not seen/, 'one that was seen is not named';
	is $err, '', 'and one that names a cell is not complained of';
	my @shown = map { "{actor: a, op: uts.gethostname, field: name, seen: $host, which: $_}" } 1, 2;
	spew("$dir/own/mine.yaml", entry(\@shown) . another(\@shown, qq(    since: "6.1"\n    expires: 2020-02-29)));
	($out) = run_command($nsconform, 'run', '--known', "$dir/own", "$dir/narrow.yaml");
	unlike $out, qr/not seen/, 'nor is one that has expired, or is covered by another, where what it says is seen';
	spew("$dir/own/mine.yaml", entry([$first]) =~ s/"tests\.narrow\.\*"/"tests.narrow.*", "uts.hostname.set-is-private.*", "uts.nosuch.*"/r);
	($out, $err, $status) = run_command($nsconform, 'run', '--known', "$dir/own", "$dir/narrow.yaml");
	is $err, "$dir/own/mine.yaml:3:64: the-issue: no scenario has a cell uts.nosuch.*\n", 'patterns of cells that this run does not select are none of that';
	my ($cell) = map { decode_json($_) } split /\n/, slurp("$dir/s/cells.jsonl");
	like $cell->{message}, qr/^beside the known issue the-issue: /, 'also where something else failed';
	like $cell->{again}, qr/ run --known \Q$dir\E\/own --suites \Q$dir\E\/narrow\.yaml tests\.narrow\.story$/, 'and the command that repeats it has the list and the file';
}

# By release of the kernel.
{
	my $ranged = $good =~ s/since: "6\.1"/since: "5.10.261"\n    fixed: ["5.11"]/r;
	sub standing { return lint($ranged, '--release', shift) }
	is_deeply [standing('5.10.262')], ["the-issue: in 5.10.262: since Linux 5.10.261, fixed in 5.11\n", '', 0], '--check --release: one that has it';
	is_deeply [standing('6.1.190')], ["the-issue: not in 6.1.190: repaired in 5.11\n", '', 0], 'one that was repaired';
	is_deeply [standing('5.4')], ["the-issue: not in 5.4: only since 5.10.261\n", '', 0], 'and one of before';
	($out, $err, $status) = standing('newest');
	is "$status$out", '2', 'no release';
	like $err, qr/--release takes a release of Linux, such as 6\.12 or 6\.12\.117, not newest/, 'says so';
	my %listed = map { $_ => scalar @{decode_json((run_command($nsconform, 'known', '--json', '--release', $_, "$dir/own"))[0])} } qw(5.10.261 5.11 5.10.260);
	is_deeply \%listed, { '5.10.261' => 1, '5.11' => 0, '5.10.260' => 0 }, '--release: those alone that it has';
}

# Nothing is wrong with those of the tree.
delete local $ENV{NSCONFORM_DATA};
is_deeply [run_command($nsconform, 'known', '--check')], ['', '', 0], 'the entries of the tree';
done_testing;
