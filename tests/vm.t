#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Other kernels in virtual machines: one that works, one that dies twice, one that is none.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

my ($build) = $nsconform =~ m{(.*)/};
my ($kernel) = grep { -r } glob("$build/kernels/6.1-cloud/boot/vmlinuz-* build/kernels/6.1-cloud/boot/vmlinuz-*");
my ($qemu) = grep { -x } ("$build/kernels/qemu-system-x86_64", 'build/kernels/qemu-system-x86_64');
plan skip_all => 'no build/kernels: run make deps-kernels' unless $kernel && $qemu;

my @vm = ('vm', '--qemu', $qemu);
my $dir = tempdir(CLEANUP => 1);

my ($out, $err, $status) = run_command($nsconform, @vm, '--kernel', $kernel, '--output', "$dir/r",
	'uts.hostname', 'net.walkthrough');
my ($results, $parser) = run_tap($out);
is $status, 0, 'a selection on 6.1: exit status' or diag $out, $err;
ok !$parser->parse_errors, 'TAP without errors';
is_deeply [grep { $results->{$_} !~ /^ok/ } keys %$results], [], 'nothing failed';
ok $results->{'uts.hostname.set-is-private.clone3.root.control.uts'}, 'controls run';
like $out, qr/^ok \d+ net\.walkthrough\.\S+$/m, 'modules are loaded: no skip for veth';
like slurp("$dir/r/environment.json"), qr/"kernel": "6\.1\./, 'the environment is the guest\'s';
my ($judged, undef, $again) = run_command($nsconform, 'judge', "$dir/r/traces/uts.hostname.jsonl");
is $again, 0, 'its traces can be judged again' or diag $judged;

($out, $err, $status) = run_command($nsconform_test, @vm, '--kernel', $kernel, '-j1', 'tests/suites/panic.yaml');
($results, $parser) = run_tap($out);
is $status, 1, 'two crashes: exit status' or diag $out, $err;
is scalar(keys %$results), 14, 'one line a cell';
is_deeply [sort grep { $results->{$_} =~ /^not ok/ } keys %$results],
	['tests.panic.crashes-alone', 'tests.panic.crashes-beside-others'], 'two cells fail, and no other';
like $out, qr/^  message: "the kernel died: sysrq triggered crash"$/m, 'the verdict says what the kernel said';
like $out, qr/^# kernel log: .*sysrq: Trigger a crash/m, 'with the console';
unlike $out, qr/# SKIP needs a disposable machine/, 'it is a disposable machine';

spew("$dir/zeros", "\0" x 1000000);
($out, $err, $status) = run_command($nsconform, @vm, '--kernel', "$dir/zeros", '--boot-within', '5', 'uts.hostname');
is $status, 1, 'a kernel that does not boot: exit status' or diag $out, $err;
like $out, qr/\ATAP version 13\n1\.\.1\nnot ok 1 vm\.boot\n/, 'one verdict';
like $out, qr/^# console: /m, 'with the console';

($out, $err, $status) = run_command($nsconform, @vm, '--kernel', $kernel, '--initrd', "$dir/i", '--print', 'uts.hostname');
is $status, 0, '--print: exit status' or diag $err;
like $out, qr/^\S*qemu-system-x86_64 .*-kernel \Q$kernel\E -initrd \Q$dir\E\/i -append '.* -- guest' /, 'the command';
ok -s "$dir/i", 'and the archive';
my $first = slurp("$dir/i");
run_command($nsconform, @vm, '--kernel', $kernel, '--initrd', "$dir/i", '--print', 'uts.hostname');
ok $first eq slurp("$dir/i"), 'the archive is reproducible';

is((run_command($nsconform, @vm, 'uts'))[2], 2, 'no --kernel');
is((run_command($nsconform, @vm, '--kernel', '/nowhere', 'uts'))[2], 2, 'no such kernel');
is((run_command($nsconform, 'vm', '--qemu', '/nowhere', '--kernel', $kernel, 'uts'))[2], 2, 'no such qemu');
is((run_command($nsconform, 'guest'))[2], 2, 'guest is for PID 1 alone');
done_testing;
