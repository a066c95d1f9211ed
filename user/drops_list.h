/* SPDX-License-Identifier: GPL-2.0-only */
/* Drop reasons and functions that drop: what usually causes it; where to look. IFACE, ADDR
 * (destination), SOURCE and PID are the reader's to fill in. */
#ifndef ICMPX_DROPS_LIST_H
#define ICMPX_DROPS_LIST_H

/* clang-format off */
/* Names as in some kernel since 5.17. What only TCP or CAN can meet is left out. */
#define DROP_REASONS(X)                                                                            \
	X(NOT_SPECIFIED,                                                                           \
	  "the kernel gives no reason at this place",                                              \
	  "the function that dropped it; nstat; ip -s -s link show IFACE")                         \
	X(NO_SOCKET,                                                                               \
	  "no socket wants it: nobody has that port, or who pinged is gone",                       \
	  "ss -uanp; ss -wanp; nstat -az UdpNoPorts Udp6NoPorts")                                  \
	X(SOCKET_CLOSE,                                                                            \
	  "the socket was closed with the packet unread",                                          \
	  "strace -fe trace=network,close -p PID")                                                 \
	X(SOCKET_FILTER,                                                                           \
	  "a BPF filter on the socket refused it",                                                 \
	  "ss -wanp --bpf; ss -uanp --bpf; bpftool prog show")                                     \
	X(SOCKET_RCVBUFF,                                                                          \
	  "the socket's receive buffer is full: its reader is too slow",                           \
	  "ss -uamnp; ss -wamnp; nstat -az UdpRcvbufErrors")                                       \
	X(SOCKET_BACKLOG,                                                                          \
	  "the socket was in use, and its backlog full",                                           \
	  "ss -uamnp; sysctl net.core.rmem_default net.core.rmem_max")                             \
	X(PROTO_MEM,                                                                               \
	  "all sockets of the protocol together use too much memory",                              \
	  "cat /proc/net/sockstat; sysctl net.ipv4.udp_mem")                                       \
	X(PKT_TOO_SMALL,                                                                           \
	  "it is shorter than its headers, or than they say",                                      \
	  "tcpdump -nvvi IFACE; nstat -az IpExtInTruncatedPkts UdpInErrors")                       \
	X(HDR_TRUNC,                                                                               \
	  "it ends before a header that should be there",                                          \
	  "tcpdump -nvvi IFACE; ethtool -S IFACE")                                                 \
	X(UDP_CSUM,                                                                                \
	  "its UDP checksum is wrong",                                                             \
	  "nstat -az UdpInCsumErrors Udp6InCsumErrors; ethtool -k IFACE")                          \
	X(ICMP_CSUM,                                                                               \
	  "its ICMP checksum is wrong",                                                            \
	  "nstat -az IcmpInCsumErrors Icmp6InCsumErrors; tcpdump -nvvi IFACE")                     \
	X(IP_CSUM,                                                                                 \
	  "its IPv4 header checksum is wrong",                                                     \
	  "nstat -az IpExtInCsumErrors; tcpdump -nvvi IFACE; ethtool -S IFACE")                    \
	X(SKB_CSUM,                                                                                \
	  "its checksum could not be worked out, or is wrong",                                     \
	  "ethtool -k IFACE; ethtool -S IFACE")                                                    \
	X(IP_INHDR,                                                                                \
	  "its IP header is wrong, or its TTL ran out where it was forwarded",                     \
	  "nstat -az IpInHdrErrors Ip6InHdrErrors; tcpdump -nvvi IFACE")                           \
	X(NETFILTER_DROP,                                                                          \
	  "a firewall rule dropped it",                                                            \
	  "nft list ruleset; iptables-save -c; nft monitor trace")                                 \
	X(OTHERHOST,                                                                               \
	  "it is for another machine's MAC address: the device is promiscuous",                    \
	  "tcpdump -eni IFACE; ip -d link show IFACE; the sender's ip neigh")                      \
	X(IP_RPFILTER,                                                                             \
	  "the way back to its source is not by this device (rp_filter)",                          \
	  "ip route get SOURCE; sysctl net.ipv4.conf.IFACE.rp_filter (and .all.)")                 \
	X(UNICAST_IN_L2_MULTICAST,                                                                 \
	  "one host's IP address in a broadcast or multicast frame",                               \
	  "sysctl net.ipv4.conf.IFACE.drop_unicast_in_l2_multicast")                               \
	X(XFRM_POLICY,                                                                             \
	  "an IPsec policy forbids it, or wants it encrypted",                                     \
	  "ip xfrm policy; ip xfrm state; cat /proc/net/xfrm_stat")                                \
	X(IP_NOPROTO,                                                                              \
	  "nothing handles its IP protocol",                                                       \
	  "nstat -az IpInUnknownProtos Ip6InUnknownProtos")                                        \
	X(UNHANDLED_PROTO,                                                                         \
	  "nothing handles its Ethernet or ICMP type",                                             \
	  "tcpdump -eni IFACE; ip -d link show (VLAN devices)")                                    \
	X(INVALID_PROTO,                                                                           \
	  "a ping to a broadcast address: not answered unless told to",                            \
	  "sysctl net.ipv4.icmp_echo_ignore_broadcasts")                                           \
	X(IP_OUTNOROUTES,                                                                          \
	  "no route to send it by",                                                                \
	  "ip route get ADDR; ip rule; nstat -az IpOutNoRoutes Ip6OutNoRoutes")                    \
	X(IP_INNOROUTES,                                                                           \
	  "no route to its destination from here",                                                 \
	  "ip route get ADDR from SOURCE iif IFACE; ip rule")                                      \
	X(IP_INADDRERRORS,                                                                         \
	  "not for this host, and not forwarded (off, or not possible)",                           \
	  "ip addr; sysctl net.ipv4.ip_forward net.ipv6.conf.IFACE.forwarding")                    \
	X(IP_LOCAL_SOURCE,                                                                         \
	  "it came from outside with this host's own address as source",                           \
	  "ip addr; sysctl net.ipv4.conf.IFACE.accept_local; tcpdump -eni IFACE")                  \
	X(IP_INVALID_SOURCE,                                                                       \
	  "its source address cannot be one: multicast, broadcast, zero",                          \
	  "sysctl -w net.ipv4.conf.IFACE.log_martians=1; dmesg")                                   \
	X(IP_INVALID_DEST,                                                                         \
	  "its destination address cannot be one",                                                 \
	  "sysctl -w net.ipv4.conf.IFACE.log_martians=1; dmesg")                                   \
	X(IP_LOCALNET,                                                                             \
	  "a 127.0.0.0/8 address on a device that is not loopback",                                \
	  "sysctl net.ipv4.conf.IFACE.route_localnet; tcpdump -ni IFACE")                          \
	X(PKT_TOO_BIG,                                                                             \
	  "larger than the next link's MTU, and it may not be fragmented",                         \
	  "tracepath -n ADDR; ip route get ADDR; ip link show IFACE")                              \
	X(DUP_FRAG,                                                                                \
	  "a fragment came twice, or overlaps another",                                            \
	  "nstat -az IpReasmFails IpExtReasmOverlaps; tcpdump -nvvi IFACE")                        \
	X(FRAG_REASM_TIMEOUT,                                                                      \
	  "not all of its fragments came in time",                                                 \
	  "nstat -az IpReasmTimeout Ip6ReasmTimeout; sysctl net.ipv4.ipfrag_time")                 \
	X(FRAG_TOO_FAR,                                                                            \
	  "too many of the peer's other fragments in between",                                     \
	  "sysctl net.ipv4.ipfrag_max_dist; nstat -az IpReasmFails")                               \
	X(IPV6DISABLED,                                                                            \
	  "IPv6 is disabled on the device",                                                        \
	  "sysctl net.ipv6.conf.IFACE.disable_ipv6")                                               \
	X(IPV6_BAD_EXTHDR,                                                                         \
	  "an IPv6 extension header is malformed",                                                 \
	  "tcpdump -nvvi IFACE ip6; nstat -az Ip6InHdrErrors")                                     \
	X(IPV6_TOO_MANY_EXTHDRS,                                                                   \
	  "more IPv6 extension headers than the kernel takes",                                     \
	  "tcpdump -nvvi IFACE ip6; sysctl -a -r net.ipv6.*hdr")                                   \
	X(IPV6_NDISC_FRAG,                                                                         \
	  "neighbour discovery in fragments, which is not taken",                                  \
	  "sysctl net.ipv6.conf.IFACE.suppress_frag_ndisc")                                        \
	X(IPV6_NDISC_HOP_LIMIT,                                                                    \
	  "neighbour discovery that has been routed (hop limit not 255)",                          \
	  "tcpdump -nvvi IFACE icmp6")                                                             \
	X(IPV6_NDISC_BAD_CODE,                                                                     \
	  "neighbour discovery with an ICMPv6 code other than 0",                                  \
	  "tcpdump -nvvi IFACE icmp6 (who sends it)")                                              \
	X(IPV6_NDISC_BAD_OPTIONS,                                                                  \
	  "neighbour discovery with malformed options",                                            \
	  "tcpdump -nvvi IFACE icmp6 (which options)")                                             \
	X(IPV6_NDISC_NS_OTHERHOST,                                                                 \
	  "a neighbour solicitation for another host: nothing is wrong",                           \
	  "ip -6 neigh show proxy; sysctl net.ipv6.conf.IFACE.proxy_ndp")                          \
	X(NEIGH_CREATEFAIL,                                                                        \
	  "no neighbour entry could be made: the table is full",                                   \
	  "ip -s neigh; sysctl net.ipv4.neigh.default.gc_thresh3; dmesg")                          \
	X(NEIGH_FAILED,                                                                            \
	  "the neighbour does not answer ARP or neighbour solicitation",                           \
	  "ip neigh show to ADDR; arping -I IFACE ADDR; ndisc6 ADDR IFACE")                        \
	X(NEIGH_QUEUEFULL,                                                                         \
	  "too much waits for the neighbour's MAC address already",                                \
	  "ip neigh show to ADDR; sysctl net.ipv4.neigh.IFACE.unres_qlen_bytes")                   \
	X(NEIGH_DEAD,                                                                              \
	  "the neighbour's entry was removed just then",                                           \
	  "ip monitor neigh link")                                                                 \
	X(NEIGH_HH_FILLFAIL,                                                                       \
	  "the device could not make the link header",                                             \
	  "ip -d link show IFACE; ip neigh show to ADDR")                                          \
	X(ARP_PVLAN_DISABLE,                                                                       \
	  "an ARP request that would need proxy_arp_pvlan",                                        \
	  "sysctl net.ipv4.conf.IFACE.proxy_arp_pvlan")                                            \
	X(BPF_CGROUP_EGRESS,                                                                       \
	  "a BPF program of the sender's cgroup refused it",                                       \
	  "bpftool cgroup tree; systemctl show UNIT -p IPAddressDeny")                             \
	X(SECURITY_HOOK,                                                                           \
	  "a security module refused it (SELinux, AppArmor, Smack)",                               \
	  "dmesg; ausearch -m avc -ts recent")                                                     \
	X(TC_EGRESS,                                                                               \
	  "a tc filter or BPF program refused it on its way out",                                  \
	  "tc -s filter show dev IFACE egress; bpftool net show")                                  \
	X(TC_INGRESS,                                                                              \
	  "a tc filter or BPF program refused it on its way in",                                   \
	  "tc -s filter show dev IFACE ingress; bpftool net show")                                 \
	X(TC_COOKIE_ERROR,                                                                         \
	  "tc could not note where its chain goes on (no memory)",                                 \
	  "tc -s filter show dev IFACE ingress; free -m")                                          \
	X(TC_CHAIN_NOTFOUND,                                                                       \
	  "a tc filter goes to a chain that is not there",                                         \
	  "tc chain show dev IFACE ingress; tc filter show dev IFACE ingress")                     \
	X(TC_RECLASSIFY_LOOP,                                                                      \
	  "tc filters send it round in a circle",                                                  \
	  "tc -s filter show dev IFACE ingress (reclassify)")                                      \
	X(XDP,                                                                                     \
	  "an XDP program dropped it",                                                             \
	  "ip -d link show IFACE; bpftool net show; icmpx stats IFACE")                            \
	X(QDISC_DROP,                                                                              \
	  "the device's queue (qdisc) refused it: full, or a rate limit",                          \
	  "tc -s qdisc show dev IFACE; ip -s link show IFACE")                                     \
	X(QDISC_OVERLIMIT,                                                                         \
	  "the qdisc holds as many packets as it may",                                             \
	  "tc -s qdisc show dev IFACE (limit, backlog)")                                           \
	X(QDISC_CONGESTED,                                                                         \
	  "the qdisc keeps its delay down (CoDel, PIE, RED)",                                      \
	  "tc -s qdisc show dev IFACE (target, interval)")                                         \
	X(QDISC_BURST_DROP,                                                                        \
	  "too many packets at once for the qdisc",                                                \
	  "sysctl net.core.qdisc_max_burst; tc -s qdisc show dev IFACE")                           \
	X(CAKE_FLOOD,                                                                              \
	  "qdisc cake takes its flow for one that does not slow down",                             \
	  "tc -s qdisc show dev IFACE (cake)")                                                     \
	X(FQ_BAND_LIMIT,                                                                           \
	  "qdisc fq: the priority band is full",                                                   \
	  "tc -s qdisc show dev IFACE (fq: band_drops)")                                           \
	X(FQ_HORIZON_LIMIT,                                                                        \
	  "qdisc fq: its departure time is too far ahead",                                         \
	  "tc -s qdisc show dev IFACE (fq: horizon)")                                              \
	X(FQ_FLOW_LIMIT,                                                                           \
	  "qdisc fq: its flow holds as many packets as it may",                                    \
	  "tc -s qdisc show dev IFACE (fq: flow_limit)")                                           \
	X(DUALPI2_STEP_DROP,                                                                       \
	  "qdisc dualpi2: over its step threshold, and without ECN",                               \
	  "tc -s qdisc show dev IFACE (dualpi2)")                                                  \
	X(CPU_BACKLOG,                                                                             \
	  "the CPU's receive backlog is full",                                                     \
	  "cat /proc/net/softnet_stat; sysctl net.core.netdev_max_backlog")                        \
	X(RECURSION_LIMIT,                                                                         \
	  "devices stacked too deep, or in a circle",                                              \
	  "ip -d link show; dmesg")                                                                \
	X(DEV_READY,                                                                               \
	  "the device, or its other end, is down or not ready",                                    \
	  "ip -d link show IFACE (and its peer)")                                                  \
	X(DEV_HDR,                                                                                 \
	  "what the driver needs before or behind it is wrong",                                    \
	  "ethtool -S IFACE; ethtool -i IFACE; dmesg")                                             \
	X(FULL_RING,                                                                               \
	  "a device's ring is full: who reads it is too slow",                                     \
	  "ethtool -g IFACE; ethtool -S IFACE; ip -s link show IFACE")                             \
	X(NOMEM,                                                                                   \
	  "no memory for it",                                                                      \
	  "free -m; dmesg; sysctl vm.min_free_kbytes")                                             \
	X(PFMEMALLOC,                                                                              \
	  "memory is so short that only swapping may still receive",                               \
	  "free -m; nstat -az TcpExtPFMemallocDrop")                                               \
	X(SKB_GSO_SEG,                                                                             \
	  "it could not be split into packets of the MTU",                                         \
	  "ethtool -k IFACE; ip -d link show IFACE")                                               \
	X(SKB_BAD_GSO,                                                                             \
	  "it claims to be many packets in one, and that is malformed",                            \
	  "ethtool -k IFACE (gro, gso); tcpdump -nvvi IFACE")                                      \
	X(SKB_UCOPY_FAULT,                                                                         \
	  "its data could not be copied from or to the process",                                   \
	  "strace -fe trace=network -p PID")                                                       \
	X(TAP_FILTER,                                                                              \
	  "a BPF filter on the tun or tap device refused it",                                      \
	  "ip -d tuntap show; bpftool prog show")                                                  \
	X(TAP_TXFILTER,                                                                            \
	  "the tap device's MAC filter does not let it through",                                   \
	  "ip -d tuntap show; ip maddr show dev IFACE")                                            \
	X(QUEUE_PURGE,                                                                             \
	  "the queue that held it was emptied: socket closed, or device gone",                     \
	  "ip monitor link; strace -fe trace=close -p PID")                                        \
	X(PACKET_SOCK_ERROR,                                                                       \
	  "a packet socket (tcpdump) had no room: only its copy is lost",                          \
	  "ss -0anmp; tcpdump -B KIB")                                                             \
	X(VXLAN_INVALID_HDR,                                                                       \
	  "its VXLAN header is wrong",                                                             \
	  "tcpdump -nvvi IFACE udp port 4789; ip -d link show type vxlan")                         \
	X(VXLAN_VNI_NOT_FOUND,                                                                     \
	  "no VXLAN device here has its VNI",                                                      \
	  "ip -d link show type vxlan; bridge vni show")                                           \
	X(VXLAN_ENTRY_EXISTS,                                                                      \
	  "VXLAN: its source's place is fixed, and it is another",                                 \
	  "bridge fdb show dev IFACE")                                                             \
	X(MAC_INVALID_SOURCE,                                                                      \
	  "its source MAC address cannot be one (multicast, or the device's own)",                 \
	  "tcpdump -eni IFACE; ip link show IFACE")                                                \
	X(NO_TX_TARGET,                                                                            \
	  "the tunnel or bridge knows nobody to send it to",                                       \
	  "bridge fdb show; ip -d link show IFACE")                                                \
	X(IP_TUNNEL_ECN,                                                                           \
	  "the tunnel's outer and inner ECN marks contradict each other",                          \
	  "ip -s link show IFACE; tcpdump -nvvi IFACE")                                            \
	X(TUNNEL_TXINFO,                                                                           \
	  "it has no tunnel destination, and the device has no default one",                       \
	  "ip -d link show IFACE; ip route show (encap)")                                          \
	X(LOCAL_MAC,                                                                               \
	  "it came back: its source MAC address is this device's own",                             \
	  "tcpdump -eni IFACE; bridge link (a loop?)")                                             \
	X(MAC_IEEE_MAC_CONTROL,                                                                    \
	  "its MAC address is one that bridges do not pass on (802.1D)",                           \
	  "tcpdump -eni IFACE; ip -d link show IFACE (group_fwd_mask)")                            \
	X(BRIDGE_INGRESS_STP_STATE,                                                                \
	  "its bridge port is blocked (spanning tree), or still learning",                         \
	  "bridge -d link; ip -d link show IFACE")                                                 \
	X(MACVLAN_BROADCAST_BACKLOG,                                                               \
	  "macvlan: its queue of broadcasts is full",                                              \
	  "ip -d link show type macvlan (bcqueuelen)")                                             \
	X(IPVLAN_MULTICAST_BACKLOG,                                                                \
	  "ipvlan: its queue of multicasts is full",                                               \
	  "ip -s -d link show type ipvlan")                                                        \
	X(PSP_INPUT,                                                                               \
	  "PSP encryption refused what came in",                                                   \
	  "ethtool -S IFACE; dmesg (psp)")                                                         \
	X(PSP_OUTPUT,                                                                              \
	  "PSP encryption refused what was to go out",                                             \
	  "ethtool -S IFACE; dmesg (the key of the PSP association)")

