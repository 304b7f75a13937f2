#!/usr/bin/env python3
"""Bad input of every kind gets a clear error that says where it is and what to do, and changes nothing:
configurations (every mistake in one run), CSV rows, arguments, a database that is not ours, newer or
damaged, ports and files in use, secrets, and a disk that is full while families go on reading.
"""
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile

from forms import Staff
from wardround import (DATA, HOST, SECRET, WARDROUNDD, Skip, Ward, contains, ctl, equal, fetch, free_port, rows,
                       tests, until)

WEEK = "2026-W49"
EXIT_CONFIG, EXIT_DATABASE, EXIT_ADDRESS = 78, 65, 69

# what is replaced by what, where the error must point (the marker in the new text), what it must say
BROKEN = {
    "an unknown key": ('timezone          =', 'timezon = "x"\n    timezone          =', "timezon", "there is no setting"),
    "a hint at the right word": ('    slot-every  ', '    slot-evry  ', "slot-evry", "did you mean `slot-every`"),
    "an unknown section": ("reminders {", "remindrs {", "remindrs", "did you mean `reminders`"),
    "a text where a number belongs": ("beds              = 25", 'beds              = "25"', '"25"', "number"),
    "a number where a text belongs": ('"01632 960001"', "1632", "1632", "text"),
    "a list where a text belongs": ('"Quiet Room"\n        join', '{ "Quiet Room" }\n        join', "{ \"Quiet", ""),
    "a bare word": ('prefers', 'prefers', None, None),
    "true where a number belongs": ("keep-free  = 1", "keep-free  = true", "true", "number"),
    "a number out of range": ("beds              = 25", "beds              = 99999", "99999", ""),
    "a length that is no multiple of five": ('"25 minutes"', '"24 minutes"', '"24', "5 minutes"),
    "a unit that there is not": ('"7 days"\n    notice', '"7 fortnights"\n    notice', '"7 fort', ""),
    "a day that there is not": ('"Monday", "Thursday"', '"Monday", "Thirstday"', '"Thirst', "did you mean `Thursday`"),
    "a time that there is not": ('"12:40"', '"25:40"', '"25:40', ""),
    "a break outside the session": ('"10:40-11:00"', '"13:00-13:20"', '"13:00', ""),
    "a round that ends before it begins": ('from       = "09:00"', 'from       = "19:00"', None, "ends before it begins"),
    "overlapping rounds of one room": ('days       = { "Wednesday" }', 'days       = { "Monday" }', None, "overlaps round `shah` in the same room"),
    "a consultant who is not there": ('consultant = "osei"', 'consultant = "ossei"', '"ossei', "did you mean `osei`"),
    "first slots with nobody known": ('{ "shah", "nowak" }', '{ "shah", "novak" }', '"novak', "did you mean `nowak`"),
    "a time zone that there is not": ('"Europe/London"', '"Europe/Londn"', '"Europe/Londn', ""),
    "a phone that is none": ('"01632 960009"', '"ring us"', '"ring us', ""),
    "a key given twice": ("    beds  ", "    beds = 3\n    beds  ", "beds  ", "twice"),
    "a section given twice": ("consultant osei  {", "consultant shah  {", "consultant shah  { name = \"Dr Kofi", "twice"),
    "a quote never closed": ('"Kingsley Ward"', '"Kingsley Ward', '"Kingsley Ward', ""),
    "a brace never closed": ('quiet = "21:00-08:00" }', 'quiet = "21:00-08:00"', None, ""),
    "an address that is none": ('control    = ', 'listen-staff = "nowhere"\ncontrol    = ', '"nowhere', ""),
    "a holidays file that is not there": ("bank-holidays-england-and-wales.ics", "none.ics", None, "none.ics"),
    "a holidays file that is no calendar": ("bank-holidays-england-and-wales.ics", "kingsley/away.csv", None, "calendar"),
    "a missing key": ('    beds              = 25\n', "", None, "lacks `beds`"),
    "a link that is no address": ('"https://meet.example.org/osei"', '"meet me"', '"meet me', ""),
    "a webhook without a secret": ("reminders {", 'webhook x { url = "https://a.example/" }\nreminders {', "x {", "secret-file"),
    "a secret file that is not there": ("reminders {", 'webhook x { url = "https://a.example/" secret-file = "no" }\nreminders {', '"no"', "no"),
    "a secret that is none": ("reminders {", 'webhook x { url = "https://a.example/" secret-file = "bad" }\nreminders {', '"bad"', "whsec_"),
    "a secret that others can read": ("reminders {", 'webhook x { url = "https://a.example/" secret-file = "open" }\nreminders {', '"open"', ""),
    "an event that there is not": ("reminders {", 'webhook x { url = "https://a.example/" secret-file = "good" events = { "slots" } }\nreminders {', '"slots"', "did you mean `slot`"),
    "a control character": ("Melbury Lodge", "Melbury\x01Lodge", None, ""),
}
BROKEN.pop("a bare word")
plain = None


