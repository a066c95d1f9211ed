// SPDX-License-Identifier: GPL-2.0-only
#include "embedded.h"
#include "gzip.h"
#include "util.h"

/* clang-format off */
#define EMBED(symbol, path)                                                                        \
	asm(".pushsection .rodata\n"                                                               \
	    ".global " #symbol "_begin, " #symbol "_end\n"                                         \
	    #symbol "_begin: .incbin \"" ICMPX_REPORT_DIR "/" path ".gz\"\n"                       \
	    #symbol "_end: .byte 0\n"                                                              \
	    ".popsection\n");                                                                      \
	extern const unsigned char symbol##_begin[], symbol##_end[]
/* clang-format on */

/* X(symbol, recording of tests/golden/); mk/page.mk reads their names here */
#define DEMO(X)                                                                                    \
	X(leases, "6.18-leases.rec")                                                               \
	X(functions, "7-fn.rec")                                                                   \
	X(drop, "6.12-drop.rec")                                                                   \
	X(unreachable, "6.18-unreachable.rec")

EMBED(embedded_page_gz, "page.html");
#define X(symbol, name) EMBED(embedded_##symbol##_gz, name);
DEMO(X)
#undef X

const struct embedded embedded_page = {
	"page.html",
	embedded_page_gz_begin,
	embedded_page_gz_end,
};

const struct embedded embedded_demo[] = {
#define X(symbol, name) {name, embedded_##symbol##_gz_begin, embedded_##symbol##_gz_end},
	DEMO(X)
#undef X
};

const size_t embedded_demo_count = ARRAY_SIZE(embedded_demo);

char *embedded_unpack(const struct embedded *file, size_t *size)
{
	return gzip_unpack(file->begin, file->end, size);
}
