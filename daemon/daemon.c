#include "daemon.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "listeners.h"
#include "sys/key_file.h"
#include "sys/log.h"
#include "sys/notify.h"
#include "sys/random.h"
#include "sys/sandbox.h"

enum { CUT_AFTER_MS = 10000 };

struct wr_daemon {
	uv_loop_t loop;
	struct wr_desk desk;
	struct wr_listeners listeners;
	uv_signal_t term, interrupt, hangup;
	uv_timer_t watchdog, cut;
	bool stopping;
	int exit;
};

/* Start order. Each begins with what it was given; what has begun is ended by stop, in reverse, on
 * the loop. A failure sets the exit code and what is there already is stopped. */
static int open_loop(struct wr_daemon *d);
static int close_sandbox(struct wr_daemon *d);
static int make_first_key(struct wr_daemon *d);
static int open_store(struct wr_daemon *d);
static int open_key(struct wr_daemon *d);
static int open_adapters(struct wr_daemon *d);
static int open_listeners(struct wr_daemon *d);
static int open_desk(struct wr_daemon *d);

static int (*const start_order[])(struct wr_daemon *d) = {
    open_loop,
    close_sandbox,
    make_first_key,
    open_store,
    open_key,
    open_adapters,
    open_listeners,
    open_desk,
};

static const struct wr_config *config_of(const struct wr_daemon *d)
{
	return d->desk.ground->config;
}

/* ---- stopping: serve, then send, then the store, then what is left on the loop ---- */

static void on_clock_closed(struct wr_clock *clock)
{
	(void)clock;
}

static void close_rest(void *data)
{
	struct wr_daemon *d = data;
	d->desk.store = NULL;
	wr_clock_close(&d->desk.clock, on_clock_closed);
	uv_close((uv_handle_t *)&d->term, NULL);
	uv_close((uv_handle_t *)&d->interrupt, NULL);
	uv_close((uv_handle_t *)&d->hangup, NULL);
	uv_close((uv_handle_t *)&d->watchdog, NULL);
	uv_close((uv_handle_t *)&d->cut, NULL);
}

static void on_send_closed(struct wr_send *send)
{
	struct wr_desk *desk = wr_container_of(send, struct wr_desk, send);
	wr_store_close(desk->store, close_rest, desk->data);
}

static void on_serve_stopped(struct wr_serve *serve)
{
	struct wr_desk *desk = wr_container_of(serve, struct wr_desk, serve);
	wr_send_close(&desk->send, on_send_closed);
}

static void on_cut(uv_timer_t *timer)
{
	struct wr_daemon *d = timer->data;
	wr_log(WR_LOG_WARNING, "connections-cut", "open=%llu",
	    (unsigned long long)d->desk.serve.counts.open[WR_SERVE_PUBLIC]);
	wr_serve_cut(&d->desk.serve);
}

static void stop(struct wr_daemon *d, int exit)
{
	if (d->stopping)
		return;
	d->stopping = true;
	d->exit = exit;
	wr_notify("STOPPING=1");
	wr_log(WR_LOG_NOTICE, "stopping", "exit=%d", exit);
	wr_desk_stop(&d->desk);
	uv_timer_start(&d->cut, on_cut, CUT_AFTER_MS, 0);
	wr_serve_stop(&d->desk.serve, on_serve_stopped);
}

static void on_stop_signal(uv_signal_t *signal, int number)
{
	(void)number;
	stop(signal->data, WR_EXIT_OK);
}

static void on_hangup(uv_signal_t *signal, int number)
{
	struct wr_daemon *d = signal->data;
	(void)number;
	wr_desk_reload(&d->desk, "signal");
}

/* Nobody can know what is on disk: nothing more is answered, the service manager starts anew. */
static void on_fatal(struct wr_store *store, const char *text)
{
	(void)store;
	wr_log(WR_LOG_CRITICAL, "database-failed", "text=\"%s\"", text);
	_exit(WR_EXIT_IO);
}

/* ---- starting ---- */

static int fail(int exit, const char *what, const char *text)
{
	wr_log(WR_LOG_CRITICAL, "not-started", "what=%s text=\"%s\"", what, text);
	return exit;
}

