#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# Reports in the formats of others: each verdict as that format has it, read back by those who read
# them where they are installed, and by Perl always; the same at the end of a run and afterwards.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(getcwd);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Kcidb;
use NSC;
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my @formats = qw(junit junit-10 kcidb md tmt);
my $json = JSON::PP->new->canonical;

# The words of help and of errors are those of the table.
{
	my ($help) = (run_command($nsconform, 'help', 'report'))[0] =~ /^formats of reports:\n(.*?)\n\n/ms;
	is_deeply [$help =~ /^  (\S+)  /mg], [qw(baseline html), @formats], 'help lists the formats'; # tests/compare.t, page.t
	like((run_command($nsconform, 'help', $_))[0], qr/^formats of reports:\n/m, "help $_, too") for qw(run vm);
	my $page = slurp('docs/report-formats.md');
	like $page, qr/^- `\Q$_\E`: /m, "so does the manual: $_" for @formats;
}

sub refused {
	my ($name, $want, @args) = @_;
	my ($out, $err, $status) = run_command($nsconform, @args);
	is $status, 2, "$name: exit 2";
	like $err, qr/\Ansconform: $want\n/, 'says why';
	is $out, '', 'and nothing is printed';
}

refused('a format that is near', 'there is no format junti, did you mean junit\?', 'report', 'junti', $dir);
refused('one that is not', 'there is no format zz: there are baseline, .*tmt', 'report', 'zz', $dir);
refused('no format', 'report takes a format of reports, and none is given', 'report');
refused('no directory', 'report takes a directory that --output has left, or a baseline, and none is given', 'report', 'md');
refused('two runs where one is shown', 'junit shows one run, and b is one more', 'report', 'junit', 'a', 'b');
my @run = ('run', 'uts.hostname');
refused('no file', '--report takes a format of reports and a file, .*, not junit', @run, '--report', 'junit');
refused('an unknown format', '--report mdd:f: there is no format mdd, did you mean md\?', @run, '--report', 'mdd:f');
refused('where TAP goes', '--report md:-: TAP goes to standard output, so name a file', @run, '--report', 'md:-');
refused('a directory', "--report md:\Q$dir\E: Is a directory", @run, '--report', "md:$dir");
refused('nowhere', "--report md:\Q$dir\E/no/f: No such file or directory", @run, '--report', "md:$dir/no/f");
refused('two to one file', "--report tmt:\Q$dir\E/f: another report goes to that file", @run, '--report', "md:$dir/f", '--report', "tmt:$dir/f");
refused('over the record', "--report md:\Q$dir\E/o/cells.jsonl: the run's own record has that name", @run, '--output', "$dir/o", '--report', "md:$dir/o/cells.jsonl");
refused('where no file can be made', '--report md:/proc/f: .*', @run, '--report', 'md:/proc/f');
{
	local $ENV{KCIDB_ORIGIN} = 'My CI';
	refused('an origin that is none', '--report kcidb:.*: KCIDB_ORIGIN takes the name of a CI .*, not My CI', @run, '--report', "kcidb:$dir/f");
	local $ENV{KCIDB_BUILD_ID} = 'x';
	delete local $ENV{KCIDB_ORIGIN};
	refused('a build that is none', 'kcidb: KCIDB_BUILD_ID takes the id of a build, .*, not x', 'report', 'kcidb', $dir);
}
is_deeply [glob "$dir/*"], [], 'and no file is made';

# JUnit, by junit-10.xsd: which attributes an element has, and which elements are in it.
my %junit = (
	testsuites => [[qw(name time tests failures errors)], [qw(testsuite)]],
	testsuite => [[qw(name tests failures errors time skipped timestamp file)], [qw(properties testcase)]],
	properties => [[], [qw(property)]], property => [[qw(name value)], []],
	testcase => [[qw(name time classname)], [qw(skipped error failure rerunFailure rerunError flakyFailure flakyError system-out)]],
	(map { $_ => [[qw(type message)], []] } qw(skipped error failure rerunFailure rerunError flakyFailure flakyError)), 'system-out' => [[], []],
);

