#include "wardround/http.h"

#include <string.h>

const char *wr_http_cookie(struct wr_arena *arena, const char *header, const char *name)
{
	size_t wanted = strlen(name);
	for (const char *at = header; at && *at;) {
		at += strspn(at, " \t;");
		size_t length = strcspn(at, ";");
		if (length > wanted && at[wanted] == '=' && strncmp(at, name, wanted) == 0)
			return wr_arena_strndup(arena, at + wanted + 1, length - wanted - 1);
		at += length;
	}
	return NULL;
}