static int open_loop(struct wr_daemon *d)
{
	uv_signal_init(&d->loop, &d->term);
	uv_signal_init(&d->loop, &d->interrupt);
	uv_signal_init(&d->loop, &d->hangup);
	uv_timer_init(&d->loop, &d->watchdog);
	uv_timer_init(&d->loop, &d->cut);
	d->term.data = d->interrupt.data = d->hangup.data = d->cut.data = d;
	uv_signal_start(&d->term, on_stop_signal, SIGTERM);
	uv_signal_start(&d->interrupt, on_stop_signal, SIGINT);
	uv_signal_start(&d->hangup, on_hangup, SIGHUP);
	return 0;
}

/* The folder of a file; NULL for an empty path. Yours. */
static char *folder_of(const char *path)
{
	if (wr_text_empty(path))
		return NULL;
	const char *slash = strrchr(path, '/');
	if (!slash)
		return wr_strdup(".");
	char *folder = wr_strdup(path);
	folder[slash == path ? 1 : slash - path] = '\0';
	return folder;
}

/* Whether it is there. A ward without its paper is better off than one without its daemon: what
 * can't be written becomes a task (desk/paper.h). */
static bool make_paper_folder(const char *folder)
{
	struct stat is;
	int error = mkdir(folder, 0750) && errno != EEXIST ? errno : 0;
	if (!error && stat(folder, &is))
		error = errno;
	if (!error && !S_ISDIR(is.st_mode))
		error = ENOTDIR;
	if (error)
		wr_log(WR_LOG_ERROR, "no-paper-folder", "path=%s error=\"%s\"", folder,
		    strerror(error));
	return !error;
}

/* Before any thread: from here on only the folders of data, sockets and paper can be written to. */
static int close_sandbox(struct wr_daemon *d)
{
	const struct wr_config *config = config_of(d);
	char *folders[4 + WR_LISTENERS] = {folder_of(config->database), folder_of(config->control)};
	size_t n = 2;
	for (size_t i = 0; i < config->listen.n && i < WR_LISTENERS; i++)
		if (wr_text_starts(config->listen.items[i], "unix:"))
			folders[n++] = folder_of(config->listen.items[i] + strlen("unix:"));
	if (wr_text_starts(config->listen_staff, "unix:"))
		folders[n++] = folder_of(config->listen_staff + strlen("unix:"));
	if (*config->paper_dir && make_paper_folder(config->paper_dir))
		folders[n++] = wr_strdup(config->paper_dir);
	int r = wr_sandbox_writes((const char *const *)folders, n);
	while (n > 0)
		free(folders[--n]);
	if (r == -ENOSYS || r == -EOPNOTSUPP)
		wr_log(WR_LOG_INFO, "no-sandbox", "text=\"this kernel has no Landlock\"");
	else if (r)
		return fail(WR_EXIT_IO, "sandbox", strerror(-r));
	return 0;
}

static char *key_path(const struct wr_daemon *d, struct wr_buf *path)
{
	wr_buf_printf(path, "%s.key", config_of(d)->database);
	return path->data;
}

static bool has_data(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size > 0;
}

/* Before the database, which is worth nothing without it; and never for one that has data. */
static int make_first_key(struct wr_daemon *d)
{
	struct wr_buf path = {0};
	int r = 0;
	if (!has_data(config_of(d)->database) && access(key_path(d, &path), F_OK))
		r = wr_key_file_make(path.data, d->desk.ground->key);
	if (r)
		wr_log(WR_LOG_CRITICAL, "not-started", "what=key-file path=%s text=\"%s\"",
		    path.data, strerror(-r));
	wr_buf_deinit(&path);
	return r ? WR_EXIT_IO : 0;
}

static int open_store(struct wr_daemon *d)
{
	char *error = NULL;
	struct wr_store_options options = {.loop = &d->loop, .on_fatal = on_fatal, .data = d};
	int r = wr_store_open(config_of(d)->database, &options, &d->desk.store, &error);
	if (r)
		fail(0, "database", error ? error : strerror(-r));
	free(error);
	if (r == WR_STORE_UNUSABLE)
		return WR_EXIT_DATABASE;
	if (r == WR_STORE_LOCKED)
		return WR_EXIT_UNAVAILABLE;
	return r ? WR_EXIT_IO : 0;
}

static const char *key_mistake(int r)
{
	switch (r) {
	case -ENOENT:
		return "there is none beside its database, and every link that was given out was "
		       "made with it; put it back from the backup, or, to void all links for good, "
		       "make a new one as the same user: (umask 077; head -c 32 /dev/urandom > "
		       "FILE)";
	case -EPERM:
		return "others can read it; chmod 600 it, or restore it from the backup";
	case -EBADMSG:
		return "not 32 bytes; restore it from the backup";
	default:
		return strerror(-r);
	}
}

