#include "sys/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	int fd;
	enum wr_log_level most;
	bool journal; /* the journal keeps the time and wants the level in front */
} out = {STDERR_FILENO, WR_LOG_INFO, true};

static const char *const names[] = {
    [WR_LOG_CRITICAL] = "critical",
    [WR_LOG_ERROR] = "error",
    [WR_LOG_WARNING] = "warning",
    [WR_LOG_NOTICE] = "notice",
    [WR_LOG_INFO] = "info",
    [WR_LOG_DEBUG] = "debug",
};

void wr_log_init(void)
{
	out.journal = getenv("JOURNAL_STREAM") != NULL;
}

void wr_log_set_level(enum wr_log_level most)
{
	out.most = most;
}

void wr_log_set_fd(int fd)
{
	out.fd = fd;
}

static int write_front(char *line, size_t size, enum wr_log_level level)
{
	if (out.journal)
		return snprintf(line, size, "<%d>", (int)level);
	char stamp[32];
	struct tm utc;
	time_t now = time(NULL);
	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return snprintf(line, size, "%s %s ", stamp, names[level]);
}

/* A value from outside must not begin a line of its own or steer a terminal. */
static void make_safe(char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < 0x20 || *line == 0x7f)
			*line = '?';
}

/* What can't be logged can't be said to anybody: the result of writing is not looked at, but a
 * short write goes on, since pipes may take part of a line.
 */
static void write_line(const char *line, size_t length)
{
	while (length > 0) {
		ssize_t n = write(out.fd, line, length);
		if (n <= 0)
			return;
		line += n;
		length -= (size_t)n;
	}
}

/* How much of a line snprintf really wrote. */
static size_t written(int wanted, size_t size)
{
	if (wanted < 0)
		return 0;
	return (size_t)wanted < size ? (size_t)wanted : size - 1;
}

void wr_log(enum wr_log_level level, const char *event, const char *format, ...)
{
	char line[WR_LOG_LINE];
	const size_t size = sizeof(line) - 1; /* the newline's place */
	if (level > out.most || out.fd < 0)
		return;
	size_t n = written(write_front(line, size, level), size);
	n += written(snprintf(line + n, size - n, "%s", event), size - n);
	if (format && *format && n + 1 < size) {
		va_list args;
		line[n++] = ' ';
		va_start(args, format);
		n += written(vsnprintf(line + n, size - n, format, args), size - n);
		va_end(args);
	}
	line[n] = '\0';
	make_safe(line);
	line[n++] = '\n';
	write_line(line, n);
}
