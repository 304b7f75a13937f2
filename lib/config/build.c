/*
 * From the tree to the structs: sections are gathered first, so that names can be used before they
 * are written; then each section's fields are read by the settings table. A wrong setting spoils
 * itself only: its field keeps its default and the other settings are read.
 */
#include <stdarg.h>
#include <string.h>

#include "reader.h"

struct entry *config_find_entry(const struct section *section, const char *name)
{
	for (struct entry *entry = section->entries; entry; entry = entry->next)
		if (strcmp(entry->name, name) == 0)
			return entry;
	return NULL;
}

struct place config_place(const struct section *section, const char *name)
{
	const struct entry *entry = config_find_entry(section, name);
	if (entry)
		return entry->value.place;
	return section->title ? section->title_place : section->place;
}

bool config_good(const struct section *section, ...)
{
	bool good = true;
	va_list names;
	va_start(names, section);
	for (const char *name; (name = va_arg(names, const char *));) {
		const struct entry *entry = config_find_entry(section, name);
		good = good && (entry ? !entry->bad
				      : config_find_setting(section->kind, name)->fallback != NULL);
	}
	va_end(names);
	return good;
}

/* ---- one setting ---- */

static const char *value_words(const struct value *value)
{
	switch (value->kind) {
	case VALUE_TEXT:
		return "a text";
	case VALUE_NUMBER:
		return "a number";
	case VALUE_TRUTH:
		return "true or false";
	case VALUE_LIST:
		return "a list";
	case VALUE_BAD:
		break;
	}
	return "this";
}

/* Whether every item of the list has the right kind, and there are neither too few nor too many. */
static bool check_items(
    struct reader *reader, const struct setting *setting, const struct value *list)
{
	bool good = true;
	for (size_t i = 0; i < list->n; i++) {
		if (list->items[i].kind != setting->kind->items) {
			config_error(reader, list->items[i].place, NULL,
			    "`%s` takes %s, and this is %s", setting->name, setting->kind->takes,
			    value_words(&list->items[i]));
			good = false;
		}
	}
	if (list->n < (size_t)setting->min) {
		config_error(reader, list->place, NULL, "`%s` needs at least one", setting->name);
		good = false;
	} else if (list->n > (size_t)setting->max) {
		config_error(reader, list->place, NULL, "`%s` takes at most %d", setting->name,
		    (int)setting->max);
		good = false;
	}
	return good;
}

static bool read_setting(
    struct reader *reader, const struct setting *setting, const struct value *value, void *base)
{
	const struct kind *kind = setting->kind;
	struct value list;
	if (value->kind == VALUE_BAD)
		return false;
	if (kind->shape == VALUE_LIST && kind->single && value->kind == kind->items) {
		list = (struct value){
		    .kind = VALUE_LIST, .place = value->place, .items = value, .n = 1};
		value = &list;
	}
	if (value->kind != kind->shape) {
		bool plain = kind->shape == VALUE_NUMBER || kind->shape == VALUE_TRUTH;
		config_error(reader, value->place,
		    plain ? NULL : wr_arena_printf(reader->arena, "write it like %s", kind->form),
		    "`%s` takes %s, and this is %s", setting->name, kind->takes,
		    value_words(value));
		return false;
	}
	if (kind->shape == VALUE_LIST && !check_items(reader, setting, value))
		return false;
	return kind->read(reader, setting, value, (char *)base + setting->offset);
}

/* ---- the settings of one section ---- */

static const char *section_words(struct reader *reader, const struct section *section)
{
	if (section->kind == SECTION_TOP)
		return "the configuration";
	if (!section->title)
		return wr_arena_printf(reader->arena, "`%s`", section->name);
	return wr_arena_printf(
	    reader->arena, "%s `%s`", section->name, config_quoted(reader, section->title));
}

/* A setting of another section has been put here; else the nearest name of this one. */
static const char *hint_for_unknown(
    struct reader *reader, const struct section *section, const char *name)
{
	const char *words[64] = {0};
	size_t n = 0;
	for (size_t i = 0; i < config_settings_n && n < WR_COUNT(words); i++)
		if (config_settings[i].section == section->kind)
			words[n++] = config_settings[i].name;
	const char *nearest = config_did_you_mean(reader, name, words, n);
	for (size_t i = 0; i < config_settings_n; i++) {
		enum section_kind other = config_settings[i].section;
		if (strcmp(config_settings[i].name, name) != 0)
			continue;
		if (other == SECTION_TOP)
			return "it goes at the top, outside of every section";
		return wr_arena_printf(
		    reader->arena, "it goes inside `%s`", config_sections[other].name);
	}
	return nearest;
}

