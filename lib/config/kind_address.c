/* Settings whose values are addresses: to listen on, networks, URLs. */
#include <jansson.h>
#include <string.h>

#include "reader.h"

static json_t *show_text(const struct wr_config *config, const void *field)
{
	(void)config;
	return json_string(*(const char *const *)field);
}

static json_t *show_texts(const struct wr_config *config, const void *field)
{
	(void)config;
	const struct wr_texts *texts = field;
	json_t *list = json_array();
	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(list, json_string(texts->items[i]));
	return list;
}

/* Reads each item of a list into a text by `read`. */
static bool read_each(struct reader *reader, const struct setting *setting,
    const struct value *value, void *field,
    bool (*read)(struct reader *, const struct setting *, const struct value *, void *))
{
	const char **items = wr_arena_new(reader->arena, const char *, value->n);
	bool good = true;
	for (size_t i = 0; i < value->n; i++)
		good = read(reader, setting, &value->items[i], &items[i]) && good;
	if (good)
		*(struct wr_texts *)field = (struct wr_texts){items, value->n};
	return good;
}

/* ---- to listen on ---- */

static bool read_listen(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_address address;
	int outcome = wr_address_parse(value->text, &address);
	const char **text = field;
	if (outcome != 0) {
		config_error(reader, value->place,
		    wr_address_hint((enum wr_address_outcome)outcome),
		    "\"%s\" is no address to listen on", config_quoted(reader, value->text));
		return false;
	}
	*text = value->text;
	if (address.kind == WR_ADDRESS_UNIX)
		*text = wr_arena_printf(
		    reader->arena, "unix:%s", config_resolve(reader, value->place, address.path));
	return true;
}

static bool read_address(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	*(const char **)field = "";
	return !*value->text || read_listen(reader, setting, value, field);
}

const struct kind kind_address = {
    .takes = "an address as a text",
    .form = "\"127.0.0.1:8480\"|\"[::1]:8480\"|\"unix:/path\"",
    .shape = VALUE_TEXT,
    .read = read_address,
    .show = show_text,
};

static bool read_addresses(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	*(struct wr_texts *)field = (struct wr_texts){0};
	if (value->n == 1 && !*value->items[0].text)
		return true;
	return read_each(reader, setting, value, field, read_listen);
}

const struct kind kind_addresses = {
    .takes = "an address or a list of addresses",
    .form = "\"127.0.0.1:8480\"|\"[::1]:8480\"|\"unix:/path\", or a list",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .single = true,
    .read = read_addresses,
    .show = show_texts,
};

/* ---- networks ---- */

static bool read_network(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_network network;
	*(const char **)field = value->text;
	if (wr_network_parse(value->text, &network))
		return true;
	config_error(reader, value->place,
	    "write it like \"10.20.0.0/16\" or \"fd00::/8\", with no bits set behind the prefix",
	    "\"%s\" is no network", config_quoted(reader, value->text));
	return false;
}

static bool read_networks(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	return read_each(reader, setting, value, field, read_network);
}

const struct kind kind_networks = {
    .takes = "a list of networks",
    .form = "{ \"10.20.0.0/16\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_networks,
    .show = show_texts,
};

/* ---- URLs ---- */

static bool check_url(struct reader *reader, const struct setting *setting,
    const struct value *value, struct url *url)
{
	const char *wrong = config_url_parse(value->text, url);
	if (!wrong && setting->max > 0 && strlen(value->text) > (size_t)setting->max)
		wrong = "it is too long";
	if (wrong)
		config_error(reader, value->place,
		    "write it like \"https://host.example.org/path\"", "`%s` is no web address: %s",
		    setting->name, wrong);
	return !wrong;
}

static bool read_url(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	struct url url;
	*(const char **)field = value->text;
	if (setting->min == 0 && !*value->text)
		return true;
	return check_url(reader, setting, value, &url);
}

const struct kind kind_url = {
    .takes = "a web address as a text",
    .form = "\"https://host/path\"",
    .shape = VALUE_TEXT,
    .read = read_url,
    .show = show_text,
};

static bool read_join(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	struct setting each = *setting;
	each.max = 500;
	each.min = 1;
	return read_url(reader, &each, value, field);
}

static bool read_urls(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	return read_each(reader, setting, value, field, read_join);
}

const struct kind kind_urls = {
    .takes = "a list of web addresses",
    .form = "{ \"https://host/path\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_urls,
    .show = show_texts,
};

/* Scheme and host only: paths are ours. */
static bool read_origin(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	struct url url;
	*(const char **)field = "";
	if (setting->min == 0 && !*value->text)
		return true;
	if (!check_url(reader, setting, value, &url))
		return false;
	if (*url.rest && strcmp(url.rest, "/") != 0) {
		config_error(reader, value->place, "stop after the host, or its port",
		    "`%s` can't have a path", setting->name);
		return false;
	}
	*(const char **)field =
	    wr_arena_strndup(reader->arena, value->text, (size_t)(url.rest - value->text));
	return true;
}

const struct kind kind_origin = {
    .takes = "a web address as a text",
    .form = "\"https://times.example.org\"",
    .shape = VALUE_TEXT,
    .read = read_origin,
    .show = show_text,
};
