/*
 * http: the decisions of HTTP that need no socket: addresses and who is asking, validators and
 * conditions, compression, paths, query strings and forms, same-origin, and how often somebody may
 * guess.
 *
 * Everything read here comes from outside. What can't be understood is refused or counts as absent,
 * never guessed. Rules: RFC 9110 (semantics), 9111, 9112; WHATWG URL and Fetch for forms, Origin
 * and Sec-Fetch-Site.
 *
 * Pure; no state but struct wr_rate, which belongs to one thread. Header values that may be absent
 * are passed as NULL.
 */
#ifndef WARDROUND_HTTP_H
#define WARDROUND_HTTP_H

#include "wardround/base.h"
#include "wardround/civil.h"

/* ---- addresses of hosts and networks ---- */

/* IPv6; IPv4 as ::ffff:a.b.c.d, so that one address has one form. All zero: no address, as of the
 * peer of a Unix socket. */
struct wr_ip {
	uint8_t bytes[16];
};

struct wr_network {
	struct wr_ip ip;
	uint8_t bits; /* 0-128 that count, in IPv6's numbering: an IPv4 /24 is 120 */
};

enum { WR_IP_TEXT = 46 };

bool wr_ip_is_v4(struct wr_ip ip);
bool wr_ip_equal(struct wr_ip a, struct wr_ip b);
struct wr_ip wr_ip_from_v4(const uint8_t octets[4]); /* in network order */
/* "192.0.2.1" (four decimals without leading zeros) or RFC 4291 text, no brackets, no zone id. */
bool wr_ip_parse(const char *text, size_t length, struct wr_ip *ret_ip);
/* RFC 5952, IPv4 as dotted decimals; returns `text`. */
char *wr_ip_write(struct wr_ip ip, char text[WR_IP_TEXT]);
/* Whom to count as one client: the /24 of an IPv4, the /64 of an IPv6 address. */
struct wr_ip wr_ip_client(struct wr_ip ip);

/* "10.0.0.0/8", "2001:db8::/32", a bare address, or "unix:" for the peers of Unix sockets. Bits set
 * beyond the prefix are refused: one of the two is a slip. */
bool wr_network_parse(const char *text, struct wr_network *ret_network);
bool wr_network_has(const struct wr_network *network, struct wr_ip ip);
bool wr_network_any(const struct wr_network *networks, size_t n, struct wr_ip ip);

/*
 * Who asks: the peer itself, or when it is a trusted proxy the last address of X-Forwarded-For
 * that is not one. Everything left of an entry that can't be read is ignored. Entries may carry a
 * port ("192.0.2.1:1234", "[2001:db8::1]:1234").
 */
struct wr_ip wr_http_client(struct wr_ip peer, const char *forwarded_for,
    const struct wr_network *trusted, size_t n_trusted);

/* ---- addresses to listen on ---- */

enum wr_address_kind { WR_ADDRESS_TCP = 1, WR_ADDRESS_UNIX };

struct wr_address {
	enum wr_address_kind kind;
	struct wr_ip ip;  /* TCP */
	uint16_t port;    /* TCP */
	bool v6;          /* TCP: written with brackets, so [::] and 0.0.0.0 differ */
	const char *path; /* Unix; points into the text that was parsed */
};

enum wr_address_outcome {
	WR_ADDRESS_NO_HOST = 1, /* not an IP address, or an IPv6 one without its brackets */
	WR_ADDRESS_NO_PORT,     /* none, or not 1 to 65535 */
	WR_ADDRESS_NO_PATH,     /* "unix:" with nothing behind it */
};

/* "127.0.0.1:8480", "[::1]:8480", "unix:/path". Names are refused: what they stand for can change.
 * 0 or an outcome; its text for a message says what to write instead. */
int wr_address_parse(const char *text, struct wr_address *ret_address);
const char *wr_address_hint(enum wr_address_outcome outcome);
char *wr_address_text(struct wr_arena *arena, const struct wr_address *address);

/* ---- status lines, dates ---- */

const char *wr_http_reason(int status); /* "Not Found"; "Unknown" for a status nobody uses here */

enum { WR_HTTP_DATE = 30 };
/* "Sun, 06 Nov 1994 08:49:37 GMT"; returns `text`. Years 1 to 9999. */
char *wr_http_date_write(wr_time at, char text[WR_HTTP_DATE]);
/* IMF-fixdate only; the two obsolete forms count as unreadable, which costs a full answer. */
bool wr_http_date_parse(const char *text, wr_time *ret_at);

/* ---- validators ---- */

enum { WR_ETAG = 32 };
enum wr_coding { WR_CODING_NONE, WR_CODING_GZIP };
/* A strong ETag with its quotes, from the body before coding; each coding has its own. */
char *wr_etag_write(const void *body, size_t length, enum wr_coding coding, char text[WR_ETAG]);

