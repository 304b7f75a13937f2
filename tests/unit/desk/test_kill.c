/*
 * The daemon dies, by kill -9, between any two steps of sending, and starts again on what is on
 * disk. A process is killed at its n-th step, for each n there is; what the endpoint got is written
 * to a file before the process goes on. Nothing is lost, and no id ever stands for two bodies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../store/faulty.h"
#include "ask_desk.h"

enum { PEOPLE = 2, SLOTS = 2, MOST_STEPS = 400 };

static char folder[] = "/dev/shm/wardround-kill-XXXXXX"; /* a process dies, not the machine */
static char database[64], base[64], mail[64], secret[64];
static struct built_desk *desk;
static int steps_left; /* 0: never */
static size_t written;

/* ---- in the child ---- */

static void append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(3);
	close(fd);
}

/* What the endpoint has by now: one line each. */
static void write_mail(void)
{
	for (; desk && written < desk->n_posts; written++) {
		const struct desk_post *post = &desk->posts[written];
		char line[2000];
		snprintf(line, sizeof(line), "%s %s %s\n", post->id, post->who, post->body);
		append(mail, line);
	}
}

static void on_step(const char *what)
{
	if (strcmp(what, "sent") == 0)
		write_mail();
	if (steps_left > 0 && --steps_left == 0)
		raise(SIGKILL);
}

static struct built_desk *open_desk(const char *now)
{
	char config[300];
	snprintf(config, sizeof(config),
	    "webhook sms { url = \"https://gateway.example.org/hook\" secret-file = \"%s\"\n"
	    " events = { \"slot\" } send-contact = true }\n",
	    secret);
	desk_file = database;
	desk_step = on_step;
	written = 0;
	return desk_build(config, now);
}

static void prepare(void)
{
	desk = open_desk("2026-11-27T10:00:00Z");
	for (int i = 1; i <= SLOTS; i++) {
		char ref[8], support[8], start[8];
		snprintf(ref, sizeof(ref), "P%d", i);
		snprintf(start, sizeof(start), "09:%02d", 25 * i);
		desk_admit(desk, ref);
		for (int k = 1; k <= PEOPLE; k++) {
			snprintf(support, sizeof(support), "S%d%d", i, k);
			desk_support(desk, support, ref, "time");
			desk_must(desk, "support edit", "{'ref':'%s', 'phone':'07700 9000%d%d'}",
			    support, i, k);
		}
		desk_publish(desk, ref, start);
	}
	desk_free(desk);
}

/* The first tries are answered 503, some of the second ones not at all, the rest 200. */
static void send_all(void)
{
	desk = open_desk("2026-11-27T10:01:00Z");
	desk->status = 503;
	desk_run_until(desk, "2026-11-27T10:02:01Z");
	desk->status = DESK_TIMES_OUT;
	desk_run_until(desk, "2026-11-27T10:02:09Z");
	desk->status = 200;
	desk_run_until(desk, "2026-11-27T10:20:00Z");
	desk_free(desk);
}

static void send_rest(void)
{
	desk = open_desk("2026-11-27T10:21:00Z");
	desk_run_until(desk, "2026-11-27T11:00:00Z");
	json_t *answer = desk_ask(desk, "notice list", "{'state':'sent'}");
	size_t sent = json_array_size(json_object_get(answer, "notices"));
	json_decref(answer);
	answer = desk_ask(desk, "notice list", "{}");
	size_t all = json_array_size(json_object_get(answer, "notices"));
	json_decref(answer);
	desk_free(desk);
	if (sent != PEOPLE * SLOTS || all != sent)
		_exit(4);
}

/* ---- in the parent ---- */

/* How it ended, as waitpid tells. */
static int in_child(void (*run)(void), int steps)
{
	pid_t pid = fork();
	if (pid == 0) {
		steps_left = steps;
		run();
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void copy(const char *from, const char *to)
{
	char command[300];
	snprintf(command, sizeof(command), "rm -f '%s'* '%s' && cp '%s' '%s'", to, mail, from, to);
	assert_int_equal(system(command), 0);
}

struct line {
	char id[40], who[16], body[1600];
};

static size_t read_mail(struct line *lines, size_t most)
{
	size_t n = 0;
	FILE *file = fopen(mail, "re");
	assert_non_null(file);
	while (n < most &&
	       fscanf(file, "%39s %15s %1599[^\n]", lines[n].id, lines[n].who, lines[n].body) == 3)
		n++;
	fclose(file);
	return n;
}

/* Everybody got it, nobody got two that differ, and an id is one body for ever. */
static void look_at_mail(int killed_at)
{
	static struct line lines[200];
	size_t n = read_mail(lines, WR_COUNT(lines)), people = 0;
	for (size_t i = 0; i < n; i++) {
		bool first = true;
		for (size_t k = 0; k < i; k++) {
			bool same_id = strcmp(lines[k].id, lines[i].id) == 0;
			bool same_who = strcmp(lines[k].who, lines[i].who) == 0;
			if (same_id != (strcmp(lines[k].body, lines[i].body) == 0))
				fail_msg("step %d: %s has two bodies", killed_at, lines[i].id);
			if (same_id != same_who)
				fail_msg("step %d: %s was told twice", killed_at, lines[i].who);
			first &= !same_who;
		}
		people += first;
	}
	if (people != PEOPLE * SLOTS)
		fail_msg("step %d: %zu were told", killed_at, people);
}

static void test_killed_between_any_two_steps_nothing_is_lost(void **state)
{
	(void)state;
	int killed = 0;
	for (int step = 1; step < MOST_STEPS; step++) {
		copy(base, database);
		int status = in_child(send_all, step);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			break; /* there are no more steps */
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		killed++;
		status = in_child(send_rest, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("step %d: not all of them are sent", step);
		look_at_mail(step);
	}
	assert_in_range(killed, 40, MOST_STEPS - 2);
}

/* Each write of the log fails for a while, from its n-th on; what was answered stays answered. */
static void fill_disk(int after)
{
	desk = open_desk("2026-11-27T10:01:00Z");
	faulty_start(FAULTY_WRITE, SQLITE_FULL, after, "-wal");
	desk_run_until(desk, "2026-11-27T10:04:00Z");
	faulty_stop();
	desk_run_until(desk, "2026-11-27T10:30:00Z");
	desk_free(desk);
}

static int full_after;

static void send_on_full_disk(void)
{
	fill_disk(full_after);
}

static void test_on_a_full_disk_nothing_is_lost(void **state)
{
	(void)state;
	for (full_after = 0; full_after < 40; full_after += 5) {
		copy(base, database);
		int status = in_child(send_on_full_disk, 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		status = in_child(send_rest, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("after %d writes: not all of them are sent", full_after);
		look_at_mail(full_after);
	}
}

static int make_base(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(database, sizeof(database), "%s/ward.db", folder);
	snprintf(base, sizeof(base), "%s/base", folder);
	snprintf(mail, sizeof(mail), "%s/mail", folder);
	snprintf(secret, sizeof(secret), "%s/secret", folder);
	int fd = open(secret, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	static const char text[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	if (fd < 0 || write(fd, text, sizeof(text) - 1) < 0 || close(fd))
		return -1;
	use_faulty(NULL);
	int status = in_child(prepare, 0);
	char command[200];
	snprintf(command, sizeof(command), "mv '%s' '%s'", database, base);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? system(command) : -1;
}

static int drop_all(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_killed_between_any_two_steps_nothing_is_lost),
	    cmocka_unit_test(test_on_a_full_disk_nothing_is_lost),
	};
	return cmocka_run_group_tests(tests, make_base, drop_all);
}
