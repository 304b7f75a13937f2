"""Goal: whatever is typed, wardctl either asks exactly that, or says what is wrong and what would
be right, with exit 64, and under --json as an object too."""

import json
import re
import sys

from fake import Daemon, contains, equal, run, tests

daemon = Daemon()


def usage(*words):
    """The error's text and hint after a mistake; --json does not change what is said."""
    plain, as_json = run(*words), run("--json", *words)
    equal((plain.returncode, as_json.returncode), (64, 64))
    equal(plain.stdout, "")
    answer = json.loads(as_json.stdout)
    equal((answer["schema"], answer["error"]["code"]), (1, "usage"))
    contains(plain.stderr, answer["error"]["text"])
    contains(plain.stderr, answer["error"]["hint"])
    return answer["error"]["text"], answer["error"]["hint"]


def last_call(*words):
    before = len(daemon.calls)
    result = daemon.run(*words)
    equal((result.returncode, len(daemon.calls)), (0, before + 1))
    return daemon.calls[-1]


def test_nothing_typed_is_a_usage_error():
    text, hint = usage()
    contains(hint, "wardctl help")


def test_unknown_noun_gets_the_nearest():
    contains(usage("patint", "list")[1], "did you mean `patient`?")


def test_unknown_verb_lists_the_verbs_of_its_noun():
    text, hint = usage("patient", "frobnicate")
    contains(text, "frobnicate")
    contains(hint, "admit, list, show, edit, transfer, hold, release, discharge")


def test_misspelt_verb_gets_the_nearest():
    contains(usage("slot", "mvoe", "s-1")[1], "did you mean `move`?")


def test_noun_without_verb_lists_its_verbs():
    contains(usage("slot")[1], "move, swap, cancel")


def test_unknown_option_gets_the_nearest():
    contains(usage("patient", "list", "--wrad", "x")[1], "did you mean `--ward`?")


def test_all_missing_arguments_are_named_with_the_usage():
    text, hint = usage("patient", "admit", "--ward", "kingsley")
    equal(text, "missing: --name, --consultant")
    contains(hint, "wardctl patient admit --ward W --name N --consultant C")


def test_option_without_value_is_refused():
    contains(usage("patient", "list", "--ward")[0], "--ward needs a value")
    contains(usage("patient", "list", "--ward", "--quiet")[0], "--ward needs a value")


def test_option_given_twice_is_refused():
    contains(usage("patient", "list", "--ward", "a", "--ward", "b")[0], "--ward is given twice")


def test_number_out_of_range_is_refused():
    admit = ("patient", "admit", "--ward", "k", "--name", "n", "--consultant", "c")
    for bad in ("0", "4", "two", "", "1.5", "-1", "99999999999999999999"):
        contains(usage(*admit, f"--slots={bad}")[1], "a whole number from 1 to 3")


def test_word_that_is_none_of_the_list_is_refused():
    text, hint = usage("slot", "missed", "s-1", "--why", "emergancy")
    contains(hint, "did you mean `emergency`?")
    contains(hint, "patient-declined")


def test_exclusive_options_are_one_or_none():
    contains(usage("link", "new")[0], "is needed")
    contains(usage("link", "new", "--ward", "k", "--patient", "P01")[0], "only one of")
    contains(usage("support", "add", "--patient", "P", "--name", "n", "--relation", "r", "--sees",
                   "all", "--agreed-by", "patient", "--chosen", "--required")[0], "only one of")
    contains(usage("link", "revoke", "l-1", "--support", "S")[0], "only one of")


def test_a_word_too_many_is_refused():
    contains(usage("patient", "show", "P01", "P02")[0], "`P02` is one word too many")
    contains(usage("status", "now")[0], "`now`")


def test_text_that_is_not_utf8_is_refused():
    result = run("--json", "patient", "show", b"\xff")
    equal(result.returncode, 64)
    contains(json.loads(result.stdout)["error"]["text"], "UTF-8")


