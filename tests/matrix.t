#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Saved runs side by side, the list of kernels, and selections of one variant each.
use strict;
use warnings;
use lib 'tests/lib';
use File::Path qw(make_path);
use File::Temp qw(tempdir);
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
is $status, 0, 'two runs: exit status' or diag $err;
like $out, qr/^# old: 6\.1\.0$/m, 'the kernels are named';
like $out, qr/^net +1\/0\/0\/0\/1\/0 +2\/0\/0\/0\/0\/0$/m, 'counts by family';
like $out, qr/^uts +1\/0\/1\/0\/0\/0 +1\/1\/0\/0\/0\/1$/m, 'every kind of verdict';
like $out, qr/^all +2\/0\/1\/0\/1\/0 +3\/1\/0\/0\/0\/1$/m, 'and their sum';
like $out, qr/^net\.a\.b\.setns: old skip \(needs Linux 6\.9 or later\), new pass$/m, 'a release explains';
like $out, qr/^uts\.x\.y\.user: old known \(some-issue\), new pass$/m, 'a known issue explains';
like $out, qr/^uts\.x\.y\.root: old pass, new fail \(the expectation was not met\)$/m, 'a failure is shown';
like $out, qr/^uts\.x\.z\.root: old not run, new broken \(no worker\)$/m, 'a cell that one of them has not';
unlike $out, qr/^net\.a\.b\.clone3/m, 'what is alike is not';
like $out, qr/^# 4 of 5 cells differ$/m, 'how many';

($out) = run_command($nsconform, 'matrix', '--by', 'scenario', "$dir/old", "$dir/new");
like $out, qr/^uts\.x\.z +- +0\/0\/0\/0\/0\/1$/m, 'rows may be scenarios';
($out) = run_command($nsconform, 'matrix', '--json', "$dir/old", "$dir/new");
like $out, qr/"cell": "uts\.x\.z\.root", "scenario": "uts\.x\.z", "seen": \[\{"verdict": "not run"/, 'JSON';

is((run_command($nsconform, 'matrix'))[2], 2, 'no runs');
(undef, $err, $status) = run_command($nsconform, 'matrix', "$dir/none");
is $status, 2, 'no such run';
spew("$dir/old/cells.jsonl", "{\"cell\": \"a.b\", \"verdict\": \"fine\"}\n");
(undef, $err, $status) = run_command($nsconform, 'matrix', "$dir/old");
is $status, 2, 'no verdict';
like $err, qr/old\/cells\.jsonl:1:1: not a cell's record/, 'and where';

# The list of kernels.
($out, $err, $status) = run_command($nsconform, 'kernels', '--list');
is $status, 0, 'kernels';
like $out, qr/^6\.1-cloud linux-image-cloud-amd64 - - -$/m, 'in a form for scripts';
(undef, $err, $status) = run_command($nsconform, 'kernels', '6.1-clod');
is $status, 2, 'an unknown one';
like $err, qr/did you mean 6\.1-cloud\?/, 'and the nearest';
make_path("$dir/data/fixtures/kernels");
{
	local $ENV{NSCONFORM_DATA} = "$dir/data";
	my $file = "$dir/data/fixtures/kernels/mine.yaml";
	spew($file, "kernels:\n  - id: mine\n    about: Mine.\n    image: /x/bzImage\n    config: /x/.config\n");
	($out) = run_command($nsconform, 'kernels', '--list');
	is $out, "mine - /x/bzImage - /x/.config\n", 'a file of one\'s own';
	spew($file, "kernels:\n  - id: A b\n    about: Mine.\n    imag: /x\n  - id: two\n    about: .\n    package: p\n    image: i\n");
	(undef, $err, $status) = run_command($nsconform, 'kernels');
	is $status, 2, 'mistakes';
	like $err, qr/mine\.yaml:2:9: expected a name of lower-case/, 'the name';
	like $err, qr/mine\.yaml:4:5: a kernel has no key imag, did you mean image\?/, 'the key';
	like $err, qr/mine\.yaml:5:5: a kernel has either package or image/, 'both';
}

# One variant of each.
($out) = run_command($nsconform, 'plan', '--quick', 'uts');
my @quick = $out =~ /^(?:run |skip)  (\S+)/mg;
my %plain = map { $_ => 1 } grep { !/\.(?:control|twin)(?:\.|$)/ } @quick;
my ($listed) = run_command($nsconform, 'list', 'uts');
is scalar(keys %plain), scalar(() = $listed =~ /^\S+  /mg), '--quick: one variant of each scenario';
is scalar(grep { /^(.*)\.(?:control|twin)/ && !$plain{$1} } @quick), 0, 'its controls and twins, and no others';
cmp_ok scalar(@quick), '>', scalar(keys %plain), 'which are there';
my ($all) = run_command($nsconform, 'plan', 'uts');
my $left = (() = $all =~ /^(?:run |skip)  /mg) - @quick;
like $out, qr/^# quick: one variant of each scenario; $left cells left out$/m, 'and how many were left out';
my %ways = map { /\.(clone3|unshare|setns)\./ ? ($1 => 1) : () } keys %plain;
is join(' ', sort keys %ways), 'clone3 setns unshare', 'all ways get their turn';
done_testing;
