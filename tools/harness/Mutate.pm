# SPDX-License-Identifier: GPL-2.0-only
# Small defects in C source, all in one text: each is behind mut(N), which says whether N is the one that
# has been chosen.  Lines stay where they are.  A mutant is known by its file, its function, what is done
# (the operator), and the text that it is done to, so that lists of them outlive changes elsewhere.
package Mutate;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(mutate);

# What binds less tightly ends an operand, from both sides; what binds as tightly ends it on the right.
my @levels = (["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", "<=", ">", ">="]);
my %level = map { my $l = $_; map { ($_ => $l) } @{$levels[$l]} } 0 .. $#levels;
my %turned = ('<' => '<=', '<=' => '<', '>' => '>=', '>=' => '>', '==' => '!=', '!=' => '==');
my %ends = map { ($_ => 1) } split " ", "? : , ; return case else do = += -= *= /= %= &= |= ^= <<= >>=";
my %keyword = map { ($_ => 1) } qw(if for while switch return case default do else goto break continue
	static const struct enum union unsigned signed int char long short void bool double typedef extern
	_Alignas register volatile);
my %open = ('(' => ')', '[' => ']', '{' => '}');
my %close = reverse %open;
# Statements that only give something back, or only silence the compiler, change no verdict.
my $gives_back = qr/^(?:va_start|va_end|free|fclose|close|regfree|fd_close|globfree|HASH_CLEAR|yaml_\w+_delete|\w+_free|free_\w+)$/;

sub tokens {
	my ($text) = @_;
	my (@tokens, $line);

	$line = 1;
	while ($text =~ /\G(?<blank>\s+|\/\*.*?\*\/|\/\/[^\n]*|(?<=\n)[ \t]*\#(?:\\\n|[^\n])*)
			|\G(?<token>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|0x[0-9a-fA-F]+[uUlL]*|\d[\d.]*[uUlL]*|[A-Za-z_]\w*
			|->|\+\+|--|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*\/%&|^]=|\.\.\.|.)/gsx) {
		my $s = $+{blank} // $+{token};
		if (defined $+{blank} && @tokens && $tokens[-1]{blank}) {
			$tokens[-1]{s} .= $s;
		} else {
			push @tokens, { s => $s, line => $line, blank => defined $+{blank}, before => '', after => '' };
		}
		$line += $s =~ tr/\n//;
	}
	return \@tokens;
}

# The significant tokens, each with the index of its bracket's partner.
sub significant {
	my @t = grep { !$_->{blank} } @{$_[0]};
	my @open;

	for my $i (0 .. $#t) {
		push @open, $i if $open{$t[$i]{s}};
		next unless $close{$t[$i]{s}} && @open;
		my $o = pop @open;
		@t[$o, $i] = map { $t[$_->[0]]{partner} = $_->[1]; $t[$_->[0]] } [$o, $i], [$i, $o];
	}
	return \@t;
}

# (first, last) of a function's body and the type that it returns, for each function of the file.
sub functions {
	my ($t) = @_;
	my (@functions, $depth, $from);

	$depth = $from = 0;
	for (my $i = 0; $i < @$t; $i++) {
		my $s = $t->[$i]{s};
		if ($s eq ';') {
			$from = $i + 1;
		} elsif ($s eq '{' && $t->[$i]{partner}) {
			my $p = $i && $t->[$i - 1]{s} eq ')' ? $t->[$i - 1]{partner} : 0;
			if ($p > $from && !grep { $t->[$_]{s} eq '=' } $from .. $i) {
				# Macros may stand before its type.
				my $first = $p - 1;
				$first-- while $first > $from && $t->[$first - 1]{s} =~ /^(?:[A-Za-z_]\w*|\*)$/;
				my @type = grep { !/^(?:static|inline)$/ } map { $t->[$_]{s} } $first .. $p - 2;
				push @functions, { first => $i, last => $t->[$i]{partner}, type => "@type", name => $t->[$p - 1]{s} };
				$from = $t->[$i]{partner} + 1;
			}
			$i = $t->[$i]{partner};
		}
	}
	return @functions;
}

