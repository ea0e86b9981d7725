#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# An op can be added by docs/architecture.md alone: its example is built and run in a copy of the
# tree.  And a C type that disagrees with a field or with a row does not compile.
use strict;
use warnings;
use lib 'tests/lib';
use File::Path 'make_path';
use File::Temp 'tempdir';
use NSC;
use Test::More;

my ($chapter) = slurp('docs/architecture.md') =~ /^## Adding an op\n(.*?)^## /ms or die 'no such chapter';
my ($source) = $chapter =~ /^```c\n(.*?)^```/ms;
my ($suite) = $chapter =~ /^```yaml\n(.*?)^```/ms;
my ($path) = $chapter =~ m{`(lib/ops/[a-z]+/[a-z]+\.c)`};
my ($suite_path) = $chapter =~ m{`(suites/[a-z]+/[a-z]+\.yaml)`};
ok $source && $suite && $path && $suite_path, 'the chapter has a file, a suite and their names'
	or BAIL_OUT 'docs/architecture.md';

# Objects travel along where they can, so that little is compiled.
my $tree = tempdir(CLEANUP => 1);
my $build = $ENV{BUILD} // 'build';
my @objects = $build =~ m{^/} ? () : grep { -e } map { "$build/$_" } qw(flags configured lib runner op_list.h syscalls.h);
$build = 'build' if !@objects;
for my $part (qw(Makefile include lib runner suites fixtures tools/check-libraries), @objects) {
	my ($to) = "$tree/$part" =~ m{^(.*)/};
	make_path $to;
	system('cp', '-a', $part, "$to/") == 0 or die "copy $part";
}
make_path "$tree/$path" =~ s{/[^/]*$}{}r;

sub make {
	my ($text, $target) = @_;
	spew("$tree/$path", $text);
	return run_command('make', '-s', '-C', $tree, "BUILD=$build", $target);
}

my (undef, $err, $status) = make($source, "$build/nsconform");
is $status, 0, 'the example builds as it stands' or diag $err;
(my $out, $err, $status) = run_command("$tree/$build/nsconform", 'ops', 'session.of');
like $out, qr/^session\.of\n.*^  param +pid .*^  result +session /ms, 'and is in the reference'
	or diag $err;

SKIP: {
	skip 'needs root: the cell is privileged', 1 if !is_root;
	spew("$tree/$suite_path", $suite);
	local $ENV{NSCONFORM_DATA} = $tree;
	($out, $err, $status) = run_command("$tree/$build/nsconform", 'run', "$tree/$suite_path");
	like $out, qr/^ok \d+ pid\.session\.number-of-nobody\.twin/m, 'its suite runs it'
		or diag "$out$err";
	is $status, 0, 'and passes' or diag $err;
}

# What is wrong, how, and what the compiler says.
my @wrong = (
	['a function with other parameters', sub { s/const struct of_in \*in/const struct of_out *in/; s/in->pid/in->session/ },
		qr/incompatible.pointer/],
	['a function with other results', sub { s/struct of_out \*out\)/struct none *out)/; s/out->session = getsid/return getsid/; s/return out.*;/return 0;/ },
		qr/incompatible.pointer/],
	['a row with another struct', sub { s/"session\.of", of_in, of_out/"session.of", of_out, of_out/ }, qr/incompatible.pointer/],
	['text where a number is used', sub { s/INT, pid, REQUIRED, 0, INT_MAX,/STR, pid, REQUIRED,/ }, qr/pointer.to.int/],
	['a kind that does not exist', sub { s/INT, session/NUMBER, session/ }, qr/NUMBER/],
	['a table that disagrees with a struct of its own',
		sub { s/^FIELDS\(of_in, OF_IN\);/struct of_in { int pid; };\nstatic const struct field of_in_fields[] = { OF_IN(FIELD_ROW, struct of_in) F_END };/m },
		qr/_Generic/],
);
for (@wrong) {
	my ($what, $how, $says) = @$_;
	my $text = $source;
	$how->() for $text;
	isnt $text, $source, "$what: is another text";
	(undef, my $complaint, $status) = make($text, $path =~ s{(.*)\.c$}{$build/$1.o}r);
	ok $status && $complaint =~ $says, "$what does not compile" or diag $complaint;
}
done_testing;
