"""The members of boards, and their roles."""

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Query, Request, Response
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from api.access.gate import Access
from api.access.rights import CREATOR, MEMBER_REMOVAL, MODERATOR, READER
from api.access.scope import Scope
from api.auth.rate_limits import count_email
from api.db.connection import lock_row
from api.http.route import CurrentAccess
from api.problems import (
    AlreadyExists,
    CreatorRequired,
    NotAModerator,
    NotFound,
    invalid,
)
from api.resources.fast_path import ID
from api.resources.filters import ListQuery, Selector
from api.resources.hooks import Hooks
from api.resources.operations import Call, RawResponse, compiled
from api.resources.pagination import PageOf
from api.resources.reads import ANY, ROW, Plan, Read
from api.resources.representation import check_representation, serialize_all
from api.resources.resource import Resource
from api.settings import settings
from crud_config import RESOURCES
from models import schemas
from models.enums import Role
from models.schemas import omitted
from models.tables import BoardUser, Mute, TaskAssignee, User, unique_key

boards = RESOURCES.at("boards")
users = RESOURCES.at("users")


def member_of(membership: BoardUser) -> Any:
    """Return a membership as responses show it; its user must have been read with it."""
    user = membership.user
    return schemas.Member(
        id=user.id, username=user.username, avatar_url=user.avatar_url, role=membership.role
    )


class Memberships(Hooks):
    """Members: each shows some of the user's account."""

    computed_join = "JOIN users AS member ON member.id = rows.user_id"

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        return {name: f"member.{name}" for name in ("id", "username", "avatar_url")}


memberships = Resource(
    BoardUser, "users", schemas.Schemas(schemas.Member), board="board", hooks=Memberships(),
    list=READER, read=READER, create=MODERATOR, update=CREATOR, delete=MEMBER_REMOVAL,
)  # fmt: skip
roles = replace(
    memberships, path="roles", schemas=schemas.Schemas(schemas.Membership), hooks=Hooks()
)
check_representation(memberships)
check_representation(roles)
read_members = Read(memberships, is_under=True)


class MembershipRead(Read):
    """One membership, by its board and its user."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource, is_list=False)
        self.is_tagged = True  # it has no version

    async def answer(self, asked: Call, selection: ListQuery = ANY) -> RawResponse | None:
        named = dict(parse_qsl(asked.query.decode("latin-1")))
        board, user = named.get("board_id", ""), named.get("user_id", "")
        if asked.query.count(b"=") != 2 or not (ID.fullmatch(board) and ID.fullmatch(user)):
            return None
        return await super().answer(asked._replace(row_id=board, query=b""), of_user(UUID(user)))

    def _rows(self, plan: Plan, caller: User, values: list[Any]) -> QuerySet[Any]:
        [user_id] = values
        return self.resource.visible_to(caller).filter(board_id=ROW, user_id=user_id)


def of_user(user_id: UUID) -> ListQuery:
    """Select the membership of a user."""
    return ListQuery(values=(user_id,))


ARCHIVED = Selector(boards).parameters["archived"]
read_role, read_member = MembershipRead(roles), MembershipRead(memberships)


async def find_membership(board_id: UUID, user_id: UUID) -> BoardUser:
    """Return a user's membership of a board, with the user. Raises NotFound."""
    found = await BoardUser.get_or_none(board_id=board_id, user_id=user_id).select_related("user")
    if found is None:
        raise NotFound("This user is not a member of the board.")
    return found


async def list_user_boards(
    user_id: UUID,
    page: PageOf,
    access: CurrentAccess,
    role: Annotated[list[Role], Query(default_factory=omitted, max_length=len(Role))],
    archived: ARCHIVED,  # type: ignore[valid-type]
) -> Any:
    """Return the boards that a user is a member of, with their role, as far as you can see these
    boards.
    """
    await access.read(users, user_id)
    seen = Subquery(access.visible(boards).filter(boards.archived(bool(archived))).values("id"))
    theirs = BoardUser.filter(user_id=user_id, board_id__in=seen).select_related("board")
    if role:
        theirs = theirs.filter(role__in=role)
    rows = await page.fetch(theirs, "board_id")
    records = await serialize_all(boards, [row.board for row in rows], access)
    return [record | {"role": row.role} for row, record in zip(rows, records, strict=True)]


