/*
 * The table of wardctl. A verb is one row at the end of this file; its arguments stand above, in
 * the order in which help shows them. Help, usage errors, completion and the manual page are made
 * from it. The route and the names of its arguments follow from it too (desk/routes.c).
 */
#include "ctl.h"

#define PREFERS "morning|afternoon"
#define SEES "nothing|time|place|all"
#define BASIS "patient|best-interests|law"
#define ATTENDS "person|phone|video"
#define CONTACT "sms|email|call|paper"
#define ANSWER "person|phone|video|no"
#define WHY "patient-declined|patient-asleep|patient-away|doctor-away|overrun|emergency|other"

// clang-format off
enum { MUST = WR_CTL_MUST, POS = WR_CTL_POSITIONAL };

#define REF_OF(what)   { "ref", WR_CTL_TEXT, MUST | POS, "R", .help = "the " what }
#define ID_OF(what)    { "id",  WR_CTL_TEXT, MUST | POS, "ID", .help = "the " what }
#define THE_SLOT       { "slot", WR_CTL_TEXT, MUST | POS, "S", .help = "the slot's reference" }
#define END            { 0 }

#define PATIENT_DETAILS \
	{ "admitted",   WR_CTL_TEXT,   0, "T", .help = "when; in the future: expected; left out: now" }, \
	{ "bed",        WR_CTL_TEXT,   0, "B", .help = "the bed, as the ward calls it" }, \
	{ "slots",      WR_CTL_NUMBER, 0, "N", .min = 1, .max = 3, .help = "cells that the patient's slot takes" }, \
	{ "prefers",    WR_CTL_WORD,   0, "WHEN", PREFERS, .help = "time of day the patient would rather have" }, \
	{ "label",      WR_CTL_TEXT,   0, "TEXT", .help = "what supports' calendars call the meeting" }, \
	{ "nurse",      WR_CTL_TEXT,   0, "N", .help = "the named nurse" }, \
	{ "last-seen",  WR_CTL_TEXT,   0, "T", .help = "a ward round before the data began" }, \
	{ "phone",      WR_CTL_TEXT,   0, "NUMBER", .help = "for notices" }, \
	{ "email",      WR_CTL_TEXT,   0, "ADDRESS", .help = "for notices" }, \
	{ "language",   WR_CTL_TEXT,   0, "CODE", .help = "of pages and notices: en, cy, pl" }, \
	{ "contact",    WR_CTL_WORD,   0, "HOW", CONTACT, .help = "how this person is reached" }, \
	{ "restricted", WR_CTL_FLAG,   0, .help = "no feed, no text, on no list that leaves the ward" }

#define SUPPORT_DETAILS \
	{ "attends",    WR_CTL_WORD,   0, "HOW", ATTENDS, .help = "how this person usually comes" }, \
	{ "chosen",     WR_CTL_FLAG,   0, .group = 'c', .help = "the patient chose this person" }, \
	{ "required",   WR_CTL_FLAG,   0, .group = 'c', .help = "without this person the round is of little use" }, \
	{ "person",     WR_CTL_TEXT,   0, "ID", .help = "the same human supports other patients too" }, \
	{ "free",       WR_CTL_LIST,   0, "SPAN", .help = "usual free time: \"Tue 13:00-17:00\"" }, \
	{ "phone",      WR_CTL_TEXT,   0, "NUMBER", .help = "for notices" }, \
	{ "email",      WR_CTL_TEXT,   0, "ADDRESS", .help = "for notices" }, \
	{ "language",   WR_CTL_TEXT,   0, "CODE", .help = "of pages and notices: en, cy, pl" }

static const struct wr_ctl_arg none[] = { END };

static const struct wr_ctl_arg config_check[] = {
	{ "file", WR_CTL_FILE, POS, "FILE", .help = "left out: /etc/wardround/wardround.conf" }, END };
static const struct wr_ctl_arg config_reload[] = {
	{ "move", WR_CTL_FLAG, 0, .help = "reload even if that strands published slots; they are to be moved" }, END };

static const struct wr_ctl_arg patient_admit[] = {
	{ "ward",       WR_CTL_TEXT, MUST, "W", .help = "the ward" },
	{ "name",       WR_CTL_TEXT, MUST, "N", .help = "the patient's name" },
	{ "consultant", WR_CTL_TEXT, MUST, "C", .help = "who leads the rounds" },
	{ "ref",        WR_CTL_TEXT, 0, "R", .help = "a reference of your own; left out: a new one" },
	PATIENT_DETAILS, END };
