"""The koebako command: errors on purpose are one line and exit code 2."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedback.cli import main


def run(*arguments: str, environ: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, arguments, env=environ or {})


def test_help_lists_the_commands_in_the_order_an_owner_needs_them() -> None:
    lines = run("--help").output.splitlines()
    listed = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :] if line.startswith("  ")]
    assert listed == [
        *("init", "demo", "serve", "store", "spot", "survey", "poster", "today", "critical"),
        *("import", "import-purchases", "mask", "doubt"),
        *("analyse", "schedule", "report", "export", "loyalty", "compare", "theme", "improvement", "pilot"),
        *("coupon", "notice", "contact", "privacy", "staff"),
    ]


def test_an_unknown_command_is_refused() -> None:
    result = run("analyze")
    assert result.exit_code == 2
    assert "No such command" in result.output


def test_init_creates_the_database_and_may_run_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/koebako.db"
    for _ in range(2):
        result = run("init", environ={"KOEBAKO_DATABASE_URL": url})
        assert (result.exit_code, result.output) == (0, f"The database is ready: {url}\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("organization: {}", "organization: unknown key"),
        ("feedback: {session_hours: 0}", "feedback.session_hours: Input should be greater than or equal to 1"),
        ("feedback: [", "not valid YAML"),
        ("organisation: {name: 2026-02-30}", "not valid YAML: day is out of range for month"),
        ("[" * 3000, "not valid YAML"),
        ("site: {public_url: koe.example.jp}", "site.public_url: 'koe.example.jp' is no web address"),
        ("site: {public_url: 'https://koe.example.jp/?a=b'}", "site.public_url: "),
        ("site: {languages: []}", "site.languages: name at least one language out of ja, en"),
        ("site: {languages: [ja, xx]}", "site.languages: name at least one language out of ja, en"),
        ("analysis: {catalogue: retial}", "analysis.catalogue: unknown catalogue 'retial'; there are: auto, clinic"),
        ("analysis: {catalogue_files: [own.yaml]}", "analysis.catalogue_files: there is no file 'own.yaml'"),
        ("organisation: {name: ''}", "organisation.name: "),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_file_and_key(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    result = run("--config", str(file), "init")
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {file}: ")
    assert fault in result.output
    assert result.output.count("\n") == 1


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    result = run("init", environ={"KOEBAKO_DATABASE_URL": f"sqlite:///{tmp_path}/file/koebako.db"})
    assert result.exit_code == 2
    assert "cannot be used" in result.output
    assert result.output.count("\n") == 1
