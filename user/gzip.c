// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <zlib.h>

#include "gzip.h"

#define GZIP   16 /* for zlib's window: with gzip's header */
#define MEMORY 8  /* its default */

char *gzip_pack(const char *text, size_t size, size_t *packed)
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

/* The last four bytes of a gzip file. */
static size_t unpacked_size(const unsigned char *end)
{
	const unsigned char *at = end - 4;

	return at[0] | at[1] << 8 | at[2] << 16 | (size_t)at[3] << 24;
}

char *gzip_unpack(const unsigned char *begin, const unsigned char *end, size_t *size)
{
	size_t length = unpacked_size(end);
	char *text = malloc(length + 1);
	z_stream stream = {
		.next_in = (unsigned char *)begin,
		.avail_in = end - begin,
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
