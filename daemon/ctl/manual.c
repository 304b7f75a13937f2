/*
 * The part of wardctl(1) that the table of verbs knows, in scdoc's language. The build puts it
 * where man/wardctl.1.scd says @VERBS@.
 */
#include "ctl.h"

#include <string.h>

/* Marks of scdoc in running text are escaped. */
static void put_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("*_\\<>#~`", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void put_arg(const struct wr_ctl_arg *arg)
{
	if (arg->flags & WR_CTL_POSITIONAL) {
		printf("_%s_", arg->value);
	} else {
		printf("*--%s*", arg->name);
		if (arg->kind != WR_CTL_FLAG)
			putchar(' ');
		if (arg->kind == WR_CTL_WORD)
			put_text(arg->words);
		else if (arg->kind == WR_CTL_NUMBER)
			printf("%d-%d", arg->min, arg->max);
		else if (arg->kind != WR_CTL_FLAG)
			printf("_%s_", arg->value);
	}
	printf("\n\t");
	put_text(arg->help);
	if (arg->kind == WR_CTL_LIST)
		printf("; may be given several times");
	puts("\n");
}

static void put_verb(const struct wr_ctl_verb *verb)
{
	struct wr_buf synopsis = {0};
	wr_ctl_synopsis(&synopsis, verb);
	printf("*");
	put_text(wr_buf_text(&synopsis));
	printf("*\n\t");
	put_text(verb->help);
	if (verb->flags & WR_CTL_REASON)
		printf(". What is published changes only with *--reason*");
	if (verb->flags & WR_CTL_ASKS)
		printf(". May need a yes");
	printf(".\n\n");
	wr_buf_deinit(&synopsis);
}

static void put_arguments(const char *noun)
{
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++) {
		if (!wr_text_equal(verb->noun, noun) || !verb->args->name)
			continue;
		if (verb->flags & WR_CTL_NOUN_ONLY)
			printf("Arguments of *%s*:\n\n", noun);
		else
			printf("Arguments of *%s %s*:\n\n", noun, verb->verb);
		for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++)
			put_arg(arg);
	}
}

static void put_noun(const struct wr_ctl_noun *noun)
{
	printf("## %s\n\n", noun->name);
	put_text(noun->help);
	puts(".\n");
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (wr_text_equal(verb->noun, noun->name))
			put_verb(verb);
	put_arguments(noun->name);
}

int wr_ctl_run_manual(struct wr_ctl_call *call)
{
	(void)call;
	puts("# OPTIONS OF EVERY VERB\n\nBefore the noun or after the verb.\n");
	for (const struct wr_ctl_arg *arg = wr_ctl_global_args; arg->name; arg++)
		put_arg(arg);
	puts("# VERBS\n");
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; noun->name; noun++)
		put_noun(noun);
	return WR_CTL_DONE;
}
