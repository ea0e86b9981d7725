# SPDX-License-Identifier: GPL-2.0-only
# Packages as distributions build them, with their own programs, of trees that tests have made.
package Packages;
use strict;
use warnings;
use Exporter 'import';
use File::Copy qw(move);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use NSC;

our @EXPORT = qw(has_program make_deb make_rpm);

sub has_program {
	my ($name) = @_;
	return scalar grep { -x "$_/$name" } split /:/, $ENV{PATH};
}

sub run_well {
	my ($out, $err, $status) = run_command(@_);
	die "@_: $out$err" if $status;
}

# Compression as dpkg-deb's -Z has it: none, gzip, xz, zstd.
sub make_deb {
	my ($file, $tree, $compression) = @_;

	mkdir "$tree/DEBIAN";
	spew("$tree/DEBIAN/control", "Package: k\nVersion: 1\nArchitecture: all\nMaintainer: x <x\@x>\nDescription: x\n");
	run_well('dpkg-deb', '--root-owner-group', "-Z$compression", '-b', $tree, $file);
	remove_tree("$tree/DEBIAN");
}

# Compression as rpm's %_binary_payload has it: w6.gzdio, w2.xzdio, w3.zstdio, w.ufdio for none.
sub make_rpm {
	my ($file, $tree, $compression) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my %define = (
		_topdir => $dir, _tmppath => $dir, _rpmdir => $dir, _rpmfilename => 'k.rpm', _binary_payload => $compression,
		# Files stay as they are.
		__os_install_post => '%{nil}', debug_package => '%{nil}', _build_id_links => 'none',
	);

	spew("$dir/k.spec", <<"END");
Name: k
Version: 1
Release: 1
Summary: k
License: k
AutoReqProv: no
%description
%install
cp -a "$tree/." "%{buildroot}"
%files
/*
END
	run_well('rpmbuild', '--quiet', '-bb', (map { ('--define', "$_ $define{$_}") } sort keys %define), "$dir/k.spec");
	move("$dir/k.rpm", $file) or die "$file: $!";
}

1;
