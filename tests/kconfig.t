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
use Packages qw(has_program);
use Test::More;

my $dir = tempdir(CLEANUP => 1);

# Only a config with its title is a whole one.
my $title = "# Linux/x86 6.12.0 Kernel Configuration\n";

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
my ($uts_fragment) = run_command($nsconform, 'kconfig', 'uts');
like $uts_fragment, qr/^CONFIG_UTS_NS=y$/m, 'of uts: UTS_NS';
unlike $uts_fragment, qr/VETH|TIME_NS/, 'and nothing of others';
($_, $err, $status) = run_command($nsconform, 'kconfig', 'utz');
is $status, 2, 'no such family';
like $err, qr/utz selects nothing/, 'is said';

# Complete, plain and compressed.
my ($out);
$whole = $title . $whole;
($out, $err, $status) = check($whole);
is $status, 0, 'the fragment is complete' or diag $out, $err;
like $out, qr/^# \d+ options: \d+ built in, 0 modules, 0 missing\n\z/, 'and nothing else is said';
gzip(\$whole => \my $compressed);
my ($same) = check($compressed);
is $same, $out, 'gzip makes no difference';
($out, $err, $status) = check(substr $compressed, 0, length($compressed) / 2);
is $status, 2, 'half a gzip file';
like $err, qr/^\Q$dir\E\/config: neither a config, compressed with .*, nor a kernel .*\n\z/, 'is none';

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

