#include "desk/people/knock.h"

struct wr_knock *wr_knock_new(struct wr_call *call, const struct wr_door *door, const char *action)
{
	struct wr_knock *knock = wr_arena_new(&call->arena, struct wr_knock, 1);
	*knock = (struct wr_knock){
	    .kind = door->kind,
	    .whose = door->whose,
	    .who = wr_arena_strdup(&call->arena, door->who),
	    .link = wr_arena_strdup(&call->arena, door->link),
	    .slot = wr_arena_strdup(&call->arena, door->slot),
	    .action = wr_arena_strdup(&call->arena, action),
	};
	call->operation = knock;
	return knock;
}

struct wr_knock *wr_knock_of(struct wr_use *use)
{
	return wr_container_of(use, struct wr_call, use)->operation;
}

static int may_speak(struct wr_use *use, const struct wr_support *support, bool *ret_may)
{
	struct wr_patient patient;
	int r = wr_store_patient_get(use->tx, use->arena, support->patient, &patient);
	*ret_may = !r && wr_support_is_told(support, &patient) && !patient.restricted &&
	           !support->disputed;
	return r;
}

int wr_knock_supports(struct wr_use *use, struct wr_support **ret_rows, size_t *ret_n)
{
	const struct wr_knock *knock = wr_knock_of(use);
	struct wr_support *rows = NULL;
	size_t n = 0, kept = 0;
	int r = 0;
	if (knock->whose == WR_WHOSE_SUPPORT) {
		rows = wr_arena_new(use->arena, struct wr_support, 1);
		r = wr_store_support_get(use->tx, use->arena, knock->who, rows);
		n = r == 0;
	} else if (knock->whose == WR_WHOSE_PERSON) {
		struct wr_store_support_filter filter = {.person = knock->who};
		r = wr_store_support_list(use->tx, use->arena, &filter, &rows, &n);
	}
	for (size_t i = 0; i < n && !r; i++) {
		bool may = false;
		r = may_speak(use, &rows[i], &may);
		if (may)
			rows[kept++] = rows[i];
	}
	*ret_rows = rows;
	*ret_n = kept;
	return r == WR_STORE_NONE ? 0 : r;
}

int wr_knock_ward(
    struct wr_use *use, const struct wr_support *support, const struct wr_config_ward **ret_ward)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, support->patient, &patient);
	return r ? r : wr_use_ward_of(use, patient.ward, ret_ward);
}

enum wr_language wr_knock_language(const struct wr_support *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!wr_text_empty(rows[i].language))
			return wr_language_find(rows[i].language);
	return WR_LANGUAGE_EN;
}

int wr_knock_say(struct wr_use *use, int r, const char *said)
{
	if (!r)
		wr_use_answer(use, "said", json_string(said));
	return r;
}
