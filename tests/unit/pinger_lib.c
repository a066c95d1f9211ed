// SPDX-License-Identifier: GPL-2.0-only
#include "pinger_lib.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include "util.h"

static int tun = -1;

void told_add(void *data, const struct icmpx_event *event)
{
	struct told *told = data;

	assert_true(told->count < ARRAY_SIZE(told->events));
	told->events[told->count++] = *event;
}

__u64 wire_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/* The n-th (from 0) event of a probe, or NULL. */
const struct icmpx_event *told_nth(const struct told *told, enum icmpx_probe probe, size_t n)
{
	for (size_t i = 0; i < told->count; i++) {
		if (told->events[i].probe == probe && !n--)
			return &told->events[i];
	}
	return NULL;
}

const struct icmpx_event *told_get(const struct told *told, enum icmpx_probe probe, size_t n)
{
	const struct icmpx_event *event = told_nth(told, probe, n);

	if (!event) {
		fail_msg("event %zu of %s is not there", n, trace_probe_name(probe));
		abort();
	}
	return event;
}

struct pinger *wire_start_with(const struct pinger_options *options)
{
	struct pinger *pinger;
	char why[256] = "";

	if (pinger_open(options, &pinger, why, sizeof(why)))
		fail_msg("%s", why);
	return pinger;
}

struct pinger *wire_start(const char *host, unsigned int count, unsigned int size)
{
	return wire_start_with(&(struct pinger_options){.host = host,
							.count = count,
							.interval = 20 * MS,
							.wait = 2 * LIMIT,
							.size = size});
}

/* Until something comes, to the pinger or (if `wire`) to the tun device, or it is time. */
void wire_wait(const struct pinger *pinger, bool wire, __u64 next)
{
	struct pollfd fds[] = {{pinger_fd(pinger), POLLIN, 0}, {tun, POLLIN, 0}};
	__u64 time = wire_now(), left = next > time ? next - time : 0;
	struct timespec timeout = {left / (1000 * MS), left % (1000 * MS)};

	ppoll(fds, wire ? 2 : 1, &timeout, NULL);
}

/* Runs it to its end; nothing comes by the tun device. */
void wire_run(struct pinger *pinger, struct told *told)
{
	__u64 next, limit = wire_now() + LIMIT;
	int done;

	while (!(done = pinger_run(pinger, told_add, told, &next))) {
		assert_true(wire_now() < limit);
		wire_wait(pinger, false, next);
	}
	assert_int_equal(done, 1);
	assert_true(wire_now() < limit);
}

/* The next packet that the namespace sends by the tun device and that is a ping. */
size_t wire_take(struct pinger *pinger, struct told *told, unsigned char *packet, size_t size)
{
	__u64 next, limit = wire_now() + LIMIT;
	ssize_t got;

	for (;;) {
		assert_true(wire_now() < limit);
		got = read(tun, packet, size);
		if (got >= 28 && packet[0] >> 4 == 4 && packet[9] == IPPROTO_ICMP)
			return got;
		if (got >= 48 && packet[0] >> 4 == 6 && packet[6] == IPPROTO_ICMPV6 &&
		    packet[40] == 128)
			return got;
		if (got >= 0)
			continue;
		pinger_run(pinger, told_add, told, &next);
		wire_wait(pinger, true, next);
	}
}

__u32 wire_sum(__u32 sum, const unsigned char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sum += i & 1 ? data[i] : data[i] << 8;
	return sum;
}

void wire_put_sum(unsigned char *at, __u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	at[0] = ~sum >> 8;
	at[1] = ~sum;
}

/* Right checksums for an IPv4 packet, in place. */
void wire_seal_v4(unsigned char *packet, size_t size)
{
	memset(packet + 10, 0, 2);
	memset(packet + 22, 0, 2);
	wire_put_sum(packet + 10, wire_sum(0, packet, 20));
	wire_put_sum(packet + 22, wire_sum(0, packet + 20, size - 20));
}

void wire_inject(const unsigned char *packet, size_t size)
{
	assert_int_equal(write(tun, packet, size), size);
}

/* A request becomes its reply. */
void wire_reply_v4(unsigned char *packet, size_t size)
{
	unsigned char address[4];

	memcpy(address, packet + 12, 4);
	memcpy(packet + 12, packet + 16, 4);
	memcpy(packet + 16, address, 4);
	packet[8] = 57; /* TTL */
	packet[20] = 0;
	wire_seal_v4(packet, size);
}

void wire_reply_v6(unsigned char *packet, size_t size)
{
	unsigned char address[16];

	memcpy(address, packet + 8, 16);
	memcpy(packet + 8, packet + 24, 16);
	memcpy(packet + 24, address, 16);
	packet[7] = 57; /* hop limit */
	packet[40] = 129;
	memset(packet + 42, 0, 2);
	wire_put_sum(packet + 42, wire_sum(size - 40 + IPPROTO_ICMPV6, packet + 8, size - 8));
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fail_msg("%s: %s", path, strerror(errno));
	close(fd);
}

void allow_ping_sockets(bool allow)
{
	char range[32] = "1 0";

	if (allow)
		snprintf(range, sizeof(range), "%u %u", getegid(), getegid());
	write_file("/proc/sys/net/ipv4/ping_group_range", range);
}

