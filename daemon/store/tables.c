/*
 * How each struct lies in its table: column names are field names, the key first.
 */
#include "store/inside.h"

// clang-format off
#define TEXT(name)        {#name, WR_COLUMN_TEXT, offsetof(ROW, name), NULL}
#define INT(name)         {#name, WR_COLUMN_INT, offsetof(ROW, name), NULL}
#define INT64(name)       {#name, WR_COLUMN_INT64, offsetof(ROW, name), NULL}
#define BOOL(name)        {#name, WR_COLUMN_BOOL, offsetof(ROW, name), NULL}
#define TIME(name)        {#name, WR_COLUMN_TIME, offsetof(ROW, name), NULL}
#define DAY(name)         {#name, WR_COLUMN_DAY, offsetof(ROW, name), NULL}
#define WEEK(name)        {#name, WR_COLUMN_WEEK, offsetof(ROW, name), NULL}
#define WORD(name, room)  {#name, WR_COLUMN_WORD, offsetof(ROW, name), &wr_words_##room}
#define TABLE(name, keys) \
	const struct wr_table wr_table_##name = {#name, sizeof(ROW), keys, name##_columns, \
	    WR_COUNT(name##_columns)}

#define ROW struct wr_patient
static const struct wr_column patient_columns[] = {
	TEXT(ref), TEXT(name), TEXT(ward), TEXT(consultant), TEXT(bed), TIME(admitted),
	INT(slots), WORD(prefers, prefers), TEXT(label), TEXT(nurse), TIME(last_seen),
	TEXT(phone), TEXT(email), TEXT(language), WORD(contact, contact), BOOL(restricted),
	TEXT(hold_why), TIME(discharged), BOOL(died), INT(admission),
	BOOL(phone_bad), BOOL(email_bad),
};
TABLE(patient, 1);
#undef ROW

#define ROW struct wr_support
static const struct wr_column support_columns[] = {
	TEXT(ref), TEXT(patient), TEXT(name), TEXT(relation), TEXT(person), WORD(sees, sees),
	WORD(consent, consent), TEXT(agreed_by), WORD(basis, basis), TEXT(by_staff),
	TIME(agreed_at), TIME(ended_at), WORD(attends, attends), BOOL(chosen), BOOL(required),
	BOOL(free_said), BOOL(stopped), TEXT(phone), TEXT(email), TEXT(language), INT(admission),
	BOOL(phone_bad), BOOL(email_bad), BOOL(disputed),
};
TABLE(support, 1);
#undef ROW

#define ROW struct wr_free
static const struct wr_column free_columns[] = {
	TEXT(support), INT(weekday), INT(from), INT(to),
};
TABLE(free, 3);
#undef ROW

#define ROW struct wr_away
static const struct wr_column away_columns[] = {
	TEXT(id), WORD(whose, whose), TEXT(who), TIME(from), TIME(to), TEXT(why), TEXT(cover),
};
TABLE(away, 1);
#undef ROW

#define ROW struct wr_block
static const struct wr_column block_columns[] = {
	TEXT(patient), TEXT(name),
};
TABLE(block, 2);
#undef ROW

#define ROW struct wr_session_change
static const struct wr_column session_change_columns[] = {
	TEXT(id), TEXT(ward), TEXT(round), DAY(day), BOOL(added), BOOL(cancelled), INT(from),
	INT(to), DAY(moved_day), TEXT(cover), INT(late_minutes), TIME(late_at), INT(told_minutes),
	TEXT(why),
};
TABLE(session_change, 1);
#undef ROW

#define ROW struct wr_slot
static const struct wr_column slot_columns[] = {
	TEXT(ref), TEXT(uid), TEXT(patient), TEXT(ward), WEEK(week), TEXT(session),
	TEXT(consultant), TEXT(room), INT(cell), INT(cells), TIME(start), TIME(end), TIME(until),
	WORD(state, state), INT(revision), BOOL(locked), TEXT(join), WORD(why, why),
	TEXT(reason), BOOL(late), TEXT(late_why), TIME(published), TIME(changed), TIME(started),
	TIME(finished), TIME(was_start), BOOL(last_of_session), TEXT(explain),
};
TABLE(slot, 1);
#undef ROW

#define ROW struct wr_attendee
static const struct wr_column attendee_columns[] = {
	TEXT(slot), TEXT(support), TEXT(person),
};
TABLE(attendee, 2);
#undef ROW

#define ROW struct wr_plan_row
static const struct wr_column plan_columns[] = {
	TEXT(ward), WEEK(week), BOOL(published), BOOL(by_hand), BOOL(optimal), TIME(made),
	TIME(published_at), INT64(cost), INT64(bound),
};
TABLE(plan, 2);
#undef ROW

#define ROW struct wr_unplaced
static const struct wr_column unplaced_columns[] = {
	TEXT(patient), WEEK(week), TEXT(ward), TEXT(why), BOOL(said),
};
TABLE(unplaced, 2);
#undef ROW

#define ROW struct wr_link
static const struct wr_column link_columns[] = {
	TEXT(id), WORD(whose, whose), TEXT(who), TEXT(label), TIME(created), TIME(expires),
	TIME(revoked), BOOL(alarms), BOOL(self_made),
};
TABLE(link, 1);
#undef ROW

#define ROW struct wr_store_fetch
static const struct wr_column fetch_columns[] = {
	TEXT(link), TEXT(client), TEXT(version), TEXT(seen), TIME(first), TIME(last), INT(times),
};
TABLE(fetch, 3);
#undef ROW

#define ROW struct wr_reply
static const struct wr_column reply_columns[] = {
	TEXT(support), TEXT(slot), WORD(answer, answer), TEXT(note), INT(revision), TIME(at),
};
TABLE(reply, 2);
#undef ROW

#define ROW struct wr_store_stamp
static const struct wr_column stamp_columns[] = {
	WORD(whose, whose), TEXT(who), TEXT(slot), TEXT(digest), INT(sequence), TIME(stamp),
};
TABLE(stamp, 3);
#undef ROW

#define ROW struct wr_news
static const struct wr_column news_columns[] = {
	WORD(whose, whose), TEXT(who), TEXT(slot), INT(want), TIME(due), INT(told),
	WORD(told_state, state), TIME(told_start), TIME(told_end), TEXT(told_place),
	TEXT(told_joining), TEXT(told_people), INT(told_late), INT(accepted), INT(delivered), INT(fetched), INT(confirmed),
	TIME(accepted_at), TIME(delivered_at), TIME(fetched_at), TIME(confirmed_at),
	TEXT(confirmed_how),
};
TABLE(news, 3);
#undef ROW

#define ROW struct wr_reminder
static const struct wr_column reminder_columns[] = {
	WORD(whose, whose), TEXT(who), TEXT(slot), TEXT(before), TIME(due),
};
TABLE(reminder, 4);
#undef ROW

#define ROW struct wr_notice_row
static const struct wr_column notice_columns[] = {
	TEXT(id), TEXT(endpoint), TEXT(type), WORD(whose, whose), TEXT(who), TEXT(slot),
	INT(revision), WORD(state, notice_state), TIME(created), TIME(next_try), TIME(not_after),
	TEXT(body), INT(tries), INT(status), TEXT(error), INT(late), BOOL(unsure),
};
TABLE(notice, 1);
#undef ROW

#define ROW struct wr_task
static const struct wr_column task_columns[] = {
	TEXT(id), TEXT(ward), TEXT(kind), TEXT(patient), TEXT(slot), TEXT(text), TEXT(data),
	TIME(created), TIME(alarm), TIME(done), TEXT(done_by), BOOL(declined), TEXT(note),
	INT(said),
};
TABLE(task, 1);
#undef ROW

#define ROW struct wr_question
static const struct wr_column question_columns[] = {
	TEXT(id), TEXT(patient), INT(admission), TEXT(slot), TEXT(text), TIME(created),
	TIME(changed),
};
TABLE(question, 1);
#undef ROW

#define ROW struct wr_feedback
#define RATING(name, question, rating) \
	{name, WR_COLUMN_INT, offsetof(ROW, n[question][rating]), NULL}
static const struct wr_column feedback_columns[] = {
	TEXT(ward), INT(batch), DAY(month), INT(forms),
	RATING("heard_yes",     WR_FEEDBACK_HEARD,  WR_RATING_YES),
	RATING("heard_partly",  WR_FEEDBACK_HEARD,  WR_RATING_PARTLY),
	RATING("heard_no",      WR_FEEDBACK_HEARD,  WR_RATING_NO),
	RATING("people_yes",    WR_FEEDBACK_PEOPLE, WR_RATING_YES),
	RATING("people_partly", WR_FEEDBACK_PEOPLE, WR_RATING_PARTLY),
	RATING("people_no",     WR_FEEDBACK_PEOPLE, WR_RATING_NO),
	RATING("next_yes",      WR_FEEDBACK_NEXT,   WR_RATING_YES),
	RATING("next_partly",   WR_FEEDBACK_NEXT,   WR_RATING_PARTLY),
	RATING("next_no",       WR_FEEDBACK_NEXT,   WR_RATING_NO),
};
TABLE(feedback, 2);
#undef RATING
#undef ROW

#define ROW struct wr_staff
static const struct wr_column staff_columns[] = {
	TEXT(name), WORD(role, role), TEXT(ward), TEXT(consultant), TIME(added), TIME(revoked),
	TEXT(code), TIME(code_until),
};
TABLE(staff, 1);
#undef ROW

#define ROW struct wr_staff_session
static const struct wr_column staff_session_columns[] = {
	TEXT(id), TEXT(staff), TEXT(browser), TIME(begun), TIME(seen),
};
TABLE(staff_session, 1);
#undef ROW

#define ROW struct wr_store_endpoint
static const struct wr_column endpoint_columns[] = {
	TEXT(name), BOOL(off), TEXT(why), TIME(since),
};
TABLE(endpoint, 1);
#undef ROW

#define ROW struct wr_store_undo
static const struct wr_column undo_columns[] = {
	TEXT(kind), TEXT(ref), TEXT(actor), TEXT(data), TIME(at),
};
TABLE(undo, 2);
#undef ROW

#define ROW struct wr_store_key
static const struct wr_column key_columns[] = {
	TEXT(key), TEXT(request), INT(status), TEXT(answer), TIME(at),
};
TABLE(key, 1);
#undef ROW
// clang-format on
