#include <string.h>

#include "reader.h"

static const char head[] =
    "wardround.conf(5)\n"
    "\n"
    "# NAME\n"
    "\n"
    "wardround.conf - configuration of *wardroundd*(8)\n"
    "\n"
    "# DESCRIPTION\n"
    "\n"
    "_/etc/wardround/wardround.conf_ is read first, then the files _conf.d/\\*.conf_ beside it in "
    "the order of their names. Together they are one configuration; nothing may be given twice.\n"
    "\n"
    "A line is _key_ = _value_. Values are texts in double quotes (with \\\\\" for a quote and "
    "\\\\\\\\ for a backslash), whole numbers, *true* and *false*, and lists of them: { \"a\", "
    "\"b\" }. Sections have a name and braces: *ward* kingsley { ... }. A comment goes from # to "
    "the end of its line. Nothing is expanded and nothing is included. Files are UTF-8.\n"
    "\n"
    "Paths are taken relative to the file that they stand in. Names of sections are small letters, "
    "digits, - and \\_, and begin with a letter. Durations are an amount and *seconds*, *minutes*, "
    "*hours* or *days*: days count dates at the same time of day, the others are elapsed time.\n"
    "\n"
    "*wardctl config check* shows every mistake at once, each with its place and what to do; "
    "*wardctl config show* prints what is in force; *wardctl config reload* takes all of the new "
    "files or none of it.\n"
    "\n";

static const char tail[] = "# FILES\n"
			   "\n"
			   "_/etc/wardround/wardround.conf_, _/etc/wardround/conf.d/\\*.conf_\n"
			   "\n"
			   "# SEE ALSO\n"
			   "\n"
			   "*wardroundd*(8), *wardctl*(1)\n";

/* A value as it stands, whatever scdoc makes of its signs. */
static void put_literal(const char *text, struct wr_buf *buf)
{
	for (; *text; text++) {
		if (strchr("\\*_", *text))
			wr_buf_putc(buf, '\\');
		wr_buf_putc(buf, *text);
	}
}

static void put_setting(const struct setting *setting, struct wr_buf *buf)
{
	wr_buf_printf(buf, "*%s* = ", setting->name);
	put_literal(setting->kind->form, buf);
	wr_buf_printf(buf, "\n\t%s", setting->help);
	if (setting->kind->range) {
		wr_buf_puts(buf, " Range: ");
		setting->kind->range(setting, buf);
		wr_buf_putc(buf, '.');
	}
	if (setting->fallback) {
		wr_buf_puts(buf, " Default: ");
		put_literal(setting->fallback, buf);
		wr_buf_putc(buf, '.');
	} else {
		wr_buf_puts(buf, " Must be given.");
	}
	wr_buf_puts(buf, "\n\n");
}

void wr_config_manual(struct wr_buf *buf)
{
	wr_buf_puts(buf, head);
	for (int kind = 0; kind < SECTION_KINDS; kind++) {
		const struct section_schema *schema = &config_sections[kind];
		if (kind == SECTION_TOP)
			wr_buf_puts(buf, "# SETTINGS AT THE TOP\n\n");
		else
			wr_buf_printf(buf, "# %s%s\n\n", schema->name,
			    schema->titled ? " NAME { ... }" : " { ... }");
		wr_buf_printf(buf, "%s\n\n", schema->help);
		for (size_t i = 0; i < config_settings_n; i++)
			if (config_settings[i].section == (enum section_kind)kind)
				put_setting(&config_settings[i], buf);
	}
	wr_buf_puts(buf, tail);
}
