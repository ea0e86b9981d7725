# SPDX-License-Identifier: GPL-2.0-only
# What the tests share: running nsconform and reading its TAP with Perl's own parser.
package NSC;
use strict;
use warnings;
use Cwd qw(getcwd);
use Exporter 'import';
use Fcntl qw(:flock O_DIRECTORY O_NOFOLLOW O_RDONLY);
use File::Copy qw(copy);
use File::Spec;
use File::Temp qw(tempdir);
use POSIX 'WNOHANG';
use TAP::Parser;

our @EXPORT = qw($deadline await await_child await_exit $nsconform $nsconform_test $badrt bad_program bad_runtime run_command run_tap result_line timeless with_verdict scratch_dir slurp spew golden is_root word_bits);

my $build = $ENV{BUILD} // 'build';
our $nsconform = "$build/nsconform";
our $nsconform_test = "$build/tests/nsconform"; # with the ops of tests/ops
my $spawn = File::Spec->rel2abs("$build/tests/spawn/spawn");
our $badrt = "$build/tests/badrt/badrt"; # a runtime with every defect

# What must not hang has this long, on any machine, and nothing else: no test asserts a time.  That
# something is quick is a ratio or a count in tools/bench.
our $deadline = 1800;

# What the condition returns when it comes true, or what is false when the deadline has passed; how
# often it is asked, in seconds, matters where what it looks for is gone again soon.
sub await {
	my ($condition, $every) = (@_, 0.005);
	my $end = time + $deadline;
	my $got;

	select undef, undef, undef, $every until ($got = $condition->()) || time >= $end;
	return $got;
}

# The same of what a child is to do: once it has ended nothing is waited for any more.  Its status stays
# for who asks for that.
sub await_child {
	my ($pid, $condition, $every) = (@_, 0.005);
	my $got;

	await(sub {
		my $ended = (eval { slurp("/proc/$pid/stat") } // '') !~ /\) [^ZX] /;
		return ($got = $condition->()) || $ended;
	}, $every);
	return $got;
}

# The wait status of a child; undef when it had to be killed, as it hung.
sub await_exit {
	my ($pid) = @_;
	my $status;

	return $status if await(sub { waitpid($pid, WNOHANG) == $pid && (($status = $?), 1)[1] });
	kill 'KILL', $pid;
	waitpid $pid, 0;
	return;
}

# A run must not write into the results of the run that tests it.
delete $ENV{NSCONFORM_OUTPUT};
# Nor be a part of what it tests.
delete @ENV{qw(SHARD_NUMBER SHARD_INDEX JOB_COMPLETION_INDEX)};
# Wherever BUILD is, and whoever may look up where the tree is.
$ENV{NSCONFORM_DATA} = '.';
# A job of a shell in the background ignores SIGINT, and so would what tests interrupt.
$SIG{$_} = 'DEFAULT' for qw(INT QUIT);
# Where a test calls make: of the options of the make that runs it the variables of its command line stay,
# whole, also where a value has spaces, before each of which MAKEFLAGS has a backslash.
$ENV{MAKEFLAGS} =~ s/(^|(?<!\\)\s)(?:-j\d*|--jobserver\S*|[a-zA-Z]+(?=\s|$))//g if $ENV{MAKEFLAGS};

# Of the program under test: 32 on i386 (ELFCLASS32).
sub word_bits { return unpack('x4C', slurp($nsconform)) == 1 ? 32 : 64 }

sub is_root { return $> == 0 }

sub slurp {
	my ($path) = @_;
	open my $f, '<', $path or die "$path: $!";
	local $/;
	return scalar <$f>;
}

sub spew {
	my ($path, $text) = @_;
	open my $f, '>', $path or die "$path: $!";
	print $f $text;
	close $f or die "$path: $!";
}

# The directory, opened and locked for as long as what this returns is kept; undef when it is gone, not
# ours, or locked by another process and HOW does not wait.
sub keep_dir {
	my ($path, $how) = @_;
	sysopen(my $dir, $path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) or return;
	my ($device, $inode, $owner) = (stat $dir)[0, 1, 4];
	return if $owner != $> || !flock $dir, $how;
	my @there = lstat $path;
	return @there && $there[0] == $device && $there[1] == $inode ? $dir : undef;
}

# A directory for what others execute or read, which /tmp may not be for: it goes with this process.
# Who is killed leaves it, unlocked, and the next one removes it.
our $prefix = '/var/tmp/nsconform-tests';
my %kept;
sub scratch_dir {
	for my $left (grep { !$kept{$_} } glob "$prefix.*") {
		my $lock = keep_dir($left, LOCK_EX | LOCK_NB) or next;
		system 'rm', '-rf', '--one-file-system', $left;
	}
	while (1) {
		my $dir = tempdir("$prefix.XXXXXXXX", CLEANUP => 1);
		$kept{$dir} = keep_dir($dir, LOCK_EX) and chmod 0755, $dir and return $dir;
		# Another process may have removed it before it was locked.
		die "$dir: cannot be locked\n" if -e $dir;
	}
}

# Who starts commands for this process (tests/spawn/spawn.c): a process that was forked has one of its own.
my %spawner = (pid => 0);
sub spawner {
	return \%spawner if $spawner{pid} == $$;
	-x $spawn or die "no $spawn: run make test\n";
	pipe my $requests, my $write or die "pipe: $!";
	pipe my $read, my $statuses or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<&', $requests or die;
		open STDOUT, '>&', $statuses or die;
		exec { $spawn } $spawn or POSIX::_exit(127);
	}
	%spawner = (pid => $$, its => $pid, to => $write, from => $read, dir => tempdir(CLEANUP => 1));
	return \%spawner;
}

