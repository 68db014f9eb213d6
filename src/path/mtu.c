/* mtu.c - from the link's MTU down: as routers report, else by halving. */
#include "path/mtu.h"

#define REPORTS 8     /* that are tried: some have another number each time */
#define TRIES 2       /* before a probe counts as vanished */
#define LEAST_FOUR 68 /* RFC 791 */
#define LEAST_SIX 1280
#define USUAL 1280 /* what nearly every path carries: the first guess below the link's */

static uint32_t least(const struct path_mtu *mtu)
{
	return mtu->version == 4 ? LEAST_FOUR : LEAST_SIX;
}

/* All sizes are known: where do the larger ones end? */
static void finish(struct path_mtu *mtu)
{
	mtu->reported = mtu->reported == mtu->low ? mtu->reported : 0;
	mtu->phase = mtu->vanished && mtu->hops > 1 ? PATH_MTU_PLACE : PATH_MTU_DONE;
	mtu->size = mtu->low + 1;
	mtu->ttl = 1;
}

static void choose(struct path_mtu *mtu)
{
	mtu->tries = 0;
	if (mtu->low >= mtu->high) {
		finish(mtu);
		return;
	}
	bool usual = mtu->low < USUAL && mtu->high > USUAL;
	mtu->size = mtu->reported == mtu->low ? mtu->low + 1 /* is it so? */
		: usual                       ? USUAL
					      : (mtu->low + mtu->high + 1) / 2;
}

void path_mtu_begin(struct path_mtu *mtu, uint8_t version, uint32_t link, uint8_t hops)
{
	*mtu = (struct path_mtu){
		.phase = PATH_MTU_SEARCH, .version = version, .high = link, .hops = hops};
	mtu->low = least(mtu);
	mtu->size = link;
	if (link <= mtu->low)
		finish(mtu);
}

bool path_mtu_next(const struct path_mtu *mtu, uint32_t *size, uint8_t *ttl)
{
	if (mtu->phase != PATH_MTU_SEARCH && mtu->phase != PATH_MTU_PLACE)
		return false;
	*size = mtu->size;
	*ttl = mtu->phase == PATH_MTU_PLACE ? mtu->ttl : 0;
	return true;
}

/* Goes on to the next hop. */
static void next_hop(struct path_mtu *mtu)
{
	mtu->tries = 0;
	if (++mtu->ttl >= mtu->hops)
		mtu->phase = PATH_MTU_DONE;
}

/* What a router reports is tried, if it can be, and then whether more passes after all. */
static void take_reported(struct path_mtu *mtu, const struct hop_answer *answer)
{
	bool can_be = answer->mtu < mtu->size && answer->mtu >= mtu->low;
	mtu->by = answer->from;
	mtu->high = mtu->size - 1;
	if (can_be && mtu->reports < REPORTS) {
		mtu->reports++;
		mtu->reported = answer->mtu;
	}
	if (!can_be || mtu->reported != answer->mtu || mtu->reported == mtu->low) {
		choose(mtu);
		return;
	}
	mtu->tries = 0;
	mtu->size = mtu->reported;
}

static void take_search(struct path_mtu *mtu, const struct hop_answer *answer)
{
	if (answer->kind == HOP_REACHED) {
		mtu->low = mtu->size;
		choose(mtu);
	} else if (answer->kind == HOP_TOO_BIG) {
		take_reported(mtu, answer);
	} else if (answer->kind == HOP_LOCAL) { /* this host's own limit */
		mtu->high = mtu->size - 1;
		choose(mtu);
	} else {
		path_mtu_lost(mtu);
	}
}

void path_mtu_answer(struct path_mtu *mtu, const struct hop_answer *answer)
{
	if (mtu->phase == PATH_MTU_SEARCH) {
		take_search(mtu, answer);
	} else if (mtu->phase == PATH_MTU_PLACE) {
		if (answer->kind == HOP_EXCEEDED)
			mtu->hole_after = mtu->ttl;
		next_hop(mtu);
	}
}

void path_mtu_lost(struct path_mtu *mtu)
{
	if (++mtu->tries < TRIES)
		return;
	if (mtu->phase == PATH_MTU_PLACE) {
		next_hop(mtu);
	} else if (mtu->phase == PATH_MTU_SEARCH) {
		mtu->vanished = true;
		mtu->high = mtu->size - 1;
		choose(mtu);
	}
}
