#include "desk/cases.h"
#include "desk/compose.h"

enum { MOST_LISTED = 1000 };

static json_t *text(const char *value)
{
	return value ? json_string(value) : json_null();
}

/* Without its body: that is for the endpoint alone. */
static json_t *notice_json(struct wr_use *use, const struct wr_notice_row *row)
{
	struct wr_slot slot;
	const char *ward = row->whose == WR_WHOSE_WARD ? row->who : NULL;
	if (row->slot && wr_store_slot_get(use->tx, use->arena, row->slot, &slot) == 0)
		ward = slot.ward;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:i, s:s, s:o, s:o, s:o, s:i, s:i, s:o}",
	    "id", row->id, "endpoint", row->endpoint, "type", row->type, "whose",
	    wr_word(&wr_words_whose, (int)row->whose), "who", row->who, "slot", text(row->slot),
	    "revision", row->revision, "state", wr_word(&wr_words_notice_state, (int)row->state),
	    "created", wr_json_time(use, ward, row->created), "next_try",
	    row->state == WR_NOTICE_WAITING ? wr_json_time(use, ward, row->next_try) : json_null(),
	    "not_after", wr_json_time(use, ward, row->not_after), "tries", row->tries, "status",
	    row->status, "error", text(row->error));
}

int wr_case_notice_list(struct wr_use *use)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	int state = -1, whose = -1;
	struct wr_store_notice_filter filter = {
	    .who = wr_arg_text(use, "who"),
	    .slot = wr_arg_text(use, "slot"),
	    .endpoint = wr_arg_text(use, "endpoint"),
	    .limit = MOST_LISTED,
	};
	int r = wr_arg_word(use, "state", &wr_words_notice_state, &state);
	if (!r)
		r = wr_arg_word(use, "whose", &wr_words_whose, &whose);
	if (r)
		return r;
	filter.states = state >= 0 ? WR_STORE_BIT(state) : 0;
	filter.whose = whose >= 0 ? WR_STORE_BIT(whose) : 0;
	r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, notice_json(use, &rows[i]));
	wr_use_answer(use, "notices", list);
	return r;
}

/* ---- once more ---- */

/* NULL: it can be tried again, with the same id and body. */
static int why_not(struct wr_use *use, const struct wr_notice_row *row, const char **ret_why)
{
	struct wr_hearing hearing;
	bool holds = false;
	*ret_why = NULL;
	if (row->state != WR_NOTICE_FAILED && row->state != WR_NOTICE_EXPIRED)
		*ret_why = wr_arena_printf(
		    use->arena, "is %s", wr_word(&wr_words_notice_state, (int)row->state));
	else if (row->not_after != WR_TIME_NONE && row->not_after <= use->now)
		*ret_why = "would come too late";
	if (*ret_why)
		return 0;
	int r = wr_notice_still_holds(use, row, &hearing, &holds, ret_why);
	if (!r && holds)
		*ret_why = NULL;
	else if (!r)
		*ret_why = wr_arena_printf(
		    use->arena, "does not hold any more: %s", *ret_why ? *ret_why : "it changed");
	return r;
}

static int wait_again(struct wr_use *use, struct wr_notice_row *row, json_t *list)
{
	const char *before = wr_word(&wr_words_notice_state, (int)row->state);
	row->state = WR_NOTICE_WAITING;
	row->next_try = use->now;
	int r = wr_store_notice_put(use->tx, row);
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "notice %s", row->id), before, "waiting");
	json_array_append_new(list, notice_json(use, row));
	return wr_use_audit(use, wr_arena_printf(use->arena, "notice:%s", row->id), NULL,
	    json_pack("{s:s}", "state", before), json_pack("{s:s}", "state", "waiting"));
}

static int retry_one(struct wr_use *use, const char *id, json_t *list)
{
	struct wr_notice_row row;
	const char *why = NULL;
	int r = wr_store_notice_get(use->tx, use->arena, id, &row);
	if (r == WR_STORE_NONE)
		return wr_unknown(use, "see `wardctl notice list`", "there is no notice `%s`", id);
	if (!r)
		r = why_not(use, &row, &why);
	if (!r && why)
		return wr_refuse(
		    use, "see `wardctl unseen` for whom to ring", "notice %s %s", id, why);
	return r ? r : wait_again(use, &row, list);
}

/* Those that can't be are left as they are, and counted. */
static int retry_failed(struct wr_use *use, json_t *list)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0, left = 0;
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_FAILED) | WR_STORE_BIT(WR_NOTICE_EXPIRED)};
	int r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		const char *why = NULL;
		r = why_not(use, &rows[i], &why);
		left += why != NULL;
		if (!r && !why)
			r = wait_again(use, &rows[i], list);
	}
	wr_use_answer(use, "left", json_integer((json_int_t)left));
	return r;
}

int wr_case_notice_retry(struct wr_use *use)
{
	const char *id = wr_arg_text(use, "id");
	bool failed = wr_arg_flag(use, "failed");
	if (failed == (id != NULL))
		return wr_fault(use, WR_FAULT_USAGE,
		    "an ID from `wardctl notice list`, or --failed", "notice retry: which one?");
	json_t *list = json_array();
	wr_use_answer(use, "notices", list);
	return failed ? retry_failed(use, list) : retry_one(use, id, list);
}
