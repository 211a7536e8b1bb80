"""What a child shows, checked: only what a kernel sends, in the form in which it sends it, and not without end."""

from __future__ import annotations

import math
from typing import Any

from melayani.grading.runner.job import Message

CUT = "\n… keluaran sel ini terlalu panjang; sisanya tidak disimpan …\n"
DEEPEST = 60  # levels of JSON; widgets and Vega charts need some ten
LEAST = 64  # characters as which a message counts that shows nothing
LONGEST_ERROR = 1 << 20  # characters of an error's text and traceback
_TEXT = {
    "stream": ("name", "text"),
    "error": ("ename", "evalue"),
    "comm_open": ("comm_id", "target_name"),
    "comm_msg": ("comm_id",),
    "comm_close": ("comm_id",),
}
_BUNDLES = ("display_data", "update_display_data", "execute_result")


def clean(message: object) -> Message | None:
    """Return a message as a kernel sends it, without what does not belong there; None when it is no such message."""
    match message:
        case {"msg_type": str(kind), "content": dict(content)}:
            made = _content(kind, content)
            if made is None:
                return None
            buffers = message.get("buffers")  # type: ignore[attr-defined]
            if isinstance(buffers, list) and buffers and all(isinstance(buffer, str) for buffer in buffers):
                return {"msg_type": kind, "content": made, "buffers": buffers}
            return {"msg_type": kind, "content": made}
    return None


def _content(kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
    if kind == "clear_output":
        return {"wait": content.get("wait") is True}
    if kind in _BUNDLES:
        return _bundle(kind, content)
    if kind not in _TEXT:
        return None
    made: dict[str, Any] = {key: encodable(content[key]) for key in _TEXT[kind] if isinstance(content.get(key), str)}
    if len(made) < len(_TEXT[kind]) or (kind == "stream" and made["name"] not in ("stdout", "stderr")):
        return None
    if kind == "error":
        lines = content.get("traceback")
        made["traceback"] = (
            [encodable(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        )
        if len(made["evalue"]) + sum(map(len, made["traceback"])) > LONGEST_ERROR:
            made["evalue"] = made["evalue"][: LONGEST_ERROR // 10] + CUT
            made["traceback"] = [f"{made['ename'][:200]}: {made['evalue']}"]
    if kind.startswith("comm_"):
        data = content.get("data")
        made["data"] = _json(data) if isinstance(data, dict) else {}
    return made


def _bundle(kind: str, content: dict[str, Any]) -> dict[str, Any] | None:
    data, metadata, transient = (content.get(key) for key in ("data", "metadata", "transient"))
    if not isinstance(data, dict) or not all(_fits(name, value) for name, value in data.items()):
        return None
    made = {"data": _json(data), "metadata": _json(metadata) if isinstance(metadata, dict) else {}}
    if isinstance(transient, dict) and isinstance(transient.get("display_id"), str):
        made["transient"] = {"display_id": encodable(transient["display_id"])}
    if kind == "execute_result":
        count = content.get("execution_count")
        made["execution_count"] = count if isinstance(count, int) else None
    return made


def _fits(name: object, value: object) -> bool:
    """Return whether nbformat takes `value` as what is shown in the form `name`."""
    if not isinstance(name, str):
        return False
    if name.endswith("json"):
        return True
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(line, str) for line in value))


def _json(value: Any, depth: int = 0) -> Any:
    """Return `value` without the numbers and half characters that files do not take, and nothing below DEEPEST."""
    if depth > DEEPEST:
        return None
    if isinstance(value, dict):
        return {encodable(str(key)): _json(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        return encodable(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def encodable(text: str) -> str:
    """Return `text` with a question mark for each half of a character, which UTF-8 does not have."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class Kept:
    """The messages of one cell: pieces of a stream joined, and no more than `most` characters in all."""

    def __init__(self, most: int) -> None:
        """Start with none."""
        self.messages: list[Message] = []
        self._most = self._left = most
        self._left_for_verdicts = LONGEST_ERROR + LEAST

    @property
    def spent(self) -> int:
        """How many characters were kept, no more than allowed."""
        return self._most - max(0, self._left)

    def add(self, message: Message) -> None:
        """Keep `message`, or a note in the place of the first that is too much.

        A result or an error is kept also after that: a right answer that prints too much loses nothing by it.
        """
        kind, content = message["msg_type"], message["content"]
        shown = (*content.get("data", {}).values(), *message.get("buffers", ()), *content.get("traceback", ()))
        size = LEAST + sum(len(str(value)) for value in shown)
        if kind in ("execute_result", "error") and self._left < size <= self._left_for_verdicts:
            self._left_for_verdicts -= size
            self.messages.append(message)
        elif self._left >= 0 and kind == "stream":
            self._stream(content["name"], content["text"])
        elif self._left >= 0:
            self._left -= size
            self.messages += [message] if self._left >= 0 else [_stream("stdout", CUT)]

    def _stream(self, name: str, text: str) -> None:
        if len(text) > self._left:
            text, self._left = text[: self._left] + CUT, -1
        else:
            self._left -= len(text)
        last = self.messages[-1] if self.messages else {}
        if last.get("msg_type") == "stream" and last["content"]["name"] == name:
            last["content"]["text"] += text
        else:
            self.messages.append(_stream(name, text))


def _stream(name: str, text: str) -> Message:
    return {"msg_type": "stream", "content": {"name": name, "text": text}}
