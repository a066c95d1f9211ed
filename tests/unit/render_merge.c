// SPDX-License-Identifier: GPL-2.0-only
/* A merge as text and as JSON, of a scene whose truth is known; schema.t holds the JSON against
 * docs/trace-schema.md, for which this writes it to the file that ICMPX_SAMPLES names. */
#include "unit.h"

#include "merge_scene.h"
#include "render_merge.h"

static const struct trace_view plain = {.width = 100, .ascii = true};

struct shown {
	struct scene scene;
	struct merge_recording recordings[MACHINE_MAX];
	struct capture capture;
	struct merge_text text;
};

static void shown_begin(struct shown *shown, const struct trace_view *view)
{
	static const char *const names[] = {"east", "west"};
	static const char *const paths[] = {"a.rec", "b.rec"};

	for (int i = 0; i < MACHINE_MAX; i++) {
		struct merge_recording *recording = &shown->recordings[i];

		recording->path = paths[i];
		recording->catalog = catalog_new();
		recording->counts.pings = shown->scene.merge.sides[i].count;
		recording->header = (struct trace_header){.kernel = "6.12.1",
							  .machine = "x86_64",
							  .backend = "tp",
							  .version = "0.1.0"};
		strcpy(recording->header.node, names[i]);
	}
	shown->text = (struct merge_text){capture_begin(&shown->capture), &shown->scene.merge,
					  shown->recordings, view};
}

static char *shown_end(struct shown *shown)
{
	catalog_free(shown->recordings[MACHINE_A].catalog);
	catalog_free(shown->recordings[MACHINE_B].catalog);
	scene_end(&shown->scene);
	return capture_end(&shown->capture);
}

static void has(const char *text, const char *part)
{
	if (strstr(text, part))
		return;
	print_message("not there: %s\nbut: %s\n", part, text);
	fail();
}

/* 100 us there, 300 us back, one clock 2 s ahead: the middle is 2 s less 100 us. */
static struct scene lopsided(void)
{
	struct scene scene = {.offset = 2 * SECOND, .now = 10 * SECOND};

	for (int i = 0; i < 2; i++)
		add_exchange(&scene, (struct exchange){.there = 100 * US, .back = 300 * US});
	return scene;
}

static void clocks_in_words(void **state)
{
	struct shown shown = {.scene = lopsided()};
	char *text;

	(void)state;
	shown.scene.merge.sides[MACHINE_A].epoch = 7 * (__s64)SECOND;
	shown.scene.merge.sides[MACHINE_B].epoch = 4 * (__s64)SECOND;
	join(&shown.scene);
	shown_begin(&shown, &plain);
	render_merge_header_text(&shown.text);
	text = shown_end(&shown);
	has(text, "A: east, a.rec, backend tp, Linux 6.12.1 x86_64, 2 pings\nB: west, b.rec, ");
	has(text, "clock: B's is 1.999900000 s ahead of A's +- 200.0 us (from +1.9996");
	has(text, "time of day: B's is 1.000100000 s behind A's +- 200.");
	free(text);
}

static void a_ping_in_words(void **state)
{
	struct shown shown = {.scene = lopsided()};
	char *text;

	(void)state;
	join(&shown.scene);
	shown_begin(&shown, &plain);
	render_merge_ping_text(&shown.text, &shown.scene.merge.list[0]);
	text = shown_end(&shown);
	has(text, "ping 10.0.0.1 -> 10.0.0.2, id 7 seq 1");
	has(text, "\ncomplete, 465.0 us: from A to B and back\nA east\n");
	has(text, "\nwire, A to B: 200.2 us +- 200.0 us (0.0 us to 400.0 us)\nB west\n");
	has(text, "\nwire, B to A: 199.8 us +- 200.0 us (0.0 us to 400.0 us)\nA east\n");
	has(text, "stages: 465.0 us in all, of it 400.0 us on the wire there and back\n");
	has(text, "\n - one_way    request, on the wire, +- 200.0 us ");
	free(text);
}

