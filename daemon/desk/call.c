#include "desk/call.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "desk/desk.h"
#include "desk/doors.h"
#include "desk/event.h"
#include "desk/plan_week.h"
#include "desk/promises.h"
#include "desk/seal.h"
#include "desk/staff/sign_ins.h"
#include "sys/log.h"

struct wr_call *wr_call_new(
    struct wr_desk *desk, const struct wr_verb *verb, json_t *args, const char *actor)
{
	struct wr_call *call = wr_alloc(1, sizeof(*call));
	call->desk = desk;
	call->ground = wr_ground_ref(desk->ground);
	call->verb = verb;
	call->args = args ? args : json_object();
	call->next_due = WR_TIME_NONE;
	call->use = (struct wr_use){
	    .ground = call->ground,
	    .config = call->ground->config,
	    .arena = &call->arena,
	    .args = call->args,
	    .verb = wr_arena_printf(&call->arena, "%s %s", verb->noun, verb->verb),
	    .actor = wr_arena_strdup(&call->arena, actor),
	    .now = wr_clock_now(&desk->clock),
	    .read_only = desk->store && wr_store_is_full(desk->store),
	    .started = desk->started,
	    .answer = json_object(),
	    .changes = json_array(),
	    .told = json_array(),
	};
	call->use.reason = wr_arg_text(&call->use, "reason");
	call->use.yes = wr_arg_flag(&call->use, "yes");
	call->use.dry_run = wr_arg_flag(&call->use, "dry_run");
	return call;
}

static void free_call(struct wr_call *call)
{
	json_decref(call->args);
	json_decref(call->use.answer);
	json_decref(call->use.changes);
	json_decref(call->use.told);
	json_decref(call->use.fault.more);
	free(call->use.touched);
	free(call->use.wards);
	free(call->use.links);
	free(call->use.replans);
	wr_doors_drop(&call->use);
	wr_sign_ins_free(call->use.sign_ins);
	wr_ground_unref(call->ground);
	wr_arena_deinit(&call->arena);
	free(call);
}

/* ---- keys of earlier calls ---- */

/* The same call with the same arguments, whatever its order of members. */
static const char *request_digest(struct wr_call *call)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char *text = json_dumps(call->args, JSON_COMPACT | JSON_SORT_KEYS);
	char *all = wr_arena_printf(&call->arena, "%s %s", call->use.verb, text);
	free(text);
	crypto_hash_sha256(hash, (const unsigned char *)all, strlen(all));
	char *hex = wr_arena_alloc(&call->arena, 2 * sizeof(hash) + 1, 1);
	return sodium_bin2hex(hex, 2 * sizeof(hash) + 1, hash, sizeof(hash));
}

static int replay(struct wr_call *call, const char *key)
{
	struct wr_use *use = &call->use;
	struct wr_store_key row;
	int r = wr_store_key_get(use->tx, use->arena, key, &row);
	if (r == WR_STORE_NONE)
		return 0;
	if (r)
		return r;
	if (!wr_text_equal(row.request, request_digest(call)))
		return wr_use_say_to_people(use,
		    wr_refuse(use, "take another key for another call",
			"the key `%s` was used with other arguments", key),
		    "This form was sent already. See what it did before you send it again.");
	json_decref(use->answer);
	static const struct wr_notice_row no_notice;
	use->answer =
	    json_loads(wr_seal_open(use->arena, use->ground->key, &no_notice, row.answer), 0, NULL);
	call->replayed = true;
	return 0;
}

/* Kept without the addresses that are in it: nothing that opens a page is stored. */
static int keep_answer(struct wr_call *call, const char *key)
{
	struct wr_use *use = &call->use;
	int status = 0;
	json_t *answer = wr_call_answer(call, &status);
	char *text = json_dumps(answer, JSON_COMPACT);
	const char *sealed = text;
	if (use->sealed_code)
		sealed = wr_seal_code(use->arena, use->ground->key, use->sealed_code, sealed);
	for (size_t i = 0; i < use->n_links; i++)
		sealed = wr_seal_link(use->arena, use->ground->key, use->links[i], sealed);
	struct wr_store_key row = {
	    .key = key,
	    .request = request_digest(call),
	    .status = status,
	    .answer = sealed,
	    .at = call->use.now,
	};
	int r = wr_store_key_put(call->use.tx, &row);
	free(text);
	json_decref(answer);
	return r;
}

