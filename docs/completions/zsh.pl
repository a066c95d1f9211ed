# SPDX-License-Identifier: GPL-2.0-only
# For docs/completion: what it prints for zsh.
use strict;
use warnings;

our (@commands, %options);

sub zsh_quoted # for _arguments, in single quotes
{
	my ($text) = @_;
	$text =~ s/([\[\]:\\])/\\$1/g;
	$text =~ s/'/'\\''/g;
	return $text;
}

sub zsh_values
{
	my ($option) = @_;
	my %how = (DEVICE => "_net_interfaces", FILE => "_files", USER => "_users", HOST => "_hosts",
		   NETNS => "_icmpx_netns", PID => "_pids");
	my @values = @{$option->{values}};
	return "{_icmpx_files @values}" if grep { /=$/ } @values;
	return "(@values)" if @values;
	return $how{kind($option->{argument})} // "";
}

sub zsh_option
{
	my ($option) = @_;
	my @names = @{$option->{names}};
	my ($sign, $plus, $value) = ("", "", "");
	if (length $option->{argument}) {
		($sign, $plus) = $option->{optional} ? ("=-", "-") : ("=", "+");
		$value = ($option->{optional} ? "::" : ":") . zsh_quoted($option->{argument}) . ":" .
			 zsh_values($option);
	}
	my $except = $option->{help} =~ /may be given again/ ? "*" :
		     $option->{long} =~ /^(help|usage|version)$/ ? "(- *)" :
		     @names > 1 ? "(@names)" : "";
	@names = map { $_ . (/^--/ ? $sign : $plus) } @names;
	my $all = @names > 1 ? "'$except'{" . join(",", @names) . "}'" : "'$except$names[0]";
	return "$all\[" . zsh_quoted($option->{help}) . "]$value'";
}

sub zsh_operands
{
	my ($command) = @_;
	my $kind = kind($command->{operands});
	my $again = $command->{operands} =~ /\.\.\.|A B/ ? "*" : "";
	return "'$again:interface:_net_interfaces'" if $kind eq "IFACE";
	return "'$again:recording:_files'" if $kind eq "RECORD";
	return "'*:::command:_icmpx_topics'" if $kind eq "COMMAND" && $command->{name} eq "help";
	return "'*:::command:_icmpx_traced'" if $kind eq "COMMAND";
	return ();
}

sub write_completion
{
	my %after = followers();
	my %summary = map { $_->{name} => $_->{summary} } @commands;
	print "#compdef icmpx\n", head(), "\n_icmpx_commands()\n{\n\tlocal -a commands=(\n";
	printf "\t\t'%s:%s'\n", $_, zsh_quoted($summary{$_}) for first_words();
	print "\t)\n\t_describe -t commands command commands\n}\n\n",
	      "# What follows one word of a name of two.\n_icmpx_second() # WORD\n{\n",
	      "\tlocal -a commands=()\n\tcase \$1 in\n";
	for my $first (sort keys %after) {
		print "\t\t$first) commands=(", join(" ", map { "'$_:" . zsh_quoted($summary{"$first $_"}) . "'" }
			@{$after{$first}}), ") ;;\n";
	}
	print <<'END';
	esac
	(( $#commands )) && _describe -t commands command commands
}

_icmpx_topics()
{
	if (( CURRENT == 1 )); then
		_icmpx_commands
	elif (( CURRENT == 2 )); then
		_icmpx_second $words[1]
	fi
}

_icmpx_traced()
{
	(( CURRENT > 1 )) || _icmpx_second trace
	_normal
}

_icmpx_netns()
{
	local -a names=(/run/netns/*(N:t))
	_describe -t netns 'network namespace' names
	_pids
}

# FORMAT=FILE
_icmpx_files() # FORMAT=...
{
	if compset -P '[a-z]##='; then
		_files
	else
		compadd -S = ${@%=}
	fi
}

_icmpx_options() # COMMAND
{
	case $1 in
END
	for my $command (@commands) {
		print "\t\t'$command->{name}')\n\t\t\t_arguments -s -S \\\n\t\t\t\t",
		      join(" \\\n\t\t\t\t", (map { zsh_option($_) } @{$options{$command->{name}}}),
			   zsh_operands($command)), " ;;\n";
	}
	print <<'END';
	esac
}

_icmpx()
{
	local curcontext=$curcontext context state state_descr line
	local -A opt_args

	_arguments -C '(- *)'{-h,--help}'[list the commands]' \
		'(- *)'{-V,--version}'[print the version]' \
		':command:_icmpx_commands' '*:: :->rest'
	[[ $state = rest ]] || return
END
	for my $first (sort keys %after) {
		print "\tif (( CURRENT > 2 )) && [[ \$words[1] = $first && \$words[2] = (@{[join '|', @{$after{$first}}]}) ]]; then\n",
		      "\t\tlocal name=\"\$words[1] \$words[2]\"\n\t\tshift words\n\t\t(( CURRENT-- ))\n",
		      "\t\t_icmpx_options \$name\n\t\treturn\n\tfi\n";
	}
	print "\t_icmpx_options \$words[1]\n}\n\n_icmpx \"\$@\"\n";
}

1;
