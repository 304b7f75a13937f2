/*
 * sheet: a page of the desk being put together: facts, sections of rows or tables, and what can be
 * done about each. Everything lives in the visit's arena.
 *
 *     struct wr_sheet *sheet = wr_sheet_new(visit, "Call list");
 *     struct wr_sheet_section *section = wr_sheet_section(sheet, "ring", "Ring now", "Nobody.");
 *     wr_sheet_row(section, "Ivo Heath", NULL);
 *     wr_sheet_line(section, "07700 949965, father of Cy North");
 *     wr_sheet_form(section, wr_form_small(visit, "unseen", "tick", "Rung, knows", name));
 *     wr_sheet_draw(sheet, 0);
 *
 * Line, tag and form belong to the row that was added last.
 */
#ifndef WR_DAEMON_DESK_STAFF_SHEET_H
#define WR_DAEMON_DESK_STAFF_SHEET_H

#include "desk/staff/form.h"

struct wr_sheet;
struct wr_sheet_section;

struct wr_sheet *wr_sheet_new(struct wr_visit *visit, const char *title);
void wr_sheet_back(struct wr_sheet *sheet, const char *to, const char *name);
void wr_sheet_about(struct wr_sheet *sheet, const char *about);
void wr_sheet_tag(struct wr_sheet *sheet, const char *tag, bool urgent);
void wr_sheet_warning(struct wr_sheet *sheet, const char *text); /* NULL: none */
void wr_sheet_say(struct wr_sheet *sheet, const char *text);     /* NULL: none */
void wr_sheet_button(struct wr_sheet *sheet, const char *to, const char *name);
void wr_sheet_quiet_button(struct wr_sheet *sheet, const char *to, const char *name);
/* A fact without text is left out; `to` may be NULL. */
void wr_sheet_fact(struct wr_sheet *sheet, const char *name, const char *text, const char *to);
void wr_sheet_fill(struct wr_sheet *sheet, struct wr_form_draft *form);
void wr_sheet_more(struct wr_sheet *sheet, const char *to, const char *name);

/* `none`: said when it has no rows; NULL: the section is left out then. */
struct wr_sheet_section *wr_sheet_section(
    struct wr_sheet *sheet, const char *id, const char *title, const char *none);
void wr_sheet_hint(struct wr_sheet_section *section, const char *hint);
void wr_sheet_link(struct wr_sheet_section *section, const char *to, const char *name);
void wr_sheet_row(struct wr_sheet_section *section, const char *title, const char *to);
void wr_sheet_row_tag(struct wr_sheet_section *section, const char *tag, bool urgent);
void wr_sheet_line(struct wr_sheet_section *section, const char *line); /* NULL: none */
void wr_sheet_form(struct wr_sheet_section *section, struct wr_form_draft *form);
size_t wr_sheet_rows(const struct wr_sheet_section *section);

/* The section as a table: its heads, NULL ended, the first one that of the rows' names. */
void wr_sheet_heads(struct wr_sheet_section *section, const char *label, const char *const *heads);
void wr_sheet_table_row(struct wr_sheet_section *section, const char *name, const char *to);
void wr_sheet_cell(
    struct wr_sheet_section *section, const char *text, const char *tag, bool urgent);

void wr_sheet_draw(struct wr_sheet *sheet, unsigned flags); /* WR_FRAME_... */

#endif
