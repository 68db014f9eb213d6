/* spec_share.c - checks a spec's bounds, and copies it with its type's options: the same function
 * over its strings first counts, then copies into one block. Targets added one after the other
 * mostly have the same settings, so each is compared with the one before. */
#include "probe/spec_share.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define INTERVAL_MIN (10 * SDR_MS)
#define INTERVAL_MAX SDR_HOUR
#define TIMEOUT_MAX SDR_HOUR

enum sdr_status sdr_spec_check(const struct sdr_spec *spec, struct sdr_error *error)
{
	if (!spec->target || !spec->type) {
		sdr_error_set(error, 0, "a probe needs a target and a type");
		return SDR_EINVAL;
	}
	if (spec->type->by_address && (!spec->host || !spec->host[0])) {
		sdr_error_set(
			error, 0, "'%s' names no host; give a name or an address", spec->target);
		return SDR_EINVAL;
	}
	if (spec->all_addresses && (!spec->type->by_address || spec->type->members)) {
		sdr_error_set(error, 0, "'%s': a probe of type %s has no addresses to follow",
			spec->target, spec->type->name);
		return SDR_EINVAL;
	}
	enum sdr_status status =
		spec->type->by_address ? sdr_host_check(spec->host, error) : SDR_OK;
	if (status)
		return status;
	if (spec->host && strlen(spec->host) >= SDR_HOST_TEXT) {
		sdr_error_set(error, 0,
			"'%.40s...' is too long for a host name; 253 characters at most",
			spec->host);
		return SDR_EINVAL;
	}
	if (spec->family != 0 && spec->family != 4 && spec->family != 6) {
		sdr_error_set(error, 0, "%u is no address family; 4 or 6", spec->family);
		return SDR_EINVAL;
	}
	if (spec->interval != 0 &&
		(spec->interval < INTERVAL_MIN || spec->interval > INTERVAL_MAX)) {
		char text[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "an interval of %s is out of range; 10ms to 1h",
			sdr_duration_format(text, spec->interval));
		return SDR_ERANGE;
	}
	if (spec->timeout < 0 || spec->timeout > TIMEOUT_MAX) {
		char text[SDR_DURATION_TEXT];
		sdr_error_set(error, 0, "a time-out of %s is out of range; up to 1h",
			sdr_duration_format(text, spec->timeout));
		return SDR_ERANGE;
	}
	return SDR_OK;
}

/* ---- sharing ---- */

/* The spec shared by all targets like it, with the defaults of its type. */
static struct sdr_spec common_part(const struct sdr_spec *spec)
{
	struct sdr_spec common = *spec;
	common.target = common.host = NULL;
	common.port = 0;
	if (common.interval == 0 && common.count > 1)
		common.interval = common.type->default_interval;
	if (common.interval == 0)
		common.count = 1;
	if (common.timeout == 0)
		common.timeout = common.type->default_timeout;
	return common;
}

/* ---- where the pointers are ---- */

#define POINTERS_MAX 32

/* The members of a struct that are texts, or lists of texts. */
struct pointers {
	unsigned count;
	struct {
		unsigned place; /* SDR_PLACE */
		bool list;
	} at[POINTERS_MAX];
};

static const struct pointers of_spec = {4,
	{{SDR_PLACE(struct sdr_spec, server), false}, {SDR_PLACE(struct sdr_spec, line), false},
		{SDR_PLACE(struct sdr_spec, source), false},
		{SDR_PLACE(struct sdr_spec, group), false}}};

static void add_pointer(struct pointers *pointers, unsigned place, bool list)
{
	assert(pointers->count < POINTERS_MAX);
	pointers->at[pointers->count].place = place;
	pointers->at[pointers->count++].list = list;
}

static void find_pointers(const struct sdr_probe_type *type, struct pointers *found)
{
	found->count = 0;
	for (const struct sdr_option *option = type->options; option && option->name; option++)
		if (option->kind == SDR_OPTION_TEXT && option->place)
			add_pointer(found, option->place, option->repeats);
	for (const unsigned *place = type->texts; place && *place; place++)
		add_pointer(found, *place, false);
	for (const unsigned *place = type->lists; place && *place; place++)
		add_pointer(found, *place, true);
}

/* The member itself. */
static const char **text_at(void *base, unsigned place)
{
	return (const char **)(void *)((char *)base + place - 1);
}

static const char *const **list_at(void *base, unsigned place)
{
	return (const char *const **)(void *)((char *)base + place - 1);
}

/* ---- copying ---- */

struct packer {
	char *at;    /* where the next piece goes; NULL while counting */
	size_t need; /* bytes so far */
};

/* Takes room for a piece and fills it. Returns the copy; while counting, what it was given. */
static const void *pack(struct packer *packer, const void *bytes, size_t size)
{
	packer->need += size;
	if (!packer->at)
		return bytes;
	char *copy = memcpy(packer->at, bytes, size);
	packer->at += size;
	return copy;
}

static const char *pack_text(struct packer *packer, const char *text)
{
	return text ? pack(packer, text, strlen(text) + 1) : NULL;
}

static const char *const *pack_array(struct packer *packer, const char *const *list)
{
	size_t count = 1;
	if (!list)
		return NULL;
	while (list[count - 1])
		count++;
	return pack(packer, list, count * sizeof(*list));
}

