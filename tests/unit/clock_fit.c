// SPDX-License-Identifier: GPL-2.0-only
/* Clocks whose truth is known: it is always within the bounds, whatever the delays are. */
#include "unit.h"

#include "clock_fit.h"

#define SECOND 1000000000.0
#define MOST   2000

/* By how much B is ahead when A's clock shows `time` (ns after the first ping). */
typedef double truth(double time);

struct scene {
	__u64 begin; /* A's clock */
	double far;  /* the offset in all: what truth() says is added */
	truth *truth;
	size_t count;
	double apart;  /* ns between pings */
	double delay;  /* ns on the wire, at least */
	double jitter; /* and up to so much more, each way by itself */
	struct clock_bound bounds[2 * MOST];
};

/* Rounded down: a clock shows no parts of ns. */
static double whole(double ns)
{
	double cut = (double)(long long)ns;

	return cut > ns ? cut - 1 : cut;
}

static double chance(void)
{
	return (double)random() / RAND_MAX;
}

static double steady(double time)
{
	(void)time;
	return 0;
}

static double drifting(double time)
{
	return 40e-6 * time;
}

static double slower(double time)
{
	return -300e-6 * time;
}

/* NTP has changed its mind. */
static double bent(double time)
{
	return time < 30 * SECOND ? 200e-6 * time
				  : 200e-6 * 30 * SECOND - 90e-6 * (time - 30 * SECOND);
}

static double offset_at(const struct scene *scene, double time)
{
	return scene->far + scene->truth(time);
}

static double delay_of(const struct scene *scene)
{
	return scene->delay + scene->jitter * chance() * chance();
}

/* There and back; both stamps in whole ns, as the clocks show them. */
static void make_bounds(struct scene *scene)
{
	for (size_t i = 0; i < scene->count; i++) {
		double out = whole((double)i * scene->apart), there = whole(delay_of(scene));
		double turned = out + there + 50000, in = turned + whole(delay_of(scene));

		scene->bounds[2 * i] = (struct clock_bound){
			.time = scene->begin + (__u64)out,
			.ns = (__s64)(whole(offset_at(scene, out + there)) + there),
			.upper = true,
		};
		scene->bounds[2 * i + 1] = (struct clock_bound){
			.time = scene->begin + (__u64)in,
			.ns = (__s64)(whole(offset_at(scene, turned)) - (in - turned)),
		};
	}
}

static void holds_truth(struct scene *scene, enum clock_model model, double width)
{
	_cleanup_(clock_fit) struct clock_fit *fit = NULL;
	double length = (double)scene->count * scene->apart, widest = 0;

	make_bounds(scene);
	fit = clock_fit_new(scene->bounds, 2 * scene->count);
	assert_non_null(fit);
	assert_int_equal(clock_fit_model(fit), model);
	for (size_t i = 0; i < 200; i++) {
		double time = whole(length * chance()), really = offset_at(scene, time);
		struct clock_span span;

		clock_fit_at(fit, scene->begin + (__u64)time, &span);
		assert_true(span.has_min && span.has_max && span.min <= span.max);
		/* The truth changes by a ns while the packet is on the wire. */
		assert_true((double)span.min <= really + 3);
		assert_true((double)span.max >= really - 3);
		if ((double)(span.max - span.min) > widest)
			widest = (double)(span.max - span.min);
	}
	assert_true(widest <= width);
}

static void steady_clocks(void **state)
{
	static const double far[] = {0, 1, -1, 5 * SECOND, -5 * SECOND, 3e15, -3e15};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(far); i++) {
		struct scene scene = {
			.begin = 4000000000000000,
			.far = far[i],
			.truth = steady,
			.count = 300,
			.apart = 0.2 * SECOND,
			.delay = 20000,
			.jitter = 500000,
		};

		holds_truth(&scene, CLOCK_LINE, 150000);
	}
}

static void drifting_clocks(void **state)
{
	truth *const truths[] = {drifting, slower};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(truths); i++) {
		struct scene scene = {
			.begin = 100,
			.far = -7.5 * SECOND,
			.truth = truths[i],
			.count = 1000,
			.apart = 0.1 * SECOND,
			.delay = 30000,
			.jitter = 2000000,
		};

		holds_truth(&scene, CLOCK_LINE, 300000);
	}
}

