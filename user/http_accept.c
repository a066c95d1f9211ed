// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http.h"

/* One element of the header, up to its comma: "text/plain;version=0.0.4;q=0.5". */
struct range {
	const char *at, *end;
};

/* The next of the parts that `separator` divides, without the blanks around it. */
static bool next_part(struct range *rest, char separator, struct range *part)
{
	const char *stop;

	if (rest->at >= rest->end)
		return false;
	stop = memchr(rest->at, separator, rest->end - rest->at) ?: rest->end;
	*part = (struct range){rest->at, stop};
	rest->at = stop + 1;
	while (part->at < part->end && isspace((unsigned char)*part->at))
		part->at++;
	while (part->end > part->at && isspace((unsigned char)part->end[-1]))
		part->end--;
	return true;
}

static bool is_text(const struct range *part, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(part->end - part->at) == length && !strncasecmp(part->at, text, length);
}

/* In thousandths, as it is written: 0 to 1 with three digits at most. Anything else: 1. */
static int quality(const struct range *part)
{
	int value = 0, unit = 1000;

	if (part->end - part->at < 3 || strncasecmp(part->at, "q=", 2))
		return -1;
	for (const char *at = part->at + 2; at < part->end; at++) {
		if (*at == '.' && at == part->at + 3)
			continue;
		if (!isdigit((unsigned char)*at) || !unit)
			return 1000;
		value += (*at - '0') * unit;
		unit /= 10;
	}
	return value > 1000 ? 1000 : value;
}

static int element_quality(struct range rest)
{
	struct range part;
	int found = 1000;

	while (next_part(&rest, ';', &part))
		if (quality(&part) >= 0)
			found = quality(&part);
	return found;
}

/* A range of all types says nothing about one of them. */
enum metrics_format http_accept(const char *accept)
{
	struct range rest, element, type, parameters;
	int best[METRICS_FORMAT_MAX] = {};

	if (!accept)
		return METRICS_TEXT;
	rest = (struct range){accept, accept + strlen(accept)};
	while (next_part(&rest, ',', &element)) {
		enum metrics_format format = METRICS_TEXT;
		int q;

		parameters = element;
		if (!next_part(&parameters, ';', &type))
			continue;
		if (is_text(&type, "application/openmetrics-text"))
			format = METRICS_OPENMETRICS;
		else if (!is_text(&type, "text/plain") && !is_text(&type, "text/*"))
			continue;
		q = element_quality(parameters);
		if (q > best[format])
			best[format] = q;
	}
	return best[METRICS_OPENMETRICS] && best[METRICS_OPENMETRICS] >= best[METRICS_TEXT]
		       ? METRICS_OPENMETRICS
		       : METRICS_TEXT;
}

/* What names it says more than what names them all. */
bool http_accept_gzip(const char *encodings)
{
	int named = -1, any = 0;
	struct range rest, element, name;

	if (!encodings)
		return false;
	rest = (struct range){encodings, encodings + strlen(encodings)};
	while (next_part(&rest, ',', &element)) {
		struct range parameters = element;

		if (!next_part(&parameters, ';', &name))
			continue;
		if (is_text(&name, "gzip") || is_text(&name, "x-gzip"))
			named = element_quality(parameters);
		else if (is_text(&name, "*"))
			any = element_quality(parameters);
	}
	return named < 0 ? any : named;
}
