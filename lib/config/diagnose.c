#include <stdlib.h>
#include <string.h>

#include "reader.h"

enum { LINE_SHOWN = 160, LINE_BEFORE = 60, WORD_SHOWN = 60 };

struct reported {
	struct wr_config_diagnostic diagnostic;
	int source;
	size_t start, order;
};

size_t config_character(const char *at, size_t left, bool *ret_valid)
{
	uint32_t point;
	size_t length = wr_text_decode(at, left, &point);
	*ret_valid = length > 0;
	return length > 0 ? length : 1;
}

static size_t count_characters(const char *text, size_t length)
{
	size_t n = 0;
	bool valid;
	for (size_t i = 0; i < length; n++)
		i += config_character(text + i, length - i, &valid);
	return n;
}

/* What a terminal can take: anything but tabs and printable characters becomes '?'. */
static char *shown(struct reader *reader, const char *text, size_t length)
{
	char *copy = wr_arena_alloc(reader->arena, length + 1, 1), *to = copy;
	bool valid;
	for (size_t i = 0, step; i < length; i += step) {
		step = config_character(text + i, length - i, &valid);
		if (text[i] != '\t' && !wr_text_is_printable(text + i, step)) {
			*to++ = '?';
		} else {
			memcpy(to, text + i, step);
			to += step;
		}
	}
	return copy;
}

const char *config_quoted(struct reader *reader, const char *word)
{
	size_t length = strlen(word), cut = 0;
	bool valid;
	while (cut < length && cut < WORD_SHOWN)
		cut += config_character(word + cut, length - cut, &valid);
	const char *text = shown(reader, word, cut);
	return cut < length ? wr_arena_printf(reader->arena, "%s...", text) : text;
}

/* The line of `place`, or the part of a long one around it, and where the caret goes. */
static void quote_line(
    struct reader *reader, struct place place, struct wr_config_diagnostic *diagnostic)
{
	const struct wr_config_source *source = &reader->sources[place.source];
	size_t begin = place.start, end = place.start;
	while (begin > 0 && source->bytes[begin - 1] != '\n')
		begin--;
	while (end < source->length && source->bytes[end] != '\n')
		end++;
	if (end > begin && source->bytes[end - 1] == '\r')
		end--;
	if (end < place.start)
		end = place.start;
	size_t width = place.length < end - place.start ? place.length : end - place.start;

	diagnostic->column = (int)count_characters(source->bytes + begin, place.start - begin) + 1;
	diagnostic->width = (int)count_characters(source->bytes + place.start, width);
	if (place.start - begin > LINE_SHOWN - LINE_BEFORE) {
		begin = place.start - LINE_BEFORE;
		while (begin < place.start && ((unsigned char)source->bytes[begin] & 0xc0) == 0x80)
			begin++;
	}
	if (end - begin > LINE_SHOWN) {
		end = begin + LINE_SHOWN;
		while (end > place.start + 1 && ((unsigned char)source->bytes[end] & 0xc0) == 0x80)
			end--;
	}
	diagnostic->source_line = shown(reader, source->bytes + begin, end - begin);
	diagnostic->caret = (int)count_characters(source->bytes + begin, place.start - begin);
	int room = (int)count_characters(source->bytes + place.start, end - place.start);
	if (diagnostic->width > room)
		diagnostic->width = room;
	if (diagnostic->width < 1)
		diagnostic->width = 1;
}

bool config_reported_enough(const struct reader *reader)
{
	return reader->n_reported >= WR_CONFIG_DIAGNOSTICS_MAX;
}

