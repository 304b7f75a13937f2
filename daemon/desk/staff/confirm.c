#include "desk/staff/visit.h"
#include "wardround/page.h"

void wr_confirm_draw(struct wr_visit *visit, const json_t *answer, bool needs_reason)
{
	char style[WR_PAGE_STYLE_PATH];
	(void)answer;
	(void)needs_reason;
	wr_page_sentence(visit->action->title, "?", wr_page_style_path(style), &visit->html);
	wr_visit_answer(visit);
}
