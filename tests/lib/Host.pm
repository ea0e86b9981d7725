# SPDX-License-Identifier: GPL-2.0-only
# What a run could change of the machine, and who of it is still there.
package Host;
use strict;
use warnings;
use Exporter 'import';
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use NSC;
use Time::HiRes qw(time sleep);

our @EXPORT = qw($tool host_state run_cgroups start_run wait_for_quiet);

# A copy of its own tells the processes of this test from other runs on the machine.
my $dir = tempdir(DIR => '/var/tmp', CLEANUP => 1);
our $tool = "$dir/nsconform";
copy $nsconform, $tool or die "$tool: $!";
chmod 0755, $tool or die "$tool: $!";
my $identity = join ':', (stat $tool)[0, 1];

# Mount points of the cgroup hierarchies, v1 and v2.
sub hierarchies {
	return map { (split / /)[4] } grep { / - cgroup2? / } split /\n/, slurp('/proc/self/mountinfo');
}

# Cgroup directories of the run of that process, in any hierarchy.
sub run_cgroups {
	my ($pid) = @_;
	my %seen;
	for my $at (hierarchies()) {
		$seen{$_}++ for grep { -d } glob("$at/nsconform.$pid $at/*/nsconform.$pid $at/*/*/nsconform.$pid");
	}
	return join ' ', sort keys %seen;
}

# Whoever started this test may start others: their cgroups are beside ours, below the same parent.
sub neighbours {
	my @own = map { (split /:/, $_, 3)[2] } split /\n/, slurp('/proc/self/cgroup');
	my @parents = grep { length } map { m{^(/.+)/[^/]+$} } @own;
	return map { qr{\Q$_\E/[^/]+/$} } @parents;
}

# All that is neither a run's nor comes and goes with services and sessions.
sub cgroups {
	my @dirs = map { my $at = $_; glob "$at/*/ $at/*/*/" } hierarchies();
	my @others = (qr{/nsconform\.\d|\.(?:service|scope|slice|mount|socket|swap)/}, neighbours());
	return join "\n", sort grep { my $dir = $_; !grep { $dir =~ $_ } @others } @dirs;
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
sub host_state {
	my %h = (
		hostname => slurp('/proc/sys/kernel/hostname'),
		mounts => join('', sort split /^/, slurp('/proc/self/mountinfo')),
		links => join('', map { "$_ " . slurp("$_/flags") } sort glob '/sys/class/net/*'),
		addresses => slurp('/proc/net/if_inet6') . slurp('/proc/net/fib_trie'),
		routes => slurp('/proc/net/route'),
		sysv => join('', map { my $t = slurp("/proc/sysvipc/$_"); $t } qw(shm sem msg)),
		sysctls => sysctls(),
		timens => slurp('/proc/self/timens_offsets'),
		temporary => join(' ', sort glob('/tmp/*nsconform* /dev/shm/* /dev/mqueue/*')),
		cgroups => cgroups(),
		run => join(' ', sort glob('/run/* /run/{crun,runc,firejail,lxc,containers,containerd,netns}/*')),
	);
	return \%h;
}

# Processes of our binary, and whatever lives in the cgroups of that run.
sub processes {
	my ($run) = @_;
	return scalar grep {
		my @s = stat "$_/exe";
		(@s && "$s[0]:$s[1]" eq $identity) || (eval { slurp("$_/cgroup") } // '') =~ m{/nsconform\.\Q$run\E/};
	} glob '/proc/[0-9]*';
}

# Orphans need a moment to notice that the controller is gone; the deadline is a failure.
sub wait_for_quiet {
	my ($run) = @_;
	my $deadline = time + 30;
	sleep 0.02 while processes($run) && time < $deadline;
	return processes($run);
}

sub start_run {
	my @arguments = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec $tool, 'run', @arguments;
		exit 127;
	}
	return $pid;
}

1;