/* Those that free packets themselves; where the kernel has no reasons, or gives none. */
#define DROP_FUNCTIONS(X)                                                                          \
	X(icmp_rcv,                                                                                \
	  "wrong ICMP checksum, or a ping to a broadcast address",                                 \
	  "nstat -az IcmpInCsumErrors; sysctl net.ipv4.icmp_echo_ignore_broadcasts")               \
	X(icmpv6_rcv,                                                                              \
	  "wrong ICMPv6 checksum, an unknown type, or an IPsec policy",                            \
	  "nstat -az Icmp6InCsumErrors Icmp6InErrors; ip xfrm policy")                             \
	X(ping_rcv,                                                                                \
	  "no ping socket waits for this reply",                                                   \
	  "cat /proc/net/icmp /proc/net/icmp6; ss -wanp (a raw socket has it?)")                   \
	X(ping_queue_rcv_skb,                                                                      \
	  "the ping socket's receive buffer is full, or its filter refused it",                    \
	  "cat /proc/net/icmp /proc/net/icmp6 (rx_queue, drops)")                                  \
	X(raw_rcv,                                                                                 \
	  "the raw socket's receive buffer is full, or an IPsec policy",                           \
	  "cat /proc/net/raw (rx_queue, drops); ss -wamnp; ip xfrm policy")                        \
	X(raw_rcv_skb,                                                                             \
	  "the raw socket's receive buffer is full, or its filter refused it",                     \
	  "cat /proc/net/raw (rx_queue, drops); ss -wamnp --bpf")                                  \
	X(rawv6_rcv,                                                                               \
	  "wrong checksum, IPsec policy, or a full receive buffer (raw socket)",                   \
	  "cat /proc/net/raw6 (rx_queue, drops); nstat -az Icmp6InCsumErrors")                     \
	X(rawv6_rcv_skb,                                                                           \
	  "wrong checksum, or the raw socket's receive buffer is full",                            \
	  "cat /proc/net/raw6 (rx_queue, drops); ss -wamnp")                                       \
	X(__udp4_lib_rcv,                                                                          \
	  "nobody has that UDP port, or the checksum is wrong",                                    \
	  "ss -uanp; nstat -az UdpNoPorts UdpInCsumErrors")                                        \
	X(udp_rcv,                                                                                 \
	  "no socket has that UDP port, or its checksum is wrong",                                 \
	  "ss -4uanp; nstat -az UdpNoPorts UdpInCsumErrors")                                       \
	X(__udp6_lib_rcv,                                                                          \
	  "nobody has that UDP port (IPv6), or the checksum is wrong",                             \
	  "ss -6uanp; nstat -az Udp6NoPorts Udp6InCsumErrors")                                     \
	X(udp_queue_rcv_one_skb,                                                                   \
	  "UDP receive buffer full, wrong checksum, socket filter or IPsec",                       \
	  "ss -4uamnp; nstat -az UdpRcvbufErrors UdpInCsumErrors UdpInErrors")                     \
	X(udpv6_queue_rcv_one_skb,                                                                 \
	  "UDP receive buffer full, wrong checksum, socket filter or IPsec (IPv6)",                \
	  "ss -6uamnp; nstat -az Udp6RcvbufErrors Udp6InCsumErrors Udp6InErrors")                  \
	X(nf_hook_slow,                                                                            \
	  "a firewall rule refused it",                                                            \
	  "nft list ruleset; iptables -vnL; ip6tables -vnL; nft monitor trace")                    \
	X(ip_rcv_core,                                                                             \
	  "bad IPv4 header or checksum, or for another machine's MAC address",                     \
	  "nstat -az IpInHdrErrors IpExtInCsumErrors; tcpdump -envvi IFACE")                       \
	X(ip6_rcv_core,                                                                            \
	  "bad IPv6 header, IPv6 disabled, or another machine's MAC address",                      \
	  "nstat -az Ip6InHdrErrors; sysctl net.ipv6.conf.IFACE.disable_ipv6")                     \
	X(ip_rcv_finish_core,                                                                      \
	  "no way back to its source (rp_filter), or an address that cannot be",                   \
	  "ip route get SOURCE; nstat -az TcpExtIPReversePathFilter IpInAddrErrors")               \
	X(ip_rcv_finish,                                                                           \
	  "the way back is another (rp_filter), or an address that cannot be",                     \
	  "ip route get SOURCE; nstat -az TcpExtIPReversePathFilter")                              \
	X(ip_error,                                                                                \
	  "no route to its destination, or forwarding is off",                                     \
	  "ip route get ADDR from SOURCE iif IFACE; sysctl net.ipv4.ip_forward")                   \
	X(ip_forward,                                                                              \
	  "not forwarded: TTL ran out, too big for the MTU, or IPsec policy",                      \
	  "nstat -az IpInHdrErrors IpFragFails; tracepath -n ADDR")                                \
	X(ip6_forward,                                                                             \
	  "not forwarded: hop limit ran out, too big, bad source, or IPsec",                       \
	  "nstat -az Ip6InHdrErrors Ip6InTooBigErrors Ip6InAddrErrors")                            \
	X(ip_protocol_deliver_rcu,                                                                 \
	  "nothing handles its IPv4 protocol, or an IPsec policy",                                 \
	  "nstat -az IpInUnknownProtos; ip xfrm policy")                                           \
	X(ip6_protocol_deliver_rcu,                                                                \
	  "nothing handles its IPv6 next header, or an IPsec policy",                              \
	  "nstat -az Ip6InUnknownProtos; ip xfrm policy")                                          \
	X(ip_defrag,                                                                               \
	  "its fragments could not be put together",                                               \
	  "nstat -az IpReasmFails; sysctl net.ipv4.ipfrag_high_thresh")                            \
	X(ip_expire,                                                                               \
	  "some of its fragments did not come in time",                                            \
	  "nstat -az IpReasmTimeout; sysctl net.ipv4.ipfrag_time")                                 \
	X(ip_do_fragment,                                                                          \
	  "it could not be cut into fragments",                                                    \
	  "nstat -az IpFragFails; ip link show IFACE (mtu)")                                       \
	X(ip_fragment,                                                                             \
	  "too big for the MTU, and not to be fragmented",                                         \
	  "nstat -az IpFragFails; tracepath -n ADDR")                                              \
	X(ip6_fragment,                                                                            \
	  "too big for the MTU, or no memory to fragment it (IPv6)",                               \
	  "nstat -az Ip6FragFails; tracepath -6n ADDR")                                            \
	X(ip_finish_output2,                                                                       \
	  "no neighbour entry could be made for it",                                               \
	  "ip -s -4 neigh; sysctl net.ipv4.neigh.default.gc_thresh3")                              \
	X(ip6_finish_output2,                                                                      \
	  "no IPv6 neighbour entry could be made for it",                                          \
	  "ip -s -6 neigh; sysctl net.ipv6.neigh.default.gc_thresh3")                              \
	X(ip6_pkt_drop,                                                                            \
	  "no IPv6 route, or one that says unreachable",                                           \
	  "ip -6 route get ADDR; nstat -az Ip6InNoRoutes Ip6OutNoRoutes")                          \
	X(dst_discard_out,                                                                         \
	  "its route is a blackhole, or was removed just then",                                    \
	  "ip route get ADDR; ip route show type blackhole; ip monitor route")                     \
	X(arp_error_report,                                                                        \
	  "the neighbour does not answer ARP",                                                     \
	  "ip neigh show to ADDR; arping -I IFACE ADDR; tcpdump -eni IFACE arp")                   \
	X(neigh_invalidate,                                                                        \
	  "the neighbour has not told its MAC address",                                            \
	  "ip neigh show to ADDR; tcpdump -eni IFACE arp or icmp6")          \
	X(ndisc_error_report,                                                                      \
	  "the neighbour does not answer neighbour solicitation",                                  \
	  "ip -6 neigh show to ADDR; ndisc6 ADDR IFACE; tcpdump -eni IFACE icmp6")                 \
	X(__neigh_event_send,                                                                      \
	  "too much waits for the neighbour already, or it failed",                                \
	  "ip neigh show to ADDR; sysctl net.ipv4.neigh.IFACE.unres_qlen_bytes")                   \
	X(neigh_resolve_output,                                                                    \
	  "no link header could be made for the neighbour",                                        \
	  "ip neigh show to ADDR; ip -d link show IFACE")                                          \
	X(__dev_queue_xmit,                                                                        \
	  "the device is down, its queue is full, or a tc filter refused it",                      \
	  "ip -s link show IFACE; tc -s qdisc show dev IFACE; tc -s filter show")                  \
	X(kfree_skb_list,                                                                          \
	  "freed in a row: most often by a full queue (qdisc)",                                    \
	  "tc -s qdisc show dev IFACE")                                                            \
	X(kfree_skb_list_reason,                                                                   \
	  "freed in a row: most often by a qdisc that is full",                                    \
	  "tc -s qdisc show dev IFACE; nstat -az IpReasmFails")                                    \
	X(net_tx_action,                                                                           \
	  "the driver dropped it when sending",                                                    \
	  "ip -s -s link show IFACE; ethtool -S IFACE")                                            \
	X(enqueue_to_backlog,                                                                      \
	  "the CPU's receive backlog is full",                                                     \
	  "cat /proc/net/softnet_stat; sysctl net.core.netdev_max_backlog")                        \
	X(__netif_receive_skb_core,                                                                \
	  "nothing handles its Ethernet type, VLAN, or device",                                    \
	  "tcpdump -eni IFACE; ip -d link show (VLAN devices)")                                    \
	X(veth_xmit,                                                                               \
	  "the veth's other end is down, gone, or its queue is full",                              \
	  "ip -d link show IFACE; ip -s link show IFACE (and its peer)")                           \
	X(tun_net_xmit,                                                                            \
	  "nobody reads the tun or tap device, or too slowly, or a filter",                        \
	  "ip -d tuntap show; ip -s link show IFACE")                                              \
	X(br_handle_frame,                                                                         \
	  "the bridge port is blocked, or takes no such frame",                                    \
	  "bridge -d link; tcpdump -eni IFACE")                                                    \
	X(br_handle_frame_finish,                                                                  \
	  "the bridge refused it: VLAN, locked port, or spanning tree",                            \
	  "bridge -d link; bridge vlan show; bridge fdb show")                                     \
	X(inet_sock_destruct,                                                                      \
	  "its socket was closed before it was read",                                              \
	  "strace -fe trace=network,close -p PID")                                                 \
	X(skb_queue_purge,                                                                         \
	  "its queue was emptied: socket closed, or device gone",                                  \
	  "ip monitor link; strace -fe trace=close -p PID")                                        \
	X(packet_rcv,                                                                              \
	  "a packet socket's copy, for which it had no room",                                      \
	  "ss -0anmp")                                                                             \
	X(tpacket_rcv,                                                                             \
	  "a packet socket's copy, for which its ring had no room",                                \
	  "ss -0anmp; tcpdump -B KIB")
/* clang-format on */

#endif
