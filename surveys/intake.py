"""One answer of a form into the database, and with it all that belongs to it, in one transaction."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from surveys.arrivals import Arrival
from surveys.contact_box import ContactDetails
from surveys.contacts import keep
from surveys.coupons import issue_coupon
from surveys.entries import Entry
from surveys.forms import Answers
from surveys.members import keep_member
from surveys.questions import SurveyDefinition
from surveys.reception import at_kiosk, reception
from surveys.responses import Outcome, record_ready
from surveys.rights import was_erased
from surveys.screens import ErasedAnswerError
from surveys.submission_keys import code_of, digest
from surveys.submissions import Submission, external_id_of, prepare

QR_CHANNEL = "qr"
KIOSK_CHANNEL = "kiosk"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a customer left beside the answer, each kept apart from it: a contact, a member code."""

    contact: ContactDetails | None = None
    member: str | None = None


def take(entry: Entry, arrival: Arrival, answers: Answers, survey: SurveyDefinition, beside: Beside) -> Outcome:
    """Store the answer, and with it what belongs to it: what was left beside it, the coupon that is given.

    When this returns it is on disk. Errors: `ErasedAnswerError`, `InputError`, `DatabaseBusyError`.
    """
    submission = _submission(entry, arrival, answers, survey)
    ready = prepare(submission, reception().settings.staff_names)
    zone, keeping = reception().organisation.zone, reception().rights.contacts if survey.contact else None
    members = reception().rights.members if survey.member else None

    def store(session: Session) -> Outcome:
        if was_erased(session, digest(code_of(arrival.submission_key))):
            raise ErasedAnswerError
        recorded = record_ready(session, ready, arrival.received_at, zone, replace_changed=arrival.change)
        if keeping and recorded.outcome is not Outcome.CHANGED:
            keep(session, submission.external_id, beside.contact, keeping, arrival.received_at)
        if members and recorded.outcome is not Outcome.CHANGED:
            keep_member(session, submission.external_id, beside.member, members, arrival.received_at)
        if survey.coupon and recorded.outcome is Outcome.ADDED:
            issue_coupon(session, submission.external_id, survey.coupon, arrival.received_at, zone)
        return recorded.outcome

    return reception().writes.write(store)


def _submission(entry: Entry, arrival: Arrival, answers: Answers, survey: SurveyDefinition) -> Submission:
    return Submission(
        external_id=external_id_of(arrival.submission_key),
        submission_key=arrival.submission_key,
        survey_id=entry.survey_id,
        store_id=entry.store.id,
        spot_id=entry.spot_id,
        channel=KIOSK_CHANNEL if at_kiosk() else QR_CHANNEL,
        answered_at=arrival.answered_at,
        score=answers.score,
        satisfaction=answers.satisfaction,
        comments=answers.comments,
        answers=answers.answers,
        attributes=answers.attributes,
        doubt=arrival.doubt(reception().settings.fastest_seconds),
        asks={question.key: question.asks for question in survey.asked if question.asks},
    )
