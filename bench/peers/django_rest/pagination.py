"""Lists that are cut off, without a count and without an envelope."""

from typing import Any

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response


class Limit(LimitOffsetPagination):
    default_limit = 50

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        return list(queryset[: self.get_limit(request)])

    def get_paginated_response(self, data: Any) -> Response:
        return Response(data)