def check(where):
    return subprocess.run([WARDROUNDD, "--check-config", where.config], capture_output=True, text=True, timeout=30,
                          check=False)


def test_each_broken_configuration_is_refused_where_it_is_broken():
    global plain
    plain = Ward(files={"bad": ("secret\n", 0o600), "open": (SECRET + "\n", 0o644), "good": (SECRET + "\n", 0o600)})
    good = open(plain.config, encoding="utf-8").read()
    equal(check(plain).returncode, 0)
    wrong = []
    for name, (old, new, marker, says) in BROKEN.items():
        assert old in good, name
        text = good.replace(old, new, 1)
        plain.write("wardround.conf", text)
        done = check(plain)
        errors = re.findall(r"^(\S+):(\d+):(\d+): error: (.*)$", done.stderr, re.M)
        line = column = None
        if marker:
            at = text.index(marker, max(0, text.index(new) - 40))
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        if done.returncode != EXIT_CONFIG or done.stdout or not errors:
            wrong.append(f"{name}: exit {done.returncode}: {done.stderr}")
        elif errors[0][0] != plain.config or says not in done.stderr:
            wrong.append(f"{name}: it does not say {says!r}: {done.stderr}")
        elif marker and (str(line), str(column)) not in [(error[1], error[2]) for error in errors]:
            wrong.append(f"{name}: not at {line}:{column}: {done.stderr}")
        elif "\n" + " " * (int(errors[0][2]) - 1) not in done.stderr.replace("\t", " ") or "^" not in done.stderr:
            wrong.append(f"{name}: no caret: {done.stderr}")
    plain.write("wardround.conf", good)
    equal(wrong, [])
    assert len(BROKEN) >= 20


def test_every_mistake_is_said_in_one_run():
    good = open(plain.config, encoding="utf-8").read()
    text = good.replace('"25 minutes"', '"24 minutes"', 1).replace("beds  ", "bets  ").replace("reminders {", "remindrs {") \
        .replace('consultant = "osei"', 'consultant = "ossei"').replace('"Europe/London"', '"Europe/Londn"')
    plain.write("wardround.conf", text)
    done = check(plain)
    for part in ('"24 minutes"', "bets", "remindrs", "ossei", "Londn"):
        contains(done.stderr, part)
    assert done.stderr.count(": error: ") >= 5, done.stderr
    said = ctl("config", "check", plain.config, code=EXIT_CONFIG)
    equal(said.err.count(": error: "), done.stderr.count(": error: "))
    start = subprocess.run([WARDROUNDD, "--config", plain.config], capture_output=True, text=True, timeout=30, check=False)
    equal(start.returncode, EXIT_CONFIG)
    equal(os.path.exists(plain.database), False, "nothing else was done")
    plain.write("wardround.conf", good)


