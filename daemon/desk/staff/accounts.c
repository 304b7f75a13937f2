/*
 * Who may sign in: the use cases of `wardctl staff`, and of signing in and out.
 *
 * The address that adding gives opens a page once, within fifteen minutes; adding the same name
 * again gives a new one, which is how somebody signs in the next day where no proxy does it.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/accounts.h"
#include "desk/staff/sign_ins.h"
#include "sys/random.h"

static const char *ref_of(struct wr_use *use, const char *name)
{
	return wr_arena_printf(use->arena, "staff:%s", name);
}

static json_t *staff_json(struct wr_use *use, const struct wr_staff *staff)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s?, s:o}", "name", staff->name, "role",
	    wr_word(&wr_words_role, (int)staff->role), "ward", staff->ward, "consultant",
	    staff->consultant, "added", wr_json_time(use, staff->ward, staff->added));
	json_object_set_new(
	    json, "state", json_string(staff->revoked == WR_TIME_NONE ? "may sign in" : "revoked"));
	return json;
}

/* ---- add ---- */

/* The one named, or else the one who has the name or id that this person signs in by. */
static int find_consultant(struct wr_use *use, const char *name, const char **ret)
{
	const struct wr_config *config = use->config;
	const struct wr_config_consultant *consultant = NULL;
	const char *id = wr_arg_text(use, "consultant");
	if (!wr_text_empty(id)) {
		int r = wr_use_consultant(use, id, &consultant);
		*ret = r ? NULL : consultant->id;
		return r;
	}
	for (size_t i = 0; i < config->n_consultants; i++)
		if (wr_text_equal(config->consultants[i].id, name) ||
		    wr_text_equal(config->consultants[i].name, name)) {
			*ret = config->consultants[i].id;
			return 0;
		}
	return wr_fault(use, WR_FAULT_USAGE, "say whose list it is with --consultant C",
	    "%s: no consultant of the configuration is called `%s`", use->verb, name);
}

static int read_staff(struct wr_use *use, struct wr_staff *staff)
{
	const struct wr_config_ward *ward = NULL;
	const char *role = NULL, *id = NULL;
	int value = -1;
	int r = wr_arg_must(use, "name", &staff->name);
	if (!r)
		r = wr_arg_must(use, "role", &role);
	if (!r)
		r = wr_arg_word(use, "role", &wr_words_role, &value);
	if (!r)
		r = wr_arg_must(use, "ward", &id);
	if (!r)
		r = wr_use_ward(use, id, &ward);
	if (r)
		return r;
	staff->role = (enum wr_role)value;
	staff->ward = ward->id;
	if (staff->role == WR_ROLE_CONSULTANT)
		return find_consultant(use, staff->name, &staff->consultant);
	if (wr_arg_text(use, "consultant"))
		return wr_fault(use, WR_FAULT_USAGE, "leave out one of the two",
		    "%s: --consultant belongs to --role consultant", use->verb);
	return 0;
}

static bool is_same(const struct wr_staff *a, const struct wr_staff *b)
{
	return a->role == b->role && wr_text_equal(a->ward, b->ward) &&
	       wr_text_equal(a->consultant, b->consultant);
}

static const char *address_of(struct wr_use *use, const char *code)
{
	char token[WR_SIGN_IN_TOKEN + 1];
	const struct wr_config *config = use->config;
	return wr_arena_printf(use->arena, "%s/s/in/%s",
	    *config->staff_url ? config->staff_url : config->public_url,
	    wr_token_sign_in(use->ground->key, code, token));
}

int wr_case_staff_add(struct wr_use *use)
{
	char code[WR_RANDOM_ID_TEXT];
	struct wr_staff staff = {.added = use->now, .revoked = WR_TIME_NONE}, before;
	int r = read_staff(use, &staff);
	if (r)
		return r;
	r = wr_store_staff_get(use->tx, use->arena, staff.name, &before);
	if (r && r != WR_STORE_NONE)
		return r;
	bool known = r == 0;
	if (known)
		staff.added = before.added;
	/* what somebody may do changes with who they are: they sign in anew */
	if (known && !is_same(&before, &staff))
		r = wr_store_staff_session_delete(use->tx, NULL, staff.name);
	else
		r = 0;
	staff.code = wr_arena_strdup(use->arena, wr_random_id("c-", code));
	staff.code_until = use->now + WR_SIGN_IN_CODE_SECONDS;
	if (!r)
		r = wr_use_stored(use, wr_store_staff_put(use->tx, &staff), "staff");
	if (r)
		return r;
	use->staff_changed = true;
	use->sealed_code = staff.code;
	wr_use_change(use, ref_of(use, staff.name),
	    !known                           ? NULL
	    : before.revoked != WR_TIME_NONE ? "revoked"
					     : "may sign in",
	    "has a new address to sign in");
	wr_use_answer(use, "staff", staff_json(use, &staff));
	wr_use_answer(use, "address", json_string(address_of(use, staff.code)));
	wr_use_answer(use, "until", wr_json_time(use, staff.ward, staff.code_until));
	return wr_use_audit(use, ref_of(use, staff.name), NULL, NULL, staff_json(use, &staff));
}

