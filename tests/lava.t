#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Jobs of LAVA: what nsconform export writes, LAVA's own schemas of it, and what a device does with it.
# tools/check-lava has LAVA carry such jobs out.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path);
use File::Path qw(make_path);
use JSON::PP;
use NSC;
use Test::More;

my $dir = scratch_dir();
my @kernel = ('--kernel', '6.12=https://ci/bzImage');
my @root = ('--set', 'ROOT=https://ci/root.cpio.xz');

sub export { return run_command($nsconform, 'export', 'lava', @_) }

# Python's YAML is what LAVA reads jobs with.
my $yaml = !system 'python3 -c "import yaml" 2>/dev/null';
sub read_yaml {
	my ($text) = @_;
	spew("$dir/in.yaml", $text);
	my ($out, $err, $status) = run_command('python3', '-c',
		'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))', "$dir/in.yaml");
	return $status ? die $err : @{decode_json($out)};
}

# A kernel, and all that can be left out.
my ($out, $err, $status) = export(@kernel, @root);
is "$status $err", '0 ', 'a job on stdout';
unlike $out, qr/@[A-Z_]+@|^#:/m, '... in which no placeholder is left';
unlike $out, qr/modules:|no_kvm|SHARD_INDEX: "\d|RUNTIME: "\w/, '... nor what was not given';

# Kernels, runtimes and shards.
($out, $err, $status) = export(@kernel, '--kernel', '6.1=file:///srv/6.1/vmlinuz', '--modules', '6.1=file:///srv/6.1/modules.tar.gz',
	@root, qw(--runtime native --runtime runc --shards 3 --options), '--quick --exclude call:setns', '--tarball',
	'https://ci/nsconform-kselftest-x86_64.tar.xz', '--output', "$dir/jobs", 'uts', 'mnt.prop*');
is "$status $err", '0 ', 'kernels, runtimes and shards';
my @names = map { my $k = $_; map { my $r = $_; map { "$k-$r-$_-of-3" } 1 .. 3 } qw(native runc) } qw(6.12 6.1);
is $out, join('', map { "$dir/jobs/$_.yaml\n" } @names), '... are a job each, whose paths are printed';
my @texts = map { slurp("$dir/jobs/$_.yaml") } @names;
SKIP: {
	skip 'install python3-yaml', 5 unless $yaml;
	my ($job, undef, undef, undef, undef, $last) = map { read_yaml($_) } @texts[6 .. 11];
	my %images = %{$job->{actions}[0]{deploy}{images}};
	is $images{kernel}{url}, 'file:///srv/6.1/vmlinuz', 'the kernel';
	is_deeply $images{ramdisk}{overlays}, {lava => JSON::PP::true,
		modules => {url => 'file:///srv/6.1/modules.tar.gz', compression => 'gz', format => 'tar', path => '/'},
		nsconform => {url => 'https://ci/nsconform-kselftest-x86_64.tar.xz', compression => 'xz', format => 'tar', path => '/opt/nsconform'}},
		'... its modules and nsconform';
	is $images{ramdisk}{compression}, 'xz', '... and its root file system';
	my $definition = sub { $_[0]{actions}[2]{test}{definitions}[0]{repository} };
	is_deeply $definition->($last)->{parameters}, {NAME => '6.1-runc-3-of-3', RUNTIME => 'runc', SHARD_INDEX => '3', SHARD_NUMBER => '3',
		OPTIONS => '--quick --exclude call:setns', SELECTION => 'uts mnt.prop*'}, 'what the device is told';
	my ($own) = read_yaml(slurp('tools/lava/nsconform.yaml'));
	is $definition->($last)->{run}{steps}[0], $own->{run}{steps}[0], '... and what it does: tools/lava/nsconform.yaml';
}

# Templates of one's own.
spew("$dir/own.yaml", "#: A\n#: B=\n#: C=c\n# comment\na: \@A\@\nb: \@B\@\nc: \@C\@ \@KERNEL\@ \@ c\@d\n  d: \@C:compression\@\n");
($out, $err, $status) = export(@kernel, '--template', "$dir/own.yaml", '--set', 'A=x.tgz', '--set', 'C=c.zst');
is $out, "# comment\na: x.tgz\nc: c.zst 6.12 \@ c\@d\n  d: zstd\n", 'settings, and what has none is left out' or diag $err;

