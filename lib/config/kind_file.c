/* Settings that name files which are read with the config: zones, holidays, secrets, keys. */
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "reader.h"
#include "wardround/notice.h"

/* ---- time zones ---- */

/* For hints only; any zone of the system's is taken. */
static const char *const zones[] = {"Europe/London", "Europe/Dublin", "Europe/Jersey",
    "Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Paris", "Europe/Berlin", "Europe/Madrid",
    "Europe/Amsterdam", "Europe/Stockholm", "Europe/Oslo", "Atlantic/Reykjavik", "America/New_York",
    "Australia/Sydney", "Pacific/Auckland", "UTC"};

static bool is_zone_name(const char *name)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
	size_t length = strlen(name);
	return length > 0 && length < 64 && strspn(name, allowed) == length && name[0] != '/' &&
	       name[length - 1] != '/' && !strstr(name, "//");
}

static const struct wr_zone *zone_read_before(struct reader *reader, const char *name)
{
	for (size_t i = 0; i < reader->config->n_wards; i++) {
		const struct wr_zone *zone = reader->wards[i].zone;
		if (zone && strcmp(wr_zone_name(zone), name) == 0)
			return zone;
	}
	return NULL;
}

static bool read_zone(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	const struct wr_zone **zone = field;
	*zone = zone_read_before(reader, value->text);
	if (*zone)
		return true;
	struct wr_config_file file = {0};
	if (!is_zone_name(value->text) || reader->port->read_zone(reader->port->context,
					      reader->arena, value->text, &file) != 0) {
		const char *hint = config_did_you_mean(reader, value->text, zones, WR_COUNT(zones));
		config_error(reader, value->place, hint ? hint : "write it like \"Europe/London\"",
		    "there is no time zone `%s`", config_quoted(reader, value->text));
		return false;
	}
	if (wr_zone_parse(reader->arena, value->text, file.bytes, file.length, zone) == 0)
		return true;
	*zone = NULL;
	config_error(reader, value->place, NULL, "the data of time zone `%s` can't be understood",
	    config_quoted(reader, value->text));
	return false;
}

static json_t *show_zone(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(wr_zone_name(*(const struct wr_zone *const *)field));
}

const struct kind kind_zone = {
    .takes = "the name of a time zone as a text",
    .form = "\"Europe/London\"",
    .shape = VALUE_TEXT,
    .read = read_zone,
    .show = show_zone,
};

/* ---- files ---- */

/* Reads the file named by `value`; `what` is "holidays file". */
static bool read_named(struct reader *reader, const struct value *value, const char *what,
    const char *path, struct wr_config_file *ret_file)
{
	int error = reader->port->read_file(reader->port->context, reader->arena, path, ret_file);
	if (error == 0)
		return true;
	path = config_quoted(reader, path);
	if (error == -ENOENT)
		config_error(reader, value->place, NULL, "there is no %s `%s`", what, path);
	else if (error == -EFBIG)
		config_error(reader, value->place, NULL, "the %s `%s` is over %d KiB", what, path,
		    WR_CONFIG_SOURCE_MAX / 1024);
	else
		config_error(reader, value->place,
		    error == -EACCES ? "the user that the daemon runs as has to be able to read it"
				     : NULL,
		    "the %s `%s` can't be read: %s", what, path, strerror(-error));
	return false;
}

/* What others may read is no secret. */
static bool read_private(struct reader *reader, const struct value *value, const char *what,
    const char *path, struct wr_config_file *ret_file)
{
	if (!read_named(reader, value, what, path, ret_file))
		return false;
	if ((ret_file->mode & 07u) == 0)
		return true;
	config_error(reader, value->place,
	    wr_arena_printf(reader->arena, "chmod o= %s", config_quoted(reader, path)),
	    "others can read or change the %s (its mode is %04o)", what, ret_file->mode & 07777u);
	return false;
}

/* ---- holidays ---- */

static bool read_holidays(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_holidays *holidays = field;
	*holidays = (struct wr_holidays){.path = ""};
	if (!*value->text)
		return true;
	holidays->path = config_resolve(reader, value->place, value->text);
	struct wr_config_file file = {0};
	if (!read_named(reader, value, "holidays file", holidays->path, &file))
		return false;
	size_t undated = 0;
	if (!config_holidays_parse(reader->arena, file.bytes, file.length, holidays, &undated)) {
		config_error(reader, value->place, "it has to be a whole iCalendar file",
		    "the holidays file `%s` is no calendar", config_quoted(reader, holidays->path));
		return false;
	}
	if (undated > 0)
		config_error(reader, value->place, NULL,
		    "the holidays file `%s` has %zu event%s without a date that can be read",
		    config_quoted(reader, holidays->path), undated, undated == 1 ? "" : "s");
	return undated == 0;
}

