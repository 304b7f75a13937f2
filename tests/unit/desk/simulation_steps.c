#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation.h"

enum { MOST_PATIENTS = 24, MOST_HERE = 8, LEAST_HERE = 4, MOST_SUPPORTS = 60 };

static const char *text(const json_t *row, const char *name)
{
	const char *value = row ? json_string_value(json_object_get(row, name)) : NULL;
	return value ? value : "";
}

static bool one_of(const char *value, const char *values)
{
	const char *at = strstr(values, value);
	size_t n = strlen(value);
	return n && at && (at == values || at[-1] == ' ') && (at[n] == ' ' || !at[n]);
}

/* A row by chance whose `name` is one of `values` ("published draft"); NULL when there is none. */
static json_t *pick(struct simulation *s, json_t *list, const char *name, const char *values)
{
	size_t n = json_array_size(list), n_fit = 0;
	for (size_t i = 0; i < n; i++)
		n_fit += one_of(text(json_array_get(list, i), name), values);
	size_t wanted = n_fit ? simulation_chance(s, (unsigned)n_fit) : 0;
	for (size_t i = 0; i < n; i++)
		if (one_of(text(json_array_get(list, i), name), values) && wanted-- == 0)
			return json_array_get(list, i);
	return NULL;
}

static const char *word(struct simulation *s, const char *const *words, size_t n)
{
	return words[simulation_chance(s, (unsigned)n)];
}
#define WORD(s, ...)                                                                               \
	word((s), (const char *const[]){__VA_ARGS__},                                              \
	    WR_COUNT(((const char *const[]){__VA_ARGS__})))

static json_t *patient_here(struct simulation *s)
{
	return pick(s, s->patients, "status", "current held expected");
}

static wr_time now(const struct simulation *s)
{
	return wr_clock_now(&s->d->desk.clock);
}

/* Ward time, in five minutes, some hours from now. */
static const char *some_time(struct simulation *s, int from_hours, int hours, char at[WR_TIME_TEXT])
{
	wr_time then =
	    now(s) + from_hours * 3600 + (wr_time)simulation_chance(s, (unsigned)hours) * 3600;
	return wr_time_utc(then / 300 * 300, at);
}

/* ---- asking ---- */

/* The lists anew. Slots of the last days only: what is over stays as it is. */
void simulation_list(struct simulation *s)
{
	char from[WR_TIME_TEXT], args[96];
	snprintf(args, sizeof(args), "{\"from\":\"%s\"}", wr_time_utc(now(s) - 4 * 86400, from));
	static const struct {
		const char *verb, *name;
	} lists[] = {
	    {"patient list", "patients"}, {"support list", "supports"}, {"slot list", "slots"}};
	json_t **into[] = {&s->patients, &s->supports, &s->slots};
	for (size_t i = 0; i < WR_COUNT(lists); i++) {
		json_t *answer = desk_call(s->d, lists[i].verb, i == 2 ? args : "{\"all\":true}");
		json_decref(*into[i]);
		*into[i] = json_incref(json_object_get(answer, lists[i].name));
		json_decref(answer);
	}
}

/* Refusals are fine, what "can't be" is not; unless the daemon has just died of it. */
static bool judge_refusal(struct simulation *s, const json_t *error)
{
	if (!error || s->d->dead)
		return false;
	if (getenv("SIMULATION_TRACE"))
		fprintf(stderr, "   %s\n", text(error, "text"));
	if (one_of(text(error, "code"), "internal again usage"))
		simulation_broken(s, 0, "%s: %s", text(error, "code"), text(error, "text"));
	return true;
}

static bool ask(struct simulation *s, const char *verb, const char *format, ...) WR_PRINTF(3, 4);
static bool ask(struct simulation *s, const char *verb, const char *format, ...)
{
	char args[1024], all[1400];
	va_list list;
	static unsigned n_keys;
	if (s->d->dead)
		return false;
	va_start(list, format);
	vsnprintf(args, sizeof(args), format, list);
	va_end(list);
	bool dry = simulation_chance(s, 16) == 0;
	snprintf(s->did, sizeof(s->did), "%s {%.400s%s}", verb, args, dry ? ", dry" : "");
	if (getenv("SIMULATION_TRACE"))
		fprintf(stderr, "%d: %s\n", s->step, s->did);
	const char *before = dry && !s->years ? desk_dump(s->d) : NULL;
	char last[40] = "'dry_run':true";
	if (!dry)
		snprintf(last, sizeof(last), "'key':'k%u'", n_keys++);
	snprintf(all, sizeof(all), "{%s%s'yes':true,'reason':'ward business',%s}", args,
	    *args ? "," : "", last);
	for (char *at = all; *at; at++)
		if (*at == '\'')
			*at = '"';
	json_t *answer = desk_call(s->d, verb, all);
	judge_refusal(s, json_object_get(answer, "error"));
	bool done = !json_object_get(answer, "error") && !s->d->dead;
	if (done && !dry)
		simulation_note_acked(s, verb, all, answer);
	json_decref(answer);
	const char *after = before && !s->d->dead ? desk_dump(s->d) : before;
	if (before && !s->d->dead && strcmp(before, after) != 0) {
		if (getenv("SIMULATION_TRACE"))
			fprintf(stderr, "BEFORE\n%s\nAFTER\n%s\nEND\n", before, after);
		simulation_broken(s, 0, "a dry run changed something");
	}
	return done && !dry;
}

