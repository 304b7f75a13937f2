/*
 * /metrics in the Prometheus text format 0.0.4. Numbers and fixed labels only: nothing about
 * people.
 */
#include <inttypes.h>

#include "desk/courier.h"
#include "desk/health.h"
#include "desk/routes.h"

static void head(struct wr_buf *out, const char *name, const char *type, const char *help)
{
	wr_buf_printf(
	    out, "# HELP wardround_%s %s\n# TYPE wardround_%s %s\n", name, help, name, type);
}

static void one(
    struct wr_buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
	head(out, name, type, help);
	wr_buf_printf(out, "wardround_%s %" PRIu64 "\n", name, value);
}

static void write_requests(struct wr_buf *out, const struct wr_serve_counts *counts)
{
	static const char *const tags[] = {
	    [WR_SERVE_PUBLIC] = "public",
	    [WR_SERVE_STAFF] = "staff",
	    [WR_SERVE_CONTROL] = "control",
	    [WR_SERVE_METRICS] = "metrics",
	};
	head(out, "http_requests_total", "counter",
	    "Requests answered, by listener and class of status.");
	for (int tag = 0; tag < WR_SERVE_TAGS; tag++)
		for (int class = 2; class < 6; class ++)
			wr_buf_printf(out,
			    "wardround_http_requests_total{listener=\"%s\",status=\"%dxx\"} "
			    "%" PRIu64 "\n",
			    tags[tag], class, counts->requests[tag][class]);
	head(out, "http_connections_open", "gauge", "Connections open now, by listener.");
	for (int tag = 0; tag < WR_SERVE_TAGS; tag++)
		wr_buf_printf(out, "wardround_http_connections_open{listener=\"%s\"} %" PRIu64 "\n",
		    tags[tag], counts->open[tag]);
	one(out, "http_refused_connections_total", "counter",
	    "Connections refused because all, or all of one address, were taken.",
	    counts->full + counts->full_address);
	one(out, "http_ambiguous_requests_total", "counter",
	    "Requests refused because they could be read in two ways or were over a limit.",
	    counts->ambiguous);
	one(out, "http_late_connections_total", "counter", "Connections ended by a deadline.",
	    counts->late);
	one(out, "http_received_bytes_total", "counter", "Bytes received.", counts->bytes_in);
	one(out, "http_sent_bytes_total", "counter", "Bytes sent.", counts->bytes_out);
}

static void write_ward(struct wr_buf *out, const struct wr_health *health)
{
	head(out, "promise_state", "gauge",
	    "State of each promise at the last look: 0 kept, 1 in danger, 2 broken.");
	for (int i = 0; i < WR_PROMISES; i++)
		wr_buf_printf(out, "wardround_promise_state{promise=\"%d\"} %d\n", i + 1,
		    health->promises[i]);
	one(out, "patients", "gauge", "Patients who are here or expected.", health->patients);
	one(out, "slots_published", "gauge", "Published slots still to come.", health->published);
	one(out, "patients_unplaced", "gauge", "Rows on the unplaced lists.", health->unplaced);
	one(out, "people_unconfirmed", "gauge",
	    "People and slots ahead whose present revision is not confirmed.", health->unseen);
	one(out, "tasks_open", "gauge", "Tasks that wait for a person.", health->tasks);
	head(out, "promises_checked_timestamp_seconds", "gauge",
	    "When the promises were last checked.");
	wr_buf_printf(
	    out, "wardround_promises_checked_timestamp_seconds %" PRId64 "\n", health->looked);
}

static void write_store(struct wr_buf *out, const struct wr_store *store)
{
	struct wr_store_counts counts = wr_store_counts(store);
	one(out, "store_commits_total", "counter", "Commits to the database.", counts.commits);
	one(out, "store_writes_total", "counter", "Jobs that wrote.", counts.written);
	one(out, "store_reads_total", "counter", "Jobs that read.", counts.read);
	one(out, "store_jobs_waiting", "gauge", "Jobs waiting or running.", counts.waiting);
	one(out, "store_read_only", "gauge", "1 while the disk is full.", wr_store_is_full(store));
}

void wr_routes_metrics(void *context, struct wr_request *request)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
	    {"Cache-Control", "no-store"},
	    {0},
	};
	struct wr_desk *desk = context;
	struct wr_buf out = {0};
	if (!wr_text_equal(request->path, "/metrics")) {
		wr_serve_answer(request, 404, NULL, "not found\n", 10);
		return;
	}
	if (request->method != WR_METHOD_GET && request->method != WR_METHOD_HEAD) {
		wr_serve_answer_method(request, "GET, HEAD");
		return;
	}
	head(&out, "build_info", "gauge", "The version that runs.");
	wr_buf_puts(&out, "wardround_build_info{version=\"" WR_VERSION "\"} 1\n");
	head(&out, "start_time_seconds", "gauge", "When the daemon started.");
	wr_buf_printf(&out, "wardround_start_time_seconds %" PRId64 "\n", desk->started);
	one(&out, "ready", "gauge", "1 while requests are answered.", desk->ready);
	one(&out, "doors", "gauge", "Links and reply codes in memory.", desk->doors.n);
	one(&out, "notices_in_flight", "gauge", "Deliveries under way.",
	    wr_courier_in_flight(desk->courier));
	write_requests(&out, &desk->serve.counts);
	write_store(&out, desk->store);
	if (desk->health)
		write_ward(&out, desk->health);
	wr_serve_answer(request, 200, fields, out.data, out.length);
	wr_buf_deinit(&out);
}
