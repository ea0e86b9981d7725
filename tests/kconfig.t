#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The kernel config that cells need is derived from them, and a given config is held against it.
# Golden files: tests/golden/kconfig/*.config with what is said about them; REGOLD=1 rewrites these.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use IO::Compress::Gzip qw(gzip);
use JSON::PP;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);

sub check {
	my ($text, @more) = @_;
	spew("$dir/config", $text);
	return run_command($nsconform, 'kconfig', '--check', "$dir/config", @more);
}

sub missing { return grep { $_->{state} eq 'missing' } @{decode_json($_[0])} }

# The fragment, whole and of a family.
my ($whole, $err, $status) = run_command($nsconform, 'kconfig');
is $status, 0, 'the fragment' or diag $err;
like $whole, qr/^CONFIG_$_=y$/m, "has $_" for qw(TIME_NS VETH NF_TABLES POSIX_MQUEUE CHECKPOINT_RESTORE IO_URING USER_NS);
like $whole, qr/^CONFIG_NETDEVICES=y\n(?s:.*)^CONFIG_VETH=y/m, 'parents come first';
my %times;
$times{$_}++ for $whole =~ /^(CONFIG_\w+)=/mg;
is_deeply [grep { $times{$_} > 1 } keys %times], [], 'nothing stands twice';
is_deeply [grep { !/^(#.*|CONFIG_[A-Z0-9_]+=y|)$/ } split /\n/, $whole], [], 'as merge_config.sh reads it';
my ($uts) = run_command($nsconform, 'kconfig', 'uts');
like $uts, qr/^CONFIG_UTS_NS=y$/m, 'of uts: UTS_NS';
unlike $uts, qr/VETH|TIME_NS/, 'and nothing of others';
($_, $err, $status) = run_command($nsconform, 'kconfig', 'utz');
is $status, 2, 'no such family';
like $err, qr/utz selects nothing/, 'is said';

# Complete, plain and compressed.
my ($out);
($out, $err, $status) = check($whole);
is $status, 0, 'the fragment is complete' or diag $out, $err;
like $out, qr/^# \d+ options: \d+ built in, 0 modules, 0 missing\n\z/, 'and nothing else is said';
gzip(\$whole => \my $compressed);
my ($same) = check($compressed);
is $same, $out, 'gzip makes no difference';
($out, $err, $status) = check(substr $compressed, 0, length($compressed) / 2);
is $status, 2, 'half a gzip file';
is $err, "$dir/config: neither text nor gzip\n", 'is none';

# Modules count, and are told.
(my $modules = $whole) =~ s/=y$/=m/mg;
($out, $err, $status) = check($modules);
is $status, 0, 'modules count';
like $out, qr/^CONFIG_VETH=m: module$/m, 'and are told';
like $out, qr/^# (\d+) options: 0 built in, \1 modules, 0 missing$/m, 'and counted';

# Without TIME_NS just the time namespace goes.
for my $without ("# CONFIG_TIME_NS is not set", "CONFIG_TIME_NS=n", "") {
	(my $text = $whole) =~ s/^CONFIG_TIME_NS=y$/$without/m;
	($out, $err, $status) = check($text, '--json');
	is $status, 1, "without TIME_NS ('$without')";
	is_deeply [map { $_->{option} } missing($out)], ['TIME_NS'], 'just that is missing';
}
my ($time) = missing($out);
cmp_ok scalar(@{$time->{clauses}}), '>', 20, 'clauses are lost';
is_deeply [grep { !/^(time|api|combo|ipc|sec|user|runtime\.time)\./ } @{$time->{clauses}}], [], 'of time, and some that want all kinds';
is_deeply [grep { $_ eq 'uts.names.hostname-isolated' } @{$time->{clauses}}, @{$time->{clauses_in_part}}], [],
	'no clause of UTS';
(my $text = $whole) =~ s/^CONFIG_TIME_NS=y$//m;
($out) = check($text);
like $out, qr/^CONFIG_TIME_NS is missing \(.*ns\.time.*\): cells of \d+ of \d+ scenarios skip, which show\n  /m, 'said';
($text = $whole) =~ s/^CONFIG_(VETH|NET_CORE)=y$//mg;
($out) = check($text, 'net');
like $out, qr/^CONFIG_VETH is missing, as NET_CORE is \(link\.veth/m, 'missing parents are named';
($text = $whole) =~ s/^CONFIG_PROC_FS=y$//mg;
($out) = check($text, 'uts');
like $out, qr/^CONFIG_PROC_FS is missing .* no clause is left$/m, 'the harness cannot do without';

# What is no config.
for my $file (sort glob 'tests/golden/kconfig/*.config') {
	(my $expected = $file) =~ s/config$/err/;
	($out, $err, $status) = run_command($nsconform, 'kconfig', '--check', $file);
	is $status, 2, "$file: exit status";
	is $out, '', "$file: nothing on stdout";
	golden($err, $expected, $file);
}
like slurp('tests/golden/kconfig/garbage.err'), qr/^\S+:\d+:\d+: /, 'with the place';
is((run_command($nsconform, 'kconfig', '--check', "$dir/none"))[2], 2, 'no such file');
is((run_command($nsconform, 'kconfig', '--check', $dir))[2], 2, 'a directory');
is((run_command($nsconform, 'kconfig', '--check'))[2], 2, 'usage');

# Both answers, from the config and from this kernel, agree.
SKIP: {
	skip 'this kernel has no /proc/config.gz', 1 unless -r '/proc/config.gz';
	my ($plan) = run_command($nsconform, 'plan');
	my %skips = map { $_ => 1 } $plan =~ /  # lacks CONFIG_(\w+)$/mg;
	($out) = run_command($nsconform, 'kconfig', '--check', '/proc/config.gz', '--json');
	my %missing = map { $_->{option} => 1 } missing($out);
	is_deeply [grep { !$missing{$_} } sort keys %skips], [], 'what the plan skips for, --check misses';
}
done_testing;