/* ---- people ---- */

static size_t count(json_t *list, const char *name, const char *values)
{
	size_t n = 0;
	for (size_t i = 0; i < json_array_size(list); i++)
		n += one_of(text(json_array_get(list, i), name), values);
	return n;
}

/* The ward stays about full: patients who were there before come back, and no more than can be. */
static void admit(struct simulation *s)
{
	char at[WR_TIME_TEXT];
	bool known = json_array_size(s->patients) >= MOST_PATIENTS || simulation_chance(s, 3) == 0;
	json_t *again = known ? pick(s, s->patients, "status", "discharged") : NULL;
	if (count(s->patients, "status", "current held expected") >= MOST_HERE ||
	    (!again && json_array_size(s->patients) >= MOST_PATIENTS))
		return;
	const char *when = some_time(s, -6, simulation_chance(s, 4) ? 6 : 72, at);
	s->n_admitted++;
	if (again)
		ask(s, "patient admit",
		    "'ref':'%s','name':'%s','ward':'kingsley','consultant':'%s','admitted':'%s'",
		    text(again, "ref"), text(again, "name"), WORD(s, "shah", "osei"), when);
	else
		ask(s, "patient admit",
		    "'name':'Zyx Wvut%d','ward':'kingsley','consultant':'%s','admitted':'%s',"
		    "'slots':'%d','prefers':'%s','phone':'07700 9%05d'%s",
		    s->n_admitted, WORD(s, "shah", "osei"), when, simulation_chance(s, 8) ? 1 : 2,
		    WORD(s, "", "morning", "afternoon"), s->n_admitted,
		    simulation_chance(s, 10) ? "" : ",'restricted':true");
}

static void discharge(struct simulation *s)
{
	json_t *patient = patient_here(s);
	if (!patient || count(s->patients, "status", "current held expected") < LEAST_HERE)
		return;
	bool done = ask(s, "patient discharge", "'ref':'%s'%s", text(patient, "ref"),
	    simulation_chance(s, 8) ? "" : ",'died':true");
	if (done && simulation_chance(s, 4) == 0)
		ask(s, "patient discharge", "'ref':'%s','undo':true", text(patient, "ref"));
}

static void hold(struct simulation *s)
{
	json_t *patient = pick(s, s->patients, "status", "held");
	if (patient)
		ask(s, "patient release", "'ref':'%s'", text(patient, "ref"));
	else if ((patient = patient_here(s)))
		ask(s, "patient hold", "'ref':'%s','why':'other hospital'", text(patient, "ref"));
}

static void edit_patient(struct simulation *s)
{
	json_t *patient = patient_here(s);
	if (patient)
		ask(s, "patient edit", "'ref':'%s',%s", text(patient, "ref"),
		    WORD(s, "'label':'Chess'", "'contact':'call'", "'contact':'sms'",
			"'phone':'07700 960001'", "'slots':'2'", "'slots':'1'",
			"'prefers':'morning'", "'restricted':true", "'restricted':false",
			"'consultant':'osei'"));
}

static void add_support(struct simulation *s)
{
	json_t *patient = patient_here(s);
	json_t *other = pick(s, s->supports, "consent", "agreed");
	char person[96] = "", phone[16];
	if (!patient || json_array_size(s->supports) >= MOST_SUPPORTS)
		return;
	if (other && simulation_chance(s, 4) == 0)
		snprintf(person, sizeof(person), ",'person':'%s'", text(other, "person"));
	snprintf(phone, sizeof(phone), "07700 8%05d", s->step % 100000);
	ask(s, "support add",
	    "'patient':'%s','name':'Qua Xiphos','relation':'%s','sees':'%s','attends':'%s',"
	    "'phone':'%s'%s%s%s",
	    text(patient, "ref"), WORD(s, "father", "advocate", "friend"),
	    WORD(s, "nothing", "time", "place", "all"), WORD(s, "person", "phone", "video"), phone,
	    simulation_chance(s, 4) ? ",'agreed_by':'patient'" : "",
	    simulation_chance(s, 2) ? ",'free':'Mon 09:00-17:00; Tue 09:00-17:00; Thu 09:00-12:00'"
				    : "",
	    person);
}

