"""The program llm and its library, with the models of extra-openai-models.yaml. See points.py."""

import gc
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from importlib.metadata import version
from typing import Literal

import points
from points import CUT_URL, ENDLESS, KEY, SENTENCE, TIGHT_KEY, URL, WEATHER, raises

folder = pathlib.Path(tempfile.mkdtemp())
os.environ["LLM_USER_PATH"] = str(folder)
names = ["echo", "small", "broken", "caller", "tiny", ENDLESS, "gpt-4o"]
entries = [(name, name, URL, "runnel") for name in names]
entries += [("cut", "ticks", CUT_URL, "runnel"), ("tight", "echo", URL, "tight"), ("stranger", "echo", URL, "wrong")]
(folder / "extra-openai-models.yaml").write_text(
    "".join(
        "- model_id: runnel-{}\n  model_name: {}\n  api_base: {}\n  api_key_name: {}\n"
        "  supports_tools: true\n  supports_schema: true\n".format(*entry)
        for entry in entries
    )
)
(folder / "keys.json").write_text(json.dumps({"runnel": KEY, "tight": TIGHT_KEY, "wrong": "wrong"}))

import llm
import openai
from pydantic import BaseModel


class Colour(BaseModel):
    name: Literal["red", "green"]
    dark: bool


def weather(city: str) -> str:
    """The weather in a city."""
    assert city == "Oslo", city
    return "21"


def ask(text, model="echo", **settings):
    return llm.get_model("runnel-" + model).prompt(text, **settings)


def program(*arguments):
    # Its prompt would also have what it can read.
    command = [sys.executable, "-m", "llm", *arguments]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=True
    ).stdout


def whole():
    assert ask(SENTENCE, stream=False).text() == SENTENCE


def streamed():
    pieces = list(ask(SENTENCE))
    assert "".join(pieces) == SENTENCE and len(pieces) > 1, pieces


def usage():
    for isStreamed in (False, True):
        counted = ask("a b", stream=isStreamed).usage()
        assert counted.input > 0 and counted.output > 0, counted


def stop():
    assert ask("one two three", stop=" three").text() == "one two"
    assert ask("one two three", max_tokens=1).text() != "one two three"


def conversation():
    talk = llm.get_model("runnel-echo").conversation()
    assert talk.prompt("hi", system="Be brief.").text() == "hi"
    first = talk.responses[0].usage()
    assert talk.prompt("the end").text() == "the end"
    assert talk.responses[1].usage().input > first.input, "the first turn was sent again"


def tools():
    chain = llm.get_model("runnel-caller").chain("How warm is it in Oslo?", tools=[weather])
    assert chain.text() == WEATHER, chain
    whole = llm.get_model("runnel-caller").chain("How warm is it in Oslo?", tools=[weather], stream=False)
    assert whole.text() == WEATHER, whole


def schema():
    Colour.model_validate_json(ask("A colour, please.", "tiny", schema=Colour).text())


def unauthorized():
    raises(openai.AuthenticationError, lambda: ask("x", "stranger").text())


def unknown_model():
    raises(openai.NotFoundError, lambda: ask("x", "gpt-4o").text())


def too_long():
    assert raises(openai.BadRequestError, lambda: ask("word " * 9, "small").text()).code == "context_length_exceeded"


def snippet():
    code = pathlib.Path(os.environ["RUNNEL_SNIPPET"]).read_text().replace("http://127.0.0.1:8080/v1", URL)
    models = folder / "extra-openai-models.yaml"
    before = models.read_text()
    models.write_text(code)
    try:
        assert program("-m", "runnel", "Write a story").strip() == "Write a story"
    finally:
        models.write_text(before)


def retry_after():
    assert points.use_up_the_requests() >= 1
    assert ask("x", "tight").text() == "x"


def upstream_fails():
    assert raises(openai.APIError, lambda: ask("x", "broken").text()).code == "upstream_failed"


def cut():
    raises(Exception, lambda: ask("x", "cut").text())


def abort():
    pieces = [iter(ask("x", ENDLESS))]
    next(pieces[0])

    def forget():
        # The connection closes with the answer, which refers to itself.
        pieces.clear()
        gc.collect()

    points.frees_the_engine(forget)


points.run(
    version("llm"),
    globals(),
    {
        "models": "its models are those of its file",
        "responses": "it uses chat completions",
        "responses_streamed": "it uses chat completions",
        "rate_limited": "it has no setting for the number of tries",
        "response_resumed": "it uses chat completions",
    },
)
