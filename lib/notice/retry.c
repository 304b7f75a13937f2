#include "wardround/notice.h"

#include <stdio.h>
#include <string.h>

#include "wardround/http.h"

/* Seconds after the first, second, ... failure; the last one for ever. */
static const int pauses[] = {5, 30, 120, 300, 900, 1800, 3600};

static enum wr_notice_end judge_status(int status)
{
	if (status >= 200 && status < 300)
		return WR_NOTICE_DONE;
	if (status == 410)
		return WR_NOTICE_ENDPOINT_OFF;
	if (status == 408 || status == 425 || status == 429)
		return WR_NOTICE_RETRY;
	return status >= 300 && status < 500 ? WR_NOTICE_FINAL : WR_NOTICE_RETRY;
}

enum wr_notice_end wr_notice_judge(enum wr_notice_transport transport, int status)
{
	switch (transport) {
	case WR_NOTICE_ANSWERED:
		return judge_status(status);
	case WR_NOTICE_UNREACHED:
	case WR_NOTICE_TIMED_OUT:
	case WR_NOTICE_STOPPED:
	case WR_NOTICE_LOCKED_OUT:
		return WR_NOTICE_RETRY;
	case WR_NOTICE_FORBIDDEN:
	case WR_NOTICE_BAD_ADDRESS:
		return WR_NOTICE_FINAL;
	}
	return WR_NOTICE_RETRY;
}

int64_t wr_notice_pause_ms(unsigned failed, uint32_t random)
{
	size_t step = failed > 0 ? failed - 1 : 0;
	if (step >= WR_COUNT(pauses))
		step = WR_COUNT(pauses) - 1;
	int64_t pause = 1000 * (int64_t)pauses[step];
	return pause + ((pause / 5 * (int64_t)random) >> 32);
}

wr_time wr_notice_next_try(
    wr_time now, unsigned failed, uint32_t random, int64_t retry_after, wr_time not_after)
{
	int64_t pause = (wr_notice_pause_ms(failed, random) + 999) / 1000;
	if (retry_after > WR_NOTICE_RETRY_AFTER_LIMIT)
		retry_after = WR_NOTICE_RETRY_AFTER_LIMIT;
	if (pause < retry_after)
		pause = retry_after;
	return now + pause <= not_after ? now + pause : WR_TIME_NONE;
}

int64_t wr_notice_retry_after(const char *value, wr_time now)
{
	char text[WR_HTTP_DATE + 8];
	int64_t seconds = 0;
	wr_time at = WR_TIME_NONE;
	const char *start = value + strspn(value, " \t");
	int length = (int)strcspn(start, "\r\n");
	snprintf(text, sizeof(text), "%.*s", length, start);
	for (size_t end = strlen(text); end > 0 && strchr(" \t", text[end - 1]); end--)
		text[end - 1] = '\0';
	if (wr_text_int(text, 0, INT64_C(1) << 40, &seconds) == 0)
		return seconds;
	if (!wr_http_date_parse(text, &at))
		return -1;
	return at > now ? at - now : 0;
}
