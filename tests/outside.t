#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# An op that is carried out outside of the cell's arena, where the run itself is.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

plan skip_all => 'needs root: the cell is privileged' unless is_root;

my $dir = scratch_dir;
my ($out) = run_command($nsconform_test, 'run', '--output', "$dir/out", 'tests/suites/outside.yaml');
my ($r) = run_tap($out);
like $r->{'tests.outside.beside-the-actors'} // 'missing', qr/^ok \d+ \S+$/, 'not in the arena, nor in the actor\'s namespace';
my ($own) = readlink('/proc/self/ns/pid') =~ /(\d+)/;
my $traces = join '', map { `gzip -dcf '$_'` } glob("$dir/out/traces/*");
like $traces, qr/"ino": ?$own\b/, 'but in that of the run';
done_testing;
