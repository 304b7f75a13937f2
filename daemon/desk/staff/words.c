#include "desk/staff/words.h"

#include <string.h>
#include <strings.h>

#include "wardround/session.h"

const char *wr_in_words_patient(struct wr_use *use, const char *ref)
{
	struct wr_patient patient;
	if (!ref || wr_store_patient_get(use->tx, use->arena, ref, &patient))
		return ref;
	return patient.bed ? wr_arena_printf(use->arena, "%s, bed %s", patient.name, patient.bed)
	                   : patient.name;
}

static const char *slot_words(struct wr_use *use, const char *ref)
{
	struct wr_slot slot;
	struct wr_patient patient;
	if (wr_store_slot_get(use->tx, use->arena, ref, &slot) ||
	    wr_store_patient_get(use->tx, use->arena, slot.patient, &patient))
		return NULL;
	return wr_arena_printf(use->arena, "the slot of %s", patient.name);
}

static const char *patient_words(struct wr_use *use, const char *ref)
{
	struct wr_patient patient;
	return wr_store_patient_get(use->tx, use->arena, ref, &patient) ? NULL : patient.name;
}

static const char *support_words(struct wr_use *use, const char *ref)
{
	struct wr_support support;
	return wr_store_support_get(use->tx, use->arena, ref, &support) ? NULL : support.name;
}

static const char *consultant_words(struct wr_use *use, const char *id)
{
	const char *name = wr_in_words_consultant(use, id);
	return wr_text_equal(name, id) ? NULL : name;
}

static const char *session_words(struct wr_use *use, const char *id)
{
	const char *words = wr_in_words_session(use, id);
	return wr_text_equal(words, id) ? NULL : words;
}

/* How a text of a case names rows: a word and a reference. */
static const struct {
	const char *word;
	const char *(*words)(struct wr_use *use, const char *ref); /* NULL: there is no such row */
} named[] = {
    {"patient ", patient_words},
    {"support ", support_words},
    {"slot ", slot_words},
    {"consultant ", consultant_words},
    {"session ", session_words},
};

/* What stands at `at` in words, and how long it is; NULL. */
static const char *read_name(struct wr_use *use, const char *at, size_t *ret_length)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.-";
	for (size_t i = 0; i < WR_COUNT(named); i++) {
		size_t word = strlen(named[i].word);
		if (strncasecmp(at, named[i].word, word) != 0)
			continue;
		size_t length = strspn(at + word, letters);
		while (length && at[word + length - 1] == '.')
			length--;
		*ret_length = word + length;
		return length ? named[i].words(use, wr_arena_strndup(use->arena, at + word, length))
		              : NULL;
	}
	return NULL;
}

