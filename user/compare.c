// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "compare.h"
#include "compare_documents.h"

/* A function, or a system call, that these pings passed. */
struct live {
	char *name;
	int probe; /* or -1 */
	enum icmpx_layer layer;
	bool function;
	enum frame_mark mark; /* the best one */
	__u64 total;
	struct {
		enum frame_mark mark;
		__u64 count;
	} paths[DOCUMENTED_MAX];
};

struct comparison {
	bool (*exists)(void *data, const char *name);
	void *data;
	__u64 pings;
	__u64 path_pings[DOCUMENTED_MAX];
	struct live *list;
	size_t count, size;
};

static bool is_documented_as(const struct live *live, const struct document *document)
{
	return document_is(document, live->name, live->function, live->probe);
}

static bool is_documented(const struct live *live)
{
	for (size_t i = 0; i < documents_count; i++)
		if (is_documented_as(live, &documents[i]))
			return true;
	return false;
}

/* --- the pings ----------------------------------------------------------------- */

#define LEG(kind) (1 << ICMPX_KIND_##kind)
#define ECHO      (LEG(REQUEST) | LEG(REPLY))
#define FAILED    (LEG(REQUEST) | LEG(UDP) | LEG(ERROR))

enum socket_kind {
	SOCKET_ANY,
	SOCKET_RAW,
	SOCKET_PING,
};

/* Which hops of which pings a path is about. */
static const struct scope {
	__u8 family;
	__u8 legs[SIDE_MAX];
	enum socket_kind socket;
	bool error;  /* of pings that ended with one */
	bool kernel; /* not of those that the fast path answered */
	bool both;   /* of pings that were seen on both sides */
} scopes[DOCUMENTED_MAX] = {
	[DOCUMENTED_RAW_SENDER] = {4, {[SIDE_SENDER] = ECHO}, SOCKET_RAW},
	[DOCUMENTED_PING_SENDER] = {4, {[SIDE_SENDER] = ECHO}, SOCKET_PING},
	[DOCUMENTED_RESPONDER] = {4, {[SIDE_RESPONDER] = ECHO}, .kernel = true},
	[DOCUMENTED_LOOP] = {4, {ECHO, ECHO}, .kernel = true, .both = true},
	[DOCUMENTED_ICMPV6] = {6, {ECHO, ECHO}, .kernel = true},
	[DOCUMENTED_ERROR_MADE] = {4, {0, FAILED, FAILED}, .error = true},
	[DOCUMENTED_ERROR_TAKEN] = {4, {[SIDE_SENDER] = LEG(ERROR)}, .error = true},
	[DOCUMENTED_ICMPV6_ERROR] = {6, {LEG(ERROR), FAILED, FAILED}, .error = true},
	[DOCUMENTED_UDP] = {4, {LEG(UDP), LEG(UDP)}},
};

static enum socket_kind socket_of(const struct ping *ping, const struct frames *frames)
{
	if (ping->ping_socket)
		return SOCKET_PING;
	if (ping->raw_socket)
		return SOCKET_RAW;
	for (size_t i = 0; i < frames->count; i++) {
		switch (frames->list[i].probe) {
		case ICMPX_FN_PING_V4_SENDMSG:
		case ICMPX_FN_PING_V6_SENDMSG:
			return SOCKET_PING;
		case ICMPX_FN_RAW_SENDMSG:
		case ICMPX_FN_RAWV6_SENDMSG:
			return SOCKET_RAW;
		}
	}
	return SOCKET_ANY;
}

static bool is_in_scope(const struct scope *scope, const struct ping *ping, enum socket_kind socket,
			unsigned int sides)
{
	if (scope->family != ping->packet.family)
		return false;
	if (scope->socket != SOCKET_ANY && scope->socket != socket)
		return false;
	if (scope->error && ping->end != PING_ERROR)
		return false;
	if (scope->kernel && ping->at_driver)
		return false;
	return !scope->both || (sides & 1 << SIDE_SENDER && sides & 1 << SIDE_RESPONDER);
}

/* Functions, and system calls; no tracepoint, whose name may be a function's too. */
static bool is_call(const struct frame *frame)
{
	return frame->function || frame->probe < 0;
}

static struct live *live_of(struct comparison *comparison, const struct frame *frame)
{
	struct live *live;

	for (size_t i = 0; i < comparison->count; i++) {
		live = &comparison->list[i];
		if (live->function == frame->function && !strcmp(live->name, frame->name))
			return live;
	}
	if (comparison->count == comparison->size) {
		size_t size = comparison->size ? 2 * comparison->size : 128;

		live = reallocarray(comparison->list, size, sizeof(*live));
		if (!live)
			return NULL;
		comparison->list = live;
		comparison->size = size;
	}
	live = &comparison->list[comparison->count];
	*live = (struct live){
		.name = strdup(frame->name),
		.probe = frame->probe,
		.layer = frame->layer,
		.function = frame->function,
		.mark = frame->mark,
	};
	if (!live->name)
		return NULL;
	comparison->count++;
	return live;
}

static unsigned int sides_of(const struct ping *ping, const struct frames *frames)
{
	unsigned int sides = 0;

	for (size_t i = 0; i < frames->count; i++)
		if (frames->list[i].function)
			sides |= 1U << ping->hops[frames->list[i].hop].side;
	return sides;
}

