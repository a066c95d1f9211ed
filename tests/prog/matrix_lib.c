// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>

#include "matrix_lib.h"
#include "util.h"

#define BPF_LOG_STATS 4 /* linux/bpf_verifier.h; since Linux 5.2 */

static struct program {
	char name[64];
	char log[8192]; /* of the load that comes */
	int loads, failed;
	long most, least; /* instructions processed */
	char where[256];  /* the most */
	char skip[128];
} programs[64];
static int program_count;

static struct program *program_of(const char *name)
{
	for (int i = 0; i < program_count; i++)
		if (!strcmp(programs[i].name, name))
			return &programs[i];
	if (program_count == (int)ARRAY_SIZE(programs)) {
		printf("Bail out! more than %d programs\n", program_count);
		exit(1);
	}
	snprintf(programs[program_count].name, sizeof(programs->name), "%s", name);
	return &programs[program_count++];
}

void matrix_expect(const struct bpf_object *obj)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj)
	{
		struct program *program = program_of(bpf_program__name(prog));

		program->log[0] = '\0';
		if (!bpf_program__autoload(prog))
			continue;
		bpf_program__set_log_buf(prog, program->log, sizeof(program->log));
		bpf_program__set_log_level(prog, BPF_LOG_STATS);
	}
}

static void complain(struct program *program, const char *label, const char *what)
{
	if (program->failed++)
		return; /* one says it all */
	printf("# %s: %s (%s)\n", program->name, what, *label ? label : "no options");
	for (char *line = strtok(program->log, "\n"); line; line = strtok(NULL, "\n"))
		printf("#   %s\n", line);
}

static void note(struct program *program, const char *label)
{
	const char *stats = strstr(program->log, "processed ");
	long insns;

	program->loads++;
	if (!stats || sscanf(stats, "processed %ld insns", &insns) != 1) {
		complain(program, label, "the verifier does not say how much it took");
		return;
	}
	if (!program->least || insns < program->least)
		program->least = insns;
	if (insns > program->most) {
		program->most = insns;
		snprintf(program->where, sizeof(program->where), "%s", label);
	}
	if (insns > MATRIX_MOST)
		complain(program, label, "takes the verifier too many instructions");
}

/* One that fails keeps those behind it from being tried: it is the last one that has a log. */
static void blame(const struct bpf_object *obj, int err, const char *label)
{
	struct program *last = NULL;
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj)
	{
		struct program *program = program_of(bpf_program__name(prog));

		if (program->log[0])
			last = program;
	}
	if (last) {
		complain(last, label, strerror(-err));
		return;
	}
	printf("Bail out! %s does not load: %s (%s)\n", bpf_object__name(obj), strerror(-err),
	       label);
	exit(1);
}

void matrix_loaded(const struct bpf_object *obj, int err, const char *label)
{
	struct bpf_program *prog;

	if (err) {
		blame(obj, err, label);
		return;
	}
	bpf_object__for_each_program(prog, obj) if (bpf_program__autoload(prog))
		note(program_of(bpf_program__name(prog)), label);
}

void matrix_skip(const char *program, const char *why)
{
	snprintf(program_of(program)->skip, sizeof(programs->skip), "%s", why);
}

int matrix_report(void)
{
	int bad = 0;

	printf("# instructions processed, at least and at most, by loads\n");
	for (int i = 0; i < program_count; i++)
		if (programs[i].loads)
			printf("# %7ld %7ld  %4d  %s: %s\n", programs[i].least, programs[i].most,
			       programs[i].loads, programs[i].name,
			       *programs[i].where ? programs[i].where : "no options");
	for (int i = 0; i < program_count; i++) {
		const struct program *program = &programs[i];
		bool good = program->loads && !program->failed;

		if (!program->loads && !program->failed && *program->skip) {
			printf("ok %d - %s # SKIP %s\n", i + 1, program->name, program->skip);
			continue;
		}
		printf("%sok %d - %s\n", good ? "" : "not ", i + 1, program->name);
		if (!program->loads && !program->failed)
			printf("# was never loaded, and nothing says why\n");
		bad += !good;
	}
	printf("1..%d\n", program_count);
	return bad ? 1 : 0;
}

/* --- combinations ----------------------------------------------------------- */

#define VALUES 5

static const struct matrix_factor *factors;
static int factor_count;
static void (*try_row)(const int *values, const char *label);
static bool seen[MATRIX_FACTORS][VALUES][MATRIX_FACTORS][VALUES]; /* pairs that were tried */

static int levels(int factor)
{
	int count = 0;

	while (count < VALUES && factors[factor].names[count])
		count++;
	return count;
}

static void run(const int *values)
{
	char label[256] = "";

	for (int i = 0; i < factor_count; i++) {
		const char *name = factors[i].names[values[i]];
		size_t used = strlen(label);

		if (*name)
			snprintf(label + used, sizeof(label) - used, "%s%s", used ? ", " : "",
				 name);
		for (int j = 0; j < factor_count; j++)
			seen[i][values[i]][j][values[j]] = true;
	}
	try_row(values, label);
}

/* How many new pairs the value makes with those of the factors that are chosen (>= 0). */
static int gain(const int *values, int factor, int value)
{
	int count = 0;

	for (int i = 0; i < factor_count; i++)
		if (i != factor && values[i] >= 0)
			count += !seen[factor][value][i][values[i]];
	return count;
}

/* Fills the factors that are not chosen yet, each with what brings the most; ties go to the
 * later value. */
static void fill(int *values)
{
	for (int i = 0; i < factor_count; i++) {
		int best = 0;

		if (values[i] >= 0)
			continue;
		for (int value = 1; value < levels(i); value++)
			if (gain(values, i, value) >= gain(values, i, best))
				best = value;
		values[i] = best;
	}
}

/* A row around each pair that none had before. */
static void run_pairs(void)
{
	for (int i = 0; i < factor_count; i++)
		for (int j = i + 1; j < factor_count; j++)
			for (int a = 0; a < levels(i); a++)
				for (int b = 0; b < levels(j); b++) {
					int values[MATRIX_FACTORS] = {};

					if (seen[i][a][j][b])
						continue;
					for (int k = 0; k < factor_count; k++)
						values[k] = -1;
					values[i] = a;
					values[j] = b;
					fill(values);
					run(values);
				}
}

static void run_all(int *values, int factor)
{
	if (factor == factor_count) {
		run(values);
		return;
	}
	for (values[factor] = 0; values[factor] < levels(factor); values[factor]++)
		run_all(values, factor + 1);
}

void matrix_each(const struct matrix_factor *list, int count, bool whole,
		 void (*try)(const int *values, const char *label))
{
	bool sample = getenv("ICMPX_VM"); /* a guest takes ten times as long */
	int values[MATRIX_FACTORS] = {};

	factors = list;
	factor_count = count;
	try_row = try;
	memset(seen, 0, sizeof(seen));
	if (whole && !sample) {
		run_all(values, 0);
		return;
	}
	run(values);
	for (int i = 0; i < count; values[i++] = 0)
		for (values[i] = 1; values[i] < levels(i); values[i]++)
			run(values);
	for (int i = 0; i < count; i++)
		values[i] = levels(i) - 1;
	run(values);
	if (whole || !sample)
		run_pairs();
}
