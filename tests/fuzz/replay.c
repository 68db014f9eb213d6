/* replay.c - runs a fuzz target over the files of the folders it is given, for compilers without
 * libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return 0;
	static uint8_t data[1 << 20];
	size_t size = fread(data, 1, sizeof(data), file);
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	return 1;
}

static int replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	if (!dir)
		return 0;
	int files = 0;
	for (struct dirent *entry; (entry = readdir(dir));) {
		char path[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		files += replay_file(path);
	}
	closedir(dir);
	return files;
}

int main(int argc, char **argv)
{
	int files = 0;
	for (int i = 1; i < argc; i++)
		files += replay_folder(argv[i]);
	printf("%d files replayed\n", files);
	return files ? 0 : 1;
}
