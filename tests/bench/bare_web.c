/* bare_web.c - what a HEAD over TLS costs at the least: `bare_web URL COUNT [MS]`. libcurl's multi
 * interface, a fresh handle and connection each time, one after the other with so long between
 * (else none), checked against the system's bundle with the folder of certificates off, so that
 * libcurl keeps what it has read. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static int one(CURLM *multi, const char *url)
{
	CURL *easy = curl_easy_init();
	int running = 1, left;
	CURLMsg *message;
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, drop);
	curl_multi_add_handle(multi, easy);
	while (running) {
		curl_multi_perform(multi, &running);
		if (running)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	message = curl_multi_info_read(multi, &left);
	int code = message ? (int)message->data.result : -1;
	curl_multi_remove_handle(multi, easy);
	curl_easy_cleanup(easy);
	return code;
}

int main(int argc, char **argv)
{
	int failed = 0;
	if (argc < 3)
		return 2;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	CURLM *multi = curl_multi_init();
	for (long left = strtol(argv[2], NULL, 10); left > 0; left--) {
		failed += one(multi, argv[1]) != 0;
		if (argc > 3 && left > 1)
			usleep((useconds_t)strtoul(argv[3], NULL, 10) * 1000);
	}
	curl_multi_cleanup(multi);
	printf("%d failed\n", failed);
	return failed != 0;
}
