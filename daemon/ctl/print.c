/*
 * Answers for people. An answer is an object: its simple values become lines "key: value", objects
 * in it the same a step further in, arrays of objects a table (table.c, columns in views.c). For
 * programs the answer is printed as it came.
 */
#include "ctl.h"

#include <stdlib.h>
#include <string.h>

static bool is_table(json_t *value)
{
	return json_is_array(value) && json_is_object(json_array_get(value, 0));
}

/* "late_minutes" is "late minutes" for people. */
static void put_key(const char *key, int depth)
{
	printf("%*s", 2 * depth, "");
	for (; *key; key++)
		putchar(*key == '_' ? ' ' : *key);
	putchar(':');
}

static void print_line(const char *key, json_t *value, int depth)
{
	struct wr_buf text = {0};
	wr_ctl_append_value(&text, NULL, value);
	put_key(key, depth);
	putchar(' ');
	wr_ctl_put_safe(stdout, wr_buf_text(&text));
	putchar('\n');
	wr_buf_deinit(&text);
}

static void print_object(json_t *object, int depth);

static void print_member(const char *key, json_t *value, int depth, bool *separate)
{
	if (is_table(value)) {
		if (*separate)
			putchar('\n');
		if (depth || *separate) {
			put_key(key, 0);
			putchar('\n');
		}
		wr_ctl_print_table(stdout, key, value);
		*separate = true;
	} else if (json_is_object(value)) {
		if (*separate && depth == 0)
			putchar('\n');
		if (*separate) {
			put_key(key, depth);
			putchar('\n');
		}
		print_object(value, *separate ? depth + 1 : depth);
		*separate = true;
	} else if (wr_ctl_has_value(value)) {
		print_line(key, value, depth);
		*separate = true;
	}
}

/* What is no data: said on stderr, or not at all. */
static bool is_aside(const char *key)
{
	return strcmp(key, "schema") == 0 || strcmp(key, "warnings") == 0 ||
	       strcmp(key, "diagnostics") == 0;
}

/* Lines first, then what has rows. */
static void print_object(json_t *object, int depth)
{
	const char *key;
	json_t *value;
	bool separate = false;
	json_object_foreach (object, key, value)
		if (!is_table(value) && !json_is_object(value) && !is_aside(key))
			print_member(key, value, depth, &separate);
	json_object_foreach (object, key, value)
		if ((is_table(value) || json_is_object(value)) && !is_aside(key))
			print_member(key, value, depth, &separate);
}

static void note_warnings(const struct wr_ctl_globals *globals, json_t *answer)
{
	size_t i;
	json_t *warning;
	json_array_foreach (json_object_get(answer, "warnings"), i, warning) {
		struct wr_buf text = {0};
		wr_ctl_append_value(&text, NULL, warning);
		wr_ctl_note(globals, "warning: %s", wr_buf_text(&text));
		wr_buf_deinit(&text);
	}
}

void wr_ctl_say_diagnostics(json_t *diagnostics)
{
	size_t i;
	json_t *diagnostic;
	json_array_foreach (diagnostics, i, diagnostic) {
		const char *shown = json_string_value(json_object_get(diagnostic, "shown"));
		wr_ctl_put_safe(stderr, shown ? shown : "");
	}
}

/* The list that an answer is about when it holds nothing else: {"schema":1,"tasks":[]}. */
static const char *empty_list(json_t *answer)
{
	const char *key, *list = NULL;
	json_t *value;
	json_object_foreach (answer, key, value) {
		if (strcmp(key, "schema") == 0)
			continue;
		if (list || !json_is_array(value) || json_array_size(value))
			return NULL;
		list = key;
	}
	return list;
}

void wr_ctl_print(const struct wr_ctl_globals *globals, json_t *answer)
{
	if (globals->json) {
		char *text = json_dumps(answer, JSON_COMPACT);
		if (!text)
			wr_out_of_memory();
		puts(text);
		free(text);
		return;
	}
	note_warnings(globals, answer);
	if (!globals->quiet)
		wr_ctl_say_diagnostics(json_object_get(answer, "diagnostics"));
	const char *list = empty_list(answer);
	if (list)
		wr_ctl_note(globals, "no %s", list);
	else
		print_object(answer, 0);
}
