/*
 * The demo's daemon: found beside wardctl or in PATH, started on its own with its log in the
 * demo's folder, waited for until it answers, and ended by its pid file.
 */
#include "demo.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READY_MS = 30000, STOP_MS = 20000, STEP_MS = 50, LOG_LINES = 8, LOG_MAX = 16 << 20 };

static void pause_step(void)
{
	struct timespec pause = {.tv_nsec = STEP_MS * 1000000L};
	nanosleep(&pause, NULL);
}

/* ---- whose process ---- */

/* When a process started, in the kernel's ticks since boot; 0 when it is gone, or a zombie. */
static unsigned long long started_at(pid_t pid)
{
	struct wr_buf text = {0};
	char path[64], state = 'Z';
	unsigned long long start = 0;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (wr_ctl_read_file(path, 4096, &text) == 0) {
		/* behind the name in brackets: state is field 3, the start field 22 */
		const char *at = strrchr(wr_buf_text(&text), ')');
		if (at && at[1] == ' ')
			state = at[2];
		for (int field = 2; at && field < 22; field++) {
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
		}
		if (at && state != 'Z' && state != 'X')
			start = strtoull(at, NULL, 10);
	}
	wr_buf_deinit(&text);
	return start;
}

bool wr_demo_runs(struct wr_demo *demo, pid_t *ret_pid)
{
	struct wr_buf text = {0};
	long pid = 0;
	unsigned long long start = 0;
	char *end = NULL;
	if (wr_ctl_read_file(demo->pid_file, 4096, &text) == 0)
		pid = strtol(wr_buf_text(&text), &end, 10);
	if (end)
		start = strtoull(end, NULL, 10);
	wr_buf_deinit(&text);
	*ret_pid = (pid_t)pid;
	return pid > 1 && start && started_at(*ret_pid) == start;
}

static int write_pid(struct wr_demo *demo)
{
	char text[64];
	int length =
	    snprintf(text, sizeof(text), "%d %llu\n", (int)demo->daemon, started_at(demo->daemon));
	int r = wr_ctl_write_file(demo->pid_file, text, (size_t)length, 0600);
	if (r)
		return wr_ctl_fail(demo->globals, WR_CTL_IO, NULL, "%s can't be written: %s",
		    demo->pid_file, strerror(-r));
	return 0;
}

/* ---- before ---- */

static int check_port(struct wr_demo *demo, int port)
{
	int r = 0, on = 1;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		r = errno;
	close(fd);
	if (r == EADDRINUSE)
		return wr_ctl_fail(demo->globals, WR_CTL_UNREACHABLE,
		    "--port names another; the next one is for metrics", "port %d is in use", port);
	if (r == EACCES)
		return wr_ctl_fail(demo->globals, WR_CTL_FORBIDDEN,
		    "--port names another: 1024 or more", "port %d is for the system's services",
		    port);
	return 0;
}

int wr_demo_check_ports(struct wr_demo *demo)
{
	int r = check_port(demo, (int)demo->port);
	return r ? r : check_port(demo, (int)demo->port + 1);
}

/* `name` taken relative to the folder of this program. */
static const char *beside_this(struct wr_arena *arena, const char *name)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (length < 0)
		return NULL;
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	return slash ? wr_arena_printf(arena, "%.*s/%s", (int)(slash - path), path, name) : NULL;
}

static const char *find_daemon(struct wr_demo *demo)
{
	const char *program = beside_this(&demo->arena, "wardroundd"), *search = getenv("PATH");
	if (program && access(program, X_OK) == 0)
		return program;
	char *list = wr_arena_strdup(&demo->arena, search ? search : "/usr/sbin:/usr/bin");
	for (char *dir; (dir = strsep(&list, ":"));) {
		program = wr_arena_printf(&demo->arena, "%s/wardroundd", *dir ? dir : ".");
		if (access(program, X_OK) == 0)
			return program;
	}
	/* installed, but sbin is not in everybody's PATH */
	program = beside_this(&demo->arena, "../sbin/wardroundd");
	return program && access(program, X_OK) == 0 ? program : NULL;
}

/* ---- start ---- */

static _Noreturn void become_daemon(const struct wr_demo *demo, const char *program, int log)
{
	char *argv[] = {wr_strdup(program), wr_strdup("--config"), wr_strdup(demo->config), NULL};
	int null = open("/dev/null", O_RDWR);
	setsid();
	/* what a service manager told this process is not for that one */
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	close_range(3, ~0u, 0);
	execv(program, argv);
	dprintf(STDERR_FILENO, "%s can't be run: %s\n", program, strerror(errno));
	_exit(127);
}