static void change_support(struct simulation *s)
{
	json_t *support = pick(s, s->supports, "consent", "agreed suggested");
	if (!support)
		return;
	const char *ref = text(support, "ref");
	switch (simulation_chance(s, 8)) {
	case 6:
		ask(s, "support edit", "'ref':'%s','phone':'%s'", ref,
		    WORD(s, "", "07700 970001", "07700 970002"));
		break;
	case 7:
		ask(s, "link send", "'support':'%s'", ref);
		break;
	case 0:
		ask(s, "support withdraw", "'ref':'%s'%s", ref,
		    simulation_chance(s, 2) ? "" : ",'tell':true");
		break;
	case 1:
		ask(s, "support remove", "'ref':'%s'", ref);
		break;
	case 2:
		ask(s, "support edit", "'ref':'%s','sees':'%s'", ref,
		    WORD(s, "nothing", "time", "place", "all"));
		break;
	case 3:
		ask(s, "support edit", "'ref':'%s','free':'Wed 09:00-17:00'", ref);
		break;
	case 4:
		support = pick(s, s->supports, "consent", "withdrawn removed suggested agreed");
		ask(s, "support agree", "'ref':'%s','agreed_by':'patient','sees':'%s'",
		    text(support, "ref"), WORD(s, "time", "place", "all"));
		break;
	default:
		ask(s, "link revoke", "'support':'%s'", ref);
	}
}

static void away(struct simulation *s)
{
	char from[WR_TIME_TEXT], whose[96];
	json_t *patient = patient_here(s), *support = pick(s, s->supports, "consent", "agreed");
	if (simulation_chance(s, 4) == 0) {
		ask(s, "away remove", "'id':'a-%u'", 1 + simulation_chance(s, 12));
		return;
	}
	unsigned kind = simulation_chance(s, 8);
	if (kind < 4 && patient)
		snprintf(whose, sizeof(whose), "'patient':'%s'", text(patient, "ref"));
	else if (kind < 6 && support)
		snprintf(whose, sizeof(whose), "'support':'%s'", text(support, "ref"));
	else
		snprintf(whose, sizeof(whose), "%s",
		    WORD(s, "'consultant':'osei'", "'consultant':'shah','cover':'osei'",
			"'room':'kingsley/Family Room'"));
	wr_time start = now(s) / 300 * 300 + (wr_time)simulation_chance(s, 120) * 3600;
	wr_time end = start + 3600 + (wr_time)simulation_chance(s, 12) * 3600;
	char to[WR_TIME_TEXT];
	ask(s, "away add", "%s,'from':'%s','to':'%s','why':'leave'", whose,
	    wr_time_utc(start, from), wr_time_utc(end, to));
}

/* ---- slots ---- */

static void reply(struct simulation *s)
{
	json_t *slot = pick(s, s->slots, "state", "published");
	if (!slot)
		return;
	json_t *of_slot = pick(s, s->supports, "patient", text(slot, "patient"));
	if (of_slot)
		ask(s, "reply add", "'support':'%s','slot':'%s','answer':'%s'%s",
		    text(of_slot, "ref"), text(slot, "slot"),
		    WORD(s, "person", "phone", "video", "no"),
		    simulation_chance(s, 4) ? "" : ",'note':'Is there parking?'");
}

static void move(struct simulation *s)
{
	json_t *slot = pick(s, s->slots, "state", "published published draft");
	if (!slot)
		return;
	json_t *answer = desk_ask(s->d, "session list", "{'week':'%s'}", text(slot, "week"));
	json_t *sessions = json_object_get(answer, "sessions");
	json_t *session = pick(s, sessions, "state", "planned");
	json_t *starts = json_object_get(session, "starts");
	size_t n = json_array_size(starts);
	if (n)
		ask(s, "slot move", "'slot':'%s','to':'%s'", text(slot, "slot"),
		    json_string_value(json_array_get(starts, simulation_chance(s, (unsigned)n))));
	json_decref(answer);
}

static void swap(struct simulation *s)
{
	json_t *a = pick(s, s->slots, "state", "published"),
	       *b = pick(s, s->slots, "state", "published");
	if (a && b)
		ask(s, "slot swap", "'slot':'%s','with':'%s'", text(a, "slot"), text(b, "slot"));
}

