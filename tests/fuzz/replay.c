/*
 * Runs a fuzz target without libFuzzer: on every file of the folders named, and on copies of each
 * with small damage, the same in every run.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/base.h"

enum { COPIES = 40, FILE_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

/* Cuts, repeats, overwrites or flips a piece. */
static void damage(struct wr_buf *buf, uint64_t *state)
{
	static const char signs[] = "\"{}=,\n#\\:;\r \0";
	size_t at = next_random(state) % (buf->length + 1);
	size_t length = next_random(state) % 40;
	if (length > buf->length - at)
		length = buf->length - at;
	switch (next_random(state) % 4) {
	case 0:
		memmove(buf->data + at, buf->data + at + length, buf->length - at - length);
		buf->length -= length;
		break;
	case 1:
		for (size_t i = 0; i < length; i++)
			wr_buf_putc(buf, buf->data[at + i]);
		break;
	case 2:
		if (length > 0)
			buf->data[at] = signs[next_random(state) % sizeof(signs)];
		break;
	default:
		if (length > 0)
			buf->data[at] = (char)(buf->data[at] ^ (1 << next_random(state) % 8));
		break;
	}
}

static void run(const char *bytes, size_t length, uint64_t seed)
{
	LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
	for (uint64_t i = 0; i < COPIES; i++) {
		struct wr_buf buf = {0};
		uint64_t state = seed * COPIES + i;
		wr_buf_append(&buf, bytes, length);
		for (uint64_t times = next_random(&state) % 6; times > 0 && buf.length > 0; times--)
			damage(&buf, &state);
		LLVMFuzzerTestOneInput((const uint8_t *)wr_buf_text(&buf), buf.length);
		wr_buf_deinit(&buf);
	}
}

static void run_file(const char *path, uint64_t seed)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return;
	char *bytes = wr_alloc(FILE_MAX, 1);
	size_t length = fread(bytes, 1, FILE_MAX, file);
	fclose(file);
	run(bytes, length, seed);
	free(bytes);
}

int main(int argc, char **argv)
{
	uint64_t files = 0;
	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		for (struct dirent *each; folder && (each = readdir(folder));) {
			struct wr_buf path = {0};
			if (each->d_name[0] == '.')
				continue;
			wr_buf_printf(&path, "%s/%s", argv[i], each->d_name);
			run_file(wr_buf_text(&path), ++files);
			wr_buf_deinit(&path);
		}
		if (folder)
			closedir(folder);
	}
	printf("%llu files, each with %d damaged copies\n", (unsigned long long)files, COPIES);
	return files > 0 ? 0 : 1;
}
