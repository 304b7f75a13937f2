/* Promise 7: what was acknowledged is there, whenever the daemon died since. */
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

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text ? text : "";
}

static void note_reply(struct simulation *s, const json_t *reply)
{
	const char *support = text_of(reply, "support"), *slot = text_of(reply, "slot");
	size_t at = 0;
	while (at < s->n_acked &&
	       (strcmp(s->acked[at].support, support) != 0 || strcmp(s->acked[at].slot, slot) != 0))
		at++;
	if (at == SIMULATION_ACKED) { /* the oldest one goes */
		memmove(s->acked, s->acked + 1, (SIMULATION_ACKED - 1) * sizeof(s->acked[0]));
		at--;
	} else if (at == s->n_acked) {
		s->n_acked++;
	}
	struct simulation_reply *one = &s->acked[at];
	snprintf(one->support, sizeof(one->support), "%s", support);
	snprintf(one->slot, sizeof(one->slot), "%s", slot);
	snprintf(one->answer, sizeof(one->answer), "%s", text_of(reply, "answer"));
}

void simulation_note_acked(
    struct simulation *s, const char *verb, const char *args, const json_t *answer)
{
	const json_t *reply = json_object_get(answer, "reply");
	free(s->last_args);
	free(s->last_answer);
	s->last_verb = verb;
	s->last_at = wr_clock_now(&s->d->desk.clock);
	s->last_args = wr_strdup(args);
	s->last_answer = json_dumps(answer, JSON_SORT_KEYS);
	if (reply)
		note_reply(s, reply);
}

/* The same call with the same key gives the same answer, and does nothing. */
static void ask_again(struct simulation *s)
{
	json_t *answer = desk_call(s->d, s->last_verb, s->last_args);
	char *text = json_dumps(answer, JSON_SORT_KEYS);
	if (strcmp(text, s->last_answer) != 0)
		simulation_broken(
		    s, 7, "\"%s\" was acknowledged, and is answered otherwise now", s->last_verb);
	free(text);
	json_decref(answer);
}

void simulation_check_acked(struct simulation *s)
{
	for (size_t i = 0; i < s->n_acked; i++) {
		const struct simulation_reply *one = &s->acked[i];
		const struct wr_slot *slot = simulation_slot(s, one->slot);
		bool found = !slot; /* of long ago */
		for (size_t k = 0; k < s->rows.n_replies; k++)
			found |=
			    wr_text_equal(s->rows.replies[k].support, one->support) &&
			    wr_text_equal(s->rows.replies[k].slot, one->slot) &&
			    wr_text_equal(wr_word(&wr_words_answer, (int)s->rows.replies[k].answer),
				one->answer);
		bool old = slot && slot->start < s->looked - SIMULATION_BACK_SECONDS + 86400;
		if (!found && !old)
			simulation_broken(
			    s, 7, "the reply of %s about %s is lost", one->support, one->slot);
	}
	static unsigned crashes;
	wr_time age = wr_clock_now(&s->d->desk.clock) - s->last_at;
	if (s->n_crashes != crashes && s->last_verb && age < 6 * 86400) /* keys are kept 7 days */
		ask_again(s);
	crashes = s->n_crashes;
}
