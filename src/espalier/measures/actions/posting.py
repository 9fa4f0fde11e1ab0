"""Figures that a program sends: a batch whole or not at all, once however often it is sent, and undone whole."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from espalier.audit.recording import record
from espalier.common.errors import NotFoundHere, UnableTo
from espalier.measures.actions.entering import UnableToEnter
from espalier.measures.models import PointVersion, Posted, Series
from espalier.measures.permissions import may_enter_each
from espalier.measures.queries.definitions import named, of_numbers
from espalier.measures.rules import SHARED, SentProblem, UnableToPost, check_sent, scope_of
from espalier.organisations import queries as organisations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from espalier.access.viewer import Viewer
    from espalier.measures.queries.definitions import Definition
    from espalier.measures.rules import Ready, Sent
    from espalier.organisations.queries import UnitFacts

UNDO_FOR = timedelta(days=14)
Series_ = dict[tuple[int, int], int]  # (measure, unit) -> series


class KeyUsedAlready(UnableTo):
    """The same key came with other figures: one of the two calls is a mistake, and we cannot know which."""

    code = "key-used"


class WroteMeanwhile(UnableTo):
    """Somebody stored the same figures in the same moment; nothing of this batch was stored."""

    code = "meanwhile"

    def __init__(self) -> None:
        super().__init__("Somebody else is storing these figures at this moment, so nothing was stored.", to_do="Send the batch again.")


class TooLateToUndo(UnableTo):
    """The days in which a batch can be undone are over."""

    code = "too-late"


@dataclass(frozen=True, slots=True)
class Posting:
    """What a call is answered with; again says that it had been answered before and nothing was done now."""

    answer: dict[str, Any]
    again: bool


def post_figures(*, actor: Viewer, at: datetime, key: str, mark: str, figures: Sequence[Sent], why: str = "", token: str = "") -> Posting:
    """Store a batch once: the same key with the same mark is answered as before, however often and however near together.

    Two calls that race for one key wait for each other at its unique constraint, so the second finds the first's
    answer. What fails gives its key back: it stored nothing, and may be mended and sent again.
    """
    try:
        with transaction.atomic():
            return _post(actor, at, key=key, mark=mark, figures=figures, why=why, token=token)
    except (IntegrityError, OperationalError) as clash:  # a page stored the same month, or two batches met crosswise
        raise WroteMeanwhile from clash


def _post(actor: Viewer, at: datetime, *, key: str, mark: str, figures: Sequence[Sent], why: str, token: str) -> Posting:
    batch = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO measures_posted (id, account_id, key, mark, at, answer) VALUES (%s, %s, %s, %s, %s, '{}')"
            " ON CONFLICT (account_id, key) DO NOTHING RETURNING 1",
            [batch, actor.account_id, key, mark, at],
        )
        if cursor.fetchone() is None:
            return _as_before(actor, key, mark)
    measures, units = _known(actor, figures)
    ready = check_sent(figures, {code: one.words for code, one in measures.items()}, today=timezone.localdate(at))
    _refuse_unless_allowed(actor, {(one.unit, one.measure) for one in ready}, measures, units)
    shared = {one.pk for one in measures.values() if scope_of(one.words) == SHARED}
    series = _series({(measures[one.measure].pk, units[one.unit].pk) for one in ready}, shared)
    rows = [(series[measures[one.measure].pk, units[one.unit].pk], one) for one in ready]
    new, changed = _store(rows, actor=actor, at=at, batch=batch, why=f"Sent by a program. {why}".strip())
    answer = {"batch": str(batch), "stored_at": at.isoformat(), "new": new, "changed": changed, "unchanged": len(rows) - new - changed}
    Posted.objects.filter(pk=batch).update(answer=answer)
    detail = {"new": new, "changed": changed, "token": token}
    record(actor=actor, verb="post", object_kind="points", object_id=str(batch), at=at, detail=detail)
    return Posting(answer, again=False)


def _as_before(actor: Viewer, key: str, mark: str) -> Posting:
    before = Posted.objects.get(account_id=actor.account_id or 0, key=key)
    if before.mark != mark:
        raise KeyUsedAlready(
            "This key came before with other figures, so nothing was stored.",
            where="header, Idempotency-Key",
            to_do="Make a new key for each new batch; keep the key only when you send the same batch again.",
        )
    return Posting(before.answer, again=True)


def _known(actor: Viewer, figures: Sequence[Sent]) -> tuple[dict[str, Definition], dict[str, UnitFacts]]:
    """Return the measures and units of a batch by code, or say which of them nobody knows."""
    measures = named(viewer=actor, codes={one.measure for one in figures})
    units = organisations.find(viewer=actor, codes={one.unit for one in figures})
    problems = [
        *(
            SentProblem(f"figures[{one.place}].measure", f"We know no measure called {one.measure!r}.", "See /api/v1/measures.")
            for one in figures
            if one.measure not in measures
        ),
        *(
            SentProblem(f"figures[{one.place}].unit", f"We know no organisation or team with the code {one.unit!r}.", "See /api/v1/units.")
            for one in figures
            if one.unit not in units
        ),
    ]
    if problems:
        raise UnableToPost(problems)
    return measures, units


def _refuse_unless_allowed(
    actor: Viewer, pairs: set[tuple[str, str]], measures: dict[str, Definition], units: dict[str, UnitFacts]
) -> None:
    wanted = sorted(pairs)
    decisions = may_enter_each(viewer=actor, wanted=[(units[unit], measures[measure].words) for unit, measure in wanted])
    for (unit, measure), decision in zip(wanted, decisions, strict=True):
        if not decision:
            raise UnableToEnter(decision.reason, where=f"{measure} at {unit}", to_do="Leave these figures out of the batch.")


def _series(pairs: set[tuple[int, int]], shared: set[int]) -> Series_:
    """Return the series this person may see for each (measure, unit), making them where there are none.

    Those of a shared measure belong to the organisation of their unit, others are open. Each is locked, so that two
    batches for one series store one after the other.
    """
    found = _visible(pairs)
    if missing := sorted(pairs - found.keys()):
        owners = organisations.owners_of({unit for measure, unit in missing if measure in shared})
        made = [Series(measure_id=measure, unit_id=unit, owner_id=owners[unit] if measure in shared else None) for measure, unit in missing]
        Series.objects.bulk_create(made, ignore_conflicts=True)
        found = _visible(pairs)
    return found


def _visible(pairs: set[tuple[int, int]]) -> Series_:
    measures, units = zip(*sorted(pairs), strict=True)
    wanted = Series.objects.select_for_update(no_key=True).filter(
        measure_id__in=set(measures), unit_id__in=set(units), stratum="", made_by="figures"
    )
    # Ordered as they are locked, always alike: else two batches could wait for each other. An owned series comes before an open one.
    rows = sorted(wanted.order_by("pk").values_list("measure_id", "unit_id", "owner_id", "pk"), key=lambda row: (row[2] is None, row[3]))
    found: Series_ = {}
    for measure, unit, _, pk in rows:
        if (measure, unit) in pairs:
            found.setdefault((measure, unit), pk)
    return found


# One statement reads, writes and keeps what stood before. The update repeats what it read, so a figure that somebody
# changed in between is not overwritten; the count then says so and all is rolled back.
_STORE = """
WITH incoming AS (
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::float8[], %s::float8[], %s::float8[])
        AS i(series_id, period_on, numerator, denominator, value)
), differs AS (
    SELECT i.*, p.id AS point_id, p.numerator AS old_numerator, p.denominator AS old_denominator, p.value AS old_value
    FROM incoming i LEFT JOIN measures_point p ON p.series_id = i.series_id AND p.period_on = i.period_on
    WHERE p.id IS NULL OR (p.numerator, p.denominator, p.value) IS DISTINCT FROM (i.numerator, i.denominator, i.value)
), made AS (
    INSERT INTO measures_point (series_id, period_on, numerator, denominator, value)
    SELECT series_id, period_on, numerator, denominator, value FROM differs WHERE point_id IS NULL RETURNING 1
), changed AS (
    UPDATE measures_point p SET numerator = d.numerator, denominator = d.denominator, value = d.value FROM differs d
    WHERE p.id = d.point_id
      AND (p.numerator, p.denominator, p.value) IS NOT DISTINCT FROM (d.old_numerator, d.old_denominator, d.old_value) RETURNING 1
), kept AS (
    INSERT INTO measures_pointversion (id, series_id, period_on, old_numerator, old_denominator, old_value, new_numerator,
        new_denominator, new_value, removed, batch, account_id, at, why)
    SELECT gen_random_uuid(), series_id, period_on, old_numerator, old_denominator, old_value, numerator, denominator, value,
        false, %s, %s, %s, %s FROM differs RETURNING 1
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM changed), (SELECT count(*) FROM differs)
"""


def _store(rows: Sequence[tuple[int, Ready]], *, actor: Viewer, at: datetime, batch: uuid.UUID, why: str) -> tuple[int, int]:
    columns = (
        [pk for pk, _ in rows], [one.period_on for _, one in rows], [one.numerator for _, one in rows],
        [one.denominator for _, one in rows], [one.value for _, one in rows],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [*columns, batch, actor.account_id, at, why[:300]])
        new, changed, differ = cursor.fetchone()
    if new + changed != differ:
        raise WroteMeanwhile
    return int(new), int(changed)


def undo_post(*, actor: Viewer, at: datetime, batch: uuid.UUID, token: str = "") -> dict[str, Any]:
    """Take a batch back: each figure goes back unless somebody changed it since; those are named and left.

    Undoing twice is answered as the first time, so that this call may be repeated too.
    """
    with transaction.atomic():
        posted = Posted.objects.select_for_update().filter(pk=batch, account_id=actor.account_id or 0).first()
        if posted is None:
            raise NotFoundHere("You have sent no such batch.")
        if posted.undone is not None:
            return dict(posted.undone)
        if at - posted.at > UNDO_FOR:
            to_do = "Send the right figures as a new batch."
            raise TooLateToUndo(f"A batch can be undone for {UNDO_FOR.days} days.", where=str(batch), to_do=to_do)
        pairs = _pairs_of(actor, batch)
        restored, left = _take_back(batch, uuid.uuid4(), actor=actor, at=at)
        kept = [{"measure": pairs[pk][0], "unit": pairs[pk][1], "period": f"{on}"} for pk, on in left]
        answer = {"batch": str(batch), "undone_at": at.isoformat(), "restored": restored, "left": kept}
        posted.undone = answer
        posted.save(update_fields=["undone"])
        detail = {"restored": restored, "left": len(left), "token": token}
        record(actor=actor, verb="undo", object_kind="points", object_id=str(batch), at=at, detail=detail)
        return answer


def _pairs_of(actor: Viewer, batch: uuid.UUID) -> dict[int, tuple[str, str]]:
    """Return measure and unit of each series of a batch, once the person may still put figures in at all of them."""
    keys = PointVersion.objects.filter(batch=batch).values("series_id")
    series = {pk: (measure, unit) for pk, measure, unit in Series.objects.filter(pk__in=keys).values_list("pk", "measure_id", "unit_id")}
    measures = of_numbers(viewer=actor, pks={measure for measure, _ in series.values()})
    units = organisations.units(viewer=actor, pks={unit for _, unit in series.values()})
    pairs = {pk: (measures[measure].code, units[unit].code) for pk, (measure, unit) in series.items()}
    by_code = {one.code: one for one in measures.values()}
    _refuse_unless_allowed(actor, {(unit, measure) for measure, unit in pairs.values()}, by_code, {u.code: u for u in units.values()})
    return pairs


_TAKE_BACK = """
WITH standing AS (
    SELECT v.*, p.id AS point_id FROM measures_pointversion v
    JOIN measures_point p ON p.series_id = v.series_id AND p.period_on = v.period_on
        AND (p.numerator, p.denominator, p.value) IS NOT DISTINCT FROM (v.new_numerator, v.new_denominator, v.new_value)
    WHERE v.batch = %(batch)s FOR UPDATE OF p
), removed AS (
    DELETE FROM measures_point p USING standing s WHERE p.id = s.point_id AND s.old_numerator IS NULL AND s.old_value IS NULL RETURNING 1
), restored AS (
    UPDATE measures_point p SET numerator = s.old_numerator, denominator = s.old_denominator, value = s.old_value FROM standing s
    WHERE p.id = s.point_id AND (s.old_numerator IS NOT NULL OR s.old_value IS NOT NULL) RETURNING 1
), kept AS (
    INSERT INTO measures_pointversion (id, series_id, period_on, old_numerator, old_denominator, old_value, new_numerator,
        new_denominator, new_value, removed, batch, account_id, at, why)
    SELECT gen_random_uuid(), series_id, period_on, new_numerator, new_denominator, new_value, old_numerator, old_denominator, old_value,
        old_numerator IS NULL AND old_value IS NULL, %(undone)s, %(account)s, %(at)s, 'undone' FROM standing RETURNING series_id, period_on
)
SELECT v.series_id, v.period_on, s.point_id IS NOT NULL FROM measures_pointversion v
LEFT JOIN standing s ON s.id = v.id WHERE v.batch = %(batch)s ORDER BY v.series_id, v.period_on
"""


def _take_back(batch: uuid.UUID, undone: uuid.UUID, *, actor: Viewer, at: datetime) -> tuple[int, list[tuple[int, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, {"batch": batch, "undone": undone, "account": actor.account_id, "at": at})
        rows = cursor.fetchall()
    return sum(back for *_, back in rows), [(series, on) for series, on, back in rows if not back]
