#include "rows.h"

static struct wr_question a_question(const char *id, const char *patient, wr_time created)
{
	return (struct wr_question){.id = id,
	    .patient = patient,
	    .admission = 1,
	    .text = "When can I go home?",
	    .created = created,
	    .changed = created};
}

static size_t waiting(struct fixture *f, const char *patient)
{
	struct wr_question *list;
	size_t n = 0;
	struct wr_store_question_filter filter = {.patient = patient, .waiting = true};
	assert_int_equal(wr_store_question_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

static void test_questions_are_given_to_a_slot_and_taken_back(void **state)
{
	struct fixture *f = *state;
	struct wr_question *list, got, one = a_question("q-1", "P01", MONDAY),
				       two = a_question("q-2", "P02", MONDAY);
	size_t n;
	put_patients(f->tx, 2);
	struct wr_slot slot = a_slot("s-1", "P01", MONDAY);
	assert_int_equal(wr_store_slot_put(f->tx, &f->arena, &slot, NULL, 0, NULL), 0);
	assert_int_equal(wr_store_question_put(f->tx, &one), 0);
	assert_int_equal(wr_store_question_put(f->tx, &two), 0);
	assert_int_equal(waiting(f, NULL), 2);
	assert_int_equal(wr_store_question_give(f->tx, "P01", 1, "s-1"), 0);
	assert_int_equal(waiting(f, NULL), 1);
	struct wr_store_question_filter of_slot = {.slot = "s-1"};
	assert_int_equal(wr_store_question_list(f->tx, &f->arena, &of_slot, &list, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].id, "q-1");
	assert_int_equal(wr_store_question_take_back(f->tx, "s-1"), 0);
	assert_int_equal(waiting(f, "P01"), 1);
	assert_int_equal(wr_store_question_delete(f->tx, "q-1"), 0);
	assert_int_equal(wr_store_question_get(f->tx, &f->arena, "q-1", &got), WR_STORE_NONE);
}

static void test_only_questions_of_a_present_stay_wait(void **state)
{
	struct fixture *f = *state;
	struct wr_patient patient = a_patient("P01");
	struct wr_question one = a_question("q-1", "P01", MONDAY);
	assert_int_equal(wr_store_patient_put(f->tx, &patient), 0);
	assert_int_equal(wr_store_question_put(f->tx, &one), 0);
	assert_int_equal(waiting(f, "P01"), 1);
	patient.discharged = MONDAY;
	assert_int_equal(wr_store_patient_put(f->tx, &patient), 0);
	assert_int_equal(waiting(f, "P01"), 0);
	patient.discharged = NO;
	patient.admission = 2;
	assert_int_equal(wr_store_patient_put(f->tx, &patient), 0);
	assert_int_equal(waiting(f, "P01"), 0);
	one.text = "";
	assert_int_equal(wr_store_question_put(f->tx, &one), WR_STORE_REFUSED);
}

static void test_feedback_is_kept_by_ward_and_batch(void **state)
{
	struct fixture *f = *state;
	struct wr_feedback got, *list, batch = {.ward = "kingsley", .batch = 1, .forms = 5};
	size_t n;
	assert_int_equal(wr_store_feedback_last(f->tx, &f->arena, "kingsley", &got), WR_STORE_NONE);
	batch.n[WR_FEEDBACK_PEOPLE][WR_RATING_PARTLY] = 3;
	assert_int_equal(wr_store_feedback_put(f->tx, &batch), 0);
	batch.batch = 2;
	batch.forms = 1;
	assert_int_equal(wr_store_feedback_put(f->tx, &batch), 0);
	batch.ward = "melbury";
	batch.batch = 7;
	assert_int_equal(wr_store_feedback_put(f->tx, &batch), 0);
	assert_int_equal(wr_store_feedback_last(f->tx, &f->arena, "kingsley", &got), 0);
	assert_int_equal(got.batch, 2);
	assert_int_equal(got.n[WR_FEEDBACK_PEOPLE][WR_RATING_PARTLY], 3);
	assert_int_equal(wr_store_feedback_list(f->tx, &f->arena, NULL, &list, &n), 0);
	assert_int_equal(n, 3);
	batch.forms = 6;
	assert_int_equal(wr_store_feedback_put(f->tx, &batch), WR_STORE_REFUSED);
}

static void test_a_mark_is_set_once_and_forgotten_when_old(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(wr_store_mark_get(f->tx, "x"), WR_STORE_NONE);
	assert_int_equal(wr_store_mark_put(f->tx, "x", MONDAY), 0);
	assert_int_equal(wr_store_mark_get(f->tx, "x"), 0);
	assert_int_equal(wr_store_mark_put(f->tx, "x", MONDAY), WR_STORE_EXISTS);
	assert_int_equal(wr_store_mark_forget(f->tx, MONDAY), 0);
	assert_int_equal(wr_store_mark_get(f->tx, "x"), 0);
	assert_int_equal(wr_store_mark_forget(f->tx, MONDAY + 1), 0);
	assert_int_equal(wr_store_mark_get(f->tx, "x"), WR_STORE_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
	const struct CMUnitTest tests[] = {
	    TEST(test_questions_are_given_to_a_slot_and_taken_back),
	    TEST(test_only_questions_of_a_present_stay_wait),
	    TEST(test_feedback_is_kept_by_ward_and_batch),
	    TEST(test_a_mark_is_set_once_and_forgotten_when_old),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
