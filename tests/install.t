#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What make install puts down, its manual among it, and what uninstall takes away.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my $root = scratch_dir();
my @where = ("DESTDIR=$root", 'BUILD=' . ($ENV{BUILD} // 'build'));

sub files { return map { s/^\Q$root\E//r } sort split /\n/, (run_command('find', $root, '!', '-type', 'd'))[0] }

my (undef, $err, $status) = run_command('make', '-s', @where, 'all', 'man');
is "$status $err", '0 ', 'make all man';
my $umask = umask 077;
(undef, $err, $status) = run_command('make', '-s', @where, 'install');
umask $umask;
is "$status $err", '0 ', 'make install';
my @files = files();
is +(run_command('find', $root, '-mindepth', 1, '!', '-perm', '-0444'))[0], '', 'anybody can read it, whatever the umask';
is_deeply [grep { !m{^/usr/local/} } @files], [], 'all of it is below the prefix';
my %there = map { $_ => 1 } @files;
my $share = '/usr/local/share';
ok $there{$_}, $_ for '/usr/local/bin/nsconform', "$share/nsconform/suites/uts/hostname.yaml", "$share/nsconform/suites/schema.json",
	"$share/nsconform/fixtures/known.schema.json", "$share/nsconform/results/baseline/README.md",
	"$share/bash-completion/completions/nsconform", "$share/zsh/site-functions/_nsconform",
	"$share/fish/vendor_completions.d/nsconform.fish", "$share/doc/nsconform/docs/scenarios.md",
	map { "$share/man/man5/nsconform-$_.5" } qw(scenario results runtime kernels known);
is_deeply [grep { !-e "$root$share/nsconform/$_" } split /\n/, (run_command('find', qw(suites fixtures results/baseline tools/lava -type f)))[0]],
	[], 'all suites, fixtures, baselines and jobs';

# The manual says what help says.
my ($main) = run_command($nsconform, 'help');
my ($table) = $main =~ /^commands:\n(.*?)\n\n/ms;
for my $command ($table =~ /^  (\w+)/mg) {
	my $page = slurp("$root$share/man/man1/nsconform-$command.1");
	my ($help) = run_command($nsconform, 'help', $command);
	is_deeply [sort map { /^\.It.*Fl \\-([\w-]+)/ ? "--$1" : () } split /\n/, $page],
		[sort $help =~ /^  (?:-\w, |    )(--[\w-]+)/mg], "nsconform-$command(1) has the options of help";
}
SKIP: {
	skip 'install mandoc', 1 if system('command -v mandoc >/dev/null');
	# Pages that it refers to are not installed where it looks.
	my ($said) = run_command('mandoc', '-Tlint', map { "$root$_" } grep { m{/man\d/} } @files);
	is_deeply [grep { !/referenced manual not found/ } split /\n/, $said], [], 'mandoc has nothing to say';
}
SKIP: {
	skip 'install man-db', 1 if system("man --version 2>&1 | grep -q '^man '");
	# As lintian asks.
	local @ENV{qw(LC_ALL MANROFFSEQ MANWIDTH)} = ('C.UTF-8', '', 120);
	my @warned = map { (run_command('man', '--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', "$root$_"))[1] } grep { m{/man\d/} } @files;
	is join('', @warned), '', 'nor has groff';
}

# What others have put there stays.
spew("$root$share/nsconform/suites/mine.yaml", "suite: mine\n");
(undef, $err, $status) = run_command('make', '-s', @where, 'uninstall');
is "$status $err", '0 ', 'make uninstall';
is_deeply [files()], ["$share/nsconform/suites/mine.yaml"], '... takes what install has put down, and nothing else';
done_testing;
