/*
 * rows: made-up rows for the tests of the store, and a store in memory whose connection they may
 * use without jobs.
 */
#ifndef WR_TEST_STORE_ROWS_H
#define WR_TEST_STORE_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

#define MONDAY ((wr_time)1795942800) /* 2026-11-30T09:00:00Z, a multiple of 300 */
#define WEEK_49 ((struct wr_week){2026, 49})
#define NO WR_TIME_NONE

struct fixture {
	struct wr_store *store;
	struct wr_tx *tx;
	struct wr_arena arena;
};

static inline int open_memory(void **state)
{
	static struct wr_store_options options; /* no loop */
	struct fixture *fixture = wr_alloc(1, sizeof(*fixture));
	char *error = NULL;
	int outcome = wr_store_open(NULL, &options, &fixture->store, &error);
	if (outcome)
		print_error("%s\n", error);
	free(error);
	fixture->tx = outcome ? NULL : &fixture->store->writer.tx;
	*state = fixture;
	return outcome;
}

static inline int close_memory(void **state)
{
	struct fixture *fixture = *state;
	wr_store_close(fixture->store, NULL, NULL);
	wr_arena_deinit(&fixture->arena);
	free(fixture);
	return 0;
}

static inline struct wr_patient a_patient(const char *ref)
{
	return (struct wr_patient){.ref = ref,
	    .name = "Uma Kerr",
	    .ward = "kingsley",
	    .consultant = "shah",
	    .bed = "2",
	    .admitted = MONDAY - 86400,
	    .slots = 1,
	    .prefers = WR_PREFERS_MORNING,
	    .last_seen = NO,
	    .contact = WR_CONTACT_PAPER,
	    .discharged = NO,
	    .admission = 1};
}

static inline struct wr_support a_support(const char *ref, const char *patient, const char *person)
{
	return (struct wr_support){.ref = ref,
	    .patient = patient,
	    .name = "Wen Reed",
	    .relation = "daughter",
	    .person = person,
	    .sees = WR_SEES_PLACE,
	    .consent = WR_CONSENT_AGREED,
	    .agreed_by = "patient",
	    .agreed_at = MONDAY,
	    .ended_at = NO,
	    .attends = WR_ATTENDS_VIDEO,
	    .chosen = true,
	    .phone = "+447700962944",
	    .admission = 1};
}

/* 25 minutes, of which 20 are told. */
static inline struct wr_slot a_slot(const char *ref, const char *patient, wr_time start)
{
	return (struct wr_slot){.ref = ref,
	    .uid = ref,
	    .patient = patient,
	    .ward = "kingsley",
	    .week = WEEK_49,
	    .session = "kingsley.shah.2026-11-30",
	    .consultant = "shah",
	    .room = "Quiet Room",
	    .cell = 2,
	    .cells = 1,
	    .start = start,
	    .end = start + 1200,
	    .until = start + 1500,
	    .state = WR_STATE_PUBLISHED,
	    .revision = 1,
	    .published = MONDAY,
	    .changed = MONDAY,
	    .started = NO,
	    .finished = NO,
	    .was_start = NO};
}

static inline void put_patients(struct wr_tx *tx, size_t n)
{
	for (size_t i = 1; i <= n; i++) {
		char ref[16];
		snprintf(ref, sizeof(ref), "P%02zu", i);
		struct wr_patient patient = a_patient(ref);
		assert_int_equal(wr_store_patient_put(tx, &patient), 0);
	}
}

#endif
