// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <zlib.h>

#include "http.h"

#define GZIP   16 /* deflateInit2(): with gzip's header */
#define MEMORY 8  /* its default */

char *http_gzip(const char *text, size_t size, size_t *packed)
{
	z_stream stream = {.next_in = (unsigned char *)text, .avail_in = size};
	size_t most;
	char *out;
	int result;

	if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP + MAX_WBITS, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	most = deflateBound(&stream, size);
	out = malloc(most);
	stream.next_out = (unsigned char *)out;
	stream.avail_out = most;
	result = out ? deflate(&stream, Z_FINISH) : Z_MEM_ERROR;
	*packed = stream.total_out;
	deflateEnd(&stream);
	if (result == Z_STREAM_END)
		return out;
	free(out);
	return NULL;
}
