#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# git bisect finds the revision that broke a runtime by the scripts of docs/ci/bisect, and passes over
# revisions that say nothing.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path getcwd);
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: boxes are built with privilege' unless is_root;
plan skip_all => 'git is not installed' if system 'git --version >/dev/null 2>&1';

$ENV{NSCONFORM_DATA} = getcwd;
@ENV{qw(GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM)} = ('/dev/null', 1);
delete @ENV{grep { /^GIT_(?:DIR|WORK_TREE|INDEX_FILE)$/ } keys %ENV};
my $program = abs_path($nsconform);
my $suite = abs_path('tests/suites/runtime.yaml');

my $script = slurp('docs/ci/bisect/runtime');
my $of_kernel = slurp('docs/ci/bisect/kernel');
ok $script =~ s/\bnsconform run\b/$program run --suites $suite --no-controls/, 'the script runs nsconform';
ok $script =~ s/uts\.hostname\.set-is-private/tests.runtime.plain/, 'with a selection';

# What a revision is: the runtime's defect, and whether it can be built.
my $absent = slurp(bad_runtime('honest')) =~ s/^programs: .*/programs: [no-such-program-at-all]/mr;
my %is = (
	good => [slurp(bad_runtime('honest')), 'true'],
	bad => [slurp(bad_runtime('ignore-umask')), 'true'],
	unbuilt => [slurp(bad_runtime('honest')), 'false'],
	unstarted => [slurp(bad_runtime('fail')), 'true'],
	skipping => [$absent, 'true'],
);

sub git {
	my ($dir, @args) = @_;
	return run_command('git', '-C', $dir, '-c', 'user.name=test', '-c', 'user.email=test@example.org', @args);
}

# A repository of these revisions; their ids.
sub repository {
	my ($dir, @revisions) = @_;
	my @ids;
	git($dir, 'init', '-q');
	spew("$dir/try", $script);
	chmod 0755, "$dir/try";
	for my $n (0 .. $#revisions) {
		my ($runtime, $make) = @{$is{$revisions[$n]}};
		spew("$dir/runtime.yaml", $runtime);
		spew("$dir/Makefile", "all:\n\t\@$make\n");
		spew("$dir/number", $n);
		git($dir, 'add', '.');
		git($dir, 'commit', '-q', '-m', "$n: $revisions[$n]");
		push @ids, (git($dir, 'rev-parse', 'HEAD'))[0] =~ /(\w+)/;
	}
	return @ids;
}

for my $silent (qw(unbuilt unstarted skipping)) {
	my $dir = tempdir(CLEANUP => 1);
	# The one that says nothing is the first that git tries.
	my @ids = repository($dir, 'good', 'good', 'good', $silent, 'good', 'bad', 'bad');
	git($dir, 'bisect', 'start', $ids[-1], $ids[0]);
	my ($out, $err, $status) = git($dir, 'bisect', 'run', './try');
	is $status, 0, "$silent: git bisect run" or diag $out, $err;
	like $out, qr/^$ids[5] is the first bad commit$/m, 'the revision that broke it is found';
	my ($log) = git($dir, 'bisect', 'log');
	is_deeply [$log =~ /^# skip: \[(\w+)\]/mg], [$ids[3]], 'and the one that says nothing is passed over' or diag $log;
}

# A slip in the script is no property of a revision.
my $dir = tempdir(CLEANUP => 1);
$script =~ s/tests\.runtime\.plain/tests.runtime.nosuch/;
my @ids = repository($dir, qw(good good bad bad));
git($dir, 'bisect', 'start', $ids[-1], $ids[0]);
my ($out, $err, $status) = git($dir, 'bisect', 'run', './try');
isnt $status, 0, 'a selection of nothing ends the search';
like "$out$err", qr/selects nothing/, 'which says why';
my ($log) = git($dir, 'bisect', 'log');
is_deeply [$log =~ /^# (?:bad|good|skip): \[(\w+)\]/mg], [$ids[-1], $ids[0]], 'and no revision is called anything';

# A kernel's: its image, of which a stand-in for nsconform tells what --exit bisect makes of it.
$dir = tempdir(CLEANUP => 1);
my $bin = tempdir(CLEANUP => 1);
spew("$bin/nsconform", "#!/bin/sh\n[ \"\$1 \$2 \$3\" = 'vm --exit bisect' ] && exit \"\$(cat \"\$5\")\"\nexit 255\n");
spew("$bin/kernel", $of_kernel);
chmod 0755, "$bin/nsconform", "$bin/kernel" or die "$bin: $!";
@ids = ();
git($dir, 'init', '-q');
for my $status (qw(0 0 125 none 0 1 1)) {
	my $image = $status eq 'none' ? 'false' : "mkdir -p arch/x86/boot; echo $status > arch/x86/boot/bzImage";
	spew("$dir/Makefile", "olddefconfig:\n\t\@true\nbzImage:\n\t\@$image\n");
	spew("$dir/number", scalar @ids);
	git($dir, 'add', 'Makefile', 'number');
	git($dir, 'commit', '-q', '-m', $status);
	push @ids, (git($dir, 'rev-parse', 'HEAD'))[0] =~ /(\w+)/;
}
git($dir, 'bisect', 'start', $ids[-1], $ids[0]);
{
	local $ENV{PATH} = "$bin:$ENV{PATH}";
	($out, $err, $status) = git($dir, 'bisect', 'run', "$bin/kernel");
}
is $status, 0, 'a kernel: git bisect run' or diag $out, $err;
like $out, qr/^$ids[5] is the first bad commit$/m, '... finds the revision';
done_testing;
