#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Other kernels in virtual machines: one that works, one that dies twice, one that is none.
use strict;
use warnings;
use lib 'tests/lib';
use Digest::SHA qw(sha256_hex);
use File::Copy 'copy';
use File::Temp qw(tempdir);
use JSON::PP;
use Kcidb;
use File::Path qw(make_path);
use NSC;
use Packages;
use POSIX ();
use Test::More;

my ($build) = $nsconform =~ m{(.*)/};
my ($kernel) = grep { -r } glob("$build/kernels/6.1-cloud/boot/vmlinuz-* build/kernels/6.1-cloud/boot/vmlinuz-*");
my ($qemu) = grep { -x } ("$build/kernels/qemu-system-x86_64", 'build/kernels/qemu-system-x86_64');
plan skip_all => 'a 32-bit program is no guest' if word_bits() < 64;
plan skip_all => 'no build/kernels: run make deps-kernels' unless $kernel && $qemu;

my @vm = ('vm', '--qemu', $qemu);
my $dir = tempdir(CLEANUP => 1);

my ($out, $err, $status) = run_command($nsconform, @vm, '--kernel', $kernel, '--output', "$dir/r",
	'uts.hostname', 'net.walkthrough', 'user.filesystems.overlay-is-mounted-by-root-inside');
my ($results, $parser) = run_tap($out);
is $status, 0, 'a selection on 6.1: exit status' or diag $out, $err;
ok !$parser->parse_errors, 'TAP without errors';
is_deeply [grep { $results->{$_} !~ /^ok/ } keys %$results], [], 'nothing failed';
ok $results->{'uts.hostname.set-is-private.clone3.root.control.uts'}, 'controls run';
like $out, qr/^ok \d+ \Q$_\E\.\S+$/m, "modules are loaded: no skip of $_"
	for 'net.walkthrough', 'user.filesystems.overlay-is-mounted-by-root-inside';
like slurp("$dir/r/environment.json"), qr/"kernel": "6\.1\./, 'the environment is the guest\'s';
my ($judged, undef, $judge) = run_command($nsconform, 'judge', "$dir/r/traces/uts.hostname.jsonl");
is $judge, 0, 'its traces can be judged again' or diag $judged;

# A kernel whose modules are not there: what it would have as one is not its fault.
my $overlay = 'user.filesystems.overlay-is-mounted-by-root-inside';
copy($kernel, "$dir/alone") or die "$dir/alone: $!";
my @alone = ('--kernel', "$dir/alone", '--config', $kernel =~ s{/vmlinuz-}{/config-}r);
my $key = 'net.keys.same-key-twice';
($out, $err, $status) = run_command($nsconform, @vm, @alone, $overlay, $key, 'uts.hostname.set-is-private');
is $status, 0, 'without modules: exit status' or diag $out, $err;
my @overlay = $out =~ /^ok \d+ \Q$overlay\E\.\S+ # (.*)$/mg;
ok scalar(@overlay), 'cells that need one';
is_deeply [grep { $_ ne 'SKIP cannot: no module for CONFIG_OVERLAY_FS' } @overlay], [], 'skip for that reason';
my @key = $out =~ /^ok \d+ \Q$key\E\.\S+ # (.*)$/mg;
is_deeply [sort keys %{{map { $_ => 1 } @key}}], ['SKIP cannot: no module for CONFIG_DNS_RESOLVER'], 'and so do those of a key type';

# One run of cells that end the machine, that spoil it, and that are tried again: boots are what costs here.
my @suites = map { ('--suites', "tests/suites/$_.yaml") } qw(panic spoil verdicts);
($out, $err, $status) = run_command($nsconform_test, @vm, '--kernel', $kernel, '-j1', '--retry', '1', '--output', "$dir/panic", @suites,
	'tests.panic', 'tests.spoil', map { "tests.verdicts.$_" } qw(passes fails skips));
