"""The shapes of what this room gives to programs and takes from them, each with its words and an example."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Router, Schema
from pydantic import ConfigDict, StringConstraints, field_validator

from espalier.access.programs import MOST, USUAL, Code, Cursor

router = Router(tags=["measures"])

MOST_SENT = 5_000  # figures of one batch
MOST_IN_FILE = 50_000  # rows of a CSV or Parquet page
LARGEST = 1_000_000_000  # as on the page where figures are typed
NEXT = Field(description="The cursor of the next page; null on the last one.")
Stratum = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f]*$")]


class MeasureRow(Schema):
    """What is counted, in short."""

    code: str = Field(examples=["team-falls"])
    version: int = Field(description="Goes up when the definition changes.", examples=[1])
    name: str = Field(examples=["Falls per 1,000 days in bed (made up)"])
    short_name: str
    gap: str = Field(
        description="Which gap it speaks of: health-wellbeing, care-quality, funding-efficiency, staff-experience, capability."
    )
    measured_in: str = Field(description="percent, rate (per 1,000), score, days or count.")
    improvement: str = Field(description="up, down or none: which way is better.")
    frequency: str = Field(description="How long a period is.", examples=["month"])
    roll_up: str = Field(description="sum: numerators and denominators add up the tree; none: they do not.")
    target: float | None
    entered_by: str | None = Field(description="teams: figures may be sent; anything else: they come from a published file.")
    made_up: bool


class MeasureWhole(MeasureRow):
    """What is counted, and how."""

    why: str = Field(description="Why it matters.")
    definition: str = Field(description="What is counted, so that two people would count alike.")
    numerator: str
    denominator: str | None
    chart: str = Field(description="The kind of chart.", examples=["xmr"])
    rules: str = Field(description="The rules by which signals are found.", examples=["mdc"])
    file: dict[str, Any] = Field(description="The whole definition as it is kept, for what is not named above.")


class MeasurePage(Schema):
    """A page of measures, in the order of their codes."""

    measures: list[MeasureRow]
    next: str | None = NEXT


class SeriesRowShape(Schema):
    """One measure at one unit, stored there; what is added up from below it is not listed here."""

    measure: str = Field(examples=["team-falls"])
    unit: str = Field(examples=["DEMO-WARD-7"])
    unit_name: str
    stratum: str = Field(description="Which part of the people; empty is everybody.")
    open: bool = Field(description="Whether anybody may see it.")
    first: date | None = Field(description="First period with a figure.")
    last: date | None = Field(description="Newest period with a figure.")


class SeriesPage(Schema):
    """A page of series, in the order in which they were made."""

    series: list[SeriesRowShape]
    next: str | None = NEXT


class JudgedPoint(Schema):
    """One period of a series, with its lines and the rules it breaks. A period without a figure has null for it."""

    period: date
    numerator: float | None
    denominator: float | None
    value: float | None
    centre: float | None = Field(description="The average (or median) that holds there.")
    lower: float | None = Field(description="Lower end of the usual range.")
    upper: float | None = Field(description="Upper end of the usual range.")
    rules: list[str] = Field(description="Codes of the rules this figure breaks: outside, shift, trend, two-of-three, crossings.")
    left_out: bool = Field(description="Somebody decided that it counts for nothing; it is given and not judged.")


class SignalShape(Schema):
    """One rule that the newest figure breaks."""

    rule: str = Field(examples=["shift"])
    side: int = Field(description="1 high or rising, -1 low or falling.")
    points: int = Field(description="How many figures make the signal.")
    since: date


class CoverageShape(Schema):
    """How many of those expected are in a sum."""

    on: date
    reported: int
    expected: int


class BaselineShape(Schema):
    """What people decided about a series, and the lines here honour."""

    kind: str = Field(
        description="rebase: a new baseline begins; freeze: the range rests on these periods; exclude: this period is left out."
    )
    since: date = Field(description="First day of its first period.")
    until: date | None = Field(description="First day of the last period a frozen range rests on.")
    words: str = Field(description="The reason.")


class SeriesWhole(Schema):
    """A series with what its chart says: the same numbers, codes and words as on the page."""

    measure: str
    version: int
    unit: str
    unit_name: str
    stratum: str = Field(description="Which group of people; empty is everybody.")
    compare: str = Field(description="each-month; or year-before: every figure is a difference from the same month a year before.")
    rules: str
    method: str = Field(description="How the lines were made.")
    added_up: bool = Field(description="Not stored at this unit but added up from below it.")
    coverage: CoverageShape | None
    period: date | None = Field(description="The newest period with a figure.")
    value: float | None
    variation: str = Field(description="improving, concerning, high, low, steady, or unknown (too few figures).")
    assurance: str = Field(description="pass, fail, hit_or_miss, or empty without a target.")
    target: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    observed: int = Field(description="How many periods have a figure.")
    chance: float | None = Field(description="How probable it is that chance alone flags the newest figure.")
    lag1: float | None = Field(description="How much a figure leans on the one before: a correlation.")
    late: bool = Field(description="Whether others have newer figures.")
    words: list[str] = Field(description="What the chart says, in two sentences at most.")
    signals: list[SignalShape]
    baselines: list[BaselineShape] = Field(description="What was decided about it, as far as you may see it; the lines honour just these.")
    points: list[JudgedPoint]


class PointShape(Schema):
    """One figure."""

    measure: str = Field(examples=["team-falls"])
    unit: str = Field(examples=["DEMO-WARD-7"])
    stratum: str
    period: date = Field(description="First day of the period.")
    numerator: float | None
    denominator: float | None
    value: float | None = Field(description="What is drawn; null where the denominator was 0.")


class PointPage(Schema):
    """A page of figures, by series and period."""

    points: list[PointShape]
    next: str | None = NEXT


class AskingMeasures(Schema):
    """What the list is asked for."""

    q: str | None = Field(None, max_length=100, description="Words of the name.", examples=["falls"])
    gap: Code | None = Field(None, description="Only this gap.", examples=["care-quality"])
    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at most.")
    cursor: Cursor | None = Field(None, description="Where to go on: `next` of the page before.")


class AskingWhich(Schema):
    """Which series are asked for."""

    measure: Code | None = Field(None, description="Only this measure.", examples=["team-falls"])
    unit: Code | None = Field(None, description="Only at this unit.", examples=["DEMO-WARD-7"])
    below: Code | None = Field(None, description="Only at this unit and what ever lay below it.", examples=["DEMO-TRUST"])
    stratum: Stratum | None = Field(None, description="Only this part of the people; empty is everybody.")
    cursor: Cursor | None = Field(None, description="Where to go on: `next` of the page before.")


class AskingSeries(AskingWhich):
    """What the list is asked for."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many at most.")