/* Where one line fits no more, what is near is still right. */
static void bent_clocks(void **state)
{
	struct scene scene = {
		.begin = 100,
		.far = 12 * SECOND,
		.truth = bent,
		.count = 1200,
		.apart = 0.05 * SECOND,
		.delay = 30000,
		.jitter = 100000,
	};

	(void)state;
	holds_truth(&scene, CLOCK_FREE, 2 * 0.05 * SECOND * CLOCK_FREE_PPM / 1e6 + 400000);
}

static void few_pings(void **state)
{
	(void)state;
	for (size_t count = 1; count < 20; count++)
		for (int i = 0; i < 50; i++) {
			struct scene scene = {
				.begin = 1000 * SECOND,
				.far = (chance() - 0.5) * 1e12,
				.truth = slower,
				.count = count,
				.apart = chance() * SECOND,
				.delay = 1000 * chance(),
				.jitter = 1e6 * chance(),
			};

			holds_truth(&scene, CLOCK_LINE, 1e7);
		}
}

/* Nothing came back: B is behind or it is far, who knows. */
static void one_side(void **state)
{
	struct clock_bound bounds[] = {{1000, 77, true}, {2000, 70, true}, {3000, 90, true}};
	_cleanup_(clock_fit) struct clock_fit *fit = clock_fit_new(bounds, 3);
	struct clock_span span;

	(void)state;
	assert_int_equal(clock_fit_model(fit), CLOCK_FREE);
	clock_fit_at(fit, 2000, &span);
	assert_false(span.has_min);
	assert_true(span.has_max);
	assert_int_equal(span.max, 70);
	clock_fit_at(fit, 12000, &span); /* 10 % of 9000 ns, and one for what is rounded */
	assert_int_equal(span.max, 90 + 901);
}

static void nothing(void **state)
{
	struct clock_bound none[1];
	_cleanup_(clock_fit) struct clock_fit *fit = clock_fit_new(none, 0);
	struct clock_span span;

	(void)state;
	assert_int_equal(clock_fit_model(fit), CLOCK_UNKNOWN);
	clock_fit_at(fit, 1, &span);
	assert_false(span.has_min || span.has_max);
}

/* Arrived before they were sent, whatever the offset. */
static void contradiction(void **state)
{
	struct clock_bound bounds[] = {{1000, 100, true}, {1100, 200000000, false}};
	_cleanup_(clock_fit) struct clock_fit *fit = clock_fit_new(bounds, 2);

	(void)state;
	assert_int_equal(clock_fit_model(fit), CLOCK_UNKNOWN);
}

static void one_clock(void **state)
{
	_cleanup_(clock_fit) struct clock_fit *fit = clock_fit_same();
	struct clock_span span;

	(void)state;
	clock_fit_at(fit, 123456789, &span);
	assert_true(clock_span_is_known(&span));
	assert_int_equal(span.min, 0);
	assert_int_equal(span.max, 0);
}

/* B's clock is 40 ppm faster: so it is said, in 1e-9. */
static void rate_is_found(void **state)
{
	struct scene scene = {
		.begin = 100,
		.far = SECOND,
		.truth = drifting,
		.count = 600,
		.apart = 0.1 * SECOND,
		.delay = 30000,
		.jitter = 10000,
	};
	_cleanup_(clock_fit) struct clock_fit *fit = NULL;
	double min, max;

	(void)state;
	make_bounds(&scene);
	fit = clock_fit_new(scene.bounds, 2 * scene.count);
	clock_fit_rate(fit, &min, &max);
	assert_true(min <= 40000 && max >= 40000);
	assert_true(min > 35000 && max < 45000);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(steady_clocks), cmocka_unit_test(drifting_clocks),
	cmocka_unit_test(bent_clocks),   cmocka_unit_test(few_pings),
	cmocka_unit_test(one_side),      cmocka_unit_test(nothing),
	cmocka_unit_test(contradiction), cmocka_unit_test(one_clock),
	cmocka_unit_test(rate_is_found),
};

UNIT_MAIN(tests)
