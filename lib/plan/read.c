/*
 * JSON text to instance. Each object is read through a list of its keys, so that a key nobody knows
 * is found, with the nearest known one as a hint. Reading goes on after a mistake with the default
 * in its place, so that one run reports all of them, those of meaning (instance.c) included.
 */
#include "instance.h"

#include "wardround/civil.h"

#include <jansson.h>
#include <string.h>

struct reader {
	struct wr_arena *arena;
	struct wr_plan_mistakes *mistakes;
};

#define SAY(reader, ...) wr_arena_printf((reader)->arena, __VA_ARGS__)

static void complain(struct reader *reader, const char *path, const char *text)
{
	plan_mistake_add(reader->arena, reader->mistakes, path, text);
}

static const char *kind_of(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		return "null";
	}
	return "nothing";
}

static void wrong_kind(
    struct reader *reader, const char *path, const char *wanted, const json_t *value)
{
	complain(reader, path, SAY(reader, "must be %s, not %s", wanted, kind_of(value)));
}

static const char *below(struct reader *reader, const char *path, const char *key)
{
	return *path ? SAY(reader, "%s.%s", path, key) : SAY(reader, "%s", key);
}

/* False when `object` is none. Unknown keys are mistakes. */
static bool open_object(
    struct reader *reader, json_t *object, const char *path, const char *const *keys, size_t n_keys)
{
	if (!json_is_object(object)) {
		wrong_kind(reader, path, "an object", object);
		return false;
	}
	const char *key;
	json_t *value;
	json_object_foreach (object, key, value) {
		bool known = false;
		for (size_t i = 0; i < n_keys && !known; i++)
			known = strcmp(key, keys[i]) == 0;
		if (known)
			continue;
		const char *near = wr_text_nearest(key, keys, n_keys);
		complain(reader, below(reader, path, wr_arena_strdup(reader->arena, key)),
		    near ? SAY(reader, "unknown key; did you mean \"%s\"?", near)
			 : "unknown key; remove it");
	}
	return true;
}
#define OPEN(reader, object, path, ...)                                                            \
	open_object(reader, object, path, (const char *const[]){__VA_ARGS__},                      \
	    WR_COUNT(((const char *const[]){__VA_ARGS__})))

enum need { OPTIONAL, MANDATORY };

static json_t *member(
    struct reader *reader, json_t *object, const char *path, const char *key, enum need need)
{
	json_t *value = json_object_get(object, key);
	if (!value && need == MANDATORY)
		complain(reader, below(reader, path, key), "is missing");
	return value;
}

static void take_int(struct reader *reader, json_t *object, const char *path, const char *key,
    enum need need, int64_t *number)
{
	json_t *value = member(reader, object, path, key, need);
	if (!value)
		return;
	if (json_is_integer(value))
		*number = json_integer_value(value);
	else
		wrong_kind(reader, below(reader, path, key), "a whole number", value);
}

static void take_bool(
    struct reader *reader, json_t *object, const char *path, const char *key, bool *flag)
{
	json_t *value = member(reader, object, path, key, OPTIONAL);
	if (!value)
		return;
	if (json_is_boolean(value))
		*flag = json_is_true(value);
	else
		wrong_kind(reader, below(reader, path, key), "true or false", value);
}

static const char *text_of(struct reader *reader, json_t *value, const char *path)
{
	if (!json_is_string(value)) {
		wrong_kind(reader, path, "a text", value);
		return NULL;
	}
	if (!*json_string_value(value)) {
		complain(reader, path, "must not be empty");
		return NULL;
	}
	return wr_arena_strdup(reader->arena, json_string_value(value));
}

static void take_text(
    struct reader *reader, json_t *object, const char *path, const char *key, const char **text)
{
	json_t *value = member(reader, object, path, key, MANDATORY);
	if (value)
		*text = text_of(reader, value, below(reader, path, key));
}

