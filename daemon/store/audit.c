/*
 * The audit: a chain of entries that only grows, and apart from it the words that can be erased.
 *
 *   hash(n) = SHA-256(previous hash, seq, at, actor, verb, refs, three digests)
 *   digest  = SHA-256(salt, whether there are words, words)
 *
 * Each part of what is hashed is preceded by its length, so that no two entries give the same
 * bytes. Without its salt a digest tells nothing, not even to somebody who guesses the words.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

enum { SALT_BYTES = 16, SALT_TEXT = 2 * SALT_BYTES + 1, WORDS = 3 };

struct entry { /* a row of the chain */
	int64_t seq;
	wr_time at;
	const char *actor, *verb, *refs;
	const char *digest[WORDS];
	const char *previous;
};

/* ---- hashing ---- */

static void hash_part(crypto_hash_sha256_state *state, const char *text)
{
	char length[24];
	snprintf(length, sizeof(length), "%zu:", strlen(text));
	crypto_hash_sha256_update(state, (const unsigned char *)length, strlen(length));
	crypto_hash_sha256_update(state, (const unsigned char *)text, strlen(text));
}

static void hash_end(crypto_hash_sha256_state *state, char text[WR_STORE_HASH_TEXT])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_final(state, hash);
	sodium_bin2hex(text, WR_STORE_HASH_TEXT, hash, sizeof(hash));
}

static void digest_words(const char *salt, const char *words, char text[WR_STORE_HASH_TEXT])
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	hash_part(&state, salt);
	hash_part(&state, words ? "1" : "0");
	hash_part(&state, words ? words : "");
	hash_end(&state, text);
}

static void hash_entry(const struct entry *entry, char text[WR_STORE_HASH_TEXT])
{
	crypto_hash_sha256_state state;
	char number[24];
	crypto_hash_sha256_init(&state);
	hash_part(&state, entry->previous);
	snprintf(number, sizeof(number), "%lld", (long long)entry->seq);
	hash_part(&state, number);
	snprintf(number, sizeof(number), "%lld", (long long)entry->at);
	hash_part(&state, number);
	hash_part(&state, entry->actor);
	hash_part(&state, entry->verb);
	hash_part(&state, entry->refs);
	for (int i = 0; i < WORDS; i++)
		hash_part(&state, entry->digest[i]);
	hash_end(&state, text);
}

/* ---- adding ---- */

static int last_of_chain(
    struct wr_tx *tx, struct wr_arena *arena, int64_t *ret_seq, const char **ret_hash)
{
	*ret_seq = 0;
	*ret_hash = "";
	int outcome = wr_sql_int(tx, "SELECT max(seq) FROM audit", NULL, 0, ret_seq);
	if (outcome == 0)
		outcome = wr_sql_text(tx, arena, "SELECT hash FROM audit WHERE seq = $1",
		    WR_VALUES(wr_value_int(*ret_seq)), ret_hash);
	return outcome == WR_STORE_NONE ? 0 : outcome;
}

/* One a line: references have no control characters. */
static const char *join_refs(struct wr_tx *tx, const struct wr_store_audit *entry)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < entry->n_refs; i++)
		wr_buf_printf(&buf, "%s%s", i ? "\n" : "", entry->refs[i]);
	char *joined = wr_arena_strdup(&tx->arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return joined;
}

static int insert_refs(struct wr_tx *tx, const struct wr_store_audit *entry, int64_t seq)
{
	int outcome = 0;
	for (size_t i = 0; outcome == 0 && i < entry->n_refs; i++)
		outcome = wr_sql_run(tx,
		    "INSERT INTO audit_ref (ref, seq) VALUES ($1, $2)"
		    " ON CONFLICT (ref, seq) DO NOTHING",
		    WR_VALUES(wr_value_text(entry->refs[i]), wr_value_int(seq)), NULL);
	return outcome;
}

static int insert_entry(struct wr_tx *tx, const struct entry *row)
{
	char hash[WR_STORE_HASH_TEXT];
	hash_entry(row, hash);
	return wr_sql_run(tx,
	    "INSERT INTO audit (seq, at, actor, verb, refs, reason_digest, before_digest,"
	    " after_digest, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	    WR_VALUES(wr_value_int(row->seq), wr_value_int(row->at), wr_value_text(row->actor),
		wr_value_text(row->verb), wr_value_text(row->refs), wr_value_text(row->digest[0]),
		wr_value_text(row->digest[1]), wr_value_text(row->digest[2]),
		wr_value_text(row->previous), wr_value_text(hash)),
	    NULL);
}

