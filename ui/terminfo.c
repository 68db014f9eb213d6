/* terminfo.c - the terminal database, read without a screen. In a file of its own, since term.h
 * defines macros of common words. */
#include "terminfo.h"

#include <curses.h>
#include <term.h>

enum sdr_status ui_terminfo_check(const char *type, int descriptor)
{
	int found;
	TERMINAL *before = cur_term;
	if (setupterm(type, descriptor, &found) != OK)
		return found == 1 ? SDR_ENOTSUP
				  : SDR_ENOENT; /* 1: it exists, but is a hardcopy terminal */
	const char *place = tigetstr("cup"), *clear = tigetstr("clear");
	bool capable = place && place != (char *)-1 && clear && clear != (char *)-1;
	TERMINAL *mine = cur_term;
	set_curterm(before);
	del_curterm(mine);
	return capable ? SDR_OK : SDR_ENOTSUP;
}
