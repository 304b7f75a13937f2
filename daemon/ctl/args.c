/*
 * The command line, read by the table: [global options] noun verb [arguments and options], where
 * options stand anywhere. Each mistake is said with the nearest word that would have been right.
 */
#include "ctl.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	int n, at;
	char **words;
	struct wr_ctl_call *call;
	const char *noun;
	bool help;
	bool options_ended; /* after "--" */
};

/* Words made for a hint live as long as the call. */
static const char *kept(struct reader *reader, struct wr_buf *buf)
{
	const char *text = wr_arena_strndup(&reader->call->arena, wr_buf_text(buf), buf->length);
	wr_buf_deinit(buf);
	return text;
}

static bool is_last_noun(const struct wr_ctl_noun *noun)
{
	return !noun->name;
}

const struct wr_ctl_noun *wr_ctl_find_noun(const char *name)
{
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; !is_last_noun(noun); noun++)
		if (wr_text_equal(noun->name, name))
			return noun;
	return NULL;
}

static const struct wr_ctl_verb *find_verb(const char *noun, const char *name)
{
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (wr_text_equal(verb->noun, noun) && wr_text_equal(verb->verb, name) &&
		    !(verb->flags & WR_CTL_NOUN_ONLY))
			return verb;
	return NULL;
}

/* The verb meant when only the noun is given, or NULL. */
static const struct wr_ctl_verb *default_verb(const char *noun)
{
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (wr_text_equal(verb->noun, noun) && verb->flags & WR_CTL_DEFAULT)
			return verb;
	return NULL;
}

static const char *verb_list(struct reader *reader, const char *noun)
{
	struct wr_buf list = {0};
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (wr_text_equal(verb->noun, noun) && !(verb->flags & WR_CTL_NOUN_ONLY))
			wr_buf_printf(&list, "%s%s", list.length ? ", " : "", verb->verb);
	return kept(reader, &list);
}

/* "did you mean `x`?" out of candidates, or `otherwise`. Lives until exit. */
static const char *hint_nearest(struct reader *reader, const char *word,
    const char *const *candidates, size_t n, const char *prefix, const char *otherwise)
{
	const char *nearest = wr_text_nearest(word, candidates, n);
	if (!nearest)
		return otherwise;
	struct wr_buf hint = {0};
	wr_buf_printf(&hint, "did you mean `%s%s`?", prefix, nearest);
	if (otherwise)
		wr_buf_printf(&hint, " (%s)", otherwise);
	return kept(reader, &hint);
}

static const char *see_help(struct reader *reader, const struct wr_ctl_verb *verb)
{
	struct wr_buf hint = {0};
	if (!verb)
		return "see `wardctl help`";
	wr_buf_printf(&hint, "see `wardctl %s%s%s --help`", verb->noun,
	    verb->flags & WR_CTL_NOUN_ONLY ? "" : " ",
	    verb->flags & WR_CTL_NOUN_ONLY ? "" : verb->verb);
	return kept(reader, &hint);
}

/* Says the mistake; the exit code is never 0. */
#define SAY(reader, hint, ...)                                                                     \
	wr_ctl_fail(&(reader)->call->globals, WR_CTL_USAGE, (hint), __VA_ARGS__)
#define BAD(reader, hint, ...) (SAY(reader, hint, __VA_ARGS__) == 0)

/* ---- words ---- */

static bool unknown_noun(struct reader *reader, const char *word)
{
	const char *names[64];
	size_t n = 0;
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; !is_last_noun(noun); noun++)
		names[n++] = noun->name;
	return BAD(reader,
	    hint_nearest(reader, word, names, n, "", "`wardctl help` lists what there is"),
	    "wardctl knows no `%s`", word);
}

static bool unknown_verb(struct reader *reader, const char *word)
{
	const char *names[32];
	size_t n = 0;
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (wr_text_equal(verb->noun, reader->noun) && !(verb->flags & WR_CTL_NOUN_ONLY))
			names[n++] = verb->verb;
	struct wr_buf list = {0};
	wr_buf_printf(&list, "`%s` goes with: %s", reader->noun, verb_list(reader, reader->noun));
	return BAD(reader, hint_nearest(reader, word, names, n, "", kept(reader, &list)),
	    "`%s` has no verb `%s`", reader->noun, word);
}

static bool take_noun(struct reader *reader, const char *word)
{
	if (wr_text_equal(word, "help")) {
		reader->help = true;
		return true;
	}
	const struct wr_ctl_verb *alone = default_verb(word);
	if (!wr_ctl_find_noun(word) && !alone)
		return unknown_noun(reader, word);
	reader->noun = word;
	if (alone && alone->flags & WR_CTL_NOUN_ONLY)
		reader->call->verb = alone;
	return true;
}