static void report_twice(
    struct reader *reader, const char *name, struct place again, struct place first)
{
	const char *file = "";
	if (first.source != again.source)
		file = wr_arena_printf(reader->arena, " of %s", reader->sources[first.source].path);
	config_error(
	    reader, again, NULL, "`%s` is given twice, first in line %d%s", name, first.line, file);
}

static void read_entry(struct reader *reader, struct section *section, struct entry *entry,
    const struct entry **seen, void *base)
{
	const struct setting *setting = config_find_setting(section->kind, entry->name);
	entry->bad = true;
	if (!setting) {
		config_error(reader, entry->place, hint_for_unknown(reader, section, entry->name),
		    "there is no setting `%s` in %s", config_quoted(reader, entry->name),
		    section_words(reader, section));
		return;
	}
	const struct entry **first = &seen[setting - config_settings];
	if (*first)
		report_twice(reader, setting->name, entry->place, (*first)->place);
	else
		*first = entry;
	entry->bad = !read_setting(reader, setting, &entry->value, base);
}

/* What was not written, or can't be used, gets its default; so checks find every field set. */
static void fill_default(struct reader *reader, const struct section *section,
    const struct setting *setting, bool written, void *base)
{
	struct place head = section->title ? section->title_place : section->place;
	if (setting->fallback) {
		struct value value = config_parse_default(reader->arena, setting->fallback);
		value.place = head;
		read_setting(reader, setting, &value, base);
	} else if (!written) {
		config_error(reader, head,
		    wr_arena_printf(
			reader->arena, "add `%s = %s`", setting->name, setting->kind->form),
		    "%s lacks `%s`", section_words(reader, section), setting->name);
	}
}

/* Reads all settings of the section into the struct at `base`. */
static void fill(struct reader *reader, struct section *section, void *base)
{
	const struct entry **seen =
	    wr_arena_new(reader->arena, const struct entry *, config_settings_n);
	for (struct entry *entry = section->entries; entry; entry = entry->next)
		read_entry(reader, section, entry, seen, base);
	for (size_t i = 0; i < config_settings_n; i++)
		if (config_settings[i].section == section->kind && (!seen[i] || seen[i]->bad))
			fill_default(reader, section, &config_settings[i], seen[i] != NULL, base);
}

/* ---- sections ---- */

