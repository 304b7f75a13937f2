#include "desk/staff/sheet.h"

#include <string.h>

/* Growing arrays in the arena: what was outgrown stays there until the answer. */
#define GROW(arena, array, n, type)                                                                \
	do {                                                                                       \
		if (((n) & ((n)-1)) == 0) {                                                        \
			type *wider = wr_arena_new((arena), type, (n) ? 2 * (n) : 1);              \
			if (n)                                                                     \
				memcpy(wider, (array), (n) * sizeof(type));                        \
			(array) = wider;                                                           \
		}                                                                                  \
	} while (0)

struct row {
	struct wr_html_desk_section_row html;
	const char **lines;
	struct wr_html_desk_form *forms;
};

struct table_row {
	struct wr_html_desk_table_row html;
	struct wr_html_desk_table_cell *cells;
};

struct wr_sheet_section {
	struct wr_sheet *sheet;
	struct wr_sheet_section *next;
	struct wr_html_desk_section html;
	struct row *rows;
	size_t n_rows;
	struct wr_html_desk_table table;
	struct table_row *table_rows;
	size_t n_table_rows;
};

struct wr_sheet {
	struct wr_visit *visit;
	struct wr_html_desk_page html;
	const char **warnings, **lines;
	struct wr_html_desk_page_link *buttons, *more;
	struct wr_html_facts facts;
	struct wr_html_facts_row *fact_rows;
	struct wr_form_draft *form;
	struct wr_sheet_section *first, *last;
	size_t n_sections;
};

struct wr_sheet *wr_sheet_new(struct wr_visit *visit, const char *title)
{
	struct wr_sheet *sheet = wr_arena_new(visit->arena, struct wr_sheet, 1);
	sheet->visit = visit;
	sheet->html.title = title;
	sheet->html.more_title = "What else can be done";
	return sheet;
}

void wr_sheet_back(struct wr_sheet *sheet, const char *to, const char *name)
{
	sheet->html.back = to;
	sheet->html.back_to = name;
}

void wr_sheet_about(struct wr_sheet *sheet, const char *about)
{
	sheet->html.about = about;
}

void wr_sheet_tag(struct wr_sheet *sheet, const char *tag, bool urgent)
{
	sheet->html.tag = tag;
	sheet->html.urgent = urgent;
}

void wr_sheet_warning(struct wr_sheet *sheet, const char *text)
{
	if (!text)
		return;
	GROW(sheet->visit->arena, sheet->warnings, sheet->html.n_warnings, const char *);
	sheet->warnings[sheet->html.n_warnings++] = text;
}

void wr_sheet_say(struct wr_sheet *sheet, const char *text)
{
	if (!text)
		return;
	GROW(sheet->visit->arena, sheet->lines, sheet->html.n_lines, const char *);
	sheet->lines[sheet->html.n_lines++] = text;
}

void wr_sheet_button(struct wr_sheet *sheet, const char *to, const char *name)
{
	GROW(sheet->visit->arena, sheet->buttons, sheet->html.n_buttons,
	    struct wr_html_desk_page_link);
	sheet->buttons[sheet->html.n_buttons++] = (struct wr_html_desk_page_link){name, to, false};
}

void wr_sheet_quiet_button(struct wr_sheet *sheet, const char *to, const char *name)
{
	wr_sheet_button(sheet, to, name);
	sheet->buttons[sheet->html.n_buttons - 1].quiet = true;
}

void wr_sheet_more(struct wr_sheet *sheet, const char *to, const char *name)
{
	GROW(sheet->visit->arena, sheet->more, sheet->html.n_more, struct wr_html_desk_page_link);
	sheet->more[sheet->html.n_more++] = (struct wr_html_desk_page_link){name, to, false};
}

void wr_sheet_fact(struct wr_sheet *sheet, const char *name, const char *text, const char *to)
{
	if (wr_text_empty(text))
		return;
	GROW(sheet->visit->arena, sheet->fact_rows, sheet->facts.n_rows, struct wr_html_facts_row);
	sheet->fact_rows[sheet->facts.n_rows++] =
	    (struct wr_html_facts_row){.name = name, .text = text, .to = to};
}

void wr_sheet_fill(struct wr_sheet *sheet, struct wr_form_draft *form)
{
	sheet->form = form;
}

/* ---- sections ---- */

struct wr_sheet_section *wr_sheet_section(
    struct wr_sheet *sheet, const char *id, const char *title, const char *none)
{
	struct wr_sheet_section *section =
	    wr_arena_new(sheet->visit->arena, struct wr_sheet_section, 1);
	section->sheet = sheet;
	section->html = (struct wr_html_desk_section){.id = id, .title = title, .none = none};
	if (sheet->last)
		sheet->last->next = section;
	else
		sheet->first = section;
	sheet->last = section;
	sheet->n_sections++;
	return section;
}

void wr_sheet_hint(struct wr_sheet_section *section, const char *hint)
{
	section->html.hint = hint;
}

