#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A box of a cell can be built without nsconform, by what run --export-bundle has written; what cannot be
# exported is refused, by name, and leaves nothing.
use strict;
use warnings;
use lib 'tests/lib';
use JSON::PP;
use NSC;
use Test::More;

my $dir = scratch_dir();
my $suite = 'tests/suites/runtime.yaml';
my $own = bad_runtime('honest');

sub have { return !system("command -v $_[0] >/dev/null 2>&1") }

sub entries { return join ' ', map { s{.*/}{}r } sort glob "$dir/*" }

# What came of exporting: (stdout, stderr, exit status).
sub export {
	my ($to, $runtime, @selection) = @_;
	return run_command($nsconform, 'run', '--runtime', $runtime, '--export-bundle', $to, @selection);
}

# Nothing is written, and one line says why.
sub refused {
	my ($why, $name, @what) = @_;
	my $before = entries();
	my ($out, $err, $status) = export(@what);
	is_deeply [$out, $status], ['', 2], "$name: exit status";
	like $err, $why, "$name: why";
	is scalar(split /\n/, $err), 1, "$name: in one line" or diag $err;
	is entries(), $before, "$name: nothing is left";
}

# A suite file and the name of its scenario, as it is named on the command line.
my @plain = ('--suites', $suite, 'tests.runtime.plain');

my ($out, $err, $status) = export("$dir/box", $own, @plain);
is $status, 0, 'a cell is exported' or diag $err;
is $out, "$dir/box/launch: box inner of tests.runtime.plain\n", 'and it is said what is to be run';
is entries(), 'box', 'to where it was to be';
is_deeply [map { s{.*/}{}r } sort glob "$dir/box/*"], [qw(launch rootfs)], 'script and root directory';
my $launch = slurp("$dir/box/launch");
like $launch, qr/^clean \S+badrt honest \Q$dir\E\/box\/rootfs --new mnt .*--hostname probe .* -- \/nsconform box \S+ [0-9a-f]{16} </m, 'the command';
like $launch, qr/^# The launch has to give: \{state: "started", .*new: \["mnt", "pid", /m, 'what it is to give';
like $launch, qr/^# Of what the process prints there has to be: \{.*hostname: "probe"/m, 'and what its process is to print';
is system('sh', '-n', "$dir/box/launch"), 0, 'it is one of a shell';
ok -x "$dir/box/$_", "$_ can be executed" for qw(launch rootfs/nsconform);
is sprintf('%o', (stat "$dir/box/rootfs/work")[2] & 07777), '777', 'everybody may write to its /work';

refused(qr/^nsconform: \Q$dir\E\/box is there, and not empty: nothing is put into it$/, 'a directory that is not empty', "$dir/box", $own, @plain);
is slurp("$dir/box/launch"), $launch, 'what was there is there';
spew("$dir/file", 'mine');
refused(qr/^nsconform: cannot make \Q$dir\E\/file: Not a directory$/, 'a file', "$dir/file", $own, @plain);
refused(qr/^nsconform: cannot make \Q$dir\E\/no\/box: No such file or directory$/, 'a directory nowhere', "$dir/no/box", $own, @plain);
refused(qr/^nsconform: cannot make \/proc\/box: No such file or directory$/, 'a directory that cannot be made', '/proc/box', $own, @plain);
mkdir "$dir/empty" or die;
is((export("$dir/empty/", $own, @plain))[2], 0, 'an empty directory');
ok -x "$dir/empty/launch", 'is filled';

# Cells of which nothing can be taken out.
refused(qr/^nsconform: --export-bundle takes one cell, and none is selected: `nsconform plan --runtime \Q$own\E` lists those there are$/,
	'a cell of the kernel', "$dir/x", $own, 'uts.hostname.set-is-private.clone3.root');
refused(qr/^nsconform: --export-bundle takes one cell, and these are \d+: tests\.runtime\.plain .* \.\.\.$/, 'several cells', "$dir/x", $own, $suite);
refused(qr/cannot be exported: box inner: what its launcher is to have \(`launcher`\) only the sandbox gives it$/, 'what only the sandbox has',
	"$dir/x", $own, '--suites', $suite, 'tests.runtime.callers.root');
refused(qr/cannot be exported: box inner: its launcher is root of a user namespace of the sandbox$/, 'a launcher without privilege',
	"$dir/x", $own, '--suites', $suite, 'tests.runtime.quiet.user');
