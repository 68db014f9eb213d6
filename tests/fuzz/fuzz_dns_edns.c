/* The options of an answer's OPT record, against a second reading of them written from the RFCs. */
#include <string.h>

#include "dns/edns.h"
#include "fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned u16(const uint8_t *at)
{
	return at[0] * 256u + at[1];
}

/* Whether a client subnet is well-formed: no more bytes, and no more bits, than its length. */
static bool subnet_good(const uint8_t *value, size_t length)
{
	if (length < 4)
		return false;
	unsigned family = u16(value), width = family == 1 ? 32 : 128;
	if (family == 0 || family > 2)
		return true;
	if (value[2] > width || value[3] > width || length != 4 + (value[2] + 7u) / 8)
		return false;
	for (unsigned bit = value[2]; bit < 8 * (length - 4); bit++)
		if (value[4 + bit / 8] >> (7 - bit % 8) & 1)
			return false;
	return true;
}

static bool good(unsigned code, const uint8_t *value, size_t length)
{
	switch (code) {
	case 8:
		return subnet_good(value, length);
	case 10:
		return length == 8 || (length >= 16 && length <= 40);
	case 15:
		return length >= 2;
	default:
		return true;
	}
}

/* What the second reading found; the first of a kind counts. */
struct found {
	const uint8_t *nsid, *cookie, *subnet;
	unsigned edes;
};

/* False: something is wrong. */
static bool walk(const uint8_t *data, size_t size, struct found *found)
{
	size_t at = 0;
	while (at < size) {
		if (size - at < 4 || size - at - 4 < u16(data + at + 2))
			return false;
		unsigned code = u16(data + at), length = u16(data + at + 2);
		const uint8_t *value = data + at + 4;
		if (!good(code, value, length))
			return false;
		if (code == 3 && !found->nsid)
			found->nsid = value;
		if (code == 10 && !found->cookie)
			found->cookie = value;
		if (code == 8 && !found->subnet && (u16(value) == 1 || u16(value) == 2))
			found->subnet = value;
		found->edes += code == 15;
		at += 4 + length;
	}
	return true;
}

/* What came goes back as it was, and is the question's own then. */
static void check_again(const struct sdr_edns *edns)
{
	uint8_t out[128], *end;
	struct sdr_manner manner = {
		.nsid = edns->has_nsid, .cookie = edns->cookie != NULL, .subnet = edns->subnet};
	end = sdr_edns_put(out, &manner, edns->cookie, edns->cookie_length);
	struct sdr_edns again = {0};
	must(!sdr_edns_wrong(out + 11, (size_t)(end - out) - 11));
	sdr_edns_take(&again, out + 11, (size_t)(end - out) - 11);
	must(again.has_nsid == edns->has_nsid && !again.nsid_length);
	must(again.cookie_length == edns->cookie_length);
	must(!again.cookie || memcmp(again.cookie, edns->cookie, again.cookie_length) == 0);
	must(sdr_prefix_compare(&again.subnet, &edns->subnet) == 0 && again.scope == 0);
	must(!sdr_edns_foreign(&again, edns->cookie, &edns->subnet));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct found found = {0};
	struct sdr_edns edns = {0};
	char edes[300], subnet[SDR_EDNS_SUBNET];
	if (size > UINT16_MAX)
		return 0;
	const char *why = sdr_edns_wrong(data, size);
	must(walk(data, size, &found) == !why);
	if (why)
		return 0;
	sdr_edns_take(&edns, data, size);
	must(edns.present && edns.has_nsid == (found.nsid != NULL));
	must(!found.nsid || edns.nsid == found.nsid);
	must(edns.cookie == found.cookie);
	must(edns.ede_count == (found.edes < SDR_EDNS_EDES ? found.edes : SDR_EDNS_EDES));
	must((edns.subnet.addr.version != 0) == (found.subnet != NULL));
	must(!found.subnet ||
		(edns.subnet.length == found.subnet[2] && edns.scope == found.subnet[3]));
	if (found.subnet)
		sdr_edns_format_subnet(subnet, &edns);
	sdr_edns_format_edes(edes, sizeof(edes), &edns);
	must((edes[0] != 0) == (found.edes > 0) && strlen(edes) < sizeof(edes));
	check_again(&edns);
	return 0;
}
