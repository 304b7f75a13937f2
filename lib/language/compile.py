"""Makes C of the texts: compile.py TEXTS HEADER SOURCE PO...

    compile.py TEXTS --update PO    brings a .po file up to the table: new texts come in untranslated,
                                    changed ones marked fuzzy, old ones go

A placeholder becomes one byte, its place in the English text from 1. What is not translated is
English. The order of the languages is that of the .po files; each names its direction in the field
X-Direction.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import table  # noqa: E402


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def c_name(text_id):
    return text_id.replace("-", "_")


def literal(text):
    """UTF-8 as a C string; no escape can run into what follows it."""
    out = ""
    for byte in text.encode():
        if 32 <= byte < 127 and chr(byte) not in '"\\?':
            out += chr(byte)
        else:
            out += f"\\{byte:03o}"
    return f'"{out}"'


def packed(translated, text):
    for number, name in enumerate(text.placeholders, 1):
        translated = translated.replace("{" + name + "}", chr(number))
    return translated


HEADER = """/* Made from texts.txt and po/: which texts there are. See wardround/language.h. */
#ifndef WARDROUND_TEXTS_H
#define WARDROUND_TEXTS_H

#include "wardround/base.h"

"""


def write_header(texts, languages, path):
    plain = [text for text in texts.values() if not text.placeholders]
    filled = [text for text in texts.values() if text.placeholders]
    with open(path, "w", encoding="utf-8") as out:
        out.write(HEADER)
        out.write("enum wr_language {\n\tWR_LANGUAGE_EN,\n")
        out.writelines(f"\tWR_LANGUAGE_{code.upper()},\n" for code, _, _ in languages)
        out.write("\tWR_LANGUAGES\n};\n\n")
        out.write("/* Texts that are shown as they are: wr_say. */\nenum wr_say {\n")
        out.writelines(f"\tWR_SAY_{c_name(text.id).upper()} = {number},\n" for number, text in enumerate(plain))
        out.write("};\n\n/* Texts with places to fill: by the functions below, or wr_say_fill. */\nenum wr_fill {\n")
        out.writelines(f"\tWR_FILL_{c_name(text.id).upper()} = {number},\n"
                       for number, text in enumerate(filled, len(plain)))
        out.write(f"}};\nenum {{ WR_TEXTS = {len(texts)} }};\n\n")
        for text in filled:
            values = "".join(f", const char *{name}" for name in text.placeholders)
            out.write(f"const char *wr_say_{c_name(text.id)}(struct wr_arena *arena, enum wr_language language{values});\n")
        out.write("\n#endif\n")
    return plain + filled


def write_source(ordered, languages, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write('#include "tables.h"\n\n#include "wardround/language.h"\n\n')
        out.write("const struct language_table language_tables[WR_LANGUAGES] = {\n")
        for code, direction, words in [("en", "ltr", {}), *languages]:
            out.write(f'\t{{"{code}", "{direction}", {{\n')
            for text in ordered:
                out.write(f"\t\t{literal(packed(words.get(text.id, text.english), text))},\n")
            out.write("\t}},\n")
        out.write("};\n")
        for text in ordered:
            if not text.placeholders:
                continue
            values = "".join(f", const char *{name}" for name in text.placeholders)
            out.write(f"\nconst char *wr_say_{c_name(text.id)}(struct wr_arena *arena, enum wr_language language{values})\n"
                      f"{{\n\treturn wr_say_fill(arena, language, WR_FILL_{c_name(text.id).upper()},\n"
                      f"\t    (const char *const[]){{{', '.join(text.placeholders)}}});\n}}\n")


def compile_texts(texts_path, header_path, source_path, po_paths):
    texts = table.read_texts(texts_path, read(texts_path))
    languages = []
    for po in po_paths:
        source = read(po)
        header, _ = table.read_po(po, source)
        direction = re.search(r"^X-Direction: (ltr|rtl)$", header, re.M)
        if not direction:
            raise table.Mistake(po, 1, "its header says no X-Direction: ltr or rtl")
        code = os.path.basename(po).removesuffix(".po")
        languages.append((code, direction[1], table.translations(po, source, texts)))
    ordered = write_header(texts, languages, header_path)
    write_source(ordered, languages, source_path)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def update(texts_path, po_path):
    texts = table.read_texts(texts_path, read(texts_path))
    header, entries = table.read_po(po_path, read(po_path))
    known = {entry.id: entry for entry in entries}
    with open(po_path, "w", encoding="utf-8") as out:
        out.write('msgid ""\nmsgstr ""\n')
        out.writelines(f"{quoted(line)}\n" for line in header.splitlines(keepends=True))
        for text in texts.values():
            entry = known.get(text.id)
            out.write("\n")
            out.writelines(f"#. {note}\n" for note in text.notes)
            if entry and entry.text and (entry.fuzzy or entry.english != text.english):
                out.write("#, fuzzy\n")
            out.write(f"msgctxt {quoted(text.id)}\nmsgid {quoted(text.english)}\n")
            out.write(f"msgstr {quoted(entry.text if entry else '')}\n")


def main(words):
    try:
        if len(words) == 3 and words[1] == "--update":
            update(words[0], words[2])
        else:
            compile_texts(words[0], words[1], words[2], words[3:])
    except table.Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
