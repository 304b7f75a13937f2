#include "wardround/voice.h"

static const char *const wish_names[] = {
    "not-this-time", "fewer-people", "part-alone", "another-time"};
const struct wr_words wr_words_wish = {"wish", wish_names, WR_COUNT(wish_names)};
static const char *const rating_names[] = {"yes", "partly", "no"};
const struct wr_words wr_words_rating = {"answer", rating_names, WR_COUNT(rating_names)};
static const char *const feedback_names[] = {"heard", "people", "next"};
const struct wr_words wr_words_feedback_question = {
    "question", feedback_names, WR_COUNT(feedback_names)};

bool wr_voice_fits(const char *text, size_t most)
{
	size_t n = 0;
	for (const char *at = text; *at; at++)
		n += ((unsigned char)*at & 0xc0) != 0x80; /* all but what continues a character */
	return n <= most;
}

static wr_day first_of_month(wr_day day)
{
	return day - (wr_day_date(day).day - 1);
}

struct wr_feedback wr_feedback_count(const struct wr_feedback *last, const char *ward,
    const int answers[WR_FEEDBACK_QUESTIONS], wr_day day)
{
	struct wr_feedback batch = {.ward = ward, .batch = last ? last->batch + 1 : 1};
	if (last && last->forms < WR_FEEDBACK_BATCH)
		batch = *last;
	batch.month = first_of_month(day);
	batch.forms++;
	for (int q = 0; q < WR_FEEDBACK_QUESTIONS; q++)
		if (answers[q] >= 0 && answers[q] < WR_RATINGS)
			batch.n[q][answers[q]]++;
	return batch;
}

bool wr_feedback_is_shown(const struct wr_feedback *batch)
{
	return batch->forms >= WR_FEEDBACK_BATCH;
}

void wr_feedback_add(struct wr_feedback *sum, const struct wr_feedback *batch)
{
	if (!wr_feedback_is_shown(batch))
		return;
	sum->forms += batch->forms;
	for (int q = 0; q < WR_FEEDBACK_QUESTIONS; q++)
		for (int a = 0; a < WR_RATINGS; a++)
			sum->n[q][a] += batch->n[q][a];
}