def test_a_configuration_that_is_not_there_is_said():
    done = subprocess.run([WARDROUNDD, "--config", "/nonexistent/wardround.conf"], capture_output=True, text=True,
                          timeout=30, check=False)
    equal(done.returncode, EXIT_CONFIG)
    contains(done.stderr, "/nonexistent/wardround.conf")


def test_the_daemon_says_what_an_odd_argument_is():
    for arguments in (["--nonsense"], ["surplus"], ["--config"]):
        done = subprocess.run([WARDROUNDD, *arguments], capture_output=True, text=True, timeout=30, check=False)
        equal(done.returncode, 64, arguments)
        contains(done.stderr, "Usage: wardroundd")


# ---- rows and arguments ----

def bad_csv(name, text, *wanted, code=65):
    path = plain.write(name, text)
    said = plain.ctl("import", name.split("-")[0], path, code=code)
    for part in wanted:
        contains(said.err, part.replace("FILE", path))
    return said


def test_every_bad_row_of_a_table_is_named_and_none_is_written():
    plain.start()
    header = "ref,name,ward,consultant,bed,admitted,slots,prefers\n"
    fine = "P90,Ann Orr,kingsley,shah,1,2026-11-05T15:00,1,\n"
    bad_csv("patients-rows.csv", header + fine + "P91,,kingsley,shah,1,2026-11-05T15:00,1,\n"
            "P92,Bea Orr,atlantis,shah,1,2026-11-05T15:00,1,\n"
            "P93,Cal Orr,kingsley,nobody,1,2026-11-05T15:00,1,\n"
            "P94,Dee Orr,kingsley,shah,1,yesterday,1,\n"
            "P95,Eve Orr,kingsley,shah,1,2026-11-05T15:00,9,\n"
            "P96,Fox Orr,kingsley,shah,1,2026-11-05T15:00,1,midnight\n"
            "P90,Gus Orr,kingsley,shah,1,2026-11-05T15:00,1,\n"
            "P97,   ,kingsley,shah,1,2026-11-05T15:00,1,\n",
            "FILE:3:name", "FILE:4:ward", "FILE:5:consultant", "FILE:6:admitted", "FILE:7:slots", "FILE:8:prefers",
            "FILE:9:ref", "FILE:10:name")
    equal(plain.ctl("patient", "list")["patients"], [])
    bad_csv("patients-short.csv", header + fine + "P91,Bea\n", "FILE:3")
    bad_csv("patients-quote.csv", header + 'P91,"Bea Orr,kingsley,shah,1,2026-11-05T15:00,1,\n', "FILE:2")
    bad_csv("patients-columns.csv", "ref,name,ward,nurse_of\nP1,A,kingsley,x\n", "FILE:1")
    bad_csv("patients-semicolons.csv", header.replace(",", ";"), "FILE:1", "commas")
    bad_csv("patients-empty.csv", "", "FILE:1")
    bad_csv("patients-gap.csv", header + "P91,Bea Orr,kingsley,shah,1,2026-03-29T01:30,1,\n", "FILE:2:admitted")
    with open(os.path.join(plain.folder, "patients-latin.csv"), "wb") as file:
        file.write(header.encode() + "P91,Zoë Orr,kingsley,shah,1,2026-11-05T15:00,1,\n".encode("latin-1"))
    contains(plain.ctl("import", "patients", file.name, code=65).err, f"{file.name}:2")
    assert plain.ctl("import", "patients", "/nonexistent.csv", code=None).code in (65, 74)
    equal(plain.ctl("patient", "list")["patients"], [])
    plain.fill(week=None)
    header = "ref,patient,person,name,relation,sees,agreed_by,attends,chosen,required,free,phone,email\n"
    bad_csv("supports-rows.csv", header + "S900,P99,,Ann Orr,aunt,time,patient,person,,,,,\n"
            "S901,P01,,Bea Orr,aunt,everything,patient,person,,,,,\n"
            "S902,P01,,Cal Orr,aunt,time,patient,horse,,,,,\n"
            "S903,P01,,Dee Orr,aunt,time,patient,person,,,Mon 25:00-26:00,,\n"
            "S904,P01,,Eve Orr,aunt,time,patient,person,,,,ring me,\n"
            "S905,P01,,Fox Orr,aunt,time,patient,person,perhaps,,,,\n",
            "FILE:2:patient", "FILE:3:sees", "FILE:4:attends", "FILE:5:free", "FILE:6:phone", "FILE:7:chosen")
    bad_csv("away-rows.csv", "patient,from,to,why\nP01,2026-12-03T18:00,2026-12-03T09:00,leave\n"
            "P99,2026-12-03T09:00,2026-12-03T18:00,leave\n", "FILE:2", "FILE:3:patient")
    equal(len(plain.ctl("support", "list")["supports"]), 64)


