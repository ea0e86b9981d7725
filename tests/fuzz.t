#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What fuzzing has kept is read without harm, and so are some thousand inputs made of it, always the same: by
# count, and without sanitizers.  `make fuzz` has these, and time.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my $programs = ($ENV{BUILD} // 'build') . '/tests/fuzz';
my $dir = scratch_dir;
my %count = (judge => 300, kconfig => 300, loader => 600, log => 5000, wire => 20000);
my %more = (loader => [glob 'tests/golden/bad/*.yaml tests/golden/known/*.yaml tests/golden/runtimes/*.yaml']);

for my $target (sort keys %count) {
	my @kept = glob "tests/fuzz/corpus/$target/*";
	my $size = 0;

	$size += -s for @kept;
	ok @kept && $size < 256 << 10, "$target: ${\scalar @kept} inputs of $size bytes are kept";
	my ($out, $err, $status) = run_command("$programs/$target-fuzz", "--count=$count{$target}", "--crash=$dir/$target",
		"tests/fuzz/corpus/$target", @{$more{$target} // []});
	is $status, 0, "$target: they do no harm, and no change of them" or diag $err;
	like $out, qr/^\d+ inputs, $count{$target} made of them,/, "$target: all of them";
}
# The driver says what is wrong, and leaves the input.
my ($out, $err, $status) = run_command("$programs/wire-fuzz", '--count=5', "$dir/nowhere");
is "$out$status", '2', 'no such input';
like $err, qr{^\Q$dir/nowhere\E: No such file}, 'is said';
done_testing;
