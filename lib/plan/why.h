/*
 * plan/why: the reason next to each place of a plan. Pure; no locks.
 */
#ifndef WARDROUND_PLAN_WHY_H
#define WARDROUND_PLAN_WHY_H

#include "columns.h"

void plan_why_fill(const struct plan_field *field, struct wr_plan *plan);

#endif
