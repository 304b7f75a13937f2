/*
 * The tables, as a list of migrations that only grows: version N is made from version N-1 by its
 * text, in one transaction, after a copy of the file as it was. A released text never changes.
 *
 * Words of enums are kept as their names. Times are seconds since the epoch, weeks "2026-W49",
 * days count from 1970-01-01.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/inside.h"

#define WHOSE "('patient','support','person','consultant','room','ward')"
#define WEEK(column) "CHECK (" column " GLOB '[0-9][0-9][0-9][0-9]-W[0-5][0-9]')"
#define FLAG(column) column " INTEGER NOT NULL CHECK (" column " IN (0, 1))"

// clang-format off
static const char *const version_1[] = {
"CREATE TABLE patient ("
" ref TEXT NOT NULL PRIMARY KEY CHECK (ref <> ''), name TEXT NOT NULL, ward TEXT NOT NULL,"
" consultant TEXT NOT NULL, bed TEXT, admitted INTEGER NOT NULL,"
" slots INTEGER NOT NULL CHECK (slots BETWEEN 1 AND 3),"
" prefers TEXT NOT NULL CHECK (prefers IN ('none','morning','afternoon')),"
" label TEXT, nurse TEXT, last_seen INTEGER, phone TEXT, email TEXT, language TEXT,"
" contact TEXT NOT NULL CHECK (contact IN ('sms','email','call','paper')),"
  FLAG("restricted") ", hold_why TEXT, discharged INTEGER,"
  FLAG("died") ", admission INTEGER NOT NULL CHECK (admission >= 1),"
  FLAG("phone_bad") "," FLAG("email_bad") ","
" CHECK (died = 0 OR discharged IS NOT NULL)) STRICT;",
"CREATE INDEX patient_ward ON patient (ward, ref);",

"CREATE TABLE support ("
" ref TEXT NOT NULL PRIMARY KEY CHECK (ref <> ''),"
" patient TEXT NOT NULL REFERENCES patient (ref), name TEXT NOT NULL, relation TEXT NOT NULL,"
" person TEXT NOT NULL CHECK (person <> ''),"
" sees TEXT NOT NULL CHECK (sees IN ('nothing','time','place','all')),"
" consent TEXT NOT NULL CHECK (consent IN ('suggested','agreed','withdrawn','removed')),"
" agreed_by TEXT, basis TEXT NOT NULL CHECK (basis IN ('patient','best-interests','law')),"
" by_staff TEXT, agreed_at INTEGER, ended_at INTEGER,"
" attends TEXT NOT NULL CHECK (attends IN ('person','phone','video')),"
  FLAG("chosen") "," FLAG("required") "," FLAG("free_said") "," FLAG("stopped") ","
" phone TEXT, email TEXT, language TEXT, admission INTEGER NOT NULL CHECK (admission >= 1),"
  FLAG("phone_bad") "," FLAG("email_bad") "," FLAG("disputed") ","
" CHECK (consent <> 'agreed' OR agreed_by IS NOT NULL)) STRICT;",
"CREATE INDEX support_patient ON support (patient, ref);",
"CREATE INDEX support_person ON support (person);",

"CREATE TABLE free ("
" support TEXT NOT NULL REFERENCES support (ref),"
" weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6), \"from\" INTEGER NOT NULL,"
" \"to\" INTEGER NOT NULL, PRIMARY KEY (support, weekday, \"from\"),"
" CHECK (0 <= \"from\" AND \"from\" < \"to\" AND \"to\" <= 1440)) STRICT;",

"CREATE TABLE away ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),"
" whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL,"
" \"from\" INTEGER NOT NULL, \"to\" INTEGER NOT NULL, why TEXT, cover TEXT,"
" CHECK (\"from\" < \"to\")) STRICT;",
"CREATE INDEX away_who ON away (whose, who, \"from\");",

"CREATE TABLE block (patient TEXT NOT NULL REFERENCES patient (ref), name TEXT NOT NULL,"
" PRIMARY KEY (patient, name)) STRICT;",

"CREATE TABLE session_change ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''), ward TEXT NOT NULL, round TEXT NOT NULL,"
" day INTEGER NOT NULL," FLAG("added") "," FLAG("cancelled") ","
" \"from\" INTEGER NOT NULL CHECK (\"from\" BETWEEN -1 AND 1440),"
" \"to\" INTEGER NOT NULL CHECK (\"to\" BETWEEN -1 AND 1440),"
" moved_day INTEGER, cover TEXT, late_minutes INTEGER NOT NULL CHECK (late_minutes >= 0),"
" late_at INTEGER, told_minutes INTEGER NOT NULL CHECK (told_minutes >= 0), why TEXT) STRICT;",
"CREATE INDEX session_change_day ON session_change (day);",

/* One live slot a patient and week; a cancelled one stays, and a new one takes its place. */
"CREATE TABLE slot ("
" ref TEXT NOT NULL PRIMARY KEY CHECK (ref <> ''), uid TEXT NOT NULL UNIQUE,"
" patient TEXT NOT NULL REFERENCES patient (ref), ward TEXT NOT NULL,"
" week TEXT NOT NULL " WEEK("week") ", session TEXT NOT NULL, consultant TEXT NOT NULL, room TEXT,"
" cell INTEGER NOT NULL CHECK (cell >= 0), cells INTEGER NOT NULL CHECK (cells >= 1),"
" start INTEGER NOT NULL CHECK (start % 300 = 0), \"end\" INTEGER NOT NULL,"
" until INTEGER NOT NULL CHECK (until % 300 = 0),"
" state TEXT NOT NULL CHECK (state IN"
" ('draft','published','started','held','cancelled','missed')),"
" revision INTEGER NOT NULL," FLAG("locked") ", \"join\" TEXT,"
" why TEXT NOT NULL CHECK (why IN ('none','patient-declined','patient-asleep','patient-away',"
"'doctor-away','overrun','emergency','other')),"
" reason TEXT," FLAG("late") ", late_why TEXT, published INTEGER, changed INTEGER,"
" started INTEGER, finished INTEGER, was_start INTEGER," FLAG("last_of_session") ", explain TEXT,"
" CHECK (start < \"end\" AND \"end\" <= until),"
" CHECK (revision >= 0 AND (state = 'draft') = (revision = 0))) STRICT;",
"CREATE UNIQUE INDEX slot_live ON slot (patient, week)"
" WHERE state IN ('draft','published','started');",
"CREATE INDEX slot_patient ON slot (patient, start);",
"CREATE INDEX slot_week ON slot (week, ward);",
"CREATE INDEX slot_start ON slot (start);",
"CREATE INDEX slot_session ON slot (session);",

