#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The report page: complete, sound and safe as a file; and in a browser, where there is one, what its
# script does, and what axe-core finds.
use strict;
use warnings;
use lib 'tests/lib';
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use POSIX ();
use Test::More;

my $dir = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->canonical;
my $hostile = '<script>window.hostile = 1</script>&"\'';

sub page {
	my ($name, @args) = @_;
	my ($out, $err, $status) = run_command($nsconform, 'report', 'html', @args);
	is $status, 0, "$name: exit status" or diag $err;
	spew("$dir/$name.html", $out);
	return $out;
}

# A record, and results made of some.
sub cell {
	my ($name, $verdict, %more) = @_;
	my ($scenario) = $name =~ /^((?:[^.]+\.){2}[^.]+)/;
	my $kind = $name =~ /\.control\./ ? 'control' : $name =~ /\.twin/ ? 'twin' : 'cell';
	return { cell => $name, run => 'r', scenario => $scenario, kind => $kind, verdict => $verdict, attempt => 1,
		clauses => [], at => 'suites/x.yaml:7', again => "nsconform run $name", %more };
}

sub results {
	my ($name, $run, @cells) = @_;
	make_path("$dir/$name");
	spew("$dir/$name/cells.jsonl", join '', map { $json->encode($_) . "\n" } @cells);
	spew("$dir/$name/run.json", $json->encode({ nsconform_results => 1, run => 'r', state => 'complete', version => '0.1',
		command => ['run'], selection => [], plan_cells => scalar @cells, plan_sha256 => '0' x 64, kernel => '6.12.3',
		kernel_version => '#1 SMP', machine => 'x86_64', started => '2026-11-29T10:00:00.000000Z',
		ended => '2026-11-29T10:01:05.500000Z', %$run }) . "\n");
	return "$dir/$name";
}

# The element that begins with TAG and has that id or class, up to the next element of its kind.
sub part {
	my ($html, $tag, $attribute) = @_;
	my ($part) = $html =~ /(<$tag [^>]*$attribute.*?)(?=<$tag\b|<\/main>)/s;
	return $part // '';
}

my @rule = (clauses => ['uts.names.hostname-isolated']);
my $base = results('base', { kernel => '6.1.9' },
	cell('uts.hostname.set-is-private.clone3.root', 'pass', @rule, variant => 'clone3.root'),
	cell('uts.hostname.set-is-private.clone3.root.control.uts', 'pass', @rule),
	cell('uts.hostname.set-is-private.unshare.root', 'fail', @rule, seen => '"x"'),
	cell('ipc.a.gone', 'pass'), cell('ipc.a.judged', 'skip', reason => 'needs config.X'));
my $new = results('new', {},
	cell('uts.hostname.set-is-private.clone3.root', 'fail', @rule, actor => 'outer', op => 'uts.gethostname',
		call => 'gethostname(2)', field => 'name', expected => "\"vm\" $hostile", seen => "\"probe\" $hostile",
		message => "the expectation was not met $hostile", took_ns => 4_200_000,
		log => ["WARNING: at kernel/utsname.c:12 $hostile"]),
	cell('uts.hostname.set-is-private.clone3.root.control.uts', 'pass', @rule),
	cell('uts.hostname.set-is-private.unshare.root', 'pass', @rule),
	cell('ipc.a.judged', 'pass'), cell('ipc.a.new', 'pass'),
	cell('net.b.empty.root', 'pass'), cell('net.b.empty.root.control.net', 'fail', message => 'the control passed'),
	cell('net.b.late', 'broken', message => 'no answer before the deadline'),
	cell('mnt.c.known', 'known', issue => 'an-issue-of-their-own', reference => 'see https://example.org/1, CVE-2025-31133'),
	cell('mnt.c.xpass', 'xpass', issue => 'an-issue-of-their-own', message => 'listed as a known issue, but it passed'),
	cell('user.d.skip', 'skip', attempt => 0, reason => 'needs config.Y', remedy => 'a kernel with CONFIG_Y', message => 'not set'));
my $html = page('two', '--baseline', $base, $new);

