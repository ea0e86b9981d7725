# SPDX-License-Identifier: GPL-2.0-only
# Runs under a seccomp filter that answers one system call itself: what each must keep to.
package Filter;
use strict;
use warnings;
use Exporter 'import';
use Host;
use NSC;
use POSIX qw(setpgid WNOHANG);
use File::Temp qw(tempdir);
use Time::HiRes qw(time sleep);

our @EXPORT = qw($filter @answers @selection filtered_run judge_filtered baseline);

my $build = $ENV{BUILD} // 'build';
our $filter = "$build/tests/filter/filter";
our @answers = qw(ENOSYS EPERM kill);
# Some of each family, with their controls and twins.
our @selection = qw(api.clone3 cgroup.view combo.rootless ipc.mq ipc.sem mnt.bind mnt.root net.links
	net.unix-reach pid.orphans pid.pidfd sec.credentials time.offsets user.maps uts.hostname);
# (stdout, stderr, wait status, late, pid) of a run under the rules.
sub filtered_run {
	my ($rules, @command) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		setpgid(0, 0);
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$dir/out" or die;
		open STDERR, '>', "$dir/err" or die;
		exec $filter, @$rules, '--', @command;
		exit 127;
	}
	my $end = time + $deadline;
	my $late = 0;
	while (waitpid($pid, WNOHANG) != $pid) {
		sleep 0.02;
		next unless time > $end && !$late;
		$late = 1;
		kill KILL => -$pid;
	}
	return (slurp("$dir/out"), slurp("$dir/err"), $?, $late, $pid);
}

sub run_of { my @select = @_; return ($tool, 'run', '--quick', '-j4', @select) }

sub totals { my ($out) = @_; return $out =~ /^# Totals: (.*)/m ? +{ map { split /:/ } split ' ', $1 } : undef }

# What the selection gives where nothing forbids anything.
sub baseline {
	my (@select) = @_;
	my ($out, $err, $status) = run_command(run_of(@select));
	my $t = totals($out);
	die "the selection fails by itself ($status): $err$out" if $status || !$t || !$t->{pass};
	return $t;
}

# Of what namespaces confine, that which nobody else on the machine touches meanwhile.
sub confined_state {
	my $h = host_state(qw(hostname sysv mounts));
	return { %$h, mounts => join('', grep { / - \S+ (?:nsconform|moat) / } split /^/, $h->{mounts}) };
}

sub changes { my ($was, $is) = @_; return grep { $was->{$_} ne $is->{$_} } sort keys %$was }

# What becomes of a run when CALL gets ANSWER: (what happens, what is wrong with it...).
sub judge_filtered {
	my ($call, $answer, $base, @select) = @_;
	my $before = confined_state();
	my ($out, $err, $status, $late, $pid) = filtered_run(["$call=$answer"], run_of(@select));
	my ($signal, $code, $t) = ($status & 127, $status >> 8, totals($out));
	my @wrong;

	push @wrong, 'no end' if $late;
	push @wrong, "accuses: $_" for with_verdict($out, 'fail');
	# The C library gives up before main: nobody of ours could say anything.
	return 'cannot be started' if $code == 127 && $out eq '';
	push @wrong, "exit status $code" if !$signal && $code != 0 && $code != 3 && $code != 4;
	push @wrong, "breaks: $_" for with_verdict($out, 'broken');
	# Nothing can be named without writing.
	push @wrong, 'does not name the call'
		if !$signal && $code && $call ne 'write' && "$out$err" !~ /\b\Q$call\E\b/;
	push @wrong, "killed by signal $signal" if $signal && $signal != 31;
	push @wrong, 'killed after its plan' if $signal == 31 && $out =~ /^1\.\./m;
	push @wrong, 'processes are left' if wait_for_quiet($pid);
	push @wrong, 'cgroups are left' if run_cgroups($pid) ne '';
	push @wrong, "changed on the host: $_" for changes($before, confined_state());
	my $more = $t ? $t->{skip} - $base->{skip} : 0;
	return ($signal == 31 ? 'killed at its start' : $code == 3 && !$t ? 'the run ends: broken' :
		!$t ? 'no totals' : $more > 0 ? "$more cell" . ($more > 1 && 's') . ' cannot' : 'nothing lost', @wrong);
}

1;