static const struct wr_ctl_arg patient_list[] = {
	{ "ward", WR_CTL_TEXT, 0, "W", .help = "of this ward only" }, END };
static const struct wr_ctl_arg patient_show[] = { REF_OF("patient"), END };
static const struct wr_ctl_arg patient_edit[] = {
	REF_OF("patient"),
	{ "name",       WR_CTL_TEXT, 0, "N", .help = "the patient's name" },
	{ "consultant", WR_CTL_TEXT, 0, "C", .help = "who leads the rounds" },
	PATIENT_DETAILS, END };
static const struct wr_ctl_arg patient_transfer[] = {
	REF_OF("patient"),
	{ "ward",       WR_CTL_TEXT, MUST, "W", .help = "the new ward" },
	{ "consultant", WR_CTL_TEXT, 0, "C", .help = "the new consultant" }, END };
static const struct wr_ctl_arg patient_hold[] = {
	REF_OF("patient"),
	{ "why", WR_CTL_TEXT, MUST, "TEXT", .help = "absent without leave, other hospital, ..." }, END };
static const struct wr_ctl_arg patient_discharge[] = {
	REF_OF("patient"),
	{ "died", WR_CTL_FLAG, 0, .group = 'd', .help = "nobody is told automatically; a task names whom to ring" },
	{ "undo", WR_CTL_FLAG, 0, .group = 'd', .help = "takes a discharge back" }, END };

static const struct wr_ctl_arg support_add[] = {
	{ "patient",   WR_CTL_TEXT, MUST, "R", .help = "whose support" },
	{ "name",      WR_CTL_TEXT, MUST, "N", .help = "the support's name" },
	{ "relation",  WR_CTL_TEXT, MUST, "TEXT", .help = "mother, friend, advocate, ..." },
	{ "sees",      WR_CTL_WORD, MUST, "WHAT", SEES, .help = "what this person may see" },
	{ "agreed-by", WR_CTL_TEXT, MUST, "WHO", .help = "who agreed: patient, or who decided for them; \"\": only suggested" },
	{ "basis",     WR_CTL_WORD, 0, "WHY", BASIS, .help = "on what ground" },
	{ "by-staff",  WR_CTL_TEXT, 0, "N", .help = "the nurse who asked" },
	{ "ref",       WR_CTL_TEXT, 0, "S", .help = "a reference of your own; left out: a new one" },
	SUPPORT_DETAILS, END };
static const struct wr_ctl_arg support_list[] = {
	{ "patient", WR_CTL_TEXT, 0, "R", .help = "of this patient only" },
	{ "person",  WR_CTL_TEXT, 0, "ID", .help = "of this person only" },
	{ "ward",    WR_CTL_TEXT, 0, "W", .help = "of this ward only" }, END };
static const struct wr_ctl_arg support_edit[] = {
	REF_OF("support"),
	{ "name",     WR_CTL_TEXT, 0, "N", .help = "the support's name" },
	{ "relation", WR_CTL_TEXT, 0, "TEXT", .help = "mother, friend, advocate, ..." },
	{ "sees",     WR_CTL_WORD, 0, "WHAT", SEES, .help = "what this person may see" },
	SUPPORT_DETAILS, END };
static const struct wr_ctl_arg support_agree[] = {
	REF_OF("support"),
	{ "sees",      WR_CTL_WORD, 0, "WHAT", SEES, .help = "what this person may see" },
	{ "agreed-by", WR_CTL_TEXT, MUST, "WHO", .help = "who agreed: patient, or who decided for them" },
	{ "basis",     WR_CTL_WORD, 0, "WHY", BASIS, .help = "on what ground" },
	{ "by-staff",  WR_CTL_TEXT, 0, "N", .help = "the nurse who asked" }, END };
static const struct wr_ctl_arg support_withdraw[] = {
	REF_OF("support"),
	{ "tell", WR_CTL_FLAG, 0, .help = "send a neutral \"please do not travel\"" }, END };
static const struct wr_ctl_arg support_remove[] = { REF_OF("support"), END };
static const struct wr_ctl_arg support_block[] = {
	{ "patient", WR_CTL_TEXT, MUST, "R", .help = "whose list" },
	{ "name",    WR_CTL_TEXT, MUST, "N", .help = "never to be added or told" }, END };