@compiled("read", roles, read_role)
async def get_role(
    user_id: Annotated[UUID, Query(description="The user.")],
    board_id: Annotated[UUID, Query(description="The board.")],
    request: Request,
    access: CurrentAccess,
) -> Any:
    """Return the role of a user on a board. 404 if you can't see the board, or the user isn't a
    member."""
    return await read_role.respond(request, access, row_id=board_id, selection=of_user(user_id))


@compiled("children", memberships, read_members)
async def list_board_users(
    board_id: UUID, request: Request, page: PageOf, access: CurrentAccess
) -> Any:
    """Return the members of a board with their roles, in the order in which they joined. The list
    contains also users whom `GET /api/users` doesn't show you."""
    return await read_members.respond(request, access, row_id=board_id, page=page)


@compiled("read", memberships, None)
async def get_board_user(
    board_id: UUID, user_id: UUID, request: Request, access: CurrentAccess
) -> Any:
    """Return one member of a board with their role."""
    return await read_member.respond(request, access, row_id=board_id, selection=of_user(user_id))


async def add_board_user(
    board_id: UUID, body: schemas.MemberCreate, response: Response, access: CurrentAccess
) -> Any:
    """Add a user to a board.

    422 if the user doesn't exist. If they are already a member, nothing changes: 200 with the same
    role, 409 with another. Naming an `email` is limited like signing in (429).
    With USER_DIRECTORY=shared, naming a `username` is limited, too, and the `user_id` of a user who
    shares no board with you is a 422.
    """
    field, value = body.named_user
    if field == "email" or (field == "username" and settings().user_directory == "shared"):
        await count_email(access.user)
    async with access.change((boards, board_id)):
        if field == "user_id":
            user = await access.visible(users).get_or_none(id=value)
        else:
            user = await User.get_or_none(Q(**{f"{field}_key": unique_key(value)}))
        if user is None or not await lock_row(user):
            raise invalid("This user does not exist.", "no_such_user", field=field)
        row, is_new = await BoardUser.get_or_create(
            {"role": body.role}, board_id=board_id, user_id=user.id
        )
        if row.role is not body.role:
            raise AlreadyExists("This user is already a member, with another role.", field)
    row.user = user
    if is_new:
        response.headers["Location"] = f"/api/boards/{board_id}/users/{user.id}"
    else:
        response.status_code = 200
    return member_of(row)


async def update_board_user(
    board_id: UUID, user_id: UUID, body: schemas.MemberUpdate, access: CurrentAccess
) -> Any:
    """Change the role of a member.

    The role CREATOR hands the board over: the previous CREATOR becomes a MODERATOR at the same
    moment. The new CREATOR must be a MODERATOR before (409). Handing over is the only way for the
    CREATOR to change their own role (409). A VIEWER loses all assignments.
    """
    async with access.change((boards, board_id)):
        row = await find_membership(board_id, user_id)
        if row.role is Role.CREATOR and body.role is not Role.CREATOR:
            raise CreatorRequired(field="role")
        if body.role is Role.CREATOR:
            if row.role not in MODERATOR.roles:
                raise NotAModerator(field="role")
            old = BoardUser.filter(board_id=board_id, role=Role.CREATOR).exclude(user_id=user_id)
            await old.update(role=Role.MODERATOR)
        if body.role is Role.VIEWER:
            await TaskAssignee.filter(membership_id=row.id).delete()
        row.role = body.role
        await row.save(update_fields=["role"])
    return member_of(row)


async def remove_board_user(board_id: UUID, user_id: UUID, access: CurrentAccess) -> None:
    """Remove a member from a board. To leave a board, send `me` as `user_id`.

    The CREATOR can't leave or be removed; they must hand the board over first (409).
    """
    async with access.change((boards, board_id)):
        target = await BoardUser.get_or_none(board_id=board_id, user_id=user_id)
        await access.require_removal(board_id, user_id, target.role if target else None)
        if target is None:
            raise NotFound("This user is not a member of the board.")
        if target.role is Role.CREATOR:
            raise CreatorRequired()
        await target.delete()
        await Mute.filter(board_id=board_id, user_id=user_id).delete()
