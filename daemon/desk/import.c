/*
 * Importing: all rows of a file in one transaction, or none. What exists by its reference is
 * updated; nobody is discharged.
 */
#include "desk/cases.h"
#include "desk/patient_change.h"
#include "desk/table.h"
#include "desk/tell.h"

#include <string.h>

struct counts {
	int added, updated;
};

static int answer(struct wr_use *use, const struct counts *counts)
{
	wr_use_answer(use, "imported",
	    json_pack("{s:i, s:i}", "added", counts->added, "updated", counts->updated));
	return 0;
}

static const char *valid_ref(struct wr_table *table, size_t row, const char *column)
{
	const char *ref = wr_table_must(table, row, column);
	if (ref && !wr_ref_is_valid(ref))
		wr_table_mistake(table, row, column,
		    "`%s` can't be a reference (1 to 64 letters, digits, dots, dashes)", ref);
	return ref;
}

static void unique_ref(struct wr_table *table, size_t row, const char *column)
{
	const char *ref = wr_table_text(table, row, column);
	for (size_t i = 0; ref && i < row; i++)
		if (wr_text_equal(wr_table_text(table, i, column), ref)) {
			wr_table_mistake(table, row, column, "`%s` stands in line %d already", ref,
			    table->csv.row[i].line);
			return;
		}
}

static void read_contact(struct wr_table *table, size_t row, const char **phone, const char **email)
{
	const char *number = wr_table_text(table, row, "phone");
	const char *address = wr_table_text(table, row, "email");
	if (number) {
		*phone = wr_phone_e164(table->use->arena, number, table->use->config->country_code);
		if (!*phone)
			wr_table_mistake(table, row, "phone", "`%s` is not a phone number", number);
	}
	if (address) {
		*email = address;
		if (!wr_email_is_valid(address))
			wr_table_mistake(
			    table, row, "email", "`%s` is not an e-mail address", address);
	}
}

/* ---- patients ---- */

static void read_places(struct wr_table *table, size_t row, struct wr_patient *patient,
    const struct wr_config_ward **ret_ward)
{
	const struct wr_config *config = table->use->config;
	const char *ward = wr_table_must(table, row, "ward");
	const char *consultant = wr_table_must(table, row, "consultant");
	*ret_ward = wr_config_find_ward(config, ward);
	if (ward && !*ret_ward)
		wr_table_mistake(table, row, "ward", "there is no ward `%s`", ward);
	if (consultant && !wr_config_find_consultant(config, consultant))
		wr_table_mistake(
		    table, row, "consultant", "there is no consultant `%s`", consultant);
	patient->ward = ward;
	patient->consultant = consultant;
}

static void read_patient(struct wr_table *table, size_t row, struct wr_patient *patient)
{
	const struct wr_config_ward *ward = NULL;
	int prefers = wr_table_has(table, "prefers") ? WR_PREFERS_NONE : (int)patient->prefers;
	patient->ref = valid_ref(table, row, "ref");
	unique_ref(table, row, "ref");
	patient->name = wr_table_must(table, row, "name");
	read_places(table, row, patient, &ward);
	if (wr_table_has(table, "bed"))
		patient->bed = wr_table_text(table, row, "bed");
	wr_table_must(table, row, "admitted");
	if (!ward) /* a mistake already, but not the only one perhaps */
		ward = &table->use->config->wards[0];
	wr_table_time(table, row, "admitted", ward, &patient->admitted);
	wr_table_time(table, row, "last_seen", ward, &patient->last_seen);
	if (wr_table_has(table, "slots"))
		patient->slots = 1;
	wr_table_int(table, row, "slots", 1, 3, &patient->slots);
	wr_table_word(table, row, "prefers", &wr_words_prefers, &prefers);
	patient->prefers = (enum wr_prefers)prefers;
	if (wr_table_text(table, row, "label"))
		patient->label = wr_table_text(table, row, "label");
	if (wr_table_text(table, row, "language"))
		patient->language = wr_table_text(table, row, "language");
	read_contact(table, row, &patient->phone, &patient->email);
}

