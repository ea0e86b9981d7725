# SPDX-License-Identifier: GPL-2.0-only
# The list of lies that nobody notices (tools/bite/survivors), and what came of lies that were told.
package Bite;
use strict;
use warnings;
use Exporter 'import';
use Text::Wrap ();

our @EXPORT = qw(read_list write_list keep_list read_told compare_told unexplained endings report);

# The section of what nobody has looked at yet; an entry in it is an error.
our $unexplained = 'unexplained';

# {order => [NAME...], reason => {NAME => text}, entry => {"SCENARIO OP KIND" => {section, flickers}}}: an
# entry whose kind has a question mark is noticed on some runs and not on others, as it is a matter of time.
sub read_list {
	my ($path) = @_;
	my %list = (order => [], reason => {}, entry => {}, head => '');
	my $section;

	open my $f, '<', $path or die "$path: $!\n";
	while (<$f>) {
		chomp;
		if (/^== (\S+)$/) {
			$section = $1;
			die "$path:$.: $section stands twice\n" if defined $list{reason}{$section};
			push @{$list{order}}, $section;
			$list{reason}{$section} = '';
		} elsif (/^\t(\S+) (\S+) (.+)$/ && $section) {
			my ($scenario, $op, $kinds) = ($1, $2, $3);
			for (split ' ', $kinds) {
				my $key = "$scenario $op " . s/\?$//r;
				die "$path:$.: $key stands twice\n" if $list{entry}{$key};
				$list{entry}{$key} = {section => $section, flickers => /\?$/ ? 1 : 0};
			}
		} elsif (/^\S/) {
			$section ? ($list{reason}{$section} .= ($list{reason}{$section} && ' ') . $_) : ($list{head} .= "$_\n");
		} elsif (/\S/) {
			die "$path:$.: no section, reason or entry\n";
		}
	}
	return \%list;
}

# SCENARIO OP => [KIND...], of a section, in order.
sub entries_of {
	my ($list, $section) = @_;
	my %of;

	for my $key (sort grep { $list->{entry}{$_}{section} eq $section } keys %{$list->{entry}}) {
		my ($step, $kind) = $key =~ /^(\S+ \S+) (\S+)$/;
		push @{$of{$step}}, $kind . ($list->{entry}{$key}{flickers} ? '?' : '');
	}
	return \%of;
}

sub write_list {
	my ($list, $path) = @_;
	local $Text::Wrap::columns = 110;

	open my $f, '>', "$path.new" or die "$path.new: $!\n";
	print $f $list->{head};
	for my $section (@{$list->{order}}) {
		my $of = entries_of($list, $section);

		next if !%$of;
		print $f "\n== $section\n", Text::Wrap::wrap('', '', $list->{reason}{$section}), "\n\n";
		print $f "\t$_ @{$of->{$_}}\n" for sort keys %$of;
	}
	close $f or die "$path.new: $!\n";
	rename "$path.new", $path or die "$path: $!\n";
}

# What tools/bite/bite has printed: ({SCENARIO OP KIND => {fate, cell, step, message}}, {SCENARIO => why untried}).
sub read_told {
	my ($text) = @_;
	my (%told, %untried);

	for (split /\n/, $text) {
		my ($scenario, $op, $kind, $fate, $cell, $step, $message) = split /\t/, $_, 7;
		$fate eq 'untried' ? ($untried{$scenario} = $message) :
			($told{"$scenario $op $kind"} = {fate => $fate, cell => $cell, step => $step, message => $message});
	}
	return (\%told, \%untried);
}

# What is wrong with the list, by what was told: (SENTENCE...). WHOLE: all lies of all scenarios were tried.
sub compare_told {
	my ($list, $told, $untried, $whole) = @_;
	my (@wrong, %tried, %step);

	for my $key (sort keys %$told) {
		my ($scenario, $op) = split ' ', $key;
		my ($lie, $entry) = ($told->{$key}, $list->{entry}{$key});

		$tried{$scenario} = $step{"$scenario $op"} = 1;
		push @wrong, "new: $key: nobody notices it, and it is not on the list ($lie->{cell}, step $lie->{step})"
			if $lie->{fate} eq 'survived' && !$entry;
		push @wrong, "caught: $key: it is noticed now: strike it from the list ($lie->{message})"
			if $lie->{fate} =~ /^(caught|by-companion)$/ && $entry && !$entry->{flickers};
	}
	for my $key (sort keys %{$list->{entry}}) {
		my ($scenario, $op) = split ' ', $key;

		next if $untried->{$scenario} || (!$whole && !$tried{$scenario});
		push @wrong, "gone: $key: there is no such step: strike it from the list" if !$step{"$scenario $op"};
	}
	# Whether the same lie is caught elsewhere is only known when all have been told.
	push @wrong, map { "ends as an error: $_: and there is no reason why none should tell what is wrong ($told->{$_}{message})" }
		@{(endings($told))[0]{''}} if $whole;
	return @wrong;
}

