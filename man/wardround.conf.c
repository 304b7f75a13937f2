/* Writes wardround.conf(5) in scdoc's language; run by the build. */
#include <stdio.h>

#include "wardround/config.h"

int main(void)
{
	struct wr_buf page = {0};
	wr_config_manual(&page);
	fputs(wr_buf_text(&page), stdout);
	wr_buf_deinit(&page);
	return ferror(stdout) ? 1 : 0;
}
