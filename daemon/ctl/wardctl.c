/*
 * wardctl: from argv to an exit code.
 */
#include "ctl.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

int wr_ctl_run_version(struct wr_ctl_call *call)
{
	if (call->globals.json)
		puts("{\"schema\":1,\"version\":\"" WR_VERSION "\"}");
	else
		puts("wardround " WR_VERSION);
	return WR_CTL_DONE;
}

static int help(const struct wr_ctl_call *call, const char *noun)
{
	if (call->verb)
		wr_ctl_help_verb(stdout, call->verb);
	else if (noun)
		wr_ctl_help_noun(stdout, noun);
	else
		wr_ctl_help(stdout);
	return WR_CTL_DONE;
}

/* What could not be written was not said: a full disk behind `>` is no success. */
static int flushed(const struct wr_ctl_globals *globals, int exit)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return exit;
	if (errno == EPIPE)
		return exit ? exit : WR_CTL_IO;
	fprintf(stderr, "wardctl: error: the answer can't be written: %s\n", strerror(errno));
	(void)globals;
	return exit ? exit : WR_CTL_IO;
}

int main(int argc, char **argv)
{
	struct wr_ctl_call call;
	const char *noun = NULL;
	int r;

	setlocale(LC_CTYPE, "C.UTF-8");
	switch (wr_ctl_parse(argc - 1, argv + 1, &call, &noun)) {
	case WR_CTL_PARSED_CALL:
		r = call.verb->run ? call.verb->run(&call) : wr_ctl_ask(&call);
		break;
	case WR_CTL_PARSED_HELP:
		r = help(&call, noun);
		break;
	case WR_CTL_PARSED_BAD:
	default:
		r = WR_CTL_USAGE;
		break;
	}
	json_decref(call.args);
	wr_arena_deinit(&call.arena);
	return flushed(&call.globals, r);
}
