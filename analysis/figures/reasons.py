"""The plain sentences that say why an improvement stands where it stands, made only from its figures."""

from analysis.results import Estimate, Wording


def reason(name: Wording, shares: tuple[float, float], gain: Estimate, facts: tuple[int, Estimate, bool]) -> Wording:
    """Say in one sentence what the gain is made of, in ja and en.

    `shares`: fractions of responses with a complaint, now and at the level compared with (0: none at all);
    `gain`: points with a whole interval; `facts`: number of requests, change of the theme's share, whether it shares
    its rank with another. Wordings speak of what goes together (関連), never of causes.
    """
    return {"ja": _japanese(name, shares, gain, facts), "en": _english(name, shares, gain, facts)}


def _japanese(name: Wording, shares: tuple[float, float], gain: Estimate, facts: tuple[int, Estimate, bool]) -> str:
    level = f"不満の少ない店舗の水準（{_percent(shares[1])}）まで減った場合" if shares[1] else "不満がまったくない場合"
    surely = "" if _sure(gain) else "で、0点をはさむため、まだ確かとは言えません"
    value, low, high = _written(gain)
    sentence = (
        f"「{name['ja']}」についての不満は回答の{_percent(shares[0])}に見られ、{level}との差は、関連からの試算で"
        f"NPS約{value}点分（幅は{low}〜{high}点{surely}）"
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
    value, low, high = _written(gain)
    points = f"about {value} NPS points ({low} to {high}{surely})"
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


def digits(points: float) -> int:
    """Tell how many decimals a gain is worth: small ones would all look alike with one."""
    return 1 if abs(points) >= 1 else 2


def _written(gain: Estimate) -> tuple[str, str, str]:
    """Write value, low and high with as many decimals as the value is worth."""
    places = digits(gain.value or 0.0)
    figures = (round(figure or 0.0, places) + 0.0 for figure in (gain.value, gain.low, gain.high))
    # the true minus sign can't be read as a dash of the range
    value, low, high = (f"{figure:.{places}f}".replace("-", "−") for figure in figures)
    return value, low, high


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f}%" if percent >= 9.95 else f"{percent:.1f}%"  # noqa: PLR2004  two digits either way
