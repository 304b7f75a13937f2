#include "desk/cases.h"
#include "desk/promises.h"

static int add_unplaced(struct wr_use *use)
{
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0;
	char text[WR_TIME_TEXT];
	int r = 0;
	json_t *list = json_array();
	for (size_t w = 0; w < use->config->n_wards && !r; w++) {
		const struct wr_config_ward *ward = &use->config->wards[w];
		wr_day monday = wr_week_monday(wr_day_week(wr_zone_day(ward->zone, use->now)));
		r = wr_store_unplaced_list(
		    use->tx, use->arena, ward->id, NULL, NULL, &unplaced, &n);
		for (size_t i = 0; i < n && !r; i++)
			if (wr_week_monday(unplaced[i].week) >= monday)
				json_array_append_new(
				    list, json_pack("{s:s, s:s, s:s, s:s}", "patient",
					      unplaced[i].patient, "ward", unplaced[i].ward, "week",
					      wr_week_text(unplaced[i].week, text), "why",
					      unplaced[i].why));
	}
	wr_use_answer(use, "unplaced", list);
	return r;
}

static int add_counts(struct wr_use *use)
{
	struct wr_task *tasks = NULL;
	struct wr_notice_row *notices = NULL;
	struct wr_store_endpoint *endpoints = NULL;
	size_t n_tasks = 0, n_notices = 0, n_endpoints = 0;
	struct wr_store_task_filter open = {.open = true};
	struct wr_store_notice_filter waiting = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING) | WR_STORE_BIT(WR_NOTICE_SENDING)};
	int r = wr_store_task_list(use->tx, use->arena, &open, &tasks, &n_tasks);
	if (!r)
		r = wr_store_notice_list(use->tx, use->arena, &waiting, &notices, &n_notices);
	if (!r)
		r = wr_store_endpoint_list(use->tx, use->arena, &endpoints, &n_endpoints);
	json_t *off = json_array();
	for (size_t i = 0; i < n_endpoints && !r; i++)
		if (endpoints[i].off)
			json_array_append_new(off, json_string(endpoints[i].name));
	wr_use_answer(use, "tasks", json_integer((json_int_t)n_tasks));
	wr_use_answer(use, "notices_waiting", json_integer((json_int_t)n_notices));
	wr_use_answer(use, "webhooks_off", off);
	return r;
}

int wr_case_status_show(struct wr_use *use)
{
	struct wr_promise_report report;
	char at[WR_TIME_TEXT];
	int r = wr_promises_look(use, &report);
	if (r)
		return r;
	wr_use_answer(use, "now", json_string(wr_time_utc(use->now, at)));
	wr_use_answer(use, "started", json_string(wr_time_utc(use->started, at)));
	wr_use_answer(use, "version", json_string(WR_VERSION));
	wr_use_answer(use, "read_only", json_boolean(use->read_only));
	wr_use_answer(use, "promises", wr_promises_json(&report));
	r = add_unplaced(use);
	return r ? r : add_counts(use);
}

int wr_case_version_show(struct wr_use *use)
{
	char at[WR_TIME_TEXT];
	wr_use_answer(use, "version", json_string(WR_VERSION));
	wr_use_answer(use, "now", json_string(wr_time_utc(use->now, at)));
	return 0;
}

int wr_case_config_show(struct wr_use *use)
{
	struct wr_buf text = {0};
	wr_config_show(use->config, &text);
	wr_use_answer(use, "config", wr_config_show_json(use->config));
	wr_use_answer(use, "text", json_string(wr_buf_text(&text)));
	wr_buf_deinit(&text);
	return 0;
}