/* The row as it is stored, or an empty one; what the file does not say stays. */
static int stored_patient(
    struct wr_use *use, const char *ref, struct wr_patient *ret_patient, bool *ret_known)
{
	*ret_patient = (struct wr_patient){
	    .last_seen = WR_TIME_NONE,
	    .discharged = WR_TIME_NONE,
	    .contact = WR_CONTACT_SMS,
	    .admission = 1,
	    .slots = 1,
	};
	*ret_known = false;
	if (!ref)
		return 0;
	int r = wr_store_patient_get(use->tx, use->arena, ref, ret_patient);
	*ret_known = r == 0;
	return r == WR_STORE_NONE ? 0 : r;
}

static const char *const patient_columns[] = {"*ref", "*name", "*ward", "*consultant", "bed",
    "*admitted", "slots", "prefers", "last_seen", "label", "language", "phone", "email", NULL};

int wr_case_import_patients(struct wr_use *use)
{
	struct wr_table table;
	struct counts counts = {0};
	int r = wr_table_open(use, patient_columns, &table);
	if (r)
		return r;
	struct wr_patient *rows = wr_arena_new(use->arena, struct wr_patient, table.csv.n + 1);
	struct wr_patient *before = wr_arena_new(use->arena, struct wr_patient, table.csv.n + 1);
	bool *known = wr_arena_new(use->arena, bool, table.csv.n + 1);
	for (size_t i = 0; i < table.csv.n && !r; i++) {
		r = stored_patient(use, wr_table_text(&table, i, "ref"), &before[i], &known[i]);
		rows[i] = before[i];
		read_patient(&table, i, &rows[i]);
		if (known[i] && before[i].discharged != WR_TIME_NONE)
			wr_table_mistake(&table, i, "ref",
			    "this patient was discharged; admit with `wardctl patient admit`");
		else if (known[i] && !wr_text_equal(before[i].ward, rows[i].ward))
			wr_table_mistake(&table, i, "ward",
			    "this patient is on %s; use `wardctl patient transfer`",
			    before[i].ward);
	}
	if (!r)
		r = wr_table_close(&table);
	for (size_t i = 0; i < table.csv.n && !r; i++) {
		r = wr_patient_change(use, known[i] ? &before[i] : NULL, &rows[i]);
		counts.added += !known[i];
		counts.updated += known[i];
	}
	return r ? r : answer(use, &counts);
}

/* ---- supports ---- */

struct support_row {
	struct wr_support before, support;
	bool known;
	struct wr_free *free;
	size_t n_free;
};

static void read_free_times(struct wr_table *table, size_t row, struct support_row *s)
{
	const char *text = wr_table_text(table, row, "free"), *bad = NULL;
	if (!text)
		return;
	if (wr_free_parse(table->use->arena, text, &s->free, &s->n_free, &bad))
		wr_table_mistake(table, row, "free",
		    "`%s` is not a weekday and times, as in Tue 13:00-17:00", bad ? bad : text);
	s->support.free_said = s->n_free > 0;
}

static void read_consent(struct wr_table *table, size_t row, struct support_row *s, int admission)
{
	const char *agreed_by = wr_table_text(table, row, "agreed_by");
	int sees = (int)s->support.sees;
	wr_table_word(table, row, "sees", &wr_words_sees, &sees);
	s->support.sees = (enum wr_sees)sees;
	bool ended = s->known && (s->before.consent == WR_CONSENT_WITHDRAWN ||
				     s->before.consent == WR_CONSENT_REMOVED);
	if (ended && agreed_by && s->before.admission == admission)
		wr_table_mistake(table, row, "agreed_by",
		    "this consent was withdrawn; agree anew with `wardctl support agree`");
	else if (agreed_by &&
		 (s->support.consent != WR_CONSENT_AGREED || s->support.admission != admission)) {
		s->support.consent = WR_CONSENT_AGREED;
		s->support.agreed_at = table->use->now;
		s->support.ended_at = WR_TIME_NONE;
	}
	if (agreed_by)
		s->support.agreed_by = agreed_by;
	s->support.admission = admission;
}

