#include "rows.h"

static int put(struct fixture *f, struct wr_slot slot, const struct wr_attendee *attendees,
    size_t n, struct wr_store_conflict *ret_conflict)
{
	return wr_store_slot_put(f->tx, &f->arena, &slot, attendees, n, ret_conflict);
}

static int64_t count_busy(struct fixture *f)
{
	int64_t n = -1;
	assert_int_equal(wr_sql_int(f->tx, "SELECT count(*) FROM busy", NULL, 0, &n), 0);
	return n;
}

static void put_supports(struct fixture *f)
{
	struct wr_support supports[] = {a_support("S01", "P01", "cc1"),
	    a_support("S02", "P02", "cc1"), a_support("S03", "P01", "S03")};
	for (size_t i = 0; i < WR_COUNT(supports); i++)
		assert_int_equal(wr_store_support_put(f->tx, &supports[i]), 0);
}

static const struct wr_attendee s01 = {NULL, "S01", "cc1"};
static const struct wr_attendee s02 = {NULL, "S02", "cc1"};

static void test_a_slot_comes_back_as_put(void **state)
{
	struct fixture *f = *state;
	struct wr_slot slot = a_slot("s-1", "P01", MONDAY);
	struct wr_slot got;
	put_patients(f->tx, 1);
	slot.why = WR_WHY_OVERRUN;
	slot.locked = true;
	slot.join = "https://meet.example.org/1";
	slot.explain = "your mother can come then";
	slot.was_start = MONDAY - 300;
	assert_int_equal(put(f, slot, NULL, 0, NULL), 0);
	assert_int_equal(wr_store_slot_get(f->tx, &f->arena, "s-1", &got), 0);
	assert_string_equal(got.session, slot.session);
	assert_true(wr_week_equal(got.week, WEEK_49));
	assert_int_equal(got.state, WR_STATE_PUBLISHED);
	assert_int_equal(got.why, WR_WHY_OVERRUN);
	assert_true(got.locked);
	assert_true(got.start == MONDAY && got.end == MONDAY + 1200 && got.until == MONDAY + 1500);
	assert_true(got.was_start == MONDAY - 300 && got.started == WR_TIME_NONE);
	assert_string_equal(got.join, slot.join);
	assert_string_equal(got.explain, slot.explain);
}

static void test_a_published_slot_takes_its_patient_consultant_room_and_people(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 2);
	put_supports(f);
	struct wr_slot slot = a_slot("s-1", "P01", MONDAY);
	assert_int_equal(put(f, slot, &s01, 1, NULL), 0);
	assert_int_equal(count_busy(f), 4 * 5);
	slot.state = WR_STATE_STARTED;
	slot.room = NULL;
	assert_int_equal(put(f, slot, NULL, 0, NULL), 0);
	assert_int_equal(count_busy(f), 3 * 5);
	slot.state = WR_STATE_HELD;
	assert_int_equal(put(f, slot, NULL, 0, NULL), 0);
	assert_int_equal(count_busy(f), 0);
}

static void test_a_draft_takes_nothing(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 2);
	struct wr_slot draft = a_slot("s-1", "P01", MONDAY);
	draft.state = WR_STATE_DRAFT;
	draft.revision = 0;
	assert_int_equal(put(f, draft, NULL, 0, NULL), 0);
	assert_int_equal(count_busy(f), 0);
	assert_int_equal(put(f, a_slot("s-2", "P02", MONDAY), NULL, 0, NULL), 0);
}

