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
		push @steps, { line => 0, op => shift @ops, status => 'done', errno => $error, took_ns => 1,
			$error ? () : (out => { name => $_ }) };
	}
	return join "\n", $json->encode({ nsconform_trace => 2, release => $release, file => 'narrow.yaml',
			source => $suite, command => [] }),
		$json->encode({ cell => 'tests.narrow.story', steps => \@steps }),
		$json->encode({ end => 1, interrupted => JSON::PP::false }), '';
}

sub verdict {
	my ($symptoms, $range, $release, @seen) = @_;
	spew("$dir/fixtures/known/k.yaml", entry($symptoms, $range));
	spew("$dir/trace.jsonl", trace($release, @seen));
	my ($out, $err, $status) = run_command($nsconform, 'judge', "$dir/trace.jsonl");
	diag $err if $err;
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

# Every pattern of the tree's own entries names a cell.
delete local $ENV{NSCONFORM_DATA};
my %names;
sub names {
	my ($runtime) = @_;
	$names{$runtime} //= [map { /^(?:run|skip) +(\S+)/ ? $1 : () }
		split /\n/, (run_command($nsconform, 'plan', $runtime ? ('--runtime', $runtime, 'suites/runtime',
			'suites/combo', 'suites/user', 'suites/ipc', 'suites/mnt') : ()))[0]];
	return @{$names{$runtime}};
}
sub glob_re {
	my $re = quotemeta $_[0];
	$re =~ s/\\\*/.*/g;
	return qr/^$re$/;
}
my @stale;
for my $file (glob 'fixtures/known/*.yaml') {
	for my $entry (split /^  - (?=id:)/m, slurp($file)) {
		next unless $entry =~ /^id: (\S+)/;
		my $id = $1;
		my $runtime = $entry =~ /^    runtime: (\S+)/m ? $1 : '';
		my ($cells) = $entry =~ /^    cells:(.*?)^    [a-z]/ms;
		# The kernel's own are seen in boxes, too.
		my @all = $runtime ? names($runtime) : (names(''), names('bwrap'));
		for my $pattern ($cells =~ /"([^"]+)"/g) {
			my $re = glob_re($pattern);
			push @stale, "$id: $pattern" unless $pattern =~ /^tests/ || grep { $_ =~ $re } @all;
		}
	}
}
is_deeply \@stale, [], 'every pattern names a cell';
done_testing;
