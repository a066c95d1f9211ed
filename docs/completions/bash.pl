# SPDX-License-Identifier: GPL-2.0-only
# For docs/completion: what it prints for bash.
use strict;
use warnings;

our (@commands, %options);

sub bash_values # of an option; by what they are offered
{
	my ($option) = @_;
	my %how = (DEVICE => "_icmpx_interfaces", FILE => "_icmpx_files",
		   USER => "_icmpx_generated -u", NETNS => "_icmpx_entries /run/netns/*",
		   HOST => "_icmpx_generated -A hostname");
	return "_icmpx_offer @{$option->{values}}" if @{$option->{values}};
	return $how{kind($option->{argument})} // "true";
}

sub bash_operands
{
	my ($command) = @_;
	my $kind = kind($command->{operands});
	return "_icmpx_interfaces" if $kind eq "IFACE";
	return "_icmpx_files" if $kind eq "RECORD";
	return '[ -z "$current" ] || _icmpx_generated -c' if $kind eq "COMMAND" && $command->{name} ne "help";
	return "_icmpx_offer @{[first_words()]}" if $kind eq "COMMAND";
	return "true";
}

sub write_completion
{
	my %after = followers();
	my %same;
	print "# shellcheck shell=bash\n", head(), "# Needs none of bash-completion's functions.\n\n",
	      bash_begin();
	print "_icmpx_options() # COMMAND\n{\n\tcase \$1 in\n";
	print "\t\t\"\") _icmpx_offer --help --version ;;\n";
	for my $name (map { $_->{name} } @commands) {
		my $line = join " ", map { "--$_->{long}" } @{$options{$name}};
		$line =~ s/(.{55,75}) (?=.)/$1 \\\n\t\t\t\t/g;
		print "\t\t\"$name\")\n\t\t\t_icmpx_offer $line ;;\n";
	}
	print "\tesac\n}\n\n",
	      "# What follows a word of a command's name, and what follows the options.\n",
	      "_icmpx_operands() # COMMAND\n{\n\tcase \$1 in\n",
	      "\t\t\"\") _icmpx_offer @{[first_words()]} ;;\n";
	for my $command (@commands) {
		my $name = $command->{name};
		my $more = $after{$name} ? "\n\t\t\t_icmpx_offer @{$after{$name}}" : "";
		print "\t\t\"$name\")$more\n\t\t\t", bash_operands($command), " ;;\n";
	}
	print "\t\t\"help $_\") _icmpx_offer @{$after{$_}} ;;\n" for sort keys %after;
	print "\tesac\n}\n\n";
	print "# What the value of an option may be; fails for one that takes none as a word of its own.\n",
	      "_icmpx_values() # COMMAND OPTION\n{\n\tcase \$1:\$2 in\n";
	for my $name (map { $_->{name} } @commands) {
		for my $option (grep { length $_->{argument} && !$_->{optional} } @{$options{$name}}) {
			print "\t\t", join(" | ", map { qq("$name:$_") } @{$option->{names}}),
			      ") ", bash_values($option), " ;;\n";
			$same{$_} = 1 for map { /(.*)=$/ ? $1 : () } @{$option->{values}};
		}
	}
	my $formats = join " | ", map { "*:$_" } sort keys %same;
	print "\t\t$formats) _icmpx_files ;;\n\t\t*) return 1 ;;\n\tesac\n}\n\n";
	my $two = join " | ", map { my $first = $_; map { "$first/$_" } @{$after{$_}} } sort keys %after;
	my $topics = join " | ", map { "help/$_" } sort keys %after;
	print bash_end($two, $topics);
}

sub bash_begin
{
	return <<'END';
# All these add to COMPREPLY. Names come from others: none is given to what expands it (compgen -W
# does), and each is quoted, lest the line that it is put into runs it.

_icmpx_offer() # WORD...: those that begin with $current
{
	local word quoted
	for word in "$@"; do
		printf -v quoted %q "$word"
		[[ $word == "$current"* || $quoted == "$current"* ]] || continue
		# In quotes that are still open goes only what needs none.
		[[ -n $open && $quoted != "$word" ]] || COMPREPLY+=("$quoted")
	done
}

_icmpx_generated() # ACTION...: of compgen
{
	local words
	mapfile -t words < <(compgen "$@" -- "$current")
	_icmpx_offer "${words[@]}"
}

# Readline quotes them, and adds a slash to directories.
_icmpx_files()
{
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	compopt -o filenames 2>/dev/null
	return 0
}

_icmpx_entries() # PATH...: their names
{
	local path
	for path in "${@%/}"; do
		[ ! -e "$path" ] || _icmpx_offer "${path##*/}"
	done
}

_icmpx_interfaces()
{
	# Only they are directories there.
	_icmpx_entries /sys/class/net/*/
}

END
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
				! (_icmpx_values trace "${COMP_WORDS[i]}") || ((i++))
				# Readline breaks --mode=native and pcapng=FILE at the sign.
				[ "${COMP_WORDS[i]-}" != = ] || ((i++))
				[ "${COMP_WORDS[i + 1]-}" != = ] || ((i += 2)) ;;
			*) ((i < COMP_CWORD)) && echo $i && return ;;
		esac
		((i++))
	done
	return 1
}

_icmpx_words() # COMMAND PREVIOUS: what the current word may be
{
	_icmpx_values "$1" "$2" && return
	case $current in
		-*) _icmpx_options "$1" ;;
		*) _icmpx_operands "$1" ;;
	esac
}

_icmpx()
{
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' open='' at

	COMPREPLY=()
	case $current in
		[\"\']*) open=${current:0:1} current=${current:1} ;;
	esac
	[ "$COMP_CWORD" -lt 2 ] || command=${COMP_WORDS[1]}
	[ "$COMP_CWORD" -lt 3 ] || case $command/${COMP_WORDS[2]} in
		TWO | TOPICS) command="$command ${COMP_WORDS[2]}" ;;
	esac
	if [ "$command" = trace ] && at=$(_icmpx_traced) && [ "$at" -le "$COMP_CWORD" ]; then
		if declare -F _command_offset >/dev/null; then
			_command_offset "$at"
		elif [ "$at" = "$COMP_CWORD" ]; then
			_icmpx_generated -c
		else
			_icmpx_files
		fi
		return
	fi
	if [ "$current" = "=" ]; then
		current=
	elif [ "$previous" = "=" ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	_icmpx_words "$command" "$previous"
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
