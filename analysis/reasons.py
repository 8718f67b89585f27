"""The plain sentences that say why an improvement stands where it stands, made only from its figures."""

from analysis.results import Estimate, Wording


def reason(name: Wording, shares: tuple[float, float], gain: Estimate, facts: tuple[int, Estimate, bool]) -> Wording:
    """Say in one sentence what the gain is made of, in ja and en.

    `shares`: fractions of responses with a complaint, now and at the level compared with (0: none at all);
    `gain`: points with an interval; `facts`: number of requests, change of the theme's share, whether it shares its
    rank with another. Wordings speak of what goes together (関連), never of causes.
    """
    return {"ja": _japanese(name, shares, gain, facts), "en": _english(name, shares, gain, facts)}


def _japanese(name: Wording, shares: tuple[float, float], gain: Estimate, facts: tuple[int, Estimate, bool]) -> str:
    level = f"不満の少ない店舗の水準（{_percent(shares[1])}）まで減った場合" if shares[1] else "まったくない場合"
    surely = "" if _sure(gain) else "が0点をまたぐため、まだ確かとは言えません"
    sentence = (
        f"「{name['ja']}」についての不満は回答の{_percent(shares[0])}に見られ、{level}との差は、関連からの試算で"
        f"NPS約{_points(gain.value)}点分（{_points(gain.low)}〜{_points(gain.high)}点の幅{surely}）"
    )
    requests, trend, tied = facts
    turn = {1: ("増えており", "増えています"), -1: ("減っており", "減っています")}.get(_turn(trend))
    # each fact twice: as it stands within the sentence and as it ends it
    known = [
        *([(f"要望も{requests}件あり", f"要望も{requests}件あります")] if requests else []),
        *([tuple(f"話題に上る割合は前の期間より{word}" for word in turn)] if turn else []),
        *([("", "同じ順位の項目がほかにもあります")] if tied else []),
    ]
    if not known:
        return sentence + "です。"
    return "、".join([sentence + "で", *(fact[0] for fact in known[:-1]), known[-1][1]]) + "。"


def _english(name: Wording, shares: tuple[float, float], gain: Estimate, facts: tuple[int, Estimate, bool]) -> str:
    level = f"the stores with few complaints ({_percent(shares[1])})" if shares[1] else "none at all"
    surely = "" if _sure(gain) else ": the range includes zero, so this is not certain yet"
    points = f"about {_points(gain.value)} NPS points ({_points(gain.low)} to {_points(gain.high)}{surely})"
    requests, trend, tied = facts
    often = {1: "more", -1: "less"}.get(_turn(trend))
    parts = [
        f"Complaints about “{name.get('en', name['ja'])}” are in {_percent(shares[0])} of answers",
        f"compared with {level}, that goes with {points}, an estimate from association",
        *([f"{requests} {'request asks' if requests == 1 else 'requests ask'} for it too"] if requests else []),
        *([f"the theme comes up {often} often than in the period before"] if often else []),
        *(["another item shares this rank"] if tied else []),
    ]
    return "; ".join(parts) + "."


def _turn(trend: Estimate) -> int:
    """Tell a rise (1) or a fall (-1) beyond chance from neither (0)."""
    if trend.low is None or trend.high is None:
        return 0
    return int(trend.low > 0) - int(trend.high < 0)


def _sure(gain: Estimate) -> bool:
    return gain.low is not None and gain.low > 0


def _points(value: float | None) -> str:
    # rounding first keeps "-0.0" away; the true minus sign can't be read as a dash of the range
    return "?" if value is None else f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f}%" if percent >= 9.95 else f"{percent:.1f}%"  # noqa: PLR2004  two digits either way
