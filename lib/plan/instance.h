/*
 * plan/instance: what reader and check of an instance share: the list of mistakes.
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_INSTANCE_H
#define WARDROUND_PLAN_INSTANCE_H

#include "wardround/plan.h"

/* `path` and `text` must be in the arena. */
void plan_mistake_add(
    struct wr_arena *arena, struct wr_plan_mistakes *mistakes, const char *path, const char *text);
/* Leaves the first mistake of each path: a number of the wrong kind is not out of range as well. */
void plan_mistakes_unique(struct wr_plan_mistakes *mistakes);

#endif
