/*
 * Completion for bash and zsh, made from the table at build time. Each verb becomes one line that
 * the shell's own code looks up: "noun verb|options|words of each option".
 */
#include "ctl.h"

#include <stdio.h>
#include <string.h>

static void print_options(const struct wr_ctl_arg *args)
{
	for (const struct wr_ctl_arg *arg = args; arg->name; arg++)
		if (!(arg->flags & WR_CTL_POSITIONAL))
			printf(" --%s", arg->name);
}

static void print_words(const char *words)
{
	for (; *words; words++)
		putchar(*words == '|' ? ' ' : *words);
}

static void print_verb_names(const char *noun)
{
	bool first = true;
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++) {
		if (!wr_text_equal(verb->noun, noun) || verb->flags & WR_CTL_NOUN_ONLY)
			continue;
		printf("%s%s", first ? "" : " ", verb->verb);
		first = false;
	}
}

static void print_nouns(void)
{
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; noun->name; noun++)
		printf("%s ", noun->name);
	printf("help");
}

/* ---- bash ---- */

static void print_bash_values(const struct wr_ctl_verb *verb)
{
	for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++) {
		if (arg->flags & WR_CTL_POSITIONAL)
			continue;
		if (arg->kind == WR_CTL_WORD) {
			printf("\t\t\"%s %s --%s\") words=\"", verb->noun, verb->verb, arg->name);
			print_words(arg->words);
			puts("\" ;;");
		} else if (arg->kind == WR_CTL_FILE) {
			printf(
			    "\t\t\"%s %s --%s\") files=1 ;;\n", verb->noun, verb->verb, arg->name);
		} else if (arg->kind != WR_CTL_FLAG) {
			printf(
			    "\t\t\"%s %s --%s\") return ;;\n", verb->noun, verb->verb, arg->name);
		}
	}
}

static bool takes_file(const struct wr_ctl_verb *verb)
{
	for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++)
		if (arg->flags & WR_CTL_POSITIONAL && arg->kind == WR_CTL_FILE)
			return true;
	return false;
}

// clang-format off
static const char bash_head[] =
	"# bash completion for wardctl\n"
	"_wardctl()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tlocal noun= verb= words= files= skip= i w\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tw=${COMP_WORDS[i]}\n"
	"\t\tif [[ $skip ]]; then skip=; continue; fi\n"
	"\t\tcase $w in\n"
	"\t\t--socket|--reason|--key) skip=1 ;;\n"
	"\t\t-*) ;;\n"
	"\t\t*) if [[ -z $noun ]]; then noun=$w; elif [[ -z $verb ]]; then verb=$w; fi ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tcase $prev in\n"
	"\t\t--socket) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
	"\t\t--reason|--key) return ;;\n"
	"\tesac\n";
static const char bash_tail[] =
	"\tif [[ $files ]]; then COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	"\telse COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); fi\n"
	"}\n"
	"complete -o filenames -F _wardctl wardctl\n";
// clang-format on

static void print_bash_options(void)
{
	printf("\t\t\twords=\"--help");
	print_options(wr_ctl_global_args);
	puts("\"");
	puts("\t\t\tcase \"$noun $verb\" in");
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++) {
		if (verb->flags & WR_CTL_HIDDEN || !verb->args->name)
			continue;
		printf("\t\t\t\"%s %s\") words+=\"", verb->noun, verb->verb);
		print_options(verb->args);
		puts("\" ;;");
	}
	puts("\t\t\tesac");
}

static void print_bash_verbs(void)
{
	puts("\t\t\tcase $noun in");
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; noun->name; noun++) {
		printf("\t\t\t%s) words=\"", noun->name);
		print_verb_names(noun->name);
		puts("\" ;;");
	}
	puts("\t\t\tesac");
}

static void print_bash_files(void)
{
	puts("\t\t\tcase \"$noun $verb\" in");
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (takes_file(verb))
			printf("\t\t\t\"%s %s\") files=1 ;;\n", verb->noun, verb->verb);
	puts("\t\t\tesac");
}

