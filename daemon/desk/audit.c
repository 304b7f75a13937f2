#include "desk/cases.h"

#include <inttypes.h>

static json_t *parsed(const char *text)
{
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
	return value ? value : json_null();
}

static json_t *entry_json(const struct wr_store_audit *entry)
{
	char at[WR_TIME_TEXT];
	json_t *refs = json_array();
	for (size_t i = 0; i < entry->n_refs; i++)
		json_array_append_new(refs, json_string(entry->refs[i]));
	return json_pack("{s:I, s:s, s:s, s:s, s:o, s:s?, s:o, s:o, s:b}", "seq",
	    (json_int_t)entry->seq, "at", wr_time_utc(entry->at, at), "actor", entry->actor, "verb",
	    entry->verb, "refs", refs, "reason", entry->reason, "before", parsed(entry->before),
	    "after", parsed(entry->after), "erased", entry->erased);
}

int wr_case_audit_list(struct wr_use *use)
{
	struct wr_store_audit *entries = NULL;
	struct wr_patient patient;
	size_t n = 0;
	struct wr_store_audit_filter filter = {0};
	const char *ref = wr_arg_text(use, "patient");
	int r = ref ? wr_use_patient(use, ref, &patient) : 0;
	if (ref)
		filter.ref = wr_arena_printf(use->arena, "patient:%s", ref);
	if (!r)
		r = wr_arg_time(use, "from", &use->config->wards[0], &filter.from);
	if (!r)
		r = wr_store_audit_list(use->tx, use->arena, &filter, &entries, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, entry_json(&entries[i]));
	wr_use_answer(use, "audit", list);
	return r;
}

int wr_case_audit_verify(struct wr_use *use)
{
	struct wr_store_audit_state state;
	int r = wr_store_audit_verify(use->tx, &state);
	if (r)
		return r;
	if (state.first_bad)
		return wr_fault(use, WR_FAULT_DATA,
		    "restore the database from a backup and compare",
		    "the chain is broken at entry %" PRId64 " of %" PRId64, state.first_bad,
		    state.entries);
	wr_use_answer(use, "audit",
	    json_pack("{s:I, s:b, s:s}", "entries", (json_int_t)state.entries, "intact", 1, "head",
		state.head));
	return 0;
}