static void test_nobody_is_in_two_places_at_once(void **state)
{
	struct fixture *f = *state;
	struct wr_store_conflict conflict = {0};
	put_patients(f->tx, 2);
	put_supports(f);
	assert_int_equal(put(f, a_slot("s-1", "P01", MONDAY), &s01, 1, NULL), 0);

	struct wr_slot other = a_slot("s-2", "P02", MONDAY + 1200);
	assert_int_equal(put(f, other, &s02, 1, &conflict), WR_STORE_DOUBLE);
	assert_int_equal(conflict.what, WR_WHOSE_CONSULTANT);
	assert_string_equal(conflict.who, "shah");
	assert_string_equal(conflict.slot, "s-1");
	assert_true(conflict.at == MONDAY + 1200);

	other.consultant = "nowak";
	assert_int_equal(put(f, other, &s02, 1, &conflict), WR_STORE_DOUBLE);
	assert_int_equal(conflict.what, WR_WHOSE_ROOM);
	assert_string_equal(conflict.who, "kingsley/Quiet Room");

	other.room = "Garden Room";
	assert_int_equal(put(f, other, &s02, 1, &conflict), WR_STORE_DOUBLE);
	assert_int_equal(conflict.what, WR_WHOSE_PERSON);
	assert_string_equal(conflict.who, "cc1");

	struct wr_slot got;
	assert_int_equal(wr_store_slot_get(f->tx, &f->arena, "s-2", &got), WR_STORE_NONE);
	assert_int_equal(count_busy(f), 4 * 5);
	assert_int_equal(put(f, other, NULL, 0, &conflict), 0);
}

static void test_a_refused_move_leaves_the_slot_where_it_was(void **state)
{
	struct fixture *f = *state;
	struct wr_slot got;
	put_patients(f->tx, 2);
	put_supports(f);
	assert_int_equal(put(f, a_slot("s-1", "P01", MONDAY), NULL, 0, NULL), 0);
	assert_int_equal(put(f, a_slot("s-2", "P02", MONDAY + 1500), &s02, 1, NULL), 0);
	assert_int_equal(put(f, a_slot("s-2", "P02", MONDAY), &s01, 0, NULL), WR_STORE_DOUBLE);
	assert_int_equal(wr_store_slot_get(f->tx, &f->arena, "s-2", &got), 0);
	assert_true(got.start == MONDAY + 1500);
	struct wr_attendee *attendees;
	size_t n;
	assert_int_equal(wr_store_attendee_list_of(f->tx, &f->arena, "s-2", &attendees, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(count_busy(f), 3 * 5 + 4 * 5);
}

static void test_two_slots_are_swapped_after_both_gave_up_their_time(void **state)
{
	struct fixture *f = *state;
	struct wr_slot one = a_slot("s-1", "P01", MONDAY);
	struct wr_slot two = a_slot("s-2", "P02", MONDAY + 1500);
	put_patients(f->tx, 2);
	assert_int_equal(put(f, one, NULL, 0, NULL), 0);
	assert_int_equal(put(f, two, NULL, 0, NULL), 0);
	assert_int_equal(wr_store_busy_release(f->tx, "s-1"), 0);
	assert_int_equal(wr_store_busy_release(f->tx, "s-2"), 0);
	assert_int_equal(put(f, a_slot("s-1", "P01", MONDAY + 1500), NULL, 0, NULL), 0);
	assert_int_equal(put(f, a_slot("s-2", "P02", MONDAY), NULL, 0, NULL), 0);
	assert_int_equal(count_busy(f), 2 * 3 * 5);
}

static void test_one_person_with_two_supports_of_a_patient_is_no_conflict(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 1);
	struct wr_support one = a_support("S01", "P01", "cc1");
	struct wr_support two = a_support("S02", "P01", "cc1");
	wr_store_support_put(f->tx, &one);
	wr_store_support_put(f->tx, &two);
	const struct wr_attendee both[] = {s01, s02};
	assert_int_equal(put(f, a_slot("s-1", "P01", MONDAY), both, 2, NULL), 0);
}

static void test_a_patient_has_one_live_slot_a_week(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 1);
	struct wr_slot first = a_slot("s-1", "P01", MONDAY);
	assert_int_equal(put(f, first, NULL, 0, NULL), 0);
	struct wr_slot second = a_slot("s-2", "P01", MONDAY + 7200);
	assert_int_equal(put(f, second, NULL, 0, NULL), WR_STORE_EXISTS);
	first.state = WR_STATE_CANCELLED;
	first.revision = 2;
	assert_int_equal(put(f, first, NULL, 0, NULL), 0);
	assert_int_equal(put(f, second, NULL, 0, NULL), 0);
}

