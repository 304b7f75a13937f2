#include "cuts.h"

#include <stdlib.h>

void plan_cuts_deinit(struct plan_cuts *cuts)
{
	for (size_t i = 0; i < cuts->n; i++) {
		free(cuts->items[i].column);
		free(cuts->items[i].value);
	}
	free(cuts->items);
	*cuts = (struct plan_cuts){0};
}
