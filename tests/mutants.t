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
is_deeply [sort keys %family], [qw(api cgroup ipc mnt net pid time user uts)], 'every kind of namespace, and the calls';
cmp_ok scalar(split /\n/, $out), '>=', 80, 'enough of them';
cmp_ok scalar(keys %kind), '>=', 5, 'of several kinds';
done_testing;
