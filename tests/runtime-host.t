#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What runtimes do to their host they do to the moat: the machine is as before, also after a run
# that is killed at any moment, and nothing that was launched is alive.
use strict;
use warnings;
use lib 'tests/lib';
use Host;
use NSC;
use Test::More;
use Time::HiRes qw(sleep);

plan skip_all => 'needs root: only root could change the host' unless is_root;

my $suite = 'tests/suites/runtime.yaml';
my @harmful = qw(rename-host leave-mount leave-cgroup leave-file leave-process set-sysctl bring-link-up make-link
	kill-stranger linger fail);
push @harmful, 'leave-v1-cgroup' if grep { / - cgroup / } split /\n/, slurp('/proc/self/mountinfo');

my %program = (bwrap => 'bubblewrap', runc => 'runc', crun => 'crun');
my @there;
for my $name (sort keys %program) {
	my $found = grep { -x "$_/$name" } split /:/, "$ENV{PATH}:/usr/sbin:/usr/bin";
	push @there, $name if $found;
	SKIP: { skip "$name is not installed: install $program{$name}", 1 unless $found; pass "$name is installed" }
}

# A pure reading: no cgroup is made for it where others might be counting theirs.
subtest 'cgroups of others' => sub {
	my $mounts = join '', map { "3$_\n" } '1 2 0:2 / /c/memory rw - cgroup cgroup rw,xattr,memory',
		'2 2 0:3 / /c/pids rw - cgroup cgroup rw,pids', '3 2 0:4 / /c/unified rw - cgroup2 cgroup2 rw';
	my @foreign = foreign_cgroups($mounts, "2:memory:/jobs/mine\n1:pids:/\n0::/\n");
	my $is_foreign = sub { my ($dir) = @_; scalar grep { $dir =~ $_ } @foreign };
	ok $is_foreign->($_), "$_ is" for '/c/memory/jobs/another/', '/c/memory/jobs/mine/nsconform.7/', '/c/pids/ssh.service/';
	my @ours = ('/c/memory/jobs/', '/c/memory/jobs/mine/left/', '/c/memory/elsewhere/', '/c/memory/c/memory/jobs/another/',
		'/c/pids/jobs/another/', '/c/unified/jobs/another/',
		map { "/c/memory/jobs/$_/" } qw(b0 b12 moat bad payload supervisor lxc lxc.payload.b1));
	ok !$is_foreign->($_), "$_ is not" for @ours;
	ok !grep { '/c/memory/another/' =~ $_ } foreign_cgroups($mounts, "2:memory:/mine\n"), 'nor is any at the root';
};

my $before = host_state();
watch_program(bad_program());

sub unharmed {
	my ($pid, $name) = @_;
	is wait_for_quiet($pid), 0, "$name: nothing is alive";
	is run_cgroups($pid), '', "$name: no cgroups are left";
	my $after = host_state();
	is $after->{$_}, $before->{$_}, "$name: $_" for grep { $after->{$_} ne $before->{$_} } sort keys %$before;
	return;
}

# A whole run: (output, what it said besides, exit status).
sub run_unharmed {
	my ($name, @what) = @_;
	my $pid = start_run('--no-controls', @what);
	my $status = await_exit($pid) // 127;
	is $status & 127, 0, "$name: the run ends";
	unharmed($pid, $name);
	return (run_output($pid), $status >> 8);
}

sub file_name { return $_[0] =~ s{.*/|\.yaml}{}gr }

# What the suite asks for and a real one does not do is no matter here, as long as boxes were built.
for my $name (@there) {
	my ($out, $err, $status) = run_unharmed($name, '--runtime', $name, $suite);
	cmp_ok $status, '<=', 1, "$name: without trouble" or diag $out;
	like $out, qr/^ok \d+ tests\.runtime\.quiet\.root$/m, "$name: boxes were built";
}

for my $defect (@harmful) {
	my ($out, $err, $status) = run_unharmed($defect, '--runtime', bad_runtime($defect), $suite);
	is $status, 1, "$defect: what failed is the runtime" or diag $out, $err;
}

# Asked for its version, a program is on the host, and may do there what it likes.
for my $flaw (@harmful, 'make-noise') {
	my ($out, $err, $status) = run_unharmed("version, $flaw", '--runtime', bad_runtime('honest', $flaw), '--suites', $suite,
		'tests.runtime.quiet.root');
	like $out, qr/^ok 1 tests\.runtime\.quiet\.root$/m, "version, $flaw: is no reason not to run";
	like $err, qr/\A(?:\S+: warning: no version: [\x20-\x7e]*\n)?\z/, "version, $flaw: silent but for a warning of one line";
	is $status, 0, "version, $flaw: nor to fail";
}
my ($out) = run_unharmed('version, hang', '--runtime', bad_runtime('honest', 'hang'), '--suites', $suite, 'tests.runtime.quiet.root');
like $out, qr/^ok 1 /m, 'a program that does not tell its version is waited for, but not for ever';

sub start_round {
	my ($runtime, @more) = @_;
	return start_run('--runtime', $runtime, $suite, 'suites/uts/hostname.yaml', 'suites/ipc/shm.yaml', @more);
}

sub kill_round {
	my ($pid, $name) = @_;
	kill 'KILL', $pid;
	waitpid $pid, 0;
	my $status = $?;
	unharmed($pid, $name);
	return $status;
}

srand 20261;
my @builders = (@there, map { bad_runtime($_) } qw(honest linger leave-process start-agent-twice));
for my $runtime (@builders) {
	my $name = file_name($runtime) . ', in a box';
	my $pid = start_round($runtime, 'tests/suites/stays.yaml');
	# One stays, however late this looks: boxes of the canary and of other cells come and go.
	ok await_child($pid, sub { grep { (eval { slurp("$_/comm") } // '') eq "dozes\n" } in_box($pid) }), "$name: there is one";
	is kill_round($pid, $name), 9, "$name: the run was going on";
}

# At any other moment, perhaps after the end, and while nothing comes.
my @kinds = (@builders, bad_runtime('hang'));
for my $round (1 .. ($ENV{KILL_ROUNDS} // 12)) {
	my $runtime = $kinds[$round % @kinds];
	my $pid = start_round($runtime);
	sleep rand 1.2;
	kill_round($pid, "round $round, " . file_name($runtime));
}
done_testing;