class AskingPoints(AskingWhich):
    """What the figures are asked for."""

    since: date | None = Field(None, description="From this day on.", examples=["2018-04-01"])
    until: date | None = Field(None, description="Up to this day.", examples=["2019-03-01"])
    limit: int | None = Field(
        None, ge=1, le=MOST_IN_FILE, description=f"How many at most: {MOST} as JSON, {MOST_IN_FILE:,} as CSV or Parquet."
    )


class AskingChart(Schema):
    """How the series is to be judged: the same choices as on its page."""

    compare: Literal["each-month", "year-before"] = Field("each-month", description="Judge figures, or differences from the year before.")
    rules: Literal["mdc", "anhoej"] | None = Field(None, description="Another set of rules than the measure's own.")
    months: Literal["36", "all"] = Field("36", description="The newest three years, or all.")
    marks: Literal["shown", "public"] = Field("shown", description="With the baselines you may see, or as anybody without them sees it.")
    stratum: Stratum = Field(
        "", description="One group of people; empty is everybody. What is too small to be shown is not.", examples=["ethnicity:asian"]
    )
    until: Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")] | None = Field(
        None, description="The last month to look at: the chart as it was then.", examples=["2018-12"]
    )


class SentFigure(Schema):
    """One figure that a program sends."""

    model_config = ConfigDict(extra="forbid")
    measure: Code = Field(examples=["team-falls"])
    unit: Code = Field(examples=["DEMO-WARD-7"])
    period: Annotated[str, StringConstraints(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|Q[1-4] [0-9]{4}/[0-9]{2})$")] = Field(
        description="The first day of a period of the measure; also a month like 2019-04, a quarter like Q1 2019/20, a year like 2019.",
        examples=["2019-04"],
    )
    numerator: Annotated[float, Field(strict=True, ge=0, le=LARGEST, allow_inf_nan=False, examples=[3])]
    denominator: Annotated[float | None, Field(strict=True, ge=0, le=LARGEST, allow_inf_nan=False, examples=[702])] = None


class Batch(Schema):
    """A batch: all of it is stored, or none."""

    model_config = ConfigDict(extra="forbid")
    figures: list[SentFigure] = Field(min_length=1, max_length=MOST_SENT)
    why: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = Field(
        "", description="Why these figures are sent; kept with each.", examples=["Monthly figures of April"]
    )

    @field_validator("figures", mode="before")
    @classmethod
    def _not_too_many(cls, figures: object) -> object:
        """Refuse a batch that is too long before each of its figures is looked at."""
        if isinstance(figures, list) and len(figures) > MOST_SENT:
            raise ValueError(f"holds {len(figures):,} figures; {MOST_SENT:,} is the most")
        return figures


class Receipt(Schema):
    """What storing a batch did."""

    batch: UUID = Field(description="Its number, by which it can be undone.")
    stored_at: datetime
    new: int = Field(description="Figures that were not there before.")
    changed: int = Field(description="Figures that stood otherwise; what stood before is kept.")
    unchanged: int = Field(description="Figures that stood so already.")
    undo: str = Field(description="Where to send an empty POST to take the batch back, for 14 days.")


class Left(Schema):
    """A figure that somebody has changed since, so it was left as it is."""

    measure: str
    unit: str
    period: date


class Undone(Schema):
    """What undoing a batch did."""

    batch: UUID
    undone_at: datetime
    restored: int = Field(description="Figures put back to what stood before.")
    left: list[Left]