int wr_store_audit_add(struct wr_tx *tx, const struct wr_store_audit *entry)
{
	const char *words[WORDS] = {entry->reason, entry->before, entry->after};
	unsigned char bytes[WORDS][SALT_BYTES];
	char salt[WORDS][SALT_TEXT];
	char digest[WORDS][WR_STORE_HASH_TEXT];
	struct entry row = {.at = entry->at, .actor = entry->actor, .verb = entry->verb};
	int outcome = last_of_chain(tx, &tx->arena, &row.seq, &row.previous);
	if (outcome)
		return outcome;
	row.seq++;
	row.refs = join_refs(tx, entry);
	tx->random(bytes, sizeof(bytes));
	for (int i = 0; i < WORDS; i++) {
		sodium_bin2hex(salt[i], sizeof(salt[i]), bytes[i], sizeof(bytes[i]));
		digest_words(salt[i], words[i], digest[i]);
		row.digest[i] = digest[i];
	}
	outcome = insert_entry(tx, &row);
	if (outcome == 0)
		outcome = wr_sql_run(tx,
		    "INSERT INTO audit_detail (seq, reason_salt, before_salt, after_salt, reason,"
		    " before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		    WR_VALUES(wr_value_int(row.seq), wr_value_text(salt[0]), wr_value_text(salt[1]),
			wr_value_text(salt[2]), wr_value_text(words[0]), wr_value_text(words[1]),
			wr_value_text(words[2])),
		    NULL);
	return outcome ? outcome : insert_refs(tx, entry, row.seq);
}

/* ---- reading ---- */

static const char select_entries[] =
    "SELECT a.seq, a.at, a.actor, a.verb, a.refs, a.reason_digest, a.before_digest,"
    " a.after_digest, a.previous, a.hash, d.reason_salt, d.before_salt, d.after_salt, d.reason,"
    " d.before, d.after FROM audit AS a LEFT JOIN audit_detail AS d ON d.seq = a.seq";

enum { /* columns of select_entries */
	COLUMN_SEQ,
	COLUMN_AT,
	COLUMN_ACTOR,
	COLUMN_VERB,
	COLUMN_REFS,
	COLUMN_DIGEST,
	COLUMN_PREVIOUS = COLUMN_DIGEST + WORDS,
	COLUMN_HASH,
	COLUMN_SALT,
	COLUMN_WORDS = COLUMN_SALT + WORDS,
};

static void split_refs(struct wr_arena *arena, char *refs, struct wr_store_audit *entry)
{
	size_t n = refs[0] != '\0';
	for (const char *c = refs; *c; c++)
		n += *c == '\n';
	const char **list = wr_arena_new(arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		char *end = strchr(refs, '\n');
		list[i] = refs;
		if (end)
			*end = '\0';
		refs = end ? end + 1 : refs;
	}
	entry->refs = list;
	entry->n_refs = n;
}

static void read_entry(
    struct wr_arena *arena, sqlite3_stmt *statement, struct wr_store_audit *ret_entry)
{
	*ret_entry = (struct wr_store_audit){
	    .seq = sqlite3_column_int64(statement, COLUMN_SEQ),
	    .at = sqlite3_column_int64(statement, COLUMN_AT),
	    .actor = wr_sql_column(arena, statement, COLUMN_ACTOR),
	    .verb = wr_sql_column(arena, statement, COLUMN_VERB),
	    .reason = wr_sql_column(arena, statement, COLUMN_WORDS),
	    .before = wr_sql_column(arena, statement, COLUMN_WORDS + 1),
	    .after = wr_sql_column(arena, statement, COLUMN_WORDS + 2),
	    .erased = sqlite3_column_type(statement, COLUMN_SALT) == SQLITE_NULL,
	};
	split_refs(arena, wr_sql_column(arena, statement, COLUMN_REFS), ret_entry);
}

static void turn_round(struct wr_store_audit *entries, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct wr_store_audit entry = entries[i];
		entries[i] = entries[n - 1 - i];
		entries[n - 1 - i] = entry;
	}
}