static const struct wr_ctl_arg away_add[] = {
	{ "patient",    WR_CTL_TEXT, MUST, "R", .group = 'w', .help = "who is away" },
	{ "support",    WR_CTL_TEXT, MUST, "S", .group = 'w', .help = "who is away" },
	{ "consultant", WR_CTL_TEXT, MUST, "C", .group = 'w', .help = "who is away" },
	{ "room",       WR_CTL_TEXT, MUST, "W/NAME", .group = 'w', .help = "the room that can't be used" },
	{ "cover",      WR_CTL_TEXT, 0, "C2", .help = "who takes over from the consultant" },
	{ "from",       WR_CTL_TEXT, MUST, "T", .help = "2026-11-30T09:00, ward time" },
	{ "to",         WR_CTL_TEXT, MUST, "T", .help = "the end, itself not included" },
	{ "why",        WR_CTL_TEXT, MUST, "TEXT", .help = "leave, treatment, tribunal, holiday, ..." }, END };
static const struct wr_ctl_arg away_remove[] = { ID_OF("away time"), END };

static const struct wr_ctl_arg plan_week[] = {
	{ "ward", WR_CTL_TEXT, MUST, "W", .help = "the ward" },
	{ "week", WR_CTL_TEXT, MUST, "YYYY-Www", .help = "the week: 2026-W49" }, END };
static const struct wr_ctl_arg plan_publish[] = {
	{ "ward", WR_CTL_TEXT, 0, "W", .help = "the ward, where there are several" },
	{ "week", WR_CTL_TEXT, MUST, "YYYY-Www", .help = "the week: 2026-W49" }, END };
static const struct wr_ctl_arg plan_show[] = {
	{ "ward", WR_CTL_TEXT, 0, "W", .help = "the ward, where there are several" },
	{ "week", WR_CTL_TEXT, 0, "YYYY-Www", .help = "the week; left out: this one" }, END };
static const struct wr_ctl_arg plan_explain[] = {
	{ "patient", WR_CTL_TEXT, MUST, "R", .group = 'w', .help = "why this patient has this place, or none" },
	{ "slot",    WR_CTL_TEXT, MUST, "S", .group = 'w', .help = "why this slot is where it is" },
	{ "week",    WR_CTL_TEXT, 0, "YYYY-Www", .help = "the week; left out: the slot's, or the next" }, END };
static const struct wr_ctl_arg plan_what_if[] = {
	{ "patient", WR_CTL_TEXT, MUST, "R", .group = 'w', .help = "if this patient were placed, elsewhere or away" },
	{ "slot",    WR_CTL_TEXT, MUST, "S", .group = 'w', .help = "if this slot were elsewhere" },
	{ "session", WR_CTL_TEXT, MUST, "ID", .group = 'w', .help = "if this session did not take place" },
	{ "to",        WR_CTL_TEXT, 0, "T", .help = "placed at this time" },
	{ "away-from", WR_CTL_TEXT, 0, "T", .help = "away from this time" },
	{ "away-to",   WR_CTL_TEXT, 0, "T", .help = "until this one" },
	{ "ward",      WR_CTL_TEXT, 0, "W", .help = "the ward, where there are several" },
	{ "week",      WR_CTL_TEXT, 0, "YYYY-Www", .help = "the week; left out: the slot's, or the next" }, END };
static const struct wr_ctl_arg plan_solve[] = {
	{ "file",  WR_CTL_FILE,   MUST | POS, "FILE", .help = "an instance as JSON" },
	{ "lp",    WR_CTL_FILE,   0, "OUT", .help = "write the same problem in CPLEX LP format" },
	{ "nodes", WR_CTL_NUMBER, 0, "N", .min = 1, .max = 2000000000, .help = "most nodes searched" }, END };

static const struct wr_ctl_arg session_list[] = {
	{ "ward", WR_CTL_TEXT, 0, "W", .help = "of this ward only" },
	{ "week", WR_CTL_TEXT, 0, "YYYY-Www", .help = "of this week only" }, END };
static const struct wr_ctl_arg session_add[] = {
	{ "round", WR_CTL_TEXT, MUST, "R", .help = "the round: shah" },
	{ "ward",  WR_CTL_TEXT, 0, "W", .help = "the ward, where there are several" },
	{ "from",  WR_CTL_TEXT, MUST, "T", .help = "the start: 2026-11-30T14:00" },
	{ "to",    WR_CTL_TEXT, MUST, "T", .help = "the end" }, END };
