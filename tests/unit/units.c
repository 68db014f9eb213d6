/* units.c - units_core NAME, units_ui NAME: the test program of that name. They are one file, so
 * that it is linked once; each runs in a process of its own. UNITS is in a header of meson's. */
#include <stdio.h>
#include <string.h>

#define UNIT(name) {#name, main_of_##name},

static const struct {
	const char *name;
	int (*run)(void);
} units[] = {UNITS(UNIT)};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(units[i].name, argv[1]) == 0)
			return units[i].run();
	fprintf(stderr, "usage: %s NAME\n", argv[0]);
	return 2;
}
