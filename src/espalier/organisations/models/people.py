"""People, the posts they hold and the roles they are given.

Whose a row is stands on the row: the owner is the organisation in which a post or role lies, kept by the database. Row-level
security shows a person's rows to the person, and to the people of the organisations in which they hold something.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from espalier.organisations.models.tree import Unit


class Person(models.Model):
    """A human being. An account is how they sign in; a person may have none.

    owner_ids names the organisations in which the person holds a post or a role, now or before. The database keeps it;
    who adds a person says for which organisation, so that the row is seen before the first post is stored.
    """

    account = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    work_email = models.EmailField(blank=True, default="", db_default="")
    is_partner = models.BooleanField(default=False, db_default=False)  # takes part from lived experience, without an employer
    owner_ids = ArrayField(models.IntegerField(), default=list, db_default=[])
    version = models.IntegerField(default=1, db_default=1)
    made_up = models.BooleanField(default=False)

    class Meta:
        indexes = [
            GinIndex(name="organisations_person_owners", fields=["owner_ids"]),
            GinIndex(name="organisations_person_name_trgm", fields=["name"], opclasses=["gin_trgm_ops"]),
            GinIndex(name="organisations_person_search", fields=["owner_ids", "name"], opclasses=["array_ops", "gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A post that a person holds at a unit for a while. Whoever holds one belongs to the unit's team."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner_id = models.IntegerField(null=True, editable=False)  # set by the database from the unit
    number = models.CharField(max_length=40, blank=True, default="", db_default="")  # the employer's own number of this post held
    role_title = models.CharField(max_length=120)
    profession = models.CharField(max_length=60, blank=True)
    staff_group = models.CharField(max_length=60, blank=True)
    band = models.CharField(max_length=40, blank=True)
    fraction = models.DecimalField(max_digits=4, decimal_places=3, null=True)  # of full time
    manager = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    version = models.IntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisations_assignment_half_open", condition=Q(until__isnull=True) | Q(until__gt=F("since"))),
            models.UniqueConstraint(
                name="organisations_assignment_number_once", fields=["owner_id", "number", "since"], condition=~Q(number=""),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="organisations_assignment_owner", fields=["owner_id", "person"])]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.unit_id}"


class Grant(models.Model):
    """A person holds a role at a unit for a while; the role's code is explained in content/roles.yaml."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    owner_id = models.IntegerField(null=True, editable=False)  # set by the database from the unit
    since = models.DateField()
    until = models.DateField(null=True)
    given_by_id = models.BigIntegerField(null=True)  # an account's number; NULL: the demonstration or an import

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisations_grant_half_open", condition=Q(until__isnull=True) | Q(until__gt=F("since"))),
            models.UniqueConstraint(name="organisations_grant_once", fields=["person", "role", "unit", "since"]),
            # Emergency access is asked for and agreed to, an hour at a time; nobody is given it.
            models.CheckConstraint(name="organisations_grant_is_no_emergency", condition=~Q(role="emergency-reader")),
        ]
        indexes = [models.Index(name="organisations_grant_owner", fields=["owner_id", "person"])]

    def __str__(self) -> str:
        return f"{self.person_id} is {self.role} at {self.unit_id}"
