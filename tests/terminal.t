#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What somebody at a terminal sees, on a real one: failures, a line of progress below them that fits, and
# at the end how to repeat each. What is not for people has nothing of that.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd 'getcwd';
use File::Copy 'copy';
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

plan skip_all => 'no script(1): install bsdutils or util-linux' unless grep { -x "$_/script" } split /:/, $ENV{PATH};
plan skip_all => 'needs root: the cells of these suites are privileged' unless is_root;

my $dir = tempdir(CLEANUP => 1);
my $suite = 'tests/suites/verdicts.yaml';
my @patient = ('--time-factor', '20'); # not measured: two runs print the same
delete @ENV{qw(NO_COLOR CLICOLOR CLICOLOR_FORCE HARNESS_ACTIVE)};
$ENV{TERM} = 'xterm';

sub quoted { return join ' ', map { "'" . s/'/'\\''/gr . "'" } @_ }

# What a command of the shell has written to a terminal that is so wide, and its exit status.
sub on_terminal {
	my ($columns, $command, %env) = @_;
	local @ENV{keys %env} = values %env;
	delete $ENV{$_} for grep { !defined $env{$_} } keys %env;
	my ($out, $err, $status) = run_command('script', '-qefc', "stty cols $columns rows 24; $command", "$dir/typescript");
	return ($out, $status);
}

