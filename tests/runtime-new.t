#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The file of a runtime that nobody has described: what --new begins is valid, says what holds of the
# program, and is taken by validate and --probe as it is; what is wrong with a file is told.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

# Not in /tmp: of that a moat has its own.
my $dir = scratch_dir();
mkdir "$dir/bin" or die "$dir/bin: $!";
$ENV{PATH} = "$dir/bin:$ENV{PATH}";

sub program {
	my ($name, $text) = @_;
	spew("$dir/bin/$name", "#!/bin/sh\n$text");
	chmod 0755, "$dir/bin/$name";
}

# The file for the program, and its text.
sub begun {
	my ($name) = @_;
	my ($out, $err, $status) = run_command($nsconform, 'runtime', '--new', $name);
	is $status, 0, "--new $name" or diag $err;
	is $err, '', 'without a word on stderr';
	my $file = "$dir/" . ($name =~ s{.*/}{by-path-}r) . '.yaml';
	spew($file, $out);
	return ($file, $out);
}

sub is_valid {
	my ($file, $name) = @_;
	my ($out, $err, $status) = run_command($nsconform, 'validate', $file);
	is_deeply [$out, $err, $status], ["1 runtime: valid\n", '', 0], $name;
}

# A launcher with options of its own: of what is executed it only knows where it begins.
program('pen', <<'END');
case $1 in --version) echo 'pen, the enclosure (release v2.4-rc1)'; echo 'made on day 3'; exit ;; esac
own=
while [ "$1" = --own ]; do own="$own --$2"; shift 2; done
exec unshare --fork --kill-child $own "$@"
END
my ($pen, $text) = begun('pen');
is_valid($pen, 'it is valid');
like $text, qr/^version: \{argv: \[pen, --version\], matches: 'pen, the enclosure \\\(release v\(\[0-9\.\]\+\)'\}$/m, 'its version is found';
like $text, qr/^## pen is \Q$dir\E\/bin\/pen, taken for a launcher/m, 'what it is taken for';
like $text, qr/^  uts: \{new: never, host: always, join: never\}$/m, 'nothing is asked for yet';
my ($words) = run_command($nsconform, 'runtime', '--words');
my ($keys, $options, undef, $quirks, $features) = map { [/^  (\S+)/mg] } split /\n\n/, $words;
is_deeply [grep { $text !~ /^#?\Q$_\E:/m } @$keys], [], 'each key';
is_deeply [grep { $text !~ /^# *\Q$_\E: \[--/m } @$options], [], 'each property';
is_deeply [grep { $text !~ /^## +\Q$_\E: /m } @$quirks], [], 'each quirk';
# Two are the kernel's own, and no runtime's to lack.
is scalar(grep { $text !~ /^## +\Q$_\E: /m } @$features), 2, 'each feature';
cmp_ok scalar(@$keys), '>', 20, 'of more than a few';

sub with_examples {
	my ($file) = @_;
	spew("$dir/all.yaml", slurp($file) =~ s/^#(?!#)//mgr);
	return "$dir/all.yaml";
}
is_valid(with_examples($pen), 'so it is with all its examples');

my ($out, $err, $status) = run_command($nsconform, 'runtime', $pen);
like $out, qr/^pen +2\.4 /, 'its version is told';
is $err, '', 'and nothing else';

# By its path it is named so.
my (undef, $by_path) = begun("$dir/bin/pen");
like $by_path, qr/^runtime: pen$/m, 'by path: the name';
like $by_path, qr/^launch: \[\Q$dir\E\/bin\/pen, /m, 'the word';

# OCI runtimes are known by what they tell.
program('oci', q{case $1 in --version) echo 'oci 1.0.3' ;; features) echo '{"ociVersionMin":"1.0.0","ociVersionMax":"1.1.0",'
	. '"linux":{"namespaces":["mount","pid","uts"],"seccomp":{"enabled":false}}}' ;; *) exit 1 ;; esac} =~ s/'\n\s*\. '//r);
my ($oci, $oci_text) = begun('oci');
is_valid($oci, 'that of an OCI runtime');
is_valid(with_examples($oci), 'with all its examples');
like $oci_text, qr/^generate: oci$/m, 'has its configuration';
like $oci_text, qr/^  uts: \{new: config, host: config, join: config\}\n  cgroup: \{new: never, .*\n  time: \{new: never, /m, 'and kinds by its features';
like $oci_text, qr/^#  $_: config/m, "without its $_" for qw(seccomp hooks monotonic);
like $oci_text, qr/^  hostname: config/m, 'with all else';
program('spec', q{case $1 in --version) printf 'spec version 7\nspec: 1.0.2\n' ;; *) echo unknown command; exit 1 ;; esac});
my (undef, $spec_text) = begun('spec');
like $spec_text, qr/^generate: oci$/m, 'or it names a specification';
like $spec_text, qr/^  time: \{new: config,/m, 'all kinds are to be tried then';

# Of what is not there nothing is known, and what prints nothing is said.
my ($absent, $absent_text) = begun('nsconform-has-no-such-program');
is_valid($absent, 'a program that is not there');
like $absent_text, qr/^## There is no program nsconform-has-no-such-program in PATH: this is a guess\.$/m, 'is said';
is((run_command($nsconform, 'runtime', $absent, '--probe'))[2], 4, 'and nothing is judged by a probe');
program('mute', 'exit 1');
my ($mute) = begun('mute');
is_valid($mute, 'a program without a version');
(undef, $err, $status) = run_command($nsconform, 'runtime', $mute);
is $status, 0, 'is shown';
like $err, qr/^\Q$mute\E:\d+:\d+: warning: no version: `mute --version` printed nothing/, 'with a warning';

# An expression that matches nothing.
spew("$dir/other.yaml", slurp($pen) =~ s/^(version: .*matches:) .*/$1 'pan ([0-9.]+)'}/mr);
($out, $err, $status) = run_command($nsconform, 'runtime', "$dir/other.yaml");
is $status, 0, 'a version that is not found is no error';
like $out, qr/^pen +\? /, 'but not known';
like $err, qr/^\Q$dir\E\/other\.yaml:\d+:\d+: warning: no version: 'pan \(\[0-9\.\]\+\)' matches nothing of what `pen --version` printed: pen, the enclosure \(release v2\.4-rc1\)\\nmade on day 3\\n$/,
	'and what was printed is told';

# Names that are none, and what does not go together.
for (['--new', ''], ['--new', 'a b'], ['--new', "a\nb"], ['--new', 'bin/'], ['--new', 'pen', 'runc'], ['--new', 'pen', '--probe']) {
	($out, $err, $status) = run_command($nsconform, 'runtime', @$_);
	is_deeply [$out, $status], ['', 2], join ' ', 'usage error:', map { s/\n/\\n/r } @$_;
}

# What is wrong with a file.
spew("$dir/wrong.yaml", slurp($pen) =~ s/^launch: .*/launch: [pen, 7, true]/mr);
($out, $err, $status) = run_command($nsconform, 'validate', "$dir/wrong.yaml");
is_deeply [$out, $status], ['', 2], 'a file that is wrong';
is_deeply [$err =~ /: (an argument is .*)$/mg], ['an argument is a text, and this is an integer: put it in quotes',
	'an argument is a text, and this is a boolean: put it in quotes'], 'each wrong word is told';
($out, $err, $status) = run_command($nsconform, 'validate', $pen, 'suites/uts/hostname.yaml');
like $out, qr/^1 suite, \d+ scenarios?, 1 runtime: valid$/, 'beside suites';
is((run_command($nsconform, 'validate', "$dir/wrong.yaml", 'suites/uts/hostname.yaml'))[2], 2, 'one that is wrong beside suites');

# Where boxes are built the program is not seen.
my $tmp = tempdir(CLEANUP => 1);
spew("$tmp/hidden", "#!/bin/sh\necho hidden 1.0\n");
chmod 0755, "$tmp/hidden", $tmp;
SKIP: {
	skip 'the directory for temporary files is not in /tmp', 1 unless $tmp =~ m{^/tmp/};
	local $ENV{PATH} = "$tmp:$ENV{PATH}";
	my ($hidden) = begun('hidden');
	($out) = run_command($nsconform, 'runtime', $hidden);
	like $out, qr/not here: \Q$tmp\E\/hidden: boxes are built where \/tmp is another one/, 'a program in /tmp';
}

unless (is_root) {
	diag 'not root: nothing is launched';
	done_testing;
	exit;
}

# As it is, and as somebody completes it.
($out, $err, $status) = run_command($nsconform, 'runtime', $pen, '--probe');
is $status, 0, 'a probe takes it as it is' or diag $out, $err;
like $out, qr/^  bare .* yes$/m, 'and a box is built';
like $out, qr/^not asked for:\n  pen makes no namespaces, and what else it does is not judged \(\d+\):\n +user, mnt, pid, /m, 'what is not asked for has its reason';
like $out, qr/^cannot, by \Q$pen\E:\n  make \(8\): user, mnt, pid, net, ipc, uts, cgroup, time\n/m, 'what it cannot is counted';
spew($pen, slurp($pen) =~ s/^  uts: .*/  uts: {new: [--own, uts], host: []}/mr);
($out, $err, $status) = run_command($nsconform, 'runtime', $pen, '--probe', '--json');
my $probe = decode_json($out);
is_deeply [sort map { $_->{asked_for} } grep { $_->{got} eq 'yes' } @{$probe->{answers}}], [qw(bare uts)], 'a kind more';
is_deeply [grep { $_->{what} eq 'make' } @{$probe->{cannot}}],
	[{ what => 'make', names => [qw(user mnt pid net ipc cgroup time)] }], 'of those that cannot be had one less';

SKIP: {
	skip 'crun is not installed', 2 if system 'command -v crun >/dev/null 2>&1';
	my ($crun) = begun('crun');
	($out) = run_command($nsconform, 'runtime', $crun, '--probe', '--json');
	my %got = map { $_->{asked_for} => $_->{got} } @{decode_json($out)->{answers}};
	is_deeply [grep { $got{$_} ne 'yes' } qw(bare mnt pid net ipc uts cgroup hostname env exec)], [], 'crun builds what its file asks for';
}
done_testing;