const char *wr_in_words_text(struct wr_use *use, const char *text)
{
	struct wr_buf buf = {0};
	for (const char *at = text; at && *at;) {
		size_t length = 0;
		bool begins = at == text || strchr(" (`", at[-1]);
		const char *words = begins ? read_name(use, at, &length) : NULL;
		if (words)
			wr_buf_puts(&buf, words);
		else
			wr_buf_putc(&buf, *at);
		at += words ? length : 1;
	}
	const char *words = wr_arena_strdup(use->arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return words;
}

const char *wr_in_words_relation(struct wr_use *use, const char *support)
{
	struct wr_support row;
	struct wr_patient patient;
	if (!support || wr_store_support_get(use->tx, use->arena, support, &row))
		return NULL;
	if (wr_store_patient_get(use->tx, use->arena, row.patient, &patient))
		return row.relation;
	return wr_arena_printf(use->arena, "%s of %s", row.relation, patient.name);
}

const char *wr_in_words_support(struct wr_use *use, const char *ref)
{
	struct wr_support row;
	if (!ref || wr_store_support_get(use->tx, use->arena, ref, &row))
		return ref;
	return wr_arena_printf(use->arena, "%s, %s", row.name, wr_in_words_relation(use, ref));
}

const char *wr_in_words_consultant(struct wr_use *use, const char *id)
{
	int index = id ? wr_config_consultant_index(use->config, id) : -1;
	return index < 0 ? id : use->config->consultants[index].name;
}

const char *wr_in_words_session(struct wr_use *use, const char *id)
{
	char day[WR_TIME_TEXT];
	wr_day date = 0;
	size_t ward = strcspn(id, "."), round = id[ward] ? strcspn(id + ward + 1, ".") : 0;
	const struct wr_config_ward *place =
	    wr_config_find_ward(use->config, wr_arena_strndup(use->arena, id, ward));
	const struct wr_config_round *one =
	    place && round
		? wr_config_find_round(place, wr_arena_strndup(use->arena, id + ward + 1, round))
		: NULL;
	if (!one || wr_session_id_day(id, &date))
		return id;
	return wr_arena_printf(use->arena, "%s's round on %s",
	    use->config->consultants[one->consultant].name, wr_day_long(date, day));
}

/* ---- instants ---- */

wr_time wr_in_words_time(const struct wr_config_ward *ward, const char *instant)
{
	wr_time at = WR_TIME_NONE;
	if (!ward || !instant || wr_time_parse(ward->zone, instant, &at))
		return WR_TIME_NONE;
	return at;
}

const char *wr_in_words_day(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant)
{
	char day[WR_TIME_TEXT];
	wr_time at = wr_in_words_time(ward, instant);
	return at == WR_TIME_NONE
	           ? NULL
	           : wr_arena_strdup(use->arena, wr_day_long(wr_zone_day(ward->zone, at), day));
}

const char *wr_in_words_clock(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant)
{
	char clock[WR_TIME_TEXT];
	wr_time at = wr_in_words_time(ward, instant);
	return at == WR_TIME_NONE ? NULL
	                          : wr_arena_strdup(use->arena,
					wr_clock_text(wr_zone_wall(ward->zone, at).minute, clock));
}

const char *wr_in_words_when(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant)
{
	const char *day = wr_in_words_day(use, ward, instant);
	return day ? wr_arena_printf(
			 use->arena, "%s, %s", day, wr_in_words_clock(use, ward, instant))
	           : NULL;
}

const char *wr_in_words_span(
    struct wr_use *use, const struct wr_config_ward *ward, const char *start, const char *end)
{
	char span[WR_TIME_TEXT];
	wr_time from = wr_in_words_time(ward, start), to = wr_in_words_time(ward, end);
	if (from == WR_TIME_NONE || to == WR_TIME_NONE)
		return NULL;
	return wr_arena_strdup(use->arena, wr_time_span(ward->zone, from, to, span));
}

const char *wr_in_words_field(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant)
{
	char text[WR_TIME_TEXT];
	wr_time at = wr_in_words_time(ward, instant);
	return at == WR_TIME_NONE
	           ? NULL
	           : wr_arena_strndup(use->arena, wr_time_rfc3339(ward->zone, at, text),
			 strlen("2026-11-30T10:20"));
}

/* ---- small words ---- */

const char *wr_in_words_phone(struct wr_use *use, const char *phone)
{
	const char *country = wr_arena_printf(use->arena, "+%s", use->config->country_code);
	if (!phone || !wr_text_starts(phone, country))
		return phone;
	const char *rest = phone + strlen(country);
	return strlen(rest) < 7 ? phone : wr_arena_printf(use->arena, "0%.4s %s", rest, rest + 4);
}

const char *wr_in_words_answer(const char *answer)
{
	int value = wr_word_value(&wr_words_answer, answer);
	return value < 0 ? NULL : wr_answer_text((enum wr_answer)value);
}

const char *wr_in_words_sees(const char *sees)
{
	static const char *const words[] = {
	    [WR_SEES_NOTHING] = "nothing",
	    [WR_SEES_TIME] = "the time only",
	    [WR_SEES_PLACE] = "time and place",
	    [WR_SEES_ALL] = "everything",
	};
	int value = wr_word_value(&wr_words_sees, sees);
	return value < 0 ? NULL : words[value];
}

/* ---- rows ---- */

const char *wr_row_text(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

bool wr_row_true(const json_t *row, const char *name)
{
	return json_is_true(json_object_get(row, name));
}

int wr_row_int(const json_t *row, const char *name)
{
	return (int)json_integer_value(json_object_get(row, name));
}