is((export("$dir/control", $own, '--suites', $suite, 'tests.runtime.plain.control.uts'))[2], 0, 'a control that is named alone is exported');
unlike slurp("$dir/control/launch"), qr/--new uts/, 'without that namespace';
refused(qr/cannot be exported: .*bad makes no time namespaces|cannot be exported: lacks box\.time/, 'what the runtime cannot build', "$dir/x",
	do { spew("$dir/timeless.yaml", slurp($own) =~ s/^  time: .*/  time: {new: never, host: always}/mr); "$dir/timeless.yaml" },
	'--suites', $suite, 'tests.runtime.mapped.root');
spew("$dir/daemon.yaml", slurp($own) . "daemons: [{argv: [true-as-a-daemon], ready: '\${work}/socket'}]\n");
refused(qr/cannot be exported: box inner: its runtime needs daemons, which are started in the sandbox$/, 'daemons', "$dir/x", "$dir/daemon.yaml", @plain);
is((export("$dir/x", $own, '--suites', $suite, 'tests.runtime.quiet'))[2], 0, 'of root and user root is taken');

# Options that would be lost.
for (['--export-bundle', "$dir/y", 'uts'], ['--runtime', $own, '--export-bundle', "$dir/y", '--output', "$dir/o", @plain]) {
	is((run_command($nsconform, 'run', @$_))[2], 2, "usage error: @$_");
}
ok !-e "$dir/y", 'nothing is written';

# Several boxes have a directory each.
($out) = export("$dir/two", $own, '--suites', $suite, 'tests.runtime.confined.root');
is $out, join('', map { "$dir/two/$_/launch: box $_ of tests.runtime.confined.root\n" } qw(inner few)), 'two boxes';

SKIP: {
	skip 'crun is not installed', 3 unless have('crun');
	is((export("$dir/oci", 'crun', 'runtime.properties.umask-as-asked.strict.root'))[2], 0, 'an OCI runtime\'s');
	my $config = decode_json(slurp("$dir/oci/config.json"));
	is_deeply [$config->{root}{path}, $config->{process}{user}{umask}], ['rootfs', 077], 'its configuration';
	unlike slurp("$dir/oci/config.json") . slurp("$dir/oci/launch"), qr{/run/nsconform}, 'nothing of the sandbox is in there';
}

unless (is_root) {
	diag 'not root: nothing is launched';
	done_testing;
	exit;
}

# Without nsconform, where it can do no harm: mounts and processes of its own.
sub by_hand {
	return run_command('unshare', qw(--mount --pid --fork --kill-child --mount-proc), 'sh', '-c',
		'mount -t tmpfs run /run && exec "$@"', 'sh', @_);
}

# With a cgroup2 hierarchy alone: crun wants no other beside it.
sub with_cgroups {
	return by_hand('unshare', '--cgroup', 'sh', '-c', 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"', 'sh', @_);
}

# The command of a launcher, as a script.
($out, $err, $status) = by_hand("$dir/box/launch");
is $status, 0, 'the script of a launcher builds the box' or diag $err;
my $seen = decode_json($out);
is_deeply [@$seen{qw(hostname cwd umask oom_score_adj)}, $seen->{namespaces}{uts} eq readlink '/proc/self/ns/uts'],
	['probe', '/tmp', 23, 500, !1], 'which is as it was asked for';
($out) = by_hand("$dir/two/few/launch");
is_deeply decode_json($out)->{bounding}, [qw(CHOWN KILL)], 'so is one of several';

# A defect shows outside of the sandbox, too.
is((export("$dir/bad", bad_runtime('ignore-umask'), @plain))[2], 0, 'a box of a runtime with a defect');
($out) = by_hand("$dir/bad/launch");
is decode_json($out)->{umask}, 18, 'is built with it';

SKIP: {
	skip 'crun is not installed', 4 unless have('crun');
	skip 'the cgroup2 hierarchy cannot be written', 4 if (with_cgroups('mkdir', '/sys/fs/cgroup/b0'))[2];
	with_cgroups('rmdir', '/sys/fs/cgroup/b0');
	for my $how (["$dir/oci/launch"], [qw(crun --root), "$dir/state", 'run', '--bundle', "$dir/oci", 'by-hand']) {
		($out, $err, $status) = with_cgroups(@$how);
		is $status, 0, "crun starts it: $how->[0]" or diag $err;
		is eval { decode_json($out)->{umask} }, 077, 'with what the cell asks for';
	}
}
done_testing;
