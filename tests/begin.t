#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Whatever state a run is started in, no kernel is accused of it: what can be set is set, and cells
# that need what cannot be set skip and say so.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

plan skip_all => 'not root' unless is_root;

my @nobody = ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups');
# What looked at the state that it was started in, before runs had one of their own. With their files: for
# a pattern all suites would be read.
my @cells = (map({ ('--suites', "suites/$_.yaml") } qw(pid/visibility user/create user/exec user/filecaps user/filesystems
	user/idmap sec/credentials cgroup/delegation time/offsets net/create uts/hostname)),
	'pid.visibility.*priority*', 'pid.visibility.downward*', 'user.create', 'user.exec', 'user.filecaps', 'user.filesystems',
	'user.idmap.ids*', 'sec.credentials', 'cgroup.delegation.opener*', 'time.offsets', 'net.create', 'uts.hostname');

# What started it, and the reasons to skip that this adds: none where the state can be set.
my @states = (
	['umask 0777', ['perl', '-e', 'umask 0777; exec @ARGV']],
	['signals ignored', ['perl', '-e', '$SIG{$_} = "IGNORE" for qw(CHLD ALRM USR1 USR2 PIPE CONT TTOU); exec @ARGV']],
	['signals blocked', ['perl', '-MPOSIX', '-e', 'my $s = POSIX::SigSet->new; $s->fillset;'
		. 'sigprocmask(SIG_BLOCK, $s); exec @ARGV']],
	['nice 10', ['nice', '-n', '10']],
	['idle', ['ionice', '-c3', 'chrt', '-i', '0']],
	['ambient capabilities', ['setpriv', '--inh-caps=+net_raw,+chown', '--ambient-caps=+net_raw,+chown']],
	['ambient capabilities of a user', [@nobody, '--inh-caps=+net_raw,+sys_admin', '--ambient-caps=+net_raw,+sys_admin']],
	['groups', ['setpriv', '--groups=1,2,3']],
	['low soft limits', ['prlimit', '--nofile=64:', '--fsize=65536:', '--nproc=10:', '--stack=262144:']],
	['another personality', ['setarch', '--uname-2.6', '-R']],
	['securebits', ['setpriv', '--securebits=+no_setuid_fixup,+keep_caps_locked'], 'cannot: securebits are set'],
	['no_new_privs', ['setpriv', '--no-new-privs'], 'cannot: no_new_privs is set'],
	['a user that is nice', [@nobody, 'nice', '-n', '10'], 'cannot: the priority is not the ordinary one (nice)'],
	['no CAP_SYS_TIME', ['setpriv', '--bounding-set=-sys_time'], 'cannot: no CAP_SYS_TIME'],
	['no CAP_NET_RAW', ['setpriv', '--bounding-set=-net_raw'], 'cannot: no CAP_NET_RAW'],
	['no CAP_CHOWN', ['setpriv', '--bounding-set=-chown'], 'cannot: no CAP_CHOWN'],
	['few processes', ['prlimit', '--nproc=20:20'], 'cannot: RLIMIT_NPROC is too low'],
	['few descriptors', ['prlimit', '--nofile=64:64'], 'cannot: RLIMIT_NOFILE is too low'],
);

sub reasons {
	my ($results) = @_;
	my %reasons;
	for (values %$results) {
		$reasons{$1}++ if /# SKIP (.*)/;
	}
	return \%reasons;
}

# Of variants --quick takes one that this state allows.
sub cells_of {
	my ($start, @options) = @_;
	my ($out) = run_command(@$start, $nsconform, 'run', '--no-controls', @options, @cells);
	my ($results) = run_tap($out);
	return $results;
}

my %usual = (root => reasons(cells_of([], '--quick')), user => reasons(cells_of([@nobody], '--quick')));

for (@states) {
	my ($name, $start, $added) = @$_;
	my $results = cells_of($start, $added ? () : '--quick');
	my $before = $usual{"@$start" =~ /reuid/ ? 'user' : 'root'};
	my $now = reasons($results);
	my @bad = grep { $results->{$_} =~ /^not ok(?!.*# TODO)/ } sort keys %$results;

	is_deeply \@bad, [], "$name: nobody is accused";
	if ($added) {
		ok $now->{$added}, "$name: skips say $added" or diag explain $now;
	} else {
		is_deeply $now, $before, "$name: nothing skips that did not before";
	}
}

# Results are as readable as ever, and the record says how the run was started.
my $dir = tempdir(CLEANUP => 1) . '/results';
run_command('perl', '-e', 'umask 0777; exec @ARGV', 'nice', '-n', '5', $nsconform, 'run', '--output', $dir, 'uts.hostname');
my $record = decode_json(slurp("$dir/environment.json"));
is $record->{began}{umask}, '0777', 'environment.json: umask as found';
my $nice = getpriority(0, 0) + 5; # who runs this may be nice already
is $record->{began}{nice}, $nice > 19 ? 19 : $nice, 'environment.json: nice as found';
is_deeply $record->{could_not_set}, {}, 'environment.json: all of it could be set';
is((stat "$dir/environment.json")[2] & 07777, 0644, 'results can be read');
done_testing;
