#include "desk/staff/form.h"
#include "desk/staff/pages.h"

int wr_page_home(struct wr_use *use, struct wr_visit *visit)
{
	(void)use;
	wr_frame_open(visit, "Today", 0);
	wr_buf_puts(&visit->html, "<h1 class=\"ui-heading-l\">Today</h1>\n");
	wr_frame_close(visit);
	return 0;
}
