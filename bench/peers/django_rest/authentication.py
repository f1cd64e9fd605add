"""The caller, by the cookie and the session that its token names."""

from typing import Any

import jwt
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from bench.peers.django_rest.models import Session, User
from bench.peers.shared import COOKIE, IDLE, claims_of


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
