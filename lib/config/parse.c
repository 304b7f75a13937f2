/*
 * From text to tree. The language: `key = value`, `section title { ... }`, `#` comments; values are
 * "texts" (with \" and \\), whole numbers, true, false and lists { "a", "b" }. Nothing expands and
 * nothing is included.
 *
 * After a mistake it goes on where the admin most likely went on: a missing value, brace or comma
 * is taken as given when what follows fits, else the rest of the line is passed over.
 */
#include <string.h>

#include "token.h"

enum { DEPTH_MAX = 8, SECTIONS_MAX = 4096 };

/* ---- recovery ---- */

static void skip_line(struct parser *parser, int line)
{
	while (parser->token.kind != TOKEN_END && parser->token.kind != TOKEN_CLOSE &&
	       parser->token.place.line == line)
		config_token_next(parser);
}

/* ---- values ---- */

static bool same_line(struct place a, struct place b)
{
	return a.source == b.source && a.line == b.line;
}

static bool is_bare(enum token_kind kind)
{
	return kind == TOKEN_NAME || kind == TOKEN_BARE || kind == TOKEN_NUMBER;
}

/* The text between the quotes, \" and \\ undone. */
static void unescape(struct parser *parser, struct value *value)
{
	const char *from = parser->bytes + value->place.start + 1,
		   *end = parser->bytes + value->place.start + value->place.length - 1;
	char *text = wr_arena_alloc(parser->arena, value->place.length, 1), *to = text;
	value->text = text;
	if (!wr_text_is_printable(from, (size_t)(end - from))) {
		bool utf8 = wr_text_is_utf8(from, (size_t)(end - from));
		value->kind = VALUE_BAD;
		if (parser->reader && utf8)
			config_error(parser->reader, value->place,
			    "take tabs and the like out of it",
			    "this text holds a control character");
		return; /* what is no UTF-8 was reported with its line */
	}
	for (; from < end; from++) {
		if (*from == '\\' && from + 1 < end && (from[1] == '"' || from[1] == '\\')) {
			from++;
		} else if (*from == '\\') {
			value->kind = VALUE_BAD;
			if (parser->reader)
				config_error(parser->reader, value->place,
				    "write \\\\ for one backslash and \\\" for a quote",
				    "this text has a backslash that stands for nothing");
			return;
		}
		*to++ = *from;
	}
}

static bool word_is(const struct parser *parser, struct token token, const char *word)
{
	return token.place.length == strlen(word) &&
	       memcmp(parser->bytes + token.place.start, word, token.place.length) == 0;
}

/* A text without quotes: all bare words up to what begins something else, reported as one. */
static struct value parse_bare(struct parser *parser)
{
	struct value value = {.kind = VALUE_BAD, .place = parser->token.place};
	const char *word = config_token_word(parser, parser->token);
	static const char *const truths[] = {
	    "yes", "no", "on", "off", "True", "False", "TRUE", "FALSE"};
	bool like_truth = false;
	for (size_t i = 0; i < WR_COUNT(truths); i++)
		like_truth = like_truth || strcmp(word, truths[i]) == 0;
	for (;;) {
		value.place.length =
		    parser->token.place.start + parser->token.place.length - value.place.start;
		config_token_next(parser);
		if (!is_bare(parser->token.kind) || !same_line(parser->token.place, value.place))
			break;
		enum token_kind after = config_token_second(parser).kind;
		if (parser->token.kind == TOKEN_NAME &&
		    (after == TOKEN_EQUALS || after == TOKEN_OPEN))
			break;
	}
	if (!parser->reader)
		return value;
	if (like_truth) {
		config_error(parser->reader, value.place,
		    wr_arena_printf(
			parser->arena, "write true or false, or \"%s\" if a text is meant", word),
		    "`%s` is no value", word);
		return value;
	}
	const char *all = config_quoted(parser->reader,
	    wr_arena_strndup(parser->arena, parser->bytes + value.place.start, value.place.length));
	config_error(parser->reader, value.place,
	    wr_arena_printf(parser->arena, "write \"%s\"", all), "a text needs quotes");
	return value;
}

