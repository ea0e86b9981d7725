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
use Time::HiRes qw(time sleep);

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

my $before = host_state();

sub unharmed {
	my ($pid, $name) = @_;
	is wait_for_quiet($pid), 0, "$name: nothing is alive";
	is run_cgroups($pid), '', "$name: no cgroups are left";
	my $after = host_state();
	is $after->{$_}, $before->{$_}, "$name: $_" for grep { $after->{$_} ne $before->{$_} } sort keys %$before;
	return;
}

for my $runtime (@there, map { bad_runtime($_) } @harmful) {
	my $name = $runtime =~ s{.*/|\.yaml}{}gr;
	my $pid = start_run('--no-controls', '--runtime', $runtime, $suite);
	waitpid $pid, 0;
	is $? & 127, 0, "$name: the run ends";
	unharmed($pid, $name);
}

# Asked for its version, a program is on the host, and may do there what it likes.
for my $flaw (@harmful, 'make-noise') {
	my ($out, $err) = run_command($tool, 'run', '--no-controls', '--runtime', bad_runtime('honest', $flaw), $suite,
		'tests.runtime.quiet.root');
	like $out, qr/^ok 1 tests\.runtime\.quiet\.root$/m, "version, $flaw: is no reason not to run";
	is $err, '', "version, $flaw: silent";
	unharmed('none', "version, $flaw");
}
my $began = time;
my ($out) = run_command($tool, 'run', '--no-controls', '--runtime', bad_runtime('honest', 'hang'), $suite,
	'tests.runtime.quiet.root');
like $out, qr/^ok 1 /m, 'a program that does not tell its version is waited for';
cmp_ok time - $began, '<', 30, 'but not for ever';
unharmed('none', 'version, hang');

srand 20261;
my @kinds = (@there, map { bad_runtime($_) } qw(honest linger leave-process start-agent-twice hang));
for my $round (1 .. ($ENV{KILL_ROUNDS} // 12)) {
	my $runtime = $kinds[$round % @kinds];
	my $name = $runtime =~ s{.*/|\.yaml}{}gr;
	my $pid = start_run('--runtime', $runtime, $suite, 'suites/uts/hostname.yaml', 'suites/ipc/shm.yaml');
	sleep rand 1.2;
	kill 'KILL', $pid;
	waitpid $pid, 0;
	unharmed($pid, "round $round, $name");
}
done_testing;
