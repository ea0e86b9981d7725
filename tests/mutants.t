#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The defects that make check-mutants builds into a kernel: table and patch are about the same ones, and they are
# of every family. The kernel itself takes too long for a test.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my ($out, $err, $status) = run_command('tools/check-mutants', '--list');
is $status, 0, 'table and patch agree' or diag $err;
my (%family, %kind);
for (split /\n/, $out) {
	my ($number, $family, $kind, $what, $site) = split /\t/;
	$family{$family}++;
	$kind{$kind}++;
	ok -d "suites/$family", "$number has suites of its own" or diag $family;
	like $site, qr{^[\w/.-]+\.[ch], \w+$}, "$number has a place";
}
# The page is also what the next run tries first.
my %there = map { /^(\S+)/ ? ($1 => 1) : () } split /\n/, (run_command($nsconform, 'list'))[0];
my %seen_by = map { /^\| (\d+) \|.* \| ([^|]*) \|$/ ? ($1 => $2) : () } split /\n/, slurp('docs/mutants.md');
my @defects = map { (split /\t/)[0] } split /\n/, $out;
is_deeply [sort { $a <=> $b } keys %seen_by], \@defects, 'docs/mutants.md has each defect';
my @strange = grep { my ($seer) = $seen_by{$_} =~ /`([a-z][\w.-]+)`/; !$seer || !$there{$seer} } @defects;
is "@strange", '', 'and a scenario that there is for each';
is_deeply [sort keys %family], [qw(api cgroup ipc mnt net pid time user uts)], 'every kind of namespace, and the calls';
cmp_ok scalar(split /\n/, $out), '>=', 80, 'enough of them';
cmp_ok scalar(keys %kind), '>=', 5, 'of several kinds';
done_testing;
