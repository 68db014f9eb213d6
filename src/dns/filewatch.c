/* filewatch.c - a few small files, and a call when one was changed. The idea: editors and VPNs
 * replace files by renaming, so the directory is watched, not the file; bursts settle for a moment
 * before anyone is called. inotify(7). */
#include "dns/filewatch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <uv.h>

#include "sounder/clock.h"
#include "sounder/file.h"

#define FILES_MAX 4
#define SETTLE_MS 150
#define READ_MAX ((size_t)16 << 20)
#define LOOK_EVERY SDR_SECOND

/* Identifies one version of a file. */
struct mark {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec changed;
};

struct sdr_filewatch {
	uv_timer_t settle;
	uv_fs_event_t events[FILES_MAX * 2];
	unsigned event_count;
	unsigned unwatched;     /* folders whose changes are not reported */
	char *paths[FILES_MAX]; /* [count], owned */
	struct mark marks[FILES_MAX];
	unsigned count;
	sdr_ns looked;
	unsigned open; /* handles that have not closed yet */
	void (*on_change)(void *context);
	void *context;
};

static struct mark mark_of(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return (struct mark){0};
	return (struct mark){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
}

static bool same_mark(const struct mark *a, const struct mark *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
		a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Takes the files' present marks; returns whether any differs from before. */
static bool marks_take(struct sdr_filewatch *watch)
{
	bool differs = false;
	for (unsigned i = 0; i < watch->count; i++) {
		struct mark now = mark_of(watch->paths[i]);
		differs = differs || !same_mark(&now, &watch->marks[i]);
		watch->marks[i] = now;
	}
	return differs;
}

static void on_settled(uv_timer_t *timer)
{
	struct sdr_filewatch *watch = timer->data;
	if (marks_take(watch))
		watch->on_change(watch->context);
}

static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
	struct sdr_filewatch *watch = event->data;
	(void)name;
	(void)events;
	if (status == 0 && !uv_is_active((uv_handle_t *)&watch->settle))
		uv_timer_start(&watch->settle, on_settled, SETTLE_MS, 0);
}

static void watch_directory(struct sdr_filewatch *watch, const char *path)
{
	char directory[PATH_MAX];
	uv_fs_event_t *event = &watch->events[watch->event_count];
	snprintf(directory, sizeof(directory), "%s", path);
	char *slash = strrchr(directory, '/');
	if (!slash)
		return;
	slash[slash == directory] = '\0';
	uv_fs_event_init(watch->settle.loop, event);
	event->data = watch;
	watch->event_count++;
	int status = uv_fs_event_start(
		event, on_event, directory, 0); /* where it can't, sdr_filewatch_look stays */
	watch->unwatched += status != 0 && status != UV_ENOENT && status != UV_ENOTDIR;
	uv_unref((uv_handle_t *)event);
}

struct sdr_filewatch *sdr_filewatch_new(struct uv_loop_s *loop, const char *const *paths,
	unsigned count, void (*on_change)(void *context), void *context)
{
	struct sdr_filewatch *watch = calloc(1, sizeof(*watch));
	if (!watch)
		return NULL;
	uv_timer_init(loop, &watch->settle);
	uv_unref((uv_handle_t *)&watch->settle);
	watch->settle.data = watch;
	watch->on_change = on_change;
	watch->context = context;
	for (; watch->count < count && watch->count < FILES_MAX; watch->count++) {
		char real[PATH_MAX];
		const char *path = paths[watch->count];
		watch->paths[watch->count] = strdup(path);
		if (!watch->paths[watch->count]) {
			sdr_filewatch_free(watch);
			return NULL;
		}
		watch_directory(watch, path);
		if (realpath(path, real) && strcmp(real, path) != 0)
			watch_directory(watch, real);
	}
	marks_take(watch);
	watch->looked = sdr_clock_now();
	return watch;
}

static void on_closed(uv_handle_t *handle)
{
	struct sdr_filewatch *watch = handle->data;
	if (--watch->open > 0)
		return;
	for (unsigned i = 0; i < watch->count; i++)
		free(watch->paths[i]);
	free(watch);
}

void sdr_filewatch_free(struct sdr_filewatch *watch)
{
	if (!watch)
		return;
	watch->open = watch->event_count + 1;
	for (unsigned i = 0; i < watch->event_count; i++)
		uv_close((uv_handle_t *)&watch->events[i], on_closed);
	uv_close((uv_handle_t *)&watch->settle, on_closed);
}

void sdr_filewatch_look(struct sdr_filewatch *watch)
{
	sdr_ns now = sdr_clock_now();
	if (now - watch->looked < LOOK_EVERY || uv_is_active((uv_handle_t *)&watch->settle))
		return;
	watch->looked = now;
	for (unsigned i = 0; i < watch->count; i++) {
		struct mark mark = mark_of(watch->paths[i]);
		if (!same_mark(&mark, &watch->marks[i])) {
			uv_timer_start(&watch->settle, on_settled, SETTLE_MS,
				0); /* it may be half written, as after any event */
			return;
		}
	}
}

bool sdr_filewatch_is_complete(const struct sdr_filewatch *watch)
{
	return watch->unwatched == 0;
}

char *sdr_filewatch_read(const char *path, struct sdr_error *error)
{
	char *text = NULL;
	size_t length = 0;
	*error = (struct sdr_error){0};
	if (sdr_file_read_system(path, READ_MAX, &text, &length, error) == SDR_ENOENT)
		*error = (struct sdr_error){0};
	return text;
}
