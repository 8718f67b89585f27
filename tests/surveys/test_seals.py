from datetime import UTC, datetime, timedelta

from itsdangerous import URLSafeTimedSerializer

from surveys.seals import Seal, SealState, seal, unseal

DAY = timedelta(days=1)
SECRET = "a secret for tests only"


def test_a_seal_gives_its_submission_key_back():
    before = datetime.now(UTC).replace(microsecond=0)
    found = unseal(SECRET, "code", seal(SECRET, "code", "key"), DAY)
    assert found == Seal(SealState.GOOD, "key", found.made_at)
    assert before <= found.made_at <= datetime.now(UTC)


def test_an_expired_seal_keeps_its_key_so_that_a_second_sending_is_still_the_same_answer():
    expired = unseal(SECRET, "code", seal(SECRET, "code", "key"), timedelta(seconds=-1))
    assert (expired.state, expired.submission_key) == (SealState.EXPIRED, "key")
    assert expired.made_at is not None


def test_a_forged_seal_gets_a_new_key():
    good = seal(SECRET, "code", "key")
    foreign = URLSafeTimedSerializer(SECRET, "koebako survey form").dumps({"any": "thing"})
    expired_foreign = unseal(SECRET, "code", foreign, timedelta(seconds=-1))
    forged = [
        unseal(SECRET, "code", "", DAY),
        unseal(SECRET, "code", "\ud800é", DAY),
        unseal(SECRET, "code", good[:-1] + ("A" if good[-1] != "A" else "B"), DAY),
        unseal(SECRET, "other", good, DAY),
        unseal("another secret", "code", good, DAY),
        unseal(SECRET, "code", foreign, DAY),
        expired_foreign,
    ]
    assert {item.state for item in forged} == {SealState.FORGED}
    assert len({item.submission_key for item in forged} - {"key"}) == len(forged)
