/*
 * What concerns one patient in a week's instance, as a short text: the same as long as nothing
 * about the patient's needs, absences and people has changed. What only passes with time (from when
 * somebody can be placed, what moving costs now) is left out.
 */
#include <inttypes.h>

#include "wardround/instance.h"

static void put_spans(struct wr_buf *buf, const struct wr_plan_span *spans, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(buf, "%" PRId64 "-%" PRId64 ",", spans[i].from, spans[i].to);
	wr_buf_printf(buf, ";");
}

static void put_person(struct wr_buf *buf, const struct wr_plan_person *person)
{
	wr_buf_printf(buf, "%s %d ", person->id, person->has_free);
	put_spans(buf, person->free, person->n_free);
	put_spans(buf, person->away, person->n_away);
}

static void put_patient(struct wr_buf *buf, const struct wr_instance *instance, size_t at)
{
	const struct wr_plan_patient *planned = &instance->plan.patients[at];
	wr_buf_printf(buf, "%s %s %d %d %" PRId64 " ", planned->ward, planned->consultant,
	    instance->patients[at].patient->slots, (int)planned->prefers, planned->due);
	put_spans(buf, planned->away, planned->n_away);
	for (size_t i = 0; i < planned->n_cover; i++)
		wr_buf_printf(buf, "%s,", planned->cover[i]);
	for (size_t i = 0; i < planned->n_supports; i++) {
		const struct wr_plan_support *support = &planned->supports[i];
		wr_buf_printf(buf, " %" PRId64 " %d ", support->weight, support->required);
		for (size_t p = 0; p < instance->plan.n_persons; p++)
			if (wr_text_equal(instance->plan.persons[p].id, support->person))
				put_person(buf, &instance->plan.persons[p]);
	}
}

const char *wr_instance_concern(
    struct wr_arena *arena, const struct wr_instance *instance, size_t patient)
{
	struct wr_buf buf = {0};
	uint64_t digest = 14695981039346656037u; /* FNV-1a: no adversary, and a row stays short */
	put_patient(&buf, instance, patient);
	for (size_t i = 0; i < buf.length; i++)
		digest = (digest ^ (unsigned char)buf.data[i]) * 1099511628211u;
	wr_buf_deinit(&buf);
	return wr_arena_printf(arena, "%016" PRIx64, digest);
}