static bool take_verb(struct reader *reader, const char *word)
{
	if (wr_text_equal(word, "help")) {
		reader->help = true;
		return true;
	}
	reader->call->verb = find_verb(reader->noun, word);
	return reader->call->verb || unknown_verb(reader, word);
}

/* ---- values ---- */

static char *json_name(const char *name)
{
	char *copy = wr_strdup(name);
	for (char *c = copy; *c; c++)
		if (*c == '-')
			*c = '_';
	return copy;
}

static const char *shown_name(struct reader *reader, const struct wr_ctl_arg *arg)
{
	struct wr_buf name = {0};
	if (arg->flags & WR_CTL_POSITIONAL)
		wr_buf_puts(&name, arg->value);
	else
		wr_buf_printf(&name, "--%s", arg->name);
	return kept(reader, &name);
}

static bool given(const struct wr_ctl_call *call, const struct wr_ctl_arg *arg)
{
	char *name = json_name(arg->name);
	bool is = json_object_get(call->args, name);
	free(name);
	return is;
}

static bool word_is_among(struct reader *reader, const char *word, const char *words,
    const char *names[16], size_t *ret_n)
{
	bool among = false;
	char *list = wr_arena_strdup(&reader->call->arena, words), *rest = list;
	for (char *name; (name = strsep(&rest, "|"));) {
		names[(*ret_n)++] = name;
		among |= wr_text_equal(name, word);
	}
	return among;
}

static bool check_word(struct reader *reader, const struct wr_ctl_arg *arg, const char *text)
{
	const char *names[16];
	size_t n = 0;
	/* an option that may be left out may be emptied too */
	if (word_is_among(reader, text, arg->words, names, &n) ||
	    (!*text && !(arg->flags & WR_CTL_MUST)))
		return true;
	struct wr_buf list = {0};
	wr_buf_puts(&list, "one of ");
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
	return BAD(reader, hint_nearest(reader, text, names, n, "", kept(reader, &list)),
	    "%s can't be `%s`", shown_name(reader, arg), text);
}

static json_t *flag_value(const char *text)
{
	if (!text || wr_text_equal(text, "yes") || wr_text_equal(text, "true"))
		return json_true();
	if (wr_text_equal(text, "no") || wr_text_equal(text, "false"))
		return json_false();
	return NULL;
}

/* The value as the route wants it, or NULL after saying why not. */
static json_t *read_value(struct reader *reader, const struct wr_ctl_arg *arg, const char *text)
{
	int64_t number;
	json_t *value;
	switch (arg->kind) {
	case WR_CTL_FLAG:
		value = flag_value(text);
		if (!value)
			SAY(reader, "--option alone, or with =yes or =no",
			    "%s takes no value but yes or no", shown_name(reader, arg));
		return value;
	case WR_CTL_NUMBER:
		if (wr_text_int(text, arg->min, arg->max, &number)) {
			struct wr_buf hint = {0};
			wr_buf_printf(&hint, "a whole number from %d to %d", arg->min, arg->max);
			SAY(reader, kept(reader, &hint), "%s can't be `%s`",
			    shown_name(reader, arg), text);
			return NULL;
		}
		return json_integer(number);
	case WR_CTL_WORD:
		if (!check_word(reader, arg, text))
			return NULL;
		break;
	case WR_CTL_TEXT:
	case WR_CTL_LIST:
	case WR_CTL_FILE:
		break;
	}
	value = json_string(text);
	if (!value)
		SAY(reader, "texts are UTF-8", "%s is not valid UTF-8", shown_name(reader, arg));
	return value;
}

static bool set_value(struct reader *reader, const struct wr_ctl_arg *arg, const char *text)
{
	struct wr_ctl_call *call = reader->call;
	if (arg->kind != WR_CTL_LIST && given(call, arg))
		return BAD(reader, "give it once", "%s is given twice", shown_name(reader, arg));
	json_t *value = read_value(reader, arg, text);
	if (!value)
		return false;
	char *name = json_name(arg->name);
	if (arg->kind == WR_CTL_LIST) {
		json_t *list = json_object_get(call->args, name);
		if (!list) {
			list = json_array();
			json_object_set_new(call->args, name, list);
		}
		json_array_append_new(list, value);
	} else {
		json_object_set_new(call->args, name, value);
	}
	free(name);
	return true;
}

