#include "desk/facts.h"

static int guests_of(struct wr_use *use, const struct wr_slot *slot, struct wr_feed_facts *facts)
{
	struct wr_attendee *people = NULL;
	size_t n = 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, slot->ref, &people, &n);
	struct wr_feed_guest *guests = wr_arena_new(use->arena, struct wr_feed_guest, n + 1);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_support support;
		struct wr_reply reply;
		r = wr_store_support_get(use->tx, use->arena, people[i].support, &support);
		if (r)
			break;
		guests[facts->guests].name = support.name;
		guests[facts->guests].relation = support.relation;
		int answered =
		    wr_store_reply_get(use->tx, use->arena, support.ref, slot->ref, &reply);
		guests[facts->guests++].declined = answered == 0 && reply.answer == WR_ANSWER_NO;
	}
	facts->guest = guests;
	return r;
}

static void name_places(struct wr_use *use, struct wr_feed_facts *facts)
{
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, facts->slot->ward);
	const struct wr_config_consultant *consultant =
	    wr_config_find_consultant(use->config, facts->slot->consultant);
	facts->consultant_name = consultant ? consultant->name : facts->slot->consultant;
	if (!ward)
		return;
	facts->ward_name = ward->name;
	facts->ward_phone = *ward->phone ? ward->phone : NULL;
	facts->contact_phone = *ward->contact_phone ? ward->contact_phone : NULL;
	facts->address = *ward->address ? ward->address : NULL;
	facts->arrive = *ward->arrive ? ward->arrive : NULL;
}

int wr_slot_facts(struct wr_use *use, const struct wr_slot *slot, const struct wr_patient *patient,
    struct wr_feed_facts *ret_facts)
{
	*ret_facts = (struct wr_feed_facts){.slot = slot, .patient = patient};
	name_places(use, ret_facts);
	return guests_of(use, slot, ret_facts);
}
