/*
 * A scene: Kingsley in the week of 30 November 2026, planned on the Tuesday before at noon, with
 * the rows that a test adds; made into an instance, and looked at in one line.
 *
 * Include after cmocka.
 */
#ifndef WARDROUND_TEST_BUILD_SCENE_H
#define WARDROUND_TEST_BUILD_SCENE_H

#include "wardround/instance.h"

#include "build_ward.h"

#define SHAH_MONDAY "kingsley.shah.2026-11-30"
#define SHAH_THURSDAY "kingsley.shah.2026-12-03"
#define OTHER_SESSIONS                                                                             \
	"kingsley.osei.2026-12-01: 2250 2275 2300 2325 2370 2395 2420 2445\n"                      \
	"kingsley.nowak.2026-12-02: 3420 3445 3470 3495 3540 3565 3590 3615\n"

struct scene {
	struct wr_arena arena;
	struct built_ward built;
	struct wr_patient patients[8];
	struct wr_support supports[8];
	struct wr_free free[8];
	struct wr_away aways[8];
	struct wr_slot held[8], slots[8];
	struct wr_attendee attendees[8];
	struct wr_reply replies[8];
	struct wr_session_change changes[4];
	size_t n_changes;
	struct wr_instance_source source;
	struct wr_instance_ward ward;
	struct wr_instance *instance;
	struct wr_buf drawing;
};

int scene_set_up(void **state);
int scene_tear_down(void **state);
struct wr_patient *patient(struct scene *scene, const char *ref, const char *consultant);
/* Comes every week unless told otherwise: chosen, free times not said. */
struct wr_support *support(struct scene *scene, const char *ref, const char *patient_ref);
void free_time(struct scene *scene, struct wr_support *support, int weekday, int from, int to);
struct wr_away *away(
    struct scene *scene, enum wr_whose whose, const char *who, const char *from, const char *to);
/* A slot as a row of nobody yet; `slot` and `held` add theirs to the scene. */
struct wr_slot slot_at(struct scene *scene, const char *ref, const char *patient_ref,
    const char *session, const char *start, enum wr_state state);
struct wr_slot *slot(struct scene *scene, const char *ref, const char *patient_ref,
    const char *session, const char *start, enum wr_state state);
struct wr_slot *held(struct scene *scene, const char *patient_ref, const char *start);
/* The instance of all that was added. */
void make(struct scene *scene);
const struct wr_plan_patient *planned(const struct scene *scene, size_t at);
const struct wr_plan_person *person(const struct scene *scene, const char *id);
void assert_spans(const struct wr_plan_span *spans, size_t n, const char *expected);
void assert_cover(const struct scene *scene, size_t at, const char *expected);
/* "id: start*,..." of each session; kept ones with a star. */
const char *sessions(struct scene *scene);

#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_set_up, scene_tear_down)

#endif