static struct value parse_number(struct parser *parser)
{
	struct token token = parser->token, after = config_token_second(parser);
	if (is_bare(after.kind) && same_line(token.place, after.place)) {
		struct parser ahead = *parser;
		ahead.reader = NULL;
		config_token_next(&ahead);
		enum token_kind third = config_token_second(&ahead).kind;
		if (third != TOKEN_EQUALS && third != TOKEN_OPEN)
			return parse_bare(parser); /* 25 minutes */
	}
	struct value value = {.kind = VALUE_NUMBER, .place = token.place};
	config_token_next(parser);
	if (wr_text_int(
		config_token_word(parser, token), INT64_MIN / 2, INT64_MAX / 2, &value.number)) {
		value.kind = VALUE_BAD;
		if (parser->reader)
			config_error(parser->reader, token.place, NULL, "this number is too large");
	}
	return value;
}

static struct value parse_single(struct parser *parser)
{
	struct token token = parser->token;
	struct value value = {.kind = VALUE_BAD, .place = token.place};
	if (token.kind == TOKEN_TEXT) {
		value.kind = token.bad ? VALUE_BAD : VALUE_TEXT;
		if (!token.bad)
			unescape(parser, &value);
		config_token_next(parser);
	} else if (token.kind == TOKEN_NUMBER) {
		return parse_number(parser);
	} else if (word_is(parser, token, "true") || word_is(parser, token, "false")) {
		value.kind = VALUE_TRUTH;
		value.truth = word_is(parser, token, "true");
		config_token_next(parser);
	} else {
		return parse_bare(parser);
	}
	return value;
}

/* Passes over a list in a list. */
static void skip_braces(struct parser *parser)
{
	size_t depth = 0;
	do {
		if (parser->token.kind == TOKEN_OPEN)
			depth++;
		else if (parser->token.kind == TOKEN_CLOSE)
			depth--;
		config_token_next(parser);
	} while (depth > 0 && parser->token.kind != TOKEN_END);
}

/* Whether the next token begins a new setting or section, so that a list must have ended. */
static bool statement_begins(const struct parser *parser, struct place list)
{
	if (parser->token.kind == TOKEN_END)
		return true;
	if (parser->token.kind != TOKEN_NAME)
		return false;
	enum token_kind second = config_token_second(parser).kind;
	return second == TOKEN_EQUALS ||
	       (!same_line(parser->token.place, list) && second == TOKEN_OPEN);
}

struct items {
	struct value *values;
	size_t n, capacity;
};

static void add_item(struct parser *parser, struct items *items, struct value value)
{
	if (items->n == items->capacity) {
		size_t capacity = items->capacity ? 2 * items->capacity : 4;
		struct value *values = wr_arena_new(parser->arena, struct value, capacity);
		if (items->n > 0)
			memcpy(values, items->values, items->n * sizeof(*values));
		items->values = values;
		items->capacity = capacity;
	}
	items->values[items->n++] = value;
}

static void pass_comma(struct parser *parser, struct value *list)
{
	if (parser->token.kind == TOKEN_COMMA) {
		config_token_next(parser);
		return;
	}
	if (parser->token.kind == TOKEN_CLOSE || statement_begins(parser, list->place))
		return;
	list->kind = VALUE_BAD;
	if (parser->reader)
		config_error(parser->reader, parser->token.place, NULL,
		    "expected `,` or `}` in this list, not %s",
		    config_token_describe(parser, parser->token));
	if (!is_bare(parser->token.kind) && parser->token.kind != TOKEN_TEXT)
		config_token_next(parser);
}

