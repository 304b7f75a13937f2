/*
 * wish: what a patient asks of the ward on their page, and what became of it.
 *
 * Each is a task (kind `wish` about a slot, `widen` about who is invited and what they see) that
 * staff do or decline; nothing changes before. Its `data` holds what was asked:
 *
 *     wish:  {"admission":1, "wish":"fewer-people", "words":"..."}
 *     widen: {"admission":1, "support":"S001", "was":"time", "consent":"agreed", "sees":"all"}
 *            {"admission":1, "name":"Ann Vale", "relation":"aunt", "sees":"time", "phone":"..."}
 *
 * Text and data hold the patient's own words: they are for signed-in staff and the control socket,
 * and leave the ward in no notice.
 */
#ifndef WR_DAEMON_DESK_WISH_H
#define WR_DAEMON_DESK_WISH_H

#include "desk/use.h"
#include "wardround/voice.h"

#define WR_TASK_WISH "wish"
#define WR_TASK_WIDEN "widen"
#define WR_TASK_NARROWED "narrowed" /* to be read: the patient has narrowed something */

enum wr_wish_state {
	WR_WISH_WAITS,
	WR_WISH_DONE,
	WR_WISH_DECLINED,
	WR_WISH_TAKEN_BACK,
};

struct wr_wished { /* one task of the above as a page shows it; texts in use->arena */
	const char *task, *slot;
	bool widens;
	int wish; /* enum wr_wish; of `wish` tasks */
	const char *words;
	const char *support, *name, *relation; /* of `widen` tasks; support NULL: somebody new */
	enum wr_sees sees;
	enum wr_wish_state state;
	wr_time since, ended;
};

/* A new task for the patient's ward, unless the patient has as many open as fit. `data` is stolen.
 */
int wr_wish_put(struct wr_use *use, const struct wr_patient *patient, const char *kind,
    const struct wr_slot *slot, const char *text, json_t *data);
/* Asks something of a slot (`slot` NULL: of the rounds to come); the same again changes its words.
 */
int wr_wish_ask(struct wr_use *use, const struct wr_patient *patient, enum wr_wish wish,
    const struct wr_slot *slot, const char *words);
const char *wr_wish_words(enum wr_wish wish); /* "would like fewer people there" */
/* The patient takes one back that waits. */
int wr_wish_take_back(struct wr_use *use, const struct wr_patient *patient, const char *task);
/* Takes back what waits about one support. */
int wr_wish_take_back_for(
    struct wr_use *use, const struct wr_patient *patient, const char *support);
/* What waits goes along to another ward, ends with the stay, and waits again when a discharge was a
 * mistake (`ended`: when it was made). */
int wr_wish_move(struct wr_use *use, const struct wr_patient *patient, const char *ward);
int wr_wish_end_stay(struct wr_use *use, const struct wr_patient *patient);
int wr_wish_resume_stay(struct wr_use *use, const struct wr_patient *patient, wr_time ended);
/* Of the present admission, oldest first: what waits, and what ended at `since` or later. */
int wr_wish_list(struct wr_use *use, const struct wr_patient *patient, wr_time since,
    struct wr_wished **ret_wishes, size_t *ret_n);
/* Open wishes about this slot, for staff: [{"task","wish","words","since"}]. */
json_t *wr_json_wishes(struct wr_use *use, const struct wr_slot *slot);

#endif
