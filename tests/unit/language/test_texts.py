"""Goal: the translations are whole, up to date and sound; a slip in the table or a .po file is told with
its line; what is not translated is English. Prints TAP.  test_texts.py SOURCE_ROOT
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
sys.path.insert(0, os.path.join(ROOT, "lib", "language"))
import table  # noqa: E402

TABLE = os.path.join(ROOT, "lib", "language", "texts.txt")
COMPILE = [sys.executable, os.path.join(ROOT, "lib", "language", "compile.py")]
HEAD = 'msgid ""\nmsgstr "X-Direction: ltr\\n"\n\n'
count = 0
bad = 0


def point(name, wrong):
    global count, bad
    count += 1
    bad += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {count} - {name}")
    for line in (wrong if isinstance(wrong, list) else str(wrong or "").splitlines()):
        print(f"# {line}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def entry(name, english, text, flag=""):
    return f'{flag}msgctxt "{name}"\nmsgid "{english}"\nmsgstr "{text}"\n\n'


def made(texts, po):
    """(exit, message, the C source) of a table and a translation."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("texts.txt", texts), ("xx.po", po)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([*COMPILE, "texts.txt", "out.h", "out.c", "xx.po"], cwd=folder, capture_output=True,
                              text=True, check=False)
        return done.returncode, done.stderr, read(os.path.join(folder, "out.c")) if done.returncode == 0 else ""


def refused(name, texts, po, begins):
    code, said, _ = made(texts, po)
    point(name, "" if code == 1 and said.startswith(begins) else f"wanted {begins}, got exit {code}: {said}")


texts = table.read_texts(TABLE, read(TABLE))
for po in sorted(glob.glob(os.path.join(ROOT, "po", "*.po"))):
    name = os.path.basename(po)
    found = table.translations(po, read(po), texts)
    point(f"{name} translates every text as it is now",
          [f"{one}: {texts[one].english}" for one in texts if one not in found])
    ids = {one.id for one in table.read_po(po, read(po))[1]}
    point(f"{name} has nothing that is no text any more", sorted(ids - set(texts)))
    # What a family may not learn from a page must not come in by a translation.
    telling = {"cy.po": r"\b(ward|wardiau|ysbyty|ysbytai|clafion|claf|cleifion)\b",
               "ar.po": r"مستشفى|المستشفى|مريض|المريض|جناح"}.get(name)
    shared = {one for one in found if not one.startswith(("patient-", "staff-"))}
    point(f"{name} says nowhere what kind of meeting it is",
          [f"{one}: {found[one]}" for one in sorted(shared) if telling and re.search(telling, found[one], re.I)])
    if shutil.which("msgfmt"):
        done = subprocess.run(["msgfmt", "--check", "-o", os.devnull, po], capture_output=True, text=True, check=False)
        point(f"msgfmt finds nothing wrong with {name}", done.stderr)
    else:
        print(f"ok {count + 1} - msgfmt finds nothing wrong with {name} # SKIP no msgfmt")
        count += 1
point("no English text for families says what kind of meeting it is",
      [f"{one.id}: {one.english}" for one in texts.values() if not one.id.startswith(("patient-", "staff-"))
       and re.search(r"\b(ward|wards|round|rounds|hospital|patient|inpatient)s?\b", one.english, re.I)])

refused("a line that is no text", "a = A\nb: B\n", HEAD, "texts.txt:2:")
refused("an id twice", "a = A\n\na = B\n", HEAD, "texts.txt:3:")
refused("a brace without a name", "a = {1} A\n", HEAD, "texts.txt:1:")
refused("a translation that lost a placeholder", "a = At {time}\n", HEAD + entry("a", "At {time}", "Am"), "xx.po:4:")
refused("a translation that made one up", "a = A\n", HEAD + entry("a", "A", "{time}"), "xx.po:4:")
refused("a text twice in a .po file", "a = A\n", HEAD + entry("a", "A", "B") + entry("a", "A", "C"), "xx.po:8:")
refused("a line in a .po file that is none", "a = A\n", HEAD + "msgstring \"x\"\n", "xx.po:4:")
refused("a .po file that names no direction", "a = A\n", 'msgid ""\nmsgstr ""\n', "xx.po:1:")

_, _, source = made("a = Hello\nb = Bye\nc = New\nd = {x} of {y}\n",
                    HEAD + entry("a", "Hello", "Helo") + entry("b", "Good bye", "Hwyl")
                    + entry("c", "New", "Newydd", "#, fuzzy\n") + entry("d", "{x} of {y}", "{y} {x}"))
translated = source.split('{"xx"')[1]
point("an up-to-date translation is used", "" if '"Helo"' in translated else translated)
point("one of another English text is not", "" if '"Bye"' in translated and "Hwyl" not in source else translated)
point("one marked fuzzy is not", "" if '"New"' in translated and "Newydd" not in source else translated)
point("places keep their values in another order", "" if r'"\002 \001"' in translated else translated)
print(f"1..{count}")
sys.exit(bad != 0)
