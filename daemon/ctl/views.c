/*
 * The tables for people: for each list of an answer its columns, in order. A column that no row
 * has a value for is left out; a list that is not here shows every simple value of its rows.
 */
#include "ctl.h"

// clang-format off
const struct wr_ctl_view wr_ctl_views[] = {
	{ "patients", { {"ref", "REF"}, {"name", "NAME"}, {"ward", "WARD"}, {"consultant", "CONSULTANT"}, {"bed", "BED"},
	                {"admitted", "ADMITTED"}, {"slots", "SLOTS"}, {"prefers", "PREFERS"}, {"status", "STATUS"} } },
	{ "supports", { {"ref", "REF"}, {"patient", "PATIENT"}, {"name", "NAME"}, {"relation", "RELATION"}, {"sees", "SEES"},
	                {"consent", "CONSENT"}, {"attends", "ATTENDS"}, {"chosen", "CHOSEN"}, {"required", "REQUIRED"},
	                {"person", "PERSON"}, {"free", "FREE"} } },
	{ "away",     { {"id", "ID"}, {"whose", "WHOSE"}, {"who", "WHO"}, {"from", "FROM"}, {"to", "TO"}, {"why", "WHY"},
	                {"cover", "COVER"} } },
	{ "sessions", { {"id", "SESSION"}, {"ward", "WARD"}, {"consultant", "CONSULTANT"}, {"room", "ROOM"}, {"starts", "STARTS"},
	                {"state", "STATE"}, {"late_minutes", "LATE"}, {"note", "NOTE"} } },
	{ "slots",    { {"slot", "SLOT"}, {"patient", "PATIENT"}, {"consultant", "CONSULTANT"}, {"start", "START"},
	                {"end", "END"}, {"room", "ROOM"}, {"state", "STATE"}, {"revision", "REV"}, {"locked", "LOCKED"},
	                {"supports", "SUPPORTS"}, {"replies", "REPLIES"} } },
	{ "places",   { {"start", "START"}, {"session", "SESSION"}, {"consultant", "CONSULTANT"}, {"room", "ROOM"} } },
	{ "placed",   { {"patient", "PATIENT"}, {"slot", "SLOT"}, {"consultant", "CONSULTANT"}, {"session", "SESSION"},
	                {"cell", "CELL"}, {"start", "START"}, {"end", "END"}, {"room", "ROOM"}, {"supports", "SUPPORTS"},
	                {"why", "WHY"} } },
	{ "unplaced", { {"patient", "PATIENT"}, {"ward", "WARD"}, {"week", "WEEK"}, {"why", "WHY"} } },
	{ "promises", { {"n", "N"}, {"state", "STATE"}, {"name", "PROMISE"}, {"what", "WHAT"} } },
	{ "links",    { {"id", "ID"}, {"whose", "WHOSE"}, {"who", "WHO"}, {"label", "LABEL"}, {"state", "STATE"},
	                {"created", "CREATED"}, {"expires", "EXPIRES"}, {"fetched", "FETCHED"}, {"client", "BY"}, {"page", "PAGE"} } },
	{ "fetches",  { {"what", "WHAT"}, {"client", "BY"}, {"first", "FIRST"}, {"at", "LAST"}, {"times", "TIMES"},
	                {"slots", "SLOTS"} } },
	{ "replies",  { {"support", "SUPPORT"}, {"slot", "SLOT"}, {"answer", "ANSWER"}, {"revision", "REV"}, {"at", "AT"},
	                {"note", "NOTE"} } },
	{ "questions", { {"id", "ID"}, {"patient", "PATIENT"}, {"slot", "SLOT"}, {"text", "QUESTION"}, {"changed", "SINCE"} } },
	{ "feedback", { {"month", "MONTH"}, {"forms", "FORMS"}, {"heard_yes", "HEARD"}, {"heard_partly", "PARTLY"},
	                {"heard_no", "NOT"}, {"people_yes", "PEOPLE"}, {"people_partly", "SOME"}, {"people_no", "NONE"},
	                {"next_yes", "NEXT"}, {"next_partly", "PARTLY"}, {"next_no", "NOT"} } },
	{ "unseen",   { {"whose", "WHOSE"}, {"who", "WHO"}, {"name", "NAME"}, {"slot", "SLOT"}, {"start", "START"},
	                {"revision", "REV"}, {"level", "GOT TO"}, {"at", "AT"}, {"ring", "RING"}, {"phone", "PHONE"} } },
	{ "tasks",    { {"id", "ID"}, {"ward", "WARD"}, {"kind", "KIND"}, {"patient", "PATIENT"}, {"slot", "SLOT"},
	                {"created", "SINCE"}, {"urgent", "URGENT"}, {"done", "DONE"}, {"text", "TEXT"} } },
	{ "notices",  { {"id", "ID"}, {"endpoint", "ENDPOINT"}, {"type", "TYPE"}, {"whose", "WHOSE"}, {"who", "WHO"},
	                {"slot", "SLOT"}, {"state", "STATE"}, {"tries", "TRIES"}, {"next_try", "NEXT TRY"}, {"status", "HTTP"},
	                {"error", "ERROR"} } },
	{ "webhooks", { {"name", "NAME"}, {"url", "URL"}, {"format", "FORMAT"}, {"events", "EVENTS"}, {"on", "ON"},
	                {"state", "STATE"}, {"waiting", "WAITING"}, {"failed", "FAILED"} } },
	{ "staff",    { {"name", "NAME"}, {"role", "ROLE"}, {"ward", "WARD"}, {"consultant", "CONSULTANT"}, {"state", "STATE"},
	                {"added", "ADDED"}, {"seen", "LAST SEEN"} } },
	{ "audit",    { {"seq", "N"}, {"at", "AT"}, {"actor", "WHO"}, {"verb", "WHAT"}, {"refs", "ABOUT"},
	                {"reason", "REASON"} } },
	{ "changes",  { {"what", "WHAT"}, {"from", "FROM"}, {"to", "TO"} } },
	{ "told",     { {"whose", "WHOSE"}, {"who", "WHO"}, {"name", "NAME"}, {"slot", "SLOT"}, {"type", "TOLD"} } },
	{ 0 }
};
