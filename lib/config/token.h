/*
 * The words and signs of a config text, one after the other, for parse.c.
 */
#ifndef WARDROUND_CONFIG_TOKEN_H
#define WARDROUND_CONFIG_TOKEN_H

#include "reader.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME, /* a bare word that can be a key */
	TOKEN_BARE, /* any other bare word: only fit to be quoted */
	TOKEN_NUMBER,
	TOKEN_TEXT,
	TOKEN_EQUALS,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_JUNK,
};

struct token {
	enum token_kind kind;
	struct place place;
	bool bad; /* a text that was reported */
};

struct parser {
	struct reader *reader; /* NULL while looking ahead: then nothing is reported */
	struct wr_arena *arena;
	const char *bytes;
	size_t length, at;
	int source, line;
	struct token token; /* the next one, not yet taken */
};

/* Takes the next token; a text without an end is reported. */
void config_token_next(struct parser *parser);
/* The one behind it; nothing is taken or reported. */
struct token config_token_second(const struct parser *parser);
/* Its bytes as they stand; in the arena. */
const char *config_token_word(struct parser *parser, struct token token);
/* What it is, for messages. */
const char *config_token_describe(struct parser *parser, struct token token);

#endif
