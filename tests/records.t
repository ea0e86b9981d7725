#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What a run leaves for programs: by its schema, alike for alike runs, and without an end where the
# run has none. One directory has the results of one run.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path getcwd);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $suite = 'tests/suites/verdicts.yaml';
my $schema = decode_json((run_command($nsconform, 'schema', 'results'))[0]);
my $json = JSON::PP->new->canonical;

sub run_to {
	my ($to, @args) = @_;
	return run_command($nsconform_test, 'run', '--output', "$dir/$to", @args);
}

sub cells { return map { decode_json($_) } split /\n/, slurp("$dir/$_[0]/cells.jsonl") }
sub run_of { return decode_json(slurp("$dir/$_[0]/" . ($_[1] // 'run.json'))) }

# Without what may differ between two runs of the same thing.
sub constant {
	my ($kind, $record) = @_;
	my $fields = $schema->{definitions}{$kind}{properties};
	my %same = map { $_ => $record->{$_} } grep { !$fields->{$_}{'x-varies'} } keys %$record;
	return $json->encode(\%same);
}

run_to($_, $suite) for qw(one two);
my ($one, $two) = map { [sort map { constant('cell', $_) } cells($_)] } qw(one two);
is scalar(@$one), 13, 'a record for each cell';
is_deeply $one, $two, 'two runs of the same thing have equal records';
my ($first, $second) = map { run_of($_) } qw(one two);
isnt $first->{run}, $second->{run}, 'under ids of their own';
is_deeply [grep { $_->{run} ne $first->{run} } cells('one')], [], 'which each cell has';
delete @$_{qw(command)} for $first, $second; # the directory is in it
is constant('run', $first), constant('run', $second), 'and so have the runs themselves';
is $first->{state}, 'complete', 'a run that did all of its plan';
is $first->{exit_status}, is_root ? 1 : 4, 'and its exit status';
is $first->{plan_cells}, 13, 'the size of the plan';
my %by;
$by{$_->{verdict}}++ for cells('one');
is_deeply { map { $_ => $first->{totals}{$_} } keys %by }, \%by, 'the totals are those of the cells';
ok $first->{ended} ge $first->{started}, 'it ended after it began';

# However suites and program are called: what names them alone is left out of the comparison.
{
	my $cwd = getcwd;
	my ($out, $err) = run_command('env', '-C', '/', "NSCONFORM_DATA=$cwd", abs_path($nsconform_test), 'run', '--output', "$dir/far", "$cwd/suites/uts/hostname.yaml");
	is $err, '', 'called from elsewhere';
	run_to('near', 'suites/uts/hostname.yaml');
	run_to('named', 'uts.hostname');
	my ($far, $near, $named) = map { [sort map { constant('cell', $_) } cells($_)] } qw(far near named);
	is_deeply $far, $near, 'called by absolute paths from elsewhere: equal records';
	is_deeply $named, $near, 'and by a name';
	is_deeply [grep { $_->{at} !~ m{^suites/uts/hostname\.yaml:\d+$} } cells('far')], [], 'which have the suite\'s path below its root';
	my ($header) = map { decode_json($_) } slurp("$dir/far/traces/uts.hostname.jsonl") =~ /\A(.*)\n/ if is_root;
	is $header->{file}, 'suites/uts/hostname.yaml', 'and so do its traces' if $header;
	run_command($nsconform_test, 'run', '--output', "$dir/absolute", abs_path($suite));
	is_deeply [sort map { constant('cell', $_) } cells('absolute')], $one, 'a suite of one\'s own';
	like((run_command($nsconform, 'report', 'junit', "$dir/far"))[0], qr/<testcase [^>]* file="suites\/uts\/hostname\.yaml" line="\d+"/, 'and so do reports');
}

my ($passed) = grep { $_->{verdict} eq 'pass' && $_->{kind} eq 'cell' } cells('one');
SKIP: {
	skip 'needs root: the cells of this suite are privileged', 6 unless $passed;
	like $passed->{started}, qr/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/, 'a cell began';
	like $passed->{took_ns}, qr/^\d+$/, 'and took some, in nanoseconds';
	is $passed->{attempt}, 1, 'in the first attempt';
	my ($failed) = grep { $_->{verdict} eq 'fail' && exists $_->{field} } cells('one');
	like $failed->{at}, qr/verdicts\.yaml:\d+$/, 'a failure: where';
	ok defined $failed->{$_}, "and $_" for qw(expected seen);
}
my ($skipped) = grep { $_->{verdict} eq 'skip' } cells('one');
is $skipped->{attempt}, 0, 'a skip was not tried';
ok !exists $skipped->{started}, 'and never began';
like $skipped->{again}, qr/^\Q$nsconform_test\E run --suites \Q$suite\E \Q$skipped->{cell}\E$/, 'how it is run again';

SKIP: {
	skip 'python3-jsonschema is not installed', 1 if system('python3 -c "import jsonschema" 2>/dev/null');
	my $check = <<~'EOF';
		import json, sys, jsonschema
		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft7Validator.check_schema(schema)
		for file in sys.argv[2:]:
		    for line in open(file):
		        jsonschema.Draft7Validator(schema).validate(json.loads(line))
		EOF
	spew("$dir/schema.json", $json->encode($schema));
	my ($out, $err, $rc) = run_command('python3', '-c', $check, "$dir/schema.json",
		map { ("$dir/$_/cells.jsonl", "$dir/$_/run.json") } qw(one two));
	is $rc, 0, 'cells and runs fit the schema' or diag $err;
}

# One directory, one run.
my $before = slurp("$dir/one/cells.jsonl");
for my $again (['a second run', $suite], ['a part', '--part', $suite]) {
	my ($what, @args) = @$again;
	my ($out, $err, $status) = run_to('one', @args);
	is $status, 2, "$what is refused";
	like $err, qr/\Ansconform: \Q$dir\E\/one has results of .* already: .*\n\z/, 'in one line';
	is $out, '', 'before anything runs';
}
is slurp("$dir/one/cells.jsonl"), $before, 'and nothing is added';
run_to('parts', '--part', '--suites', $suite, "tests.verdicts.$_") for qw(passes skips);
for my $id ('tests.verdicts.passes', 'tests.verdicts.skips') {
	my $run = run_of('parts', "parts/$id.json");
	is $run->{plan_cells}, scalar(grep { $_->{scenario} eq $id && $_->{run} eq $run->{run} } cells('parts')),
		"a part has a record of its own: $id";
}
is((run_to('parts', '--part', '--suites', $suite, 'tests.verdicts.skips'))[2], 2, 'the same part again is refused');
is((run_to('parts', $suite))[2], 2, 'and so is a run of its own');
# A line without an end is what a run was killed over; what is missing may have failed.
for (['its last line is cut', sub { $_[0] =~ s/.\n\z//r }], ['a line is lost', sub { $_[0] =~ s/^.*\n//r }],
	['a line is there twice', sub { $_[0] =~ s/^(.*\n)/$1$1/r }]) {
	my ($what, $change) = @$_;
	system('rm', '-rf', "$dir/short");
	system('cp', '-r', "$dir/parts", "$dir/short");
	spew("$dir/short/cells.jsonl", $change->(slurp("$dir/short/cells.jsonl")));
	my ($out, $err, $status) = run_command($nsconform, 'summary', "$dir/short");
	is $status, 3, "$what: no success" or diag $out;
	like $err, qr/^nsconform: \Q$dir\E\/short: there are records of \d+ cells, and \d+ were planned$/m, 'which it says';
	is((run_command($nsconform, 'compare', "$dir/parts", "$dir/short"))[2], 3, 'and so does compare');
}
mkdir "$dir/old";
spew("$dir/old/cells.jsonl", qq({"cell": "a.b", "verdict": "known", "reason": "some-issue"}\n));
is((run_to('old', $suite))[2], 2, 'results of before there was run.json are kept, too');
my ($out, $err, $status) = run_command($nsconform, 'summary', "$dir/old");
is $status, 0, 'and can be read';
is $err, '', 'without a complaint';

# A run that was killed says so by having no end.
my $pid = fork // die "fork: $!";
if (!$pid) {
	open STDOUT, '>', "$dir/out" or die;
	open STDERR, '>', "$dir/err" or die;
	exec $nsconform_test, 'run', '-j1', '--time-factor', '1', '--output', "$dir/killed", 'tests/suites/trouble.yaml' or exit 127;
}
ok await_child($pid, sub { -s "$dir/killed/run.json" && -s "$dir/killed/cells.jsonl" }) || -s "$dir/killed/run.json", 'a run is under way';
kill 'KILL', $pid;
waitpid $pid, 0;
SKIP: {
	skip 'it was over before it was killed', 4 unless $? & 127;
	is run_of('killed')->{state}, 'running', 'a run that was killed has no end';
	($out, $err, $status) = run_command($nsconform, 'summary', "$dir/killed");
	like $err, qr/killed\/run\.json: the run has no end: it was killed, or goes on/, 'summary says so';
	isnt $status, 0, 'and that it is no success';
	like((run_command($nsconform, 'matrix', "$dir/killed", "$dir/one"))[0], qr/^# killed: .*the run has no end/m, 'and so does matrix');
}
make_path("$dir/cut");
spew("$dir/cut/cells.jsonl", qq({"cell": "a.b", "verdict": "pass"}\n));
spew("$dir/cut/run.json", '');
is((run_command($nsconform, 'summary', "$dir/cut"))[2], 3, 'killed when it had just begun: what passed is no success');
spew("$dir/cut/run.json", qq({"nsconform_results": 9}\n));
($out, $err, $status) = run_command($nsconform, 'summary', "$dir/cut");
is $status, 2, 'another version of the format';
like $err, qr/the results are of version 9, and this nsconform reads version 1/, 'is said';
# Whatever a directory is called, and whatever stands in it.
make_path("$dir/odd [x]*");
spew("$dir/odd [x]*/cells.jsonl", '');
spew("$dir/odd [x]*/run.json", $json->encode({ nsconform_results => 1, run => 'r', state => 'running', version => '0', command => [], selection => [], plan_cells => 1, plan_sha256 => '0' x 64, started => '' }));
spew("$dir/odd [x]*/run.attempts", qq({"cell": "a.b.c", "verdict": "fail", "message": "no \xf3\xa0\x81\x81"}\n{"cell": "a.b.d", "verd));
($out, $err, $status) = run_command($nsconform, 'summary', "$dir/odd [x]*");
like $out, qr/^FAIL   a\.b\.c\n       no \\xF3\\xA0\\x81\\x81\n(?:.*\n)*^# Totals: pass:0 fail:1 /m, 'attempts are found, and read up to where they are torn';
spew("$dir/odd [x]*/run.attempts", "nothing\n");
($out, $err, $status) = run_command($nsconform, 'summary', "$dir/odd [x]*");
is $status, 2, 'attempts that are none';
like $err, qr/^\Q$dir\E\/odd \[x\]\*\/run\.attempts:1:1: not a cell's record$/m, 'are named';
run_to('fast', '--fail-fast', '-j1', $suite);
is run_of('fast')->{state}, 'interrupted', 'a run that ended before its plan' if is_root;
done_testing;
