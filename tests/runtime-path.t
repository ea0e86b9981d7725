#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# --runtime-path: the runtime that was just built, by the file of the one that is known.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

# A moat has a /tmp of its own, in which such a file is still found.
my $dir = tempdir(CLEANUP => 1, TMPDIR => 1);
chmod 0755, $dir;

# A launcher that tells how it was called, whether it could damage itself, and then fails.
my $built = "$dir/built=7";
my $shell = '#!/bin/sh';
spew($built, "$shell\n" . <<'EOF');
case $1 in
--version) [ -w "$0" ] && echo "mine 0.0.1" || echo "mine 7.8.9"; exit 0 ;;
esac
echo "I am $0, and was given $*" >&2
exit 9
EOF
chmod 0755, $built;
spew("$dir/file.yaml", slurp('fixtures/runtimes/runc.yaml')
	=~ s/^programs:.*/programs: [absent-launcher, sh]/mr
	=~ s/^version:.*/version: {argv: [absent-launcher, --version], matches: 'mine ([0-9.]+)'}/mr
	=~ s/^launch: \[runc,/launch: [absent-launcher,/mr =~ s/\[runc, --root/[absent-launcher, --root/gr);

my ($out, $err, $status) = run_command($nsconform, 'runtime', "$dir/file.yaml");
like $out, qr/^runc +- +not here: no absent-launcher in PATH/m, 'the launcher is not there';
for my $given ($built, "absent-launcher=$built") {
	($out, $err, $status) = run_command($nsconform, 'runtime', "$dir/file.yaml", '--runtime-path', $given);
	is $status, 0, "$given: exit status" or diag $err;
	like $out, qr/^runc +7\.8\.9 /m, 'it is asked for its version, and cannot write to itself';
}

($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/file.yaml", '--runtime-path', $built,
	'--output', "$dir/out", 'uts.hostname');
is $status, 1, 'run: the launcher fails' or diag $err;
like $out, qr{I am /run/nsconform/programs/absent-launcher, and was given --root}, 'it is the one that was started';
like $out, qr{^  again: ".*--runtime-path .*\Q$built\E}m, 'how to see that again names it';
my $run = decode_json(slurp("$dir/out/run.json"));
is $run->{runtime_version}, '7.8.9', 'its version is in the record';
ok scalar(grep { $_ eq $built } @{$run->{command}}), 'and so is its file';
is slurp($built) =~ tr/\n//, 6, 'it is as it was';

# A box that a known issue keeps from being started does nothing more, and that is no other failure.
SKIP: {
	chomp(my $crun = `command -v crun 2>/dev/null`);
	skip 'no crun', 6 if !$crun;
	my ($row, $only) = ('runtime.files.mount-options-are-effective.nodiratime', "$dir/crun");
	spew($only, "$shell\n" . <<"EOF");
for word; do
	grep -qs nodiratime "\$word/config.json" && echo "no such option" >&2 && exit 1
done
exec $crun "\$@"
EOF
	chmod 0755, $only;
	spew("$dir/known.yaml", <<"EOF");
known:
  - id: mine
    runtime: crun
    cells: [$row]
    symptoms:
      - {actor: box, op: box.launch, field: state, seen: refused}
      - {actor: box, op: box.launch, field: new, seen: []}
    since: "0.1"
    link: https://example.com/1
    reference: made up
    evidence: made up
EOF
	my @run = ('run', '--runtime', 'crun', '--runtime-path', $only, $row);
	($out, $err, $status) = run_command($nsconform, @run);
	like $out, qr/^not ok 1 \Q$row\E # box box\.launch: state is "refused"/m, 'a box that is not started';
	is $status, 1, '... fails the run' or diag $err;
	($out, $err, $status) = run_command($nsconform, @run, '--known', "$dir/known.yaml");
	like $out, qr/^not ok 1 \Q$row\E # TODO mine$/m, 'with a known issue that covers the launch';
	like $out, qr/^ok 2 \Q$row\E\.twin\.1$/m, 'its twin';
	is $status, 0, '... and the run' or diag $err;
	spew("$dir/known.yaml", slurp("$dir/known.yaml") =~ s/^.*field: new.*\n//mr);
	like((run_command($nsconform, @run, '--known', "$dir/known.yaml"))[0],
		qr/^not ok 1 .*: beside the known issue mine: new is/m, 'what else the launch shows has to be listed');
}

# What is no program of that runtime's, or no program.
spew("$dir/text", "text\n");
for (
	[['run', 'uts', '--runtime-path', '/bin/sh'], qr/--runtime-path is about --runtime, which is not given/],
	[['runtime', '--runtime-path', '/bin/sh'], qr/about one RUNTIME, and none is given/],
	[['runtime', 'runc', '--runtime-path', "$dir/none"], qr{\Q$dir\E/none: No such file or directory}],
	[['runtime', 'runc', '--runtime-path', "$dir/text"], qr{\Q$dir\E/text: not a file that can be executed}],
	[['runtime', 'runc', '--runtime-path', $dir], qr{not a file that can be executed}],
	[['runtime', 'runc', '--runtime-path', 'runc='], qr/runc=: No such file or directory/],
	[['runtime', 'runc', '--runtime-path', '=/bin/sh'], qr/of its programs none is called : runc/],
	[['runtime', 'runc', '--runtime-path', 'crun=/bin/sh'], qr{fixtures/runtimes/runc\.yaml: .*of its programs none is called crun: runc}],
	[['runtime', 'runc', '--runtime-path', '/bin/sh', '--runtime-path', 'runc=/bin/sh'], qr/runc is given twice/],
) {
	my ($words, $said) = @$_;
	($out, $err, $status) = run_command($nsconform, @$words);
	is $status, 2, "@$words: exit status";
	like $err, $said, '... and why';
	is $out, '', '... and nothing else';
}
done_testing;
