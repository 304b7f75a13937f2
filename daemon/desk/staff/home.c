#include "desk/staff/pages.h"
#include "wardround/page.h"

int wr_page_home(struct wr_use *use, struct wr_visit *visit)
{
	char style[WR_PAGE_STYLE_PATH];
	(void)use;
	wr_page_sentence("Start", visit->name, wr_page_style_path(style), &visit->html);
	return 0;
}
