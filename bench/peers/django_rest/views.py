"""Generic views, each on the rows that the caller may reach."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from rest_framework import generics
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from bench.peers.django_rest import serializers
from bench.peers.django_rest.models import (
    Board,
    BoardUser,
    Column,
    Label,
    Task,
    TaskAssignee,
    TaskLabel,
)


def allowed(request: Request, board: str = "") -> Q:
    """Boards, or what is on them, that the caller may read or, as a member, write to."""
    own = BoardUser.objects.filter(board=OuterRef(f"{board}id"), user=request.user)
    if request.method in SAFE_METHODS:
        may = Q(**{f"{board}is_public": True}) | Exists(own)
    else:
        may = Q(Exists(own))
    return may & Q(**{f"{board}deleted_at": None})


def tasks_of(request: Request) -> QuerySet[Task]:
    return Task.objects.filter(
        allowed(request, "column__board__"), deleted_at=None, column__deleted_at=None
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
        return tasks_of(self.request)


class ColumnTasksView(generics.ListAPIView):
    serializer_class = serializers.TaskSerializer

    def get_queryset(self) -> QuerySet[Task]:
        columns = Column.objects.filter(allowed(self.request, "board__"), deleted_at=None)
        column = generics.get_object_or_404(columns, pk=self.kwargs["pk"])
        return Task.objects.filter(column=column, deleted_at=None).order_by("position")


class BoardsView(generics.ListAPIView):
    serializer_class = serializers.BoardSerializer

    def get_queryset(self) -> QuerySet[Board]:
        return boards_of(self.request).order_by("id")


class FullBoardView(generics.RetrieveAPIView):
    serializer_class = serializers.FullBoardSerializer

    def get_queryset(self) -> QuerySet[Board]:
        tasks = (
            Task.objects.filter(deleted_at=None)
            .order_by("position")
            .annotate(
                subtask_count=Count("subtasks", distinct=True),
                subtasks_completed=Count(
                    "subtasks", filter=Q(subtasks__is_completed=True), distinct=True
                ),
                comment_count=Count("comments", distinct=True),
            )
            .prefetch_related(
                Prefetch(
                    "assignments",
                    TaskAssignee.objects.select_related("membership").order_by("id"),
                ),
                Prefetch("labellings", TaskLabel.objects.order_by("label_id")),
            )
        )
        columns = Column.objects.filter(deleted_at=None).order_by("position")
        return boards_of(self.request).prefetch_related(
            Prefetch("members", BoardUser.objects.select_related("user").order_by("id")),
            Prefetch("labels", Label.objects.order_by("id")),
            Prefetch("columns", columns.prefetch_related(Prefetch("tasks", tasks))),
        )


class SubtasksView(generics.CreateAPIView):
    serializer_class = serializers.SubtaskSerializer

    def perform_create(self, serializer: Any) -> None:
        task_id = serializer.validated_data["task_id"]
        serializer.save(task=generics.get_object_or_404(tasks_of(self.request), pk=task_id))
