import pytest

from analysis.figures.reasons import reason
from analysis.results import Estimate

QUEUE = {"ja": "レジの待ち時間", "en": "Queue at the register"}
STEADY = Estimate(0.01, -0.02, 0.04)
RISING = Estimate(0.05, 0.01, 0.09)
FALLING = Estimate(-0.05, -0.09, -0.01)
SURE = Estimate(4.0, 2.04, 6.0)
VAGUE = Estimate(1.5, -0.5, 3.5)


@pytest.mark.parametrize(
    ("shares", "gain", "facts", "ja", "en"),
    [
        (
            (0.153, 0.05),
            SURE,
            (14, RISING, False),
            (
                "「レジの待ち時間」についての不満は回答の15%に見られ、不満の少ない店舗の水準（5.0%）まで減った場合との差は、"
                "関連からの試算でNPS約4.0点分（幅は2.0〜6.0点）で、要望も14件あり、"
                "話題に上る割合は前の期間より増えています。"
            ),
            (
                "Complaints about “Queue at the register” are in 15% of answers; compared with the stores with few "
                "complaints (5.0%), that goes with about 4.0 NPS points (2.0 to 6.0), an estimate from association; "
                "14 requests ask for it too; the theme comes up more often than in the period before."
            ),
        ),
        (
            (0.042, 0.0),
            VAGUE,
            (1, STEADY, False),
            (
                "「レジの待ち時間」についての不満は回答の4.2%に見られ、不満がまったくない場合との差は、"
                "関連からの試算でNPS約1.5点分（幅は−0.5〜3.5点で、0点をはさむため、まだ確かとは言えません）で、"
                "要望も1件あります。"
            ),
            (
                "Complaints about “Queue at the register” are in 4.2% of answers; compared with none at all, that goes "
                "with about 1.5 NPS points (−0.5 to 3.5: the range includes zero, so this is not certain yet), an "
                "estimate from association; 1 request asks for it too."
            ),
        ),
        (
            (0.1, 0.0),
            SURE,
            (0, FALLING, True),
            (
                "「レジの待ち時間」についての不満は回答の10%に見られ、不満がまったくない場合との差は、"
                "関連からの試算でNPS約4.0点分（幅は2.0〜6.0点）で、話題に上る割合は前の期間より減っており、"
                "同じ順位の項目がほかにもあります。"
            ),
            (
                "Complaints about “Queue at the register” are in 10% of answers; compared with none at all, that goes "
                "with about 4.0 NPS points (2.0 to 6.0), an estimate from association; the theme comes up less often "
                "than in the period before; another item shares this rank."
            ),
        ),
        (
            (1.0, 0.0),
            SURE,
            (0, Estimate(None), False),
            (
                "「レジの待ち時間」についての不満は回答の100%に見られ、不満がまったくない場合との差は、"
                "関連からの試算でNPS約4.0点分（幅は2.0〜6.0点）です。"
            ),
            (
                "Complaints about “Queue at the register” are in 100% of answers; compared with none at all, that goes "
                "with about 4.0 NPS points (2.0 to 6.0), an estimate from association."
            ),
        ),
    ],
)
def test_a_reason_is_one_sentence_made_of_its_figures(
    shares: tuple[float, float], gain: Estimate, facts: tuple[int, Estimate, bool], ja: str, en: str
) -> None:
    assert reason(QUEUE, shares, gain, facts) == {"ja": ja, "en": en}
    assert ja.count("。") == 1


def test_small_gains_are_written_finer_so_that_they_differ() -> None:
    made = reason(QUEUE, (0.02, 0.0), Estimate(0.41, -0.001, 0.83), (0, STEADY, False))
    assert "NPS約0.41点分（幅は0.00〜0.83点で、0点をはさむため、まだ確かとは言えません）です。" in made["ja"]
    assert "about 0.41 NPS points (0.00 to 0.83: the range includes zero" in made["en"]


def test_a_theme_without_an_english_name_keeps_its_japanese_one() -> None:
    made = reason({"ja": "駐車場が狭い"}, (0.1, 0.0), SURE, (0, STEADY, False))
    assert made["en"].startswith("Complaints about “駐車場が狭い” are in 10% of answers")