static bool set_global(struct reader *reader, const struct wr_ctl_arg *arg, const char *text)
{
	struct wr_ctl_globals *globals = &reader->call->globals;
	json_t *value = read_value(reader, arg, text);
	if (!value)
		return false;
	bool on = json_is_true(value);
	json_decref(value);
	if (wr_text_equal(arg->name, "socket"))
		globals->socket = text;
	else if (wr_text_equal(arg->name, "json"))
		globals->json = on;
	else if (wr_text_equal(arg->name, "dry-run"))
		globals->dry_run = on;
	else if (wr_text_equal(arg->name, "yes"))
		globals->yes = on;
	else if (wr_text_equal(arg->name, "reason"))
		globals->reason = text;
	else if (wr_text_equal(arg->name, "quiet"))
		globals->quiet = on;
	else if (wr_text_equal(arg->name, "key"))
		globals->key = text;
	return true;
}

/* ---- options ---- */

static const struct wr_ctl_arg *find_option(
    const struct wr_ctl_arg *args, const char *name, size_t length)
{
	for (; args && args->name; args++)
		if (!(args->flags & WR_CTL_POSITIONAL) && strlen(args->name) == length &&
		    memcmp(args->name, name, length) == 0)
			return args;
	return NULL;
}

static bool unknown_option(struct reader *reader, const char *word, size_t length)
{
	const struct wr_ctl_verb *verb = reader->call->verb;
	const char *names[64];
	size_t n = 0;
	for (const struct wr_ctl_arg *arg = wr_ctl_global_args; arg->name; arg++)
		names[n++] = arg->name;
	for (const struct wr_ctl_arg *arg = verb ? verb->args : NULL; arg && arg->name; arg++)
		if (!(arg->flags & WR_CTL_POSITIONAL))
			names[n++] = arg->name;
	const char *name = wr_arena_strndup(&reader->call->arena, word, length);
	const char *hint = hint_nearest(reader, name, names, n, "--", see_help(reader, verb));
	if (!verb)
		return BAD(reader, hint, "`--%s` is no option that goes before a verb", name);
	bool alone = verb->flags & WR_CTL_NOUN_ONLY;
	return BAD(reader, hint, "`%s%s%s` has no option `--%s`", verb->noun, alone ? "" : " ",
	    alone ? "" : verb->verb, name);
}

/* The text of an option that wants one: behind '=', or the next word. */
static bool take_text(struct reader *reader, const struct wr_ctl_arg *arg, const char **text)
{
	if (*text)
		return true;
	const char *next = reader->at < reader->n ? reader->words[reader->at] : NULL;
	if (!next)
		return BAD(reader, see_help(reader, reader->call->verb),
		    "--%s needs a value: --%s %s", arg->name, arg->name, arg->value);
	if (wr_text_starts(next, "--"))
		return BAD(reader, "a value that begins with -- is written --option=VALUE",
		    "--%s needs a value, but `%s` follows", arg->name, next);
	reader->at++;
	*text = next;
	return true;
}

static bool take_option(struct reader *reader, const char *word)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const char *text = name[length] ? name + length + 1 : NULL;

	if (length == 4 && memcmp(name, "help", 4) == 0) {
		reader->help = true;
		return true;
	}
	if (!reader->noun && length == 7 && memcmp(name, "version", 7) == 0)
		return take_noun(reader, "version");
	if (!reader->call->verb && reader->noun)
		reader->call->verb = default_verb(reader->noun);
	const struct wr_ctl_arg *global = find_option(wr_ctl_global_args, name, length);
	const struct wr_ctl_verb *verb = reader->call->verb;
	const struct wr_ctl_arg *arg = global ? global
	                               : verb ? find_option(verb->args, name, length)
	                                      : NULL;
	if (!arg)
		return unknown_option(reader, name, length);
	if (arg->kind != WR_CTL_FLAG && !take_text(reader, arg, &text))
		return false;
	return global ? set_global(reader, arg, text) : set_value(reader, arg, text);
}

static bool take_positional(struct reader *reader, const char *word)
{
	if (reader->call->verb->flags & WR_CTL_NOUN_ONLY && wr_text_equal(word, "help")) {
		reader->help = true;
		return true;
	}
	for (const struct wr_ctl_arg *arg = reader->call->verb->args; arg->name; arg++)
		if (arg->flags & WR_CTL_POSITIONAL && !given(reader->call, arg))
			return set_value(reader, arg, word);
	return BAD(reader, see_help(reader, reader->call->verb), "`%s` is one word too many", word);
}

