/*
 * paper: sees to it that the page to print of each ward's next day lies in `paper-dir` in time
 * (wardround/paper.h says when and under which name).
 *
 *     look -> [worker] is it there? -> [store] read and draw -> [worker] write -> [store] note
 *
 * One page at a time. What failed is logged, becomes a task with an alarm, and is tried again after
 * some minutes; the task is settled when a page gets there.
 *
 * Loop thread.
 */
#ifndef WR_DAEMON_DESK_PAPER_H
#define WR_DAEMON_DESK_PAPER_H

#include "desk/desk.h"

enum { WR_PAPER_AGAIN_SECONDS = 10 * 60 };

/* What is known of the pages: freed with the desk. */
struct wr_papers;
void wr_papers_free(struct wr_papers *papers); /* NULL is fine */

/* Begins with the first page that is due and not known to be there, if there is a folder for them.
 */
void wr_paper_look(struct wr_desk *desk);

/* paper_draw.c: the page, appended to `html`; inside a reading job. 0 or -errno. */
int wr_paper_draw(
    struct wr_use *use, const struct wr_config_ward *ward, wr_day day, struct wr_buf *html);

#endif
