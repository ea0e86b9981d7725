#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What a change of make's variables compiles anew: one object for directories and the version, all
# objects for flags. Only make -n is asked, so that the build under test stays as it is.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp 'tempdir';
use NSC;
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $configured = 'runner/load/configured.c';

# The files that such a make would compile.
sub compiled {
	my ($out, $err, $status) = run_command('make', '-n', "BUILD=$build", @_);
	is $status, 0, "make -n @_" or diag $err;
	return [$out =~ /^\S.* -c -o \S+ (\S+\.c)\b/mg];
}

my $kept = join '', map { slurp("$build/$_") } qw(flags configured);
SKIP: {
	my $stale = compiled('all');
	my $some = "@$stale[0 .. ($#$stale > 3 ? 3 : $#$stale)]";
	# `make test` has made all just before, so that something is left to compile only if nothing ever is up to date.
	skip "the build has other flags, or is not up to date, run make test: $some", 9 if @$stale && !$ENV{MAKELEVEL};
	is $some, '', 'nothing is compiled anew when nothing has changed';
	is_deeply compiled($_, 'all'), [$configured], "$_ compiles one file" for 'prefix=/elsewhere', 'datadir=/elsewhere', 'VERSION=0.0';
	is_deeply compiled('DESTDIR=/elsewhere', 'install'), [], 'DESTDIR none';
	my @sources = split /\n/, `find lib runner -name '*.c'`;
	is scalar(@{compiled('KHDR_INCLUDES=-I/elsewhere', 'all')}), scalar(@sources), 'KHDR_INCLUDES compiles all';
}
is join('', map { slurp("$build/$_") } qw(flags configured)), $kept, 'and who only asks changes nothing';

# What that file is compiled with arrives in the program.
my $dir = tempdir(CLEANUP => 1);
my $object = "$dir/runner/load/configured.o";
my (undef, $err, $status) = run_command('make', '-s', "BUILD=$dir", 'prefix=/elsewhere', 'VERSION=0.0', $object);
is $status, 0, 'compiled' or diag $err;
like slurp($object), qr{\0?0\.0\0}, 'the version is in it';
like slurp($object), qr{/elsewhere/share/nsconform\0}, 'and the directory';
done_testing;
