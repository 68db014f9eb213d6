/* curl.c - finding libcurl and its functions. */
#include "http/curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct function {
	const char *name;
	size_t offset; /* of its pointer in struct sdr_curl */
};

static const struct function functions[] = {
#define X(name) {"curl_" #name, offsetof(struct sdr_curl, name)},
	SDR_CURL_FUNCTIONS(X)
#undef X
};

/* The ABI has been number 4 since 2006; the second name is what some systems call it with
 * GnuTLS. */
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

#ifdef __GLIBC__
static void leave_at_once(int status, void *context)
{
	(void)context;
	fflush(NULL);
	_exit(status);
}
#endif

/* Where there was no memory to load a library, glibc (2.36) may keep its loader locked, and would
 * wait for that at exit for ever; and libraries for what one of their threads holds. */
void sdr_curl_skip_exit(void)
{
#ifdef __GLIBC__
	(void)on_exit(leave_at_once, NULL);
#endif
}

enum sdr_status sdr_curl_load(struct sdr_curl *curl, struct sdr_error *error)
{
	void *library = NULL;
	/* Lazily: the libraries behind it make few of their calls here, and to bind them all is a
	 * seventh of what a short `head` does. What we call ourselves dlsym finds at once. */
	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !library; i++)
		library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions) && library; i++) {
		void *address = dlsym(library, functions[i].name);
		memcpy((char *)curl + functions[i].offset, &address, sizeof(address));
		if (!address)
			library = NULL;
	}
	curl->library = library;
	if (library)
		return SDR_OK;
	sdr_curl_skip_exit();
	const char *why = dlerror();
	sdr_error_set(error, 0, "HTTP needs libcurl (Debian's package libcurl4): %s",
		why ? why : "it is not installed");
	return SDR_ENOENT;
}