def test_a_table_can_be_imported_again_and_comes_out_as_it_went_in():
    for what in ("patients", "supports", "away"):
        before = plain.ctl("export", what).json["csv"]
        path = plain.write(what + "-again.csv", before)
        plain.ctl("import", what, path)
        equal(plain.ctl("export", what).json["csv"], before, what)
    plain.plan(WEEK)


def test_arguments_get_the_exit_code_that_fits():
    slot = plain.slots("--week", WEEK)[0]["slot"]
    for words, code in (
            (["patient"], 64), (["nonsense"], 64), (["patient", "admitt"], 64), (["patient", "admit"], 64),
            (["patient", "admit", "--ward", "kingsley", "--name", "A", "--consultant", "shah", "--slots", "4"], 64),
            (["patient", "admit", "--ward", "kingsley", "--name", "A", "--consultant", "shah", "--slots", "x"], 64),
            (["patient", "list", "--nonsense"], 64), (["patient", "show"], 64), (["patient", "show", "P01", "P02"], 64),
            (["slot", "missed", slot, "--why", "bored"], 64), (["slot", "cancel", slot], 64),
            (["support", "add", "--patient", "P01", "--name", "A", "--relation", "aunt", "--sees", "most", "--agreed-by", "patient"], 64),
            (["support", "add", "--patient", "P01", "--name", "A", "--relation", "aunt", "--sees", "time", "--agreed-by",
              "patient", "--chosen", "--required"], 64),
            (["away", "add", "--patient", "P01", "--support", "S001", "--from", "2026-12-01T09:00", "--to",
              "2026-12-01T10:00", "--why", "x"], 64),
            (["patient", "show", "P99"], 2), (["slot", "show", "s-0"], 2), (["slot", "list", "--ward", "atlantis"], 2),
            (["session", "cancel", "kingsley.shah.2026-12-25"], 2), (["session", "late", "nonsense", "--minutes", "5"], 2),
            (["link", "revoke", "l-999"], 2), (["notice", "retry", "n-none"], 2), (["webhook", "test", "none"], 2),
            (["task", "done", "t-none"], 2), (["link", "new", "--support", "S999"], 2),
            (["slot", "list", "--week", "2026-W54"], 65), (["slot", "list", "--from", "soon"], 65),
            (["plan", "make", "--ward", "kingsley", "--week", "49"], 65),
            (["patient", "edit", "P01", "--phone", "ring me"], 65), (["patient", "edit", "P01", "--email", "nobody"], 65),
            (["away", "add", "--patient", "P01", "--from", "2026-12-02T09:00", "--to", "2026-12-01T09:00", "--why", "x"], 65),
            (["away", "add", "--patient", "P01", "--from", "2027-03-28T01:30", "--to", "2027-03-28T05:00", "--why", "x"], 65),
            (["session", "add", "--round", "shah", "--from", "2026-12-04T14:00", "--to", "2026-12-04T13:00"], 65),
            (["patient", "admit", "--ward", "kingsley", "--name", "A", "--consultant", "shah", "--ref", "P01"], 1),
            (["plan", "make", "--ward", "kingsley", "--week", "2026-W40"], 1),
            (["slot", "finish", slot], 1), (["patient", "release", "P01"], 1)):
        said = plain.ctl(*words, code=None)
        equal(said.code, code, f"{words}: {said}")
        assert said.err.startswith("wardctl: "), said
        equal(said.json["schema"], 1, words)
        assert said.error["code"] and said.error["text"], said
    ctl("--socket", "/nonexistent.sock", "status", code=69)


