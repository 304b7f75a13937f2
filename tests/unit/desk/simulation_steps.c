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

/* ---- chance ---- */

unsigned simulation_chance(struct simulation *s, unsigned n)
{
	s->state += 0x9e3779b97f4a7c15u;
	uint64_t z = s->state;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ (z >> 31)) % n);
}

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

/* Refusals are fine, what "can't be" is not. */
static bool ask(struct simulation *s, const char *verb, const char *format, ...) WR_PRINTF(3, 4);
static bool ask(struct simulation *s, const char *verb, const char *format, ...)
{
	char args[1024];
	va_list list;
	va_start(list, format);
	vsnprintf(args, sizeof(args), format, list);
	va_end(list);
	bool dry = simulation_chance(s, 16) == 0;
	snprintf(s->did, sizeof(s->did), "%s {%.400s%s}", verb, args, dry ? ", dry" : "");
	if (getenv("SIMULATION_TRACE"))
		fprintf(stderr, "%d: %s\n", s->step, s->did);
	const char *before = dry ? desk_dump(s->d) : NULL;
	json_t *answer = desk_ask(s->d, verb, "{%s%s'yes':true,'reason':'ward business'%s}", args,
	    *args ? "," : "", dry ? ",'dry_run':true" : "");
	const json_t *error = json_object_get(answer, "error");
	bool done = !error;
	if (getenv("SIMULATION_TRACE") && error)
		fprintf(stderr, "   %s\n", json_string_value(json_object_get(error, "text")));
	if (error && one_of(text(error, "code"), "internal again usage"))
		simulation_broken(s, "%s: %s", text(error, "code"), text(error, "text"));
	json_decref(answer);
	if (dry && strcmp(before, desk_dump(s->d)) != 0)
		simulation_broken(s, "a dry run changed something");
	return done && !dry;
}

/* ---- people ---- */

static void admit(struct simulation *s)
{
	char at[WR_TIME_TEXT];
	json_t *again =
	    simulation_chance(s, 3) ? NULL : pick(s, s->patients, "status", "discharged");
	const char *when = some_time(s, -6, simulation_chance(s, 4) ? 6 : 72, at);
	s->n_admitted++;
	if (again)
		ask(s, "patient admit",
		    "'ref':'%s','name':'%s','ward':'kingsley','consultant':'%s','admitted':'%s'",
		    text(again, "ref"), text(again, "name"), WORD(s, "shah", "osei", "nowak"),
		    when);
	else
		ask(s, "patient admit",
		    "'name':'Zyx Wvut%d','ward':'kingsley','consultant':'%s','admitted':'%s',"
		    "'slots':'%d','prefers':'%s','phone':'07700 9%05d'%s",
		    s->n_admitted, WORD(s, "shah", "osei", "nowak"), when,
		    simulation_chance(s, 8) ? 1 : 2, WORD(s, "", "morning", "afternoon"),
		    s->n_admitted, simulation_chance(s, 10) ? "" : ",'restricted':true");
}

static void discharge(struct simulation *s)
{
	json_t *patient = patient_here(s);
	if (!patient)
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
		    WORD(s, "'label':'Chess'", "'slots':'2'", "'slots':'1'", "'prefers':'morning'",
			"'restricted':true", "'restricted':false", "'consultant':'nowak'"));
}

static void add_support(struct simulation *s)
{
	json_t *patient = patient_here(s);
	json_t *other = pick(s, s->supports, "consent", "agreed");
	char person[96] = "", phone[16];
	if (!patient)
		return;
	if (other && simulation_chance(s, 4) == 0)
		snprintf(person, sizeof(person), ",'person':'%s'", text(other, "person"));
	snprintf(phone, sizeof(phone), "07700 8%05d", s->step);
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
	switch (simulation_chance(s, 6)) {
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
		    WORD(s, "'consultant':'osei'", "'consultant':'shah','cover':'nowak'",
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
		    desk_time(text(slot, "start")) > now(s) - 36 * 3600)
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
		ask(s, "session cover", "'id':'%s','by':'%s'", id,
		    WORD(s, "nowak", "osei", "shah"));
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
		ask(s, "session add", "'round':'%s','from':'%s','to':'%s'",
		    WORD(s, "shah", "nowak", "osei"), wr_time_utc(from, at),
		    wr_time_utc(from + 7200, to));
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
	if (s->n_links == SIMULATION_MOST_LINKS || !support || !patient)
		return;
	bool family = simulation_chance(s, 3) > 0;
	const char *whose = !family ? "patient" : simulation_chance(s, 3) ? "support" : "person";
	const char *who = !family                        ? text(patient, "ref")
	                  : strcmp(whose, "person") == 0 ? text(support, "person")
	                                                 : text(support, "ref");
	json_t *answer = desk_ask(s->d, "link new", "{'%s':'%s'}", whose, who);
	const json_t *id = desk_at(answer, "link.id");
	if (id)
		s->links[s->n_links++] =
		    (struct simulation_link){wr_arena_strdup(&s->d->words, json_string_value(id)),
			wr_arena_strdup(&s->d->words, whose), wr_arena_strdup(&s->d->words, who)};
	json_decref(answer);
}

static void endpoint(struct simulation *s)
{
	static const int answers[] = {
	    200, 200, 200, 503, 400, 429, DESK_HANGS, DESK_UNREACHED, DESK_TIMES_OUT, 410};
	s->d->status = answers[simulation_chance(s, WR_COUNT(answers))];
	if (simulation_chance(s, 2))
		ask(s, "webhook on", "'name':'sms'");
	if (simulation_chance(s, 4) == 0)
		ask(s, "notice retry", "'failed':true");
}

static void pass_time(struct simulation *s)
{
	static const int seconds[] = {60, 300, 1800, 3600, 7200, 14400, 28800, 86400};
	wr_time until = now(s) + seconds[simulation_chance(s, WR_COUNT(seconds))];
	if (getenv("SIMULATION_TRACE"))
		fprintf(stderr, "%d: time passes\n", s->step);
	/* whoever never answers is given up after some seconds, and is as slow again the next time
	 */
	if (s->d->status == DESK_HANGS) {
		desk_run_by(s->d, now(s) + 15, 15);
		s->d->status = DESK_TIMES_OUT;
	}
	desk_run_by(s->d, until, 7200);
	record_day(s);
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
	};
	unsigned total = 4, at = 0;
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
	snprintf(s->did, sizeof(s->did), "the daemon dies and starts again");
	desk_crash(s->d);
}
