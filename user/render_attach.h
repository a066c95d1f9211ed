/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_RENDER_ATTACH_H
#define ICMPX_RENDER_ATTACH_H

#include <stdio.h>

#include "caveats.h"
#include "xdp.h"

/* What attach and detach did, as a line for people or a JSON object a line. */
void render_attach_text(FILE *out, const char *ifname, const struct attach_options *options,
			const struct attach_result *result);
void render_attach_json(FILE *out, const char *ifname, const struct attach_options *options,
			const struct attach_result *result, const struct caveats *caveats);

/* That an attachment, as it was found, is gone. */
void render_detach_text(FILE *out, const char *ifname, const struct attachment *a);
void render_detach_json(FILE *out, const char *ifname, const struct attachment *a);

#endif
