# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own function tracer (ftrace), the witness of what icmpx says.

# shellcheck disable=SC2154 # of lib.sh
tracing=$test_dir/tracing # where tracefs is mounted
functions=$test_dir/functions # that ftrace can see

# Writes to one of ftrace's files; the error's name where that is refused.
tell_ftrace() # FILE TEXT
{
	local output
	# shellcheck disable=SC2016 # for the inner shell
	output=$(LC_ALL=C "$BASH" -c 'echo "$2" >"$1"' - "$tracing/$1" "$2" 2>&1) && return
	case $output in
		*'not permitted'*) echo EPERM ;;
		*'ermission denied'*) echo EACCES ;;
		*'o such file'*) echo ENOENT ;;
		*'busy'*) echo EBUSY ;;
		*'nvalid argument'*) echo EINVAL ;;
		*) echo "${output##*: }" ;;
	esac
	return 1
}

# With a filter from the start: without one, it takes seconds to patch all functions.
need_ftrace() # TRACER
{
	local error
	mkdir "$tracing"
	error=$(LC_ALL=C mount -t tracefs tracefs "$tracing" 2>&1) ||
		skip_all "tracefs" "${error##*: }"
	if [ "$(cat "$tracing/current_tracer")" != nop ]; then # somebody else's
		umount "$tracing"
		skip_all "ftrace function tracer" EBUSY
	fi
	trap 'end_ftrace; cleanup' EXIT
	error=$(tell_ftrace tracing_on 0) || skip_all "ftrace function tracer" "$error"
	error=$(tell_ftrace set_ftrace_filter icmp_rcv) || skip_all "ftrace function tracer" "$error"
	error=$(tell_ftrace current_tracer "$1") || skip_all "ftrace function tracer" "$error"
	cat "$tracing/available_filter_functions" >"$functions"
}

# By their places in the list, since for each name the kernel would go through all its functions;
# but not all kernels count alike.
filter_ftrace() # FILE: of names
{
	local chosen=$test_dir/chosen
	awk -v names="$1" '
		BEGIN { while ((getline name <names) > 0) wanted[name] = 1 }
		$1 in wanted { print NR, $1 }' "$functions" >"$chosen"
	tell_ftrace set_ftrace_filter "$(cut -d ' ' -f 1 "$chosen")" >/dev/null
	cmp -s <(cut -d ' ' -f 2 "$chosen" | sort) \
		<(cut -d ' ' -f 1 "$tracing/set_ftrace_filter" | sort) ||
		tell_ftrace set_ftrace_filter "$(<"$1")"
}

end_ftrace()
{
	tell_ftrace tracing_on 0
	tell_ftrace current_tracer nop
	tell_ftrace set_ftrace_filter ''
	tell_ftrace set_ftrace_pid ''
	tell_ftrace trace_options nosym-addr
	tell_ftrace trace_clock local
	tell_ftrace trace ''
	umount "$tracing"
} >/dev/null 2>&1