static struct value parse_list(struct parser *parser)
{
	struct value list = {.kind = VALUE_LIST, .place = parser->token.place};
	struct items items = {0};
	config_token_next(parser);
	while (parser->token.kind != TOKEN_CLOSE) {
		if (statement_begins(parser, list.place)) {
			list.kind = VALUE_BAD;
			if (parser->reader)
				config_error(parser->reader, list.place, "close it with `}`",
				    "this list is never closed");
			return list;
		}
		if (parser->token.kind == TOKEN_OPEN) {
			list.kind = VALUE_BAD;
			if (parser->reader)
				config_error(parser->reader, parser->token.place, NULL,
				    "a list can't hold a list");
			skip_braces(parser);
		} else if (is_bare(parser->token.kind) || parser->token.kind == TOKEN_TEXT) {
			add_item(parser, &items, parse_single(parser));
			if (items.values[items.n - 1].kind == VALUE_BAD)
				list.kind = VALUE_BAD;
		} else {
			list.kind = VALUE_BAD;
			if (parser->reader)
				config_error(parser->reader, parser->token.place, NULL,
				    "expected a value, not %s",
				    config_token_describe(parser, parser->token));
			config_token_next(parser);
			continue;
		}
		pass_comma(parser, &list);
	}
	if (same_line(parser->token.place, list.place))
		list.place.length =
		    parser->token.place.start + parser->token.place.length - list.place.start;
	config_token_next(parser);
	list.items = items.values;
	list.n = items.n;
	return list;
}

static struct value parse_value(struct parser *parser)
{
	if (parser->token.kind == TOKEN_OPEN)
		return parse_list(parser);
	return parse_single(parser);
}

struct value config_parse_default(struct wr_arena *arena, const char *text)
{
	struct parser parser = {
	    .arena = arena, .bytes = text, .length = strlen(text), .source = -1, .line = 1};
	config_token_next(&parser);
	return parse_value(&parser);
}

/* ---- sections ---- */

struct section *config_section_new(struct wr_arena *arena, const char *name)
{
	struct section *section = wr_arena_new(arena, struct section, 1);
	section->name = name;
	section->place = (struct place){.source = -1};
	section->title_place = section->place;
	section->entries_end = &section->entries;
	section->sections_end = &section->sections;
	return section;
}

static void parse_entries(struct parser *parser, struct section *section, int depth);

/* The next token is the value, or shows that it is missing. */
static void parse_entry(struct parser *parser, struct section *section, struct token name)
{
	struct entry *entry = wr_arena_new(parser->arena, struct entry, 1);
	entry->name = config_token_word(parser, name);
	entry->place = name.place;
	struct token token = parser->token;
	bool missing =
	    !(is_bare(token.kind) || token.kind == TOKEN_TEXT || token.kind == TOKEN_OPEN);
	if (token.kind == TOKEN_NAME && config_token_second(parser).kind == TOKEN_EQUALS)
		missing = true;
	if (missing) {
		entry->value = (struct value){.place = name.place};
		config_error(parser->reader, name.place, NULL, "`%s` has no value",
		    config_quoted(parser->reader, entry->name));
		if (token.kind == TOKEN_JUNK || token.kind == TOKEN_COMMA ||
		    token.kind == TOKEN_EQUALS)
			skip_line(parser, name.place.line);
	} else {
		entry->value = parse_value(parser);
	}
	*section->entries_end = entry;
	section->entries_end = &entry->next;
}

static void parse_section(
    struct parser *parser, struct section *parent, struct token name, int depth)
{
	struct section *section =
	    config_section_new(parser->arena, config_token_word(parser, name));
	section->place = name.place;
	section->parent = parent;
	if (parser->token.kind != TOKEN_OPEN) {
		struct token title = parser->token;
		section->title_place = title.place;
		if (title.kind == TOKEN_TEXT) {
			struct value value = parse_single(parser);
			section->title = value.kind == VALUE_TEXT ? value.text : "";
		} else {
			section->title = config_token_word(parser, title);
			config_token_next(parser);
		}
	}
	if (parser->token.kind == TOKEN_OPEN)
		config_token_next(parser);
	else
		config_error(parser->reader, section->place, NULL, "expected `{` after `%s%s%s`",
		    config_quoted(parser->reader, section->name), section->title ? " " : "",
		    section->title ? config_quoted(parser->reader, section->title) : "");
	if (parser->reader->n_sections++ < SECTIONS_MAX) {
		*parent->sections_end = section;
		parent->sections_end = &section->next;
	} else if (parser->reader->n_sections == SECTIONS_MAX + 1) {
		config_error(parser->reader, section->place, NULL,
		    "more than %d sections are not read", SECTIONS_MAX);
	}
	parse_entries(parser, section, depth + 1);
}

