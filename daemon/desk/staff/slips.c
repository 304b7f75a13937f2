/*
 * Slips to print for patients without a phone, with ticks for what was handed over.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/doors.h"
#include "desk/staff/form.h"
#include "desk/staff/pages.h"
#include "desk/staff/words.h"

struct slips {
	struct wr_use *use;
	struct wr_visit *visit;
	const struct wr_config_ward *ward;
	bool codes; /* asked for */
	struct wr_html_desk_slips_slip *list;
	size_t n, restricted;
	const json_t *unseen;
};

static bool wants_paper(const struct wr_patient *patient)
{
	return patient->contact == WR_CONTACT_PAPER ||
	       (wr_text_empty(patient->phone) && wr_text_empty(patient->email));
}

static bool is_unseen(const struct slips *s, const char *patient, const char *slot)
{
	size_t i;
	const json_t *row;
	json_array_foreach (s->unseen, i, row)
		if (wr_text_equal(wr_row_text(row, "whose"), "patient") &&
		    wr_text_equal(wr_row_text(row, "who"), patient) &&
		    wr_text_equal(wr_row_text(row, "slot"), slot))
			return true;
	return false;
}

/* Of the first link of the patient that still works; NULL when there is none. */
static const char *code_of(const struct slips *s, const char *patient)
{
	struct wr_link *links = NULL;
	size_t n = 0;
	char token[WR_TOKEN_LINK + 1];
	struct wr_use *use = s->use;
	struct wr_store_link_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_PATIENT), .who = patient};
	if (!s->codes || wr_store_link_list(use->tx, use->arena, &filter, &links, &n))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct wr_buf svg = {0};
		if (links[i].revoked != WR_TIME_NONE ||
		    (links[i].expires != WR_TIME_NONE && links[i].expires <= use->now))
			continue;
		int r = wr_qr_svg(wr_arena_printf(use->arena, "%s/f/%s", use->config->public_url,
				      wr_token_link(use->ground->key, links[i].id, token)),
		    &svg);
		const char *text = r ? NULL : wr_arena_strdup(use->arena, wr_buf_text(&svg));
		wr_buf_deinit(&svg);
		return text;
	}
	return NULL;
}

static const char *people_of(struct wr_use *use, const char *slot)
{
	struct wr_attendee *list = NULL;
	size_t n = 0;
	struct wr_buf text = {0};
	if (wr_store_attendee_list_of(use->tx, use->arena, slot, &list, &n))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		struct wr_support support;
		if (wr_store_support_get(use->tx, use->arena, list[i].support, &support) == 0)
			wr_buf_printf(&text, "%s%s", text.length ? ", " : "", support.name);
	}
	const char *words = wr_arena_strdup(use->arena, wr_buf_text(&text));
	wr_buf_deinit(&text);
	return words;
}

static struct wr_html_desk_form *tick(
    const struct slips *s, const struct wr_patient *patient, const char *slot)
{
	struct wr_html_desk_form *copy;
	if (!is_unseen(s, patient->ref, slot))
		return NULL;
	struct wr_form_draft *form =
	    wr_form_small(s->visit, "unseen", "tick", "Handed over", patient->name);
	wr_form_hidden(form, "patient", patient->ref);
	wr_form_hidden(form, "slot", slot);
	wr_form_hidden(form, "how", "slip handed over");
	copy = wr_arena_new(s->visit->arena, struct wr_html_desk_form, 1);
	*copy = *wr_form_done(form);
	return copy;
}

static int add_slip(struct slips *s, const struct wr_patient *patient)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	char day[WR_TIME_TEXT], span[WR_TIME_TEXT];
	struct wr_use *use = s->use;
	struct wr_store_slot_filter filter = {
	    .patient = patient->ref, .from = use->now, .states = WR_STORE_BIT(WR_STATE_PUBLISHED)};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	if (r || !n)
		return r;
	s->list[s->n++] = (struct wr_html_desk_slips_slip){
	    .name = patient->name,
	    .day = wr_arena_strdup(
		use->arena, wr_day_long(wr_zone_day(s->ward->zone, slots[0].start), day)),
	    .time = wr_arena_strdup(
		use->arena, wr_time_span(s->ward->zone, slots[0].start, slots[0].end, span)),
	    .room = slots[0].room ? slots[0].room : "",
	    .with = wr_in_words_consultant(use, slots[0].consultant),
	    .people = people_of(use, slots[0].ref),
	    .phone = s->ward->phone,
	    .code = code_of(s, patient->ref),
	    .form = tick(s, patient, slots[0].ref),
	};
	return 0;
}

int wr_page_slips(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	struct wr_patient *patients = NULL;
	size_t n = 0;
	struct slips s = {.use = use,
	    .visit = visit,
	    .ward = wr_visit_ward(use, visit),
	    .codes = wr_visit_query(visit, "codes") != NULL};
	s.unseen = json_object_get(
	    wr_visit_ask(use, wr_case_unseen_list, json_pack("{s:s}", "ward", visit->ward), &r),
	    "unseen");
	if (!r)
		r = wr_store_patient_list(use->tx, use->arena, visit->ward, false, &patients, &n);
	s.list = wr_arena_new(use->arena, struct wr_html_desk_slips_slip, n + 1);
	for (size_t i = 0; i < n && !r; i++) {
		if (!wants_paper(&patients[i]))
			continue;
		s.restricted += patients[i].restricted;
		if (!patients[i].restricted)
			r = add_slip(&s, &patients[i]);
	}
	if (r)
		return r;
	struct wr_html_desk_slips page = {
	    .back = "/s/",
	    .title = "Slips to print",
	    .slips = s.list,
	    .n_slips = s.n,
	    .none = "No patient without a phone has a round to come.",
	    .left_out = s.restricted
	                    ? "Patients whose stay is restricted get no slip: tell them in person."
	                    : NULL,
	    .other = s.codes ? "/s/slips" : "/s/slips?codes=1",
	    .other_name = s.codes ? "Without codes" : "With a code for the patient's own page",
	};
	wr_frame_open(visit, page.title, 0);
	wr_html_desk_slips(&visit->html, WR_LANGUAGE_EN, &page);
	wr_frame_close(visit);
	return 0;
}
