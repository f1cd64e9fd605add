"""What is received and sent."""

from typing import Any

from rest_framework import serializers

from bench.peers.django_rest.models import (
    Board,
    BoardUser,
    Column,
    Comment,
    Label,
    Subtask,
    Task,
    User,
)

RECORD = ("id", "created_at", "updated_at", "version")


class TaskSerializer(serializers.ModelSerializer):
    column_id = serializers.UUIDField(read_only=True)
    board_id = serializers.UUIDField(read_only=True)
    label_ids = serializers.ListField(child=serializers.UUIDField(), read_only=True)
    assignee_ids = serializers.ListField(child=serializers.UUIDField(), read_only=True)
    subtask_count = serializers.IntegerField(read_only=True)
    completed_subtask_count = serializers.IntegerField(read_only=True)
    comment_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Task
        fields = (
            *RECORD, "column_id", "title", "description", "position", "due_date", "priority",
            "status", "color", "board_id", "label_ids", "assignee_ids", "subtask_count",
            "completed_subtask_count", "comment_count",
        )  # fmt: skip
        read_only_fields = ("position",)

    def update(self, instance: Task, validated_data: dict[str, Any]) -> Task:
        instance.version += 1
        return super().update(instance, validated_data)


class NewTaskSerializer(TaskSerializer):
    column_id = serializers.UUIDField()


class MoveSerializer(serializers.Serializer):
    position = serializers.IntegerField(min_value=0)


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "username", "avatar_url")


class CommentSerializer(serializers.ModelSerializer):
    task_id = serializers.UUIDField()
    user_id = serializers.UUIDField(read_only=True)
    author = AuthorSerializer(source="user", read_only=True)

    class Meta:
        model = Comment
        fields = (*RECORD, "task_id", "user_id", "content", "author")


class MembershipSerializer(serializers.ModelSerializer):
    user_id = serializers.UUIDField()
    board_id = serializers.UUIDField()

    class Meta:
        model = BoardUser
        fields = ("user_id", "board_id", "role")


class SubtaskSerializer(serializers.ModelSerializer):
    # Whether it is there, and who may write to it, is found out by the view in one query.
    task_id = serializers.UUIDField()

    class Meta:
        model = Subtask
        fields = (*RECORD, "task_id", "title", "is_completed")


class BoardSerializer(serializers.ModelSerializer):
    my_role = serializers.CharField()
    operations = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Board
        fields = (
            *RECORD, "title", "description", "is_public", "viewers_can_comment", "color",
            "my_role", "operations",
        )  # fmt: skip


class MemberSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="user_id")
    username = serializers.CharField(source="user.username")
    avatar_url = serializers.CharField(source="user.avatar_url")

    class Meta:
        model = BoardUser
        fields = ("id", "username", "avatar_url", "role")


class LabelSerializer(serializers.ModelSerializer):
    board_id = serializers.UUIDField()

    class Meta:
        model = Label
        fields = (*RECORD, "board_id", "name", "color")


class FullColumnSerializer(serializers.ModelSerializer):
    board_id = serializers.UUIDField()
    tasks = TaskSerializer(many=True)

    class Meta:
        model = Column
        fields = (*RECORD, "board_id", "title", "position", "color", "tasks")


class FullBoardSerializer(BoardSerializer):
    members = MemberSerializer(many=True)
    labels = LabelSerializer(many=True)
    columns = FullColumnSerializer(many=True)

    class Meta(BoardSerializer.Meta):
        fields = (*BoardSerializer.Meta.fields, "members", "labels", "columns")
