#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask_desk.h"
#include "sys/whole_file.h"

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* The page, or "" when it is not there. */
static const char *page(struct built_desk *d, const char *name)
{
	FILE *file = fopen(path_of(name), "r");
	if (!file)
		return "";
	char *text = wr_arena_alloc(&d->words, 65536, 1);
	size_t length = fread(text, 1, 65535, file);
	fclose(file);
	assert_true(length < 65535);
	return text;
}

static bool every(const char *name, const void *data)
{
	(void)data;
	return *name != '.';
}

static struct built_desk *with_folder(const char *now)
{
	char more[128];
	strcpy(folder, "/tmp/paper-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(more, sizeof(more), "paper-dir = \"%s\"\n", folder);
	return desk_build(more, now);
}

static void end(struct built_desk *d)
{
	desk_free(d);
	wr_whole_file_prune(folder, every, NULL);
	rmdir(folder);
}

static void says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("`%s` is not in: %s", words, text);
}

static void says_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("`%s` is in: %s", words, text);
}

static size_t n_tasks(struct built_desk *d)
{
	size_t n = 0, i;
	json_t *row, *answer = desk_ask(d, "task list", "{}");
	json_array_foreach (json_object_get(answer, "tasks"), i, row)
		n += wr_text_equal(json_string_value(json_object_get(row, "kind")), "paper");
	json_decref(answer);
	return n;
}

static bool is_in_audit(struct built_desk *d, const char *verb, const char *ref)
{
	size_t i;
	bool found = false;
	json_t *row, *answer = desk_ask(d, "audit list", "{}");
	json_array_foreach (json_object_get(answer, "audit"), i, row)
		found |=
		    wr_text_equal(json_string_value(json_object_get(row, "verb")), verb) &&
		    wr_text_equal(
			json_string_value(json_array_get(json_object_get(row, "refs"), 0)), ref);
	json_decref(answer);
	return found;
}

static void test_next_day_is_written_at_six_with_rounds_calls_and_patients(void **state)
{
	(void)state;
	struct built_desk *d = with_folder("2026-11-29T17:00:00Z");
	desk_admit(d, "P1");
	desk_must(d, "patient edit", "{'ref':'P1','name':'Mira Anand','bed':'7'}");
	desk_support(d, "S1", "P1", "time");
	desk_must(d, "support edit", "{'ref':'S1','name':'Dev Anand','phone':'07700 900123'}");
	desk_publish(d, "P1", "09:25");
	desk_run_by(d, desk_time("2026-11-29T17:59:00Z"), 60);
	assert_string_equal(page(d, "kingsley-2026-11-30.html"), "");
	says(page(d, "kingsley-2026-11-29.html"), "Mira Anand"); /* of the day that had none yet */
	desk_run_by(d, desk_time("2026-11-29T18:02:00Z"), 60);
	const char *text = page(d, "kingsley-2026-11-30.html");
	says(text, "<h1>Dr Asha Shah, Quiet Room</h1>");
	says(text, "<th scope=\"row\">9:25am to 9:45am</th>");
	says(text, "Mira Anand<br>Bed 7");
	says(text, "<th scope=\"row\">Dev Anand</th><td>+447700900123</td>"
		   "<td>Mira Anand: Mon 30 Nov 9:25am</td><td>Nothing yet</td>");
	says(text, "<td>Mon 30 Nov 9:25am</td></tr>");
	says(text, "</html>");
	struct stat is;
	assert_int_equal(stat(path_of("kingsley-2026-11-30.html"), &is), 0);
	assert_int_equal(is.st_mode & 0777, 0640);
	assert_true(is_in_audit(d, "paper write", "paper:kingsley-2026-11-30.html"));
	end(d);
}

static void test_restricted_stay_is_named_nowhere_on_it(void **state)
{
	(void)state;
	struct built_desk *d = with_folder("2026-11-29T17:00:00Z");
	desk_admit(d, "P1");
	desk_must(d, "patient edit", "{'ref':'P1','name':'Mira Anand','bed':'7'}");
	desk_support(d, "S1", "P1", "time");
	desk_must(d, "support edit", "{'ref':'S1','name':'Dev Anand','phone':'07700 900123'}");
	desk_publish(d, "P1", "09:25");
	desk_must(d, "patient edit", "{'ref':'P1','restricted':true}");
	desk_run_by(d, desk_time("2026-11-29T18:02:00Z"), 60);
	const char *text = page(d, "kingsley-2026-11-30.html");
	says(text, "Restricted<br>Bed 7");
	says_not(text, "Mira");
	says_not(text, "Dev");
	says_not(text, "900123");
	end(d);
}

static void test_page_that_is_there_is_left_alone(void **state)
{
	(void)state;
	struct built_desk *d = with_folder("2026-11-29T18:30:00Z");
	assert_int_equal(
	    wr_whole_file_write(folder, "kingsley-2026-11-30.html", 0640, "mine", 4), 0);
	desk_run_by(d, desk_time("2026-11-29T19:00:00Z"), 60);
	assert_string_equal(page(d, "kingsley-2026-11-30.html"), "mine");
	end(d);
}

static void test_pages_are_kept_for_a_week(void **state)
{
	(void)state;
	struct built_desk *d = with_folder("2026-11-29T18:30:00Z");
	static const char *const names[] = {
	    "kingsley-2026-11-21.html", "kingsley-2026-11-22.html", "notes.txt"};
	for (size_t i = 0; i < WR_COUNT(names); i++)
		assert_int_equal(wr_whole_file_write(folder, names[i], 0640, "old", 3), 0);
	desk_run_by(d, desk_time("2026-11-29T18:35:00Z"), 60);
	assert_string_equal(page(d, names[0]), "");
	assert_string_equal(page(d, names[1]), "old");
	assert_string_equal(page(d, names[2]), "old");
	end(d);
}

static void test_folder_that_is_gone_is_a_task_until_it_is_there_again(void **state)
{
	(void)state;
	struct built_desk *d = with_folder("2026-11-29T18:30:00Z");
	assert_int_equal(rmdir(folder), 0);
	desk_run_by(d, desk_time("2026-11-29T19:30:00Z"), 60);
	assert_int_equal(n_tasks(d), 1);
	assert_int_equal(mkdir(folder, 0700), 0);
	desk_run_by(d, desk_time("2026-11-29T19:45:00Z"), 60);
	says(page(d, "kingsley-2026-11-30.html"), "</html>");
	assert_int_equal(n_tasks(d), 0);
	end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_next_day_is_written_at_six_with_rounds_calls_and_patients),
	    cmocka_unit_test(test_restricted_stay_is_named_nowhere_on_it),
	    cmocka_unit_test(test_page_that_is_there_is_left_alone),
	    cmocka_unit_test(test_pages_are_kept_for_a_week),
	    cmocka_unit_test(test_folder_that_is_gone_is_a_task_until_it_is_there_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