static void count_frame(struct comparison *comparison, struct live *live, const struct frame *frame,
			const struct hop *hop, unsigned int paths, unsigned int *passed)
{
	live->total++;
	if (frame->mark < live->mark)
		live->mark = frame->mark;
	for (size_t path = 0; path < DOCUMENTED_MAX; path++) {
		if (!(paths & 1U << path) || !(scopes[path].legs[hop->side] & 1 << hop->leg))
			continue;
		if (!live->paths[path].count++ || frame->mark < live->paths[path].mark)
			live->paths[path].mark = frame->mark;
		if (!frame->function || *passed & 1U << path)
			continue;
		*passed |= 1U << path;
		comparison->path_pings[path]++;
	}
}

int compare_add(struct comparison *comparison, const struct ping *ping, const struct frames *frames)
{
	enum socket_kind socket = socket_of(ping, frames);
	unsigned int sides = sides_of(ping, frames), paths = 0, passed = 0;

	for (size_t path = 0; path < DOCUMENTED_MAX; path++)
		if (is_in_scope(&scopes[path], ping, socket, sides))
			paths |= 1U << path;
	comparison->pings++;
	for (size_t i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->list[i];
		struct live *live;

		if (!is_call(frame))
			continue;
		live = live_of(comparison, frame);
		if (!live)
			return -ENOMEM;
		count_frame(comparison, live, frame, &ping->hops[frame->hop], paths, &passed);
	}
	return 0;
}

struct comparison *compare_new(bool (*exists)(void *data, const char *name), void *data)
{
	struct comparison *comparison = calloc(1, sizeof(*comparison));

	if (!comparison)
		return NULL;
	comparison->exists = exists;
	comparison->data = data;
	return comparison;
}

void compare_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	for (size_t i = 0; i < comparison->count; i++)
		free(comparison->list[i].name);
	free(comparison->list);
	free(comparison);
}

/* --- one against the other ---------------------------------------------------------- */

/* The live function on that path: of the documented name, else the one best known. */
static const struct live *find_live(const struct comparison *comparison,
				    const struct document *document)
{
	enum documented_path path = document->path;
	const struct live *best = NULL;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct live *live = &comparison->list[i];

		if (!live->paths[path].count || !is_documented_as(live, document))
			continue;
		if (!strcmp(live->name, document->name))
			return live;
		if (!best || live->paths[path].mark < best->paths[path].mark ||
		    (live->paths[path].mark == best->paths[path].mark &&
		     live->paths[path].count > best->paths[path].count))
			best = live;
	}
	return best;
}

static void compare_one(const struct comparison *comparison, const struct document *document,
			struct compare_row *row)
{
	const struct live *live = find_live(comparison, document);

	*row = (struct compare_row){.documented = document->name, .layer = document->layer};
	if (!live) {
		row->result = document_exists(document, comparison->exists, comparison->data)
				      ? COMPARE_NOT_SEEN
				      : COMPARE_GONE;
		return;
	}
	row->live = live->name;
	row->mark = live->paths[document->path].mark;
	row->count = live->paths[document->path].count;
	if (row->mark == MARK_INFERRED)
		row->result = COMPARE_INLINED;
	else if (document_is_function(document) && strcmp(live->name, document->name))
		row->result = COMPARE_RENAMED;
	else
		row->result = COMPARE_SAME;
}

/* A function that the kernel lacks, though the documented ones around it were passed: not all
 * of them, since what returns before the next probe is in no call path. */
#define NEIGHBOURHOOD 3

static bool is_between_passed(const struct compare_rows *rows, size_t index)
{
	bool before = false, after = false;

	for (size_t i = 1; i <= NEIGHBOURHOOD; i++) {
		before |= index >= i && rows->list[index - i].live;
		after |= index + i < rows->count && rows->list[index + i].live;
	}
	return before && after;
}

/* The experiment's loop is about counts alone. */
static void add_new(const struct comparison *comparison, enum documented_path path,
		    struct compare_rows *rows)
{
	if (path == DOCUMENTED_LOOP)
		return;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct live *live = &comparison->list[i];

		if (!live->paths[path].count || !live->function || is_documented(live))
			continue;
		rows->list[rows->count++] = (struct compare_row){
			.live = live->name,
			.layer = live->layer,
			.result = COMPARE_NEW,
			.mark = live->paths[path].mark,
			.count = live->paths[path].count,
		};
	}
}

int compare_rows(const struct comparison *comparison, enum documented_path path,
		 struct compare_rows *rows)
{
	*rows = (struct compare_rows){.pings = comparison->path_pings[path]};
	if (!rows->pings)
		return 0;
	rows->list = calloc(documents_count + comparison->count, sizeof(*rows->list));
	if (!rows->list)
		return -ENOMEM;
	for (size_t i = 0; i < documents_count; i++)
		if (documents[i].path == path)
			compare_one(comparison, &documents[i], &rows->list[rows->count++]);
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].result == COMPARE_GONE && is_between_passed(rows, i))
			rows->list[i].result = COMPARE_INLINED;
	add_new(comparison, path, rows);
	return 0;
}

bool compare_function(const struct comparison *comparison, size_t index,
		      struct compare_function *function)
{
	const struct live *live;

	if (index >= comparison->count)
		return false;
	live = &comparison->list[index];
	*function = (struct compare_function){
		.name = live->name,
		.layer = live->layer,
		.mark = live->mark,
		.documented = is_documented(live),
		.system_call = !live->function,
		.count = live->total,
	};
	return true;
}

__u64 compare_pings(const struct comparison *comparison)
{
	return comparison->pings;
}

const char *compare_result_name(enum compare_result result)
{
	static const char *const names[] = {
#define X(id, name, title) name,
		COMPARE_RESULTS(X)
#undef X
	};

	return names[result];
}
