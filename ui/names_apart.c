/* names_apart.c - shortens names so that no two read alike. First all are cut in the middle. Of
 * those that read alike then, the pieces between dots and dashes are compared: those in which they
 * differ stay, with as much of the rest as there is room for. What reads alike still gets a
 * number. */
#include "names_apart.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sounder/sanitize.h"

#define PIECES 64

/* A text as pieces: letters and digits, or one character that is neither. */
struct pieces {
	const char *text;
	unsigned from[PIECES + 1]; /* [count + 1] bytes; the last one is the end */
	unsigned count;
	bool differs[PIECES]; /* from another one's that reads alike */
};

/* What is being set apart: those of [count] names that read alike. */
struct alike {
	struct ui_apart *names;
	struct pieces *pieces; /* of names, once they are asked for */
	unsigned *members;     /* [count] */
	unsigned count;
	bool ascii;
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void take_apart(struct pieces *pieces, const char *text)
{
	unsigned at = 0;
	*pieces = (struct pieces){.text = text};
	while (text[at] && pieces->count < PIECES) {
		pieces->from[pieces->count++] = at;
		bool rest = pieces->count == PIECES;
		do
			at++;
		while (text[at] && (rest || (is_word(text[at]) && is_word(text[at - 1]))));
	}
	pieces->from[pieces->count] = at;
}

static bool same_piece(const struct pieces *a, unsigned i, const struct pieces *b, unsigned j)
{
	unsigned length = a->from[i + 1] - a->from[i];
	return length == b->from[j + 1] - b->from[j] &&
		memcmp(a->text + a->from[i], b->text + b->from[j], length) == 0;
}

/* Marks the pieces of `a` in which it differs from `b`: all between those that they begin and end
 * alike with; of as many pieces those alone that are other ones. */
static void compare(struct pieces *a, const struct pieces *b)
{
	unsigned least = a->count < b->count ? a->count : b->count, before = 0, behind = 0;
	while (before < least && same_piece(a, before, b, before))
		before++;
	while (behind < least - before &&
		same_piece(a, a->count - 1 - behind, b, b->count - 1 - behind))
		behind++;
	for (unsigned i = before; i < a->count - behind; i++)
		if (a->count != b->count || !same_piece(a, i, b, i))
			a->differs[i] = true;
	/* One that goes on where the other ends differs in its end. */
	if (before + behind == a->count && a->count > 0 && a->count < b->count)
		a->differs[before < a->count ? before : a->count - 1] = true;
}

static int cells_of(const struct pieces *pieces, unsigned i)
{
	char piece[UI_APART_TEXT];
	snprintf(piece, sizeof(piece), "%.*s", (int)(pieces->from[i + 1] - pieces->from[i]),
		pieces->text + pieces->from[i]);
	return sdr_text_cells(piece);
}

/* Writes the pieces that are kept, an ellipsis for each stretch that is not; returns the cells. */
static int join(const struct pieces *pieces, const bool *kept, bool ascii, char *out)
{
	int cells = 0;
	size_t used = 0;
	for (unsigned i = 0; i < pieces->count; i++) {
		if (kept[i]) {
			unsigned length = pieces->from[i + 1] - pieces->from[i];
			if (out)
				memcpy(out + used, pieces->text + pieces->from[i], length);
			used += length;
			cells += cells_of(pieces, i);
		} else if (i == 0 || kept[i - 1]) {
			const char *dots = ascii ? "..." : "\u2026";
			if (out)
				memcpy(out + used, dots, strlen(dots));
			used += strlen(dots);
			cells += ascii ? 3 : 1;
		}
	}
	if (out)
		out[used] = '\0';
	return cells;
}

/* Keeps one more piece if all fits still. */
static bool keep(const struct pieces *pieces, bool *kept, unsigned i, const struct ui_apart *name,
	bool ascii)
{
	if (i >= pieces->count || kept[i])
		return false;
	kept[i] = true;
	kept[i] = join(pieces, kept, ascii, NULL) <= name->room;
	return kept[i];
}

/* Keeps pieces beside those that are kept, as many as fit: towards the start, then the end. */
static void widen(const struct pieces *pieces, bool *kept, const struct ui_apart *name, bool ascii)
{
	for (unsigned i = pieces->count; i-- > 1;)
		if (kept[i])
			(void)keep(pieces, kept, i - 1, name, ascii);
	for (unsigned i = 1; i < pieces->count; i++)
		if (kept[i - 1])
			(void)keep(pieces, kept, i, name, ascii);
}

/* Drops dots and dashes beside what is left out, where two do not differ in them. */
static void drop_ends(const struct pieces *pieces, bool *kept)
{
	for (unsigned i = 0; i < pieces->count; i++)
		if (kept[i] && !pieces->differs[i] && !is_word(pieces->text[pieces->from[i]]) &&
			((i > 0 && !kept[i - 1]) || (i + 1 < pieces->count && !kept[i + 1])))
			kept[i] = false;
}

/* Whether what differs has room. */
static bool can_show(const struct pieces *pieces, const struct ui_apart *name, bool ascii)
{
	return join(pieces, pieces->differs, ascii, NULL) <= name->room &&
		strlen(name->text) + (size_t)PIECES * 3 < UI_APART_TEXT;
}

/* Shows what differs, then pieces beside that, then the first and the last ones, as many as fit. */
static void show_pieces(const struct pieces *pieces, struct ui_apart *name, bool ascii)
{
	bool kept[PIECES];
	memcpy(kept, pieces->differs, sizeof(kept));
	widen(pieces, kept, name, ascii);
	for (unsigned i = 0; i < pieces->count && (kept[i] || keep(pieces, kept, i, name, ascii));
		i++)
		;
	for (unsigned i = pieces->count;
		i-- > 0 && (kept[i] || keep(pieces, kept, i, name, ascii));)
		;
	drop_ends(pieces, kept);
	join(pieces, kept, ascii, name->shown);
}

static struct pieces *pieces_of(const struct alike *alike, unsigned name)
{
	struct pieces *pieces = &alike->pieces[name];
	if (!pieces->text)
		take_apart(pieces, alike->names[name].text);
	return pieces;
}

/* Finds what sets one of them apart from all others. False: there is no room for that. */
static bool find_apart(const struct alike *alike, unsigned which)
{
	struct pieces *own = pieces_of(alike, alike->members[which]);
	memset(own->differs, 0, sizeof(own->differs));
	for (unsigned i = 0; i < alike->count; i++)
		if (i != which)
			compare(own, pieces_of(alike, alike->members[i]));
	return can_show(own, &alike->names[alike->members[which]], alike->ascii);
}

/* Shows what sets the members apart. False: there is no room for that in one of them, mostly in the
 * first one, and nothing is changed. */
static bool set_apart(const struct alike *alike)
{
	for (unsigned i = 0; i < alike->count; i++)
		if (!find_apart(alike, i))
			return false;
	for (unsigned i = 0; i < alike->count; i++)
		show_pieces(pieces_of(alike, alike->members[i]), &alike->names[alike->members[i]],
			alike->ascii);
	return true;
}

/* Whether two names are built alike: of as many pieces, most of them the same. */
static bool are_siblings(const struct pieces *a, const struct pieces *b)
{
	unsigned same = 0;
	for (unsigned i = 0; i < a->count && a->count == b->count; i++)
		same += same_piece(a, i, b, i);
	return same > 0 && same * 2 >= a->count;
}

/* Adds to the members that read alike those of [count] names that are cut, too, and built like the
 * first of them, so that all show the same pieces. Returns how many there are then. */
static unsigned add_siblings(const struct alike *alike, unsigned count)
{
	unsigned all = alike->count;
	const struct pieces *first = pieces_of(alike, alike->members[0]);
	for (unsigned i = 0; i < count; i++) {
		bool is_member = false;
		for (unsigned m = 0; m < alike->count; m++)
			is_member = is_member || alike->members[m] == i;
		if (is_member || sdr_text_cells(alike->names[i].text) <= alike->names[i].room)
			continue;
		if (are_siblings(first, pieces_of(alike, i)))
			alike->members[all++] = i;
	}
	return all;
}

/* Of those that read alike still, each but the first gets the lowest number that nobody has. */
static void number(struct ui_apart *names, unsigned count, unsigned which, bool ascii)
{
	struct ui_apart *name = &names[which];
	char start[UI_APART_TEXT], shown[UI_APART_TEXT];
	for (unsigned n = 2; n < count + 2; n++) {
		char suffix[16];
		bool taken = false;
		int length = snprintf(suffix, sizeof(suffix), "~%u", n);
		int room = name->room > length ? name->room - length : 0;
		if (name->room < length)
			return;
		start[0] = '\0';
		if (room > 0)
			sdr_text_cut_end(start, sizeof(start), name->text, room, ascii);
		snprintf(shown, sizeof(shown), "%.480s%s", start, suffix);
		for (unsigned i = 0; i < count; i++)
			taken = taken || (i != which && strcmp(names[i].shown, shown) == 0);
		if (!taken) {
			memcpy(name->shown, shown, sizeof(shown));
			return;
		}
	}
}

/* Collects those that read like names[first] and mean others, itself first; returns how many. */
static unsigned collect(
	const struct ui_apart *names, unsigned count, unsigned first, unsigned *members)
{
	unsigned found = 0;
	bool differ = false;
	for (unsigned i = first; i < count; i++) {
		if (strcmp(names[i].shown, names[first].shown) != 0)
			continue;
		differ = differ || strcmp(names[i].text, names[first].text) != 0;
		members[found++] = i;
	}
	return differ ? found : 1;
}

/* Sets those apart that read alike, with their siblings if there is room for all. */
static void show_differences(struct alike *alike, unsigned count)
{
	unsigned found = alike->count;
	alike->count = add_siblings(alike, count);
	if (alike->count > found && set_apart(alike))
		return;
	alike->count = found;
	(void)set_apart(alike);
}

void ui_names_apart(struct ui_apart *names, unsigned count, bool ascii)
{
	struct alike alike = {.names = names, .ascii = ascii};
	unsigned *members = alike.members = calloc(count + 1, sizeof(*members));
	for (unsigned i = 0; i < count; i++)
		sdr_text_cut_middle(names[i].shown, sizeof(names[i].shown), names[i].text,
			names[i].room > 0 ? names[i].room : 0, ascii);
	/* What is set apart may read like one that was not looked at. */
	for (int pass = 0; members && pass < 3; pass++)
		for (unsigned i = 0; i < count; i++) {
			alike.count = collect(names, count, i, members);
			if (alike.count > 1 && !alike.pieces)
				alike.pieces = calloc(count, sizeof(*alike.pieces));
			if (alike.count > 1 && alike.pieces)
				show_differences(&alike, count);
		}
	for (unsigned i = 0; members && i < count; i++)
		for (unsigned found; (found = collect(names, count, i, members)) > 1; found--) {
			char before[UI_APART_TEXT];
			memcpy(before, names[members[found - 1]].shown, sizeof(before));
			number(names, count, members[found - 1], ascii);
			if (strcmp(before, names[members[found - 1]].shown) == 0)
				break; /* there is no room for one */
		}
	free(alike.pieces);
	free(members);
}
