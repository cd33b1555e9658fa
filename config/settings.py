"""Settings by environment. `.env.example` names every variable; production has no defaults.

`XINBAO_MODE=embedded` (the default) keeps secrets and services in `XINBAO_HOME`;
`XINBAO_MODE=production` takes everything from the environment and refuses to start without it.
"""

import os
from pathlib import Path

import dj_database_url
import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from core.sieve import sieve
from core.stack import embedded

# The data frames' allocator keeps freed pages for 10 s; a worker that loads file after file grows.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:200,muzzy_decay_ms:200")

BASE_DIR = Path(__file__).resolve().parent.parent
XINBAO_MODE = env.text("XINBAO_MODE", "embedded")
XINBAO_HOME = Path(env.text("XINBAO_HOME", str(BASE_DIR / "var"))).resolve()
EMBEDDED = XINBAO_MODE == "embedded"


def _secret(name: str, home_name: str) -> str:
    return env.text(name, env.home_secret(XINBAO_HOME, home_name) if EMBEDDED else None)


def _service(name: str, address: str) -> str:
    return env.text(name, address if EMBEDDED else None)


DEBUG = env.flag("DJANGO_DEBUG", default=False)
SECRET_KEY = _secret("SECRET_KEY", "django")
FIELD_KEY_ID = env.text("FIELD_KEY_ID", "k1" if EMBEDDED else None)
FIELD_CIPHER = env.text("FIELD_CIPHER", "AES-256-GCM")
FIELD_KEYS = env.pairs("FIELD_KEYS") | {FIELD_KEY_ID: _secret("FIELD_KEY", "field")}
FIELD_KEYS_FOLDER = Path(env.text("FIELD_KEYS_FOLDER", str(XINBAO_HOME / "secrets" / "field_keys")))
FIELD_KEY_CACHE_SECONDS = 5  # how long a process may go on sealing under the key before
BLIND_INDEX_KEY = _secret("BLIND_INDEX_KEY", "blind_index")
EVIDENCE_KEY_ID = env.text("EVIDENCE_KEY_ID", "e1" if EMBEDDED else None)
EVIDENCE_SIGNING_KEY = _secret("EVIDENCE_SIGNING_KEY", "evidence_signing")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if EMBEDDED else "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

