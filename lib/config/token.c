#include <string.h>

#include "token.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c) || (c && strchr("_-./:+@%*", c)) ||
	       ((unsigned char)c & 0x80);
}

static void skip_blank(struct parser *parser)
{
	for (; parser->at < parser->length; parser->at++) {
		char c = parser->bytes[parser->at];
		if (c == '#') {
			while (parser->at + 1 < parser->length &&
			       parser->bytes[parser->at + 1] != '\n')
				parser->at++;
		} else if (c == '\n') {
			parser->line++;
		} else if (c != ' ' && c != '\t' && c != '\r') {
			return;
		}
	}
}

static void read_text(struct parser *parser)
{
	struct token *token = &parser->token;
	const char *bytes = parser->bytes;
	size_t at = token->place.start + 1;
	while (at < parser->length && bytes[at] != '"' && bytes[at] != '\n')
		at += bytes[at] == '\\' && at + 1 < parser->length && bytes[at + 1] != '\n' ? 2 : 1;
	bool closed = at < parser->length && bytes[at] == '"';
	token->kind = TOKEN_TEXT;
	token->place.length = at + closed - token->place.start;
	parser->at = at + closed;
	if (closed)
		return;
	token->bad = true;
	if (parser->reader)
		config_error(parser->reader, token->place,
		    "a text ends with \" on the line it began on", "this text is never closed");
}

static enum token_kind word_kind(const char *word, size_t length)
{
	size_t sign = word[0] == '-' && length > 1, digits = sign, names = 0;
	while (digits < length && is_digit(word[digits]))
		digits++;
	if (digits == length)
		return TOKEN_NUMBER;
	while (names < length &&
	       (is_letter(word[names]) || is_digit(word[names]) || strchr("_-", word[names])))
		names++;
	return names == length && is_letter(word[0]) ? TOKEN_NAME : TOKEN_BARE;
}

static enum token_kind punctuation(char c)
{
	switch (c) {
	case '=':
		return TOKEN_EQUALS;
	case '{':
		return TOKEN_OPEN;
	case '}':
		return TOKEN_CLOSE;
	case ',':
		return TOKEN_COMMA;
	default:
		return TOKEN_JUNK;
	}
}

void config_token_next(struct parser *parser)
{
	skip_blank(parser);
	struct token *token = &parser->token;
	*token = (struct token){.place = {
				    .source = parser->source,
				    .line = parser->line,
				    .start = parser->at,
				}};
	if (parser->at >= parser->length)
		return;
	const char *at = parser->bytes + parser->at;
	if (*at == '"') {
		read_text(parser);
		return;
	}
	size_t length = 0;
	while (parser->at + length < parser->length && is_word(at[length]))
		length++;
	token->kind = length > 0 ? word_kind(at, length) : punctuation(*at);
	token->place.length = length > 0 ? length : 1;
	parser->at += token->place.length;
}

struct token config_token_second(const struct parser *parser)
{
	struct parser ahead = *parser;
	ahead.reader = NULL;
	config_token_next(&ahead);
	return ahead.token;
}

const char *config_token_word(struct parser *parser, struct token token)
{
	return wr_arena_strndup(
	    parser->arena, parser->bytes + token.place.start, token.place.length);
}

const char *config_token_describe(struct parser *parser, struct token token)
{
	if (token.kind == TOKEN_END)
		return "the end of the file";
	if (token.kind == TOKEN_TEXT)
		return "a text";
	const char *word = config_quoted(parser->reader, config_token_word(parser, token));
	return wr_arena_printf(parser->arena, "`%s`", word);
}