/* Newest first in SQL, for the limit; handed out oldest first. */
static int start_entries(
    struct wr_tx *tx, const struct wr_store_audit_filter *filter, sqlite3_stmt **ret_statement)
{
	struct wr_where where = {0};
	struct wr_buf sql = {0};
	size_t limit = filter ? filter->limit : 0;
	if (filter) {
		wr_where_by_time(&where, "a.at >= ", filter->from);
		wr_where_by_time(&where, "a.at < ", filter->to);
		wr_where_by_text(&where,
		    "a.seq IN (SELECT r.seq FROM audit_ref AS r WHERE r.ref = ", filter->ref);
		if (filter->ref)
			wr_buf_putc(&where.sql, ')');
	}
	wr_buf_printf(&sql, "%s%s ORDER BY a.seq DESC", select_entries, wr_buf_text(&where.sql));
	if (limit) {
		where.values[where.n++] = wr_value_int((int64_t)limit);
		wr_buf_printf(&sql, " LIMIT $%zu", where.n);
	}
	int outcome = wr_sql_start(tx, sql.data, where.values, where.n, ret_statement);
	wr_buf_deinit(&sql);
	wr_buf_deinit(&where.sql);
	return outcome;
}

int wr_store_audit_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_audit_filter *filter, struct wr_store_audit **ret_entries, size_t *ret_n)
{
	sqlite3_stmt *statement = NULL;
	struct wr_store_audit *entries = NULL;
	size_t n = 0;
	size_t capacity = 0;
	*ret_entries = NULL;
	*ret_n = 0;
	int outcome = start_entries(tx, filter, &statement);
	if (outcome)
		return outcome;
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		WR_GROW(entries, n, capacity);
		read_entry(arena, statement, &entries[n++]);
	}
	outcome = wr_sql_end(tx, statement, code);
	if (outcome == 0 && n) {
		turn_round(entries, n);
		*ret_entries = wr_arena_new(arena, struct wr_store_audit, n);
		memcpy(*ret_entries, entries, n * sizeof(*entries));
		*ret_n = n;
	}
	free(entries);
	return outcome;
}

/* ---- verifying ---- */

static const char *column(sqlite3_stmt *statement, int at)
{
	const char *text = (const char *)sqlite3_column_text(statement, at);
	return text ? text : "";
}

static bool words_match(sqlite3_stmt *statement)
{
	if (sqlite3_column_type(statement, COLUMN_SALT) == SQLITE_NULL)
		return true; /* erased */
	for (int i = 0; i < WORDS; i++) {
		char digest[WR_STORE_HASH_TEXT];
		digest_words(column(statement, COLUMN_SALT + i),
		    (const char *)sqlite3_column_text(statement, COLUMN_WORDS + i), digest);
		if (strcmp(digest, column(statement, COLUMN_DIGEST + i)) != 0)
			return false;
	}
	return true;
}

static bool entry_holds(
    sqlite3_stmt *statement, int64_t seq, const char *previous, char ret_hash[WR_STORE_HASH_TEXT])
{
	struct entry row = {
	    .seq = sqlite3_column_int64(statement, COLUMN_SEQ),
	    .at = sqlite3_column_int64(statement, COLUMN_AT),
	    .actor = column(statement, COLUMN_ACTOR),
	    .verb = column(statement, COLUMN_VERB),
	    .refs = column(statement, COLUMN_REFS),
	    .digest = {column(statement, COLUMN_DIGEST), column(statement, COLUMN_DIGEST + 1),
		column(statement, COLUMN_DIGEST + 2)},
	    .previous = column(statement, COLUMN_PREVIOUS),
	};
	hash_entry(&row, ret_hash);
	return row.seq == seq && strcmp(row.previous, previous) == 0 &&
	       strcmp(ret_hash, column(statement, COLUMN_HASH)) == 0 && words_match(statement);
}

int wr_store_audit_verify(struct wr_tx *tx, struct wr_store_audit_state *ret_state)
{
	struct wr_buf sql = {0};
	sqlite3_stmt *statement = NULL;
	*ret_state = (struct wr_store_audit_state){0};
	wr_buf_printf(&sql, "%s ORDER BY a.seq", select_entries);
	int outcome = wr_sql_start(tx, sql.data, NULL, 0, &statement);
	wr_buf_deinit(&sql);
	if (outcome)
		return outcome;
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		char hash[WR_STORE_HASH_TEXT];
		ret_state->entries++;
		if (!entry_holds(statement, ret_state->entries, ret_state->head, hash) &&
		    !ret_state->first_bad)
			ret_state->first_bad = ret_state->entries;
		memcpy(ret_state->head, hash, sizeof(hash));
	}
	return wr_sql_end(tx, statement, code);
}

/* ---- erasing ---- */

int wr_store_audit_erase(struct wr_tx *tx, const char *ref, size_t *ret_n)
{
	return wr_sql_run(tx,
	    "DELETE FROM audit_detail WHERE seq IN (SELECT seq FROM audit_ref WHERE ref = $1)",
	    WR_VALUES(wr_value_text(ref)), ret_n);
}
