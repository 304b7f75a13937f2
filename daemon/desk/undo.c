#include "desk/undo.h"

#include <stdlib.h>

int wr_undo_keep(struct wr_use *use, const char *kind, const char *ref, json_t *data)
{
	char *text = json_dumps(data, JSON_COMPACT);
	struct wr_store_undo undo = {
	    .kind = kind,
	    .ref = ref,
	    .actor = use->actor,
	    .data = text,
	    .at = use->now,
	};
	int r = wr_store_undo_put(use->tx, &undo);
	free(text);
	json_decref(data);
	return r;
}

int wr_undo_take(struct wr_use *use, const char *kind, const char *ref, json_t **ret_data)
{
	struct wr_store_undo undo;
	int r = wr_store_undo_get(use->tx, use->arena, kind, ref, &undo);
	if (r == WR_STORE_NONE || (!r && use->now - undo.at > WR_UNDO_SECONDS))
		return wr_refuse(use, "a step can be undone for 15 minutes, and once",
		    "there is nothing to undo for %s %s", kind, ref);
	if (r)
		return r;
	*ret_data = json_loads(undo.data, 0, NULL);
	return wr_store_undo_delete(use->tx, kind, ref);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

int wr_undo_keep_swap(struct wr_use *use, const struct wr_slot *slot, const char *with)
{
	struct wr_attendee *attendees = NULL;
	size_t n = 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, slot->ref, &attendees, &n);
	if (r)
		return r;
	json_t *people = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    people, json_pack("[s, s]", attendees[i].support, attendees[i].person));
	json_t *data = json_pack("{s:s, s:s, s:s, s:i, s:i, s:I, s:I, s:I, s:i, s:i, s:b, s:o, s:o,"
				 " s:I, s:I, s:I, s:b, s:o}",
	    "session", slot->session, "consultant", slot->consultant, "room", slot->room, "cell",
	    slot->cell, "cells", slot->cells, "start", (json_int_t)slot->start, "end",
	    (json_int_t)slot->end, "until", (json_int_t)slot->until, "state", (int)slot->state,
	    "why", (int)slot->why, "locked", slot->locked, "join", text_or_null(slot->join),
	    "reason", text_or_null(slot->reason), "started", (json_int_t)slot->started, "finished",
	    (json_int_t)slot->finished, "was", (json_int_t)slot->was_start, "last",
	    slot->last_of_session, "people", people);
	json_object_set_new(data, "with", text_or_null(with));
	return wr_undo_keep(use, "slot", slot->ref, data);
}

int wr_undo_keep_slot(struct wr_use *use, const struct wr_slot *slot)
{
	return wr_undo_keep_swap(use, slot, NULL);
}

static const char *kept_text(struct wr_use *use, const json_t *data, const char *name)
{
	return wr_arena_strdup(use->arena, json_string_value(json_object_get(data, name)));
}

static wr_time kept_time(const json_t *data, const char *name)
{
	return json_integer_value(json_object_get(data, name));
}

static int kept_int(const json_t *data, const char *name)
{
	return (int)json_integer_value(json_object_get(data, name));
}

int wr_undo_take_slot(struct wr_use *use, const struct wr_slot *now, struct wr_slot *ret_slot,
    struct wr_attendee **ret_attendees, size_t *ret_n, const char **ret_with)
{
	json_t *data = NULL;
	int r = wr_undo_take(use, "slot", now->ref, &data);
	if (r)
		return r;
	*ret_slot = *now;
	*ret_with = kept_text(use, data, "with");
	ret_slot->session = kept_text(use, data, "session");
	ret_slot->consultant = kept_text(use, data, "consultant");
	ret_slot->room = kept_text(use, data, "room");
	ret_slot->join = kept_text(use, data, "join");
	ret_slot->reason = kept_text(use, data, "reason");
	ret_slot->cell = kept_int(data, "cell");
	ret_slot->cells = kept_int(data, "cells");
	ret_slot->start = kept_time(data, "start");
	ret_slot->end = kept_time(data, "end");
	ret_slot->until = kept_time(data, "until");
	ret_slot->started = kept_time(data, "started");
	ret_slot->finished = kept_time(data, "finished");
	ret_slot->was_start = kept_time(data, "was");
	ret_slot->state = (enum wr_state)kept_int(data, "state");
	ret_slot->why = (enum wr_why)kept_int(data, "why");
	ret_slot->locked = json_is_true(json_object_get(data, "locked"));
	ret_slot->last_of_session = json_is_true(json_object_get(data, "last"));
	const json_t *people = json_object_get(data, "people");
	*ret_attendees = wr_arena_new(use->arena, struct wr_attendee, json_array_size(people) + 1);
	*ret_n = 0;
	for (size_t i = 0; i < json_array_size(people); i++) {
		const json_t *pair = json_array_get(people, i);
		(*ret_attendees)[(*ret_n)++] = (struct wr_attendee){
		    .slot = now->ref,
		    .support =
			wr_arena_strdup(use->arena, json_string_value(json_array_get(pair, 0))),
		    .person =
			wr_arena_strdup(use->arena, json_string_value(json_array_get(pair, 1))),
		};
	}
	json_decref(data);
	return 0;
}