static void losses_in_words(void **state)
{
	static const char *const words[] = {
		"request lost: it left A, but did not arrive at B",
		"reply lost: the request arrived at B and was answered; the reply left B, but did",
		"request lost: it left B, but did not arrive at A",
		"not answered: the request arrived at B; no reply left",
		"not read: the reply came back from B to A, where it was not read",
	};
	struct shown shown = {.scene = lopsided()};
	char *text;

	(void)state;
	add_exchange(&shown.scene, (struct exchange){.sender = MACHINE_B});
	add_exchange(&shown.scene, (struct exchange){.request_lost = true});
	add_exchange(&shown.scene, (struct exchange){.reply_lost = true});
	add_exchange(&shown.scene, (struct exchange){.sender = MACHINE_B, .request_lost = true});
	add_exchange(&shown.scene, (struct exchange){.dropped = true});
	add_exchange(&shown.scene, (struct exchange){.unread = true});
	record_on(&shown.scene, 2 * SECOND);
	join(&shown.scene);
	shown_begin(&shown, &plain);
	for (size_t i = 0; i < shown.scene.merge.count; i++)
		render_merge_ping_text(&shown.text, &shown.scene.merge.list[i]);
	render_merge_end_text(&shown.text);
	text = shown_end(&shown);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		has(text, words[i]);
	has(text,
	    "8 pings: 3 complete, 1 not read, 1 reply lost, 1 not answered, 2 request lost\n");
	free(text);
}

/* No number where there is no knowledge. */
static void one_side_in_words(void **state)
{
	struct shown shown = {.scene = {.offset = -(__s64)SECOND, .now = 10 * SECOND}};
	char *text;

	(void)state;
	for (int i = 0; i < 2; i++)
		add_exchange(&shown.scene, (struct exchange){.reply_lost = true});
	join(&shown.scene);
	shown_begin(&shown, &plain);
	render_merge_header_text(&shown.text);
	render_merge_ping_text(&shown.text, &shown.scene.merge.list[0]);
	text = shown_end(&shown);
	has(text, "clock: nothing went from B to A: B's less A's is -0.99");
	has(text, "wire, A to B: not known\n");
	has(text, "stages: 25.0 us as far as they are known\n"); /* A's 5, B's 20 */
	free(text);
}

static void nat_in_words(void **state)
{
	struct shown shown = {.scene = {.offset = SECOND, .now = 10 * SECOND}};
	char *text;

	(void)state;
	add_exchange(&shown.scene, (struct exchange){.nat = true, .cookie = COOKIE});
	join(&shown.scene);
	shown_begin(&shown, &plain);
	render_merge_ping_text(&shown.text, &shown.scene.merge.list[0]);
	render_merge_end_text(&shown.text);
	text = shown_end(&shown);
	has(text, "ping 10.0.0.1 -> 10.0.0.2, id 7 seq 1\n");
	has(text, "as B sees it:\nping 10.0.0.9 -> 10.0.0.2, id 99 seq 1");
	has(text, "1 known by their payload alone (NAT)");
	free(text);
}

/* --- JSON ----------------------------------------------------------------------- */

static void write_json(struct shown *shown)
{
	struct merge_json *json =
		render_merge_json_new(shown->text.out, &shown->scene.merge, shown->recordings);

	assert_non_null(json);
	render_merge_json_header(json);
	for (size_t i = 0; i < shown->scene.merge.count; i++)
		render_merge_json_ping(json, &shown->scene.merge.list[i]);
	render_merge_json_end(json);
	render_merge_json_free(json);
}

static void keep_sample(const char *text)
{
	const char *path = getenv("ICMPX_SAMPLES");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

static void lines(void **state)
{
	struct shown shown = {.scene = lopsided()};
	char *text;

	(void)state;
	add_exchange(&shown.scene, (struct exchange){.sender = MACHINE_B, .reply_lost = true});
	add_exchange(&shown.scene, (struct exchange){.request_lost = true});
	record_on(&shown.scene, 2 * SECOND);
	join(&shown.scene);
	shown_begin(&shown, &plain);
	write_json(&shown);
	text = shown_end(&shown);
	keep_sample(text);
	has(text, "{\"type\":\"merge\",\"schema\":1,\"a\":{\"file\":\"a.rec\",\"node\":\"east\"");
	has(text, "\"model\":\"line\"");
	has(text, "\"number\":1,\"fate\":\"complete\",\"sender\":\"a\",\"family\":\"ipv4\","
		  "\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\",\"id\":7,\"seq\":1,"
		  "\"rewritten\":false,\"span_ns\":465000,\"wire_ns\":400000,\"offset_ns\":19999");
	has(text, "{\"stage\":\"one_way\",\"leg\":\"request\",\"machine\":null,\"ns\":");
	has(text, "\"number\":3,\"fate\":\"reply_lost\",\"sender\":\"b\"");
	has(text, "\"number\":4,\"fate\":\"request_lost\",\"sender\":\"a\"");
	has(text, "{\"type\":\"merge_end\",\"pings\":4,\"joined\":3,");
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(clocks_in_words), cmocka_unit_test(a_ping_in_words),
	cmocka_unit_test(losses_in_words), cmocka_unit_test(one_side_in_words),
	cmocka_unit_test(nat_in_words),    cmocka_unit_test(lines),
};

UNIT_MAIN(tests)
