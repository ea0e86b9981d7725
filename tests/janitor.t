#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Cgroup directories of a run are gone when it is over, however it ended.
use strict;
use warnings;
use Fcntl qw(:flock O_RDONLY O_DIRECTORY);
use File::Temp qw(tempdir);
use POSIX qw(setpgid);
use Test::More;
use lib 'tests/lib';
use NSC qw($nsconform await await_child await_exit spew);

my $tool = $nsconform;
my $dir = tempdir(CLEANUP => 1);

# The runner's own cgroup in each hierarchy, where its directories are.
# Empty when it is gone meanwhile.
sub slurp { open my $in, '<', shift or return ''; local $/; return scalar(<$in>) // '' }

sub homes {
	my %path = map { /^\d+:([^:]*):(.*)$/ ? ($1 => $2) : () } split /\n/, slurp('/proc/self/cgroup');
	my @homes;

	for (split /\n/, slurp('/proc/self/mountinfo')) {
		my ($root, $point, $type, $options) = /^\S+ \S+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/
			or next;
		my ($name) = grep { my $c = $_; $type eq 'cgroup2' ? $c eq '' :
				    $c ne '' && ",$options," =~ /,\Q$c\E,/ } keys %path;
		push @homes, "$point$path{$name}" if defined $name && $root eq '/';
	}
	return @homes;
}

my @homes = homes();

# Directories of the run of process PID, or of any run.
sub left { my $pid = shift; return grep { -d } map { glob("$_/nsconform." . ($pid // '*')) } @homes }

sub suite {
	my ($name, $steps) = @_;
	my $file = "$dir/$name.yaml";

	open my $out, '>', $file or die "$file: $!";
	print $out <<"END";
suite: cgroup/$name
about: For tests/janitor.t.
scenarios:
  - id: only
    about: For tests/janitor.t.
    clauses: [cgroup.mount.cgroup2-rooted-at-ns-root]
    within: 60s
    actors:
      a: {}
    steps:
      - a: {cgroup.mount: {target: /work/cg}}
      - a: {file.mkdir: {path: /work/cg/deep}}
      - a: {file.mkdir: {path: /work/cg/deep/er}}
      - a: {cgroup.enter: {dir: /work/cg/deep/er}}
        expect: ok
$steps
END
	close $out or die;
	return $file;
}

my $quick = suite(quick => '');
# Killed long before.
my $slow = suite(slow => "      - a: {time.wait_until: {ahead: 50s, give_up: 50s}}\n        within: 60s");

my $tap = `$tool run $quick 2>&1`;
plan skip_all => "$tool is not built" if $? == -1 || $? == 127 << 8;
plan skip_all => "cgroup directories cannot be made here: $1" if $tap =~ /# SKIP (.*)/;

like $tap, qr/^ok 1 cgroup\.quick\.only/m, 'a cell gets its directories';

# Start a run in a process group of its own and wait until its cell works in the directories.
sub start {
	my $pid = fork // die "fork: $!";

	if (!$pid) {
		setpgid(0, 0);
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec $tool, 'run', $slow or exit 127;
	}
	my $procs = await_child($pid, sub {
		for my $file (map { glob "$_/nsconform.$pid/*/deep/er/cgroup.procs" } @homes) {
			my $text = slurp($file);
			return $text if $text =~ /\d/;
		}
		return;
	});
	ok $procs, 'the cell is under way';
	return ($pid, split ' ', $procs // '');
}

sub janitor_of {
	my $pid = shift;

	for my $stat (glob '/proc/[0-9]*/stat') {
		my $text = slurp($stat);
		return $1 if $text =~ /^(\d+) \(nsc-janitor\) \S+ $pid /;
	}
	return;
}

sub gone { my @pids = @_; return await(sub { !grep { -d "/proc/$_" && slurp("/proc/$_/stat") !~ /\) Z / } @pids }) }

subtest 'the end of a run' => sub {
	my $pid = fork // die "fork: $!";

	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		exec $tool, 'run', $quick or exit 127;
	}
	is await_exit($pid), 0, 'it passes';
	is_deeply [left($pid)], [], 'nothing is left when it has ended';
};

subtest 'SIGKILL of the runner' => sub {
	my ($pid, @members) = start();

	kill KILL => $pid;
	waitpid $pid, 0;
	ok await(sub { !left($pid) }), 'the directories are removed';
	ok gone(@members), 'the processes in them are dead';
};

subtest 'SIGKILL of its process group' => sub {
	my ($pid, @members) = start();

	kill KILL => -$pid;
	waitpid $pid, 0;
	ok await(sub { !left($pid) }), 'the directories are removed';
	ok gone(@members), 'the processes in them are dead';
};

subtest 'SIGKILL of the janitor as well' => sub {
	my ($pid, @members) = start();
	# It may not have got as far as its name yet.
	my $janitor = await_child($pid, sub { janitor_of($pid) });

	ok $janitor, 'there is a janitor';
	kill KILL => $janitor if $janitor;
	kill KILL => $pid;
	waitpid $pid, 0;
	note scalar(left($pid)) ? 'the directories are left' : 'another run has swept already';
	`$tool run $quick`;
	is_deeply [left($pid)], [], 'the next run removes them';
	ok gone(@members), 'the processes in them are dead';
};

subtest 'a living run' => sub {
	my @own = map { "$_/nsconform.$$" } grep { -d "$_" } @homes;
	my @locks;

	for my $path (@own) {
		mkdir $path or next;
		sysopen my $lock, $path, O_RDONLY | O_DIRECTORY or die "$path: $!";
		flock $lock, LOCK_EX or die "flock $path: $!";
		push @locks, $lock;
	}
	`$tool run $quick`;
	is scalar(grep { -d } @own), scalar(@locks), 'is not swept away';
	@locks = ();
	`$tool run $quick`;
	my @swept = grep { !-d } @own;
	cmp_ok scalar(@swept), '>=', 1, 'but its directories are when it is dead';
	rmdir for @own;
};

subtest 'somebody else with a like name' => sub {
	my @others = map { "$_/nsconform.slice" } grep { -d } @homes;
	my @made = grep { mkdir } @others;

	plan skip_all => 'there are such cgroups' unless @made;
	pipe my $read, my $write or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		close $write;
		readline $read;
		POSIX::_exit(0);
	}
	close $read;
	ok scalar(grep { eval { spew("$_/cgroup.procs", $pid); 1 } } @made), 'somebody lives there';
	`$tool run $quick`;
	is_deeply [grep { !-d } @made], [], 'its cgroups stay';
	close $write;
	waitpid $pid, 0;
	is $?, 0, 'and who lives in them';
	ok await(sub { rmdir for @made; !grep { -d } @made }), 'nothing of it is left';
};

done_testing;
