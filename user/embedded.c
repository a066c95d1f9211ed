// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "embedded.h"
#include "util.h"

#define GZIP 16 /* inflateInit2(): with gzip's header */

/* clang-format off */
#define EMBED(symbol, path)                                                                        \
	asm(".pushsection .rodata\n"                                                               \
	    ".global " #symbol "_begin, " #symbol "_end\n"                                         \
	    #symbol "_begin: .incbin \"" ICMPX_REPORT_DIR "/" path ".gz\"\n"                       \
	    #symbol "_end: .byte 0\n"                                                              \
	    ".popsection\n");                                                                      \
	extern const unsigned char symbol##_begin[], symbol##_end[]
/* clang-format on */

/* X(symbol, recording of tests/golden/); the Makefile has their names too */
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

/* The last four bytes of a gzip file. */
static size_t unpacked_size(const struct embedded *file)
{
	const unsigned char *at = file->end - 4;

	return at[0] | at[1] << 8 | at[2] << 16 | (size_t)at[3] << 24;
}

char *embedded_unpack(const struct embedded *file, size_t *size)
{
	size_t length = unpacked_size(file);
	char *text = malloc(length + 1);
	z_stream stream = {
		.next_in = (unsigned char *)file->begin,
		.avail_in = file->end - file->begin,
		.next_out = (unsigned char *)text,
		.avail_out = length,
	};
	int result;

	if (!text || inflateInit2(&stream, GZIP + MAX_WBITS) != Z_OK) {
		free(text);
		return NULL;
	}
	result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (result != Z_STREAM_END) {
		free(text);
		return NULL;
	}
	text[length] = '\0';
	*size = length;
	return text;
}