($results, $parser) = run_tap($out);
is $status, 1, 'two crashes: exit status' or diag $out, $err;
my %lines;
$lines{(split /\./)[1]}++ for keys %$results;
is_deeply \%lines, { panic => 14, spoil => 6, verdicts => 3 }, 'one line a cell';
is_deeply [sort grep { $results->{$_} =~ /^not ok/ } keys %$results],
	['tests.panic.crashes-alone', 'tests.panic.crashes-beside-others', 'tests.verdicts.fails'],
	'two cells fail, and no other; nor do those that spoil the machine';
like $out, qr/^  message: "the kernel died: sysrq triggered crash"$/m, 'the verdict says what the kernel said';
like $out, qr/^# kernel log: .*sysrq: Trigger a crash/m, 'with the console';
unlike $out, qr/# SKIP cannot: no disposable machine/, 'it is a disposable machine';
my %panic = map { my $r = decode_json($_); ($r->{cell} => $r) } split /\n/, slurp("$dir/panic/cells.jsonl");
is_deeply [sort grep { exists $panic{$_}{console} } keys %panic], ['tests.panic.crashes-alone', 'tests.panic.crashes-beside-others'],
	'the record of a cell that a crash ended names a console, and no other does';
my @consoles = map { $panic{$_}{console} // () } sort keys %panic;
like slurp("$dir/panic/$_"), qr/sysrq: Trigger a crash/, "$_ has what the kernel said" for @consoles;
isnt $consoles[0], $consoles[1], 'each boot has its own';
like $out, qr/^not ok \d+ tests\.verdicts\.fails # [^\n]*\n(?:.*\n)*# the same in each of 2 attempts$/m, '--retry: what fails is tried again in another boot';
is $panic{'tests.verdicts.fails'}{attempts}[0]{verdict}, 'fail', 'and kept';
is_deeply [grep { exists $panic{$_}{attempts} } sort keys %panic], ['tests.verdicts.fails'], 'a cell in which the kernel crashed is not';
is scalar(() = $out =~ /attempt/g), 1, 'nor said to be';
mkdir "$dir/pages";
for my $case (["$dir/page.html", 'panic/'], ["$dir/panic/page.html", ''], ["$dir/pages/page.html", '../panic/']) {
	my ($page, $before) = @$case;
	run_command('sh', '-c', 'exec "$0" report html "$1" >"$2"', $nsconform, "$dir/panic", $page);
	my $html = slurp($page);
	is_deeply [grep { $html !~ m{<dt>Console</dt><dd><a href="\Q$before$_\E">} } @consoles], [], "$page: the entry of each has a link to it";
	my @linked = $html =~ m{<a href="\Q$before\E(consoles/[^"]+\.log)">}g;
	is_deeply [sort keys %{{map { $_ => 1 } @linked}}], [map { s{.*/(?=consoles/)}{}r } sort glob "$dir/panic/consoles/*"], 'and the run those to all';
}
my $again = $panic{'tests.panic.crashes-alone'}{again};
($out, $err, $status) = run_command('sh', '-c', $again);
is $status, 1, "the command that repeats it: $again" or diag $err;
like $out, qr/^1\.\.1\n.*^not ok 1 tests\.panic\.crashes-alone # /ms, 'does that on the same kernel';

