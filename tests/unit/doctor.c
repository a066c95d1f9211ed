// SPDX-License-Identifier: GPL-2.0-only
/* What doctor concludes from what it found. */
#include "unit.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "netdev.h"
#include "render.h"

static struct link lone;

/* A machine that can do all, and an interface of a driver. */
static struct doctor healthy(const char *driver)
{
	struct doctor doctor = {.release = "6.1.0", .libxdp = true, .bpffs = "/sys/fs/bpf/icmpx"};

	for (int i = 0; i < FEATURE_MAX; i++)
		doctor.features[i] = (struct feature){.name = "feature", .purpose = "purpose"};
	for (int i = 0; i < CAPS_MAX; i++)
		doctor.caps[i] = (struct cap_state){.name = "CAP", .purpose = "x", .held = true};
	if (driver) {
		doctor.has_device = true;
		doctor.device.device = (struct device){
			.name = "eth0", .ifindex = 2, .mtu = 1500, .ethernet = true};
		strcpy(doctor.device.device.driver, driver);
		lone = (struct link){.ifindex = 2, .name = "eth0"};
		if (!strcmp(driver, "veth"))
			strcpy(lone.kind, driver);
		doctor.device.stack = (struct stack){.links = &lone, .count = 1};
		doctor.device.native.why = doctor.device.generic.why = "because";
	}
	return doctor;
}

static const struct choice *about(const struct doctor *doctor, const char *what)
{
	for (size_t i = 0; i < doctor->choice_count; i++) {
		if (!strcmp(doctor->choices[i].about, what))
			return &doctor->choices[i];
	}
	return NULL;
}

static void attach_is_possible(void **state)
{
	struct doctor doctor = healthy(NULL);

	(void)state;
	doctor_conclude(&doctor);
	assert_true(about(&doctor, "attach")->possible);
	assert_null(about(&doctor, "mode")); /* of which interface? */
	assert_string_equal(about(&doctor, "programs")->what, "several");
}

static void capability_is_missing(void **state)
{
	struct doctor doctor = healthy(NULL);

	(void)state;
	doctor.caps[CAPS_NET_ADMIN] = (struct cap_state){.name = "CAP_NET_ADMIN"};
	doctor.features[FEATURE_XDP].err = -EPERM;
	doctor_conclude(&doctor);
	assert_int_equal(doctor.choice_count, 1);
	assert_false(doctor.choices[0].possible);
	assert_string_equal(doctor.choices[0].why, "CAP_NET_ADMIN is missing");
}

static void feature_is_missing(void **state)
{
	struct doctor doctor = healthy("veth");

	(void)state;
	doctor.features[FEATURE_SCHED_CLS] =
		(struct feature){.name = "sched_cls", .purpose = "the learner", .err = -EINVAL};
	doctor_conclude(&doctor);
	assert_int_equal(doctor.choice_count, 1);
	assert_false(doctor.choices[0].possible);
	assert_string_equal(doctor.choices[0].why, "sched_cls (the learner): EINVAL");
}

static void not_ethernet(void **state)
{
	struct doctor doctor = healthy("tun");

	(void)state;
	doctor.device.device.ethernet = false;
	doctor_conclude(&doctor);
	assert_string_equal(doctor.choices[0].why, "eth0 is not an Ethernet interface");
}

static const struct {
	const char *driver;
	bool known;
	__u64 features;
	struct xdp_trial native;
	const char *mode;
} modes[] = {
	{"veth", true, NETDEV_XDP_BASIC, {.done = true}, "generic"},
	{"ixgbe", true, NETDEV_XDP_BASIC, {}, "native"},
	{"e1000", true, 0, {}, "generic"},
	{"ixgbe", false, 0, {}, "native"},
	{"ixgbe", false, 0, {.done = true}, "native"},
	{"ixgbe", true, NETDEV_XDP_BASIC, {.done = true, .err = -ERANGE}, "generic"},
};

static void mode_of_driver(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		struct doctor doctor = healthy(modes[i].driver);

		doctor.device.features_known = modes[i].known;
		doctor.device.features = modes[i].features;
		doctor.device.native = modes[i].native;
		doctor_conclude(&doctor);
		assert_string_equal(about(&doctor, "mode")->what, modes[i].mode);
	}
}

/* Interface 2 with a bond above it or as a bond, each with a VLAN above. */
static struct doctor bonded(bool is_port, const char *kind, bool ports_rest)
{
	static struct link links[3];
	struct doctor doctor = healthy("ixgbe");

	doctor.device.native.done = true;
	links[0] = (struct link){.ifindex = is_port ? 2 : 3, .master = is_port ? 3 : 2};
	links[1] = (struct link){.ifindex = is_port ? 3 : 2, .ports_rest = ports_rest};
	links[2] = (struct link){.ifindex = 4, .on = links[1].ifindex, .kind = "vlan"};
	strcpy(links[0].name, "slave");
	strcpy(links[1].name, "master");
	strcpy(links[2].name, "vlan");
	strcpy(links[1].kind, kind);
	doctor.device.stack = (struct stack){.links = links, .count = 3};
	stack_look(&doctor.device.stack, 2);
	doctor_conclude(&doctor);
	return doctor;
}

static void port_is_not_the_place(void **state)
{
	static const struct {
		const char *master; /* the kind; "": net_failover's, and what else a driver makes */
		bool place;
	} cases[] = {{"bond", false},  {"team", false}, {"", false},
		     {"bridge", true}, {"vrf", true},   {"openvswitch", true}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct doctor doctor = bonded(true, cases[i].master, true);

		assert_int_equal(about(&doctor, "attach")->possible, cases[i].place);
		if (!cases[i].place)
			assert_non_null(strstr(about(&doctor, "attach")->why, "attach to master"));
		doctor = bonded(false, cases[i].master, false);
		assert_true(about(&doctor, "attach")->possible);
	}
}