static void check_blocked(struct wr_table *table, size_t row, const struct wr_support *support)
{
	struct wr_block *blocks = NULL;
	size_t n = 0;
	if (!support->patient || !support->name ||
	    wr_store_block_list(table->use->tx, table->use->arena, support->patient, &blocks, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(blocks[i].name, support->name) == 0)
			wr_table_mistake(table, row, "name", "this person may not be added");
}

static int read_support(struct wr_table *table, size_t row, struct support_row *s)
{
	struct wr_use *use = table->use;
	struct wr_patient patient = {0};
	int attends = (int)s->support.attends;
	s->support.ref = valid_ref(table, row, "ref");
	unique_ref(table, row, "ref");
	s->support.name = wr_table_must(table, row, "name");
	s->support.relation = wr_table_must(table, row, "relation");
	s->support.patient = wr_table_must(table, row, "patient");
	int r = s->support.patient
	            ? wr_store_patient_get(use->tx, use->arena, s->support.patient, &patient)
	            : 0;
	if (r == WR_STORE_NONE)
		wr_table_mistake(
		    table, row, "patient", "there is no patient `%s`", s->support.patient);
	else if (r)
		return r;
	const char *person = wr_table_text(table, row, "person");
	if (person || !s->known || wr_table_has(table, "person"))
		s->support.person = person ? person : s->support.ref;
	wr_table_word(table, row, "attends", &wr_words_attends, &attends);
	s->support.attends = (enum wr_attends)attends;
	if (wr_table_has(table, "chosen"))
		wr_table_flag(table, row, "chosen", &s->support.chosen);
	if (wr_table_has(table, "required"))
		wr_table_flag(table, row, "required", &s->support.required);
	read_free_times(table, row, s);
	read_contact(table, row, &s->support.phone, &s->support.email);
	if (wr_table_text(table, row, "language"))
		s->support.language = wr_table_text(table, row, "language");
	wr_table_must(table, row, "sees");
	read_consent(table, row, s, patient.admission ? patient.admission : 1);
	check_blocked(table, row, &s->support);
	return 0;
}

static int stored_support(struct wr_use *use, const char *ref, struct support_row *s)
{
	*s = (struct support_row){.support = {.agreed_at = WR_TIME_NONE, .ended_at = WR_TIME_NONE}};
	if (!ref)
		return 0;
	int r = wr_store_support_get(use->tx, use->arena, ref, &s->before);
	s->known = r == 0;
	if (s->known)
		s->support = s->before;
	return r == WR_STORE_NONE ? 0 : r;
}

/* Whether the row still says what it said: then what a person knows does not change either. */
static int write_support(struct wr_use *use, struct support_row *s)
{
	bool told = s->support.consent == WR_CONSENT_AGREED && s->support.sees >= WR_SEES_TIME;
	int r =
	    wr_support_change(use, s->known ? &s->before : NULL, &s->support, s->free, s->n_free);
	if (r)
		return r;
	if (told)
		return wr_tell_newcomer(use, &s->support);
	r = wr_tell_nothing(use, WR_WHOSE_SUPPORT, s->support.ref);
	return r ? r : wr_support_leave_slots(use, &s->support);
}

static const char *const support_columns[] = {"*ref", "*patient", "person", "*name", "*relation",
    "*sees", "agreed_by", "attends", "chosen", "required", "free", "phone", "email", "language",
    NULL};

int wr_case_import_supports(struct wr_use *use)
{
	struct wr_table table;
	struct counts counts = {0};
	int r = wr_table_open(use, support_columns, &table);
	if (r)
		return r;
	struct support_row *rows = wr_arena_new(use->arena, struct support_row, table.csv.n + 1);
	for (size_t i = 0; i < table.csv.n && !r; i++) {
		r = stored_support(use, wr_table_text(&table, i, "ref"), &rows[i]);
		if (!r)
			r = read_support(&table, i, &rows[i]);
	}
	if (!r)
		r = wr_table_close(&table);
	for (size_t i = 0; i < table.csv.n && !r; i++) {
		r = write_support(use, &rows[i]);
		counts.added += !rows[i].known;
		counts.updated += rows[i].known;
	}
	return r ? r : answer(use, &counts);
}

/* ---- away times ---- */

static int read_away(struct wr_table *table, size_t row, struct wr_away *away)
{
	struct wr_use *use = table->use;
	struct wr_patient patient;
	*away =
	    (struct wr_away){.whose = WR_WHOSE_PATIENT, .from = WR_TIME_NONE, .to = WR_TIME_NONE};
	away->who = wr_table_must(table, row, "patient");
	away->why = wr_table_must(table, row, "why");
	wr_table_must(table, row, "from");
	wr_table_must(table, row, "to");
	int r = away->who ? wr_store_patient_get(use->tx, use->arena, away->who, &patient) : 0;
	if (r == WR_STORE_NONE)
		wr_table_mistake(table, row, "patient", "there is no patient `%s`", away->who);
	if (r || !away->who)
		return r == WR_STORE_NONE ? 0 : r;
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, patient.ward);
	if (!ward)
		return 0;
	wr_table_time(table, row, "from", ward, &away->from);
	wr_table_time(table, row, "to", ward, &away->to);
	if (away->from != WR_TIME_NONE && away->to != WR_TIME_NONE && away->from >= away->to)
		wr_table_mistake(table, row, "to", "an away time ends after it begins");
	return 0;
}

