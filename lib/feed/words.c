#include "wardround/feed.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NAME_WORTH_HIDING = 3 }; /* "Ward 7" must not make every 7 a secret */

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Whether `phrase` stands in `text` with no letter or digit touching it. */
static bool has_phrase(const char *text, const char *phrase, size_t length)
{
	for (const char *at = text; length > 0 && *at; at++) {
		bool begins = at == text || !in_word(at[-1]);
		if (begins && strncasecmp(at, phrase, length) == 0 && !in_word(at[length]))
			return true;
	}
	return false;
}

static bool is_telling(const char *word, size_t length)
{
	static const char *const words[] = {"ward", "wards", "round", "rounds", "wardround",
	    "wardrounds", "hospital", "hospitals", "patient", "patients", "inpatient", "inpatients",
	    "outpatient", "outpatients"};
	for (size_t i = 0; i < WR_COUNT(words); i++)
		if (strlen(words[i]) == length && strncasecmp(word, words[i], length) == 0)
			return true;
	return false;
}

static bool has_telling_word(const char *text)
{
	for (const char *at = text; *at;) {
		size_t length = 0;
		while (in_word(at[length]))
			length++;
		if (is_telling(at, length))
			return true;
		at += length > 0 ? length : 1;
	}
	return false;
}

/* "Kingsley Ward" is told by "Kingsley" too: cuts telling words off both ends of a name. */
static const char *own_part(const char *name, size_t *ret_length)
{
	const char *from = name, *to = name + strlen(name);
	for (bool cut = true; cut;) {
		size_t word = 0, last = 0;
		while (from < to && !in_word(*from))
			from++;
		while (to > from && !in_word(to[-1]))
			to--;
		while (from + word < to && in_word(from[word]))
			word++;
		while (last < (size_t)(to - from) && in_word(to[-(ptrdiff_t)last - 1]))
			last++;
		cut = true;
		if (is_telling(from, word))
			from += word;
		else if (is_telling(to - last, last))
			to -= last;
		else
			cut = false;
	}
	*ret_length = (size_t)(to - from);
	return from;
}

bool wr_feed_gives_away(const char *text, const char *ward_name)
{
	size_t length = 0;
	if (wr_text_empty(text))
		return false;
	if (has_telling_word(text))
		return true;
	if (wr_text_empty(ward_name))
		return false;
	const char *own = own_part(ward_name, &length);
	return length >= NAME_WORTH_HIDING && has_phrase(text, own, length);
}

bool wr_feed_names(const char *text, const char *name)
{
	return !wr_text_empty(text) && !wr_text_empty(name) && has_phrase(text, name, strlen(name));
}

const char *wr_feed_label(const struct wr_patient *patient, const char *ward_name)
{
	bool usable = !wr_text_empty(patient->label) &&
	              !wr_feed_gives_away(patient->label, ward_name) &&
	              !wr_feed_names(patient->label, patient->name);
	return usable ? patient->label : "Meeting";
}

const char *wr_feed_default_name(enum wr_whose whose)
{
	switch (whose) {
	case WR_WHOSE_PATIENT:
		return "My ward round";
	case WR_WHOSE_CONSULTANT:
	case WR_WHOSE_WARD:
		return "Ward rounds";
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
	case WR_WHOSE_ROOM:
		break;
	}
	return "Meetings";
}
