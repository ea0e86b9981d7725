#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Programs of other architectures: on a machine of theirs, and a 32-bit one on a 64-bit kernel.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my ($build) = $nsconform =~ m{(.*)/};
my $dir = tempdir(CLEANUP => 1);
plan skip_all => 'a 32-bit program is no guest' if word_bits() < 64;

# The verdict is in the same form; what was run on is said.
sub judged {
	my ($name, $said, @options) = @_;
	my ($out, $err, $status) = run_command($nsconform, 'vm', '--quick', '--output', "$dir/$name", @options, 'uts.hostname');
	is $status, 0, "$name: exit status" or diag $out, $err;
	like $out, qr/^# Totals: pass:[1-9]\d* fail:0 .* error:0$/m, "$name: totals";
	my $run = decode_json(slurp("$dir/$name/run.json"));
	is $run->{$_}, $said->{$_}, "$name: $_" for sort keys %$said;
}

SKIP: {
	my ($kernel) = glob("$build/cross/arm64/kernel/boot/vmlinuz-*");
	skip 'no arm64 machine here: make check-cross ARCH=arm64', 3
		unless -x "$build/arm64/nsconform" && $kernel && -x "$build/cross/arm64/qemu";
	judged('arm64', {machine => 'aarch64'}, '--arch', 'arm64', '--kernel', $kernel);
}
SKIP: {
	my ($kernel) = glob("$build/kernels/6.12-cloud/boot/vmlinuz-*");
	skip 'no 32-bit program here: make cross ARCH=i386', 5 unless -x "$build/i386/nsconform";
	skip 'no kernel: make deps-kernels', 5 unless $kernel;
	judged('i386', {machine => 'x86_64', word_bits => 32}, '--kernel', $kernel, '--init', "$build/i386/nsconform");
	my ($out) = run_command($nsconform, 'matrix', "$dir/i386");
	like $out, qr/\b32-bit\b/, 'the matrix tells';
}
done_testing;
