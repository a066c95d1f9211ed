// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "export.h"
#include "export_file.h"
#include "suggest.h"
#include "util.h"

static const struct export_format *const formats[] = {
	&export_pcapng, &export_perfetto, &export_chrome, &export_folded, &export_ndjson,
};

struct export
{
	const struct export_format *format;
	const char *path;
	struct export_file *file;
	FILE *out;
	void *state;
	int error; /* the first one */
	bool whole;
};

struct exports {
	size_t count;
	bool begun;
	struct export list[EXPORTS_MAX];
};

int export_parse(const char *arg, struct export_request *request, char *why, size_t size)
{
	const char *names[ARRAY_SIZE(formats) + 1] = {};
	size_t length = strcspn(arg, "="), used;
	struct suggestion near;
	char word[32];

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strlen(formats[i]->name) != length || strncmp(arg, formats[i]->name, length))
			continue;
		if (!formats[i]->open) {
			snprintf(why, size, "this icmpx was built without the format %s",
				 formats[i]->name);
			return -EOPNOTSUPP;
		}
		request->format = formats[i];
		request->path = arg + length + (arg[length] == '=');
		if (*request->path)
			return 0;
		snprintf(why, size, "'%s' names no file: FORMAT=FILE", arg);
		return -EINVAL;
	}
	used = snprintf(why, size, "no format '%.*s'; there are", (int)length, arg);
	for (size_t i = 0; i < ARRAY_SIZE(formats) && used < size; i++)
		used += snprintf(why + used, size - used, "%s %s", i ? "," : "", formats[i]->name);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		names[i] = formats[i]->name;
	snprintf(word, sizeof(word), "%.*s", (int)length, arg);
	if (used < size)
		snprintf(why + used, size - used, "%s", suggest(word, "", names, &near));
	return -EINVAL;
}

const char *export_format_name(size_t index)
{
	return index < ARRAY_SIZE(formats) ? formats[index]->name : NULL;
}

int export_twice(const struct export_request *requests, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(requests[i].path, requests[j].path))
				return i;
	return -1;
}

bool export_takes_stdout(const struct export_request *requests, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(requests[i].path, "-"))
			return true;
	return false;
}

static int open_one(const struct export_request *request, const struct catalog *catalog,
		    const char *other, struct export *export, char *why, size_t size)
{
	int err = export_file_open(request->path, &export->file);

	if (err) {
		snprintf(why, size, "%s: cannot write: %s", request->path,
			 err == -EBUSY ? "another icmpx is writing it" : strerror(-err));
		return err;
	}
	export->format = request->format;
	export->path = request->path;
	export->out = export_file_stream(export->file);
	if (other && export_file_is(export->file, other)) {
		snprintf(why, size, "%s: is the recording itself", request->path);
		return -EINVAL;
	}
	if (request->format->binary && isatty(fileno(export->out))) {
		snprintf(why, size, "%s: a terminal; %s is not for reading", request->path,
			 request->format->name);
		return -EINVAL;
	}
	export->state = request->format->open(export->out, catalog);
	if (export->state)
		return 0;
	snprintf(why, size, "%s: cannot write: %s", request->path, strerror(ENOMEM));
	return -ENOMEM;
}

int exports_open(const struct export_request *requests, size_t count, const struct catalog *catalog,
		 const char *other, struct exports **exports, char *why, size_t size)
{
	struct exports *new = calloc(1, sizeof(*new));
	int err = 0;

	if (!new) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	for (size_t i = 0; i < count && !err; i++) {
		err = open_one(&requests[i], catalog, other, &new->list[i], why, size);
		new->count += new->list[i].file != NULL;
	}
	if (!err)
		*exports = new;
	else
		exports_close(new, NULL, NULL);
	return err;
}

/* After each call of a format, with errno 0 before it. */
static void take_result(struct export *export, int err)
{
	if (!err && ferror(export->out))
		err = errno ? -errno : -EIO;
	export->error = err;
}

void exports_header(struct exports *exports, const struct trace_header *header)
{
	if (exports)
		exports->begun = true;
	for (size_t i = 0; exports && i < exports->count; i++) {
		struct export *export = &exports->list[i];

		errno = 0;
		if (export->format->header)
			take_result(export, export->format->header(export->state, header));
	}
}

void exports_ping(struct exports *exports, const struct ping *ping)
{
	for (size_t i = 0; exports && i < exports->count; i++) {
		struct export *export = &exports->list[i];

		if (export->error)
			continue;
		errno = 0;
		take_result(export, export->format->ping(export->state, ping));
	}
}

void exports_end(struct exports *exports, const struct assemble_counts *counts)
{
	/* Of what is no recording there was no header. */
	for (size_t i = 0; exports && exports->begun && i < exports->count; i++) {
		struct export *export = &exports->list[i];

		if (export->error)
			continue;
		errno = 0;
		if (export->format->end)
			take_result(export, export->format->end(export->state, counts));
		export->whole = !export->error;
	}
}

bool exports_failed(const struct exports *exports)
{
	for (size_t i = 0; exports && i < exports->count; i++)
		if (exports->list[i].error)
			return true;
	return false;
}

void exports_close(struct exports *exports, void (*failed)(void *data, const char *path, int err),
		   void *data)
{
	for (size_t i = 0; exports && i < exports->count; i++) {
		struct export *export = &exports->list[i];
		bool is_stdout = export->out == stdout;
		int err;

		if (export->state)
			export->format->close(export->state);
		err = export_file_close(export->file, export->whole);
		if (export->error)
			err = export->error;
		/* Of standard output main() tells. */
		if (err && failed && !(is_stdout && err != -ENOMEM))
			failed(data, export->path, err);
	}
	free(exports);
}