def test_odd_texts_are_kept_or_refused_but_never_break_anything():
    for name in ("O'Hara \"Q\" <b>", "Łukasz Żółć", "名前", "'; DROP TABLE patient; --", "a" * 100):
        ref = plain.ctl("patient", "admit", "--ward", "kingsley", "--name", name, "--consultant", "osei")["patient"]["ref"]
        equal(plain.ctl("patient", "show", ref)["patient"]["name"], name)
        plain.ctl("patient", "discharge", ref, "--yes")
    for name in ("line\nbreak", "\x1b[31mred", "a" * 100000, "  ", "\u202eevil"):
        said = plain.ctl("patient", "admit", "--ward", "kingsley", "--name", name, "--consultant", "osei", code=None)
        if name != "\u202eevil":
            assert said.code in (64, 65), (name[:20], said)
    plain.stop()


# ---- what the daemon finds at its start ----

def refused(where, code, *says):
    process = where.spawn()
    equal(process.wait(40), code, where.log[-800:])
    where.process = None
    for part in says:
        contains(where.log, part)


def test_a_database_of_another_program_is_left_alone():
    there = Ward()
    database = sqlite3.connect(there.database)
    database.execute("PRAGMA application_id = 7")
    database.execute("CREATE TABLE recipes (name)")
    database.commit()
    database.close()
    before = open(there.database, "rb").read()
    refused(there, EXIT_DATABASE, there.database, "another program")
    equal(open(there.database, "rb").read(), before)
    there.write("ward.db", "Dear diary, " * 1000)
    refused(there, EXIT_DATABASE, "not a database")


def test_a_newer_or_damaged_database_is_refused():
    there = Ward().start().fill()
    there.stop()
    database = sqlite3.connect(there.database)
    version = database.execute("PRAGMA user_version").fetchone()[0]
    database.execute(f"PRAGMA user_version = {version + 1}")
    database.close()
    refused(there, EXIT_DATABASE, "newer")
    database = sqlite3.connect(there.database)
    database.execute(f"PRAGMA user_version = {version}")
    database.close()
    there.start()
    there.stop()
    with open(there.database, "r+b") as file:
        file.seek(0, 2)
        size = file.tell()
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xff" * 600)
    refused(there, EXIT_DATABASE, "damaged")


def test_an_address_in_use_is_said():
    there = Ward()
    with socket.create_server((HOST, there.port)):
        refused(there, EXIT_ADDRESS, str(there.port), "another program listens")
    there.start()
    there.stop()


def test_a_second_daemon_on_the_same_database_is_refused():
    one = Ward().start()
    two = Ward(edit=lambda text: text.replace('"ward.db"', f'"{one.database}"'))
    refused(two, EXIT_ADDRESS, "in use")
    equal(fetch(one.port, "/healthz").status, 200)
    one.stop()


def test_secrets_must_be_there_and_private():
    section = 'webhook sms { url = "https://a.example/"  secret-file = "sms.secret"  events = { "slot" } }\n'
    refused(Ward(more=section), EXIT_CONFIG, "sms.secret")
    refused(Ward(more=section, files={"sms.secret": (SECRET + "\n", 0o644)}), EXIT_CONFIG, "sms.secret")
    there = Ward(more=section, files={"sms.secret": (SECRET + "\n", 0o600)}).start()
    there.stop()
    key = there.database + ".key"
    equal((os.stat(key).st_mode & 0o777, os.stat(key).st_size), (0o600, 32))
    os.chmod(key, 0o644)
    process = there.spawn()
    assert process.wait(40) != 0, "a key that others can read"
    there.process = None
    contains(there.log, "others can read it")


