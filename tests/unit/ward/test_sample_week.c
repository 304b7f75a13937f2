/*
 * The sample ward, from its files to slots: rows are read as an import would, the week of 30
 * November is planned on the Tuesday before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/instance.h"

#include "build_ward.h"

enum { PATIENTS = 25, SUPPORTS = 64 };

struct sample {
	struct wr_arena arena;
	struct built_ward built;
	struct wr_patient patients[PATIENTS];
	struct wr_support supports[SUPPORTS];
	struct wr_free free[SUPPORTS * 5];
	struct wr_away aways[20];
	struct wr_instance_source source;
	struct wr_instance_ward ward;
	struct wr_instance *instance;
};

static struct wr_csv read_table(struct sample *sample, const char *name)
{
	static char text[65536];
	char path[4096];
	struct wr_csv csv;
	int line;
	const char *error;
	snprintf(path, sizeof(path), "%s/kingsley/%s.csv", getenv("TEST_DATA"), name);
	FILE *file = fopen(path, "rb");
	if (!file)
		fail_msg("%s is missing", path);
	size_t length = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_int_equal(wr_csv_parse(&sample->arena, text, length, &csv, &line, &error), 0);
	return csv;
}

static const char *cell(const struct wr_csv *csv, size_t row, const char *column)
{
	for (size_t i = 0; i < csv->header.n; i++)
		if (strcmp(csv->header.field[i], column) == 0)
			return csv->row[row].field[i];
	fail_msg("no column %s", column);
	return NULL;
}

static void read_patients(struct sample *sample)
{
	struct wr_csv csv = read_table(sample, "patients");
	assert_int_equal(csv.n, PATIENTS);
	for (size_t i = 0; i < csv.n; i++) {
		int prefers = wr_word_value(&wr_words_prefers, cell(&csv, i, "prefers"));
		sample->patients[i] = (struct wr_patient){.ref = cell(&csv, i, "ref"),
		    .name = cell(&csv, i, "name"),
		    .ward = cell(&csv, i, "ward"),
		    .consultant = cell(&csv, i, "consultant"),
		    .admitted = built_time(&sample->built, cell(&csv, i, "admitted")),
		    .slots = atoi(cell(&csv, i, "slots")),
		    .prefers = prefers < 0 ? WR_PREFERS_NONE : (enum wr_prefers)prefers,
		    .last_seen = WR_TIME_NONE,
		    .discharged = WR_TIME_NONE,
		    .admission = 1};
	}
	sample->source.n_patients = csv.n;
}

static void read_supports(struct sample *sample)
{
	struct wr_csv csv = read_table(sample, "supports");
	assert_int_equal(csv.n, SUPPORTS);
	for (size_t i = 0; i < csv.n; i++) {
		const char *person = cell(&csv, i, "person"), *bad = NULL;
		bool agreed = *cell(&csv, i, "agreed_by");
		struct wr_support *support = &sample->supports[i];
		*support = (struct wr_support){.ref = cell(&csv, i, "ref"),
		    .patient = cell(&csv, i, "patient"),
		    .name = cell(&csv, i, "name"),
		    .sees = (enum wr_sees)wr_word_value(&wr_words_sees, cell(&csv, i, "sees")),
		    .consent = agreed ? WR_CONSENT_AGREED : WR_CONSENT_SUGGESTED,
		    .chosen = strcmp(cell(&csv, i, "chosen"), "yes") == 0,
		    .required = strcmp(cell(&csv, i, "required"), "yes") == 0,
		    .admission = 1};
		support->person = *person ? person : support->ref;
		struct wr_free *free;
		size_t n;
		assert_int_equal(
		    wr_free_parse(&sample->arena, cell(&csv, i, "free"), &free, &n, &bad), 0);
		support->free_said = n > 0;
		for (size_t j = 0; j < n; j++) {
			free[j].support = support->ref;
			sample->free[sample->source.n_free++] = free[j];
		}
		assert_non_null(wr_phone_e164(&sample->arena, cell(&csv, i, "phone"), "44"));
		assert_true(wr_email_is_valid(cell(&csv, i, "email")));
	}
	sample->source.n_supports = csv.n;
}

static void read_aways(struct sample *sample)
{
	struct wr_csv csv = read_table(sample, "away");
	for (size_t i = 0; i < csv.n; i++)
		sample->aways[i] = (struct wr_away){.whose = WR_WHOSE_PATIENT,
		    .who = cell(&csv, i, "patient"),
		    .from = built_time(&sample->built, cell(&csv, i, "from")),
		    .to = built_time(&sample->built, cell(&csv, i, "to")),
		    .why = cell(&csv, i, "why")};
	sample->source.n_aways = csv.n;
}

static int set_up(void **state)
{
	struct sample *sample = wr_alloc(1, sizeof(*sample));
	build_ward(&sample->arena, &sample->built);
	sample->source = (struct wr_instance_source){.config = &sample->built.config,
	    .wards = &sample->ward,
	    .n_wards = 1,
	    .week = {2026, 49},
	    .now = built_time(&sample->built, "2026-11-24T12:00"),
	    .patients = sample->patients,
	    .supports = sample->supports,
	    .free = sample->free,
	    .aways = sample->aways};
	read_patients(sample);
	read_supports(sample);
	read_aways(sample);
	struct wr_session_source source = {.config = &sample->built.config,
	    .ward = &sample->built.ward,
	    .aways = sample->aways,
	    .n_aways = sample->source.n_aways};
	struct wr_session *sessions;
	wr_day monday = wr_week_monday(sample->source.week);
	wr_session_list(&sample->arena, &source, monday, monday + 6, sample->source.now, &sessions,
	    &sample->ward.n_sessions);
	sample->ward.ward = &sample->built.ward;
	sample->ward.sessions = sessions;
	wr_instance_make(&sample->arena, &sample->source, &sample->instance);
	*state = sample;
	return 0;
}

static int tear_down(void **state)
{
	struct sample *sample = *state;
	wr_arena_deinit(&sample->arena);
	free(sample);
	return 0;
}

static void test_sample_ward_is_a_good_instance(void **state)
{
	struct sample *sample = *state;
	struct wr_plan_mistakes mistakes = {0};
	int outcome = wr_plan_instance_check(&sample->arena, &sample->instance->plan, &mistakes);
	for (size_t i = 0; i < mistakes.n; i++)
		print_message("%s: %s\n", mistakes.items[i].path, mistakes.items[i].text);
	assert_int_equal(outcome, 0);
	assert_int_equal(sample->instance->plan.n_patients, PATIENTS);
	assert_int_equal(sample->instance->plan.n_sessions, 4);
	size_t cells = 0;
	for (size_t i = 0; i < 4; i++)
		cells += sample->instance->plan.sessions[i].n_starts;
	assert_int_equal(cells, 32);
}

static void test_sample_week_is_planned_and_read_back(void **state)
{
	struct sample *sample = *state;
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan *plan;
	struct wr_instance_place *places;
	struct wr_unplaced *unplaced;
	size_t n, n_unplaced;
	assert_int_equal(
	    wr_plan_instance_check(&sample->arena, &sample->instance->plan, &mistakes), 0);
	wr_plan_make(&sample->arena, &sample->instance->plan, NULL, &plan);
	assert_int_equal(
	    wr_plan_check(&sample->arena, &sample->instance->plan, plan, &mistakes), 0);
	wr_instance_places(&sample->arena, sample->instance, plan, &places, &n);
	wr_instance_unplaced(&sample->arena, sample->instance, plan, &unplaced, &n_unplaced);
	assert_int_equal(n + n_unplaced, PATIENTS);
	assert_int_equal(n_unplaced, 0);
	for (size_t i = 0; i < n; i++) {
		const struct wr_slot *slot = &places[i].slot;
		const struct wr_session *session =
		    wr_session_find(sample->ward.sessions, sample->ward.n_sessions, slot->session);
		assert_non_null(session);
		assert_int_equal(wr_session_cell_starting(session, slot->start), slot->cell);
		assert_int_equal(slot->until - slot->end, 5 * 60);
		for (size_t j = 0; j < sample->source.n_aways; j++)
			if (strcmp(sample->aways[j].who, slot->patient) == 0)
				assert_true(slot->start >= sample->aways[j].to ||
					    slot->until <= sample->aways[j].from);
		for (size_t j = 0; j < i; j++)
			if (strcmp(places[j].slot.session, slot->session) == 0)
				assert_true(slot->start >= places[j].slot.until ||
					    slot->until <= places[j].slot.start);
	}
}

#define SAMPLE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SAMPLE(test_sample_ward_is_a_good_instance),
	    SAMPLE(test_sample_week_is_planned_and_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