static const struct wr_ctl_arg session_one[] = { ID_OF("session"), END };
static const struct wr_ctl_arg session_move[] = {
	ID_OF("session"),
	{ "to", WR_CTL_TEXT, MUST, "T", .help = "the new start: 2026-12-01T09:00" }, END };
static const struct wr_ctl_arg session_cover[] = {
	ID_OF("session"),
	{ "by", WR_CTL_TEXT, MUST, "C", .help = "the consultant who takes it" }, END };
static const struct wr_ctl_arg session_late[] = {
	ID_OF("session"),
	{ "minutes", WR_CTL_NUMBER, MUST, "N", .min = 0, .max = 480, .help = "how late it runs; 0: on time again" }, END };

static const struct wr_ctl_arg slot_list[] = {
	{ "ward",       WR_CTL_TEXT, 0, "W", .help = "of this ward only" },
	{ "consultant", WR_CTL_TEXT, 0, "C", .help = "of this consultant only" },
	{ "patient",    WR_CTL_TEXT, 0, "R", .help = "of this patient only" },
	{ "week",       WR_CTL_TEXT, 0, "YYYY-Www", .help = "of this week only" },
	{ "from",       WR_CTL_TEXT, 0, "T", .help = "that start at this time or later" },
	{ "to",         WR_CTL_TEXT, 0, "T", .help = "that start before this time" }, END };
static const struct wr_ctl_arg slot_one[] = { THE_SLOT, END };
static const struct wr_ctl_arg slot_move[] = {
	THE_SLOT,
	{ "to", WR_CTL_TEXT, MUST, "T", .help = "the start of a cell in the same week" }, END };
static const struct wr_ctl_arg slot_swap[] = {
	{ "slot", WR_CTL_TEXT, MUST | POS, "S1", .help = "one slot" },
	{ "with", WR_CTL_TEXT, MUST | POS, "S2", .help = "the other" }, END };
static const struct wr_ctl_arg slot_cancel[] = {
	THE_SLOT,
	{ "why", WR_CTL_WORD, 0, "CODE", WHY, .help = "what happened" }, END };
static const struct wr_ctl_arg slot_missed[] = {
	THE_SLOT,
	{ "why", WR_CTL_WORD, MUST, "CODE", WHY, .help = "what happened" }, END };

static const struct wr_ctl_arg link_new[] = {
	{ "patient",    WR_CTL_TEXT, MUST, "R",  .group = 'w', .help = "whose link" },
	{ "support",    WR_CTL_TEXT, MUST, "S",  .group = 'w', .help = "whose link" },
	{ "person",     WR_CTL_TEXT, MUST, "ID", .group = 'w', .help = "whose link: all their patients" },
	{ "consultant", WR_CTL_TEXT, MUST, "C",  .group = 'w', .help = "whose link" },
	{ "ward",       WR_CTL_TEXT, MUST, "W",  .group = 'w', .help = "whose link" },
	{ "label",      WR_CTL_TEXT, 0, "DEVICE", .help = "which device it is for" },
	{ "expires",    WR_CTL_TEXT, 0, "T", .help = "until when it works" },
	{ "alarms",     WR_CTL_FLAG, 0, .help = "the calendar rings before each slot" }, END };
static const struct wr_ctl_arg link_list[] = {
	{ "patient",    WR_CTL_TEXT, 0, "R",  .group = 'w', .help = "of this patient only" },
	{ "support",    WR_CTL_TEXT, 0, "S",  .group = 'w', .help = "of this support only" },
	{ "person",     WR_CTL_TEXT, 0, "ID", .group = 'w', .help = "of this person only" },
	{ "consultant", WR_CTL_TEXT, 0, "C",  .group = 'w', .help = "of this consultant only" },
	{ "ward",       WR_CTL_TEXT, 0, "W",  .group = 'w', .help = "of the ward itself only" }, END };
static const struct wr_ctl_arg link_fetches[] = {
	ID_OF("link"), END };
static const struct wr_ctl_arg link_revoke[] = {
	{ "id",      WR_CTL_TEXT, MUST | POS, "ID", .group = 'w', .help = "one link" },
	{ "support", WR_CTL_TEXT, MUST, "S", .group = 'w', .help = "all links of this support" },
	{ "patient", WR_CTL_TEXT, MUST, "R", .group = 'w', .help = "all links of this patient" }, END };
static const struct wr_ctl_arg link_send[] = {
	{ "support", WR_CTL_TEXT, MUST, "S", .help = "who gets a link by the way of notices" }, END };