void wr_sheet_link(struct wr_sheet_section *section, const char *to, const char *name)
{
	section->html.to = to;
	section->html.to_name = name;
}

void wr_sheet_row(struct wr_sheet_section *section, const char *title, const char *to)
{
	GROW(section->sheet->visit->arena, section->rows, section->n_rows, struct row);
	section->rows[section->n_rows++] = (struct row){.html = {.title = title, .to = to}};
}

static struct row *last_row(struct wr_sheet_section *section)
{
	return &section->rows[section->n_rows - 1];
}

void wr_sheet_row_tag(struct wr_sheet_section *section, const char *tag, bool urgent)
{
	last_row(section)->html.tag = tag;
	last_row(section)->html.urgent = urgent;
}

void wr_sheet_line(struct wr_sheet_section *section, const char *line)
{
	struct row *row = last_row(section);
	if (wr_text_empty(line))
		return;
	GROW(section->sheet->visit->arena, row->lines, row->html.n_lines, const char *);
	row->lines[row->html.n_lines++] = line;
}

void wr_sheet_form(struct wr_sheet_section *section, struct wr_form_draft *form)
{
	struct row *row = last_row(section);
	GROW(section->sheet->visit->arena, row->forms, row->html.n_forms, struct wr_html_desk_form);
	row->forms[row->html.n_forms++] = *wr_form_done(form);
}

size_t wr_sheet_rows(const struct wr_sheet_section *section)
{
	return section->n_rows + section->n_table_rows;
}

/* ---- tables ---- */

void wr_sheet_heads(struct wr_sheet_section *section, const char *label, const char *const *heads)
{
	section->table.label = label;
	section->table.heads = heads;
	while (heads[section->table.n_heads])
		section->table.n_heads++;
}

void wr_sheet_table_row(struct wr_sheet_section *section, const char *name, const char *to)
{
	GROW(section->sheet->visit->arena, section->table_rows, section->n_table_rows,
	    struct table_row);
	section->table_rows[section->n_table_rows++] =
	    (struct table_row){.html = {.name = name, .to = to}};
}

void wr_sheet_cell(struct wr_sheet_section *section, const char *text, const char *tag, bool urgent)
{
	struct table_row *row = &section->table_rows[section->n_table_rows - 1];
	GROW(section->sheet->visit->arena, row->cells, row->html.n_cells,
	    struct wr_html_desk_table_cell);
	row->cells[row->html.n_cells++] =
	    (struct wr_html_desk_table_cell){.text = text, .tag = tag, .urgent = urgent};
}

/* ---- all of it ---- */

static void finish_rows(struct wr_arena *arena, struct wr_sheet_section *section)
{
	struct wr_html_desk_section_row *rows =
	    wr_arena_new(arena, struct wr_html_desk_section_row, section->n_rows + 1);
	for (size_t i = 0; i < section->n_rows; i++) {
		rows[i] = section->rows[i].html;
		rows[i].lines = section->rows[i].lines;
		rows[i].forms = section->rows[i].forms;
	}
	section->html.rows = rows;
	section->html.n_rows = section->n_rows;
}

static void finish_table(struct wr_arena *arena, struct wr_sheet_section *section)
{
	struct wr_html_desk_table_row *rows =
	    wr_arena_new(arena, struct wr_html_desk_table_row, section->n_table_rows + 1);
	for (size_t i = 0; i < section->n_table_rows; i++) {
		rows[i] = section->table_rows[i].html;
		rows[i].cells = section->table_rows[i].cells;
	}
	section->table.rows = rows;
	section->table.n_rows = section->n_table_rows;
	if (section->n_table_rows) {
		section->html.table = &section->table;
		section->html.none = NULL;
	}
}

void wr_sheet_draw(struct wr_sheet *sheet, unsigned flags)
{
	struct wr_visit *visit = sheet->visit;
	struct wr_html_desk_section *sections =
	    wr_arena_new(visit->arena, struct wr_html_desk_section, sheet->n_sections + 1);
	for (struct wr_sheet_section *at = sheet->first; at; at = at->next) {
		if (!wr_sheet_rows(at) && !at->html.none)
			continue;
		finish_rows(visit->arena, at);
		finish_table(visit->arena, at);
		sections[sheet->html.n_sections++] = at->html;
	}
	sheet->facts.rows = sheet->fact_rows;
	sheet->html.sections = sections;
	sheet->html.warnings = sheet->warnings;
	sheet->html.lines = sheet->lines;
	sheet->html.buttons = sheet->buttons;
	sheet->html.more = sheet->more;
	sheet->html.facts = sheet->facts.n_rows ? &sheet->facts : NULL;
	sheet->html.form = sheet->form ? wr_form_done(sheet->form) : NULL;
	sheet->html.errors = wr_visit_errors(visit);
	wr_frame_open(visit, sheet->html.title, flags);
	wr_html_desk_page(&visit->html, WR_LANGUAGE_EN, &sheet->html);
	wr_frame_close(visit);
}
