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
use NSC;
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
);
my @trees = (
	[ 'a build tree', 'arch/x86/boot/bzImage', undef, '.config' ],
	[ 'by its other name', 'arch/x86_64/boot/bzImage', undef, '.config' ],
	[ 'of another architecture', 'arch/arm64/boot/Image', undef, '.config' ],
	[ 'side by side', 'vmlinuz-*', undef, 'config-*' ],
);

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
		put("$at/" . path($layout[$i], $release), $texts[$i]);
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

for my $layout (@packages, @trees) {
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

SKIP: {
	skip 'no dpkg-deb', 3 * @packages + 3 unless grep { -x "$_/dpkg-deb" } split /:/, $ENV{PATH};
	spew("$dir/qemu", "#!/bin/sh\n" . <<"END");
while [ "\$1" != -kernel ]; do shift; done
cat "\$2" > $dir/kernel
cat /proc/self/fd/3 > $dir/initrd
END
	chmod 0755, "$dir/qemu";
	mkdir "$dir/tmp";
	local $ENV{TMPDIR} = "$dir/tmp";
	my @deb = ('vm', '--qemu', "$dir/qemu", '--accel', 'tcg', '-j1', '--deb', "$dir/k.deb", 'uts.hostname');
	my $pack = sub {
		put("$dir/package/DEBIAN/control", "Package: k\nVersion: 1\nArchitecture: all\nMaintainer: x <x\@x>\nDescription: x\n");
		unlink "$dir/k.deb", "$dir/kernel", "$dir/initrd";
		(undef, my $err, my $status) = run_command('dpkg-deb', '-Znone', '-b', "$dir/package", "$dir/k.deb");
		die $err if $status;
	};
	for my $layout (@packages) {
		remove_tree("$dir/package");
		tree("$dir/package", '6.1-a', @$layout);
		$pack->();
		my ($out, $err, $status) = run_command($tool, @deb);
		like $out, qr/^not ok 1 vm\.boot # /m, "a package, $layout->[0]: a machine is started" or diag $err;
		is slurp("$dir/kernel"), 'kernel 6.1-a', 'with its kernel';
		is held(slurp("$dir/initrd"), '6.1-a'), expected($layout), 'and what belongs to it';
	}
	remove_tree("$dir/package");
	put("$dir/package/usr/share/doc/k", '');
	$pack->();
	(undef, $err, $status) = run_command($tool, @deb);
	is $status, 2, 'a package without a kernel';
	like $err, qr/\Ansconform: \S+ holds no kernel .*\n\z/, 'said once';
	is_deeply [glob "$dir/tmp/nsconform*"], [], 'nothing is left of them';
}
done_testing;
