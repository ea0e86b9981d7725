#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Cells from a table of properties: what becomes of a suite with one, and that a runtime with a defect in one property is
# caught in the cells of that one.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $property = '{name: mask, title: The umask, clause: runtime.user.umask, values: [{name: strict, box: {umask: 63}}]}';
my $template = 'about: A., actors: {box: {new: [mnt], box: $row.box}}, steps: [{box: box.read, expect: $row.is}]';

# What is said of a suite with these properties and one scenario with these keys.
sub problems {
	my ($properties, $keys) = @_;
	spew("$dir/some.yaml", "suite: tests/some\nabout: A.\n" . ($properties ? "properties: [$properties]\n" : '') .
		"scenarios:\n  - {$keys, $template}\n");
	my ($out, $err) = run_command($nsconform, 'validate', "$dir/some.yaml");
	return $out . $err;
}

my $good = 'id: "${property.name}-alone", asks: alone, clauses: [$property.clause]';
like problems($property, $good), qr/1 scenarios?: valid/, 'a template is a scenario of each property';
my @bad = (
	[undef, $good, qr/no properties that could be asked for/],
	[$property, "$good, rows: [{name: a}]", qr/has the table's rows, and none of its own/],
	[$property, $good =~ s/alone,/sideways,/r, qr/expected a way to ask/],
	[$property =~ s/strict/Strict/r, $good, qr/expected a name of lower-case letters/],
	[$property =~ s/clause: \S+ //r, $good, qr/a property lacks clause/],
	[$property =~ s/umask: 63/umask: nine/r, $good, qr/umask: expected/],
	[$property =~ s/mask, title/mask, colour: red, title/r, $good, qr/a property has no key colour/],
);
like problems($_->[0], $_->[1]), $_->[2], "$_->[2]" for @bad;

SKIP: {
	skip 'needs root: boxes are built with privilege', 1 unless is_root;
	# The property that the defect is about, and cells that may be red of it.
	my %red = ('honest' => qr/^\b$/, 'ignore-umask' => qr/^umask-|^all-beside/, 'leak-groups' => qr/^groups?-|^all-beside|passes-on/,
		'leak-inheritable' => qr/^capabilities-|^all-beside/);
	for my $defect (sort keys %red) {
		my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', bad_runtime($defect), '--no-controls',
			'--pairs', 6, 'runtime.properties', 'runtime.process.passes-on-what-it-says');
		my ($results) = run_tap($out);
		my @failed = map { s/^runtime\.properties\.//r } grep { $results->{$_} =~ /^not ok/ } sort keys %$results;
		is_deeply [grep { !/$red{$defect}/ && !/passes-on/ } @failed], [], "$defect: nothing else is red" or diag $out;
		my @caught = grep { /$red{$defect}/ } @failed;
		if ($defect eq 'honest') {
			is_deeply \@failed, [], 'and nothing at all';
			cmp_ok scalar(grep { /^ok \d+ \S+$/ } values %$results), '>', 60, 'of many';
		} else {
			cmp_ok scalar(@caught), '>', 0, "$defect: it is caught";
		}
	}
}

done_testing;
