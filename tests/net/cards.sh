# shellcheck shell=bash disable=SC2154 # of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
# The two virtio-net cards of a guest of tests/vm/run, joined by QEMU alone: a real driver
# where other tests have a veth pair. A card whose namespace goes falls back to ours, with
# the name, address and MTU that it had there. Elsewhere no card is touched: it may be the
# machine's own.

own_cards() # the names of those in our namespace, the first one first
{
	local driver
	for driver in /sys/class/net/*/device/driver; do
		[[ $(readlink "$driver") != */virtio_net ]] ||
			echo "$(readlink -f "${driver%/driver}") $(basename "${driver%/device/driver}")"
	done | sort | cut -d ' ' -f 2
}

cards_are() # NUMBER
{
	[ "$(own_cards | wc -l)" -eq "$1" ]
}

# A test that was killed has left its namespaces, and the cards in them.
free_cards()
{
	local test_prefix
	for test_prefix in ix-{virtio,unplug,witness,path-data,experiment,bond}-0; do
		delete_leftovers
	done
}

need_cards()
{
	[ -n "${ICMPX_VM:-}" ] || skip_all "two virtio_net cards" "not a guest of tests/vm/run"
	free_cards
	wait_until 3 cards_are 2 ||
		skip_all "two virtio_net cards" "there are: $(own_cards | paste -sd ' ')"
}

card_to() # CARD NAME IFACE: new as it was after the boot
{
	local mac
	mac=$(ethtool -P "$1") || bail "$1: no permanent address"
	must ip link set "$1" down
	must ip link set "$1" address "${mac##* }" mtu 1500 promisc off
	must ip link set "$1" netns "$test_prefix-$2" name "$3"
	must in_ns "$2" ip link set "$3" addrgenmode eui64
	must in_ns "$2" ip link set "$3" up
}

cards_join() # NS1 IFACE1 NS2 IFACE2: as ns_join does; the second one is nic1
{
	local cards
	wait_until 5 cards_are 2 || bail "cards: $(own_cards | paste -sd ' ')"
	mapfile -t cards < <(own_cards)
	card_to "${cards[0]}" "$1" "$2"
	card_to "${cards[1]}" "$3" "$4"
}
