// SPDX-License-Identifier: GPL-2.0-only
/* Who is above and below whom, and what follows from it. */
#include "unit.h"

#include <string.h>

#include "caveats.h"
#include "stack.h"

/* Two cards in a bond, on which are a VLAN, on that a macvlan, and a bridge; a third card. */
enum { CARD1 = 1, CARD2, BOND, VLAN, MACVLAN, BRIDGE, CARD3, COUNT = CARD3 };

static struct link links[COUNT];
static struct stack stack;

static struct link *of(__u32 ifindex)
{
	return &links[ifindex - 1];
}

static void build(const char *cards)
{
	stack = (struct stack){.links = links, .count = COUNT};
	memset(links, 0, sizeof(links));
	for (__u32 i = 1; i <= COUNT; i++)
		*of(i) = (struct link){.ifindex = i};
	strcpy(of(CARD1)->name, "card1");
	strcpy(of(CARD2)->kind, cards);
	of(CARD1)->master = of(CARD2)->master = BOND;
	strcpy(of(BOND)->kind, "bond");
	strcpy(of(BOND)->name, "bond0");
	of(BOND)->master = BRIDGE;
	strcpy(of(VLAN)->kind, "vlan");
	of(VLAN)->on = BOND;
	strcpy(of(VLAN)->name, "bond0.5");
	strcpy(of(MACVLAN)->kind, "macvlan");
	of(MACVLAN)->on = VLAN;
	strcpy(of(BRIDGE)->kind, "bridge");
}

static void levels(void **state)
{
	static const int expected[COUNT + 1][COUNT + 1] = {
		/*          -  card1 card2 bond vlan macvlan bridge card3 */
		[CARD1] = {0, 0, STACK_NONE, 1, 2, 3, 2, STACK_NONE},
		[BOND] = {0, -1, -1, 0, 1, 2, 1, STACK_NONE},
		[VLAN] = {0, -2, -2, -1, 0, 1, STACK_NONE, STACK_NONE},
		[MACVLAN] = {0, -3, -3, -2, -1, 0, STACK_NONE, STACK_NONE},
		[BRIDGE] = {0, -2, -2, -1, STACK_NONE, STACK_NONE, 0, STACK_NONE},
		[CARD3] = {0, STACK_NONE, STACK_NONE, STACK_NONE, STACK_NONE, STACK_NONE,
			   STACK_NONE, 0},
	};

	(void)state;
	build("");
	for (__u32 from = 1; from <= COUNT; from++) {
		stack_look(&stack, from);
		for (__u32 i = 1; from != CARD2 && i <= COUNT; i++)
			assert_int_equal(of(i)->level, expected[from][i]);
	}
}

static void heights(void **state)
{
	static const unsigned int expected[] = {0, 0, 0, 1, 2, 3, 2, 0};

	(void)state;
	build("");
	for (__u32 i = 1; i <= COUNT; i++)
		assert_int_equal(stack_height(&stack, i), expected[i]);
}

/* That the kernel's numbers run in a circle is not to be; it may change between two messages. */
static void circle_ends(void **state)
{
	(void)state;
	build("");
	of(BRIDGE)->master = CARD1;
	stack_look(&stack, BOND);
	assert_int_equal(of(BOND)->level, 0);
}

static void veth_anywhere_below_loses(void **state)
{
	(void)state;
	build("veth");
	for (__u32 i = 1; i <= COUNT; i++) {
		stack_look(&stack, i);
		assert_int_equal(!!stack_native_loses(&stack), i != CARD1 && i != CARD3);
	}
	build("");
	stack_look(&stack, MACVLAN);
	assert_null(stack_native_loses(&stack));
}

static void resting_ports_anywhere_below_double(void **state)
{
	(void)state;
	build("");
	stack_look(&stack, MACVLAN);
	assert_null(stack_native_doubles(&stack));
	of(BOND)->ports_rest = true;
	for (__u32 i = 1; i <= COUNT; i++) {
		stack_look(&stack, i);
		assert_int_equal(!!stack_native_doubles(&stack), i >= BOND && i <= BRIDGE);
	}
}

static bool says(const struct caveats *caveats, const char *words)
{
	for (size_t i = 0; i < caveats->count; i++)
		if (strstr(caveats->text[i], words))
			return true;
	return false;
}

static void modes_have_their_caveats(void **state)
{
	struct caveats caveats = {};

	(void)state;
	build("veth");
	of(BOND)->ports_rest = true;
	stack_look(&stack, BOND);
	caveats_of_stack(&stack, MODE_GENERIC, &caveats);
	assert_int_equal(caveats.count, 0);
	caveats_of_stack(&stack, MODE_NATIVE, &caveats);
	assert_int_equal(caveats.count, 2);
	assert_true(says(&caveats, "loses every reply"));
	assert_true(says(&caveats, "port that is not active"));
}

static void place_has_its_caveats(void **state)
{
	struct caveats caveats = {};

	(void)state;
	build("");
	stack_look(&stack, CARD1);
	caveats_of_stack(&stack, MODE_GENERIC, &caveats);
	assert_int_equal(caveats.count, 1);
	assert_true(says(&caveats, "attach to bond0"));
	caveats = (struct caveats){};
	of(CARD1)->xdp = true;
	stack_look(&stack, BOND);
	caveats_of_stack(&stack, MODE_GENERIC, &caveats);
	assert_int_equal(caveats.count, 1);
	assert_true(says(&caveats, "card1 below it"));
}

static void traffic_control_has_its_caveats(void **state)
{
	static const struct {
		struct egress egress;
		const char *words;
	} cases[] = {
		{{.qdisc = "netem"}, "qdisc netem"},
		{{.redirects = "u32"}, "(u32) before the learner redirects"},
		{{.mirrors = "matchall"}, "(matchall) mirrors"},
		{{.others = "bpf"}, "filter (bpf)"},
		{{.tcx = true}, "program (tcx)"},
		{{.ingress = true}, "at ingress"},
	};
	struct caveats all = {};

	(void)state;
	caveats_of_egress(&(struct egress){}, &all);
	assert_int_equal(all.count, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct caveats caveats = {};

		caveats_of_egress(&cases[i].egress, &caveats);
		assert_int_equal(caveats.count, 1);
		assert_true(says(&caveats, cases[i].words));
	}
	for (int i = 0; i < 3; i++)
		caveats_of_egress(&(struct egress){"a", "b", "c", "d", true, true}, &all);
	assert_int_equal(all.count, CAVEATS_MAX);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(levels),
	cmocka_unit_test(heights),
	cmocka_unit_test(circle_ends),
	cmocka_unit_test(veth_anywhere_below_loses),
	cmocka_unit_test(resting_ports_anywhere_below_double),
	cmocka_unit_test(modes_have_their_caveats),
	cmocka_unit_test(place_has_its_caveats),
	cmocka_unit_test(traffic_control_has_its_caveats),
};

UNIT_MAIN(tests)
