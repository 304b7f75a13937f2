/*
 * Serves made-up feeds from memory, the way the daemon serves real ones: GET /f/0.ics to
 * /f/N-1.ics, each 6 KB and different, plain and gzip. feed.py compares it with nginx.
 *
 *     feed_server PORT N FOLDER
 *
 * FOLDER gets the same bytes as files first (N.ics, N.ics.gz). "ready" on stdout when it listens.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/serve.h"

enum { EVENTS = 24, MOST = 100000 };

struct feeds {
	struct wr_serve_bytes *plain, *gzip;
};

struct bench {
	uv_loop_t loop;
	uv_signal_t signal;
	struct wr_serve serve;
	struct feeds *feeds;
	size_t n;
};

static void write_feed(struct wr_buf *buf, size_t number)
{
	wr_buf_printf(
	    buf, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//%zu//EN\r\n", number);
	for (unsigned i = 0; i < EVENTS; i++)
		wr_buf_printf(buf,
		    "BEGIN:VEVENT\r\nUID:%zu-%u@bench.example.org\r\nSEQUENCE:%u\r\n"
		    "DTSTAMP:20261127T080000Z\r\nLAST-MODIFIED:20261127T080000Z\r\n"
		    "DTSTART;TZID=Europe/London:202612%02uT102000\r\n"
		    "DTEND;TZID=Europe/London:202612%02uT104000\r\nSUMMARY:Meeting %08zx\r\n"
		    "END:VEVENT\r\n",
		    number, i, i % 3, i + 1, i + 1, number * 2654435761u % 4294967296u);
	wr_buf_puts(buf, "END:VCALENDAR\r\n");
}

static void write_file(
    const char *folder, size_t number, const char *ending, const struct wr_buf *buf)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%zu.ics%s", folder, number, ending);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(buf->data, 1, buf->length, file) != buf->length || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static struct wr_serve_bytes *bytes_of(
    const struct wr_buf *body, const struct wr_buf *content, enum wr_coding coding)
{
	char etag[WR_ETAG];
	const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/calendar; charset=utf-8"},
	    {"Cache-Control", "private, no-cache"},
	    {"Vary", "Accept-Encoding"},
	    {"Referrer-Policy", "no-referrer"},
	    {"X-Robots-Tag", "noindex"},
	    {"Content-Encoding", coding == WR_CODING_GZIP ? "gzip" : NULL},
	    {0},
	};
	const struct wr_serve_field not_modified[] = {
	    {"Cache-Control", "private, no-cache"},
	    {"Vary", "Accept-Encoding"},
	    {0},
	};
	return wr_serve_bytes_new(&(struct wr_serve_bytes_settings){
	    .fields = fields,
	    .not_modified_fields = not_modified,
	    .etag = wr_etag_write(content->data, content->length, coding, etag),
	    .modified = 1764230400,
	    .body = body->data,
	    .length = body->length,
	});
}

static void make_feeds(struct bench *bench, const char *folder)
{
	bench->feeds = wr_alloc(bench->n, sizeof(*bench->feeds));
	struct wr_buf plain = {0}, gzip = {0};
	for (size_t i = 0; i < bench->n; i++) {
		wr_buf_clear(&plain);
		wr_buf_clear(&gzip);
		write_feed(&plain, i);
		wr_gzip(plain.data, plain.length, &gzip);
		write_file(folder, i, "", &plain);
		write_file(folder, i, ".gz", &gzip);
		bench->feeds[i].plain = bytes_of(&plain, &plain, WR_CODING_NONE);
		bench->feeds[i].gzip = bytes_of(&gzip, &plain, WR_CODING_GZIP);
	}
	wr_buf_deinit(&plain);
	wr_buf_deinit(&gzip);
}

static void on_request(void *context, struct wr_request *request)
{
	struct bench *bench = context;
	if (wr_text_starts(request->path, "/f/")) {
		unsigned long number = strtoul(request->path + 3, NULL, 10);
		if (number < bench->n) {
			wr_serve_answer_bytes(
			    request, bench->feeds[number].plain, bench->feeds[number].gzip);
			return;
		}
	}
	wr_serve_answer(request, 404, NULL, "no such feed\n", 13);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct bench *bench = wr_container_of(handle, struct bench, signal);
	(void)number;
	uv_close((uv_handle_t *)handle, NULL);
	wr_serve_stop(&bench->serve, NULL);
	wr_serve_cut(&bench->serve);
}

int main(int argc, char **argv)
{
	struct bench bench = {0};
	struct wr_address address;
	char text[40];
	int64_t n;
	if (argc != 4 || wr_text_int(argv[2], 1, MOST, &n) != 0) {
		fputs("usage: feed_server PORT N FOLDER\n", stderr);
		return 64;
	}
	snprintf(text, sizeof(text), "127.0.0.1:%s", argv[1]);
	if (wr_address_parse(text, &address) != 0)
		return 64;
	bench.n = (size_t)n;
	make_feeds(&bench, argv[3]);
	uv_loop_init(&bench.loop);
	uv_signal_init(&bench.loop, &bench.signal);
	uv_signal_start(&bench.signal, on_signal, SIGTERM);
	wr_serve_init(&bench.serve, &bench.loop,
	    &(struct wr_serve_settings){
		.max_connections = 20000, .max_connections_per_address = 20000});
	int r = wr_serve_listen(&bench.serve, &address,
	    &(struct wr_serve_listen){.handler = on_request, .context = &bench}, NULL);
	if (r != 0) {
		fprintf(stderr, "feed_server: %s: %s\n", text, uv_strerror(r));
		return 69;
	}
	puts("ready");
	fflush(stdout);
	uv_run(&bench.loop, UV_RUN_DEFAULT);
	wr_serve_deinit(&bench.serve);
	uv_loop_close(&bench.loop);
	for (size_t i = 0; i < bench.n; i++) {
		wr_serve_bytes_unref(bench.feeds[i].plain);
		wr_serve_bytes_unref(bench.feeds[i].gzip);
	}
	free(bench.feeds);
	return 0;
}
