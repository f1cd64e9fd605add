"""Signing up, in and out, passwords, and who may not sign in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from uuid_utils.compat import uuid7

from api.access.board_lock import board_turn
from api.access.rights import ADMIN
from api.auth.api_tokens import MAX_TOKENS_PER_USER, hash_of, live_tokens, new_secret
from api.auth.passwords import check_password, confirm_password, hash_password, verify_password
from api.auth.rate_limits import Limit
from api.auth.sessions import clear_cookie, live_sessions, open_session, session_claims
from api.db.connection import unit_of_work
from api.db.origin import act_as
from api.endpoints.invitations import NO_INVITATION, find_invitation, join
from api.http.preconditions import etag
from api.http.route import CurrentAccess
from api.problems import (
    Forbidden,
    LimitReached,
    NotFound,
    RegistrationClosed,
    WrongCredentials,
    WrongPassword,
    invalid,
)
from api.resources.hooks import disable, enable
from api.resources.pagination import PageOf
from api.resources.representation import serialize
from api.settings import settings
from crud_config import RESOURCES
from models import schemas
from models.enums import TokenScope
from models.tables import ApiToken, Session, User, is_email, unique_key

users = RESOURCES.at("users")

COOKIE_HEADER = {
    "Set-Cookie": {
        "description": "The session cookie.",
        "required": True,
        "schema": {"type": "string"},
    }
}


async def register_user(body: schemas.Registration, request: Request, response: Response) -> Any:
    """Create an account and sign in to it: the response sets the session cookie. The browser's
    previous session ends.

    The account gets a picture drawn from its username. A username or an e-mail address that is
    already taken answers 409, and `errors` names the field. `invitation` is the token of an
    invitation link: the account joins that board at once; 422 if the invitation is no longer valid.
    403 if the server restricts registration to people with an invitation, or has closed it
    (REGISTRATION).
    """
    values = schemas.values_of(body)
    token = values.pop("invitation", None)
    mode = settings().registration
    if mode == "closed" or (mode == "invitation" and token is None):
        raise RegistrationClosed()
    try:
        invitation = None if token is None else await find_invitation(token)
        values = await users.hooks.before_transaction(values)
        turns = {invitation.board_id} if invitation else set()
        values["id"] = uuid7()
        act_as(values["id"])
        async with board_turn(turns), unit_of_work():
            user = await users.hooks.add(users, values, None)
            if invitation:
                await join(invitation, user)
            await open_session(user, response, request)
    except NotFound:
        if mode == "invitation":
            raise RegistrationClosed() from None
        raise invalid(NO_INVITATION, "no_such_invitation", field="invitation") from None
    response.headers["Location"] = f"/api/users/{user.id}"
    return schemas.user.response.model_validate(user)


async def login_user(body: schemas.Credentials, request: Request, response: Response) -> Any:
    """Sign in with a username or an e-mail address: the response sets the session cookie. The
    browser's previous session ends.

    An unknown name and a wrong password get the same answer (401), in the same time. Attempts on
    one account are limited (429), under its username and its e-mail address together. A disabled
    account answers 403, but only after the right password.
    """
    name = body.username.strip()
    key = unique_key(name)
    named = User.filter(**{"email_key" if is_email(name) else "username_key": key})
    user = await named.first()
    await Limit("login").check_account(request, user, key)
    while True:
        hashed = user.hashed_password if user else None
        right, renewed = await verify_password(body.password, hashed)
        if user is None or not right:
            raise WrongCredentials()
        act_as(user.id)
        async with unit_of_work():
            # A password changed while this one was checked must not let the old one in.
            present = await User.filter(id=user.id).select_for_update(no_key=True).first()
            if present and present.hashed_password == hashed:
                if renewed:
                    await User.filter(id=user.id).update(hashed_password=renewed)
                await open_session(present, response, request)
                return schemas.user.response.model_validate(present)
        # Perhaps another sign-in only renewed the hash.
        user = present


async def logout_user(request: Request, response: Response) -> None:
    """End the session, also on the server, and clear its cookie. Without a session, do nothing."""
    if named := session_claims(request):
        act_as(named.user_id)
        async with unit_of_work():
            await Session.filter(id=named.session_id).delete()
    clear_cookie(response)


async def get_me(access: CurrentAccess) -> Any:
    """Return the account that the session or the API token belongs to.

    With a token, `is_admin` says whether the token acts as an admin.
    """
    # The user was read with the session or the token, and says whether the latter acts as an admin.
    return access.user


async def list_sessions(request: Request, page: PageOf, access: CurrentAccess) -> Any:
    """Return the sessions in which you are signed in, the oldest first. `last_used_at` is accurate
    to ten minutes."""
    named = session_claims(request)
    current = named and named.session_id
    return [
        schemas.Session(
            id=row.id,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            user_agent=row.user_agent,
            current=row.id == current,
        )
        for row in await page.fetch(live_sessions(access.user))
    ]


async def end_sessions(response: Response, access: CurrentAccess) -> None:
    """End all your sessions, including this one."""
    async with unit_of_work():
        await Session.filter(user_id=access.user.id).delete()
    clear_cookie(response)


async def end_session(session_id: UUID, access: CurrentAccess) -> None:
    """End one of your sessions, for example on a device that you lost."""
    async with unit_of_work():
        if not await Session.filter(id=session_id, user_id=access.user.id).delete():
            raise NotFound()


async def list_tokens(page: PageOf, access: CurrentAccess) -> Any:
    """Return your API tokens that haven't expired, the oldest first. `last_used_at` is accurate to
    ten minutes, and null if the token was never used."""
    return await page.fetch(live_tokens(access.user))


async def create_token(
    body: schemas.ApiTokenCreate, response: Response, access: CurrentAccess
) -> Any:
    """Create an API token, with which a script acts for you. The response contains the token, only
    this once. The script sends it as `Authorization: Bearer …`.

    The scopes limit what the token may do. Only admins may give a token the scope `admin`. Without
    it, an admin's token acts as an ordinary user. A user has at most 50 tokens (409).
    """
    secret = new_secret()
    async with unit_of_work():
        # One at a time for each user, so that they are counted rightly, and none after a new
        # password or a demotion.
        await User.filter(id=access.user.id).select_for_update(no_key=True).only("id")
        await access.check_credentials()
        if TokenScope.ADMIN in body.scopes and not access.user.is_admin:
            raise Forbidden()
        await ApiToken.filter(user_id=access.user.id, expires_at__lte=datetime.now(UTC)).delete()
        if await ApiToken.filter(user_id=access.user.id).count() >= MAX_TOKENS_PER_USER:
            raise LimitReached(
                f"You have {MAX_TOKENS_PER_USER} API tokens, which is the limit. Revoke one first."
            )
        row = await ApiToken.create(
            user=access.user,
            name=body.name,
            token_hash=hash_of(secret),
            scopes=body.scopes,
            expires_at=datetime.now(UTC) + timedelta(seconds=body.expires_in),
        )
    response.headers["Location"] = f"/api/auth/tokens/{row.id}"
    record = schemas.ApiToken.model_validate(row)
    return schemas.NewApiToken(**record.model_dump(), token=secret)


async def get_token(token_id: UUID, access: CurrentAccess) -> Any:
    """Return one of your API tokens, without its secret."""
    found = await live_tokens(access.user).get_or_none(id=token_id)
    if found is None:
        raise NotFound()
    return found


async def revoke_token(token_id: UUID, access: CurrentAccess) -> None:
    """Delete one of your API tokens. From then on, requests with it answer 401."""
    async with unit_of_work():
        if not await ApiToken.filter(id=token_id, user_id=access.user.id).delete():
            raise NotFound()


async def _end_all_of(user_id: UUID) -> None:
    """End all that a user, or a script of theirs, signs in with, as a new password does."""
    await Session.filter(user_id=user_id).delete()
    await ApiToken.filter(user_id=user_id).delete()


async def change_password(
    body: schemas.PasswordChange, request: Request, response: Response, access: CurrentAccess
) -> None:
    """Change your own password. All your other sessions and all your API tokens end. This session
    gets a new cookie.

    A wrong current password answers 403.
    """
    user = access.user
    check_password(body.new_password, user.username, field="new_password")
    await confirm_password(user, body.current_password)
    is_same, _ = await verify_password(body.new_password, user.hashed_password)
    if is_same:
        raise invalid("This is already your password.", "password_unchanged", field="new_password")
    hashed = await hash_password(body.new_password)
    async with unit_of_work():
        present = User.filter(id=user.id, hashed_password=user.hashed_password)
        if not await present.update(hashed_password=hashed):
            raise WrongPassword()
        await access.check_credentials()
        await _end_all_of(user.id)
        await open_session(user, response, request)


async def reset_password(user_id: UUID, body: schemas.PasswordReset, access: CurrentAccess) -> None:
    """Give another user a new password, for example if they forgot theirs. All their sessions and
    API tokens end.

    For your own account the answer is 403: `PUT /api/auth/password` changes your password, and
    requires the current one.
    """
    user = await access.read(users, user_id)
    access.require(ADMIN)
    if user.id == access.user.id:  # or a stolen session would be enough to take an admin over
        raise Forbidden("Change your own password with `PUT /api/auth/password`.")
    check_password(body.new_password, user.username, field="new_password")
    hashed = await hash_password(body.new_password)
    async with access.change((users, user_id)) as [user]:
        await User.filter(id=user_id).update(hashed_password=hashed)
        await _end_all_of(user_id)


async def disable_user(user_id: UUID, response: Response, access: CurrentAccess) -> Any:
    """Prevent a user from signing in. All their sessions and API tokens end at once, and
    invitations that they created stop working. Everything else stays.

    `version` doesn't change. Disabling a user who is already disabled changes nothing. The last
    admin who isn't disabled can't be disabled (409).
    """
    async with access.change((users, user_id)) as [user]:
        await disable(user)
        await _end_all_of(user_id)
        record = await serialize(users, user, access)
    response.headers["ETag"] = etag(user)
    return record


async def enable_user(user_id: UUID, response: Response, access: CurrentAccess) -> Any:
    """Let a disabled user sign in again. `version` doesn't change. Enabling a user who isn't
    disabled changes nothing."""
    async with access.change((users, user_id)) as [user]:
        await enable(user)
        record = await serialize(users, user, access)
    response.headers["ETag"] = etag(user)
    return record
