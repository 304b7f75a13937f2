#include "desk/use.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 4096 };

/* ---- saying no ---- */

int wr_fault(struct wr_use *use, enum wr_fault_code code, const char *hint, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct wr_buf text = {0};
	wr_buf_vprintf(&text, format, args);
	va_end(args);
	use->fault = (struct wr_fault){
	    .code = code,
	    .text = wr_arena_strdup(use->arena, wr_buf_text(&text)),
	    .hint = wr_arena_strdup(use->arena, hint),
	    .more = use->fault.more,
	};
	wr_buf_deinit(&text);
	return WR_USE_FAILED;
}

int wr_use_say_to_people(struct wr_use *use, int r, const char *words)
{
	use->fault.for_people = words;
	return r;
}

int wr_use_say(struct wr_use *use, int r, enum wr_say text, const char *field)
{
	use->fault.has_say = true;
	use->fault.say = text;
	use->fault.field = field;
	return r;
}

int wr_use_needs_reason(struct wr_use *use)
{
	if (!wr_text_empty(use->reason) || use->dry_run)
		return 0;
	return wr_fault(use, WR_FAULT_NEEDS_REASON,
	    "say it with --reason TEXT; it is for staff only", "%s needs a reason", use->verb);
}

void wr_use_needs_yes(struct wr_use *use)
{
	use->needs_yes = true;
}

/* ---- arguments ---- */

const char *wr_arg_text(const struct wr_use *use, const char *name)
{
	return json_string_value(json_object_get(use->args, name));
}

bool wr_arg_given(const struct wr_use *use, const char *name)
{
	const json_t *value = json_object_get(use->args, name);
	return value && !json_is_null(value);
}

bool wr_arg_flag(const struct wr_use *use, const char *name)
{
	const json_t *value = json_object_get(use->args, name);
	return json_is_true(value) || wr_text_equal(json_string_value(value), "true");
}

int wr_arg_int(struct wr_use *use, const char *name, int min, int max, int *ret)
{
	const json_t *value = json_object_get(use->args, name);
	int64_t number = 0;
	int r = -EINVAL;
	if (!value)
		return 0;
	if (json_is_integer(value)) {
		number = json_integer_value(value);
		r = number < min || number > max ? -ERANGE : 0;
	} else if (json_is_string(value)) {
		r = wr_text_int(json_string_value(value), min, max, &number);
	}
	if (r)
		return wr_fault(use, WR_FAULT_DATA, NULL,
		    "%s: a whole number from %d to %d is wanted", name, min, max);
	*ret = (int)number;
	return 0;
}

int wr_arg_word(struct wr_use *use, const char *name, const struct wr_words *words, int *ret)
{
	const char *text = wr_arg_text(use, name);
	if (!text)
		return 0;
	int value = wr_word_value(words, text);
	if (value >= 0) {
		*ret = value;
		return 0;
	}
	struct wr_buf all = {0};
	for (size_t i = 0; i < words->n; i++)
		wr_buf_printf(&all, "%s%s", i ? ", " : "one of: ", words->names[i]);
	const char *hint = wr_arena_strdup(use->arena, wr_buf_text(&all));
	wr_buf_deinit(&all);
	return wr_fault(use, WR_FAULT_DATA, hint, "%s: `%s` is not a %s", name, text, words->what);
}

int wr_arg_time(
    struct wr_use *use, const char *name, const struct wr_config_ward *ward, wr_time *ret)
{
	const char *text = wr_arg_text(use, name);
	if (!text)
		return 0;
	int r = wr_time_parse(ward->zone, text, ret);
	if (r == WR_CIVIL_NO_SUCH_TIME)
		return wr_fault(use, WR_FAULT_DATA, "give a time that is on the clock that day",
		    "%s: %s does not exist in %s", name, text, wr_zone_name(ward->zone));
	if (r)
		return wr_fault(use, WR_FAULT_DATA,
		    "write 2026-11-30T09:00 (ward time), or with an offset",
		    "%s: `%s` is not a time", name, text);
	return 0;
}