static const struct wr_ctl_arg link_qr[] = {
	ID_OF("link"),
	{ "svg", WR_CTL_FILE, 0, "FILE", .help = "write it as an SVG picture" }, END };

static const struct wr_ctl_arg reply_add[] = {
	{ "support", WR_CTL_TEXT, MUST, "S", .help = "who answers" },
	{ "slot",    WR_CTL_TEXT, MUST, "S", .help = "to which slot" },
	{ "answer",  WR_CTL_WORD, MUST, "HOW", ANSWER, .help = "how this person comes" },
	{ "note",    WR_CTL_TEXT, 0, "TEXT", .help = "for staff only" }, END };

static const struct wr_ctl_arg reply_list[] = {
	{ "support", WR_CTL_TEXT, 0, "S", .help = "of this support only" },
	{ "slot",    WR_CTL_TEXT, 0, "S", .help = "to this slot only" },
	{ "ward",    WR_CTL_TEXT, 0, "W", .help = "of this ward only" },
	{ "week",    WR_CTL_TEXT, 0, "YYYY-Www", .help = "of this week only" }, END };

static const struct wr_ctl_arg question_list[] = {
	{ "patient", WR_CTL_TEXT, 0, "R", .help = "of this patient only" },
	{ "ward",    WR_CTL_TEXT, 0, "W", .help = "of this ward only" },
	{ "slot",    WR_CTL_TEXT, 0, "S", .help = "there for this slot, a past one too" }, END };
static const struct wr_ctl_arg question_add[] = {
	{ "patient", WR_CTL_TEXT, MUST, "R", .help = "who asks" },
	{ "text",    WR_CTL_TEXT, MUST, "TEXT", .help = "in the patient's words" }, END };
static const struct wr_ctl_arg question_edit[] = {
	ID_OF("question"),
	{ "text", WR_CTL_TEXT, MUST, "TEXT", .help = "in the patient's words" }, END };
static const struct wr_ctl_arg question_remove[] = { ID_OF("question"), END };

static const struct wr_ctl_arg of_ward[] = {
	{ "ward", WR_CTL_TEXT, 0, "W", .help = "of this ward only" }, END };
static const struct wr_ctl_arg unseen_tick[] = {
	{ "support", WR_CTL_TEXT, MUST, "S", .group = 'w', .help = "who has been told" },
	{ "patient", WR_CTL_TEXT, MUST, "R", .group = 'w', .help = "who has been told" },
	{ "slot",    WR_CTL_TEXT, MUST, "S", .help = "of which slot" },
	{ "how",     WR_CTL_TEXT, MUST, "TEXT", .help = "rang at 14:10, said in person, ..." }, END };

static const struct wr_ctl_arg task_done[] = {
	ID_OF("task"),
	{ "note", WR_CTL_TEXT, 0, "TEXT", .help = "what came of it" }, END };

static const struct wr_ctl_arg notice_list[] = {
	{ "state", WR_CTL_WORD, 0, "STATE", "waiting|sending|sent|failed|expired|superseded", .help = "in this state only" }, END };
static const struct wr_ctl_arg notice_retry[] = {
	{ "id",     WR_CTL_TEXT, MUST | POS, "ID", .group = 'w', .help = "one notice" },
	{ "failed", WR_CTL_FLAG, MUST, .group = 'w', .help = "all that failed" },
	{ "from",   WR_CTL_TEXT, MUST, "T", .group = 'w', .help = "all that were made then or later, those that were sent too" },
	{ "to",     WR_CTL_TEXT, 0, "T", .help = "with --from: made before" },
	{ "endpoint", WR_CTL_TEXT, 0, "NAME", .help = "with --from: of this endpoint only" }, END };

static const struct wr_ctl_arg webhook_one[] = {
	{ "name", WR_CTL_TEXT, MUST | POS, "NAME", .help = "the endpoint, as the configuration calls it" }, END };

#define STAFF_NAME { "name", WR_CTL_TEXT, MUST | POS, "NAME", .help = "as the audit calls this person" }
static const struct wr_ctl_arg staff_add[] = {
	STAFF_NAME,
	{ "role",       WR_CTL_WORD, MUST, "ROLE", "consultant|ward", .help = "what this person does" },
	{ "ward",       WR_CTL_TEXT, MUST, "W", .help = "on which ward" },
	{ "consultant", WR_CTL_TEXT, 0, "C", .help = "whose list; left out: NAME is that consultant's id or name" }, END };