# The list as it would be by what was told: without what is caught or gone; what is new has no reason yet.
sub keep_list {
	my ($list, $told, $untried, $whole) = @_;
	my %step = map { /^(\S+ \S+) / ? ($1 => 1) : () } keys %$told;
	my %tried = map { (split)[0] => 1 } keys %$told;

	for my $key (keys %{$list->{entry}}) {
		my ($scenario, $op) = split ' ', $key;
		my $lie = $told->{$key};

		next if $untried->{$scenario} || !$whole && !$tried{$scenario} || $list->{entry}{$key}{flickers} && $lie;
		delete $list->{entry}{$key} if !$step{"$scenario $op"} || !$lie || $lie->{fate} ne 'survived';
	}
	for my $key (grep { $told->{$_}{fate} eq 'survived' && !$list->{entry}{$_} } keys %$told) {
		push @{$list->{order}}, $unexplained if !defined $list->{reason}{$unexplained};
		$list->{reason}{$unexplained} //= '';
		$list->{entry}{$key} = {section => $unexplained, flickers => 0};
	}
}

# Entries without a reason.
sub unexplained {
	my ($list) = @_;
	return sort grep { $list->{entry}{$_}{section} eq $unexplained || !$list->{reason}{$list->{entry}{$_}{section}} }
		keys %{$list->{entry}};
}

# Why a lie may end its cell as an error, by the first of these that holds: [NAME, WHEN, REASON]. WHEN gets the key,
# what was told of it, and the lies that are caught, whichever step of whichever scenario tells them.
my @endings = (
	['the-subject-elsewhere', sub { $_[2]{told_as($_[0])} },
		'The op only makes what later steps need, and one of these fails before anything is expected of it: the run says'
		. ' which, and with what error. The same lie of the same op is caught in another scenario, so that a kernel that'
		. ' tells it does not only have errors.'],
	['places-an-actor', sub { $_[0] =~ / \@/ },
		'An attribute of an actor without which it may not do what it is there for. That attributes are what was asked for'
		. ' is read back when the actor is made; here the harness itself leaves one out.'],
	['a-moment-early', sub { $_[0] =~ / stale$/ },
		'What is asked for a moment early is not there yet, or the op waits for it: it cannot be told what was so before.'],
	['nothing-to-hand-on', sub { $_[0] =~ / nothing$/ && $_[1]{message} =~ /non-socket|signalfd|expected an integer|not show that process|EINVAL|EFAULT|ENODEV|No such device|ENOTTY|No child/ },
		'The lie hands on a descriptor of something else, or no number at all: a kernel that reports success has given one'
		. ' that was asked for, or none can be used.'],
	['ends-the-liar', sub { $_[1]{message} =~ /is dead|died while|is gone|has no pidfd|still busy|gave no answer/ },
		'Another actor than was meant ends, or is kept waiting, and the scenario cannot go on without it.'],
	['where-it-is-not', sub { $_[0] =~ / (?:elsewhere|other|half:\S+|child)$/ && $_[1]{message} =~ /could not be built|open |compared|did not get|map the ring/ },
		'It is done where nobody looks for it, and what comes next does not find it: that step is refused, with no'
		. ' expectation of its own.'],
);

# OP KIND of a key, whichever step it is.
sub told_as {
	my ($key) = @_;
	my (undef, $op, $kind) = split ' ', $key;
	return $op =~ s/#\d+$//r . " $kind";
}

# What ended as an error: ({NAME => [KEY...]}, [[NAME, REASON]...]); without a reason it has the name ''.
sub endings {
	my ($told) = @_;
	my (%of, %caught);

	$caught{told_as($_)} = 1 for grep { $told->{$_}{fate} =~ /^(?:caught|by-companion)$/ } keys %$told;
	for my $key (sort grep { $told->{$_}{fate} eq 'broken' } keys %$told) {
		my ($ending) = grep { $_->[1]($key, $told->{$key}, \%caught) } @endings;
		push @{$of{$ending ? $ending->[0] : ''}}, $key;
	}
	return (\%of, [map { [@$_[0, 2]] } @endings]);
}

my %kinds = (
	nothing => 'the op does nothing and answers as if all had gone well; results are zero or empty',
	child => 'what moves its caller moves a child of it, which then ends',
	elsewhere => 'another process does it, in the namespaces in which the scenario begins',
	other => 'another actor of the scenario does it',
	half => 'one of its flags, lists, switches or other actors is not heeded, or the last element of a list;'
		. ' of an actor (`@NAME`): one of its attributes',
	part => 'of the lists in its answer there is the first half',
	stale => 'it tells what was so before the last act',
);
my @fates = qw(caught by-companion survived broken);