static void change_slot(struct simulation *s)
{
	json_t *slot = pick(s, s->slots, "state", "published started draft");
	if (!slot)
		return;
	static const char *const verbs[] = {
	    "slot cancel", "slot decline", "slot lock", "slot unlock", "slot undo"};
	const char *verb = word(s, verbs, WR_COUNT(verbs));
	bool done = ask(s, verb, "'slot':'%s'", text(slot, "slot"));
	if (done && simulation_chance(s, 3) == 0)
		ask(s, "slot undo", "'slot':'%s'", text(slot, "slot"));
}

static void record(struct simulation *s, const char *slot)
{
	unsigned kind = simulation_chance(s, 12);
	if (kind == 0)
		ask(s, "slot missed", "'slot':'%s','why':'%s'", slot,
		    WORD(s, "patient-declined", "patient-asleep", "patient-away", "doctor-away",
			"overrun", "emergency", "other"));
	else if (kind > 1 && ask(s, "slot start", "'slot':'%s'", slot) && kind > 2)
		ask(s, "slot finish", "'slot':'%s'", slot);
}

/* What has happened on the ward meanwhile is written down, mostly. */
static void record_day(struct simulation *s)
{
	simulation_list(s);
	for (size_t i = 0; i < json_array_size(s->slots); i++) {
		json_t *slot = json_array_get(s->slots, i);
		if (one_of(text(slot, "state"), "published started") &&
		    desk_time(text(slot, "start")) < now(s) &&
		    desk_time(text(slot, "start")) > now(s) - 72 * 3600)
			record(s, text(slot, "slot"));
	}
}

static void change_session(struct simulation *s)
{
	json_t *slot = pick(s, s->slots, "state", "published draft");
	char at[WR_TIME_TEXT];
	if (!slot)
		return;
	const char *id = text(slot, "session");
	switch (simulation_chance(s, 5)) {
	case 0:
		ask(s, "session cancel", "'id':'%s'", id);
		break;
	case 1:
		ask(s, "session cover", "'id':'%s','by':'%s'", id, WORD(s, "osei", "shah"));
		break;
	case 2:
		ask(s, "session late", "'id':'%s','minutes':'%u'", id, simulation_chance(s, 60));
		break;
	case 3:
		ask(s, "session move", "'id':'%s','to':'%s'", id, some_time(s, 12, 96, at));
		break;
	default: {
		wr_time from = (now(s) / 86400 + 1 + simulation_chance(s, 4)) * 86400 + 14 * 3600;
		char to[WR_TIME_TEXT];
		ask(s, "session add", "'round':'%s','from':'%s','to':'%s'", WORD(s, "shah", "osei"),
		    wr_time_utc(from, at), wr_time_utc(from + 7200, to));
	}
	}
}

/* ---- the rest ---- */

static void settle_task(struct simulation *s)
{
	json_t *answer = desk_ask(s->d, "task list", "{}"),
	       *tasks = json_object_get(answer, "tasks");
	size_t n = json_array_size(tasks);
	json_t *task = n ? json_array_get(tasks, simulation_chance(s, (unsigned)n)) : NULL;
	if (task)
		ask(s, simulation_chance(s, 4) ? "task done" : "task decline", "'id':'%s'",
		    text(task, "id"));
	json_decref(answer);
}

static void plan(struct simulation *s)
{
	char week[WR_TIME_TEXT];
	struct wr_week w = wr_day_week((wr_day)(now(s) / 86400));
	wr_week_text(simulation_chance(s, 2) ? w : wr_week_next(w), week);
	if (ask(s, "plan make", "'ward':'kingsley','week':'%s'", week) && simulation_chance(s, 2))
		ask(s, "plan publish", "'ward':'kingsley','week':'%s'", week);
}

static void new_link(struct simulation *s)
{
	json_t *support = pick(s, s->supports, "consent", "agreed"), *patient = patient_here(s);
	if (!support || !patient)
		return;
	bool family = simulation_chance(s, 3) > 0;
	const char *whose = !family ? "patient" : simulation_chance(s, 3) ? "support" : "person";
	const char *who = !family                        ? text(patient, "ref")
	                  : strcmp(whose, "person") == 0 ? text(support, "person")
	                                                 : text(support, "ref");
	json_t *answer = desk_ask(s->d, "link new", "{'%s':'%s'}", whose, who);
	const json_t *id = desk_at(answer, "link.id");
	size_t at = s->n_links < SIMULATION_LINKS ? s->n_links : s->next_link;
	if (id && !s->d->dead) {
		s->links[at] =
		    (struct simulation_link){wr_arena_strdup(&s->d->words, json_string_value(id)),
			wr_arena_strdup(&s->d->words, whose), wr_arena_strdup(&s->d->words, who)};
		s->n_links += at == s->n_links;
		s->next_link = at + 1 < SIMULATION_LINKS ? at + 1 : 3; /* those of staff stay */
	}
	json_decref(answer);
}