/* ---- list, revoke ---- */

static wr_time last_seen(const struct wr_staff_session *sessions, size_t n, const char *name)
{
	wr_time seen = WR_TIME_NONE;
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(sessions[i].staff, name) &&
		    (seen == WR_TIME_NONE || sessions[i].seen > seen))
			seen = sessions[i].seen;
	return seen;
}

int wr_case_staff_list(struct wr_use *use)
{
	struct wr_staff *staff = NULL;
	struct wr_staff_session *sessions = NULL;
	const struct wr_config_ward *ward = NULL;
	size_t n = 0, n_sessions = 0;
	int r = wr_arg_text(use, "ward") ? wr_use_ward(use, wr_arg_text(use, "ward"), &ward) : 0;
	if (!r)
		r = wr_store_staff_list(use->tx, use->arena, &staff, &n);
	if (!r)
		r = wr_store_staff_session_list(use->tx, use->arena, &sessions, &n_sessions);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++) {
		if (ward && !wr_text_equal(staff[i].ward, ward->id))
			continue;
		json_t *one = staff_json(use, &staff[i]);
		json_object_set_new(one, "seen",
		    wr_json_time(
			use, staff[i].ward, last_seen(sessions, n_sessions, staff[i].name)));
		json_array_append_new(list, one);
	}
	wr_use_answer(use, "staff", list);
	return r;
}

static int find_staff(struct wr_use *use, const char *name, struct wr_staff *ret)
{
	int r = name ? wr_store_staff_get(use->tx, use->arena, name, ret) : WR_STORE_NONE;
	if (r != WR_STORE_NONE)
		return r;
	return wr_unknown(use, "see `wardctl staff list`", "nobody is added as `%s`", name);
}

int wr_case_staff_revoke(struct wr_use *use)
{
	const char *name = NULL;
	struct wr_staff staff;
	int r = wr_arg_must(use, "name", &name);
	if (!r)
		r = find_staff(use, name, &staff);
	if (!r && staff.revoked != WR_TIME_NONE)
		return wr_refuse(use, NULL, "%s is revoked already", name);
	if (r)
		return r;
	staff.revoked = use->now;
	staff.code = NULL;
	staff.code_until = WR_TIME_NONE;
	r = wr_use_stored(use, wr_store_staff_put(use->tx, &staff), "staff");
	if (!r)
		r = wr_store_staff_session_delete(use->tx, NULL, name);
	if (r)
		return r;
	use->staff_changed = true;
	wr_use_change(use, ref_of(use, name), "may sign in", "revoked");
	wr_use_answer(use, "staff", staff_json(use, &staff));
	return wr_use_audit(use, ref_of(use, name), NULL, NULL, staff_json(use, &staff));
}

/* ---- in and out ---- */

int wr_case_staff_sign_in(struct wr_use *use)
{
	const char *code = wr_arg_text(use, "code");
	struct wr_staff staff;
	int r = wr_store_staff_get(use->tx, use->arena, wr_arg_text(use, "name"), &staff);
	if (r && r != WR_STORE_NONE)
		return r;
	if (r || !staff.code || !wr_text_equal(staff.code, code) || staff.code_until <= use->now)
		return wr_refuse(use, NULL, "this address was used or is too old");
	struct wr_staff_session session = {
	    .id = wr_arg_text(use, "session"),
	    .staff = staff.name,
	    .browser = wr_arg_text(use, "browser"),
	    .begun = use->now,
	    .seen = use->now,
	};
	staff.code = NULL;
	staff.code_until = WR_TIME_NONE;
	r = wr_store_staff_put(use->tx, &staff);
	if (!r)
		r = wr_store_staff_session_put(use->tx, &session);
	use->staff_changed = true;
	return r ? r : wr_use_audit(use, ref_of(use, staff.name), NULL, NULL, NULL);
}

int wr_case_staff_sign_out(struct wr_use *use)
{
	int r = wr_store_staff_session_delete(use->tx, wr_arg_text(use, "session"), NULL);
	use->staff_changed = true;
	return r ? r : wr_use_audit(use, ref_of(use, wr_arg_text(use, "name")), NULL, NULL, NULL);
}

int wr_case_staff_seen(struct wr_use *use)
{
	struct wr_staff_session session;
	int r =
	    wr_store_staff_session_get(use->tx, use->arena, wr_arg_text(use, "session"), &session);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	session.seen = use->now;
	return wr_store_staff_session_put(use->tx, &session);
}

int wr_case_staff_opened(struct wr_use *use)
{
	const char *page = wr_arg_text(use, "page"), *patient = wr_arg_text(use, "patient");
	return wr_use_audit(use, wr_arena_printf(use->arena, "page:%s", page), patient, NULL, NULL);
}
