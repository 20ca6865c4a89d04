"""Runs the points of one client library, and prints a line for each of them:

    ok NAME
    not offered NAME: why the library cannot do this
    failed NAME: what it did instead

A program calls `run` with a function for each point. `SdkIT` starts the service, and sets the variables below.
"""

import contextlib
import io
import json
import os
import sys
import time
import traceback
import urllib.error
import urllib.request

URL = os.environ["RUNNEL_URL"] + "/v1"
KEY = os.environ["RUNNEL_KEY"]
# Of a plan of 30 requests per minute.
TIGHT_KEY = os.environ["RUNNEL_TIGHT_KEY"]
# The same service through a proxy that cuts each connection in the middle of the answer.
CUT_URL = os.environ["RUNNEL_CUT_URL"] + "/v1"
METRICS = os.environ["RUNNEL_METRICS"]
# A model with one place, no queue and an endless text, one token in each second. No other program uses it.
ENDLESS = os.environ["RUNNEL_ENDLESS"]

NAMES = (
    "snippet",
    "models",
    "whole",
    "streamed",
    "usage",
    "stop",
    "conversation",
    "tools",
    "schema",
    "unauthorized",
    "unknown_model",
    "too_long",
    "rate_limited",
    "retry_after",
    "upstream_fails",
    "cut",
    "abort",
    "responses",
    "responses_streamed",
    "response_resumed",
)

SENTENCE = "a \"b\" 😀\nc"
WEATHER = "It is 21 degrees in Oslo."


def raises(kind, call):
    """Returns the error of a kind that the call raises."""
    try:
        result = call()
    except kind as error:
        return error
    raise AssertionError("no error, but {!r}".format(result))


def snippet():
    """The code that the page shows for the library."""
    with open(os.environ["RUNNEL_SNIPPET"], encoding="utf-8") as file:
        code = file.read()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "snippet", "exec"), {})
    assert printed.getvalue().strip() == "Write a story", printed.getvalue()


def use_up_the_requests():
    """Sends requests without a library, until the key has to wait. Returns for how many seconds."""
    body = json.dumps({"model": "echo", "messages": [{"role": "user", "content": "x"}]}).encode()
    headers = {"Authorization": "Bearer " + TIGHT_KEY, "Content-Type": "application/json"}
    for _ in range(60):
        try:
            urllib.request.urlopen(urllib.request.Request(URL + "/chat/completions", body, headers)).read()
        except urllib.error.HTTPError as refusal:
            assert refusal.code == 429, refusal
            return int(refusal.headers["Retry-After"])
    raise AssertionError("60 requests were not refused")


def running():
    """How many generations of the endless model the engine runs."""
    line = 'runnel_generations_running{model="' + ENDLESS + '"} '
    for found in urllib.request.urlopen(METRICS).read().decode().splitlines():
        if found.startswith(line):
            return float(found[len(line):])
    return 0


def awaits(count):
    end = time.monotonic() + 10
    while running() != count:
        assert time.monotonic() < end, "{} generations run, not {}".format(running(), count)
        time.sleep(0.02)


def frees_the_engine(abort):
    """The generation runs before the abort, and ends with it: one token is one second."""
    awaits(1)
    start = time.monotonic()
    abort()
    awaits(0)
    assert time.monotonic() - start < 2, "{:.1f} s after the abort".format(time.monotonic() - start)


def run(version, points, not_offered):
    """Runs the named points, else all."""
    print("version", version)
    for name in sys.argv[1:] or NAMES:
        if name in not_offered:
            print("not offered {}: {}".format(name, not_offered[name]))
            continue
        try:
            (points.get(name) or globals()[name])()
            print("ok", name)
        except Exception as error:
            traceback.print_exc()
            print("failed {}: {}".format(name, " ".join(repr(error).split())))
        sys.stdout.flush()
