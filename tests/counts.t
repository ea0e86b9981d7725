#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What cells may make and call, as tools/bench/count counts it: numbers that are the same on every
# machine and under any load. No time is looked at; what times are is in docs/costs.md.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use POSIX ();
use Test::More;

plan skip_all => 'needs root: cells of every kind, and processes of other users' unless is_root;
my $dir = tempdir(CLEANUP => 1);
my $count = ($ENV{BUILD} // 'build') . '/tools/bench/count';

# {ROLE}{NAME} of a run, and its exit status.
sub counted {
	my ($program, @select) = @_;
	my ($out, $err, $status) = run_command($count, "$dir/counts", $program, 'run', '-j1', '--time-factor', 100, @select);
	my %is = map { my ($role, @counts) = split; $role => {map { split /=/ } @counts} } split /\n/, slurp("$dir/counts");
	return (\%is, $status, $out . $err);
}

my ($probe, $cannot, $why) = counted($nsconform, '--no-controls', 'uts.hostname.set-is-private.clone3.root');
plan skip_all => "processes cannot be traced here: $why" if $cannot || !$probe->{cell}{spawns} && !$probe->{worker}{spawns};

# Address spaces of the cells beyond those of arenas, of actors, and of children that try a step.
sub beyond {
	my ($is) = @_;
	return $is->{cell}{spaces} - $is->{cell}{trials} - $is->{cell}{spawns} - $is->{worker}{spawns};
}

sub a_cell { my ($is, @roles) = @_; my $n = 0; $n += $is->{$_}{calls} for @roles; return $n / $is->{worker}{spawns} }

my %measures = (
	'address spaces beyond arenas and actors' => sub { beyond($_[0]) },
	'processes that have text or read-only data of the file mapped' => sub { $_[0]{cell}{with_text} },
	'page faults of a process' => sub { $_[0]{cell}{faults} / $_[0]{cell}{exits} },
	'system calls of a cell beyond those of ops, but for the runner' => sub { a_cell($_[0], 'worker', 'cell') },
);
my ($spaces, $text, $faults, $calls) = map { my $word = $_; grep { /$word/ } keys %measures } qw(spaces text faults calls);

# Where clone3(2) makes no time namespace, an arena that has one is forked by a process that unshares, and asks for maps.
my ($major, $minor) = (POSIX::uname())[2] =~ /^(\d+)\.(\d+)/;
my $clone3_time = $major > 6 || $major == 6 && $minor >= 3;

# Cells, what is counted, how many there may be, and why not less.
my @creations = ('--no-controls', map { "$_.create.*" } qw(uts ipc net mnt cgroup user));
my @limits = (
	[\@creations, $spaces, 0, 'holders and go-betweens borrow that of who waits for them'],
	[['--no-controls', 'pid.create.*.clone3.*', 'pid.create.*.unshare.*'], $spaces, 0, 'so does who unshares and forks'],
	[['--no-controls', 'pid.create.*.setns.*'], $spaces, 2, 'one each: the holder is PID 1 and has to live, with what it runs on'],
	[['--no-controls', 'time.create.*'], $spaces, $clone3_time ? 2 : 9, 'one each where the holder of joined namespaces has to live'],
	[['--no-controls', map { "combo.container.eight-new-namespaces.$_.*" } qw(clone3 unshare)], $spaces, $clone3_time ? 0 : 2,
		'who unshares a user namespace lets the actor ask for its maps'],
	[\@creations, $text, 0, 'the worker has moved them to memory that fork(2) copies the page table of'],
	[['uts.hostname.set-is-private'], $faults, 5, 'two of the stack, its TLS block, the pool; and some again after it has forked'],
	[['uts.hostname.set-is-private'], $calls, 69, 'clone3, pidfd, answers, maps, and what a placement verifies; of a worker its start'],
);

# Without transparent huge pages, or where none is to be had, text stays where it is.
sub huge_pages {
	my $at = '/sys/kernel/mm/transparent_hugepage';
	return if !-e "$at/hpage_pmd_size" || slurp("$at/enabled") =~ /\[never\]/;
	my ($size, $order) = (slurp("$at/hpage_pmd_size") / POSIX::sysconf(POSIX::_SC_PAGESIZE()), 0);
	$order++ while 1 << $order < $size;
	# A row for each zone: how many blocks are free of each order, behind four words.
	return grep { my @free = split; grep { $_ } @free[4 + $order .. $#free] } split /\n/, slurp('/proc/buddyinfo');
}
my $have_huge = huge_pages();

my %run;
for my $row (@limits) {
	my ($cells, $what, $limit, $reason) = @$row;
	SKIP: {
		skip "$what: there is no transparent huge page", 2 if !$have_huge && ($what eq $text || $what eq $faults);
		my ($is, $status, $out) = @{$run{"@$cells"} //= [counted($nsconform, @$cells)]};
		is $status, 0, "@$cells pass" or diag $out;
		my $n = $measures{$what}->($is);
		cmp_ok $n, '<=', $limit, "$what: at most $limit, $reason" or diag join "\n", map {
			my $role = $_; "$role " . join ' ', map { "$_=$is->{$role}{$_}" } sort keys %{$is->{$role}} } sort keys %$is;
	}
}

# Counts of ten scenarios that do the steps of a shape once, and of ten that do them 21 times.
sub once_and_often {
	my ($shape) = @_;
	return map {
		my $file = "$dir/$shape-$_.yaml";
		my ($suite) = run_command('tools/bench/generate', 10, $shape, 0, $_);
		spew($file, $suite);
		my ($is, $status, $out) = counted($nsconform, '--no-controls', $file);
		is $status, 0, "ten scenarios of $_ times the steps of $shape pass" or diag $out;
		$is;
	} 1, 21;
}

# What a step costs, as what twenty further ones do: message, answer, one event of the runner's.
my ($few, $many) = once_and_often('ipc');
my $step = (a_cell($many, qw(controller worker cell)) - a_cell($few, qw(controller worker cell))) / 20;
cmp_ok $step, '<=', 6, 'system calls of a step beyond those of its op';
is +($many->{cell}{own} - $few->{cell}{own}) / 200, 1, 'its op makes one, uname(2)';
cmp_ok $step, '>=', 3, 'and less than these would not be counted right';
($few, $many) = once_and_often('uts');
is +($many->{cell}{own} - $few->{cell}{own}) / 200, 4, 'three ops make one each, and the one that changes a name looks at it afterwards; at the namespace the actor has looked';

# What exceeds the limits is noticed: of a program that is not static text stays pages of files.
my ($files, $status, $out) = counted($nsconform_test . '-shared', 'uts.hostname.set-is-private');
is $status, 0, 'a program with shared libraries: its cells pass' or diag $out;
cmp_ok $measures{$text}->($files), '==', $files->{cell}{exits}, "$text: all of them";
cmp_ok $measures{$faults}->($files), '>', 12, "$faults: more than twice as many";
done_testing;
