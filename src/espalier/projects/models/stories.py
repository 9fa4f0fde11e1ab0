"""Stories of projects: as they grow, as they were made public, who agreed, and where a change went on to live."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from espalier.projects.models.projects import Project

STATES = ("asked", "public", "refused", "withdrawn", "replaced")
ANSWERS = ("yes", "no")
WORKED = ("yes", "partly", "no", "early")


class Story(models.Model):
    """What a team writes of its project. All else that its page shows is read from the project each time."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")
    why = models.TextField(blank=True, default="")
    learned = models.TextField(blank=True, default="")
    gained = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"story of {self.project_id}"


class Voice(models.Model):
    """A few words of a patient, carer or colleague. said_by is a part people have (rules.stories.SAID_BY): there is no field for a name."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=300)
    said_by = models.CharField(max_length=20)
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"voice {self.pk}"


class Edition(models.Model):
    """A story as it stood when a leader asked to make it public: content never changes again, only who may read it.

    project_id says whose it is, story whose address it has. Everybody reads the one that is public; all others are the team's.
    """

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    project_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    content = models.JSONField()
    state = models.CharField(max_length=10, default="asked")
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    public_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(name="projects_edition_project", fields=["project_id", "asked_at"]),
            models.Index(name="projects_edition_public", fields=["public_at"], condition=Q(state="public")),
        ]
        constraints = [
            models.CheckConstraint(name="projects_edition_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="projects_edition_dated", condition=~Q(state="public") | Q(public_at__isnull=False)),
            models.UniqueConstraint(name="projects_one_public", fields=["story"], condition=Q(state="public")),
            models.UniqueConstraint(name="projects_one_asked", fields=["story"], condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.state} edition of story {self.story_id}"


class EditionAnswer(models.Model):
    """What a patient or carer partner said to one edition, and when. They may think again at any time: their newest answer counts.

    Only ever added to: who said yes first and took it back later has said both.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    project_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    says = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="projects_editionanswer_who", fields=["account_id"])]
        constraints = [
            models.CheckConstraint(name="projects_editionanswer_says", condition=Q(says__in=ANSWERS)),
        ]

    def __str__(self) -> str:
        return f"{self.says} to edition {self.edition_id}"


class Origin(models.Model):
    """Where an adopted change came from, kept in the project that adopted it: what it was, what was altered, and how it did here.

    story_id is the number of the story, not tied to it: a story may go, and what we learned from it stays ours. The team of
    the story sees none of this: the database writes them a row of their own (Descendant), with what is meant for them.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")
    story_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    change = models.CharField(max_length=300, blank=True, default="")  # "" for the whole story
    altered = models.CharField(max_length=500, blank=True, default="")
    worked = models.CharField(max_length=6, default="early")
    why = models.CharField(max_length=300, blank=True, default="")
    named = models.BooleanField(default=False)  # whether the story's team may see which place this is
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="projects_origin_worked", condition=Q(worked__in=WORKED))]

    def __str__(self) -> str:
        return f"origin of {self.project_id}"


class Descendant(models.Model):
    """What a story's readers see of a team that adopted it. Written by the database alone, from that team's Origin.

    place is "" unless the adopting team said that it may be named. Nothing here leads to their project.
    """

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="+")
    origin_id = models.BigIntegerField(unique=True)
    place = models.CharField(max_length=200, blank=True, default="")
    change = models.CharField(max_length=300, blank=True, default="")
    worked = models.CharField(max_length=6, default="early")
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="projects_descendant_worked", condition=Q(worked__in=WORKED)),
            models.CheckConstraint(name="projects_descendant_order", condition=Q(said_at__isnull=True) | Q(said_at__gte=F("at"))),
        ]

    def __str__(self) -> str:
        return f"descendant of story {self.story_id}"