/* ---- against a model: at most one of what overlaps ---- */

enum { PATIENTS = 6, MOVES = 2000 };

struct place {
	bool taken;
	int tick, ticks, consultant, room, person;
};

static unsigned draw(uint32_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

static bool collide(const struct place *a, const struct place *b)
{
	return a->taken && b->taken && a->tick < b->tick + b->ticks &&
	       b->tick < a->tick + a->ticks &&
	       (a->consultant == b->consultant || a->room == b->room || a->person == b->person);
}

static int put_place(struct fixture *f, int patient, const struct place *place)
{
	static const char *const consultants[] = {"shah", "nowak", "okoro"};
	static const char *const rooms[] = {"Quiet Room", "Garden Room", "Room 3"};
	static const char *const persons[] = {"cc1", "cc2", "cc3", "cc4"};
	char ref[16], owner[16], support[16];
	snprintf(ref, sizeof(ref), "s-%d", patient);
	snprintf(owner, sizeof(owner), "P%02d", patient + 1);
	snprintf(support, sizeof(support), "S%02d", patient + 1);
	struct wr_slot slot = a_slot(ref, owner, MONDAY + place->tick * WR_TICK_SECONDS);
	slot.until = slot.start + place->ticks * WR_TICK_SECONDS;
	slot.end = slot.until;
	slot.consultant = consultants[place->consultant];
	slot.room = rooms[place->room];
	slot.state = place->taken ? WR_STATE_PUBLISHED : WR_STATE_CANCELLED;
	struct wr_attendee attendee = {NULL, support, persons[place->person]};
	return put(f, slot, &attendee, 1, NULL);
}

static void test_random_moves_are_refused_exactly_when_they_collide(void **state)
{
	struct fixture *f = *state;
	struct place places[PATIENTS] = {0};
	uint32_t seed = 20261130;
	int refused = 0;
	put_patients(f->tx, PATIENTS);
	for (int i = 1; i <= PATIENTS; i++) {
		char ref[16], patient[16];
		snprintf(ref, sizeof(ref), "S%02d", i);
		snprintf(patient, sizeof(patient), "P%02d", i);
		struct wr_support support = a_support(ref, patient, ref);
		assert_int_equal(wr_store_support_put(f->tx, &support), 0);
	}
	for (int i = 0; i < MOVES; i++) {
		unsigned who = draw(&seed, PATIENTS);
		struct place place = {draw(&seed, 5) > 0, (int)draw(&seed, 24),
		    1 + (int)draw(&seed, 6), (int)draw(&seed, 3), (int)draw(&seed, 3),
		    (int)draw(&seed, 4)};
		bool wanted = true;
		for (unsigned other = 0; other < PATIENTS; other++)
			wanted = wanted && (other == who || !collide(&place, &places[other]));
		assert_int_equal(put_place(f, (int)who, &place), wanted ? 0 : WR_STORE_DOUBLE);
		if (wanted)
			places[who] = place;
		refused += !wanted;
	}
	assert_in_range(refused, MOVES / 10, MOVES * 9 / 10);
	int64_t rows = 0;
	for (int i = 0; i < PATIENTS; i++)
		rows += places[i].taken ? 4 * places[i].ticks : 0;
	assert_int_equal(count_busy(f), rows);
}

static void refuse(struct fixture *f, struct wr_slot slot)
{
	assert_int_equal(put(f, slot, NULL, 0, NULL), WR_STORE_REFUSED);
}

static void test_what_no_slot_can_be_is_refused(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 1);
	struct wr_slot slot = a_slot("s-1", "P01", MONDAY + 60);
	refuse(f, slot); /* not on a multiple of five minutes */
	slot = a_slot("s-1", "P01", MONDAY);
	slot.end = slot.start;
	refuse(f, slot);
	slot = a_slot("s-1", "P01", MONDAY);
	slot.end = slot.until + 300;
	refuse(f, slot);
	slot = a_slot("s-1", "P01", MONDAY);
	slot.revision = 0; /* published, but never told */
	refuse(f, slot);
	slot.state = WR_STATE_DRAFT;
	slot.revision = 1;
	refuse(f, slot);
	refuse(f, a_slot("s-1", "nobody", MONDAY));
	slot = a_slot("s-1", "P01", MONDAY);
	slot.week.week = 60;
	refuse(f, slot);
}

