from datetime import UTC, datetime, timedelta

from itsdangerous import URLSafeTimedSerializer

from surveys.seals import Seal, SealState, seal, unseal

DAY = timedelta(days=1)
BEGUN = datetime(2025, 10, 3, 3, tzinfo=UTC)
SECRET = "a secret for tests only"


def test_a_seal_gives_its_submission_key_back():
    assert unseal(SECRET, "code", seal(SECRET, "code", "key", BEGUN), DAY) == Seal(SealState.GOOD, "key", BEGUN)


def test_an_expired_seal_keeps_its_key_so_that_a_second_sending_is_still_the_same_answer():
    expired = unseal(SECRET, "code", seal(SECRET, "code", "key", BEGUN), timedelta(seconds=-1))
    assert expired == Seal(SealState.EXPIRED, "key", BEGUN)


def test_a_forged_seal_gets_a_new_key():
    good = seal(SECRET, "code", "key", BEGUN)
    foreign = URLSafeTimedSerializer(SECRET, "koebako survey form").dumps({"any": "thing"})
    expired_foreign = unseal(SECRET, "code", foreign, timedelta(seconds=-1))
    forged = [
        unseal(SECRET, "code", "", DAY),
        unseal(SECRET, "code", "\ud800é", DAY),
        # not its last letter: of that one, two bits say nothing
        unseal(SECRET, "code", good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:], DAY),
        unseal(SECRET, "other", good, DAY),
        unseal("another secret", "code", good, DAY),
        unseal(SECRET, "code", foreign, DAY),
        expired_foreign,
    ]
    assert {item.state for item in forged} == {SealState.FORGED}
    assert len({item.submission_key for item in forged} - {"key"}) == len(forged)
