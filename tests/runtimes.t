#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Real runtimes build boxes in which the kernel's scenarios hold; their traces are judged again
# alike; one that is not installed, or not described here, is told so.
use strict;
use warnings;
use lib 'tests/lib';
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use NSC;
use Test::More;

plan skip_all => 'needs root: boxes are built with privilege' unless is_root;

my %package = (bwrap => 'bubblewrap', runc => 'runc', crun => 'crun');
# Of which the deviations in fixtures/known/runtimes.yaml are: there whatever else fails is news.
my %measured = (bwrap => '0.8.0', runc => '1.1.5', crun => '1.8.1');
my @select = ('suites/uts/hostname.yaml', 'suites/net/walkthrough.yaml', 'suites/user/maps.yaml',
	'suites/ipc/shm.yaml', 'suites/pid/visibility.yaml');

# Verdicts of the cells that are no skips, by name.
sub verdicts {
	my ($results) = @_;
	my %verdicts = map { $_ => (result_line($results->{$_}))[1] } keys %$results;
	return { map { $_ => $verdicts{$_} } grep { $verdicts{$_} ne 'skip' } keys %verdicts };
}

sub judged_again {
	my ($dir) = @_;
	my %all;
	for my $trace (glob "$dir/traces/*") {
		my ($out, $err, $status) = run_command($nsconform, 'judge', $trace);
		is $err, '', 'judging is silent' if $err;
		my ($results) = run_tap($out);
		%all = (%all, %{verdicts($results)});
	}
	return \%all;
}

# (output, verdicts, exit status)
sub run_and_judge {
	my ($runtime, @what) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--output', $dir, '--runtime', $runtime, @what);
	my ($results, $parser) = run_tap($out);
	is join(' ', $parser->parse_errors), '', 'the output is TAP';
	is $err, '', 'stderr is silent';
	my $verdicts = verdicts($results);
	is_deeply judged_again($dir), $verdicts, 'its traces are judged alike';
	return ($out, $verdicts, $status);
}

for my $name (sort keys %package) {
	subtest $name => sub {
		plan skip_all => "$name is not installed: install $package{$name}"
			unless grep { -x "$_/$name" } split /:/, "$ENV{PATH}:/usr/sbin:/usr/bin";
		my ($out, $verdicts, $status) = run_and_judge($name, @select);
		is $status, 0, 'nothing fails' or diag join "\n", grep { /^not ok|^  (?:message|field|expected|seen)/ } split /\n/, $out;
		cmp_ok scalar(grep { $_ eq 'pass' } values %$verdicts), '>=', 100, 'and much is seen';
		# What a version of the runtime breaks of its own promises is for the known issues.
		($out, $verdicts, $status) = run_and_judge($name, 'suites/runtime');
		is_deeply [with_verdict($out, 'broken')], [], 'the suite about runtimes has no trouble';
		cmp_ok scalar(grep { $_ eq 'pass' } values %$verdicts), '>=', 20, 'and sees what is kept';
		SKIP: {
			my $version = decode_json((run_command($nsconform, 'runtime', $name, '--json'))[0])->{version} // 'of unknown version';
			skip "this is $name $version; what is known was measured with $measured{$name}", 1
				unless $version eq $measured{$name};
			is_deeply [grep { $verdicts->{$_} =~ /^(?:fail|broken)$/ } sort keys %$verdicts], [], 'what fails is known';
		}
	};
}

# What runtimes are said to be able to do is of their files alone here: each is copied, but its
# programs are one that is everywhere, and its version is later than all in which something came.
sub as_if_installed {
	my ($dir, $file) = @_;
	my ($name) = $file =~ m{([^/]+)$};
	my $text = slurp($file);
	is $text =~ s/^programs: .*/programs: [sh]/m, 1, "$name: its programs";
	is $text =~ s/^version: .*/version: {argv: [echo, "999\\nspec: 1.3.0"], matches: '([0-9]+)'}/m, 1, "$name: its version";
	spew("$dir/$name", $text);
	return "$dir/$name";
}

