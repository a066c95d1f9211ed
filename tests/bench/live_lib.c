// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <json-c/json.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>

#include "live.h"
#include "live_lib.h"
#include "live.skel.h"

static void enter(int ns)
{
	if (setns(ns, CLONE_NEWNET))
		die("namespace: %s", strerror(errno));
}

void live_open(struct live *live, const char *icmpx, const char *there)
{
	live->icmpx = icmpx;
	live->ns_here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	live->ns_there = open(there, O_RDONLY | O_CLOEXEC);
	if (live->ns_here < 0 || live->ns_there < 0)
		die("%s: %s", there, strerror(errno));
	live->bpf = live_bpf__open_and_load();
	if (!live->bpf)
		die("live.bpf.o does not load: %s", strerror(errno));
}

static void request(const char *ifname, int code, struct ifreq *request)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(request->ifr_name, IFNAMSIZ, "%s", ifname);
	if (fd < 0 || ioctl(fd, code, request))
		die("%s: request %x: %s", ifname, code, strerror(errno));
	close(fd);
}

static void read_mac(const char *ifname, __u8 *mac)
{
	struct ifreq ifr = {};

	request(ifname, SIOCGIFHWADDR, &ifr);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
}

static void set_gro(const char *ifname)
{
	struct ethtool_value gro = {.cmd = ETHTOOL_SGRO, .data = 1};
	struct ifreq ifr = {.ifr_data = (void *)&gro};

	request(ifname, SIOCETHTOOL, &ifr);
}

static void attach_xdp(const char *ifname, const struct bpf_program *prog)
{
	int err = bpf_xdp_attach(if_nametoindex(ifname), bpf_program__fd(prog), XDP_FLAGS_DRV_MODE,
				 NULL);

	if (err)
		die("%s: XDP: %s", ifname, strerror(-err));
}

static void attach_tc(const char *ifname, const struct bpf_program *prog)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex(ifname),
		    .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = bpf_program__fd(prog), .handle = 1, .priority = 1,
		    .flags = BPF_TC_F_REPLACE);
	int err;

	bpf_tc_hook_create(&hook);
	err = bpf_tc_attach(&hook, &opts);
	if (err)
		die("%s: tc: %s", ifname, strerror(-err));
}

void pair_prepare(const struct live *live, struct pair *pair)
{
	const struct live_bpf *bpf = live->bpf;

	pair->ifindex = if_nametoindex(pair->name);
	if (!pair->ifindex)
		die("%s: %s", pair->name, strerror(errno));
	read_mac(pair->name, pair->mac_here);
	enter(live->ns_there);
	read_mac(pair->name, pair->mac_there);
	if (pair->gro)
		set_gro(pair->name);
	if (pair->there == THERE_PASS)
		attach_xdp(pair->name, bpf->progs.icmpx_live_pass);
	else if (pair->there == THERE_SWAP)
		attach_xdp(pair->name, bpf->progs.icmpx_live_swap);
	enter(live->ns_here);
	if (pair->here == HERE_PASS)
		attach_xdp(pair->name, bpf->progs.icmpx_live_pass);
	else if (pair->here == HERE_COUNT_XDP)
		attach_xdp(pair->name, bpf->progs.icmpx_live_xdp);
	else if (pair->here == HERE_COUNT_TC)
		attach_tc(pair->name, bpf->progs.icmpx_live_tc);
}

void pair_address(const struct pair *pair, int family, bool there, void *address)
{
	char text[INET6_ADDRSTRLEN];

	snprintf(text, sizeof(text), family == 4 ? "198.18.%d.%d" : "2001:2:0:%d::%d", pair->number,
		 there ? 2 : 1);
	inet_pton(family == 4 ? AF_INET : AF_INET6, text, address);
}

void pair_frame(const struct pair *pair, int family, bool reply, struct frame *frame)
{
	struct spec spec = {.family = family,
			    .reply = reply,
			    .ttl = 64,
			    .id = 0x1234,
			    .seq = 1,
			    .payload = LIVE_PAYLOAD};
	__u32 size = family == 4 ? 4 : 16;
	__u8 *addresses;

	frame_build(frame, &spec);
	addresses = frame->data + frame->ip + (family == 4 ? 12 : 8);
	memcpy(frame->data, reply ? pair->mac_here : pair->mac_there, 6);
	memcpy(frame->data + 6, reply ? pair->mac_there : pair->mac_here, 6);
	pair_address(pair, family, reply, addresses);
	pair_address(pair, family, !reply, addresses + size);
	frame_mend(frame);
}

/* stats' counter of the one interface that is in the document. */
static __u64 parse_answered(struct json_object *root, int family)
{
	struct json_object *interfaces, *verdicts, *counter, *frames;

	if (!json_object_object_get_ex(root, "interfaces", &interfaces) ||
	    json_object_array_length(interfaces) != 1 ||
	    !json_object_object_get_ex(json_object_array_get_idx(interfaces, 0), "verdicts",
				       &verdicts) ||
	    !json_object_object_get_ex(verdicts, family == 4 ? "replied_v4" : "replied_v6",
				       &counter) ||
	    !json_object_object_get_ex(counter, "frames", &frames))
		die("icmpx stats: no such counter");
	return json_object_get_uint64(frames);
}

__u64 pair_answered(const struct live *live, const struct pair *pair, int family)
{
	static char text[1 << 20];
	struct json_object *root;
	__u64 answered;
	char command[512];
	size_t size;
	FILE *pipe;

	if (pair->there != THERE_ICMPX)
		return 0;
	snprintf(command, sizeof(command), "'%s' stats --json %s", live->icmpx, pair->name);
	enter(live->ns_there);
	pipe = popen(command, "re");
	enter(live->ns_here);
	size = pipe ? fread(text, 1, sizeof(text) - 1, pipe) : 0;
	if (!pipe || pclose(pipe))
		die("%s failed", command);
	text[size] = 0;
	root = json_tokener_parse(text);
	answered = parse_answered(root, family);
	json_object_put(root);
	return answered;
}

int cpu_allowed(bool first)
{
	int cpu = -1;
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		die("affinity: %s", strerror(errno));
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &cpus) && (cpu < 0 || !first))
			cpu = i;
	return cpu;
}

void cpu_pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("affinity: %s", strerror(errno));
}
