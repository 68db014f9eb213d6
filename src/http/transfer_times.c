/* transfer_times.c - when what happened in a transfer. */
#include "http/transfer_times.h"

sdr_ns sdr_transfer_since(const struct sdr_transfer *transfer, sdr_ns when)
{
	return when > transfer->begun ? when - transfer->begun : 0;
}

/* One of libcurl's times, whose own start is where it was handed the connection; SDR_NS_NONE: it
 * did not get there. */
static sdr_ns libcurls(const struct sdr_transfer *transfer, CURLINFO what)
{
	curl_off_t microseconds = 0;
	if (transfer->handed)
		transfer->easy.curl->easy_getinfo(transfer->easy.handle, what, &microseconds);
	return microseconds > 0 ? transfer->handed + (sdr_ns)microseconds * SDR_US : SDR_NS_NONE;
}

static sdr_ns handshake_end(const struct sdr_transfer *transfer)
{
	return transfer->answer.tls_wanted ? libcurls(transfer, CURLINFO_APPCONNECT_TIME_T)
					   : SDR_NS_NONE;
}

/* When the bytes that libcurl is reading arrived: by the kernel's stamp, else when poll returned.
 * In one call libcurl may end a handshake, send and find the answer, which came after poll
 * returned. */
sdr_ns sdr_transfer_stamp(const struct sdr_transfer *transfer)
{
	sdr_ns woken = sdr_multi_stamp(transfer->multi), sent = handshake_end(transfer);
	sdr_ns stamp = sdr_transfer_since(transfer,
		transfer->arrival && woken == transfer->woken ? transfer->arrival : woken);
	if (sent == SDR_NS_NONE)
		sent = transfer->handed;
	return stamp >= sent ? stamp : sdr_transfer_since(transfer, sdr_clock_now());
}

void sdr_transfer_take_times(struct sdr_transfer *transfer)
{
	struct sdr_transfer_times *times = &transfer->answer.times;
	const struct sdr_headers *headers = &transfer->answer.headers;
	times->appconnect = handshake_end(transfer);
	times->pretransfer = libcurls(transfer, CURLINFO_PRETRANSFER_TIME_T);
	if (headers->used && headers->status >= 200)
		times->starttransfer = headers->at;
	times->total = sdr_transfer_stamp(transfer);
	if (times->total < transfer->latest)
		times->total = transfer->latest;
}
