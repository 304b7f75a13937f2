/*
 * Help, made from the table of verbs.
 */
#include "ctl.h"

#include <string.h>

static const char usage[] = "Usage: wardctl [--socket PATH] [--json] NOUN VERB [ARGUMENTS]\n";

static void append_arg(struct wr_buf *buf, const struct wr_ctl_arg *arg)
{
	if (arg->flags & WR_CTL_POSITIONAL) {
		wr_buf_puts(buf, arg->value);
		return;
	}
	wr_buf_printf(buf, "--%s", arg->name);
	if (arg->kind == WR_CTL_NUMBER && arg->max < 100)
		wr_buf_printf(buf, " %d-%d", arg->min, arg->max);
	else if (arg->kind == WR_CTL_WORD)
		wr_buf_printf(buf, " %s", strlen(arg->words) < 60 ? arg->words : arg->value);
	else if (arg->kind != WR_CTL_FLAG)
		wr_buf_printf(buf, " %s", arg->value);
}

/* Writes a group whole, at its first argument. */
static const struct wr_ctl_arg *append_group(struct wr_buf *buf, const struct wr_ctl_arg *arg)
{
	char group = arg->group;
	bool must = arg->flags & WR_CTL_MUST;
	wr_buf_puts(buf, must ? " (" : " [");
	for (bool first = true; arg->name && arg->group == group; arg++, first = false) {
		wr_buf_puts(buf, first ? "" : " | ");
		append_arg(buf, arg);
	}
	wr_buf_puts(buf, must ? ")" : "]");
	return arg;
}

void wr_ctl_synopsis(struct wr_buf *buf, const struct wr_ctl_verb *verb)
{
	wr_buf_printf(buf, "wardctl %s", verb->noun);
	if (!(verb->flags & WR_CTL_NOUN_ONLY))
		wr_buf_printf(buf, verb->flags & WR_CTL_DEFAULT ? " [%s]" : " %s", verb->verb);
	for (const struct wr_ctl_arg *arg = verb->args; arg->name;) {
		if (arg->group) {
			arg = append_group(buf, arg);
			continue;
		}
		bool must = arg->flags & WR_CTL_MUST;
		wr_buf_puts(buf, must ? " " : " [");
		append_arg(buf, arg);
		wr_buf_puts(buf, must ? "" : "]");
		if (arg->kind == WR_CTL_LIST)
			wr_buf_puts(buf, "...");
		arg++;
	}
}

static void print_arg(FILE *to, const struct wr_ctl_arg *arg)
{
	struct wr_buf name = {0};
	append_arg(&name, arg);
	fprintf(to, "  %-28s %s", wr_buf_text(&name), arg->help);
	if (arg->kind == WR_CTL_WORD && strlen(arg->words) >= 60)
		fprintf(to, ": %s", arg->words);
	if (arg->kind == WR_CTL_LIST)
		fputs("; may be given several times", to);
	fputc('\n', to);
	wr_buf_deinit(&name);
}

static bool is_visible(const struct wr_ctl_verb *verb)
{
	return !(verb->flags & WR_CTL_HIDDEN);
}

void wr_ctl_help(FILE *to)
{
	fputs(usage, to);
	fputs("\nThe nouns (`wardctl NOUN help` shows the verbs of one):\n", to);
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; noun->name; noun++)
		fprintf(to, "  %-10s %s\n", noun->name, noun->help);
	fputs("\nOptions that stand before the noun or after the verb:\n", to);
	for (const struct wr_ctl_arg *arg = wr_ctl_global_args; arg->name; arg++)
		print_arg(to, arg);
	fputs("\nTimes: 2026-11-30T09:00, ward time. Weeks: 2026-W49. See wardctl(1).\n", to);
}

void wr_ctl_help_noun(FILE *to, const char *name)
{
	const struct wr_ctl_noun *noun = wr_ctl_find_noun(name);
	fprintf(to, "%s: %s\n\n", name, noun ? noun->help : "");
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++) {
		if (!wr_text_equal(verb->noun, name) || !is_visible(verb))
			continue;
		struct wr_buf synopsis = {0};
		wr_ctl_synopsis(&synopsis, verb);
		fprintf(to, "  %s\n      %s\n", wr_buf_text(&synopsis), verb->help);
		wr_buf_deinit(&synopsis);
	}
	fprintf(to, "\n`wardctl %s VERB --help` explains the arguments.\n", name);
}

void wr_ctl_help_verb(FILE *to, const struct wr_ctl_verb *verb)
{
	struct wr_buf synopsis = {0};
	wr_ctl_synopsis(&synopsis, verb);
	fprintf(to, "Usage: %s\n\n%s\n", wr_buf_text(&synopsis), verb->help);
	wr_buf_deinit(&synopsis);
	if (verb->flags & WR_CTL_REASON)
		fputs("What is published changes only with --reason.\n", to);
	if (verb->flags & WR_CTL_ASKS)
		fputs("May need a yes: asked for at a terminal, else --yes.\n", to);
	if (verb->args->name)
		fputc('\n', to);
	for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++)
		print_arg(to, arg);
	fputs("\nAlso the options that every verb takes: see `wardctl help`.\n", to);
}
