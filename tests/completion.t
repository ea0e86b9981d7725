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
	[[qw(report md 6.12-c)], [qw(6.12-cloud :directories)], '... and the others: a baseline, or a run'],
	[['export', ''], ['lava'], 'an engine'],
	[[qw(export lava --template), ''], [qw(qemu tftp :files)], 'a template, or its file'],
	[['export', 'lava', 'ut'], [qw(uts :files)], 'cells behind the engine'],
	[['ops', 'uts.setd'], ['uts.setdomainname'], 'an op'],
	[['coverage', 'ut'], ['uts'], 'a family of clauses'],
	[[qw(schema r)], [qw(results runtimes)], 'a schema'],
	[[qw(help coverag)], ['coverage'], 'a command'],
	[[qw(run -j), ''], [], 'nothing for a number'],
	[[qw(run -- --f)], [':files'], 'no option behind --'],
	[[qw(matrix -- no)], [':directories'], 'results behind --'],
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

# Keys typed at an interactive shell on a terminal; what it then runs is written down by the program itself.
sub on_terminal {
	my ($command, @typed) = @_;
	spew("$bin/keys", join '', map("nsconform $_\t\n", @typed), "exit\n");
	spew("$bin/ran", '');
	local $ENV{TERM} = 'xterm';
	run_command('sh', '-c', 'exec script -qec "$0" "$1/typescript" < "$1/keys"', $command, $bin);
	return split /\n/, slurp("$bin/ran");
}

my $real = abs_path($nsconform);
my $completions = abs_path('tools/completion');
unlink "$bin/nsconform" or die $!;
spew("$bin/nsconform", "#!/bin/sh\n[ \"\$1\" != complete ] || exec '$real' \"\$@\"\nprintf '%s\\n' \"\$*\" >> '$bin/ran'\n");
chmod 0755, "$bin/nsconform" or die $!;
mkdir "$bin/dir" or die $!;
# Each reads its file as an installed one is read: bash sources it, zsh and fish find it by its name.
spew("$bin/bashrc", "PATH='$ENV{PATH}'; source '$completions/nsconform.bash'\n");
symlink "$completions/nsconform.zsh", "$bin/_nsconform" or die $!;
spew("$bin/.zshrc", "PATH='$ENV{PATH}'; fpath=('$bin' \$fpath); autoload -Uz compinit; compinit -u -D\n");
my %shell = (
	bash => sub { return on_terminal("bash --noprofile --rcfile '$bin/bashrc' -i", @_) },
	zsh => sub { local $ENV{ZDOTDIR} = $bin; return on_terminal('zsh -d -i', @_) },
	# It asks its terminal questions, which nobody would answer.
	fish => sub {
		return map {
			my ($out) = run_command('fish', '--no-config', '-c', 'source tools/completion/nsconform.fish; complete -C $argv[1]', "nsconform $_");
			my @words = map { (split /\t/)[0] } split /\n/, $out;
			join ' ', (split / /)[0 .. tr/ // - 1], @words ? @words : (split / /)[-1];
		} @_;
	},
);
my @typed = (
	['run --runtime cru', 'run --runtime crun', 'an argument'],
	['run --runtime=cru', 'run --runtime=crun', '... in the word of its option'],
	["run --runtime=$bin/a", "run --runtime=$bin/a.html", '... or a file'],
	['run uts.hostname.s', 'run uts.hostname.set-is-private', 'a scenario'],
	['run clause:api.setns.e', 'run clause:api.setns.ebadf', 'a clause'],
	["run --report html:$bin/a", "run --report html:$bin/a.html", 'a file after its format'],
	["matrix $bin/d", "matrix $bin/dir", 'a directory'],
	['vers', 'vers', 'what begins no command'],
);
my $no_terminal = system "script -qec true $bin/typescript < /dev/null > $bin/ran 2>&1";
for my $name (sort keys %shell) {
	SKIP: {
		skip "install $name", 1 unless grep { -x "$_/$name" } split /:/, $ENV{PATH};
		skip "$name: script(1) is not here, or gets no terminal", 1 if $no_terminal && $name ne 'fish';
		my @ran = $shell{$name}->(map { $_->[0] } @typed);
		is $ran[$_] =~ s{/\z}{}r, $typed[$_][1], "$name: $typed[$_][2]" for 0 .. $#typed;
	}
}
done_testing;
