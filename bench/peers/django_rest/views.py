"""Generic views, each on the rows that the caller may reach."""

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from rest_framework import generics
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from bench.peers.django_rest import serializers
from bench.peers.django_rest.models import (
    Board,
    BoardUser,
    Column,
    Comment,
    Label,
    Subtask,
    Task,
    TaskAssignee,
    TaskLabel,
)


def allowed(request: Request, board: str = "") -> Q:
    """Return boards, or what is on them, that the caller may read or, as a member, write to."""
    own = BoardUser.objects.filter(board=OuterRef(f"{board}id"), user=request.user)
    if request.user.is_admin:
        may = Q()
    elif request.method in SAFE_METHODS:
        may = Q(**{f"{board}is_public": True}) | Exists(own)
    else:
        may = Q(Exists(own))
    return may & Q(**{f"{board}deleted_at": None})


def tasks_of(request: Request) -> QuerySet[Task]:
    return Task.objects.filter(
        allowed(request, "column__board__"), deleted_at=None, column__deleted_at=None
    )


def count_of(rows: QuerySet[Any]) -> Coalesce:
    of_task = rows.filter(task=OuterRef("id")).values("task").annotate(count=Count("id"))
    return Coalesce(Subquery(of_task.values("count")), 0)


def cards(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Return tasks with what answers show of other tables."""
    labels = TaskLabel.objects.filter(task=OuterRef("id")).order_by("label_id")
    assignees = TaskAssignee.objects.filter(task=OuterRef("id")).order_by("id")
    return tasks.annotate(
        board_id=F("column__board_id"),
        label_ids=ArraySubquery(labels.values("label_id")),
        assignee_ids=ArraySubquery(assignees.values("membership__user_id")),
        subtask_count=count_of(Subtask.objects.all()),
        completed_subtask_count=count_of(Subtask.objects.filter(is_completed=True)),
        comment_count=count_of(Comment.objects.all()),
    )


def boards_of(request: Request) -> QuerySet[Board]:
    own = BoardUser.objects.filter(user=request.user)
    return Board.objects.filter(allowed(request)).prefetch_related(
        Prefetch("members", own, to_attr="own")
    )


def health(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


class TaskView(generics.RetrieveUpdateAPIView):
    serializer_class = serializers.TaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        return cards(tasks_of(self.request))


class ColumnTasksView(generics.ListAPIView):
    serializer_class = serializers.TaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        columns = Column.objects.filter(allowed(self.request, "board__"), deleted_at=None)
        column = generics.get_object_or_404(columns, pk=self.kwargs["pk"])
        return cards(Task.objects.filter(column=column, deleted_at=None)).order_by("position")


class BoardsView(generics.ListAPIView):
    serializer_class = serializers.BoardSerializer

    def get_queryset(self) -> QuerySet[Board]:
        return boards_of(self.request).order_by("id")


class FullBoardView(generics.RetrieveAPIView):
    serializer_class = serializers.FullBoardSerializer

    def get_queryset(self) -> QuerySet[Board]:
        tasks = cards(Task.objects.filter(deleted_at=None)).order_by("position")
        columns = Column.objects.filter(deleted_at=None).order_by("position")
        return boards_of(self.request).prefetch_related(
            Prefetch("members", BoardUser.objects.select_related("user").order_by("id")),
            Prefetch("labels", Label.objects.order_by("id")),
            Prefetch("columns", columns.prefetch_related(Prefetch("tasks", tasks))),
        )


class MembersView(generics.ListAPIView):
    serializer_class = serializers.MemberSerializer

    def get_queryset(self) -> QuerySet[BoardUser]:
        board = generics.get_object_or_404(
            Board.objects.filter(allowed(self.request)), pk=self.kwargs["pk"]
        )
        return BoardUser.objects.filter(board=board).select_related("user").order_by("id")


class RoleView(generics.RetrieveAPIView):
    serializer_class = serializers.MembershipSerializer

    def get_object(self) -> BoardUser:
        given = self.request.query_params
        board = generics.get_object_or_404(
            Board.objects.filter(allowed(self.request)), pk=given["board_id"]
        )
        return generics.get_object_or_404(BoardUser, board=board, user_id=given["user_id"])


class TasksView(generics.ListCreateAPIView):
    def get_serializer_class(self) -> Any:
        new = self.request.method == "POST"
        return serializers.NewTaskSerializer if new else serializers.TaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        given = self.request.query_params
        tasks = cards(tasks_of(self.request))
        if assignee := given.get("assignee_id"):
            assigned = TaskAssignee.objects.filter(membership__user_id=assignee)
            tasks = tasks.filter(id__in=assigned.values("task_id"))
        if board := given.get("board_id"):
            tasks = tasks.filter(column__board_id=board)
        if status := given.get("status"):
            tasks = tasks.filter(status=status)
        order = [name for name in (given.get("sort"),) if name == "due_date"]
        if q := given.get("q"):
            begun = q.replace("'", "''")
            query = (
                SearchQuery(q, config="simple", search_type="websearch")
                | SearchQuery(q, config="russian", search_type="websearch")
                | SearchQuery(f"'{begun}':*", config="simple", search_type="raw")
            )
            words = RawSQL("tasks.words", [], SearchVectorField())
            tasks = tasks.alias(words=words, rank=SearchRank(words, query)).filter(words=query)
            order = ["-rank"]
        return tasks.order_by(*order, "id")

    def perform_create(self, serializer: Any) -> None:
        columns = Column.objects.filter(allowed(self.request, "board__"), deleted_at=None)
        column_id = serializer.validated_data["column_id"]
        column = generics.get_object_or_404(columns, pk=column_id)
        with transaction.atomic():
            task = serializer.save(position=lock_and_count(column.board_id, column_id))
        serializer.instance = cards(Task.objects).get(pk=task.pk)


class MoveView(generics.GenericAPIView):
    serializer_class = serializers.MoveSerializer

    def post(self, request: Request, pk: UUID) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        task = generics.get_object_or_404(cards(tasks_of(request)), pk=pk)
        with transaction.atomic():
            count = lock_and_count(task.board_id, task.column_id)
            task.refresh_from_db(fields=["position", "version"])
            place = min(given.validated_data["position"], count - 1)
            others = Task.objects.filter(column_id=task.column_id, deleted_at=None)
            if place > task.position:
                shifted = others.filter(position__gt=task.position, position__lte=place)
                shifted.update(position=F("position") - 1)
            else:
                shifted = others.filter(position__gte=place, position__lt=task.position)
                shifted.update(position=F("position") + 1)
            task.position, task.version = place, task.version + 1
            task.save(update_fields=["position", "version", "updated_at"])
        return Response(serializers.TaskSerializer(task).data)


def lock_and_count(board_id: UUID, column_id: UUID) -> int:
    """Lock the board, and return how many tasks are in the column."""
    Board.objects.select_for_update(no_key=True).only("id").get(pk=board_id)
    return Task.objects.filter(column_id=column_id, deleted_at=None).count()


class CommentsView(generics.CreateAPIView):
    serializer_class = serializers.CommentSerializer

    def perform_create(self, serializer: Any) -> None:
        task_id = serializer.validated_data["task_id"]
        task = generics.get_object_or_404(tasks_of(self.request), pk=task_id)
        serializer.save(task=task, user=self.request.user)


class SubtasksView(generics.CreateAPIView):
    serializer_class = serializers.SubtaskSerializer

    def perform_create(self, serializer: Any) -> None:
        task_id = serializer.validated_data["task_id"]
        serializer.save(task=generics.get_object_or_404(tasks_of(self.request), pk=task_id))
