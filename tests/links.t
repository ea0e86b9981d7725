#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Links become the steps that a reader would have written, and these work: also between user
# namespaces, and in control cells, where all ends are in one network namespace.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

my $suite = 'tests/suites/links.yaml';

sub steps_of {
	my ($out) = run_command($nsconform, 'explain', $suite);
	my ($story) = grep { /^tests\.links\.$_[0]$/m } split /^--------\n/m, $out;
	# Written as `a: {op: {...}}` or `a: op {...}`.
	$story =~ s/^(  \w+: )\{([\w.]+): (.*)\}$/$1$2 $3/mg;
	return [$story =~ /^  (\w+: (?:link|addr)\.(?!list).*)$/mg];
}

is_deeply steps_of('made-by-a-third'), [
	'outer: link.add {kind: "veth", name: "v0", in: "a", peer: "v1", peer_in: "b"}',
	'a: link.set {name: "v0", state: "up"}',
	'b: link.set {name: "v1", state: "up"}',
	'a: link.wait {name: "v0", until: "carrier"}',
	'b: link.wait {name: "v1", until: "carrier"}',
	'a: addr.add {dev: "v0", address: "10.0.0.1/24"}',
	'b: addr.add {dev: "v1", address: "10.0.0.2/24"}',
], 'a pair is made by who has the rights, up, waited for and addressed';
is steps_of('made-by-the-other-end')->[0], 'b: link.add {kind: "veth", name: "v0", in: "a", peer: "v1"}',
	'which may be the second end';
my $bridge = join "\n", @{steps_of('all-in-one-namespace')};
like $bridge, qr/name: "br0"\}.*peer: "v0".*master: "br0".*name: "lo", state: "up".*until: "carrier"/s,
	'a bridge gets its ports when there are any, whatever stands first';
like $bridge, qr/flags: \["nodad"\]\}\na: addr\.wait \{dev: "v0", address: "[^"]+", until: "usable"\}/,
	'what may be an IPv6 address is waited for';
unlike join("\n", @{steps_of('made-by-a-third')}), qr/nodad/, 'and what is none is not';

my ($out) = run_command($nsconform, 'run', $suite);
my ($results, $parser) = run_tap($out);
ok !$parser->parse_errors, 'TAP without errors';
is_deeply [with_verdict($out, qw(fail broken))], [], 'every pair carries packets, and controls show what isolates';
SKIP: {
	skip 'needs root: the cells of this suite are privileged', 1 unless is_root;
	is_deeply [grep { $results->{$_} =~ /# SKIP/ } sort keys %$results], [], 'and none of them skips';
}
done_testing;
