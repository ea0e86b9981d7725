#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Tags select scenarios, only those that there are, and mean what their table says.
use strict;
use warnings;
use lib 'tests/lib';
use JSON::PP qw(decode_json);
use NSC;
use Test::More;

my %cve;
for my $file (grep { !/waived/ } glob 'suites/clauses/*.tsv') {
	for (split /\n/, slurp($file)) {
		my @column = split /\t/;
		$cve{$column[1]} = 1 if @column > 3 && $column[3] =~ /CVE-\d/;
	}
}
my @all = @{decode_json((run_command($nsconform, qw(list --json)))[0])};
my %smoke;
for my $s (@all) {
	my %tag = map { $_ => 1 } @{$s->{tags}};
	my $wanted = !!grep { $cve{$_} } @{$s->{clauses}};
	$smoke{$s->{id} =~ s/\..*//r} += $tag{smoke} // 0 if $s->{id} !~ /^net\.walkthrough\./;
	is !!$tag{cve}, $wanted, "$s->{id}: tagged cve as its clauses have a CVE for a source"
		if $tag{cve} || $wanted;
}
cmp_ok $smoke{$_}, '>', 0, "$_ has a scenario for a first look" for sort keys %smoke;
cmp_ok $smoke{$_}, '<=', 2, "and no more than two, beside the walkthrough" for sort keys %smoke;

for my $tag (qw(smoke slow cve)) {
	my @selected = map { $_->{id} } @{decode_json((run_command($nsconform, 'list', '--json', "\@$tag"))[0])};
	my @tagged = map { $_->{id} } grep { grep { $_ eq $tag } @{$_->{tags}} } @all;
	is_deeply \@selected, \@tagged, "\@$tag selects those that are tagged so";
	cmp_ok scalar @tagged, '>', 0, 'which there are';
}
for my $command (qw(list run)) {
	my ($out, $err, $status) = run_command($nsconform, $command, '@smok');
	is $status, 2, "$command: no such tag";
	is $err, "\@smok: expected a tag, one of smoke, slow, cve, did you mean smoke?\n", 'which there are';
	is $out, '', 'and nothing is done';
}
done_testing;
