"""Units and how they belong together over time, and what a unit agrees to share upward."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

PART_OF, SUCCEEDED_BY = "part_of", "succeeded_by"


class DateRange(Func):
    """daterange(since, until): half-open, NULL is open."""

    function = "daterange"
    output_field = DateRangeField()


class Kind(models.Model):
    """A kind of unit, as data: social care or anything else is added in content/units/kinds.yaml, never in code."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    plural = models.CharField(max_length=80)
    rank = models.SmallIntegerField()  # 0 nation … larger is further down the tree
    is_organisation = models.BooleanField(default=False)  # decides about its own data and that of its teams

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """Anything in the tree: nation, region, system, organisation, division, team."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120, blank=True)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=1, default="E")
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    made_up = models.BooleanField(default=False)
    version = models.IntegerField(default=1, db_default=1)  # one more with each change of it, or of what lies directly in it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisations_unit_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]
        indexes = [GinIndex(name="organisations_unit_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Relation(models.Model):
    """A dated "is part of" or "is succeeded by": the truth from which the tree of any day is read."""

    child = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(PART_OF, "is part of"), (SUCCEEDED_BY, "is succeeded by")])
    since = models.DateField(null=True)  # NULL: for as long as we know
    until = models.DateField(null=True)  # NULL: still
    inferred = models.BooleanField(default=False)  # carried back to a time no file speaks of
    verified = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisations_relation_one_parent_at_a_time",
                expressions=[("child", RangeOperators.EQUAL), (DateRange("since", "until"), RangeOperators.OVERLAPS)],
                condition=Q(kind=PART_OF),
            ),
            models.UniqueConstraint(
                name="organisations_relation_once",
                fields=["child", "parent", "kind", "since"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="organisations_relation_not_itself", condition=~Q(child=F("parent"))),
            models.CheckConstraint(
                name="organisations_relation_half_open",
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.kind} {self.parent_id}"


class Below(models.Model):
    """Who was below whom, from when until when: a projection of Relation, rebuilt whole, never edited.

    A unit is below itself at depth 0, so "this unit and everything in it" is one condition.
    """

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    depth = models.SmallIntegerField()
    since = models.DateField()  # 0001-01-01 where not known, 9999-12-31 where open: the driver cannot read infinity
    until = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["ancestor", "depth"], include=["unit", "since", "until"], name="organisations_below_down"),
            models.Index(fields=["unit", "depth"], include=["ancestor", "since", "until"], name="organisations_below_up"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} below {self.ancestor_id}"


class Part(models.Model):
    """In which part of each place above it an organisation lies, and where a closed one last lay: a projection of Below.

    A page of a whole country asks this of thousands at once; worked out each time it was a quarter of the page.
    """

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField()  # until it lay somewhere else, or lies anywhere again

    class Meta:
        indexes = [models.Index(fields=["ancestor"], include=["unit", "part", "since", "until"], name="organisations_part_down")]

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.part_id} of {self.ancestor_id}"


class Sharing(models.Model):
    """A unit lets a higher unit see one kind of its data, until withdrawn. Nothing is shared without a row here.

    what="sums": its figures of one measure (or with "" of all it shares) count in the higher unit's sum; by_name also
    lets the higher unit see them as they are. what="measures": everything the unit owns, as it is; no page gives that.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    shared_with = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=40)
    measure_code = models.CharField(max_length=60, blank=True, default="", db_default="")
    by_name = models.BooleanField(default=False, db_default=False)
    since = models.DateField()
    until = models.DateField(null=True)
    given_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisations_sharing_half_open", condition=Q(until__isnull=True) | Q(until__gt=F("since"))),
            models.CheckConstraint(name="organisations_sharing_not_itself", condition=~Q(unit=F("shared_with"))),
            models.UniqueConstraint(name="organisations_sharing_once", fields=["unit", "shared_with", "what", "measure_code", "since"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} shares {self.what} with {self.shared_with_id}"
