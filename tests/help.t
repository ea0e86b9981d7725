#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Help and the parser of command lines agree, for every command and every option.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;
use Text::ParseWords;

my @nobody = is_root ? ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups') : ();
my $unknown = '--no-such-option';

# What is understood of ARGS: an error about what follows them. Nothing is carried out.
sub understood {
	my (undef, $err) = run_command($nsconform, @_, $unknown);
	return $err =~ /^nsconform: \S+ has no option \Q$unknown\E$/m;
}

sub fits {
	my ($text, $name) = @_;
	is_deeply [grep { length > 80 || /\s$/ } split /\n/, $text], [], "$name: 80 columns";
}

my ($main, $err, $status) = run_command($nsconform, 'help');
is $status, 0, 'help: exit status';
is $err, '', 'on stdout alone';
fits($main, 'help');
is_deeply [(run_command($nsconform, $_))[0, 2]], [$main, 0], $_ for '--help', '-h';
my ($listed) = $main =~ /^commands:\n(.*?)\n\n/ms;
my @commands = $listed =~ /^  (\w\S*)/mg;
cmp_ok scalar @commands, '>', 15, 'commands';
unlike $main, qr/^  \Q$_\E\b/m, "$_ is not for people" for qw(agent box hook guest);

# What help says of each command, and the names of its options in it.
my (%help, %named);
for my $command (@commands) {
	my ($out, $err, $status) = run_command(@nobody, $nsconform, 'help', $command);
	is_deeply [$err, $status], ['', 0], "help $command" or diag $err;
	is_deeply [run_command($nsconform, $command, $_)], [$out, '', 0], "$command $_" for '--help', '-h';
	fits($out, $command);
	like $out, qr/\Ausage: nsconform $command .*\[OPTION\.\.\.\].*\n\n[A-Z].*\.\n/, 'usage and purpose';
	like $out, qr/^$_:\n +\S/m, $_ for 'options', 'exit status', 'environment';
	like $out, qr/^  $_\s+\S/m, "exit status $_" for 0, 2;
	my ($options) = $out =~ /^(.*)^exit status:/ms;
	ok !$named{$command}{$_}++, "$command $_: once" for $options =~ /^  (?:-\w, |    )(--\S+)/mg;
	$help{$command} = $out;
}

# Each option of any command, given to each command.  One that takes nothing says so, and with one
# that takes anything the next word is what is wrong.
my %every = map { $_ => 1 } map { keys %$_ } values %named;
my @wrong;
for my $command (@commands) {
	for my $option (sort keys %every) {
		my (undef, $err, $status) = run_command($nsconform, $command, "$option=", $unknown);
		my $taken = $err !~ /^nsconform: $command has no option \Q$option\E(?:,|$)/m;
		push @wrong, "$command $option: $err" if $status != 2 || $taken != !!$named{$command}{$option};
	}
}
is_deeply \@wrong, [], 'what a command takes and what its help names is the same';

