"""What people in a project say to each other about it, a test of change or a point of a chart."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from espalier.projects.models.projects import Project

ABOUT = ("project", "cycle", "point", "month")


class Remark(models.Model):
    """Something said. about and about_mark name what it is about: a test by its number in the database, a point by its month."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, default="project")
    about_mark = models.CharField(max_length=80, blank=True, default="")
    words = models.TextField()
    account_id = models.BigIntegerField()
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_remark_project", fields=["project", "about", "about_mark", "at"])]
        constraints = [models.CheckConstraint(name="projects_remark_about", condition=Q(about__in=ABOUT))]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class RemarkFor(models.Model):
    """Somebody a remark was meant for; heard once they opened it or answered."""

    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    account_id = models.BigIntegerField()
    heard_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="projects_remarkfor_account", fields=["account_id"], condition=Q(heard_at__isnull=True))]
        constraints = [models.UniqueConstraint(name="projects_remarkfor_once", fields=["remark", "account_id"])]

    def __str__(self) -> str:
        return f"remark {self.remark_id} for {self.account_id}"