/* The list under `key`, or NULL; `*ret_n` is its length. */
static json_t *take_list(struct reader *reader, json_t *object, const char *path, const char *key,
    enum need need, size_t *ret_n)
{
	json_t *value = member(reader, object, path, key, need);
	*ret_n = 0;
	if (!value)
		return NULL;
	if (!json_is_array(value)) {
		wrong_kind(reader, below(reader, path, key), "a list", value);
		return NULL;
	}
	*ret_n = json_array_size(value);
	return value;
}

static const int64_t *take_numbers(struct reader *reader, json_t *object, const char *path,
    const char *key, enum need need, size_t *ret_n)
{
	json_t *list = take_list(reader, object, path, key, need, ret_n);
	int64_t *numbers = wr_arena_new(reader->arena, int64_t, *ret_n + 1);
	for (size_t i = 0; i < *ret_n; i++) {
		json_t *value = json_array_get(list, i);
		if (json_is_integer(value))
			numbers[i] = json_integer_value(value);
		else
			wrong_kind(reader, SAY(reader, "%s.%s[%zu]", path, key, i),
			    "a whole number", value);
	}
	return numbers;
}

static const struct wr_plan_span *take_spans(
    struct reader *reader, json_t *object, const char *path, const char *key, size_t *ret_n)
{
	json_t *list = take_list(reader, object, path, key, OPTIONAL, ret_n);
	struct wr_plan_span *spans = wr_arena_new(reader->arena, struct wr_plan_span, *ret_n + 1);
	for (size_t i = 0; i < *ret_n; i++) {
		json_t *pair = json_array_get(list, i);
		if (json_array_size(pair) == 2 && json_is_integer(json_array_get(pair, 0)) &&
		    json_is_integer(json_array_get(pair, 1)))
			spans[i] =
			    (struct wr_plan_span){json_integer_value(json_array_get(pair, 0)),
				json_integer_value(json_array_get(pair, 1))};
		else
			complain(reader, SAY(reader, "%s.%s[%zu]", path, key, i),
			    "must be a list of two whole numbers, from and to");
	}
	return spans;
}

static void read_weights(struct reader *reader, json_t *root, struct wr_plan_weights *weights)
{
	json_t *object = member(reader, root, "", "weights", OPTIONAL);
	if (!object ||
	    !OPEN(reader, object, "weights", "unplaced", "required", "cover", "other_day",
		"late_day", "usual_day", "usual_near", "usual_far", "prefer"))
		return;
	take_int(reader, object, "weights", "unplaced", OPTIONAL, &weights->unplaced);
	take_int(reader, object, "weights", "required", OPTIONAL, &weights->required);
	take_int(reader, object, "weights", "cover", OPTIONAL, &weights->cover);
	take_int(reader, object, "weights", "other_day", OPTIONAL, &weights->other_day);
	take_int(reader, object, "weights", "late_day", OPTIONAL, &weights->late_day);
	take_int(reader, object, "weights", "usual_day", OPTIONAL, &weights->usual_day);
	take_int(reader, object, "weights", "usual_near", OPTIONAL, &weights->usual_near);
	take_int(reader, object, "weights", "usual_far", OPTIONAL, &weights->usual_far);
	take_int(reader, object, "weights", "prefer", OPTIONAL, &weights->prefer);
}

static void read_session(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_session *session)
{
	session->cell = 1;
	if (!OPEN(reader, object, path, "id", "ward", "consultant", "cell", "starts", "kept"))
		return;
	take_text(reader, object, path, "id", &session->id);
	take_text(reader, object, path, "ward", &session->ward);
	take_text(reader, object, path, "consultant", &session->consultant);
	take_int(reader, object, path, "cell", MANDATORY, &session->cell);
	session->starts =
	    take_numbers(reader, object, path, "starts", MANDATORY, &session->n_starts);
	session->kept = take_numbers(reader, object, path, "kept", OPTIONAL, &session->n_kept);
}

