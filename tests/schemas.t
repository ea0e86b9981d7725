#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Schemas, as editors use them: what people write fits its schema, by another YAML parser and another validator, and
# a mistake of each kind does not. Lines of results are in tests/records.t.
use strict;
use warnings;
use lib 'tests/lib';
use File::Basename qw(dirname);
use JSON::PP;
use NSC;
use Test::More;

my $dir = scratch_dir();
my @kinds = qw(suites runtimes kernels known results);

# A name that is a boolean or nothing to YAML 1.1 is not the key that it looks like.
sub names {
	my ($in) = @_;
	return map { names($_) } @$in if ref $in eq 'ARRAY';
	return () if ref $in ne 'HASH';
	my $properties = ref $in->{properties} eq 'HASH' ? $in->{properties} : {};
	return (keys %$properties, map { names($_) } values %$in);
}
for my $kind (@kinds) {
	my ($out, $err, $status) = run_command($nsconform, 'schema', $kind);
	is "$status $err", '0 ', "schema $kind";
	my $schema = decode_json($out);
	is $schema->{'$schema'}, 'http://json-schema.org/draft-07/schema#', '... is draft-07';
	my @names = names($schema);
	cmp_ok scalar @names, '>', 4, '... and has names';
	is_deeply [grep { /\A(?:y|n|yes|no|on|off|true|false|null|~)\z/i } @names], [], '... none of which is another word to YAML 1.1';
}

# The suites that tests run are valid, too: with the operations of the program of tests.
my ($out, $err, $status) = run_command($nsconform_test, 'validate', glob 'tests/suites/*.yaml');
is $status, 0, 'suites of tests are valid' or diag "$out$err";

SKIP: {
	skip 'python3-jsonschema or python3-yaml is not installed', 1 if system('python3 -c "import jsonschema, yaml" 2>/dev/null');
	my $lint = sub { return run_command('tools/lint-yaml', @_) };
	my ($build, $of_tests) = map { dirname($_) } $nsconform, $nsconform_test;

	($out, $err, $status) = $lint->($build);
	is "$status $out$err", '0 ', 'the files of the tree fit their schemas';
	($out, $err, $status) = $lint->($of_tests, 'suites', glob 'tests/suites/*.yaml');
	is "$status $out$err", '0 ', '... and suites of tests';
	# What is to be completed is valid from the beginning.
	spew("$dir/new.yaml", (run_command($nsconform, 'runtime', '--new', 'tar'))[0]);
	($out, $err, $status) = $lint->($build, 'runtimes', "$dir/new.yaml");
	is "$status $out$err", '0 ', '... and the file of a new runtime';

	my %spoilt = (
		suites => ['suites/uts/hostname.yaml', sub { s/^    steps:/    stepz:/m }],
		runtimes => ['fixtures/runtimes/crun.yaml', sub { s/^privilege: \w+/privilege: admin/m }],
		kernels => ['fixtures/kernels/debian.yaml', sub { s/^    package:/    packed:/m }],
		known => ['fixtures/known/mnt.yaml', sub { s/^( +)since:/$1sinse:/m }],
	);
	for my $kind (sort keys %spoilt) {
		my ($file, $spoil) = @{$spoilt{$kind}};
		local $_ = slurp($file);
		$spoil->() or die "$file: nothing to spoil\n";
		spew("$dir/spoilt.yaml", $_);
		($out, $err, $status) = $lint->($build, $kind, "$dir/spoilt.yaml");
		is $status, 1, "$file, spoilt, does not";
		like $out, qr/^\Q$dir\E\/spoilt\.yaml: /m, '... and is named';
	}
	spew("$dir/word.yaml", slurp('suites/uts/hostname.yaml') =~ s/^    steps:/    on: true\n    steps:/mr);
	($out) = $lint->($build, 'suites', "$dir/word.yaml");
	like $out, qr/^\Q$dir\E\/word\.yaml:\d+: key on is no string$/m, 'a key that is none to another parser is told of';
}
done_testing;
