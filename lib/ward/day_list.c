#include "wardround/day_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- who comes ---- */

static const char *called(struct wr_arena *arena, const struct wr_support *support)
{
	return wr_text_empty(support->relation)
	           ? support->name
	           : wr_arena_printf(arena, "%s (%s)", support->name, support->relation);
}

static void add_guest(struct wr_arena *arena, const struct wr_day_source *source,
    const struct wr_day_support *one, struct wr_day_guest *guest)
{
	const struct wr_reply *reply = one->reply;
	const char *who = called(arena, one->support);
	if (!reply) {
		guest->coming = WR_DAY_EXPECTED;
		guest->text = wr_arena_printf(
		    arena, "%s: %s, not answered yet", who, wr_attends_text(one->support->attends));
		return;
	}
	bool old = reply->revision < source->slot->revision;
	guest->coming = reply->answer == WR_ANSWER_NO ? WR_DAY_CANNOT : WR_DAY_COMES;
	guest->note = wr_text_empty(reply->note) ? NULL : reply->note;
	guest->text = wr_arena_printf(arena, "%s: %s%s", who, wr_answer_text(reply->answer),
	    old ? ", answered for the old time" : "");
}

static void count_guests(
    struct wr_arena *arena, struct wr_day_line *line, struct wr_day_guest *guests)
{
	size_t n = 0;
	for (size_t i = 0; i < line->n_guests; i++)
		n += guests[i].coming != WR_DAY_CANNOT;
	line->n_guests = n > 0;
	guests[0] = (struct wr_day_guest){
	    .coming = WR_DAY_EXPECTED,
	    .text = wr_arena_printf(arena, n == 1 ? "%zu person comes" : "%zu people come", n),
	};
}

static void add_guests(
    struct wr_arena *arena, const struct wr_day_source *source, struct wr_day_line *line)
{
	struct wr_day_guest *guests =
	    wr_arena_new(arena, struct wr_day_guest, source->n_supports + 1);
	for (size_t i = 0; i < source->n_supports; i++)
		if (source->supports[i].reply || source->supports[i].planned)
			add_guest(arena, source, &source->supports[i], &guests[line->n_guests++]);
	line->guests = guests;
	if (line->restricted)
		count_guests(arena, line, guests);
}

/* ---- one line ---- */

static enum wr_day_stage stage_of(enum wr_state state)
{
	switch (state) {
	case WR_STATE_DRAFT:
	case WR_STATE_PUBLISHED:
		return WR_DAY_TO_COME;
	case WR_STATE_STARTED:
		return WR_DAY_NOW;
	case WR_STATE_HELD:
		return WR_DAY_SEEN;
	case WR_STATE_CANCELLED:
		return WR_DAY_CANCELLED;
	case WR_STATE_MISSED:
		break;
	}
	return WR_DAY_MISSED;
}

static const char *stage_words(enum wr_day_stage stage)
{
	switch (stage) {
	case WR_DAY_TO_COME:
		return "To come";
	case WR_DAY_NOW:
		return "Now";
	case WR_DAY_SEEN:
		return "Seen";
	case WR_DAY_MISSED:
		return "Missed";
	case WR_DAY_CANCELLED:
		break;
	}
	return "Cancelled";
}

const char *wr_day_bed(struct wr_arena *arena, const char *bed)
{
	if (wr_text_empty(bed))
		return "No bed";
	return isdigit((unsigned char)*bed) ? wr_arena_printf(arena, "Bed %s", bed)
	                                    : wr_arena_strdup(arena, bed);
}

static const char *late_words(
    struct wr_arena *arena, const struct wr_zone *zone, const struct wr_day_source *source)
{
	char clock[WR_TIME_TEXT];
	int minutes = wr_day_told_minutes(source->change);
	if (!minutes || source->slot->state != WR_STATE_PUBLISHED)
		return NULL;
	struct wr_wall wall = wr_zone_wall(zone, wr_day_not_before(source->slot, source->change));
	return wr_arena_printf(arena, "About %d minutes late, not before %s", minutes,
	    wr_clock_text(wall.minute, clock));
}

/* Of who is still to be seen. */
static const char *absent_words(struct wr_arena *arena, const struct wr_day_source *source)
{
	const struct wr_patient *patient = source->patient;
	if (!patient->hold_why || source->slot->state != WR_STATE_PUBLISHED)
		return NULL;
	return patient->restricted
	           ? "Not here for now"
	           : wr_arena_printf(arena, "Not here for now: %s", patient->hold_why);
}

static struct wr_day_line line_of(
    struct wr_arena *arena, const struct wr_zone *zone, const struct wr_day_source *source)
{
	char span[WR_TIME_TEXT];
	const struct wr_slot *slot = source->slot;
	struct wr_day_line line = {
	    .slot = slot,
	    .change = source->change,
	    .stage = stage_of(slot->state),
	    .time = wr_arena_strdup(arena, wr_time_span(zone, slot->start, slot->end, span)),
	    .bed = wr_day_bed(arena, source->patient->bed),
	    .name = source->patient->restricted ? "Restricted" : source->patient->name,
	    .restricted = source->patient->restricted,
	    .late = late_words(arena, zone, source),
	    .absent = absent_words(arena, source),
	};
	line.state = stage_words(line.stage);
	if (wr_state_is_off(slot->state))
		return line;
	add_guests(arena, source, &line);
	if (!line.restricted) {
		line.questions = source->questions;
		line.n_questions = source->n_questions;
	}
	return line;
}

/* ---- the list ---- */

/* Another slot has the place, or the patient has another slot. */
static bool is_made_up_for(
    const struct wr_day_source *sources, size_t n, const struct wr_slot *cancelled)
{
	for (size_t i = 0; i < n; i++) {
		const struct wr_slot *slot = sources[i].slot;
		bool place = wr_text_equal(slot->session, cancelled->session) &&
		             slot->start < cancelled->until && cancelled->start < slot->until;
		bool patient = wr_text_equal(slot->patient, cancelled->patient);
		if (!wr_state_is_off(slot->state) && slot->state != WR_STATE_DRAFT &&
		    (place || patient))
			return true;
	}
	return false;
}

static bool has_left(const struct wr_patient *patient)
{
	return patient->died || patient->discharged != WR_TIME_NONE;
}

static int by_start(const void *a, const void *b)
{
	const struct wr_slot *one = ((const struct wr_day_line *)a)->slot;
	const struct wr_slot *other = ((const struct wr_day_line *)b)->slot;
	if (one->start != other->start)
		return one->start < other->start ? -1 : 1;
	int order = strcmp(one->consultant, other->consultant);
	return order ? order : strcmp(one->ref, other->ref);
}

void wr_day_list_make(struct wr_arena *arena, const struct wr_zone *zone,
    const struct wr_day_source *sources, size_t n, struct wr_day_line **ret_lines, size_t *ret_n)
{
	struct wr_day_line *lines = wr_arena_new(arena, struct wr_day_line, n + 1);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		const struct wr_slot *slot = sources[i].slot;
		if (slot->state == WR_STATE_DRAFT)
			continue;
		if (slot->state == WR_STATE_CANCELLED &&
		    (has_left(sources[i].patient) || is_made_up_for(sources, n, slot)))
			continue;
		lines[kept++] = line_of(arena, zone, &sources[i]);
	}
	qsort(lines, kept, sizeof(*lines), by_start);
	*ret_lines = lines;
	*ret_n = kept;
}