# What Kconfig reads as if it were not there is accepted.
for my $how (['carriage returns', sub { s/\n/\r\n/g }], ['a byte order mark before a comment', sub { s/^/\xef\xbb\xbf/ }],
	['blanks at the end', sub { s/=y$/=y \t/mg }], ['a comment at the end', sub { s/=y$/=y # yes/mg }]) {
	my $text = $title . $uts_fragment;
	$how->[1]->() for $text;
	($out, $err, $status) = check($text, 'uts');
	is $status, 0, $how->[0] or diag $out, $err;
}

# Other compressions, and a pipe.
for my $how (['bzip2', '-c'], ['xz', '-c'], ['xz', '--format=lzma', '-c'], ['zstd', '-q', '-c'], ['lz4', '-q', '-c'], ['lz4', '-q', '-l', '-c']) {
	SKIP: {
		skip "no $how->[0]", 1 unless has_program($how->[0]);
		spew("$dir/plain", $title . $uts_fragment);
		spew("$dir/packed", (run_command(@$how, "$dir/plain"))[0]);
		is((run_command($nsconform, 'kconfig', '--check', "$dir/packed", 'uts'))[2], 0, "@$how");
	}
}
is((run_command('sh', '-c', 'cat "$1" | "$2" kconfig --check /dev/stdin uts', 'sh', "$dir/config", $nsconform))[2], 0, 'a pipe');

# A kernel's image: the config between two marks, and what looks like a mark before it.
gzip(\"$title$uts_fragment" => \my $kept);
my $noise = join '', map { pack 'N', ($_ * 2654435761) & 0xffffffff } 1 .. 20000;
# Much of a kernel follows its config: what is compressed last may be lost to what follows that.
my $image = "\x7fELF${noise}IKCFG_ST of nothing${noise}IKCFG_ST${kept}IKCFG_ED" . $noise x 4;
for my $how ([], ['gzip', '-c'], ['bzip2', '-c'], ['xz', '--check=crc32', '--x86', '--lzma2=dict=1MiB', '-c'], ['xz', '--format=lzma', '-c'],
	['zstd', '-q', '-22', '--ultra', '-c'], ['lz4', '-q', '-l', '-c']) {
	SKIP: {
		skip "no $how->[0]", 2 if @$how && !has_program($how->[0]);
		spew("$dir/vmlinux", $image);
		spew("$dir/image", @$how ? "MZ$noise" . (run_command(@$how, "$dir/vmlinux"))[0] . "\x01\x02\x03\x04$noise" : $image);
		($out, $err, $status) = run_command($nsconform, 'kconfig', '--check', "$dir/image", 'uts');
		is $status, 0, "an image: @$how" or diag $out, $err;
		like $out, qr/^# a kernel's image: Linux\/x86 6\.12\.0 Kernel Configuration$/m, 'is told';
	}
}
(my $none = $image) =~ s/IKCFG_ED/IKCFG_EE/;
($out, $err, $status) = check($none, 'uts');
is $status, 2, 'an image without a config';
like $err, qr/CONFIG_IKCONFIG=y/, 'and what it would need';

# A fragment or a defconfig is judged for what it says.
($out, $err, $status) = check("CONFIG_NAMESPACES=y\n", 'uts');
is $status, 0, 'a fragment that is against nothing';
like $out, qr/^# partial, .*--source TREE\n.* 0 missing, \d+ not named\n\z/s, 'is called one';
($out, $err, $status) = check("# CONFIG_UTS_NS is not set\n", 'uts');
is $status, 1, 'a fragment that forbids something';
like $out, qr/^CONFIG_UTS_NS is missing/m, 'which is told';

# Completed by the source of a kernel: make gets what it has to, and its mistake is told.
mkdir "$dir/tree";
spew("$dir/tree/Kbuild", '');
spew("$dir/tree/Makefile", "olddefconfig:\n\t\@test -d \$(O) && cat \$(KCONFIG_CONFIG) $dir/rest > \$(O)/new && mv \$(O)/new \$(KCONFIG_CONFIG)\n");
spew("$dir/rest", $title . $uts_fragment);
($out, $err, $status) = check("CONFIG_UTS_NS=y\n", '--source', "$dir/tree", 'uts');
is $status, 0, 'completed' or diag $out, $err;
unlike $out, qr/partial/, 'it is whole';
spew("$dir/tree/Makefile", "olddefconfig:\n\t\@echo '***'; echo '*** no such thing'; echo more; false\n");
($out, $err, $status) = check("CONFIG_UTS_NS=y\n", '--source', "$dir/tree", 'uts');
is $status, 2, 'make fails';
is $err, "$dir/config: cannot complete it: make olddefconfig: no such thing\n", 'its first line';
is((check("CONFIG_UTS_NS=y\n", '--source', $dir, 'uts'))[2], 2, 'no source of a kernel');

# By another name in newer releases.
for my $case (['7.2.0', 1, 'PROC_SYSCTL is missing'], ['7.3.0', 0, 'PROC_SYSCTL is said by SYSCTL since Linux 7.3']) {
	(my $text = "# Linux/x86 $case->[0] Kernel Configuration\n$uts_fragment") =~ s/^CONFIG_PROC_SYSCTL=y$//m;
	($out, $err, $status) = check($text, 'uts');
	is $status, $case->[1], "without PROC_SYSCTL in $case->[0]";
	like $out, qr/CONFIG_$case->[2]/, 'told';
}

# What distributions' kernels come to: NAME.config is an extract (tools/kconfig-extract) with the options that the
# suite asked about then, NAME.states the reviewed answer, where built-in is not said. Options that neither knows
# are new to the suite.
my ($asked) = run_command($nsconform, 'kconfig', '--json');
my %asked = map { $_->{option} => 1 } @{decode_json($asked)};

sub states {
	my ($file) = @_;
	my ($json, $err, $status) = run_command($nsconform, 'kconfig', '--check', $file, '--json');
	diag $err if $status > 1;
	return map { $_->{option} => $_->{state} . (defined $_->{by} ? ' by ' . ($_->{by} || 'nothing') : '') } @{decode_json($json)};
}

for my $file (sort glob 'tests/golden/kconfig/distributions/*.config') {
	my %states = states($file);
	my $text = slurp($file);
	my %known = map { $_ => 1 } $text =~ /^(?:# )?CONFIG_(\w+)/mg, map { split / / } $text =~ /^# not named: (.*)/mg;
	(my $expected = $file) =~ s/config$/states/;
	delete $states{$_} for grep { !$known{$_} || $states{$_} eq 'built-in' } keys %states;
	if ($ENV{REGOLD}) {
		spew($expected, join '', map { "$_ $states{$_}\n" } sort keys %states);
	}
	my %wanted = slurp($expected) =~ /^(\w+) (.*)/mg;
	delete $wanted{$_} for grep { !$asked{$_} } keys %wanted;
	is_deeply \%states, \%wanted, $file;
}

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
