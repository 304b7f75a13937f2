#!/usr/bin/env python3
"""Signatures of webhooks, judged by the library `standardwebhooks` from npm, in both directions.

    judge_webhook.py MODULES SIGN_NOTICE
"""
import base64
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ID = "n-3fz8k0v9q2m7x1ad"
BODY = '{"type":"slot.moved","data":{"text":"Meeting: now Tue 1 Dec 10:20am, \u00a3 \u0141\u00f3d\u017a"}}'


def secret(first, length):
    raw = bytes((first + step) % 256 for step in range(length))
    return "whsec_" + base64.b64encode(raw).decode()


def asked(modules, questions):
    """The library's answers."""
    command = ["node", str(HERE / "verify_webhook.cjs"), modules]
    lines = "\n".join(json.dumps(question) for question in questions)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def signed(program, now, body, *secrets):
    command = [program, "sign", str(now), ID, body, *secrets]
    signature = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    return {"webhook-id": ID, "webhook-timestamp": str(now), "webhook-signature": signature}


def ours(program, now):
    """(name, question, expected) of what we signed and they verify."""
    for length in (24, 32, 63, 64):
        key = secret(length, length)
        headers = signed(program, now, BODY, key)
        yield f"secret of {length} bytes", {"secret": key, "headers": headers, "body": BODY}, True
    old, new, strange = secret(1, 24), secret(2, 32), secret(3, 32)
    headers = signed(program, now, BODY, new, old)
    yield "newest of two secrets", {"secret": new, "headers": headers, "body": BODY}, True
    yield "older of two secrets", {"secret": old, "headers": headers, "body": BODY}, True
    yield "another secret", {"secret": strange, "headers": headers, "body": BODY}, False
    yield "changed body", {"secret": new, "headers": headers, "body": BODY + " "}, False
    other = {**headers, "webhook-id": ID + "x"}
    yield "changed id", {"secret": new, "headers": other, "body": BODY}, False
    stale = signed(program, now - 3600, BODY, new)
    yield "an hour old", {"secret": new, "headers": stale, "body": BODY}, False


def every_type(program, now):
    """The same for a body of each type that there is, exactly as it is sent."""
    key = secret(5, 32)
    bodies = subprocess.run([program, "bodies"], capture_output=True, text=True, check=True, timeout=10).stdout.splitlines()
    for body in bodies:
        kind = json.loads(body)["type"]
        headers = signed(program, now, body, key)
        yield kind, {"secret": key, "headers": headers, "body": body}, True
        yield kind + ", one letter changed", {"secret": key, "headers": headers, "body": body.replace("n-3f", "n-4f")}, False


def theirs(modules, program):
    """(name, whether we take it, expected) of what they signed and we verify."""
    key = secret(9, 40)
    answer = asked(modules, [{"sign": True, "secret": key, "id": ID, "body": BODY}])[0]
    at, signature = answer["timestamp"], answer["signature"]
    for name, body, now, expected in (
        ("theirs", BODY, at, True),
        ("theirs, changed body", BODY + " ", at, False),
        ("theirs, ten minutes later", BODY, at + 600, False),
    ):
        command = [program, "verify", str(at), ID, body, key, str(now), signature]
        yield name, subprocess.run(command, timeout=10).returncode == 0, expected


def main():
    modules, program = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:])
    if not (pathlib.Path(modules) / "standardwebhooks").is_dir():
        print("1..0 # SKIP standardwebhooks is not installed (tests/readers/install.sh)")
        return
    now = int(time.time())
    cases = list(ours(program, now)) + list(every_type(program, now))
    answers = asked(modules, [question for _, question, _ in cases])
    results = [(name, answer, want) for (name, _, want), answer in zip(cases, answers)]
    results += theirs(modules, program)
    print(f"1..{len(results)}")
    for number, (name, answer, want) in enumerate(results, 1):
        print(f"{'' if answer == want else 'not '}ok {number} - {name}: {answer}")


main()
