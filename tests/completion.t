#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# What a word of a command line can become, and the shells that ask for it.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path);
use NSC;
use Test::More;

sub complete_words {
	my ($out, $err, $status) = run_command($nsconform, 'complete', '--', @_);
	is "$status $err", '0 ', "complete @_";
	return [map { (split /\t/)[0] } split /\n/, $out];
}

my ($help) = run_command($nsconform, 'help');
my ($table) = $help =~ /^commands:\n(.*?)\n\n/ms;
my @commands = $table =~ /^  (\w+)/mg;
cmp_ok scalar @commands, '>', 20, 'help has commands';
is_deeply complete_words(''), [sort '--help', '--version', @commands], '... of which each can be typed';
for my $command (@commands) {
	my ($page) = run_command($nsconform, 'help', $command);
	is_deeply complete_words($command, '--'), [sort $page =~ /^  (?:-\w, |    )(--[\w-]+)/mg],
		"the options of $command are those of its help";
}

my @kinds = (
	[[qw(run --format), ''], [qw(kselftest ktap tap)], 'words of an option'],
	[['run', '--format=k'], ['--format=kselftest', '--format=ktap'], '... in the same word'],
	[[qw(run --runtime ru)], [qw(runc runsc :files)], 'a runtime, or the path of one'],
	[['kernels', '6.1-c'], ['6.1-cloud'], 'a kernel'],
	[['run', 'ut'], [qw(uts :files)], 'a family'],
	[['run', 'uts.host'], ['uts.hostname', ':files'], 'a suite'],
	[['run', 'uts.hostname.s'], ['uts.hostname.set-is-private', ':files'], 'a scenario'],
	[['run', 'set-is-privat'], [qw(set-is-private :files)], '... by its last part'],
	[['run', 'tag:c'], [qw(tag:cve :files)], 'a tag'],
	[['run', 'call:setn'], [qw(call:setns :files)], 'a system call'],
	[['run', 'clause:api.setns.e'], ['clause:api.setns.ebadf', ':files'], 'a clause'],
	[[qw(run --report ju)], [qw(junit-10: junit:)], 'a format'],
	[['run', '--report=html:/tm'], [':files'], '... and its file'],
	[[qw(run --fail-on), ''], [qw(known skip xpass)], 'verdicts'],
	[[qw(report m)], ['md'], 'the first operand'],
	[[qw(report md), ''], [':directories'], '... and the others'],
	[['export', ''], ['lava'], 'an engine'],
	[[qw(export lava --template), ''], [qw(qemu tftp :files)], 'a template, or its file'],
	[['export', 'lava', 'ut'], [qw(uts :files)], 'cells behind the engine'],
	[['ops', 'uts.setd'], ['uts.setdomainname'], 'an op'],
	[['coverage', 'ut'], ['uts'], 'a family of clauses'],
	[[qw(schema r)], [qw(results runtimes)], 'a schema'],
	[[qw(help coverag)], ['coverage'], 'a command'],
	[[qw(run -j), ''], [], 'nothing for a number'],
	[[qw(run -- --f)], [':files'], 'no option behind --'],
	[[qw(matrix --), ''], [':directories'], 'results behind --'],
	[['environment', ''], [], 'nothing where no operand goes'],
	[[qw(nonsense x)], [], 'nothing of what is no command'],
);
is_deeply complete_words(@{$_->[0]}), $_->[1], $_->[2] for @kinds;
is_deeply [(run_command($nsconform, 'complete'))[2]], [2], 'the unfinished word has to be there';

# The shells themselves: what is typed, and what it becomes there.
my $bin = scratch_dir();
symlink abs_path($nsconform), "$bin/nsconform" or die $!;
$ENV{NSCONFORM_DATA} = abs_path('.');
$ENV{PATH} = "$bin:$ENV{PATH}";
spew("$bin/a.html", '');

my %shell = (
	# Readline replaces the word behind the last = or colon.
	bash => sub {
		my ($typed) = @_;
		my $script = 'source tools/completion/nsconform.bash; compopt() { :; }; COMP_LINE=$1 COMP_POINT=${#1}; '
			. '_nsconform; printf "%s\n" "${COMPREPLY[@]}"';
		my ($out, $err) = run_command('bash', '-c', $script, 'bash', $typed);
		is $err, '', "bash says nothing at $typed";
		my ($kept) = $typed =~ /(\S*[=:])?\S*$/;
		return map { ($kept // '') . $_ } split /\n/, $out;
	},
	fish => sub {
		my ($typed) = @_;
		my ($out) = run_command('fish', '--no-config', '-c',
			'source tools/completion/nsconform.fish; complete -C $argv[1]', $typed);
		return map { (split /\t/)[0] } split /\n/, $out;
	},
);
for my $name (sort keys %shell) {
	SKIP: {
		skip "install $name", 1 unless grep { -x "$_/$name" } split /:/, $ENV{PATH};
		my %typed = (
			'run --runtime=cru' => ['--runtime=crun'], 'vers' => [], 'run clause:api.setns.e' => ['clause:api.setns.ebadf'],
			'run uts.hostname.s' => ['uts.hostname.set-is-private'], "run --report html:$bin/a" => ["html:$bin/a.html"],
		);
		is_deeply [$shell{$name}->("nsconform $_")], $typed{$_}, "$name: $_" for sort keys %typed;
	}
}
SKIP: {
	skip 'install zsh', 1 unless grep { -x "$_/zsh" } split /:/, $ENV{PATH};
	is +(run_command('zsh', '-n', 'tools/completion/nsconform.zsh'))[2], 0, 'zsh reads it';
}
done_testing;
