// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>

#include "device.h"
#include "util.h"

/* The number of a feature, as `ethtool -k` names it; -1: the kernel has none of that name. */
static int feature_number(int fd, struct ifreq req, const char *name)
{
	struct {
		struct ethtool_sset_info info;
		__u32 count;
	} sets = {.info = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ULL << ETH_SS_FEATURES}};
	_cleanup_(free) struct ethtool_gstrings *names = NULL;
	int number = -1;

	req.ifr_data = (void *)&sets;
	if (ioctl(fd, SIOCETHTOOL, &req) || !sets.info.sset_mask)
		return -1;
	names = calloc(1, sizeof(*names) + sets.count * ETH_GSTRING_LEN);
	if (!names)
		return -1;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = sets.count;
	req.ifr_data = (void *)names;
	if (ioctl(fd, SIOCETHTOOL, &req))
		return -1;
	for (__u32 i = 0; number < 0 && i < names->len && i < sets.count; i++)
		if (!strncmp((char *)names->data + i * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN))
			number = i;
	return number;
}

/* Whether a feature is on that has no flag of its own. */
static bool has_feature(int fd, struct ifreq req, const char *name)
{
	int number = feature_number(fd, req, name);
	__u32 blocks = number / 32 + 1;
	_cleanup_(free) struct ethtool_gfeatures *features = NULL;

	if (number < 0)
		return false;
	features = calloc(1, sizeof(*features) + blocks * sizeof(features->features[0]));
	if (!features)
		return false;
	features->cmd = ETHTOOL_GFEATURES;
	features->size = blocks;
	req.ifr_data = (void *)features;
	if (ioctl(fd, SIOCETHTOOL, &req))
		return false;
	return features->features[number / 32].active & (1U << number % 32);
}

int device_get(__u32 ifindex, struct device *device)
{
	_cleanup_(close) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ethtool_value flags = {.cmd = ETHTOOL_GFLAGS};
	struct ifreq req = {.ifr_ifindex = ifindex};

	if (fd < 0)
		return -errno;
	*device = (struct device){.ifindex = ifindex};
	if (ioctl(fd, SIOCGIFNAME, &req))
		return -errno;
	memcpy(device->name, req.ifr_name, sizeof(device->name));
	if (ioctl(fd, SIOCGIFHWADDR, &req))
		return -errno;
	device->ethernet = req.ifr_hwaddr.sa_family == ARPHRD_ETHER;
	if (ioctl(fd, SIOCGIFMTU, &req))
		return -errno;
	device->mtu = req.ifr_mtu;
	req.ifr_data = (void *)&info;
	if (!ioctl(fd, SIOCETHTOOL, &req))
		memcpy(device->driver, info.driver, sizeof(device->driver) - 1);
	req.ifr_data = (void *)&flags;
	if (!ioctl(fd, SIOCETHTOOL, &req))
		device->strips_tags = flags.data & ETH_FLAG_RXVLAN;
	device->strips_stags = has_feature(fd, req, "rx-vlan-stag-hw-parse");
	return 0;
}
