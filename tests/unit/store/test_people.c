#include "rows.h"

static void test_a_patient_comes_back_as_put(void **state)
{
	struct fixture *f = *state;
	struct wr_patient put = a_patient("P01");
	struct wr_patient got;
	put.label = "Tea with Uma";
	put.hold_why = "other hospital";
	put.restricted = true;
	assert_int_equal(wr_store_patient_get(f->tx, &f->arena, "P01", &got), WR_STORE_NONE);
	assert_int_equal(wr_store_patient_put(f->tx, &put), 0);
	assert_int_equal(wr_store_patient_get(f->tx, &f->arena, "P01", &got), 0);
	assert_string_equal(got.name, "Uma Kerr");
	assert_string_equal(got.bed, "2");
	assert_string_equal(got.label, "Tea with Uma");
	assert_string_equal(got.hold_why, "other hospital");
	assert_null(got.nurse);
	assert_true(got.admitted == put.admitted);
	assert_true(got.discharged == WR_TIME_NONE);
	assert_int_equal(got.prefers, WR_PREFERS_MORNING);
	assert_int_equal(got.contact, WR_CONTACT_PAPER);
	assert_true(got.restricted);
	assert_false(got.died);
	put.hold_why = NULL;
	put.bed = "7";
	assert_int_equal(wr_store_patient_put(f->tx, &put), 0);
	assert_int_equal(wr_store_patient_get(f->tx, &f->arena, "P01", &got), 0);
	assert_null(got.hold_why);
	assert_string_equal(got.bed, "7");
}

