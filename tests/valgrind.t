#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Loading, planning, describing and judging are clean under valgrind, with shared libraries:
# in a static binary it sees no allocation.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Temp qw(tempdir);
use NSC;
use Test::More;

my $valgrind = (grep { -x } map { "$_/valgrind" } split /:/, $ENV{PATH})[0];
plan skip_all => 'needs valgrind: apt-get install valgrind' unless $valgrind;
plan skip_all => 'a sanitizer build does not run under valgrind' if ($ENV{BUILD} // '') =~ /asan/;
my @under = ($valgrind, '-q', '--error-exitcode=99', ($ENV{BUILD} // 'build') . '/tests/nsconform-shared');
# Examples are looked for in all suites that there are: one family has what all of them have.
my $data = tempdir(CLEANUP => 1);
mkdir "$data/suites";
symlink getcwd . "/$_", "$data/$_" or die "$data/$_: $!" for qw(fixtures suites/uts suites/clauses);
$ENV{NSCONFORM_DATA} = $data;
for my $command (['validate', 'suites/uts'], ['validate', glob 'tests/golden/bad/*.yaml'],
	['ops', '--markdown'], ['ops', '--markdown', 'uts'], ['ops', '--markdown', 'keys'], ['schema'], ['explain', 'suites/uts/hostname.yaml'],
	glob('tests/golden/judge/*.jsonl') ? ['judge', (glob 'tests/golden/judge/*.jsonl')[0]] : ()) {
	my (undef, $err, $status) = run_command(@under, @$command);
	isnt $status, 99, "@$command[0..($#$command > 1 ? 1 : $#$command)]" or diag $err;
}
done_testing;
