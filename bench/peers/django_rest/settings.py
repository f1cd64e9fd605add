"""Django's settings, without what nobody asks here: pages, its own users, sessions."""

import os

from bench.peers.shared import DATABASE

DEBUG = False
SECRET_KEY = os.environ["JWT_SECRET"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "bench.peers.django_rest.urls"
INSTALLED_APPS = ["rest_framework", "bench.peers.django_rest"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
USE_TZ = True
TIME_ZONE = "UTC"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE["database"],
        "USER": DATABASE["user"],
        "PASSWORD": DATABASE["password"],
        "HOST": DATABASE["host"],
        "PORT": DATABASE["port"],
        "CONN_MAX_AGE": None,
    }
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "bench.peers.django_rest.authentication.BearerToken",
        "bench.peers.django_rest.authentication.SessionCookie",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "bench.peers.django_rest.pagination.Limit",
    "UNAUTHENTICATED_USER": None,
}
