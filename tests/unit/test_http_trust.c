/* test_http_trust.c - files of trusted certificates: read once for all, off the loop, and again
 * when they have changed. On a clock that the test sets forward; OpenSSL is the real one. */
#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "http/tls.h"
#include "http/trust.h"
#include "lib/pem.h"
#include "lib/skip.h"
#include "sounder/clock.h"

static time_t ahead; /* seconds */

int clock_gettime(clockid_t id, struct timespec *now)
{
	int status = (int)syscall(SYS_clock_gettime, id, now);
	if (id == CLOCK_MONOTONIC)
		now->tv_sec += ahead;
	return status;
}

static struct {
	struct sdr_curl curl;
	curl_version_info_data info;
	struct sdr_tls *tls;
	uv_loop_t loop;
	struct sdr_trust *trust;
	char good[64], bad[64];
} rig;

static curl_version_info_data *version_info(CURLversion version)
{
	(void)version;
	return &rig.info;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int rig_open(void **state)
{
	(void)state;
	ahead = 0;
	snprintf(rig.good, sizeof(rig.good), "/tmp/sounder-trust-%d", (int)getpid());
	snprintf(rig.bad, sizeof(rig.bad), "/tmp/sounder-trust-%d-bad", (int)getpid());
	write_file(rig.good, pem);
	write_file(rig.bad, "no certificate\n");
	rig.info.cainfo = rig.good;
	rig.info.age = CURLVERSION_NOW;
	rig.trust =
		uv_loop_init(&rig.loop) == 0 ? sdr_trust_new(&rig.loop, &rig.curl, rig.tls) : NULL;
	return rig.trust ? 0 : -1;
}

static int rig_close(void **state)
{
	(void)state;
	if (rig.trust)
		assert_true(sdr_trust_free(rig.trust));
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	unlink(rig.good);
	unlink(rig.bad);
	return uv_loop_close(&rig.loop);
}

/* One that waits; in `order` are those that were called, as they came. */
struct waiter {
	struct sdr_trust_wait wait; /* first */
	char name;
};

static char order[16];

static void on_ready(struct sdr_trust_wait *wait)
{
	size_t used = strlen(order);
	struct sdr_trust_found found;
	order[used] = ((struct waiter *)(void *)wait)->name;
	order[used + 1] = '\0';
	assert_null(wait->link); /* it may wait again */
	assert_true(sdr_trust_find(rig.trust, rig.good, &found, wait));
	assert_non_null(found.store);
}

#define WAITER(name) \
	{ \
		{.ready = on_ready}, name \
	}

static void test_read_once_for_all_that_wait(void **state)
{
	struct waiter all[] = {WAITER('a'), WAITER('b'), WAITER('c'), WAITER('d')};
	struct sdr_trust_found found;
	(void)state;
	order[0] = '\0';
	for (size_t i = 0; i < 4; i++)
		assert_false(sdr_trust_find(rig.trust, rig.good, &found, &all[i].wait));
	sdr_trust_forget(&all[1].wait);
	sdr_trust_forget(&all[1].wait); /* does not wait */
	sdr_trust_forget(&all[3].wait);
	assert_string_equal(order, "");
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_string_equal(order, "ca");
	assert_true(sdr_trust_find(rig.trust, rig.good, &found, &all[0].wait));
	assert_string_equal(found.path, rig.good);
	void *store = found.store;
	assert_non_null(store);
	assert_true(sdr_trust_find(rig.trust, NULL, &found, &all[0].wait)); /* the bundle is it */
	assert_ptr_equal(found.store, store);
	assert_string_equal(found.path, rig.good);
}

static void test_what_waits_when_it_ends(void **state)
{
	struct waiter one = WAITER('a'), two = WAITER('b');
	struct sdr_trust_found found;
	(void)state;
	order[0] = '\0';
	assert_false(sdr_trust_find(rig.trust, rig.good, &found, &one.wait));
	assert_false(sdr_trust_find(rig.trust, rig.bad, &found, &two.wait));
	assert_true(sdr_trust_free(rig.trust));
	rig.trust = NULL;
	assert_null(one.wait.link);
	assert_null(two.wait.link);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_string_equal(order, "");
}

static void on_any(struct sdr_trust_wait *wait)
{
	(void)wait;
	order[0]++;
}

/* Finds what a file holds, waiting for it where it is read; returns whether it was. */
static bool find(const char *path, struct sdr_trust_found *found)
{
	struct sdr_trust_wait wait = {.ready = on_any};
	if (sdr_trust_find(rig.trust, path, found, &wait))
		return false;
	order[0] = 0;
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_int_equal(order[0], 1);
	assert_true(sdr_trust_find(rig.trust, path, found, &wait));
	return true;
}

/* What OpenSSL can't read libcurl is to complain of. */
static void test_files_that_cannot_be_used(void **state)
{
	struct sdr_trust_found found;
	(void)state;
	assert_true(find(rig.bad, &found));
	assert_null(found.store);
	assert_string_equal(found.path, rig.bad);
	assert_false(find(rig.bad, &found));
	assert_true(find("/nonesuch/file", &found));
	assert_null(found.store);
	assert_string_equal(found.path, "/nonesuch/file");
	assert_true(find(rig.good, &found));
	assert_non_null(found.store);
}

/* Without a bundle, or one that can't be read, the folder is libcurl's. */
static void test_no_bundle(void **state)
{
	struct sdr_trust_found found;
	(void)state;
	unlink(rig.good);
	assert_false(find(NULL, &found));
	assert_null(found.path);
	assert_null(found.store);
	for (int round = 0; round < 2; round++) {
		assert_true(sdr_trust_free(rig.trust));
		write_file(rig.good, pem);
		rig.info.cainfo = round == 0 ? NULL : rig.good;
		rig.info.age = round == 0 ? CURLVERSION_NOW : CURLVERSION_SIXTH;
		rig.trust = sdr_trust_new(&rig.loop, &rig.curl, rig.tls);
		assert_false(find(NULL, &found));
		assert_null(found.path);
	}
}

/* Where libcurl reads nothing is read here. */
static void test_another_library(void **state)
{
	struct sdr_trust_found found;
	(void)state;
	assert_true(sdr_trust_free(rig.trust));
	rig.trust = sdr_trust_new(&rig.loop, &rig.curl, NULL);
	assert_false(find(rig.good, &found));
	assert_null(found.store);
	assert_string_equal(found.path, rig.good);
	assert_false(find(NULL, &found));
	assert_string_equal(found.path, rig.good);
}

/* Within a minute nobody looks; then one that changed is read again, and what was read of it counts
 * until then. */
static void test_a_file_that_changes(void **state)
{
	struct sdr_trust_found found;
	(void)state;
	assert_true(find(rig.good, &found));
	void *first = found.store;
	ahead += 61; /* it is as it was */
	assert_false(find(rig.good, &found));
	assert_ptr_equal(found.store, first);
	write_file(rig.good, "no certificate any more\n");
	ahead += 55;
	assert_false(find(rig.good, &found));
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_false(find(rig.good, &found));
	assert_ptr_equal(found.store, first);
	ahead += 6;
	assert_false(find(rig.good, &found));
	assert_ptr_equal(found.store, first);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_false(find(rig.good, &found));
	assert_null(found.store);
	write_file(rig.good, pem);
	ahead += 61;
	assert_false(find(rig.good, &found));
	assert_null(found.store);
	uv_run(&rig.loop, UV_RUN_DEFAULT);
	assert_false(find(rig.good, &found));
	assert_non_null(found.store);
}

/* Whether it is the same file shows its place, its size and its time. */
static void test_what_shows_a_change(void **state)
{
	struct sdr_trust_found found;
	struct stat status;
	char *same_size = strdup(pem), new[80];
	(void)state;
	memset(same_size, 'x', strlen(pem));
	snprintf(new, sizeof(new), "%s-new", rig.good);
	for (int round = 0; round < 3; round++) {
		write_file(rig.good, pem);
		ahead += 61;
		if (!find(rig.good, &found))
			uv_run(&rig.loop, UV_RUN_DEFAULT);
		assert_false(find(rig.good, &found));
		assert_non_null(found.store);
		assert_int_equal(stat(rig.good, &status), 0);
		struct timespec times[2] = {status.st_mtim, status.st_mtim};
		/* Another place; another size; another time. */
		const char *to = round == 0 ? new : rig.good;
		write_file(to, round == 1 ? "x" : same_size);
		times[1].tv_nsec ^= round == 2;
		assert_int_equal(utimensat(AT_FDCWD, to, times, 0), 0);
		if (round == 0)
			assert_int_equal(rename(new, rig.good), 0);
		ahead += 61;
		assert_false(find(rig.good, &found));
		uv_run(&rig.loop, UV_RUN_DEFAULT);
		assert_false(find(rig.good, &found));
		assert_null(found.store);
	}
	free(same_size);
}

/* Only an OpenSSL with all that is needed is used. */
static void test_which_library(void **state)
{
	(void)state;
	const char *version = rig.info.ssl_version;
	struct sdr_curl other = rig.curl;
	other.library = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
	assert_null(sdr_tls_new(&other));
	rig.info.ssl_version = "GnuTLS/3.7.9";
	assert_null(sdr_tls_new(&rig.curl));
	rig.info.ssl_version = NULL;
	assert_null(sdr_tls_new(&rig.curl));
	rig.info.ssl_version = version;
	struct sdr_tls *tls = sdr_tls_new(&rig.curl);
	assert_non_null(tls);
	free(tls);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_read_once_for_all_that_wait),
		CASE(test_what_waits_when_it_ends),
		CASE(test_files_that_cannot_be_used),
		CASE(test_no_bundle),
		CASE(test_another_library),
		CASE(test_a_file_that_changes),
		CASE(test_what_shows_a_change),
		CASE(test_which_library),
	};
	struct sdr_error error;
	if (sdr_curl_load(&rig.curl, &error) != SDR_OK)
		SKIP_ALL_BECAUSE(tests, "no libcurl here");
	rig.info = *rig.curl.version_info(CURLVERSION_NOW);
	rig.curl.version_info = version_info;
	rig.tls = sdr_tls_new(&rig.curl);
	if (!rig.tls)
		SKIP_ALL_BECAUSE(tests, "libcurl is without OpenSSL here");
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(rig.tls);
	return failed;
}
