# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # local4 is the test's
# What the tests in the small Debian share: how pings of its namespace a are answered.
# Namespace "main" is the machine's own.

at() # NAME COMMAND...
{
	if [ "$1" = main ]; then
		"${@:2}"
	else
		in_ns "$@"
	fi
}

replied() # NAME IFACE: by the fast path there
{
	at "$1" icmpx stats "$2" --json |
		awk '/"replied_v[46]"/ { on = 1 } on && /"frames"/ { sum += $2; on = 0 } END { print sum }'
}

programs() # NAME IFACE: those that are attached
{
	at "$1" icmpx status "$2" 2>/dev/null | grep programs
}

answers() # NAME IFACE: is a ping of a answered at the driver?
{
	local before
	before=$(replied "$@")
	reaches a "$local4" && [ "$(replied "$@")" -gt "$before" ]
}

exports() # NAME METRIC: does 127.0.0.1 there, as bash can ask it
{
	# shellcheck disable=SC2016 # the inner one's
	at "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/9917 &&
		printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && cat <&3' | grep -E "^$2"
}

beside_pings() # NAME IFACE COMMAND...: while pings of a go on
{
	local pings status
	nsenter --net="$(ns_path a)" ping -n -q -i 0.05 -w 300 "$local4" >/tmp/pings &
	pings=$!
	wait_until 5 answers "$1" "$2"
	"${@:3}"
	status=$?
	kill -INT $pings
	wait $pings
	return $status
}

pings_lost() # of those
{
	sed -nE 's/^([0-9]+) packets transmitted, ([0-9]+) received.*/\1 \2/p' /tmp/pings |
		awk '{ print $1 < 10 ? "too few pings" : $1 - $2 }'
}
