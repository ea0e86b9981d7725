# SPDX-License-Identifier: GPL-2.0-only
# Running the suite in the environments of tests/environments/table.pl, and reading what came of it.
package Environments;
use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use Exporter 'import';
use Host;
use NSC;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

our @EXPORT = qw($stage accusations cannot_be_made environments faults lacked_for plan_command reason_against run_side_by_side sample tidy why);

# What does not end is wrong; how long it may take says nothing.
use constant DEADLINE => 3600;

# Everybody may read it: the binary, its suites, a directory for what is kept and one for roots.
our $stage = scratch_dir();
my ($build) = $nsconform =~ m{(.*)/};
system('cp', '-r', $nsconform, "$build/tests/filter/filter", 'suites', 'fixtures', $stage) == 0 or die "cannot copy to $stage";
mkdir "$stage/$_" or die "$stage/$_: $!" for qw(roots kept);
chmod 01777, "$stage/$_" for qw(roots kept);
$ENV{STAGE} = $stage;

sub environments {
	package Environments::Table;
	NSC->import;
	our $stage = $Environments::stage;
	my @rows = do './tests/environments/table.pl';
	die "tests/environments/table.pl: " . ($@ || $!) unless @rows && ref $rows[0];
	my %accused = map { /^([a-z0-9_-]+): (.*)/ ? ($1 => [split / /, $2]) : () } split /\n/, slurp('tests/environments/accused');
	$_->{also} = delete $accused{$_->{name}} // [] for @rows;
	die "tests/environments/accused: no such row: @{[sort keys %accused]}\n" if %accused;
	return @rows;
}