# Whether cells run or skip, by name.
sub planned {
	my ($dir, $name, @what) = @_;
	my ($out) = run_command($nsconform, 'plan', '--runtime', as_if_installed($dir, "fixtures/runtimes/$name.yaml"), @what);
	return map { /^(run|skip) +(\S+)/ ? ($2 => $1) : () } split /\n/, $out;
}

# One that can leave out most kinds, and one that always makes most: controls of its cells are built
# without it.
for my $name ('crun', 'systemd-nspawn-private-users') {
	subtest "$name: twins and controls of cells that cannot be" => sub {
		my %what = planned(tempdir(CLEANUP => 1), $name, 'suites/mnt');
		my @of_none = grep { /^(.*)\.(?:twin\.\d+|control\.\w+)$/ && $what{$1} eq 'skip' } keys %what;
		cmp_ok scalar(grep { /twin/ } @of_none), '>', 10, 'there are some twins';
		cmp_ok scalar(grep { /control/ } @of_none), '>', 10, 'and controls';
		is_deeply [grep { $what{$_} ne 'skip' } @of_none], [], 'and none of them runs';
		cmp_ok scalar(grep { /control/ && $what{$_} eq 'run' } keys %what), '>', 0, 'those of others do';
	};
}

subtest 'what a guest kernel is without' => sub {
	my %what = planned(tempdir(CLEANUP => 1), 'runsc', 'pid.visibility', 'net.create', 'mnt.root-rules');
	my %seen = map { $_ => $what{"pid.visibility.nobody-is-found-upwards.$_.box.root"} } qw(getpgid kill kcmp pidfd-open);
	is_deeply \%seen, { getpgid => 'run', kill => 'run', kcmp => 'skip', 'pidfd-open' => 'skip' }, 'may be one parameter of an op';
	is $what{'mnt.root-rules.the-root-is-no-new-root.root'}, 'skip', 'or all of an op';
	is $what{'net.create.counters-start-at-zero.box.root'}, 'run', 'which an actor outside does all the same';
};

