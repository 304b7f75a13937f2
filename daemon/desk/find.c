/*
 * Finding what a name means. A name that is not known is answered with the nearest one that is.
 */
#include "desk/use.h"

static const char *meant(struct wr_use *use, const char *name, const char *const *names, size_t n)
{
	const char *near = wr_text_nearest(name, names, n);
	return near ? wr_arena_printf(use->arena, "did you mean `%s`?", near) : NULL;
}

int wr_use_stored(struct wr_use *use, int r, const char *what)
{
	switch (r) {
	case WR_STORE_NONE:
		return wr_unknown(use, NULL, "there is no %s", what);
	case WR_STORE_EXISTS:
		return wr_refuse(use, NULL, "%s: there is one already", what);
	case WR_STORE_REFUSED:
		return wr_fault(use, WR_FAULT_DATA, wr_store_refusal(use->tx),
		    "%s: the database refuses these values", what);
	case WR_STORE_DOUBLE:
		return wr_refuse(use, NULL, "%s: somebody would be in two places at once", what);
	default:
		return r;
	}
}

int wr_use_patient(struct wr_use *use, const char *ref, struct wr_patient *ret)
{
	int r = ref ? wr_store_patient_get(use->tx, use->arena, ref, ret) : WR_STORE_NONE;
	if (r != WR_STORE_NONE)
		return r;
	struct wr_patient *all = NULL;
	size_t n = 0;
	r = wr_store_patient_list(use->tx, use->arena, NULL, true, &all, &n);
	if (r)
		return r;
	const char **refs = wr_arena_new(use->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		refs[i] = all[i].ref;
	return wr_unknown(
	    use, ref ? meant(use, ref, refs, n) : NULL, "there is no patient `%s`", ref ? ref : "");
}

int wr_use_support(struct wr_use *use, const char *ref, struct wr_support *ret)
{
	int r = ref ? wr_store_support_get(use->tx, use->arena, ref, ret) : WR_STORE_NONE;
	if (r != WR_STORE_NONE)
		return r;
	return wr_unknown(
	    use, "see `wardctl support list`", "there is no support `%s`", ref ? ref : "");
}

int wr_use_slot(struct wr_use *use, const char *ref, struct wr_slot *ret)
{
	int r = ref ? wr_store_slot_get(use->tx, use->arena, ref, ret) : WR_STORE_NONE;
	if (r != WR_STORE_NONE)
		return r;
	return wr_unknown(use, "see `wardctl slot list`", "there is no slot `%s`", ref ? ref : "");
}

int wr_use_ward(struct wr_use *use, const char *id, const struct wr_config_ward **ret)
{
	*ret = wr_config_find_ward(use->config, id);
	if (*ret)
		return 0;
	const char **ids = wr_arena_new(use->arena, const char *, use->config->n_wards + 1);
	for (size_t i = 0; i < use->config->n_wards; i++)
		ids[i] = use->config->wards[i].id;
	return wr_unknown(use, id ? meant(use, id, ids, use->config->n_wards) : NULL,
	    "there is no ward `%s`", id ? id : "");
}

int wr_use_consultant(struct wr_use *use, const char *id, const struct wr_config_consultant **ret)
{
	*ret = wr_config_find_consultant(use->config, id);
	if (*ret)
		return 0;
	size_t n = use->config->n_consultants;
	const char **ids = wr_arena_new(use->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = use->config->consultants[i].id;
	return wr_unknown(
	    use, id ? meant(use, id, ids, n) : NULL, "there is no consultant `%s`", id ? id : "");
}

int wr_use_ward_arg(struct wr_use *use, const struct wr_config_ward **ret)
{
	const char *id = wr_arg_text(use, "ward");
	if (id)
		return wr_use_ward(use, id, ret);
	if (use->config->n_wards == 1) {
		*ret = &use->config->wards[0];
		return 0;
	}
	return wr_fault(use, WR_FAULT_USAGE, "name it with --ward", "%s: which ward?", use->verb);
}

int wr_use_ward_of(struct wr_use *use, const char *id, const struct wr_config_ward **ret)
{
	*ret = wr_config_find_ward(use->config, id);
	if (*ret)
		return 0;
	return wr_fault(use, WR_FAULT_CONFIG, "put the ward back into the configuration and reload",
	    "ward `%s` is no longer configured", id);
}
