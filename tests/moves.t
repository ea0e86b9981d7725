#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# An agent looks at a namespace once, until it carries out an op that moves it: every op that may do so
# says that, with OP_SINGLE, or has a child do it.
use strict;
use warnings;
use lib 'tests/lib';
use NSC;
use Test::More;

# Who unshares and joins in processes of its own, which end with the op.
my %in_children = map { $_ => 1 } qw(exec/exec pid/nest pid/pid proc/fork user/nest);

my $n = 0;
for my $file (glob 'lib/ops/*.c lib/ops/*/*.c') {
	my $text = slurp($file) =~ s{/\*.*?\*/}{}gsr;
	$text =~ /\b(?:unshare|setns)\(|SYS_(?:unshare|setns)\b/ or next;
	my ($name) = $file =~ m{^lib/ops/(.*)\.c$};
	my $moves = $text =~ /\bOP_SINGLE\b/;
	$n++;
	is $moves ? 1 : 0, $in_children{$name} ? 0 : 1, "$file: what moves its actor says so" or diag
		"unshare(2) or setns(2) in the actor itself wants OP_SINGLE in the op's row; in a child, a word here";
}
cmp_ok $n, '>=', keys %in_children, 'there are such ops';
done_testing;
