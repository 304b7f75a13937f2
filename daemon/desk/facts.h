/*
 * facts: everything known of a slot, whoever asks. What a reader may see of it is lib/feed's to
 * say.
 */
#ifndef WR_DAEMON_DESK_FACTS_H
#define WR_DAEMON_DESK_FACTS_H

#include "desk/use.h"
#include "wardround/feed.h"

/* `slot` and `patient` are borrowed; the rest is in use->arena. 0 or -errno. */
int wr_slot_facts(struct wr_use *use, const struct wr_slot *slot, const struct wr_patient *patient,
    struct wr_feed_facts *ret_facts);

#endif