like $html, qr/\A<!DOCTYPE html>\n<html lang=en>/, 'a page';
unlike $html, qr/<script>window\.hostile/, 'nothing of the records is markup';
like $html, qr/&lt;script&gt;window\.hostile = 1&lt;\/script&gt;&amp;&quot;&#39;/, 'but shown as it is';
unlike $html, qr/<(?:link|img|iframe|object|embed)\b|<script[^>]+src|\@import|url\(|\bfetch\(|XMLHttp/i,
	'nothing is fetched';
my %seen;
my @ids = $html =~ /<[^>]* id="?([^\s">]+)/g;
is_deeply [grep { $seen{$_}++ } @ids], [], 'an id stands once';
is_deeply [grep { !$seen{$_} } $html =~ /href="?#([^\s">]+)/g], [], 'links within the page lead somewhere';
my @names = map { decode_json($_)->{cell} } map { split /\n/, slurp("$_/cells.jsonl") } $base, $new;
is_deeply [grep { !$seen{$_} } @names], [], 'every cell has its anchor';
cmp_ok index($html, 'id=changes'), '<', index($html, 'id=runs'), 'what changed stands before all else';

my $entry = part($html, 'details', 'id="uts.hostname.set-is-private.clone3.root"');
like $entry, qr/fail/, 'an entry: verdict';
like $entry, qr/<code>outer<\/code>.*<code>uts\.gethostname<\/code> gethostname\(2\)/s, 'who and what';
like $entry, qr/Expected <code>name<\/code>.*?"vm".*?Seen.*?"probe"/s, 'expected and seen';
like $entry, qr/seen by every process of A.*?uts_namespaces\(7\)/s, 'the rule and its source';
like $entry, qr/<b class=p>✓\xc2\xa0pass<\/b><th scope=row>6\.1\.9<td>.*<b class=f>✗\xc2\xa0fail<\/b><th scope=row>6\.12\.3<td>/s, 'the other runs';
like $entry, qr/Kernel log.*kernel\/utsname\.c:12/s, 'the log';
like $entry, qr/nsconform run uts\.hostname\.set-is-private\.clone3\.root</, 'how it is repeated';
for (['Newly failing', 'clone3\.root'], ['Newly broken', 'late'], ['Unexpected passes', 'xpass'], ['No longer skipped', 'judged'],
	['Fixed', 'unshare\.root'], ['Only in BASE', 'gone'], ['Only in NEW', 'new']) {
	my ($change, $cell) = @$_;
	like $html, qr/<h4>$change <span class=n>\d+<\/span>.*?<ul>.*?$cell/s, "changes: $change" if $cell !~ /late|xpass/;
}
my $three = page('three', $base, $new, results('third', { kernel => '6.15.1' }, cell('ipc.z.alone', 'pass')));
like $three, qr/<h3>6\.12\.3 .*?Only in BASE <span class=n>1<.*?<h3>6\.15\.1 /s, 'cells of a third run are no change between two';
like part($html, 'details', 'id="scenario:net\.b\.empty"'), qr/<i class=hatch>.*proves nothing/s,
	'a scenario whose control failed is hatched';
like part($html, 'tr', 'id="clause:uts.names.hostname-isolated"'), qr/scenario:uts\.hostname\.set-is-private.*violated/s,
	'a rule, by whom, and what came of it';
like part($html, 'details', 'id="known:an-issue-of-their-own"'),
	qr/href="https:\/\/example\.org\/1".*href="https:\/\/www\.cve\.org\/CVERecord\?id=CVE-2025-31133"/s, 'a known issue has its links';
like $html, qr/<h3>a kernel with CONFIG_Y<\/h3>.*?Why: needs config\.Y; not set/s, 'skips by remedy';
like $html, qr/Took<\/dt><dd>1 min 5 s/, 'how long a run took';

