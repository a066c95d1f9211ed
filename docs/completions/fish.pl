# SPDX-License-Identifier: GPL-2.0-only
# For docs/completion: what it prints for fish.
use strict;
use warnings;

our (@commands, %options);

sub fish_quoted
{
	my ($text) = @_;
	$text =~ s/([\\'])/\\$1/g;
	return "'$text'";
}

sub fish_value
{
	my ($option) = @_;
	my %how = (DEVICE => "-x -a '(__fish_print_interfaces)'", FILE => "-r -F",
		   USER => "-x -a '(__fish_complete_users)'", HOST => "-x -a '(__fish_print_hostnames)'",
		   NETNS => "-x -a '(__icmpx_netns)'", PID => "-x -a '(__fish_complete_pids)'");
	my @values = @{$option->{values}};
	return "" if !length $option->{argument} || $option->{optional};
	return "-x -a '(__icmpx_files @values)'" if grep { /=$/ } @values;
	return "-x -a '@values'" if @values;
	return $how{kind($option->{argument})} // "-x";
}

sub fish_operands
{
	my ($command) = @_;
	my $kind = kind($command->{operands});
	return "-a '(__fish_print_interfaces)'" if $kind eq "IFACE";
	return "-F" if $kind eq "RECORD";
	return "-a '@{[first_words()]}'" if $kind eq "COMMAND" && $command->{name} eq "help";
	if ($kind eq "COMMAND") {
		# Short ones first: of long ones it takes the first for its own.
		my @taking = sort { length $a <=> length $b } map { @{$_->{names}} }
			     grep { length $_->{argument} && !$_->{optional} } @{$options{$command->{name}}};
		return "-a '(__fish_complete_subcommand --fcs-skip=2 @taking)'";
	}
	return "";
}

sub write_completion
{
	my %after = followers();
	my $two = join " ", map { my $first = $_; map { "'$first $_'" } @{$after{$first}} } sort keys %after;
	my $topics = join " ", map { "'help $_'" } sort keys %after;
	print head(), <<"END", <<'END';

# The command that has been typed: one word or two.
function __icmpx_command
	set -l words (commandline -opc)
	set -e words[1]
	if contains -- "\$words[1..2]" $two $topics
		echo "\$words[1..2]"
	else
		echo "\$words[1]"
	end
end
END

function __icmpx_is
	test (__icmpx_command) = "$argv"
end

function __icmpx_netns
	path basename /run/netns/*
	__fish_complete_pids
end

# FORMAT=FILE
function __icmpx_files
	set -l word (string replace -r -- '^(--output=|-o)' '' (commandline -ct))
	if string match -q -- '*=*' $word
		set -l format (string replace -r -- '=.*' '=' $word)
		for file in (__fish_complete_path (string replace -r -- '^[^=]*=' '' $word))
			echo $format$file
		end
	else
		string join \n -- $argv
	end
end

complete -c icmpx -f
complete -c icmpx -n '__icmpx_is' -s h -l help -d 'list the commands'
complete -c icmpx -n '__icmpx_is' -s V -l version -d 'print the version'
END
	for my $command (@commands) {
		my ($name, $summary) = ($command->{name}, fish_quoted($command->{summary}));
		if ($name =~ /^(\S+) (\S+)$/) {
			print "complete -c icmpx -n '__icmpx_is $_' -a $2 -d $summary\n" for $1, "help $1";
		} else {
			print "complete -c icmpx -n '__icmpx_is' -a $name -d $summary\n";
		}
	}
	for my $command (@commands) {
		my $is = "complete -c icmpx -n '__icmpx_is $command->{name}'";
		my $operands = fish_operands($command);
		print "\n";
		for my $option (@{$options{$command->{name}}}) {
			my $value = fish_value($option);
			print join(" ", $is, (length $option->{short} ? "-s $option->{short}" : ()),
				   "-l $option->{long}", (length $value ? $value : ()),
				   "-d", fish_quoted($option->{help})), "\n";
		}
		print "$is $operands\n" if length $operands;
	}
}

1;
