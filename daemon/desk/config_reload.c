/*
 * Reading the configuration again: all of the new one or none of it.
 *
 *     load -> [store: which published slots would it strand?] -> listeners -> in force
 *          -> [store: every feed anew, audit] -> weeks planned again
 *
 * A slot is stranded when its session or cell is no longer there. With --move such slots are moved
 * by the planner, or cancelled where there is no place; without it the reload is refused.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/desk.h"
#include "desk/slot_change.h"
#include "sys/config_files.h"
#include "sys/log.h"

struct reload {
	struct wr_ground *ground; /* the new one, until it is in force */
	json_t *stranded;
	bool move;
};

static json_t *diagnostics_json(const struct wr_config_diagnostics *diagnostics)
{
	json_t *list = json_array();
	for (size_t i = 0; i < diagnostics->n; i++) {
		const struct wr_config_diagnostic *d = &diagnostics->items[i];
		struct wr_buf text = {0};
		wr_config_diagnostic_format(d, &text);
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:i, s:i, s:s, s:s?, s:s}", "severity",
			      d->severity == WR_CONFIG_ERROR ? "error" : "warning", "file", d->file,
			      "line", d->line, "column", d->column, "text", d->text, "hint",
			      d->hint, "shown", wr_buf_text(&text)));
		wr_buf_deinit(&text);
	}
	return list;
}

/* ---- what would be stranded ---- */

static bool has_place(struct wr_use *use, const struct wr_slot *slot, int *ret_r)
{
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, slot->ward);
	struct wr_session *sessions = NULL;
	size_t n = 0;
	if (!ward)
		return false;
	*ret_r = wr_slot_sessions(use, ward, slot->week, &sessions, &n);
	const struct wr_session *session = wr_session_find(sessions, n, slot->session);
	if (*ret_r || !session || session->state != WR_SESSION_PLANNED)
		return false;
	size_t cell = wr_session_cell_starting(session, slot->start);
	return cell != WR_SESSION_NO_CELL && wr_session_fit(session, cell) >= (size_t)slot->cells;
}

/* --move can't help the patients of a ward that is gone. */
static int wards_stay(struct wr_use *use)
{
	struct wr_patient *patients = NULL;
	size_t n = 0;
	int r = wr_store_patient_list(use->tx, use->arena, NULL, false, &patients, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (!wr_config_find_ward(use->config, patients[i].ward))
			r = wr_refuse(use, "transfer or discharge them first",
			    "ward `%s` is not in the new configuration and has patients (%s)",
			    patients[i].ward, patients[i].ref);
	return r;
}

static int find_stranded(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct reload *reload = call->operation;
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter ahead = {
	    .from = use->now,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &ahead, &slots, &n);
	if (!r && reload->move)
		r = wards_stay(use);
	for (size_t i = 0; i < n && !r; i++) {
		if (has_place(use, &slots[i], &r) || r)
			continue;
		json_array_append_new(
		    reload->stranded, json_pack("{s:s, s:s, s:s, s:s}", "slot", slots[i].ref,
					  "patient", slots[i].patient, "session", slots[i].session,
					  "when", wr_slot_when(use, &slots[i])));
	}
	return r;
}

/* ---- in force ---- */

static int remake(struct wr_use *use)
{
	use->everything = true;
	for (size_t i = 0; i < use->config->n_wards; i++) {
		int r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, use->config->wards[i].id);
		if (r)
			return r;
	}
	return wr_use_audit(use, "config:all", NULL, NULL, json_pack("{s:b}", "reloaded", 1));
}

static void plan_again(struct wr_call *call)
{
	const struct reload *reload = call->operation;
	struct wr_desk *desk = call->desk;
	for (size_t i = 0; i < desk->ground->config->n_wards; i++) {
		const struct wr_config_ward *ward = &desk->ground->config->wards[i];
		struct wr_week week = wr_day_week(wr_zone_day(ward->zone, call->use.now));
		wr_desk_plan_again(desk, ward->id, week, reload->move);
		wr_desk_plan_again(desk, ward->id, wr_week_next(week), reload->move);
	}
}

static void on_remade(struct wr_call *call)
{
	if (!call->result) {
		wr_log(WR_LOG_NOTICE, "reloaded", "wards=%zu", call->ground->config->n_wards);
		plan_again(call);
	}
	wr_call_end(call);
}

