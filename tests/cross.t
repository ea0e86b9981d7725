#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What ARCH= and WERROR= make of a build, and what tools/cross refuses before it fetches anything.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

delete @ENV{qw(ARCH WERROR BUILD MAKEFLAGS MAKEOVERRIDES MFLAGS)};
my $dir = scratch_dir();

# The command by which such a make would compile one object, and the compiler of it.
sub compiles {
	my ($build, @variables) = @_;
	my ($out, $err, $status) = run_command('make', '-n', '-B', 'V=1', @variables, "$build/lib/base/strs.o");
	is $status, 0, "make -n @variables" or diag $err;
	my ($line) = $out =~ /^(.* -c -o .*strs\.c\b.*)$/m or diag $out;
	return $line // '';
}

my $here = compiles('build');
like $here, qr/^gcc /, 'by gcc';
unlike $here, qr/ -Werror(?!=)/, 'warnings are none of its errors';
like $here, qr/ -Werror=int-conversion /, 'mistakes about types are';
like compiles('build', 'WERROR=1'), qr/ -Werror(?!=)/, 'with WERROR=1 they are';
unlike compiles('build', 'WERROR=0'), qr/ -Werror(?!=)/, 'with WERROR=0 they are not';
my $there = compiles('build/i386', 'ARCH=i386');
like $there, qr{^\S+/build/cross/i386/cc }, 'ARCH=i386: by what tools/cross has fetched';
like $there, qr{ -isystem \S+/build/cross/i386/sysroot/usr/include/libnl3 }, 'with the headers of that';
{
	local $ENV{ARCH} = 'arm64';
	like compiles('build'), qr/^gcc /, 'a variable of the environment changes nothing';
}
# Without the compiler there is no table of calls, and not an empty one.
isnt((run_command('make', '-s', "BUILD=$dir/none", 'CC=no-such-compiler', "$dir/none/syscalls.h"))[2], 0, 'a compiler that is not there');
ok !-e "$dir/none/syscalls.h", 'leaves no empty table of calls';
my (undef, $err, $status) = run_command('make', '-s', 'cross');
ok $status, 'make cross without ARCH';
like $err, qr/ARCH=arm64, i386, riscv64 or s390x/, 'says what it wants';

(undef, $err, $status) = run_command('tools/cross', "$dir/x", 'vax');
is $status, 1, 'an architecture that is not known';
like $err, qr/^cross: ARCH is one of amd64 arm64 i386 s390x riscv64/m, 'and which are';
is((run_command('tools/cross'))[2], 1, 'usage');
SKIP: {
	my ($native) = run_command('sh', '-c', 'command -v apt-get >/dev/null && dpkg --print-architecture');
	skip 'no apt', 2 unless $native =~ s/\n//;
	(undef, $err, $status) = run_command('tools/cross', "$dir/x", $native);
	skip "$native has no row", 2 if $err =~ /is one of/;
	is $status, 1, "its own architecture, $native";
	like $err, qr/is this machine's own architecture: make$/m, 'needs no cross compiler';
}
ok !-e "$dir/x", 'and nothing was made';
done_testing;
