#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What is wrong with a suite, a runtime or a list of known issues is told with its place, and nothing runs. Which
# mistakes there are is in tests/unit/mistakes.c.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use NSC;
use Test::More;

for my $file (map { "tests/golden/bad/$_.yaml" } qw(references not-yaml two-documents)) {
	(my $expected = $file) =~ s/yaml$/err/;
	my ($out, $err, $status) = run_command($nsconform, 'validate', $file);
	golden($err, $expected, $file);
	is $status, 2, "$file: exit status";
	is $out, '', "$file: nothing on stdout";
	like $err, qr/^\Q$file\E:\d+:\d+: /, "$file: begins with the place";
	my ($run_out, undef, $run_status) = run_command($nsconform, 'run', $file);
	is $run_out, '', "$file: nothing runs";
	is $run_status, 2, "$file: run refuses";
}
# More than are kept: whoever asks whether something was wrong is still told.
my $many = tempdir(CLEANUP => 1);
spew("$many/many.yaml", "suite: tests/many\nabout: A.\nscenarios:\n" . join '', map { <<"END" } 1 .. 300);
  - id: Bad_$_
    about: A.
    nonsense: 1
    links: [{a: nobody, b: none}]
    actors: {a: {}}
    steps: [{a: no.op}]
END
my ($said, $beyond, $rc) = run_command($nsconform, 'list', $many);
is "$said$rc", '2', 'more problems than are shown';
like $beyond, qr/^nsconform: there are more: only the first 500 are shown\n\z/m, 'and it says so';

my (undef, $both) = run_command($nsconform, 'validate', 'tests/golden/bad/unknown-words.yaml',
	'tests/golden/bad/references.yaml');
like $both, qr/unknown-words\.yaml:.*references\.yaml:|references\.yaml:.*unknown-words\.yaml:/s,
	'problems of all files come in one go';
for my $file (map { "tests/golden/runtimes/$_.yaml" } qw(values not-yaml)) {
	(my $expected = $file) =~ s/yaml$/err/;
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', $file, 'suites/uts/hostname.yaml');
	golden($err, $expected, $file);
	is $status, 2, "$file: exit status";
	is $out, '', "$file: nothing runs";
	like $err, qr/^\Q$file\E:\d+:\d+: /, "$file: begins with the place";
}
# Known issues are read from the data directory: one of this test's own, with one file each.
for my $file (sort glob 'tests/golden/known/*.yaml') {
	my $data = tempdir(CLEANUP => 1);
	my $cwd = getcwd;
	mkdir "$data/$_" or die "$data/$_: $!" for qw(fixtures fixtures/known);
	symlink "$cwd/suites", "$data/suites" or die "suites: $!";
	symlink "$cwd/$file", "$data/fixtures/known/file.yaml" or die "$file: $!";
	local $ENV{NSCONFORM_DATA} = $data;
	my ($out, $err, $status) = run_command($nsconform, 'run', 'suites/uts/hostname.yaml');
	$err =~ s{^\Q$data\E/fixtures/known/file\.yaml}{$file}mg;
	golden($err, $file =~ s/yaml$/err/r, $file);
	is $status, 2, "$file: exit status";
	is $out, '', "$file: nothing runs";
	like $err, qr/^\Q$file\E:\d+:\d+: /, "$file: begins with the place";
}
# Suites that cannot be read would not be judged.
my @nobody = is_root ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();
my $tree = tempdir(CLEANUP => 1);
chmod 0755, $tree;
mkdir "$tree/locked", 0;
symlink getcwd . '/suites/uts', "$tree/link" or die "$tree/link: $!";
my (undef, $unread, $refused) = run_command(@nobody, $nsconform, 'validate', 'suites/uts', $tree);
like $unread, qr{^\Q$tree\E/locked: cannot be read: }m, 'a directory that cannot be read is a problem';
rmdir "$tree/locked" or die "$tree/locked: $!";
is $refused, 2, 'and nothing is valid';
is((run_command($nsconform, 'validate', "$tree/link"))[2], 0, 'the operand may be a symbolic link');

# Whoever stands in a tree may use it, though not look up where it is.
{
	my $here = getcwd;
	my $closed = "$tree/closed";
	make_path("$closed/in");
	run_command('cp', '-r', $nsconform, 'suites', "$closed/in");
	local $ENV{NSCONFORM_DATA} = '.';
	chdir "$closed/in" or die;
	# It is closed once that is the working directory: who is not root could not go there any more.
	my ($out, $err, $status) = run_command('sh', '-c', 'chmod 0 "$0" && exec "$@"', $closed, @nobody, './nsconform',
		'list', 'suites/uts', '--exclude', 'suites/uts/hostname.yaml');
	chmod 0700, $closed;
	chdir $here or die;
	is "$status $err", '0 ', 'below a directory that may not be searched';
	is $out, (run_command($nsconform, 'list', 'suites/uts', '--exclude', 'suites/uts/hostname.yaml'))[0], '... all is as ever';
}

for my $file (sort glob 'fixtures/runtimes/*.yaml') {
	my (undef, $err) = run_command($nsconform, 'run', '--runtime', $file, '--suites', 'tests/golden/good/variants.yaml', 'no.such.cell');
	unlike $err, qr/^\Q$file\E:/m, "$file: has no problems";
}
for my $file (sort glob 'tests/golden/good/*.yaml') {
	(my $expected = $file) =~ s/yaml$/plan/;
	my ($out, $err, $status) = run_command($nsconform, 'plan', $file);
	# What this machine skips is not the plan's matter.
	my $names = join "\n", map { (split)[1] } grep { /^(run|skip) / } split /\n/, $out;
	golden("$names\n", $expected, $file);
	is "$err$status", '0', "$file: valid";
}
# Bounds: generated suites are long, but neither memory nor time is without end.
my $dir = tempdir(CLEANUP => 1);
my ($suite) = run_command('tools/bench/generate', 10000, 'uts');
cmp_ok length $suite, '>', 3 << 20, 'ten thousand scenarios are more than three MiB';
spew("$dir/long.yaml", $suite);
is +(run_command($nsconform, 'validate', "$dir/long.yaml"))[2], 0, 'and they are loaded';
for my $case (
	['large', "suite: a/b\n" . '#' x (16 << 20), qr/is larger than 16777216 bytes/],
	['keys', join('', map { "k$_: 1\n" } 1 .. 1001), qr/:1001:1: more than 1000 keys in one map/],
	['values', 'a: [' . '1,' x 1_000_001 . ']', qr/too many values in one file/],
) {
	my ($name, $text, $expected) = @$case;
	spew("$dir/$name.yaml", $text);
	my (undef, $problems, $status) = run_command($nsconform, 'validate', "$dir/$name.yaml");
	like $problems, $expected, "$name: what is too much";
	is $status, 2, "$name: exit status";
}
done_testing;
