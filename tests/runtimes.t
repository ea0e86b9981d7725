#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Real runtimes build boxes in which the kernel's scenarios hold; their traces are judged again
# alike; one that is not installed, or not described here, is told so.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: boxes are built with privilege' unless is_root;

my %package = (bwrap => 'bubblewrap', runc => 'runc', crun => 'crun');
my @select = ('suites/uts/hostname.yaml', 'suites/net/walkthrough.yaml', 'suites/user/maps.yaml',
	'suites/ipc/shm.yaml', 'suites/pid/visibility.yaml');

# Cells that have a verdict, by name, as `ok`, `not ok` or `known`.
sub verdicts {
	my ($results) = @_;
	return { map { $_ => $results->{$_} =~ /# XFAIL/ ? 'known' : $results->{$_} =~ /^(ok|not ok)/ ? $1 : '?' }
		grep { $results->{$_} !~ /# SKIP/ } keys %$results };
}

sub judged_again {
	my ($dir) = @_;
	my %all;
	for my $trace (glob "$dir/traces/*") {
		my ($out, $err, $status) = run_command($nsconform, 'judge', $trace);
		is $err, '', 'judging is silent' if $err;
		my ($results) = run_tap($out);
		%all = (%all, %{verdicts($results)});
	}
	return \%all;
}

# (output, verdicts, exit status)
sub run_and_judge {
	my ($runtime, @what) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--output', $dir, '--runtime', $runtime, @what);
	my ($results, $parser) = run_tap($out);
	is join(' ', $parser->parse_errors), '', 'the output is TAP';
	is $err, '', 'stderr is silent';
	my $verdicts = verdicts($results);
	is_deeply judged_again($dir), $verdicts, 'its traces are judged alike';
	return ($out, $verdicts, $status);
}

for my $name (sort keys %package) {
	subtest $name => sub {
		plan skip_all => "$name is not installed: install $package{$name}"
			unless grep { -x "$_/$name" } split /:/, "$ENV{PATH}:/usr/sbin:/usr/bin";
		my ($out, $verdicts, $status) = run_and_judge($name, @select);
		is $status, 0, 'nothing fails' or diag join "\n", grep { /^not ok|^  (?:message|field|expected|seen)/ } split /\n/, $out;
		cmp_ok scalar(grep { $_ eq 'ok' } values %$verdicts), '>=', 100, 'and much is seen';
		# What a version of the runtime breaks of its own promises is for the known issues.
		($out, $verdicts, $status) = run_and_judge($name, 'suites/runtime');
		is_deeply [$out =~ /^not ok .* # ERROR$/mg], [], 'the suite about runtimes has no trouble';
		cmp_ok scalar(grep { $_ eq 'ok' } values %$verdicts), '>=', 20, 'and sees what is kept';
	};
}

subtest 'twins of cells that cannot be' => sub {
	plan skip_all => 'crun is not installed: install crun' unless grep { -x "$_/crun" } split /:/, "$ENV{PATH}:/usr/bin";
	my ($out) = run_command($nsconform, 'plan', '--runtime', 'crun', 'suites/mnt');
	my %what = map { /^(run|skip) +(\S+)/ ? ($2 => $1) : () } split /\n/, $out;
	my @twins = grep { /^(.*)\.twin\.\d+$/ && $what{$1} eq 'skip' } keys %what;
	cmp_ok scalar @twins, '>', 10, 'there are some';
	is_deeply [grep { $what{$_} ne 'skip' } @twins], [], 'and none of them runs';
};

subtest 'a file of one\'s own' => sub {
	my $dir = tempdir(CLEANUP => 1);
	(my $text = slurp('fixtures/runtimes/unshare.yaml')) =~ s/^runtime: unshare$/runtime: mine/m;
	# Of another package, and for maps that these scenarios do not ask for.
	$text =~ s/^(programs: \[unshare), newuidmap, newgidmap\]/$1]/m;
	spew("$dir/own.yaml", $text);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/own.yaml", 'suites/uts/hostname.yaml');
	my ($results) = run_tap($out);
	is $status, 0, 'is used';
	is scalar(grep { $_ eq 'ok' } values %{verdicts($results)}), 4, 'and builds the boxes' or diag $out;
};

subtest 'a program that is not there' => sub {
	my $dir = tempdir(CLEANUP => 1);
	(my $text = slurp('fixtures/runtimes/bwrap.yaml')) =~ s/\bbwrap\b/no-such-program/g;
	$text =~ s/^packages: .*/packages: [some-package, another]/m;
	spew("$dir/missing.yaml", $text);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/missing.yaml", 'suites/uts/hostname.yaml');
	my ($results) = run_tap($out);
	is $status, 0, 'is no failure';
	is_deeply [grep { !/^ok .* # SKIP needs box\.launch: install some-package another$/ } values %$results], [], 'but skips that name the packages';
	(undef, undef, $status) = run_command($nsconform, 'run', '--strict', '--runtime', "$dir/missing.yaml", 'suites/uts/hostname.yaml');
	is $status, 1, 'which --strict does not accept';
	($text = slurp('fixtures/runtimes/bwrap.yaml')) =~ s/^programs: .*/programs: [$dir\/program]/m;
	spew("$dir/program", "#!/bin/sh\n");
	chmod 0755, "$dir/program";
	spew("$dir/unseen.yaml", $text);
	($out) = run_command($nsconform, 'plan', '--runtime', "$dir/unseen.yaml", 'suites/uts/hostname.yaml');
	like $out, qr{needs box\.launch: .*/program: boxes are built where /tmp is another one}, 'one that a moat does not show is said to be so';
};

subtest 'no such runtime' => sub {
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', 'no-such-runtime', 'suites/uts/hostname.yaml');
	is $status, 2, 'is an error';
	is $out, '', 'nothing runs';
	like $err, qr/no-such-runtime/, 'and it is named';
};
done_testing;
