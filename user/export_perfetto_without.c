// SPDX-License-Identifier: GPL-2.0-only
/* In a program without protobuf-c: the format's name; without open() it is one that is not built.
 */
#include "export.h"

const struct export_format export_perfetto = {.name = "perfetto", .binary = true};
