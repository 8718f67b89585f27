"""What the invented chain has taken up: improvements in every state, a pilot that is over and one that goes on.

Both pilots are started through the door that staff take; what they show is worked out like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from feedback.demo.chain import PILOT_SEED, TRIED_FROM, TRIED_WEEKS
from feedback.improvement_changes import add_improvement, add_note, move_improvement
from feedback.improvements import Details, State, improvements
from feedback.pilots.conduct import start_pilot
from feedback.pilots.plans import NewPilot, plan_pilot
from surveys.weeks import first_day

_HEAD_OFFICE = "本部"


@dataclass(frozen=True, slots=True)
class DemoPilot:
    """A pilot of half the stores from week `first` (1 to 26) on; `expected`: percentage points fewer complaints.

    `seed`: of the draw that says which stores try it.
    """

    first: int
    weeks: int
    expected: float
    seed: int


@dataclass(frozen=True, slots=True)
class DemoImprovement:
    """What was written down in week `made` (1 to 26), by the owner, and what became of it.

    `due` weeks after the last one it should be done (negative: it should have been). `steps` and `notes` by their week.
    """

    title: str
    theme: str
    made: int
    owner: str = _HEAD_OFFICE
    store: str | None = None
    due: int | None = None
    effort: int | None = None
    steps: Mapping[int, State] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    pilot: DemoPilot | None = None


IMPROVEMENTS: tuple[DemoImprovement, ...] = (
    DemoImprovement(
        "セルフレジに係を1人つける",
        "checkout.self_checkout",
        made=7,
        due=2,
        effort=3,
        pilot=DemoPilot(TRIED_FROM, TRIED_WEEKS, expected=6.0, seed=PILOT_SEED),
        steps={TRIED_FROM + TRIED_WEEKS: "rollout", TRIED_FROM + TRIED_WEEKS + 5: "measuring"},
        notes={TRIED_FROM + TRIED_WEEKS: "試した店舗で不満が減ったので、夕方を中心に全店でつける。"},
    ),
    DemoImprovement(
        "毎日使う品の値札に、1個あたりの値段も書く",
        "price.level",
        made=22,
        due=8,
        effort=2,
        pilot=DemoPilot(first=24, weeks=8, expected=5.0, seed=8),
    ),
    DemoImprovement(
        "夕方のレジを1台増やす",
        "checkout.wait",
        made=24,
        owner="大橋店 店長",
        store="ohashi",
        due=-1,
        effort=3,
        notes={25: "パートさんの時間を調整しています。"},
    ),
    DemoImprovement(
        "土日は駐車場に誘導の係を置く",
        "access.parking",
        made=23,
        owner="緑ヶ丘店 店長",
        store="midori",
        due=4,
        effort=4,
    ),
    DemoImprovement(
        "特売の終わりの日と時刻を値札に書く",
        "price.campaign",
        made=18,
        effort=1,
        steps={21: "rollout"},
    ),
    DemoImprovement(
        "惣菜売場を新しくして量り売りを始める",
        "goods.deli",
        made=6,
        owner="駅前店 店長",
        store="ekimae",
        effort=5,
        steps={14: "rollout", 18: "measuring", 22: "done"},
        notes={22: "惣菜をほめる声が増えたので、完了にします。"},
    ),
    DemoImprovement(
        "夜11時まで営業する",
        "access.hours",
        made=10,
        effort=5,
        steps={12: "dropped"},
        notes={12: "人手が足りないので、今年は見送ります。"},
    ),
)


def take_up_all(session: Session, weeks: Sequence[str], zone: ZoneInfo) -> None:
    """Put every improvement down, each step in its week, once the weeks are analysed; nothing where there are some."""
    if improvements(session):
        return
    for each in IMPROVEMENTS:
        _take_up(session, each, weeks, zone)


def _take_up(session: Session, demo: DemoImprovement, weeks: Sequence[str], zone: ZoneInfo) -> None:
    due = None if demo.due is None else first_day(weeks[-1]) + timedelta(weeks=demo.due, days=13)
    details = Details(demo.title, demo.owner, due, demo.effort)
    made = _moment(weeks, demo.made, zone)
    number = add_improvement(session, details, demo.owner, made, theme=demo.theme, store=demo.store).number
    if demo.pilot:
        asked = NewPilot(number, "theme", demo.pilot.expected, weeks[demo.pilot.first - 1], demo.pilot.weeks)
        moment = _moment(weeks, demo.pilot.first - 1, zone)
        start_pilot(session, plan_pilot(session, asked, moment, zone), demo.owner, moment, seed=demo.pilot.seed)
    for week in sorted({*demo.steps, *demo.notes}):
        moment = _moment(weeks, week, zone)
        if week in demo.notes:
            add_note(session, number, demo.notes[week], demo.owner, moment)
        if week in demo.steps:
            move_improvement(session, number, demo.steps[week], demo.owner, moment)


def _moment(weeks: Sequence[str], week: int, zone: ZoneInfo) -> datetime:
    """Return the Wednesday afternoon of a week, 1 to 26."""
    return datetime.combine(first_day(weeks[week - 1]) + timedelta(days=2), time(15), zone)