# A row of a table: how many lies of that kind or family came to what, and how many were no lies.
sub row {
	my ($name, @lies) = @_;
	my %n = map { $_ => 0 } @fates, 'void';

	$n{$_->{fate}}++ for @lies;
	return sprintf "| %s | %d | %s | %d |\n", $name, $n{caught} + $n{'by-companion'} + $n{survived} + $n{broken},
		join(' | ', map { $n{$_} } @fates), $n{void};
}

sub table {
	my ($what, $told, $name_of) = @_;
	my %of;

	push @{$of{$name_of->($_)}}, $told->{$_} for keys %$told;
	return "\n| $what | lies | caught | by a control or twin | survived | ended as errors | no lies |\n|---|---|---|---|---|---|---|\n",
		(map { row($_, @{$of{$_}}) } sort keys %of), row('all', values %$told);
}

# What came to FATE, grouped by scenario and step, as a block of code.
sub block {
	my (@entries) = @_;
	my %of;

	for (sort @entries) {
		my ($step, $kind) = /^(\S+ \S+) (\S+)$/;
		push @{$of{$step}}, $kind;
	}
	local $Text::Wrap::columns = 118;
	local $Text::Wrap::huge = 'overflow';
	return "\n```text\n", (map { Text::Wrap::wrap('', '    ', "$_ @{$of{$_}}") . "\n" } sort keys %of), "```\n";
}

# docs/bite.md
sub report {
	my ($list, $told, $untried, $took) = @_;
	my %told = map { $_ => $told->{$_} } grep { $told->{$_}{fate} ne 'left' } keys %$told;
	my $scenarios = keys %{{map { (split)[0] => 1 } keys %told}};
	my ($release) = `uname -r` =~ /^(\S+)/;
	my @survived = grep { $told{$_}{fate} eq 'survived' } keys %told;
	local $Text::Wrap::columns = 118;
	local $Text::Wrap::huge = 'overflow';
	my @text = "# Who notices a lie\n\n";

	push @text, Text::Wrap::wrap('', '', "`make check-bite BITE=keep` made this on Linux $release, in "
		. int($took / 60 + 1) . ' minutes. In each of ' . $scenarios . ' scenarios, in a variant that passes here, each step and each'
		. ' attribute of an actor is told otherwise than the kernel would do it, one at a time. A lie is caught when'
		. ' the cell fails, or else one of its controls and twins, when the same lie is told there. One that ends the cell as'
		. ' an error is no pass, but nobody is told what is wrong; one that survives leaves all of them green. What was to answer well and answered with an error, or said the truth as far as'
		. ' anybody looks at it, was no lie.') . "\n\n";
	push @text, map { Text::Wrap::wrap('- ', '  ', "`$_`: $kinds{$_}") . "\n" } sort keys %kinds;
	push @text, table('kind', \%told, sub { ((split ' ', $_[0])[2] =~ /^(\w+)/)[0] });
	push @text, table('family', \%told, sub { ($_[0] =~ /^(\w+)/)[0] });
	push @text, "\n## What survives\n\n", Text::Wrap::wrap('', '', 'By reason, from `tools/bite/survivors`. It only gets'
		. ' shorter: `make check-bite` fails for a lie that survives and is not there, and for an entry that is caught.') . "\n";
	for my $section (@{$list->{order}}) {
		my @here = grep { ($list->{entry}{$_} // {section => ''})->{section} eq $section } @survived;

		push @text, "\n### $section\n\n", Text::Wrap::wrap('', '', $list->{reason}{$section}), ' (' . @here . ")\n", block(@here)
			if @here;
	}
	my ($ended, $reasons) = endings(\%told);
	push @text, "\n## What ends as an error\n\n", Text::Wrap::wrap('', '', 'A later step cannot be done, or its result is'
		. ' not there: the run says so and its exit status is 3, but no expectation has failed. What ends so for none of'
		. ' these reasons (tests/lib/Bite.pm) is an error of `make check-bite`.') . "\n";
	for (@$reasons) {
		my ($name, $reason) = @$_;
		push @text, "\n### $name\n\n", Text::Wrap::wrap('', '', $reason), ' (' . @{$ended->{$name}} . ")\n", block(@{$ended->{$name}})
			if $ended->{$name};
	}
	push @text, "\n## Not tried\n\nThese do not pass here as they are.\n\n```text\n",
		(map { "$_\n" } sort keys %$untried), "```\n" if %$untried;
	return @text;
}

1;
