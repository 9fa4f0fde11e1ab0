"""Settings, all from the environment; the defaults are the demonstration on one machine."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from espalier.access import providers  # -- part 4: sign-on

SRC = Path(__file__).resolve().parents[1]
PROJECT_DIR = Path(os.environ.get("ESPALIER_PROJECT", SRC.parents[1]))
CONTENT_DIR = Path(os.environ.get("ESPALIER_CONTENT", PROJECT_DIR / "content"))

ROOMS = (
    "site",
    "demo",
    "insight",
    "partnerships",
    "talent",
    "projects",
    "listening",
    "learning",
    "workforce",
    "measures",
    "framework",
    "vault",
    "organisations",
    "imports",
    "exports",
    "audit",
    "access",
    "jobs",
    "ui",
)

EMBEDDED = os.environ.get("ESPALIER_EMBEDDED") == "1"  # set only by the command line that started the server
DEMO = os.environ.get("ESPALIER_DEMO", "1" if EMBEDDED else "0") == "1"
# The last month of the made-up teams' figures; without it, the month before last of the day they are loaded.
DEMO_LAST_MONTH = date.fromisoformat(os.environ["ESPALIER_DEMO_LAST_MONTH"]) if "ESPALIER_DEMO_LAST_MONTH" in os.environ else None
DEBUG = False
SECRET_KEY = os.environ.get("ESPALIER_SECRET_KEY") or ("demonstration-on-one-machine-only" if EMBEDDED else "")
ALLOWED_HOSTS = os.environ.get("ESPALIER_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ESPALIER_ORIGINS", "").split(",") if origin]


def database(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL address into Django's settings."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options: dict[str, Any] = {key: value for key, value in parts.items() if key not in named}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: parts.get(name, "") for name, django in named.items()},
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "OPTIONS": options,
        "TEST": {"NAME": parts.get("dbname", "")},
    }


# The owner migrates; everything else is the app role, which row-level security always holds for.
_ROLE = os.environ.get("ESPALIER_DB_ROLE", "app")
_URL = os.environ.get("ESPALIER_OWNER_URL" if _ROLE == "owner" else "DATABASE_URL", "postgresql:///espalier")
DATABASES: dict[str, Any] = {"default": database(_URL)}
if os.environ.get("ESPALIER_POOL") == "1":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 16, "timeout": 4}  # seconds: then people are told
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # after the database was away nobody is handed a dead connection

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    *(f"espalier.{room}" for room in ROOMS),
    "espalier.config",
]

MIDDLEWARE = [
    "espalier.config.middleware.Health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "espalier.config.middleware.Problems",
    "espalier.config.middleware.Readable",
    "espalier.imports.limits.Size",
    # What was refused or looked at is written outside the transaction of the page.
    "espalier.audit.middleware.Watching",
    # Everything below runs inside one transaction that knows who is looking.
    "espalier.access.middleware.Door",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "espalier.access.middleware.Looking",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "espalier.access.once.Once",
    "espalier.config.middleware.SentDrafts",
    "espalier.ui.errors.FriendlyErrors",
    "axes.middleware.AxesMiddleware",
]
API_PER_MINUTE = int(os.environ.get("ESPALIER_API_PER_MINUTE", "600"))  # calls of one token, or of one address without
ROOT_URLCONF = "espalier.config.urls"
WSGI_APPLICATION = "espalier.config.wsgi.application"
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
LOGIN_URL = "/sign-in/"
# Rooms whose jobs a worker must know; procrastinate looks for no other files.
PROCRASTINATE_IMPORT_PATHS = [
    "espalier.config.sealing",
    "espalier.insight.actions.packing",
    "espalier.measures.actions",
    "espalier.organisations.actions",
    "espalier.projects.actions",
    "espalier.site.actions",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [SRC / room / "templates" for room in ROOMS if (SRC / room / "templates").is_dir()],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "espalier.ui.environment.environment",
            "context_processors": ["espalier.access.once.fields"],
            # Compiled templates survive a restart: the first page then needs no second of compiling.
            "bytecode_dir": PROJECT_DIR / "var" / "templates",
        },
    },
]

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_TLS = os.environ.get("ESPALIER_TLS", "0" if EMBEDDED else "1") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "espalier.ui.errors.csrf_failure"
# -- part 4: sign-on
SESSION_COOKIE_AGE = 12 * 60 * 60  # access/sessions.py ends most sessions earlier
SESSION_COOKIE_NAME = "__Host-session" if SECURE_TLS else "sessionid"  # a browser takes __Host- only over TLS, for this host alone
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_TLS else "csrftoken"
PROXIES = int(os.environ.get("ESPALIER_PROXIES", "0"))  # of ours, in front: whose word about a caller's address is believed
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "access_cache"}}
PROVIDERS = providers.from_environment(os.environ)
SOCIALACCOUNT_PROVIDERS = providers.for_allauth(PROVIDERS)
SOCIALACCOUNT_ADAPTER = "espalier.access.adapters.Providers"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the adapter keeps none but proven addresses
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
ACCOUNT_ADAPTER = "espalier.access.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username"]  # no password: nobody has one
ACCOUNT_EMAIL_VERIFICATION = "none"  # no address is kept that was not proven first
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_RATE_LIMITS = {"invitation_words": "10/m/ip"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "espalier.access.adapters.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_TLS  # passkeys on one machine's http://localhost
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # whoever goes on trying does not keep the owner out
AXES_SENSITIVE_PARAMETERS = ["pin", "pin_again", "code", "credential", "password"]  # never written down with an attempt
AXES_CLIENT_IP_CALLABLE = "espalier.access.pins.address_of"
AXES_LOCKOUT_CALLABLE = "espalier.access.pins.locked_out"
AXES_VERBOSE = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'", *providers.origins(PROVIDERS)],  # -- part 4: sign-on
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
    },
}

# Letters. Without a mail server they are written to files: on one machine's demonstration nobody is written to.
ADDRESS = os.environ.get("ESPALIER_ADDRESS", "http://localhost:8000").rstrip("/")  # what links in letters begin with
CONTACT = os.environ.get("ESPALIER_CONTACT", "")  # an address for questions about data, of whoever runs this installation
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("ESPALIER_MAIL_FROM", "espalier@localhost")
EMAIL_HOST = os.environ.get("ESPALIER_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("ESPALIER_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("ESPALIER_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ESPALIER_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("ESPALIER_MAIL_TLS", "0") == "1"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = Path(os.environ.get("ESPALIER_MAIL_FOLDER", PROJECT_DIR / "var" / "mail"))

# The log of what was done: its head is signed with the key, and once a day written to the folder and sent to the address.
AUDIT_KEY = os.environ.get("ESPALIER_AUDIT_KEY", "")
AUDIT_FOLDER = os.environ.get("ESPALIER_AUDIT_FOLDER", "")
AUDIT_MAIL = os.environ.get("ESPALIER_AUDIT_MAIL", "")

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("ESPALIER_STATIC", PROJECT_DIR / "var" / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"expected": {"()": "espalier.config.logs.Expected"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"filters": ["expected"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
