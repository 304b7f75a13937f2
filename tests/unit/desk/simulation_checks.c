/* After each step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "simulation.h"

/* The rows, for whoever looks for the bug. */
static void show_rows(const struct simulation *s)
{
	const struct simulation_rows *rows = &s->rows;
	char at[WR_TIME_TEXT];
	for (size_t i = 0; i < rows->n_patients; i++)
		fprintf(stderr, "   %s admitted %s%s%s\n", rows->patients[i].ref,
		    wr_time_utc(rows->patients[i].admitted, at),
		    rows->patients[i].discharged != WR_TIME_NONE ? ", gone" : "",
		    rows->patients[i].hold_why ? ", held" : "");
	for (size_t i = 0; i < rows->n_slots; i++)
		fprintf(stderr, "   %s %s %s %s revision %d, %s%s\n", rows->slots[i].ref,
		    rows->slots[i].patient, wr_time_utc(rows->slots[i].start, at),
		    wr_word(&wr_words_state, (int)rows->slots[i].state), rows->slots[i].revision,
		    wr_word(&wr_words_why, (int)rows->slots[i].why),
		    rows->slots[i].late ? ", late" : "");
	for (size_t i = 0; i < rows->n_unplaced; i++)
		fprintf(stderr, "   %s unplaced in %s: %s\n", rows->unplaced[i].patient,
		    wr_week_text(rows->unplaced[i].week, at), rows->unplaced[i].why);
	for (size_t i = 0; i < rows->n_news; i++)
		fprintf(stderr, "   %s %s wants %d told %d accepted %d due %lld\n",
		    rows->news[i].who, rows->news[i].slot, rows->news[i].want, rows->news[i].told,
		    rows->news[i].accepted, (long long)rows->news[i].due);
	for (size_t i = 0; i < rows->n_notices; i++)
		fprintf(stderr, "   %s %s %s %s revision %d tries %d\n", rows->notices[i].id,
		    rows->notices[i].type, rows->notices[i].who,
		    rows->notices[i].slot ? rows->notices[i].slot : "", rows->notices[i].revision,
		    rows->notices[i].tries);
}

void simulation_broken(struct simulation *s, int promise, const char *format, ...)
{
	char words[1024], at[WR_TIME_TEXT];
	va_list list;
	if (s->plant) {
		s->seen |= 1u << promise;
		return;
	}
	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	if (getenv("SIMULATION_TRACE"))
		show_rows(s);
	fail_msg("seed %llu, step %d, %s, after \"%s\": promise %d: %s\n"
		 "  again: SIMULATION_SEED=%llu SIMULATION_SEEDS=1 SIMULATION_TRACE=1",
	    (unsigned long long)s->seed, s->step, wr_time_utc(wr_clock_now(&s->d->desk.clock), at),
	    s->did, promise, words, (unsigned long long)s->seed);
}

/* What the daemon says of itself is not what is relied on, but it must not see what nobody does. */
static void check_own_view(struct simulation *s)
{
	json_t *answer = desk_ask(s->d, "status show", "{}"), *promise;
	size_t i;
	json_array_foreach (json_object_get(answer, "promises"), i, promise)
		if (strcmp(json_string_value(json_object_get(promise, "state")), "broken") == 0)
			simulation_broken(s, (int)i + 1, "the daemon says: %s",
			    json_string_value(json_array_get(json_object_get(promise, "what"), 0)));
	json_decref(answer);
}

static void check_audit(struct simulation *s)
{
	const char *said = desk_refusal(s->d, "audit verify", "{}");
	if (*said)
		simulation_broken(s, 7, "%s", said);
}

void simulation_check(struct simulation *s)
{
	simulation_read(s);
	simulation_check_slots(s);
	simulation_check_news(s);
	simulation_check_acked(s);
	if (!s->years || s->step % 4 == 0)
		simulation_check_feeds(s);
	if (!s->plant && (!s->years || s->step % 8 == 0))
		check_own_view(s);
	if (s->step % (s->years ? 500 : 10) == 0)
		check_audit(s);
	s->looked = wr_clock_now(&s->d->desk.clock);
}