"CREATE TABLE attendee ("
" slot TEXT NOT NULL REFERENCES slot (ref) ON DELETE CASCADE,"
" support TEXT NOT NULL REFERENCES support (ref), person TEXT NOT NULL,"
" PRIMARY KEY (slot, support)) STRICT;",
"CREATE INDEX attendee_person ON attendee (person);",
"CREATE INDEX attendee_support ON attendee (support);",

/* Who and what is taken, five minutes at a time, by published and started slots. */
"CREATE TABLE busy ("
" what TEXT NOT NULL CHECK (what IN ('patient','consultant','room','person')),"
" who TEXT NOT NULL, tick INTEGER NOT NULL CHECK (tick % 300 = 0),"
" slot TEXT NOT NULL REFERENCES slot (ref) ON DELETE CASCADE,"
" PRIMARY KEY (what, who, tick)) STRICT, WITHOUT ROWID;",
"CREATE INDEX busy_slot ON busy (slot);",

"CREATE TABLE plan ("
" ward TEXT NOT NULL, week TEXT NOT NULL " WEEK("week") ","
  FLAG("published") "," FLAG("by_hand") "," FLAG("optimal") ","
" made INTEGER, published_at INTEGER, cost INTEGER NOT NULL, bound INTEGER NOT NULL,"
" PRIMARY KEY (ward, week), CHECK (bound <= cost)) STRICT;",

"CREATE TABLE unplaced ("
" patient TEXT NOT NULL REFERENCES patient (ref), week TEXT NOT NULL " WEEK("week") ","
" ward TEXT NOT NULL, why TEXT NOT NULL CHECK (why <> ''),"
  FLAG("said") ", PRIMARY KEY (patient, week)) STRICT;",
"CREATE INDEX unplaced_week ON unplaced (week, ward);",
"CREATE INDEX unplaced_unsaid ON unplaced (week) WHERE said = 0;",

"CREATE TABLE link ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),"
" whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL, label TEXT,"
" created INTEGER NOT NULL, expires INTEGER, revoked INTEGER,"
  FLAG("alarms") "," FLAG("self_made") ") STRICT;",
