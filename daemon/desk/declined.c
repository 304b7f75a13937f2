#include "desk/declined.h"

/* ---- reading ---- */

static void read_move(struct wr_use *use, const json_t *item, struct wr_declined_move *move)
{
	const char *from = json_string_value(json_object_get(item, "from"));
	*move = (struct wr_declined_move){
	    .slot = wr_arena_strdup(use->arena, json_string_value(json_object_get(item, "slot"))),
	    .session =
		wr_arena_strdup(use->arena, json_string_value(json_object_get(item, "session"))),
	    .concern =
		wr_arena_strdup(use->arena, json_string_value(json_object_get(item, "concern"))),
	    .from = WR_TIME_NONE,
	    .to = json_integer_value(json_object_get(item, "start")),
	};
	if (from)
		wr_time_parse(NULL, from, &move->from);
}

static void read_one(struct wr_use *use, const json_t *data, struct wr_declined *no)
{
	const json_t *moves = json_object_get(data, "moves"),
		     *placed = json_object_get(data, "placed");
	no->n_moves = json_array_size(moves);
	no->n_placed = json_array_size(placed);
	no->moves = wr_arena_new(use->arena, struct wr_declined_move, no->n_moves + 1);
	no->placed = wr_arena_new(use->arena, const char *, no->n_placed + 1);
	for (size_t i = 0; i < no->n_moves; i++)
		read_move(use, json_array_get(moves, i), &no->moves[i]);
	for (size_t i = 0; i < no->n_placed; i++)
		no->placed[i] =
		    wr_arena_strdup(use->arena, json_string_value(json_array_get(placed, i)));
}

int wr_declined_read(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    struct wr_declined **ret_declined, size_t *ret_n)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	char text[WR_TIME_TEXT];
	struct wr_store_task_filter filter = {.ward = ward->id, .kind = "proposal"};
	wr_week_text(week, text);
	*ret_n = 0;
	int r = wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n);
	*ret_declined = wr_arena_new(use->arena, struct wr_declined, n + 1);
	for (size_t i = 0; i < n && !r; i++) {
		json_t *data = tasks[i].declined ? json_loads(tasks[i].data, 0, NULL) : NULL;
		if (wr_text_equal(json_string_value(json_object_get(data, "week")), text))
			read_one(use, data, &(*ret_declined)[(*ret_n)++]);
		json_decref(data);
	}
	return r;
}

/* ---- asking ---- */

/* Whose slot it is; n_patients when it is nobody's of the instance. */
static size_t patient_of(const struct wr_instance *instance, const char *slot)
{
	size_t i = 0;
	while (
	    i < instance->plan.n_patients &&
	    (!instance->patients[i].slot || !wr_text_equal(instance->patients[i].slot->ref, slot)))
		i++;
	return i;
}

static bool is_as_it_was(
    struct wr_arena *arena, const struct wr_declined_move *move, const struct wr_instance *instance)
{
	size_t at = patient_of(instance, move->slot);
	if (at == instance->plan.n_patients)
		return false;
	const struct wr_slot *slot = instance->patients[at].slot;
	return slot->state == WR_STATE_PUBLISHED && slot->start == move->from &&
	       wr_text_equal(wr_instance_concern(arena, instance, at), move->concern);
}

static bool is_done_by(const struct wr_declined_move *move, const struct wr_instance *instance,
    const struct wr_plan *plan)
{
	size_t at = patient_of(instance, move->slot);
	if (at == instance->plan.n_patients || !plan->places[at].placed)
		return false;
	const struct wr_instance_session *of = &instance->sessions[plan->places[at].session];
	const struct wr_session_cell *cell = &of->session->cells[of->cells[plan->places[at].cell]];
	return wr_text_equal(of->session->id, move->session) && cell->start == move->to;
}

bool wr_declined_repeats(struct wr_arena *arena, const struct wr_declined *no,
    const struct wr_instance *instance, const struct wr_plan *plan)
{
	bool repeats = false;
	for (size_t i = 0; i < no->n_moves; i++) {
		if (!is_as_it_was(arena, &no->moves[i], instance))
			return false;
		repeats |= is_done_by(&no->moves[i], instance, plan);
	}
	return repeats;
}

bool wr_declined_moves(const struct wr_declined *no, const char *slot)
{
	for (size_t i = 0; i < no->n_moves; i++)
		if (wr_text_equal(no->moves[i].slot, slot))
			return true;
	return false;
}

bool wr_declined_helps_another(const struct wr_declined *no, const struct wr_instance *instance,
    const struct wr_plan *plan, const struct wr_plan *without)
{
	for (size_t i = 0; i < instance->plan.n_patients; i++) {
		bool known = !plan->places[i].placed || without->places[i].placed;
		for (size_t k = 0; k < no->n_placed && !known; k++)
			known = wr_text_equal(no->placed[k], instance->patients[i].patient->ref);
		if (!known)
			return true;
	}
	return false;
}
