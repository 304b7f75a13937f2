#include "desk/door_target.h"

/* When it was first seen that this can't be shown any more; kept, so that the day does not move. */
static int remember_end(struct wr_use *use, struct wr_door_target *t)
{
	struct wr_store_stamp stamp;
	int r =
	    wr_store_stamp_get(use->tx, use->arena, t->link->whose, t->link->who, "ended", &stamp);
	t->ended = true;
	if (r == 0 && stamp.sequence) {
		t->since = stamp.stamp;
		return 0;
	}
	t->since = use->now;
	stamp =
	    (struct wr_store_stamp){t->link->whose, t->link->who, "ended", "ended", 1, use->now};
	return r && r != WR_STORE_NONE ? r : wr_store_stamp_put(use->tx, &stamp);
}

static int forget_end(struct wr_use *use, const struct wr_door_target *t)
{
	struct wr_store_stamp stamp;
	int r =
	    wr_store_stamp_get(use->tx, use->arena, t->link->whose, t->link->who, "ended", &stamp);
	if (r || !stamp.sequence)
		return r == WR_STORE_NONE ? 0 : r;
	stamp.sequence = 0;
	return wr_store_stamp_put(use->tx, &stamp);
}

static int aim_at_patient(struct wr_use *use, struct wr_door_target *t)
{
	struct wr_patient patient;
	int r = wr_store_patient_get(use->tx, use->arena, t->link->who, &patient);
	if (r == WR_STORE_NONE)
		return remember_end(use, t);
	if (r)
		return r;
	t->ward = wr_config_find_ward(use->config, patient.ward);
	if (patient.discharged != WR_TIME_NONE) {
		t->ended = true;
		t->since = patient.discharged;
		return 0;
	}
	return patient.restricted || !t->ward ? remember_end(use, t) : forget_end(use, t);
}

/* One row of a support or person: agreed and of a patient who is here and not restricted. */
static int still_agrees(struct wr_use *use, const struct wr_support *support,
    struct wr_door_target *t, bool *ret_agrees)
{
	struct wr_patient patient;
	int r = wr_store_patient_get(use->tx, use->arena, support->patient, &patient);
	if (r)
		return r;
	*ret_agrees =
	    wr_support_is_told(support, &patient) && !patient.restricted && !support->disputed;
	wr_time since = patient.discharged != WR_TIME_NONE ? patient.discharged : support->ended_at;
	if (since != WR_TIME_NONE && (t->since == WR_TIME_NONE || since > t->since))
		t->since = since;
	if (!t->ward || *ret_agrees)
		t->ward = wr_config_find_ward(use->config, patient.ward);
	return 0;
}

static int aim_at_supports(struct wr_use *use, struct wr_door_target *t)
{
	struct wr_support *rows = NULL;
	size_t n = 0, kept = 0;
	int r;
	if (t->link->whose == WR_WHOSE_SUPPORT) {
		rows = wr_arena_new(use->arena, struct wr_support, 1);
		r = wr_store_support_get(use->tx, use->arena, t->link->who, rows);
		n = r == 0;
		r = r == WR_STORE_NONE ? 0 : r;
	} else {
		struct wr_store_support_filter filter = {.person = t->link->who};
		r = wr_store_support_list(use->tx, use->arena, &filter, &rows, &n);
	}
	for (size_t i = 0; i < n && !r; i++) {
		bool agrees = false;
		r = still_agrees(use, &rows[i], t, &agrees);
		if (agrees)
			rows[kept++] = rows[i];
	}
	t->supports = rows;
	t->n_supports = kept;
	if (r)
		return r;
	if (kept)
		return forget_end(use, t);
	t->ended = true;
	return t->since == WR_TIME_NONE ? remember_end(use, t) : 0;
}

static int aim_at_configured(struct wr_use *use, struct wr_door_target *t)
{
	bool there = false;
	if (t->link->whose == WR_WHOSE_WARD) {
		t->ward = wr_config_find_ward(use->config, t->link->who);
		there = t->ward != NULL;
	} else {
		int index = wr_config_consultant_index(use->config, t->link->who);
		there = index >= 0;
		for (size_t i = 0; i < use->config->n_wards && there; i++)
			for (size_t k = 0; k < use->config->wards[i].n_rounds; k++)
				if (!t->ward && use->config->wards[i].rounds[k].consultant == index)
					t->ward = &use->config->wards[i];
	}
	return there ? forget_end(use, t) : remember_end(use, t);
}

int wr_door_aim(struct wr_use *use, struct wr_door_target *t)
{
	int r = 0;
	t->since = WR_TIME_NONE;
	switch (t->link->whose) {
	case WR_WHOSE_PATIENT:
		r = aim_at_patient(use, t);
		break;
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		r = aim_at_supports(use, t);
		break;
	case WR_WHOSE_CONSULTANT:
	case WR_WHOSE_WARD:
		r = aim_at_configured(use, t);
		break;
	case WR_WHOSE_ROOM:
		r = remember_end(use, t);
		break;
	}
	if (!t->ward)
		t->ward = &use->config->wards[0];
	if (t->link->revoked != WR_TIME_NONE && (!t->ended || t->link->revoked < t->since)) {
		t->ended = true;
		t->since = t->link->revoked;
	}
	return r;
}
