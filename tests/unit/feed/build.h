/* Builders: a made-up slot with everything known of it, and a reader. Arena, zone and time are the
 * test program's own. */
#ifndef TEST_FEED_BUILD_H
#define TEST_FEED_BUILD_H

#include "wardround/feed.h"

struct known {
	struct wr_slot slot;
	struct wr_patient patient;
	struct wr_support support;
	struct wr_reply reply;
	struct wr_feed_guest guest[3];
	struct wr_feed_facts facts;
};

static inline wr_time at(const char *text)
{
	wr_time time = WR_TIME_NONE;
	if (wr_time_parse(NULL, text, &time) != 0)
		fail_msg("bad time %s", text);
	return time;
}

static inline void know(struct known *known, const char *start, const char *end)
{
	*known = (struct known){
	    .slot = {.ref = "s-1",
		.uid = "5c0f3f0d5f7b4c7e9d1a2b3c4d5e6f70",
		.patient = "P01",
		.room = "Quiet Room",
		.start = at(start),
		.end = at(end),
		.state = WR_STATE_PUBLISHED,
		.revision = 1,
		.changed = at("2026-11-18T16:00Z")},
	    .patient = {.ref = "P01",
		.name = "Cy North",
		.bed = "4",
		.admitted = at("2026-01-01T00:00Z"),
		.discharged = WR_TIME_NONE,
		.admission = 1},
	    .support = {.ref = "S001",
		.patient = "P01",
		.name = "Ivo Heath",
		.sees = WR_SEES_TIME,
		.consent = WR_CONSENT_AGREED,
		.admission = 1},
	    .guest = {{.name = "Ivo Heath", .relation = "father"},
		{.name = "Pia Pike", .relation = "care coordinator"},
		{.name = "Vic Grove", .relation = "daughter", .declined = true}},
	};
	known->facts = (struct wr_feed_facts){.slot = &known->slot,
	    .patient = &known->patient,
	    .consultant_name = "Dr Asha Shah",
	    .ward_name = "Kingsley Ward",
	    .ward_phone = "01632 960001",
	    .contact_phone = "01632 960009",
	    .address = "Melbury Lodge, Winchester",
	    .arrive = "Ring at the main door",
	    .guest = known->guest,
	    .guests = 3};
}

static inline struct wr_feed_reader reader_of(const struct known *known, enum wr_whose whose)
{
	bool supports = whose == WR_WHOSE_SUPPORT || whose == WR_WHOSE_PERSON;
	return (struct wr_feed_reader){.whose = whose,
	    .support = supports ? &known->support : NULL,
	    .page = supports ? "https://times.example.org/r/AbCdEfGhIjKlMnOpQrStUv" : NULL};
}

#endif
