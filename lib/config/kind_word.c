/* Settings whose values are words: names of other sections, and words of a fixed list. */
#include <jansson.h>
#include <string.h>

#include "reader.h"

/* The number of `word` among `words`; -1, reported with a hint. `what` is "consultant". */
static int find_word(struct reader *reader, const struct value *value, const char *what,
    const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], value->text) == 0)
			return (int)i;
	config_error(reader, value->place, config_did_you_mean(reader, value->text, words, n),
	    "there is no %s `%s`", what, config_quoted(reader, value->text));
	return -1;
}

/* Each item's number, each word once. */
static bool find_words(struct reader *reader, const struct value *value, const char *what,
    const char *const *words, size_t n, int *ret_numbers)
{
	bool good = true;
	for (size_t i = 0; i < value->n; i++) {
		ret_numbers[i] = find_word(reader, &value->items[i], what, words, n);
		good = good && ret_numbers[i] >= 0;
		for (size_t j = 0; ret_numbers[i] >= 0 && j < i; j++)
			if (ret_numbers[j] == ret_numbers[i]) {
				config_error(reader, value->items[i].place, NULL,
				    "`%s` is given twice", words[ret_numbers[i]]);
				good = false;
				break;
			}
	}
	return good;
}

/* ---- consultants ---- */

static const char *const *consultant_words(struct reader *reader)
{
	size_t n = reader->config->n_consultants;
	const char **words = wr_arena_new(reader->arena, const char *, n);
	for (size_t i = 0; i < n; i++)
		words[i] = reader->consultants[i].id;
	return words;
}

static bool read_consultant(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	int index = find_word(
	    reader, value, "consultant", consultant_words(reader), reader->config->n_consultants);
	*(int *)field = index;
	return index >= 0;
}

static json_t *show_consultant(const struct wr_config *config, const void *field)
{
	return json_string(config->consultants[*(const int *)field].id);
}

const struct kind kind_consultant = {
    .takes = "the name of a consultant section as a text",
    .form = "\"shah\"",
    .shape = VALUE_TEXT,
    .read = read_consultant,
    .show = show_consultant,
};

static bool read_consultants(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	int *items = wr_arena_new(reader->arena, int, value->n);
	*(struct wr_indexes *)field = (struct wr_indexes){items, value->n};
	return find_words(reader, value, "consultant", consultant_words(reader),
	    reader->config->n_consultants, items);
}

static json_t *show_consultants(const struct wr_config *config, const void *field)
{
	const struct wr_indexes *indexes = field;
	json_t *list = json_array();
	for (size_t i = 0; i < indexes->n; i++)
		json_array_append_new(list, show_consultant(config, &indexes->items[i]));
	return list;
}

const struct kind kind_consultants = {
    .takes = "a list of names of consultant sections",
    .form = "{ \"shah\", \"nowak\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_consultants,
    .show = show_consultants,
};

/* ---- wards ---- */

static bool read_wards(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	size_t n = reader->config->n_wards;
	const char **words = wr_arena_new(reader->arena, const char *, n);
	for (size_t i = 0; i < n; i++)
		words[i] = reader->wards[i].id;
	int *items = wr_arena_new(reader->arena, int, value->n);
	*(struct wr_indexes *)field = (struct wr_indexes){items, value->n};
	return find_words(reader, value, "ward", words, n, items);
}

static json_t *show_wards(const struct wr_config *config, const void *field)
{
	const struct wr_indexes *indexes = field;
	json_t *list = json_array();
	for (size_t i = 0; i < indexes->n; i++)
		json_array_append_new(list, json_string(config->wards[indexes->items[i]].id));
	return list;
}

const struct kind kind_wards = {
    .takes = "a list of names of ward sections",
    .form = "{ \"kingsley\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_wards,
    .show = show_wards,
};

/* ---- formats and events of webhooks ---- */

static const char *const formats[WR_FORMATS] = {
    "standard", "notify-sms", "notify-email", "ntfy", "slack", "teams", "matrix"};

const char *wr_webhook_format_name(enum wr_webhook_format format)
{
	return formats[format];
}

static bool read_format(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	int format = find_word(reader, value, "format", formats, WR_FORMATS);
	if (format >= 0)
		*(enum wr_webhook_format *)field = (enum wr_webhook_format)format;
	return format >= 0;
}

static json_t *show_format(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(formats[*(const enum wr_webhook_format *)field]);
}

const struct kind kind_format = {
    .takes = "the name of a format as a text",
    .form = "\"standard\"|\"notify-sms\"|\"notify-email\"|\"ntfy\"|\"slack\"|\"teams\"|\"matrix\"",
    .shape = VALUE_TEXT,
    .read = read_format,
    .show = show_format,
};

static const char *const events[] = {"slot", "reminder", "invite", "reply", "patient", "task"};

static bool read_events(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	int *numbers = wr_arena_new(reader->arena, int, value->n);
	bool good = find_words(reader, value, "event", events, WR_COUNT(events), numbers);
	unsigned bits = 0;
	for (size_t i = 0; i < value->n; i++)
		bits |= numbers[i] >= 0 ? 1u << numbers[i] : 0;
	*(unsigned *)field = bits;
	return good;
}

static json_t *show_events(const struct wr_config *config, const void *field)
{
	(void)config;
	json_t *list = json_array();
	for (size_t i = 0; i < WR_COUNT(events); i++)
		if (*(const unsigned *)field & 1u << i)
			json_array_append_new(list, json_string(events[i]));
	return list;
}

const struct kind kind_events = {
    .takes = "a list of events",
    .form = "{ \"slot\", \"reminder\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_events,
    .show = show_events,
};
