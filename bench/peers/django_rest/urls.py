"""The paths."""

from django.urls import path

from bench.peers.django_rest import views

urlpatterns = [
    path("health", views.health),
    path("api/tasks/<uuid:pk>", views.TaskView.as_view()),
    path("api/columns/<uuid:pk>/tasks", views.ColumnTasksView.as_view()),
    path("api/boards", views.BoardsView.as_view()),
    path("api/boards/<uuid:pk>/full", views.FullBoardView.as_view()),
    path("api/boards/<uuid:pk>/users", views.MembersView.as_view()),
    path("api/roles", views.RoleView.as_view()),
    path("api/tasks", views.TasksView.as_view()),
    path("api/tasks/<uuid:pk>/move", views.MoveView.as_view()),
    path("api/comments", views.CommentsView.as_view()),
    path("api/subtasks", views.SubtasksView.as_view()),
]
