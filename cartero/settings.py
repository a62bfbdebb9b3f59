"""The one settings file. What an operator chooses is an environment variable; what a company chooses is a row."""

from pathlib import Path
from secrets import token_urlsafe

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from cartero.platform import database, datafolder, env

PACKAGE = Path(__file__).resolve().parent
HOME = datafolder.home()

DEBUG = False
SECRET_KEY = env.text("CARTERO_SECRET_KEY") or datafolder.secret("secret-key", lambda: token_urlsafe(48))
# Newest first: it seals; the others only open what was sealed before.
ENCRYPTION_KEYS = (
    (env.text("CARTERO_ENCRYPTION_KEYS") or datafolder.secret("encryption-keys")).replace(",", " ").split()
)

PORT = env.number("CARTERO_PORT", default=8000)
PUBLIC_URL = env.text("CARTERO_PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
UNDER_TLS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = env.words(
    "CARTERO_HOSTS",
    default=(
        PUBLIC_URL.split("//")[1].split("/")[0].split(":")[0],
        "127.0.0.1",
        "localhost",
    ),
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "template_partials",
    "cartero.platform",
    "cartero.accounts",
    "cartero.companies",
    "cartero.parties",
    "cartero.invoices",
    "cartero.importing",
    "cartero.transport",
    "cartero.mailings",
    "cartero.tracking",
    "cartero.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cartero.pages.middleware.CompanyMiddleware",
]

ROOT_URLCONF = "cartero.urls"
WSGI_APPLICATION = "cartero.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "pages" / "templates"],  # ours before those of the login
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "csp.context_processors.nonce",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# The embedded server's address is put into DATABASE_URL by the command line before Django starts.
DATABASE_URL = database.url() or "postgresql:///cartero"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DATABASES["default"].setdefault("OPTIONS", {})  # a URL's ?host= is in here: add to it, never replace it
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": env.number("CARTERO_DATABASE_CONNECTIONS", default=16),
    "timeout": 10,
}
DATABASES["default"]["OPTIONS"]["application_name"] = "cartero"
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # the pool hands out none that died with its server
DATABASES["default"]["OPTIONS"]["connect_timeout"] = 10
# Behind a pooler a cursor of the server's would be looked for in a session that does not have it.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = database.is_pooled()
if not database.is_pooled():
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 5  # Django's None forbids what sql.run_prepared asks for
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "platform_cache",
        # Who was wrong how often is in here: Django's 300 would let anybody push that out with tries of his own.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cartero.pages.session.SignedIn"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cartero.accounts.passwords.LongestPassword"},
    {"NAME": "cartero.accounts.passwords.OwnWords"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "cartero.pages.session.ClosedSignup"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 3600
# How many proxies stand before the pages: so many addresses, from the last one, of X-Forwarded-For are believed, and
# who tries passwords is counted by her own address, not by the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("CARTERO_TRUSTED_PROXIES", default=0)
MFA_ADAPTER = "cartero.pages.session.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Cartero"

SESSION_ENGINE = "cartero.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cartero.pages.errors.stale_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = UNDER_TLS
SESSION_COOKIE_NAME = "__Host-sesion" if UNDER_TLS else f"sesion-{PORT}"  # two on one machine share its cookies
CSRF_COOKIE_NAME = "__Host-csrf" if UNDER_TLS else f"csrf-{PORT}"
SECURE_HSTS_SECONDS = 31_536_000 if UNDER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if UNDER_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# One language for pages and mails alike: what a browser happens to ask for does not change what a clerk reads.
LANGUAGE_CODE = env.text("CARTERO_LANGUAGE", default="es-co")
LANGUAGES = [("es-co", _("Español (Colombia)")), ("en", _("Inglés"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "America/Bogota"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FILES = env.files("CARTERO_FILES", default=str(HOME / "files"))
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_TEMP_DIR = None

# Mail to our own users: invitations, passwords, summaries. Never through a company's account.
EMAIL_HOST = env.text("CARTERO_MAIL_HOST")
EMAIL_PORT = env.number("CARTERO_MAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("CARTERO_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("CARTERO_MAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("CARTERO_MAIL_STARTTLS")
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.text("CARTERO_MAIL_FROM", default="cartero@localhost")

PROCRASTINATE_IMPORT_PATHS = ["cartero.jobs"]
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": 2,
    "stalled_worker_timeout": 15,
}

# This Cartero as Google and Microsoft know it, for accounts whose leave to send is given there (OAuth 2). Addresses
# of the operator's own, such as those of one tenant, take the place of the usual ones.
OAUTH_CLIENTS = {
    way: {
        what: env.text(f"CARTERO_{way.upper()}_{what.upper()}")
        for what in ("client_id", "client_secret", "authorize_url", "token_url", "device_url")
    }
    for way in ("google", "microsoft")
}

# The operator's own way to a provider's API, such as a gateway, in the place of the usual one.
PROVIDER_URLS = {
    way: env.text(f"CARTERO_{way.upper()}_URL") for way in ("ses", "postmark", "brevo", "mailgun", "sendgrid")
}

# A demonstration: every mail goes to this machine's mailbox at that port; none leaves. 0: no demonstration.
MAILBOX_PORT = env.number("CARTERO_MAILBOX", default=0)

# Where those who receive our mails reach us, for the links in them: only where the operator has named it. The mails
# of a demonstration do not leave this machine, so there it is the one at hand.
LINKS_URL = env.text("CARTERO_PUBLIC_URL").rstrip("/") or (PUBLIC_URL if MAILBOX_PORT else "")

# Whether a domain takes mail is asked of the network when a person saves an address.
ASK_MAIL_DOMAINS = env.flag("CARTERO_ASK_MAIL_DOMAINS", default=not MAILBOX_PORT)

# Whoever shows it reads /metrics from anywhere; without one only this machine and private networks do.
METRICS_TOKEN = env.text("CARTERO_METRICS_TOKEN")

SMTP_TIMEOUT_SCALE = env.seconds("CARTERO_SMTP_TIMEOUT_SCALE", default=1.0)
LEASE_SECONDS = env.seconds("CARTERO_LEASE_SECONDS", default=45)

# Pages of ours show PDF in frames (W019); whether all names of a domain have https is the operator's word (W005, W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W021"]
if not UNDER_TLS:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W011", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "cartero.platform.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # At DEBUG they write whole requests, which are mails with their addresses.
    "loggers": {name: {"level": "INFO"} for name in ("botocore", "boto3", "urllib3")},
    "root": {
        "handlers": ["stderr"],
        "level": env.text("CARTERO_LOG_LEVEL", default="WARNING"),
    },
}
