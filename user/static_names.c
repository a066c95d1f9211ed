// SPDX-License-Identifier: GPL-2.0-only
/*
 * A static program may meet any C library, or none. glibc has looking up in files and DNS built
 * in; for what else /etc/nsswitch.conf names it would load the system's libraries, which fit only
 * if they are of the very same release. So it is told not to look there.
 */
#ifdef ICMPX_STATIC
#include <nss.h>

static void __attribute__((constructor)) static_names(void)
{
	__nss_configure_lookup("hosts", "files dns");
	__nss_configure_lookup("passwd", "files");
	__nss_configure_lookup("group", "files");
	__nss_configure_lookup("initgroups", "files");
}
#endif