/* The same time of the same patient again is the same away time. */
static int is_stored(struct wr_use *use, const struct wr_away *away, bool *ret_stored)
{
	struct wr_away *aways = NULL;
	size_t n = 0;
	struct wr_store_away_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_PATIENT),
	    .who = away->who,
	    .from = away->from,
	    .to = away->to,
	};
	int r = wr_store_away_list(use->tx, use->arena, &filter, &aways, &n);
	*ret_stored = false;
	for (size_t i = 0; i < n; i++)
		*ret_stored |= aways[i].from == away->from && aways[i].to == away->to;
	return r;
}

static int write_away(struct wr_use *use, struct wr_away *away, struct counts *counts)
{
	struct wr_patient patient;
	bool stored = false;
	int r = is_stored(use, away, &stored);
	counts->updated += stored;
	if (r || stored)
		return r;
	counts->added++;
	r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_AWAY, &away->id);
	if (!r)
		r = wr_store_away_put(use->tx, away);
	if (!r)
		r = wr_use_patient(use, away->who, &patient);
	if (!r)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, patient.ward);
	if (r)
		return r;
	wr_use_replan_ahead(use, patient.ward);
	wr_use_change(use, wr_arena_printf(use->arena, "away %s", away->id), NULL, away->who);
	return wr_use_audit(use, wr_arena_printf(use->arena, "away:%s", away->id), away->who, NULL,
	    wr_json_away(use, away));
}

static const char *const away_columns[] = {"*patient", "*from", "*to", "*why", NULL};

int wr_case_import_away(struct wr_use *use)
{
	struct wr_table table;
	struct counts counts = {0};
	int r = wr_table_open(use, away_columns, &table);
	if (r)
		return r;
	struct wr_away *rows = wr_arena_new(use->arena, struct wr_away, table.csv.n + 1);
	for (size_t i = 0; i < table.csv.n && !r; i++)
		r = read_away(&table, i, &rows[i]);
	if (!r)
		r = wr_table_close(&table);
	for (size_t i = 0; i < table.csv.n && !r; i++)
		r = write_away(use, &rows[i], &counts);
	return r ? r : answer(use, &counts);
}
