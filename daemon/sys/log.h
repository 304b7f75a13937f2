/*
 * log: one line an event, on stderr.
 *
 *     published week=2026-W49 ward=kingsley slots=25
 *
 * An event is a word or a few joined by '-'; then key=value. Ids and refs may stand in a line;
 * names, tokens, phone numbers, addresses of links and words that people wrote may not. Values are
 * made safe for one line: control characters become '?'.
 *
 * Under systemd (JOURNAL_STREAM is set) a line starts with its level as sd-daemon(3) wants it,
 * "<4>"; otherwise with time and level. Safe from any thread: a line is one write.
 */
#ifndef WR_DAEMON_LOG_H
#define WR_DAEMON_LOG_H

#include "wardround/base.h"

/* The numbers of syslog(3). */
enum wr_log_level {
	WR_LOG_CRITICAL = 2, /* a promise or the data is in danger */
	WR_LOG_ERROR = 3,    /* something asked for was not done */
	WR_LOG_WARNING = 4,  /* it went on, but somebody should know */
	WR_LOG_NOTICE = 5,   /* worth knowing on a good day: started, published, reloaded */
	WR_LOG_INFO = 6,
	WR_LOG_DEBUG = 7,
};

enum { WR_LOG_LINE = 1024 }; /* bytes; a longer line is cut */

/* Reads the environment, once, before threads start. Without it lines have no level. */
void wr_log_init(void);
void wr_log_set_level(enum wr_log_level most); /* what is above it is dropped; INFO at first */
/* Elsewhere than stderr, for tests; -1 drops everything. */
void wr_log_set_fd(int fd);
void wr_log(enum wr_log_level level, const char *event, const char *format, ...) WR_PRINTF(3, 4);

#endif