/* ---- the job ---- */

static int needs_yes(struct wr_use *use)
{
	json_decref(use->fault.more);
	use->fault.more = json_pack("{s:O, s:O}", "changes", use->changes, "told", use->told);
	return wr_fault(use, WR_FAULT_NEEDS_YES,
	    "look at it with --dry-run, then say it again with --yes",
	    "%s changes what people rely on and needs a yes", use->verb);
}

/* When the courier has something to do. Alarms of tasks are looked at each minute anyway. */
static int read_next_due(struct wr_call *call)
{
	struct wr_store_due due;
	int r = wr_store_next_due(call->use.tx, &due);
	due.task = WR_TIME_NONE;
	call->next_due = r ? WR_TIME_NONE : wr_store_due_first(&due);
	return r;
}

/* What every change has to pass after its case is done. */
static int settle(struct wr_call *call)
{
	struct wr_use *use = &call->use;
	int r = wr_promises_check_touched(use);
	if (r)
		return r;
	if (use->needs_yes && !use->yes && !use->dry_run)
		return needs_yes(use);
	if (use->dry_run)
		return WR_STORE_ROLLBACK;
	r = wr_event_tasks(use);
	if (!r)
		r = wr_replans_keep(use);
	if (!r)
		r = wr_doors_prepare(use);
	if (!r && use->staff_changed)
		r = wr_sign_ins_prepare(use);
	if (r)
		return r;
	const char *key = wr_arg_text(use, "key");
	if (key)
		r = keep_answer(call, key);
	if (r)
		return r;
	return read_next_due(call);
}

static int work_change(struct wr_tx *tx, struct wr_store_job *job)
{
	struct wr_call *call = wr_container_of(job, struct wr_call, job);
	struct wr_use *use = &call->use;
	use->tx = tx;
	const char *key = wr_arg_text(use, "key");
	int r = wr_use_check_args(use);
	if (!r && key && !use->dry_run)
		r = replay(call, key);
	if (r || call->replayed)
		return r;
	r = call->run(use);
	return r ? r : settle(call);
}

static int work_read(struct wr_tx *tx, struct wr_store_job *job)
{
	struct wr_call *call = wr_container_of(job, struct wr_call, job);
	call->use.tx = tx;
	int r = wr_use_check_args(&call->use);
	return r ? r : call->run(&call->use);
}

/* ---- on the loop ---- */

static void name_failure(struct wr_call *call)
{
	struct wr_use *use = &call->use;
	int r = call->result;
	if (r == WR_USE_FAILED && use->fault.code != WR_FAULT_NONE)
		return;
	if (r == -ENOSPC)
		wr_fault(use, WR_FAULT_READ_ONLY,
		    "make room on its disk; nothing of this call was kept",
		    "the database can't grow: the disk is full");
	else if (r == -EIO || r == -ESHUTDOWN)
		wr_fault(use, WR_FAULT_AGAIN, "try again in a moment", "the daemon is stopping");
	else
		wr_fault(
		    use, WR_FAULT_INTERNAL, "the log has more", "%s failed (%d)", use->verb, r);
}

/* Once when it begins and once when it is over, however many calls meet it. */
static void log_room(struct wr_desk *desk, bool full)
{
	if (full == desk->said_full)
		return;
	desk->said_full = full;
	if (full)
		wr_log(WR_LOG_CRITICAL, "disk-full",
		    "text=\"nothing can be written; feeds and pages are still served\"");
	else
		wr_log(WR_LOG_NOTICE, "disk-has-room", "text=\"writing goes on\"");
}

void wr_call_end(struct wr_call *call)
{
	if (call->result)
		name_failure(call);
	if (call->result == -ENOSPC)
		log_room(call->desk, true);
	if (call->use.fault.code == WR_FAULT_INTERNAL)
		wr_log(WR_LOG_ERROR, "call-failed", "verb=\"%s\" result=%d", call->use.verb,
		    call->result);
	call->done(call);
	free_call(call);
}

