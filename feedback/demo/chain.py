"""The invented chain: areas, stores, spots, what customers meet there, and the truths planted in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.figures.experiments import draw

WEEKS = 26
ORGANISATION = "こはるマート"
ANSWERS_PER_STORE_AND_WEEK = 36


@dataclass(frozen=True, slots=True)
class DemoStore:
    """One store. `busy`: its share of answers (1 is usual); `liking`: points that every score starts higher."""

    key: str
    name: str
    area: str
    spots: tuple[str, ...]
    busy: float
    liking: float = 0.0


@dataclass(frozen=True, slots=True)
class Experience:
    """How often a visit brings something good or bad of one topic, and what that is worth in points of the score."""

    good: float
    bad: float
    good_points: float
    bad_points: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A planted departure: where and when it holds, an experience is `factor` times as frequent. None: everywhere."""

    topic: str
    side: str
    factor: float
    store: str | None = None
    from_week: int = 1
    dayparts: tuple[str, ...] = ()
    weekend: bool | None = None

    def holds(self, store: str, week: int, daypart: str, *, weekend: bool) -> bool:
        """Tell whether a visit (week 1 to 26) meets this effect."""
        return (
            self.store in {None, store}
            and week >= self.from_week
            and (not self.dayparts or daypart in self.dayparts)
            and self.weekend in {None, weekend}
        )


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted truth, in words; the report must find it, and a test says that it does.

    `{week}` in the words stands for the name of week `from_week` (1 to 26).
    """

    key: str
    ja: str
    en: str
    from_week: int = 1


AREAS: Mapping[str, str] = {"kita": "北エリア", "minami": "南エリア"}

SPOTS: Mapping[str, str] = {
    "register": "レジ横",
    "receipt": "レシート",
    "deli": "惣菜売場",
    "exit": "出入口",
    "toilet": "お手洗い",
    "counter": "サービスカウンター",
}

STORES: tuple[DemoStore, ...] = (
    DemoStore("ekimae", "駅前店", "kita", ("register", "receipt", "deli", "exit", "toilet"), 1.4),
    DemoStore("midori", "緑ヶ丘店", "kita", ("register", "receipt", "exit", "counter"), 1.0),
    DemoStore("sakura", "桜台店", "kita", ("register", "deli", "exit", "counter"), 0.9, 0.6),
    DemoStore("ohashi", "大橋店", "minami", ("register", "receipt", "deli", "exit"), 1.1),
    DemoStore("minato", "港町店", "minami", ("register", "receipt", "exit", "counter"), 0.9),
    DemoStore("higashi", "東口店", "minami", ("register", "receipt", "toilet", "exit"), 0.8),
)

EXPERIENCES: Mapping[str, Experience] = {
    "register_wait": Experience(0.03, 0.09, 0.5, -2.2),
    "self_register": Experience(0.03, 0.22, 0.4, -0.9),
    "staff": Experience(0.13, 0.035, 1.6, -2.8),
    "payment": Experience(0.02, 0.035, 0.4, -0.5),
    "bagging": Experience(0.008, 0.02, 0.2, -0.4),
    "deli": Experience(0.08, 0.035, 1.0, -0.8),
    "produce": Experience(0.06, 0.04, 0.8, -1.2),
    "meat_fish": Experience(0.035, 0.02, 0.7, -1.0),
    "bread": Experience(0.03, 0.018, 0.6, -0.4),
    "price": Experience(0.09, 0.2, 0.3, -0.1),
    "stock": Experience(0.04, 0.055, 0.6, -0.9),
    "parking": Experience(0.012, 0.035, 0.3, -1.6),
    "toilet": Experience(0.01, 0.025, 0.3, -1.5),
    "clean": Experience(0.03, 0.016, 0.5, -0.9),
    "layout": Experience(0.03, 0.04, 0.4, -0.6),
    "cart": Experience(0.005, 0.02, 0.2, -0.3),
    "hours": Experience(0.02, 0.012, 0.4, -0.4),
    "air": Experience(0.006, 0.018, 0.2, -0.3),
    "sound": Experience(0.002, 0.01, 0.1, -0.3),
    "recycle": Experience(0.012, 0.014, 0.3, -0.9),
    "general": Experience(0.09, 0.02, 0.6, -1.0),
}

SPOT_INTEREST: Mapping[str, Mapping[str, float]] = {
    "register": {"register_wait": 1.5, "self_register": 1.5, "staff": 1.2},
    "deli": {"deli": 2.2, "bread": 1.5},
    "exit": {"parking": 1.6, "cart": 1.6},
    "toilet": {"toilet": 4.0},
    "counter": {"staff": 1.5, "payment": 1.5},
}
"""How much more often customers who answer at a spot have met a topic."""

PILOT_SEED = 4
"""Of the draw that says which stores try something first."""
TRIED_FROM = 9
TRIED_WEEKS = 9
"""The weeks in which some stores put somebody beside the self-checkout; from then on all of them do."""
_DRAWN = draw(np.zeros(len(STORES), dtype=np.int64), len(STORES) // 2, PILOT_SEED).chosen
TRYING = tuple(key for key, tries in zip(sorted(store.key for store in STORES), _DRAWN, strict=True) if tries)
"""So few stores are one group of alike ones: their draw follows from its seed, before anybody has answered."""

EFFECTS: tuple[Effect, ...] = (
    *(Effect("self_register", "bad", 0.2, key, from_week=TRIED_FROM) for key in TRYING),
    *(
        Effect("self_register", "bad", 0.2, store.key, from_week=TRIED_FROM + TRIED_WEEKS)
        for store in STORES
        if store.key not in TRYING
    ),
    Effect("register_wait", "bad", 6.0, "ohashi", from_week=20),
    Effect("register_wait", "good", 0.3, "ohashi", from_week=20),
    Effect("parking", "bad", 7.0, "midori"),
    Effect("parking", "bad", 1.4, "midori", weekend=True),
    Effect("staff", "good", 2.0, "sakura"),
    Effect("staff", "bad", 0.4, "sakura"),
    Effect("register_wait", "bad", 0.5, "sakura"),
    Effect("deli", "good", 2.6, "ekimae", from_week=14),
    Effect("deli", "bad", 0.4, "ekimae", from_week=14),
    Effect("toilet", "bad", 9.0, "higashi", dayparts=("evening", "night")),
    Effect("recycle", "bad", 18.0, "minato", from_week=9),
    Effect("stock", "bad", 2.2, dayparts=("evening", "night")),
    Effect("register_wait", "bad", 1.5, dayparts=("evening",)),
    Effect("register_wait", "bad", 1.3, weekend=True),
)

TRUTHS: tuple[Truth, ...] = (
    Truth(
        "register",
        "大橋店では、20週目（{week}）からレジの待ち時間の不満が急に増え、点数が下がる",
        "At 大橋店 complaints about the wait at the till jump in week 20 ({week}), and scores fall",
        from_week=20,
    ),
    Truth(
        "parking",
        "緑ヶ丘店では、ずっと駐車場の不満が多い（とくに週末）",
        "At 緑ヶ丘店 the car park is a steady complaint, most of all at weekends",
    ),
    Truth(
        "best",
        "桜台店がいちばん評価が高く、店員さんがよくほめられる",
        "桜台店 scores best, and its staff are praised most",
    ),
    Truth(
        "deli",
        "駅前店では、14週目（{week}）に惣菜売場が新しくなり、惣菜のほめ言葉が増える",
        "At 駅前店 the deli counter is renewed in week 14 ({week}), and praise for it grows",
        from_week=14,
    ),
    Truth(
        "toilet",
        "東口店では、夕方からトイレの不満が多い",
        "At 東口店 the toilets draw complaints from the evening on",
    ),
    Truth(
        "recycle",
        "港町店では、9週目（{week}）からリサイクルボックスがいつも満杯（テーマ集にないテーマ）",
        "At 港町店 the recycling boxes overflow from week 9 ({week}; a theme that no catalogue knows)",
        from_week=9,
    ),
    Truth(
        "pilot",
        "セルフレジに係をつけると不満が減る。9週目（{week}）から9週間、くじで選んだ3店舗で試し、そのあと全店に広げた",
        "Somebody beside the self-checkout means fewer complaints: three stores, drawn by lot, tried it for "
        "nine weeks from week 9 ({week}), then all of them took it up",
        from_week=TRIED_FROM,
    ),
    Truth(
        "price",
        "値段の話はいちばん多いが、点数との関連は小さい",
        "Prices are spoken of most, but go with hardly any points",
    ),
)