"CREATE INDEX link_who ON link (whose, who);",

/* What was fetched through a link, by which kind of client, from when to when: one row for each
   version of what it shows. `seen` names its slots with their revisions. The greatest `nth` of a link
   came last: two of them may come in one second. */
"CREATE TABLE fetch ("
" link TEXT NOT NULL REFERENCES link (id),"
" client TEXT NOT NULL CHECK (client IN ('unknown','calendar','browser','robot')),"
" version TEXT NOT NULL, seen TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
" times INTEGER NOT NULL CHECK (times >= 1), nth INTEGER NOT NULL CHECK (nth >= 1),"
" PRIMARY KEY (link, client, version)) STRICT, WITHOUT ROWID;",

"CREATE TABLE reply ("
" support TEXT NOT NULL REFERENCES support (ref),"
" slot TEXT NOT NULL REFERENCES slot (ref) ON DELETE CASCADE,"
" answer TEXT NOT NULL CHECK (answer IN ('person','phone','video','no')), note TEXT,"
" revision INTEGER NOT NULL CHECK (revision >= 0), at INTEGER NOT NULL,"
" PRIMARY KEY (support, slot)) STRICT;",
"CREATE INDEX reply_slot ON reply (slot);",
"CREATE INDEX reply_at ON reply (at);",

"CREATE TABLE stamp ("
" whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL, slot TEXT NOT NULL,"
" digest TEXT NOT NULL, sequence INTEGER NOT NULL CHECK (sequence >= 0), stamp INTEGER NOT NULL,"
" PRIMARY KEY (whose, who, slot)) STRICT;",

"CREATE TABLE news ("
" whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL,"
" slot TEXT NOT NULL REFERENCES slot (ref) ON DELETE CASCADE,"
" want INTEGER NOT NULL CHECK (want >= 0), due INTEGER, told INTEGER NOT NULL CHECK (told >= 0),"
" told_state TEXT NOT NULL CHECK (told_state IN"
" ('draft','published','started','held','cancelled','missed')),"
" told_start INTEGER, told_end INTEGER, told_place TEXT, told_joining TEXT,"
" told_people TEXT, told_late INTEGER NOT NULL CHECK (told_late >= 0),"
" accepted INTEGER NOT NULL, delivered INTEGER NOT NULL, fetched INTEGER NOT NULL,"
" confirmed INTEGER NOT NULL, accepted_at INTEGER, delivered_at INTEGER, fetched_at INTEGER,"
" confirmed_at INTEGER, confirmed_how TEXT, PRIMARY KEY (whose, who, slot)) STRICT;",
"CREATE INDEX news_slot ON news (slot);",
"CREATE INDEX news_due ON news (due) WHERE due IS NOT NULL;",

"CREATE TABLE reminder ("
" whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL,"
" slot TEXT NOT NULL REFERENCES slot (ref) ON DELETE CASCADE, before TEXT NOT NULL,"
" due INTEGER NOT NULL, PRIMARY KEY (whose, who, slot, before)) STRICT;",
"CREATE INDEX reminder_due ON reminder (due);",
"CREATE INDEX reminder_slot ON reminder (slot);",

"CREATE TABLE notice ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''), endpoint TEXT NOT NULL, type TEXT NOT NULL,"
" whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL,"
" slot TEXT REFERENCES slot (ref) ON DELETE SET NULL,"
" revision INTEGER NOT NULL CHECK (revision >= 0),"
" state TEXT NOT NULL CHECK (state IN"
" ('waiting','sending','sent','failed','expired','superseded')),"
" created INTEGER NOT NULL, next_try INTEGER, not_after INTEGER, body TEXT,"
" tries INTEGER NOT NULL CHECK (tries >= 0), status INTEGER NOT NULL, error TEXT,"
" late INTEGER NOT NULL CHECK (late >= 0),"
  FLAG("unsure") ","
" CHECK (tries = 0 OR body IS NOT NULL)) STRICT;",
/* The ways of the courier: each lane in its order, and no row in more of them than it has to be. */
"CREATE INDEX notice_fresh ON notice (endpoint, next_try, slot, id)"
" WHERE state = 'waiting' AND tries = 0;",
"CREATE INDEX notice_again ON notice (endpoint, next_try, slot, id)"
" WHERE state = 'waiting' AND tries > 0;",
"CREATE INDEX notice_sending ON notice (endpoint) WHERE state = 'sending';",
"CREATE INDEX notice_ended ON notice (created) WHERE state IN ('failed', 'expired');",
"CREATE INDEX notice_slot ON notice (slot, who);",
"CREATE INDEX notice_who ON notice (whose, who);",

