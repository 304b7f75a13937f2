#include <jansson.h>
#include <string.h>

#include "reader.h"

/* ---- as JSON ---- */

static void add_settings(
    const struct wr_config *config, enum section_kind kind, const void *base, json_t *object)
{
	for (size_t i = 0; i < config_settings_n; i++) {
		const struct setting *setting = &config_settings[i];
		if (setting->section == kind)
			json_object_set_new(object, setting->name,
			    setting->kind->show(config, (const char *)base + setting->offset));
	}
}

static json_t *section_json(
    const struct wr_config *config, enum section_kind kind, const void *base)
{
	json_t *object = json_object();
	add_settings(config, kind, base, object);
	return object;
}

static json_t *ward_json(const struct wr_config *config, const struct wr_config_ward *ward)
{
	json_t *object = section_json(config, SECTION_WARD, ward), *rounds = json_object();
	for (size_t i = 0; i < ward->n_rounds; i++)
		json_object_set_new(rounds, ward->rounds[i].id,
		    section_json(config, SECTION_ROUND, &ward->rounds[i]));
	json_object_set_new(object, "rounds", rounds);
	return object;
}

json_t *wr_config_show_json(const struct wr_config *config)
{
	json_t *object = section_json(config, SECTION_TOP, config);
	json_t *consultants = json_object(), *wards = json_object(), *webhooks = json_object();
	for (size_t i = 0; i < config->n_consultants; i++)
		json_object_set_new(consultants, config->consultants[i].id,
		    section_json(config, SECTION_CONSULTANT, &config->consultants[i]));
	for (size_t i = 0; i < config->n_wards; i++)
		json_object_set_new(
		    wards, config->wards[i].id, ward_json(config, &config->wards[i]));
	for (size_t i = 0; i < config->n_webhooks; i++)
		json_object_set_new(webhooks, config->webhooks[i].id,
		    section_json(config, SECTION_WEBHOOK, &config->webhooks[i]));
	json_object_set_new(object, "consultants", consultants);
	json_object_set_new(object, "wards", wards);
	json_object_set_new(
	    object, "reminders", section_json(config, SECTION_REMINDERS, &config->reminders));
	json_object_set_new(object, "webhooks", webhooks);
	return object;
}

/* ---- in config syntax ---- */

static void put_text(const char *text, struct wr_buf *buf)
{
	wr_buf_putc(buf, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			wr_buf_putc(buf, '\\');
		wr_buf_putc(buf, *text);
	}
	wr_buf_putc(buf, '"');
}

static void put_value(const json_t *value, struct wr_buf *buf)
{
	if (json_is_string(value))
		put_text(json_string_value(value), buf);
	else if (json_is_integer(value))
		wr_buf_printf(buf, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		wr_buf_puts(buf, json_is_true(value) ? "true" : "false");
	if (!json_is_array(value))
		return;
	wr_buf_putc(buf, '{');
	for (size_t i = 0; i < json_array_size(value); i++) {
		wr_buf_puts(buf, i > 0 ? ", " : " ");
		put_value(json_array_get(value, i), buf);
	}
	wr_buf_puts(buf, " }");
}

static void put_settings(const struct wr_config *config, enum section_kind kind, const void *base,
    int indent, struct wr_buf *buf)
{
	size_t widest = 0;
	for (size_t i = 0; i < config_settings_n; i++)
		if (config_settings[i].section == kind && strlen(config_settings[i].name) > widest)
			widest = strlen(config_settings[i].name);
	for (size_t i = 0; i < config_settings_n; i++) {
		const struct setting *setting = &config_settings[i];
		if (setting->section != kind)
			continue;
		json_t *value = setting->kind->show(config, (const char *)base + setting->offset);
		wr_buf_printf(buf, "%*s%-*s = ", indent, "", (int)widest, setting->name);
		put_value(value, buf);
		wr_buf_putc(buf, '\n');
		json_decref(value);
	}
}

static void put_section(const struct wr_config *config, enum section_kind kind, const char *id,
    const void *base, int indent, struct wr_buf *buf)
{
	wr_buf_printf(buf, "\n%*s%s%s%s {\n", indent, "", config_sections[kind].name, id ? " " : "",
	    id ? id : "");
	put_settings(config, kind, base, indent + 4, buf);
	if (kind == SECTION_WARD) {
		const struct wr_config_ward *ward = base;
		for (size_t i = 0; i < ward->n_rounds; i++)
			put_section(config, SECTION_ROUND, ward->rounds[i].id, &ward->rounds[i],
			    indent + 4, buf);
	}
	wr_buf_printf(buf, "%*s}\n", indent, "");
}

void wr_config_show(const struct wr_config *config, struct wr_buf *buf)
{
	put_settings(config, SECTION_TOP, config, 0, buf);
	for (size_t i = 0; i < config->n_consultants; i++)
		put_section(config, SECTION_CONSULTANT, config->consultants[i].id,
		    &config->consultants[i], 0, buf);
	for (size_t i = 0; i < config->n_wards; i++)
		put_section(config, SECTION_WARD, config->wards[i].id, &config->wards[i], 0, buf);
	put_section(config, SECTION_REMINDERS, NULL, &config->reminders, 0, buf);
	for (size_t i = 0; i < config->n_webhooks; i++)
		put_section(
		    config, SECTION_WEBHOOK, config->webhooks[i].id, &config->webhooks[i], 0, buf);
}