int wr_arg_week(struct wr_use *use, const char *name, struct wr_week *ret)
{
	const char *text = wr_arg_text(use, name);
	if (!text || wr_week_parse(text, ret) == 0)
		return 0;
	return wr_fault(
	    use, WR_FAULT_DATA, "write 2026-W49", "%s: `%s` is not an ISO week", name, text);
}

int wr_arg_phone(struct wr_use *use, const char *name, const char **ret)
{
	const char *text = wr_arg_text(use, name);
	if (!text)
		return 0;
	if (!*text) {
		*ret = NULL;
		return 0;
	}
	const char *number = wr_phone_e164(use->arena, text, use->config->country_code);
	if (!number)
		return wr_fault(use, WR_FAULT_DATA, "write 07700 900123 or +44 7700 900123",
		    "%s: `%s` is not a phone number", name, text);
	*ret = number;
	return 0;
}

int wr_arg_email(struct wr_use *use, const char *name, const char **ret)
{
	const char *text = wr_arg_text(use, name);
	if (!text)
		return 0;
	if (*text && !wr_email_is_valid(text))
		return wr_fault(
		    use, WR_FAULT_DATA, NULL, "%s: `%s` is not an e-mail address", name, text);
	*ret = *text ? text : NULL;
	return 0;
}

int wr_arg_must(struct wr_use *use, const char *name, const char **ret)
{
	const char *text = wr_arg_text(use, name);
	if (wr_text_empty(text))
		return wr_fault(use, WR_FAULT_USAGE, NULL, "%s: %s is missing", use->verb, name);
	*ret = text;
	return 0;
}

int wr_arg_list(struct wr_use *use, const char *name, const char ***ret, size_t *ret_n)
{
	const json_t *value = json_object_get(use->args, name);
	*ret_n = 0;
	if (!value)
		return 0;
	size_t n = json_is_array(value) ? json_array_size(value) : 1;
	*ret = wr_arena_new(use->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		const json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
		if (!json_is_string(item))
			return wr_fault(
			    use, WR_FAULT_DATA, NULL, "%s: a list of texts is wanted", name);
		(*ret)[(*ret_n)++] = json_string_value(item);
	}
	return 0;
}

static int check_text(struct wr_use *use, const char *name, const json_t *value)
{
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	bool long_text = wr_text_equal(name, "csv");
	if (!long_text && length > LONGEST_TEXT)
		return wr_fault(
		    use, WR_FAULT_DATA, NULL, "%s: longer than %d bytes", name, LONGEST_TEXT);
	if (!long_text && !wr_text_is_printable(text, length))
		return wr_fault(use, WR_FAULT_DATA, "take out line breaks and control characters",
		    "%s: holds characters that can't be printed", name);
	if (!long_text && length > 0 && strspn(text, " ") == length)
		return wr_fault(use, WR_FAULT_DATA, NULL, "%s: nothing but blanks", name);
	return 0;
}

int wr_use_check_args(struct wr_use *use)
{
	const char *name;
	json_t *value;
	json_object_foreach (use->args, name, value) {
		int r = 0;
		if (json_is_string(value))
			r = check_text(use, name, value);
		for (size_t i = 0; json_is_array(value) && !r && i < json_array_size(value); i++)
			if (json_is_string(json_array_get(value, i)))
				r = check_text(use, name, json_array_get(value, i));
		if (r)
			return r;
	}
	return 0;
}

int wr_use_part(struct wr_use *use, wr_use_case run, json_t *args)
{
	json_t *own = use->args;
	use->args = args;
	int r = wr_use_check_args(use);
	if (!r)
		r = run(use);
	use->args = own;
	json_decref(args);
	return r;
}

/* ---- leaving things behind ---- */

