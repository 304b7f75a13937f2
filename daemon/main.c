/*
 * wardroundd(8): reads its arguments and configuration, then runs the daemon in the foreground.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "daemon.h"
#include "sys/config_files.h"
#include "sys/log.h"

static void print_usage(FILE *out)
{
	fputs("Usage: wardroundd [--config FILE]\n"
	      "       wardroundd --check-config [FILE]\n"
	      "       wardroundd --version | --help\n"
	      "\n"
	      "Runs in the foreground until SIGTERM; SIGHUP reads the configuration again.\n"
	      "FILE is " WR_CONFIG_FILE " when it is not given. See wardroundd(8).\n",
	    out);
}

static void print_diagnostics(const struct wr_config_diagnostics *diagnostics)
{
	struct wr_buf text = {0};
	for (size_t i = 0; i < diagnostics->n; i++)
		wr_config_diagnostic_format(&diagnostics->items[i], &text);
	fputs(wr_buf_text(&text), stderr);
	wr_buf_deinit(&text);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"check-config", optional_argument, NULL, 'k'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},
	    {0},
	};
	const char *path = WR_CONFIG_FILE;
	bool check = false;
	for (int option; (option = getopt_long(argc, argv, "c:h", options, NULL)) != -1;) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case 'k':
			check = true;
			if (optarg)
				path = optarg;
			break;
		case 'h':
			print_usage(stdout);
			return WR_EXIT_OK;
		case 'v':
			puts("wardroundd " WR_VERSION);
			return WR_EXIT_OK;
		default:
			print_usage(stderr);
			return WR_EXIT_USAGE;
		}
	}
	if (check && optind < argc)
		path = argv[optind++];
	if (optind < argc) {
		fprintf(stderr, "wardroundd: what is `%s` for?\n", argv[optind]);
		print_usage(stderr);
		return WR_EXIT_USAGE;
	}
	umask(027);
	wr_log_init();
	struct wr_arena arena = {0};
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics diagnostics;
	int r = wr_config_load(path, (wr_time)time(NULL), &arena, &config, &diagnostics);
	print_diagnostics(&diagnostics);
	if (r || check) {
		wr_arena_deinit(&arena);
		return r ? WR_EXIT_CONFIG : WR_EXIT_OK;
	}
	return wr_daemon_run(&arena, config, path);
}
