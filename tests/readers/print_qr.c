/* print_qr svg|terminal TEXT: the QR code, for a decoder that we did not write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/page.h"

int main(int argc, char **argv)
{
	struct wr_buf buf = {0};
	if (argc != 3)
		return 64;
	int outcome =
	    strcmp(argv[1], "svg") == 0 ? wr_qr_svg(argv[2], &buf) : wr_qr_terminal(argv[2], &buf);
	if (outcome == 0)
		fputs(wr_buf_text(&buf), stdout);
	wr_buf_deinit(&buf);
	return outcome ? EXIT_FAILURE : EXIT_SUCCESS;
}