static const struct wr_ctl_arg staff_one[] = { STAFF_NAME, END };

static const struct wr_ctl_arg audit_list[] = {
	{ "patient", WR_CTL_TEXT, 0, "R", .help = "about this patient only" },
	{ "from",    WR_CTL_TEXT, 0, "T", .help = "from this time on" }, END };

static const struct wr_ctl_arg import_file[] = {
	{ "file", WR_CTL_FILE, MUST | POS, "FILE.csv", .help = "UTF-8 CSV with a header row" }, END };

static const struct wr_ctl_arg demo_start[] = {
	{ "dir",  WR_CTL_FILE,   0, "D", .help = "the demo's folder; left out: see wardctl(1)" },
	{ "port", WR_CTL_NUMBER, 0, "N", .min = 1, .max = 65534, .help = "served on 127.0.0.1:N, metrics on N+1; 8480" }, END };
static const struct wr_ctl_arg demo_stop[] = {
	{ "dir",  WR_CTL_FILE,   0, "D", .help = "the demo's folder" }, END };

static const struct wr_ctl_arg completion_args[] = {
	{ "shell", WR_CTL_WORD, MUST | POS, "SHELL", "bash|zsh", .help = "the shell" }, END };

const struct wr_ctl_arg wr_ctl_global_args[] = {
	{ "socket",  WR_CTL_FILE, 0, "PATH", .help = "the control socket; else $WARDROUND_SOCKET, else /run/wardround/control.sock" },
	{ "json",    WR_CTL_FLAG, 0, .help = "print the daemon's answer as JSON" },
	{ "dry-run", WR_CTL_FLAG, 0, .help = "only say what would change and who would be told" },
	{ "yes",     WR_CTL_FLAG, 0, .help = "yes to what would be asked" },
	{ "reason",  WR_CTL_TEXT, 0, "TEXT", .help = "why, for staff and the audit" },
	{ "quiet",   WR_CTL_FLAG, 0, .help = "only data and errors" },
	{ "key",     WR_CTL_TEXT, 0, "K", .help = "the same call with the same key is done once (7 days)" },
	END };

const struct wr_ctl_noun wr_ctl_nouns[] = {
	{ "status",  "the promises: kept, in danger or broken" },
	{ "config",  "the configuration" },
	{ "patient", "who is on the ward, and who is expected" },
	{ "support", "who may join a patient's slot, and what they may see" },
	{ "away",    "times when somebody, or a room, can't be used" },
	{ "plan",    "a week's allocation: draft, then published" },
	{ "session", "the dated rounds of consultants" },
	{ "slot",    "who is seen when" },
	{ "link",    "secret addresses of pages and calendars" },
	{ "reply",   "what supports answered" },
	{ "question", "what patients want to talk about on the round" },
	{ "feedback", "how rounds were, without names" },
	{ "unseen",  "who should know and has not confirmed it" },
	{ "task",    "what a person on the ward has to do" },
	{ "notice",  "messages about slots" },
	{ "webhook", "where messages are sent" },
	{ "staff",   "who may sign in to the ward's pages" },
	{ "audit",   "who did what, when and why" },
	{ "import",  "people and times from CSV" },
	{ "export",  "people and times as CSV" },
	{ "demo",    "a made-up ward on this machine" },
	{ "version", "the version of wardctl" },
	{ 0 }
};

enum {
	CHANGES = WR_CTL_CHANGES, REASON = WR_CTL_REASON, ASKS = WR_CTL_ASKS, LOCAL = WR_CTL_LOCAL,
	DEFAULT = WR_CTL_DEFAULT, HIDDEN = WR_CTL_HIDDEN, NOUN_ONLY = WR_CTL_NOUN_ONLY,
	PUBLISHED = CHANGES | REASON | ASKS, /* on what is published */
};

