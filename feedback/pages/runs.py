"""How the weekly analysis is getting on."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis import records
from feedback.house import house


def add_to(pages: Blueprint) -> None:
    """Add this room to the staff pages."""
    pages.add_url_rule("/runs", "runs", runs)
    pages.add_url_rule("/runs.json", "runs_state", runs_state)


def runs() -> ResponseReturnValue:
    """Show the run that is being worked on, and those before it."""
    with house().database.reading() as reading:
        running, recent = records.current_run(reading), records.recent_runs(reading)
    return render_template("staff/runs.html", running=running, recent=recent, stage_words=stage_words)


def runs_state() -> ResponseReturnValue:
    """Give stage and percentage of the run that is being worked on, for the script beside the page."""
    with house().database.reading() as reading:
        running = records.current_run(reading)
    if running is None:
        return jsonify(run=None)
    return jsonify(run={"id": running.id, "stage": stage_words(running.stage), "progress": running.progress})


def stage_words(stage: str) -> str:
    """Say in the reader's words what a run is doing."""
    words: dict[str, str] = {
        "reading": gettext("コメントを読んでいます"),
        "discovering": gettext("新しいテーマを探しています"),
        "measuring": gettext("おすすめ度との関連を調べています"),
    }
    return words.get(stage) or str(gettext("準備しています"))
