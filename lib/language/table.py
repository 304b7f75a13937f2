"""The table of texts and its translations, as the compilers and the tests read them.

texts.txt: `id = English text`, one a line, in sections; a line of `#` is a note for translators
about the text below it. Placeholders stand in braces: {time}. A translation is an entry of
po/LANGUAGE.po with the id as its context and the English text as its msgid; one whose msgid is no
longer the English text, or that is marked fuzzy, counts as missing, and English is shown.
"""
import ast
import dataclasses
import re


class Mistake(Exception):
    def __init__(self, path, line, what):
        super().__init__(f"{path}:{line}: {what}")


@dataclasses.dataclass
class Text:
    id: str
    english: str
    line: int
    notes: list
    placeholders: list  # in the order of the English text, each once


def placeholders(text):
    return list(dict.fromkeys(re.findall(r"\{([a-z][a-z0-9_]*)\}", text)))


def must_be_plain(path, line, text):
    rest = re.sub(r"\{[a-z][a-z0-9_]*\}", "", text)
    if re.search(r"[{}]", rest):
        raise Mistake(path, line, "a brace that belongs to no placeholder")
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise Mistake(path, line, "a control character")
    if text != text.strip():
        raise Mistake(path, line, "blanks at an end")


def read_texts(path, source):
    """{id: Text} in the table's order."""
    texts, notes = {}, []
    for number, line in enumerate(source.split("\n"), 1):
        if not line.strip():
            notes = []
            continue
        if line.startswith("#"):
            notes.append(line.lstrip("# ").rstrip())
            continue
        match = re.match(r"([a-z][a-z0-9-]*) = (.+)$", line)
        if not match:
            raise Mistake(path, number, "a line is `id = text`, `# a note` or empty")
        if match[1] in texts:
            raise Mistake(path, number, f"`{match[1]}` was in line {texts[match[1]].line}")
        must_be_plain(path, number, match[2])
        found = placeholders(match[2])
        if len(found) > 8:
            raise Mistake(path, number, "more than eight placeholders")
        texts[match[1]] = Text(match[1], match[2], number, notes, found)
        notes = []
    return texts


@dataclasses.dataclass
class Entry:
    line: int
    id: str = None
    english: str = ""
    text: str = ""
    fuzzy: bool = False
    comments: list = dataclasses.field(default_factory=list)


def read_po(path, source):
    """(the header's text, [Entry]). The subset of the format that our files use; msgfmt judges the rest."""
    entries, entry, key = [], None, None
    for number, line in enumerate(source.split("\n"), 1):
        if not line.strip() or line.startswith("#~"):
            entry = None
            continue
        if entry is None:
            entry, key = Entry(number), None
            entries.append(entry)
        if line.startswith("#"):
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            entry.comments.append(line)
            continue
        match = re.match(r'(msgctxt|msgid|msgstr)?\s*(".*")\s*$', line)
        if not match or not (match[1] or key):
            raise Mistake(path, number, "not understood; entries are msgctxt, msgid and msgstr")
        key = match[1] or key
        try:
            piece = ast.literal_eval(match[2])
        except (SyntaxError, ValueError):
            raise Mistake(path, number, "a text that is not quoted right") from None
        if key == "msgctxt":
            entry.id = (entry.id or "") + piece
        elif key == "msgid":
            entry.english += piece
        else:
            entry.text += piece
    entries = [one for one in entries if one.id or one.english or one.text]
    header = next((one.text for one in entries if one.id is None and not one.english), "")
    return header, [one for one in entries if one.id is not None]


def translations(path, source, texts):
    """{id: translated text} of what is right and up to date; a placeholder lost or made up is a mistake."""
    found = {}
    for entry in read_po(path, source)[1]:
        text = texts.get(entry.id)
        if entry.id in found:
            raise Mistake(path, entry.line, f"`{entry.id}` is there twice")
        if not text or not entry.text or entry.fuzzy or entry.english != text.english:
            continue
        must_be_plain(path, entry.line, entry.text)
        if set(placeholders(entry.text)) != set(text.placeholders):
            raise Mistake(path, entry.line, f"`{entry.id}` wants the placeholders"
                          f" {', '.join(text.placeholders) or 'none'}")
        found[entry.id] = entry.text
    return found