static bool is_id(const char *title)
{
	size_t length = strlen(title);
	return length >= 1 && length <= 32 && title[0] >= 'a' && title[0] <= 'z' &&
	       strspn(title, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

static void check_title(struct reader *reader, struct section *section)
{
	if (!config_sections[section->kind].titled) {
		if (section->title)
			config_error(reader, section->title_place, NULL, "`%s` takes no name",
			    section->name);
		section->title = NULL;
	} else if (!section->title) {
		config_error(reader, section->place,
		    wr_arena_printf(reader->arena, "write `%s name {`", section->name),
		    "this %s has no name", section->name);
	} else if (!is_id(section->title)) {
		config_error(reader, section->title_place, NULL,
		    "a %s's name is small letters, digits, - and _, at most 32, a letter first",
		    section->name);
		section->title = config_quoted(reader, section->title); /* for later messages */
	}
}

/* Gives each section inside `parent` its kind; those that can't be there are reported. */
static void sort_sections(struct reader *reader, struct section *parent)
{
	const char *words[SECTION_KINDS] = {0};
	size_t n = 0;
	for (int kind = 1; kind < SECTION_KINDS; kind++)
		if (config_sections[kind].parent == parent->kind)
			words[n++] = config_sections[kind].name;
	for (struct section *section = parent->sections; section; section = section->next) {
		int kind = 1;
		while (
		    kind < SECTION_KINDS && strcmp(config_sections[kind].name, section->name) != 0)
			kind++;
		if (kind == SECTION_KINDS) {
			config_error(reader, section->place,
			    config_did_you_mean(reader, section->name, words, n),
			    "there is no section `%s`", config_quoted(reader, section->name));
			section->kind = SECTION_TOP;
			continue;
		}
		section->kind = (enum section_kind)kind;
		if (config_sections[kind].parent == parent->kind && parent->place_is_right) {
			section->place_is_right = true;
			check_title(reader, section);
			sort_sections(reader, section);
			continue;
		}
		enum section_kind home = config_sections[kind].parent;
		config_error(reader, section->place,
		    home == SECTION_TOP ? "it goes at the top, outside of every section"
					: "it goes inside `ward`",
		    "`%s` can't stand here", section->name);
	}
}

/* The sections of one kind in `parent`, each name once; twins are read for their mistakes only. */
static struct section **gather(
    struct reader *reader, struct section *parent, enum section_kind kind, size_t *ret_n)
{
	size_t n = 0, all = 0;
	for (struct section *section = parent->sections; section; section = section->next)
		all += section->place_is_right && section->kind == kind;
	struct section **sections = wr_arena_new(reader->arena, struct section *, all);
	for (struct section *section = parent->sections; section; section = section->next) {
		if (!section->place_is_right || section->kind != kind)
			continue;
		size_t i = 0;
		while (i < n && !wr_text_equal(sections[i]->title, section->title))
			i++;
		if (i < n && (section->title || !config_sections[kind].titled))
			report_twice(reader,
			    section->title ? wr_arena_printf(reader->arena, "%s %s", section->name,
						 config_quoted(reader, section->title))
					   : section->name,
			    section->place, sections[i]->place);
		else
			sections[n++] = section;
	}
	*ret_n = n;
	return sections;
}

static const char *id_of(const struct section *section)
{
	return section->title ? section->title : "";
}

static void build_rounds(struct reader *reader, size_t ward)
{
	size_t n;
	struct section **sections = gather(reader, reader->ward_sections[ward], SECTION_ROUND, &n);
	struct wr_config_round *rounds = wr_arena_new(reader->arena, struct wr_config_round, n);
	for (size_t i = 0; i < n; i++) {
		rounds[i].id = id_of(sections[i]);
		fill(reader, sections[i], &rounds[i]);
	}
	reader->round_sections[ward] = sections;
	reader->rounds[ward] = rounds;
	reader->wards[ward].rounds = rounds;
	reader->wards[ward].n_rounds = n;
}

static void gather_all(struct reader *reader)
{
	struct wr_config *config = reader->config;
	struct wr_arena *arena = reader->arena;
	reader->consultant_sections =
	    gather(reader, reader->top, SECTION_CONSULTANT, &config->n_consultants);
	reader->ward_sections = gather(reader, reader->top, SECTION_WARD, &config->n_wards);
	reader->webhook_sections =
	    gather(reader, reader->top, SECTION_WEBHOOK, &config->n_webhooks);
	reader->consultants =
	    wr_arena_new(arena, struct wr_config_consultant, config->n_consultants);
	reader->wards = wr_arena_new(arena, struct wr_config_ward, config->n_wards);
	reader->webhooks = wr_arena_new(arena, struct wr_config_webhook, config->n_webhooks);
	reader->rounds = wr_arena_new(arena, struct wr_config_round *, config->n_wards);
	reader->round_sections = wr_arena_new(arena, struct section **, config->n_wards);
	config->consultants = reader->consultants;
	config->wards = reader->wards;
	config->webhooks = reader->webhooks;
	for (size_t i = 0; i < config->n_consultants; i++)
		reader->consultants[i].id = id_of(reader->consultant_sections[i]);
	for (size_t i = 0; i < config->n_wards; i++)
		reader->wards[i].id = id_of(reader->ward_sections[i]);
	for (size_t i = 0; i < config->n_webhooks; i++)
		reader->webhooks[i].id = id_of(reader->webhook_sections[i]);
}

static void build_ward(struct reader *reader, size_t i)
{
	struct wr_config_ward *ward = &reader->wards[i];
	fill(reader, reader->ward_sections[i], ward);
	if (ward->plan.by_hand || ward->publish.by_hand)
		ward->plan = ward->publish = (struct wr_weekly){.by_hand = true};
	build_rounds(reader, i);
}

static void build_reminders(struct reader *reader)
{
	size_t n;
	struct section **sections = gather(reader, reader->top, SECTION_REMINDERS, &n);
	struct section *section =
	    n > 0 ? sections[0] : config_section_new(reader->arena, "reminders");
	section->kind = SECTION_REMINDERS;
	fill(reader, section, &reader->config->reminders);
}

static void build_webhook(struct reader *reader, size_t i)
{
	struct wr_config_webhook *webhook = &reader->webhooks[i];
	fill(reader, reader->webhook_sections[i], webhook);
	if (webhook->format >= WR_FORMAT_NTFY &&
	    !config_find_entry(reader->webhook_sections[i], "events"))
		webhook->events = WR_EVENTS_STAFF;
}

void config_build(struct reader *reader)
{
	reader->top->kind = SECTION_TOP;
	reader->top->place_is_right = true;
	sort_sections(reader, reader->top);
	gather_all(reader);
	fill(reader, reader->top, reader->config);
	for (size_t i = 0; i < reader->config->n_consultants; i++)
		fill(reader, reader->consultant_sections[i], &reader->consultants[i]);
	for (size_t i = 0; i < reader->config->n_wards; i++)
		build_ward(reader, i);
	build_reminders(reader);
	for (size_t i = 0; i < reader->config->n_webhooks; i++)
		build_webhook(reader, i);
}