static void on_worked(struct wr_store_job *job, int result)
{
	struct wr_call *call = wr_container_of(job, struct wr_call, job);
	call->result = result;
	if (!result && !call->reads && !wr_store_is_full(call->desk->store))
		log_room(call->desk, false);
	if (!result && !call->use.dry_run && !call->replayed && !call->reads)
		wr_desk_committed(call->desk, call);
	call->next(call);
}

void wr_call_step(
    struct wr_call *call, bool reads, wr_use_case run, void (*next)(struct wr_call *call))
{
	call->run = run;
	call->reads = reads;
	call->next = next;
	call->job =
	    (struct wr_store_job){.work = reads ? work_read : work_change, .done = on_worked};
	/* what was solved while the daemon stopped finds the store closed, and in the end gone */
	struct wr_store *store = call->desk->store;
	if (!store)
		call->result = -ESHUTDOWN;
	else
		call->result =
		    reads ? wr_store_read(store, &call->job) : wr_store_write(store, &call->job);
	if (call->result)
		next(call);
}

void wr_call_start(struct wr_call *call, void (*done)(struct wr_call *call), void *data)
{
	call->done = done;
	call->data = data;
	if (call->verb->kind == WR_VERB_OPERATES)
		call->verb->operate(call);
	else
		wr_call_step(call, call->verb->kind == WR_VERB_READS, call->verb->run, wr_call_end);
}

void wr_call_log(struct wr_call *call)
{
	if (call->use.fault.code != WR_FAULT_NONE)
		wr_log(WR_LOG_WARNING, "not-done", "verb=\"%s\" code=%s", call->use.verb,
		    wr_fault_name(call->use.fault.code));
}

/* ---- answers ---- */

static const struct {
	const char *name;
	int status;
} faults[] = {
    [WR_FAULT_NONE] = {"none", 200},
    [WR_FAULT_REFUSED] = {"refused", 409},
    [WR_FAULT_NEEDS_YES] = {"needs-yes", 409},
    [WR_FAULT_UNKNOWN] = {"unknown", 404},
    [WR_FAULT_USAGE] = {"usage", 400},
    [WR_FAULT_NEEDS_REASON] = {"needs-reason", 400},
    [WR_FAULT_DATA] = {"data", 422},
    [WR_FAULT_AGAIN] = {"again", 503},
    [WR_FAULT_READ_ONLY] = {"read-only", 503},
    [WR_FAULT_FORBIDDEN] = {"forbidden", 403},
    [WR_FAULT_CONFIG] = {"config", 422},
    [WR_FAULT_INTERNAL] = {"internal", 500},
};

const char *wr_fault_name(enum wr_fault_code code)
{
	return faults[code].name;
}

static int status_of(enum wr_fault_code code)
{
	return faults[code].status;
}

static json_t *fault_answer(const struct wr_fault *fault)
{
	json_t *error =
	    json_pack("{s:s, s:s}", "code", wr_fault_name(fault->code), "text", fault->text);
	json_object_set_new(error, "hint", json_string(fault->hint ? fault->hint : ""));
	if (fault->more)
		json_object_update(error, fault->more);
	return json_pack("{s:i, s:o}", "schema", 1, "error", error);
}

json_t *wr_call_answer(struct wr_call *call, int *ret_status)
{
	struct wr_use *use = &call->use;
	*ret_status = status_of(use->fault.code);
	if (use->fault.code != WR_FAULT_NONE)
		return fault_answer(&use->fault);
	if (call->replayed)
		return json_incref(use->answer);
	json_t *answer = json_pack("{s:i}", "schema", 1);
	json_object_update(answer, use->answer);
	if (!call->reads || use->dry_run) {
		json_object_set(answer, "changes", use->changes);
		json_object_set(answer, "told", use->told);
	}
	if (use->dry_run)
		json_object_set_new(answer, "dry_run", json_true());
	return answer;
}