static void test_discharged_patients_are_listed_only_when_asked_for(void **state)
{
	struct fixture *f = *state;
	struct wr_patient *list;
	size_t n;
	put_patients(f->tx, 3);
	struct wr_patient gone = a_patient("P02");
	gone.discharged = MONDAY;
	struct wr_patient elsewhere = a_patient("P00");
	elsewhere.ward = "stark";
	assert_int_equal(wr_store_patient_put(f->tx, &gone), 0);
	assert_int_equal(wr_store_patient_put(f->tx, &elsewhere), 0);
	assert_int_equal(wr_store_patient_list(f->tx, &f->arena, "kingsley", false, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(list[1].ref, "P03");
	assert_int_equal(wr_store_patient_list(f->tx, &f->arena, NULL, true, &list, &n), 0);
	assert_int_equal(n, 4);
	assert_string_equal(list[3].ref, "P00");
}

static void test_what_no_patient_can_be_is_refused(void **state)
{
	struct fixture *f = *state;
	struct wr_patient patient = a_patient("P01");
	patient.slots = 4;
	assert_int_equal(wr_store_patient_put(f->tx, &patient), WR_STORE_REFUSED);
	assert_non_null(strstr(wr_store_refusal(f->tx), "slots"));
	patient = a_patient("P01");
	patient.died = true;
	assert_int_equal(wr_store_patient_put(f->tx, &patient), WR_STORE_REFUSED);
	patient = a_patient("P01");
	patient.name = NULL;
	assert_int_equal(wr_store_patient_put(f->tx, &patient), WR_STORE_REFUSED);
}

static void test_a_support_needs_a_patient_and_a_consent_somebody_who_agreed(void **state)
{
	struct fixture *f = *state;
	struct wr_support support = a_support("S01", "P01", "S01");
	assert_int_equal(wr_store_support_put(f->tx, &support), WR_STORE_REFUSED);
	put_patients(f->tx, 1);
	support.agreed_by = NULL;
	assert_int_equal(wr_store_support_put(f->tx, &support), WR_STORE_REFUSED);
	support.consent = WR_CONSENT_SUGGESTED;
	assert_int_equal(wr_store_support_put(f->tx, &support), 0);
	struct wr_support got;
	assert_int_equal(wr_store_support_get(f->tx, &f->arena, "S01", &got), 0);
	assert_int_equal(got.consent, WR_CONSENT_SUGGESTED);
	assert_int_equal(got.sees, WR_SEES_PLACE);
	assert_int_equal(got.attends, WR_ATTENDS_VIDEO);
	assert_true(got.chosen);
	assert_false(got.required);
	assert_true(got.ended_at == WR_TIME_NONE);
}

static size_t count_supports(struct fixture *f, struct wr_store_support_filter filter)
{
	struct wr_support *list;
	size_t n;
	assert_int_equal(wr_store_support_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

static void test_supports_are_found_by_patient_person_and_ward(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 2);
	struct wr_patient gone = a_patient("P02");
	gone.discharged = MONDAY;
	wr_store_patient_put(f->tx, &gone);
	struct wr_support supports[] = {a_support("S01", "P01", "cc1"),
	    a_support("S02", "P01", "S02"), a_support("S03", "P02", "cc1")};
	for (size_t i = 0; i < WR_COUNT(supports); i++)
		assert_int_equal(wr_store_support_put(f->tx, &supports[i]), 0);
	assert_int_equal(count_supports(f, (struct wr_store_support_filter){0}), 3);
	assert_int_equal(count_supports(f, (struct wr_store_support_filter){.patient = "P01"}), 2);
	assert_int_equal(count_supports(f, (struct wr_store_support_filter){.person = "cc1"}), 2);
	assert_int_equal(
	    count_supports(f, (struct wr_store_support_filter){.ward = "kingsley"}), 3);
	assert_int_equal(count_supports(f, (struct wr_store_support_filter){.ward = "stark"}), 0);
	assert_int_equal(count_supports(f, (struct wr_store_support_filter){.person = "cc1",
					       .not_discharged = true}),
	    1);
}

static void test_free_times_of_a_person_are_those_of_all_its_supports(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 2);
	struct wr_support one = a_support("S01", "P01", "cc1");
	struct wr_support two = a_support("S02", "P02", "cc1");
	wr_store_support_put(f->tx, &one);
	wr_store_support_put(f->tx, &two);
	struct wr_free monday = {.weekday = 0, .from = 540, .to = 750};
	struct wr_free days[] = {{.weekday = 4, .from = 780, .to = 1020}, monday};
	assert_int_equal(wr_store_free_replace(f->tx, "S01", days, 2), 0);
	assert_int_equal(wr_store_free_replace(f->tx, "S01", days, 2), 0);
	assert_int_equal(wr_store_free_replace(f->tx, "S02", &monday, 1), 0);
	struct wr_free *list;
	size_t n;
	struct wr_store_support_filter filter = {.person = "cc1"};
	assert_int_equal(wr_store_free_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(list[0].support, "S01");
	assert_int_equal(list[0].weekday, 0);
	assert_int_equal(list[0].to, 750);
	assert_string_equal(list[2].support, "S02");
	monday.to = 540;
	assert_int_equal(wr_store_free_replace(f->tx, "S02", &monday, 1), WR_STORE_REFUSED);
}

static size_t count_aways(struct fixture *f, struct wr_store_away_filter filter)
{
	struct wr_away *list;
	size_t n;
	assert_int_equal(wr_store_away_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

static void test_away_times_are_half_open(void **state)
{
	struct fixture *f = *state;
	struct wr_away away = {.id = "a-1",
	    .whose = WR_WHOSE_CONSULTANT,
	    .who = "shah",
	    .from = MONDAY,
	    .to = MONDAY + 3600,
	    .cover = "nowak"};
	assert_int_equal(wr_store_away_put(f->tx, &away), 0);
	struct wr_store_away_filter filter = {.from = MONDAY + 3600, .to = MONDAY + 7200};
	assert_int_equal(count_aways(f, filter), 0);
	filter.from -= 1;
	assert_int_equal(count_aways(f, filter), 1);
	filter = (struct wr_store_away_filter){.to = MONDAY};
	assert_int_equal(count_aways(f, filter), 0);
	filter = (struct wr_store_away_filter){.whose = WR_STORE_BIT(WR_WHOSE_PATIENT)};
	assert_int_equal(count_aways(f, filter), 0);
	filter.whose |= WR_STORE_BIT(WR_WHOSE_CONSULTANT);
	filter.who = "shah";
	assert_int_equal(count_aways(f, filter), 1);
	struct wr_away got;
	assert_int_equal(wr_store_away_get(f->tx, &f->arena, "a-1", &got), 0);
	assert_string_equal(got.cover, "nowak");
	away.to = away.from;
	assert_int_equal(wr_store_away_put(f->tx, &away), WR_STORE_REFUSED);
	assert_int_equal(wr_store_away_delete(f->tx, "a-1"), 0);
	assert_int_equal(wr_store_away_delete(f->tx, "a-1"), 0);
	assert_int_equal(wr_store_away_get(f->tx, &f->arena, "a-1", &got), WR_STORE_NONE);
}

static void test_blocked_people_are_kept_once(void **state)
{
	struct fixture *f = *state;
	struct wr_block block = {"P01", "Bo Thorn"};
	struct wr_block *list;
	size_t n;
	put_patients(f->tx, 1);
	assert_int_equal(wr_store_block_put(f->tx, &block), 0);
	assert_int_equal(wr_store_block_put(f->tx, &block), 0);
	assert_int_equal(wr_store_block_list(f->tx, &f->arena, "P01", &list, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].name, "Bo Thorn");
	assert_int_equal(wr_store_block_delete(f->tx, &block), 0);
	assert_int_equal(wr_store_block_list(f->tx, &f->arena, NULL, &list, &n), 0);
	assert_int_equal(n, 0);
	assert_null(list);
}

static void test_a_job_knows_the_patients_it_touched(void **state)
{
	struct fixture *f = *state;
	size_t n;
	put_patients(f->tx, 2);
	wr_tx_forget_job(f->tx);
	wr_store_touched(f->tx, &n);
	assert_int_equal(n, 0);
	struct wr_support support = a_support("S01", "P02", "S01");
	struct wr_away away = {
	    .id = "a-1", .whose = WR_WHOSE_PATIENT, .who = "P01", .from = 0, .to = 300};
	wr_store_support_put(f->tx, &support);
	wr_store_support_put(f->tx, &support);
	wr_store_away_put(f->tx, &away);
	const char *const *touched = wr_store_touched(f->tx, &n);
	assert_int_equal(n, 2);
	assert_string_equal(touched[0], "P02");
	assert_string_equal(touched[1], "P01");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_patient_comes_back_as_put),
	    TEST(test_discharged_patients_are_listed_only_when_asked_for),
	    TEST(test_what_no_patient_can_be_is_refused),
	    TEST(test_a_support_needs_a_patient_and_a_consent_somebody_who_agreed),
	    TEST(test_supports_are_found_by_patient_person_and_ward),
	    TEST(test_free_times_of_a_person_are_those_of_all_its_supports),
	    TEST(test_away_times_are_half_open),
	    TEST(test_blocked_people_are_kept_once),
	    TEST(test_a_job_knows_the_patients_it_touched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