static json_t *show_holidays(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(((const struct wr_holidays *)field)->path);
}

const struct kind kind_holidays = {
    .takes = "a path as a text",
    .form = "\"path\"",
    .shape = VALUE_TEXT,
    .read = read_holidays,
    .show = show_holidays,
};

/* ---- secrets ---- */

enum { KEY_LENGTH_MAX = 256 };

/* The next line that is not blank, without blanks at its ends; NULL at the end. `*at` moves on. */
static char *next_line(struct wr_arena *arena, const char **at, const char *end, int *line)
{
	while (*at < end) {
		const char *start = *at, *stop = memchr(start, '\n', (size_t)(end - start));
		if (!stop)
			stop = end;
		*at = stop < end ? stop + 1 : end;
		(*line)++;
		while (start < stop && strchr(" \t\r", *start))
			start++;
		while (stop > start && strchr(" \t\r", stop[-1]))
			stop--;
		if (stop > start)
			return wr_arena_strndup(arena, start, (size_t)(stop - start));
	}
	return NULL;
}

static bool parse_secrets(struct reader *reader, const struct value *value,
    const struct wr_config_file *file, struct wr_secrets *secrets)
{
	struct wr_secret *items = wr_arena_new(reader->arena, struct wr_secret, WR_NOTICE_SECRETS);
	const char *at = file->bytes, *end = at + file->length, *text;
	int line = 0;
	bool good = true;
	secrets->items = items;
	while ((text = next_line(reader->arena, &at, end, &line))) {
		if (secrets->n == WR_NOTICE_SECRETS) {
			config_error(reader, value->place, "keep the newest two",
			    "the secret file has more than %d secrets", WR_NOTICE_SECRETS);
			return false;
		}
		unsigned char *bytes = wr_arena_alloc(reader->arena, WR_NOTICE_SECRET_MAX, 1);
		struct wr_secret *secret = &items[secrets->n++];
		secret->bytes = bytes;
		if (wr_notice_secret_parse(text, strlen(text), bytes, &secret->length) != 0) {
			config_error(reader, value->place,
			    "a secret is whsec_ and the base64 of 24 to 64 random bytes",
			    "line %d of the secret file is no secret", line);
			good = false;
		}
	}
	if (secrets->n == 0)
		config_error(reader, value->place,
		    "a secret is whsec_ and the base64 of 24 to 64 random bytes",
		    "the secret file is empty");
	return good && secrets->n > 0;
}

static bool read_secrets(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_secrets *secrets = field;
	*secrets = (struct wr_secrets){.path = ""};
	if (!*value->text)
		return true;
	secrets->path = config_resolve(reader, value->place, value->text);
	struct wr_config_file file = {0};
	return read_private(reader, value, "secret file", secrets->path, &file) &&
	       parse_secrets(reader, value, &file, secrets);
}

static json_t *show_secrets(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(((const struct wr_secrets *)field)->path);
}

const struct kind kind_secrets = {
    .takes = "a path as a text",
    .form = "\"path\"",
    .shape = VALUE_TEXT,
    .read = read_secrets,
    .show = show_secrets,
};

/* ---- keys ---- */

bool config_is_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

static bool read_key_file(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_key_file *key_file = field;
	*key_file = (struct wr_key_file){"", ""};
	if (!*value->text)
		return true;
	key_file->path = config_resolve(reader, value->place, value->text);
	struct wr_config_file file = {0};
	if (!read_private(reader, value, "key file", key_file->path, &file))
		return false;
	const char *at = file.bytes;
	int line = 0;
	const char *key = next_line(reader->arena, &at, at + file.length, &line);
	if (!key || strlen(key) > KEY_LENGTH_MAX || !wr_text_is_printable(key, strlen(key))) {
		config_error(reader, value->place, NULL, "the key file's first line is no key");
		return false;
	}
	key_file->key = key;
	return true;
}

static json_t *show_key_file(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(((const struct wr_key_file *)field)->path);
}

const struct kind kind_key_file = {
    .takes = "a path as a text",
    .form = "\"path\"",
    .shape = VALUE_TEXT,
    .read = read_key_file,
    .show = show_key_file,
};
