#include "wardround/ward.h"

#include <string.h>

#define WORDS(room, text, ...)                                                                     \
	static const char *const room##_names[] = {__VA_ARGS__};                                   \
	const struct wr_words wr_words_##room = {text, room##_names, WR_COUNT(room##_names)}

WORDS(status, "status", "expected", "current", "held", "discharged");
WORDS(prefers, "preference", "none", "morning", "afternoon");
WORDS(sees, "level", "nothing", "time", "place", "all");
WORDS(basis, "basis", "patient", "best-interests", "law");
WORDS(consent, "consent", "suggested", "agreed", "withdrawn", "removed");
WORDS(attends, "way to attend", "person", "phone", "video");
WORDS(answer, "answer", "person", "phone", "video", "no");
WORDS(contact, "way of contact", "sms", "email", "call", "paper");
WORDS(state, "state", "draft", "published", "started", "held", "cancelled", "missed");
WORDS(why, "code", "none", "patient-declined", "patient-asleep", "patient-away", "doctor-away",
    "overrun", "emergency", "other");
WORDS(whose, "kind", "patient", "support", "person", "consultant", "room", "ward");
WORDS(role, "role", "ward", "consultant");
WORDS(notice_state, "state", "waiting", "sending", "sent", "failed", "expired", "superseded");

const char *wr_word(const struct wr_words *words, int value)
{
	return value >= 0 && (size_t)value < words->n ? words->names[value] : "?";
}

int wr_word_value(const struct wr_words *words, const char *name)
{
	for (size_t i = 0; name && i < words->n; i++)
		if (strcmp(words->names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *wr_answer_text(enum wr_answer answer)
{
	switch (answer) {
	case WR_ANSWER_PERSON:
		return "in person";
	case WR_ANSWER_PHONE:
		return "by phone";
	case WR_ANSWER_VIDEO:
		return "by video";
	case WR_ANSWER_NO:
		break;
	}
	return "can't come";
}

const char *wr_attends_text(enum wr_attends attends)
{
	switch (attends) {
	case WR_ATTENDS_PERSON:
		break;
	case WR_ATTENDS_PHONE:
		return wr_answer_text(WR_ANSWER_PHONE);
	case WR_ATTENDS_VIDEO:
		return wr_answer_text(WR_ANSWER_VIDEO);
	}
	return wr_answer_text(WR_ANSWER_PERSON);
}