DATABASES = {
    "default": dj_database_url.parse(
        _service("DATABASE_URL", embedded.urls(home=XINBAO_HOME).database_url),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
REDIS_URL = _service("REDIS_URL", embedded.urls(home=XINBAO_HOME).redis_url)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organization.Staff"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # widgets of our own templates
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.forms",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_celery_beat",
    "django_prometheus",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    # the life of a policy, from the ground up
    "core",
    "organization",
    "parties",
    "ledger",
    "partners",
    "products",
    "underwriting",
    "postloss",
    "reporting",
    "desk",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "config.middleware.SignedInMiddleware",
    "config.middleware.VisitMiddleware",
    "config.middleware.RowSecurityMiddleware",
    "config.middleware.OriginMiddleware",
    "config.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context_processors.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Sessions and signing in; the figures are parameters `security.…`
CSRF_FAILURE_VIEW = "desk.views.csrf_failure"
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "desk:login"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
SESSION_ENGINE = "organization.adapters.sessions"
SESSION_COOKIE_AGE = 60 * 60  # of a browser at the door; within, the session's row decides
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not EMBEDDED
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
PROXY_HOPS = int(env.text("PROXY_HOPS", "0" if EMBEDDED else "1"))

PASSWORD_PROFILE = env.text("PASSWORD_PROFILE", "GB")
_validators = "organization.adapters.password_validators"
AUTH_PASSWORD_VALIDATORS = {
    "GB": [
        {
            "NAME": f"{_validators}.LengthValidator",
            "OPTIONS": {"parameter": "password_length_gb"},
        },
        {"NAME": f"{_validators}.MixtureValidator"},
        {"NAME": f"{_validators}.BlockedWordsValidator"},
    ],
    "ASVS": [
        {
            "NAME": f"{_validators}.LengthValidator",
            "OPTIONS": {"parameter": "password_length_asvs"},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": f"{_validators}.BlockedWordsValidator"},
    ],
}[PASSWORD_PROFILE]

ACCOUNT_ADAPTER = "desk.adapters.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_METHODS = ["mfa"]
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # axes counts in the database, over all processes
ACCOUNT_LOGIN_TIMEOUT = 10 * 60
MFA_ADAPTER = "desk.adapters.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "信保 Xinbao"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
MFA_FORMS = {
    "authenticate": "desk.forms.CodeForm",
    "reauthenticate": "desk.forms.ConfirmationForm",
    "activate_totp": "desk.forms.EnrolmentForm",
    "add_webauthn": "desk.forms.KeyForm",
}

AXES_HANDLER = "desk.adapters.lockout.LockoutHandler"
AXES_FAILURE_LIMIT = "desk.adapters.lockout.attempts_per_name"
AXES_COOLOFF_TIME = "desk.adapters.lockout.lockout_time"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_CLIENT_IP_CALLABLE = "core.visitor.address_of"
AXES_LOCKOUT_CALLABLE = "desk.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "code", "credential"]

# Transport and content
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=not EMBEDDED)
SECURE_HSTS_SECONDS = 0 if EMBEDDED else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not EMBEDDED
SECURE_PROXY_SSL_HEADER = None if EMBEDDED else ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LENDER_CHUNK_BYTES = int(env.text("LENDER_CHUNK_BYTES", str(8 << 20)))
LENDER_FILE_MAX_BYTES = int(env.text("LENDER_FILE_MAX_BYTES", str(2 * 1024**3)))

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

# Static files: bundles are installed from packages into static/vendor
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = None if EMBEDDED else BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILES_ROOT = Path(env.text("FILES_ROOT", str(XINBAO_HOME / "files")))
EVIDENCE_ROOT = Path(env.text("EVIDENCE_ROOT", str(XINBAO_HOME / "evidence")))
EVIDENCE_DIGEST = os.environ.get("EVIDENCE_DIGEST") or "sha256"
EVIDENCE_TSA_URL = os.environ.get("EVIDENCE_TSA_URL", "")
EVIDENCE_TSA_CERTIFICATES = os.environ.get("EVIDENCE_TSA_CERTIFICATES", "")
EVIDENCE_PLATFORM_URL = os.environ.get("EVIDENCE_PLATFORM_URL", "")
if env.maybe("FILES_BUCKET"):  # an S3-compatible store in place of FILES_ROOT
    STORAGES["files"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("FILES_BUCKET"),
            "endpoint_url": env.text("FILES_ENDPOINT"),
            "access_key": env.text("FILES_ACCESS_KEY"),
            "secret_key": env.text("FILES_SECRET_KEY"),
            "region_name": env.text("FILES_REGION", "us-east-1"),
            "addressing_style": "path",
            "file_overwrite": False,
            "default_acl": None,
            "max_memory_size": 16 << 20,
        },
    }
# A clamd that looks at what comes in: unix:///run/clamd.sock or tcp://host:3310.
CLAMD_ADDRESS = env.maybe("CLAMD_ADDRESS")
# Messages: e-mail by Django, short messages by a gateway over HTTPS; embedded, both into the home
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "core.channels.folder.MailFolder"
    if EMBEDDED
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = str(XINBAO_HOME / "mail")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.maybe("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.maybe("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "xinbao@localhost")
SMS_URL = env.maybe("SMS_URL")
SMS_TOKEN = env.maybe("SMS_TOKEN")
SMS_FOLDER = str(XINBAO_HOME / "sms")
OUTBOUND_HOSTS = env.words("OUTBOUND_HOSTS")
LENDER_INBOX = Path(env.text("LENDER_INBOX", str(XINBAO_HOME / "inbox")))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Celery: Redis wakes, PostgreSQL remembers (core.Job)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "outbox": {"task": "core.relay_outbox", "schedule": 10.0},
    "signed heads": {"task": "core.seal_chain", "schedule": crontab(hour=0, minute=10)},
    "anchors": {"task": "core.anchor_heads", "schedule": 3600.0},
    "chain check": {"task": "core.check_chain", "schedule": crontab(hour=2, minute=30)},
    "sweep jobs": {"task": "core.sweep_jobs", "schedule": 10.0},
    "scanner": {"task": "core.scan_waiting_files", "schedule": 60.0},
    "stray files": {"task": "core.sweep_files", "schedule": crontab(hour=4, minute=30)},
    "lender files": {"task": "postloss.collect_inbox", "schedule": 60.0},
    "daily ageing": {"task": "postloss.age_book", "schedule": crontab(hour=6, minute=0)},
    "warning clocks": {"task": "postloss.check_clocks", "schedule": 3600.0},
    "emergency reviews": {"task": "organization.check_emergencies", "schedule": 3600.0},
    "month-end": {"task": "postloss.close_last_month", "schedule": 3600.0},
    "product reviews": {
        "task": "products.open_due_reviews",
        "schedule": crontab(hour=6, minute=20),
    },
    "policies": {"task": "underwriting.run_day", "schedule": crontab(hour=0, minute=30)},
    "inclusive ratio": {"task": "underwriting.freeze_inclusive_ratio", "schedule": 3600.0},
    "retention": {"task": "parties.keep_records", "schedule": crontab(hour=2, minute=30)},
    "use of personal data": {"task": "parties.watch_use", "schedule": crontab(hour=5, minute=30)},
    "clear sessions": {"task": "organization.clear_sessions", "schedule": 3600.0},
    "people": {"task": "organization.apply_dated_changes", "schedule": 60.0},
    "recertification": {"task": "organization.recertify", "schedule": 3600.0},
    "quarterly report": {"task": "reporting.draft_last_quarter", "schedule": 3600.0},
    "governance clocks": {"task": "reporting.check_governance_clocks", "schedule": 600.0},
}
JOB_LEASE_SECONDS = int(env.text("JOB_LEASE_SECONDS", "20"))

# Structured logs on standard error
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
_pre_chain = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
_rendered = [  # whoever spoke: personal data and secrets leave the line before it is written
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    structlog.processors.format_exc_info,
    sieve,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": _rendered,
            "foreign_pre_chain": _pre_chain,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django_structlog": {"level": env.text("REQUEST_LOG_LEVEL", "WARNING")},
        "axes": {"level": "ERROR"},  # its lines name people; ours stand in the security log
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_pre_chain,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