void wr_use_answer(struct wr_use *use, const char *name, json_t *value)
{
	json_object_set_new(use->answer, name, value);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

void wr_use_change(struct wr_use *use, const char *what, const char *before, const char *after)
{
	json_t *change = json_object();
	json_object_set_new(change, "what", json_string(what));
	json_object_set_new(change, "from", text_or_null(before));
	json_object_set_new(change, "to", text_or_null(after));
	json_array_append_new(use->changes, change);
}

void wr_use_told(struct wr_use *use, enum wr_whose whose, const char *who, const char *name,
    const char *slot, const char *type)
{
	json_t *told = json_object();
	json_object_set_new(told, "whose", json_string(wr_word(&wr_words_whose, (int)whose)));
	json_object_set_new(told, "who", json_string(who));
	json_object_set_new(told, "name", text_or_null(name));
	json_object_set_new(told, "slot", text_or_null(slot));
	json_object_set_new(told, "type", text_or_null(type));
	json_array_append_new(use->told, told);
}

static void add_once(
    struct wr_use *use, const char ***list, size_t *n, size_t *capacity, const char *item)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp((*list)[i], item) == 0)
			return;
	WR_GROW(*list, *n, *capacity);
	(*list)[(*n)++] = wr_arena_strdup(use->arena, item);
}

void wr_use_touch(struct wr_use *use, const char *patient)
{
	add_once(use, &use->touched, &use->n_touched, &use->touched_capacity, patient);
}

void wr_use_touch_ward(struct wr_use *use, const char *ward)
{
	add_once(use, &use->wards, &use->n_wards, &use->wards_capacity, ward);
}

void wr_use_touch_link(struct wr_use *use, const char *link)
{
	add_once(use, &use->links, &use->n_links, &use->links_capacity, link);
}

void wr_use_replan(struct wr_use *use, const char *ward, struct wr_week week)
{
	for (size_t i = 0; i < use->n_replans; i++)
		if (wr_text_equal(use->replans[i].ward, ward) &&
		    wr_week_equal(use->replans[i].week, week))
			return;
	WR_GROW(use->replans, use->n_replans, use->replans_capacity);
	use->replans[use->n_replans++] =
	    (struct wr_replan){.ward = wr_arena_strdup(use->arena, ward), .week = week};
}

void wr_use_replan_ahead(struct wr_use *use, const char *ward)
{
	const struct wr_config_ward *place = wr_config_find_ward(use->config, ward);
	if (!place)
		return;
	struct wr_week week = wr_day_week(wr_zone_day(place->zone, use->now));
	struct wr_plan_row *plans = NULL;
	size_t n = 0;
	wr_day last = wr_week_monday(week) + 7;
	int r = wr_store_plan_list(use->tx, use->arena, ward, &week, &plans, &n);
	if (!r && n && wr_week_monday(plans[n - 1].week) > last)
		last = wr_week_monday(plans[n - 1].week);
	for (; wr_week_monday(week) <= last; week = wr_week_next(week))
		wr_use_replan(use, ward, week);
}

int wr_use_audit(
    struct wr_use *use, const char *ref, const char *patient, json_t *before, json_t *after)
{
	char *was = before ? json_dumps(before, JSON_COMPACT) : NULL;
	char *is = after ? json_dumps(after, JSON_COMPACT) : NULL;
	json_decref(before);
	json_decref(after);
	const char *refs[2] = {ref};
	struct wr_store_audit entry = {
	    .at = use->now,
	    .actor = use->actor,
	    .verb = use->verb,
	    .refs = refs,
	    .n_refs = 1,
	    .reason = use->reason,
	    .before = was,
	    .after = is,
	};
	if (patient)
		refs[entry.n_refs++] = wr_arena_printf(use->arena, "patient:%s", patient);
	int r = wr_store_audit_add(use->tx, &entry);
	free(was);
	free(is);
	return r;
}