const struct wr_ctl_verb wr_ctl_verbs[] = {
	{ "status",  "show",     none,              DEFAULT | NOUN_ONLY, NULL, "the promises, and who has no slot" },

	{ "config",  "check",    config_check,      LOCAL,     wr_ctl_run_config_check, "every mistake and warning in a configuration" },
	{ "config",  "show",     none,              0,         wr_ctl_run_config_show, "the configuration in force" },
	{ "config",  "reload",   config_reload,     CHANGES,   NULL, "read the configuration again, all of it or none" },

	{ "patient", "admit",    patient_admit,     CHANGES,   NULL, "a new patient, or one who is expected" },
	{ "patient", "list",     patient_list,      0,         NULL, "the patients" },
	{ "patient", "show",     patient_show,      0,         NULL, "one patient" },
	{ "patient", "edit",     patient_edit,      CHANGES,   NULL, "change what is given; \"\" empties" },
	{ "patient", "transfer", patient_transfer,  CHANGES | ASKS, NULL, "to another ward" },
	{ "patient", "hold",     patient_hold,      CHANGES,   NULL, "not here for now: reminders rest" },
	{ "patient", "release",  patient_show,      CHANGES,   NULL, "here again" },
	{ "patient", "discharge", patient_discharge, CHANGES | ASKS, NULL, "the stay is over" },

	{ "support", "add",      support_add,       CHANGES,   NULL, "somebody who may join a patient's slot" },
	{ "support", "list",     support_list,      0,         NULL, "the supports" },
	{ "support", "edit",     support_edit,      CHANGES,   NULL, "change what is given; \"\" empties" },
	{ "support", "agree",    support_agree,     CHANGES,   NULL, "the patient has agreed" },
	{ "support", "withdraw", support_withdraw,  CHANGES | ASKS, NULL, "consent ends now" },
	{ "support", "remove",   support_remove,    CHANGES | ASKS, NULL, "take a support off the list" },
	{ "support", "block",    support_block,     CHANGES,   NULL, "never to be added or told" },

	{ "away",    "add",      away_add,          CHANGES | ASKS, NULL, "somebody is away, or a room can't be used" },
	{ "away",    "list",     none,              0,         NULL, "the away times" },
	{ "away",    "remove",   away_remove,       CHANGES,   NULL, "take an away time back" },

	{ "plan",    "make",     plan_week,         CHANGES,   NULL, "plan a week; what is published stays" },
	{ "plan",    "show",     plan_show,           0,         NULL, "a week's plan" },
	{ "plan",    "progress", none,              0,         NULL, "how far the planning under way has come" },
	{ "plan",    "stop",     none,              CHANGES,   NULL, "end the planning under way with the best plan so far" },
	{ "plan",    "publish",  plan_publish,      CHANGES, NULL, "make the draft a promise, and tell everybody" },
	{ "plan",    "explain",  plan_explain,      0,         NULL, "why here, or why nowhere" },
	{ "plan",    "what-if",  plan_what_if,      0,         NULL, "what a change would cost, and whom it would move" },
	{ "plan",    "solve",    plan_solve,        LOCAL,     wr_ctl_run_plan_solve, "plan an instance from a file, without a daemon" },

	{ "session", "list",     session_list,      0,         NULL, "the sessions" },
	{ "session", "add",      session_add,       CHANGES,   NULL, "an extra session of a round" },
	{ "session", "cancel",   session_one,       PUBLISHED, NULL, "a session that does not take place" },
	{ "session", "move",     session_move,      PUBLISHED, NULL, "a session at another time" },
	{ "session", "cover",    session_cover,     PUBLISHED, NULL, "a session by another consultant" },
	{ "session", "late",     session_late,      CHANGES,   NULL, "a session runs late" },

	{ "slot",    "list",     slot_list,         0,         NULL, "the slots" },
	{ "slot",    "show",     slot_one,          0,         NULL, "one slot" },
	{ "slot",    "places",   slot_one,          0,         NULL, "where it could be moved to" },
	{ "slot",    "move",     slot_move,         PUBLISHED, NULL, "to another cell" },
	{ "slot",    "swap",     slot_swap,         PUBLISHED, NULL, "two slots change places" },
	{ "slot",    "cancel",   slot_cancel,       PUBLISHED, NULL, "the slot does not take place" },
	{ "slot",    "decline",  slot_one,          PUBLISHED, NULL, "the patient does not want it" },
	{ "slot",    "lock",     slot_one,          CHANGES,   NULL, "the planner leaves it where it is" },
	{ "slot",    "unlock",   slot_one,          CHANGES,   NULL, "the planner may propose to move it" },
	{ "slot",    "start",    slot_one,          CHANGES,   NULL, "it begins" },
	{ "slot",    "finish",   slot_one,          CHANGES,   NULL, "it was held" },
	{ "slot",    "missed",   slot_missed,       CHANGES,   NULL, "it was not held" },
	{ "slot",    "undo",     slot_one,          CHANGES,   NULL, "one step back, within 15 minutes" },

	{ "link",    "new",      link_new,          CHANGES,   NULL, "a page and calendar for one device" },
	{ "link",    "send",     link_send,         CHANGES,   NULL, "a new link, sent to the support" },
	{ "link",    "list",     link_list,         0,         NULL, "the links" },
	{ "link",    "fetches",  link_fetches,      0,         NULL, "what was fetched through a link, when and by what" },
	{ "link",    "revoke",   link_revoke,       CHANGES, NULL, "end a link for good" },
	{ "link",    "qr",       link_qr,           0,         wr_ctl_run_link_qr, "the link as a QR code" },

	{ "reply",   "add",      reply_add,         CHANGES,   NULL, "an answer given by telephone or in person" },
	{ "reply",   "list",     reply_list,        0,         NULL, "the answers" },

	{ "question", "list",    question_list,     DEFAULT,   NULL, "the questions that wait for the next round" },
	{ "question", "add",     question_add,      CHANGES,   NULL, "a question that a patient has told somebody" },
	{ "question", "edit",    question_edit,     CHANGES,   NULL, "in other words" },
	{ "question", "remove",  question_remove,   CHANGES,   NULL, "take a question out" },

	{ "feedback", "list",    of_ward,           DEFAULT,   NULL, "counts of each month, five forms at a time" },

	{ "unseen",  "list",     of_ward,           DEFAULT,   NULL, "who has not confirmed, and how far the news got" },
	{ "unseen",  "tick",     unseen_tick,       CHANGES,   NULL, "this person has been told" },

	{ "task",    "list",     of_ward,           0,         NULL, "what has to be done" },
	{ "task",    "done",     task_done,         CHANGES | ASKS, NULL, "it is done; yes to a proposal or a wish" },
	{ "task",    "decline",  task_done,         CHANGES,   NULL, "no to a proposal or a wish" },

	{ "notice",  "list",     notice_list,       0,         NULL, "the messages and how far they got" },
	{ "notice",  "retry",    notice_retry,      CHANGES,   NULL, "send again" },

	{ "webhook", "list",     none,              0,         NULL, "the endpoints" },
	{ "webhook", "test",     webhook_one,       CHANGES,   NULL, "send a test message" },
	{ "webhook", "on",       webhook_one,       CHANGES,   NULL, "send there again" },
	{ "webhook", "off",      webhook_one,       CHANGES,   NULL, "send nothing there" },

	{ "staff",   "add",      staff_add,         CHANGES,   NULL, "somebody who may sign in; prints an address that works once" },
	{ "staff",   "list",     of_ward,           0,         NULL, "who may sign in" },
	{ "staff",   "revoke",   staff_one,         CHANGES,   NULL, "signed out at once; may not sign in any more" },

	{ "audit",   "list",     audit_list,        0,         NULL, "who did what" },
	{ "audit",   "verify",   none,              0,         NULL, "recompute the chain of hashes" },

	{ "import",  "patients", import_file,       CHANGES,   wr_ctl_run_import, "add and update patients" },
	{ "import",  "supports", import_file,       CHANGES,   wr_ctl_run_import, "add and update supports" },
	{ "import",  "away",     import_file,       CHANGES,   wr_ctl_run_import, "add away times" },
	{ "export",  "patients", none,              0,         wr_ctl_run_export, "the patients as CSV" },
	{ "export",  "supports", none,              0,         wr_ctl_run_export, "the supports as CSV" },
	{ "export",  "away",     none,              0,         wr_ctl_run_export, "the away times as CSV" },
	{ "export",  "slots",    none,              0,         wr_ctl_run_export, "the slots as CSV" },

	{ "demo",    "start",    demo_start,        LOCAL | CHANGES, wr_ctl_run_demo_start, "serve the made-up ward, print its links" },
	{ "demo",    "stop",     demo_stop,         LOCAL | CHANGES, wr_ctl_run_demo_stop, "end it" },

	{ "version", "show",     none,              LOCAL | DEFAULT | NOUN_ONLY, wr_ctl_run_version, "the version of wardctl" },

	{ "completion", "for",   completion_args,   LOCAL | DEFAULT | NOUN_ONLY | HIDDEN, wr_ctl_run_completion, "" },
	{ "manual",  "of",       none,                  LOCAL | DEFAULT | NOUN_ONLY | HIDDEN, wr_ctl_run_manual, "" },
	{ 0 }
};