# What stands on the terminal in the end; the escapes that a line of progress needs are understood, and no others.
sub screen {
	my ($text) = @_;
	my @lines = ('');
	my $at = 0;
	$text =~ s/\e\[[0-9;]*m//g;
	while ($text =~ /\G(\e\[K|\r|\n|[^\e\r\n])/gc) {
		if ($1 eq "\e[K") { substr($lines[-1], $at) = '' }
		elsif ($1 eq "\r") { $at = 0 }
		elsif ($1 eq "\n") { push @lines, ''; $at = 0 }
		else {
			$lines[-1] .= ' ' while length $lines[-1] < $at;
			substr($lines[-1], $at++, 1) = $1;
		}
	}
	my $end = pos($text) // 0;
	die 'an escape that is not expected: ' . substr($text, $end, 20) if $end < length $text;
	return join "\n", @lines;
}

# The lines of progress that were drawn.
sub progress { return $_[0] =~ /\r([^\r\n]*?)\e\[K/g }

my $run = quoted($nsconform_test, 'run', @patient, $suite);
my ($raw, $status) = on_terminal(80, $run);
my $seen = screen($raw);
is $status, 1, 'a run on a terminal: exit status' or diag $raw;
unlike $seen, qr/^(?:TAP version|1\.\.\d|(?:not )?ok \d)/m, 'TAP is not printed';
like $raw, qr/\e\[1;31mFAIL  \e\[0m tests\.verdicts\.fails\b/, 'a failure is there, in colour';
my @progress = grep { length } progress($raw);
cmp_ok scalar(@progress), '>', 1, 'progress was drawn';
like $progress[-1], qr{^13/13 cells, \d+ failed, \d+ broken}, 'and tells of all cells in the end';
is scalar(grep { length > 79 } @progress), 0, 'on one line';
unlike $seen, qr{^\d+/13}m, 'and is gone in the end';
like $seen, qr/^13 cells: .*\d+ failed.* in \d+:\d\d$/m, 'the totals are last';

# What is carried out several times says how far that is: each time takes longer than the line stays as it is.
my $slow = scratch_dir() . '/slow.yaml';
spew($slow, <<'END');
suite: tests/slow
about: For tests/terminal.t.
scenarios:
  - id: dozes
    about: A cell that can be seen.
    clauses: [uts.names.hostname-isolated]
    actors: {a: {}}
    steps:
      - a: {harness.doze: {takes: 150ms}}
        expect: ok
END
for ([['--until-fail', '--repeat', '5'], qr{^round (\d+) of 5, [01]/1, [01]/1 cells, 0 failed}], [['--repeat', '5'], qr{^attempt (\d+)/5, [01]/1 cells, 0 failed}]) {
	my ($options, $want) = @$_;
	my ($often, $ended) = on_terminal(80, quoted($nsconform_test, 'run', '-j1', @patient, @$options, '--suites', $slow, 'tests.slow.dozes'));
	is $ended, 0, "@$options" or diag $often;
	my %numbers = map { /$want/ ? ($1 => 1) : () } progress($often);
	cmp_ok scalar(keys %numbers), '>', 1, 'the line of progress goes on' or diag explain [progress($often)];
	unlike screen($often), qr/^(?:# )?(?:Round \d|round|attempt)/m, 'and leaves nothing of that';
}

# Each failure, its reason, and how to repeat it.
my %failures;
while ($seen =~ /^(?:FAIL  |BROKEN) (\S+)\n {7}(.+)\n {7}(\S+ run .*)$/mg) { $failures{$1} = [$2, $3] }
run_command($nsconform_test, 'run', @patient, '--output', "$dir/r", $suite);
my %records = map { my $r = decode_json($_); ($r->{cell} => $r) } split /\n/, slurp("$dir/r/cells.jsonl");
is_deeply [sort keys %failures], [sort grep { $records{$_}{verdict} =~ /^(?:fail|broken)$/ } keys %records], 'each failure is listed';
is_deeply { map { $_ => $failures{$_}[1] } keys %failures }, { map { $_ => $records{$_}{again} } keys %failures }, 'with the command of its record';
is scalar(grep { !length $failures{$_}[0] } keys %failures), 0, 'and a reason';
like $seen, qr/^Skipped: \d+ cell/m, 'skips are summed up';

# The command repeats that cell, and its verdict.
for my $cell (sort keys %failures) {
	my ($out) = run_command('sh', '-c', $failures{$cell}[1]);
	like $out, qr/^not ok \d+ \Q$cell\E # /m, "pasted: $failures{$cell}[1]";
}

# What decides about a cell is in the command, however that was said; what only chooses cells is not.
{
	my $own = "$dir/own data";
	mkdir $own;
	symlink getcwd . "/$_", "$own/$_" for qw(suites fixtures);
	local $ENV{NSCONFORM_DATA} = $own;
	local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
	mkdir "$dir/bin";
	copy($nsconform_test, "$dir/bin/nsconform") or die "copy: $!";
	chmod 0755, "$dir/bin/nsconform";
	spew("$dir/known.yaml", "known: []\n");
	for my $case (
		[['--inside', '--yes-here'], 'run --inside --yes-here', 'uts.hostname'],
		[['-j1', '--quick', "--known=$dir/known.yaml", '--exclude', '@slow'], "run --known $dir/known.yaml", 'uts.hostname'],
	) {
		my ($options, $command, $selection) = @$case;
		my $to = "$dir/again" . @$options;
		run_command('nsconform', 'run', @$options, '--output', $to, $selection);
		my ($first) = map { decode_json($_) } split /\n/, slurp("$to/cells.jsonl");
		is $first->{again}, "NSCONFORM_DATA='$own' nsconform $command $first->{cell}", "again: $command";
		delete local $ENV{NSCONFORM_DATA};
		my ($out) = run_command('sh', '-c', $first->{again});
		my $is = $first->{verdict} eq 'skip' ? " # SKIP $first->{reason}" : '';
		like $out, qr/^ok \d+ \Q$first->{cell}$is\E$/m, 'does that';
	}
}

# Narrow, dumb, without colours.
for my $columns (40, 30, 12) {
	($raw) = on_terminal($columns, $run);
	@progress = grep { length } progress($raw);
	is scalar(grep { length >= $columns } @progress), 0, "$columns columns: the line of progress fits";
	like $progress[-1], qr{^13/13(?: cells)?, \d}, 'and has what matters';
}
($raw) = on_terminal(80, $run, TERM => 'dumb');
unlike $raw, qr/\e/, 'a dumb terminal: no escapes';
is scalar(() = $raw =~ /\r(?!\r?\n)/g), 0, 'and no line that is drawn over';
like $raw, qr/^FAIL   tests\.verdicts\.fails\b/m, 'but failures';
($raw) = on_terminal(80, $run, NO_COLOR => 1);
unlike $raw, qr/\e\[[0-9;]*m/, 'NO_COLOR: no colours';
like $raw, qr/\e\[K/, 'but progress';
my @colours = (
	[{ NO_COLOR => '' }, '', 1], [{ CLICOLOR => 0 }, '', 0], [{ CLICOLOR => 1 }, '', 1],
	[{ TERM => 'dumb', CLICOLOR_FORCE => 1 }, '', 1], [{ NO_COLOR => 1, CLICOLOR_FORCE => 1 }, '', 0],
	[{ NO_COLOR => 1 }, '--color always', 1], [{}, '--color never', 0], [{ TERM => undef }, '', 0],
);
for (@colours) {
	my ($env, $option, $coloured) = @$_;
	($raw) = on_terminal(80, "$run tests.verdicts.fails $option", %$env);
	is $raw =~ /\e\[[0-9;]+m/ ? 1 : 0, $coloured, join ' ', 'colours:', (map { $_ . '=' . ($env->{$_} // 'unset') } sort keys %$env), $option;
}

# TAP where somebody has asked for it, or where it goes elsewhere.
($raw) = on_terminal(80, "$run --format tap");
$seen = screen($raw);
my ($tap) = run_command($nsconform_test, 'run', @patient, $suite);
my ($results) = run_tap($tap);
for my $line (grep { /^(?:not )?ok / } split /\n/, $tap) {
	my $count = () = $seen =~ /^\Q$line\E$/mg;
	is $count, 1, "--format tap: $line";
}
like $seen, qr/^TAP version 13$/m, 'its beginning, too';
like $seen, qr/^FAIL   /m, 'and the list of failures at the end';
is index($tap, "\e"), -1, 'a pipe: TAP has no escapes';
($raw) = on_terminal(80, "$run >$dir/tap");
like $raw, qr/FAIL  \e\[0m tests\.verdicts\.fails\b/, 'stdout elsewhere: failures are on the terminal';
is timeless(slurp("$dir/tap")), timeless($tap), 'and TAP is what it is without one';
($raw) = on_terminal(80, "$run | tee $dir/tee");
$seen = screen($raw);
is timeless(slurp("$dir/tee")), timeless($tap), 'tee(1): TAP is what it is without';
is_deeply [grep { my $line = $_; 1 != grep { $_ eq $line } split /\n/, $seen } grep { /^(?:not )?ok |^TAP|^1\.\./ } split /\n/, $tap], [], 'and each line stands alone on the terminal, once';
is_deeply [progress($raw)], [], 'without a line of progress that it would be mixed with';
is scalar(() = $seen =~ /^(?:FAIL  |BROKEN) tests\.verdicts\.fails$/mg), 1, 'and a failure stands in the list at the end alone';
($raw) = on_terminal(80, "$run 2>/dev/tty");
unlike screen($raw), qr/^(?:TAP version|(?:not )?ok \d)/m, 'the terminal under another name: TAP is not printed';
($raw) = on_terminal(80, "$run >/dev/full");
# All cells may be over when the first write fails.
like screen($raw), qr/^The run ended before its plan, of 13 cells: what it prints could not be written$|^nsconform: results could not be written completely$/m,
	'TAP that nobody gets ends the run, which says why';
($raw) = on_terminal(80, "$run 2>$dir/err");
is timeless($raw =~ s/\r//gr), timeless($tap), 'stderr elsewhere: TAP is on the terminal' if $tap !~ /\t/;
is slurp("$dir/err"), '', 'and nothing else';
($raw) = on_terminal(80, "$run", HARNESS_ACTIVE => 1);
is timeless($raw =~ s/\r//gr), timeless($tap), 'under prove(1): TAP alone';
(undef, my $err) = run_command($nsconform_test, 'run', '--color', 'always', $suite);
is $err, '', 'without a terminal nothing is shown';

# Who interrupts a run has a clean line, and what failed so far.
{
	my $tool = "$dir/nsconform";
	copy($nsconform_test, $tool) or die "copy: $!";
	chmod 0755, $tool;
	local $ENV{NSCONFORM_DATA} = getcwd;
	# The terminal sends the signal, as it does for a key.
	my $interrupted = "$tool run -j1 --output $dir/i tests/suites/verdicts.yaml tests/suites/trouble.yaml & run=\$!; " .
		"while ! grep -q fails.*fail $dir/i/cells.jsonl 2>/dev/null; do sleep 0.01; done; kill -INT \$run; wait \$run";
	($raw, $status) = on_terminal(80, "bash -mc " . quoted("$interrupted"));
	$seen = screen($raw);
	like $seen, qr/^The run ended before its plan, of \d+ cells: Interrupt$/m, 'interrupted: it says so';
	like $seen, qr/^FAIL   tests\.verdicts\.fails\b.*\n.*\n {7}\S.* run .*tests\.verdicts\.fails$/m, 'with what had failed';
	unlike $seen, qr{^\d+/\d+ cells}m, 'and leaves no line of progress';
	like $seen, qr{^Results: \Q$dir\E/i$}m, 'results are there';
	is decode_json(slurp("$dir/i/run.json"))->{state}, 'interrupted', 'and know it';
}

# The same list from saved results.
my ($summary, undef, $rc) = run_command($nsconform, 'summary', "$dir/r");
is $rc, 1, 'summary: exit status';
for my $cell (sort keys %failures) {
	like $summary, qr/^(?:FAIL  |BROKEN) \Q$cell\E\n {7}\Q$failures{$cell}[0]\E\n {7}\Q$failures{$cell}[1]\E$/m, "summary has $cell";
}
unlike $summary, qr/\e/, 'on a pipe without colours';
like +(run_command($nsconform, 'summary', '--color', 'always', "$dir/r"))[0], qr/\e\[1;31mFAIL/, 'unless they are asked for';
done_testing;
