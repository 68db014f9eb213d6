/* trust.c - a list of files, few, each with what was read of it and how it looked then. */
#include "http/trust.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/aside.h"
#include "http/tls.h"

#define LOOK_AGAIN (60 * SDR_SECOND)

/* Identifies a version of the file. */
struct look {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct file {
	struct sdr_trust *trust;
	struct file *next;
	void *store, *fresh; /* what was read; what the thread has read; owned */
	struct look look, fresh_look;
	sdr_ns looked; /* 0: never read */
	struct sdr_aside *reading;
	struct sdr_trust_wait *waiting;
	char path[];
};

struct sdr_trust {
	struct uv_loop_s *loop;    /* borrowed */
	const struct sdr_tls *tls; /* borrowed; NULL: libcurl reads */
	const char *bundle;        /* libcurl's, static; NULL: it was built without one */
	struct file *files;
};

struct sdr_trust *sdr_trust_new(
	struct uv_loop_s *loop, const struct sdr_curl *curl, const struct sdr_tls *tls)
{
	struct sdr_trust *trust = calloc(1, sizeof(*trust));
	const curl_version_info_data *info = curl->version_info(CURLVERSION_NOW);
	if (!trust)
		return NULL;
	trust->loop = loop;
	trust->tls = tls;
	trust->bundle = info->age >= CURLVERSION_SEVENTH ? info->cainfo : NULL;
	return trust;
}

/* Returns whether it is gone: a thread that is stuck may go on with it. */
static bool free_file(struct sdr_trust *trust, struct file *file)
{
	while (file->waiting)
		sdr_trust_forget(file->waiting);
	if (!sdr_aside_end(file->reading)) {
		sdr_curl_skip_exit();
		return false;
	}
	if (trust->tls) {
		sdr_tls_store_free(trust->tls, file->store);
		sdr_tls_store_free(trust->tls, file->fresh);
	}
	free(file);
	return true;
}

bool sdr_trust_free(struct sdr_trust *trust)
{
	bool gone = true;
	while (trust && trust->files) {
		struct file *file = trust->files;

		trust->files = file->next;
		gone = free_file(trust, file) && gone;
	}
	if (gone)
		free(trust);
	return gone;
}

static struct look look_at(const char *path)
{
	struct stat status;
	struct look look;
	memset(&look, 0, sizeof(look)); /* compared as bytes */
	if (stat(path, &status) != 0)
		return look;
	look.device = status.st_dev;
	look.inode = status.st_ino;
	look.size = status.st_size;
	look.changed.tv_sec = status.st_mtim.tv_sec;
	look.changed.tv_nsec = status.st_mtim.tv_nsec;
	return look;
}

/* In a thread: nothing of the file but these members is touched. */
static void read_file(void *context)
{
	struct file *file = context;
	file->fresh_look = look_at(file->path);
	file->fresh = sdr_tls_store_new(file->trust->tls, file->path);
}

static void take_file(void *context)
{
	struct file *file = context;
	file->reading = NULL;
	/* Open connections hold the old one as long as they need it. */
	sdr_tls_store_free(file->trust->tls, file->store);
	file->store = file->fresh;
	file->fresh = NULL;
	file->look = file->fresh_look;
	file->looked = sdr_clock_now();
	while (file->waiting) {
		struct sdr_trust_wait *wait = file->waiting;

		sdr_trust_forget(wait);
		wait->ready(wait);
	}
}

static struct file *file_of(struct sdr_trust *trust, const char *path)
{
	struct file *file = trust->files;
	while (file && strcmp(file->path, path) != 0)
		file = file->next;
	if (file || !(file = calloc(1, sizeof(*file) + strlen(path) + 1)))
		return file;
	strcpy(file->path, path); /* NOLINT: made to measure */
	file->trust = trust;
	file->next = trust->files;
	trust->files = file;
	return file;
}

/* Once a minute a changed file is read again; until then the old certificates are trusted. */
static bool is_old(struct file *file)
{
	sdr_ns now = sdr_clock_now();
	if (file->looked && now - file->looked < LOOK_AGAIN)
		return false;
	struct look look = look_at(file->path);
	bool changed = !file->looked || memcmp(&look, &file->look, sizeof(look)) != 0;
	if (!changed)
		file->looked = now;
	return changed;
}

bool sdr_trust_find(struct sdr_trust *trust, const char *path, struct sdr_trust_found *found,
	struct sdr_trust_wait *wait)
{
	*found = (struct sdr_trust_found){.path = path ? path : trust->bundle};
	if (!path && (!trust->bundle || access(trust->bundle, R_OK) != 0)) {
		found->path = NULL;
		return true;
	}
	struct file *file = trust->tls ? file_of(trust, found->path) : NULL;
	if (!file)
		return true;
	if (!file->reading && is_old(file) &&
		sdr_aside_begin(trust->loop, read_file, take_file, file, &file->reading) != SDR_OK)
		return true;
	if (!file->looked) {
		wait->next = file->waiting;
		wait->link = &file->waiting;
		if (wait->next)
			wait->next->link = &wait->next;
		file->waiting = wait;
		return false;
	}
	found->store = file->store;
	return true;
}

void sdr_trust_forget(struct sdr_trust_wait *wait)
{
	if (!wait->link)
		return;
	*wait->link = wait->next;
	if (wait->next)
		wait->next->link = wait->link;
	wait->link = NULL;
	wait->next = NULL;
}
