#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The user's side of runtimes: nsconform runtime, the canary, plans, promises, --inside, and the
# scripts behind make.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path);
use File::Copy qw(copy);
use File::Path qw(make_path);
use JSON::PP;
use NSC;
use Test::More;

# Not in /tmp: of that a moat has its own.
my $dir = scratch_dir();

sub have { return !system("command -v $_[0] >/dev/null 2>&1") }

# A runtime that fails, or is not there, from the file of a real one.
sub variant {
	my ($name, $of, @changes) = @_;
	my $text = slurp("fixtures/runtimes/$of.yaml");
	while (my ($from, $to) = splice @changes, 0, 2) {
		$text =~ s/$from/$to/m or die "$of: no $from";
	}
	spew("$dir/$name.yaml", $text);
	return "$dir/$name.yaml";
}

my $broken = variant('broken', 'runc', qr/^launch:.*/m, q{launch: [sh, -c, 'echo no box today >&2; exit 9', '${id}']},
	qr/^programs:.*/m, 'programs: [sh]', qr/^version:.*/m, q{version: {argv: [echo, runc version 1.1.5], matches: 'version ([0-9.]+)'}});
my $untried = variant('untried', 'runc', qr/^programs:.*/m, "untried: it is only made up\nprograms: [sh]",
	qr/^version:.*/m, q{version: {argv: [echo, runc version 1.1.5], matches: 'version ([0-9.]+)'}});
my $absent = variant('absent', 'runc', qr/^programs:.*/m, 'programs: [nsconform-has-no-such-program]');

# Lists.
my ($out, $err, $status) = run_command($nsconform, 'runtime');
is $status, 0, 'runtime: exit status' or diag $err;
my @files = map { m{([^/]+)\.yaml$} } glob 'fixtures/runtimes/*.yaml';
is_deeply [sort map { /^(\S+)/ } split /\n/, $out], [sort @files], 'each file has its line';
is_deeply [grep { !/^\S+ +(?:\d\S*|\?) +\S|^\S+ +- +not here: .*; install \S/ } split /\n/, $out], [],
	'with a version, or what is missing and its package';
($out) = run_command($nsconform, 'runtime', '--json');
is_deeply [sort map { $_->{runtime} } @{decode_json($out)}], [sort @files], '--json';
($out) = run_command($nsconform, 'runtime', '--packages');
my @packages = split /\n/, $out;
is_deeply \@packages, [sort keys %{{ map { $_ => 1 } @packages }}], '--packages: sorted, each once';
ok +(grep { $_ eq 'bubblewrap' } @packages), 'as apt names them';
($out) = run_command($nsconform, 'runtime', 'runc', '--packages');
is $out, "runc\n", 'of one';
($out, $err, $status) = run_command($nsconform, 'runtime', $absent);
like $out, qr/^runc +- +not here: no nsconform-has-no-such-program in PATH; install runc$/m, 'what is missing';
like $out, qr/^  keep the caller's \(1\): mnt$/m, 'what its file says that it cannot do';
($out, $err, $status) = run_command($nsconform, 'plan', '--runtime', $untried, 'uts.create');
is $status, 0, 'a file that nobody has tried is no error';
like $err, qr/\A\Q$untried\E: warning: nobody has run runc by this description: it is only made up; [^\n]+\n\z/, 'but warned of';
($out) = run_command($nsconform, 'runtime', variant('no-package', 'youki', qr/^programs:.*/m, 'programs: [nsconform-has-no-such-program]'));
like $out, qr/^youki +- +not here: no nsconform-has-no-such-program in PATH; install youki$/m, 'without packages it is called by its name';
(undef, $err, $status) = run_command($nsconform, 'runtime', 'no-such-runtime');
is $status, 2, 'no such runtime';
like $err, qr/no-such-runtime/, 'is named';
is((run_command($nsconform, 'runtime', '--probe'))[2], 2, 'a probe is of one runtime');
(undef, $err, $status) = run_command($nsconform, 'runtime', $absent, '--probe');
is $status, 4, 'a probe of what is not there';
like $err, qr/install runc/, 'says what to install';

($out) = run_command($nsconform, 'runtime', '--words');
like $out, qr/^  $_ /m, "--words: $_" for qw(launch hostname time-needs-user loopback-down);