subtest 'every scenario about runtimes is for one of those described here' => sub {
	my $dir = tempdir(CLEANUP => 1);
	my (%scenarios, %for, @machine, @unread);
	for my $file (glob 'fixtures/runtimes/*.yaml') {
		my ($name) = $file =~ m{([^/]+)$};
		my ($out, $err, $status) = run_command($nsconform, 'plan', '--no-controls', '--runtime', as_if_installed($dir, $file),
			'suites/runtime');
		is $status, 0, "$name: a plan" or diag $err;
		while ($out =~ /^(run|skip) +(runtime\.[^.\s]+\.[^.\s]+)\S*(?:  # (.*))?$/mg) {
			my ($what, $scenario, $why) = ($1, $2, $3 // '');
			$scenarios{$scenario}++;
			push @unread, "$name: $why" if $what eq 'skip' && $why !~ /^(?:lacks |cannot: )/;
			# What only this machine lacks does not speak against the runtime.
			$for{$scenario}++ if $why !~ /^lacks (?:box\.|native\.|a promise)/;
			push @machine, "$name: $why" if $why =~ /^cannot: box\.launch/;
		}
	}
	is_deeply \@unread, [], 'reasons are of the two kinds that there are';
	is_deeply \@machine, [], 'none lacks a program';
	my ($list) = run_command($nsconform, 'list', 'suites/runtime');
	my @declared = $list =~ /^(runtime\.\S+)/mg;
	is scalar(keys %scenarios), scalar(@declared), 'all scenarios are planned';
	is_deeply [grep { !$for{$_} } sort keys %scenarios], [], 'and each for one of them at least';
};

# Both ways in which a file says so.
my %unaskable = ('says never' => '  hostname: never', 'does not say how' => '');
for my $how (sort keys %unaskable) {
	subtest "a file that $how to ask for a host name" => sub {
		my $dir = tempdir(CLEANUP => 1);
		my @cells = ('tests.runtime.plain', 'runtime.properties.hostname-as-asked.short.root', 'tests.runtime.quiet.root');
		my @run = ('--no-controls', '--suites', 'tests/suites/runtime.yaml', '--suites', 'suites/runtime/properties.yaml',
			@cells);
		my $text = slurp(bad_runtime('honest'));
		is $text =~ s/^  hostname: .*/$unaskable{$how}/m, 1, 'its host name';
		spew("$dir/unaskable.yaml", $text);
		my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/unaskable.yaml", @run);
		my ($results) = run_tap($out);
		is $status, 0, 'is no failure' or diag $out;
		is $err, '', 'nor a reason to say anything';
		my %skips = map { $results->{$_} =~ /# SKIP (.*)/ ? ($_ => $1) : () } keys %$results;
		is_deeply \%skips, { map { $_ => 'lacks box.hostname' } @cells[0, 1] }, 'cells that ask are skipped, and no others';
		($out) = run_command($nsconform, 'run', '--runtime', bad_runtime('honest'), @run);
		($results) = run_tap($out);
		is_deeply [map { ($results->{$_} // 'none') =~ s/^ok \d+ //r } @cells], \@cells, 'all pass where there is a way';
	};
}

subtest 'a file of one\'s own' => sub {
	my $dir = tempdir(CLEANUP => 1);
	(my $text = slurp('fixtures/runtimes/unshare.yaml')) =~ s/^runtime: unshare$/runtime: mine/m;
	# Of another package, and for maps that these scenarios do not ask for.
	$text =~ s/^(programs: \[unshare), newuidmap, newgidmap\]/$1]/m;
	spew("$dir/own.yaml", $text);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/own.yaml", 'suites/uts/hostname.yaml');
	my ($results) = run_tap($out);
	is $status, 0, 'is used';
	is scalar(grep { $_ eq 'pass' } values %{verdicts($results)}), 4, 'and builds the boxes' or diag $out;
};

subtest 'a program that is not there' => sub {
	my $dir = tempdir(CLEANUP => 1);
	(my $text = slurp('fixtures/runtimes/bwrap.yaml')) =~ s/\bbwrap\b/no-such-program/g;
	$text =~ s/^packages: .*/packages: [some-package, another]/m;
	spew("$dir/missing.yaml", $text);
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', "$dir/missing.yaml", 'suites/uts/hostname.yaml');
	my ($results) = run_tap($out);
	is $status, 4, 'judges nothing';
	is_deeply [grep { !/^ok .* # SKIP cannot: box\.launch: install some-package another$/ } values %$results], [], 'but skips that name the packages';
	(undef, undef, $status) = run_command($nsconform, 'run', '--strict', '--runtime', "$dir/missing.yaml", 'suites/uts/hostname.yaml');
	is $status, 1, 'which --strict does not accept';
	($text = slurp('fixtures/runtimes/bwrap.yaml')) =~ s/^programs: .*/programs: [$dir\/program]/m;
	spew("$dir/program", "#!/bin/sh\n");
	chmod 0755, "$dir/program";
	spew("$dir/unseen.yaml", $text);
	($out) = run_command($nsconform, 'plan', '--runtime', "$dir/unseen.yaml", 'suites/uts/hostname.yaml');
	like $out, qr{cannot: box\.launch: .*/program: boxes are built where /tmp is another one}, 'one that a moat does not show is said to be so';
};

subtest 'no such runtime' => sub {
	my ($out, $err, $status) = run_command($nsconform, 'run', '--runtime', 'no-such-runtime', 'suites/uts/hostname.yaml');
	is $status, 2, 'is an error';
	is $out, '', 'nothing runs';
	like $err, qr/no-such-runtime/, 'and it is named';
};
done_testing;
