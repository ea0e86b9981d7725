# SPDX-License-Identifier: GPL-2.0-only
# The kernel's programs that run and read kselftest's output, and the rules of those who read it elsewhere.
package Kselftest;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';

our @EXPORT = qw(kernel_source linaro nipa);

my $build = $ENV{BUILD} // 'build';
my $selftests = 'tools/testing/selftests';

# Files of the kernel's source: of a tree that is there, or of Debian's archive, unpacked once; undef where there is
# neither.
sub kernel_source {
	my ($tree) = grep { -d "$_/tools/testing/kunit" } $ENV{LINUX_SOURCE} // (), glob '/usr/src/linux-source-*';
	my ($archive) = sort { $b cmp $a } glob '/usr/src/linux-source-*.tar.xz';
	return $tree && abs_path($tree) if $tree || !$archive;
	my ($name) = $archive =~ m{([^/]+)\.tar\.xz$};
	my $kept = "$build/tests/$name";
	return abs_path($kept) if -e "$kept/$selftests/run_kselftest.sh";
	system('rm', '-rf', $kept, "$kept.new") == 0 && system('mkdir', '-p', "$kept.new") == 0 &&
		system('tar', '-C', "$kept.new", '--strip-components=1', '-xJf', $archive,
			map { "$name/$_" } 'tools/testing/kunit', "$selftests/kselftest", "$selftests/run_kselftest.sh") == 0 &&
		rename "$kept.new", $kept or return;
	return abs_path($kept);
}

# The rule of parse_nested_tests() of NIPA (linux-netdev/nipa, contest/remote/lib/results.py).
sub nipa {
	my ($log) = @_;
	my ($nested, @tests) = 0;
	for (split /\n/, $log) {
		($nested = 1), next if !$nested && /^# TAP version /;
		$nested &&= s/^# //;
		next unless $nested && /^(not )?ok \d+(?: \d+)?(?: -)? ([^#]*[^ ])(?: +# +)?([^ ].*)?$/;
		my ($not, $name, $rest) = ($1, $2, $3 // '');
		my @times = lc($rest) =~ /time=(\d+)ms/g;
		push @tests, [$name, $rest =~ /^skip/i ? 'skip' : $not ? 'fail' : 'pass', @times ? $times[-1] : ()];
	}
	return @tests;
}

# That of parse-output.py of LKFT and KernelCI (Linaro/test-definitions, automated/linux/kselftest):
# of comments before a line tests of it are made, and the reason of a skip is part of the name.
sub linaro {
	my ($prefix, @lines) = @_;
	my (@tests, @comments);
	for (@lines) {
		if (my ($not, $name, $rest) = /^(not )?ok\s*\d*\s*([^#]*)#?\s*(.*)/) {
			my $skip = $rest =~ s/^skip\s*//i;
			$name = ($name =~ s/^selftests://r) . ($skip && !$not ? $rest : '');
			$name = $name =~ s/[^A-Za-z0-9_-]+/_/gr =~ s/^_|_$//gr =~ s/_-/__/gr;
			$name = "$prefix$name";
			push @tests, linaro("${name}_", @comments), [$name, $not ? 'fail' : $skip ? 'skip' : 'pass'];
			@comments = ();
		} elsif (/^#\s*(.*?)\s*$/) {
			push @comments, $1;
		}
	}
	return @tests;
}

1;