# It is idle, and waiting for the end of its requests would be waiting for all who have that pipe.
END {
	local $?;
	if ($spawner{pid} == $$) {
		kill 'TERM', $spawner{its};
		waitpid $spawner{its}, 0;
	}
}

# (stdout, stderr, exit status) of a command; status 128 + n when killed by signal n, 127 when it hung.
sub run_command {
	my @command = @_;
	my $own = spawner();
	my ($out, $err) = map { "$own->{dir}/$_" } qw(out err);
	my @strings = (getcwd(), $out, $err, @command, map { "$_=$ENV{$_}" } keys %ENV);
	utf8::encode($_) for grep { utf8::is_utf8($_) } @strings;
	my $request = join '', map { "$_\0" } @strings;
	syswrite $own->{to}, pack('L4', length $request, scalar @strings, scalar @command, $deadline) . $request;
	sysread($own->{from}, my $said, 4) or die "$spawn ended: $command[0]\n";
	my $status = unpack 'l', $said;
	$status = $status & 127 ? 128 + ($status & 127) : $status >> 8;
	return (slurp($out), slurp($err), $status);
}

my %directives = (SKIP => 'skip', XFAIL => 'known', XPASS => 'xpass', ERROR => 'broken');

# What a result line of any format says: (name, verdict, reason); of another line nothing.
sub result_line {
	my ($not, $name, $directive, $reason) =
		$_[0] =~ /^(not )?ok \d+ (\S+)(?: #(?: (SKIP|TODO|XFAIL|XPASS|ERROR)\b)? *(.*))?$/ or return;
	($reason //= '') =~ s/(?:^| # )time=\d+ms$//;
	my $verdict = !$directive ? ($not ? 'fail' : 'pass') : $directive eq 'TODO' ? ($not ? 'known' : 'xpass') :
		$directives{$directive};
	return ($name, $verdict, $reason);
}

# Names of the cells with one of these verdicts, in order.
sub with_verdict {
	my ($tap, @verdicts) = @_;
	return map {
		my ($name, $verdict) = result_line($_);
		$name && grep({ $_ eq $verdict } @verdicts) ? $name : ();
	} split /\n/, $tap;
}

# Output without what two runs of the same thing differ in.
sub timeless {
	my ($tap) = @_;
	$tap =~ s/^# time=\d+ms\n| # time=\d+ms$//mg;
	# What cells that ran at the same time have the kernel say may come from other runs.
	$tap =~ s/^# kernel log \(this cell's or another's\): .*\n//mg;
	return $tap;
}

# Result lines of a run by cell name, and the parser.
sub run_tap {
	my ($text) = @_;
	my $parser = TAP::Parser->new({ tap => length $text ? $text : "# nothing\n" });
	my %results;
	while (my $result = $parser->next) {
		next unless $result->is_test;
		my ($name) = result_line($result->raw);
		$results{$name} = $result->raw;
	}
	return (\%results, $parser);
}

# A copy of badrt, by which its processes are told from those of other tests; it is in a directory
# that is not one of those of which a moat has its own.
my $runtimes;
sub bad_program {
	if (!$runtimes) {
		$runtimes = scratch_dir();
		copy $badrt, "$runtimes/badrt" or die "$badrt: $!";
		chmod 0755, "$runtimes/badrt";
	}
	return "$runtimes/badrt";
}

# The file of a runtime with that defect, and with that one when it is asked for its version.
sub bad_runtime {
	my ($defect, $flaw) = (@_, 'honest');
	my $program = bad_program();
	# A busy machine takes its time; the defects that keep silent are waited for.
	my %is = (PROGRAM => $program, DEFECT => $defect, VERSION_FLAW => $flaw,
		WITHIN => $defect =~ /^(?:hang|say-nothing)$/ ? '1s' : '10s');
	(my $text = slurp('tests/runtimes/bad.yaml')) =~ s/\b(PROGRAM|DEFECT|VERSION_FLAW|WITHIN)\b/$is{$1}/g;
	spew("$runtimes/$defect-$flaw.yaml", $text);
	return "$runtimes/$defect-$flaw.yaml";
}

# Compare with a golden file; REGOLD=1 writes it instead.
sub golden {
	my ($have, $path, $name) = @_;
	spew($path, $have) if $ENV{REGOLD};
	my $want = -e $path ? slurp($path) : '';
	Test::More::is($have, $want, $name);
}

1;