def test_a_database_without_its_key_is_not_given_another_by_itself():
    there = Ward().start().fill()
    link = there.link("consultant", "shah")
    there.stop()
    key = there.database + ".key"
    with open(key, "rb") as file:
        kept = file.read()
    os.remove(key)
    refused(there, EXIT_CONFIG, key, "put it back from the backup", "/dev/urandom")
    assert not os.path.exists(key), "a key was made"
    with open(key, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(kept)
    there.start()
    equal(there.fetch(link["feed"]).status, 200)
    there.stop()
    with open(key, "wb") as file:
        file.write(bytes(32))
    there.start()
    equal(there.fetch(link["feed"]).status, 404)
    there.stop()


def test_a_full_disk_refuses_writes_and_goes_on_serving():
    if os.geteuid() != 0:
        raise Skip("a small disk can be mounted by root only")
    disk = tempfile.mkdtemp(prefix="disk-")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, text=True,
                          check=False)
    if made.returncode:
        os.rmdir(disk)
        raise Skip(f"no disk can be mounted here: {made.stderr.strip()}")
    there = None
    try:
        there = Ward(edit=lambda text: text.replace('"ward.db"', f'"{disk}/ward.db"'))
        there.database = os.path.join(disk, "ward.db")
        there.start().fill()
        link = there.link("consultant", "shah")
        nurse = Staff(there, "nina", "--role", "ward", "--ward", "kingsley")
        held = nurse.page("/s/patients/P02/hold")
        feed = there.fetch(link["feed"])
        equal(feed.status, 200)
        slot = there.slots("--week", WEEK)[0]["slot"]
        with open(os.path.join(disk, "ballast"), "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        admitted, code = [], 0
        for number in range(400):
            said = there.ctl("patient", "admit", "--ward", "kingsley", "--name", f"Nell {number}", "--consultant",
                             "shah", "--ref", f"N{number}", "--label", "x" * 150, code=None)
            code = said.code
            if code:
                break
            admitted.append(f"N{number}")
        equal(code, 75, said)
        equal(said.error["code"], "read-only")
        contains(said.err, "disk")
        equal(there.fetch(link["feed"]).status, 200)
        equal(fetch(there.port, "/healthz").status, 200)
        equal(len(there.slots("--week", WEEK)) >= 25, True)
        equal(there.ctl("status")["read_only"], True)
        equal(there.ctl("slot", "lock", slot, code=None).code, 75)
        contains(nurse.says("/s/patients/P01"), "Ward rounds")
        contains(nurse.says("/s/"), "Nothing can be saved now")
        contains(there.log, "page-not-audited path=\"/s/patients/P01\"")
        refused = nurse.send(held, "patient hold", why="absent without leave")
        equal(refused.status, 503)
        contains(refused.text, "the disk is full")
        os.remove(os.path.join(disk, "ballast"))
        until("writes come back", lambda: there.ctl("slot", "lock", slot, code=None).code == 0, 90, 0.5)
        equal(there.ctl("status")["read_only"], False)
        there.restart()
        refs = {row["ref"] for row in there.ctl("patient", "list")["patients"]}
        assert set(admitted) <= refs, "an acknowledged admission is gone"
        equal(there.ctl("audit", "verify").code, 0)
        there.stop()
    finally:
        if there and there.process:
            there.kill()
        subprocess.run(["umount", "-l", disk], check=False)
        os.rmdir(disk)


if __name__ == "__main__":
    tests(sys.modules[__name__])
