#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What packages are made of: one version, one list of files, and an archive that is always the same and builds.
use strict;
use warnings;
use lib 'tests/lib';
use File::Path qw(make_path);
use File::Spec::Functions qw(rel2abs);
use NSC;
use Test::More;

my $root = scratch_dir();
my $build = $ENV{BUILD} // 'build';
my ($version) = slurp('Makefile') =~ /^VERSION := (\S+)$/m;
my ($released) = slurp('Makefile') =~ /^RELEASED := (\S+)$/m;

sub have { return !system "command -v $_[0] >/dev/null 2>&1" }
sub make { return run_command('make', '-s', "BUILD=$build", @_) }

is((run_command($nsconform, '--version'))[0], "nsconform $version\n", 'the version of the program');
like slurp('docs/NEWS.md'), qr/\A# News\n\n## \Q$version\E \(\Q$released\E\)\n/, '... is that of the news, with its day';
like slurp('debian/changelog'), qr/\Ansconform \(\Q$version\E\) /, '... and of the Debian package';

# Files below /usr, by package.
# Where it is installed is compiled in, and the program under test stays as it is: the prefix is that of the build.
my (undef, $err, $status) = make("DESTDIR=$root/installed", 'install');
is "$status $err", '0 ', 'make install';
my @installed = map { s/^\Q$root\E\/installed(?:\/usr\/local\b)?//r =~ s/^(?!\/usr\/)/\/usr/r } sort split /\n/, (run_command('find', "$root/installed", '!', '-type', 'd'))[0];

# The files that no line of a list has, or more than one.
sub unlisted {
	my @lists = @_;
	return grep { my $file = $_; 1 != grep { $file =~ $_ } @lists } @installed;
}

my @deb = split /\n/, slurp('debian/nsconform.install');
push @deb, map { (split)[0] } split /\n/, slurp('debian/nsconform-doc.install');
is_deeply [unlisted(map { qr{^/\Q$_\E(?:/|$)} } @deb)], [], 'each is in one Debian package';

my $spec = slurp('packaging/nsconform.spec.in');
my %macros = (_bindir => '/usr/bin', _datadir => '/usr/share', _mandir => '/usr/share/man', _docdir => '/usr/share/doc', name => 'nsconform');
my @rpm = map { s/%\{(\w+)\}/$macros{$1} \/\/ die $1/ger } $spec =~ /^(%\{\w+\}\S+)$/mg;
is_deeply [unlisted(map { my $line = join '[^/]*', map { quotemeta } split /\*/, $_, -1; qr{^$line(?:/|$)} } @rpm)], [], 'each is in one RPM';
is_deeply [grep { my $line = $_ =~ s/\*.*//r; !grep { /^\Q$line\E/ } @installed } @rpm], [], '... which has nothing else';

# abuild has rules for these subpackages.
my $apk = slurp('packaging/APKBUILD.in');
my ($sub) = $apk =~ /^subpackages="(.*)"$/m;
is_deeply [sort map { s/\$pkgname-//r } split ' ', $sub], [qw(bash-completion doc fish-completion zsh-completion)], 'subpackages of Alpine';

# Builders are ordinary users: the tests that packages run as they are built pass for these, too, and leave nothing.
my %run = map { $_ => (slurp($_) =~ /\bTESTS='?([^'"]+)/)[0] } 'debian/rules', map { "packaging/$_" } qw(nsconform.spec.in APKBUILD.in nsconform.nix);
my $tests = $run{'debian/rules'};
is_deeply \%run, { map { $_ => $tests } keys %run }, 'all packages run the same tests';
SKIP: {
	my @nobody = is_root ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();
	skip 'an ordinary user cannot read this tree', 2 if system @nobody, 'test', '-r', rel2abs('Makefile'), '-a', '-x', rel2abs($nsconform);
	mkdir "$root/tmp" and chmod 01777, $root, "$root/tmp" or die "$root/tmp: $!";
	local @ENV{qw(BUILD TMPDIR HARNESS_RULESFILE)} = ($build, "$root/tmp", 'tests/rules.yaml');
	my ($out, $err, $status) = run_command(@nobody, 'prove', '--norc', split ' ', $tests);
	is $status, 0, '... which pass for an ordinary user' or diag "$out$err";
	is_deeply [glob "$root/tmp/*"], [], '... and leave nothing';
}

# Libraries that they are built with are what `make deps` installs.
my %deps = slurp('tools/deps') =~ /^(\w+)_build='(.*)'$/mg;
my %asked = (
	apt => [slurp('debian/control') =~ /^ ([\w-]+),$/mg],
	'dnf zypper' => [$spec =~ /^BuildRequires: +(\S+)$/mg],
	apk => [split ' ', ($apk =~ /^makedepends="([^"]*)"/m)[0]],
);
for my $managers (sort keys %asked) {
	my %known = map { $_ => 1 } map { split ' ', $deps{$_} } split ' ', $managers;
	my @libraries = grep { /-(?:dev|devel|static)$/ } @{$asked{$managers}};
	cmp_ok scalar @libraries, '>', 4, "$managers: libraries";
	is_deeply [grep { !$known{$_} } @libraries], [], '... which tools/deps has, too';
}

# Whoever builds is asked for every library that is linked; a static one may have a package of its own.
my %library = (yaml => qr/yaml/, cap => qr/libcap/, 'nl-3' => qr/libnl/, archive => qr/libarchive/, lzma => qr/xz|lzma/, zstd => qr/zstd/, lz4 => qr/lz4/, bz2 => qr/bz(?:ip)?2/,
	z => qr/zlib/);
my @linked = (slurp('Makefile') =~ /^LIBS = (.*)$/m)[0] =~ /-l(\S+)/g;
my $nix = slurp('packaging/nsconform.nix');
my %lists = (
	(map { ("tools/deps, $_" => $deps{$_}) } keys %deps),
	'debian/control' => slurp('debian/control') =~ s/^Standards-Version.*//msr,
	'Built-Using' => (slurp('debian/rules') =~ /^libraries = (.*)$/m)[0],
	'the spec' => join(' ', @{$asked{'dnf zypper'}}),
	'the APKBUILD' => join(' ', @{$asked{apk}}),
	'Nix, arguments' => ($nix =~ /^\{ lib, (.*) \}:$/m)[0],
	'Nix, inputs' => ($nix =~ /^  buildInputs = \[ (.*?) \]/m)[0],
);
for my $where (sort keys %lists) {
	my @words = split /[\s,]+/, $lists{$where};
	is_deeply [grep { my $re = $library{$_} // die "-l$_ is not in this table\n"; !grep { /^(?:lib)?$re/ } @words } @linked], [],
		"$where: every library";
}

# Lintian knows libraries by what stands in them: one that is linked in anew wants a line.
SKIP: {
	skip 'install lintian and dpkg-dev', 2 if !have('lintian') || !have('dpkg-deb');
	my $deb = "$root/deb";
	make_path("$deb/$_") for qw(DEBIAN usr/bin usr/share/lintian/overrides);
	spew("$deb/DEBIAN/control", "Package: nsconform\nVersion: $version\nArchitecture: all\nMaintainer: nobody <nobody\@example.org>\nDescription: none\n");
	run_command('cp', $nsconform, "$deb/usr/bin/nsconform");
	# As in a package, without symbols.
	run_command('strip', "$deb/usr/bin/nsconform");
	spew("$deb/usr/share/lintian/overrides/nsconform", slurp('debian/nsconform.lintian-overrides'));
	my ($out, $err, $status) = run_command('dpkg-deb', '--root-owner-group', '--build', $deb, "$root/nsconform.deb");
	is $status, 0, 'a package of the program' or diag "$out$err";
	local $ENV{LC_ALL} = 'C.UTF-8';
	($out) = run_command('lintian', '--allow-root', '--tags', 'embedded-library,statically-linked-binary,mismatched-override', "$root/nsconform.deb");
	is $out, '', '... in which lintian finds no library that is not on the list, and all that are';
}

SKIP: {
	skip 'install nix-bin', 1 if !have('nix-instantiate');
	local @ENV{qw(NIX_STATE_DIR NIX_STORE_DIR)} = ("$root/nix", "$root/nix/store");
	my $arguments = join ' ', map { "$_ = \"$_\";" } qw(bzip2 libarchive libcap libyaml lz4 musl-fts perl uthash xz zlib zstd);
	my ($out, $err) = run_command('nix-instantiate', '--eval', '-E', "(import ./packaging/nsconform.nix { $arguments src = toString ./.;
		libnl = \"nl\"; lib = { getDev = x: x; optional = c: x: [ x ]; licenses.gpl2Only = 1; platforms.linux = 1; };
		stdenv = { mkDerivation = x: x; cc.targetPrefix = \"\"; hostPlatform.isMusl = true; }; }).version");
	is $out, "\"$version\"\n", 'Nix reads the version' or diag $err;
}

# What is missing is named before anything is compiled: here by a compiler that knows no <yaml.h>, and links no libnl.
spew("$root/cc", "#!/bin/sh\nfor a; do case \$a in -lnl-3) exit 1 ;; *.c) ! grep -q yaml.h \$a || exit 1 ;; esac; done\nexec cc \"\$@\"\n");
chmod 0755, "$root/cc";
(undef, $err, $status) = run_command('make', '-s', "BUILD=$root/lacking", "CC=$root/cc", 'all');
is $status, 2, 'without two libraries nothing is built';
like $err, qr/^nsconform: for \Q$root\E\/cc these are not there, as headers and static libraries: libyaml, libnl\./m, '... which are named';
is((run_command('find', "$root/lacking", '-name', '*.o'))[0], '', '... first of all');

SKIP: {
	skip 'this is no clone', 1 if system 'git rev-parse --verify -q HEAD >/dev/null 2>&1';
	my %dist;
	for my $where (qw(one two)) {
		my $dir = "$root/$where";
		(undef, $err, $status) = run_command('git', 'clone', '-q', '--no-hardlinks', '.', $dir);
		is $status, 0, "clone $where" or diag $err;
		my $old = umask($where eq 'one' ? 0002 : 0077);
		local @ENV{qw(TZ LC_ALL)} = $where eq 'one' ? qw(UTC C) : qw(Asia/Tokyo C.UTF-8);
		(undef, $err, $status) = run_command('make', '-s', '-C', $dir, 'BUILD=b', 'dist');
		umask $old;
		is "$status $err", '0 ', 'make dist';
		$dist{$where} = [map { slurp("$dir/b/dist/$_") } "nsconform-$version.tar.gz", 'nsconform.spec', 'APKBUILD'];
	}
	ok $dist{one}[$_] eq $dist{two}[$_], ('the archive', 'the spec', 'the APKBUILD')[$_] . ' is the same elsewhere' for 0 .. 2;
	unlike "@{$dist{one}}[1, 2]", qr/@[A-Z]\w+@/, 'all is filled in';
	my $made = "$root/one/b/dist";
	my $top = "nsconform-$version";
	my @listed = map { s/^\Q$top\E\///r } grep { !/\/$/ } split /\n/, (run_command('tar', 'tzf', "$made/$top.tar.gz"))[0];
	is_deeply [sort @listed], [sort 'packaging/nsconform.spec', split /\n/, (run_command('git', '-C', "$root/one", 'ls-files'))[0]],
		'the archive has the commit, and the spec';

	SKIP: {
		skip 'install rpm', 1 if !have('rpmspec');
		my ($out, $err) = run_command('rpmspec', '-q', '--qf', '%{name}-%{version}\n', "$made/nsconform.spec");
		is $out, "$top\n$top\n" =~ s/nsconform-.*\n\z/nsconform-doc-$version\n/r, 'rpm reads the spec' or diag $err;
		for (['dnf', 0], ['zypper', 1600]) {
			my ($manager, $suse) = @$_;
			my %known = map { $_ => 1 } split ' ', $deps{$manager};
			my ($wants) = run_command('rpmspec', '-q', '--buildrequires', '-D', "suse_version $suse",
				'--without', 'bundled', "$made/nsconform.spec");
			my @wants = split /\n/, $wants;
			cmp_ok scalar @wants, '>', 10, "$manager: the spec wants packages";
			is_deeply [grep { !$known{$_} } @wants], [], '... which tools/deps has';
		}
	}
	SKIP: {
		skip 'install shellcheck', 1 if !have('shellcheck');
		# Its variables are for abuild.
		my ($out) = run_command('shellcheck', '-s', 'sh', '-e', 'SC2034,SC2154', "$made/APKBUILD");
		is $out, '', 'shellcheck has nothing to say about the APKBUILD';
	}

	# Alpine's way, with abuild's variables. Objects travel along where they can, so that little is compiled.
	is((run_command('tar', 'xf', "$made/$top.tar.gz", '-C', $made))[2], 0, 'unpack it');
	make_path("$made/$top/build");
	system('cp', '-a', (grep { -e } map { "$build/$_" } qw(flags libraries lib runner op_list.h syscalls.h)), "$made/$top/build/");
	my $script = 'set -e; . ../APKBUILD; test -d "../$pkgname-$pkgver"; (cd .. && echo "$sha512sums" | grep . | sha512sum -c --quiet); build; package';
	my ($out, $err, $status) = run_command('sh', '-c', "cd '$made/$top' && export pkgdir='$root/pkg' && $script");
	is $status, 0, 'it builds' or diag "$out$err";
	is_deeply [map { s/^\Q$root\E\/pkg//r } sort split /\n/, (run_command('find', "$root/pkg", '!', '-type', 'd'))[0]],
		\@installed, '... and installs the same';
	is((run_command("$root/pkg/usr/bin/nsconform", '--version'))[0], "nsconform $version\n", '... which is this version');
}
done_testing;
