#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# In each environment of tests/environments/table.pl a sample of every family, and what was judged
# wrongly there once, accuses nobody: no failure, no error, the exit status of the table, a whole
# plan, skips that say what is in the way and how to lift it, and a host that is as before.
# ROWS="bwrap nice" narrows it; tools/check-environments runs all of the quick suite.
use strict;
use warnings;
use lib 'tests/lib';
use Environments;
use Host;
use NSC;
use Test::More;

use constant EACH => 3; # scenarios of a family

my @wanted = split ' ', $ENV{ROWS} // '';
my @all = environments();
my @rows = grep { !$_->{slow} } grep { my $name = $_->{name}; !@wanted || grep { $name eq $_ } @wanted } @all;
cmp_ok scalar(@all), '>=', 30, 'environments' unless @wanted;
my @sample = sample(EACH);
watch_program("$stage/nsconform");
my $before = host_state();
my @here;

# Skips that row where there is a reason to, which it says.
sub skipped {
	my ($row, $reason) = @_;
	SKIP: { skip "$row->{name}: $reason", 1 if length $reason }
	return length $reason;
}
skipped($_, lacked_for($_)) or push @here, $_ for @rows;

sub selection {
	my ($row) = @_;
	my %seen;
	return ('--quick', grep { !$seen{$_}++ } @sample, @{$row->{also}});
}

# Reasons without a remedy, by the plan that the same environment makes of a cell that each of them keeps
# from being judged; each reason is asked for once.
my %remedied;
sub without_remedy {
	my ($row, %cells) = @_;
	# What only a run can find out, by a call that failed (runner/report/confined.c).
	my @reasons = grep { !$remedied{$_} && !/ is in the way$/ } sort keys %cells;
	return () unless @reasons;
	# Through a pipe, which no limit on the size of files cuts.
	my ($out, $err, $status) = run_command('bash', '-o', 'pipefail', '-c', '"$@" | cat', 'bash',
		plan_command($row, map { $cells{$_}[0] } @reasons));
	return "plan: exit status $status: $err" if $status;
	while ($out =~ /^# \d+ skip: ([^\n]*)\r?\n#   remedy: \S/mg) {
		my $said = $1;
		$remedied{$_} = 1 for grep { index($said, "$_: ") == 0 || $said eq $_ } @reasons;
	}
	return grep { !$remedied{$_} } @reasons;
}

sub check {
	my ($seen) = @_;
	my $row = $seen->{row};
	my @faults = faults($seen);
	# Only where nothing came of the run it is asked whether the environment can be made at all.
	return if @faults && !$seen->{plan} && skipped($row, cannot_be_made($row));
	subtest $row->{name} => sub {
		is_deeply [accusations($seen)], [], 'nobody is accused' or diag why($seen);
		is_deeply \@faults, [], 'exit status, plan and lines belong together' or diag $seen->{err};
		my %skipped = %{$seen->{skipped} // {}};
		is_deeply [grep { !/^(?:lacks|cannot:) \S/ } sort keys %skipped], [], 'what is not judged lacks something or cannot be';
		is_deeply [without_remedy($row, %skipped)], [], 'and there is a remedy' unless $row->{stdout} || $row->{instead};
		is run_cgroups($seen->{pid}), '', 'and no cgroups are left';
	};
}

my $jobs = 2;
run_side_by_side($jobs, \&selection, \&check, @here);
is wait_for_quiet(0), 0, 'no process is left';
tidy();
my $after = host_state();
is $after->{$_}, $before->{$_}, "the host keeps its $_" for sort keys %$before;
done_testing;
