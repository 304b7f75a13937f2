#include "desk/staff/form.h"

#include <string.h>

/* Where to go from everywhere, by role. */
static const struct {
	const char *name, *to;
	unsigned roles;
} places[] = {
    {"Today", "/s/", WR_STAFF_WARD},
    {"Patients", "/s/patients", WR_STAFF_WARD},
    {"Week", "/s/week", WR_STAFF_WARD},
    {"Call list", "/s/calls", WR_STAFF_WARD},
    {"Tasks", "/s/tasks", WR_STAFF_WARD},
    {"Rounds", "/s/rounds", WR_STAFF_BOTH},
    {"Board", "/s/board", WR_STAFF_BOTH},
};

/* The place that the page belongs to: the longest that its address begins with. */
static size_t current_place(const struct wr_visit *visit)
{
	size_t best = WR_COUNT(places), length = 0;
	const char *path = visit->path ? visit->path : "";
	if (visit->role == WR_ROLE_CONSULTANT && strcmp(path, "/s/") == 0)
		path = "/s/rounds"; /* where a consultant's day begins */
	for (size_t i = 0; i < WR_COUNT(places); i++) {
		size_t n = strlen(places[i].to);
		bool here = strcmp(places[i].to, "/s/") == 0
		                ? strcspn(path, "?") == n && wr_text_starts(path, places[i].to)
		                : wr_text_starts(path, places[i].to);
		if (here && n > length) {
			best = i;
			length = n;
		}
	}
	return best;
}

/* What the last form did, named by the address that it led to. */
static const char *said_of(const struct wr_visit *visit)
{
	const char *said = wr_visit_query(visit, "said");
	for (size_t i = 0; said && i < wr_n_staff_actions; i++) {
		const struct wr_staff_action *action = &wr_staff_actions[i];
		size_t noun = strlen(action->noun);
		if (strncmp(said, action->noun, noun) == 0 && said[noun] == '-' &&
		    strcmp(said + noun + 1, action->verb) == 0)
			return action->said;
	}
	return NULL;
}

static struct wr_html_staff frame_of(struct wr_visit *visit, const char *title, unsigned flags)
{
	struct wr_html_staff_place *list =
	    wr_arena_new(visit->arena, struct wr_html_staff_place, WR_COUNT(places));
	size_t n = 0, current = current_place(visit);
	for (size_t i = 0; i < WR_COUNT(places); i++)
		if (places[i].roles & (1u << visit->role))
			list[n++] = (struct wr_html_staff_place){
			    places[i].name, places[i].to, i == current};
	return (struct wr_html_staff){
	    .title = title,
	    .service = visit->ward_name,
	    .home = "/s/",
	    .style = wr_page_style_path(wr_arena_alloc(visit->arena, WR_PAGE_STYLE_PATH, 1)),
	    .who = visit->name,
	    .sign_out = visit->by_proxy ? NULL : "/s/out",
	    .form = wr_visit_key(visit),
	    .places = list,
	    .n_places = n,
	    .said = visit->said                     ? visit->said
	            : visit->wrong || visit->action ? NULL
	                                            : said_of(visit),
	    .wrong = visit->wrong != NULL,
	    .wide = flags & WR_FRAME_WIDE,
	};
}

void wr_frame_open(struct wr_visit *visit, const char *title, unsigned flags)
{
	struct wr_html_staff frame = frame_of(visit, title, flags);
	wr_html_staff_open(&visit->html, WR_LANGUAGE_EN, &frame);
}

void wr_frame_close(struct wr_visit *visit)
{
	struct wr_html_staff frame = {0};
	wr_html_staff_close(&visit->html, WR_LANGUAGE_EN, &frame);
}

void wr_frame_ask(struct wr_visit *visit, struct wr_html_desk_ask *ask, struct wr_form_draft *form)
{
	ask->form = *wr_form_done(form);
	ask->errors = wr_visit_errors(visit);
	wr_frame_open(visit, ask->title, 0);
	wr_html_desk_ask(&visit->html, WR_LANGUAGE_EN, ask);
	wr_frame_close(visit);
}

struct wr_html_staff wr_frame_for_nobody(struct wr_arena *arena, const char *title)
{
	return (struct wr_html_staff){
	    .title = title,
	    .service = "Ward's pages",
	    .style = wr_page_style_path(wr_arena_alloc(arena, WR_PAGE_STYLE_PATH, 1)),
	};
}
