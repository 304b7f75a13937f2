/*
 * Somebody rings and says a name. Over all patients of the ward at once, so that whoever takes the
 * call need not ask for whom; what is not agreed is answered as if nobody were here.
 */
#include <string.h>
#include <strings.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

#define NEVER "Not agreed: neither confirm nor deny"

/* All words of what was said occur in the name: "heath ivo" finds Ivo Heath. */
static bool is_meant(struct wr_arena *arena, const char *name, const char *said)
{
	bool any = false;
	while (*said) {
		size_t length = strcspn(said, " ");
		const char *word = wr_arena_strndup(arena, said, length);
		bool there = false;
		for (const char *at = name; *at && !there; at++)
			there = strncasecmp(at, word, length) == 0;
		if (length && !there)
			return false;
		any |= length > 0;
		said += length + strspn(said + length, " ");
	}
	return any;
}

static void add_support(struct wr_use *use, struct wr_sheet_section *section,
    const struct wr_support *support, const struct wr_patient *patient)
{
	bool told = wr_support_is_told(support, patient) && !patient->restricted;
	wr_sheet_row(
	    section, support->name, wr_arena_printf(use->arena, "/s/supports/%s", support->ref));
	wr_sheet_row_tag(section, told ? "Agreed" : NEVER, !told);
	wr_sheet_line(section, wr_in_words_relation(use, support->ref));
	if (told)
		wr_sheet_line(
		    section, wr_arena_printf(use->arena, "May be told %s.%s",
				 wr_in_words_sees(wr_word(&wr_words_sees, (int)support->sees)),
				 support->sees == WR_SEES_ALL
				     ? ""
				     : " Say nothing of the ward, the patient or the illness."));
}

static int add_supports(struct wr_use *use, const struct wr_visit *visit,
    struct wr_sheet_section *section, const char *said)
{
	struct wr_support *rows = NULL;
	size_t n = 0;
	struct wr_store_support_filter filter = {.ward = visit->ward, .not_discharged = true};
	int r = wr_store_support_list(use->tx, use->arena, &filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_patient patient;
		if (!is_meant(use->arena, rows[i].name, said))
			continue;
		r = wr_store_patient_get(use->tx, use->arena, rows[i].patient, &patient);
		if (!r)
			add_support(use, section, &rows[i], &patient);
	}
	return r;
}

static int add_blocks(struct wr_use *use, const struct wr_visit *visit,
    struct wr_sheet_section *section, const char *said)
{
	struct wr_block *rows = NULL;
	size_t n = 0;
	int r = wr_store_block_list(use->tx, use->arena, NULL, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_patient patient;
		if (!is_meant(use->arena, rows[i].name, said))
			continue;
		r = wr_store_patient_get(use->tx, use->arena, rows[i].patient, &patient);
		if (r || !wr_text_equal(patient.ward, visit->ward))
			continue;
		wr_sheet_row(section, rows[i].name, NULL);
		wr_sheet_row_tag(section, NEVER, true);
		wr_sheet_line(section, wr_arena_printf(use->arena,
					   "Must not be told anything about %s.", patient.name));
	}
	return r;
}

int wr_page_caller(struct wr_use *use, struct wr_visit *visit)
{
	const char *said = wr_form_get(&visit->posted, "name");
	struct wr_form_draft *form = wr_form_asking(visit, "/s/caller", "Look");
	struct wr_sheet *sheet = wr_sheet_new(visit, "Somebody rings");
	int r = 0;
	wr_sheet_back(sheet, "/s/", "Today");
	wr_sheet_say(sheet, "Type the caller's name, not the patient's. Until you know that it is "
			    "agreed, neither confirm nor deny that anybody is here.");
	wr_form_text(form, "name", "The caller's name", NULL, NULL);
	wr_sheet_fill(sheet, form);
	if (!wr_text_empty(said)) {
		struct wr_sheet_section *section = wr_sheet_section(sheet, "found",
		    "What was found",
		    "Nobody of that name has been agreed. Neither confirm nor deny that anybody is "
		    "here.");
		r = add_blocks(use, visit, section, said);
		if (!r)
			r = add_supports(use, visit, section, said);
	}
	if (!r)
		wr_sheet_draw(sheet, 0);
	return r;
}
