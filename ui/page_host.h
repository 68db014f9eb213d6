/* page_host.h - which targets are of one host, for its page: of a name those of that name and of
 * its addresses, where these were typed as such; of an address all that are at it. Another name at
 * the same address is another host's: an address may serve hundreds. */
#ifndef SOUNDER_UI_PAGE_HOST_H
#define SOUNDER_UI_PAGE_HOST_H

#include "sounder/model.h"
#include "ui.h"

#define UI_HOST_ADDRESSES 64 /* that are looked at */

struct ui_page_host {
	char name[SDR_HOST_TEXT]; /* "": it is an address */
	struct sdr_addr addrs[UI_HOST_ADDRESSES];
	unsigned count;
};

/* Collects a host's addresses: the one that it is about, and those that the model's targets of its
 * name have now. Returns whether they are other ones than before. */
bool ui_page_host_read(
	struct ui_page_host *host, const struct ui_about *about, const struct sdr_model *model);

/* Whether a target is of the host. A part of a set (a hop) is where it is at the address and its
 * leader is not. */
bool ui_page_host_has(const struct ui_page_host *host, const struct sdr_model *model,
	const struct sdr_target *target);

/* Returns a number that all targets of a host's name or address share; a part of a set is of its
 * leader's host. */
uint64_t ui_page_host_key(const struct sdr_model *model, const struct sdr_target *target);

/* Finds the target that a text means, which is one's name, host, label (as the journal has it) or
 * address. Returns its position, UINT32_MAX: nothing of that is watched. */
uint32_t ui_page_host_find(const struct sdr_model *model, const char *text);

/* Whether an event of the journal with that subject is about a target: subjects have no room for
 * long names. */
bool ui_page_host_is_subject(const struct sdr_target *target, const char *text);

/* What a page about a target is about. */
struct ui_about ui_page_host_about(const struct sdr_target *target);

#endif
