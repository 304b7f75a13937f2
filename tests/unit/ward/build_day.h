/*
 * A day's slots from one text, a line each: "ref bed start state", start in ward time on Monday 30
 * November 2026 ("09:25") or with its date ("2026-12-01T09:25"). Patients are called as their
 * slots.
 */
#ifndef WARDROUND_TEST_BUILD_DAY_H
#define WARDROUND_TEST_BUILD_DAY_H

#include <string.h>

#include "build_ward.h"
#include "wardround/day_list.h"

enum { BUILT_SLOTS = 16 };

struct built_day {
	struct wr_arena arena;
	const struct wr_zone *zone;
	struct wr_day_source sources[BUILT_SLOTS];
	struct wr_slot slots[BUILT_SLOTS];
	struct wr_patient patients[BUILT_SLOTS];
	size_t n;
};

static inline wr_time built_at(struct built_day *b, const char *text)
{
	wr_time at = WR_TIME_NONE;
	const char *full =
	    strchr(text, 'T') ? text : wr_arena_printf(&b->arena, "2026-11-30T%s", text);
	assert_int_equal(wr_time_parse(b->zone, full, &at), 0);
	return at;
}

static inline void add_slot(struct built_day *b, const char *text)
{
	char ref[16], bed[16], start[24], state[16];
	assert_int_equal(sscanf(text, "%15s %15s %23s %15s", ref, bed, start, state), 4);
	size_t i = b->n++;
	const char *name = wr_arena_strdup(&b->arena, ref);
	b->patients[i] = (struct wr_patient){.ref = name,
	    .name = wr_arena_printf(&b->arena, "Patient %s", ref),
	    .bed = strcmp(bed, "-") ? wr_arena_strdup(&b->arena, bed) : NULL,
	    .discharged = WR_TIME_NONE};
	b->slots[i] = (struct wr_slot){.ref = name,
	    .patient = name,
	    .session = "kingsley.shah.2026-11-30",
	    .consultant = "shah",
	    .start = built_at(b, start),
	    .end = built_at(b, start) + 1200,
	    .until = built_at(b, start) + 1500,
	    .state = (enum wr_state)wr_word_value(&wr_words_state, state),
	    .revision = 1};
	b->sources[i] = (struct wr_day_source){.slot = &b->slots[i], .patient = &b->patients[i]};
}

static inline struct built_day *build_day(const char *text)
{
	struct built_day *b = wr_alloc(1, sizeof(*b));
	b->zone = built_zone(&b->arena, "Europe/London");
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		add_slot(b, line);
	return b;
}

static inline void free_day(struct built_day *b)
{
	wr_arena_deinit(&b->arena);
	free(b);
}

#endif
