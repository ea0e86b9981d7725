#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# In a chroot, here of nothing but the static binary, the suites and /proc: what root can do is judged,
# users hear what is in the way, and nothing is mounted for others. Without /proc one line says so.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Copy qw(copy);
use File::Spec::Functions qw(rel2abs);
use NSC;
use Test::More;

plan skip_all => 'needs root' unless is_root;
my (undef, undef, $cannot) = run_command('unshare', '--mount', 'true');
plan skip_all => 'needs unshare(1), and the right to mount' if $cannot;

my $root = scratch_dir();
mkdir "$root/$_" or die "$root/$_: $!" for qw(proc data);
copy $nsconform, "$root/nsconform" or die "$nsconform: $!";
chmod 0755, "$root/nsconform";
system('cp', '-r', 'suites', 'fixtures', "$root/data") == 0 or die 'cp';

# Run there; the mounts of a namespace in which it is a directory below a shared mount, before and after.
sub run_there {
	my ($prepare, @arguments) = @_;
	my $script = "set -e; $prepare; cat /proc/self/mountinfo > \"\$1/before\"; root=\$1; shift; status=0\n"
		. 'NSCONFORM_DATA=/data chroot "$root" /nsconform "$@" || status=$?' . "\n"
		. "cat /proc/self/mountinfo > \"\$root/after\"; exit \$status";
	my @said = run_command('unshare', '--mount', 'sh', '-c', "mount --make-rshared /; $script", 'sh', $root,
		@arguments);
	is slurp("$root/after"), slurp("$root/before"), 'mounts are as before';
	return @said;
}

my ($out, $err, $status) = run_there('mount -t proc proc "$1/proc"', 'run', '-j4', 'mnt.join',
	'mnt.root', 'mnt.create', 'uts.hostname', 'user.maps', 'pid.reboot');
is_deeply [with_verdict($out, qw(fail broken))], [], 'nothing fails in a chroot' or diag "$err$out";
like $out, qr/^# Totals: pass:[1-9]\d/m, 'what root can do is judged';
like $out, qr/^ok \d+ uts\.hostname\.\S+\.user # SKIP cannot: in a chroot$/m, 'users hear of the chroot';
my %other = map { $_ => 1 } $out =~ /# SKIP (?!cannot: in a chroot|lacks |not )(.*)/g;
is_deeply [sort keys %other], [], 'and nothing else is in the way';

# A runtime is asked for its version where it can change nothing, which a chroot does not keep from being built.
(my $runtime = slurp(bad_runtime('honest'))) =~ s{/\S+/badrt\b}{/badrt}g;
spew("$root/data/bad.yaml", $runtime);
copy $badrt, "$root/badrt" or die "$badrt: $!";
chmod 0755, "$root/badrt";
mkdir "$root/$_" or die "$root/$_: $!" for qw(dev run tmp);
($out, $err, $status) = run_there('mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"', 'runtime', '/data/bad.yaml');
is "$status $err", '0 ', 'a runtime in a chroot';
like $out, qr/^bad +[0-9.]+ /, '... has its version';

($out, $err, $status) = run_there(':', 'run', '-j4', 'uts.hostname');
is $status, 3, 'without /proc the harness breaks';
is $out, '', 'before it says anything';
is_deeply [split /\n/, $err], [grep { m{/proc is not mounted} } split /\n/, $err], 'and says why, in one line' or diag $err;

# A bind mount of the root directory has its device and inode, too.
my $here = getcwd;
($out, $err, $status) = run_command('unshare', '--mount', 'sh', '-c',
	'mount --rbind / "$1" && root=$1 && shift && exec chroot "$root" "$@"', 'sh', $root,
	'env', "NSCONFORM_DATA=$here", rel2abs($nsconform), 'plan', 'uts.hostname');
like $out, qr/^skip  uts\.hostname\.\S+\.user  # cannot: in a chroot$/m, 'a bind mount of the root is no root' or diag "$err$out";
done_testing;