static int open_key(struct wr_daemon *d)
{
	struct wr_buf path = {0};
	int r = wr_key_file_read(key_path(d, &path), d->desk.ground->key);
	if (r)
		wr_log(WR_LOG_CRITICAL, "not-started", "what=key-file path=%s text=\"%s\"",
		    path.data, key_mistake(r));
	wr_buf_deinit(&path);
	if (r == -ENOENT || r == -EPERM || r == -EBADMSG) /* starting again mends none of them */
		return WR_EXIT_CONFIG;
	return r ? WR_EXIT_IO : 0;
}

static int open_adapters(struct wr_daemon *d)
{
	const struct wr_config *config = config_of(d);
	struct wr_serve_settings settings;
	struct wr_arena arena = {0};
	int r = wr_clock_init(&d->desk.clock, &d->loop);
	if (r == -EINVAL)
		fail(0, "clock", "WARDROUND_CLOCK can't be read; write 2026-11-27T08:00:00Z");
	if (!r)
		r = wr_send_init(&d->desk.send, &d->loop);
	if (!r) {
		wr_listeners_settings(&d->desk, config, &arena, &settings);
		r = wr_serve_init(&d->desk.serve, &d->loop, &settings);
	}
	wr_arena_deinit(&arena);
	return r ? fail(WR_EXIT_SOFTWARE, "adapters", strerror(-r)) : 0;
}

/* For a reload too: everything as it was when it fails. */
static int relisten(struct wr_desk *desk, const struct wr_config *config, struct wr_arena *arena,
    const char **ret_why)
{
	struct wr_daemon *d = desk->data;
	return wr_listeners_set(&d->listeners, config, arena, ret_why);
}

static int open_listeners(struct wr_daemon *d)
{
	struct wr_arena arena = {0};
	const char *why = NULL;
	int r = wr_listeners_init(&d->listeners, &d->desk);
	if (!r)
		r = relisten(&d->desk, config_of(d), &arena, &why);
	if (r)
		fail(0, "listen", why ? why : strerror(-r));
	wr_arena_deinit(&arena);
	return r ? WR_EXIT_UNAVAILABLE : 0;
}

/* ---- ready ---- */

static void on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	wr_notify("WATCHDOG=1");
}

static void on_ready(struct wr_desk *desk)
{
	struct wr_daemon *d = desk->data;
	if (!desk->ready) {
		stop(d, WR_EXIT_IO);
		return;
	}
	uint64_t every = wr_notify_watchdog_ms();
	if (every)
		uv_timer_start(&d->watchdog, on_watchdog, every, every);
	wr_log(WR_LOG_NOTICE, "started", "wards=%zu", desk->ground->config->n_wards);
	wr_notify("READY=1");
}

static int open_desk(struct wr_daemon *d)
{
	d->desk.relisten = relisten;
	d->desk.on_ready = on_ready;
	wr_desk_start(&d->desk);
	return 0;
}

/* ---- the whole ---- */

/* What was begun before a failed step is left to the end of the process: nothing was promised yet.
 */
static int start(struct wr_daemon *d)
{
	for (size_t i = 0; i < WR_COUNT(start_order); i++) {
		int exit = start_order[i](d);
		if (exit)
			return exit;
	}
	return 0;
}

int wr_daemon_run(struct wr_arena *arena, const struct wr_config *config, const char *config_path)
{
	static const unsigned char no_key[WR_KEY_FILE_BYTES];
	struct wr_daemon *d = wr_alloc(1, sizeof(*d));
	if (wr_random_init() || curl_global_init(CURL_GLOBAL_DEFAULT) || uv_loop_init(&d->loop))
		return fail(WR_EXIT_SOFTWARE, "libraries", "they can't be initialised");
	wr_notify_init();
	d->desk.loop = &d->loop;
	d->desk.data = d;
	d->desk.config_path = config_path;
	d->desk.ground = wr_ground_new(arena, config, no_key);
	int exit = start(d);
	if (exit)
		return exit;
	uv_run(&d->loop, UV_RUN_DEFAULT);
	exit = d->exit;
	wr_serve_deinit(&d->desk.serve);
	wr_desk_deinit(&d->desk);
	wr_listeners_deinit(&d->listeners);
	if (uv_loop_close(&d->loop)) {
		wr_log(WR_LOG_ERROR, "loop-not-empty", "exit=%d", exit);
		return WR_EXIT_SOFTWARE;
	}
	curl_global_cleanup();
	free(d);
	return exit;
}
