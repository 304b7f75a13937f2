#include "wardround/patient.h"

#include <strings.h>

enum { NOON = 12 * 60 };

enum wr_coming wr_patient_coming(bool attends, const struct wr_reply *reply, int revision)
{
	if (!reply || (reply->revision != revision && !attends))
		return attends ? WR_COMING_UNANSWERED : WR_COMING_NOT_PLANNED;
	switch (reply->answer) {
	case WR_ANSWER_PERSON:
		return reply->revision == revision ? WR_COMING_IN_PERSON : WR_COMING_OLD_TIME;
	case WR_ANSWER_PHONE:
		return reply->revision == revision ? WR_COMING_BY_PHONE : WR_COMING_OLD_TIME;
	case WR_ANSWER_VIDEO:
		return reply->revision == revision ? WR_COMING_BY_VIDEO : WR_COMING_OLD_TIME;
	case WR_ANSWER_NO:
		break;
	}
	return reply->revision == revision ? WR_COMING_NOT : WR_COMING_UNANSWERED;
}

enum wr_say wr_coming_say(enum wr_coming coming)
{
	switch (coming) {
	case WR_COMING_IN_PERSON:
		return WR_SAY_PATIENT_COMING_PERSON;
	case WR_COMING_BY_PHONE:
		return WR_SAY_PATIENT_COMING_PHONE;
	case WR_COMING_BY_VIDEO:
		return WR_SAY_PATIENT_COMING_VIDEO;
	case WR_COMING_UNANSWERED:
		return WR_SAY_PATIENT_COMING_UNANSWERED;
	case WR_COMING_OLD_TIME:
		return WR_SAY_PATIENT_COMING_OLD_TIME;
	case WR_COMING_NOT:
		return WR_SAY_PATIENT_COMING_NO;
	case WR_COMING_NOT_PLANNED:
		break;
	}
	return WR_SAY_PATIENT_COMING_NOT_PLANNED;
}

enum wr_say wr_sees_say(enum wr_sees sees)
{
	static const enum wr_say said[] = {WR_SAY_PATIENT_SEES_NOTHING, WR_SAY_PATIENT_SEES_TIME,
	    WR_SAY_PATIENT_SEES_PLACE, WR_SAY_PATIENT_SEES_ALL};
	return said[sees];
}

enum wr_say wr_sees_now_say(enum wr_sees sees)
{
	static const enum wr_say said[] = {WR_SAY_PATIENT_SEES_NOW_NOTHING,
	    WR_SAY_PATIENT_SEES_NOW_TIME, WR_SAY_PATIENT_SEES_NOW_PLACE,
	    WR_SAY_PATIENT_SEES_NOW_ALL};
	return said[sees];
}

/* ---- why ---- */

/* Whether what the person is to the patient says who it is. */
static bool is_said_by_relation(
    enum wr_language language, const struct wr_companion *people, size_t n, size_t at)
{
	if (language != WR_LANGUAGE_EN || wr_text_empty(people[at].relation))
		return false;
	for (size_t i = 0; i < n; i++)
		if (i != at && people[i].attends && people[i].relation &&
		    strcasecmp(people[i].relation, people[at].relation) == 0)
			return false;
	return true;
}

static const char *called(struct wr_arena *arena, enum wr_language language,
    const struct wr_companion *people, size_t n, size_t at, bool first)
{
	if (!is_said_by_relation(language, people, n, at))
		return people[at].name;
	return first ? wr_say_patient_why_your_first(arena, language, people[at].relation)
	             : wr_say_patient_why_your(arena, language, people[at].relation);
}

static const char *who_can_come(
    struct wr_arena *arena, enum wr_language language, const struct wr_companion *people, size_t n)
{
	const char *list = NULL, *last = NULL;
	size_t coming = 0;
	for (size_t i = 0; i < n; i++) {
		if (!people[i].attends)
			continue;
		if (last)
			list = list ? wr_arena_printf(arena, "%s, %s", list, last) : last;
		last = called(arena, language, people, n, i, coming++ == 0);
	}
	if (n == 0)
		return wr_say(language, WR_SAY_PATIENT_WHY_NOBODY);
	if (coming == 0)
		return wr_say(language, WR_SAY_PATIENT_WHY_NONE);
	if (coming == 1)
		return wr_say_patient_why_one(arena, language, last);
	return coming == 2 ? wr_say_patient_why_two(arena, language, list, last)
	                   : wr_say_patient_why_more(arena, language, list, last);
}

const char *wr_patient_why(struct wr_arena *arena, enum wr_language language,
    const struct wr_companion *people, size_t n, enum wr_prefers prefers, int minute)
{
	const char *why = who_can_come(arena, language, people, n);
	if (prefers == WR_PREFERS_MORNING && minute < NOON)
		return wr_arena_printf(
		    arena, "%s %s", why, wr_say(language, WR_SAY_PATIENT_WHY_MORNING));
	if (prefers == WR_PREFERS_AFTERNOON && minute >= NOON)
		return wr_arena_printf(
		    arena, "%s %s", why, wr_say(language, WR_SAY_PATIENT_WHY_AFTERNOON));
	return why;
}
