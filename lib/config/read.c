#include <stdlib.h>

#include "reader.h"

int wr_config_read(struct wr_arena *arena, const struct wr_config_source *sources, size_t n,
    const struct wr_config_port *port, wr_time now, const struct wr_config **ret_config,
    struct wr_config_diagnostics *ret_diagnostics)
{
	struct reader reader = {
	    .arena = arena,
	    .sources = sources,
	    .n_sources = n,
	    .port = port,
	    .now = now,
	    .top = config_section_new(arena, ""),
	    .config = wr_arena_new(arena, struct wr_config, 1),
	};
	if (n > 0)
		reader.top->place = (struct place){.source = 0, .line = 1};
	for (size_t i = 0; i < n; i++)
		config_parse(&reader, (int)i, reader.top);
	config_build(&reader);
	config_check(&reader);
	config_warn(&reader);
	config_reported_finish(&reader, ret_diagnostics);
	*ret_config = reader.errors == 0 ? reader.config : NULL;
	return reader.errors == 0 ? 0 : WR_CONFIG_BAD;
}
