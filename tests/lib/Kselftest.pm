# SPDX-License-Identifier: GPL-2.0-only
# The kernel's programs that run and read kselftest's output, and the rules of those who read it elsewhere.
package Kselftest;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Temp;
use NSC qw(result_line);

our @EXPORT = qw(kernel_source kunit linaro misread nipa outcomes printed);

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

# What run_kselftest.sh has made of the programs of a collection, by the name of each.
sub outcomes {
	my ($collection, $log) = @_;
	return { map { /^(ok|not ok) \d+ selftests: \Q$collection\E: (\S+)(?: # (.*))?$/ ? ($2 => join ' ', $1, $3 // ()) : () } split /\n/, $log };
}

# Cells that their programs have printed, and the verdict of each.
sub printed {
	my ($log) = @_;
	return { map { my ($name, $verdict) = s/^# // ? result_line($_) : (); $name ? ($name => $verdict) : () } split /\n/, $log };
}

# How many tests kunit.py of a kernel's source sees pass, fail and skip in a log.
sub kunit {
	my ($source, $log) = @_;
	my $file = File::Temp->new;
	print $file $log;
	$file->flush;
	open my $kunit, '-|', 'python3', '-B', "$source/tools/testing/kunit/kunit.py", 'parse', "$file" or die "python3: $!";
	my $said = do { local $/; <$kunit> };
	close $kunit;
	return [map { $said =~ /$_: (\d+)/ ? $1 : 0 } qw(passed failed skipped)];
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

# What a verdict is to who knows none but these.
my %plain = (pass => 'pass', xpass => 'pass', known => 'pass', fail => 'fail', broken => 'fail', skip => 'skip');

# Where two tables differ, as lines.
sub differences {
	my ($who, $seen, $want) = @_;
	return map { "$who: $_: " . ($seen->{$_} // 'nothing') . ', which should be ' . ($want->{$_} // 'nothing') }
		grep { ($seen->{$_} // '') ne ($want->{$_} // '') } sort keys %{{%$seen, %$want}};
}

# What readers make of the log of one collection, all of whose programs are named here, where that is not what is on
# record of the cells: as lines.
sub misread {
	my ($collection, $log, $programs, $cells, $source) = @_;
	my (%of, %program, %linaro, %nipa);
	push @{$of{$_->{scenario} =~ /^(\w+\.[\w-]+)/ ? $1 : ''}}, $_ for @$cells;
	my $clean = sub { return join('_', @_) =~ s/[^A-Za-z0-9_-]+/_/gr =~ s/^_|_$//gr =~ s/_-/__/gr };
	for my $name (@$programs) {
		my %n = map { $plain{$_->{verdict}} => 1 } @{$of{$name} // []};
		$program{$name} = $n{fail} ? 'not ok exit=1' : $n{pass} ? 'ok' : 'ok SKIP';
		$linaro{$clean->($collection, $name)} = $n{fail} ? 'fail' : $n{pass} ? 'pass' : 'skip';
		# Where all of a suite skips its cells are not printed.
		for my $cell ($n{pass} || $n{fail} ? @{$of{$name}} : ()) {
			$nipa{$cell->{cell}} = $plain{$cell->{verdict}};
			$linaro{$clean->($collection, $name, $cell->{cell}, $cell->{verdict} eq 'skip' ? $cell->{reason} : ())} = $nipa{$cell->{cell}};
		}
	}
	my @wrong = (differences('run_kselftest.sh', outcomes($collection, $log), \%program),
		differences('LKFT', { map { $_->[0] => $_->[1] } linaro('', split /\n/, $log) }, \%linaro),
		differences('NIPA', { map { @$_[0, 1] } nipa($log) }, \%nipa));
	return @wrong unless $source && !system('command -v python3 >/dev/null');
	my $numbers = sub {
		my %n = (pass => 0, fail => 0, skip => 0);
		$n{$_}++ for @_;
		return join '/', @n{qw(pass fail skip)};
	};
	my @programs = join '/', @{kunit($source, $log)};
	push @wrong, "kunit.py: programs are @programs" if "@programs" ne $numbers->(map { /^not/ ? 'fail' : /SKIP/ ? 'skip' : 'pass' } values %program);
	# A suite without a line is one that skips.
	my @cells = join '/', @{kunit($source, $log =~ s/^# /    /mgr)};
	push @wrong, "kunit.py: cells are @cells" if "@cells" ne $numbers->(values %nipa, map { $_ eq 'ok SKIP' ? 'skip' : () } values %program);
	return @wrong;
}

1;
