"""Links by which people join a board."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from api.access.board_lock import board_turn
from api.access.rights import MODERATOR
from api.auth.api_tokens import hash_of
from api.db.connection import lock_row, unit_of_work
from api.http.route import CurrentAccess
from api.problems import AlreadyExists, LimitReached, NotFound
from api.resources.pagination import PageOf
from api.resources.representation import serialize
from crud_config import RESOURCES
from models import schemas
from models.tables import Board, BoardUser, Invitation, User

MAX_INVITATIONS_PER_BOARD = 100  # of one board
NO_INVITATION = "This invitation does not exist, or is no longer valid."

boards = RESOURCES.at("boards")

TokenInPath = Annotated[str, Path(max_length=200, description="The token from the link.")]


def _open(board_id: UUID) -> QuerySet[Invitation]:
    """Return the invitations to a board that are neither over nor used up."""
    return Invitation.filter(
        Q(max_uses__isnull=True) | Q(uses__lt=F("max_uses")),
        board_id=board_id,
        expires_at__gt=datetime.now(UTC),
    )


def _active(board_id: UUID) -> QuerySet[Invitation]:
    """Select those of them by which one can join: who made one may still add members to the board,
    and isn't disabled."""
    moderators = BoardUser.filter(board_id=board_id, role__in=MODERATOR.roles).values("user_id")
    return _open(board_id).filter(
        Q(by_admin=True, inviter__is_admin=True) | Q(inviter_id__in=Subquery(moderators)),
        board__deleted_at__isnull=True,
        inviter__disabled_at__isnull=True,
    )


async def _present(board_id: UUID, rows: list[Invitation]) -> list[Any]:
    shown = _active(board_id).filter(id__in=[row.id for row in rows])
    active = set(await shown.values_list("id", flat=True))
    for row in rows:
        row.is_active = row.id in active
    return [schemas.Invitation.model_validate(row) for row in rows]


async def find_invitation(token: str) -> Invitation:
    """Find the invitation with that token, with its board and who made it. Raises NotFound."""
    return await _good(await Invitation.get_or_none(token_hash=hash_of(token)))


async def _good(named: Invitation | None) -> Invitation:
    if named:
        # In one query, since what isn't locked may be gone by the next.
        good = _active(named.board_id).get_or_none(id=named.id)
        if found := await good.select_related("board", "inviter"):
            return found
    raise NotFound(NO_INVITATION)


async def join(found: Invitation, user: User) -> BoardUser:
    """Make the user, whose account is locked, a member of the board that they were invited to.

    It happens inside a unit of work, in turn on that board. Raises NotFound if the invitation is no
    longer good, AlreadyExists for a member.
    """
    # Accounts before boards, as where accounts are deleted.
    await lock_row(found.inviter, "SHARE")
    await Board.filter(id=found.board_id).select_for_update(no_key=True).only("id")
    found = await _good(found)
    if await BoardUser.exists(board_id=found.board_id, user_id=user.id):
        raise AlreadyExists("You are already a member of this board.")
    row = await BoardUser.create(board=found.board, user=user, role=found.role)
    await Invitation.filter(id=found.id).update(uses=F("uses") + 1)
    return row


async def create_invitation(
    board_id: UUID, body: schemas.InvitationCreate, response: Response, access: CurrentAccess
) -> Any:
    """Create an invitation to a board. Your frontend makes a link of its `token`.

    Anyone with the link may join, even someone who was removed before, until the invitation
    expires, is used up or is revoked. It works only while you may add members to the board
    yourself. A board has at most 100 invitations (409).
    """
    token = secrets.token_urlsafe(32)
    async with access.change((boards, board_id)):
        kept = await _open(board_id).values_list("id", flat=True)
        await Invitation.filter(board_id=board_id).exclude(id__in=kept).delete()
        if len(kept) >= MAX_INVITATIONS_PER_BOARD:
            raise LimitReached(
                f"The board has {MAX_INVITATIONS_PER_BOARD} invitations, which is the limit. "
                "Revoke one first."
            )
        row = await Invitation.create(
            board_id=board_id,
            inviter=access.user,
            by_admin=access.user.is_admin,
            role=body.role,
            max_uses=body.max_uses,
            token_hash=hash_of(token),
            expires_at=datetime.now(UTC) + timedelta(seconds=body.expires_in),
        )
    response.headers["Location"] = f"/api/boards/{board_id}/invitations/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    [record] = await _present(board_id, [row])
    return schemas.NewInvitation(**record.model_dump(), token=token)


async def list_invitations(board_id: UUID, page: PageOf, access: CurrentAccess) -> Any:
    """Return the invitations to a board that are neither expired nor used up, the oldest first,
    without their tokens."""
    await access.read(boards, board_id)
    return await _present(board_id, await page.fetch(_open(board_id)))


async def get_invitation(board_id: UUID, invitation_id: UUID, access: CurrentAccess) -> Any:
    """Return an invitation to a board, without its token."""
    await access.read(boards, board_id)
    found = await _open(board_id).get_or_none(id=invitation_id)
    if found is None:
        raise NotFound()
    [record] = await _present(board_id, [found])
    return record


async def revoke_invitation(board_id: UUID, invitation_id: UUID, access: CurrentAccess) -> None:
    """Delete an invitation: nobody can join with it any more. Members who joined with it stay."""
    async with access.change((boards, board_id)):
        if not await Invitation.filter(id=invitation_id, board_id=board_id).delete():
            raise NotFound()


async def read_invitation(token: TokenInPath) -> Any:
    """Return what an invitation link leads to: the board's title, and the role. Only the token from
    the link is needed, no session.

    404 if the invitation was revoked, has expired or is used up.
    """
    found = await find_invitation(token)
    return schemas.OpenInvitation(
        board_id=found.board_id,
        board_title=found.board.title,
        role=found.role,
        expires_at=found.expires_at,
    )


async def accept_invitation(token: TokenInPath, response: Response, access: CurrentAccess) -> Any:
    """Join a board with the token from an invitation link, in the role that the invitation gives.

    409 if you are already a member, in any role; the invitation isn't used then.
    """
    found = await find_invitation(token)
    async with board_turn({found.board_id}), unit_of_work():
        await access.confirm()
        row = await join(found, access.user)
        access.changed_boards.add(row.board_id)
        await access.check_credentials()  # `join` has waited for the board
    response.headers["Location"] = f"/api/boards/{row.board_id}/users/{access.user.id}"
    board = await serialize(boards, row.board, access)
    return board | {"role": row.role}
