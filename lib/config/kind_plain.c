#include <jansson.h>
#include <string.h>

#include "reader.h"

static int64_t characters(const char *text)
{
	int64_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static json_t *show_text(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(*(const char *const *)field);
}

static void range_text(const struct setting *setting, struct wr_buf *buf)
{
	wr_buf_printf(buf, "%sat most %d characters", setting->min > 0 ? "not empty, " : "",
	    (int)setting->max);
}

/* ---- text ---- */

static bool read_text(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	if (setting->min > 0 && strspn(value->text, " ") == strlen(value->text)) {
		config_error(reader, value->place, NULL, "`%s` can't be empty", setting->name);
		return false;
	}
	if (characters(value->text) > setting->max) {
		config_error(reader, value->place, NULL, "`%s` has at most %d characters",
		    setting->name, (int)setting->max);
		return false;
	}
	*(const char **)field = value->text;
	return true;
}

const struct kind kind_text = {
    .takes = "a text",
    .form = "\"text\"",
    .shape = VALUE_TEXT,
    .read = read_text,
    .show = show_text,
    .range = range_text,
};

/* RFC 9110: a field name is a token. */
static bool read_header(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	if (value->text[strspn(value->text, token)]) {
		config_error(reader, value->place, "write its name alone, like \"X-Remote-User\"",
		    "`%s` is no name of a header", setting->name);
		return false;
	}
	return read_text(reader, setting, value, field);
}

const struct kind kind_header = {
    .takes = "the name of a header as a text",
    .form = "\"X-Remote-User\"",
    .shape = VALUE_TEXT,
    .range = range_text,
    .read = read_header,
    .show = show_text,
};

/* ---- phone numbers, as people write them ---- */

static bool read_phone(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	const char *text = value->text;
	size_t digits = 0;
	for (const char *at = text; *at; at++)
		digits += *at >= '0' && *at <= '9';
	bool empty_allowed = setting->min == 0 && !*text;
	bool plus_first = !strchr(text, '+') || strrchr(text, '+') == text;
	if (!empty_allowed && (strspn(text, "+0123456789 ()-") != strlen(text) || digits < 3 ||
				  digits > 15 || !plus_first)) {
		config_error(reader, value->place, "write it like \"01632 960001\"",
		    "`%s` is no phone number", setting->name);
		return false;
	}
	*(const char **)field = text;
	return true;
}

const struct kind kind_phone = {
    .takes = "a phone number as a text",
    .form = "\"01632 960001\"",
    .shape = VALUE_TEXT,
    .read = read_phone,
    .show = show_text,
};

static bool read_country(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	size_t length = strlen(value->text);
	if (length < 1 || length > 3 || value->text[0] == '0' ||
	    strspn(value->text, "0123456789") != length) {
		config_error(reader, value->place, "write it like \"44\"",
		    "`%s` is one to three digits, not beginning with 0", setting->name);
		return false;
	}
	*(const char **)field = value->text;
	return true;
}

const struct kind kind_country = {
    .takes = "a country code as a text",
    .form = "\"44\"",
    .shape = VALUE_TEXT,
    .read = read_country,
    .show = show_text,
};

/* ---- paths ---- */

const char *config_resolve(struct reader *reader, struct place place, const char *path)
{
	if (path[0] == '/' || path[0] == '\0' || place.source < 0)
		return path;
	const char *file = reader->sources[place.source].path, *slash = strrchr(file, '/');
	if (!slash)
		return path;
	return wr_arena_printf(reader->arena, "%.*s/%s", (int)(slash - file), file, path);
}

static bool read_path(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	if (setting->min > 0 && !*value->text) {
		config_error(reader, value->place, NULL, "`%s` can't be empty", setting->name);
		return false;
	}
	if (strlen(value->text) > 1000) {
		config_error(reader, value->place, NULL, "this path is too long");
		return false;
	}
	*(const char **)field = config_resolve(reader, value->place, value->text);
	return true;
}

const struct kind kind_path = {
    .takes = "a path as a text",
    .form = "\"path\"",
    .shape = VALUE_TEXT,
    .read = read_path,
    .show = show_text,
};

/* ---- numbers and truths ---- */

static bool read_number(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	if (value->number < setting->min || value->number > setting->max) {
		config_error(reader, value->place, NULL, "`%s` is from %d to %d, not %lld",
		    setting->name, (int)setting->min, (int)setting->max, (long long)value->number);
		return false;
	}
	*(int *)field = (int)value->number;
	return true;
}

static json_t *show_number(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_integer(*(const int *)field);
}

static void range_number(const struct setting *setting, struct wr_buf *buf)
{
	wr_buf_printf(buf, "%d to %d", (int)setting->min, (int)setting->max);
}

const struct kind kind_number = {
    .takes = "a whole number",
    .form = "number",
    .shape = VALUE_NUMBER,
    .read = read_number,
    .show = show_number,
    .range = range_number,
};

static bool read_truth(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)reader, (void)setting;
	*(bool *)field = value->truth;
	return true;
}

static json_t *show_truth(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_boolean(*(const bool *)field);
}

const struct kind kind_truth = {
    .takes = "true or false",
    .form = "true|false",
    .shape = VALUE_TRUTH,
    .read = read_truth,
    .show = show_truth,
};
