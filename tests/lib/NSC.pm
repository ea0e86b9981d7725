# SPDX-License-Identifier: GPL-2.0-only
# What the tests share: running nsconform and reading its TAP with Perl's own parser.
package NSC;
use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(:flock O_DIRECTORY O_NOFOLLOW O_RDONLY);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use POSIX 'WNOHANG';
use TAP::Parser;

our @EXPORT = qw($deadline await await_child await_exit $nsconform $nsconform_test $badrt bad_program bad_runtime run_command run_tap result_line timeless with_verdict scratch_dir slurp spew golden is_root);

my $build = $ENV{BUILD} // 'build';
our $nsconform = "$build/nsconform";
our $nsconform_test = "$build/tests/nsconform"; # with the ops of tests/ops
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
delete @ENV{qw(SHARD_NUMBER SHARD_INDEX)};
# Wherever BUILD is, and whoever may look up where the tree is.
$ENV{NSCONFORM_DATA} = '.';
# A job of a shell in the background ignores SIGINT, and so would what tests interrupt.
$SIG{$_} = 'DEFAULT' for qw(INT QUIT);
# Where a test calls make: of the options of the make that runs it the variables of its command line stay,
# whole, also where a value has spaces, before each of which MAKEFLAGS has a backslash.
$ENV{MAKEFLAGS} =~ s/(^|(?<!\\)\s)(?:-j\d*|--jobserver\S*|[a-zA-Z]+(?=\s|$))//g if $ENV{MAKEFLAGS};

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

# (stdout, stderr, exit status) of a command; status 128 + n when killed by signal n, 127 when it hung.
sub run_command {
	my @command = @_;
	my $dir = tempdir(CLEANUP => 1);
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$dir/out" or die;
		open STDERR, '>', "$dir/err" or die;
		exec { $command[0] } @command;
		exit 127;
	}
	my $ended = await_exit($pid) // 127 << 8;
	my $status = $ended & 127 ? 128 + ($ended & 127) : $ended >> 8;
	return (slurp("$dir/out"), slurp("$dir/err"), $status);
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
