/*
 * Any bytes as a calendar of holidays: refused with a reason, or days that ascend, each once. What
 * libical makes of rules and lengths stays within bounds, or the time of a run would show it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char ward[] =
    "public-url = \"https://times.example.org\"\n"
    "consultant shah { name = \"Dr Asha Shah\" }\n"
    "ward kingsley {\n name = \"Kingsley Ward\"\n timezone = \"Europe/London\"\n beds = 25\n"
    " contact-phone = \"01632 960009\"\n holidays = \"days.ics\"\n plan = \"by hand\"\n"
    " publish = \"by hand\"\n round shah {\n consultant = \"shah\"\n days = { \"Monday\" }\n"
    " from = \"09:00\"\n to = \"12:40\"\n slot = \"25 minutes\"\n room = \"Quiet Room\"\n }\n}\n";

struct calendar {
	const uint8_t *bytes;
	size_t length;
};

static int read_file(
    void *context, struct wr_arena *arena, const char *path, struct wr_config_file *ret_file)
{
	const struct calendar *calendar = context;
	(void)arena, (void)path;
	*ret_file = (struct wr_config_file){calendar->bytes, calendar->length, 0600};
	return 0;
}

static int read_zone(
    void *context, struct wr_arena *arena, const char *name, struct wr_config_file *ret_file)
{
	static char bytes[8192];
	static size_t length;
	(void)context, (void)arena, (void)name;
	if (length == 0) {
		FILE *file = fopen("/usr/share/zoneinfo/Europe/London", "rb");
		if (!file)
			return -ENOENT;
		length = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
	}
	*ret_file = (struct wr_config_file){bytes, length, 0644};
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_arena arena = {0};
	struct calendar calendar = {data, size};
	struct wr_config_source source = {"wardround.conf", ward, sizeof(ward) - 1};
	struct wr_config_port port = {&calendar, read_file, read_zone};
	struct wr_config_diagnostics diagnostics = {0};
	const struct wr_config *config = NULL;
	int r = wr_config_read(&arena, &source, 1, &port, 1795766400, &config, &diagnostics);
	if (r != 0 && diagnostics.n == 0)
		abort();
	if (r == 0) {
		const struct wr_holidays *days = &config->wards[0].holidays;
		for (size_t i = 1; i < days->n; i++)
			if (days->items[i - 1].day >= days->items[i].day)
				abort();
	}
	wr_arena_deinit(&arena);
	return 0;
}
