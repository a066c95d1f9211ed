// SPDX-License-Identifier: GPL-2.0-only
/* One generated case: a leased flow's request, varied, then often mutated. */
#include <stdio.h>
#include <string.h>

#include "cases.h"

static void apply(const struct cases *cases, const struct mutation *mutation, struct spec *spec,
		  __u64 *random, char *name)
{
	size_t used = strlen(name);

	if (mutation->other_sender && cases->any_peer)
		return;
	mutation->apply(cases, spec, random);
	snprintf(name + used, CASE_NAME - used, ", %s", mutation->name);
}

/* Independent of other cases: any one can be made again by itself. */
void random_case(const struct cases *cases, __u32 index, struct test_case *test)
{
	__u64 random = cases->seed ^ (index + 1) * 0xd1342543de82ef95;
	struct spec spec;
	__u32 changes;

	random_next(&random);
	flow_spec(cases, random_below(&random, flow_count(cases)), &spec);
	snprintf(test->name, CASE_NAME, "v%c", spec.v6 ? '6' : '4');
	spec.seed = random_next(&random);
	spec.id = random_next(&random);
	spec.seq = random_next(&random);
	spec.payload = random_below(&random, 65);
	for (changes = random_below(&random, 4); changes; changes--)
		apply(cases, &variations[random_below(&random, variation_count)], &spec, &random,
		      test->name);
	for (changes = random_below(&random, 2) * (1 + random_below(&random, 2)); changes;
	     changes--)
		apply(cases, &mutations[random_below(&random, mutation_count)], &spec, &random,
		      test->name);
	frame_build(&test->frame[0], &spec, cases->mtu + ETH_HLEN);
	test->count = 1;
}