# The setup code (Documentation/arch/x86/boot.rst, setup_sects), and then endless loops (jmp to itself).
my $image = slurp($kernel);
my $setup = (1 + unpack 'C', substr $image, 0x1f1, 1) * 512;
substr($image, $setup) = "\xeb\xfe" x ((length($image) - $setup) / 2);
spew("$dir/loops", $image);
($out, $err, $status) = run_command($nsconform, @vm, '--kernel', "$dir/loops", '-j1', '--boot-within', '1', 'uts.hostname');
is $status, 1, 'a kernel that does not boot: exit status' or diag $out, $err;
like $out, qr/\ATAP version 13\n1\.\.1\nnot ok 1 vm\.boot # the kernel did not start in time, and was ended\n/, 'one verdict';
like $out, qr/^  message: "the kernel did not start in time, and was ended"$/m, 'that says so';
like $out, qr/^# kernel log: \(empty\)$/m, 'with the console';
# The end of the run's time, and a signal, say nothing of a kernel that is not there yet.
($out, $err, $status) = run_command($nsconform, @vm, '--kernel', "$dir/loops", '-j1', '--timeout', '1', '--output', "$dir/over", 'uts.hostname');
is $status, 3, 'the time is over before the kernel has started: exit status' or diag $out, $err;
like $out, qr/\ATAP version 13\n1\.\.1\nnot ok 1 vm\.boot # ERROR the run's time was over before a kernel had started\n/, 'it is broken';
is decode_json(slurp("$dir/over/run.json"))->{state}, 'interrupted', 'and the run is not complete';
ok -e "$dir/over/consoles/machine1-boot1.log", 'the console is kept';
{
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', "$dir/early.tap" or die;
		open STDERR, '>', "$dir/early.err" or die;
		exec $nsconform, @vm, '--accel', 'tcg', '--kernel', "$dir/loops", '-j1', '--boot-within', '3600', '--output', "$dir/early", '--report', "junit:$dir/early.xml", 'uts.hostname' or POSIX::_exit(127);
	}
	ok await_child($pid, sub { (eval { slurp("/proc/$pid/task/$pid/children") } // '') =~ /\d/ }), 'a machine is starting';
	kill 'INT', $pid;
	is await_exit($pid), 130 << 8, 'interrupted before the kernel has started';
	like slurp("$dir/early.tap"), qr/^1\.\.\d+\n(?:#.*\n)*Bail out! Interrupt$/m, 'the plan, and that nothing of it was done';
	is decode_json(slurp("$dir/early/run.json"))->{state}, 'interrupted', 'so does the record';
	like slurp("$dir/early.xml"), qr/name="nsconform\.complete"/, 'and a report';
}
# Nor of one that is silent when the time is over.
($out, $err, $status) = run_command($nsconform_test, @vm, '--kernel', $kernel, '-j1', '--timeout', '20', 'tests/suites/quiet.yaml');
is $status, 3, 'the time is over while a cell runs: exit status' or diag $out, $err;
like $out, qr/^not ok 1 \S+ # ERROR the run's time (?:is|was) over/m, 'it is broken, too';
spew("$dir/prose", "This is no kernel.\n" x 1000);
($out, $err, $status) = run_command($nsconform, @vm, '--kernel', "$dir/prose", 'uts.hostname');
is $status, 3, 'what qemu cannot start says nothing of a kernel: exit status' or diag $out, $err;
like $out, qr/\ATAP version 13\n1\.\.1\nnot ok 1 vm\.boot # ERROR \S.*\n/, 'it is broken';
($out, $err, $status) = run_command($nsconform, @vm, '--kernel', $dir, 'uts.hostname');
is $status, 2, 'a directory';
is $err, "nsconform: --kernel takes a file that can be read, not $dir: it is a directory\n", 'said once';

# Among others on one processor: what is started instead of qemu writes how long it was there, and how long of that it waited.
SKIP: {
	skip 'no /proc/self/schedstat: use a kernel with CONFIG_SCHED_INFO', 2 unless -r '/proc/self/schedstat';
	spew("$dir/spin", "#!$^X\n" . <<'END');
use Time::HiRes 'time';
my $begun = time;
open my $out, '+<', "$ENV{SPIN}" or die;
while (1) {
	open my $in, '<', '/proc/self/schedstat' or die;
	my (undef, $waited) = split ' ', <$in>;
	sysseek $out, 0, 0;
	syswrite $out, sprintf "%12.6f %12.6f\n", time - $begun, $waited / 1e9;
}
END
	chmod 0755, "$dir/spin";
	spew("$dir/spun", '');
	local $ENV{SPIN} = "$dir/spun";
	my ($cpu) = slurp('/proc/self/status') =~ /^Cpus_allowed_list:\s*(\d+)/m;
	my @others = map { my $pid = fork // die "fork: $!"; exec 'taskset', '-c', $cpu, $^X, '-e', 'alarm 300; 1 while 1' unless $pid; $pid } 1 .. 3;
	($out) = run_command('taskset', '-c', $cpu, $nsconform, 'vm', '--qemu', "$dir/spin", '--accel', 'tcg', '-j1', '--kernel', "$dir/prose", '--boot-within', '1', 'uts.hostname');
	kill KILL => @others;
	waitpid $_, 0 for @others;
	like $out, qr/the kernel did not start in time/, 'a machine that never starts is ended';
	# It is ended after a second, and what it had to wait for a processor is not counted.
	my ($there) = split ' ', slurp("$dir/spun");
	cmp_ok $there, '>', 1, 'and had its time nevertheless';
}

($out, $err, $status) = run_command($nsconform, @vm, '--kernel', $kernel, '-j1', '--append', 'rdinit=/nowhere root=/dev/nowhere', 'uts.hostname');
is $status, 1, 'a kernel that finds no first program: exit status' or diag $out, $err;
like $out, qr/^not ok 1 vm\.boot # the kernel died: .*\n  ---\n  message: "the kernel died: VFS: Unable to mount root fs/m, 'the verdict says what the kernel said';
like $out, qr/^# kernel log: .*Kernel panic - not syncing: VFS: /m, 'among its last lines';
($out, $err, $status) = run_command($nsconform, @vm, '--kernel', "$dir/loops", '-j1', '--boot-within', '1', '--format', 'ktap', '--output', "$dir/loops.r", 'uts.hostname');
like $out, qr/\AKTAP version 1\n1\.\.1\n/, 'in the format asked for';
my ($loops) = map { decode_json($_) } slurp("$dir/loops.r/cells.jsonl");
ok -e "$dir/loops.r/$loops->{console}", 'with its console, also where that is empty';
is $loops->{again}, join(' ', $nsconform, @vm, '--kernel', "$dir/loops", '--boot-within', 1), 'and the command that boots it again';
like slurp("$dir/loops.r/cells.jsonl"), qr/\A\{"cell": "vm\.boot", .*"verdict": "fail".*\n\z/, 'and among the results';
like((run_command($nsconform, 'matrix', '--by', 'scenario', "$dir/loops.r"))[0], qr/^vm\.boot /m, 'of which there is a matrix');

($out, $err, $status) = run_command($nsconform, @vm, '--kernel', $kernel, '--initrd', "$dir/i", '--print', 'uts.hostname');
is $status, 0, '--print: exit status' or diag $err;
like $out, qr/^\S*qemu-system-x86_64 .*-kernel \Q$kernel\E -initrd \Q$dir\E\/i -append '.* -- guest' /, 'the command';
ok -s "$dir/i", 'and the archive';
my $first = slurp("$dir/i");
run_command($nsconform, @vm, '--kernel', $kernel, '--initrd', "$dir/i", '--print', 'uts.hostname');
ok $first eq slurp("$dir/i"), 'the archive is reproducible';

# Which of its two channels a guest takes: without modules 6.1 has no driver of the port's.
copy($kernel, "$dir/bare");
for (['the virtio-serial port', $kernel, 1, 0], ['the second UART', "$dir/bare", 0, 1]) {
	my ($name, $which, @boots) = @$_;
	(my $command) = run_command($nsconform, @vm, '--kernel', $which, '--accel', 'tcg', '--initrd', "$dir/i", '--print',
		'uts.hostname.set-is-private.clone3.user');
	is $command =~ s{(?<=id=port,path=)/dev/stdout\b}{$dir/port}, 1, "$name: the command has a port";
	$command =~ s{path=/dev/stderr\b}{path=$dir/console};
	spew("$dir/port", '');
	($out) = run_command('sh', '-c', $command);
	# A NUL is a sign of life.
	is_deeply [map { scalar(() = tr/\0//dr =~ /^(?:boot 6\.1\.|end \d+ )/mg) / 2 } slurp("$dir/port"), $out], \@boots, 'and all lines are on it'
		or diag $out, slurp("$dir/console");
}

# One boot again, of these modules: one as in a build tree, where most of it is for debuggers, and one that the kernel refuses.
my ($veth) = glob($kernel =~ s{/boot/vmlinuz-.*}{/lib/modules/*/kernel/drivers/net/veth.ko}r);
my @modules = ('--kernel', $kernel, '--modules', "$dir/modules");
mkdir "$dir/modules";
spew("$dir/modules/dummy.ko", "\x7fELF" . "\0" x 60);
SKIP: {
	copy($veth, "$dir/modules/veth.ko");
	skip 'no objcopy: install binutils', 2 unless grep { -x "$_/objcopy" } split /:/, $ENV{PATH};
	spew("$dir/text", 'for debuggers alone' x 1000);
	run_command('objcopy', '--add-section', ".debug_info=$dir/text", '--add-section', ".rela.debug_info=$dir/text", $veth, "$dir/modules/veth.ko");
	like slurp("$dir/modules/veth.ko"), qr/for debuggers alone/, 'a module with a section for debuggers';
	run_command($nsconform, @vm, @modules, '--initrd', "$dir/i", '--print', 'net.walkthrough');
	unlike slurp("$dir/i"), qr/for debuggers alone/, 'is in the archive without it';
}
my $rows = "suite: tests/rows\nabout: For tests/vm.t.\nscenarios:\n";
$rows .= <<"END" for 1 .. 8;
  - id: scenario$_
    about: Two variants, of which a kernel without user namespaces for users can run one.
    clauses: [uts.names.hostname-isolated]
    matrix: {as: [root, user]}
    actors: {a: {}}
    steps:
      - a: uts.gethostname
        expect: ok
END
$rows .= <<"END";
  - id: module
    about: It wants a module.
    clauses: [uts.names.hostname-isolated]
    needs: [link.dummy]
    actors: {a: {}}
    steps:
      - a: uts.gethostname
        expect: ok
END
spew("$dir/rows.yaml", $rows);
my @selected = ("$dir/rows.yaml", 'net.walkthrough');
my ($whole) = (run_command($nsconform, 'plan', @selected))[0] =~ /^# (\d+) cells: /m;
($out, $err, $status) = run_command($nsconform, @vm, @modules, '-j1', '--no-traces', '--output', "$dir/vm",
	'--report', "kcidb:$dir/vm.kcidb", '--quick', '--append', 'sysctl.user.max_user_namespaces=0', @selected);
is $status, 0, 'modules of a directory' or diag $out, $err;
($results, $parser) = run_tap($out);
like $out, qr/^ok \d+ net\.walkthrough\.\S+$/m, 'the one with debug sections works' or diag $out, $err;
is scalar(() = $out =~ /^# module dummy could not be loaded: Exec format error$/mg), 1, 'a module that the kernel refuses, said once' or diag $out, $err;
like $out, qr/^# module dummy.*^ok \d+ tests\.rows\.module\S* # SKIP cannot: no module for CONFIG_DUMMY$/ms, 'before the cells that want it';
# Of variants --quick takes one that the guest's kernel can run, which it is asked for.
is_deeply [$out =~ /^ok \d+ (tests\.rows\.scenario\S+)$/mg], [map { "tests.rows.scenario$_.root" } 1 .. 8],
	'--quick skips nothing of which a variant runs there';
my @booted = map { m{/machine(\d+)-boot(\d+)\.log$} ? "$1 $2" : $_ } sort glob "$dir/vm/consoles/*";
is_deeply [grep { my ($machine, $boot) = split; $boot > 1 && !grep { $_ eq join ' ', $machine, $boot - 1 } @booted } @booted], [],
	'each boot has left its console, also the one that chose the variants';
my ($cells, $left) = $out =~ /^# quick: one variant of each row of each scenario, (\d+) cells; (\d+) left out$/m;
is $cells, scalar(keys %$results), 'and says how many are left';
is $left, $whole - $cells, 'and how many are left out';
my $run_record = decode_json(slurp("$dir/vm/run.json"));
is $run_record->{image}, $kernel, 'the record: the image';
is $run_record->{image_sha256}, sha256_hex(slurp($kernel)), 'and its checksum';
like $run_record->{kernel}, qr/^6\.1\./, 'the release is the guest\'s';
is scalar(grep { $_->{attempt} && !$_->{took_ns} } map { decode_json($_) } split /\n/, slurp("$dir/vm/cells.jsonl")), 0,
	'and cells have their times without traces, too';
my $kcidb = check_kcidb(slurp("$dir/vm.kcidb"), 'of a virtual machine');
like $kcidb->{tests}[0]{environment}{comment}, qr/ on 6\.1\..*, virtual machine/, 'the kernel is the guest\'s';

# Interrupted between the first result and the last.
my $pid = open(my $run, '-|', $nsconform, @vm, '--kernel', $kernel, '-j1', 'uts', 'time') or die "fork: $!";
while (<$run>) {
	last if /^ok /;
}
kill INT => $pid;
my $rest = join '', <$run>;
close $run;
is $? >> 8, 130, 'SIGINT: exit status';
like $rest, qr/^Bail out! Interrupt\n# Totals: pass:\d+ /m, 'with totals';

# A qemu that somebody kills, as a host without memory does, is no kernel that died. With several options of
# a boot: a package, a parameter that ends up in front of our word, this architecture by name.
my ($native) = split /\n/, (run_command('uname', '-m'))[0];
my @from = ('--kernel', $kernel);
my ($release) = $kernel =~ m{/vmlinuz-([^/]*)$};
(my $config = $kernel) =~ s{/vmlinuz-}{/config-};
mkdir "$dir/tmp";
$ENV{TMPDIR} = "$dir/tmp";
if (has_program('dpkg-deb')) {
	make_path("$dir/p/boot");
	copy($kernel, "$dir/p/boot/vmlinuz-$release");
	copy($config, "$dir/p/boot/config-$release");
	make_deb("$dir/k.deb", "$dir/p", 'none');
	@from = ('--package', "$dir/k.deb");
}
$pid = open($run, '-|', $nsconform_test, @vm, @from, '--append', 'nokaslr', '--arch', $native, '--init', $nsconform_test, '-j1',
	'tests/suites/qemu.yaml') or die "fork: $!";
my @killed;
while (<$run>) {
	push @killed, $_;
	next unless /^ok 1 /;
	kill KILL => $_ for split ' ', slurp("/proc/$pid/task/$pid/children");
}
close $run;
$out = join '', @killed;
is $? >> 8, 0, 'qemu is killed while cells run, with these options: exit status' or diag $out;
is scalar(() = $out =~ /^ok \d+ tests\.qemu\.\S+$/mg), 8, 'each of them is judged in another machine' or diag $out;

# The same kernel as other distributions have it: each module compressed, and with Fedora in another package.
my %distributions = (
	Fedora => [ 'lib/modules', '.xz', [qw(xz -q --check=crc32)], 'kernel-core', 'kernel-modules-core' ],
	SUSE => [ 'usr/lib/modules', '.zst', [qw(zstd -q --rm)], 'kernel-default', 'kernel-default' ],
);
for my $name (sort keys %distributions) {
	my ($place, $suffix, $compress, @packages) = @{$distributions{$name}};
SKIP: {
	skip "no rpmbuild or $compress->[0]", 5 unless has_program('rpmbuild') && has_program($compress->[0]);
	my ($core, $modules) = map { "$dir/$name/$_/$place/$release" } @packages;
	make_path($core, "$modules/kernel");
	copy($kernel, "$core/vmlinuz");
	copy($config, "$core/config");
	for (map { glob($kernel =~ s{/boot/.*}{/lib/modules/*/kernel/$_}r) } 'drivers/virtio/*.ko', 'drivers/char/*.ko', 'drivers/net/veth.ko', 'net/packet/*.ko') {
		my ($below) = m{/(kernel/.*)/};
		make_path("$modules/$below");
		copy($_, "$modules/$below");
	}
	run_command(@$compress, glob "$modules/kernel/*/*/*.ko");
	is_deeply [glob "$modules/kernel/*/*/*.ko"], [], "$name: all modules are compressed";
	my %files = map { ("$dir/$_.rpm" => "$dir/$name/$_") } @packages;
	make_rpm($_, $files{$_}, 'w3.zstdio') for keys %files;
	my @given = map { ('--package', $_) } sort keys %files;
	($out, $err, $status) = run_command($nsconform, @vm, @given, '-j1', '--quick', '--output', "$dir/$name/r", 'net.walkthrough');
	is $status, 0, 'a kernel of its packages boots' or diag $out, $err;
	is scalar(() = $out =~ /^ok \d+ net\.walkthrough\.\S+$/mg), scalar(() = $out =~ /^(?:not )?ok /mg), 'with its modules: nothing skips';
	my $ran = decode_json(slurp("$dir/$name/r/run.json"));
	is_deeply [@$ran{qw(image image_sha256)}], ["$dir/$packages[0].rpm", sha256_hex(slurp("$dir/$packages[0].rpm"))], 'the record: the package that has the kernel';
	my ($cell) = map { decode_json($_) } split /\n/, slurp("$dir/$name/r/cells.jsonl");
	like $cell->{again}, qr/ \Q@given\E /, 'and all packages are in the command that repeats a cell';
}
}
is_deeply [glob "$dir/tmp/nsconform* $dir/tmp/.??*"], [], 'nothing is left of packages';

is((run_command($nsconform, @vm, '--kernel', $kernel, '--output', '/proc/nowhere/x', 'uts.hostname'))[2], 2,
	'an output directory that cannot be made');
is((run_command($nsconform, @vm, 'uts'))[2], 2, 'no --kernel');
is((run_command($nsconform, @vm, '--kernel', $kernel, '--package', $kernel, 'uts'))[2], 2, 'two kernels');
is((run_command($nsconform, @vm, '--kernel', $kernel, '--accel', 'tgc', 'uts'))[2], 2, 'no such accelerator');
is((run_command($nsconform, @vm, '--kernel', '/nowhere', 'uts'))[2], 2, 'no such kernel');
is((run_command($nsconform, 'vm', '--qemu', '/nowhere', '--kernel', $kernel, 'uts'))[2], 2, 'no such qemu');

# Other architectures.
sub refused {
	my ($name, $like, @args) = @_;
	($out, $err, $status) = run_command($nsconform, @vm, '--kernel', "$dir/prose", @args, 'uts.hostname');
	is $status, 2, "$name: exit status";
	like $err, qr/\A$like\n\z/, 'what is wrong, in a line';
	is $out, '', 'nothing is run';
}
my $foreign = $native eq 'aarch64' ? 'x86_64' : 'aarch64';
refused('no such architecture', 'nsconform: --arch takes one of x86_64, .*, not vax', '--arch', 'vax');
SKIP: {
	my $built = $foreign eq 'aarch64' ? 'arm64' : 'amd64';
	skip "build/$built has its program", 3 if -e "build/$built/nsconform";
	refused('another without its program', "nsconform: --arch $foreign needs --init FILE, .*", '--arch', $foreign);
}
refused('its program is of this one', "nsconform: .* cannot be a guest's only program: .*another architecture.*", '--arch', $foreign, '--init', $nsconform);
refused('its program is none', "nsconform: .* cannot be a guest's only program: it is no ELF file", '--init', 'tests/vm.t');
refused('its program has libraries', "nsconform: .* cannot be a guest's only program: .*shared libraries", '--init', "$nsconform_test-shared");
refused('KVM for another', 'nsconform: --accel kvm is for .*', '--arch', $foreign, '--init', $nsconform, '--accel', 'kvm');

is((run_command($nsconform, 'guest'))[2], 2, 'guest is for PID 1 alone');
done_testing;
