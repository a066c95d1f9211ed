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
	return 0;
}
