#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Where packages and trees have a kernel, its modules and its config. Nothing boots: what is
# started instead of qemu keeps what a machine would start with.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd 'getcwd';
use File::Basename 'dirname';
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use IO::Compress::Gzip qw(gzip);
use NSC;
use Packages;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $tool = $nsconform =~ m{^/} ? $nsconform : getcwd() . "/$nsconform";
$ENV{NSCONFORM_DATA} = getcwd();

# Name, files; * is the release. The other release's must not be taken.
my @packages = (
	[ 'old places', 'boot/vmlinuz-*', 'lib/modules/*/kernel/ipv6.ko', 'boot/config-*' ],
	[ 'modules below /usr', 'boot/vmlinuz-*', 'usr/lib/modules/*/kernel/net/ipv6.ko', 'boot/config-*' ],
	[ 'all below /usr', 'usr/lib/modules/*/vmlinuz', 'usr/lib/modules/*/kernel/ipv6.ko', 'usr/lib/modules/*/config' ],
	[ 'all but the config', 'usr/lib/modules/*/vmlinuz', 'usr/lib/modules/*/kernel/ipv6.ko', 'boot/config-*' ],
	[ 'all in /lib', 'lib/modules/*/vmlinuz', 'lib/modules/*/kernel/ipv6.ko', 'lib/modules/*/config' ],
	[ 'no modules', 'usr/lib/modules/*/vmlinuz', undef, 'usr/lib/modules/*/config' ],
	[ 'no config', 'boot/vmlinuz-*', 'lib/modules/*/kernel/ipv6.ko', undef ],
	[ "Fedora's", 'lib/modules/*/vmlinuz', 'lib/modules/*/kernel/net/ipv6/ipv6.ko.xz', 'lib/modules/*/config' ],
	[ "SUSE's", 'usr/lib/modules/*/vmlinuz', 'usr/lib/modules/*/kernel/net/ipv6/ipv6.ko.zst', 'usr/lib/modules/*/config' ],
	[ "SUSE's for aarch64", 'usr/lib/modules/*/Image', 'usr/lib/modules/*/kernel/ipv6.ko.gz', 'usr/lib/modules/*/config' ],
	[ "SUSE's before that", 'boot/Image-*', 'lib/modules/*/kernel/ipv6.ko.lzma', 'boot/config-*' ],
);
my @trees = (
	[ 'a build tree', 'arch/x86/boot/bzImage', undef, '.config' ],
	[ 'by its other name', 'arch/x86_64/boot/bzImage', undef, '.config' ],
	[ 'of another architecture', 'arch/arm64/boot/Image', undef, '.config' ],
	[ 'side by side', 'vmlinuz-*', undef, 'config-*' ],
);

my %compress = (gz => 'gzip', xz => 'xz', lzma => 'lzma', zst => 'zstd');
my @compressed = grep { !defined $_->[2] || $_->[2] !~ /\.ko\.(\w+)$/ || has_program($compress{$1}) } @packages;

sub put {
	my ($path, $text) = @_;
	make_path dirname $path;
	spew($path, $text);
}

sub path {
	my ($pattern, $release) = @_;
	return $pattern =~ s/\*/$release/r;
}

