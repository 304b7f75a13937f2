#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "build_scene.h"

int scene_set_up(void **state)
{
	struct scene *scene = wr_alloc(1, sizeof(*scene));
	build_ward(&scene->arena, &scene->built);
	scene->source = (struct wr_instance_source){.config = &scene->built.config,
	    .wards = &scene->ward,
	    .n_wards = 1,
	    .week = {2026, 49},
	    .now = built_time(&scene->built, "2026-11-24T12:00"),
	    .patients = scene->patients,
	    .supports = scene->supports,
	    .free = scene->free,
	    .aways = scene->aways,
	    .held = scene->held,
	    .slots = scene->slots,
	    .attendees = scene->attendees,
	    .replies = scene->replies};
	*state = scene;
	return 0;
}

int scene_tear_down(void **state)
{
	struct scene *scene = *state;
	wr_buf_deinit(&scene->drawing);
	wr_arena_deinit(&scene->arena);
	free(scene);
	return 0;
}

struct wr_patient *patient(struct scene *scene, const char *ref, const char *consultant)
{
	struct wr_patient *added = &scene->patients[scene->source.n_patients++];
	*added = (struct wr_patient){.ref = ref,
	    .name = "Cy North",
	    .ward = "kingsley",
	    .consultant = consultant,
	    .slots = 1,
	    .admitted = built_time(&scene->built, "2026-11-02T15:00"),
	    .last_seen = built_time(&scene->built, "2026-11-24T10:00"),
	    .discharged = WR_TIME_NONE,
	    .admission = 1};
	return added;
}

struct wr_support *support(struct scene *scene, const char *ref, const char *patient_ref)
{
	struct wr_support *added = &scene->supports[scene->source.n_supports++];
	*added = (struct wr_support){.ref = ref,
	    .patient = patient_ref,
	    .person = ref,
	    .name = "Ivo Heath",
	    .relation = "father",
	    .sees = WR_SEES_TIME,
	    .consent = WR_CONSENT_AGREED,
	    .agreed_by = "patient",
	    .admission = 1};
	return added;
}

void free_time(struct scene *scene, struct wr_support *support, int weekday, int from, int to)
{
	support->free_said = true;
	scene->free[scene->source.n_free++] = (struct wr_free){support->ref, weekday, from, to};
}

struct wr_away *away(
    struct scene *scene, enum wr_whose whose, const char *who, const char *from, const char *to)
{
	struct wr_away *added = &scene->aways[scene->source.n_aways++];
	*added = (struct wr_away){.id = "a-1",
	    .whose = whose,
	    .who = who,
	    .from = built_time(&scene->built, from),
	    .to = built_time(&scene->built, to)};
	return added;
}

struct wr_slot slot_at(struct scene *scene, const char *ref, const char *patient_ref,
    const char *session, const char *start, enum wr_state state)
{
	wr_time at = built_time(&scene->built, start);
	return (struct wr_slot){.ref = ref,
	    .uid = "u",
	    .patient = patient_ref,
	    .ward = "kingsley",
	    .week = wr_day_week(wr_zone_day(scene->built.ward.zone, at)),
	    .session = session,
	    .consultant = "shah",
	    .room = "Quiet Room",
	    .cells = 1,
	    .start = at,
	    .end = at + 20 * 60,
	    .until = at + 25 * 60,
	    .state = state,
	    .revision = 1};
}

struct wr_slot *slot(struct scene *scene, const char *ref, const char *patient_ref,
    const char *session, const char *start, enum wr_state state)
{
	struct wr_slot *added = &scene->slots[scene->source.n_slots++];
	*added = slot_at(scene, ref, patient_ref, session, start, state);
	return added;
}

struct wr_slot *held(struct scene *scene, const char *patient_ref, const char *start)
{
	struct wr_slot *added = &scene->held[scene->source.n_held++];
	*added = slot_at(scene, "s-0", patient_ref, "kingsley.shah.past", start, WR_STATE_HELD);
	return added;
}

void make(struct scene *scene)
{
	struct wr_session_source source = {&scene->built.config, &scene->built.ward, scene->changes,
	    scene->n_changes, scene->aways, scene->source.n_aways};
	struct wr_session *sessions;
	wr_day monday = wr_week_monday(scene->source.week);
	wr_session_list(&scene->arena, &source, monday, monday + 6, scene->source.now, &sessions,
	    &scene->ward.n_sessions);
	scene->ward.ward = &scene->built.ward;
	scene->ward.sessions = sessions;
	wr_instance_make(&scene->arena, &scene->source, &scene->instance);
}

const struct wr_plan_patient *planned(const struct scene *scene, size_t at)
{
	assert_true(at < scene->instance->plan.n_patients);
	return &scene->instance->plan.patients[at];
}

const struct wr_plan_person *person(const struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->instance->plan.n_persons; i++)
		if (strcmp(scene->instance->plan.persons[i].id, id) == 0)
			return &scene->instance->plan.persons[i];
	fail_msg("%s is not in the instance", id);
	return NULL;
}

void assert_spans(const struct wr_plan_span *spans, size_t n, const char *expected)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(&buf, "%s%lld-%lld", i > 0 ? " " : "", (long long)spans[i].from,
		    (long long)spans[i].to);
	char *drawn = wr_buf_take(&buf);
	assert_string_equal(drawn, expected);
	free(drawn);
}

void assert_cover(const struct scene *scene, size_t at, const char *expected)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < planned(scene, at)->n_cover; i++)
		wr_buf_printf(&buf, "%s%s", i > 0 ? " " : "", planned(scene, at)->cover[i]);
	char *drawn = wr_buf_take(&buf);
	assert_string_equal(drawn, expected);
	free(drawn);
}

const char *sessions(struct scene *scene)
{
	wr_buf_clear(&scene->drawing);
	for (size_t i = 0; i < scene->instance->plan.n_sessions; i++) {
		const struct wr_plan_session *session = &scene->instance->plan.sessions[i];
		wr_buf_printf(&scene->drawing, "%s:", session->id);
		for (size_t j = 0; j < session->n_starts; j++) {
			bool kept = false;
			for (size_t k = 0; k < session->n_kept; k++)
				kept |= session->kept[k] == (int64_t)j;
			wr_buf_printf(&scene->drawing, " %lld%s", (long long)session->starts[j],
			    kept ? "*" : "");
		}
		wr_buf_putc(&scene->drawing, '\n');
	}
	return wr_buf_text(&scene->drawing);
}