static void take_effect(struct wr_call *call)
{
	struct reload *reload = call->operation;
	const char *why = NULL;
	int r = call->desk->relisten
	            ? call->desk->relisten(call->desk, reload->ground->config, &call->arena, &why)
	            : 0;
	if (r) {
		call->result = wr_fault(&call->use, WR_FAULT_CONFIG,
		    "the configuration as it was stays in force", "%s", why);
		wr_call_end(call);
		return;
	}
	wr_ground_unref(call->desk->ground);
	call->desk->ground = wr_ground_ref(reload->ground);
	wr_call_step(call, false, remake, on_remade);
}

static void on_found(struct wr_call *call)
{
	struct reload *reload = call->operation;
	struct wr_use *use = &call->use;
	size_t n = json_array_size(reload->stranded);
	if (!call->result && n && !reload->move && !use->dry_run) {
		use->fault.more = json_pack("{s:O}", "stranded", reload->stranded);
		call->result = wr_fault(use, WR_FAULT_REFUSED,
		    "move or cancel them first, or reload with --move to have them planned again",
		    "%zu published slot%s would be stranded: the session is no longer there", n,
		    n == 1 ? "" : "s");
	}
	if (call->result || use->dry_run)
		wr_call_end(call);
	else
		take_effect(call);
}

/* ---- reading ---- */

static const struct wr_config_diagnostic *first_error(const struct wr_config_diagnostics *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].severity == WR_CONFIG_ERROR)
			return &all->items[i];
	return &all->items[0];
}

static int load(struct wr_call *call, struct reload *reload)
{
	struct wr_use *use = &call->use;
	struct wr_arena arena = {0};
	const struct wr_config *config = NULL;
	const struct wr_config *old = call->desk->ground->config;
	struct wr_config_diagnostics diagnostics;
	int r = wr_config_load(call->desk->config_path, use->now, &arena, &config, &diagnostics);
	json_t *said = diagnostics_json(&diagnostics);
	if (r) {
		const struct wr_config_diagnostic *first = first_error(&diagnostics);
		use->fault.more = json_pack("{s:o}", "diagnostics", said);
		r = wr_fault(use, WR_FAULT_CONFIG, "the configuration as it was stays in force",
		    "%zu mistake%s in the configuration; the first: %s:%d: %s", diagnostics.errors,
		    diagnostics.errors == 1 ? "" : "s", first->file, first->line, first->text);
		wr_arena_deinit(&arena);
		return r;
	}
	wr_use_answer(use, "diagnostics", said);
	if (!wr_text_equal(config->database, old->database)) {
		wr_arena_deinit(&arena);
		return wr_fault(use, WR_FAULT_CONFIG, "stop the daemon, change it, start it again",
		    "`database` can't be changed while the daemon runs");
	}
	reload->ground = wr_ground_new(&arena, config, call->desk->ground->key);
	return 0;
}

/* From here on the call speaks about the new configuration. */
static void use_ground(struct wr_call *call, struct wr_ground *ground)
{
	wr_ground_unref(call->ground);
	call->ground = ground;
	call->use.ground = ground;
	call->use.config = ground->config;
}

void wr_operate_config_reload(struct wr_call *call)
{
	struct reload *reload = wr_arena_new(&call->arena, struct reload, 1);
	call->operation = reload;
	reload->move = wr_arg_flag(&call->use, "move");
	call->result = load(call, reload);
	if (call->result) {
		wr_log(WR_LOG_WARNING, "not-reloaded", "text=\"%s\" hint=\"%s\"",
		    call->use.fault.text, call->use.fault.hint ? call->use.fault.hint : "");
		wr_call_end(call);
		return;
	}
	use_ground(call, reload->ground);
	reload->stranded = json_array();
	wr_use_answer(&call->use, "stranded", reload->stranded);
	wr_call_step(call, true, find_stranded, on_found);
}

void wr_desk_reload(struct wr_desk *desk, const char *actor)
{
	static const struct wr_verb verb = {
	    "config", "reload", WR_VERB_OPERATES, NULL, wr_operate_config_reload};
	wr_call_start(wr_call_new(desk, &verb, NULL, actor), wr_call_log, NULL);
}
