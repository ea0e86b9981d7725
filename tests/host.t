#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A run as root leaves the host as it was, also when it is killed at any moment.
use strict;
use warnings;
use lib 'tests/lib';
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use NSC;
use Test::More;
use Time::HiRes qw(time sleep);

plan skip_all => 'needs root: only root could change the host' unless is_root;

# A copy of its own tells the processes of this test from other runs on the machine.
my $dir = tempdir(CLEANUP => 1);
my $tool = "$dir/nsconform";
copy $nsconform, $tool or die "$tool: $!";
chmod 0755, $tool or die "$tool: $!";
my $identity = join ':', (stat $tool)[0, 1];

# Cgroup directories of the run of that process.
sub cgroups {
	my ($pid) = @_;
	my %seen;
	for my $line (split /\n/, slurp('/proc/self/mountinfo')) {
		my @f = split / /, $line;
		next unless $line =~ / - cgroup2? /;
		$seen{$_}++ for grep { -d } glob("$f[4]/nsconform.$pid $f[4]/*/nsconform.$pid $f[4]/*/*/nsconform.$pid");
	}
	return join ' ', sort keys %seen;
}

sub sysctls {
	my $text = '';
	for my $file (glob('/proc/sys/kernel/{hostname,domainname,shm*,msg*,sem,pid_max,overflow*} /proc/sys/fs/mqueue/* '
		. '/proc/sys/user/* /proc/sys/net/ipv4/{ip_forward,ip_local_port_range,tcp_syncookies} '
		. '/proc/sys/net/core/somaxconn /proc/sys/net/ipv4/conf/all/*')) {
		$text .= "$file " . (eval { slurp($file) } // "-\n") unless $file =~ /flush/;
	}
	return $text;
}

# Everything that a namespace would have confined.
sub host {
	my %h = (
		hostname => slurp('/proc/sys/kernel/hostname'),
		mounts => join('', sort split /^/, slurp('/proc/self/mountinfo')),
		links => join(' ', sort map { s{.*/}{}r } glob '/sys/class/net/*'),
		addresses => slurp('/proc/net/if_inet6') . slurp('/proc/net/fib_trie'),
		routes => slurp('/proc/net/route'),
		sysv => join('', map { my $t = slurp("/proc/sysvipc/$_"); $t } qw(shm sem msg)),
		sysctls => sysctls(),
		timens => slurp('/proc/self/timens_offsets'),
		temporary => join(' ', sort glob('/tmp/*nsconform* /dev/shm/* /dev/mqueue/*')),
	);
	return \%h;
}

sub processes {
	return scalar grep { my @s = stat "$_/exe"; @s && "$s[0]:$s[1]" eq $identity } glob '/proc/[0-9]*';
}

# Orphans need a moment to notice that the controller is gone; the deadline is a failure.
sub wait_for_quiet {
	my $deadline = time + 30;
	sleep 0.02 while processes() && time < $deadline;
	return processes();
}

sub start {
	my @select = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec $tool, 'run', @select;
		exit 127;
	}
	return $pid;
}

my $before = host();
my $real = time - (split / /, slurp('/proc/uptime'))[0];
my $pid = start('suites');
waitpid $pid, 0;
my $after = host();
is $after->{$_}, $before->{$_}, "a whole run leaves $_" for sort keys %$before;
is cgroups($pid), '', 'a whole run leaves no cgroups';
is wait_for_quiet(), 0, 'no process is left';
cmp_ok abs(time - (split / /, slurp('/proc/uptime'))[0] - $real), '<', 1, 'the clocks were not set';

srand 20260;
for my $round (1 .. ($ENV{KILL_ROUNDS} // 12)) {
	$pid = start('suites/cgroup', 'suites/uts', 'suites/mnt/create.yaml', 'suites/ipc/shm.yaml');
	sleep rand 0.8;
	kill 'KILL', $pid;
	waitpid $pid, 0;
	is wait_for_quiet(), 0, "round $round: nothing survives the controller";
	is cgroups($pid), '', "round $round: nor do its cgroups";
	is_deeply host(), $before, "round $round: SIGKILL leaves the host as it was";
}
done_testing;
