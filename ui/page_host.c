/* page_host.c - a host's name, its addresses, and its targets. */
#include "page_host.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "row_cache.h"
#include "sounder/engine.h"

static const char *host_of(const struct sdr_target *target)
{
	return target->host ? target->host : target->typed;
}

/* Without the root's dot, in any case of letters (RFC 4343). */
static bool is_same_name(const char *a, const char *b)
{
	size_t length = strlen(a), other = strlen(b);
	length -= length > 1 && a[length - 1] == '.';
	other -= other > 1 && b[other - 1] == '.';
	return length == other && strncasecmp(a, b, length) == 0;
}

static bool is_named(const struct ui_page_host *host, const struct sdr_target *target)
{
	return host->name[0] &&
		(is_same_name(host_of(target), host->name) ||
			(target->name && is_same_name(target->name, host->name)));
}

static bool is_at(const struct ui_page_host *host, const struct sdr_addr *addr)
{
	for (unsigned i = 0; addr->version && i < host->count; i++)
		if (sdr_addr_same(&host->addrs[i], addr))
			return true;
	return false;
}

static void add(struct ui_page_host *host, const struct sdr_addr *addr)
{
	if (addr->version && host->count < UI_HOST_ADDRESSES && !is_at(host, addr))
		host->addrs[host->count++] = *addr;
}

static void collect(struct ui_page_host *host, const struct sdr_model *model)
{
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		const struct sdr_target *target = sdr_model_target(model, i);
		const struct sdr_addr *addrs;
		if (sdr_target_is_part(target) || !is_named(host, target))
			continue;
		unsigned count = sdr_target_addresses(target, &addrs);
		for (unsigned each = 0; each < count; each++)
			add(host, &addrs[each]);
	}
}

bool ui_page_host_read(
	struct ui_page_host *host, const struct ui_about *about, const struct sdr_model *model)
{
	struct ui_page_host now = {0};
	struct sdr_addr literal = {0};
	if (sdr_addr_parse(about->host, &literal, NULL) == SDR_OK)
		add(&now, &literal);
	else
		snprintf(now.name, sizeof(now.name), "%s", about->host);
	add(&now, &about->addr);
	if (now.name[0])
		collect(&now, model);
	bool other = memcmp(&now, host, sizeof(now)) != 0;
	*host = now;
	return other;
}

static bool has_itself(const struct ui_page_host *host, const struct sdr_target *target)
{
	struct sdr_addr typed = {0};
	if (is_named(host, target))
		return true;
	if (sdr_addr_parse(host_of(target), &typed, NULL) == SDR_OK)
		return is_at(host, &typed);
	return !host->name[0] && is_at(host, &target->addr);
}

bool ui_page_host_has(const struct ui_page_host *host, const struct sdr_model *model,
	const struct sdr_target *target)
{
	if (!sdr_target_is_part(target))
		return has_itself(host, target);
	const struct sdr_set *set = sdr_target_set(target);
	uint32_t leader = set ? sdr_model_position(model, set->leader) : UINT32_MAX;
	return is_at(host, &target->addr) &&
		!(leader != UINT32_MAX && has_itself(host, sdr_model_target(model, leader)));
}

bool ui_page_host_is_subject(const struct sdr_target *target, const char *text)
{
	char label[SDR_TARGET_LABEL], cut[2][SDR_EVENT_SUBJECT];
	sdr_event_subject(cut[0], target->typed);
	sdr_event_subject(cut[1], sdr_target_label(label, target));
	return strcmp(cut[0], text) == 0 || strcmp(cut[1], text) == 0;
}

/* The target that a part of a set is part of; the target itself where it is none. */
static const struct sdr_target *leader_of(
	const struct sdr_model *model, const struct sdr_target *target)
{
	const struct sdr_set *set = sdr_target_is_part(target) ? sdr_target_set(target) : NULL;
	uint32_t position = set ? sdr_model_position(model, set->leader) : UINT32_MAX;
	return position == UINT32_MAX ? target : sdr_model_target(model, position);
}

uint64_t ui_page_host_key(const struct sdr_model *model, const struct sdr_target *target)
{
	const char *host = host_of(leader_of(model, target));
	struct sdr_addr addr = {0};
	char text[SDR_ADDR_TEXT];
	if (sdr_addr_parse(host, &addr, NULL) == SDR_OK)
		host = sdr_addr_format(text, &addr);
	size_t length = strlen(host);
	length -= length > 1 && host[length - 1] == '.';
	uint64_t key = UI_STAMP;
	for (size_t i = 0; i < length; i++)
		key = ui_stamp_mix(key, (unsigned char)tolower((unsigned char)host[i]));
	return key;
}

uint32_t ui_page_host_find(const struct sdr_model *model, const char *text)
{
	struct sdr_addr literal = {0};
	bool address = sdr_addr_parse(text, &literal, NULL) == SDR_OK;
	uint32_t found = UINT32_MAX;
	if (!text[0])
		return found;
	for (uint32_t i = 0; i < sdr_model_count(model); i++) {
		const struct sdr_target *target = sdr_model_target(model, i);
		if (strcmp(target->typed, text) == 0 || ui_page_host_is_subject(target, text))
			return i;
		bool fits = address ? sdr_addr_same(&target->addr, &literal)
				    : is_same_name(host_of(target), text);
		if (fits && found == UINT32_MAX)
			found = i;
	}
	return found;
}

struct ui_about ui_page_host_about(const struct sdr_target *target)
{
	struct ui_about about = {.addr = target->addr, .id = target->id};
	/* A part is about the router there, not about the target of the path. */
	if (sdr_target_is_part(target) && target->addr.version)
		sdr_addr_format(about.host, &target->addr);
	else
		snprintf(about.host, sizeof(about.host), "%s", host_of(target));
	return about;
}
