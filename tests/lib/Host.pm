# SPDX-License-Identifier: GPL-2.0-only
# What a run could change of the machine, and who of it is still there.
package Host;
use strict;
use warnings;
use Exporter 'import';
use File::Copy qw(copy);
use File::Find qw(finddepth);
use NSC;

our @EXPORT = qw($tool foreign_cgroups host_state in_box remove_cgroups run_cgroups run_output start_run wait_for_quiet watch_program);

# A copy of its own tells the processes of this test from other runs on the machine; with the ops of tests/ops.
my $dir = scratch_dir();
our $tool = "$dir/nsconform";
copy $nsconform_test, $tool or die "$tool: $!";
chmod 0755, $tool or die "$tool: $!";
my %ours = map { identity($_) => 1 } $tool;

sub identity {
	my @s = stat $_[0];
	return @s ? "$s[0]:$s[1]" : '';
}

# Its processes are looked for as well, wherever they are.
sub watch_program {
	my ($path) = @_;
	$ours{identity($path) || die "$path: $!"} = 1;
}

# Mount points of the cgroup hierarchies, v1 and v2, each with its line of /proc/self/cgroup.
sub own_places {
	my ($mountinfo, $cgroup) = @_;
	my %own = map { my (undef, $names, $path) = split /:/, $_, 3; ($names => $path) } split /\n/, $cgroup;
	my @places;
	for (grep { / - cgroup2? / } split /\n/, $mountinfo) {
		my ($at, $type, $options) = (split / /)[4, -3, -1];
		# A v1 mount's options name the controllers among other things, in the same order.
		my ($names) = $type eq 'cgroup2' ? '' : grep { length && ",$options," =~ /,\Q$_\E,/ } keys %own;
		push @places, [$at, $own{$names // '-'}];
	}
	return @places;
}

sub here { return own_places(slurp('/proc/self/mountinfo'), slurp('/proc/self/cgroup')) }

# Mount points of the cgroup hierarchies, v1 and v2.
sub hierarchies {
	return map { $_->[0] } here();
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

# What boxes, moats and the runtimes' own helpers are called: nobody else's, wherever they are.
my $named_like_ours = qr/(?:b\d+|moat|bad|payload|supervisor|docker|libpod.*|lxc.*|crun.*|runc.*)/;

# Patterns of the directories that come and go without us.  Services and sessions do, and other
# runs.  Whoever started this test may start others: their cgroups are beside ours, in the
# hierarchies and below the very parent where it made ours.
sub foreign_cgroups {
	my @parents = map { my ($at, $own) = @$_; ($own // '') =~ m{^(/.+)/[^/]+$} ? "$at$1" : () } own_places(@_);
	return (qr{/nsconform\.\d|\.(?:service|scope|slice|mount|socket|swap)/},
		map { qr{^\Q$_\E/(?!$named_like_ours/)[^/]+/$} } @parents);
}

# Removes the cgroup of that name in each hierarchy, as soon as nobody lives in it.
sub remove_cgroups {
	my ($name) = @_;
	my @trees = grep { -d } map {
		my ($at, $own) = @$_;
		("$at/$name", defined $own && $own ne '/' ? "$at$own/$name" : ())
	} here();
	finddepth({ wanted => sub { my $dir = $_; -d $dir && await(sub { rmdir $dir }) }, no_chdir => 1 }, @trees) if @trees;
}

# All that is neither a run's nor comes and goes with services and sessions.
sub cgroups {
	my %dirs = map { $_ => 1 } map {
		my ($at, $own) = @$_;
		(glob("$at/*/ $at/*/*/"), defined $own ? glob("$at$own/*/") : ())
	} here();
	my @foreign = foreign_cgroups(slurp('/proc/self/mountinfo'), slurp('/proc/self/cgroup'));
	return join "\n", sort grep { my $dir = $_; !grep { $dir =~ $_ } @foreign } keys %dirs;
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

# What a namespace would have confined.
my %state = (
	hostname => sub { slurp('/proc/sys/kernel/hostname') },
	mounts => sub { join('', sort split /^/, slurp('/proc/self/mountinfo')) },
	links => sub { join('', map { "$_ " . slurp("$_/flags") } sort glob '/sys/class/net/*') },
	addresses => sub { slurp('/proc/net/if_inet6') . slurp('/proc/net/fib_trie') },
	routes => sub { slurp('/proc/net/route') },
	sysv => sub { join('', map { my $t = slurp("/proc/sysvipc/$_"); $t } qw(shm sem msg)) },
	sysctls => \&sysctls,
	timens => sub { slurp('/proc/self/timens_offsets') },
	temporary => sub { join(' ', sort glob('/tmp/*nsconform* /dev/shm/* /dev/mqueue/*')) },
	cgroups => \&cgroups,
	run => sub { join(' ', sort glob('/run/* /run/{crun,runc,firejail,lxc,containers,containerd,netns}/*')) },
);

# All of it, or what is named.
sub host_state {
	my @names = @_ ? @_ : keys %state;
	return { map { $_ => $state{$_}->() } @names };
}

sub in_cgroup_of {
	my ($process, $run) = @_;
	return (eval { slurp("$process/cgroup") } // '') =~ m{/nsconform\.\Q$run\E/};
}

# Processes of our binaries, and whatever lives in the cgroups of that run.
sub processes {
	my ($run) = @_;
	return scalar grep { $ours{identity("$_/exe")} || in_cgroup_of($_, $run) } glob '/proc/[0-9]*';
}

# The agents in boxes of that run: `PATH box SOCKET NONCE` is what runtimes execute.
sub in_box {
	my ($run) = @_;
	return grep {
		in_cgroup_of($_, $run) && ((split /\0/, eval { slurp("$_/cmdline") } // '')[1] // '') eq 'box'
	} glob '/proc/[0-9]*';
}

# Orphans need a moment to notice that the controller is gone: how many never do.
sub wait_for_quiet {
	my ($run) = @_;
	await(sub { !processes($run) });
	return processes($run);
}

sub start_run {
	my @arguments = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', '/dev/null' or die;
		open STDOUT, '>', "$dir/out.$$" or die;
		open STDERR, '>', "$dir/err.$$" or die;
		exec $tool, 'run', @arguments;
		exit 127;
	}
	return $pid;
}

# (stdout, stderr) of a run of start_run, by its number.
sub run_output {
	my ($pid) = @_;
	return (slurp("$dir/out.$pid"), slurp("$dir/err.$pid"));
}

1;
