/* engine_target_block.c - what all see of a target: one counted block, with what its name was found
 * to be beside it, since few are names among very many addresses. */
#include "probe/engine_target.h"

#include "probe/target_set_members.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct target_block *block_of(const struct sdr_target *target)
{
	return (struct target_block *)(uintptr_t)target;
}

/* Returns a block with both texts. NULL when out of memory. */
static struct target_block *block_new(const char *typed, const char *host)
{
	bool apart = host && strcmp(host, typed) != 0;
	size_t typed_size = strlen(typed) + 1, host_size = apart ? strlen(host) + 1 : 0;
	struct target_block *block = malloc(sizeof(*block) + typed_size + host_size);
	if (!block)
		return NULL;
	memset(block, 0, sizeof(*block)); /* calloc passes by what was just freed, which a sweep
					     wants again and again */
	memcpy(block->text, typed, typed_size);
	if (apart)
		memcpy(block->text + typed_size, host, host_size);
	block->public.counted = true;
	block->public.typed = block->text;
	block->public.host = apart ? block->text + typed_size : host ? block->text : NULL;
	return block;
}

static const char *name_of(const struct sdr_target *target)
{
	return target->host ? target->host : target->typed;
}

struct sdr_target *sdr_target_new(const struct sdr_spec *spec, struct spec_share *latest)
{
	struct target_block *block = block_new(spec->target, spec->host);
	struct spec_share *share = block ? sdr_spec_share(spec, latest) : NULL;
	if (!share) {
		free(block);
		return NULL;
	}
	struct sdr_target *target = &block->public;
	target->spec = &share->spec;
	target->name = name_of(target);
	target->port = spec->port;
	target->why = "";
	target->resolve_time = SDR_NS_NONE;
	return target;
}

struct spec_share *sdr_target_share(const struct sdr_target *target)
{
	return (struct spec_share *)((char *)(uintptr_t)target->spec -
		offsetof(struct spec_share, spec));
}

/* ---- holders ---- */

static void known_free(struct target_known *known)
{
	if (!known)
		return;
	free(known->name);
	free(known->why);
	free(known->missing);
	free(known->addresses);
	free(known->role);
	free(known->state);
	free(known->summary);
	sdr_set_release(known->set);
	free(known);
}

const struct sdr_target *sdr_target_hold(const struct sdr_target *target)
{
	block_of(target)->public.others++;
	return target;
}

void sdr_target_release(const struct sdr_target *target)
{
	if (!target || block_of(target)->public.others-- > 0 || !target->counted)
		return;
	struct target_block *block = block_of(target);
	sdr_spec_release(sdr_target_share(target));
	known_free(block->known);
	free(block);
}

/* ---- what its source finds out ---- */

struct target_known *sdr_target_find(struct sdr_target *target)
{
	struct target_block *block = block_of(target);
	if (!block->known)
		block->known = calloc(1, sizeof(*block->known));
	return block->known;
}

/* Has `*kept` be a copy of the text, and returns it. */
static const char *keep(char **kept, const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	free(*kept);
	*kept = copy;
	return copy;
}

void sdr_target_set_name(struct sdr_target *target, const char *name)
{
	bool apart = name && strcmp(name, name_of(target)) != 0;
	struct target_known *known =
		apart || block_of(target)->known ? sdr_target_find(target) : NULL;
	const char *kept = known ? keep(&known->name, apart ? name : NULL) : NULL;
	target->name = kept ? kept : name_of(target);
}

void sdr_target_set_missing(struct sdr_target *target, const char *missing)
{
	struct target_known *known =
		missing || block_of(target)->known ? sdr_target_find(target) : NULL;
	if (known)
		(void)keep(&known->missing, missing);
}

void sdr_target_set_why(struct sdr_target *target, enum sdr_outcome outcome, const char *why)
{
	struct target_known *known =
		why || block_of(target)->known ? sdr_target_find(target) : NULL;
	const char *kept = known ? keep(&known->why, why) : NULL;
	target->why = kept ? kept : sdr_outcome_sentence(outcome);
}

void sdr_target_set_role(struct sdr_target *target, const char *role)
{
	struct target_known *known =
		role || block_of(target)->known ? sdr_target_find(target) : NULL;
	if (known)
		(void)keep(&known->role, role);
}

enum sdr_status sdr_target_make_state(struct sdr_target *target, size_t size)
{
	struct target_known *known = size > 0 ? sdr_target_find(target) : NULL;
	if (known && !known->state)
		known->state = calloc(1, size);
	return size == 0 || (known && known->state) ? SDR_OK : SDR_ENOMEM;
}