static int launch(struct wr_demo *demo, const char *program)
{
	int log = open(demo->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (log < 0)
		return wr_ctl_fail(demo->globals, WR_CTL_IO, NULL, "%s can't be written: %s",
		    demo->log, strerror(errno));
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0)
		become_daemon(demo, program, log);
	close(log);
	if (pid < 0)
		return wr_ctl_fail(demo->globals, WR_CTL_AGAIN, NULL,
		    "no process can be started: %s", strerror(errno));
	demo->daemon = pid;
	return write_pid(demo);
}

static void show_log(const struct wr_demo *demo)
{
	struct wr_buf text = {0};
	if (wr_ctl_read_file(demo->log, LOG_MAX, &text) == 0 && text.length) {
		const char *at = text.data + text.length - 1;
		for (int lines = 0; at > text.data && lines < LOG_LINES; at--)
			lines += at[-1] == '\n';
		wr_ctl_put_safe(stderr, at == text.data ? at : at + 1);
		if (text.data[text.length - 1] != '\n')
			fputc('\n', stderr);
	}
	wr_buf_deinit(&text);
}

static int fail_ended(struct wr_demo *demo, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	demo->daemon = 0;
	unlink(demo->pid_file);
	show_log(demo);
	if (code == WR_CTL_UNREACHABLE)
		return wr_ctl_fail(demo->globals, WR_CTL_UNREACHABLE,
		    "--port names another; the next one is for metrics", "port %d or %d is in use",
		    (int)demo->port, (int)demo->port + 1);
	enum wr_ctl_exit exit = code == WR_CTL_CONFIG ? WR_CTL_CONFIG
	                        : code == WR_CTL_IO   ? WR_CTL_IO
	                                              : WR_CTL_UNREACHABLE;
	return wr_ctl_fail(demo->globals, exit, demo->log, "wardroundd ended at once (%s %d)",
	    code >= 0 ? "exit" : "signal", code >= 0 ? code : WTERMSIG(status));
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
	(void)bytes, (void)context;
	return size * n;
}

static bool people_are_served(const struct wr_demo *demo)
{
	char url[64];
	long status = 0;
	CURL *curl = curl_easy_init();
	if (!curl)
		wr_out_of_memory();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/readyz", (int)demo->port);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 5L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	return status == 200;
}

static bool commands_are_taken(const struct wr_demo *demo)
{
	struct wr_ctl_answer answer;
	bool taken = wr_ctl_try(demo->globals, false, "/v1/version/show", NULL, &answer) == 0 &&
	             answer.status == 200;
	wr_ctl_answer_deinit(&answer);
	return taken;
}

static int wait_until_ready(struct wr_demo *demo)
{
	int status;
	for (int waited = 0; waited < READY_MS; waited += STEP_MS) {
		if (waitpid(demo->daemon, &status, WNOHANG) == demo->daemon)
			return fail_ended(demo, status);
		if (commands_are_taken(demo) && people_are_served(demo))
			return 0;
		pause_step();
	}
	show_log(demo);
	return wr_ctl_fail(demo->globals, WR_CTL_UNREACHABLE, demo->log,
	    "wardroundd was not ready within %d seconds", READY_MS / 1000);
}

int wr_demo_start_daemon(struct wr_demo *demo)
{
	const char *program = find_daemon(demo);
	if (!program)
		return wr_ctl_fail(demo->globals, WR_CTL_UNREACHABLE,
		    "build or install it: it lies beside wardctl",
		    "wardroundd is neither beside wardctl nor in PATH");
	int r = launch(demo, program);
	return r ? r : wait_until_ready(demo);
}

/* ---- stop ---- */

int wr_demo_stop_daemon(struct wr_demo *demo, pid_t pid)
{
	unsigned long long start = started_at(pid);
	if (kill(pid, SIGTERM) && errno != ESRCH)
		return wr_ctl_fail(demo->globals, WR_CTL_FORBIDDEN, "who started it can",
		    "process %d can't be ended: %s", (int)pid, strerror(errno));
	for (int waited = 0; waited < STOP_MS; waited += STEP_MS) {
		waitpid(pid, NULL, WNOHANG); /* where it is a child of this very command */
		if (started_at(pid) != start || start == 0) {
			unlink(demo->pid_file);
			return 0;
		}
		pause_step();
	}
	return wr_ctl_fail(demo->globals, WR_CTL_AGAIN, demo->log,
	    "process %d was told to stop and has not ended within %d seconds", (int)pid,
	    STOP_MS / 1000);
}