# Jobs that could not be are not written.
my @wrong = (
	[[@root], qr/export needs --kernel NAME=URL/, 'no kernel'],
	[['--kernel', 'https://ci/bzImage', @root], qr/--kernel takes NAME=URL/, 'a kernel without a name'],
	[['--kernel', '../x=https://ci/bzImage', @root], qr/--kernel takes NAME=URL/, 'a name that is a path'],
	[['--kernel', '6.12=/boot/vmlinuz', @root], qr/--kernel takes a URL/, 'a kernel that is not at a URL'],
	[[@kernel, @kernel, @root], qr/--kernel 6\.12 is given twice/, 'a kernel twice'],
	[[@kernel, '--modules', '6.1=https://ci/m.tar', @root], qr/--modules 6\.1 is of no --kernel/, 'modules of no kernel'],
	[[@kernel, '--kernel', "6=https://ci/a'b", @root], qr/cannot stand between quotes/, 'a quote'],
	[[@kernel, '--runtime', 'runk', @root], qr/runk/, 'no such runtime'],
	[[@kernel, qw(--runtime runc --runtime runc), @root], qr/--runtime runc is given twice/, 'a runtime twice'],
	[[@kernel, '--runtime', './runc.yaml', @root], qr/--runtime takes native or a name/, 'a file that the device has not'],
	[[@kernel, '--options', '--quik', @root], qr/run has no option --quik, did you mean --quick/, 'no such option'],
	[[@kernel, '--options', '--output x', @root], qr/--output is given twice/, 'an option that the device gives itself'],
	[[@kernel, qw(--shards 2 --options), '--shard 1/2', @root], qr/--shard is given twice/, '... where there are shards'],
	[[@kernel, qw(--runtime native --runtime runc --options), '--runtime crun', @root], qr/--runtime is given twice/, '... and where there are runtimes'],
	[[@kernel, '--options', '--help', @root], qr/--help is none/, 'what judges nothing'],
	[[@kernel, @root, 'utz'], qr/utz/, 'no such selector'],
	[[@kernel, @root, 'suites/no.yaml'], qr/\Asuites\/no\.yaml: no such file or directory\n\z/, 'no such suite'],
	[[@kernel], qr{jobs/qemu\.yaml:\d+:\d+: --set ROOT=VALUE}, 'a setting that has to be given'],
	[[@kernel, @root, '--set', 'ROOM=x'], qr/declares ROOT, .*--set ROOM=x/, 'a setting that there is not'],
	[[@kernel, '--set', 'ROOT'], qr/\A--set: takes NAME=VALUE, not ROOT\n\z/, 'a setting without a value'],
	[[@kernel, @root, '--template', 'qemi'], qr/qemi\.yaml.*cannot be read/, 'no such template'],
	[[@kernel, '--template', 'tests/suites/../../tools/lava/jobs/nothing.yaml'], qr/cannot be read/, 'no such file'],
);
for (@wrong) {
	my ($args, $message, $what) = @$_;
	($out, $err, $status) = export(@$args, '--output', "$dir/none");
	is "$status $out", '2 ', $what;
	like $err, $message, '... is said';
}
($out, $err, $status) = run_command($nsconform, 'export', 'lavva', @kernel);
like $err, qr/there is no engine lavva, did you mean lava\?/, 'no such engine';
spew("$dir/own.yaml", "a: \@NOTHING\@\n");
($out, $err, $status) = export(@kernel, '--template', "$dir/own.yaml");
like $err, qr/own\.yaml:1:4: \@NOTHING\@ is nothing/, 'a placeholder that stands for nothing';
ok !-e "$dir/none", 'nothing is written';

