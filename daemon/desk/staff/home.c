#include "desk/staff/form.h"
#include "desk/staff/pages.h"

int wr_page_home(struct wr_use *use, struct wr_visit *visit)
{
	if (visit->role == WR_ROLE_CONSULTANT)
		return wr_page_round_list(use, visit);
	wr_frame_open(visit, "Today", 0);
	wr_buf_puts(&visit->html, "<h1 class=\"ui-heading-l\">Today</h1>\n");
	wr_frame_close(visit);
	return 0;
}