sub is_operand { return $_[0]{s} =~ /^(?:\w|["'\)\]])/ && !$keyword{$_[0]{s}} }
sub is_binary { my ($t, $i) = @_; return is_operand($t->[$i - 1]) }

# The extent of the operand of LEVEL that ends before I, or begins behind it.
sub left {
	my ($t, $i, $level) = @_;
	my $k = $i - 1;

	for (;; $k--) {
		my $s = $t->[$k]{s};
		if ($s eq ')' || $s eq ']') {
			$k = $t->[$k]{partner};
			next;
		}
		last if $open{$s} || $s eq '}' || $ends{$s};
		last if defined $level{$s} && $level{$s} < $level && is_binary($t, $k);
	}
	return $k + 1;
}
sub right {
	my ($t, $i, $level) = @_;
	my $k = $i + 1;

	for (;; $k++) {
		my $s = $t->[$k]{s};
		if ($open{$s}) {
			$k = $t->[$k]{partner};
			next;
		}
		last if $close{$s} || $ends{$s};
		last if defined $level{$s} && $level{$s} <= $level && is_binary($t, $k);
	}
	return $k - 1;
}

# The end of the unary expression that begins at I.
sub unary_end {
	my ($t, $i) = @_;

	$i++ while $t->[$i]{s} =~ /^[!*&~-]$/;
	$i = $t->[$i]{partner} if $t->[$i]{s} eq '(';
	while (1) {
		my $s = $t->[$i + 1]{s};
		if ($s eq '(' || $s eq '[') {
			$i = $t->[$i + 1]{partner};
		} elsif ($s eq '->' || $s eq '.') {
			$i += 2;
		} else {
			return $i;
		}
	}
}

# Whether one of these operators stands between FROM and TO, in no brackets.
sub has_top {
	my ($t, $from, $to, $ops) = @_;

	for (my $i = $from; $i <= $to; $i++) {
		if ($open{$t->[$i]{s}}) {
			$i = $t->[$i]{partner};
		} elsif ($t->[$i]{s} =~ $ops) {
			return 1;
		}
	}
	return 0;
}

# What is wrapped around tokens FROM to TO, and what stands for the operator between.
sub edits {
	my ($t, $f) = @_;
	my (@edits, %statement);
	my $add = sub {
		my ($what, $from, $to, $before, $after, %more) = @_;
		push @edits, { what => $what, from => $from, to => $to, before => $before, after => $after, %more };
	};

	# Where statements begin, and conditions.
	my (%for, %step, %declared);
	for my $i ($f->{first} .. $f->{last} - 1) {
		my $s = $t->[$i]{s};
		if (($s eq '{' && ($i == $f->{first} || is_block($t, $i))) || $s eq 'else' || $s eq 'do') {
			$statement{$i + 1}++;
		} elsif ($s eq ';' || ($s eq '}' && is_block($t, $t->[$i]{partner}))) {
			$statement{$i + 1}++;
		} elsif ($s eq ':' && is_label($t, $i)) {
			$statement{$i + 1}++;
		} elsif ($s =~ /^(?:if|for|while|switch)$/) {
			my $end = $t->[$i + 1]{partner};
			$statement{$end + 1}++ if $t->[$end + 1]{s} ne ';';
			$for{$_} = $i for $i + 2 .. $end - 1;
			if ($s eq 'if' && !has_top($t, $i + 2, $end - 1, qr/^(?:==|!=)$/)) {
				$add->('negate', $i + 2, $end - 1, 'mut(%d) != !!(', ')');
			} elsif ($s eq 'while') {
				$add->('never', $i + 2, $end - 1, '!mut(%d) && (', ')');
			} elsif ($s eq 'for') {
				my ($one, $two) = grep { $t->[$_]{s} eq ';' } top_level($t, $i + 2, $end - 1);
				$add->('never', $one + 1, $two - 1, '!mut(%d) && (', ')') if $two > $one + 1;
				my $by = join ' ', map { $_->{s} } @$t[$two + 1 .. $end - 1];
				$step{$i} = $by =~ /^\w+ \+= (\d+)$/ ? $1 : 1;
			}
		}
	}
	for my $i (sort { $a <=> $b } keys %statement) {
		next if $for{$i};
		my ($s, $next) = map { $t->[$_]{s} } $i, $i + 1;
		my $end = $i;
		$end = $open{$t->[$end]{s}} ? $t->[$end]{partner} + 1 : $end + 1 while $end < $f->{last} && $t->[$end]{s} ne ';';
		next if $end >= $f->{last} || $close{$s} || $s eq ';';
		my $expression = $s =~ /^(?:\*|\+\+|--)$/ || ($s =~ /^[A-Za-z_]\w*$/ && !$keyword{$s} && $next !~ /^(?:\w|\*$)/);
		$declared{$_} = 1 for $expression || $s =~ /^(?:return|break|continue|if|for|while|switch|case|\()$/ ? () : $i .. $end;
		if ($s eq 'return' && $end > $i + 1) {
			returned($t, $f, $i + 1, $end - 1, $add);
		} elsif ($s =~ /^(?:break|continue|return)$/ ||
			 ($expression && $s !~ $gives_back)) {
			next if $s eq 'return' && $t->[$end + 1]{s} eq '}' && $end + 1 == $f->{last};
			$add->('drop', $i, $end, '{ if (!mut(%d)) ', ' }');
		}
	}
	for my $i ($f->{first} .. $f->{last} - 1) {
		my $s = $t->[$i]{s};
		if (defined $level{$s} && $turned{$s} && is_binary($t, $i)) {
			my ($from, $to) = (left($t, $i, $level{$s}), right($t, $i, $level{$s}));
			# The bound of a loop: its last round is left out, as one more would be beyond the list.
			my $last = $for{$i} && $t->[$for{$i}]{s} eq 'for' && $s eq '<';
			my $is = $last ? "l%d_ + $step{$for{$i}} < r%d_" : "l%d_ $turned{$s} r%d_";
			$add->($last ? 'last' : $turned{$s}, $from, $to, '__extension__({ __auto_type l%d_ = (',
				"); ($is) == (l%d_ $s r%d_) ? l%d_ $s r%d_ : l%d_ $s r%d_ ? !mut(%d) : mut(%d); })", at => $i, op => '); __auto_type r%d_ = (');
		} elsif (($s eq '&&' || $s eq '||') && is_binary($t, $i)) {
			my ($from, $to) = (left($t, $i, $level{$s}), right($t, $i, $level{$s}));
			$add->($s eq '&&' ? '||' : '&&', $from, $to, '(((mut(%d) ^ !!(', '))) ^ mut(%d))',
				at => $i, op => ")) $s (mut(%d) ^ !!(");
		} elsif ($s eq '?') {
			my $from = left($t, $i, -1);
			$add->('negate', $from, $i - 1, '(mut(%d) != !!(', '))') unless has_top($t, $from, $i - 1, qr/^(?:==|!=)$/);
		} elsif ($s eq '!' && $t->[$i + 1]{s} ne '!' && $t->[$i - 1]{s} ne '!') {
			my $end = unary_end($t, $i);
			my $whole = $t->[$i - 1]{s} eq '(' && $t->[$i - 1]{partner} == $end + 1 && $t->[$i - 2]{s} eq 'if';
			$add->('negate', $i, $end, '(mut(%d) != ', ')') unless $whole;
		} elsif ($s =~ /^(?:0x[0-9a-f]+|\d+)[uUlL]*$/i && !is_constant($t, $i, \%declared)) {
			$add->('+1', $i, $i, '(', ' + mut(%d))');
		}
	}
	return @edits;
}

# Tokens of FROM to TO that are in no brackets.
sub top_level {
	my ($t, $from, $to) = @_;
	my @top;

	for (my $i = $from; $i <= $to; $i++) {
		push @top, $i;
		$i = $t->[$i]{partner} if $open{$t->[$i]{s}};
	}
	return @top;
}

# Not a list of values, which follows =, a type in brackets or another one.
sub is_block {
	my ($t, $i) = @_;
	return $t->[$i]{s} eq '{' && ($t->[$i - 1]{s} =~ /^(?:;|\{|\}|else|do|:)$/ ||
		($t->[$i - 1]{s} eq ')' && $t->[$i]{spaced}));
}

sub is_label {
	my ($t, $i) = @_;
	my $k = $i - 1;

	return 1 if $t->[$k]{s} eq 'default';
	$k-- while $t->[$k]{s} =~ /^\w+$/ && $t->[$k]{s} ne 'case';
	return $t->[$k]{s} eq 'case';
}

# Where the compiler wants to know the number.
sub is_constant {
	my ($t, $i, $declared) = @_;
	my ($before, $after) = map { $t->[$_]{s} } $i - 1, $i + 1;

	return 1 if $before eq 'case' || $t->[$i - 2]{s} =~ m{_C$} || ($before eq '{' && $after eq '}');
	return 1 if $declared->{$i} && $before eq '[' && $after eq ']';
	return 0;
}

sub returned {
	my ($t, $f, $from, $to, $add) = @_;
	my $whole = join ' ', map { $_->{s} } @$t[$from .. $to];

	if ($f->{type} eq 'bool') {
		$add->('return', $from, $to, 'mut(%d) != !!(', ')') unless has_top($t, $from, $to, qr/^(?:==|!=)$/);
	} elsif ($f->{type} =~ /\*/) {
		if ($whole ne 'NULL') {
			$add->('return', $from, $to, 'mut(%d) ? NULL : (', ')');
		} elsif ($f->{type} =~ /^const char \*$/) {
			$add->('return', $from, $to, 'mut(%d) ? "mutant" : (', ')');
		}
	} elsif ($f->{type} !~ /^(?:void|struct \w+)$/) {
		$add->('return', $from, $to, '(', ') + mut(%d)') if $to > $from || $whole !~ /^\d+$/;
	}
}

sub numbered {
	my ($text, $n) = @_;
	return $text =~ s{%d}{$n}gr;
}

# The text with all mutants of the file, numbered from $$NUMBER on, and what they are; those in SKIP, by
# line, do not compile.
sub mutate {
	my ($file, $text, $number, $skip) = @_;
	my $all = tokens($text);
	my ($blank, @mutants, %seen) = 0;

	for (@$all) {
		$_->{spaced} = $blank;
		$blank = $_->{blank};
	}
	my $t = significant($all);
	my @todo;
	for my $f (functions($t)) {
		for my $e (edits($t, $f)) {
			my $line = $t->[$e->{from}]{line};
			my $source = join ' ', map { $_->{s} } @$t[$e->{from} .. $e->{to}];
			$source =~ s/ ?(->|\.|\(|\[|\+\+|--) ?/$1/g;
			$source =~ s/ ([\]),;])/$1/g;
			my $what = "$file $f->{name}: $e->{what}: " . (length $source > 100 ? substr($source, 0, 100) . '...' : $source);
			my $nth = ++$seen{$what};
			$what .= " #$nth" if $nth > 1;
			next if grep { $skip->{$_} } $line .. $t->[$e->{to}]{line};
			my $n = ++$$number;
			push @mutants, { n => $n, file => $file, line => $t->[$e->{at} // $e->{from}]{line}, what => $what,
				operator => $e->{what} };
			push @todo, { %$e, n => $n };
		}
	}
	# What is around more stands outside, and what takes an operator apart inside of what is around the same.
	my $order = 0;
	$_->{order} = $order++ for @todo;
	@todo = sort { $b->{to} - $b->{from} <=> $a->{to} - $a->{from} || !!$a->{op} <=> !!$b->{op} || $a->{order} <=> $b->{order} } @todo;
	for my $e (@todo) {
		$t->[$e->{from}]{before} .= numbered($e->{before}, $e->{n});
		$t->[$e->{to}]{after} = numbered($e->{after}, $e->{n}) . $t->[$e->{to}]{after};
		$t->[$e->{at}]{instead} = numbered($e->{op}, $e->{n}) if defined $e->{at};
	}
	return (join('', map { $_->{before} . ($_->{instead} // $_->{s}) . $_->{after} } @$all), @mutants);
}

1;