# LAVA's own schemas.
my ($board) = export(@kernel, qw(--template tftp --set DEVICE_TYPE=bcm2711-rpi-4-b --set ROOT=https://ci/root.tar.xz --modules), '6.12=https://ci/m.tar.xz');
SKIP: {
	skip 'install lava-common', 1 if system 'python3 -c "import lava_common.schemas, yaml" 2>/dev/null';
	spew("$dir/jobs/board.yaml", $board);
	my $check = <<~'END';
		import sys, yaml
		from lava_common.schemas import validate, device
		from lava_common.schemas.test import testdef
		for path in sys.argv[1:]:
		    validate(yaml.safe_load(open(path)), strict=True)
		testdef.validate(yaml.safe_load(open("tools/lava/nsconform.yaml")))
		device.validate(yaml.safe_load(open("tools/lava/device.yaml")))
		END
	($out, $err, $status) = run_command('python3', '-c', $check, glob("$dir/jobs/*.yaml"));
	is "$status $err", '0 ', 'jobs, definition and device fit the schemas of lava-common';
}

# What a device does, with shells that devices have, LAVA's commands being files that note their arguments.
sub device {
	my ($name, $shell, $program, %parameters) = @_;
	my $at = "$dir/$name";
	make_path("$at/bin", "$at/opt/nsconform", "$at/cwd");
	symlink $program, "$at/opt/nsconform/nsconform" or die $!;
	for my $command (qw(lava-test-case lava-test-reference curl dmesg)) {
		spew("$at/bin/$command", "#!/bin/sh\necho \"$command \$*\" >>$at/calls\n");
		chmod 0755, "$at/bin/$command";
	}
	my ($definition) = read_yaml(slurp('tools/lava/nsconform.yaml'));
	my %values = (%{$definition->{params}}, DIRECTORY => "$at/opt", NAME => 'job', %parameters);
	# As LAVA writes it.
	spew("$at/run.sh", join('', map { "$_='$values{$_}'\n" } sort keys %values) . "set -ex\ncd $at/cwd\n"
		. join("\n", @{$definition->{run}{steps}}) . "\n");
	local $ENV{PATH} = "$at/bin:$ENV{PATH}";
	local $ENV{NSCONFORM_DATA} = abs_path('.');
	my @said = run_command(@$shell, '-e', "$at/run.sh");
	return (@said, -e "$at/calls" ? slurp("$at/calls") : '');
}

# A program that ends like nsconform run, and has printed each kind of line.
spew("$dir/fake", "#!/bin/sh\n" . <<'END');
for word; do [ "$before" != --output ] || output=$word; before=$word; done
mkdir "$output" && echo "$*" >"$output/arguments"
printf '%s\n' 'TAP version 13' '1..6' '# step 1 failed: x' 'ok 1 a.b.c # time=12ms' 'not ok 2 a.b.d #  it is 1, expected 2 # time=3ms' \
	'ok 3 a.b.e # SKIP needs cap.SYS_ADMIN' 'ok 4 a.b.f # XFAIL an-issue # time=1ms' 'ok 5 a.b.g # XPASS an-issue' \
	'not ok 6 a.b.h # ERROR no answer # time=7ms' '# Totals: pass:1'
exit 1
END
chmod 0755, "$dir/fake";
my @shells = grep { !system "command -v $_->[0] >/dev/null" } ['dash'], ['bash'], ['busybox', 'sh'];
my $expected = <<'END';
lava-test-case a.b.c --result pass --measurement 12 --units ms
lava-test-case a.b.d --result fail --measurement 3 --units ms
lava-test-case a.b.e --result skip
lava-test-case a.b.f --result skip --measurement 1 --units ms
lava-test-case a.b.g --result pass
lava-test-case a.b.h --result unknown --measurement 7 --units ms
lava-test-case nsconform-run --result fail
curl -fsS -T job.tar.gz https://ci/results/job.tar.gz
lava-test-reference nsconform-results --result pass --reference https://ci/results/job.tar.gz
END
SKIP: {
	skip 'install python3-yaml', 1 + 3 * @shells unless $yaml;
	# busybox takes its own dmesg, which would change this machine's console: with UPLOAD none is asked for.
	for my $shell (@shells) {
		my $name = $shell->[0];
		my ($said, $noise, $rc, $calls) = device("fake-$name", $shell, "$dir/fake", SHARD_INDEX => 2, SHARD_NUMBER => 4,
			RUNTIME => 'runc', OPTIONS => '--quick', SELECTION => 'mnt.* uts', UPLOAD => 'https://ci/results');
		is $calls, $expected, "$name: verdicts are results" or diag $noise;
		like $said, qr/^# step 1 failed: x$/m, "$name: the rest stays to be read";
		is slurp("$dir/fake-$name/cwd/job/arguments"),
			"run --format kselftest --output job --no-traces --runtime runc --shard 2/4 --quick mnt.* uts\n", "$name: what is run";
	}
	my (undef, undef, undef, $calls) = device('nothing', ['sh'], "$dir/gone");
	is $calls, "lava-test-case nsconform-run --result fail\n", 'without nsconform nothing is run, which is a failure';
}

# The real one, in two parts: out of what the console has they are put together.
SKIP: {
	skip 'install python3-yaml', 6 unless $yaml;
	my @parts;
	for my $index (1, 2) {
		my ($said, undef, undef, $calls) = device("part$index", ['sh'], abs_path($nsconform), SHARD_INDEX => $index, SHARD_NUMBER => 2,
			NAME => "part$index", SELECTION => 'uts.hostname');
		# As a log has it, and as docs/ci/lava.md says.
		spew("$dir/log", join '', map { qq(- {"lvl": "target", "msg": "$_"}\n) } split /\n/, $said);
		system "sed -n 's/.*<nsconform-results \\([A-Za-z0-9+/=]*\\)>.*/\\1/p' $dir/log | base64 -d | tar -x -z -C $dir";
		ok -s "$dir/part$index/run.json", "the results directory of part $index";
		like $calls, qr/^dmesg -n 1\ndmesg -n \d+\nlava-test-case nsconform-results --result pass\n\z/m, '... between which no kernel message comes';
		push @parts, $calls =~ /^lava-test-case (\S+\.\S+)/mg;
	}
	($out, $err, $status) = run_command($nsconform, 'merge', '--output', "$dir/whole", "$dir/part1", "$dir/part2");
	is "$status $err", '0 ', 'merge';
	my @cells = map { decode_json($_)->{cell} } split /\n/, slurp("$dir/whole/cells.jsonl");
	is_deeply [sort @parts], [sort @cells], 'each cell was a test case';
}
done_testing;