static void print_bash(void)
{
	fputs(bash_head, stdout);
	puts("\tcase \"$noun $verb $prev\" in");
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (!(verb->flags & WR_CTL_HIDDEN))
			print_bash_values(verb);
	puts("\tesac");
	puts("\tif [[ -z $words$files ]]; then");
	puts("\t\tif [[ $cur == -* ]]; then");
	print_bash_options();
	puts("\t\telif [[ -z $noun ]]; then");
	printf("\t\t\twords=\"");
	print_nouns();
	puts("\"");
	puts("\t\telif [[ -z $verb ]]; then");
	print_bash_verbs();
	puts("\t\telse");
	print_bash_files();
	puts("\t\tfi");
	puts("\tfi");
	fputs(bash_tail, stdout);
}

/* ---- zsh ---- */

/* In double quotes of an _arguments spec: what would end the description or the quotes. */
static void print_zsh_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\"\\$`", *text))
			printf("\\%c", *text);
		else
			putchar(*text);
	}
}

static void print_zsh_arg(const struct wr_ctl_arg *arg)
{
	bool positional = arg->flags & WR_CTL_POSITIONAL;
	printf(" \\\n\t\t\t\"");
	if (positional)
		printf(":%s:", arg->name);
	else {
		printf("%s--%s%s[", arg->kind == WR_CTL_LIST ? "*" : "", arg->name,
		    arg->kind == WR_CTL_FLAG ? "" : "=");
		print_zsh_text(arg->help);
		putchar(']');
		if (arg->kind != WR_CTL_FLAG)
			printf(":%s:", arg->name);
	}
	if (arg->kind == WR_CTL_FILE)
		printf("_files");
	if (arg->kind == WR_CTL_WORD) {
		putchar('(');
		print_words(arg->words);
		putchar(')');
	}
	putchar('"');
}

static void print_zsh_verb(const struct wr_ctl_verb *verb)
{
	printf("\t\"%s %s\")\n\t\t_arguments \"${globals[@]}\"", verb->noun, verb->verb);
	for (const struct wr_ctl_arg *arg = verb->args; arg->name; arg++)
		print_zsh_arg(arg);
	puts(" ;;");
}

static void print_zsh_describe(const char *noun)
{
	printf("\t%s) verbs=(", noun);
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++) {
		if (!wr_text_equal(verb->noun, noun) || verb->flags & WR_CTL_NOUN_ONLY)
			continue;
		printf(" \"%s:", verb->verb);
		print_zsh_text(verb->help);
		putchar('"');
	}
	puts(" ) ;;");
}

static void print_zsh_lists(void)
{
	printf("\tglobals=(\"--help[explain]\"");
	for (const struct wr_ctl_arg *arg = wr_ctl_global_args; arg->name; arg++)
		print_zsh_arg(arg);
	puts(")");
	printf("\tnouns=(");
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; noun->name; noun++) {
		printf(" \"%s:", noun->name);
		print_zsh_text(noun->help);
		putchar('"');
	}
	puts(" \"help:explain\" )");
}

static void print_zsh(void)
{
	puts("#compdef wardctl");
	puts("_wardctl() {");
	puts("\tlocal context state line curcontext=$curcontext noun verb i");
	puts("\tlocal -a globals nouns verbs");
	print_zsh_lists();
	puts("\t_arguments -C \"${globals[@]}\" \"1: :->noun\" \"*:: :->rest\"");
	puts("\tcase $state in");
	puts("\tnoun) _describe noun nouns; return ;;");
	puts("\trest) noun=$line[1] ;;");
	puts("\t*) return ;;");
	puts("\tesac");
	puts("\tcase $noun in");
	for (const struct wr_ctl_noun *noun = wr_ctl_nouns; noun->name; noun++)
		print_zsh_describe(noun->name);
	puts("\tesac");
	puts("\tif (( CURRENT == 1 )) && [[ $words[1] != -* ]]; then");
	puts("\t\t_describe verb verbs");
	puts("\t\treturn");
	puts("\tfi");
	puts("\tverb=$words[1]");
	puts("\tcase \"$noun $verb\" in");
	for (const struct wr_ctl_verb *verb = wr_ctl_verbs; verb->noun; verb++)
		if (!(verb->flags & WR_CTL_HIDDEN))
			print_zsh_verb(verb);
	puts("\t*) _arguments \"${globals[@]}\" ;;");
	puts("\tesac");
	puts("}");
	puts("_wardctl \"$@\"");
}

int wr_ctl_run_completion(struct wr_ctl_call *call)
{
	if (wr_text_equal(wr_ctl_text(call, "shell"), "zsh"))
		print_zsh();
	else
		print_bash();
	return WR_CTL_DONE;
}
