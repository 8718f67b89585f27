"""`koebako staff`: accounts from the command line."""

import re

import pytest
from click.testing import CliRunner
from staff_site import fill_chain, visitor

from feedback.cli import main


@pytest.fixture
def koebako(sqlite, sqlite_url):
    fill_chain(sqlite)

    def run(*arguments):
        return CliRunner().invoke(
            main, ["staff", *arguments], env={"KOEBAKO_DATABASE_URL": sqlite_url, "COLUMNS": "100"}
        )

    return run


def password_in(output: str) -> str:
    return re.search(r"^One-time password: (\S+)$", output, re.MULTILINE)[1]


def test_an_account_made_here_signs_in(koebako, config, sqlite):
    result = koebako("add", "佐藤", "--role", "manager", "--store", "ginza")
    assert result.exit_code == 0
    assert result.output.startswith("Name: 佐藤\n")
    answer = visitor(config, sqlite).sign_in("佐藤", password_in(result.output))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


def test_a_reset_gives_another_password(koebako, config, sqlite):
    first = password_in(koebako("add", "佐藤").output)
    second = password_in(koebako("reset", "佐藤").output)
    assert visitor(config, sqlite).sign_in("佐藤", first).status_code == 401
    assert visitor(config, sqlite).sign_in("佐藤", second).status_code == 303


def test_accounts_are_listed_with_role_scope_and_state(koebako):
    koebako("add", "佐藤", "--area", "west", "--role", "analyst")
    koebako("add", "鈴木")
    assert koebako("close", "鈴木").output == "The account is closed: 鈴木\n"
    rows = [re.split(r"\s*│\s*", line)[1:-1] for line in koebako("list").output.splitlines() if line.startswith("│")]
    assert rows == [
        ["佐藤", "analyst", "西エリア", "has a one-time password"],
        ["鈴木", "viewer", "everything", "closed"],
    ]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("reset", "nobody"), "there is no account 'nobody'"),
        (("close", "nobody"), "there is no account 'nobody'"),
        (("add", "佐藤", "--store", "nowhere"), "there is no store 'nowhere'"),
        (("add", "佐藤", "--role", "owner"), "'owner' is not one of"),
    ],
)
def test_what_cannot_be_done_is_refused(koebako, arguments, fault):
    result = koebako(*arguments)
    assert (result.exit_code, fault in result.output) == (2, True)