# Contrast of texts by WCAG 2.1 (1.4.3), in both schemes, on all grounds that there are.
my %colour = map { /^(\S+): light-dark\((#\w+), (#\w+)\)/ ? ($1 => [$2, $3]) : () } $html =~ /--(.*?);/g;
sub luminance {
	my ($hex) = $_[0] =~ /^#(\w+)$/;
	$hex =~ s/(.)/$1$1/g if length $hex == 3;
	my ($r, $g, $b) = map { my $c = hex($_) / 255; $c <= 0.03928 ? $c / 12.92 : (($c + 0.055) / 1.055)**2.4 } $hex =~ /../g;
	return 0.2126 * $r + 0.7152 * $g + 0.0722 * $b;
}
my @faint;
for my $scheme (0, 1) {
	for my $text (qw(text muted link f b x e y k s p n)) {
		for my $ground (qw(bg panel stripe)) {
			my ($dark, $light) = sort { $a <=> $b } map { luminance($colour{$_}[$scheme]) } $text, $ground;
			my $contrast = ($light + 0.05) / ($dark + 0.05);
			push @faint, "$text on $ground: $contrast" if $contrast < 4.5;
		}
	}
}
is_deeply \@faint, [], 'texts have the contrast of WCAG AA';

# Where nothing was judged nothing is green.
my $none = page('none', results('none', {}, cell('ipc.a.x', 'skip', reason => 'needs config.X', attempt => 0)));
like $none, qr/class="run none".*Nothing was judged/s, 'nothing was judged';
unlike $none, qr/class="run good"|Nothing failed|<i class=p/, 'and nothing is green';
my $cut = page('cut', results('cut', { state => 'running' }, cell('ipc.a.x', 'pass')));
like $cut, qr/class="run none".*Nothing failed so far.*has no end: it was killed/s, 'a run without an end';
unlike $cut, qr/class="run good"|class="verdict good"/, 'is not green either';
like page('words', results('words', { command => ['run', '--exclude', 'a b', "it's"] }, cell('ipc.a.x', 'pass', clauses => ['ipc.no.such-rule']))),
	qr/<dd>nsconform run --exclude &#39;a b&#39; &#39;it&#39;\\&#39;&#39;s&#39;<\/dd>.*Rules: <code>ipc\.no\.such-rule<\/code>/s, 'a command is one of a shell, and a rule that is not in the catalogue no link';
# Scenarios and rows may have the names of what controls and twins are called by.
like page('twins', results('twins', {}, cell('ipc.a.twin-of.root', 'pass'), cell('ipc.a.twin-of.root.twin.1', 'fail'), cell('ipc.a.control.root', 'pass'),
	cell('ipc.a.control.root.control.ipc', 'fail'))), qr/<b class=e>≠\xc2\xa02 proves nothing<\/b>/, 'controls and twins are found by the end of their names';
# A cell that is known by one issue here and by another there has its entry once.
my $twice = page('twice', map { results("twice-$_", { kernel => "6.$_.1" }, cell('mnt.c.known', 'known', issue => "issue-$_", reference => 'r')) } 1, 2);
is scalar(() = $twice =~ /id="?mnt\.c\.known\b/g), 1, 'two issues of a cell: one entry';
like part($twice, 'details', 'id="known:issue-2"'), qr/href="#mnt\.c\.known"/, 'and a link from the other issue';
unlike $none, qr/id=changes|id=promises/, 'one run of a kernel has neither changes nor promises';

my $runtime = page('runtime', results('runtime', { runtime => 'crun', runtime_version => '1.8.1' },
	cell('uts.a.kept', 'pass'), cell('uts.a.not', 'skip', reason => 'lacks a promise: hooks'),
	cell('uts.a.cannot', 'skip', reason => 'lacks box.time'), cell('ipc.a.fail', 'fail')));
like $runtime, qr/<h2 id=h-promises>.*?crun 1\.8\.1/s, 'promises of a runtime';
like $runtime, qr/<th scope=row>uts<\/th>.*?✓\xc2\xa01.*?<td><\/td><td><\/td><td><b class=s>–\xc2\xa01<\/b>.*?∅\xc2\xa01/s, 'by family';

# Many runs have narrow columns, which are called by the kernels' versions.
my $many = page('many', (map { results("many$_", { kernel => "6.$_.0-1-amd64", kernel_version => "#1 SMP Debian 6.$_.7-1 (2026-01-01)" },
	cell('ipc.a.x.clone3.root', $_ == 3 ? 'fail' : 'pass', @rule, seen => 1), cell('ipc.a.x.clone3.root.control.ipc', 'pass', @rule),
	cell('ipc.a.x.setns.root', 'pass', @rule), cell('ipc.a.y', 'skip', @rule, reason => 'needs config.X', attempt => 0)) } 1 .. 6), $base);
like $many, qr/<div class="grid many"><div class=heads aria-hidden=true><span><\/span><span>6\.1\.7<\/span>.*<span>6\.1\.9<\/span><\/div>/, 'kernels by their versions';
like part($many, 'details', 'id="scenario:ipc\.a\.x"'), qr/<li id="ipc\.a\.x\.clone3\.root\.control\.ipc">clone3\.root\.control\.ipc<li id="ipc\.a\.x\.setns\.root">setns\.root<\/ul><td>✓<td>✓<td>✓<td>✓<td>✓<td>✓\n/,
	'cells that are alike in all runs share a row';
like part($many, 'details', 'id="ipc\.a\.x\.clone3\.root"'), qr/<th scope=row>6\.1\.0-1-amd64, 6\.2\.0-1-amd64, 6\.4\.0-1-amd64, /, 'and runs that are alike a row of an entry';

# Two directories of one name.
my @same = map { results("$_/latest", {}, cell('ipc.a.x', 'pass')) } qw(here there);
like page('same', @same), qr/<h3>6\.12\.3 \(\Q$same[0]\E\)<.*<h3>6\.12\.3 \(\Q$same[1]\E\)</s, 'runs are told apart by all of their directories, where it takes that';

# Cells whose attempts differ.
my $flaky = page('flaky', results('flaky', {}, cell('ipc.a.flaky', 'pass', attempt => 2, flaky => JSON::PP::true, took_ns => 9_000_000,
	attempts => [{ attempt => 1, times => 1, verdict => 'fail', message => "x was to be 3 $hostile", took_ns => 4_000_000 }]),
	cell('ipc.a.torn', 'fail', attempt => 1, flaky => JSON::PP::true, message => 'seen', attempts => [{ attempt => 2, times => 3, verdict => 'pass' }]),
	cell('ipc.a.alike', 'pass', attempts => [{ attempt => 2, times => 3, verdict => 'pass' }])));
like $flaky, qr/class="run bad".*1 failed.*Attempts of 2 cells differ.*<b class=y>⇄\xc2\xa01 flaky<\/b>/s, 'flaky cells are counted in the strip';
like part($flaky, 'details', 'id="ipc\.a\.flaky"'), qr/<h4>Attempts<\/h4>.*?attempt 1, fail: x was to be 3 &lt;script&gt;.*?; took 4\.0 ms<\/li><li><b>attempt 2, pass; took 9\.0 ms<\/b>, which counts/s,
	'and both attempts are in the cell';
like part($flaky, 'details', 'id="ipc\.a\.torn"'), qr/<b>attempt 1, fail<\/b>, which counts<\/li><li>attempts 2 to 4, pass/s, 'in their order';
like $flaky, qr/<td class=f><a href="#ipc\.a\.torn">✗ fail, flaky<\/a>/, 'a mark beside the verdict';
unlike part($flaky, 'tr', 'id="ipc\.a\.alike"') =~ s/\n.*//sr, qr/flaky/, 'attempts that ended alike are not flaky';
like page('only', results('only', {}, cell('ipc.a.flaky', 'pass', attempt => 2, flaky => JSON::PP::true))),
	qr/class="run good".*Nothing failed.*Attempts of 1 cell differ/s, 'flaky passes fail no run';

# Issues of a list of the run's own, which its record has.
my %own = (id => 'an-issue-of-their-own', cells => ['mnt.c.*'], symptoms => [{ actor => 'a', op => 'uts.gethostname', field => 'name', seen => 'x' }],
	since => '5.8', fixed => '6.13', reference => 'r', evidence => 'seen on their machine');
my $listed = page('own', results('own', { known_unseen => ['not-seen'], known_issues => [\%own, { %own, id => 'not-seen' }, { %own, id => 'has-expired', expires => '2026-01-01' }, { %own, id => 'of-later', symptoms => [{ actor => 'a', op => 'no.such', later => 1 }] }] },
	cell('mnt.c.known', 'known', issue => 'an-issue-of-their-own', reference => 'r'), cell('mnt.c.pass', 'pass'), cell('mnt.c.later', 'known', issue => 'of-later', reference => 'x')));
like part($listed, 'details', 'id="known:an-issue-of-their-own"'), qr/Linux since 5\.8; fixed in 6\.13.*seen on their machine/s, 'known issues of one\'s own: range and evidence';
like $listed, qr/Not seen, though listed.*id="known:not-seen"/s, 'and those that were not seen';
unlike $listed, qr/has-expired/, 'by the record, which knows what else was seen in their cells';
like part($listed, 'details', 'id="known:of-later"'), qr/<p>x<\/p>/, 'one that this nsconform does not understand has what its cells say';

# A run of cells, whose traces are there.
my $suite = 'tests/suites/verdicts.yaml';
run_command($nsconform_test, 'run', '--output', "$dir/real", $suite);
my @real = map { decode_json($_) } split /\n/, slurp("$dir/real/cells.jsonl");
my ($out, $err, $status) = run_command($nsconform_test, 'report', 'html', "$dir/real");
is $status, 0, 'a run: exit status' or diag $err;
is_deeply [grep { index($out, qq(id="$_->{cell}")) < 0 } @real], [], 'each of its cells is there';
SKIP: {
	my ($failed) = grep { $_->{verdict} eq 'fail' && exists $_->{field} } @real;
	skip 'needs root: the cells of this suite are privileged', 1 unless $failed;
	like part($out, 'details', qq(id="\Q$failed->{cell}\E")), qr/<h4>Steps<\/h4><ol class=steps>.*?<li class=f>/s,
		'and one that failed has its steps';
}

SKIP: {
	skip 'xmllint is not installed', 1 if system('xmllint --version >/dev/null 2>&1');
	# It knows HTML 4 alone.
	my @complaints = grep { /error/ && !/Tag \w+ invalid/ }
		map { split /\n/, (run_command('xmllint', '--html', '--noout', "$dir/$_.html"))[1] } qw(two none runtime);
	is_deeply \@complaints, [], 'xmllint finds nothing';
}

is((run_command($nsconform, 'report', 'html', "$dir/no-such"))[2], 2, 'no such run');
is((run_command($nsconform, 'report', 'html', '--baseline', "$dir/no-such", $new))[2], 2, 'no such baseline');

# One browser for all: it is told over descriptors 3 and 4 what to do (the DevTools protocol, a JSON text
# and a NUL each).
my ($chromium) = grep { -x } map { ("$_/chromium", "$_/chromium-browser", "$_/google-chrome") } split /:/, $ENV{PATH};
my %browser;
sub start_browser {
	pipe my $commands, $browser{to} or die "pipe: $!";
	pipe $browser{from}, my $events or die "pipe: $!";
	$browser{pid} = fork // die "fork: $!";
	if (!$browser{pid}) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		# By way of numbers that neither of them has.
		POSIX::dup2(fileno $commands, 20);
		POSIX::dup2(fileno $events, 21);
		POSIX::dup2(20, 3);
		POSIX::dup2(21, 4);
		exec $chromium, qw(--headless --no-sandbox --disable-gpu --remote-debugging-pipe), "--user-data-dir=$dir/profile", 'about:blank'
			or POSIX::_exit(127);
	}
	$browser{text} = '';
	($browser{session}) = map { ask('Target.attachToTarget', targetId => $_->{targetId}, flatten => JSON::PP::true)->{sessionId} }
		grep { $_->{type} eq 'page' } @{ask('Target.getTargets')->{targetInfos}} or die "there is no page\n";
	ask('Page.enable');
}

# The first message that fits.
sub heard {
	my ($fits) = @_;
	while (1) {
		while ($browser{text} =~ s/\A([^\0]*)\0//) {
			my $message = decode_json($1);
			return $message if $fits->($message);
		}
		vec(my $bits = '', fileno $browser{from}, 1) = 1;
		select($bits, undef, undef, $deadline) or die "no answer\n";
		sysread($browser{from}, $browser{text}, 1 << 16, length $browser{text}) or die "it ended\n";
	}
}

sub ask {
	my ($method, %params) = @_;
	my $id = ++$browser{asked};
	local $SIG{PIPE} = 'IGNORE';
	syswrite $browser{to}, encode_json({ id => $id, method => $method, params => \%params,
		$browser{session} ? (sessionId => $browser{session}) : () }) . "\0";
	my $answer = heard(sub { ($_[0]{id} // 0) == $id });
	die "$method: $answer->{error}{message}\n" if $answer->{error};
	return $answer->{result};
}

END {
	local $?;
	if ($browser{pid}) {
		kill 'TERM', $browser{pid};
		await_exit($browser{pid});
	}
}

# What a script returns on that page, which has been loaded anew.
sub browse {
	my ($query, $script, $name) = (@_, 'two');
	my $value = eval {
		start_browser() unless %browser;
		for my $url ('about:blank', "file://$dir/$name.html$query") {
			ask('Page.navigate', url => $url);
			heard(sub { ($_[0]{method} // '') eq 'Page.loadEventFired' });
		}
		my $got = ask('Runtime.evaluate', awaitPromise => JSON::PP::true, returnByValue => JSON::PP::true, expression => <<"END");
(async () => {
	const click = (selector) => document.querySelector(selector).click();
	const shown = () => [...document.querySelectorAll('#grid .cells li')].filter((cell) => cell.checkVisibility()).length;
	$script })()
END
		$got->{exceptionDetails} ? $got->{result}{description} : $got->{result}{value};
	};
	return $@ ? "no answer: $@" : $value;
}

SKIP: {
	skip 'chromium is not installed', 10 unless $chromium;
	my $works = browse('', 'return [window.hostile ?? null, document.getElementById("filter").hidden];');
	skip "chromium does not work here: $works", 10 unless ref $works;
	is_deeply $works, [undef, JSON::PP::false], 'a browser: the script has run, that of a record has not';
	is_deeply browse('', 'click("#filter [value=fail]"); return [shown(), location.search];'), [3, '?verdict=fail'],
		'a verdict is filtered, and stands in the address';
	is_deeply browse('?verdict=fail', 'return [shown(), document.querySelector("#filter [value=fail]").checked];'),
		[3, JSON::PP::true], 'an address has the filter in it';
	is browse('?q=show+outside+unshare', 'return shown();'), 1, 'words are of names and scenarios';
	is browse('?differs=1&run=2&verdict=pass', 'return shown();'), 2, 'what differs, by one run';
	is_deeply browse('?run=1&verdict=fail', 'return [...document.querySelectorAll("#failures .entry")].filter((e) => e.checkVisibility()).map((e) => e.id);'),
		['uts.hostname.set-is-private.unshare.root'], 'entries, too, by that run';
	is_deeply browse('?verdict=fail', 'click("#filter [type=reset]"); await new Promise((r) => setTimeout(r)); return location.search;'),
		'', 'the filter is cleared';
	is browse('?verdict=fail#ipc.a.new', 'return document.getElementById("ipc.a.new").checkVisibility();'), JSON::PP::true,
		'a link to a cell that the filter would hide shows it';
	like browse('', 'const e = document.getElementById("uts.hostname.set-is-private.clone3.root"); e.open = true;
		e.querySelector(".copy").click(); await new Promise((r) => setTimeout(r, 50)); return e.querySelector(".copy + pre")?.textContent ?? "none";'),
		qr/\A\x{2717} fail uts\.hostname\.set-is-private\.clone3\.root .*^Who: +outer\n.*^Expected name: +"vm" <script>.*^Seen: +"probe".*^In each run:\n  \x{2713} pass: 6\.1\.9\n  \x{2717} fail: 6\.12\.3: .*^Again:\n  nsconform run uts.*^Kernel: +6\.12\.3 #1 SMP\n/ms,
		'a bug report';
	my ($axe) = grep { defined && -r } $ENV{AXE}, map { "$_/axe-core/axe.min.js" } 'node_modules', '/usr/share/nodejs',
		'/usr/lib/node_modules', '/usr/local/lib/node_modules';
	skip 'axe-core is not installed (npm install axe-core, or AXE=axe.min.js)', 1 unless $axe;
	my @axed = map { browse('', slurp($axe) . ';for (const d of document.querySelectorAll("details")) d.open = true;
		const r = await axe.run(); return r.violations.map((v) => [v.id, ...v.nodes.map((n) => n.html)]);', $_) } qw(two many flaky);
	is_deeply \@axed, [[], [], []], 'axe-core finds nothing';
}

done_testing;
