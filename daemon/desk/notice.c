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

/* ---- once more ----
 *
 * The same id and the same body as long as it still holds; the endpoint knows by the id whether it
 * has it. What does not hold is superseded, and what holds instead is told as new.
 */

enum again { AGAIN, TOO_LATE, NOT_NOW, DOES_NOT_HOLD };

static int judge(struct wr_use *use, const struct wr_notice_row *row, enum again *ret_again,
    const char **ret_why)
{
	struct wr_hearing hearing;
	bool holds = false;
	*ret_again = NOT_NOW;
	*ret_why =
	    wr_arena_printf(use->arena, "is %s", wr_word(&wr_words_notice_state, (int)row->state));
	if (row->state == WR_NOTICE_SENDING || row->state == WR_NOTICE_SUPERSEDED)
		return 0;
	*ret_again = TOO_LATE;
	*ret_why = "would come too late";
	if (row->not_after != WR_TIME_NONE && row->not_after <= use->now)
		return 0;
	int r = wr_notice_still_holds(use, row, &hearing, &holds, ret_why);
	*ret_again = holds ? AGAIN : DOES_NOT_HOLD;
	return r;
}

static int change_state(
    struct wr_use *use, struct wr_notice_row *row, enum wr_notice_state state, json_t *list)
{
	const char *before = wr_word(&wr_words_notice_state, (int)row->state);
	const char *after = wr_word(&wr_words_notice_state, (int)state);
	row->state = state;
	row->next_try = state == WR_NOTICE_WAITING ? use->now : row->next_try;
	int r = wr_store_notice_step(use->tx, row);
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "notice %s", row->id), before, after);
	json_array_append_new(list, notice_json(use, row));
	return wr_use_audit(use, wr_arena_printf(use->arena, "notice:%s", row->id), NULL,
	    json_pack("{s:s}", "state", before), json_pack("{s:s}", "state", after));
}

/* What this person should know by now is told, if they have not been told it. */
static int replace(struct wr_use *use, struct wr_notice_row *row, json_t *list)
{
	struct wr_news news;
	int r = change_state(use, row, WR_NOTICE_SUPERSEDED, list);
	if (r || !row->slot)
		return r;
	r = wr_store_news_get(use->tx, use->arena, row->whose, row->who, row->slot, &news);
	if (r || news.told >= news.want || news.due != WR_TIME_NONE)
		return r == WR_STORE_NONE ? 0 : r;
	news.due = use->now;
	return wr_store_news_put(use->tx, &news);
}

static int try_again(
    struct wr_use *use, struct wr_notice_row *row, json_t *list, const char **ret_why)
{
	enum again again = NOT_NOW;
	const char *why = NULL;
	int r = judge(use, row, &again, &why);
	*ret_why = again == AGAIN ? NULL : why;
	if (r)
		return r;
	if (again == AGAIN)
		return change_state(use, row, WR_NOTICE_WAITING, list);
	return again == DOES_NOT_HOLD ? replace(use, row, list) : 0;
}

static int retry_one(struct wr_use *use, const char *id, json_t *list)
{
	struct wr_notice_row row;
	const char *why = NULL;
	int r = wr_store_notice_get(use->tx, use->arena, id, &row);
	if (r == WR_STORE_NONE)
		return wr_unknown(use, "see `wardctl notice list`", "there is no notice `%s`", id);
	if (!r)
		r = try_again(use, &row, list, &why);
	if (!r && why && json_array_size(list) == 0)
		return wr_refuse(
		    use, "see `wardctl unseen` for whom to ring", "notice %s %s", id, why);
	return r;
}

/* Those that can't be sent again are counted: left as they are, or replaced. */
static int retry_all(struct wr_use *use, const struct wr_store_notice_filter *filter, json_t *list)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0, left = 0;
	int r = wr_store_notice_list(use->tx, use->arena, filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		const char *why = NULL;
		r = try_again(use, &rows[i], list, &why);
		left += why != NULL;
	}
	wr_use_answer(use, "left", json_integer((json_int_t)left));
	return r;
}

static int retry_range(struct wr_use *use, json_t *list)
{
	const struct wr_config_ward *ward = &use->config->wards[0];
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_FAILED) | WR_STORE_BIT(WR_NOTICE_EXPIRED) |
	              WR_STORE_BIT(WR_NOTICE_SENT),
	    .endpoint = wr_arg_text(use, "endpoint"),
	    .to = use->now + 1,
	};
	int r = wr_arg_time(use, "from", ward, &filter.from);
	if (!r)
		r = wr_arg_time(use, "to", ward, &filter.to);
	if (!r && filter.endpoint && !wr_config_find_webhook(use->config, filter.endpoint))
		return wr_unknown(
		    use, "see `wardctl webhook list`", "there is no webhook `%s`", filter.endpoint);
	if (!r && filter.from >= filter.to)
		return wr_fault(use, WR_FAULT_DATA, NULL, "to: not after from");
	return r ? r : retry_all(use, &filter, list);
}

int wr_case_notice_retry(struct wr_use *use)
{
	static const struct wr_store_notice_filter ended = {
	    .states = WR_STORE_BIT(WR_NOTICE_FAILED) | WR_STORE_BIT(WR_NOTICE_EXPIRED)};
	const char *id = wr_arg_text(use, "id");
	bool failed = wr_arg_flag(use, "failed"), from = wr_arg_given(use, "from");
	if (failed + from + (id != NULL) != 1)
		return wr_fault(use, WR_FAULT_USAGE,
		    "an ID from `wardctl notice list`, --failed, or --from with or without --to",
		    "notice retry: which one?");
	json_t *list = json_array();
	wr_use_answer(use, "notices", list);
	if (id)
		return retry_one(use, id, list);
	return failed ? retry_all(use, &ended, list) : retry_range(use, list);
}