static void read_person(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_person *person)
{
	if (!OPEN(reader, object, path, "id", "free", "away"))
		return;
	take_text(reader, object, path, "id", &person->id);
	person->has_free = json_object_get(object, "free") != NULL;
	person->free = take_spans(reader, object, path, "free", &person->n_free);
	person->away = take_spans(reader, object, path, "away", &person->n_away);
}

static void read_fixed(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_patient *patient)
{
	if (!OPEN(reader, object, path, "session", "cell"))
		return;
	take_text(reader, object, path, "session", &patient->fixed);
	take_int(reader, object, path, "cell", MANDATORY, &patient->fixed_cell);
}

static void read_published(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_patient *patient)
{
	if (!OPEN(reader, object, path, "session", "cell", "move"))
		return;
	take_text(reader, object, path, "session", &patient->published);
	take_int(reader, object, path, "cell", MANDATORY, &patient->published_cell);
	take_int(reader, object, path, "move", MANDATORY, &patient->published_move);
}

static void read_usual(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_patient *patient)
{
	if (!OPEN(reader, object, path, "day", "minute"))
		return;
	patient->has_usual = true;
	take_int(reader, object, path, "day", MANDATORY, &patient->usual_day);
	take_int(reader, object, path, "minute", MANDATORY, &patient->usual_minute);
}

static void read_prefers(
    struct reader *reader, json_t *value, const char *path, struct wr_plan_patient *patient)
{
	const char *text = json_string_value(value);
	if (!text)
		wrong_kind(reader, path, "\"morning\" or \"afternoon\"", value);
	else if (strcmp(text, "morning") == 0)
		patient->prefers = WR_PLAN_MORNING;
	else if (strcmp(text, "afternoon") == 0)
		patient->prefers = WR_PLAN_AFTERNOON;
	else
		complain(reader, path, "must be \"morning\" or \"afternoon\"");
}

static void read_supports(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_patient *patient)
{
	json_t *list = take_list(reader, object, path, "supports", OPTIONAL, &patient->n_supports);
	struct wr_plan_support *supports =
	    wr_arena_new(reader->arena, struct wr_plan_support, patient->n_supports + 1);
	for (size_t i = 0; i < patient->n_supports; i++) {
		const char *at = SAY(reader, "%s.supports[%zu]", path, i);
		json_t *item = json_array_get(list, i);
		supports[i] = (struct wr_plan_support)WR_PLAN_SUPPORT_INIT;
		if (!OPEN(reader, item, at, "person", "weight", "required"))
			continue;
		take_text(reader, item, at, "person", &supports[i].person);
		take_int(reader, item, at, "weight", OPTIONAL, &supports[i].weight);
		take_bool(reader, item, at, "required", &supports[i].required);
	}
	patient->supports = supports;
}

static void read_cover(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_patient *patient)
{
	json_t *list = take_list(reader, object, path, "cover", OPTIONAL, &patient->n_cover);
	const char **cover = wr_arena_new(reader->arena, const char *, patient->n_cover + 1);
	for (size_t i = 0; i < patient->n_cover; i++)
		cover[i] =
		    text_of(reader, json_array_get(list, i), SAY(reader, "%s.cover[%zu]", path, i));
	patient->cover = cover;
}