static size_t count_slots(struct fixture *f, struct wr_store_slot_filter filter)
{
	struct wr_slot *list;
	size_t n;
	assert_int_equal(wr_store_slot_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

static void test_slots_are_found_by_each_part_of_the_filter(void **state)
{
	struct fixture *f = *state;
	struct wr_slot *list;
	size_t n;
	put_patients(f->tx, 3);
	put_supports(f);
	struct wr_slot late = a_slot("s-3", "P03", MONDAY + 3600);
	late.state = WR_STATE_MISSED;
	late.week.week = 50;
	late.session = "kingsley.shah.2026-12-07";
	assert_int_equal(put(f, late, NULL, 0, NULL), 0);
	assert_int_equal(put(f, a_slot("s-2", "P02", MONDAY + 1500), NULL, 0, NULL), 0);
	assert_int_equal(put(f, a_slot("s-1", "P01", MONDAY), &s01, 1, NULL), 0);
	assert_int_equal(wr_store_slot_list(f->tx, &f->arena, NULL, &list, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(list[0].ref, "s-1");
	assert_string_equal(list[2].ref, "s-3");
	typedef struct wr_store_slot_filter filter;
	const struct wr_week week = WEEK_49;
	assert_int_equal(count_slots(f, (filter){.ward = "kingsley"}), 3);
	assert_int_equal(count_slots(f, (filter){.consultant = "nowak"}), 0);
	assert_int_equal(count_slots(f, (filter){.patient = "P02"}), 1);
	assert_int_equal(count_slots(f, (filter){.week = &week}), 2);
	assert_int_equal(count_slots(f, (filter){.session = late.session}), 1);
	assert_int_equal(count_slots(f, (filter){.states = WR_STORE_LIVE}), 2);
	assert_int_equal(count_slots(f, (filter){.from = MONDAY + 1}), 2);
	assert_int_equal(count_slots(f, (filter){.to = MONDAY + 1500}), 1);
	assert_int_equal(count_slots(f, (filter){.person = "cc1"}), 1);
	assert_int_equal(count_slots(f, (filter){.support = "S02"}), 0);
	struct wr_attendee *attendees;
	assert_int_equal(
	    wr_store_attendee_list(f->tx, &f->arena, &(filter){.week = &week}, &attendees, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(attendees[0].slot, "s-1");
	assert_string_equal(attendees[0].person, "cc1");
}

static void test_held_slots_come_newest_first(void **state)
{
	struct fixture *f = *state;
	put_patients(f->tx, 1);
	for (int i = 0; i < 5; i++) {
		char ref[8];
		snprintf(ref, sizeof(ref), "s-%d", i);
		struct wr_slot slot = a_slot(ref, "P01", MONDAY + i * 7 * 86400);
		slot.week.week += i;
		slot.state = i == 4 ? WR_STATE_MISSED : WR_STATE_HELD;
		assert_int_equal(put(f, slot, NULL, 0, NULL), 0);
	}
	struct wr_slot *list;
	size_t n;
	assert_int_equal(wr_store_slot_held(f->tx, &f->arena, "P01", 0, 3, &list, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(list[0].ref, "s-3");
	assert_string_equal(list[2].ref, "s-1");
	assert_int_equal(
	    wr_store_slot_held(f->tx, &f->arena, "P01", MONDAY + 21 * 86400, 3, &list, &n), 0);
	assert_int_equal(n, 1);
}

static void test_only_drafts_are_deleted(void **state)
{
	struct fixture *f = *state;
	struct wr_slot got;
	put_patients(f->tx, 2);
	struct wr_slot draft = a_slot("s-1", "P01", MONDAY);
	draft.state = WR_STATE_DRAFT;
	draft.revision = 0;
	assert_int_equal(put(f, draft, NULL, 0, NULL), 0);
	assert_int_equal(put(f, a_slot("s-2", "P02", MONDAY), NULL, 0, NULL), 0);
	assert_int_equal(wr_store_slot_delete(f->tx, "s-2"), WR_STORE_REFUSED);
	assert_int_equal(wr_store_slot_delete_drafts(f->tx, "kingsley", WEEK_49), 0);
	assert_int_equal(wr_store_slot_get(f->tx, &f->arena, "s-1", &got), WR_STORE_NONE);
	assert_int_equal(wr_store_slot_get(f->tx, &f->arena, "s-2", &got), 0);
}

static void test_session_changes_are_found_by_either_day(void **state)
{
	struct fixture *f = *state;
	struct wr_session_change change = {.id = "kingsley.shah.2026-11-30",
	    .ward = "kingsley",
	    .round = "shah",
	    .day = 20787,
	    .from = -1,
	    .to = -1,
	    .moved_day = 20789,
	    .late_minutes = 20,
	    .late_at = MONDAY};
	struct wr_session_change got, *list;
	size_t n;
	assert_int_equal(wr_store_session_change_put(f->tx, &change), 0);
	assert_int_equal(wr_store_session_change_get(f->tx, &f->arena, change.id, &got), 0);
	assert_int_equal(got.moved_day, 20789);
	assert_int_equal(got.from, -1);
	assert_true(got.late_at == MONDAY);
	wr_store_session_change_list(f->tx, &f->arena, "kingsley", 20789, WR_DAY_NONE, &list, &n);
	assert_int_equal(n, 1);
	wr_store_session_change_list(f->tx, &f->arena, NULL, WR_DAY_NONE, 20788, &list, &n);
	assert_int_equal(n, 1);
	wr_store_session_change_list(f->tx, &f->arena, NULL, 20788, 20789, &list, &n);
	assert_int_equal(n, 0);
	change.moved_day = WR_DAY_NONE;
	assert_int_equal(wr_store_session_change_put(f->tx, &change), 0);
	assert_int_equal(wr_store_session_change_get(f->tx, &f->arena, change.id, &got), 0);
	assert_int_equal(got.moved_day, WR_DAY_NONE);
	assert_int_equal(wr_store_session_change_delete(f->tx, change.id), 0);
	assert_int_equal(
	    wr_store_session_change_get(f->tx, &f->arena, change.id, &got), WR_STORE_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_slot_comes_back_as_put),
	    TEST(test_a_published_slot_takes_its_patient_consultant_room_and_people),
	    TEST(test_a_draft_takes_nothing),
	    TEST(test_nobody_is_in_two_places_at_once),
	    TEST(test_a_refused_move_leaves_the_slot_where_it_was),
	    TEST(test_two_slots_are_swapped_after_both_gave_up_their_time),
	    TEST(test_one_person_with_two_supports_of_a_patient_is_no_conflict),
	    TEST(test_a_patient_has_one_live_slot_a_week),
	    TEST(test_random_moves_are_refused_exactly_when_they_collide),
	    TEST(test_what_no_slot_can_be_is_refused),
	    TEST(test_slots_are_found_by_each_part_of_the_filter),
	    TEST(test_held_slots_come_newest_first),
	    TEST(test_only_drafts_are_deleted),
	    TEST(test_session_changes_are_found_by_either_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
