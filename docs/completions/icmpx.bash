# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Completion for icmpx(8). Made by docs/completion: see `make completion'.
# Needs none of bash-completion's functions.

_icmpx_options() # COMMAND
{
	case $1 in
		"") echo "--help --version" ;;
		"attach")
			echo "--help --usage --version --mode --trust --lease --limit --limit-new" \
			     "--observe --ipv4-only --ipv6-only --live --json --verbose" ;;
		"detach")
			echo "--help --usage --version --all --json --verbose" ;;
		"status")
			echo "--help --usage --version --json --verbose" ;;
		"stats")
			echo "--help --usage --version --watch --plain --per-cpu --json" \
			     "--verbose" ;;
		"leases")
			echo "--help --usage --version --json --verbose" ;;
		"export")
			echo "--help --usage --version --listen --textfile --interval --trace" \
			     "--user" ;;
		"trace")
			echo "--help --usage --version --host --id --seq --type --dev --netns --pid --udp" \
			     "--ping --interval --size --count --timeout --explain --graph --compare" \
			     "--stats --slow --plain --no-colour --output --record --replay --backend" \
			     "--stacks --json --verbose" ;;
		"trace merge")
			echo "--help --usage --version --explain --stats --no-colour --json" \
			     "--verbose" ;;
		"report")
			echo "--help --usage --version --output --demo" ;;
		"doctor")
			echo "--help --usage --version --try --json --verbose" ;;
		"help")
			echo "--help --usage --version" ;;
	esac
}

_icmpx_interfaces()
{
	local path
	for path in /sys/class/net/*; do
		[ ! -d "$path" ] || echo "${path##*/}"
	done
}

# What follows a word of a command's name, and what follows the options.
_icmpx_operands() # COMMAND CURRENT
{
	case $1 in
		"") echo "attach detach status stats leases export trace report doctor help" ;;
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
			echo "merge"
			[ -z "$2" ] || compgen -c -- "$2" ;;
		"trace merge")
			compgen -f -- "$2" ;;
		"report")
			compgen -f -- "$2" ;;
		"doctor")
			_icmpx_interfaces ;;
		"help")
			echo "attach detach status stats leases export trace report doctor help" ;;
		"help trace") echo "merge" ;;
	esac
}

# What the value of an option may be; fails for one that takes none as a word of its own.
_icmpx_values() # COMMAND OPTION CURRENT
{
	case $1:$2 in
		"attach:--mode") echo "auto native generic" ;;
		"attach:--trust") echo "flow address" ;;
		"attach:--lease") true ;;
		"attach:--limit") true ;;
		"attach:--limit-new") true ;;
		"export:--listen") true ;;
		"export:--textfile") compgen -f -- "$3" ;;
		"export:--interval") true ;;
		"export:--user") compgen -u -- "$3" ;;
		"trace:--host") compgen -A hostname -- "$3" ;;
		"trace:--id") true ;;
		"trace:--seq") true ;;
		"trace:--type") echo "echo reply error" ;;
		"trace:--dev") _icmpx_interfaces ;;
		"trace:--netns") ls /run/netns 2>/dev/null ;;
		"trace:--pid") true ;;
		"trace:--udp") true ;;
		"trace:--ping") compgen -A hostname -- "$3" ;;
		"trace:-i" | "trace:--interval") true ;;
		"trace:-s" | "trace:--size") true ;;
		"trace:-c" | "trace:--count") true ;;
		"trace:--timeout") true ;;
		"trace:--slow") true ;;
		"trace:-o" | "trace:--output") echo "pcapng= perfetto= chrome= folded= ndjson=" ;;
		"trace:--record") compgen -f -- "$3" ;;
		"trace:--replay") compgen -f -- "$3" ;;
		"trace:--backend") echo "auto tp fn" ;;
		"trace:--stacks") echo "paths always never" ;;
		"report:-o" | "report:--output") compgen -f -- "$3" ;;
		*:chrome | *:folded | *:ndjson | *:pcapng | *:perfetto) compgen -f -- "$3" ;;
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
		trace/merge | help/trace) command="$command ${COMP_WORDS[2]}" ;;
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
