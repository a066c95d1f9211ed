# SPDX-License-Identifier: GPL-2.0-only
# For docs/completion: what it prints for bash.
use strict;
use warnings;

our (@commands, %options);

sub bash_values # of an option; by what they are offered
{
	my ($option) = @_;
	my %how = (DEVICE => "_icmpx_interfaces", FILE => 'compgen -f -- "$3"',
		   USER => 'compgen -u -- "$3"', NETNS => "ls /run/netns 2>/dev/null",
		   HOST => 'compgen -A hostname -- "$3"');
	return qq(echo "@{$option->{values}}") if @{$option->{values}};
	return $how{kind($option->{argument})} // "true";
}

sub bash_operands
{
	my ($command) = @_;
	my $kind = kind($command->{operands});
	return "_icmpx_interfaces" if $kind eq "IFACE";
	return 'compgen -f -- "$2"' if $kind eq "RECORD";
	return '[ -z "$2" ] || compgen -c -- "$2"' if $kind eq "COMMAND" && $command->{name} ne "help";
	return qq(echo "@{[first_words()]}") if $kind eq "COMMAND";
	return "true";
}

sub write_completion
{
	my %after = followers();
	my %same;
	print "# shellcheck shell=bash\n", head(), "# Needs none of bash-completion's functions.\n\n";
	print "_icmpx_options() # COMMAND\n{\n\tcase \$1 in\n";
	print "\t\t\"\") echo \"--help --version\" ;;\n";
	for my $name (map { $_->{name} } @commands) {
		my $line = join " ", map { "--$_->{long}" } @{$options{$name}};
		$line =~ s/(.{55,75}) (?=.)/$1" \\\n\t\t\t     "/g;
		print "\t\t\"$name\")\n\t\t\techo \"$line\" ;;\n";
	}
	print "\tesac\n}\n\n_icmpx_interfaces()\n{\n\tlocal path\n",
	      "\tfor path in /sys/class/net/*; do\n",
	      "\t\t[ ! -d \"\$path\" ] || echo \"\${path##*/}\"\n\tdone\n}\n\n";
	print "# What follows a word of a command's name, and what follows the options.\n",
	      "_icmpx_operands() # COMMAND CURRENT\n{\n\tcase \$1 in\n",
	      "\t\t\"\") echo \"@{[first_words()]}\" ;;\n";
	for my $command (@commands) {
		my $name = $command->{name};
		my $more = $after{$name} ? "\n\t\t\techo \"@{$after{$name}}\"" : "";
		print "\t\t\"$name\")$more\n\t\t\t", bash_operands($command), " ;;\n";
	}
	print "\t\t\"help $_\") echo \"@{$after{$_}}\" ;;\n" for sort keys %after;
	print "\tesac\n}\n\n";
	print "# What the value of an option may be; fails for one that takes none as a word of its own.\n",
	      "_icmpx_values() # COMMAND OPTION CURRENT\n{\n\tcase \$1:\$2 in\n";
	for my $name (map { $_->{name} } @commands) {
		for my $option (grep { length $_->{argument} && !$_->{optional} } @{$options{$name}}) {
			print "\t\t", join(" | ", map { qq("$name:$_") } @{$option->{names}}),
			      ") ", bash_values($option), " ;;\n";
			$same{$_} = 1 for map { /(.*)=$/ ? $1 : () } @{$option->{values}};
		}
	}
	my $formats = join " | ", map { "*:$_" } sort keys %same;
	print "\t\t$formats) compgen -f -- \"\$3\" ;;\n\t\t*) return 1 ;;\n\tesac\n}\n\n";
	my $two = join " | ", map { my $first = $_; map { "$first/$_" } @{$after{$_}} } sort keys %after;
	my $topics = join " | ", map { "help/$_" } sort keys %after;
	print bash_end($two, $topics);
}

sub bash_end
{
	my ($two, $topics) = @_;
	my $text = <<'END';
# Where the command that is traced begins in COMP_WORDS; fails when that is not yet to be seen.
_icmpx_traced()
{
	local i=2
	while ((i <= COMP_CWORD)); do
		case ${COMP_WORDS[i]} in
			--) echo $((i + 1)) && return ;;
			-*)
				! _icmpx_values trace "${COMP_WORDS[i]}" "" >/dev/null || ((i++))
				# Readline breaks --mode=native and pcapng=FILE at the sign.
				[ "${COMP_WORDS[i]-}" != = ] || ((i++))
				[ "${COMP_WORDS[i + 1]-}" != = ] || ((i += 2)) ;;
			*) ((i < COMP_CWORD)) && echo $i && return ;;
		esac
		((i++))
	done
	return 1
}

_icmpx_words() # COMMAND PREVIOUS CURRENT: what the current word may be
{
	_icmpx_values "$1" "$2" "$3" && return
	case $3 in
		-*) _icmpx_options "$1" ;;
		*) _icmpx_operands "$1" "$3" ;;
	esac
}

_icmpx()
{
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' at

	[ "$COMP_CWORD" -lt 2 ] || command=${COMP_WORDS[1]}
	[ "$COMP_CWORD" -lt 3 ] || case $command/${COMP_WORDS[2]} in
		TWO | TOPICS) command="$command ${COMP_WORDS[2]}" ;;
	esac
	if [ "$command" = trace ] && at=$(_icmpx_traced) && [ "$at" -le "$COMP_CWORD" ]; then
		if declare -F _command_offset >/dev/null; then
			_command_offset "$at"
		elif [ "$at" = "$COMP_CWORD" ]; then
			mapfile -t COMPREPLY < <(compgen -c -- "$current")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
		fi
		return
	fi
	if [ "$current" = "=" ]; then
		current=
	elif [ "$previous" = "=" ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	mapfile -t COMPREPLY < <(compgen -W "$(_icmpx_words "$command" "$previous" "$current")" \
		-- "$current")
	# A file follows.
	[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

complete -F _icmpx icmpx
END
	$text =~ s/TWO/$two/;
	$text =~ s/TOPICS/$topics/;
	return $text;
}

1;
