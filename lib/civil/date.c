#include "wardround/civil.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const weekday_names[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

/* Counts in 400-year eras of years that begin in March, so that the leap day comes last. */
static wr_day count_days(int year, int month, int day)
{
	int from_march = month > 2 ? month - 3 : month + 9;
	int march_year = month > 2 ? year : year - 1;
	int era = (march_year >= 0 ? march_year : march_year - 399) / 400;
	int year_of_era = march_year - era * 400;
	int day_of_year = (153 * from_march + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

wr_day wr_day_from_date(int year, int month, int day)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return WR_DAY_NONE;
	return count_days(year, month, day);
}

struct wr_date wr_day_date(wr_day day)
{
	int64_t shifted = (int64_t)day + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int day_of_era = (int)(shifted - era * 146097);
	int year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int from_march = (5 * day_of_year + 2) / 153;
	struct wr_date date = {
	    .year = (int)(year_of_era + era * 400) + (from_march >= 10),
	    .month = from_march < 10 ? from_march + 3 : from_march - 9,
	    .day = day_of_year - (153 * from_march + 2) / 5 + 1,
	};
	return date;
}

int wr_day_weekday(wr_day day)
{
	return (day % 7 + 10) % 7; /* 1970-01-01 was a Thursday */
}

/* A week belongs to the year of its Thursday. */
struct wr_week wr_day_week(wr_day day)
{
	wr_day thursday = day - wr_day_weekday(day) + 3;
	int year = wr_day_date(thursday).year;
	wr_day new_year = count_days(year, 1, 1);
	return (struct wr_week){.year = year, .week = (thursday - new_year) / 7 + 1};
}

wr_day wr_week_monday(struct wr_week week)
{
	wr_day fourth = count_days(week.year, 1, 4); /* always in week 1 */
	return fourth - wr_day_weekday(fourth) + 7 * (week.week - 1);
}

struct wr_week wr_week_next(struct wr_week week)
{
	return wr_day_week(wr_week_monday(week) + 7);
}

bool wr_week_equal(struct wr_week a, struct wr_week b)
{
	return a.year == b.year && a.week == b.week;
}

/* Reads exactly `digits` decimal digits; -1 when there is anything else. */
static int read_digits(const char *text, int digits)
{
	int number = 0;
	for (int i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

int wr_week_parse(const char *text, struct wr_week *ret_week)
{
	if (!text || strlen(text) != 8 || text[4] != '-' || text[5] != 'W')
		return WR_CIVIL_BAD_TEXT;
	struct wr_week week = {.year = read_digits(text, 4), .week = read_digits(text + 6, 2)};
	if (week.year < 0 || week.week < 0)
		return WR_CIVIL_BAD_TEXT;
	if (week.year < 1 || week.week < 1 || week.week > 53 ||
	    !wr_week_equal(wr_day_week(wr_week_monday(week)), week))
		return WR_CIVIL_NO_SUCH_TIME;
	*ret_week = week;
	return 0;
}

int wr_day_parse(const char *text, wr_day *ret_day)
{
	if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return WR_CIVIL_BAD_TEXT;
	int year = read_digits(text, 4), month = read_digits(text + 5, 2);
	int of_month = read_digits(text + 8, 2);
	if (year < 0 || month < 0 || of_month < 0)
		return WR_CIVIL_BAD_TEXT;
	wr_day day = wr_day_from_date(year, month, of_month);
	if (day == WR_DAY_NONE)
		return WR_CIVIL_NO_SUCH_TIME;
	*ret_day = day;
	return 0;
}

int wr_weekday_parse(const char *text, int *ret_weekday)
{
	if (!text)
		return WR_CIVIL_BAD_TEXT;
	size_t length = strlen(text);
	for (int i = 0; i < 7; i++) {
		bool whole = length == strlen(weekday_names[i]);
		if ((length == 3 || whole) && strncasecmp(text, weekday_names[i], length) == 0) {
			*ret_weekday = i;
			return 0;
		}
	}
	return WR_CIVIL_BAD_TEXT;
}

int wr_clock_parse(const char *text, int *ret_minute)
{
	if (!text || strlen(text) != 5 || text[2] != ':')
		return WR_CIVIL_BAD_TEXT;
	int hour = read_digits(text, 2), minute = read_digits(text + 3, 2);
	if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > WR_MINUTES_A_DAY)
		return WR_CIVIL_BAD_TEXT;
	*ret_minute = hour * 60 + minute;
	return 0;
}

const char *wr_weekday_name(int weekday)
{
	return weekday >= 0 && weekday < 7 ? weekday_names[weekday] : "";
}

char *wr_week_text(struct wr_week week, char text[WR_TIME_TEXT])
{
	snprintf(text, WR_TIME_TEXT, "%04d-W%02d", week.year, week.week);
	return text;
}

char *wr_day_iso(wr_day day, char text[WR_TIME_TEXT])
{
	struct wr_date date = wr_day_date(day);
	snprintf(text, WR_TIME_TEXT, "%04d-%02d-%02d", date.year, date.month, date.day);
	return text;
}

static const char *month_name(int month)
{
	static const char *const names[] = {"January", "February", "March", "April", "May", "June",
	    "July", "August", "September", "October", "November", "December"};
	return names[month - 1];
}

char *wr_day_long(wr_day day, char text[WR_TIME_TEXT])
{
	struct wr_date date = wr_day_date(day);
	snprintf(text, WR_TIME_TEXT, "%s %d %s %d", weekday_names[wr_day_weekday(day)], date.day,
	    month_name(date.month), date.year);
	return text;
}

char *wr_day_medium(wr_day day, char text[WR_TIME_TEXT])
{
	struct wr_date date = wr_day_date(day);
	snprintf(text, WR_TIME_TEXT, "%s %d %s", weekday_names[wr_day_weekday(day)], date.day,
	    month_name(date.month));
	return text;
}

char *wr_day_short(wr_day day, char text[WR_TIME_TEXT])
{
	struct wr_date date = wr_day_date(day);
	snprintf(text, WR_TIME_TEXT, "%.3s %d %.3s", weekday_names[wr_day_weekday(day)], date.day,
	    month_name(date.month));
	return text;
}
