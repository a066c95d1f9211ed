# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Completion for icmpx(8). Made by docs/completion: see `make completion'.
# Needs none of bash-completion's functions.

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

_icmpx_options() # COMMAND
{
	case $1 in
		"") _icmpx_offer --help --version ;;
		"attach")
			_icmpx_offer --help --usage --version --mode --trust --lease --limit --limit-new \
				--observe --ipv4-only --ipv6-only --any-interface --live --json \
				--verbose ;;
		"detach")
			_icmpx_offer --help --usage --version --all --json --verbose ;;
		"status")
			_icmpx_offer --help --usage --version --json --verbose ;;
		"stats")
			_icmpx_offer --help --usage --version --watch --plain --per-cpu --json \
				--verbose ;;
		"leases")
			_icmpx_offer --help --usage --version --json --verbose ;;
		"export")
			_icmpx_offer --help --usage --version --listen --textfile --interval --trace \
				--user ;;
		"trace")
			_icmpx_offer --help --usage --version --host --id --seq --type --dev --netns --pid --udp \
				--ping --interval --size --count --timeout --explain --graph --compare \
				--stats --slow --plain --no-colour --output --record --replay --backend \
				--stacks --json --verbose ;;
		"trace merge")
			_icmpx_offer --help --usage --version --explain --stats --no-colour --json \
				--verbose ;;
		"report")
			_icmpx_offer --help --usage --version --output --demo ;;
		"doctor")
			_icmpx_offer --help --usage --version --try --json --verbose ;;
		"help")
			_icmpx_offer --help --usage --version ;;
	esac
}

# What follows a word of a command's name, and what follows the options.
_icmpx_operands() # COMMAND
{
	case $1 in
		"") _icmpx_offer attach detach status stats leases export trace report doctor help ;;
		"attach")
			_icmpx_interfaces ;;
		"detach")
			_icmpx_interfaces ;;
		"status")
			_icmpx_interfaces ;;
		"stats")
			_icmpx_interfaces ;;
		"leases")
			_icmpx_interfaces ;;
		"export")
			true ;;
		"trace")
			_icmpx_offer merge
			[ -z "$current" ] || _icmpx_generated -c ;;
		"trace merge")
			_icmpx_files ;;
		"report")
			_icmpx_files ;;
		"doctor")
			_icmpx_interfaces ;;
		"help")
			_icmpx_offer attach detach status stats leases export trace report doctor help ;;
		"help trace") _icmpx_offer merge ;;
	esac
}

# What the value of an option may be; fails for one that takes none as a word of its own.
_icmpx_values() # COMMAND OPTION
{
	case $1:$2 in
		"attach:--mode") _icmpx_offer auto native generic ;;
		"attach:--trust") _icmpx_offer flow address ;;
		"attach:--lease") true ;;
		"attach:--limit") true ;;
		"attach:--limit-new") true ;;
		"export:--listen") true ;;
		"export:--textfile") _icmpx_files ;;
		"export:--interval") true ;;
		"export:--user") _icmpx_generated -u ;;
		"trace:--host") _icmpx_generated -A hostname ;;
		"trace:--id") true ;;
		"trace:--seq") true ;;
		"trace:--type") _icmpx_offer echo reply error ;;
		"trace:--dev") _icmpx_interfaces ;;
		"trace:--netns") _icmpx_entries /run/netns/* ;;
		"trace:--pid") true ;;
		"trace:--udp") true ;;
		"trace:--ping") _icmpx_generated -A hostname ;;
		"trace:-i" | "trace:--interval") true ;;
		"trace:-s" | "trace:--size") true ;;
		"trace:-c" | "trace:--count") true ;;
		"trace:--timeout") true ;;
		"trace:--slow") true ;;
		"trace:-o" | "trace:--output") _icmpx_offer pcapng= perfetto= chrome= folded= ndjson= ;;
		"trace:--record") _icmpx_files ;;
		"trace:--replay") _icmpx_files ;;
		"trace:--backend") _icmpx_offer auto tp fn ;;
		"trace:--stacks") _icmpx_offer paths always never ;;
		"report:-o" | "report:--output") _icmpx_files ;;
		*:chrome | *:folded | *:ndjson | *:pcapng | *:perfetto) _icmpx_files ;;
		*) return 1 ;;
	esac
}

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
		trace/merge | help/trace) command="$command ${COMP_WORDS[2]}" ;;
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