int ping_sockets(void **state)
{
	(void)state;
	allow_ping_sockets(true);
	return 0;
}

int raw_sockets(void **state)
{
	(void)state;
	allow_ping_sockets(false);
	return 0;
}

/* That all of it is there, of one ping, and in order. */
void told_whole(const struct told *told, size_t n, __u16 seq)
{
	static const enum icmpx_probe order[] = {ICMPX_TP_USER_SEND, ICMPX_TP_STAMP_SCHED,
						 ICMPX_TP_STAMP_SENT, ICMPX_TP_STAMP_RECEIVED,
						 ICMPX_TP_USER_RECEIVE};
	__u64 last = 0;

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		const struct icmpx_event *event = told_get(told, order[i], n);
		bool reply = i >= 3;

		assert_true(event->time >= last);
		last = event->time;
		assert_int_equal(ntohs(event->packet.seq), seq);
		assert_int_equal(event->packet.kind, reply ? ICMPX_KIND_REPLY : ICMPX_KIND_REQUEST);
		assert_int_equal(event->packet.type,
				 event->packet.family == 6 ? (reply ? 129 : 128) : (reply ? 0 : 8));
		assert_int_equal(event->record, ICMPX_RECORD_EVENT);
		assert_int_equal(event->tgid, getpid());
		assert_int_equal(event->syscall, -1);
	}
	assert_true(last <= wire_now());
}

void wire_set_up(const char *name, bool up)
{
	_cleanup_(close) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_flags = up ? IFF_UP : 0};

	strcpy(request.ifr_name, name);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
}

static void set_mtu(const char *name, int mtu)
{
	_cleanup_(close) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_mtu = mtu};

	strcpy(request.ifr_name, name);
	assert_int_equal(ioctl(fd, SIOCSIFMTU, &request), 0);
}

/* The namespace, with 192.0.2.1/24 and 2001:db8::1/64 on tun0 and no other route. */
const char *wire_make(void)
{
	struct ifreq request = {.ifr_name = "tun0", .ifr_flags = IFF_TUN | IFF_NO_PI};

	if (unshare(CLONE_NEWNET))
		return "CAP_SYS_ADMIN, for a network namespace";
	tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (tun < 0 || ioctl(tun, TUNSETIFF, &request))
		return "/dev/net/tun";
	return NULL;
}

static void set_addresses(void)
{
	_cleanup_(close) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	_cleanup_(close) int fd6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_name = "tun0"};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct in6_ifreq request6 = {.ifr6_prefixlen = 64, .ifr6_ifindex = if_nametoindex("tun0")};

	/* So that the address can be used at once. */
	write_file("/proc/sys/net/ipv6/conf/tun0/accept_dad", "0");
	inet_pton(AF_INET, "192.0.2.1", &v4.sin_addr);
	memcpy(&request.ifr_addr, &v4, sizeof(v4));
	assert_int_equal(ioctl(fd, SIOCSIFADDR, &request), 0);
	inet_pton(AF_INET, "255.255.255.0", &v4.sin_addr);
	memcpy(&request.ifr_netmask, &v4, sizeof(v4));
	assert_int_equal(ioctl(fd, SIOCSIFNETMASK, &request), 0);
	inet_pton(AF_INET6, "2001:db8::1", &request6.ifr6_addr);
	assert_int_equal(ioctl(fd6, SIOCSIFADDR, &request6), 0);
}

/* The kernel turns its receive stamps on some time after a socket wants them: until it has,
 * and for as long as the socket of `keeper` lives. */
static struct pinger *turn_on_stamps(void)
{
	struct pinger *keeper = wire_start("127.0.0.1", 1, 0);
	struct told told = {};

	for (int i = 0; i < 100 && !told_nth(&told, ICMPX_TP_STAMP_RECEIVED, 0); i++) {
		struct pinger *pinger = wire_start("127.0.0.1", 1, 0);

		told.count = 0;
		wire_run(pinger, &told);
		pinger_close(pinger);
	}
	told_get(&told, ICMPX_TP_STAMP_RECEIVED, 0);
	return keeper;
}

/* A new address is for use only when the kernel has worked on it, later. */
static void await_address_v6(void)
{
	_cleanup_(close) int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in6 own = {.sin6_family = AF_INET6};
	__u64 limit = wire_now() + LIMIT;

	inet_pton(AF_INET6, "2001:db8::1", &own.sin6_addr);
	while (bind(fd, (struct sockaddr *)&own, sizeof(own))) {
		assert_true(wire_now() < limit);
		poll(NULL, 0, 1);
	}
}

int wire_setup(void **state)
{
	/* ICMP errors come from where there is no route to. */
	write_file("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
	write_file("/proc/sys/net/ipv4/conf/tun0/rp_filter", "0");
	wire_set_up("lo", true);
	set_addresses();
	set_mtu("tun0", 1500);
	wire_set_up("tun0", true);
	await_address_v6();
	*state = turn_on_stamps();
	return 0;
}

int wire_teardown(void **state)
{
	pinger_close(*state);
	return 0;
}
