"""The one settings file: what differs between installations comes from the environment (see `environment.py`)."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from steward.config import environment

ENVIRONMENT = environment.read()
BASE = Path(__file__).resolve().parent.parent
DESK = environment.served_desk(ENVIRONMENT)

SECRET_KEY = environment.secret_key(ENVIRONMENT)
DEBUG = ENVIRONMENT.debug
BASE_URL = ENVIRONMENT.base_url or f"http://{ENVIRONMENT.host}:{ENVIRONMENT.port}"
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    ENVIRONMENT.host,
    urlsplit(BASE_URL).hostname or "",
    *[name.strip() for name in ENVIRONMENT.allowed_hosts.split(",") if name.strip()],
]
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "steward.ledger",
    "steward.people",
    "steward.roster",
    "steward.desk",
    "steward.sla",
    "steward.channels",
    "steward.insight",
    "steward.web",
]

MIDDLEWARE = [
    # Self-hosted desks often run without a front server that would compress.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "steward.web.account.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "steward.web.shared.errors.DomainErrorMiddleware",
]

ROOT_URLCONF = "steward.config.urls"
WSGI_APPLICATION = "steward.config.wsgi.application"
ASGI_APPLICATION = "steward.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(str(folder) for folder in (BASE / "web").glob("*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "steward.web.shared.environment.environment",
            "context_processors": ["steward.web.shared.context.shell"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "web" / "shared" / "templates_django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"steward_shell": "steward.web.shared.templatetags.steward_shell"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_parameters = environment.connection_parameters(ENVIRONMENT, desk=DESK)
DATABASES = {
    "default": {
        "ENGINE": "steward.core.postgres.backend",
        "NAME": _parameters.pop("dbname"),
        "USER": _parameters.pop("user", ""),
        "PASSWORD": _parameters.pop("password", ""),
        "HOST": _parameters.pop("host", ""),
        "PORT": _parameters.pop("port", ""),
        # One lasting connection a thread, checked once a request: a restarted server costs nobody an error.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_parameters,
            "application_name": "steward",
            "server_side_binding": True,
            "prepare_threshold": 5,
            "options": "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=10000 -c statement_timeout=120000",
        },
    },
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["steward.web.account.backend.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "steward.web.account.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An address anybody may type in must be proven; an invited one was proven by the link.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if ENVIRONMENT.signup == "open" else "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Steward"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SIGNUP = ENVIRONMENT.signup

SESSION_ENGINE = "steward.web.account.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "steward.web.shared.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("en", _("English")), ("zh-hans", _("Chinese (simplified)"))]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
DESK_LANGUAGE = ENVIRONMENT.language
DESK_TIME_ZONE = ENVIRONMENT.time_zone

STATIC_URL = "/static/"
STATIC_FOLDER = BASE / "web" / "static"
FILES_FOLDER = ENVIRONMENT.data / "files" / DESK
MAX_BODY_BYTES = ENVIRONMENT.max_body_mb * 1_000_000
MAX_FILE_BYTES = ENVIRONMENT.max_file_mb * 1_000_000
KEEP_PICTURE_DATA = ENVIRONMENT.keep_picture_data
# Long pastes are a form field like any other; the body cap of the server is the limit that counts.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

SUBMISSION_PORT = 587
EMAIL_FROM = DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
if ENVIRONMENT.email_url:
    _mail = urlsplit(ENVIRONMENT.email_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.port == SUBMISSION_PORT, _mail.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

WEBHOOK_ALLOWED = frozenset(place.strip().lower() for place in ENVIRONMENT.webhook_allowed.split(",") if place.strip())

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_READONLY_MODELS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)-7s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"steward": {"level": "INFO"}},
}
