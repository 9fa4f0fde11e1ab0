"""Accounts: who can sign in, and the tokens by which programs act for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; the names are the ones Django's sign-in code expects."""

    def create_user(self, username: str, password: str | None = None, **facts: Any) -> Account:
        """Make an account; without a password it can only be signed in to by other means."""
        account = self.model(username=username, **facts)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. Who the human being is, and what they may see, is `organisations.Person`."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    is_system = models.BooleanField(default=False, db_default=False)  # the house's own: commands and schedules act as it
    is_technical = models.BooleanField(default=False, db_default=False)  # of a staff system: no person, and nobody signs in to it

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_account_technical_is_shut", condition=Q(is_technical=False) | Q(is_active=False)),
        ]

    def __str__(self) -> str:
        return self.username


class Token(models.Model):
    """By this a program acts for a person, with less than the person may do and for a year at most.

    What the program holds is not stored: only its SHA-256 is. A slow hash, as for passwords, would guard nothing here:
    256 random bits cannot be guessed however fast one hashes, and a slow one would make every call slow.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)  # its first characters, so that a person finds the right one to stop
    digest = models.CharField(max_length=64, unique=True)
    may_read = models.BooleanField(default=True)
    may_enter = models.BooleanField(default=False)
    unit_id = models.BigIntegerField(null=True)  # only this unit and what lies below it; NULL: all that the person may
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="access_token_ends_after_it_began", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(name="access_token_may_something", condition=Q(may_read=True) | Q(may_enter=True)),
            models.CheckConstraint(name="access_token_digest_is_whole", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name


class SignInLetter(models.Model):
    """A link in a letter: it signs somebody in, or lets them join, once and for a quarter of an hour.

    It belongs to nobody yet, and is looked for before anybody is known: only by the hash of what stands in the letter.
    """

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    back = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.email