# Plans.
for my $selector ('cgroup.view', 'suites/cgroup/view.yaml') {
	($out, $err, $status) = run_command($nsconform, 'run', '--runtime', $absent, $selector);
	is_deeply [$err, $status], ["nsconform: nothing was judged: none of the scenarios that are selected has a box\n", 4], "$selector: no box, and nothing to judge";
	is((run_command($nsconform, 'plan', '--runtime', $absent, $selector, 'uts.hostname'))[2], 0, '... which does not matter beside others');
}
($out, $err, $status) = run_command($nsconform, 'plan', '--runtime', $absent, 'uts.hostname');
is $status, 0, 'plan --runtime' or diag $err;
# What else is missing here comes first: root, or a cgroup to write in.
if (is_root) {
	like $out, qr/^skip  uts\.hostname\.set-is-private\.box\.root  # cannot: box\.launch: install runc$/m, 'cells of the box';
	like $out, qr/^# 4 skip: cannot: box\.launch: install runc: no nsconform-has-no-such-program in PATH\n#   remedy: install runc, or `make deps-runtimes`$/m,
		'the reason, and the package';
} else {
	like $out, qr/^skip  uts\.hostname\.set-is-private\.box\.root  # cannot: not root$/m, 'cells of the box';
	like $out, qr/^#   remedy: run as root$/m, 'the reason';
}
($out) = run_command($nsconform, 'explain', '--runtime', 'runc', 'uts.hostname.set-is-private');
like $out, qr/^boxes, built by runc:\n\n  inner\n    runc .* run --bundle .*\n.*config\.json:\n\{"ociVersion"/m, 'explain tells the command and the file';

# Matrices.
sub results {
	my ($name, $environment, @cells) = @_;
	make_path("$dir/$name");
	spew("$dir/$name/environment.json", encode_json($environment));
	spew("$dir/$name/cells.jsonl", join '', map {
		my ($cell, $verdict, $reason) = @$_;
		encode_json({ cell => $cell, scenario => 'uts.x.y', verdict => $verdict, clauses => [],
			defined $reason ? (reason => $reason) : () }) . "\n";
	} @cells);
}
results('runc', { kernel => '6.1.0', runtime => 'runc', runtime_version => '1.1.5' }, ['uts.x.y.a.box', 'pass'],
	['uts.x.y.b.box', 'fail'], ['uts.x.y.c.box', 'known', 'an-issue'], ['uts.x.y.d.box', 'skip', 'lacks a promise'],
	['uts.x.y.e.box', 'skip', 'lacks box.time'], ['uts.x.y.f.box', 'skip', 'lacks CONFIG_TIME_NS'],
	['uts.x.y.a.box.control.uts', 'pass'], ['uts.x.y.a.box.twin.2', 'pass'], ['uts.x.y.g.box', 'pass'],
	['uts.x.y.g.box.twin.1', 'known', 'an-issue'], ['uts.x.y.h.box', 'pass'], ['uts.x.y.h.box.control.uts', 'fail'],
	['uts.x.y.b.box.twin.1', 'fail']);
results('kernel', { kernel => '6.1.0' }, ['uts.x.y.a.clone3', 'pass']);
($out, $err, $status) = run_command($nsconform, 'matrix', "$dir/runc", "$dir/kernel");
is $status, 0, 'a matrix of a runtime and a kernel' or diag $err;
like $out, qr/^# runc: runc 1\.1\.5 on 6\.1\.0$/m, 'the runtime is named';
like $out, qr{^uts +1/1/2/1/1/2 +1/0/0/0/0/0$}m, 'kept, failed, known, not promised, cannot, other; beside verdicts';
($out) = run_command($nsconform, 'matrix', '--differences', "$dir/runc", "$dir/kernel");
unlike $out, qr/^all/m, '--differences: nothing but them';
($out) = run_command($nsconform, 'matrix', '--no-differences', "$dir/runc", "$dir/kernel");
unlike $out, qr/differ$/m, '--no-differences: none of them';

# Pods.
SKIP: {
	skip 'python3-yaml is not installed', 1 if system('python3 -c "import yaml" 2>/dev/null');
	my $check = 'import glob, yaml' . "\n"
		. 'for f in glob.glob("fixtures/pod/*.yaml"):' . "\n"
		. ' p=yaml.safe_load(open(f)); c=p["spec"]["containers"][0]' . "\n"
		. ' assert p["apiVersion"]=="v1" and p["kind"]=="Pod" and p["spec"]["restartPolicy"]=="Never", f' . "\n"
		. ' assert c["image"]=="localhost/nsconform:latest" and c["args"][0]=="run", f' . "\n"
		. ' assert {m["name"] for m in c["volumeMounts"]}=={v["name"] for v in p["spec"]["volumes"]}, f' . "\n"
		. ' print(f)';
	my ($said, $why, $rc) = run_command('python3', '-c', $check);
	is scalar(split /\n/, $said), 2, 'two manifests, of pods' or diag $why;
}

# make deps-runtimes, with a package manager that only tells what it was asked.
sub stub {
	my ($name, $text) = @_;
	make_path("$dir/bin");
	spew("$dir/bin/$name", "#!/bin/sh\n$text\n");
	chmod 0755, "$dir/bin/$name";
}
stub('dpkg-query', 'for p; do :; done; case $p in runc|lxc) ;; *) echo "install ok installed" ;; esac');
stub('apt-cache', 'case $2 in lxc) echo "  Candidate: (none)" ;; *) echo "  Candidate: 1.0" ;; esac');
stub('apt-get', 'echo "apt-get $*"; cat "$POLICY_RC_D"; test -x "$POLICY_RC_D"');
my $build = abs_path($nsconform =~ m{(.*)/} ? $1 : '.');
for my $there (0, 1) {
	spew("$dir/policy", "#!/bin/sh\n# mine\n") if $there;
	local $ENV{POLICY_RC_D} = "$dir/policy";
	local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
	($out, $err, $status) = run_command('tools/deps-runtimes', $build);
	like $out, qr/^deps-runtimes: this distribution has no lxc/m, 'what the distribution lacks is said';
	SKIP: {
		skip 'not root', 3 unless is_root;
		is $status, 0, 'deps-runtimes' or diag $err;
		like $out, qr/^apt-get install .* runc\n#!\/bin\/sh\n.*\nexit 101$/m, 'no daemon may start meanwhile';
		is -e "$dir/policy" ? slurp("$dir/policy") : 'none', $there ? "#!/bin/sh\n# mine\n" : 'none', 'what was there is there';
	}
}

# Without a container --inside changes nothing.
(undef, $err, $status) = run_command($nsconform, 'run', '--inside', 'uts');
is $status, 2, '--inside on a machine';
like $err, qr/this is no container: .*(?:--yes-here)/, 'is refused';
is((run_command($nsconform, 'run', '--inside', '--runtime', 'runc', 'uts'))[2], 2, '--inside is without --runtime');
is((run_command($nsconform, 'run', '--yes-here', 'uts'))[2], 2, '--yes-here is about --inside');
($out) = run_command($nsconform, 'plan', '--inside', 'uts.hostname');
like $out, qr/^# 4 skip: cannot: no host side in a box: /m, 'plan --inside';

# A guest has no runtimes: that is said, and nothing is booted.
($out, $err, $status) = run_command($nsconform, 'vm', '--kernel', '/proc/version', '--runtime', 'runc', 'uts');
is $status, 2, 'vm --runtime is a usage error';
is $out, '', 'before anything is done';
like $err, qr/^nsconform: vm has no option --runtime\b/, 'and it is said which';

unless (is_root) {
	diag 'not root: nothing is launched';
	done_testing;
	exit;
}

# The canary.
($out, $err, $status) = run_command($nsconform, 'run', '--runtime', $broken, '--output', "$dir/out", 'uts');
is $status, 1, 'a runtime that starts nothing: exit status' or diag $err;
like $out, qr/\ATAP version 13\n1\.\.1\n/, 'nothing else is run';
like $out, qr/^not ok 1 runtime\.canary # /m, 'one verdict';
like $out, qr/^  command: "\[\\"sh\\", /m, 'the command';
like $out, qr/^  results: "\{state: \\"refused\\", code: 9, said: \\"no box today/m, 'state, exit status, what was said';
like $out, qr/^  again: "\Q$nsconform\E runtime \Q$broken\E --probe"$/m, 'how to see it again';
like slurp("$dir/out/cells.jsonl"), qr/\A\{"cell": "runtime\.canary",.*\n\z/, 'and so in the results';
is((run_command($nsconform, 'judge', "$dir/out/traces/runtime.jsonl"))[2], 1, 'which are judged again alike');
($out, $err, $status) = run_command($nsconform, 'run', '--runtime', $absent, 'uts.hostname');
is $status, 4, 'a runtime that is not there: exit status';
my ($results) = run_tap($out);
is_deeply [grep { !/# SKIP cannot: box\.launch: install runc$/ } values %$results], [], 'all skip';
like $out, qr/^# Promises: kept:0 failed:0 known:0 not-promised:0 cannot:0 other:2$/m, 'and nothing is said of its promises';

# A probe, of a runtime with one defect and without.
my $badrt = "$build/tests/badrt/badrt";
sub bad {
	my ($defect) = @_;
	(my $text = slurp('tests/runtimes/bad.yaml')) =~ s/PROGRAM/$dir\/badrt/g;
	$text =~ s/DEFECT/$defect/g;
	$text =~ s/WITHIN/10s/g;
	spew("$dir/$defect.yaml", $text);
	return "$dir/$defect.yaml";
}
SKIP: {
	skip 'no badrt: make test', 9 unless -x $badrt;
	copy $badrt, "$dir/badrt" or die "$badrt: $!";
	chmod 0755, "$dir/badrt";
	my $honest = bad('honest');
	($out, $err, $status) = run_command($nsconform, 'runtime', $honest, '--probe', '--json');
	is $status, 0, 'a probe of an honest runtime' or diag $out, $err;
	my $probe = decode_json($out);
	is_deeply [map { "$_->{asked_for} $_->{got}" } grep { $_->{got} !~ /^(?:yes|skip)$/ } @{$probe->{answers}}], [], 'all is got';
	my %asked = map { $_->{asked_for} => $_ } @{$probe->{answers}};
	my ($options) = slurp('tests/runtimes/bad.yaml') =~ /^options:\n((?:  .*\n)+)/m;
	is_deeply [grep { !$asked{$_} || $asked{$_}{got} ne 'yes' } $options =~ /^  (\w+):/mg], [], 'each of its options was asked for';
	is_deeply [grep { !$asked{$_} || $asked{$_}{got} ne 'yes' } qw(bare user mnt pid net ipc uts cgroup)], [], 'and each kind';
	cmp_ok $probe->{within_ns}, '>=', 10e9, 'the deadline is at least the declared one';
	($out, $err, $status) = run_command($nsconform, 'runtime', bad('drop-net'), '--probe');
	is $status, 1, 'one that drops the network namespace';
	like $out, qr/^! net .*NO$/m, 'is marked';
	is_deeply [$out =~ /^! (\S+)/mg], ['net'], 'and it alone';
	like $out, qr/^asked for and not got:\n  net: .*box\.launch: expected \["mnt", "net"\], seen \["mnt"\]$/m, 'with what was seen';
}

# One run of each that is here, through the script of make check-runtimes.
SKIP: {
	skip 'bwrap is not installed', 4 unless have('bwrap');
	local $ENV{CHECK_OPTIONS} = '--quick uts.hostname';
	($out, $err, $status) = run_command('tools/check-runtimes', $build, "$dir/check", 'bwrap', $absent);
	is $status, 1, 'check-runtimes: one that is named is not there' or diag $out, $err;
	like $out, qr/^== bwrap: exit status 0 after \d+ s$/m, 'the other is run';
	like $out, qr/^# Promises: kept:1 failed:0 known:0 not-promised:0 cannot:0 other:0$/m, 'its promises';
	like $out, qr{^uts\.hostname\.set-is-private +kept$}m, 'the matrix';
}

# In a container made by unshare(1): the host keeps its name.
SKIP: {
	skip 'no setpriv', 8 unless have('setpriv') && have('unshare');
	my @container = qw(unshare --mount --pid --fork --net --uts --ipc --cgroup --mount-proc);
	my $name = slurp('/proc/sys/kernel/hostname');
	($out, $err, $status) = run_command(@container, $nsconform, 'run', '--inside', '--output', "$dir/inside", 'uts');
	is $status, 0, '--inside in a container' or diag $out, $err;
	($results) = run_tap($out);
	cmp_ok scalar(grep { !/SKIP/ } values %$results), '>=', 20, 'cells are judged there';
	ok $results->{'uts.names.accepted-host-name.one-byte'}, 'such as those that change its name';
	like $results->{'uts.hostname.set-is-private.box.root'}, qr/SKIP cannot: no host side in a box$/, 'not those with an outside';
	is slurp('/proc/sys/kernel/hostname'), $name, 'which is as it was';
	is((run_command($nsconform, 'judge', "$dir/inside/traces/uts.names.jsonl"))[2], 0, 'traces are judged again');
	my @shared = grep { $_ ne '--uts' } @container;
	($out) = run_command(@shared, $nsconform, 'run', '--inside', 'uts.names');
	($results) = run_tap($out);
	is_deeply [grep { !/# SKIP cannot: the box has no UTS namespace of its own$/ } grep { /accepted/ } values %$results], [], 'a namespace that is the machine\'s is let alone';
	($out) = run_command(@container, qw(setpriv --bounding-set -sys_admin --inh-caps -sys_admin), $nsconform, 'run', '--inside', 'uts.names');
	($results) = run_tap($out);
	is_deeply [grep { !/SKIP/ } values %$results], [], 'without privilege nothing that wants it';
}
done_testing;
