// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

static bool dir_shows(const char *dir, const char *suffix, bool pids, __u64 inode)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	char path[320];
	struct stat st;
	bool found = false;

	if (!stream)
		return false;
	while (!found && (entry = readdir(stream))) {
		if (pids && !isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", dir, entry->d_name, suffix);
		found = !stat(path, &st) && st.st_ino == inode;
	}
	closedir(stream);
	return found;
}

/* Mounts of namespaces, wherever they are: "... - nsfs nsfs rw", root "net:[N]". */
static bool mounts_show(__u64 inode)
{
	FILE *file = fopen("/proc/1/mountinfo", "re") ?: fopen("/proc/self/mountinfo", "re");
	char line[1024], mark[48];
	bool found = false;

	if (!file)
		return false;
	snprintf(mark, sizeof(mark), " net:[%llu] ", inode);
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, mark);
	fclose(file);
	return found;
}

bool netns_lives(__u64 inode)
{
	return mounts_show(inode) || dir_shows("/run/netns", "", false, inode) ||
	       dir_shows("/proc", "/ns/net", true, inode);
}