/* Mostly well: what is dead for long teaches little. */
static void endpoint(struct simulation *s)
{
	size_t which = simulation_chance(s, 4) == 0;
	unsigned mood = simulation_chance(s, 2 * MOODS);
	s->moods[which] = mood < MOODS ? (enum simulation_mood)mood : MOOD_WELL;
	if (getenv("SIMULATION_TRACE"))
		fprintf(stderr, "%d: %s has mood %d\n", s->step, which ? "staff" : "sms",
		    (int)s->moods[which]);
	if (simulation_chance(s, 2))
		ask(s, "webhook on", "'name':'%s'", which ? "staff" : "sms");
	if (simulation_chance(s, 4) == 0)
		ask(s, "notice retry", "'failed':true");
}

/* In years nobody lets one be dead for weeks. */
static void mend_endpoints(struct simulation *s)
{
	static const char *const names[] = {"sms", "staff"};
	for (size_t i = 0; i < WR_COUNT(names); i++) {
		if (s->moods[i] != MOOD_WELL && !s->d->dead)
			json_decref(desk_ask(s->d, "webhook on", "{'name':'%s'}", names[i]));
		s->moods[i] = MOOD_WELL;
	}
}

static void pass_time(struct simulation *s)
{
	static const int hours[] = {2, 8, 12, 24, 24, 36, 36, 48};
	static const int seconds[] = {60, 300, 1800, 3600, 7200, 14400, 28800, 86400};
	unsigned drawn = simulation_chance(s, 8);
	wr_time until = now(s) + (s->years ? 3600 * hours[drawn] : seconds[drawn]);
	snprintf(s->did, sizeof(s->did), "time passes");
	if (getenv("SIMULATION_TRACE"))
		fprintf(stderr, "%d: time passes\n", s->step);
	/* whoever is slow is given up after some seconds, if no answer comes before */
	for (size_t i = 0; i < WR_COUNT(s->moods); i++)
		if (s->moods[i] == MOOD_LATE) {
			desk_run_by(s->d, now(s) + 10, 10);
			s->moods[i] = simulation_chance(s, 2) ? MOOD_WELL : MOOD_SILENT;
		}
	desk_run_by(s->d, until, s->years ? 6 * 3600 : 7200);
	if (s->years && !s->d->dead && simulation_chance(s, 2) == 0)
		mend_endpoints(s);
	if (!s->d->dead)
		record_day(s);
}

static void set_clock(struct simulation *s)
{
	char to[WR_TIME_TEXT];
	int minutes = (int)simulation_chance(s, 40) - 20;
	snprintf(s->did, sizeof(s->did), "the clock is set by %d minutes", minutes);
	desk_set_clock(s->d, wr_time_utc(now(s) + 60 * minutes, to));
}

/* Soon, at one of the commits to come. */
static void die(struct simulation *s)
{
	snprintf(s->did, sizeof(s->did), "the daemon is about to die");
	s->crash_in = 1 + (int)simulation_chance(s, 12);
	s->crash_after = simulation_chance(s, 2);
}

void simulation_step(struct simulation *s)
{
	static const struct {
		unsigned weight;
		void (*happens)(struct simulation *s);
	} kinds[] = {
	    {24, pass_time},
	    {5, admit},
	    {3, discharge},
	    {2, hold},
	    {2, edit_patient},
	    {5, add_support},
	    {6, change_support},
	    {5, away},
	    {8, reply},
	    {8, move},
	    {4, swap},
	    {7, change_slot},
	    {4, change_session},
	    {4, settle_task},
	    {2, plan},
	    {6, new_link},
	    {4, endpoint},
	    {4, die},
	    {1, set_clock},
	};
	unsigned total = s->years ? 60 : 0, at = 0;
	for (size_t i = 0; i < WR_COUNT(kinds); i++)
		total += kinds[i].weight;
	unsigned drawn = simulation_chance(s, total);
	for (size_t i = 0; i < WR_COUNT(kinds); i++) {
		at += kinds[i].weight;
		if (drawn < at) {
			kinds[i].happens(s);
			return;
		}
	}
	pass_time(s); /* of the years */
}
