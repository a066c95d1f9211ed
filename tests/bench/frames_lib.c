// SPDX-License-Identifier: GPL-2.0-only
/* The frames and the oracle of the tests: what is timed is checked, too. */
#include "../prog/frames_lib.c"
