// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "export_data.h"
#include "leases.h"
#include "util.h"

void export_free(struct export_data *data)
{
	for (size_t i = 0; i < data->count; i++)
		free(data->interfaces[i].counters);
	free(data->interfaces);
	*data = (struct export_data){};
}

static int read_leases(struct export_interface *interface)
{
	const struct attachment *a = &interface->attachment;
	_cleanup_(free) struct lease_row *rows = NULL;
	size_t count = 0;
	int err = leases_read(&a->dir, a->ifname, &a->config, &rows, &count);

	for (size_t i = 0; i < count && !err; i++) {
		int family = rows[i].v6 ? FAMILY_V6 : FAMILY_V4;

		if (rows[i].remaining > 0)
			interface->valid[family]++;
		else
			interface->expired[family]++;
	}
	return err;
}

/* One that cannot be read does not hide the others; one that is detached just now is none. */
static void read_interface(struct export_data *data, const struct attachment *a)
{
	struct export_interface *interface = &data->interfaces[data->count];
	int err;

	*interface = (struct export_interface){.attachment = *a};
	err = counters_read(&a->dir, &interface->counters);
	if (!err)
		err = read_leases(interface);
	if (!err) {
		data->count++;
		return;
	}
	free(interface->counters);
	if (err != -ENOENT)
		data->unreadable++;
}

static int read_attachments(struct export_data *data, struct refusal *why)
{
	_cleanup_(free) struct attachment *list = NULL;
	size_t count = 0;
	int err = xdp_list(&list, &count);

	if (err)
		return select_refuse(why, "bpffs", "cannot list what is attached", err);
	data->interfaces = calloc(count ?: 1, sizeof(*data->interfaces));
	if (!data->interfaces)
		return select_refuse(why, "export", "cannot read", -ENOMEM);
	for (size_t i = 0; i < count; i++) {
		data->states[list[i].state]++;
		if (select_is_readable(&list[i]))
			read_interface(data, &list[i]);
	}
	return 0;
}

int export_collect(struct export_data *data, struct refusal *why)
{
	__u64 start = clock_now();
	int err;

	*data = (struct export_data){};
	err = read_attachments(data, why);
	if (!err) {
		err = snmp_read(&data->kernel);
		if (err)
			select_refuse(why, "/proc/net/snmp", "cannot read", err);
	}
	if (err)
		export_free(data);
	data->seconds = (clock_now() - start) / 1e9;
	return err;
}

static __u64 resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return (__u64)pages * getpagesize();
}

void export_measure_self(struct export_self *self)
{
	self->cpu = clock_read(CLOCK_PROCESS_CPUTIME_ID) / 1e9;
	self->memory = resident();
}
