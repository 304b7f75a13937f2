#!/usr/bin/env python3
"""Tokens for GOV.UK Notify, judged by the library `jose` from npm as Notify would judge them.

    judge_token.py MODULES SIGN_NOTICE
"""
import json
import pathlib
import subprocess
import sys
import uuid

HERE = pathlib.Path(__file__).resolve().parent
NOW = 1764000000


def token(program, service, key, now):
    command = [program, "token", str(now), service, key]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()


def cases(program):
    """(name, question, expected)"""
    for number in range(20):
        service, secret = (str(uuid.UUID(int=number * 2 ** 64 + step)) for step in (1, 2))
        for key in (secret, f"ward-{service}-{secret}"):
            made = token(program, service, key, NOW + number)
            asked = {"token": made, "key": secret, "issuer": service, "now": NOW + number}
            yield f"key {number} as {key[:4]}", asked, True
    yield "another key", {**asked, "key": str(uuid.UUID(int=7))}, False
    yield "another service", {**asked, "issuer": str(uuid.UUID(int=7))}, False
    yield "a minute old", {**asked, "now": asked["now"] + 60}, False
    yield "from the future", {**asked, "now": asked["now"] - 5}, False
    head, claims, signature = asked["token"].split(".")
    yield "changed", {**asked, "token": ".".join((head, claims[:-2] + "AA", signature))}, False


def main():
    modules, program = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:])
    if not (pathlib.Path(modules) / "jose").is_dir():
        print("1..0 # SKIP jose is not installed (tests/readers/install.sh)")
        return
    asked = list(cases(program))
    lines = "\n".join(json.dumps(question) for _, question, _ in asked)
    done = subprocess.run(["node", str(HERE / "verify_token.cjs"), modules], input=lines, capture_output=True,
                          text=True, check=True, timeout=60)
    print(f"1..{len(asked)}")
    for number, ((name, _, want), line) in enumerate(zip(asked, done.stdout.splitlines()), 1):
        print(f"{'' if json.loads(line) == want else 'not '}ok {number} - {name}: {line}")


main()
