/*
 * What a gateway says became of a notice that it had taken. Gateways word it differently; the two
 * forms that are read are our own and that of GOV.UK Notify's callbacks, alone, in a list, or as
 * the `data` of a standard webhook.
 */
#include "wardround/notice.h"

#include <jansson.h>

static const struct {
	const char *word;
	enum wr_receipt_kind kind;
} words[] = {
    {"delivered", WR_RECEIPT_DELIVERED},
    {"received", WR_RECEIPT_DELIVERED},
    {"permanent-failure", WR_RECEIPT_BAD_CONTACT},
    {"failed", WR_RECEIPT_BAD_CONTACT},
    {"undeliverable", WR_RECEIPT_BAD_CONTACT},
    {"bounced", WR_RECEIPT_BAD_CONTACT},
    {"temporary-failure", WR_RECEIPT_LOST},
    {"technical-failure", WR_RECEIPT_LOST},
    {"expired", WR_RECEIPT_LOST},
    {"created", WR_RECEIPT_ON_ITS_WAY},
    {"accepted", WR_RECEIPT_ON_ITS_WAY},
    {"pending", WR_RECEIPT_ON_ITS_WAY},
    {"queued", WR_RECEIPT_ON_ITS_WAY},
    {"sending", WR_RECEIPT_ON_ITS_WAY},
    {"sent", WR_RECEIPT_ON_ITS_WAY},
};

static const char *text_of(const json_t *json, const char *name, const char *other)
{
	const char *text = json_string_value(json_object_get(json, name));
	return text ? text : json_string_value(json_object_get(json, other));
}

static bool find_word(const char *word, enum wr_receipt_kind *ret_kind)
{
	for (size_t i = 0; word && i < WR_COUNT(words); i++)
		if (wr_text_equal(words[i].word, word)) {
			*ret_kind = words[i].kind;
			return true;
		}
	return false;
}

static bool read_one(struct wr_arena *arena, const json_t *json, struct wr_receipt *ret_receipt)
{
	const json_t *data = json_object_get(json, "data");
	const json_t *from = json_is_object(data) ? data : json;
	const char *notice = text_of(from, "notice", "reference");
	const char *by = text_of(from, "by", "notification_type");
	if (!notice || !find_word(text_of(from, "status", "state"), &ret_receipt->kind))
		return false;
	ret_receipt->notice = wr_arena_strdup(arena, notice);
	ret_receipt->by = wr_text_equal(by, "sms") || wr_text_equal(by, "phone")
	                      ? WR_NOTICE_BY_PHONE
	                  : wr_text_equal(by, "email") ? WR_NOTICE_BY_EMAIL
	                                               : WR_NOTICE_BY_EITHER;
	return true;
}

bool wr_receipts_read(struct wr_arena *arena, const char *body, size_t length,
    struct wr_receipt **ret_receipts, size_t *ret_n)
{
	json_t *json = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
	json_t *list = json_object_get(json, "receipts");
	size_t n = json_is_array(list) ? json_array_size(list) : 1;
	struct wr_receipt *receipts = wr_arena_new(arena, struct wr_receipt, n + 1);
	bool fine = json_is_object(json);
	for (size_t i = 0; i < n && fine; i++)
		fine = read_one(
		    arena, json_is_array(list) ? json_array_get(list, i) : json, &receipts[i]);
	json_decref(json);
	*ret_receipts = receipts;
	*ret_n = fine ? n : 0;
	return fine;
}