static bool take_word(struct reader *reader)
{
	const char *word = reader->words[reader->at++];
	if (!reader->options_ended && wr_text_equal(word, "--")) {
		reader->options_ended = true;
		return true;
	}
	if (!reader->options_ended && wr_text_equal(word, "-h")) {
		reader->help = true;
		return true;
	}
	if (!reader->options_ended && wr_text_starts(word, "--"))
		return take_option(reader, word);
	if (!reader->options_ended && word[0] == '-' && word[1])
		return BAD(reader,
		    "options are long: --json; a word that begins with - goes behind --",
		    "`%s` is no option", word);
	if (!reader->noun)
		return take_noun(reader, word);
	if (!reader->call->verb)
		return take_verb(reader, word);
	return take_positional(reader, word);
}

/* ---- what has to be there ---- */

static bool check_group(struct reader *reader, const struct wr_ctl_arg *first)
{
	const struct wr_ctl_verb *verb = reader->call->verb;
	struct wr_buf choice = {0};
	size_t n = 0;
	for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++) {
		if (arg->group != first->group)
			continue;
		wr_buf_printf(&choice, "%s%s", choice.length ? ", " : "", shown_name(reader, arg));
		n += given(reader->call, arg);
	}
	const char *all = kept(reader, &choice);
	if (n > 1)
		return BAD(reader, see_help(reader, verb), "only one of %s can be given", all);
	if (n == 0 && first->flags & WR_CTL_MUST)
		return BAD(reader, see_help(reader, verb), "one of %s is needed", all);
	return true;
}

static bool check_complete(struct reader *reader)
{
	const struct wr_ctl_verb *verb = reader->call->verb;
	struct wr_buf missing = {0};
	char last_group = 0;
	for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++) {
		if (arg->group && arg->group != last_group) {
			last_group = arg->group;
			if (!check_group(reader, arg))
				return false;
		}
		if (!arg->group && arg->flags & WR_CTL_MUST && !given(reader->call, arg))
			wr_buf_printf(
			    &missing, "%s%s", missing.length ? ", " : "", shown_name(reader, arg));
	}
	if (missing.length) {
		struct wr_buf usage = {0};
		wr_buf_puts(&usage, "usage: ");
		wr_ctl_synopsis(&usage, verb);
		return BAD(reader, kept(reader, &usage), "missing: %s", kept(reader, &missing));
	}
	if (verb->flags & WR_CTL_LOCAL && verb->flags & WR_CTL_CHANGES &&
	    reader->call->globals.dry_run)
		return BAD(reader, see_help(reader, verb), "`%s %s` can't be tried with --dry-run",
		    verb->noun, verb->verb);
	return true;
}

static bool check_call(struct reader *reader)
{
	if (!reader->noun)
		return BAD(reader, "see `wardctl help`", "what is to be done? wardctl NOUN VERB");
	if (!reader->call->verb)
		reader->call->verb = default_verb(reader->noun);
	if (!reader->call->verb) {
		struct wr_buf hint = {0};
		wr_buf_printf(
		    &hint, "`%s` goes with: %s", reader->noun, verb_list(reader, reader->noun));
		return BAD(reader, kept(reader, &hint), "`%s` needs a verb", reader->noun);
	}
	return check_complete(reader);
}

/* Mistakes are said as asked for, wherever --json and --quiet stand. */
static void look_ahead(struct reader *reader)
{
	for (int i = 0; i < reader->n && !wr_text_equal(reader->words[i], "--"); i++) {
		if (wr_text_equal(reader->words[i], "--json"))
			reader->call->globals.json = true;
		if (wr_text_equal(reader->words[i], "--quiet"))
			reader->call->globals.quiet = true;
	}
}

enum wr_ctl_parsed wr_ctl_parse(
    int n, char **words, struct wr_ctl_call *ret_call, const char **ret_noun)
{
	struct reader reader = {.n = n, .words = words, .call = ret_call};
	const char *socket = getenv("WARDROUND_SOCKET");

	*ret_call = (struct wr_ctl_call){.args = json_object()};
	ret_call->globals.socket = wr_text_empty(socket) ? "/run/wardround/control.sock" : socket;
	look_ahead(&reader);
	while (reader.at < n)
		if (!take_word(&reader))
			return WR_CTL_PARSED_BAD;
	*ret_noun = reader.noun;
	if (reader.help)
		return WR_CTL_PARSED_HELP;
	return check_call(&reader) ? WR_CTL_PARSED_CALL : WR_CTL_PARSED_BAD;
}

const char *wr_ctl_text(const struct wr_ctl_call *call, const char *name)
{
	return json_string_value(json_object_get(call->args, name));
}

bool wr_ctl_number(const struct wr_ctl_call *call, const char *name, int64_t *ret_number)
{
	json_t *value = json_object_get(call->args, name);
	if (!json_is_integer(value))
		return false;
	*ret_number = json_integer_value(value);
	return true;
}
