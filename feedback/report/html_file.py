"""A report as one HTML file that needs nothing else: to mail, to keep, to print."""

from functools import cache
from pathlib import Path

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from feedback.report.view import drawing_context
from feedback.results import Report
from feedback.wording import FILTERS, TRANSLATIONS

_FOLDER = Path(__file__).resolve().parent.parent
_STYLES = ("variables.css", "base.css", "report.css", "phone.css", "print.css")


def render(report: Report, language: str, organisation: str = "") -> str:
    """Draw a report in a language as a whole HTML page, with its styles inside and without scripts or links."""
    template = _environment(language).get_template("staff/report_file.html")
    return template.render(
        language=language, organisation=organisation, styles=_styles(), **drawing_context(report, language)
    )


def _styles() -> Markup:
    texts = ((_FOLDER / "static" / name).read_text(encoding="utf-8") for name in _STYLES)
    return Markup("\n".join(texts))  # noqa: S704 - our own files, nothing that anybody typed


@cache
def _environment(language: str) -> Environment:
    made = Environment(loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, extensions=["jinja2.ext.i18n"])
    translations = Translations.load(str(TRANSLATIONS), [language])
    made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(FILTERS)
    return made
