#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/page.h"
#include "wardround/templates.h"

#define HOSTILE "\"><script>'&"

static struct wr_buf buf;

static int clear(void **state)
{
	(void)state;
	wr_buf_deinit(&buf);
	return 0;
}

static void test_a_page_is_written_as_drawn(void **state)
{
	(void)state;
	const struct wr_html_sentence page = {.title = "Gone",
	    .service = "Meetings",
	    .text = "Nothing <here>.",
	    .style = "/assets/x.css"};
	wr_html_sentence(&buf, WR_LANGUAGE_EN, &page);
	assert_string_equal(wr_buf_text(&buf),
	    "<!DOCTYPE html>\n"
	    "<html lang=\"en\" dir=\"ltr\">\n"
	    "<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"format-detection\" content=\"telephone=no\">\n"
	    "<title>Gone</title>\n"
	    "<link rel=\"stylesheet\" href=\"/assets/x.css\">\n"
	    "</head>\n"
	    "<body>\n"
	    "<a class=\"ui-skip-link\" href=\"#main\">Skip to main content</a>\n"
	    "<header class=\"ui-header\">\n"
	    "<div class=\"ui-header__container ui-width-container\">\n"
	    "<div class=\"ui-header__service\"><span "
	    "class=\"ui-header__service-name\">Meetings</span></div>\n"
	    "</div>\n"
	    "</header>\n"
	    "<div class=\"ui-width-container\">\n"
	    "<main class=\"ui-main-wrapper ui-main-wrapper--s\" id=\"main\">\n"
	    "<h1 class=\"ui-heading-l\">Gone</h1>\n"
	    "<p class=\"ui-body\">Nothing &lt;here&gt;.</p>\n"
	    "</main>\n"
	    "</div>\n"
	    "</body>\n"
	    "</html>\n");
}

static void test_no_value_becomes_markup(void **state)
{
	(void)state;
	const struct wr_html_facts_row row = {HOSTILE, HOSTILE, HOSTILE, true};
	const struct wr_html_radios_choice choice = {HOSTILE, HOSTILE, HOSTILE, true};
	const struct wr_html_errors_row error = {HOSTILE, HOSTILE};
	wr_html_facts(&buf, WR_LANGUAGE_EN, &(struct wr_html_facts){&row, 1});
	wr_html_errors(&buf, WR_LANGUAGE_EN, &(struct wr_html_errors){&error, 1});
	wr_html_radios(&buf, WR_LANGUAGE_EN,
	    &(struct wr_html_radios){.id = HOSTILE,
		.name = HOSTILE,
		.legend = HOSTILE,
		.hint = HOSTILE,
		.error = HOSTILE,
		.choices = &choice,
		.n_choices = 1});
	wr_html_box(&buf, WR_LANGUAGE_AR,
	    &(struct wr_html_box){.id = HOSTILE,
		.name = HOSTILE,
		.label = HOSTILE,
		.urgent = HOSTILE,
		.error = HOSTILE,
		.value = HOSTILE});
	wr_html_field(&buf, WR_LANGUAGE_EN,
	    &(struct wr_html_field){.id = HOSTILE,
		.name = HOSTILE,
		.label = HOSTILE,
		.value = HOSTILE,
		.type = HOSTILE,
		.width = HOSTILE});
	assert_null(strstr(wr_buf_text(&buf), "<script"));
	assert_null(strstr(wr_buf_text(&buf), "\"\">"));
	assert_non_null(strstr(wr_buf_text(&buf), "&lt;script&gt;"));
}