/*
 * Whether a GET or HEAD is answered 304. If-None-Match (a list, weak comparison, `*`) beats
 * If-Modified-Since; the latter only counts when it can be read (RFC 9110, 13.1). `etag` with
 * quotes; `modified` WR_TIME_NONE when there is none.
 */
bool wr_http_not_modified(
    const char *if_none_match, const char *if_modified_since, const char *etag, wr_time modified);

/* ---- compression ---- */

/* Whether gzip is the better choice: acceptable and not wanted less than identity. */
bool wr_http_wants_gzip(const char *accept_encoding);
/* Appends; the same bytes for the same input and zlib (no time in the header). */
void wr_gzip(const void *bytes, size_t length, struct wr_buf *buf);

/* ---- paths, queries, forms ---- */

enum { WR_FORM_FIELDS = 200 };

struct wr_form_field {
	const char *name, *value; /* decoded UTF-8, NUL ended, no NUL inside */
	size_t length;            /* of the value */
};

struct wr_form {
	const struct wr_form_field *fields; /* in the order they came */
	size_t n;
};

/*
 * Decodes %XX of a path. False when an escape is incomplete, or stands for a control character or
 * a slash, or the whole is not UTF-8. `ret_path` is `raw` itself when there is nothing to decode.
 */
bool wr_path_decode(struct wr_arena *arena, const char *raw, const char **ret_path);

/*
 * application/x-www-form-urlencoded, of a body or behind the `?` of a target. False, with nothing
 * to use, on a bad escape, a control character other than tab and line ends, a bad UTF-8 sequence,
 * a field without name or more than WR_FORM_FIELDS.
 */
bool wr_form_parse(
    struct wr_arena *arena, const char *bytes, size_t length, struct wr_form *ret_form);
/* The first field of that name, NULL when it was not sent. */
const char *wr_form_get(const struct wr_form *form, const char *name);
/* The k-th (from 0) field of that name: ticked boxes share one. */
const char *wr_form_nth(const struct wr_form *form, const char *name, size_t k);

/* Appends with everything escaped that is not unreserved (RFC 3986): for one path segment or one
 * name or value of a query. */
void wr_http_escape(struct wr_buf *buf, const char *text);

/* The value of the first cookie of that name in a Cookie header (RFC 6265, 5.4), as it was sent;
 * NULL when there is none. */
const char *wr_http_cookie(struct wr_arena *arena, const char *header, const char *name);

/* ---- where a form was posted from ---- */

enum wr_origin {
	WR_ORIGIN_SAME,   /* the form is ours */
	WR_ORIGIN_OTHER,  /* somebody else's page posts here: refuse */
	WR_ORIGIN_UNSAID, /* neither header: no browser sends a form like that */
};

/*
 * Sec-Fetch-Site decides when it came ("same-origin", or "none" for what the user started alone),
 * else Origin, which must name this request's Host or be the origin of `public_url` (which may be
 * NULL). "null" is other.
 */
enum wr_origin wr_http_origin(
    const char *sec_fetch_site, const char *origin, const char *host, const char *public_url);

/* ---- what asks ---- */

enum wr_agent {
	WR_AGENT_UNKNOWN,
	WR_AGENT_CALENDAR, /* a calendar program that keeps what it fetched */
	WR_AGENT_BROWSER,  /* or something that says it is one */
	WR_AGENT_ROBOT,    /* link previews, crawlers, filters that look at links */
	WR_AGENTS,
};

/* By User-Agent (the table of agent.c), and who is not known by Accept. Either may be NULL. What is
 * said here can be a lie: it tells a program that keeps a calendar from a passer-by, nothing more.
 */
enum wr_agent wr_http_agent(const char *user_agent, const char *accept);
const char *wr_http_agent_name(enum wr_agent agent); /* "calendar" */

/* ---- how often somebody may guess ---- */

enum { WR_RATE_MOST = 32 };

struct wr_rate_settings {
	unsigned limit;     /* passes in one window, 1 to WR_RATE_MOST: 20 */
	uint64_t window_ms; /* any stretch of this length: 60,000 */
	size_t clients;     /* how many are remembered; rounded up to a multiple of 8 */
	uint8_t key[16];    /* random, so that nobody can aim at a neighbour's place */
};

/* Memory is bounded: when full, the client that was seen longest ago makes room. */
struct wr_rate {
	struct wr_rate_settings settings;
	struct wr_rate_client *table;
	size_t sets;
};

void wr_rate_init(struct wr_rate *rate, const struct wr_rate_settings *settings);
void wr_rate_deinit(struct wr_rate *rate);
/*
 * One more of what is limited, by the client (wr_ip_client) of `ip`. True when it is within the
 * limit; what is refused does not count against later tries. `ret_wait_ms` (may be NULL) gets how
 * long until the next would pass.
 */
bool wr_rate_take(struct wr_rate *rate, struct wr_ip ip, uint64_t now_ms, uint64_t *ret_wait_ms);

#endif
