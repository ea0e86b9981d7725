#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# A runtime with one defect is caught, whatever the defect; the same runtime without any passes.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use NSC;
use Test::More;

plan skip_all => 'needs root: boxes are built with privilege' unless is_root;

my $suite = 'tests/suites/runtime.yaml';

# What the run of one cell says: its line, what was not as expected, the whole.
sub run_with {
	my ($defect, $cell) = @_;
	my ($out, $err, $status) = run_command($nsconform, 'run', '--no-controls', '--runtime', bad_runtime($defect),
		'--suites', $suite, 'tests.runtime.' . ($cell // 'quiet.root'));
	my ($results, $parser) = run_tap($out);
	my %said = $out =~ /^  (field|seen|expected|message): "(.*)"$/mg;
	$said{$_} =~ s/\\"/"/g for keys %said;
	return { out => $out, err => $err, status => $status, results => $results, parser => $parser, %said };
}

# The output is TAP of one test, without a word of the runtime's own.
sub is_clean {
	my ($r, $name) = @_;
	is join(' ', $r->{parser}->parse_errors), '', "$name: TAP";
	is scalar(keys %{$r->{results}}), 1, "$name: one line";
	is $r->{err}, '', "$name: stderr is silent";
	unlike $r->{out}, qr/^\s*(?:not )?ok \d+ (?:- )?(?:fake|as if)|^Bail|[^\x0a\x20-\x7e]/m, "$name: the runtime's noise is not TAP";
}

# defect => [cell in which it shows, field, what is seen of it]; without a cell no box is
# built at all, which the canary tells before any cell
my %caught = (
	(map { ("drop-$_" => ['quiet.root', new => qr/^(?!.*"$_")\[/]) } qw(mnt pid net uts ipc cgroup)),
	(map { ("drop-$_" => ['mapped.root', new => qr/^(?!.*"$_")\[/]) } qw(user time)),
	(map { ("add-$_" => ['sparse.root', new => qr/"$_"/]) } qw(user mnt pid net ipc cgroup time)),
	'add-uts' => ['long', new => qr/"uts"/],
	'ignore-uid-map' => ['mapped.root', uid_map => qr/^\["0 0 1"\]$/],
	'ignore-gid-map' => ['mapped.root', state => qr/refused/], # then there are no groups to set
	'ignore-monotonic' => ['mapped.root', monotonic => qr/^0$/],
	'ignore-boottime' => ['mapped.root', boottime => qr/^0$/],
	'ignore-hostname' => ['plain', hostname => qr/^(?!"probe")/],
	'ignore-domainname' => ['mapped.root', domainname => qr/none/],
	'ignore-oom-score-adj' => ['plain', oom_score_adj => qr/^0$/],
	'ignore-env' => ['plain', variables => qr/^\["PATH=[^"]*"\]$/],
	'ignore-group' => ['mapped.root', groups => qr/^\[\]$/],
	'ignore-capability' => ['confined.root', bounding => qr/SYS_ADMIN/],
	'ignore-cwd' => ['plain', cwd => qr/work/],
	'ignore-rlimit' => ['plain', rlimits => qr/^(?!.*NOFILE 100 200)/],
	'ignore-umask' => ['plain', umask => qr/^18$/],
	'ignore-gid' => ['confined.root', gid => qr/^0$/],
	'ignore-uid' => ['confined.root', uid => qr/^0$/],
	'ignore-no-new-privs' => ['confined.root', no_new_privs => qr/false/],
	'leak-descriptors' => ['plain', fds => qr/"9", "100"/],
	'leak-environment' => ['plain', variables => qr/NSCONFORM_LEAK/],
	'leak-groups' => ['callers.root', groups => qr/4242/],
	'leak-keyring' => ['callers.root', errno => qr/^success$/],
	'leak-terminal' => ['callers.root', terminal => qr/^[1-9]/],
	'leak-inheritable' => ['callers.root', inheritable => qr/CHOWN/],
	'rename-host' => ['quiet.root', changes => qr/new: hostname renamed/],
	'rename-host-later' => ['quiet.user', changes => qr/new: hostname renamed/],
	'leave-mount' => ['quiet.root', changes => qr/new: mount \/mnt/],
	'leave-cgroup' => ['quiet.root', changes => qr/new: cgroup \/sys\/fs\/cgroup\/bad/],
	'leave-v1-cgroup' => ['quiet.root', changes => qr/new: cgroup [^"]+:\/bad/],
	'leave-file' => ['quiet.user', changes => qr/new: file \/run\/bad/],
	'leave-process' => ['quiet.root', changes => qr/new: process badrt/],
	'leave-disguised-process' => ['quiet.root', changes => qr/new: process nsconform/],
	'set-sysctl' => ['quiet.root', changes => qr/new: sysctl kernel\/msgmax 4096/],
	'bring-link-up' => ['quiet.user', changes => qr/new: link lo /],
	'make-link' => ['quiet.root', changes => qr/new: link bad0/],
	'make-link-later' => ['quiet.root', changes => qr/new: link bad0/],
	'kill-stranger' => ['quiet.root', changes => qr/gone: process nsc-canary 2/],
	'hang' => [undef, state => qr/silent/],
	'fail' => [undef, state => qr/refused/],
	'do-nothing' => [undef, state => qr/refused/],
	'answer-with-garbage' => [undef, state => qr/garbage/],
	'answer-with-another-nonce' => [undef, state => qr/garbage/],
	'say-nothing' => [undef, state => qr/silent/],
	'answer-once' => [undef, state => qr/garbage/],
	'deafen-agent' => [undef, state => qr/silent/],
	'impersonate' => [undef, state => qr/garbage/],
	'trace' => [undef, state => qr/traced/],
	'start-agent-outside' => ['quiet.root', new => qr/^\[\]$/],
	'start-agent-twice' => ['quiet.root', agents => qr/^2$/],
	'kill-agent' => ['long', undef, qr/the box is gone: inner (?:died|is gone)/],
	'linger' => ['quiet.root', ended => qr/false/],
);
# Those that hurt nobody but who reads the output.
my @harmless = ('honest', 'make-noise', 'flood');

my ($list) = run_command($badrt, '--list');
is_deeply [sort keys %caught, @harmless], [sort split /\n/, $list], 'every defect of badrt is in the table';

subtest 'without a defect' => sub {
	my ($out, $err, $status) = run_command($nsconform, 'run', '--strict', '--runtime', bad_runtime('honest'), $suite);
	my ($results, $parser) = run_tap($out);
	is $status, 0, 'everything passes' or diag $out;
	is scalar(keys %$results), 9, 'eight cells and a control';
	is_deeply [grep { !/^ok/ || /#/ } values %$results], [], 'and nothing is skipped';
	is $err, '', 'stderr is silent';
};

my %needs = ('leave-v1-cgroup' => ['a mounted v1 cgroup hierarchy', scalar grep { / - cgroup / } split /\n/, slurp('/proc/self/mountinfo')]);

for my $defect (sort keys %caught) {
	my ($cell, $field, $seen) = @{$caught{$defect}};
	subtest $defect => sub {
		my ($need, $there) = @{$needs{$defect} // ['nothing', 1]};
		plan skip_all => "needs $need" unless $there;
		my $r = run_with($defect, $cell);
		is $r->{status}, 1, 'something failed' or diag $r->{out};
		my $name = $cell ? "tests.runtime.$cell" : 'runtime.canary';
		is_deeply [with_verdict($r->{out}, 'fail')], [$name], 'not ok, and no error of the harness';
		is $r->{field}, $field, 'the field that shows it';
		like $r->{$field ? 'seen' : 'message'}, $seen, 'what was seen';
		is_clean($r, $defect);
	};
}

# Where a launcher has nothing to leak, nothing is to be seen.
for my $defect (grep { $caught{$_}[0] && $caught{$_}[0] eq 'callers.root' } sort keys %caught) {
	my ($out) = run_command($nsconform, 'run', '--no-controls', '--runtime', bad_runtime($defect), $suite);
	is_deeply [with_verdict($out, qw(fail broken))], ['tests.runtime.callers.root'], "$defect: in no other cell";
}

subtest 'noise' => sub {
	my $r = run_with('make-noise', 'quiet.root');
	is $r->{status}, 0, 'is no failure';
	is_clean($r, 'noise');
	$r = run_with('flood', 'quiet.root');
	is $r->{status}, 0, 'nor is a flood, which is not kept';
	is_clean($r, 'flood');
	$r = run_with('fail', 'quiet.root');
	like $r->{out}, qr/said: .*no box today/ , 'what a failed launcher said is told';
};

subtest 'a box that is gone' => sub {
	my $dir = tempdir(CLEANUP => 1);
	run_command($nsconform, 'run', '--no-controls', '--output', $dir, '--runtime', bad_runtime('kill-agent'), '--suites', $suite,
		'tests.runtime.long');
	my ($out) = run_command($nsconform, 'judge', glob "$dir/traces/*");
	is_deeply [with_verdict($out, 'fail')], ['tests.runtime.long'], 'is a failure in its trace, too';
	like $out, qr/the box is gone/, 'for the same reason';
};

# As proot, which traces what it starts.
subtest 'a runtime that makes no namespaces' => sub {
	my $dir = tempdir(CLEANUP => 1);
	(my $text = slurp(bad_runtime('honest'))) =~ s/\{new: \[--new, \w+\], host: \[\]\}/{new: never, host: always, join: never}/g;
	$text =~ s/^first: true/first: false/m;
	spew("$dir/none.yaml", $text);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/none.yaml", '--suites', $suite);
	is $status, 4, 'nothing was judged';
	is_deeply [with_verdict($out, qw(pass fail broken))], [], 'no cell passes or is blamed';
	like $err, qr/\A\S+ nothing was judged: .*"lacks box\.namespaces": bad makes no namespaces.*\n\z/, 'which is told in a line';
};

# The moat's first process dies of it, which may be known before its parent has said why.
subtest 'a moat that cannot be made' => sub {
	my ($strace) = grep { -x } map { "$_/strace" } split /:/, $ENV{PATH};
	plan skip_all => 'needs strace: apt-get install strace' unless $strace;
	my @lie = ($strace, '-f', '-qq', '-o', '/dev/null', '-e', 'trace=pivot_root', '-e', 'inject=pivot_root:error=EPERM');
	my (undef, undef, $can) = run_command(@lie, '/bin/true');
	plan skip_all => 'needs ptrace: strace cannot trace here' if $can;
	my ($out) = run_command(@lie, $nsconform, 'run', '--runtime', bad_runtime('honest'), $suite, 'suites/uts/hostname.yaml');
	my %why = map { $_ => 1 } $out =~ /^  message: (.*)$/mg;
	is_deeply [keys %why], ['"the arena could not be made: pivot_root: Operation not permitted"'], 'says what failed';
	like $out, qr/^# Totals: pass:0 fail:0 /m, 'and blames no runtime';
};
done_testing;
