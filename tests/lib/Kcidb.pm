# SPDX-License-Identifier: GPL-2.0-only
# What a report for KCIDB must keep to, by its schema 5.3.
package Kcidb;
use strict;
use warnings;
use Exporter 'import';
use JSON::PP;
use Test::More;

our @EXPORT = qw(check_kcidb);

# Nobody's but the test's.
delete @ENV{qw(KCIDB_ORIGIN KCIDB_BUILD_ID)};

sub check_kcidb {
	my ($text, $name, $origin) = (@_, 'nsconform');
	my $data = decode_json($text);
	is_deeply $data->{version}, { major => 5, minor => 3 }, "$name: the version";
	unlike $text, qr/: null/, 'nothing is null';
	my (%seen, @wrong);
	for my $kind (qw(checkouts builds tests issues incidents)) {
		for my $o (@{$data->{$kind} // []}) {
			push @wrong, "$kind $o->{id}" if $o->{id} !~ /^\Q$origin\E:./ || $o->{origin} ne $origin || $seen{$kind}{$o->{id}}++;
		}
	}
	for my $test (@{$data->{tests}}) {
		push @wrong, $test->{id} if $test->{status} !~ /^(?:FAIL|ERROR|MISS|PASS|SKIP)$/ || !defined $test->{build_id}
			|| $test->{path} !~ /^[\w-]+(?:\.[\w-]+)*$/ || length($test->{log_excerpt} // '') > 16384
			|| ($data->{builds} && !$seen{builds}{$test->{build_id}})
			|| grep { !/^(?:id|origin|build_id|path|status|comment|start_time|duration|environment|log_excerpt|misc)$/ } keys %$test;
	}
	push @wrong, map { $_->{id} } grep { !$seen{tests}{$_->{test_id}} || !$seen{issues}{$_->{issue_id}} || $_->{issue_version} !~ /^\d+$/ } @{$data->{incidents}};
	is_deeply \@wrong, [], 'ids, states and paths are those of the schema, and refer to each other';
	return $data;
}

1;
