/* SPDX-License-Identifier: GPL-2.0-only */
/* Two requests under way with one id and sequence: a reply cannot be told to
 * be the one's or the other's, so nothing is learned from it. */
#ifndef LEARN_CLASH_H
#define LEARN_CLASH_H

/* The first request, then this second one, then the reply to the first. */
static void reply_after(const struct spec *first, const struct frame *second,
			enum icmpx_lesson want)
{
	struct pair *pair = loaded(false);
	struct frame request, reply;

	frame_build(&request, first);
	reply_build(&reply, first);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	assert_int_equal(ask(pair, second, NULL), XDP_PASS);
	teach(pair, &reply, false, 0, want);
	assert_int_equal(lease_count(pair->echo, first->family), want == ICMPX_LEARNED);
}

static void clash(const struct spec *first, const struct poke *poke, bool mend)
{
	struct poke pokes[POKES] = {*poke};
	struct frame second;

	frame_build(&second, first);
	frame_poke(&second, pokes);
	if (mend)
		frame_mend(&second);
	reply_after(first, &second, ICMPX_UNASKED);
}

static void clash_len(const struct spec *first)
{
	struct spec longer = *first;
	struct frame second;

	longer.payload += 2;
	longer.silent = true; /* two zeroes more: the checksum of ICMP stays */
	frame_build(&second, &longer);
	reply_after(&(struct spec){.family = first->family,
				   .silent = true,
				   .id = first->id,
				   .seq = first->seq,
				   .ttl = first->ttl,
				   .label = first->label,
				   .payload = first->payload},
		    &second, ICMPX_UNASKED);
}

/* Another code, and a payload that makes up for it in the checksum. */
static void clash_code(const struct spec *first)
{
	static const struct poke pokes[POKES] = {POKE(ICMP, 1, "\1"), POKE(ICMP, 41, "\xe7")};
	struct frame plain, second;

	frame_build(&plain, first);
	second = plain;
	frame_poke(&second, pokes);
	frame_mend(&second);
	assert_memory_equal(second.data + second.icmp + 2, plain.data + plain.icmp + 2, 2);
	reply_after(first, &second, ICMPX_UNASKED);
}

static void clash_v4(void **state)
{
	static const struct poke tos = POKE(IP, 1, "\4"), code = POKE(ICMP, 1, "\1"),
				 payload = POKE(ICMP, 40, "!"), mac = POKE(LINK, 5, "!"),
				 vendor = POKE(LINK, 0, "\2"), from = POKE(LINK, 11, "!");
	struct spec in_vlan = plain4;
	struct frame second;

	(void)state;
	frame_build(&second, &plain4);
	reply_after(&plain4, &second, ICMPX_UNASKED); /* the same once more */
	in_vlan.tag[0].proto = TAG_8021Q;
	in_vlan.tag[0].tci = 100;
	frame_build(&second, &in_vlan);
	reply_after(&plain4, &second, ICMPX_UNASKED);
	clash(&plain4, &from, false);
	clash(&plain4, &tos, true);
	clash(&plain4, &code, true);
	clash(&plain4, &payload, true);
	clash(&plain4, &mac, false);
	clash(&plain4, &vendor, false);
	clash_len(&plain4);
	clash_code(&plain4);
}

static void clash_v6(void **state)
{
	static const struct poke class = POKE(IP, 0, "\x61"), label = POKE(IP, 3, "!"),
				 code = POKE(ICMP, 1, "\1"), payload = POKE(ICMP, 40, "!");

	(void)state;
	clash(&plain6, &class, false);
	clash(&plain6, &label, false);
	clash(&plain6, &code, true);
	clash(&plain6, &payload, true);
	clash_len(&plain6);
	clash_code(&plain6);
}

/* One whose reply is another by its number. */
static void no_clash(void **state)
{
	struct spec next = plain4;
	struct frame second;

	(void)state;
	next.seq++;
	next.tos = 4;
	frame_build(&second, &next);
	reply_after(&plain4, &second, ICMPX_LEARNED);
	next = plain4;
	next.peer++;
	next.tos = 4;
	frame_build(&second, &next);
	reply_after(&plain4, &second, ICMPX_LEARNED);
}

/* With the note, which gives way in time. */
static void clash_is_forgotten(void **state)
{
	struct pair *pair = loaded(false);
	int map = requests_of(pair->echo, 4);
	struct frame request, reply, second;
	struct spec other = plain4;
	struct icmpx_request note;
	union asked asked;

	(void)state;
	asked_of(&asked, &plain4);
	other.tos = 4;
	frame_build(&request, &plain4);
	reply_build(&reply, &plain4);
	frame_build(&second, &other);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	assert_int_equal(ask(pair, &second, NULL), XDP_PASS);
	teach(pair, &reply, false, 0, ICMPX_UNASKED);
	assert_int_equal(bpf_map_lookup_elem(map, &asked, &note), 0);
	note.asked -= HZ_NEVER;
	assert_int_equal(bpf_map_update_elem(map, &asked, &note, BPF_ANY), 0);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	teach(pair, &reply, false, 0, ICMPX_LEARNED);
}

#endif
