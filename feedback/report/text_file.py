"""A report as plain text, for a terminal or a mail: what the page says, in the same order."""

from collections.abc import Iterator

from analysis.results import Estimate
from feedback.results import Report, ReportImprovement, ReportQuote, ReportTheme
from feedback.wording import between, days, percent, points, week_name
from surveys.texts import pick

_THEMES = 15
"""A mail is read from the top: the themes of most responses; the page and the JSON hold them all."""

_IMPROVEMENTS = 10


def to_text(report: Report, language: str = "ja") -> str:
    """Write a report as plain text in ja or en."""
    return "\n".join(_Text(report, language).lines()) + "\n"


class _Text:
    """The lines of one report in one language."""

    def __init__(self, report: Report, language: str) -> None:
        self._report = report
        self._language = language

    def lines(self) -> Iterator[str]:
        yield from self._heading()
        yield from self._alerts()
        yield from self._nps()
        yield from self._improvements()
        yield from self._themes()
        yield from self._visits()
        yield from self._rest()

    def _say(self, japanese: str, english: str) -> str:
        return japanese if self._language == "ja" else english

    def _heading(self) -> Iterator[str]:
        report, language = self._report, self._language
        name = report.scope.name or self._say("全店舗", "All stores")
        title = self._say("お客さまの声・週報", "What customers say")
        yield f"{title}  {week_name(language, report.week)}  {name}"
        span = days(language, report.week, report.window)
        weeks = "1 week" if report.window == 1 else f"{report.window} weeks"
        yield self._say(
            f"集計期間: {span}（{report.window}週間）  改訂 {report.revision}",
            f"Figures cover: {span} ({weeks})  revision {report.revision}",
        )
        if report.more_needed:
            yield self._say(
                f"まだ回答が足りません（あと約{report.more_needed}件）",
                f"Not enough answers yet (about {report.more_needed} more)",
            )

    def _alerts(self) -> Iterator[str]:
        if self._report.alerts:
            yield ""
            yield self._say("お知らせ（偶然とは言えない増減）", "Alerts (rises and falls beyond chance)")
        for alert in self._report.alerts:
            yield f"- {pick(alert.sentence, self._language)}"

    def _nps(self) -> Iterator[str]:
        report, nps = self._report, self._report.nps
        yield ""
        yield f"NPS {points(nps.estimate.value)}{self._interval(nps.estimate)}"
        yield self._say(
            f"  推奨 {nps.promoters}・中立 {nps.passives}・批判 {nps.detractors}（点数のある回答 {nps.n}件）",
            f"  promoters {nps.promoters}, passives {nps.passives}, detractors {nps.detractors} ({nps.n} scores)",
        )
        yield self._say("  前の期間との差 ", "  change from the period before ") + (
            f"{points(report.change.value)}{self._interval(report.change)}"
        )
        yield self._say(
            f"  この週の回答 {report.responses}件、期間中にコメントのある回答 {report.with_text}件",
            f"  {report.responses} answers this week, {report.with_text} with a comment in the period",
        )

    def _improvements(self) -> Iterator[str]:
        yield ""
        weeks = self._report.improvements_window
        yield self._say(
            f"改善項目（優先順、{weeks}週間の声から）",
            f"What to improve first (voices of {weeks} week{'s' * (weeks > 1)})",
        )
        if not self._report.improvements:
            yield self._say("  まだ言えることがありません。", "  Nothing can be said yet.")
        for item in self._report.improvements[:_IMPROVEMENTS]:
            yield from self._improvement(item)
        if self._report.at_level:
            names = [pick(name, self._language) for _, name in self._report.at_level]
            yield self._say(
                f"  順位の外（不満の少ない店舗の水準と変わらない不満）: {'、'.join(names)}",
                f"  Not ranked (complaints at the level compared with): {', '.join(names)}",
            )

    def _improvement(self, item: ReportImprovement) -> Iterator[str]:
        ranks = "" if item.rank_low == item.rank_high else f" ({between(self._language, *self._ranks(item))})"
        yield f"{item.rank}. {pick(item.name, self._language)}{ranks}"
        yield f"   {pick(item.reason, self._language)}"
        yield from (self._quote(quote) for quote in item.request_quotes)

    def _ranks(self, item: ReportImprovement) -> tuple[str, str]:
        return str(item.rank_low), self._say(f"{item.rank_high}位", str(item.rank_high))

    def _themes(self) -> Iterator[str]:
        yield ""
        yield self._say("テーマ（コメントのある回答に占める割合）", "Themes (share of answers with a comment)")
        for theme in self._report.themes[:_THEMES]:
            yield from self._theme(theme)

    def _theme(self, theme: ReportTheme) -> Iterator[str]:
        counts = self._say(
            f"良い {theme.positive}・不満 {theme.negative}・要望 {theme.requests}",
            f"positive {theme.positive}, negative {theme.negative}, requests {theme.requests}",
        )
        yield f"- {pick(theme.name, self._language)}{self._news(theme)}  {percent(theme.share.value)}  {counts}"
        yield from (self._quote(quote) for quote in theme.quotes)

    def _news(self, theme: ReportTheme) -> str:
        if theme.news is None:
            return ""
        names = [pick(name, self._language) for _, name in theme.news.others]
        listed = self._say("、".join(f"「{name}」" for name in names), ", ".join(f"“{name}”" for name in names))
        new, merged, split = (
            self._say("新しい話題", "new topic"),
            self._say(f"{listed}とまとめました", f"joined with {listed}"),
            self._say(f"{listed}から分かれました", f"split off from {listed}"),
        )
        return self._say("（{0}）", " ({0})").format({"new": new, "merged": merged, "split": split}[theme.news.kind])

    def _quote(self, quote: ReportQuote) -> str:
        words = " ".join(quote.text.split())
        where = "" if self._report.scope.store_id is not None else f" {quote.store_name}"
        return self._say(f"   「{words}」", f"   “{words}”") + where

    def _visits(self) -> Iterator[str]:
        visits = self._report.visits
        if visits is None:
            return
        rate, first, repeat = visits.repeat_rate, visits.first.estimate, visits.repeat.estimate
        yield ""
        yield self._say(
            f"リピーター（2回目以上の方） {percent(rate.value)}（来店の回数を答えた{visits.responses}件の中で）",
            f"Repeat customers (second visit or later) {percent(rate.value)} of {visits.responses} answers that tell",
        )
        yield self._say("  NPS 初めての方 ", "  NPS first-time ") + f"{points(first.value)}{self._interval(first)}"
        yield self._say("  NPS リピーター ", "  NPS repeat ") + f"{points(repeat.value)}{self._interval(repeat)}"

    def _rest(self) -> Iterator[str]:
        report = self._report
        yield ""
        yield self._say(
            f"どのテーマにも入らない意見 {percent(report.other_share)}、「特になし」 {report.none_answers}件",
            f"Opinions without a theme {percent(report.other_share)}, “nothing in particular” {report.none_answers}",
        )

    def _interval(self, estimate: Estimate) -> str:
        if estimate.low is None or estimate.high is None:
            return ""
        return f" ({between(self._language, points(estimate.low), points(estimate.high))})"