# What stands in help and manuals can be typed.
for my $text ($main, values %help) {
	my ($examples) = $text =~ /^examples:\n(.*?)\n\n/ms or next;
	ok understood(shellwords($_)), "example: $_" for $examples =~ /^  nsconform (.*)/mg;
}
for my $page ('README.md', glob 'docs/*.md') {
	my $text = slurp($page) =~ s/^```.*?^```$//msgr;
	my @wrong = ();
	while ($text =~ /nsconform ([a-z]+)\b([^`#\n]*)/g) {
		my ($command, $rest) = ($1, $2);
		next unless $rest =~ /--[a-z]/;
		push @wrong, map { "$command $_" } grep { !$named{$command}{$_} } $rest =~ /(--[a-z][a-z-]+)/g;
	}
	is_deeply \@wrong, [], "$page: options that there are";
}

# Exit statuses and variables are said once, and truly.
my ($meanings) = $main =~ /^exit status:\n(.*?)\n\n/ms;
is_deeply [$meanings =~ /^  (\S+)/mg], [map { s/ //gr } slurp('README.md') =~ /^\| (\d+|128 \+ N) \| /mg], 'exit statuses of README.md';
my ($variables) = $main =~ /^environment:\n(.*)/ms;
my %read = map { $_ => 1 } grep { defined } map { slurp($_) =~ /getenv\("(\w+)"\)|\.variable = "(\w+)"/g } split /\n/, `find lib runner -name '*.c'`;
is_deeply [sort $variables =~ /^  ([A-Z_]+)/mg], [sort keys %read], 'environment variables that are read';

# Where options stand, and how their arguments do.
my $trace = 'tests/golden/judge/verdicts.jsonl';
my $judge = $nsconform_test;
my ($ktap) = run_command($judge, 'judge', '--format', 'ktap', $trace);
like $ktap, qr/\AKTAP /, 'an argument in a word of its own';
is((run_command($judge, 'judge', @$_))[0], $ktap, "judge @$_")
	for ['--format=ktap', $trace], [$trace, '--format', 'ktap'], [$trace, '--format=ktap'], ['--format', 'ktap', '--', $trace];
{
	local $ENV{POSIXLY_CORRECT} = 1;
	is((run_command($judge, 'judge', $trace, '--format=ktap'))[0], $ktap, 'whatever POSIXLY_CORRECT says');
}
my ($json) = run_command($nsconform, 'list', '--json', 'uts');
is((run_command($nsconform, 'list', @$_))[0], $json, "list @$_") for ['uts', '--json'], ['--json', '--', 'uts'];
like((run_command($nsconform, 'list', '--', '--json'))[1], qr/^nsconform: --json selects nothing$/m, '-- ends options');
ok understood('run', @$_), "run @$_" for ['-j2'], ['-j', '2'], ['--jobs', '2'], ['--jobs=2'], ['uts', '-j2', 'pid'],
	['--fail-on', 'skip', '--fail-on=known', '--strict'], ['--output', '--strange'];
ok understood('vm', '--append', '--strange', '--kernel=x'), 'an argument that looks like an option';

# Errors: what is wrong, and how to get help.
for (
	['run --quik', 'run has no option --quik, did you mean --quick?'],
	['run --fail-f', 'run has no option --fail-f, did you mean --fail-fast?'],
	['run -x', 'run has no option -x'],
	['run --quick=1', '--quick takes no argument: --quick=1 has one'],
	['run --jobs', '--jobs takes a whole number from 1 to 256, and none is given'],
	['run -j0', '--jobs takes a whole number from 1 to 256, not 0'],
	['run -j1x', '--jobs takes a whole number from 1 to 256, not 1x'],
	['run --timeout 99999999999999999999', '--timeout takes a whole number from 1 to 86400, not 99999999999999999999'],
	['run --format tab', '--format takes tap, ktap or kselftest, not tab, did you mean tap?'],
	['run --quick --quick', '--quick is given twice'],
	['run -j1 --jobs=1', '--jobs is given twice'],
	['run --fail-fast --keep-going', '--fail-fast does not go with --keep-going'],
	['run --keep-going --fail-fast', '--fail-fast does not go with --keep-going'],
	['run --runtime runc --inside', '--inside does not go with --runtime'],
	['run --yes-here', '--yes-here is about --inside, which is not given'],
	['plan --inside --runtime runc', '--inside does not go with --runtime'],
	['vm uts', 'vm needs --kernel FILE or --package FILE'],
	['vm --kernel a --package b', '--kernel does not go with --package'],
	['vm --kernel a --initrd b', '--initrd is about --print, which is not given'],
	['vm --package a --package b --print', '--package does not go with --print'],
	['matrix --differences --no-differences x', '--differences does not go with --no-differences'],
	['judge', 'judge takes a file, and none is given'],
	['judge a b', 'judge takes one FILE only, and b is one more'],
	['schema suites x', 'schema takes one SCHEMA only, and x is one more'],
	['runtime --probe', '--probe is about one RUNTIME, and none is given'],
	['runtime --words runc', '--words does not go with operands, as runc is'],
	['ops --needs uts', '--needs does not go with operands, as uts is'],
	['rnu', 'no command rnu, did you mean run?', ''],
	['help rnu', 'no command rnu, did you mean run?', ''],
	['--quick run', 'expected a command before --quick', ''],
	['', 'expected a command, such as run, doctor or explain', ''],
) {
	my ($line, $wrong, $about) = @$_;
	my ($command) = split ' ', $line;
	$about //= " $command";
	is_deeply [run_command($nsconform, split ' ', $line)], ['', "nsconform: $wrong\nTry 'nsconform help$about'.\n", 2], "nsconform $line";
}
is((run_command($nsconform, ''))[1], "nsconform: no command ''\nTry 'nsconform help'.\n", 'a name that is empty is shown');
is((run_command($nsconform, 'run', '--no-such', '--help'))[2], 2, 'what is wrong before --help is wrong');
is((run_command($nsconform, 'run', '--help', '--no-such'))[2], 0, 'behind it nothing counts');
done_testing;
