# SPDX-License-Identifier: GPL-2.0-only
# Summary: conformance of the namespaces of the kernel under test
# tests/kernel/nsconform.pm of a distribution's tests. NSCONFORM has further options and selectors.
package nsconform;
use base 'basetest';
use strict;
use warnings;
use testapi;

my $dir = '/var/tmp/nsconform';

sub run {
    my ($self) = @_;
    my $options = get_var('NSCONFORM', '');

    select_console('root-console');
    assert_script_run("mkdir -p $dir");
    my $status = script_run("nsconform run --output $dir/results --report junit:$dir/junit.xml"
          . " --report html:$dir/page.html $options >$dir/nsconform.tap 2>$dir/stderr", timeout => 3600);

    upload_logs("$dir/$_", failok => 1) for qw(nsconform.tap page.html stderr);
    die "nsconform gave no verdict: exit status $status" unless defined $status && ($status == 0 || $status == 1);
    # What failed fails the modules that this adds, one a suite.
    parse_extra_log(XUnit => "$dir/junit.xml");
}

sub test_flags {
    return {fatal => 0};
}

1;
