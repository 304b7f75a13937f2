#!/usr/bin/env python3
"""A ward comes back from its backup: the copy is made by README's steps while changes go on, the disk
is lost, both files are put back, and every link, calendar and record is as it was.
"""
import os
import shutil
import sqlite3
import sys
import threading

from wardround import Receiver, SECRET, Ward, equal, rows, tests

ward = None
receiver = None
links = {}
kept = {}
WEEK = "2026-W49"


def backup(folder):
    """README's steps: umask 077; VACUUM INTO; cp."""
    before = os.umask(0o077)
    try:
        database = sqlite3.connect(ward.database)
        database.execute(f"VACUUM INTO '{folder}/copy.db'")
        database.close()
        shutil.copy(ward.database + ".key", f"{folder}/copy.key")
    finally:
        os.umask(before)


def feeds():
    found = {}
    for name, link in links.items():
        answer = ward.fetch(link["feed"])
        equal(answer.status, 200, name)
        found[name] = (answer.headers["etag"], answer.headers["last-modified"], answer.body)
    return found


def test_a_ward_is_backed_up_while_it_works():
    global ward, receiver
    receiver = Receiver()
    ward = Ward(more=receiver.section(), files={"sms.secret": (SECRET + "\n", 0o600)}).start().fill()
    support = next(row for row in rows("supports.csv") if row["agreed_by"] and row["sees"] == "place")
    links["support"] = ward.link("support", support["ref"])
    links["patient"] = ward.link("patient", support["patient"])
    links["consultant"] = ward.link("consultant", "shah")
    links["ward"] = ward.link("ward", "kingsley")
    revoked = ward.link("ward", "kingsley")
    ward.ctl("link", "revoke", revoked["id"])
    kept["feeds"], kept["revoked"] = feeds(), revoked["page"]
    kept["slots"] = ward.slots("--week", WEEK)
    going = threading.Event()

    def work():
        number = 0
        while not going.is_set():
            number += 1
            ward.ctl("patient", "edit", "P01", "--label", f"Coffee {number}")

    busy = threading.Thread(target=work)
    busy.start()
    try:
        backup(ward.folder)
    finally:
        going.set()
        busy.join()
    equal(os.stat(f"{ward.folder}/copy.db").st_mode & 0o777, 0o600)
    equal(os.stat(f"{ward.folder}/copy.key").st_mode & 0o777, 0o600)
    ward.ctl("audit", "verify")


def test_what_was_lost_comes_back_as_it_was():
    ward.ctl("patient", "admit", "--ward", "kingsley", "--name", "Nora Late", "--consultant", "shah", "--ref", "N1")
    late = ward.link("consultant", "nowak")
    ward.kill()
    for name in ("ward.db", "ward.db-wal", "ward.db-shm", "ward.db.key"):
        path = os.path.join(ward.folder, name)
        if os.path.exists(path):
            os.remove(path)
    shutil.copy(f"{ward.folder}/copy.db", ward.database)
    shutil.copy(f"{ward.folder}/copy.key", ward.database + ".key")
    ward.start()
    ward.ctl("audit", "verify")
    equal(ward.slots("--week", WEEK), kept["slots"])
    equal(feeds().keys(), kept["feeds"].keys())
    for name in ("consultant", "ward"):  # nothing that they show was changed meanwhile
        equal(feeds()[name], kept["feeds"][name], name)
    equal(ward.fetch(kept["revoked"]).status, 410, "a link that was revoked")
    equal(ward.fetch(late["feed"]).status, 404, "a link of after the backup")
    ward.ctl("patient", "show", "N1", code=2)
    states = {promise["n"]: promise["state"] for promise in ward.ctl("status")["promises"]}
    assert "broken" not in states.values(), states


def test_the_restored_ward_works_on():
    ward.ctl("patient", "admit", "--ward", "kingsley", "--name", "Nora Late", "--consultant", "shah", "--ref", "N1")
    slot = next(slot for slot in ward.slots("--week", WEEK) if slot["state"] == "published")
    ward.ctl("slot", "lock", slot["slot"])
    ward.ctl("audit", "verify")
    again = next(link for link in ward.ctl("link", "list")["links"] if link["id"] == links["support"]["id"])
    equal(again["feed"], links["support"]["feed"])
    ward.restart()
    ward.ctl("audit", "verify")


if __name__ == "__main__":
    tests(sys.modules[__name__])