"CREATE TABLE task ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''), ward TEXT NOT NULL, kind TEXT NOT NULL,"
" patient TEXT REFERENCES patient (ref), slot TEXT REFERENCES slot (ref) ON DELETE SET NULL,"
" text TEXT NOT NULL, data TEXT, created INTEGER NOT NULL, alarm INTEGER, done INTEGER,"
" done_by TEXT," FLAG("declined") ", note TEXT,"
" said INTEGER NOT NULL CHECK (said BETWEEN 0 AND 2)) STRICT;",
"CREATE INDEX task_open ON task (ward) WHERE done IS NULL;",
"CREATE INDEX task_alarm ON task (alarm) WHERE done IS NULL AND alarm IS NOT NULL;",
"CREATE INDEX task_slot ON task (slot);",
"CREATE INDEX task_unsaid ON task (said) WHERE said = 0 AND done IS NULL;",
"CREATE INDEX task_patient ON task (patient);",

/* What patients say. Questions wait (no slot) until a round begins; how it was is kept in sums of
 * five forms, and a mark says that there was a form for some slot, but not which. */
"CREATE TABLE question ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''), patient TEXT NOT NULL REFERENCES patient (ref),"
" admission INTEGER NOT NULL CHECK (admission >= 1),"
" slot TEXT REFERENCES slot (ref) ON DELETE SET NULL, text TEXT NOT NULL CHECK (text <> ''),"
" created INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;",
"CREATE INDEX question_patient ON question (patient) WHERE slot IS NULL;",
"CREATE INDEX question_slot ON question (slot);",
"CREATE TABLE feedback ("
" ward TEXT NOT NULL, batch INTEGER NOT NULL CHECK (batch >= 1), month INTEGER NOT NULL,"
" forms INTEGER NOT NULL CHECK (forms BETWEEN 1 AND 5),"
" heard_yes INTEGER NOT NULL, heard_partly INTEGER NOT NULL, heard_no INTEGER NOT NULL,"
" people_yes INTEGER NOT NULL, people_partly INTEGER NOT NULL, people_no INTEGER NOT NULL,"
" next_yes INTEGER NOT NULL, next_partly INTEGER NOT NULL, next_no INTEGER NOT NULL,"
" PRIMARY KEY (ward, batch)) STRICT;",
"CREATE TABLE mark (mark TEXT NOT NULL PRIMARY KEY, until INTEGER NOT NULL) STRICT,"
" WITHOUT ROWID;",

"CREATE TABLE staff ("
" name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),"
" role TEXT NOT NULL CHECK (role IN ('ward','consultant')), ward TEXT NOT NULL,"
" consultant TEXT, added INTEGER NOT NULL, revoked INTEGER, code TEXT UNIQUE,"
" code_until INTEGER, CHECK ((role = 'consultant') = (consultant IS NOT NULL)),"
" CHECK (revoked IS NULL OR code IS NULL)) STRICT;",
"CREATE TABLE staff_session ("
" id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''), staff TEXT NOT NULL REFERENCES staff (name),"
" browser TEXT NOT NULL, begun INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;",
"CREATE INDEX staff_session_staff ON staff_session (staff);",

"CREATE TABLE endpoint (name TEXT NOT NULL PRIMARY KEY," FLAG("off") ","
" why TEXT, since INTEGER) STRICT;",
"CREATE TABLE undo (kind TEXT NOT NULL, ref TEXT NOT NULL, actor TEXT, data TEXT NOT NULL,"
" at INTEGER NOT NULL, PRIMARY KEY (kind, ref)) STRICT;",
"CREATE TABLE key (key TEXT NOT NULL PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL,"
" answer TEXT NOT NULL, at INTEGER NOT NULL) STRICT;",
"CREATE INDEX key_at ON key (at);",
"CREATE TABLE generation (whose TEXT NOT NULL CHECK (whose IN " WHOSE "), who TEXT NOT NULL,"
" n INTEGER NOT NULL, PRIMARY KEY (whose, who)) STRICT;",
"CREATE TABLE counter (kind TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL) STRICT;",
"CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT;",

