# SPDX-License-Identifier: GPL-2.0-only
# nix-build -E 'with import <nixpkgs> {}; pkgsStatic.callPackage ./packaging/nsconform.nix {}', in the tree or in
# the archive of `make dist`. pkgsStatic, as the program is static: its C library is musl.
{ lib, stdenv, bzip2, libarchive, libcap, libnl, libyaml, lz4, musl-fts, perl, uthash, xz, zlib, zstd, src ? ../. }:

stdenv.mkDerivation {
  pname = "nsconform";
  version = builtins.head (builtins.match ".*\nVERSION := ([0-9.]+)\n.*" (builtins.readFile "${src}/Makefile"));
  inherit src;

  nativeBuildInputs = [ perl ];
  buildInputs = [ bzip2 libarchive libcap libnl libyaml lz4 uthash xz zlib zstd ] ++ lib.optional stdenv.hostPlatform.isMusl musl-fts;

  # What nixpkgs calls the compiler of a static package.
  makeFlags = [
    "V=1"
    "prefix=$(out)"
    "CC=${stdenv.cc.targetPrefix}cc"
    "CPPFLAGS=-isystem${lib.getDev libnl}/include/libnl3"
  ];
  buildFlags = [ "all" "man" ];
  enableParallelBuilding = true;
  postPatch = "patchShebangs tools tests";
  doCheck = true;
  checkTarget = "test";
  checkFlags = [ "TESTS=tests/load.t tests/judge.t tests/help.t tests/completion.t" ];

  meta = {
    description = "Conformance suite for Linux namespaces";
    homepage = "https://example.org/nsconform";
    license = lib.licenses.gpl2Only;
    platforms = lib.platforms.linux;
    mainProgram = "nsconform";
  };
}
