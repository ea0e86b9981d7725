#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# tools/floors finds what it looks for: each rule is broken once in a tree of small files.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd 'abs_path';
use File::Copy 'copy';
use File::Path 'make_path';
use File::Temp 'tempdir';
use NSC;
use Test::More;

my $tool = abs_path('tools/floors');
my $cc = $ENV{CC} // 'gcc';
plan skip_all => "needs $cc and nm" if grep { system("$_ --version >/dev/null 2>&1") } $cc, 'nm';

my %sound = (
	'lib/low/a.c' => 'int a(int x) { return x; }',
	'lib/high/b.c' => "#include <unistd.h>\n#include \"high.h\"\nint a(int); int b(void) { return a(fork()); }",
	'lib/high/high.h' => 'int b(void);',
	'runner/main.c' => 'int b(void); int main(void) { return b(); }',
	'tools/floors.table' => "lib/low nothing\nlib/* kernel lib/low # a group\nrunner kernel lib/high\n",
);

# Most files are the same in most trees: each content is compiled once.
my $objects = tempdir(CLEANUP => 1);
my %objects;

# The tree with some files of other content, or without those that are undef.
sub floors {
	my %files = (%sound, @_);
	my $tree = tempdir(CLEANUP => 1);

	for my $path (grep { defined $files{$_} } keys %files) {
		make_path "$tree/$path" =~ s{/[^/]*$}{}r, "$tree/build/$path" =~ s{/[^/]*$}{}r;
		spew("$tree/$path", "$files{$path}\n");
	}
	for my $source (grep { defined $files{$_} && s/\.c$// } map { "$_" } keys %files) {
		my $object = $objects{$source . $files{"$source.c"}} //= do {
			my $made = "$objects/" . keys %objects;
			system("cd $tree && $cc -c -o $made $source.c") == 0 or die "compile $source.c";
			$made;
		};
		copy $object, "$tree/build/$source.o" or die "$object: $!";
	}
	return run_command('sh', '-c', "cd $tree && exec $tool build");
}

my ($out, $err, $status) = floors();
is "$out$err", " 1  lib/low\n 2  lib/* (1)      -> lib/low\n 3  runner         -> lib/*\n", 'floors and arrows';
is $status, 0, 'and nothing else';

my @broken = (
	['an arrow that is not allowed', { 'lib/low/c.c' => 'int b(void); int c(void) { return b(); }' },
		qr{lib/low may not use lib/high:\n  lib/low/c\.c uses b of lib/high/b\.c}],
	['a circle of directories', { 'lib/low/c.c' => 'int b(void); int c(void) { return b(); }' },
		qr{a circle of 2 directories: lib/high lib/low\n}],
	['a circle of files', {
		'lib/low/a.c' => 'int c(int); int a(int x) { return x ? c(x) : 0; }',
		'lib/low/c.c' => 'int a(int); int c(int x) { return a(x - 1); }' },
		qr{a circle of 2 files: lib/low/a\.c lib/low/c\.c\n  lib/low/a\.c -> lib/low/c\.c: c\n}],
	['a header that is out of reach', { 'lib/low/c.c' => "#include \"../high/high.h\"" },
		qr{lib/low/c\.c includes lib/high/high\.h}],
	['a call that a directory may not make', {
		'lib/low/c.c' => "#include <unistd.h>\nint c(void) { return fork(); }" },
		qr{lib/low/c\.c calls fork, and lib/low touches nothing}],
	['such a call by way of lib/sys', {
		'lib/sys/d.c' => "#include <unistd.h>\nint d(void) { return fork(); }",
		'runner/main.c' => 'int b(void); int d(void); int main(void) { return b() + d(); }',
		'tools/floors.table' => "lib/low nothing\nlib/* kernel lib/low\nrunner files lib/high lib/sys" },
		qr{runner/main\.c calls d, and runner touches files}],
	['a directory without a row', { 'lib/sub/dir/c.c' => 'int c;' }, qr{lib/sub/dir has no row}],
	['a row without a directory', { 'tools/floors.table' => "$sound{'tools/floors.table'}lib/gone/x kernel" },
		qr{table:4: there is no lib/gone/x}],
	['an arrow that nothing uses', { 'lib/high/b.c' => 'int b;' }, qr{table:2: lib/\* does not use lib/low}],
	['a row that uses what is above it', { 'tools/floors.table' => "lib/low kernel lib/high\nlib/high kernel" },
		qr{table:1: lib/high has no row above}],
);
for (@broken) {
	my ($what, $files, $says) = @$_;
	($out, $err, $status) = floors(%$files);
	like $err, $says, $what or diag $out;
	isnt $status, 0, '... fails';
	is $out, '', '... and prints no floors';
}

# What the documents say of the source is there, but for the family that tests/add-op.t adds; and the way of a value passes no file twice.
my %missing;
for my $page (glob('docs/*.md'), 'README.md') {
	-e $_ or $missing{"$page: $_"} = 1
		for grep { !/[A-Z*]/ && !m{/session/} } slurp($page) =~ m{`((?:lib|runner|include|tools|fixtures)/[\w./*-]+\.(?:c|h|table|yaml))`}g;
}
is_deeply [sort keys %missing], [], 'files that documents name exist';
my ($way) = slurp('docs/architecture.md') =~ /^## The way of a value\n(.*?)^## /ms;
my %times;
$times{$_}++ for $way =~ m{`((?:lib|runner)/[\w/]+\.c)`}g;
cmp_ok scalar(keys %times), '>', 20, 'the way of a value names the files that it passes';
is_deeply [grep { $times{$_} > 1 } sort keys %times], [], '... each once';

done_testing;