static void read_patient(
    struct reader *reader, json_t *object, const char *path, struct wr_plan_patient *patient)
{
	*patient = (struct wr_plan_patient)WR_PLAN_PATIENT_INIT;
	if (!OPEN(reader, object, path, "id", "ward", "consultant", "cover", "slots", "priority",
		"new", "not_before", "not_after", "due", "away", "fixed", "published", "usual",
		"prefers", "turn", "supports"))
		return;
	take_text(reader, object, path, "id", &patient->id);
	take_text(reader, object, path, "ward", &patient->ward);
	take_text(reader, object, path, "consultant", &patient->consultant);
	read_cover(reader, object, path, patient);
	take_int(reader, object, path, "slots", OPTIONAL, &patient->slots);
	take_int(reader, object, path, "priority", OPTIONAL, &patient->priority);
	take_bool(reader, object, path, "new", &patient->is_new);
	take_int(reader, object, path, "not_before", OPTIONAL, &patient->not_before);
	take_int(reader, object, path, "not_after", OPTIONAL, &patient->not_after);
	patient->has_due = json_object_get(object, "due") != NULL;
	take_int(reader, object, path, "due", OPTIONAL, &patient->due);
	take_int(reader, object, path, "turn", OPTIONAL, &patient->turn);
	patient->away = take_spans(reader, object, path, "away", &patient->n_away);
	read_supports(reader, object, path, patient);
	json_t *value;
	if ((value = json_object_get(object, "fixed")))
		read_fixed(reader, value, below(reader, path, "fixed"), patient);
	if ((value = json_object_get(object, "published")))
		read_published(reader, value, below(reader, path, "published"), patient);
	if ((value = json_object_get(object, "usual")))
		read_usual(reader, value, below(reader, path, "usual"), patient);
	if ((value = json_object_get(object, "prefers")))
		read_prefers(reader, value, below(reader, path, "prefers"), patient);
}

static void read_head(struct reader *reader, json_t *root, struct wr_plan_instance *instance)
{
	int64_t schema = 1;
	take_int(reader, root, "", "schema", MANDATORY, &schema);
	if (schema != 1)
		complain(reader, "schema", "must be 1");
	take_text(reader, root, "", "origin", &instance->origin);
	wr_day day;
	if (instance->origin && wr_day_parse(instance->origin, &day) != 0)
		complain(reader, "origin", "must be a date such as \"2026-11-30\"");
	read_weights(reader, root, &instance->weights);
}

#define READ_LIST(reader, root, key, type, items, count, read_one)                                 \
	do {                                                                                       \
		json_t *list = take_list(reader, root, "", key, MANDATORY, &(count));              \
		(items) = wr_arena_new((reader)->arena, type, (count) + 1);                        \
		for (size_t i = 0; i < (count); i++)                                               \
			read_one(reader, json_array_get(list, i), SAY(reader, key "[%zu]", i),     \
			    &(items)[i]);                                                          \
	} while (0)

int wr_plan_instance_read(struct wr_arena *arena, const char *json, size_t length,
    struct wr_plan_instance **ret_instance, struct wr_plan_mistakes *mistakes)
{
	struct reader reader = {arena, mistakes};
	struct wr_plan_instance *instance = wr_arena_new(arena, struct wr_plan_instance, 1);
	size_t before = mistakes->n;
	json_error_t error;
	json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
	*instance = (struct wr_plan_instance){.weights = WR_PLAN_WEIGHTS_INIT};
	if (!root) {
		complain(&reader, "",
		    SAY(&reader, "not JSON, line %d column %d: %s", error.line, error.column,
			error.text));
		return WR_PLAN_BAD;
	}
	if (OPEN(&reader, root, "", "schema", "origin", "weights", "sessions", "persons",
		"patients")) {
		read_head(&reader, root, instance);
		READ_LIST(&reader, root, "sessions", struct wr_plan_session, instance->sessions,
		    instance->n_sessions, read_session);
		READ_LIST(&reader, root, "persons", struct wr_plan_person, instance->persons,
		    instance->n_persons, read_person);
		READ_LIST(&reader, root, "patients", struct wr_plan_patient, instance->patients,
		    instance->n_patients, read_patient);
		wr_plan_instance_check(arena, instance, mistakes);
	}
	json_decref(root);
	plan_mistakes_unique(mistakes);
	if (mistakes->n > before)
		return WR_PLAN_BAD;
	*ret_instance = instance;
	return 0;
}