# A tree of that layout; each file says what it is.
sub tree {
	my ($at, $release, undef, @layout) = @_;
	my @texts = ("kernel $release", "\x7fELF" . "\0" x 64 . "module $release", "# config $release\n");
	for my $i (grep { defined $layout[$_] } 0 .. 2) {
		my $path = "$at/" . path($layout[$i], $release);
		my ($suffix) = $path =~ /\.ko(\.\w+)$/;

		# gzip(1) and the others add it.
		put($suffix ? $path =~ s/\Q$suffix\E$//r : $path, $texts[$i]);
		run_command($compress{substr $suffix, 1}, '-qf', $path =~ s/\Q$suffix\E$//r) if $suffix;
	}
}

# What an archive holds of the files of that release: of modules and configs.
sub held {
	my ($archive, $release) = @_;
	return join ' ', grep { index($archive, "$_ $release") >= 0 } qw(module config);
}

sub expected {
	my (undef, undef, $modules, $config) = @{+shift};
	return join ' ', defined $modules ? 'module' : (), defined $config ? 'config' : ();
}

for my $layout (@compressed, @trees) {
	my $at = "$dir/trees/$layout->[0]";
	tree($at, '6.1-a', @$layout);
	# But where files do not say whose they are, there is only one.
	tree($at, '6.1-b', @$layout) if $layout->[1] =~ /\*/;
	my $kernel = "$at/" . path($layout->[1], '6.1-a');
	my @print = ('--qemu', '/bin/true', '--initrd', "$dir/initrd", '--print', 'uts.hostname');
	my (undef, $err, $status) = run_command($tool, 'vm', '--kernel', $kernel, @print);
	is $status, 0, "a tree, $layout->[0]" or diag $err;
	is held(slurp("$dir/initrd"), '6.1-a'), expected($layout), 'what belongs to it is found';
	is held(slurp("$dir/initrd"), '6.1-b'), '', 'and what belongs to another is not';

	my $here = getcwd();
	chdir dirname $kernel or die;
	(undef, $err, $status) = run_command($tool, 'vm', '--kernel', $kernel =~ s{.*/}{}r, @print);
	chdir $here or die;
	is held(slurp("$dir/initrd"), '6.1-a'), expected($layout), 'also from its directory' or diag $err;
}

# What belongs to a build tree is all over it, once "make modules" has listed it.
{
	my $at = "$dir/built";
	my @run = ($tool, 'vm', '--kernel', "$at/arch/x86/boot/bzImage", '--qemu', '/bin/true', '--initrd', "$dir/initrd", '--print', 'uts.hostname');
	put("$at/arch/x86/boot/bzImage", 'kernel');
	put("$at/net/ipv6/ipv6.ko", "\x7fELF" . "\0" x 64 . 'module built');
	for (['', ''], ["net/ipv6/ipv6.o\n", 'module']) {
		my ($order, $held) = @$_;
		put("$at/modules.order", $order);
		my (undef, $err, $status) = run_command(@run);
		is $status, 0, 'a build tree with a list of modules' or diag $err;
		is held(slurp("$dir/initrd"), 'built'), $held, $order ? 'that is not empty' : 'that is empty';
	}
}

# A home directory is not a build tree.
put("$dir/home/vmlinuz-6.1-a", 'kernel');
put("$dir/home/.config/config", '');
my (undef, $err, $status) = run_command($tool, 'vm', '--kernel', "$dir/home/vmlinuz-6.1-a", '--qemu', '/bin/true',
	'--initrd', "$dir/initrd", '--print', 'uts.hostname');
is $status, 0, 'a directory by the name of .config' or diag $err;

# An ELF file with these entries in .modinfo.
sub module {
	my $info = join '', map { "$_\0" } @_;
	my $names = "\0.modinfo\0.shstrtab\0";
	my $section = sub { pack 'L2Q4L2Q2', @_ };
	$names .= "\0" x (-length($info . $names) % 8);
	return pack('a16S2LQ3LS6', "\x7fELF\2\1\1", 1, 62, 1, 0, 0, 64 + length $info . $names, 0, 64, 0, 0, 64, 3, 2)
		. $info . $names
		. $section->((0) x 10)
		. $section->(1, 1, 0, 0, 64, length $info, 0, 0, 1, 0)
		. $section->(10, 3, 0, 0, 64 + length $info, length $names, 0, 0, 1, 0);
}

# What a module needs comes before it, also what it names as the crypto API does.
put("$dir/modules/$_->[0].ko", module(@$_[1 .. $#$_])) for
	[ 'nf_tables', 'license=GPL', 'depends=nfnetlink,libcrc32c' ], [ 'nfnetlink', 'depends=' ],
	[ 'libcrc32c', 'softdep=pre: crc32c sha-512 post: after', 'depends=' ], [ 'crc32c_generic', 'depends=' ],
	[ 'sha_512', 'depends=' ], [ 'after', 'depends=' ];
(undef, $err, $status) = run_command($tool, 'vm', '--kernel', "$dir/home/vmlinuz-6.1-a", '--modules', "$dir/modules", '--qemu', '/bin/true',
	'--initrd', "$dir/initrd", '--print', 'suites/net/netfilter.yaml');
like slurp("$dir/initrd"), qr/\0nfnetlink\ncrc32c_generic\nsha_512\nlibcrc32c\nnf_tables\n\0/, 'the order of modules' or diag $err;

# A damaged one is named; what it might be compressed with is not guessed by its name.
my $whole = '';
gzip(\("\x7fELF" . join '', 1 .. 1000) => \$whole) or die;
for (['cut off', substr($whole, 0, 1000), ".*: is it damaged\\?"], ['none', 'prose', 'no kernel module, .*'],
	["another machine's", "\x7fELF\2\1\1" . "\0" x 11 . "\x08\0" . "\0" x 64, 'is no module for \S+']) {
	my ($name, $text, $why) = @$_;

	remove_tree("$dir/modules");
	put("$dir/modules/ipv6.ko.gz", $text);
	(undef, $err, $status) = run_command($tool, 'vm', '--kernel', "$dir/home/vmlinuz-6.1-a", '--modules', "$dir/modules", '--qemu', '/bin/true',
		'--initrd', "$dir/initrd", '--print', 'uts.hostname');
	is $status, 2, "a module, $name: exit status";
	like $err, qr/\Ansconform: \S+ipv6\.ko\.gz:? $why\n\z/, 'and why, once';
}

# A kernel's file says what it is for, if only to a boot loader: x86's setup header, PE, ELF.
my ($native) = split /\n/, (run_command('uname', '-m'))[0];
sub image { my ($at, $bytes) = (shift, "\0" x 4096); while (my ($offset, $text) = splice @_, 0, 2) { substr($bytes, $offset, length $text) = $text } put($at, $bytes) }
for (['x86_64', 0x202, "HdrS\x0f\x02", 0x236, "\x03\0"], ['i686', 0x202, "HdrS\x0f\x02", 0x236, "\x02\0"],
	['aarch64', 0x3c, "\x40\0\0\0", 0x40, "PE\0\0\x64\xaa"], ['riscv64', 0, "\x7fELF\2\1\1", 18, "\xf3\0"],
	[$native, 0x202, "HdrS\x05\x02"], [$native, 0x3c, "\xff\xff\xff\xff"]) {
	my ($arch, @bytes) = @$_;

	image("$dir/image", @bytes);
	(undef, $err, $status) = run_command($tool, 'vm', '--kernel', "$dir/image", '--qemu', '/bin/true', '--initrd', "$dir/initrd",
		'--print', 'uts.hostname');
	is $status, $arch eq $native ? 0 : 2, "a kernel for $arch";
	like $err, $arch eq $native ? qr/\Ansconform: the initial RAM file system is in \S+\n\z/ :
		qr/\Ansconform: \S+ has a kernel for $arch, which no machine of --arch $native can boot\n\z/, 'and what is said of it';
}

# Packages.
my $tmp = "$dir/tmp";
spew("$dir/qemu", "#!/bin/sh\n" . <<"END");
while [ "\$1" != -kernel ]; do shift; done
cat "\$2" > $dir/kernel
cat /proc/self/fd/3 > $dir/initrd
END
chmod 0755, "$dir/qemu";
mkdir $tmp;
$ENV{TMPDIR} = $tmp;

sub run_packages {
	unlink "$dir/kernel", "$dir/initrd";
	return run_command($tool, 'vm', '--qemu', "$dir/qemu", '--accel', 'tcg', '-j1', (map { ('--package', $_) } @_), 'uts.hostname');
}

sub works {
	my ($name, $layout, @files) = @_;
	my ($out, $err) = run_packages(@files);

	like $out, qr/^not ok 1 vm\.boot # /m, "$name, $layout->[0]: a machine is started" or diag $err;
	is slurp("$dir/kernel"), 'kernel 6.1-a', 'with its kernel';
	is held(slurp("$dir/initrd"), '6.1-a'), expected($layout), 'and what belongs to it';
}

sub refused {
	my ($name, $why, @files) = @_;
	my ($out, $err, $status) = run_packages(@files);

	is $status, 2, "$name: exit status";
	like $err, qr/\Ansconform: $why\n\z/, 'and why, once';
	is $out, '', 'nothing is run';
}

# What makes a package of a tree, and with which compressions.
sub make_tar {
	my ($file, $tree, $program) = @_;
	my (undef, $err, $status) = run_command('tar', '-C', $tree, $program ? "--$program" : (), '-cf', $file, '.');
	die $err if $status;
}
my @makers = (
	[ 'tar', 'tar', \&make_tar, '', grep { has_program($_) } qw(gzip xz lzma zstd) ],
	[ 'deb', 'dpkg-deb', \&make_deb, qw(none gzip xz zstd) ],
	[ 'rpm', 'rpmbuild', \&make_rpm, qw(w.ufdio w6.gzdio w1.bzdio w2.xzdio w3.zstdio) ],
);
for (@makers) {
	my ($kind, $program, $make, @compressions) = @$_;
SKIP: {
	skip "no $program", 1 unless has_program($program);
	for my $layout (@compressed) {
		remove_tree("$dir/package");
		tree("$dir/package", '6.1-a', @$layout);
		$make->("$dir/k.$kind", "$dir/package", $compressions[0]);
		works("a $kind", $layout, "$dir/k.$kind");
	}
	for my $compression (@compressions) {
		$make->("$dir/k.$kind", "$dir/package", $compression);
		works("a $kind compressed with '$compression'", $compressed[-1], "$dir/k.$kind");
	}
	# Two of them, as one kernel's modules have a package of their own.
	remove_tree("$dir/$_") for qw(core modules other);
	my @layout = @{$packages[4]};
	tree("$dir/core", '6.1-a', @layout[0, 1], undef, $layout[3]);
	tree("$dir/modules", '6.1-a', $layout[0], undef, $layout[2]);
	tree("$dir/other", '6.1-b', @layout);
	$make->("$dir/$_.$kind", "$dir/$_", $compressions[0]) for qw(core modules other);
	works("two ${kind}s", \@layout, "$dir/modules.$kind", "$dir/core.$kind");
	works("the same $kind twice", \@layout, "$dir/core.$kind", "$dir/modules.$kind", "$dir/core.$kind");
	refused("two kernels in ${kind}s", "two kernels in \\S+core.$kind, \\S+: 6.1-a and 6.1-b", "$dir/core.$kind", "$dir/other.$kind");
	refused("a $kind without a kernel", "no kernel in \\S+modules.$kind .*", "$dir/modules.$kind");

	remove_tree("$dir/other/lib/modules/6.1-b/vmlinuz");
	$make->("$dir/other.$kind", "$dir/other", $compressions[0]);
	refused("modules for another kernel in a $kind", "the kernel in \\S+core.$kind is 6.1-a, but the modules in \\S+other.$kind are for 6.1-b",
		"$dir/core.$kind", "$dir/other.$kind");

	# Anywhere cut off there is no kernel in it; a bit of text is none at all.
	my $whole = slurp("$dir/core.$kind");
	spew("$dir/cut.$kind", substr $whole, 0, index($whole, 'kernel 6.1-a') + 3);
	refused("a $kind that is cut off", "\\S+cut.$kind: .*: is it damaged\\?", "$dir/cut.$kind");
	spew("$dir/cut.$kind", substr $whole, 0, 40);
	refused("the beginning of a $kind", "\\S+cut.$kind.*", "$dir/cut.$kind");
}
}
SKIP: {
	skip 'no rpmbuild', 3 unless has_program('rpmbuild');
	make_rpm("$dir/k.rpm", "$dir/core", 'w.ufdio');
	spew("$dir/k.rpm", slurp("$dir/k.rpm") =~ s/070701/07070X/r);
	refused("an rpm of rpm's format 6", "\\S+k.rpm is of rpm's format 6, .*", "$dir/k.rpm");
}
SKIP: {
	skip 'no dpkg-deb or ar', 6 unless 2 == grep { has_program($_) } qw(dpkg-deb ar);
	make_deb("$dir/k.deb", "$dir/core", 'none');
	run_command('sh', '-c', 'cd "$0" && ar x k.deb && mv data.tar data.tar.Z && printf x > data.tar.Z && ar rc z.deb debian-binary control.tar data.tar.Z && ar rc no-data.deb debian-binary control.tar', $dir);
	refused('a deb compressed otherwise', '\S+z.deb has no tar archive for data, or not compressed with .*', "$dir/z.deb");
	refused('a deb without data', '\S+no-data.deb is no package: there are no files in it', "$dir/no-data.deb");
}
put("$dir/prose", "no package\n");
refused('no package', '\S+prose is neither a .deb, nor an .rpm, nor a tar archive, or not compressed with .*', "$dir/prose");
put("$dir/nothing", '');
refused('an empty file', '\S+nothing: .*', "$dir/nothing");
refused('what is no file', 'cannot read /dev/null: it is no file', '/dev/null');
refused('what is not there', '--package takes a file that can be read, not \S+: No such file or directory', "$dir/nowhere");
is_deeply [glob "$tmp/nsconform* $tmp/.??*"], [], 'nothing is left of them';
done_testing;