/* What begins with a name: a setting or a section. */
static void parse_statement(struct parser *parser, struct section *section, int depth)
{
	struct token name = parser->token;
	config_token_next(parser);
	struct token token = parser->token;
	if (token.kind == TOKEN_EQUALS) {
		config_token_next(parser);
		parse_entry(parser, section, name);
		return;
	}
	bool titled =
	    (is_bare(token.kind) || token.kind == TOKEN_TEXT) && same_line(name.place, token.place);
	enum token_kind second = titled ? config_token_second(parser).kind : TOKEN_END;
	bool opens = token.kind == TOKEN_OPEN || second == TOKEN_OPEN;
	for (int kind = 1; kind < SECTION_KINDS && titled; kind++)
		opens = opens || (second == TOKEN_NAME && token.kind == TOKEN_NAME &&
				     word_is(parser, name, config_sections[kind].name));
	if (opens && depth < DEPTH_MAX) {
		parse_section(parser, section, name, depth);
		return;
	}
	if (opens) {
		config_error(parser->reader, name.place, NULL, "sections this deep are not read");
		while (parser->token.kind != TOKEN_OPEN && parser->token.kind != TOKEN_END)
			config_token_next(parser);
		skip_braces(parser);
		return;
	}
	const char *word = config_quoted(parser->reader, config_token_word(parser, name));
	config_error(parser->reader, name.place, NULL, "expected `=` after `%s`", word);
	if (titled && second != TOKEN_EQUALS)
		parse_entry(parser, section, name);
	else if (token.kind == TOKEN_COMMA || token.kind == TOKEN_JUNK)
		skip_line(parser, name.place.line);
}

/* Until the `}` of the section, or the end of the file. */
static void parse_entries(struct parser *parser, struct section *section, int depth)
{
	for (;;) {
		struct token token = parser->token;
		if (token.kind == TOKEN_NAME) {
			parse_statement(parser, section, depth);
		} else if (token.kind == TOKEN_CLOSE && depth > 0) {
			config_token_next(parser);
			return;
		} else if (token.kind == TOKEN_CLOSE) {
			config_error(parser->reader, token.place, NULL, "this `}` closes nothing");
			config_token_next(parser);
		} else if (token.kind == TOKEN_END) {
			if (depth > 0)
				config_error(parser->reader, section->place, "close it with `}`",
				    "this section is never closed");
			return;
		} else {
			config_error(parser->reader, token.place, NULL,
			    "expected a setting or a section, not %s",
			    config_token_describe(parser, token));
			config_token_next(parser);
			skip_line(parser, token.place.line);
		}
	}
}

/* One report for each line that is not UTF-8, at its first wrong byte. */
static void check_encoding(struct parser *parser)
{
	struct place place = {.source = parser->source, .line = 1, .length = 1};
	bool valid = true, reported = false;
	for (size_t step; place.start < parser->length; place.start += step) {
		step = config_character(
		    parser->bytes + place.start, parser->length - place.start, &valid);
		if (!valid && !reported)
			config_error(parser->reader, place, "save the file as UTF-8",
			    "this line is not UTF-8");
		reported = reported || !valid;
		if (parser->bytes[place.start] == '\n') {
			place.line++;
			reported = false;
		}
	}
}

void config_parse(struct reader *reader, int source, struct section *top)
{
	const struct wr_config_source *text = &reader->sources[source];
	struct parser parser = {.reader = reader,
	    .arena = reader->arena,
	    .bytes = text->bytes,
	    .length = text->length,
	    .source = source,
	    .line = 1};
	struct place start = {.source = source, .line = 1};
	if (text->length > WR_CONFIG_SOURCE_MAX) {
		config_error(reader, start, NULL, "a config file over %d KiB is not read",
		    WR_CONFIG_SOURCE_MAX / 1024);
		return;
	}
	check_encoding(&parser);
	if (text->length >= 3 && memcmp(text->bytes, "\xef\xbb\xbf", 3) == 0)
		parser.at = 3;
	config_token_next(&parser);
	parse_entries(&parser, top, 0);
}