"CREATE TABLE audit ("
" seq INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, verb TEXT NOT NULL,"
" refs TEXT NOT NULL, reason_digest TEXT NOT NULL, before_digest TEXT NOT NULL,"
" after_digest TEXT NOT NULL, previous TEXT NOT NULL UNIQUE, hash TEXT NOT NULL UNIQUE) STRICT;",
"CREATE TABLE audit_detail ("
" seq INTEGER NOT NULL PRIMARY KEY REFERENCES audit (seq), reason_salt TEXT NOT NULL,"
" before_salt TEXT NOT NULL, after_salt TEXT NOT NULL, reason TEXT, before TEXT,"
" after TEXT) STRICT;",
"CREATE TABLE audit_ref (ref TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES audit (seq),"
" PRIMARY KEY (ref, seq)) STRICT, WITHOUT ROWID;",
"CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit"
" BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;",
"CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit"
" BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;", NULL};
// clang-format on

const struct wr_migration wr_store_migrations[] = {
    {1, version_1},
};
const size_t wr_store_n_migrations = WR_COUNT(wr_store_migrations);

static char *words(const char *format, ...) WR_PRINTF(1, 2);
static char *words(const char *format, ...)
{
	struct wr_buf buf = {0};
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(&buf, format, args);
	va_end(args);
	return wr_buf_take(&buf);
}

/* VACUUM INTO wants a file that isn't there or is empty; made first, so that its mode is ours. */
int wr_schema_copy(struct wr_tx *tx, const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return -errno;
	close(file);
	int outcome = wr_sql_run(tx, "VACUUM INTO $1", WR_VALUES(wr_value_text(path)), NULL);
	file = outcome == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (outcome == 0 && (file < 0 || fsync(file) < 0))
		outcome = -errno;
	if (file >= 0)
		close(file);
	if (outcome)
		unlink(path);
	return outcome;
}

static int copy_before(struct wr_tx *tx, const char *path, int version, char **ret_error)
{
	char *copy = words("%s.before-v%d", path, version);
	char *fresh = words("%s.new", copy);
	unlink(fresh); /* of an attempt that was cut short */
	int outcome = wr_schema_copy(tx, fresh);
	if (outcome == 0 && rename(fresh, copy) < 0)
		outcome = -errno;
	if (outcome) {
		unlink(fresh);
		*ret_error = words("%s: can't be copied to %s before its tables are changed (%s): "
				   "make room, or let the daemon write in that folder",
		    path, copy, outcome < 0 ? strerror(-outcome) : tx->refusal);
		outcome = outcome < 0 ? outcome : -EIO;
	}
	free(fresh);
	free(copy);
	return outcome;
}

static int apply(
    struct wr_tx *tx, const char *path, const struct wr_migration *migration, char **ret_error)
{
	char pragma[128];
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    WR_STORE_APPLICATION_ID, migration->version);
	int code = wr_tx_exec(tx, "BEGIN IMMEDIATE");
	for (size_t i = 0; code == SQLITE_OK && migration->sql[i]; i++)
		code = wr_tx_exec(tx, migration->sql[i]);
	if (code == SQLITE_OK)
		code = wr_tx_exec(tx, pragma);
	if (code == SQLITE_OK)
		code = wr_tx_exec(tx, "COMMIT");
	if (code == SQLITE_OK)
		return 0;
	*ret_error = words("%s: its tables can't be brought to version %d: %s",
	    path ? path : "memory", migration->version, sqlite3_errmsg(tx->db));
	if (!sqlite3_get_autocommit(tx->db))
		wr_tx_exec(tx, "ROLLBACK");
	return (code & 0xff) == SQLITE_FULL ? -ENOSPC : -EIO;
}

int wr_schema_migrate(struct wr_tx *tx, const char *path, const struct wr_migration *migrations,
    size_t n, char **ret_error)
{
	int64_t version = 0;
	int outcome = wr_sql_int(tx, "PRAGMA user_version", NULL, 0, &version);
	for (size_t i = 0; outcome == 0 && i < n; i++) {
		if (migrations[i].version <= version)
			continue;
		if (path && version > 0)
			outcome = copy_before(tx, path, migrations[i].version, ret_error);
		if (outcome == 0)
			outcome = apply(tx, path, &migrations[i], ret_error);
		version = migrations[i].version;
	}
	return outcome;
}
