/* The ward that is simulated, its two endpoints, and how its daemon dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation.h"

/* ---- chance: the daemon's is drawn from the seed, too ---- */

static struct simulation chance;

unsigned simulation_chance(struct simulation *s, unsigned n)
{
	s->state += 0x9e3779b97f4a7c15u;
	uint64_t z = s->state;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ (z >> 31)) % n);
}

static const char *name(void)
{
	return "seeded";
}

static uint32_t draw(void)
{
	return simulation_chance(&chance, UINT32_MAX);
}

static void fill(void *const bytes, const size_t length)
{
	for (size_t i = 0; i < length; i++)
		((unsigned char *)bytes)[i] = (unsigned char)simulation_chance(&chance, 256);
}

void simulation_seed(uint64_t seed)
{
	static struct randombytes_implementation seeded = {
	    .implementation_name = name, .random = draw, .buf = fill};
	chance.state = seed;
	randombytes_set_implementation(&seeded);
}

/* ---- the ward: what the oracle knows of it, and what the daemon is told ---- */

static const struct {
	const char *round;
	unsigned weekdays;
	int from, n;
} rounds[] = {
    {"shah", 1u << 0 | 1u << 3, 540, 4}, /* Monday and Thursday from 9:00, four of 25 minutes */
    {"osei", 1u << 1 | 1u << 4, 780, 3}, /* Tuesday and Friday from 13:00, three */
};

static const char config[] =
    "public-url = \"https://times.example.org\"\n"
    "consultant shah { name = \"Dr Asha Shah\" }\n"
    "consultant osei { name = \"Dr Kofi Osei\" }\n"
    "ward kingsley {\n"
    " name = \"Kingsley Ward\"\n timezone = \"Europe/London\"\n beds = 9\n"
    " contact-phone = \"01632 960009\"\n phone = \"01632 960001\"\n"
    " address = \"Melbury Lodge, Winchester\"\n arrive = \"Ring at the main door\"\n"
    " first-slot-with = { \"osei\" }\n"
    " plan = \"Tuesday 12:00\"\n publish = \"Wednesday 16:00\"\n"
    " round shah {\n  consultant = \"shah\"\n  days = { \"Monday\", \"Thursday\" }\n"
    "  from = \"09:00\"\n  to = \"10:40\"\n  slot = \"25 minutes\"\n"
    "  changeover = \"5 minutes\"\n  room = \"Quiet Room\"\n }\n"
    " round osei {\n  consultant = \"osei\"\n  days = { \"Tuesday\", \"Friday\" }\n"
    "  from = \"13:00\"\n  to = \"14:15\"\n  slot = \"25 minutes\"\n"
    "  changeover = \"5 minutes\"\n  room = \"Family Room\"\n"
    "  join = { \"https://meet.example.org/1\" }\n  lobby = true\n }\n"
    "}\n"
    "reminders { before = { \"7 days\", \"48 hours\", \"2 hours\" } quiet = \"21:00-08:00\" }\n"
    "webhook sms { url = \"https://sms.example.org/hook\" secret-file = \"%s\"\n"
    " events = { \"slot\", \"reminder\", \"invite\" } send-contact = true }\n"
    "webhook staff { url = \"https://staff.example.org/hook\" secret-file = \"%s\"\n"
    " events = { \"reply\", \"patient\", \"task\" } }\n";

size_t simulation_cells(const char *round, int weekday, int ret_minutes[16])
{
	for (size_t i = 0; i < WR_COUNT(rounds); i++) {
		if (strcmp(rounds[i].round, round) != 0 || !(rounds[i].weekdays & 1u << weekday))
			continue;
		for (int k = 0; k < rounds[i].n; k++)
			ret_minutes[k] = rounds[i].from + 25 * k;
		return (size_t)rounds[i].n;
	}
	return 0;
}

/* ---- endpoints ---- */

static const char *id_of(const struct wr_delivery *delivery)
{
	static const char header[] = "webhook-id: ";
	for (size_t i = 0; delivery->headers[i]; i++)
		if (strncmp(delivery->headers[i], header, sizeof(header) - 1) == 0)
			return delivery->headers[i] + sizeof(header) - 1;
	return "";
}

static int answer(struct built_desk *d, const struct wr_delivery *delivery)
{
	static const int statuses[MOODS] = {
	    [MOOD_WELL] = 200,
	    [MOOD_BUSY] = 503,
	    [MOOD_TOO_MANY] = 429,
	    [MOOD_REFUSES] = 400,
	    [MOOD_GONE] = 410,
	    [MOOD_DEAF] = DESK_UNREACHED,
	    [MOOD_SILENT] = DESK_TIMES_OUT,
	    [MOOD_LOST] = DESK_TIMES_OUT,
	    [MOOD_LATE] = DESK_HANGS,
	};
	struct simulation *s = d->data;
	int status = statuses[s->moods[strstr(delivery->url, "//staff.") != NULL]];
	for (size_t i = d->n_posts; status == 200 && i-- > 0;)
		if (strcmp(d->posts[i].id, id_of(delivery)) == 0) {
			simulation_note_answer(s, &d->posts[i]);
			break;
		}
	return status;
}

static void receive(struct built_desk *d, const struct desk_post *post)
{
	simulation_judge_received(d->data, post);
}

/* ---- dying: at one commit, before it or after it, and nothing gets out any more ---- */

static int before_commit(struct built_desk *d, struct wr_tx *tx)
{
	struct simulation *s = d->data;
	if (d->dead)
		return -ECANCELED;
	if (s->crash_in && --s->crash_in == 0) {
		d->dead = true;
		if (!s->crash_after)
			return -ECANCELED;
	}
	simulation_judge_leases(s, tx);
	return 0;
}

void simulation_revive(struct simulation *s)
{
	if (!s->d->dead)
		return;
	s->n_crashes++;
	desk_crash(s->d);
	wr_time now = wr_clock_now(&s->d->desk.clock);
	desk_run_by(s->d, now + 1, 1); /* its first look, which comes at once */
}

/* ---- a life ---- */

void simulation_begin(struct simulation *s, const char *store)
{
	/* in November, before winter time, before summer time */
	static const char *const starts[] = {
	    "2026-11-24T08:00:00Z", "2026-10-20T07:00:00Z", "2027-03-23T08:00:00Z"};
	struct wr_buf text = {0};
	const char *secret = getenv("SIMULATION_SECRET");
	assert_non_null(secret);
	wr_buf_printf(&text, config, secret, secret);
	s->state = s->seed * 7919;
	simulation_seed(s->seed);
	s->d = desk_build_as(wr_buf_text(&text), starts[s->seed % 3], store);
	wr_buf_deinit(&text);
	s->d->data = s;
	s->d->answers = answer;
	s->d->received = receive;
	s->d->before_commit = before_commit;
	static const char *const whose[] = {"consultant", "consultant", "ward"};
	static const char *const who[] = {"shah", "osei", "kingsley"};
	for (size_t i = 0; i < WR_COUNT(whose); i++)
		s->links[s->n_links++] =
		    (struct simulation_link){desk_link(s->d, whose[i], who[i]), whose[i], who[i]};
	s->next_link = s->n_links;
	s->looked = wr_clock_now(&s->d->desk.clock);
}

void simulation_end(struct simulation *s)
{
	json_decref(s->patients);
	json_decref(s->supports);
	json_decref(s->slots);
	wr_arena_deinit(&s->rows.arena);
	free(s->before);
	free(s->told);
	free(s->judged);
	free(s->last_args);
	free(s->last_answer);
	desk_free(s->d);
}