# Removes what the programs that make environments leave behind.
my @entered;
sub tidy {
	remove_cgroups($_) for map { @{$_->{leaves} // []} } splice @entered;
}

END {
	local $?;
	tidy();
}

sub enter_command {
	my ($row, @command) = @_;
	push @entered, $row;
	return (@{$row->{enter} // []}, @command);
}

# What this machine lacks for such an environment, or ''.
sub lacked_for {
	my ($row) = @_;
	return 'needs root to make it' if !is_root && !$row->{anybody};
	return join ', ', $row->{without} ? $row->{without}->() : ();
}

# Why it cannot be made although nothing is known to be lacking, or ''.
sub cannot_be_made {
	my ($row) = @_;
	my ($out, $err, $status) = run_command(enter_command($row, "$stage/nsconform", '--version'));
	return '' if !$status || $row->{stdout};
	return "cannot be made here: exit status $status" . ($err =~ /^(.*\S)/m ? ": $1" : '');
}

# Why there is no such environment here, or ''.
sub reason_against {
	my ($row) = @_;
	return lacked_for($row) || cannot_be_made($row);
}

# The scenarios with the smallest digests in each family: the same as long as they are there.
sub sample {
	my ($each) = @_;
	my %families;
	for (split /\n/, (run_command($nsconform, 'list'))[0]) {
		my ($id) = split / /;
		push @{$families{(split /\./, $id)[0]}}, $id;
	}
	delete $families{runtime};
	return map {
		my @ids = sort { md5_hex($a) cmp md5_hex($b) } @{$families{$_}};
		splice @ids, 0, $each;
	} sort keys %families;
}

# Begin a run there; what it prints goes to a pipe, which no limit on files concerns.
sub begin {
	my ($row, @arguments) = @_;
	my $keep = "$stage/kept/$row->{name}";
	push @arguments, '--no-traces', "--output=$keep" if $row->{stdout};
	pipe my $read, my $write or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		setpgrp;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>&', $write or die;
		open STDERR, '>', "$keep.err" or die;
		delete @ENV{qw(NSCONFORM_DATA HARNESS_ACTIVE HARNESS_VERSION)};
		@ENV{keys %{$row->{env}}} = values %{$row->{env}} if $row->{env};
		my @command = enter_command($row, "$stage/nsconform", @{$row->{instead} // ['run']}, @arguments);
		chdir $stage or die;
		exec { $command[0] } @command or print STDERR "$command[0]: $!\n";
		POSIX::_exit(127);
	}
	close $write;
	$read->blocking(0);
	return { row => $row, pid => $pid, read => $read, tap => '', keep => $keep, begun => time };
}

# How the cells of a verdict are called in what was seen; an unexpected pass is one.
my %words = (pass => 'passed', xpass => 'passed', fail => 'failed', known => 'known', broken => 'broken');

sub finish {
	my ($run) = @_;
	my %seen = (%$run, status => $? & 127 ? 128 + ($? & 127) : $? >> 8, took => time - $run->{begun});
	$seen{err} = slurp("$run->{keep}.err");
	($seen{tap}) = map { slurp($_) } glob "$run->{keep}/tap/*.tap" if $run->{row}{stdout};
	$seen{tap} //= '';
	my @lines = split /\r?\n/, $seen{tap};
	($seen{plan}) = map { /^1\.\.(\d+)$/ ? $1 : () } @lines;
	for (@lines) {
		my ($name, $verdict, $reason) = result_line($_) or next;
		$seen{cells}++;
		my $of = $verdict eq 'skip' ? \$seen{skipped}{$reason} : \$seen{$words{$verdict}};
		push @$$of, $name;
	}
	return \%seen;
}

# Carry out the suite in each row, as many as that at a time; DONE is called with what was seen.
sub run_side_by_side {
	my ($jobs, $arguments, $done, @rows) = @_;
	my @runs;
	local @SIG{qw(HUP INT PIPE TERM)} = map {
		my $status = $_;
		sub {
			kill 'KILL', -$_->{pid} for @runs;
			waitpid $_->{pid}, 0 for @runs;
			exit $status;
		}
	} 129, 130, 141, 143;
	while (@rows || @runs) {
		my $alone = grep { $_->{row}{busy} } @runs;
		while (@rows && !$alone && @runs < $jobs && !($rows[0]{busy} && @runs)) {
			my $row = shift @rows;
			push @runs, begin($row, $arguments->($row));
			$alone = $row->{busy};
		}
		my @rest;
		for my $run (@runs) {
			while (sysread $run->{read}, my $text, 1 << 16) {
				$run->{tap} .= $text;
			}
			kill 'KILL', -$run->{pid} if time - $run->{begun} > DEADLINE;
			if (waitpid($run->{pid}, WNOHANG) == $run->{pid}) {
				my $status = $?;
				while (sysread $run->{read}, my $text, 1 << 16) {
					$run->{tap} .= $text;
				}
				$? = $status;
				$done->(finish($run));
			} else {
				push @rest, $run;
			}
		}
		@runs = @rest;
		sleep 0.02 if @runs;
	}
}

# What would be run there, and why what is not.
sub plan_command {
	my ($row, @arguments) = @_;
	return ('env', "--chdir=$stage", '--unset=NSCONFORM_DATA', enter_command($row, "$stage/nsconform", 'plan', @arguments));
}

# What the kernel was made without, each with its evidence: no environment takes anything of it away.
my @lacked;
sub is_lacked {
	my ($reason) = @_;
	@lacked = (run_command($nsconform, 'plan'))[0] =~ /^# \d+ skip: (lacks .*)/mg unless @lacked;
	return scalar grep { $_ eq $reason || index($_, "$reason: ") == 0 } @lacked;
}

# What a run says against the kernel, or of its own trouble, one line each.
sub accusations {
	my ($seen) = @_;
	return ((map { "not ok $_" } @{$seen->{failed} // []}), map { "ERROR $_" } @{$seen->{broken} // []});
}

# What else is wrong with a run there, one line each.
sub faults {
	my ($seen) = @_;
	my $row = $seen->{row};
	my $judged = grep { @{$seen->{$_} // []} } qw(passed known failed broken);
	my $right = $row->{status} // ($judged ? 0 : 4);
	my @faults;
	push @faults, "exit status $seen->{status}, not $right" if $seen->{status} != $right;
	push @faults, 'there is no plan' unless $seen->{plan} || $row->{refused};
	push @faults, 'not one line says why' if $row->{refused} && $seen->{err} !~ /\Ansconform: [^\n]+\n\z/;
	push @faults, "$seen->{plan} lines planned, @{[$seen->{cells} // 0]} seen" if ($seen->{plan} // 0) != ($seen->{cells} // 0);
	push @faults, 'nothing was judged' if !$judged && !$row->{nothing};
	push @faults, 'something was judged' if $judged && ($row->{nothing} // '') eq 'always';
	push @faults, "not so: $_" for $row->{instead} ? () :
		grep { /^lacks / && !is_lacked($_) } sort keys %{$seen->{skipped} // {}};
	return @faults;
}

# The first of their blocks, for who reads it.
sub why {
	my ($seen) = @_;
	return join "\n", map { /^(not ok (?!\d+ \S+ # TODO)[^\n]*\n(?:[ #][^\n]*\n)+)/ ? $1 : () }
		split /^(?=not ok|ok)/m, substr($seen->{tap}, 0, 1 << 20);
}

1;
