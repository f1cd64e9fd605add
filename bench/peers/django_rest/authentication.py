"""The caller, by an API token, or by the cookie and the session that its token names."""

from typing import Any

import jwt
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from bench.peers.django_rest.models import ApiToken, Session, User
from bench.peers.shared import COOKIE, IDLE, claims_of, hash_of


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        authorization = request.headers.get("Authorization")
        if authorization is None:
            return None
        needed = "read" if request.method in SAFE_METHODS else "write"
        try:
            token = ApiToken.objects.select_related("user").get(
                token_hash=hash_of(authorization), expires_at__gt=timezone.now()
            )
        except ApiToken.DoesNotExist:
            raise AuthenticationFailed from None
        if needed not in token.scopes:
            raise AuthenticationFailed
        token.user.is_admin = token.user.is_admin and "admin" in token.scopes
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class SessionCookie(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        token = request.COOKIES.get(COOKIE)
        if token is None:
            return None
        now = timezone.now()
        try:
            claims = claims_of(token)
            session = Session.objects.select_related("user").get(
                id=claims["jti"],
                user_id=claims["sub"],
                expires_at__gt=now,
                last_used_at__gt=now - IDLE,
            )
        except (jwt.InvalidTokenError, Session.DoesNotExist):
            raise AuthenticationFailed from None
        return session.user, session

    def authenticate_header(self, request: Any) -> str:
        return "Cookie"