static void pack_items(struct packer *packer, const char *const *list)
{
	for (const char **item = (const char **)list; item && *item; item++) {
		const char *copy = pack_text(packer, *item);
		if (packer->at)
			*item = copy;
	}
}

/* Lists come before all text, so that they stay aligned. */
static void pack_lists(struct packer *packer, void *base, const struct pointers *pointers)
{
	for (unsigned i = 0; i < pointers->count; i++)
		if (pointers->at[i].list)
			*list_at(base, pointers->at[i].place) =
				pack_array(packer, *list_at(base, pointers->at[i].place));
}

static void pack_texts(struct packer *packer, void *base, const struct pointers *pointers)
{
	for (unsigned i = 0; i < pointers->count; i++) {
		unsigned place = pointers->at[i].place;
		if (pointers->at[i].list)
			pack_items(packer, *list_at(base, place));
		else
			*text_at(base, place) = pack_text(packer, *text_at(base, place));
	}
}

/* A struct of options, whatever its members are. */
union options {
	char bytes[SDR_OPTIONS_SIZE_MAX];
	void *aligned;
	sdr_ns number;
};

/* Those of a spec, or what holds where it has none. */
static void take_options(const struct sdr_spec *spec, union options *taken)
{
	const struct sdr_probe_type *type = spec->type;
	assert(type->options_size <= sizeof(*taken));
	if (spec->options) {
		memcpy(taken, spec->options, type->options_size);
		return;
	}
	memset(taken, 0, type->options_size);
	for (const struct sdr_option *option = type->options; option && option->name; option++)
		if (option->kind == SDR_OPTION_INTEGER || option->kind == SDR_OPTION_DURATION)
			memcpy(taken->bytes + option->place - 1, &option->otherwise,
				sizeof(option->otherwise));
}

/* What is copied: a spec and its options. */
struct piece {
	struct sdr_spec spec;
	union options options;
	struct pointers pointers; /* of the options */
};

/* A size after which a pointer may stand. */
static size_t rounded(size_t size)
{
	return (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

static void pack_piece(struct packer *packer, struct piece *piece)
{
	size_t size = rounded(piece->spec.type->options_size);
	char *options = packer->at;
	packer->need += size;
	if (options)
		packer->at += size;
	pack_lists(packer, &piece->options, &piece->pointers);
	pack_texts(packer, &piece->options, &piece->pointers);
	pack_texts(packer, &piece->spec, &of_spec);
	if (options)
		memcpy(options, &piece->options, piece->spec.type->options_size);
	piece->spec.options = size ? options : NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_list(const char *const *a, const char *const *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *b && strcmp(*a, *b) == 0; a++)
		b++;
	return !*a && !*b;
}

/* Compares what is pointed to, then all the rest as bytes, for which `a` borrows the pointers of
 * `b`: where padding differs, two shares hold the same, which is no harm. */
static bool same(void *a, const void *b, size_t size, const struct pointers *pointers)
{
	void *other = (void *)(uintptr_t)b;
	for (unsigned i = 0; i < pointers->count; i++) {
		unsigned place = pointers->at[i].place;
		if (pointers->at[i].list ? !same_list(*list_at(a, place), *list_at(other, place))
					 : !same_text(*text_at(a, place), *text_at(other, place)))
			return false;
		*text_at(a, place) = *text_at(other, place);
	}
	return memcmp(a, b, size) == 0;
}

/* Whether options are those: mostly they are so byte for byte. */
static bool same_options(const struct sdr_spec *spec, const void *shared)
{
	size_t size = spec->type->options_size;
	union options options;
	struct pointers pointers;
	if (size == 0 || (spec->options && memcmp(spec->options, shared, size) == 0))
		return true;
	take_options(spec, &options);
	find_pointers(spec->type, &pointers);
	return same(&options, shared, size, &pointers);
}

static bool is_like(const struct sdr_spec *common, const struct sdr_spec *shared)
{
	struct sdr_spec spec = *common;
	spec.options = shared->options;
	return same(&spec, shared, sizeof(spec), &of_spec) && same_options(common, shared->options);
}

/* A new one; NULL when out of memory. */
static struct spec_share *make_share(const struct sdr_spec *common)
{
	struct piece piece = {.spec = *common};
	struct packer packer = {NULL, 0};
	take_options(common, &piece.options);
	find_pointers(common->type, &piece.pointers);
	struct piece walked = piece;
	pack_piece(&packer, &walked);
	struct spec_share *share = malloc(sizeof(*share) + packer.need);
	if (!share)
		return NULL;
	packer = (struct packer){share->memory, 0};
	pack_piece(&packer, &piece);
	share->spec = piece.spec;
	share->users = 1;
	return share;
}

struct spec_share *sdr_spec_share(const struct sdr_spec *spec, struct spec_share *latest)
{
	const struct sdr_spec common = common_part(spec);
	if (!latest || !is_like(&common, &latest->spec))
		return make_share(&common);
	latest->users++;
	return latest;
}

void sdr_spec_release(struct spec_share *share)
{
	if (share && --share->users == 0)
		free(share);
}

void sdr_spec_hold(struct spec_share **held, struct spec_share *share)
{
	if (share == *held)
		return;
	share->users++;
	sdr_spec_release(*held);
	*held = share;
}
