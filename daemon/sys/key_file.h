/*
 * key_file: the 32 random bytes that every token is made from, in a file of mode 0600 beside the
 * database. Without it all links would change, so it belongs into the backup, apart from the
 * database.
 */
#ifndef WR_DAEMON_KEY_FILE_H
#define WR_DAEMON_KEY_FILE_H

enum { WR_KEY_FILE_BYTES = 32 };

/* 0; -ENOENT; -EPERM when others can read it; -EBADMSG when it is not 32 bytes; or another -errno.
 */
int wr_key_file_read(const char *path, unsigned char ret_key[WR_KEY_FILE_BYTES]);
/* Makes a new one, whole and on disk, in place of what is there. 0 or -errno. wr_random_init was
 * called. */
int wr_key_file_make(const char *path, unsigned char ret_key[WR_KEY_FILE_BYTES]);

#endif