def test_options_stand_before_the_noun_or_after_the_verb():
    wanted = {"ref": "P01", "reason": "why not", "dry_run": True, "yes": True, "key": "k1"}
    after = last_call("patient", "release", "P01", "--reason", "why not", "--dry-run", "--yes",
                      "--key=k1")
    before = last_call("--reason=why not", "--dry-run", "--yes", "--key", "k1", "patient", "release",
                       "P01")
    equal(after["body"], wanted)
    equal(before, after)


def test_changing_verb_posts_its_arguments_as_typed_json():
    call = last_call("support", "add", "--patient", "P01", "--name", "Ívo", "--relation", "mother",
                     "--sees=place", "--agreed-by", "patient", "--free", "Tue 13:00-17:00",
                     "--free=Wed 09:00-10:00", "--required", "--by-staff", "N")
    equal((call["method"], call["path"], call["type"]),
          ("POST", "/v1/support/add", "application/json"))
    equal(call["body"], {
        "patient": "P01", "name": "Ívo", "relation": "mother", "sees": "place",
        "agreed_by": "patient", "free": ["Tue 13:00-17:00", "Wed 09:00-10:00"], "required": True,
        "by_staff": "N"})
    call = last_call("session", "late", "k.shah.2026-11-30", "--minutes", "20")
    equal(call["body"], {"id": "k.shah.2026-11-30", "minutes": 20})


def test_reading_verb_gets_its_arguments_in_the_query():
    call = last_call("slot", "list", "--ward", "a&b=c d/é", "--week", "2026-W49")
    equal((call["method"], call["path"]), ("GET", "/v1/slot/list"))
    equal(call["query"], {"ward": ["a&b=c d/é"], "week": ["2026-W49"]})


def test_flag_can_be_taken_back():
    equal(last_call("patient", "edit", "P01", "--restricted=no")["body"],
          {"ref": "P01", "restricted": False})
    contains(usage("patient", "edit", "P01", "--restricted=maybe")[1], "=no")


def test_positional_arguments_have_their_names():
    equal(last_call("slot", "swap", "s-1", "s-2")["body"], {"slot": "s-1", "with": "s-2"})
    equal(last_call("webhook", "test", "sms")["body"], {"name": "sms"})
    equal(last_call("notice", "retry", "--failed")["body"], {"failed": True})
    equal(last_call("link", "revoke", "l-1")["body"], {"id": "l-1"})


def test_two_dashes_end_the_options():
    equal(last_call("patient", "hold", "--why", "x", "--", "--json")["body"],
          {"ref": "--json", "why": "x"})


def test_nouns_without_verb_have_one():
    equal(last_call("status")["path"], "/v1/status/show")
    equal(last_call("unseen", "--ward", "k")["path"], "/v1/unseen/list")
    equal(last_call("unseen", "list")["path"], "/v1/unseen/list")
    equal(last_call("unseen", "tick", "--support", "S", "--slot", "s", "--how", "rang")["path"],
          "/v1/unseen/tick")


def test_help_is_for_everything_and_exits_0():
    nouns = re.findall(r"^  ([a-z]+) ", run("help").stdout, re.M)
    contains(nouns, "webhook")
    for noun in nouns:
        result = run(noun, "help")
        equal((result.returncode, result.stderr), (0, ""))
        contains(result.stdout, f"wardctl {noun}")
    for words in (("patient", "admit", "--help"), ("--help", "patient", "admit"), ("slot", "-h"),
                  ("--help",), ("help", "slot")):
        equal(run(*words).returncode, 0)
    contains(run("help", "slot").stdout, "wardctl slot swap S1 S2")
    contains(run("patient", "admit", "--help").stdout, "--last-seen T")


def test_version_needs_no_daemon():
    equal(run("version").stdout.split()[0], "wardround")
    equal(json.loads(run("--json", "version").stdout)["schema"], 1)
    equal(run("--version").returncode, 0)


def test_what_starts_processes_has_no_dry_run():
    contains(usage("demo", "stop", "--dry-run")[0], "--dry-run")


tests(sys.modules[__name__])