static void test_only_harmless_addresses_are_links(void **state)
{
	(void)state;
	static const struct {
		const char *url, *written;
	} drawn[] = {
	    {"/f/x?a=1&b=2", "/f/x?a=1&amp;b=2"},
	    {"#main", "#main"},
	    {"?week=1", "?week=1"},
	    {"https://example.org/", "https://example.org/"},
	    {"webcal://example.org/", "webcal://example.org/"},
	    {"tel:+441632960009", "tel:+441632960009"},
	    {"javascript:alert(1)", "#"},
	    {"JavaScript:alert(1)", "#"},
	    {" javascript:alert(1)", "#"},
	    {"data:text/html,x", "#"},
	    {"//evil.example/", "#"},
	    {"/\\evil.example/", "#"},
	    {"", "#"},
	    {NULL, "#"},
	};
	for (size_t i = 0; i < WR_COUNT(drawn); i++) {
		wr_buf_clear(&buf);
		wr_html_address(&buf, drawn[i].url);
		assert_string_equal(wr_buf_text(&buf), drawn[i].written);
	}
}

static void test_a_field_leads_to_its_hint_and_error(void **state)
{
	(void)state;
	const struct wr_html_field field = {.id = "from",
	    .name = "from",
	    .label = "From",
	    .hint = "For example 9:30",
	    .error = "Write a time",
	    .value = "x",
	    .width = "5"};
	wr_html_field(&buf, WR_LANGUAGE_EN, &field);
	assert_string_equal(wr_buf_text(&buf),
	    "<div class=\"ui-form-group ui-form-group--error\">\n"
	    "<label class=\"ui-label\" for=\"from\">From</label>\n"
	    "<div class=\"ui-hint\" id=\"from-hint\">For example 9:30</div>\n"
	    "<span class=\"ui-error-message\" id=\"from-error\"><span "
	    "class=\"ui-u-visually-hidden\">Error:</span> Write a time</span>\n"
	    "<input class=\"ui-input ui-input--width-5 ui-input--error\" dir=\"auto\" id=\"from\" "
	    "name=\"from\" "
	    "type=\"text\" value=\"x\" aria-describedby=\"from-hint from-error\">\n"
	    "</div>\n");
}

static void test_latin_values_stay_whole_from_right_to_left(void **state)
{
	(void)state;
	wr_html_value(&buf, WR_LANGUAGE_AR, "Dev & co");
	wr_html_value(&buf, WR_LANGUAGE_AR, "الثلاثاء 1");
	wr_html_value(&buf, WR_LANGUAGE_CY, "Dev");
	assert_string_equal(wr_buf_text(&buf), "\u2068Dev &amp; co\u2069الثلاثاء 1Dev");
}

static void test_the_style_sheet_tells_nothing(void **state)
{
	(void)state;
	static const char *const words[] = {
	    "nhs", "ward", "hospital", "patient", "http:", "https:"};
	char path[WR_PAGE_STYLE_PATH];
	for (size_t i = 0; i < WR_COUNT(words); i++) {
		const char *found = strcasestr(wr_page_style(), words[i]);
		assert_true(!found || strncmp(found, "http://www.w3.org/", 18) == 0);
	}
	assert_true(wr_text_starts(wr_page_style_path(path), "/assets/page-"));
	assert_non_null(strstr(wr_page_style(), "html{font-family:arial,sans-serif}"));
}

/* What stands in no template, and so is easily lost when unused styles are left out. */
static void test_the_style_sheet_keeps_what_templates_do_not_name(void **state)
{
	(void)state;
	assert_non_null(strstr(wr_page_style(), ".ui-code svg"));
	assert_non_null(strstr(wr_page_style(), "[dir=rtl] .ui-details"));
	assert_non_null(strstr(wr_page_style(), ".ui-tag--red"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_a_page_is_written_as_drawn, clear),
	    cmocka_unit_test_teardown(test_no_value_becomes_markup, clear),
	    cmocka_unit_test_teardown(test_only_harmless_addresses_are_links, clear),
	    cmocka_unit_test_teardown(test_a_field_leads_to_its_hint_and_error, clear),
	    cmocka_unit_test_teardown(test_latin_values_stay_whole_from_right_to_left, clear),
	    cmocka_unit_test(test_the_style_sheet_tells_nothing),
	    cmocka_unit_test(test_the_style_sheet_keeps_what_templates_do_not_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
