/*
 * The JSON of a notice. Its keys are put in one fixed order and jansson keeps it, since body and
 * signature belong together: the same message must give the same bytes.
 */
#include "wardround/notice.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *checked(json_t *json)
{
	if (!json)
		wr_out_of_memory();
	return json;
}

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, checked(value)) < 0)
		wr_out_of_memory();
}

/* What is missing, empty or no UTF-8 is left out: a notice that says less beats none. */
static void put_text(json_t *object, const char *key, const char *text)
{
	if (!wr_text_empty(text) && wr_text_is_utf8(text, strlen(text)))
		put(object, key, json_string(text));
}

static void put_time(json_t *object, const char *key, wr_time at)
{
	char text[WR_TIME_TEXT];
	if (at != WR_TIME_NONE)
		put(object, key, json_string(wr_time_utc(at, text)));
}

static json_t *to_json(const struct wr_notice_message *m)
{
	static const char *const keys[] = {
	    [WR_NOTICE_TO_NOBODY] = NULL,
	    [WR_NOTICE_TO_SUPPORT] = "support",
	    [WR_NOTICE_TO_PATIENT] = "patient",
	    [WR_NOTICE_TO_CONSULTANT] = "consultant",
	};
	json_t *to = checked(json_object());
	put_text(to, keys[m->to.kind], m->to.ref);
	if (m->send_contact) {
		put_text(to, "phone", m->to.phone);
		put_text(to, "email", m->to.email);
	}
	put_text(to, "language", wr_text_empty(m->to.language) ? "en" : m->to.language);
	return to;
}

static json_t *slot_json(const struct wr_notice_message *m)
{
	json_t *slot = checked(json_object());
	put_text(slot, "ref", m->slot.ref);
	put(slot, "revision", json_integer(m->slot.revision));
	put_time(slot, "start", m->slot.start);
	put_time(slot, "end", m->slot.end);
	if (m->type == WR_NOTICE_SLOT_MOVED)
		put_time(slot, "was", m->slot.was);
	if (m->type == WR_NOTICE_SLOT_LATE)
		put(slot, "late_minutes", json_integer(m->slot.late_minutes));
	return slot;
}

static json_t *data_json(const struct wr_notice_message *m)
{
	json_t *data = checked(json_object());
	struct wr_buf text = {0};
	wr_notice_text(m, &text);
	put_text(data, "notice", m->id);
	if (m->to.kind != WR_NOTICE_TO_NOBODY)
		put(data, "to", to_json(m));
	if (!wr_text_empty(m->slot.ref))
		put(data, "slot", slot_json(m));
	put_text(data, "task", m->task);
	put_text(data, "patient", m->patient);
	put_text(data, "support", m->support);
	put_text(data, "answer", m->answer);
	if (m->promise)
		put(data, "promise", json_integer(m->promise));
	put_text(data, "text", wr_buf_text(&text));
	bool for_people = !wr_notice_type_for_staff(m->type) && !m->neutral;
	if (for_people && (m->reply_links || m->type == WR_NOTICE_LINK_INVITE))
		put_text(data, "page", m->page);
	wr_buf_deinit(&text);
	return data;
}

void wr_notice_body(const struct wr_notice_message *message, struct wr_buf *body)
{
	json_t *root = checked(json_object());
	put_text(root, "type", wr_notice_type_name(message->type));
	put_time(root, "timestamp", message->made_at);
	put(root, "data", data_json(message));
	char *json = json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
	if (!json)
		wr_out_of_memory();
	wr_buf_puts(body, json);
	free(json);
	json_decref(root);
}