# The elements of a document as [name, {attribute => value}, parent, text]; dies where it is no XML.
sub elements {
	my ($xml, @also) = @_;
	my (@all, @open);
	die "a control character\n" if $xml =~ /[^\t\n\x20-\x7e\x80-\xff]/;
	utf8::decode($xml) or die "no UTF-8\n";
	$xml =~ s/\A<\?xml version="1\.0" encoding="UTF-8"\?>\n// or die "no declaration\n";
	while ($xml =~ m{\G([^<]*)<(/?)([\w-]+)((?: \w+="[^"<]*")*)(/?)>}gc) {
		my ($text, $end, $name, $attributes, $empty) = ($1, $2, $3, $4, $5);
		my %has = $attributes =~ / (\w+)="([^"]*)"/g;
		die "an ampersand\n" if "$text$attributes" =~ /&(?!(?:amp|lt|gt|quot);)/;
		$open[-1][3] .= $text if @open;
		if ($end) {
			(pop @open)->[0] eq $name or die "</$name>\n";
			next;
		}
		my ($may) = $junit{$name} or die "<$name>\n";
		die "<$name> in <$open[-1][0]>\n" if @open && !grep { $_ eq $name } @{$junit{$open[-1][0]}[1]};
		for my $attribute (keys %has) {
			die "$attribute of <$name>\n" unless grep { $_ eq $attribute } @{$may->[0]}, $name eq 'testcase' ? @also : ();
		}
		push @all, [$name, \%has, $open[-1], ''];
		push @open, $all[-1] unless $empty;
	}
	die "open at the end\n" if @open || substr($xml, pos($xml) // 0) !~ /\A\s*\z/;
	return @all;
}

sub check_junit {
	my ($xml, $name, @also) = @_;
	my @all = eval { elements($xml, @also) };
	is $@, '', "$name: elements and attributes are those of the schema";
	my @cases = grep { $_->[0] eq 'testcase' } @all;
	my %names = map { $_->[1]{name} => 1 } @cases;
	is scalar(keys %names), scalar(@cases), 'names are unique';
	for my $suite (grep { $_->[0] =~ /^testsuites?$/ } @all) {
		my $in = sub { my $e = shift; $e = $e->[2] while $e && $e != $suite; return $e };
		my %n = map { my $kind = $_; $kind => scalar(grep { $_->[0] eq $kind && $in->($_) } @all) } qw(testcase failure error);
		is "@{$suite->[1]}{qw(tests failures errors)}", "@n{qw(testcase failure error)}", "the counts of $suite->[1]{name}"
			or last;
	}
	return @all;
}

sub check_tmt {
	my ($text, $name) = @_;
	my $data = decode_json($text);
	my @wrong = grep {
		$_->{name} !~ m{^/} || $_->{result} !~ /^(?:pass|fail|info|error|skip|pending)$/
			|| ($_->{duration} // '00:00:00') !~ /^\d\d+:[0-5]\d:[0-5]\d$/
			|| ($_->{'start-time'} // '2026-01-01T00:00:00.1Z') !~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/
			|| grep { !/^(?:name|result|original-result|note|duration|start-time)$/ } keys %$_;
	} @$data;
	is_deeply \@wrong, [], "$name: names, results and times are those of the schema";
	return map { $_->{name} => $_ } @$data;
}

# What readers say, where they are here.
sub has_python { return system("python3 -c 'import $_[0]' 2>/dev/null") == 0 }
sub python {
	my ($name, $code, @args) = @_;
	my ($out, $err, $status) = run_command('python3', '-c', $code, @args);
	is $status, 0, $name or diag $err;
	chomp $out;
	return $out;
}

sub consumers {
	my ($prefix, $want) = @_;
	SKIP: {
		skip 'python3-junitparser is not installed', 2 unless has_python('junitparser');
		is python('junitparser reads it', <<~'EOF', "$prefix.junit"), $want, 'and counts tests, failures, errors, skipped';
			import sys, junitparser
			xml = junitparser.JUnitXml.fromfile(sys.argv[1])
			cases = [c for s in xml for c in s]
			kinds = [type(r).__name__ for c in cases for r in c.result]
			print(len(cases), *(kinds.count(k) for k in ('Failure', 'Error', 'Skipped')))
			EOF
	}
	SKIP: {
		skip 'libxml2-utils is not installed', 2 if system('xmllint --version >/dev/null 2>&1');
		is((run_command('xmllint', '--noout', "$prefix.$_"))[1], '', "xmllint: $_") for qw(junit junit-10);
	}
	SKIP: {
		skip 'kcidb-io is not installed', 1 unless has_python('kcidb_io');
		python('kcidb-io: valid by schema 5.3', <<~'EOF', "$prefix.kcidb");
			import sys, json
			from kcidb_io.schema import V5_3
			V5_3.validate(json.load(open(sys.argv[1])))
			EOF
	}
	SKIP: {
		skip 'tmt is not installed', 1 unless has_python('tmt') && has_python('jsonschema');
		python("tmt: valid by its schema of results", <<~'EOF', "$prefix.tmt");
			import sys, json, os, jsonschema, yaml
			spec = __import__('importlib.util').util.find_spec('tmt')
			schemas = os.path.join(os.path.dirname(spec.origin or spec.submodule_search_locations[0]), 'schemas') \
			    if spec.origin else os.path.join(list(spec.submodule_search_locations)[0], 'schemas')
			load = lambda name: yaml.safe_load(open(os.path.join(schemas, name)))
			results, common = load('results.yaml'), load('common.yaml')
			resolver = jsonschema.RefResolver(results['$id'], results, store={'/schemas/common': common, '/schemas/results': results})
			jsonschema.Draft7Validator(results, resolver=resolver).validate(json.load(open(sys.argv[1])))
			EOF
	}
	SKIP: {
		skip 'cmark-gfm is not installed', 2 if system('cmark-gfm --version >/dev/null 2>&1');
		my ($html, $err) = run_command('cmark-gfm', '-e', 'table', "$prefix.md");
		like $html, qr{<td><strong>result</strong></td>}, 'cmark-gfm: a table';
		unlike $html, qr/\|/, 'of which no row has fallen apart' unless $prefix =~ /odd|flaky/;
	}
}

sub reports {
	my ($to, @dirs) = @_;
	my %text;
	for my $format (@formats) {
		my ($out, $err, $status) = run_command($nsconform, 'report', $format, @dirs);
		is_deeply [$status, $err], [0, ''], "report $format" or diag $err;
		spew("$dir/$to.$format", $out);
		$text{$format} = $out;
	}
	return \%text;
}

# Records of all kinds, with texts that mean something to each format.
my $odd = "a\x1b[31m<b>&]]>`|`` \"q\" \x01 \x{e9} \x{202e}";
my %cell = (run => 'r-1', scenario => 'tests.odd.x', kind => 'cell', attempt => 1, clauses => ['a.b'], at => 'suites/odd.yaml:7', again => 'nsconform run x');
make_path("$dir/odd");
spew("$dir/odd/cells.jsonl", join '', map { $json->ascii->encode({ %cell, started => '2026-01-01T00:00:00.123456Z', took_ns => 1234567, %$_ }) . "\n" } (
	{ cell => 'tests.odd.x.fails', verdict => 'fail', message => $odd, actor => 'a', op => 'o.p', field => 'f', expected => $odd, seen => $odd, log => [$odd, 'two'] },
	{ cell => 'tests.odd.x.broken', verdict => 'broken', message => $odd, tried_again => $odd },
	{ cell => 'tests.odd.x.skips', verdict => 'skip', reason => 'lacks |', message => $odd, remedy => $odd, attempt => 0 },
	{ cell => 'tests.odd.x.known', verdict => 'known', issue => 'an-issue', reference => 'https://example.org/1 and more', message => $odd },
	{ cell => 'tests.odd.x.xpass', verdict => 'xpass', issue => 'an-issue' },
	{ cell => 'tests.odd.x.passes', verdict => 'pass' },
	{ cell => 'tests.odd.x.logs', verdict => 'pass', log => [$odd] }));
my %made = (nsconform_results => 1, run => 'r-1', version => '0.1', command => ['run', $odd], selection => [], plan_cells => 9, plan_sha256 => '0' x 64,
	kernel => '6.1.0', machine => 'x86_64', started => '2026-01-01T00:00:00.1Z');
spew("$dir/odd/run.json", $json->encode({ %made, state => 'interrupted' }));
spew("$dir/odd/run.plan", join '', map { "tests.odd.x.$_\n" } qw(fails broken skips known xpass passes logs missed.one missed.two));
my $texts = reports('odd', "$dir/odd");
{
	my @all = check_junit($texts->{junit}, 'junit', qw(file line));
	my ($failed) = grep { $_->[0] eq 'testcase' && $_->[1]{name} eq 'tests.odd.x.fails' } @all;
	is_deeply $failed->[1], { classname => 'tests.odd', name => 'tests.odd.x.fails', time => '0.001234', file => 'suites/odd.yaml', line => 7 }, 'a test case';
	my %of = map { (($_->[2] ? $_->[2][1]{name} // '' : '') . ":$_->[0]", $_) } @all;
	ok $of{"tests.odd.x.$_"}, $_ for qw(fails:failure broken:error skips:skipped known:skipped);
	like $of{'tests.odd.x.known:skipped'}[1]{message}, qr/^known issue an-issue: /, 'which issue it is';
	like $of{'tests.odd.x.fails:system-out'}[3], qr/\Atwo|\ntwo\nagain: nsconform run x\n\z/, 'log and command';
	ok !$of{"tests.odd.x.passes:system-out"}, 'a pass that has nothing to say';
	is $of{'nsconform.complete:error'}[1]{message}, 'the run is not complete: it was interrupted: 2 cells were not reached', 'not complete';
	check_junit($texts->{'junit-10'}, 'junit-10');
	my $data = check_kcidb($texts->{kcidb}, 'kcidb');
	is_deeply { map { $_->{path} =~ s/^tests\.odd\.x\.//r => $_->{status} } @{$data->{tests}} }, { fails => 'FAIL', broken => 'ERROR', skips => 'SKIP', known => 'FAIL',
		xpass => 'PASS', passes => 'PASS', logs => 'PASS', 'missed.one' => 'MISS', 'missed.two' => 'MISS' }, 'kcidb: states';
	is_deeply [map { $_->{report_url} } @{$data->{issues}}], ['https://example.org/1'], 'an issue, once';
	is_deeply { map { ($_->{test_id} =~ /\.(\w+)$/)[0] => !!$_->{present} } @{$data->{incidents}} }, { known => !!1, xpass => !!0 }, 'incidents';
	my %tmt = check_tmt($texts->{tmt}, 'tmt');
	is_deeply { map { s{^/tests/odd/x/}{}r => $tmt{$_}{result} } keys %tmt }, { '/' => 'error', fails => 'fail', broken => 'error', skips => 'skip', known => 'info',
		xpass => 'pass', passes => 'pass', logs => 'pass', 'missed/one' => 'pending', 'missed/two' => 'pending' }, 'tmt: results';
	is $tmt{'/tests/odd/x/known'}{'original-result'}, 'fail', 'a known issue failed';
	my $md = $texts->{md};
	like $md, qr/^\| \*\*result\*\* \| ✗ \*\*failed\*\* \|$/m, 'md: the result';
	like $md, qr/is not complete\*\*: it was interrupted: 2 cells were not reached\.$/m, 'not complete';
	like $md, qr/^### $_: 1 cell\b/m, $_ for 'Failed', 'Broken', 'Known issues', 'Passed against a known issue', 'Skipped';
	unlike $md, qr/[\x00-\x09\x0b-\x1f]/, 'no controls';
	unlike $md =~ s/(`+).*?\1//gr, qr/[<&]|31m/, 'what comes from elsewhere is in code spans alone';
	consumers("$dir/odd", '8 1 2 2');
}

# Cells whose attempts differ: each format shows which one counts, and what the others gave.
sub attempt { my ($number, $times, $verdict, $message) = @_; return { attempt => $number, times => $times, verdict => $verdict,
	$message ? (message => $message) : (), took_ns => 5_000_000 } }
make_path("$dir/flaky");
spew("$dir/flaky/cells.jsonl", join '', map { $json->ascii->encode({ %cell, took_ns => 1234567, %$_ }) . "\n" } (
	{ cell => 'tests.odd.x.second', verdict => 'pass', attempt => 2, flaky => JSON::PP::true, attempts => [attempt(1, 1, 'fail', $odd)] },
	{ cell => 'tests.odd.x.third', verdict => 'pass', attempt => 3, flaky => JSON::PP::true, attempts => [attempt(1, 2, 'broken', 'no answer')] },
	{ cell => 'tests.odd.x.fails', verdict => 'fail', message => 'seen', attempt => 2, flaky => JSON::PP::true,
		attempts => [attempt(1, 1, 'pass'), attempt(3, 1, 'fail', 'seen otherwise')] },
	{ cell => 'tests.odd.x.never', verdict => 'fail', message => 'seen', attempts => [attempt(2, 200, 'fail', 'seen')] },
	{ cell => 'tests.odd.x.known', verdict => 'known', issue => 'an-issue', attempt => 2, flaky => JSON::PP::true, attempts => [attempt(1, 1, 'fail', 'seen')] },
	{ cell => 'tests.odd.x.repeated', verdict => 'pass', attempts => [attempt(2, 3, 'pass')] },
	{ cell => 'tests.odd.x.passes', verdict => 'pass' }));
spew("$dir/flaky/run.json", $json->encode({ %made, state => 'complete', plan_cells => 7, exit_status => 1, flaky => 4 }));
$texts = reports('flaky', "$dir/flaky");
{
	my @all = check_junit($texts->{junit}, 'junit of flaky cells', qw(file line));
	check_junit($texts->{'junit-10'}, 'junit-10 of flaky cells');
	my %of;
	push @{$of{$_->[2][1]{name} =~ s/.*\.//r}}, $_->[0] for grep { $_->[2] && $_->[2][0] eq 'testcase' } @all;
	is_deeply \%of, { second => [qw(flakyFailure system-out)], third => [qw(flakyError flakyError system-out)], fails => [qw(failure rerunFailure system-out)],
		never => ['failure', ('rerunFailure') x 10, 'system-out'], known => [qw(skipped system-out)], repeated => ['system-out'] }, 'as Surefire has them';
	my ($said) = map { $_->[3] } grep { $_->[0] eq 'system-out' && $_->[2][1]{name} =~ /fails/ } @all;
	like $said, qr/\Aflaky: attempt 2 counts\nattempt 1, pass\nattempt 3, fail: seen otherwise\nagain: /, 'in words, too';
	my ($many) = map { $_->[3] } grep { $_->[0] eq 'system-out' && $_->[2][1]{name} =~ /never/ } @all;
	like $many, qr/^attempts 2 to 201, fail: seen$/m, 'which have how many there were';
	my %kcidb = map { $_->{path} =~ s/.*\.//r => $_ } @{check_kcidb($texts->{kcidb}, 'kcidb of flaky cells')->{tests}};
	is $kcidb{second}{status}, 'PASS', 'kcidb: the status is that of the attempt that counts';
	is_deeply [@{$kcidb{third}{misc}}{qw(flaky attempt)}, $kcidb{third}{misc}{attempts}[0]{times}], [JSON::PP::true, 3, 2], 'misc has the others';
	is $kcidb{third}{comment}, 'flaky: attempts 1 to 2, broken: no answer', 'and the comment says so';
	is $kcidb{passes}{misc}{attempt}, undef, 'of one attempt nothing is said';
	my %tmt = check_tmt($texts->{tmt}, 'tmt of flaky cells');
	is_deeply [map { $tmt{"/tests/odd/x/$_"}{result} } qw(second fails)], [qw(pass fail)], 'tmt: so does the result';
	like $tmt{'/tests/odd/x/third'}{note}[1], qr/\Aflaky: attempt 3 counts\nattempts 1 to 2, broken: no answer\n\z/, 'notes have the others';
	like $texts->{md}, qr/^### Flaky: 3 cells\n\n(?:.*\n)*- \*\*`tests\.odd\.x\.third`\*\*\n  - why `flaky: attempts 1 to 2, broken: no answer`$/m, 'md: a list of them';
	like $texts->{md}, qr/^### Failed: 2 cells$(?:.*\n)*?  - why `seen`\n  - also `flaky: attempt 1, pass`$/m, 'beside those that failed';
	consumers("$dir/flaky", '7 2 0 1');
}

# A build that the CI has described.
{
	local @ENV{qw(KCIDB_ORIGIN KCIDB_BUILD_ID)} = ('my_ci', 'maestro:17');
	my $data = check_kcidb((run_command($nsconform, 'report', 'kcidb', "$dir/odd"))[0], 'of a CI', 'my_ci');
	is_deeply [grep { $_->{build_id} ne 'maestro:17' } @{$data->{tests}}], [], 'the tests are about its build';
	ok !$data->{builds} && !$data->{checkouts}, 'and none is made';
}

# However much failed, the summary is short.
make_path("$dir/many");
spew("$dir/many/cells.jsonl", join '', map { $json->encode({ %cell, cell => "tests.m.s$_.v", scenario => "tests.m.s$_", verdict => 'fail', message => "it $_ " . 'x' x 3000 }) . "\n" } 1 .. 3000);
my ($long) = run_command($nsconform, 'report', 'md', "$dir/many", "$dir/odd");
cmp_ok length $long, '<', 1 << 18, 'md: below a quarter of what GitHub takes';
like $long, qr/^2901 more cells are left out here: /m, 'and it says what is left out';
like $long, qr/^\| `tests\.m\.s1\.v` \| ✗ fail \| - \|$/m, 'runs are columns';

{
	# Texts that grow by what keeps them from being Markdown, in all lists.
	my %long = map { $_ => '`' x 2000 . '|' x 2000 } qw(message expected seen call reference link reason remedy);
	my @cells = map { my $v = $_; map { { %cell, %long, cell => "tests.$v.s$_.v", scenario => "tests.$v.s$_", verdict => $v, message => "$_ $long{message}",
		reason => "$_ $long{reason}", remedy => "$_ $long{remedy}", issue => "i-$_", own_log => [$long{seen}], $v eq 'pass' ? (flaky => JSON::PP::true, attempts =>
		[{ attempt => 1, times => 1, verdict => 'fail', message => "$_ $long{message}" }]) : () } } 1 .. 150 } qw(fail broken known xpass skip pass);
	make_path("$dir/marks");
	spew("$dir/marks/cells.jsonl", join '', map { $json->encode($_) . "\n" } @cells);
	my ($marks) = run_command($nsconform, 'report', 'md', "$dir/marks");
	cmp_ok length $marks, '<', 1 << 18, 'md: also where texts are made of marks';
	is scalar(() = $marks =~ /^### /mg), 6, 'each list is there';
	my ($left) = $marks =~ /^### Passed against a known issue: 150 cells\n\n(\d+) more cells are left out here: /m;
	is $left, 150, 'and says what of it is not';
}

# Of a cell that was tried many times each report has some attempts, and how many more there are.
{
	my @attempts = map { { attempt => 2 * $_, times => 1, verdict => $_ % 2 ? 'fail' : 'pass', message => "it $_" } } 1 .. 5000;
	make_path("$dir/tried");
	spew("$dir/tried/cells.jsonl", $json->encode({ %cell, cell => 'tests.odd.x.tried', verdict => 'fail', flaky => JSON::PP::true, attempt => 1, attempts => \@attempts }) . "\n");
	for my $format (qw(junit tmt kcidb html)) {
		my ($text) = run_command($nsconform, 'report', $format, "$dir/tried");
		like $text, qr/and 4990 more attempts/, "$format: not all attempts";
		like $text, qr/it 10\b/, 'but the first';
		unlike $text, qr/it 31\b/, 'and no others';
	}
}

# Where an issue is reported may be any address.
for my $link ('http://bugs.example.org/7', 'https://bugs.example.org/7') {
	make_path("$dir/linked");
	spew("$dir/linked/cells.jsonl", $json->encode({ %cell, cell => 'tests.odd.x.linked', verdict => 'known', issue => 'an-issue', link => $link }) . "\n");
	is_deeply [map { $_->{report_url} } @{check_kcidb((run_command($nsconform, 'report', 'kcidb', "$dir/linked"))[0], 'an issue')->{issues}}], [$link], "kcidb: $link";
}

unless (is_root) {
	note 'needs root: the cells of the suite are privileged';
	done_testing;
	exit;
}

# A real run with every verdict, at its end and afterwards, twice.
my $cwd = getcwd;
mkdir "$dir/$_" or die "$dir/$_: $!" for qw(data data/fixtures data/fixtures/known);
symlink "$cwd/suites", "$dir/data/suites" or die $!;
spew("$dir/data/fixtures/known/k.yaml", <<'EOF');
known:
  - id: flood-is-other
    cells: ["tests.verdicts.fails"]
    symptoms:
      - {actor: a, op: harness.flood, field: text, seen: xxx}
    since: "3.0"
    reference: https://example.org/flood
    evidence: e
  - id: flood-is-late
    cells: ["tests.verdicts.passes"]
    symptoms:
      - {actor: a, op: harness.flood, field: text, seen: xyz}
    since: "3.0"
    reference: r
    evidence: e
EOF
sub run_all {
	my ($out, @args) = @_;
	local $ENV{NSCONFORM_DATA} = "$dir/data";
	my ($tap, $err, $status) = run_command($nsconform_test, 'run', @args, map { ('--report', "$_:$out.$_") } @formats);
	is $err, '', 'nothing to complain about';
	return $status;
}
sub constant {
	my ($text) = @_;
	$text =~ s/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/RUN/g;
	$text =~ s/\d{4}-\d\d-\d\dT[\d:.]+Z/WHEN/g;
	$text =~ s/( time=|"duration": |"time_factor" value=)"?[\d.:]+"?/$1/g;
	return $text;
}
my $suite = 'tests/suites/verdicts.yaml';
is run_all("$dir/run", $suite), 1, 'a run without --output';
my %first = map { $_ => constant(slurp("$dir/run.$_")) } @formats;
is_deeply [grep { /\.new/ } glob "$dir/*"], [], 'nothing is left beside the reports';
is run_all("$dir/run", $suite), 1, 'again';
my %second = map { $_ => constant(slurp("$dir/run.$_")) } @formats;
SKIP: {
	skip 'a cell was late, which is said', 5 if grep { /tried.again/ } values %first, values %second;
	is $second{$_}, $first{$_}, "two runs of the same thing give equal reports: $_" for @formats;
}
consumers("$dir/run", '13 2 3 3');
my @all = check_junit(slurp("$dir/run.junit"), 'junit of a run', qw(file line));
my %property = map { $_->[1]{name} => $_->[1]{value} } grep { $_->[0] eq 'property' } @all;
like $property{kernel}, qr/^\d+\.\d+/, 'with its kernel';
is $property{state}, 'complete', 'and how far it is';
my $data = check_kcidb(slurp("$dir/run.kcidb"), 'kcidb of a run');
my %n;
$n{$_->{status}}++ for @{$data->{tests}};
is_deeply \%n, { PASS => 5, FAIL => 3, ERROR => 3, SKIP => 2 }, 'its states';
check_tmt(slurp("$dir/run.tmt"), 'tmt of a run');
like slurp("$dir/run.md"), qr/^  - repeat `.*nsconform run .*tests\.verdicts\.\S+`$/m, 'md: how a failure is repeated';
like slurp("$dir/run.md"), qr/^- \*\*`tests\.verdicts\.vacuous\.control\.uts`\*\*$/m, 'a cell that fails alone has its own name';

is run_all("$dir/out/report", '--output', "$dir/out", $suite), 1, 'with --output, into its directory';
my $after = reports('after', "$dir/out");
is slurp("$dir/out/report.$_"), $after->{$_}, "afterwards it is the same: $_" for @formats;
my ($both, undef, $status) = run_command($nsconform, 'report', 'md', "$dir/out", "$dir/odd");
like $both, qr{^### Side by side$}m, 'two runs side by side';

# Records that are lost are missed, although the run has an end.
system('cp', '-r', "$dir/out", "$dir/lost");
my @kept = split /^/, slurp("$dir/lost/cells.jsonl");
for my $lost (1, scalar @kept) {
	spew("$dir/lost/cells.jsonl", join '', @kept[$lost .. $#kept]);
	is scalar(() = (run_command($nsconform, 'report', 'kcidb', "$dir/lost"))[0] =~ /"MISS"/g), $lost, "kcidb: $lost lost";
	like +(run_command($nsconform, 'report', 'md', "$dir/lost"))[0], qr/not complete\*\*: records of cells are missing.*: $lost cells? w/, 'md: how many';
}

# A run that ended before its plan did.
is run_all("$dir/fast", '--fail-fast', '-j1', $suite), 1, '--fail-fast';
{
	my ($said) = slurp("$dir/fast.junit") =~ /message="the run is not complete: it was interrupted: (\d+) cells? w/;
	cmp_ok $said, '>', 0, 'junit: cells are missing';
	is scalar(() = slurp("$dir/fast.kcidb") =~ /"MISS"/g), $said, 'kcidb: each of them';
	is scalar(() = slurp("$dir/fast.tmt") =~ /"pending"/g), $said, 'tmt: each of them';
	like slurp("$dir/fast.md"), qr/not complete\*\*: it was interrupted: $said cell/, 'md: how many';
}
{
	spew("$dir/cut.tap", '');
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>', "$dir/cut.tap" or die;
		exec $nsconform_test, 'run', '-j1', '--time-factor', '1', '--report', "md:$dir/cut.md", 'tests/suites/trouble.yaml' or exit 127;
	}
	await_child($pid, sub { slurp("$dir/cut.tap") =~ /^(?:not )?ok /m });
	kill 'TERM', $pid;
	my $ended = await_exit($pid) >> 8;
	SKIP: {
		skip 'it was over before it was interrupted', 1 unless $ended == 128 + 15;
		like slurp("$dir/cut.md"), qr/not complete/, 'interrupted by a signal: there is a report, and it says so';
	}
}

# Where a report goes.
my @little = ('--suites', $suite, 'tests.verdicts.passes');
sub to { my ($file, @more) = @_; return run_command($nsconform_test, 'run', @little, @more, '--report', "md:$file") }
spew("$dir/there", 'before');
symlink 'there', "$dir/link" or die $!;
is((to("$dir/link"))[2], 0, 'through a link');
ok -l "$dir/link", 'which stays one';
like slurp("$dir/there"), qr/^## nsconform/, 'the file is new';
like((run_command('bash', '-c', '"$@" 2>&1 >/dev/null | cat', 'bash', $nsconform_test, 'run', @little, '--report', 'md:/dev/stderr'))[0],
	qr/^## nsconform/, 'to a pipe');
like((to('/dev/stderr'))[1], qr/what is printed goes there/, 'but not over a file that something is printed to');
is((to('/dev/full', '--output', "$dir/full"))[2], 3, 'one that takes nothing: the run is not what it was to be');
is decode_json(slurp("$dir/full/run.json"))->{exit_status}, 3, 'which its record says, too';
is((run_command($nsconform_test, 'run', '--part', '--output', "$dir/parts", '--report', "md:$dir/part.md", '--suites', $suite, "tests.verdicts.$_"))[2], 0, "a part: $_")
	for qw(skips passes);
like slurp("$dir/part.md"), qr/^\| cells \| 1 \|$/m, 'a part reports itself alone';
done_testing;