void config_report(struct reader *reader, enum wr_severity severity, struct place place,
    const char *hint, const char *format, ...)
{
	if (severity == WR_CONFIG_ERROR)
		reader->errors++;
	if (config_reported_enough(reader)) {
		reader->hidden++;
		return;
	}
	WR_GROW(reader->reported, reader->n_reported, reader->reported_capacity);
	struct reported *reported = &reader->reported[reader->n_reported];
	*reported = (struct reported){
	    .source = place.source, .start = place.start, .order = reader->n_reported};
	struct wr_config_diagnostic *diagnostic = &reported->diagnostic;
	diagnostic->severity = severity;
	diagnostic->hint = wr_arena_strdup(reader->arena, hint);
	if (place.source >= 0) {
		diagnostic->file =
		    wr_arena_strdup(reader->arena, reader->sources[place.source].path);
		diagnostic->line = place.line;
		quote_line(reader, place, diagnostic);
	} else {
		diagnostic->file = "(no file)";
		diagnostic->line = diagnostic->column = diagnostic->width = 1;
		diagnostic->source_line = "";
	}
	struct wr_buf text = {0};
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(&text, format, args);
	va_end(args);
	diagnostic->text = wr_arena_strdup(reader->arena, wr_buf_text(&text));
	wr_buf_deinit(&text);
	reader->n_reported++;
}

static int compare_reported(const void *left, const void *right)
{
	const struct reported *a = left, *b = right;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

void config_reported_finish(struct reader *reader, struct wr_config_diagnostics *ret_diagnostics)
{
	size_t n = reader->n_reported;
	if (n > 0)
		qsort(reader->reported, n, sizeof(*reader->reported), compare_reported);
	ret_diagnostics->items = wr_arena_new(reader->arena, struct wr_config_diagnostic, n + 1);
	for (size_t i = 0; i < n; i++)
		ret_diagnostics->items[i] = reader->reported[i].diagnostic;
	if (reader->hidden > 0) {
		struct wr_config_diagnostic *more = &ret_diagnostics->items[n];
		*more = ret_diagnostics->items[n - 1];
		more->severity = reader->errors > 0 ? WR_CONFIG_ERROR : WR_CONFIG_WARNING;
		more->hint = NULL;
		more->text = wr_arena_printf(
		    reader->arena, "there are %zu more; mend these first", reader->hidden);
		n++;
	}
	ret_diagnostics->n = n;
	ret_diagnostics->errors = reader->errors;
	free(reader->reported);
	reader->reported = NULL;
}

const char *config_did_you_mean(
    struct reader *reader, const char *word, const char *const *words, size_t n)
{
	if (config_reported_enough(reader))
		return NULL;
	const char *nearest = wr_text_nearest(word, words, n);
	return nearest ? wr_arena_printf(reader->arena, "did you mean `%s`?", nearest) : NULL;
}

/* Tabs before the word stay tabs, so that the caret stands under it however wide they are. */
static void draw_caret(const struct wr_config_diagnostic *diagnostic, struct wr_buf *buf)
{
	const char *line = diagnostic->source_line;
	size_t left = strlen(line);
	bool valid;
	wr_buf_printf(buf, "%s\n", line);
	for (int i = 0; i < diagnostic->caret; i++) {
		wr_buf_putc(buf, left > 0 && *line == '\t' ? '\t' : ' ');
		size_t step = left > 0 ? config_character(line, left, &valid) : 0;
		line += step;
		left -= step;
	}
	wr_buf_putc(buf, '^');
	for (int i = 1; i < diagnostic->width; i++)
		wr_buf_putc(buf, '~');
	wr_buf_putc(buf, '\n');
}

void wr_config_diagnostic_format(const struct wr_config_diagnostic *diagnostic, struct wr_buf *buf)
{
	wr_buf_printf(buf, "%s:%d:%d: %s: %s\n", diagnostic->file, diagnostic->line,
	    diagnostic->column, diagnostic->severity == WR_CONFIG_ERROR ? "error" : "warning",
	    diagnostic->text);
	if (*diagnostic->source_line)
		draw_caret(diagnostic, buf);
	if (diagnostic->hint)
		wr_buf_printf(buf, "hint: %s\n", diagnostic->hint);
}
