/*
 * fetches: who fetched what through which link. Noting one costs a few additions; what was noted is
 * written once a second, in one job for all.
 *
 * A sight is what a link's door shows: the version of its bytes, and which slots in which revision.
 * A calendar program that fetched it, or was told that what it holds is still right (304), holds
 * these revisions: for the people of the link they are heard as far as `fetched`. Nothing else
 * proves anything: HEAD brings no calendar, link previews and filters come as robots or as
 * browsers, and whoever opens the address in a browser keeps no calendar.
 *
 * Loop thread, but for the job.
 */
#ifndef WR_DAEMON_DESK_FETCHES_H
#define WR_DAEMON_DESK_FETCHES_H

#include "desk/use.h"
#include "wardround/http.h"

struct wr_desk;
struct wr_door;
struct wr_request;

struct wr_sighting {
	enum wr_whose whose; /* patient or support: who hears of it; others: nobody */
	const char *who, *slot;
	int revision;
};

struct wr_fetch_count {
	wr_time last;
	int times;
};

struct wr_sight {
	/* noted and not yet written */
	struct wr_fetch_count feed[WR_AGENTS];
	struct wr_sight *next;
	unsigned references;
	bool waits, heard; /* heard: the people of the link are known to have */
	struct wr_fetch_count page[WR_AGENTS];
	char *link, *version;
	struct wr_sighting *items;
	size_t n, capacity;
};

/* With one reference, yours. `etag` with or without quotes. */
struct wr_sight *wr_sight_new(const char *link, const char *etag);
void wr_sight_add(struct wr_sight *sight, const struct wr_sighting *sighting); /* copied */
void wr_sight_unref(struct wr_sight *sight);                                   /* NULL is fine */

enum { WR_AGENTS_KNOWN = 32, WR_AGENT_TEXT = 124 };

/* A User-Agent that was looked up. */
struct wr_agent_known {
	char text[WR_AGENT_TEXT];
	enum wr_agent agent;
};

struct wr_fetches {
	struct wr_sight *first, **last; /* each with a reference */
	bool writing;
	struct wr_agent_known agents[WR_AGENTS_KNOWN]; /* a program asks again and again */
};

/* Before the answer, which ends the request. Allocates nothing. `page`: not the calendar. */
void wr_fetches_asked(
    struct wr_desk *desk, const struct wr_door *door, struct wr_request *request, bool page);
void wr_fetches_note(struct wr_desk *desk, struct wr_sight *sight, enum wr_agent agent, bool page);
/* Writes what was noted; when it is due, and at the end. */
void wr_fetches_write(struct wr_desk *desk);
void wr_fetches_deinit(struct wr_fetches *fetches);

#endif