static void bond_whose_ports_rest_is_generic(void **state)
{
	struct doctor doctor = bonded(false, "bond", true);

	(void)state;
	assert_string_equal(about(&doctor, "mode")->what, "generic");
	assert_non_null(strstr(about(&doctor, "mode")->why, "not active"));
	doctor = bonded(false, "bond", false);
	assert_string_equal(about(&doctor, "mode")->what, "native");
}

static void neighbours_are_named(void **state)
{
	struct doctor doctor = bonded(false, "bond", true);
	struct capture capture;
	char *text;

	(void)state;
	strcpy(doctor.device.stack.links[1].bond_mode, "active-backup");
	doctor.device.stack.links[0].state = PORT_INACTIVE;
	render_doctor_text(capture_begin(&capture), &doctor);
	text = capture_end(&capture);
	assert_non_null(strstr(text, "mode active-backup: the kernel drops"));
	assert_non_null(strstr(text, "slave (not active)\n"));
	assert_non_null(strstr(text, "vlan (vlan)\n"));
	free(text);
}

static void somebody_else_is_attached(void **state)
{
	struct doctor doctor = healthy("veth");

	(void)state;
	doctor.device.xdp_id = 42;
	doctor.features[FEATURE_DISPATCHER].err = -EPERM;
	doctor_conclude(&doctor);
	assert_false(about(&doctor, "programs")->possible);
	assert_string_equal(about(&doctor, "programs")->why,
			    "program 42 is attached, and without freplace (EPERM) there can be one "
			    "alone");
	doctor.device.ours = true;
	doctor_conclude(&doctor);
	assert_true(about(&doctor, "programs")->possible);
}

static void dispatcher_is_not_built(void **state)
{
	struct doctor doctor = healthy("veth");

	(void)state;
	doctor.libxdp = false;
	doctor_conclude(&doctor);
	assert_string_equal(about(&doctor, "programs")->what, "one");
	assert_string_equal(about(&doctor, "programs")->why,
			    "without libxdp (not built in) icmpx must be the only XDP program");
}

static void dispatcher_is_not_allowed(void **state)
{
	struct doctor doctor = healthy("veth");

	(void)state;
	doctor.caps[CAPS_SYS_ADMIN].held = false;
	doctor_conclude(&doctor);
	assert_true(about(&doctor, "attach")->possible);
	assert_string_equal(about(&doctor, "programs")->what, "one");
	doctor.device.xdp_id = 42;
	doctor_conclude(&doctor);
	assert_false(about(&doctor, "programs")->possible);
	assert_string_equal(about(&doctor, "programs")->why,
			    "program 42 is attached, and libxdp's dispatcher takes CAP_SYS_ADMIN");
}

static void warning_is_shown(void **state)
{
	struct setting settings[] = {
		{.name = "net.ipv4.a", .value = "1", .meaning = "harmless"},
		{.name = "net.ipv4.b", .value = "2", .meaning = "beware", .warn = true},
	};
	struct doctor doctor = healthy("veth");
	struct capture capture;
	char *text;

	(void)state;
	doctor.settings = settings;
	doctor.setting_count = 2;
	doctor_conclude(&doctor);
	render_doctor_text(capture_begin(&capture), &doctor);
	text = capture_end(&capture);
	assert_non_null(strstr(text, "\n  net.ipv4.a = 1\n      harmless\n"));
	assert_non_null(strstr(text, "\n! net.ipv4.b = 2\n      beware\n"));
	assert_non_null(strstr(text, "\n! beware\n"));
	assert_null(strstr(text, "\n! harmless\n"));
	free(text);
}

static void json_is_whole(void **state)
{
	struct doctor doctor = healthy("veth");
	struct json_object *json, *member;
	struct capture capture;
	char *text;

	(void)state;
	doctor.features[FEATURE_FENTRY].err = -EPERM;
	doctor_conclude(&doctor);
	render_doctor_json(capture_begin(&capture), &doctor);
	text = capture_end(&capture);
	json = json_tokener_parse(text);
	assert_non_null(json);
	assert_int_equal(json_pointer_get(json, "/features/6/errno", &member), 0);
	assert_string_equal(json_object_get_string(member), "EPERM");
	assert_int_equal(json_pointer_get(json, "/interface/driver_has_native", &member), 0);
	assert_null(member);
	assert_int_equal(json_pointer_get(json, "/attach_here/mode/choice", &member), 0);
	assert_string_equal(json_object_get_string(member), "generic");
	json_object_put(json);
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(attach_is_possible),
	cmocka_unit_test(capability_is_missing),
	cmocka_unit_test(feature_is_missing),
	cmocka_unit_test(not_ethernet),
	cmocka_unit_test(mode_of_driver),
	cmocka_unit_test(somebody_else_is_attached),
	cmocka_unit_test(dispatcher_is_not_built),
	cmocka_unit_test(dispatcher_is_not_allowed),
	cmocka_unit_test(warning_is_shown),
	cmocka_unit_test(json_is_whole),
	cmocka_unit_test(port_is_not_the_place),
	cmocka_unit_test(bond_whose_ports_rest_is_generic),
	cmocka_unit_test(neighbours_are_named),
};

UNIT_MAIN(tests)