void sdr_target_free_state(struct sdr_target *target)
{
	struct target_known *known = block_of(target)->known;
	if (!known)
		return;
	free(known->state);
	known->state = NULL;
}

/* ---- what its type sums up ---- */

/* Bytes of what a value points to. */
static size_t value_size(const struct sdr_field *field, const struct sdr_value *value)
{
	if (!value->present)
		return 0;
	if (field->kind == SDR_FIELD_ADDRESS)
		return sizeof(*value->addr);
	return field->kind == SDR_FIELD_TEXT ? strlen(value->text) + 1 : 0;
}

void sdr_target_keep_summary(struct sdr_target *target, const struct sdr_target *from)
{
	const struct sdr_probe_type *type = from->spec->type;
	struct sdr_value values[SDR_SUMMARY_FIELDS_MAX];
	size_t need = type->summary_field_count * sizeof(*values);
	struct target_known *known = need > 0 ? sdr_target_find(target) : NULL;
	if (!known || known->summary)
		return;
	sdr_target_summary(from, values);
	for (unsigned i = 0; i < type->summary_field_count; i++)
		need += value_size(&type->summary_fields[i], &values[i]);
	struct sdr_value *kept = malloc(need);
	if (!kept)
		return;
	char *at = (char *)(kept + type->summary_field_count);
	for (unsigned pass = 0; pass < 2; pass++) /* addresses first, for their alignment */
		for (unsigned i = 0; i < type->summary_field_count; i++) {
			bool text = type->summary_fields[i].kind == SDR_FIELD_TEXT;
			size_t size = value_size(&type->summary_fields[i], &values[i]);
			if (text != (pass == 1) || size == 0)
				continue;
			values[i].text = memcpy(at, values[i].text, size);
			at += size;
		}
	memcpy(kept, values, type->summary_field_count * sizeof(*kept));
	known->summary = kept;
}

enum sdr_status sdr_target_set_addresses(
	struct sdr_target *target, const struct sdr_addr *addresses, unsigned count)
{
	struct target_known *known =
		count > 1 || block_of(target)->known ? sdr_target_find(target) : NULL;
	struct sdr_addr *kept = count > 1 && known ? malloc(count * sizeof(*kept)) : NULL;
	if (count > 1 && !kept)
		return SDR_ENOMEM;
	if (kept)
		memcpy(kept, addresses, count * sizeof(*kept));
	if (!known)
		return SDR_OK;
	free(known->addresses);
	known->addresses = kept;
	known->address_count = kept ? (uint8_t)count : 0;
	return SDR_OK;
}

/* ---- a copy ---- */

static bool copy_set(struct sdr_target *copy, const struct sdr_target *target)
{
	const struct target_known *known = sdr_target_found(target);
	if (!known || !known->set)
		return true;
	struct target_known *own = sdr_target_find(copy);
	if (!own)
		return false;
	own->set = sdr_set_hold(known->set);
	own->origin = known->origin;
	sdr_target_set_role(copy, known->role);
	return !own->role == !known->role;
}

/* Gives the copy texts and addresses of its own; false when out of memory. */
static bool copy_known(struct sdr_target *copy, const struct sdr_target *target)
{
	const struct sdr_addr *addresses;
	unsigned count = sdr_target_addresses(target, &addresses);
	bool explained = target->why && *target->why;
	copy->why = "";
	sdr_target_set_name(copy, target->name);
	sdr_target_set_missing(copy, sdr_target_missing(target));
	if (explained)
		sdr_target_set_why(copy, target->outcome, target->why);
	if (!copy_set(copy, target))
		return false;
	return (!target->name || strcmp(copy->name, target->name) == 0) &&
		!sdr_target_missing(copy) == !sdr_target_missing(target) &&
		(!explained || strcmp(copy->why, target->why) == 0) &&
		(count < 2 || sdr_target_set_addresses(copy, addresses, count) == SDR_OK);
}

const struct sdr_target *sdr_target_copy(const struct sdr_target *target)
{
	struct target_block *block = block_new(target->typed, target->host);
	struct spec_share *latest = target->counted ? sdr_target_share(target) : NULL,
			  *share = block ? sdr_spec_share(target->spec, latest) : NULL;
	if (!share) {
		free(block);
		return NULL;
	}
	struct sdr_target *copy = &block->public;
	const struct sdr_target own = *copy;
	*copy = *target;
	copy->counted = own.counted;
	copy->others = own.others;
	copy->typed = own.typed;
	copy->host = own.host;
	copy->spec = &share->spec;
	if (target->counted)
		sdr_target_keep_summary(copy, target);
	if (copy_known(copy, target))
		return copy;
	sdr_target_release(copy);
	return NULL;
}
