#include <stdlib.h>

#include "wardround/config.h"

int wr_config_consultant_index(const struct wr_config *config, const char *id)
{
	for (size_t i = 0; id && i < config->n_consultants; i++)
		if (wr_text_equal(config->consultants[i].id, id))
			return (int)i;
	return -1;
}

const struct wr_config_consultant *wr_config_find_consultant(
    const struct wr_config *config, const char *id)
{
	int index = wr_config_consultant_index(config, id);
	return index < 0 ? NULL : &config->consultants[index];
}

int wr_config_ward_index(const struct wr_config *config, const char *id)
{
	for (size_t i = 0; id && i < config->n_wards; i++)
		if (wr_text_equal(config->wards[i].id, id))
			return (int)i;
	return -1;
}

const struct wr_config_ward *wr_config_find_ward(const struct wr_config *config, const char *id)
{
	int index = wr_config_ward_index(config, id);
	return index < 0 ? NULL : &config->wards[index];
}

const struct wr_config_round *wr_config_find_round(
    const struct wr_config_ward *ward, const char *id)
{
	for (size_t i = 0; id && i < ward->n_rounds; i++)
		if (wr_text_equal(ward->rounds[i].id, id))
			return &ward->rounds[i];
	return NULL;
}

const struct wr_config_webhook *wr_config_find_webhook(
    const struct wr_config *config, const char *id)
{
	for (size_t i = 0; id && i < config->n_webhooks; i++)
		if (wr_text_equal(config->webhooks[i].id, id))
			return &config->webhooks[i];
	return NULL;
}

bool wr_config_webhook_serves(
    const struct wr_config_webhook *webhook, int ward_index, enum wr_webhook_event event)
{
	if (!(webhook->events & (unsigned)event))
		return false;
	for (size_t i = 0; i < webhook->wards.n; i++)
		if (webhook->wards.items[i] == ward_index)
			return true;
	return webhook->wards.n == 0;
}

static int compare_to_holiday(const void *key, const void *item)
{
	wr_day day = *(const wr_day *)key, other = ((const struct wr_holiday *)item)->day;
	return (day > other) - (day < other);
}

const struct wr_holiday *wr_config_holiday(const struct wr_config_ward *ward, wr_day day)
{
	if (ward->holidays.n == 0)
		return NULL;
	return bsearch(&day, ward->holidays.items, ward->holidays.n, sizeof(struct wr_holiday),
	    compare_to_holiday);
}

bool wr_config_working_day(const struct wr_config_ward *ward, wr_day day)
{
	return wr_day_weekday(day) < 5 && !wr_config_holiday(ward, day);
}

/* The end of the break that [from, to) runs into, or -1. */
static int break_end(const struct wr_config_round *round, int from, int to)
{
	for (size_t i = 0; i < round->breaks.n; i++)
		if (round->breaks.items[i].from < to && from < round->breaks.items[i].to)
			return round->breaks.items[i].to;
	return -1;
}

int wr_round_starts(const struct wr_config_round *round, int ret_minutes[WR_ROUND_CELLS_MAX])
{
	int n = 0, at = round->from;
	while (round->slot > 0 && at + round->slot <= round->to && n < WR_ROUND_CELLS_MAX) {
		int end = break_end(round, at, at + round->slot);
		if (end > at) {
			at = end;
		} else {
			ret_minutes[n++] = at;
			at += round->slot;
		}
	}
	return n;
}
